/* SPDX-License-Identifier: MIT */
#include "judgement.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const enum check logins[] = { WEBMAIL_LOGIN, IMAP_LOGIN, SUBMISSION_LOGIN };

static const struct {
    enum finding finding;
    enum check check;
} refusals[] = {
    { WEBMAIL_LOGIN_REFUSED, WEBMAIL_LOGIN },
    { IMAP_LOGIN_REFUSED, IMAP_LOGIN },
    { SUBMISSION_LOGIN_REFUSED, SUBMISSION_LOGIN },
};

/* ---- small questions ---- */

/* Records what follows from `source`: its evidence and params, but no step of its own. */
static struct raised *conclude(struct ledger *ledger, enum finding finding, enum check check,
                               const struct raised *source)
{
    const struct raised from = *source;
    struct raised *raised =
        ledger_raise(ledger, finding, check, from.service, "", "", from.family, SLICE(""));
    if (raised == NULL)
        return NULL;
    raised->evidence = from.evidence;
    raised->evidence.step = "";
    raised->params = from.params;
    return raised;
}

static void replace(struct ledger *ledger, const struct raised *old, enum finding finding)
{
    const struct raised from = *old;
    ledger_withdraw(ledger, old);
    (void)conclude(ledger, finding, from.check, &from); /* there is room: one was just given back */
}

/* A refusal that was turned into "switched off" makes its check a warning, but is no acceptance. */
static bool accepted(const struct ledger *ledger, enum check login)
{
    return ledger_passed(ledger, login) && ledger_find(ledger, LOGIN_DISABLED, login) == NULL;
}

static bool accepted_by_any(const struct ledger *ledger)
{
    for (size_t i = 0; i < COUNT(logins); i++)
        if (accepted(ledger, logins[i]))
            return true;
    return false;
}

static const struct raised *first_refusal(const struct ledger *ledger)
{
    for (size_t i = 0; i < COUNT(refusals); i++) {
        const struct raised *raised = ledger_find(ledger, refusals[i].finding, refusals[i].check);
        if (raised != NULL)
            return raised;
    }
    return NULL;
}

/* Why an account.* check cannot be decided. */
static enum reason undecided(const struct ledger *ledger)
{
    for (size_t i = 0; i < COUNT(logins); i++)
        if (ledger->checks[logins[i]].asked)
            return REASON_TOO_LITTLE_EVIDENCE;
    return REASON_NOT_ASKED;
}

/* ---- this device and the resolver ---- */

static void judge_clock(struct ledger *ledger)
{
    if (ledger->checks[DEVICE_CLOCK].status != STATUS_PENDING)
        return;
    if (port_wall_trusted())
        ledger_ok(ledger, DEVICE_CLOCK);
    else
        (void)ledger_raise(ledger, DEVICE_CLOCK_UNSET, DEVICE_CLOCK, SERVICE_DNS, "", "", FAMILY_V4,
                           SLICE("")); /* a full ledger counts what it dropped */
}

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

/* With a dead resolver nothing was asked of anybody: the silence is its own, not that of the names.
 */
static void blame_resolver(struct ledger *ledger)
{
    const struct raised *silent = ledger_find(ledger, DNS_TIMED_OUT, CHECK_COUNT);
    if (silent != NULL)
        (void)conclude(ledger, OFFICE_RESOLVER_DEAD, OFFICE_RESOLVER, silent); /* as above */
    while ((silent = ledger_find(ledger, DNS_TIMED_OUT, CHECK_COUNT)) != NULL) {
        enum check check = silent->check;
        ledger_withdraw(ledger, silent);
        ledger_skip(ledger, check, OFFICE_RESOLVER);
    }
    for (enum check i = 0; i < CHECK_COUNT; i++)
        if (asks_resolver(i) && ledger->checks[i].asked)
            ledger_skip(ledger, i, OFFICE_RESOLVER);
}

static void judge_resolver(struct ledger *ledger)
{
    bool dead = ledger_find(ledger, OFFICE_RESOLVER_DEAD, CHECK_COUNT) != NULL;
    bool open = ledger->checks[OFFICE_RESOLVER].status == STATUS_PENDING;
    if (dead || (open && resolver_is_silent(ledger)))
        blame_resolver(ledger);
    else if (open && ledger->checks[OFFICE_RESOLVER].asked)
        ledger_ok(ledger, OFFICE_RESOLVER);
}

/* ---- reaching servers ---- */

static bool never_reached(const struct raised *raised)
{
    return raised->finding == SERVICE_TIMED_OUT || raised->finding == SERVICE_UNREACHABLE ||
           raised->finding == SERVICE_REFUSED || raised->finding == SERVICE_CLOSED;
}

static bool same_host(const struct raised *a, const struct raised *b)
{
    const char *x = a->params.value[PARAM_HOST], *y = b->params.value[PARAM_HOST];
    return x != NULL && y != NULL && strcmp(x, y) == 0;
}

