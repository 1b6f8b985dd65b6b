/* SPDX-License-Identifier: MIT */
#include "view.h"

#include "page.h"
#include "stamp.h"
#include "wording.h"

#include <stdio.h>
#include <string.h>

#define LABEL       17 /* columns of the labels under a root */
#define LAYER_WIDTH 12 /* columns of the tree */
#define SLUG_WIDTH  23
#define TIME_WIDTH  8
#define DETAIL      (LAYER_WIDTH + 2 + SLUG_WIDTH + TIME_WIDTH + 2)

/* clang-format off */
enum word {
    WHO, SURE, SEEN, SAID, TO_DO, NOT_ASKED, DROPPED, COUNTS, INTERRUPTED, COLON, WORDS
};
static const char *const word[WORDS][LANGUAGES] = {
    [WHO]         = { "Who can mend it",  "Qui peut agir" },
    [SURE]        = { "How sure it is",   "Certitude" },
    [SEEN]        = { "Seen at",          "Constaté sur" },
    [SAID]        = { "It said",          "Réponse" },
    [TO_DO]       = { "What to do",       "Que faire" },
    [NOT_ASKED]   = { "Not asked this time: ",       "Pas demandé cette fois : " },
    [DROPPED]     = { "%u details did not fit into this report.\n",
                      "%u détails n'ont pas tenu dans ce rapport.\n" },
    [COUNTS]      = { "profile %s, DNS questions: %u, connections: %u, %.1f s",
                      "profil %s, questions DNS : %u, connexions : %u, %.1f s" },
    [INTERRUPTED] = { ", interrupted",    ", interrompu" },
    [COLON]       = { ": ",               " : " },
};
/* clang-format on */

static struct page page_of(const struct view *view)
{
    return (struct page){ .columns = view->columns, .colour = view->colour };
}

static struct slice filled(const struct view *view, char buffer[WORDING_MAX],
                           const char *const words[LANGUAGES], const struct params *params)
{
    struct text text;
    text_begin(&text, buffer, WORDING_MAX);
    wording_fill(&text, words[view->language], params, view->language);
    return text_slice(&text);
}

/* ---- head ---- */

static void show_head(const struct view *view, const struct order *order, const struct run *run)
{
    const struct page page = page_of(view);
    enum status verdict = run->diagnosis.verdict;
    const char *words = status_words(verdict, view->language), *colon = word[COLON][view->language];
    char stamp[STAMP_MAX], line[256];
    struct text text;
    unsigned connections = 0;
    for (enum service i = 0; i < SERVICE_COUNT; i++)
        connections += run->connections[i];
    stamp_rfc3339(run->started_wall_ms, stamp);
    size_t used = page_width(slice_of(order->account->address)) + page_width(slice_of(colon)) +
                  page_width(slice_of(words)) + page_width(slice_of(stamp));
    printf("%s%s", order->account->address, colon);
    page_tint(&page, verdict, words);
    page_spaces((size_t)view->columns > used + 2 ? (size_t)view->columns - used : 2);
    printf("%s\n", stamp);
    text_begin(&text, line, sizeof line);
    text_add_format(&text, word[COUNTS][view->language], order->profile->name, run->questions,
                    connections, (double)run->duration_ms / 1000.0);
    text_add_string(&text, run->interrupted ? word[INTERRUPTED][view->language] : "");
    page_flow(&page, 0, text_slice(&text));
    putchar('\n');
}

/* ---- roots ---- */

static void show_labelled(const struct view *view, enum word label, const char *words)
{
    const struct page page = page_of(view);
    page_spaces(2);
    page_padded(slice_of(word[label][view->language]), LABEL);
    page_flow(&page, 2 + LABEL, slice_of(words));
}

static void show_evidence(const struct view *view, const struct evidence *evidence)
{
    char stamp[STAMP_MAX], line[512];
    struct text text;
    if (evidence->peer[0] == '\0' && evidence->said[0] == '\0')
        return;
    stamp_rfc3339(evidence->at_ms, stamp);
    text_begin(&text, line, sizeof line);
    text_add_printable(&text, slice_of(evidence->peer));
    text_add_format(&text, "%s%s", evidence->peer[0] != '\0' ? ", " : "", stamp);
    if (evidence->step[0] != '\0')
        text_add_format(&text, ", %s", evidence->step);
    show_labelled(view, SEEN, line);
    if (evidence->said[0] != '\0')
        show_labelled(view, SAID, evidence->said);
}

