/* SPDX-License-Identifier: MIT */
#include "report.h"

#include "stamp.h"

#include <cjson/cJSON.h>

#define SCHEMA "gatepost-report-1" /* grows by new members only; else the number does */

/* A document that is being written. Once something did not fit, it is worth nothing: look once, at
 * the end. */
struct writer {
    const struct order *order;
    const struct run *run;
    bool failed;
};

/* ---- members ---- */

static cJSON *add(struct writer *writer, cJSON *object, const char *name, cJSON *item)
{
    if (item == NULL || object == NULL || !cJSON_AddItemToObject(object, name, item)) {
        cJSON_Delete(item);
        writer->failed = true;
        return NULL;
    }
    return item;
}

static void add_text(struct writer *writer, cJSON *object, const char *name, const char *value)
{
    (void)add(writer, object, name, cJSON_CreateString(value)); /* failed remembers */
}

static void add_number(struct writer *writer, cJSON *object, const char *name, int64_t value)
{
    (void)add(writer, object, name, cJSON_CreateNumber((double)value)); /* failed remembers */
}

static void add_stamp(struct writer *writer, cJSON *object, const char *name, int64_t wall_ms)
{
    char stamp[STAMP_MAX];
    stamp_rfc3339(wall_ms, stamp);
    add_text(writer, object, name, stamp);
}

static cJSON *append(struct writer *writer, cJSON *array)
{
    cJSON *item = cJSON_CreateObject();
    if (item == NULL || array == NULL || !cJSON_AddItemToArray(array, item)) {
        cJSON_Delete(item);
        writer->failed = true;
        return NULL;
    }
    return item;
}

static const char *family_name(enum family family)
{
    return family == FAMILY_V4 ? "ipv4" : "ipv6";
}

/* ---- the parts of a report ---- */

static void write_params(struct writer *writer, cJSON *object, const struct params *params)
{
    cJSON *list = add(writer, object, "params", cJSON_CreateObject());
    for (enum param i = 0; i < PARAM_COUNT; i++)
        if (params->value[i] != NULL && i != PARAM_SAID) /* the evidence has what was said */
            add_text(writer, list, param_name(i), params->value[i]);
}

static void write_evidence(struct writer *writer, cJSON *object, const struct evidence *evidence)
{
    cJSON *item = add(writer, object, "evidence", cJSON_CreateObject());
    add_text(writer, item, "step", evidence->step);
    add_text(writer, item, "peer", evidence->peer);
    add_text(writer, item, "said", evidence->said);
    add_stamp(writer, item, "at", evidence->at_ms);
}

static void write_roots(struct writer *writer, cJSON *document)
{
    const struct diagnosis *diagnosis = &writer->run->diagnosis;
    cJSON *roots = add(writer, document, "root", cJSON_CreateArray());
    for (size_t i = 0; i < diagnosis->root_count; i++) {
        const struct root *root = &diagnosis->roots[i];
        const struct finding_row *row = finding_row(root->raised->finding);
        cJSON *item = append(writer, roots);
        add_text(writer, item, "finding", row->slug);
        add_text(writer, item, "layer", layer_name(row->layer));
        add_text(writer, item, "who", who_name(row->who));
        add_text(writer, item, "remedy", remedy_row(root->remedy)->slug);
        add_text(writer, item, "confidence", confidence_name(root->confidence));
        write_params(writer, item, &root->raised->params);
        write_evidence(writer, item, &root->raised->evidence);
    }
}

/* What stands beside a status: the check that stopped it, or the finding or reason that leaves it
 * open. */
static void write_why(struct writer *writer, cJSON *object, const struct entry *entry)
{
    if (entry->status == STATUS_SKIPPED && entry->because != CHECK_COUNT)
        add_text(writer, object, "because", check_row(entry->because)->slug);
    else if (entry->status == STATUS_UNKNOWN && entry->unknown_for != NO_FINDING)
        add_text(writer, object, "reason", finding_row(entry->unknown_for)->slug);
    else if (entry->status == STATUS_UNKNOWN || entry->status == STATUS_SKIPPED)
        add_text(writer, object, "reason", reason_row(entry->reason)->slug);
}

static void write_results(struct writer *writer, cJSON *document)
{
    cJSON *results = add(writer, document, "results", cJSON_CreateObject());
    for (enum result i = 0; i < RESULT_COUNT; i++) {
        enum check check = result_row(i)->check;
        const struct entry *entry = &writer->run->ledger.checks[check];
        cJSON *item = add(writer, results, result_row(i)->slug, cJSON_CreateObject());
        add_text(writer, item, "status", status_name(entry->status));
        add_text(writer, item, "check", check_row(check)->slug);
        write_why(writer, item, entry);
    }
}

static void write_findings(struct writer *writer, cJSON *object, enum check check)
{
    const struct ledger *ledger = &writer->run->ledger;
    cJSON *findings = add(writer, object, "findings", cJSON_CreateArray());
    for (size_t i = 0; i < ledger->raised_count; i++) {
        const struct raised *raised = &ledger->raised[i];
        if (raised->check != check)
            continue;
        cJSON *item = append(writer, findings);
        add_text(writer, item, "finding", finding_row(raised->finding)->slug);
        add_text(writer, item, "service", service_row(raised->service)->slug);
        write_evidence(writer, item, &raised->evidence);
    }
}

