/* SPDX-License-Identifier: MIT */
/* The world below the agent, as a test scripts it: peers that follow a transcript, resolvers that
   know a zone, a clock that moves only when everybody waits, files in memory. It stands in for
   port/linux, wire.c, resolve.c, trust.c and digest.c. There is one world, `fake`; what goes wrong
   in it is a complaint, which the test has to look at. */
#ifndef GATEPOST_FAKE_H
#define GATEPOST_FAKE_H

#include "../../agent/resolve.h"
#include "../../agent/text.h"
#include "../../agent/wire.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FAKE_PEERS_MAX        32
#define FAKE_ZONE_MAX         160
#define FAKE_SILENT_MAX       4
#define FAKE_RECORDS_MAX      40
#define FAKE_HEARD_MAX        16384 /* bytes of one line, or body, of the client */
#define FAKE_COMPLAINTS_MAX   8
#define FAKE_COMPLAINT_MAX    400
#define FAKE_FILES_MAX        8
#define FAKE_FILE_MAX         270336 /* a journal of the default bound */
#define FAKE_ANSWER_MAX       8      /* lines of a rule's answer */
#define FAKE_LOG_MAX          262144
#define FAKE_TURNS_MAX        400000 /* polls of one run; more is a run that does not end */
#define FAKE_FIRST_DESCRIPTOR 100
#define FAKE_WALL_MS          INT64_C(1795435200000) /* 2026-11-23T12:00:00Z */
#define FAKE_START_MS         INT64_C(5000000)
#define FAKE_HOST_NAME        "office-gateway.example"

/* port_random fills with the bytes 00 01 02 ..., whoever asks: so every mark is this one. */
#define FAKE_MARK "000102030405060708090a0b0c0d0e0f"

/* How a peer's bytes come: the same conversation must come out of all of them. */
enum fake_delivery { DELIVERY_BYTES, DELIVERY_LINES, DELIVERY_WHOLE };

enum fake_line_kind {
    LINE_SAYS,       /* the peer sends bytes, `repeat` times */
    LINE_HEARS,      /* the client must send exactly these bytes */
    LINE_HEARS_LIKE, /* the client must send a line like this pattern ('*' and '?', CRLF not part of
                        it) */
    LINE_TLS,        /* the handshake, which ends as `trouble` and `verdict` say */
    LINE_RESET,      /* the connection is gone */
    LINE_SILENCE,    /* nothing comes any more */
    LINE_PAUSE,      /* nothing happens for wait_ms */
    LINE_REPEAT, /* what follows, up to LINE_REPEATED, until wait_ms after the start of the run */
    LINE_REPEATED,
};

struct fake_line {
    enum fake_line_kind kind;
    int number; /* in the transcript's file */
    struct slice bytes;
    size_t repeat;
    int64_t wait_ms;
    enum wire_trouble trouble;
    enum trust_verdict verdict;
    int days_left;
};

enum fake_dial { DIALS_WELL, DIAL_REFUSED, DIAL_UNREACHABLE, DIAL_SILENT };

/* What a peer with rules says to a line like this pattern: lines that each end in CRLF. Then, where
 * that is said, TLS begins. */
struct fake_rule {
    const char *hears, *says;
    bool then_tls;
};

struct fake_peer {
    char host[128];
    uint16_t port;
    enum family family;
    enum fake_dial dial;
    bool tolerant; /* hears whatever is said, and takes part in any handshake: for fuzzing */
    const struct fake_line *lines;
    size_t count;

    /* Instead of lines: a peer that answers whoever dials, one after the other and as often as they
       do. To a line that fits no rule, as in the body of a mail, it says nothing. */
    const struct fake_rule *rules;
    size_t rule_count;
    const char *greeting; /* ends in CRLF */
    bool greets_in_tls;