static bool down_on_v4_too(const struct ledger *ledger, const struct raised *raised)
{
    for (size_t i = 0; i < ledger->raised_count; i++) {
        const struct raised *other = &ledger->raised[i];
        if (other->family == FAMILY_V4 && other->check == raised->check && never_reached(other) &&
            same_host(raised, other))
            return true;
    }
    return false;
}

/* What a failure to connect means where another family, or another MX host, did connect. */
static enum finding lesser_meaning(const struct ledger *ledger, const struct raised *raised,
                                   enum family family)
{
    bool reaching = raised->check == TLS_WEBMAIL || raised->check == TLS_IMAP ||
                    raised->check == TLS_SUBMISSION || raised->check == TLS_MX;
    if (!reaching || raised->family != family || !never_reached(raised) ||
        !ledger->checks[raised->check].passed)
        return NO_FINDING;
    if (family == FAMILY_V6 && !down_on_v4_too(ledger, raised))
        return OFFICE_IPV6_BROKEN;
    return raised->check == TLS_MX ? INBOUND_HOST_DOWN : NO_FINDING;
}

static void soften(struct ledger *ledger, enum family family)
{
    size_t i = 0;
    while (i < ledger->raised_count) {
        const struct raised *raised = &ledger->raised[i];
        enum finding meaning = lesser_meaning(ledger, raised, family);
        if (meaning == NO_FINDING)
            i++;
        else
            replace(ledger, raised, meaning); /* another one is at i now */
    }
}

static bool every_mx_silent(const struct ledger *ledger)
{
    bool any = false;
    for (size_t i = 0; i < ledger->raised_count; i++) {
        const struct raised *raised = &ledger->raised[i];
        if (raised->check != TLS_MX)
            continue;
        if (!never_reached(raised) || raised->finding == SERVICE_CLOSED)
            return false;
        any = true;
    }
    return any && !ledger->checks[TLS_MX].passed;
}

static const struct raised *first_at(const struct ledger *ledger, enum check check)
{
    for (size_t i = 0; i < ledger->raised_count; i++)
        if (ledger->raised[i].check == check)
            return &ledger->raised[i];
    return NULL;
}

static void judge_port(struct ledger *ledger)
{
    bool elsewhere = ledger->checks[TLS_WEBMAIL].passed || ledger->checks[TLS_IMAP].passed ||
                     ledger->checks[TLS_SUBMISSION].passed;
    if (!elsewhere || !every_mx_silent(ledger))
        return;
    const struct raised source = *first_at(ledger, TLS_MX), *silent;
    while ((silent = first_at(ledger, TLS_MX)) != NULL)
        ledger_withdraw(ledger, silent);
    struct raised *raised = conclude(ledger, OFFICE_PORT_BLOCKED, TLS_MX, &source);
    if (raised != NULL)
        raised->params.value[PARAM_PORT] = "25";
}

unsigned judgement_busy_services(const struct ledger *ledger)
{
    uint32_t services = 0;
    unsigned count = 0;
    for (size_t i = 0; i < ledger->raised_count; i++)
        if (ledger->raised[i].finding == SERVICE_BUSY)
            services |= UINT32_C(1) << ledger->raised[i].service;
    for (; services != 0; services &= services - 1)
        count++;
    return count;
}

/* One busy server may be a limit on us; then an incident is only possible, and health not known. */
static void judge_health(struct ledger *ledger)
{
    const struct raised *busy = ledger_find(ledger, SERVICE_BUSY, CHECK_COUNT);
    struct entry *entry = &ledger->checks[PROVIDER_HEALTH];
    if (busy == NULL || ledger_find(ledger, PROVIDER_INCIDENT, CHECK_COUNT) != NULL)
        return;
    bool failed_before = entry->status == STATUS_FAILED;
    (void)conclude(ledger, PROVIDER_INCIDENT, PROVIDER_HEALTH, busy); /* as above */
    if (failed_before || judgement_busy_services(ledger) > 1)
        return;
    entry->status = STATUS_UNKNOWN;
    entry->unknown_for = PROVIDER_INCIDENT;
}

/* ---- the account ---- */

/* A protocol that refuses what another accepts has not judged the password: it is switched off. The
   refusal of submission means something else, see judge_sending. */
static void judge_disabled(struct ledger *ledger)
{
    static const size_t switchable[] = { 0, 1 }; /* webmail, IMAP */
    bool right = accepted_by_any(ledger);
    for (size_t i = 0; right && i < COUNT(switchable); i++) {
        const struct raised *raised =
            ledger_find(ledger, refusals[switchable[i]].finding, refusals[switchable[i]].check);
        if (raised != NULL)
            replace(ledger, raised, LOGIN_DISABLED);
    }
}

/* An account's state that a reply named outright belongs to its account.* check too. */
static bool mirrored(struct ledger *ledger, enum finding finding, enum check check)
{
    const struct raised *raised = ledger_find(ledger, finding, CHECK_COUNT);
    if (raised == NULL)
        return false;
    if (ledger_find(ledger, finding, check) == NULL)
        (void)conclude(ledger, finding, check, raised); /* a full ledger counts what it dropped */
    return true;
}

