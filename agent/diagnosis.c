/* SPDX-License-Identifier: MIT */
#include "diagnosis.h"

#include "judgement.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define ANYWHERE     0
#define ANYTHING     NO_FINDING
#define MX_SIDE      (CHECK_BIT(TLS_MX) | CHECK_BIT(INBOUND_SMTP) | CHECK_BIT(MAIL_RECEIVE))
#define DELIVERY     (CHECK_BIT(MAIL_SEND) | CHECK_BIT(MAIL_RECEIVE))

/* ---- what explains what ---- */

/* Whether the outgoing mail went to the very mailbox that was watched: lost once, not twice. */
static bool sent_to_itself(const struct ledger *ledger)
{
    const struct raised *lost = ledger_find(ledger, MAIL_NOT_SENT, MAIL_SEND);
    const struct entry *entry = &ledger->checks[MAIL_SEND];
    const char *address = lost != NULL ? lost->params.value[PARAM_ADDRESS] : NULL;
    if (lost == NULL || lost->service == SERVICE_PEER_IMAP || lost->service == SERVICE_SUBMISSION)
        return false;
    for (size_t i = 0; i < entry->fact_count; i++)
        if (strcmp(entry->facts[i].name, "to") == 0 && address != NULL)
            return slice_equal_nocase(slice_of(entry->facts[i].value), slice_of(address));
    return true;
}

static bool received_another_way(const struct ledger *ledger)
{
    return ledger_passed(ledger, MAIL_RECEIVE);
}

