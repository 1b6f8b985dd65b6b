/* SPDX-License-Identifier: MIT */
/* Where the MQTT broker is, as the configuration says it: mqtts://host or mqtts://host:port;
   mqtt:// only to this very device, because it is not encrypted. */
#ifndef GATEPOST_BROKER_H
#define GATEPOST_BROKER_H

#include "text.h"

#include <stdbool.h>
#include <stdint.h>

#define BROKER_HOST_MAX    254 /* bytes, terminator included */
#define BROKER_PORT_SECURE 8883
#define BROKER_PORT_PLAIN  1883

struct broker {
    bool secured;
    char host[BROKER_HOST_MAX]; /* a name, or an IP address without brackets */
    uint16_t port;
};

/* Reads such an address; false for anything else, mqtt:// to another device too. */
bool broker_read(struct slice text, struct broker *into_broker) MUST_USE;

/* True for 127.0.0.0/8, ::1 and localhost. */
bool broker_is_local(const char *host);

#endif