static void show_root(const struct view *view, const struct root *root)
{
    const struct page page = page_of(view);
    const struct finding_row *row = finding_row(root->raised->finding);
    const struct params *params = &root->raised->params;
    bool sure = root->confidence != CONFIDENCE_POSSIBLE;
    enum status status = sure ? row->status : STATUS_UNKNOWN;
    char buffer[WORDING_MAX];
    page_tint(&page, status, page_mark(status));
    putchar(' ');
    page_flow(&page, 2, filled(view, buffer, row->title, params));
    page_spaces(2);
    page_flow(&page, 2, filled(view, buffer, row->cause, params));
    show_labelled(view, WHO, who_words(row->who, view->language));
    show_labelled(view, SURE, wording_sure(root->confidence, view->language));
    show_evidence(view, &root->raised->evidence);
    putchar('\n');
}

/* ---- the eight results ---- */

static bool was_asked(const struct entry *entry)
{
    return entry->asked && entry->reason != REASON_NOT_ASKED;
}

static void show_result(const struct view *view, const struct ledger *ledger, enum result result)
{
    const struct page page = page_of(view);
    const struct entry *entry = &ledger->checks[result_row(result)->check];
    char buffer[WORDING_MAX];
    struct text text;
    text_begin(&text, buffer, sizeof buffer);
    wording_result(&text, ledger, result, view->language);
    enum status mark = was_asked(entry) ? entry->status : STATUS_SKIPPED;
    page_tint(&page, mark, page_mark(mark));
    putchar(' ');
    page_flow(&page, 2, text_slice(&text));
}

/* ---- the tree ---- */

/* Why it stands as it does, or where it was made and the facts worth reading. */
static void show_detail(const struct view *view, const struct entry *entry)
{
    const struct page page = page_of(view);
    char buffer[WORDING_MAX];
    struct text text;
    text_begin(&text, buffer, sizeof buffer);
    wording_why(&text, entry, true, view->language);
    if (text.len == 0) {
        text_add_printable(&text, slice_of(entry->peer));
        wording_facts(&text, entry, view->language);
    }
    page_flow(&page, DETAIL, text_slice(&text));
}

static void show_findings(const struct view *view, const struct ledger *ledger, enum check check)
{
    const struct page page = page_of(view);
    char buffer[WORDING_MAX];
    for (size_t i = 0; i < ledger->raised_count; i++) {
        const struct raised *raised = &ledger->raised[i];
        const struct finding_row *row = finding_row(raised->finding);
        if (raised->check != check)
            continue;
        page_spaces(LAYER_WIDTH + 2);
        page_flow(&page, LAYER_WIDTH + 2, filled(view, buffer, row->title, &raised->params));
    }
}

static void show_check(const struct view *view, const struct ledger *ledger, enum check check,
                       const char *layer)
{
    const struct page page = page_of(view);
    const struct entry *entry = &ledger->checks[check];
    char time[32] = "";
    page_padded(slice_of(layer), LAYER_WIDTH);
    page_tint(&page, entry->status, page_mark(entry->status));
    putchar(' ');
    if (entry->started_ms != 0 && entry->ended_ms >= entry->started_ms)
        (void)snprintf(time, sizeof time, "%lld ms", /* 32 bytes hold any number */
                       (long long)(entry->ended_ms - entry->started_ms));
    bool bare = entry->peer[0] == '\0' && entry->fact_count == 0 && entry->reason == REASON_NONE &&
                entry->because == CHECK_COUNT;
    if (bare && time[0] == '\0') {
        puts(check_row(check)->slug);
    } else {
        page_padded(slice_of(check_row(check)->slug), SLUG_WIDTH);
        printf(bare ? "%*s" : "%*s  ", TIME_WIDTH, time);
        show_detail(view, entry);
    }
    show_findings(view, ledger, check);
}

/* What is decided from the others and is well has been said among the eight. */
static bool is_worth_a_line(const struct entry *entry, enum check check)
{
    bool decided =
        check == ACCOUNT_SENDING || check == ACCOUNT_SUBSCRIPTION || check == ACCOUNT_LOCK;
    return was_asked(entry) && !(decided && entry->status == STATUS_OK);
}

