/* SPDX-License-Identifier: MIT */
/* Questions to resolvers, answers on the loop. The only file with c-ares. Names are absolute: no
   search domain is ever appended. A truncated answer is asked again over TCP. The resolver list is
   ours, not libc's. */
#ifndef GATEPOST_RESOLVE_H
#define GATEPOST_RESOLVE_H

#include "../port/port.h"
#include "arena.h"
#include "io.h"
#include "loop.h"
#include "text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RESOLVES_MAX          2 /* at once in a program: the suite's, and the uplink's */
#define RESOLVERS_MAX         4
#define RESOLVE_RECORDS_MAX   32   /* records kept of an answer; more set `cut` */
#define RESOLVE_NAME_MAX      254  /* bytes of a name, terminator included, no dot at the end */
#define RESOLVE_TRY_MS        2000 /* patience for one try at one resolver */
#define RESOLVE_TRIES         2    /* rounds through the resolver list */
#define RESOLVE_QUESTIONS_MAX 24   /* under way at once */

enum record_type { RECORD_A, RECORD_AAAA, RECORD_MX, RECORD_SRV, RECORD_TXT, RECORD_CNAME };

/* Kept apart because they mean different things and are mended by different people. */
enum answer_status {
    ANSWER_PENDING,
    ANSWER_RECORDS,  /* at least one record of the type asked for */
    ANSWER_NODATA,   /* the name exists, the type does not */
    ANSWER_NXDOMAIN, /* the name does not exist */
    ANSWER_SERVFAIL, /* the resolver could not get an answer: broken zone, dead name servers, failed
                        DNSSEC */
    ANSWER_REFUSED, /* the resolver will not answer us (REFUSED, NOTIMP, other codes, a referral) */
    ANSWER_TIMED_OUT, /* no resolver answered at all; or, where `truncated`, not over TCP */
    ANSWER_GARBLED,   /* an answer that is no DNS message, or whose CNAMEs run in a circle */
    ANSWER_DEVICE,    /* out of memory, no socket */
};

struct record {
    const char *name;  /* MX, SRV, CNAME: target, lower case, without the dot at the end, "" for the
                          root; TXT: NULL */
    struct slice text; /* TXT: all strings joined */
    struct address address;          /* A, AAAA; port 0 */
    uint16_t priority, weight, port; /* SRV; MX uses priority as its preference */
    uint32_t ttl_s;
};

struct answer {
    enum answer_status status;
    struct record records[RESOLVE_RECORDS_MAX]; /* MX and SRV sorted: priority, then name; others as
                                                   they came */
    size_t count;
    bool cut;           /* there were more */
    bool truncated;     /* UDP said TC and TCP was used */
    bool authenticated; /* the AD bit */
    const char *cname;  /* the canonical name, where the question led through CNAMEs; else NULL */
    int32_t duration_ms;
};

struct question;
typedef void answer_fn(struct question *question);

/* Owned by the asker; must stay until it is answered or the resolve is finished. */
struct question {
    char name[RESOLVE_NAME_MAX];
    enum record_type type;
    struct answer *answer;   /* in the arena, once answered */
    answer_fn *call;         /* on the loop, once, never from within resolve_ask */
    void *asker;             /* the asker's own */
    struct resolve *resolve; /* resolve.c's */
    int64_t asked_ms;
    bool under_way;
};

struct resolve; /* allocated by the library of c-ares, and one of RESOLVES_MAX static slots */

/* Opens a resolve that asks these resolvers (at least 1), each in turn, beginning with the one that
   was of use last. A resolver that has answered is not asked for the same name again. Records live
   in the arena. NULL when the device has no memory for it. At most RESOLVES_MAX at a time. */
struct resolve *resolve_begin(struct loop *loop, struct arena *arena,
                              const struct address *resolvers, size_t count) MUST_USE;

/* Asks. The name may end in a dot. Always ends in one call of `call`, at the latest after
   RESOLVE_TRY_MS * RESOLVE_TRIES * resolvers. False, without a call, when RESOLVE_QUESTIONS_MAX are
   under way, the loop is full, or the name is longer than RESOLVE_NAME_MAX or empty. At most 8
   CNAMEs are followed that the resolver has not followed itself; the time for them is the
   question's. */
bool resolve_ask(struct resolve *resolve, struct question *question, const char *name,
                 enum record_type type, answer_fn *call, void *asker) MUST_USE;

/* How many questions were sent since resolve_begin, those for CNAMEs counted, repetitions not. */
unsigned resolve_asked(const struct resolve *resolve);

/* True when questions were asked and not one got any answer from any resolver. */
bool resolve_all_silent(const struct resolve *resolve);

/* Abandons what is under way, without calls, and frees. NULL is left alone. */
void resolve_finish(struct resolve *resolve);

const char *record_type_name(enum record_type type); /* "MX" */
const char *
answer_status_name(enum answer_status status); /* "nxdomain": slugs of reports, see README */

#endif
