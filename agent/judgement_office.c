/* SPDX-License-Identifier: MIT */
#include "judgement_office.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static bool is_open(const struct ledger *ledger, enum check check)
{
    const struct entry *entry = &ledger->checks[check];
    return entry->asked && entry->status == STATUS_PENDING;
}

static void ok_if_open(struct ledger *ledger, enum check check)
{
    if (is_open(ledger, check))
        ledger_ok(ledger, check);
}

/* ---- what nothing can be seen through ---- */

/* What a run hears where nothing gets through. */
static const enum finding silences[] = {
    SERVICE_TIMED_OUT, SERVICE_UNREACHABLE,  SERVICE_REFUSED,
    SERVICE_CLOSED,    DNS_TIMED_OUT,        DNS_SERVFAIL,
    DNS_REFUSED,       OFFICE_RESOLVER_DEAD, OFFICE_RESOLVER_PARTLY_DEAD,
};

static bool is_silence(enum finding finding)
{
    for (size_t i = 0; i < COUNT(silences); i++)
        if (silences[i] == finding)
            return true;
    return false;
}

static bool stands_above(enum check check)
{
    return check == OFFICE_RESOLVER || check_row(check)->layer > LAYER_ISP;
}

/* What a check knows, came through what shuts off: it is as if it had not been asked. */
static void unlearn(struct ledger *ledger, check_set checks)
{
    for (enum check check = 0; check < CHECK_COUNT; check++) {
        struct entry *entry = &ledger->checks[check];
        bool unanswered = entry->status == STATUS_UNKNOWN && entry->reason == REASON_NO_ANSWER;
        if (!(checks & CHECK_BIT(check)) && !(unanswered && stands_above(check)))
            continue;
        entry->status = STATUS_PENDING;
        entry->reason = REASON_NONE;
        entry->passed = false;
    }
}

/* Takes back what was heard of those above, all of it or the silences, and skips them. */
static void blame(struct ledger *ledger, enum check cause, bool all)
{
    check_set heard = 0;
    size_t i = 0;
    while (i < ledger->raised_count) {
        const struct raised *raised = &ledger->raised[i];
        if (!stands_above(raised->check) || !(all || is_silence(raised->finding))) {
            i++;
            continue;
        }
        heard |= CHECK_BIT(raised->check);
        ledger_withdraw(ledger, raised); /* another one is at i now */
    }
    unlearn(ledger, all ? heard : 0);
    for (enum check check = 0; check < CHECK_COUNT; check++)
        if (check != cause && check != DEVICE_CLOCK && is_open(ledger, check))
            ledger_skip(ledger, check, cause);
}

/* ---- links ---- */

static const char *link_words(const struct link_facts *link)
{
    if (!link->address)
        return link->up ? "no address" : "no link";
    return link->route ? "address and default route" : "address, no default route";
}

static bool has_address(const struct ground *ground)
{
    return ground->link[FAMILY_V4].address || ground->link[FAMILY_V6].address;
}

static void tell_links(struct ledger *ledger, const struct ground *ground)
{
    ledger_fact(ledger, OFFICE_LINK, "ipv4", "%s", link_words(&ground->link[FAMILY_V4]));
    ledger_fact(ledger, OFFICE_LINK, "ipv6", "%s", link_words(&ground->link[FAMILY_V6]));
}

static void blame_link(struct ledger *ledger, const struct ground *ground)
{
    enum finding finding = has_address(ground) ? OFFICE_NO_ROUTE : OFFICE_NO_LINK;
    (void)ledger_raise(ledger, finding, OFFICE_LINK, SERVICE_DNS, "", "", FAMILY_V4,
                       slice_of(link_words(&ground->link[FAMILY_V4]))); /* a full ledger counts
                                                                           what it dropped */
    blame(ledger, OFFICE_LINK, false);
}

