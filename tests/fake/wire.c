/* SPDX-License-Identifier: MIT */
/* wire.h for peers that follow a transcript. */
#include "../../agent/wire.h"

#include "peer.h"

#include <stdio.h>
#include <string.h>

bool wire_start(void)
{
    return true;
}

void wire_finish(void)
{
}

void wire_begin(struct wire *wire)
{
    *wire = (struct wire){ .descriptor = -1 };
}

static enum io fail(struct wire *wire, enum wire_trouble trouble, const char *words)
{
    wire->trouble = trouble;
    text_put(wire->words, sizeof wire->words, slice_of(words));
    return IO_FAILED;
}

/* The harm that a test asked for. True when this call is the one, and *into_io what it returns. */
static bool harmed(struct wire *wire, struct fake_peer *peer, enum io *into_io)
{
    bool now = ++fake.wire_calls == fake.harm.call;
    if (peer != NULL && now && fake.harm.how == HARM_SILENCE)
        peer->mute = true;
    if (peer != NULL && now && fake.harm.how == HARM_RESET)
        peer->broken = true;
    if (now && fake.harm.how == HARM_MEMORY) {
        *into_io = fail(wire, WIRE_DEVICE, "out of memory");
        return true;
    }
    if (peer != NULL && peer->broken) {
        *into_io = fail(wire, WIRE_CLOSED, "connection reset by peer");
        return true;
    }
    *into_io = IO_READ;
    return peer != NULL && peer->mute;
}

/* ---- dialling ---- */

static enum io begin_dial(struct wire *wire, const struct address *to)
{
    struct fake_peer *peer = peer_at(to);
    char text[ADDRESS_TEXT_MAX];
    fake.dials++;
    if (peer == NULL) {
        port_address_text(to, text);
        fake_complain("the agent dials %s port %u, where the transcript has nobody", text,
                      (unsigned)to->port);
        return fail(wire, WIRE_REFUSED, "nobody is there");
    }
    peer_answer_call(peer);
    wire->descriptor = (int)(peer - fake.peers) + FAKE_FIRST_DESCRIPTOR;
    wire->connecting = true;
    return IO_WRITE;
}

enum io wire_dial(struct wire *wire, const struct address *to)
{
    enum io io;
    if (!wire->connecting && (begin_dial(wire, to) == IO_FAILED || fake.delivery != DELIVERY_WHOLE))
        return wire->trouble == WIRE_FINE ? IO_WRITE : IO_FAILED;
    struct fake_peer *peer = peer_of(wire->descriptor);
    if (harmed(wire, peer, &io))
        return io == IO_READ ? IO_WRITE : io;
    switch (peer->dial) {
    case DIAL_REFUSED:
        return fail(wire, WIRE_REFUSED, "connection refused");
    case DIAL_UNREACHABLE:
        return fail(wire, WIRE_UNREACHABLE, "no route to host");
    case DIAL_SILENT:
        return IO_WRITE;
    case DIALS_WELL:
        break;
    }
    wire->connecting = false;
    peer->open = true;
    fake.connections_open++;
    return IO_DONE;
}

/* ---- TLS ---- */

/* Hashes that a transcript can write: of the certificate bytes of 11 and 33, of its key of 22 and
 * 44. */
static void take_prints(struct prints *prints)
{
    prints->known = true;
    for (int i = 0; i < 2; i++) {
        memset(prints->sha256[i], 0x11 * (i + 1), sizeof prints->sha256[i]);
        memset(prints->sha512[i], 0x11 * (i + 3), sizeof prints->sha512[i]);
    }
}

static enum io hand_shake(struct wire *wire, struct fake_peer *peer, const struct fake_line *line)
{
    wire->certificate.not_before_ms = FAKE_WALL_MS - INT64_C(86400000) * 30;
    wire->certificate.not_after_ms = FAKE_WALL_MS + INT64_C(86400000) * line->days_left;
    wire->certificate.days_left = line->days_left;
    text_put(wire->certificate.subject, sizeof wire->certificate.subject, slice_of(peer->host));
    text_put(wire->certificate.names, sizeof wire->certificate.names, slice_of(peer->host));
    text_put(wire->certificate.issuer, sizeof wire->certificate.issuer,
             line->bytes.len > 0 ? line->bytes : SLICE("Example CA"));
    peer_step_on(peer);
    wire->verdict = line->verdict;
    if (line->trouble == WIRE_FINE && line->verdict == TRUST_GOOD && !fake.clock_trusted)
        wire->verdict = TRUST_CLOCK_UNSET;
    if (line->trouble != WIRE_FINE)
        return fail(wire, line->trouble, "the handshake failed");
    if (wire->verdict != TRUST_GOOD)
        return fail(wire, WIRE_TLS_NOT_TRUSTED, "the certificate is not good");
    take_prints(&wire->prints);
    wire->secured = peer->secured = true;
    return IO_DONE;
}

