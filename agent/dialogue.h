/* SPDX-License-Identifier: MIT */
/* A conversation is a table of steps; this plays it. The only state machine of the checks: partial
   writes, deadlines, the end of a reply, bytes before TLS, redaction and evidence are handled here
   and nowhere else. */
#ifndef GATEPOST_DIALOGUE_H
#define GATEPOST_DIALOGUE_H

#include "catalogue.h"
#include "checks.h"
#include "dialect.h"
#include "lookups.h"
#include "profile.h"
#include "secret.h"
#include "timepiece.h"
#include "wire.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DIALOGUE_IN_MAX   32768 /* bytes of one reply that are kept */
#define DIALOGUE_OUT_MAX  12288 /* bytes of one request: form logins carry up to 4 kB of cookies */
#define DIALOGUE_LINE_MAX 1152  /* bytes of an HTTP request line */
#define DIALOGUE_SKIP_MAX 1048576 /* bytes of an HTTP body that are read and thrown away */

struct lane;

/* A pure predicate over what the lane knows: no I/O, no change. */
typedef bool judge_fn(const struct lane *lane);

/* Takes something from the last reply or answer into the lane's notebook. */
typedef void learn_fn(struct lane *lane);

/* Asks names until it knows enough (lookups_ask of the suite); false: it waits for an answer and is
   to be called again when one came. What it finds it keeps in the notebook, or raises. */
typedef bool enquire_fn(struct lane *lane);

/* Records a finding of a NOTE; the conversation goes on. */
typedef void note_fn(struct lane *lane, enum finding finding);

/* What a reply means that was not the one hoped for. The first row that matches wins. */
struct meaning {
    const char *pattern; /* of the peer's words: '*' any bytes, '?' any byte, ASCII case ignored,
                            anchored at both ends; NULL ends the table */
    enum finding finding;
};

enum step_kind {
    STEP_END,
    STEP_LOOKUP,     /* ask a name: the answer stays until the next one */
    STEP_LOCATE,     /* the lane's host: its first address of the lane's family */
    STEP_DIAL,       /* connect to that address */
    STEP_SECURE,     /* TLS, verified */
    STEP_SAY,        /* send one request; a new reply is waited for */
    STEP_SAY_SECRET, /* the same with a secret in it: only on a secured wire, and never in log or
                        evidence */
    STEP_HEAR,       /* a whole reply whose code begins with text ("200|30": with either); else what
                        `meanings`, the profile and the dialect make of it */
    STEP_LEARN,
    STEP_ENQUIRE, /* names that lead to further names: see enquire_fn */
    STEP_JUDGE,   /* stops with `otherwise` where it does not hold; with `meanings`, with what they,
                     the profile and the dialect make of the last reply */
    STEP_NOTE,    /* records `otherwise` where it does not hold, and goes on */
} COMPACT;

struct step {
    const char *text; /* SAY: template with {holes} (HTTP: see compose_http); HEAR: the code hoped
                         for, "" for any; LOOKUP: the name; others: the function's name */
    union {           /* what a row of the kind calls */
        judge_fn *judge; /* JUDGE, NOTE */
        learn_fn *learn;
        enquire_fn *enquire;
    };
    const struct meaning *meanings; /* HEAR, JUDGE; may be NULL */
    enum step_kind kind;
    enum finding otherwise;
    enum record_type type; /* LOOKUP */
    enum stage stage;      /* HEAR: which of the profile's replies apply */
    bool more;             /* SAY: continues the last command (IMAP: no tag) */
};

/* clang-format off */
#define LOOKUP(name_, type_)              { .kind = STEP_LOOKUP, .text = name_, .type = type_ }
#define LOCATE()                          { .kind = STEP_LOCATE, .text = "{host}" }
#define DIAL()                            { .kind = STEP_DIAL, .text = "" }
#define SECURE()                          { .kind = STEP_SECURE, .text = "" }
#define SAY(line)                         { .kind = STEP_SAY, .text = line }
#define SAY_MORE(line)                    { .kind = STEP_SAY, .text = line, .more = true }
#define SAY_SECRET(line)                  { .kind = STEP_SAY_SECRET, .text = line }
#define SAY_SECRET_MORE(line)             { .kind = STEP_SAY_SECRET, .text = line, .more = true }
#define HEAR(code, finding)               { .kind = STEP_HEAR, .text = code, .otherwise = finding }
#define HEAR_AT(stage_, code, table, finding) \
    { .kind = STEP_HEAR, .text = code, .stage = stage_, .meanings = table, .otherwise = finding }
#define LEARN(function)                   { .kind = STEP_LEARN, .text = #function, .learn = function }
#define ENQUIRE(function)                 { .kind = STEP_ENQUIRE, .text = #function, .enquire = function }
#define JUDGE_AT(stage_, function, table, finding) \
    { .kind = STEP_JUDGE, .text = #function, .judge = function, .stage = stage_, .meanings = table, \
      .otherwise = finding }
