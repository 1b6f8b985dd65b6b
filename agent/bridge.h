/* SPDX-License-Identifier: MIT */
/* From the MQTT library's socket to a wire. The library is told that an HTTP proxy is on 127.0.0.1;
   that is us, for the moment of a connect. Of all local processes that call there, one caller is
   accepted: the first that sends CONNECT (RFC 9110 section 9.3.6) with the secret of this connect.
   Callers of other processes are hung up on at once.
   From then on bytes are copied between it and the wire, both ways. */
#ifndef GATEPOST_BRIDGE_H
#define GATEPOST_BRIDGE_H

#include "loop.h"
#include "wire.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BRIDGE_TARGET                                                                              \
    "broker.invalid:8883"       /* what the caller must ask for; no such host exists               \
                                 */
#define BRIDGE_SECRET_SIZE 33   /* 128 random bits in hexadecimal, terminator included */
#define BRIDGE_CALL_MS     8000 /* patience for our own caller */
#define BRIDGE_CALLERS_MAX 8    /* at once, while ours has not come: then the oldest must go */
#define BRIDGE_REQUEST_MAX 256  /* bytes of a CONNECT */
#define BRIDGE_BUFFER_MAX  4096 /* bytes on their way, in each direction */

enum bridge_end {
    BRIDGE_NOBODY, /* our caller did not come in time */
    BRIDGE_CALLER, /* the caller closed; all that it sent is with the wire */
    BRIDGE_PEER,   /* the wire ended, see its trouble; all that it brought is with the caller */
};

/* Bytes in one direction. */
struct bridge_pipe {
    char bytes[BRIDGE_BUFFER_MAX];
    size_t len;
    size_t offered; /* to TLS, which wants the same bytes again after it had to wait; 0: none */
    uint64_t moved; /* bytes that have passed, since the opening */
    bool ended;     /* no more will come in */
    enum io source; /* what to wait for at its source, and at its sink; IO_DONE: nothing */
    enum io sink;
};

struct bridge_caller {
    struct bridge *bridge;
    struct watcher watcher; /* descriptor -1: a free slot */
    char request[BRIDGE_REQUEST_MAX];
    size_t len;
    int64_t since_ms;
};

struct bridge {
    struct loop *loop;
    struct wire *wire;
    char secret[BRIDGE_SECRET_SIZE];
    struct watcher listener;
    struct bridge_caller callers[BRIDGE_CALLERS_MAX];
    struct watcher local, remote; /* our caller and the wire, once it has come */
    struct bridge_pipe up, down;  /* to the wire, from the wire */
    void (*ended)(void *owner, enum bridge_end end);
    void *owner;
};

/* Opens the port and watches. The wire, secured already and watched by nobody, stays the owner's.
   `ended` is called once, on the loop, unless the bridge is closed first; it may close it. False
   when this device has no descriptor or watcher left. */
bool bridge_open(struct bridge *bridge, struct loop *loop, struct wire *wire,
                 void (*ended)(void *owner, enum bridge_end end), void *owner,
                 uint16_t *into_port) MUST_USE;

/* True once our caller has come. */
bool bridge_is_open(const struct bridge *bridge);

/* Closes everything but the wire, and wipes. A caller that was not answered is told so: it waits
   for an answer. */
void bridge_close(struct bridge *bridge);

#endif
