/* SPDX-License-Identifier: MIT */
/* A host and a port as a person writes them: mail.example.com:993, 192.0.2.1:443,
   [2001:db8::1]:443. */
#ifndef GATEPOST_TARGET_H
#define GATEPOST_TARGET_H

#include "names.h"

#include <stdbool.h>
#include <stdint.h>

struct target {
    char host[NAMES_HOST_MAX + 1]; /* a name, or an IP address without brackets */
    uint16_t port;
};

/* Reads host:port; where no port is written it is the usual one, and usual 0 wants one written. An
   IPv6 address stands in brackets, for the sake of the port's colon (RFC 3986 section 3.2.2). */
bool target_read(struct slice text, uint16_t usual, struct target *into_target) MUST_USE;

#endif