/* What is well shares a line, or a few: who looks at a healthy office wants to see that it is. */
static bool show_well(const struct view *view, const struct ledger *ledger, enum layer layer)
{
    const struct page page = page_of(view);
    char buffer[WORDING_MAX];
    struct text well;
    text_begin(&well, buffer, sizeof buffer);
    for (enum check i = 0; i < CHECK_COUNT; i++) {
        const struct entry *entry = &ledger->checks[i];
        if (check_row(i)->layer == layer && entry->status == STATUS_OK && is_worth_a_line(entry, i))
            text_add_format(&well, "%s%s", well.len > 0 ? ", " : "", check_row(i)->slug);
    }
    if (well.len == 0)
        return false;
    page_padded(slice_of(layer_words(layer, view->language)), LAYER_WIDTH);
    page_tint(&page, STATUS_OK, page_mark(STATUS_OK));
    putchar(' ');
    page_flow(&page, LAYER_WIDTH + 2, text_slice(&well));
    return true;
}

static void show_layer(const struct view *view, const struct ledger *ledger, enum layer layer)
{
    const char *label = show_well(view, ledger, layer) ? "" : layer_words(layer, view->language);
    for (enum check i = 0; i < CHECK_COUNT; i++) {
        const struct entry *entry = &ledger->checks[i];
        if (check_row(i)->layer != layer || entry->status == STATUS_OK ||
            !is_worth_a_line(entry, i))
            continue;
        show_check(view, ledger, i, label);
        label = "";
    }
}

static void show_tree(const struct view *view, const struct ledger *ledger)
{
    const struct page page = page_of(view);
    char buffer[WORDING_MAX];
    struct text left_out;
    text_begin(&left_out, buffer, sizeof buffer);
    for (enum layer layer = LAYER_DEVICE; layer <= LAYER_MAIL; layer++)
        show_layer(view, ledger, layer);
    for (enum check i = 0; i < CHECK_COUNT; i++)
        if (!was_asked(&ledger->checks[i]) && ledger->checks[i].reason != REASON_NOT_CONFIGURED)
            text_add_format(&left_out, "%s%s", left_out.len > 0 ? ", " : "", check_row(i)->slug);
    if (left_out.len > 0) {
        fputs(word[NOT_ASKED][view->language], stdout);
        page_flow(&page, page_width(slice_of(word[NOT_ASKED][view->language])),
                  text_slice(&left_out));
    }
}

/* ---- what to do ---- */

static const struct {
    enum remedy remedy;
    enum param owner;
    const char *type;
} records[] = {
    { SET_MX, PARAM_DOMAIN, "MX" },
    { SET_SRV, PARAM_NAME, "SRV" },
};

/* Records to set, as a zone file writes them (RFC 1035 section 5.1): "1 mx0.example.net, 5 mx1..."
 * one a line. */
static void show_records(const char *owner, const char *type, const char *expected)
{
    struct slice rest = slice_of(expected), record;
    while (slice_cut(&rest, ',', &record)) {
        record = slice_trim(record);
        if (record.len > 0)
            printf("     %s. IN %s %.*s.\n", owner, type, SLICE_ARG(record));
    }
}

static void show_remedy(const struct view *view, size_t number, enum remedy remedy,
                        const struct params *given)
{
    const struct page page = page_of(view);
    struct params params = *given;
    const char *expected = params.value[PARAM_EXPECTED], *owner = NULL, *type = "";
    char buffer[WORDING_MAX];
    for (size_t i = 0; i < sizeof records / sizeof *records; i++)
        if (records[i].remedy == remedy && expected != NULL) {
            owner = params.value[records[i].owner];
            type = records[i].type;
        }
    if (owner != NULL)
        params.value[PARAM_EXPECTED] = NULL; /* they follow, one a line */
    printf("%zu. ", number);
    page_flow(&page, 3, filled(view, buffer, remedy_row(remedy)->words, &params));
    if (owner != NULL)
        show_records(owner, type, expected);
}

static void show_remedies(const struct view *view, const struct diagnosis *diagnosis)
{
    if (diagnosis->remedy_count == 0)
        return;
    printf("\n%s\n", word[TO_DO][view->language]);
    for (size_t i = 0; i < diagnosis->remedy_count; i++)
        show_remedy(view, i + 1, diagnosis->remedies[i].remedy, diagnosis->remedies[i].params);
}

void view_report(const struct view *view, const struct order *order, const struct run *run)
{
    show_head(view, order, run);
    for (size_t i = 0; i < run->diagnosis.root_count; i++)
        show_root(view, &run->diagnosis.roots[i]);
    for (enum result i = 0; i < RESULT_COUNT; i++)
        if (settings_has_mailbox(order->account) ||
            was_asked(&run->ledger.checks[result_row(i)->check]))
            show_result(view, &run->ledger, i);
    putchar('\n');
    show_tree(view, &run->ledger);
    show_remedies(view, &run->diagnosis);
    if (run->ledger.dropped > 0)
        printf(word[DROPPED][view->language], run->ledger.dropped);
}
