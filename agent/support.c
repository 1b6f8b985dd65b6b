/* SPDX-License-Identifier: MIT */
#include "support.h"

#include "page.h"
#include "redaction.h"
#include "stamp.h"
#include "wording.h"

/* clang-format off */
enum word {
    HEALTHY, UNSURE, SUMMARY, CAUSES, EIGHT, FOUND, SINCE, SEEN, WHO, SURE, SERVER, STEP, SAID,
    NOTHING, TRIED, FOOTER, WORDS
};
static const char *const word[WORDS][LANGUAGES] = {
    [HEALTHY] = { "no fault found",  "aucun défaut constaté" },
    [UNSURE]  = { "no cause found",  "aucune cause trouvée" },
    [SUMMARY] = { "The mailbox %s was checked from its office on %s, with this result: %s.",
                  "La boîte aux lettres %s a été contrôlée depuis son bureau le %s, résultat : %s." },
    [CAUSES]  = { "What was found:", "Constat :" },
    [EIGHT]   = { "The eight results", "Les huit résultats" },
    [FOUND]   = { "What was found",  "Constat détaillé" },
    [SINCE]   = { "Since",           "Depuis" },
    [SEEN]    = { "Seen",            "Constaté le" },
    [WHO]     = { "Who can mend it", "Qui peut agir" },
    [SURE]    = { "How sure it is",  "Certitude" },
    [SERVER]  = { "Server",          "Serveur" },
    [STEP]    = { "Step",            "Étape" },
    [SAID]    = { "It said",         "Réponse" },
    [NOTHING] = { "nothing",         "rien" },
    [TRIED]   = { "What was tried",  "Ce qui a été essayé" },
    [FOOTER]  = { "Gateway %s, gatepost %s, run %s.", "Passerelle %s, gatepost %s, contrôle %s." },
};
/* clang-format on */

/* A request that is being written. */
struct request {
    const struct order *order;
    const struct run *run;
    const struct support_history *history;
    enum language language;
    struct text *page;
};

static const char *words_of(const struct request *request, enum word which)
{
    return word[which][request->language];
}

static const char *keep(const struct request *request)
{
    return request->order->account->address;
}

/* ---- words without strangers' addresses ---- */

static void add_filled(const struct request *request, struct text *text,
                       const char *const words[LANGUAGES], const struct params *params)
{
    char buffer[WORDING_MAX];
    struct text filled;
    text_begin(&filled, buffer, sizeof buffer);
    wording_fill(&filled, words[request->language], params, request->language);
    redaction_add(text, text_slice(&filled), keep(request));
}

void support_subject(const struct order *order, const struct run *run, enum language language,
                     struct text *into_text)
{
    const struct request request = { .order = order, .run = run, .language = language };
    const struct diagnosis *diagnosis = &run->diagnosis;
    text_add_format(into_text, "%s: ", keep(&request));
    if (diagnosis->root_count > 0) {
        const struct raised *raised = diagnosis->roots[0].raised;
        add_filled(&request, into_text, finding_row(raised->finding)->title, &raised->params);
    } else {
        text_add_string(into_text,
                        words_of(&request, diagnosis->verdict == STATUS_OK ? HEALTHY : UNSURE));
    }
}

void support_summary(const struct order *order, const struct run *run, enum language language,
                     struct text *into_text)
{
    const struct request request = { .order = order, .run = run, .language = language };
    const struct diagnosis *diagnosis = &run->diagnosis;
    char stamp[STAMP_MAX];
    stamp_rfc3339(run->started_wall_ms, stamp);
    text_add_format(into_text, words_of(&request, SUMMARY), keep(&request), stamp,
                    status_words(diagnosis->verdict, language));
    for (size_t i = 0; i < diagnosis->root_count; i++) {
        const struct raised *raised = diagnosis->roots[i].raised;
        text_add_format(into_text, " %s%s", i == 0 ? words_of(&request, CAUSES) : "",
                        i == 0 ? " " : "");
        add_filled(&request, into_text, finding_row(raised->finding)->title, &raised->params);
        text_add_string(into_text, i + 1 < diagnosis->root_count ? ";" : ".");
    }
}

/* ---- Markdown ---- */

/* What a page would take for its own marks is escaped; it stays readable where it is pasted as
   plain text. */
static void add_plain(struct text *page, struct slice words)
{
    for (size_t i = 0; i < words.len; i++) {
        char c = words.at[i];
        if (c == '\\' || c == '*' || c == '[' || c == ']' || c == '<' || c == '`')
            text_add_string(page, "\\");
        text_add(page, (struct slice){ &words.at[i], 1 });
    }
}

/* A span of code ends at its own mark, so that one in the words becomes an apostrophe. */
static void add_quoted_words(struct text *page, struct slice words)
{
    text_add_string(page, "`");
    for (size_t i = 0; i < words.len; i++)
        text_add(page, words.at[i] == '`' ? SLICE("'") : (struct slice){ &words.at[i], 1 });
    text_add_string(page, "`");
}

static void write_line(const struct request *request, enum word label, const char *words)
{
    text_add_format(request->page, "- %s: ", words_of(request, label));
    add_plain(request->page, slice_of(words));
    text_add_string(request->page, "\n");
}

