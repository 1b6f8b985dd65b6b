/* SPDX-License-Identifier: MIT */
/* The conversations are data: what must hold for all of them is read off the tables. */
#include "checks.h"
#include "dialogue.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define STEPS_MAX 64

/* Findings that no row of a script names: raised by the engine (wire, framing, answers), by
 * diagnosis, by choosers. */
static const enum finding raised_by_code[] = {
    DEVICE_CLOCK_UNSET,
    DEVICE_EXHAUSTED,
    OFFICE_RESOLVER_DEAD,
    OFFICE_IPV6_BROKEN,
    OFFICE_PORT_BLOCKED,
    DEVICE_CLOCK_WRONG,
    DEVICE_CLOCK_FAR_OFF,
    OFFICE_NO_LINK,
    OFFICE_NO_ROUTE,
    OFFICE_RESOLVER_PARTLY_DEAD,
    OFFICE_RESOLVER_LIES,
    OFFICE_RESOLVER_INVENTS,
    OFFICE_RESOLVER_FAILS,
    OFFICE_DNS_INTERCEPTED,
    OFFICE_BANNED,
    OFFICE_TLS_INTERCEPTED,
    ISP_INTERNET_DOWN,
    DNS_TIMED_OUT,
    DNS_SERVFAIL,
    DNS_REFUSED,
    DNS_GARBLED,
    DNS_HOST_MISSING,
    DNS_MTA_STS_UNREACHABLE,
    DNS_CAA_FORBIDS,
    SERVICE_TIMED_OUT,
    SERVICE_UNREACHABLE,
    SERVICE_REFUSED,
    SERVICE_CLOSED,
    SERVICE_GARBLED,
    SERVICE_TOO_LONG,
    TLS_EXPIRED,
    TLS_NOT_YET_VALID,
    TLS_NAME_MISMATCH,
    TLS_UNTRUSTED,
    TLS_CHAIN_INCOMPLETE,
    TLS_OLD_PROTOCOL,
    TLS_HANDSHAKE_FAILED,
    TLS_INJECTED,
    TLS_BUNDLE_MISSING,
    INBOUND_HOST_DOWN,
    ACCOUNT_SUBSCRIPTION_EXPIRED,
    MAIL_BOUNCED,
    MAIL_LATE,
    MAIL_IN_JUNK,
    MAIL_SLOW_HOP,
    MAIL_DKIM_MISSING,
    MAIL_DKIM_FAILS,
    MAIL_SPF_FAILS,
    MAIL_DMARC_FAILS,
    MAIL_NO_INBOUND_PATH,
    INBOUND_TLS_UNVERIFIED,
    EXCHANGE_NOT_FOUND,
    PROVIDER_DISAGREES,
    AUTODISCOVER_WRONG_SERVICE,
    AUTODISCOVER_ON_WEBSITE,
    AUTODISCOVER_CERTIFICATE,
    AUTODISCOVER_REDIRECT_LOOP,
    AUTODISCOVER_NOT_FOUND,
    IMAP_ALERT,
    ACCOUNT_LOCKED,
};

/* Calls `visit` for every script of every act, in the order of the tables. */
static void walk(void (*visit)(enum act act, const struct step *script))
{
    for (enum act act = 0; act < ACT_COUNT; act++) {
        const struct part *part = act_row(act)->part;
        for (size_t i = 0; part->scripts[i] != NULL; i++)
            visit(act, part->scripts[i]);
    }
}

static bool has_step(const struct step *script, enum step_kind kind)
{
    for (; script->kind != STEP_END; script++)
        if (script->kind == kind)
            return true;
    return false;
}

static bool says(const struct step *step)
{
    return step->kind == STEP_SAY || step->kind == STEP_SAY_SECRET;
}

static void find_end(enum act act, const struct step *script)
{
    size_t count = 0;
    while (count < STEPS_MAX && script[count].kind != STEP_END)
        count++;
    if (count == 0 || count == STEPS_MAX)
        fail_msg("a script of act %u has no end, or nothing else", act);
}

static void every_script_ends(void **state)
{
    (void)state;
    walk(find_end);
}

static void look_at_row(enum act act, const struct step *script)
{
    for (const struct step *step = script; step->kind != STEP_END; step++) {
        bool judges = step->kind == STEP_JUDGE || step->kind == STEP_NOTE;
        assert_non_null(step->text);
        assert_int_equal(step->judge != NULL,
                         judges || step->kind == STEP_LEARN || step->kind == STEP_ENQUIRE);
        if ((judges || step->kind == STEP_HEAR) && step->otherwise == NO_FINDING)
            fail_msg("act %u: \"%s\" fails and names no finding", act, step->text);
    }
}

static void every_row_that_can_fail_names_a_finding(void **state)
{
    (void)state;
    walk(look_at_row);
}

static void listen_for_replies(enum act act, const struct step *script)
{
    bool owes_reply = false;
    for (const struct step *step = script; step->kind != STEP_END; step++) {
        if (says(step) && owes_reply)
            fail_msg("act %u says \"%s\" before it has heard the last reply", act, step->text);
        owes_reply = says(step) || (owes_reply && step->kind != STEP_HEAR);
    }
    assert_false(owes_reply);
}

static void nothing_is_said_before_the_last_reply_was_heard(void **state)
{
    (void)state;
    walk(listen_for_replies);
}

