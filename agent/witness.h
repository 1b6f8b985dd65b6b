/* SPDX-License-Identifier: MIT */
/* What the header of a delivered mail tells of its way: who passed it on and how long that took
   (Received, RFC 5321 section 4.4), and what the receiver thought of it (Authentication-Results,
   RFC 8601; Received-SPF, RFC 7208 section 9.1; ARC, RFC 8617).

   Whom to believe. Every server puts its fields on top, so what stands below the first Received of
   a foreign server is older than the receiver's work and is not believed. A hop belongs to the
   receiver while the host it names itself by is of one organisation with the topmost such host;
   hosts without a public name (one label, an address, a name that only exists inside, as .local)
   belong to the hop above them. An organisation is guessed from the name: its last two labels, or
   three where the second is shared by many below a country, as in co.uk. What the last foreign
   server puts above its own Received cannot be told from the receiver's; so give the authserv-id
   where it is known.

   How times are read. Clocks of servers differ. Of all times - when we sent it, the hops' in order
   of travel, when we saw it - the longest series that never goes back (by more than
   WITNESS_SLACK_S) is taken for right; of two as long that which took less time, else that with the
   later hops: one wrong clock is likelier than a wrong clock and a delay. A hop outside the series
   has a wrong clock: its time is left out, and the hop after it has the time of both. */
#ifndef GATEPOST_WITNESS_H
#define GATEPOST_WITNESS_H

#include "io.h"
#include "text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WITNESS_HOPS_MAX    24 /* from the top; more set `cut` */
#define WITNESS_RESULTS_MAX 16 /* more set `cut` */
#define WITNESS_SLACK_S     2  /* stamps have whole seconds, and clocks are not better */

enum witness_method { WITNESS_SPF, WITNESS_DKIM, WITNESS_DMARC, WITNESS_ARC };

/* RFC 8601 section 2.7 */
enum witness_verdict {
    WITNESS_NONE,
    WITNESS_PASS,
    WITNESS_FAIL,
    WITNESS_SOFTFAIL,
    WITNESS_NEUTRAL,
    WITNESS_POLICY,
    WITNESS_TEMPERROR,
    WITNESS_PERMERROR,
    WITNESS_OTHER, /* a word that is not of the standard */
};

struct witness_result {
    enum witness_method method;
    enum witness_verdict verdict;
    struct slice domain;   /* SPF: of smtp.mailfrom, else smtp.helo; DKIM: header.d, else header.i;
                              DMARC: header.from; empty where it is not told */
    struct slice selector; /* DKIM: header.s */
    struct slice said;     /* as it came, folds too: print it by text_add_printable */
};

enum witness_tls {
    WITNESS_TLS_UNTOLD,
    WITNESS_TLS_NONE, /* a protocol without it (RFC 3848), and no remark about it */
    WITNESS_TLS_USED, /* a protocol with it, or a remark that names its version */
};

struct witness_hop {
    struct slice from, by; /* as they named themselves; empty where not told */
    struct slice with;     /* "ESMTPS", "Microsoft SMTP Server" */
    enum witness_tls tls;
    bool dated;
    int64_t wall_ms; /* by the hop's clock; for a dated one */
    bool skewed;     /* its clock is wrong: by at least skew_s, negative where it is slow */
    int64_t skew_s;
    int64_t took_s; /* since the last right time before; -1 where nothing is known. This long the
                       mail lay with `from`, or on its way from there */
};

enum witness_chain {
    WITNESS_CHAIN_UNTOLD,
    WITNESS_CHAIN_NONE,
    WITNESS_CHAIN_PASS,
    WITNESS_CHAIN_FAIL
};

struct witness {
    struct slice authserv; /* the authserv-id whose results these are; empty for servers that give
                              none, as Exchange Online */
    bool judged;           /* there was such a field */
    struct witness_result results[WITNESS_RESULTS_MAX]; /* in their order; a Received-SPF last, and
                                                           only where no field has SPF */
    size_t result_count;
    struct witness_hop hops[WITNESS_HOPS_MAX]; /* the last one first, as in the header */
    size_t hop_count;
    bool cut;
    unsigned arc_sets;            /* the highest instance (RFC 8617 section 4.2.1) */
    bool arc_whole;               /* every instance up to it has its three fields, once */
    enum witness_chain arc_chain; /* cv= of the highest ARC-Seal */
};

struct witness_question {
    struct slice mail;        /* its header at least */
    const char *authserv;     /* believe results with this authserv-id only; NULL: with that of the
                                 topmost field */
    int64_t sent_ms, seen_ms; /* by our clock; 0 where not known, or the clock cannot be trusted */
};

/* Reads the header. The slices are of the mail. */
void witness_read(const struct witness_question *question, struct witness *into_witness);

/* The first result of a method, a pass before all others; NULL where there is none. */
const struct witness_result *witness_find(const struct witness *witness,
                                          enum witness_method method);

/* The hop with the greatest took_s above 0; NULL where there is none. */
const struct witness_hop *witness_slowest(const struct witness *witness);

const char *witness_method_name(enum witness_method method);    /* "spf" */
const char *witness_verdict_name(enum witness_verdict verdict); /* "pass" */

#endif
