/* SPDX-License-Identifier: MIT */
#include "signs.h"

#include "logins.h"

#include <string.h>

/* ---- small steps ---- */

static bool shown_by(struct proof *proof, const struct raised *raised)
{
    proof->raised = raised;
    proof->check = raised != NULL ? raised->check : CHECK_COUNT;
    return raised != NULL;
}

static bool shown_at(struct proof *proof, enum check check, bool holds)
{
    if (holds)
        proof->check = check;
    return holds;
}

static bool is_raised(const struct scene *scene, enum finding finding, struct proof *proof)
{
    return shown_by(proof, ledger_find(scene->ledger, finding, CHECK_COUNT));
}

static bool has_passed(const struct scene *scene, enum check check, struct proof *proof)
{
    return shown_at(proof, check, ledger_passed(scene->ledger, check));
}

/* ---- logins ---- */

/* A protocol that is switched off makes its check a warning, and one that was reached but not
 * logged in to is well: neither has accepted anything. */
static bool accepted(const struct ledger *ledger, enum check login)
{
    const struct entry *entry = &ledger->checks[login];
    return ledger_passed(ledger, login) && entry->passed && !entry->untried;
}

static bool accepted_by_other_than(const struct scene *scene, enum check login, struct proof *proof)
{
    const struct login *row;
    for (size_t i = 0; (row = login_row(i)) != NULL; i++)
        if (row->check != login && accepted(scene->ledger, row->check))
            return shown_at(proof, row->check, true);
    return false;
}

static bool login_accepted(const struct scene *scene, struct proof *proof)
{
    return accepted_by_other_than(scene, CHECK_COUNT, proof);
}

static bool other_login_accepted(const struct scene *scene, struct proof *proof)
{
    return accepted_by_other_than(scene, SUBMISSION_LOGIN, proof);
}

static bool login_refused(const struct scene *scene, struct proof *proof)
{
    const struct login *row;
    for (size_t i = 0; (row = login_row(i)) != NULL; i++)
        if (shown_by(proof, ledger_find(scene->ledger, row->refused, row->check)))
            return true;
    return false;
}

static bool submission_refused(const struct scene *scene, struct proof *proof)
{
    return shown_by(proof, ledger_find(scene->ledger, SUBMISSION_LOGIN_REFUSED, SUBMISSION_LOGIN));
}

static bool accepted_before(const struct scene *scene, struct proof *proof)
{
    (void)proof; /* an earlier run is no check of this one */
    return scene->budget->accepted_ms != 0;
}

/* ---- mail ---- */

/* The provider took responsibility for the test mail, whatever became of it. */
static bool mail_accepted(const struct scene *scene, struct proof *proof)
{
    const struct raised *lost = ledger_find(scene->ledger, MAIL_NOT_SENT, MAIL_SEND);
    bool lost_later = lost != NULL && lost->service != SERVICE_SUBMISSION;
    return shown_at(proof, MAIL_SEND,
                    ledger_passed(scene->ledger, MAIL_SEND) || lost_later ||
                        ledger_find(scene->ledger, MAIL_BOUNCED, MAIL_SEND) != NULL);
}

static bool mail_sent(const struct scene *scene, struct proof *proof)
{
    return has_passed(scene, MAIL_SEND, proof);
}

static bool mail_received(const struct scene *scene, struct proof *proof)
{
    return has_passed(scene, MAIL_RECEIVE, proof);
}

static const char *fact_of(const struct ledger *ledger, enum check check, const char *name)
{
    const struct entry *entry = &ledger->checks[check];
    for (size_t i = 0; i < entry->fact_count; i++)
        if (strcmp(entry->facts[i].name, name) == 0)
            return entry->facts[i].value;
    return NULL;
}

/* Where the outgoing test mail went, where that is another mailbox or an echo; else NULL. */
static const char *sent_to(const struct ledger *ledger)
{
    return fact_of(ledger, MAIL_SEND, "to");
}

/* What became of our own mail at its receiver, who judged for itself. */
static bool spf_passed(const struct scene *scene, struct proof *proof)
{
    struct slice says = slice_of(fact_of(scene->ledger, MAIL_SEND, "receiver_says"));
    return shown_at(proof, MAIL_SEND, slice_has_nocase(says, "spf pass"));
}

static bool signature_verified(const struct scene *scene, struct proof *proof)
{
    struct slice says = slice_of(fact_of(scene->ledger, MAIL_SEND, "receiver_says"));
    struct slice signature = slice_of(fact_of(scene->ledger, MAIL_SEND, "signature"));
    return shown_at(proof, MAIL_SEND,
                    slice_is(signature, "pass") || slice_has_nocase(says, "dkim pass"));
}