enum io wire_secure(struct wire *wire, const char *host, struct trust *trust)
{
    struct fake_peer *peer = peer_of(wire->descriptor);
    enum io io;
    if (harmed(wire, peer, &io))
        return io;
    (void)trust; /* the transcript says what the certificate is worth */
    if (peer->tolerant) {
        wire->secured = peer->secured = true;
        wire->certificate.days_left = 90;
        return IO_DONE;
    }
    const struct fake_line *line = peer_line(peer);
    peer->stutter = !peer->stutter;
    if (fake.delivery != DELIVERY_WHOLE && peer->stutter)
        return IO_READ;
    if (line == NULL || line->kind == LINE_RESET)
        return fail(wire, WIRE_CLOSED, "connection closed by peer");
    if (line->kind == LINE_SILENCE || line->kind == LINE_PAUSE)
        return IO_READ;
    if (line->kind == LINE_SAYS)
        return fail(wire, WIRE_TLS_HANDSHAKE, "the peer sent plain text");
    if (strcmp(host, peer->host) != 0)
        fake_complain("the certificate is asked to name %s, not %s", host, peer->host);
    if (line->kind == LINE_TLS)
        return hand_shake(wire, peer, line);
    fake_complain("line %d: the agent begins TLS", line->number);
    return fail(wire, WIRE_TLS_HANDSHAKE, "the peer knows no TLS here");
}

const char *wire_protocol(const struct wire *wire)
{
    return wire->secured ? "TLSv1.3" : "";
}

void wire_close(struct wire *wire)
{
    struct fake_peer *peer = peer_of(wire->descriptor);
    if (peer != NULL && peer->open && !peer->closed)
        fake.connections_open--;
    if (peer != NULL)
        peer->closed = true;
    wire->descriptor = -1;
    wire->connecting = false;
    wire->secured = false;
    wire->tls = NULL;
}

enum io wire_receive(struct wire *wire, char *into, size_t room, size_t *into_got)
{
    struct fake_peer *peer = peer_of(wire->descriptor);
    enum io io;
    *into_got = 0;
    if (harmed(wire, peer, &io))
        return io;
    const struct fake_line *line = peer_line(peer);
    peer->stutter = !peer->stutter;
    if (fake.delivery != DELIVERY_WHOLE && peer->stutter)
        return IO_READ;
    if (line == NULL || line->kind == LINE_RESET) {
        peer->at = peer->count;
        return fail(wire, WIRE_CLOSED, "connection closed by peer");
    }
    *into_got = peer_say(peer, into, room);
    return *into_got > 0 ? IO_DONE : IO_READ;
}

/* ---- what the client says ---- */

static size_t share(size_t len)
{
    static const size_t most[] = {
        [DELIVERY_BYTES] = 3, [DELIVERY_LINES] = 64, [DELIVERY_WHOLE] = SIZE_MAX
    };
    return len < most[fake.delivery] ? len : most[fake.delivery];
}

enum io wire_send(struct wire *wire, struct slice bytes, size_t *into_sent)
{
    struct fake_peer *peer = peer_of(wire->descriptor);
    enum io io;
    *into_sent = 0;
    if (harmed(wire, peer, &io))
        return io == IO_READ ? IO_WRITE : io;
    const struct fake_line *line = peer_line(peer);
    if (line != NULL && line->kind == LINE_RESET) {
        peer->at = peer->count;
        return fail(wire, WIRE_CLOSED, "connection reset by peer");
    }
    peer->stutter = !peer->stutter;
    if (fake.delivery != DELIVERY_WHOLE && peer->stutter)
        return IO_WRITE;
    *into_sent = share(bytes.len);
    peer_hear(peer, (struct slice){ bytes.at, *into_sent });
    return IO_DONE;
}