/* Names may have to be asked before it is known whether there is anybody to connect to. */
static const struct step *first_that_does_more_than_ask(const struct part *part)
{
    const struct step *script = part->scripts[0];
    bool asks = script[0].kind == STEP_ENQUIRE && script[1].kind == STEP_END;
    return asks ? part->scripts[1] : script;
}

static void look_for_connection(enum act act, const struct step *script)
{
    bool first = act == 0 || act_row(act - 1)->service != act_row(act)->service;
    bool begins = script == first_that_does_more_than_ask(act_row(act)->part);
    if (act_row(act)->service == SERVICE_DNS) {
        assert_false(has_step(script, STEP_DIAL) || has_step(script, STEP_SAY));
        return;
    }
    if (first && begins)
        assert_true(has_step(script, STEP_LOCATE) && has_step(script, STEP_DIAL));
    bool dials = has_step(script, STEP_DIAL);
    for (const struct step *step = script; dials && step->kind != STEP_DIAL; step++)
        if (says(step) || step->kind == STEP_HEAR || step->kind == STEP_SECURE)
            fail_msg("act %u: \"%s\" comes before there is a connection", act, step->text);
}

static void nothing_is_said_before_there_is_a_connection(void **state)
{
    (void)state;
    walk(look_for_connection);
}

/* A script that connects to where secrets are spoken secures the connection, and speaks none
 * itself. */
static void look_for_secret(enum act act, const struct step *script)
{
    bool speaks = has_step(script, STEP_SAY_SECRET);
    bool dials = has_step(script, STEP_DIAL);
    if (speaks && act_row(act)->speaks == SPEAKS_NO_SECRET)
        fail_msg("act %u speaks a secret and does not tell", act);
    assert_false(speaks && dials);
    bool never_told = act_row(act)->service == SERVICE_MX || act_row(act)->service == SERVICE_REACH;
    /* A redirection on the plain web: asked for, heard, and left. */
    bool asks_once = act_row(act)->service == SERVICE_AUTODISCOVER && has_step(script, STEP_SAY);
    if (dials && !never_told && !asks_once)
        assert_true(has_step(script, STEP_SECURE));
    assert_false(speaks && never_told);
}

static void no_secret_is_spoken_before_the_wire_is_secured(void **state)
{
    (void)state;
    walk(look_for_secret);
}

static void compare_holes(enum act act, const struct step *script)
{
    static const char *const secret_holes[] = { "{plain}",
                                                "{login64}",
                                                "{login-form}",
                                                "{login-quoted}",
                                                "{secret64}",
                                                "{secret-form}",
                                                "{secret-quoted}",
                                                "{basic}",
                                                "{bearer}",
                                                "{xoauth2}",
                                                "{secret}",
                                                "{secret-json}",
                                                "{application-form}",
                                                "{login}" };
    for (const struct step *step = script; step->kind != STEP_END; step++) {
        bool any = false;
        for (size_t i = 0; i < sizeof secret_holes / sizeof *secret_holes; i++)
            any = any || strstr(step->text, secret_holes[i]) != NULL;
        if (any != (step->kind == STEP_SAY_SECRET))
            fail_msg("act %u: \"%s\" is of the wrong kind for what it says", act, step->text);
    }
}

static void secrets_are_spoken_by_one_kind_of_step_only(void **state)
{
    (void)state;
    walk(compare_holes);
}

static bool named[FINDING_COUNT];

static void note_findings(enum act act, const struct step *script)
{
    (void)act;
    for (const struct step *step = script; step->kind != STEP_END; step++) {
        named[step->otherwise] = true;
        for (const struct meaning *meaning = step->meanings;
             meaning != NULL && meaning->pattern != NULL; meaning++)
            named[meaning->finding] = true;
    }
}

static void every_finding_of_the_catalogue_can_be_found(void **state)
{
    (void)state;
    walk(note_findings);
    for (size_t i = 0; i < sizeof raised_by_code / sizeof *raised_by_code; i++)
        named[raised_by_code[i]] = true;
    for (enum finding finding = NO_FINDING + 1; finding < FINDING_COUNT; finding++)
        if (!named[finding])
            fail_msg("nothing finds %s", finding_row(finding)->slug);
}

/* The first row that matches wins: a row behind a wider one would never be reached. */
static void look_at_meanings(enum act act, const struct step *script)
{
    for (const struct step *step = script; step->kind != STEP_END; step++)
        for (const struct meaning *meaning = step->meanings;
             meaning != NULL && meaning->pattern != NULL; meaning++)
            for (const struct meaning *later = meaning + 1; later->pattern != NULL; later++)
                if (strcmp(later->pattern, meaning->pattern) == 0)
                    fail_msg("act %u: \"%s\" is twice in one table", act, later->pattern);
}

static void no_meaning_stands_behind_itself(void **state)
{
    (void)state;
    walk(look_at_meanings);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_script_ends),
        cmocka_unit_test(every_row_that_can_fail_names_a_finding),
        cmocka_unit_test(nothing_is_said_before_the_last_reply_was_heard),
        cmocka_unit_test(nothing_is_said_before_there_is_a_connection),
        cmocka_unit_test(no_secret_is_spoken_before_the_wire_is_secured),
        cmocka_unit_test(secrets_are_spoken_by_one_kind_of_step_only),
        cmocka_unit_test(every_finding_of_the_catalogue_can_be_found),
        cmocka_unit_test(no_meaning_stands_behind_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