/* A finding that another one explains is no root. */
static const struct explanation {
    enum finding cause;
    enum finding effect; /* ANYTHING: every other finding of the checks `where` */
    check_set where;     /* of the effect; ANYWHERE */
    bool (*only_if)(const struct ledger *ledger);
} explanations[] = {
    /* clang-format off */
    { DEVICE_CLOCK_UNSET,           TLS_EXPIRED,               ANYWHERE, NULL },
    { DEVICE_CLOCK_UNSET,           TLS_EXPIRES_SOON,          ANYWHERE, NULL },
    { DEVICE_CLOCK_UNSET,           TLS_NOT_YET_VALID,         ANYWHERE, NULL },
    { OFFICE_RESOLVER_DEAD,         DNS_TIMED_OUT,             ANYWHERE, NULL },
    { OFFICE_PORT_BLOCKED,          MAIL_NO_INBOUND_PATH,      ANYWHERE, NULL },
    { OFFICE_PORT_BLOCKED,          OFFICE_PORT_BLOCKED,       ANYWHERE, received_another_way },
    { INBOUND_CLIENT_REFUSED,       MAIL_NO_INBOUND_PATH,      ANYWHERE, NULL },
    { INBOUND_CLIENT_REFUSED,       INBOUND_CLIENT_REFUSED,    ANYWHERE, received_another_way },
    { DNS_DOMAIN_MISSING,           DNS_MX_MISSING,            ANYWHERE, NULL },
    { DNS_DOMAIN_MISSING,           DNS_SRV_MISSING,           ANYWHERE, NULL },
    { DNS_DOMAIN_MISSING,           ANYTHING,                  MX_SIDE,  NULL },
    { DNS_MX_MISSING,               ANYTHING,                  MX_SIDE,  NULL },
    { DNS_MX_FOREIGN,               ANYTHING,                  MX_SIDE,  NULL },
    { DNS_MX_DANGLING,              ANYTHING,                  MX_SIDE,  NULL },
    { PROVIDER_INCIDENT,            SERVICE_BUSY,              ANYWHERE, NULL },
    { PROVIDER_INCIDENT,            LOGIN_MAILBOX_UNREACHABLE, ANYWHERE, NULL },
    { PROVIDER_INCIDENT,            MAIL_NOT_SENT,             ANYWHERE, NULL },
    { WEBMAIL_LOGIN_REFUSED,        IMAP_LOGIN_REFUSED,        ANYWHERE, NULL },
    { WEBMAIL_LOGIN_REFUSED,        SUBMISSION_LOGIN_REFUSED,  ANYWHERE, NULL },
    { IMAP_LOGIN_REFUSED,           SUBMISSION_LOGIN_REFUSED,  ANYWHERE, NULL },
    { LOGIN_PASSWORD_EXPIRED,       WEBMAIL_LOGIN_REFUSED,     ANYWHERE, NULL },
    { LOGIN_PASSWORD_EXPIRED,       IMAP_LOGIN_REFUSED,        ANYWHERE, NULL },
    { LOGIN_PASSWORD_EXPIRED,       SUBMISSION_LOGIN_REFUSED,  ANYWHERE, NULL },
    { WEBMAIL_MAILBOX_UNAVAILABLE,  IMAP_LOGIN_REFUSED,        ANYWHERE, NULL },
    { WEBMAIL_MAILBOX_UNAVAILABLE,  SUBMISSION_LOGIN_REFUSED,  ANYWHERE, NULL },
    { ACCOUNT_BLOCKED_FOR_SPAM,     SUBMISSION_LOGIN_REFUSED,  ANYWHERE, NULL },
    { ACCOUNT_BLOCKED_FOR_SPAM,     MAIL_NOT_SENT,             ANYWHERE, NULL },
    { ACCOUNT_BLOCKED_FOR_SPAM,     MAIL_BOUNCED,              ANYWHERE, NULL },
    { ACCOUNT_SUBSCRIPTION_EXPIRED, WEBMAIL_LOGIN_REFUSED,     ANYWHERE, NULL },
    { ACCOUNT_SUBSCRIPTION_EXPIRED, IMAP_LOGIN_REFUSED,        ANYWHERE, NULL },
    { ACCOUNT_SUBSCRIPTION_EXPIRED, SUBMISSION_LOGIN_REFUSED,  ANYWHERE, NULL },
    { ACCOUNT_SUBSCRIPTION_EXPIRED, INBOUND_RCPT_REFUSED,      ANYWHERE, NULL },
    { ACCOUNT_SUBSCRIPTION_EXPIRED, ANYTHING,                  DELIVERY, NULL },
    { ACCOUNT_LOCKED,               WEBMAIL_LOGIN_REFUSED,     ANYWHERE, NULL },
    { ACCOUNT_LOCKED,               IMAP_LOGIN_REFUSED,        ANYWHERE, NULL },
    { ACCOUNT_LOCKED,               SUBMISSION_LOGIN_REFUSED,  ANYWHERE, NULL },
    { ACCOUNT_QUOTA_FULL,           INBOUND_RCPT_REFUSED,      ANYWHERE, NULL },
    { ACCOUNT_QUOTA_FULL,           ANYTHING,                  DELIVERY, NULL },
    { INBOUND_RCPT_REFUSED,         MAIL_NOT_RECEIVED,         ANYWHERE, NULL },
    { MAIL_SENDER_REFUSED,          MAIL_NOT_SENT,             ANYWHERE, NULL },
    { ACCOUNT_SENDING_LIMIT,        MAIL_NOT_SENT,             ANYWHERE, NULL },
    { MAIL_BOUNCED,                 MAIL_NOT_SENT,             ANYWHERE, NULL },
    { MAIL_NOT_RECEIVED,            MAIL_NOT_SENT,             ANYWHERE, sent_to_itself },
    /* clang-format on */
};

static bool explains(const struct explanation *row, const struct ledger *ledger,
                     const struct raised *raised)
{
    if (row->effect == ANYTHING ? raised->finding == row->cause : raised->finding != row->effect)
        return false;
    if (row->where != ANYWHERE && (row->where & CHECK_BIT(raised->check)) == 0)
        return false;
    return ledger_find(ledger, row->cause, CHECK_COUNT) != NULL &&
           (row->only_if == NULL || row->only_if(ledger));
}

static bool is_explained(const struct ledger *ledger, const struct raised *raised)
{
    for (size_t i = 0; i < COUNT(explanations); i++)
        if (explains(&explanations[i], ledger, raised))
            return true;
    return false;
}

/* ---- how sure ---- */

/* Replies that name the block itself; "5.7.50?" is 5.7.501 to 5.7.509. */
static bool names_spam_block(const char *said)
{
    struct slice words = slice_of(said);
    size_t series = slice_find_nocase(words, "5.7.50");
    char next = series + 6 < words.len ? words.at[series + 6] : ' ';
    return (next >= '0' && next <= '9') || slice_has_nocase(words, "5.1.8") ||
           slice_has_nocase(words, "5.7.511") || slice_has_nocase(words, "5.7.705");
}

