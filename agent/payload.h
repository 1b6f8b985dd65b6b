/* SPDX-License-Identifier: MIT */
/* What the agent says to the broker beside reports and support requests: status, events, replies.
   JSON as config/asyncapi.json describes it (cJSON). Each call writes one terminated document;
   false when it does not fit or memory is short, and then nothing of it is to be used. */
#ifndef GATEPOST_PAYLOAD_H
#define GATEPOST_PAYLOAD_H

#include "checks.h"
#include "journal.h"
#include "message.h"
#include "uplink.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PAYLOAD_MAX 8192 /* bytes: room enough for any of these, a reply's result not counted */

/* What every message of a gateway carries. */
struct payload_head {
    const char *gateway; /* its name, as in reports; never "" */
    uint64_t seq;        /* the message's id */
    struct dropped dropped;
    int64_t at_wall_ms; /* when it came to be, not when it is sent */
    bool sample;        /* a rehearsal: marked "sample": true */
};

/* ---- status ---- */

enum agent_state { AGENT_ONLINE, AGENT_STOPPED, AGENT_LOST };

struct status_facts {
    enum agent_state state;
    int64_t started_wall_ms;
    uint32_t boots;           /* journal_boots */
    int64_t next_due_wall_ms; /* 0: nothing is due (paused, no accounts, stopped) */
    bool paused, clock_trusted;
    size_t accounts;
    enum journal_health journal;
    size_t waiting;                        /* messages in the journal */
    uint64_t skipped_first, skipped_count; /* journal_skipped */
    int mqtt_version;                      /* 5, 3 */
    enum uplink_trouble trouble;           /* why the last connection or attempt ended */
    const char *trouble_words;             /* or "" */
    const char *settings_trouble;          /* why the last reload was refused; "" when it was not */
};

bool payload_status(const struct payload_head *head, const struct status_facts *facts, char *into,
                    size_t size, size_t *into_len) MUST_USE;

/* What the broker says for us when the connection is lost: {"state": "lost"}, whose it was, and
   since when it had run. Made before each connect, so it has no seq. */
bool payload_will(const char *gateway, uint32_t boots, int64_t started_wall_ms, char *into,
                  size_t size, size_t *into_len) MUST_USE;

/* ---- events ---- */

enum event_kind { EVENT_RAISED, EVENT_CLEARED, EVENT_VERDICT };

struct event_facts {
    enum event_kind kind;
    const char *account;        /* its address */
    const char *run;            /* id of the run that saw it */
    enum finding finding;       /* NO_FINDING for EVENT_VERDICT */
    enum remedy remedy;         /* with EVENT_RAISED */
    enum confidence confidence; /* with EVENT_RAISED */
    enum status before, after;  /* verdict; STATUS_PENDING before the first run ("none") */
    int64_t since_wall_ms;      /* raised, cleared: since when the finding has held; verdict: since
                                   when the one before held; 0: not known */
    int64_t mark_wall_ms; /* of the change before this one, of that account: names the event when a
                             crash has it told twice; 0: there was none */
};

bool payload_event(const struct payload_head *head, const struct event_facts *facts, char *into,
                   size_t size, size_t *into_len) MUST_USE;

/* ---- replies ---- */

enum reply_code {
    REPLY_DONE,         /* "done" */
    REPLY_QUEUED,       /* "queued": a run that will follow; its report tells the rest */
    REPLY_MALFORMED,    /* "malformed": words say what is wrong with the command */
    REPLY_UNKNOWN,      /* "unknown": no such account or code here */
    REPLY_BUSY,         /* "busy" */
    REPLY_RATE_LIMITED, /* "rate-limited" */
    REPLY_FAILED,       /* "failed": words say why */
};

struct reply_facts {
    const char *id; /* the command's; "" where it could not be read */
    enum reply_code code;
    const char *words;  /* for the fleet's operator; "" where the code says all */
    const char *result; /* one JSON value as text, or NULL */
};

bool payload_reply(const struct payload_head *head, const struct reply_facts *facts, char *into,
                   size_t size, size_t *into_len) MUST_USE;

/* The words that stand for them in JSON. */
const char *payload_state_name(enum agent_state state);
const char *payload_health_name(enum journal_health health);
const char *payload_trouble_name(enum uplink_trouble trouble);
const char *payload_event_name(enum event_kind kind);
const char *payload_reply_name(enum reply_code code);

/* What `gatepost doctor` publishes to prove that it may: a sample event of no account, with the
   kind "doctor". */
bool payload_doctor(const struct payload_head *head, char *into, size_t size,
                    size_t *into_len) MUST_USE;

/* The result of an `explain` command: a finding, remedy or check in words. False also when there is
   no such code: look with payload_explains first. */
bool payload_explains(const char *code) MUST_USE;
bool payload_explanation(const char *code, enum language language, char *into, size_t size,
                         size_t *into_len) MUST_USE;

#endif
