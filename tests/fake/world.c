/* SPDX-License-Identifier: MIT */
/* The world as a whole: beginning, end, complaints, and what must never be seen in it. */
#include "fake.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct fake fake;

void fake_clear(void)
{
    memset(&fake, 0, sizeof fake);
    fake.clock_trusted = true;
    fake.family[FAMILY_V4] = true;
    fake.now_ms = FAKE_START_MS;
}

void fake_begin(void)
{
    for (size_t i = 0; i < fake.peer_count; i++) {
        struct fake_peer *peer = &fake.peers[i];
        memset((char *)peer + offsetof(struct fake_peer, at), 0,
               sizeof *peer - offsetof(struct fake_peer, at));
    }
    memset((char *)&fake + offsetof(struct fake, now_ms), 0,
           offsetof(struct fake, files) - offsetof(struct fake, now_ms));
    fake.log_len = 0;
    fake.now_ms = FAKE_START_MS;
}

void fake_complain(const char *format, ...)
{
    if (fake.complaint_count == FAKE_COMPLAINTS_MAX)
        return;
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(fake.complaints[fake.complaint_count++], FAKE_COMPLAINT_MAX, format, arguments);
    va_end(arguments);
}

/* What the peer did not get to say is no matter; what it did not get to hear is. */
static const struct fake_line *unheard(const struct fake_peer *peer)
{
    for (size_t i = peer->at; i < peer->count; i++)
        if (peer->lines[i].kind == LINE_HEARS || peer->lines[i].kind == LINE_HEARS_LIKE ||
            peer->lines[i].kind == LINE_TLS)
            return &peer->lines[i];
    return NULL;
}

static void look_at(const struct fake_peer *peer)
{
    const struct fake_line *line = unheard(peer);
    if (!peer->dialled)
        fake_complain("nobody dials %s:%u", peer->host, (unsigned)peer->port);
    else if (peer->open && !peer->closed)
        fake_complain("nobody hangs up on %s:%u", peer->host, (unsigned)peer->port);
    else if (peer->dial == DIALS_WELL && line != NULL)
        fake_complain("the talk with %s:%u ends before line %d", peer->host, (unsigned)peer->port,
                      line->number);
}

void fake_look_for_leftovers(void)
{
    for (size_t i = 0; i < fake.peer_count; i++)
        look_at(&fake.peers[i]);
}

static bool contains(struct slice bytes, struct slice needle)
{
    for (size_t i = 0; needle.len > 0 && i + needle.len <= bytes.len; i++)
        if (memcmp(bytes.at + i, needle.at, needle.len) == 0)
            return true;
    return false;
}

bool fake_betrays(struct slice bytes)
{
    if (fake.secret_core == NULL)
        return false;
    struct slice core = slice_of(fake.secret_core);
    bool found = contains(bytes, core);
    /* Base64 of the same bytes differs with their place modulo 3; what their neighbours change is
     * cut off. */
    for (size_t shift = 0; shift < 3 && !found; shift++) {
        char shifted[64], encoded[96];
        struct text text, base64;
        text_begin(&text, shifted, sizeof shifted);
        text_add(&text, (struct slice){ "xx", shift });
        text_add(&text, core);
        text_begin(&base64, encoded, sizeof encoded);
        text_add_base64(&base64, text_slice(&text));
        struct slice middle = slice_from(text_slice(&base64), 4);
        middle.len = middle.len > 4 ? middle.len - 4 : 0;
        found = contains(bytes, middle);
    }
    return found;
}
