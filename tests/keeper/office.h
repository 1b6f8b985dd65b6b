/* SPDX-License-Identifier: MIT */
/* An office of the fake world in which the whole agent works: mailboxes, each in a domain of its
   own or several in one; a mail server for all, or one for each of two providers; a broker. Things
   happen at moments that the test has planned, and everything that reaches the broker is noted. */
#ifndef GATEPOST_TEST_OFFICE_H
#define GATEPOST_TEST_OFFICE_H

#include "catalogue.h"
#include "checks.h"
#include "message.h"

#include "tests/fake/broker.h"
#include "tests/fake/fake.h"

#define OFFICE_ACCOUNTS  20
#define OFFICE_HEARD_MAX 65536
#define OFFICE_POWER_CUT (-1)

#define MINUTE INT64_C(60000)
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)

struct office_kind {
    size_t accounts;
    bool servers;         /* IMAP and submission, and a password; else there are only DNS and MX */
    const char *settings; /* members of the configuration, each with a comma at its end; or "" */
    size_t domains;       /* that the mailboxes share, one after the other; 0: each has its own. The
                             second       one is at another provider */
    bool ipv6;            /* office and servers have both families */
};

/* A message that has arrived, as far as tests look into it. */
struct heard {
    enum message_kind kind;
    int64_t at_ms; /* when it arrived: fake.now_ms */
    uint64_t seq;
    struct dropped dropped;
    char made[24]; /* "at" */
    bool retained;
    size_t account;                        /* OFFICE_ACCOUNTS where it is about none */
    char kind_of_event[8];                 /* "raised" */
    char cost[8];                          /* of a report's run */
    char verdict[8];                       /* of a report */
    char clock[8];                         /* of a report or status */
    char finding[40];                      /* of an event */
    uint64_t skipped_first, skipped_count; /* of a status */
    unsigned decided;              /* how many checks of a report came to ok, warning or failed */
    char lock[8];                  /* what account.lock came to */
    char started[24], trigger[12]; /* of its run */
    unsigned questions, dials;
    unsigned borrowed;      /* how many checks tell what another mailbox's run has seen; */
    char borrowed_from[24]; /* and the oldest of that */
    char roots[160];        /* findings, each with a space behind it */
    char root_at[24];       /* evidence of the first */
};

extern struct heard heard[OFFICE_HEARD_MAX];
extern size_t heard_count;

/* The largest size that the journal's file has had. */
extern size_t journal_peak;

/* A new world, at FAKE_START_MS; all is well in it. */
void office_begin(const struct office_kind *kind);

/* Writes the configuration anew, for a reload. */
void office_configure(const struct office_kind *kind);

/* What the DNS has for a domain: no MX any more, and the right one again. */
void office_break(size_t domain);
void office_mend(size_t domain);

/* IMAP of the first provider: nobody is there any more, and all is well again. */
void office_close_imap(size_t closes);

/* The mail server takes the password, or does not. */
void office_refuse_password(size_t refuses);

/* Calls at a moment since the start; in the order of the moments. */
void office_plan(int64_t after_ms, void (*act)(size_t which), size_t which);

/* For office_plan. The agent is asked to end; the power fails. */
void office_stop(size_t unused);
void office_cut_power(size_t unused);

/* The agent, until one of these. Its exit status, or OFFICE_POWER_CUT. */
int office_work(void);

#endif