bool judgement_no_link(struct ledger *ledger, const struct ground *ground)
{
    if (has_address(ground))
        return false;
    tell_links(ledger, ground);
    blame_link(ledger, ground);
    return true;
}

bool judgement_missed_any(const struct ledger *ledger, const struct ground *ground)
{
    for (size_t i = 0; i < ground->attempt_count; i++) {
        const struct attempt *attempt = &ground->attempts[i];
        if (attempt->service != SERVICE_REACH && attempt->end != ATTEMPT_NONE &&
            attempt->end != ATTEMPT_REACHED)
            return true;
    }
    for (size_t i = 0; i < ledger->raised_count; i++)
        if (is_silence(ledger->raised[i].finding))
            return true;
    return false;
}

/* Routes may stand in other tables than the main one, and all that is wanted may be on this device:
 * only where something was tried and nothing reached is their absence a fault. */
static void judge_link(struct ledger *ledger, const struct ground *ground)
{
    bool routed = ground->link[FAMILY_V4].route || ground->link[FAMILY_V6].route;
    if (!is_open(ledger, OFFICE_LINK))
        return;
    tell_links(ledger, ground);
    if ((routed && has_address(ground)) || ground_reached_any(ground) ||
        !judgement_missed_any(ledger, ground))
        ledger_ok(ledger, OFFICE_LINK);
    else
        blame_link(ledger, ground);
}

/* ---- the internet line ---- */

static size_t count_controls(const struct ground *ground, bool reached)
{
    size_t count = 0;
    for (size_t i = 0; i < ground->attempt_count; i++) {
        const struct attempt *attempt = &ground->attempts[i];
        bool ended = attempt->service == SERVICE_REACH && attempt->end != ATTEMPT_NONE;
        count += ended && (attempt->end == ATTEMPT_REACHED) == reached ? 1 : 0;
    }
    return count;
}

/* Who is turned away was heard: a line that is down turns nobody away. */
static bool account_was_refused(const struct ground *ground)
{
    bool any = false;
    for (size_t i = 0; i < ground->attempt_count; i++) {
        const struct attempt *attempt = &ground->attempts[i];
        if (attempt->service == SERVICE_REACH || attempt->end == ATTEMPT_NONE)
            continue;
        if (attempt->end != ATTEMPT_REFUSED)
            return false;
        any = true;
    }
    return any;
}

/* What is heard through a portal, or of nobody, tells nothing of those above. */
static bool is_shut_off(const struct ledger *ledger)
{
    return ledger_find(ledger, OFFICE_CAPTIVE_PORTAL, CHECK_COUNT) != NULL ||
           ledger_find(ledger, ISP_INTERNET_DOWN, CHECK_COUNT) != NULL ||
           ledger_find(ledger, OFFICE_NO_ROUTE, CHECK_COUNT) != NULL ||
           ledger_find(ledger, OFFICE_NO_LINK, CHECK_COUNT) != NULL;
}

/* Nothing but this was asked: what the controls say is all there is. */
static bool is_all_there_is(const struct ledger *ledger)
{
    for (enum check check = 0; check < CHECK_COUNT; check++)
        if (check_row(check)->layer > LAYER_ISP && ledger->checks[check].asked)
            return false;
    return true;
}

static void judge_line(struct ledger *ledger, const struct ground *ground)
{
    size_t reached = count_controls(ground, true), missed = count_controls(ground, false);
    if (reached + missed > 0)
        ledger_fact(ledger, ISP_REACH, "targets_reached", "%zu of %zu", reached, reached + missed);
    if (ledger_find(ledger, OFFICE_CAPTIVE_PORTAL, CHECK_COUNT) != NULL) {
        blame(ledger, OFFICE_MIDDLEBOX, true);
        return;
    }
    if (ground_reached_any(ground)) {
        ok_if_open(ledger, ISP_REACH);
        return;
    }
    if (missed == 0 || !is_open(ledger, ISP_REACH) || account_was_refused(ground) ||
        !(judgement_missed_any(ledger, ground) || is_all_there_is(ledger)))
        return;
    (void)ledger_raise(ledger, ISP_INTERNET_DOWN, ISP_REACH, SERVICE_REACH, "", "", FAMILY_V4,
                       SLICE("")); /* a full ledger counts what it dropped */
    blame(ledger, ISP_REACH, false);
}