#define JUDGE(function, finding)          { .kind = STEP_JUDGE, .text = #function, .judge = function, .otherwise = finding }
#define NOTE(function, finding)           { .kind = STEP_NOTE, .text = #function, .judge = function, .otherwise = finding }
#define END                               { .kind = STEP_END }
/* clang-format on */

/* The fixed set of holes. The secret ones are filled in SAY_SECRET only; {plain}, {basic} and the
 * like are encodings of login and secret, {bearer} and {xoauth2} of the token. {address-xml} is
 * {address} for XML. */
enum hole {
    HOLE_HELO,        /* {helo}    this gateway's name for EHLO */
    HOLE_ADDRESS,     /* {address} the account's address */
    HOLE_DOMAIN,      /* {domain}  its domain */
    HOLE_HOST,        /* {host}    the lane's host */
    HOLE_PATH,        /* {path}    of the next HTTP request */
    HOLE_FROM,        /* {from}    reverse-path of the test mail, may be empty */
    HOLE_TO,          /* {to}      its recipient */
    HOLE_MAIL,        /* {mail}    the test mail, dot-stuffed, without the final dot */
    HOLE_TOKEN,       /* {token}   what a test mail is found by */
    HOLE_FOLDER,      /* {folder}  an IMAP mailbox name, quoted */
    HOLE_SINCE,       /* {since}   a date for IMAP SEARCH */
    HOLE_BEFORE,      /* {before}  another one */
    HOLE_UID,         /* {uid}     an IMAP unique identifier */
    HOLE_NAME,        /* {name}    a name to look up */
    HOLE_CLIENT,      /* {client}  the application that asks for a token or signs */
    HOLE_SCOPE,       /* {scope}   what a token is to be for */
    HOLE_TIME,        /* {time}    when a request was signed */
    HOLE_SIGNATURE,   /* {signature} of the request */
    HOLE_SUBJECT,     /* {subject-json} of a support ticket */
    HOLE_BODY,        /* {body-json} of it */
    HOLE_API_SERVICE, /* {api-service-json} the account's service at the interface */
    HOLE_COUNT
} COMPACT;

struct dialogue {
    const struct step *script, *step; /* step is being played; at STEP_END when done */
    struct lane *lane;
    note_fn *note;
    enum dialect dialect;
    enum service service; /* for the profile's replies */
    const struct profile *profile;
    struct trust *trust;
    struct lookups *lookups;
    struct timepiece *timepiece; /* or NULL: hears every reply */
    const char *host;            /* what the certificate must name */
    struct address address; /* where DIAL goes; family and port are given, LOCATE adds the rest */
    bool located;           /* it has */
    unsigned dials;         /* connections that stood */
    const char *hole[HOLE_COUNT];
    const char *cookies; /* of the HTTP requests, "" for none */
    const char *login;
    const struct secret *secret;
    const struct secret *token;       /* or NULL: there is none, passwords are spoken */
    const struct secret *application; /* or NULL: the application's own, beside `secret` */

    struct wire wire;
    int64_t deadline_ms;         /* of this step; 0 before it began */
    const struct answer *answer; /* of the last LOOKUP */
    struct reply reply;          /* the last one heard; points into `in` */
    enum finding finding;        /* why it failed */
    bool on_the_wire;            /* connected at some time, and neither side has hung up */
    bool heard_any;              /* a whole reply was heard since DIAL */
    bool expects_reply;          /* something was said whose reply has not been heard */
    bool spoke_secret;           /* since its owner last looked */
    bool hearing;                /* in the middle of a HEAR */
    bool without_pss;            /* this peer needs TLS without RSA-PSS: see wire.h */
    bool starts_over;            /* the script is to be played from its start */
    bool waits_to_write;         /* what the last IO_READ or IO_WRITE was */
    unsigned tag;
    char tag_text[8]; /* of the last request: IMAP: its tag; POP: its command; HTTP: its method */
    size_t out_len, out_sent, in_len, skip;
    char told[240]; /* dialogue_said's */
    char out[DIALOGUE_OUT_MAX];
    char in[DIALOGUE_IN_MAX];
};

/* Readies a dialogue that has no connection yet. */
void dialogue_begin(struct dialogue *dialogue);

/* Sets the next script; the connection and what was heard stay. */
void dialogue_play(struct dialogue *dialogue, const struct step *script);

/* Plays on. IO_DONE: the script is at its end. IO_READ, IO_WRITE: call again when
   dialogue_descriptor is ready, or a lookup was answered, or the deadline has passed. IO_FAILED:
   `finding` says why, `step` is the row, `reply.said` or wire.words the evidence. */
enum io dialogue_advance(struct dialogue *dialogue);

/* -1 while there is nothing to poll. */
int dialogue_descriptor(const struct dialogue *dialogue);

/* The peer's words for the evidence: what it last said, or the wire's trouble. Never a secret:
   words that repeat one are withheld. They live until the next call. */
struct slice dialogue_said(struct dialogue *dialogue);

/* Hangs up. */
void dialogue_end(struct dialogue *dialogue);

/* The row as a reader sees it: "HEAR 220", "SECURE", "JUDGE offers_starttls". Into a buffer of size
 * bytes. */
void step_text(const struct step *step, char *into, size_t size);

#endif
