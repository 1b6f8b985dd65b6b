/* SPDX-License-Identifier: MIT */
/* A reply that comes piece by piece: whatever the bytes are and wherever they are cut, it is found
 * at the same place. */
#ifndef GATEPOST_FUZZ_DIALECT_H
#define GATEPOST_FUZZ_DIALECT_H

#include "../../agent/dialect.h"

#include "target.h"

#define FUZZ_ROOM 32768

/* Looks at the first len bytes, in memory that ends with them. */
static inline enum frame look_at_front(enum dialect dialect, const char *tag, const char *bytes,
                                       size_t len, bool ended, struct reply *into_reply)
{
    char *copy = malloc(len > 0 ? len : 1);
    HOLDS(copy != NULL);
    memcpy(copy, bytes, len);
    struct reply reply = { 0 };
    enum frame frame =
        dialect_reply(dialect, (struct slice){ copy, len }, tag, ended, FUZZ_ROOM, &reply);
    if (frame == FRAME_WHOLE) {
        HOLDS(reply.length <= len);
        HOLDS(within(reply.whole, copy, len));
        HOLDS(within(reply.code, copy, len));
        HOLDS(within(reply.said, copy, len));
        HOLDS(within(reply.body, copy, len));
    }
    free(copy);
    *into_reply = reply;
    return frame;
}

/* The first byte says how large the pieces are. */
static inline int feed(enum dialect dialect, const char *tag, const uint8_t *data, size_t size)
{
    if (size < 2 || size > FUZZ_ROOM)
        return 0;
    size_t piece = (size_t)data[0] + 1, len = 0;
    const char *bytes = (const char *)data + 1;
    enum frame frame = FRAME_PARTIAL;
    struct reply reply, again;
    for (size--; len < size && frame == FRAME_PARTIAL;) {
        len = len + piece < size ? len + piece : size;
        frame = look_at_front(dialect, tag, bytes, len, false, &reply);
    }
    if (frame == FRAME_WHOLE) {
        HOLDS(look_at_front(dialect, tag, bytes, reply.length, false, &again) == FRAME_WHOLE);
        HOLDS(again.length == reply.length && again.code.len == reply.code.len);
    }
    (void)look_at_front(dialect, tag, bytes, size, true, &reply);
    return 0;
}

#endif
