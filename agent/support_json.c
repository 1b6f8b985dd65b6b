/* SPDX-License-Identifier: MIT */
#include "support.h"

#include "redaction.h"
#include "report_parts.h"
#include "wording.h"

/* Values of others, without strangers' addresses. */
static void add_clean(struct document *document, cJSON *object, const char *name, const char *value,
                      const struct order *order)
{
    char room[WORDING_MAX];
    struct text clean;
    text_begin(&clean, room, sizeof room);
    redaction_add(&clean, slice_of(value), order->account->address);
    document_text(document, object, name, room);
}

static void write_evidence(struct document *document, cJSON *object, const struct order *order,
                           const struct evidence *evidence)
{
    cJSON *item = document_object(document, object, "evidence");
    document_text(document, item, "step", evidence->step);
    document_text(document, item, "peer", evidence->peer);
    add_clean(document, item, "said", evidence->said, order);
    document_stamp(document, item, "at", evidence->at_ms);
}

static void write_root(struct document *document, cJSON *object, const struct order *order,
                       const struct root *root, int64_t since_wall_ms)
{
    report_cause(document, object, root);
    document_text(document, object, "check", check_row(root->raised->check)->slug);
    document_moment(document, object, "since", since_wall_ms);
    write_evidence(document, object, order, &root->raised->evidence);
}

static void write_roots(struct document *document, const struct order *order,
                        const struct diagnosis *diagnosis, const struct support_history *history)
{
    cJSON *roots = document_array(document, document->root, "root");
    for (size_t i = 0; i < diagnosis->root_count; i++)
        write_root(document, document_append(document, roots), order, &diagnosis->roots[i],
                   history != NULL ? history->since_wall_ms[i] : 0);
}

static void write_head(struct document *document, const struct order *order, const struct run *run,
                       const struct report_ledger *ledger)
{
    char room[REPORT_GATEWAY_MAX];
    cJSON *root = document->root;
    document_text(document, root, "schema", "gatepost-support-1");
    document_text(document, root, "gateway", report_gateway_name(order->settings, room));
    document_text(document, root, "account", order->account->address);
    document_number(document, root, "seq", (int64_t)ledger->seq);
    document_dropped(document, root, &ledger->dropped);
    document_stamp(document, root, "at", run->finished_wall_ms);
    if (ledger->sample)
        document_flag(document, root, "sample", true);
    document_text(document, root, "run", run->id);
    document_text(document, root, "profile", order->profile->name);
    document_text(document, root, "verdict", status_name(run->diagnosis.verdict));
}

static void write_words(struct document *document, const struct order *order, const struct run *run,
                        enum language language)
{
    char room[SUPPORT_SUMMARY_MAX];
    struct text text;
    document_text(document, document->root, "language", language == LANGUAGE_FR ? "fr" : "en");
    text_begin(&text, room, sizeof room);
    support_subject(order, run, language, &text);
    document_text(document, document->root, "subject", room);
    text_begin(&text, room, sizeof room);
    support_summary(order, run, language, &text);
    document_text(document, document->root, "summary", room);
}

bool support_json(const struct order *order, const struct run *run, enum language language,
                  const struct support_history *history, const struct report_ledger *ledger,
                  char *into, size_t size, size_t *into_len)
{
    static const struct report_ledger single; /* a single run is no series */
    char page[SUPPORT_MAX];
    size_t len = 0;
    struct document document;
    if (!support_markdown(order, run, language, history, page, sizeof page, &len))
        return false;
    document_begin(&document);
    write_head(&document, order, run, ledger != NULL ? ledger : &single);
    write_words(&document, order, run, language);
    report_results(&document, document.root, &run->ledger);
    write_roots(&document, order, &run->diagnosis, history);
    document_text(&document, document.root, "text", page);
    return document_print(&document, ledger == NULL, into, size, into_len);
}