/* Concluded from servers that put us off, or told by a server itself. */
static enum confidence incident_confidence(const struct ledger *ledger, const struct raised *raised)
{
    if (raised->evidence.step[0] == '\0')
        return judgement_busy_services(ledger) > 1 ? CONFIDENCE_LIKELY : CONFIDENCE_POSSIBLE;
    bool outright = slice_has_nocase(slice_of(raised->evidence.said), "PRX");
    return outright ? CONFIDENCE_CERTAIN : CONFIDENCE_LIKELY;
}

static enum confidence expiry_confidence(const struct raised *raised, const struct budget *budget)
{
    bool worked_once = budget->accepted_ms != 0;
    bool named = slice_has_nocase(slice_of(raised->evidence.said), "5.2.1");
    return worked_once || named ? CONFIDENCE_LIKELY : CONFIDENCE_POSSIBLE;
}

/* The peer's word is clear, but more than one thing makes it say so. */
static const enum finding ambiguous[] = {
    TLS_UNTRUSTED,  WEBMAIL_LOGIN_REFUSED, IMAP_LOGIN_REFUSED, SUBMISSION_LOGIN_REFUSED,
    LOGIN_DISABLED, ACCOUNT_LOCKED,        MAIL_NOT_RECEIVED,
};

static enum confidence plain_confidence(const struct raised *raised)
{
    const struct finding_row *row = finding_row(raised->finding);
    struct slice slug = slice_of(row->slug);
    for (size_t i = 0; i < COUNT(ambiguous); i++)
        if (ambiguous[i] == raised->finding)
            return CONFIDENCE_LIKELY;
    if (slice_starts(slug, "dns.") || slice_starts(slug, "tls."))
        return CONFIDENCE_CERTAIN;
    if (raised->finding == MAIL_NOT_SENT && raised->service != SERVICE_SUBMISSION)
        return CONFIDENCE_LIKELY; /* it was not refused: it is missed */
    bool outright = row->status == STATUS_FAILED && raised->evidence.said[0] != '\0';
    return outright ? CONFIDENCE_CERTAIN : CONFIDENCE_LIKELY;
}

static enum confidence confidence_of(const struct ledger *ledger, const struct raised *raised,
                                     const struct budget *budget)
{
    if (raised->finding == PROVIDER_INCIDENT)
        return incident_confidence(ledger, raised);
    if (raised->finding == ACCOUNT_SUBSCRIPTION_EXPIRED)
        return expiry_confidence(raised, budget);
    if (raised->finding == ACCOUNT_BLOCKED_FOR_SPAM)
        return names_spam_block(raised->evidence.said) ? CONFIDENCE_CERTAIN : CONFIDENCE_LIKELY;
    return plain_confidence(raised);
}

/* ---- roots ---- */

static int badness(enum status status)
{
    return status == STATUS_FAILED ? 2 : status == STATUS_UNKNOWN ? 1 : 0;
}

static bool comes_before(const struct raised *a, const struct raised *b)
{
    const struct finding_row *x = finding_row(a->finding), *y = finding_row(b->finding);
    if (x->layer != y->layer)
        return x->layer < y->layer;
    return badness(x->status) > badness(y->status);
}

static bool is_root_already(const struct diagnosis *diagnosis, enum finding finding)
{
    for (size_t i = 0; i < diagnosis->root_count; i++)
        if (diagnosis->roots[i].raised->finding == finding)
            return true;
    return false;
}

/* Where there are too many, those that come last are left out, and counted. */
static void add_root(struct ledger *ledger, const struct budget *budget,
                     const struct raised *raised, struct diagnosis *diagnosis)
{
    struct root *roots = diagnosis->roots;
    size_t at = diagnosis->root_count;
    while (at > 0 && comes_before(raised, roots[at - 1].raised))
        at--;
    bool full = diagnosis->root_count == DIAGNOSIS_ROOTS_MAX;
    ledger->dropped += full ? 1 : 0;
    if (at == DIAGNOSIS_ROOTS_MAX)
        return;
    diagnosis->root_count += full ? 0 : 1;
    memmove(&roots[at + 1], &roots[at], (diagnosis->root_count - at - 1) * sizeof *roots);
    roots[at] = (struct root){ .raised = raised,
                               .confidence = confidence_of(ledger, raised, budget),
                               .remedy = finding_row(raised->finding)->remedy };
}