    /* Progress; fake_begin clears what is below. */
    size_t at, round, offset; /* the line, how often it was said, bytes of it that were said */
    int64_t ready_ms;         /* when a pause ends; 0: none has begun */
    bool dialled, open, closed, secured, mute, broken, stutter;
    char tag[16];
    size_t heard_len;
    char heard[FAKE_HEARD_MAX];
    struct fake_line turn[FAKE_ANSWER_MAX + 2]; /* with rules: what it does next */
};

/* What the resolvers answer to one question. */
struct fake_answer {
    char name[RESOLVE_NAME_MAX];
    char at[ADDRESS_TEXT_MAX]; /* asked there only; "": anywhere */
    bool from_cache;           /* not authoritative, although a zone's own server was asked */
    enum record_type type;
    enum answer_status status;
    int64_t after_ms;
    const char *cname;
    bool authenticated;
    struct record records[FAKE_RECORDS_MAX];
    size_t count;
};

/* What the device's own network looks like. */
enum fake_link { FAKE_LINK_UP, FAKE_LINK_DOWN, FAKE_LINK_NO_ROUTE };

/* What happens to the call with the number fake.harm.call. */
enum fake_harm {
    HARM_NONE,
    HARM_RESET,
    HARM_SILENCE,
    HARM_MEMORY,
    HARM_ANSWER_LOST,
    HARM_ANSWER_REFUSED
};

struct fake_file {
    char path[160];
    char *bytes; /* FAKE_FILE_MAX */
    size_t size;
    uint32_t mode;
};

struct fake {
    /* Set by the test before fake_begin. */
    struct fake_peer peers[FAKE_PEERS_MAX];
    size_t peer_count;
    struct fake_answer zone[FAKE_ZONE_MAX];
    size_t zone_count;
    enum fake_delivery delivery;
    bool family[FAMILIES];
    enum fake_link link;
    int64_t clock_off_ms; /* how far the device's wall clock is ahead of everybody's */
    const char *silent[FAKE_SILENT_MAX]; /* addresses of resolvers, in text */
    size_t silent_count;
    bool clock_trusted, resolver_silent, file_system_full;
    const char *secret_core; /* part of every secret, the same in all notations but base64 */
    struct {
        enum fake_harm how;
        unsigned call; /* from 1 */
    } harm;
    unsigned stop_after_turns; /* a signal comes at this poll; 0: none */
    /* Called before everybody waits, and at the moment for which it asked: what the world does by
       itself. Returns the next such moment. NULL: nothing happens. */
    int64_t (*happen)(void);
    bool reload; /* the configuration is to be read anew; whoever asks takes it back */

    /* What happened. */
    int64_t now_ms, wall_offset_ms;
    unsigned wire_calls, questions, dials, turns, connections_open;
    bool any_answer;
    uint64_t written; /* bytes that files took */
    char complaints[FAKE_COMPLAINTS_MAX][FAKE_COMPLAINT_MAX];
    size_t complaint_count;
    bool betrayed; /* a secret was on a wire without TLS */
    struct fake_file files[FAKE_FILES_MAX];
    size_t file_count;
    char log[FAKE_LOG_MAX];
    size_t log_len;
};

extern struct fake fake;

/* Forgets peers, zone, files and all that happened. */
void fake_clear(void);

/* Begins a run of the same script anew: clocks, progress, complaints, log. Files stay. */
void fake_begin(void);

void fake_forget_files(void);

/* Records what the agent should not have done, or the script should not have said. */
void fake_complain(const char *format, ...) PRINTF_LIKE(1, 2);

/* Complains about every peer that was not dialled, not heard to its end, or not hung up on. */
void fake_look_for_leftovers(void);

/* True when the secret's core is in the bytes, plain or in base64 at any alignment. */
bool fake_betrays(struct slice bytes);

/* The address that a peer's host has, from the zone or, where that does not name it, made up. False
   when the host has none of the family. */
bool fake_address(const char *host, enum family family, struct address *into_address);

/* For port_poll. Whether a descriptor is ready; *into_wake_ms is lowered to the moment when it may
   become so. */
bool fake_ready(int descriptor, bool want_read, bool want_write, int64_t *into_wake_ms);

#endif