static void write_check(struct writer *writer, cJSON *checks, enum check check)
{
    const struct entry *entry = &writer->run->ledger.checks[check];
    cJSON *item = append(writer, checks);
    add_text(writer, item, "check", check_row(check)->slug);
    add_text(writer, item, "status", status_name(entry->status));
    write_why(writer, item, entry);
    write_findings(writer, item, check);
    if (entry->started_ms != 0 && entry->ended_ms >= entry->started_ms)
        add_number(writer, item, "duration_ms", entry->ended_ms - entry->started_ms);
    if (entry->peer[0] != '\0') {
        add_text(writer, item, "peer", entry->peer);
        add_text(writer, item, "family", family_name(entry->family));
    }
    cJSON *facts = add(writer, item, "facts", cJSON_CreateObject());
    for (size_t i = 0; i < entry->fact_count; i++)
        add_text(writer, facts, entry->facts[i].name, entry->facts[i].value);
}

static void write_remedies(struct writer *writer, cJSON *document)
{
    const struct diagnosis *diagnosis = &writer->run->diagnosis;
    cJSON *remedies = add(writer, document, "remedies", cJSON_CreateArray());
    for (size_t i = 0; i < diagnosis->remedy_count; i++) {
        cJSON *item = append(writer, remedies);
        add_text(writer, item, "code", remedy_row(diagnosis->remedies[i].remedy)->slug);
        write_params(writer, item, diagnosis->remedies[i].params);
    }
}

static void write_run(struct writer *writer, cJSON *document)
{
    const struct run *run = writer->run;
    cJSON *item = add(writer, document, "run", cJSON_CreateObject());
    add_text(writer, item, "id", run->id);
    add_stamp(writer, item, "started", run->started_wall_ms);
    add_stamp(writer, item, "finished", run->finished_wall_ms);
    add_number(writer, item, "duration_ms", run->duration_ms);
    add_text(writer, item, "trigger", writer->order->trigger);
    add_text(writer, item, "cost", cost_name(writer->order->cost));
    (void)add(writer, item, "interrupted", cJSON_CreateBool(run->interrupted)); /* as above */
    add_number(writer, item, "questions", run->questions);
    cJSON *connections = add(writer, item, "connections", cJSON_CreateObject());
    for (enum service i = 0; i < SERVICE_COUNT; i++)
        if (run->connections[i] > 0)
            add_number(writer, connections, service_row(i)->slug, run->connections[i]);
}

static void write_head(struct writer *writer, cJSON *document)
{
    char host[256];
    const char *gateway = writer->order->settings->gateway;
    if (gateway == NULL || gateway[0] == '\0') {
        port_host_name(host, sizeof host);
        gateway = host;
    }
    add_text(writer, document, "schema", SCHEMA);
    add_text(writer, document, "gateway", gateway);
    add_text(writer, document, "account", writer->order->account->address);
    add_text(writer, document, "profile", writer->order->profile->name);
    write_run(writer, document);
    cJSON *clock = add(writer, document, "clock", cJSON_CreateObject());
    add_stamp(writer, clock, "now", writer->run->finished_wall_ms);
    add_text(writer, clock, "quality", writer->run->clock_trusted ? "trusted" : "unset");
    add_number(writer, document, "seq", 0);                      /* a single run is no series */
    (void)add(writer, document, "next_due", cJSON_CreateNull()); /* as above */
    add_text(writer, document, "verdict", status_name(writer->run->diagnosis.verdict));
}

static void write_document(struct writer *writer, cJSON *document)
{
    write_head(writer, document);
    write_roots(writer, document);
    write_results(writer, document);
    cJSON *checks = add(writer, document, "checks", cJSON_CreateArray());
    for (enum check i = 0; i < CHECK_COUNT; i++)
        write_check(writer, checks, i);
    write_remedies(writer, document);
    add_number(writer, document, "dropped", writer->run->ledger.dropped);
}

/* cJSON says nothing of how much it wrote, and wants five bytes more than that. */
static bool print(const cJSON *document, bool indented, char *into, size_t size, size_t *into_len)
{
    if (size < 8 || size > REPORT_MAX ||
        !cJSON_PrintPreallocated((cJSON *)document, into, (int)size - 1, indented))
        return false;
    size_t len = slice_of(into).len;
    into[len] = '\n';
    into[len + 1] = '\0';
    *into_len = len + 1;
    return true;
}

bool report_write(const struct order *order, const struct run *run, bool indented, char *into,
                  size_t size, size_t *into_len)
{
    struct writer writer = { .order = order, .run = run };
    cJSON *document = cJSON_CreateObject();
    write_document(&writer, document);
    bool done = !writer.failed && print(document, indented, into, size, into_len);
    cJSON_Delete(document);
    return done;
}