static bool is_address_of(const struct raised *raised, const char *address)
{
    const char *own = raised->params.value[PARAM_ADDRESS];
    return own != NULL && slice_is_nocase(slice_of(address), own);
}

/* Lost once, not twice. */
static bool mail_lost_to_itself(const struct scene *scene, struct proof *proof)
{
    const struct raised *lost = ledger_find(scene->ledger, MAIL_NOT_SENT, MAIL_SEND);
    const char *to = sent_to(scene->ledger);
    if (lost == NULL || lost->service == SERVICE_PEER_IMAP || lost->service == SERVICE_SUBMISSION)
        return false;
    if (to != NULL && lost->params.value[PARAM_ADDRESS] != NULL && !is_address_of(lost, to))
        return false;
    return shown_by(proof, lost);
}

static bool mail_from_itself_arrived(const struct scene *scene, struct proof *proof)
{
    const char *to = sent_to(scene->ledger);
    return to != NULL && is_address_of(scene->about, to) && mail_sent(scene, proof);
}

static bool quota_full(const struct scene *scene, struct proof *proof)
{
    return is_raised(scene, ACCOUNT_QUOTA_FULL, proof);
}

static bool recipient_accepted(const struct scene *scene, struct proof *proof)
{
    return has_passed(scene, INBOUND_SMTP, proof);
}

static bool recipient_refused(const struct scene *scene, struct proof *proof)
{
    return is_raised(scene, INBOUND_RCPT_REFUSED, proof);
}

static bool recipient_disabled(const struct scene *scene, struct proof *proof)
{
    return recipient_refused(scene, proof) &&
           slice_has_nocase(slice_of(proof->raised->evidence.said), "5.2.1");
}

/* ---- the provider ---- */

/* Webmail and Exchange's other services are pages of one web server: when it is busy, both are. */
static enum service busy_as(enum service service)
{
    return service == SERVICE_EXCHANGE ? SERVICE_WEBMAIL : service;
}

unsigned signs_busy_services(const struct ledger *ledger)
{
    uint32_t services = 0;
    unsigned count = 0;
    for (size_t i = 0; i < ledger->raised_count; i++)
        if (ledger->raised[i].finding == SERVICE_BUSY)
            services |= UINT32_C(1) << busy_as(ledger->raised[i].service);
    for (; services != 0; services &= services - 1)
        count++;
    return count;
}

static bool busy(const struct scene *scene, struct proof *proof)
{
    return is_raised(scene, SERVICE_BUSY, proof);
}

static bool several_busy(const struct scene *scene, struct proof *proof)
{
    return signs_busy_services(scene->ledger) > 1 && busy(scene, proof);
}

static bool incident_told(const struct scene *scene, struct proof *proof)
{
    return is_raised(scene, PROVIDER_INCIDENT, proof);
}

static bool provider_clears(enum provider_told told, struct proof *proof)
{
    return shown_at(proof, PROVIDER_ACCOUNT, told == TOLD_GOOD);
}

static bool provider_clears_sending(const struct scene *scene, struct proof *proof)
{
    return provider_clears(scene->ledger->provider.sending, proof);
}

static bool provider_clears_subscription(const struct scene *scene, struct proof *proof)
{
    return provider_clears(scene->ledger->provider.subscription, proof);
}

static bool provider_clears_lock(const struct scene *scene, struct proof *proof)
{
    return provider_clears(scene->ledger->provider.lock, proof);
}

/* ---- the office ---- */

static bool clock_wrong(const struct scene *scene, struct proof *proof)
{
    return is_raised(scene, DEVICE_CLOCK_WRONG, proof);
}

static bool dns_meddled_with(const struct scene *scene, struct proof *proof)
{
    return is_raised(scene, OFFICE_DNS_INTERCEPTED, proof) ||
           is_raised(scene, OFFICE_RESOLVER_INVENTS, proof) ||
           is_raised(scene, OFFICE_RESOLVER_LIES, proof);
}

/* What the resolver's false answer was for: the domain's MX, or a host. */
static bool false_mx(const struct scene *scene, struct proof *proof)
{
    return is_raised(scene, OFFICE_RESOLVER_LIES, proof) &&
           proof->raised->params.value[PARAM_NAME] == proof->raised->params.value[PARAM_DOMAIN];
}