static void write_said(const struct request *request, const struct evidence *evidence)
{
    char buffer[2 * EVIDENCE_SAID_MAX];
    struct text said;
    text_add_format(request->page, "- %s: ", words_of(request, SAID));
    if (evidence->said[0] == '\0') {
        text_add_format(request->page, "%s\n", words_of(request, NOTHING));
        return;
    }
    text_begin(&said, buffer, sizeof buffer);
    redaction_add(&said, slice_of(evidence->said), keep(request));
    add_quoted_words(request->page, text_slice(&said));
    text_add_string(request->page, "\n");
}

static void write_try(const struct request *request, enum check check)
{
    const struct entry *entry = &request->run->ledger.checks[check];
    char buffer[WORDING_MAX], room[WORDING_MAX];
    struct text tried, clean;
    text_begin(&tried, buffer, sizeof buffer);
    text_begin(&clean, room, sizeof room);
    text_add_format(&tried, "%s (%s)", check_row(check)->title[request->language],
                    check_row(check)->slug);
    if (entry->peer[0] != '\0')
        text_add_format(&tried, ", %s", entry->peer);
    if (entry->started_ms != 0 && entry->ended_ms >= entry->started_ms)
        text_add_format(&tried, ", %lld ms", (long long)(entry->ended_ms - entry->started_ms));
    wording_facts(&tried, entry, request->language);
    redaction_add(&clean, text_slice(&tried), keep(request));
    text_add_format(request->page, "- %s ", page_mark(entry->status));
    add_plain(request->page, text_slice(&clean));
    text_add_string(request->page, "\n");
}

static void write_tries(const struct request *request)
{
    text_add_format(request->page, "\n## %s\n\n", words_of(request, TRIED));
    for (enum check i = 0; i < CHECK_COUNT; i++)
        if (request->run->ledger.checks[i].asked)
            write_try(request, i);
}

static int64_t since(const struct request *request, size_t root)
{
    return request->history != NULL ? request->history->since_wall_ms[root] : 0;
}

static void write_filled(const struct request *request, const char *const words[LANGUAGES],
                         const struct params *params)
{
    char buffer[WORDING_MAX];
    struct text text;
    text_begin(&text, buffer, sizeof buffer);
    add_filled(request, &text, words, params);
    add_plain(request->page, text_slice(&text));
}

static void write_root(const struct request *request, size_t at)
{
    const struct root *root = &request->run->diagnosis.roots[at];
    const struct finding_row *row = finding_row(root->raised->finding);
    const struct evidence *evidence = &root->raised->evidence;
    char stamp[STAMP_MAX];
    text_add_format(request->page, "\n### %zu. ", at + 1);
    write_filled(request, row->title, &root->raised->params);
    text_add_string(request->page, "\n\n");
    write_filled(request, row->cause, &root->raised->params);
    text_add_string(request->page, "\n\n");
    if (since(request, at) != 0) {
        stamp_rfc3339(since(request, at), stamp);
        write_line(request, SINCE, stamp);
    }
    stamp_rfc3339(evidence->at_ms, stamp);
    write_line(request, SEEN, stamp);
    if (evidence->peer[0] != '\0')
        write_line(request, SERVER, evidence->peer);
    if (evidence->step[0] != '\0')
        write_line(request, STEP, evidence->step);
    write_said(request, evidence);
    write_line(request, WHO, who_words(row->who, request->language));
    write_line(request, SURE, wording_sure(root->confidence, request->language));
}

static void write_results(const struct request *request)
{
    char buffer[WORDING_MAX], room[WORDING_MAX];
    text_add_format(request->page, "\n## %s\n\n", words_of(request, EIGHT));
    for (enum result i = 0; i < RESULT_COUNT; i++) {
        struct text text, clean;
        text_begin(&text, buffer, sizeof buffer);
        text_begin(&clean, room, sizeof room);
        wording_result(&text, &request->run->ledger, i, request->language);
        redaction_add(&clean, text_slice(&text), keep(request));
        enum status status = request->run->ledger.checks[result_row(i)->check].status;
        text_add_format(request->page, "%zu. %s ", (size_t)i + 1, page_mark(status));
        add_plain(request->page, text_slice(&clean));
        text_add_string(request->page, "\n");
    }
}

static void write_footer(const struct request *request)
{
    char room[REPORT_GATEWAY_MAX];
    text_add_string(request->page, "\n---\n\n");
    text_add_format(request->page, words_of(request, FOOTER),
                    report_gateway_name(request->order->settings, room), GATEPOST_VERSION,
                    request->run->id);
    text_add_string(request->page, "\n");
}

static void write_page(const struct request *request)
{
    char buffer[SUPPORT_SUMMARY_MAX];
    struct text text;
    text_begin(&text, buffer, sizeof buffer);
    support_subject(request->order, request->run, request->language, &text);
    text_add_string(request->page, "# ");
    add_plain(request->page, text_slice(&text));
    text_add_string(request->page, "\n\n");
    text_begin(&text, buffer, sizeof buffer);
    support_summary(request->order, request->run, request->language, &text);
    add_plain(request->page, text_slice(&text));
    text_add_string(request->page, "\n");
    write_results(request);
    if (request->run->diagnosis.root_count > 0)
        text_add_format(request->page, "\n## %s\n", words_of(request, FOUND));
    for (size_t i = 0; i < request->run->diagnosis.root_count; i++)
        write_root(request, i);
    write_tries(request);
    write_footer(request);
}

bool support_markdown(const struct order *order, const struct run *run, enum language language,
                      const struct support_history *history, char *into, size_t size,
                      size_t *into_len)
{
    struct text page;
    const struct request request = { order, run, history, language, &page };
    text_begin(&page, into, size);
    write_page(&request);
    *into_len = page.len;
    return !page.overflow;
}