/* The provider took responsibility for the test mail, whatever became of it. */
static bool mail_was_accepted(const struct ledger *ledger)
{
    const struct raised *lost = ledger_find(ledger, MAIL_NOT_SENT, MAIL_SEND);
    bool lost_later = lost != NULL && lost->service != SERVICE_SUBMISSION;
    return ledger_passed(ledger, MAIL_SEND) || lost_later ||
           ledger_find(ledger, MAIL_BOUNCED, MAIL_SEND) != NULL;
}

static void judge_sending(struct ledger *ledger)
{
    const struct raised *refused = ledger_find(ledger, SUBMISSION_LOGIN_REFUSED, SUBMISSION_LOGIN);
    bool right = accepted(ledger, WEBMAIL_LOGIN) || accepted(ledger, IMAP_LOGIN);
    if (mirrored(ledger, ACCOUNT_BLOCKED_FOR_SPAM, ACCOUNT_SENDING))
        return;
    if (refused != NULL && right)
        (void)conclude(ledger, ACCOUNT_BLOCKED_FOR_SPAM, ACCOUNT_SENDING, refused); /* as above */
    else if (mail_was_accepted(ledger))
        ledger_ok(ledger, ACCOUNT_SENDING);
    else
        ledger_unknown(ledger, ACCOUNT_SENDING,
                       ledger->checks[MAIL_SEND].asked ? undecided(ledger) : REASON_NOT_ASKED);
}

static void judge_subscription(struct ledger *ledger)
{
    const struct raised *refused = first_refusal(ledger);
    const struct raised *rcpt = ledger_find(ledger, INBOUND_RCPT_REFUSED, CHECK_COUNT);
    bool lets_in = accepted_by_any(ledger);
    if (mirrored(ledger, ACCOUNT_SUBSCRIPTION_EXPIRED, ACCOUNT_SUBSCRIPTION))
        return;
    if (refused != NULL && !lets_in && rcpt != NULL)
        (void)conclude(ledger, ACCOUNT_SUBSCRIPTION_EXPIRED, ACCOUNT_SUBSCRIPTION,
                       rcpt); /* as above */
    else if (lets_in || (refused != NULL && ledger_passed(ledger, INBOUND_SMTP)))
        ledger_ok(ledger, ACCOUNT_SUBSCRIPTION);
    else
        ledger_unknown(ledger, ACCOUNT_SUBSCRIPTION, undecided(ledger));
}

static void judge_lock(struct ledger *ledger, const struct profile *profile,
                       const struct budget *budget)
{
    const struct raised *refused = first_refusal(ledger);
    bool lets_in = accepted_by_any(ledger);
    bool suspicious = refused != NULL && !lets_in && ledger_passed(ledger, INBOUND_SMTP) &&
                      budget->accepted_ms != 0;
    if (suspicious)
        (void)conclude(ledger, ACCOUNT_LOCKED, ACCOUNT_LOCK, refused); /* as above */
    else if (!mirrored(ledger, ACCOUNT_LOCKED, ACCOUNT_LOCK) && lets_in)
        ledger_ok(ledger, ACCOUNT_LOCK);
    else
        ledger_unknown(ledger, ACCOUNT_LOCK, undecided(ledger));
    for (size_t i = 0; i < ledger->raised_count; i++)
        if (ledger->raised[i].finding == ACCOUNT_LOCKED && profile->lockout_minutes > 0)
            ledger->raised[i].params.value[PARAM_MINUTES] =
                text_format(ledger->arena, "%d", profile->lockout_minutes);
}

/* ---- in order ---- */

static void settle(struct ledger *ledger)
{
    for (enum check i = 0; i < CHECK_COUNT; i++) {
        struct entry *entry = &ledger->checks[i];
        if (entry->status == STATUS_PENDING)
            ledger_unknown(ledger, i, entry->asked ? REASON_TOO_LITTLE_EVIDENCE : REASON_NOT_ASKED);
        if (entry->status != STATUS_SKIPPED || entry->because == CHECK_COUNT)
            continue;
        const struct entry *cause = &ledger->checks[entry->because];
        if (cause->status == STATUS_SKIPPED && cause->because != CHECK_COUNT)
            entry->because = cause->because; /* the one that really stopped it */
    }
}

void judgement_pass(struct ledger *ledger, const struct profile *profile,
                    const struct budget *budget)
{
    judge_clock(ledger);
    judge_resolver(ledger);
    soften(ledger, FAMILY_V6); /* first: it looks at what failed over IPv4 */
    soften(ledger, FAMILY_V4);
    judge_port(ledger);
    judge_health(ledger);
    judge_disabled(ledger);
    judge_sending(ledger);
    judge_subscription(ledger);
    judge_lock(ledger, profile, budget);
    settle(ledger);
}
