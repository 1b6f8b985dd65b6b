/* SPDX-License-Identifier: MIT */
#include "support.h"

#include "report_parts.h"

/* A request that is being written. */
struct request {
    const struct order *order;
    const struct run *run;
    enum language language;
    const struct support_history *history;
    const struct report_ledger *ledger;
    const char *page; /* Markdown */
};

static void write_root(struct document *document, cJSON *object, const struct root *root,
                       int64_t since_wall_ms)
{
    report_cause(document, object, root);
    document_text(document, object, "check", check_row(root->raised->check)->slug);
    document_moment(document, object, "since", since_wall_ms);
    report_evidence(document, object, &root->raised->evidence);
}

static void write_roots(struct document *document, const struct diagnosis *diagnosis,
                        const struct support_history *history)
{
    cJSON *roots = document_array(document, document->root, "root");
    for (size_t i = 0; i < diagnosis->root_count; i++)
        write_root(document, document_append(document, roots), &diagnosis->roots[i],
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

/* The request without the report, or with it. */
static bool write_request(const struct request *request, bool with_report, char *into, size_t size,
                          size_t *into_len)
{
    static const struct report_ledger single; /* a single run is no series */
    const struct report_ledger *ledger = request->ledger != NULL ? request->ledger : &single;
    struct document document;
    document_begin(&document);
    write_head(&document, request->order, request->run, ledger);
    write_words(&document, request->order, request->run, request->language);
    document.keep = request->order->account->address; /* the words above have no other */
    report_results(&document, document.root, &request->run->ledger);
    write_roots(&document, &request->run->diagnosis, request->history);
    if (with_report)
        report_fill(&document, document_object(&document, document.root, "report"), request->order,
                    request->run, request->ledger);
    document.keep = NULL; /* nor has the page */
    document_text(&document, document.root, "text", request->page);
    return document_print(&document, request->ledger == NULL, into, size, into_len);
}

bool support_json(const struct order *order, const struct run *run, enum language language,
                  const struct support_history *history, const struct report_ledger *ledger,
                  char *into, size_t size, size_t *into_len)
{
    char page[SUPPORT_MAX];
    const struct request request = { order, run, language, history, ledger, page };
    size_t len = 0;
    if (!support_markdown(order, run, language, history, page, sizeof page, &len))
        return false;
    return write_request(&request, true, into, size, into_len) ||
           write_request(&request, false, into, size, into_len);
}
