/* SPDX-License-Identifier: MIT */
/* DANE for SMTP (RFC 7672): TLSA records (RFC 6698) that pin a mail server's certificate. */
#ifndef GATEPOST_DANE_H
#define GATEPOST_DANE_H

#include "resolve.h"
#include "text.h"

#include <stdbool.h>

/* TLSA fields, RFC 6698 section 2.1 with the words of RFC 7218. */
enum { DANE_TA = 2, DANE_EE = 3 };                            /* usage */
enum { DANE_CERT, DANE_SPKI, DANE_SELECTORS };                /* selector */
enum { DANE_FULL, DANE_SHA2_256, DANE_SHA2_512, DANE_FORMS }; /* matching type */

enum dane_state {
    DANE_NONE,     /* no TLSA record */
    DANE_INSECURE, /* records that no DNSSEC vouches for: senders pass over them, section 2.2 */
    DANE_UNUSABLE, /* signed, and not one that SMTP can use: mail is only encrypted, section 2.2 */
    DANE_READY,    /* senders deliver to a matching certificate or not at all */
    DANE_UNKNOWN,  /* no answer: senders that do DANE hold the mail back, section 2.1.1 */
};

struct dane {
    enum dane_state state;
    const struct answer *answer;
    size_t usable; /* of its records */
};

/* The records of _PORT._tcp.HOST. That the MX records and the host's addresses are authenticated
   too, section 2.2, is the caller's to ask. False while the answer is on its way. */
bool dane_find(ask_fn *ask, void *asker, const char *host, uint16_t port,
               struct dane *into) MUST_USE;

/* Whether SMTP can use a record: usage 2 or 3, section 3.1.3; a known selector and matching type;
   data of the right length. */
bool dane_usable(const struct record *record);

/* A certificate in all the forms that records know: the DER of the whole and of its public key
   (SubjectPublicKeyInfo), each plain, SHA-256 and SHA-512. A form that is left empty matches
   nothing. */
struct dane_certificate {
    struct slice form[DANE_SELECTORS][DANE_FORMS];
};

/* The first usable record that the server's chain (leaf first) matches, or NULL: usage 3 by the
   leaf alone, whatever its names and dates (section 3.1.1); usage 2 by any of the chain, of which
   names and dates must be good too (section 3.1.2), which is the caller's to judge. */
const struct record *dane_match(const struct answer *answer, const struct dane_certificate *chain,
                                size_t count);

#endif
