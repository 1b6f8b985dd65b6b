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

#define RESOLVES_MAX          8 /* at once in a program */
#define RESOLVERS_MAX         4
#define RESOLVE_RECORDS_MAX   32   /* records kept of an answer; more set `cut` */
#define RESOLVE_NAME_MAX      254  /* bytes of a name, terminator included, no dot at the end */
#define RESOLVE_TRY_MS        2000 /* patience for one try at one resolver */
#define RESOLVE_TRIES         2    /* rounds through the resolver list */
#define RESOLVE_QUESTIONS_MAX 24   /* under way at once */

enum record_type {
    RECORD_A,
    RECORD_AAAA,
    RECORD_MX,
    RECORD_SRV,
    RECORD_TXT,
    RECORD_CNAME,
    RECORD_NS,
    RECORD_PTR,
    RECORD_SOA,
    RECORD_TLSA, /* RFC 6698 */
    RECORD_CAA,  /* RFC 8659 */
} COMPACT;
#define RECORD_TYPES (RECORD_CAA + 1)

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

/* The type that was asked for says which members are meant. */
struct record {
    /* MX, SRV, CNAME, NS, PTR: target; SOA: the primary server (MNAME); CAA: the tag. Lower case,
       without the dot at the end, "" for the root. Others: NULL. */
    const char *name;
    union {
        struct slice text; /* TXT: all strings joined; CAA: the value; TLSA: the data, in bytes */
        struct address address; /* A, AAAA; port 0 */
    };
    union {
        struct {
            uint16_t priority, weight, port; /* SRV; MX uses priority as its preference */
        };
        struct {
            uint8_t usage, selector, matching; /* TLSA */
        };
        uint8_t flags; /* CAA */
    };
    uint32_t ttl_s;
};

struct answer {
    enum answer_status status;
    struct record *records; /* count of them, in the arena; MX, SRV, NS and PTR sorted: priority,
                               then name; others as they came */
    size_t count;           /* at most RESOLVE_RECORDS_MAX */
    bool cut;               /* there were more */
    bool truncated;         /* UDP said TC and TCP was used */
    bool authoritative;     /* the AA bit: told by a server of the zone, not from a cache */
    bool authenticated;     /* the AD bit, which every question asks for: of each link of a chain */
    const char *cname; /* the canonical name, where the question led through CNAMEs; else NULL */
    int32_t duration_ms;
};

/* How pure functions ask: NULL while the answer is on its way, then the same answer whenever the
   same is asked. They are run again, from their start, after each answer. */
typedef const struct answer *ask_fn(void *asker, const char *name, enum record_type type);

struct question;
typedef void answer_fn(struct question *question);

/* Owned by the asker; must stay until it is answered or the resolve is finished. */
struct question {
    const char *name; /* in the arena, without the dot at the end */
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
   under way, the loop or the arena is full, or the name is longer than RESOLVE_NAME_MAX or empty.
   At most 8 CNAMEs are followed that the resolver has not followed itself; the time for them is the
   question's. */
bool resolve_ask(struct resolve *resolve, struct question *question, const char *name,
                 enum record_type type, answer_fn *call, void *asker) MUST_USE;

/* How many questions were sent since resolve_begin, those for CNAMEs counted, repetitions not. */
unsigned resolve_asked(const struct resolve *resolve);

/* True when questions were asked and not one got any answer from any resolver. */
bool resolve_all_silent(const struct resolve *resolve);

/* True when that one of the resolvers, by its place in the list, has answered anything. */
bool resolve_heard(const struct resolve *resolve, size_t resolver);

/* Abandons what is under way, without calls, and frees. NULL is left alone. */
void resolve_finish(struct resolve *resolve);

const char *record_type_name(enum record_type type); /* "MX" */
const char *
answer_status_name(enum answer_status status); /* "nxdomain": slugs of reports, see README */

#endif
