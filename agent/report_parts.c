/* SPDX-License-Identifier: MIT */
#include "report_parts.h"

void report_params(struct document *document, cJSON *object, const struct params *params)
{
    cJSON *list = document_object(document, object, "params");
    for (enum param i = 0; i < PARAM_COUNT; i++)
        if (params->value[i] != NULL && i != PARAM_SAID) /* the evidence has what was said */
            document_text(document, list, param_name(i), params->value[i]);
}

void report_evidence(struct document *document, cJSON *object, const struct evidence *evidence)
{
    cJSON *item = document_object(document, object, "evidence");
    document_text(document, item, "step", evidence->step);
    document_text(document, item, "peer", evidence->peer);
    document_text(document, item, "said", evidence->said);
    document_stamp(document, item, "at", evidence->at_ms);
}

void report_why(struct document *document, cJSON *object, const struct entry *entry)
{
    if (entry->status == STATUS_SKIPPED && entry->because != CHECK_COUNT)
        document_text(document, object, "because", check_row(entry->because)->slug);
    else if (entry->status == STATUS_UNKNOWN && entry->unknown_for != NO_FINDING)
        document_text(document, object, "reason", finding_row(entry->unknown_for)->slug);
    else if (entry->status == STATUS_UNKNOWN || entry->status == STATUS_SKIPPED)
        document_text(document, object, "reason", reason_row(entry->reason)->slug);
}

void report_results(struct document *document, cJSON *object, const struct ledger *ledger)
{
    cJSON *results = document_object(document, object, "results");
    for (enum result i = 0; i < RESULT_COUNT; i++) {
        enum check check = result_row(i)->check;
        const struct entry *entry = &ledger->checks[check];
        cJSON *item = document_object(document, results, result_row(i)->slug);
        document_text(document, item, "status", status_name(entry->status));
        document_text(document, item, "check", check_row(check)->slug);
        report_why(document, item, entry);
    }
}

void report_cause(struct document *document, cJSON *object, const struct root *root)
{
    const struct finding_row *row = finding_row(root->raised->finding);
    document_text(document, object, "finding", row->slug);
    document_text(document, object, "layer", layer_name(row->layer));
    document_text(document, object, "who", who_name(row->who));
    document_text(document, object, "remedy", remedy_row(root->remedy)->slug);
    document_text(document, object, "confidence", confidence_name(root->confidence));
}
