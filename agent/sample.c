/* SPDX-License-Identifier: MIT */
#include "sample.h"

#define RUN_MAX 17

/* Which check a finding of that group belongs to; the first whose beginning fits. */
static const struct {
    const char *beginning;
    enum check check;
} homes[] = {
    { "device.", DEVICE_CLOCK },
    { "office.no-", OFFICE_LINK },
    { "office.resolver", OFFICE_RESOLVER },
    { "office.dns", OFFICE_RESOLVER },
    { "office.port", OFFICE_EGRESS },
    { "office.banned", OFFICE_EGRESS },
    { "office.ipv6", TLS_SUBMISSION },
    { "office.", OFFICE_MIDDLEBOX },
    { "isp.", ISP_REACH },
    { "dns.srv", DNS_SRV },
    { "dns.", DNS_MX },
    { "service.", TLS_SUBMISSION },
    { "provider.", PROVIDER_HEALTH },
    { "tls.", TLS_SUBMISSION },
    { "smtp.", TLS_SUBMISSION },
    { "inbound.", INBOUND_SMTP },
    { "webmail.", WEBMAIL_LOGIN },
    { "imap.", IMAP_LOGIN },
    { "pop.", POP_LOGIN },
    { "activesync.", ACTIVESYNC_LOGIN },
    { "ews.", EWS_LOGIN },
    { "exchange.", EWS_LOGIN },
    { "submission.", SUBMISSION_LOGIN },
    { "login.", IMAP_LOGIN },
    { "account.quota", ACCOUNT_QUOTA },
    { "account.subscription", ACCOUNT_SUBSCRIPTION },
    { "account.locked", ACCOUNT_LOCK },
    { "account.", ACCOUNT_SENDING },
    { "mail.test-not-received", MAIL_RECEIVE },
    { "mail.in-junk", MAIL_RECEIVE },
    { "mail.late", MAIL_RECEIVE },
    { "mail.no-inbound-path", MAIL_RECEIVE },
    { "mail.", MAIL_SEND },
    { "peer.", MAIL_RECEIVE },
};

/* Of its own for every sample: a consumer drops what it has seen before. */
static void draw_run(char into[RUN_MAX])
{
    uint64_t number;
    port_random(&number, sizeof number);
    text_put_format(into, RUN_MAX, "%016llx", (unsigned long long)number);
}

static enum check home_of(enum finding finding)
{
    struct slice slug = slice_of(finding_row(finding)->slug);
    for (size_t i = 0; i < sizeof homes / sizeof *homes; i++)
        if (slice_starts(slug, homes[i].beginning))
            return homes[i].check;
    return DEVICE_CLOCK;
}

static enum service service_of(enum check check)
{
    for (enum act act = 0; act < ACT_COUNT; act++)
        if (act_row(act)->check == check)
            return act_row(act)->service;
    return SERVICE_DNS;
}

static void fill_params(struct params *params, const struct account_settings *account,
                        enum check check)
{
    struct slice rest = slice_of(account->address), local;
    (void)slice_cut(&rest, '@', &local); /* settings let in no address without one */
    params->value[PARAM_ADDRESS] = account->address;
    params->value[PARAM_DOMAIN] = rest.at;
    params->value[PARAM_HOST] = account->host[0] != '\0' ? account->host : "sample.invalid";
    params->value[PARAM_SERVICE] = service_row(service_of(check))->title[LANGUAGE_EN];
}

/* Everything is well but that one check, and what needs it was skipped. */
static void fill_checks(struct ledger *ledger)
{
    for (enum check i = 0; i < CHECK_COUNT; i++) {
        ledger->checks[i].asked = true;
        for (enum check need = 0; need < i; need++)
            if ((check_row(i)->needs & CHECK_BIT(need)) != 0 && !ledger_passed(ledger, need))
                ledger_skip(ledger, i, need);
        if (ledger->checks[i].status == STATUS_PENDING)
            ledger_ok(ledger, i);
    }
}

/* What a diagnosis would come to, had it seen nothing else: the real one is not asked, since it
   would take back what it finds too thin. */
static void fill_diagnosis(struct run *run, const struct raised *raised)
{
    const struct finding_row *row = finding_row(raised->finding);
    struct diagnosis *diagnosis = &run->diagnosis;
    *diagnosis = (struct diagnosis){ .verdict = row->status, .root_count = 1, .remedy_count = 1 };
    diagnosis->roots[0] = (struct root){
        .raised = raised,
        .confidence = CONFIDENCE_CERTAIN,
        .remedy = row->remedy,
    };
    diagnosis->remedies[0].remedy = row->remedy;
    diagnosis->remedies[0].params = &raised->params;
}

bool sample_report(const struct settings *settings, const struct account_settings *account,
                   enum finding finding, const struct payload_head *head, struct arena *arena,
                   char *into, size_t size, size_t *into_len)
{
    struct run *run = ARENA_NEW(arena, struct run);
    if (run == NULL)
        return false;
    const struct profile *profile = &(struct profile){ .name = account->profile };
    const struct order order = { .settings = settings,
                                 .account = account,
                                 .profile = profile,
                                 .cost = COST_LOOP,
                                 .trigger = "command" };
    const struct report_ledger ledger = { .seq = head->seq,
                                          .dropped = head->dropped,
                                          .sample = true };
    enum check check = home_of(finding);
    draw_run(run->id);
    run->started_wall_ms = run->finished_wall_ms = head->at_wall_ms;
    run->clock_trusted = true;
    ledger_begin(&run->ledger, arena);
    struct raised *raised = ledger_raise(&run->ledger, finding, check, service_of(check), "", "",
                                         FAMILY_V4, SLICE("sample"));
    if (raised == NULL)
        return false;
    raised->evidence.at_ms = head->at_wall_ms;
    fill_params(&raised->params, account, check);
    fill_checks(&run->ledger);
    fill_diagnosis(run, raised);
    return report_write(&order, run, &ledger, false, into, size, into_len);
}

bool sample_event(const struct account_settings *account, enum finding finding,
                  const struct payload_head *head, char *into, size_t size, size_t *into_len)
{
    const struct finding_row *row = finding_row(finding);
    char run[RUN_MAX];
    const struct event_facts facts = { .kind = EVENT_RAISED,
                                       .account = account->address,
                                       .run = run,
                                       .finding = finding,
                                       .remedy = row->remedy,
                                       .confidence = CONFIDENCE_CERTAIN,
                                       .before = STATUS_OK,
                                       .after = row->status,
                                       .since_wall_ms = head->at_wall_ms };
    struct payload_head marked = *head;
    marked.sample = true;
    draw_run(run);
    return payload_event(&marked, &facts, into, size, into_len);
}
