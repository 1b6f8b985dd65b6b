/* SPDX-License-Identifier: MIT */
#include "report.h"

#include "report_parts.h"

#define SCHEMA "gatepost-report-1" /* grows by new members only; else the number does */

const char *report_gateway_name(const struct settings *settings, char room[REPORT_GATEWAY_MAX])
{
    if (settings->gateway != NULL && settings->gateway[0] != '\0')
        return settings->gateway;
    port_host_name(room, REPORT_GATEWAY_MAX);
    return room;
}

static const char *family_name(enum family family)
{
    return family == FAMILY_V4 ? "ipv4" : "ipv6";
}

static void write_origin(struct document *document, cJSON *from, const struct origin *origin)
{
    cJSON *item = document_append(document, from);
    document_text(document, item, "check", check_row(origin->check)->slug);
    if (origin->finding != NO_FINDING)
        document_text(document, item, "finding", finding_row(origin->finding)->slug);
}

static void write_rule(struct document *document, cJSON *list, enum rule rule,
                       const struct origin *origins, size_t count)
{
    cJSON *item = document_append(document, list);
    document_text(document, item, "rule", rule_row(rule)->slug);
    cJSON *from = document_array(document, item, "from");
    for (size_t i = 0; i < count; i++)
        if (origins[i].check != CHECK_COUNT)
            write_origin(document, from, &origins[i]);
}

/* How it was concluded, why it is as sure as that, and what speaks against it. */
static void write_reasoning(struct document *document, cJSON *object, const struct root *root)
{
    cJSON *reasoning = document_array(document, object, "reasoning");
    cJSON *against = document_array(document, object, "against");
    if (root->rule != NO_RULE)
        write_rule(document, reasoning, root->rule, root->raised->from, root->raised->from_count);
    if (root->sure_by != NO_RULE && root->sure_by != root->rule)
        write_rule(document, reasoning, root->sure_by, NULL, 0);
    for (size_t i = 0; i < root->against_count; i++)
        write_rule(document, against, root->against[i].rule, &root->against[i].from, 1);
}

static void write_roots(struct document *document, cJSON *object, const struct diagnosis *diagnosis)
{
    cJSON *roots = document_array(document, object, "root");
    for (size_t i = 0; i < diagnosis->root_count; i++) {
        const struct root *cause = &diagnosis->roots[i];
        cJSON *item = document_append(document, roots);
        report_cause(document, item, cause);
        report_params(document, item, &cause->raised->params);
        report_evidence(document, item, &cause->raised->evidence);
        write_reasoning(document, item, cause);
    }
}

static void write_explained(struct document *document, cJSON *object,
                            const struct explained *explained)
{
    if (explained->rule == NO_RULE)
        return;
    cJSON *item = document_object(document, object, "explained");
    document_text(document, item, "rule", rule_row(explained->rule)->slug);
    if (explained->by != NO_FINDING)
        document_text(document, item, "by", finding_row(explained->by)->slug);
}

static void write_findings(struct document *document, cJSON *object, const struct run *run,
                           enum check check)
{
    const struct ledger *ledger = &run->ledger;
    cJSON *findings = document_array(document, object, "findings");
    for (size_t i = 0; i < ledger->raised_count; i++) {
        const struct raised *raised = &ledger->raised[i];
        if (raised->check != check)
            continue;
        cJSON *item = document_append(document, findings);
        document_text(document, item, "finding", finding_row(raised->finding)->slug);
        document_text(document, item, "service", service_row(raised->service)->slug);
        report_evidence(document, item, &raised->evidence);
        write_explained(document, item, &run->diagnosis.explained[i]);
    }
}

