/* SPDX-License-Identifier: MIT */
/* A byte stream to one peer: dial, secure, send, receive. Non-blocking. The only file that speaks
   TLS (Mbed TLS). No call hands out a secured wire whose certificate was not verified (chain, host
   name, dates): wire_secure fails first. TLS 1.2 and 1.3, server name sent, no early data, no
   renegotiation. */
#ifndef GATEPOST_WIRE_H
#define GATEPOST_WIRE_H

#include "../port/port.h"
#include "io.h"
#include "text.h"
#include "trust.h"

#include <stdbool.h>
#include <stddef.h>

/* Why a wire failed. */
enum wire_trouble {
    WIRE_FINE,
    WIRE_REFUSED,         /* nobody listens there, or a firewall says so */
    WIRE_UNREACHABLE,     /* no route, or the network says unreachable */
    WIRE_CLOSED,          /* the peer hung up, in order or by reset, where more was due */
    WIRE_DEVICE,          /* this device is out of memory or descriptors */
    WIRE_TLS_PROTOCOL,    /* the peer offers nothing newer than TLS 1.1 */
    WIRE_TLS_HANDSHAKE,   /* the handshake failed for another reason; see wire_words */
    WIRE_TLS_NOT_TRUSTED, /* the certificate does not verify: see wire_verdict */
    WIRE_TLS_PIN,         /* it verifies, but its key is not the pinned one */
    WIRE_TLS_IDENTITY,    /* our own certificate or key cannot be used: see words */
};

/* What is shown to a peer that asks for a certificate, and which key the peer must have. */
struct wire_identity {
    const char *certificate, *key; /* PEM files; both "": we have none */
    const char *pin; /* SHA-256 of the peer's SubjectPublicKeyInfo, 64 hexadecimal digits, demanded
                        beside a certificate that verifies; "": none is demanded */
};

struct wire_tls; /* contexts of the TLS library; allocated by wire_secure, freed by wire_close */

struct wire {
    int descriptor; /* -1 when there is none */
    bool connecting;
    bool secured; /* verified TLS: only then may a secret be spoken */

    /* Mbed TLS 3.6.6 and 4.1.0 must offer RSA-PSS for TLS 1.3, but break off when a server that has
       only TLS 1.2 uses it. Where that happened, failed_by_pss tells it beside WIRE_TLS_HANDSHAKE:
       dial again and set without_pss between wire_begin and wire_secure. That offers TLS 1.2 only.
     */
    bool failed_by_pss;
    bool without_pss;

    /* NULL, or set between wire_begin and wire_secure; lives as long as the wire. */
    const struct wire_identity *identity;
    bool alerted; /* beside WIRE_CLOSED: after the handshake the peer ended TLS with an alert, as
                     one does that demands a certificate */

    struct wire_tls *tls;
    enum wire_trouble trouble;
    enum trust_verdict verdict;
    struct certificate certificate;
    struct prints prints; /* of the certificate that was shown, good or not */
    char words[96];       /* the library's or the system's words for the trouble; may be empty */
};

/* Call once in the program, before any wire; false when the crypto library cannot start. */
bool wire_start(void);
void wire_finish(void);

void wire_begin(struct wire *wire);

/* Connects to the address: IO_WRITE until it is through. */
enum io wire_dial(struct wire *wire, const struct address *to) MUST_USE;

/* Performs the handshake as a client and verifies. host is what the certificate must name, and is
   sent as SNI. When the certificate is not good, IO_FAILED with WIRE_TLS_NOT_TRUSTED, and verdict
   and certificate say why; nothing of ours was sent beyond the handshake. TRUST_CLOCK_UNSET also
   fails. */
enum io wire_secure(struct wire *wire, const char *host, struct trust *trust) MUST_USE;

/* Sends some of the bytes; *into_sent counts those the layer below took, and is 0 unless IO_DONE.
   After IO_READ or IO_WRITE call again with the same bytes. */
enum io wire_send(struct wire *wire, struct slice bytes, size_t *into_sent) MUST_USE;

/* Receives what is there. IO_FAILED with WIRE_CLOSED at the end of the stream. A secured wire may
   hold more although the descriptor is silent: wait for it only after IO_READ. room is at least
   1. */
enum io wire_receive(struct wire *wire, char *into, size_t room, size_t *into_got) MUST_USE;

/* "TLSv1.3" and the like, or "" before wire_secure is done. */
const char *wire_protocol(const struct wire *wire);

/* Closes in order (close_notify where there is TLS) and frees all; trouble, verdict, certificate
   and words stay. The wire may be begun again. */
void wire_close(struct wire *wire);

#endif