/* ---- middleboxes ---- */

/* Firewalls that open TLS sign with an authority of their own. (Sign-in pages show one certificate
 * that they signed themselves, and servers that send too little name a public one: these are other
 * matters.) */
static bool is_privately_signed(const struct attempt *attempt)
{
    return attempt->shown && attempt->verdict == TRUST_UNKNOWN_ROOT &&
           attempt->certificate->issuer[0] != '\0';
}

/* Somebody unrelated whose certificate has the same signer. */
static const struct attempt *same_signer(const struct ground *ground, const struct attempt *a)
{
    for (size_t i = 0; i < ground->attempt_count; i++) {
        const struct attempt *b = &ground->attempts[i];
        if (is_privately_signed(b) && ground_unrelated(a->host, b->host) &&
            strcmp(a->certificate->issuer, b->certificate->issuer) == 0)
            return b;
    }
    return NULL;
}

static const struct raised *untrusted_at(const struct ledger *ledger, const char *host)
{
    for (size_t i = 0; i < ledger->raised_count; i++) {
        const struct raised *raised = &ledger->raised[i];
        const char *at = raised->params.value[PARAM_HOST];
        if (raised->finding == TLS_UNTRUSTED && at != NULL && strcmp(at, host) == 0)
            return raised;
    }
    return NULL;
}

/* One signer for the certificates of two unrelated hosts is neither's: it sits in between. */
static void judge_interception(struct ledger *ledger, const struct ground *ground)
{
    for (size_t i = 0; i < ground->attempt_count; i++) {
        const struct attempt *attempt = &ground->attempts[i], *other;
        if (!is_privately_signed(attempt))
            continue;
        const struct raised *raised = untrusted_at(ledger, attempt->host);
        other = same_signer(ground, attempt);
        if (raised == NULL || other == NULL)
            continue;
        struct raised *root =
            ledger_conclude(ledger, OFFICE_TLS_INTERCEPTED, OFFICE_MIDDLEBOX, raised);
        if (root != NULL)
            root->params.value[PARAM_OTHER] = other->host;
        return;
    }
}

/* A provider that is known offers STARTTLS on submission: where the offer is missing, something on
   the way took it out. */
static void judge_inspection(struct ledger *ledger, const struct profile *profile)
{
    bool known = strcmp(profile->name, "generic") != 0;
    const struct raised *stripped = ledger_find(ledger, SMTP_NO_STARTTLS, TLS_SUBMISSION);
    if (known && stripped != NULL)
        ledger_replace(ledger, stripped, OFFICE_SMTP_INSPECTION);
    const struct raised *seen = ledger_find(ledger, OFFICE_SMTP_INSPECTION, CHECK_COUNT);
    if (seen != NULL && ledger->checks[OFFICE_MIDDLEBOX].asked)
        (void)ledger_conclude(ledger, OFFICE_SMTP_INSPECTION, OFFICE_MIDDLEBOX,
                              seen); /* a full ledger counts what it dropped */
}

static void judge_middlebox(struct ledger *ledger, const struct ground *ground,
                            const struct profile *profile)
{
    judge_inspection(ledger, profile);
    judge_interception(ledger, ground);
    if (ground_reached_any(ground))
        ok_if_open(ledger, OFFICE_MIDDLEBOX);
}

void judgement_office(struct ledger *ledger, const struct ground *ground,
                      const struct profile *profile)
{
    judgement_clock(ledger, ground);
    judge_link(ledger, ground);
    judge_line(ledger, ground);
    if (is_shut_off(ledger))
        return;
    judge_middlebox(ledger, ground, profile);
    judgement_egress(ledger, ground);
}