static bool false_host(const struct scene *scene, struct proof *proof)
{
    return is_raised(scene, OFFICE_RESOLVER_LIES, proof) && !false_mx(scene, proof);
}

/* ---- the domain ---- */

static const char *param_of(const struct raised *raised, enum param param)
{
    return raised != NULL ? raised->params.value[param] : NULL;
}

/* The SRV record's own target answered wrongly: nobody before it did. */
static bool led_by_srv(const struct scene *scene, struct proof *proof)
{
    const char *host =
        param_of(ledger_find(scene->ledger, AUTODISCOVER_WRONG_SERVICE, CHECK_COUNT), PARAM_HOST);
    return is_raised(scene, DNS_SRV_WRONG, proof) && host != NULL &&
           slice_has_nocase(slice_of(param_of(proof->raised, PARAM_FOUND)), host);
}

/* Warned of by the name itself, and not by the website. */
static bool at_autodiscover_name(const struct scene *scene, struct proof *proof)
{
    return is_raised(scene, AUTODISCOVER_CERTIFICATE, proof) &&
           slice_starts(slice_of(param_of(proof->raised, PARAM_HOST)), "autodiscover.");
}

/* ---- the table ---- */

/* clang-format off */
static bool (*const signs[SIGN_ABOUT_TOLD])(const struct scene *scene, struct proof *proof) = {
    [SIGN_LOGIN_REFUSED]            = login_refused,
    [SIGN_LOGIN_ACCEPTED]           = login_accepted,
    [SIGN_SUBMISSION_REFUSED]       = submission_refused,
    [SIGN_OTHER_LOGIN_ACCEPTED]     = other_login_accepted,
    [SIGN_ACCEPTED_BEFORE]          = accepted_before,
    [SIGN_MAIL_ACCEPTED]            = mail_accepted,
    [SIGN_MAIL_SENT]                = mail_sent,
    [SIGN_MAIL_RECEIVED]            = mail_received,
    [SIGN_MAIL_LOST_TO_ITSELF]      = mail_lost_to_itself,
    [SIGN_MAIL_FROM_ITSELF_ARRIVED] = mail_from_itself_arrived,
    [SIGN_QUOTA_FULL]               = quota_full,
    [SIGN_SPF_PASSED]               = spf_passed,
    [SIGN_SIGNATURE_VERIFIED]       = signature_verified,
    [SIGN_RECIPIENT_ACCEPTED]       = recipient_accepted,
    [SIGN_PROVIDER_CLEARS_SENDING]  = provider_clears_sending,
    [SIGN_PROVIDER_CLEARS_SUBSCRIPTION] = provider_clears_subscription,
    [SIGN_PROVIDER_CLEARS_LOCK]     = provider_clears_lock,
    [SIGN_RECIPIENT_REFUSED]        = recipient_refused,
    [SIGN_RECIPIENT_DISABLED]       = recipient_disabled,
    [SIGN_BUSY]                     = busy,
    [SIGN_SEVERAL_BUSY]             = several_busy,
    [SIGN_INCIDENT_TOLD]            = incident_told,
    [SIGN_CLOCK_WRONG]              = clock_wrong,
    [SIGN_DNS_MEDDLED_WITH]         = dns_meddled_with,
    [SIGN_FALSE_MX]                 = false_mx,
    [SIGN_FALSE_HOST]               = false_host,
    [SIGN_LED_BY_SRV]               = led_by_srv,
    [SIGN_AT_AUTODISCOVER_NAME]     = at_autodiscover_name,
};
/* clang-format on */

bool sign_holds(enum sign sign, const struct scene *scene, struct proof *into_proof)
{
    *into_proof = (struct proof){ NULL, CHECK_COUNT };
    return sign >= SIGN_ABOUT_TOLD ? sign_about(sign, scene, into_proof)
                                   : signs[sign](scene, into_proof);
}

bool signs_fit(const struct rule_row *row, const struct scene *scene,
               struct proof into_proofs[RULE_SIGNS_MAX])
{
    struct proof proof;
    for (size_t i = 0; i < RULE_SIGNS_MAX; i++)
        into_proofs[i] = (struct proof){ NULL, CHECK_COUNT };
    for (size_t i = 0; i < RULE_SIGNS_MAX && row->none[i] != NO_SIGN; i++)
        if (sign_holds(row->none[i], scene, &proof))
            return false;
    for (size_t i = 0; i < RULE_SIGNS_MAX && row->all[i] != NO_SIGN; i++)
        if (!sign_holds(row->all[i], scene, &into_proofs[i]))
            return false;
    return true;
}