static void write_check(struct document *document, cJSON *checks, const struct run *run,
                        enum check check)
{
    const struct entry *entry = &run->ledger.checks[check];
    cJSON *item = document_append(document, checks);
    document_text(document, item, "check", check_row(check)->slug);
    document_text(document, item, "status", status_name(entry->status));
    report_why(document, item, entry);
    if (entry->rule != NO_RULE)
        document_text(document, item, "rule", rule_row(entry->rule)->slug);
    write_findings(document, item, run, check);
    if (entry->started_ms != 0 && entry->ended_ms >= entry->started_ms)
        document_number(document, item, "duration_ms", entry->ended_ms - entry->started_ms);
    if (entry->seen_wall_ms != 0)
        document_stamp(document, item, "seen", entry->seen_wall_ms);
    if (entry->peer[0] != '\0') {
        document_text(document, item, "peer", entry->peer);
        document_text(document, item, "family", family_name(entry->family));
    }
    cJSON *facts = document_object(document, item, "facts");
    for (size_t i = 0; i < entry->fact_count; i++)
        document_text(document, facts, entry->facts[i].name, entry->facts[i].value);
}

static void write_checks(struct document *document, cJSON *object, const struct run *run)
{
    cJSON *checks = document_array(document, object, "checks");
    for (enum check i = 0; i < CHECK_COUNT; i++)
        write_check(document, checks, run, i);
}

static void write_remedies(struct document *document, cJSON *object,
                           const struct diagnosis *diagnosis)
{
    cJSON *remedies = document_array(document, object, "remedies");
    for (size_t i = 0; i < diagnosis->remedy_count; i++) {
        cJSON *item = document_append(document, remedies);
        document_text(document, item, "code", remedy_row(diagnosis->remedies[i].remedy)->slug);
        report_params(document, item, diagnosis->remedies[i].params);
    }
}

static void write_run(struct document *document, cJSON *object, const struct order *order,
                      const struct run *run)
{
    cJSON *item = document_object(document, object, "run");
    document_text(document, item, "id", run->id);
    document_stamp(document, item, "started", run->started_wall_ms);
    document_stamp(document, item, "finished", run->finished_wall_ms);
    document_number(document, item, "duration_ms", run->duration_ms);
    document_text(document, item, "trigger", order->trigger);
    document_text(document, item, "cost", cost_name(order->cost));
    document_flag(document, item, "interrupted", run->interrupted);
    document_number(document, item, "questions", run->questions);
    cJSON *connections = document_object(document, item, "connections");
    for (enum service i = 0; i < SERVICE_COUNT; i++)
        if (run->connections[i] > 0)
            document_number(document, connections, service_row(i)->slug, run->connections[i]);
}

static void write_head(struct document *document, cJSON *object, const struct order *order,
                       const struct run *run, const struct report_ledger *ledger)
{
    char room[REPORT_GATEWAY_MAX];
    document_text(document, object, "schema", SCHEMA);
    document_text(document, object, "gateway", report_gateway_name(order->settings, room));
    if (settings_has_mailbox(order->account))
        document_text(document, object, "account", order->account->address);
    document_text(document, object, "domain", settings_domain(order->account));
    document_text(document, object, "profile", order->profile->name);
    write_run(document, object, order, run);
    cJSON *clock = document_object(document, object, "clock");
    document_stamp(document, clock, "now", run->finished_wall_ms);
    document_text(document, clock, "quality", run->clock_trusted ? "trusted" : "unset");
    document_number(document, object, "seq", (int64_t)ledger->seq);
    document_moment(document, object, "next_due", ledger->next_due_wall_ms);
    document_dropped(document, object, &ledger->dropped);
    if (ledger->sample)
        document_flag(document, object, "sample", true);
    document_text(document, object, "verdict", status_name(run->diagnosis.verdict));
}

void report_fill(struct document *document, cJSON *object, const struct order *order,
                 const struct run *run, const struct report_ledger *ledger)
{
    static const struct report_ledger single; /* a single run is no series */
    write_head(document, object, order, run, ledger != NULL ? ledger : &single);
    write_roots(document, object, &run->diagnosis);
    report_results(document, object, &run->ledger);
    write_checks(document, object, run);
    write_remedies(document, object, &run->diagnosis);
    document_number(document, object, "left_out", run->ledger.dropped);
}

bool report_write(const struct order *order, const struct run *run,
                  const struct report_ledger *ledger, bool indented, char *into, size_t size,
                  size_t *into_len)
{
    struct document document;
    document_begin(&document);
    report_fill(&document, document.root, order, run, ledger);
    return document_print(&document, indented, into, size, into_len);
}