/* ---- the resolver ---- */

static bool asks_resolver(enum check check)
{
    return (check_row(check)->needs & CHECK_BIT(OFFICE_RESOLVER)) != 0;
}

/* True when questions were asked and not one was answered: silence is all that was heard. */
static bool resolver_is_silent(const struct ledger *ledger)
{
    for (enum check i = 0; i < CHECK_COUNT; i++)
        if (asks_resolver(i) && (ledger->checks[i].passed || ledger_passed(ledger, i)))
            return false;
    for (size_t i = 0; i < ledger->raised_count; i++)
        if (asks_resolver(ledger->raised[i].check) && ledger->raised[i].finding != DNS_TIMED_OUT)
            return false;
    return ledger_find(ledger, DNS_TIMED_OUT, CHECK_COUNT) != NULL;
}

static const enum finding resolver_effects[] = { DNS_SERVFAIL, DNS_REFUSED, DNS_TIMED_OUT };

static const struct raised *first_effect(const struct ledger *ledger)
{
    const struct raised *raised = NULL;
    for (size_t i = 0; raised == NULL && i < COUNT(resolver_effects); i++)
        raised = ledger_find(ledger, resolver_effects[i], CHECK_COUNT);
    return raised;
}

/* With such a resolver nothing was asked of anybody: the silence, or the error, is its own, not
 * that of the names. */
static void blame_resolver(struct ledger *ledger, enum finding finding)
{
    const struct raised *effect = first_effect(ledger);
    if (effect != NULL)
        (void)ledger_conclude(ledger, finding, OFFICE_RESOLVER, effect); /* as above */
    while ((effect = first_effect(ledger)) != NULL) {
        enum check check = effect->check;
        ledger_withdraw(ledger, effect);
        ledger_skip(ledger, check, OFFICE_RESOLVER);
    }
    for (enum check i = 0; i < CHECK_COUNT; i++)
        if (asks_resolver(i) && ledger->checks[i].asked)
            ledger_skip(ledger, i, OFFICE_RESOLVER);
}

/* True when nothing but errors came back, for the mail domain and for a host of the provider, whose
 * zones have nothing to do with each other. */
static bool resolver_fails_always(const struct ledger *ledger)
{
    bool domain = false, host = false;
    for (enum check i = 0; i < CHECK_COUNT; i++)
        if (asks_resolver(i) && (ledger->checks[i].passed || ledger_passed(ledger, i)))
            return false;
    for (size_t i = 0; i < ledger->raised_count; i++) {
        const struct raised *raised = &ledger->raised[i];
        bool error = raised->finding == DNS_SERVFAIL || raised->finding == DNS_REFUSED;
        if (!asks_resolver(raised->check))
            continue;
        if (!error && raised->finding != DNS_TIMED_OUT)
            return false;
        domain = domain || (error && raised->check == DNS_MX);
        host = host || (error && check_row(raised->check)->layer == LAYER_PROVIDER);
    }
    return domain && host;
}

static void judge_resolver(struct ledger *ledger)
{
    bool dead = ledger_find(ledger, OFFICE_RESOLVER_DEAD, CHECK_COUNT) != NULL;
    bool open = ledger->checks[OFFICE_RESOLVER].status == STATUS_PENDING;
    if (dead || (open && resolver_is_silent(ledger)))
        blame_resolver(ledger, OFFICE_RESOLVER_DEAD);
    else if (open && resolver_fails_always(ledger))
        blame_resolver(ledger, OFFICE_RESOLVER_FAILS);
    else if (open && ledger->checks[OFFICE_RESOLVER].asked)
        ledger_ok(ledger, OFFICE_RESOLVER);
}

void judgement_office_rest(struct ledger *ledger)
{
    judgement_clock_rest(ledger);
    judge_resolver(ledger);
    judgement_families(ledger);
}
