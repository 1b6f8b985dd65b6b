/* SPDX-License-Identifier: MIT */
/* The ledger of a healthy office, and ways to make it sick, for tests that judge what a run has
 * found. */
#ifndef GATEPOST_TEST_OFFICE_H
#define GATEPOST_TEST_OFFICE_H

#include "diagnosis.h"
#include "judgement_office.h"

#include <stdalign.h>
#include <string.h>

#define OFFICE_ARENA 65536

struct office {
    struct arena arena;
    struct ledger ledger;
    struct profile profile;
    struct budget budget;
    struct diagnosis diagnosis;
    alignas(max_align_t) char memory[OFFICE_ARENA];
};

/* Everything was asked and went well; the clock, the resolver and the account are left to
 * diagnosis. */
static inline void office_begin(struct office *office)
{
    arena_begin(&office->arena, office->memory, sizeof office->memory);
    ledger_begin(&office->ledger, &office->arena);
    office->profile = (struct profile){ .name = "ovh-exchange-hosted", .title = "" };
    office->budget = (struct budget){ .accepted_by = CHECK_COUNT, .trying = CHECK_COUNT };
    for (enum check i = 0; i < CHECK_COUNT; i++)
        office->ledger.checks[i].asked = true;
    for (enum check i = DNS_MX; i <= ACCOUNT_QUOTA; i++)
        ledger_ok(&office->ledger, i);
    /* Its provider has no Exchange of its own, no POP and no tokens: those checks have nobody to
       ask. */
    static const enum check of_exchange[] = { TLS_EXCHANGE, ACTIVESYNC_LOGIN,     EWS_LOGIN,
                                              MAPI_REACH,   AUTODISCOVER_OUTLOOK, TLS_POP,
                                              POP_LOGIN,    OAUTH_TOKEN };
    for (size_t i = 0; i < sizeof of_exchange / sizeof *of_exchange; i++) {
        office->ledger.checks[of_exchange[i]] =
            (struct entry){ .because = CHECK_COUNT, .peer = "" };
        ledger_unknown(&office->ledger, of_exchange[i], REASON_NOT_CONFIGURED);
    }
}

static inline struct entry *office_blank(struct office *office, enum check check)
{
    struct entry *entry = &office->ledger.checks[check];
    *entry = (struct entry){ .because = CHECK_COUNT, .peer = "", .asked = true };
    return entry;
}

/* One more finding beside what is there. */
static inline struct raised *office_add(struct office *office, enum finding finding,
                                        enum check check, enum service service, enum family family,
                                        const char *said)
{
    struct raised *raised =
        ledger_raise(&office->ledger, finding, check, service, "HEAR 250",
                     "ex4.mail.ovh.net [192.0.2.7]:587", family, slice_of(said));
    raised->params.value[PARAM_ADDRESS] = "anna@example.com";
    raised->params.value[PARAM_DOMAIN] = "example.com";
    raised->params.value[PARAM_HOST] =
        service == SERVICE_MX ? "mx0.mail.ovh.net" : "ex4.mail.ovh.net";
    raised->params.value[PARAM_SERVICE] = service_row(service)->title[LANGUAGE_EN];
    return raised;
}

/* The check did not go well: this is all that is known of it. */
static inline struct raised *office_fail(struct office *office, enum finding finding,
                                         enum check check, enum service service, const char *said)
{
    (void)office_blank(office, check);
    return office_add(office, finding, check, service, FAMILY_V4, said);
}

static inline void office_skip(struct office *office, enum check check, enum check because)
{
    (void)office_blank(office, check);
    ledger_skip(&office->ledger, check, because);
}

/* The password was refused by webmail, so nobody else was asked. */
static inline void office_refuse_password(struct office *office)
{
    (void)office_fail(office, WEBMAIL_LOGIN_REFUSED, WEBMAIL_LOGIN, SERVICE_WEBMAIL,
                      "302 reason=2");
    office_skip(office, IMAP_LOGIN, WEBMAIL_LOGIN);
    office_skip(office, SUBMISSION_LOGIN, WEBMAIL_LOGIN);
    office_skip(office, MAIL_SEND, SUBMISSION_LOGIN);
    office_skip(office, MAIL_RECEIVE, IMAP_LOGIN);
}

/* No connection of its own is told of: the findings have to do. */
static inline void office_diagnose(struct office *office)
{
    static const struct ground ground = { .link[FAMILY_V4] = { true, true, true } };
    judgement_office(&office->ledger, &ground, &office->profile);
    diagnose(&office->ledger, &office->profile, &office->budget, &office->diagnosis);
}

#endif