static void add_remedy(struct diagnosis *diagnosis, enum remedy remedy, const struct params *params)
{
    if (remedy == NO_REMEDY || diagnosis->remedy_count == DIAGNOSIS_ROOTS_MAX)
        return;
    for (size_t i = 0; i < diagnosis->remedy_count; i++)
        if (diagnosis->remedies[i].remedy == remedy)
            return;
    diagnosis->remedies[diagnosis->remedy_count].remedy = remedy;
    diagnosis->remedies[diagnosis->remedy_count].params = params;
    diagnosis->remedy_count++;
}

static void choose_remedies(struct diagnosis *diagnosis)
{
    for (size_t i = 0; i < diagnosis->root_count; i++) {
        const struct root *root = &diagnosis->roots[i];
        add_remedy(diagnosis, root->remedy, &root->raised->params);
        if (root->raised->finding == ACCOUNT_LOCKED)
            add_remedy(diagnosis, OPEN_SUPPORT_REQUEST, &root->raised->params);
    }
}

/* ---- verdict ---- */

static enum status weight(const struct root *root)
{
    enum status status = finding_row(root->raised->finding)->status;
    return root->confidence == CONFIDENCE_POSSIBLE ? STATUS_UNKNOWN : status;
}

static bool has_root(const struct diagnosis *diagnosis, enum status status)
{
    for (size_t i = 0; i < diagnosis->root_count; i++)
        if (weight(&diagnosis->roots[i]) == status)
            return true;
    return false;
}

/* Nobody wanted to know: the run was a light one, or the account has no such service. */
static bool is_beside_the_point(enum reason reason)
{
    return reason == REASON_NOT_ASKED || reason == REASON_NOT_CONFIGURED;
}

/* True when a result was wanted, is not there, and no warning root accounts for its absence. */
static bool is_open(const struct ledger *ledger, enum check check, bool warned)
{
    const struct entry *entry = &ledger->checks[check];
    bool little = entry->reason == REASON_TOO_LITTLE_EVIDENCE;
    if (entry->status == STATUS_UNKNOWN)
        return !is_beside_the_point(entry->reason) && !(little && warned);
    if (entry->status != STATUS_SKIPPED)
        return false;
    if (entry->because == CHECK_COUNT)
        return !is_beside_the_point(entry->reason);
    const struct entry *cause = &ledger->checks[entry->because];
    bool beside = cause->status == STATUS_UNKNOWN && is_beside_the_point(cause->reason);
    return cause->status != STATUS_WARNING && !beside;
}

static enum status verdict(const struct ledger *ledger, const struct diagnosis *diagnosis)
{
    bool warned = has_root(diagnosis, STATUS_WARNING);
    if (has_root(diagnosis, STATUS_FAILED))
        return STATUS_FAILED;
    if (has_root(diagnosis, STATUS_UNKNOWN))
        return STATUS_UNKNOWN;
    for (enum result i = 0; i < RESULT_COUNT; i++)
        if (is_open(ledger, result_row(i)->check, warned))
            return STATUS_UNKNOWN;
    return warned ? STATUS_WARNING : STATUS_OK;
}

void diagnose(struct ledger *ledger, const struct profile *profile, const struct budget *budget,
              struct diagnosis *into_diagnosis)
{
    *into_diagnosis = (struct diagnosis){ 0 };
    judgement_pass(ledger, profile, budget);
    for (size_t i = 0; i < ledger->raised_count; i++) {
        const struct raised *raised = &ledger->raised[i];
        if (!is_root_already(into_diagnosis, raised->finding) && !is_explained(ledger, raised))
            add_root(ledger, budget, raised, into_diagnosis);
    }
    choose_remedies(into_diagnosis);
    into_diagnosis->verdict = verdict(ledger, into_diagnosis);
}

int diagnosis_exit_status(enum status verdict_status)
{
    switch (verdict_status) {
    case STATUS_OK:
        return 0;
    case STATUS_WARNING:
        return 1;
    case STATUS_FAILED:
        return 2;
    case STATUS_PENDING:
    case STATUS_UNKNOWN:
    case STATUS_SKIPPED:
        break;
    }
    return 3;
}
