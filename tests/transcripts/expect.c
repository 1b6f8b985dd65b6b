/* SPDX-License-Identifier: MIT */
/* What a transcript expects, line by line, and what nobody may find that it does not expect. */
#include "../../agent/pattern.h"

#include "play.h"
#include "read.h"

#include <stdio.h>
#include <string.h>

static bool status_is(enum status status, struct slice word)
{
    return slice_is(word, status_name(status));
}

/* ---- findings ---- */

static bool matches_raised(struct slice words, const struct raised *raised)
{
    struct slice rest = words, slug = reader_word(&rest), said;
    char pattern[512];
    if (!slice_is(slug, finding_row(raised->finding)->slug))
        return false;
    if (slice_starts(rest, "on ")) {
        rest = slice_from(rest, 3);
        if (!slice_is(reader_word(&rest), check_row(raised->check)->slug))
            return false;
    }
    if (rest.len == 0)
        return true;
    if (!slice_starts(rest, "said \"") || !slice_ends_nocase(rest, "\""))
        return false;
    said = (struct slice){ rest.at + 6, rest.len - 7 };
    text_put(pattern, sizeof pattern, said);
    return pattern_matches(pattern, slice_of(raised->evidence.said));
}

static bool has_finding(const struct ledger *ledger, struct slice words)
{
    for (size_t i = 0; i < ledger->raised_count; i++)
        if (matches_raised(words, &ledger->raised[i]))
            return true;
    return false;
}

static bool all_findings_expected(const struct transcript *transcript, const struct ledger *ledger)
{
    bool all = true;
    for (size_t i = 0; i < ledger->raised_count; i++) {
        const struct raised *raised = &ledger->raised[i];
        bool expected = false;
        for (size_t k = 0; k < transcript->expected_count; k++)
            expected = expected || matches_raised(transcript->expected[k].words, raised);
        if (!expected)
            (void)fprintf(stderr, "%s: not expected: %s on %s  said \"%s\" (%s, %s)\n",
                          transcript->path, finding_row(raised->finding)->slug,
                          check_row(raised->check)->slug, raised->evidence.said,
                          raised->evidence.step, raised->evidence.peer);
        all = all && expected;
    }
    return all;
}

/* ---- checks and results ---- */

static bool matches_entry(const struct entry *entry, struct slice rest)
{
    if (!status_is(entry->status, reader_word(&rest)))
        return false;
    struct slice word = reader_word(&rest);
    if (slice_is(word, "because"))
        return entry->because != CHECK_COUNT && slice_is(rest, check_row(entry->because)->slug);
    if (slice_is(word, "reason"))
        return slice_is(rest, reason_row(entry->reason)->slug);
    if (slice_is(word, "borrowed"))
        return entry->seen_wall_ms == FAKE_WALL_MS - PLAY_LENT_MS;
    if (slice_is(word, "asked"))
        return entry->seen_wall_ms == 0;
    return word.len == 0;
}

static bool has_check(const struct ledger *ledger, struct slice rest)
{
    enum check check = check_find(reader_word(&rest));
    return check != CHECK_COUNT && matches_entry(&ledger->checks[check], rest);
}

static bool has_result(const struct ledger *ledger, struct slice rest)
{
    struct slice slug = reader_word(&rest);
    for (enum result result = 0; result < RESULT_COUNT; result++)
        if (slice_is(slug, result_row(result)->slug))
            return matches_entry(&ledger->checks[result_row(result)->check], rest);
    return false;
}

static bool has_fact(const struct ledger *ledger, struct slice rest)
{
    enum check check = check_find(reader_word(&rest));
    struct slice name = reader_word(&rest);
    for (size_t i = 0; check != CHECK_COUNT && i < ledger->checks[check].fact_count; i++) {
        const struct fact *fact = &ledger->checks[check].facts[i];
        if (slice_is(name, fact->name))
            return slice_is(rest, fact->value);
    }
    return false;
}

/* ---- diagnosis ---- */

static bool matches_root(const struct root *root, struct slice rest)
{
    return slice_is(reader_word(&rest), finding_row(root->raised->finding)->slug) &&
           slice_is(rest, confidence_name(root->confidence));
}

static bool has_root(const struct diagnosis *diagnosis, struct slice rest)
{
    for (size_t i = 0; i < diagnosis->root_count; i++)
        if (matches_root(&diagnosis->roots[i], rest))
            return true;
    return false;
}

static bool has_remedy(const struct diagnosis *diagnosis, struct slice rest)
{
    for (size_t i = 0; i < diagnosis->remedy_count; i++)
        if (slice_is(rest, remedy_row(diagnosis->remedies[i].remedy)->slug))
            return true;
    return false;
}

static size_t count_expected(const struct transcript *transcript, const char *kind)
{
    size_t count = 0;
    for (size_t i = 0; i < transcript->expected_count; i++)
        count += slice_starts(transcript->expected[i].words, kind) ? 1 : 0;
    return count;
}

/* Where a transcript tells the roots or remedies, it tells them all. */
static bool all_roots_expected(const struct transcript *transcript,
                               const struct diagnosis *diagnosis)
{
    size_t roots = count_expected(transcript, "root "),
           remedies = count_expected(transcript, "remedy ");
    bool counted =
        transcript->plays_suite || roots > 0 || count_expected(transcript, "no roots") > 0;
    if (!counted ||
        (diagnosis->root_count == roots && (remedies == 0 || diagnosis->remedy_count == remedies)))
        return true;
    (void)fprintf(stderr, "%s: there are %zu roots and %zu remedies\n", transcript->path,
                  diagnosis->root_count, diagnosis->remedy_count);
    return false;
}

/* ---- one line ---- */

static bool is_met(struct slice words, const struct played *played)
{
    const struct ledger *ledger = &played->run.ledger;
    const struct diagnosis *diagnosis = &played->run.diagnosis;
    struct slice rest = words, kind = reader_word(&rest);
    uint64_t number = 0;
    if (slice_is(words, "no findings"))
        return ledger->raised_count == 0;
    if (slice_is(words, "no roots"))
        return diagnosis->root_count == 0;
    if (slice_is(kind, "check"))
        return has_check(ledger, rest);
    if (slice_is(kind, "result"))
        return has_result(ledger, rest);
    if (slice_is(kind, "fact"))
        return has_fact(ledger, rest);
    if (slice_is(kind, "root"))
        return has_root(diagnosis, rest);
    if (slice_is(kind, "remedy"))
        return has_remedy(diagnosis, rest);
    if (slice_is(kind, "verdict"))
        return status_is(diagnosis->verdict, rest);
    if (slice_is(kind, "dials"))
        return slice_number(rest, 1000, &number) && number == fake.dials;
    return has_finding(ledger, words);
}

static void show_check(enum check check, const struct entry *entry)
{
    (void)fprintf(stderr, "    %s %s", check_row(check)->slug, status_name(entry->status));
    if (entry->status == STATUS_SKIPPED && entry->because != CHECK_COUNT)
        (void)fprintf(stderr, " because %s", check_row(entry->because)->slug);
    if (entry->reason != REASON_NONE)
        (void)fprintf(stderr, " reason %s", reason_row(entry->reason)->slug);
    for (size_t i = 0; i < entry->fact_count; i++)
        (void)fprintf(stderr, " [%s %s]", entry->facts[i].name, entry->facts[i].value);
    (void)fprintf(stderr, "\n");
}

static void show_found(const struct played *played)
{
    const struct diagnosis *diagnosis = &played->run.diagnosis;
    for (enum check check = 0; check < CHECK_COUNT; check++)
        if (played->run.ledger.checks[check].asked)
            show_check(check, &played->run.ledger.checks[check]);
    for (size_t i = 0; i < diagnosis->root_count; i++)
        (void)fprintf(stderr, "    root %s %s\n",
                      finding_row(diagnosis->roots[i].raised->finding)->slug,
                      confidence_name(diagnosis->roots[i].confidence));
    for (size_t i = 0; i < diagnosis->remedy_count; i++)
        (void)fprintf(stderr, "    remedy %s\n", remedy_row(diagnosis->remedies[i].remedy)->slug);
    (void)fprintf(stderr, "    verdict %s, %u dials\n", status_name(diagnosis->verdict),
                  fake.dials);
}

bool expect(struct transcript *transcript, const struct played *played)
{
    bool good = all_findings_expected(transcript, &played->run.ledger);
    good = all_roots_expected(transcript, &played->run.diagnosis) && good;
    for (size_t i = 0; i < transcript->expected_count; i++) {
        const struct expectation *expectation = &transcript->expected[i];
        if (is_met(expectation->words, played))
            continue;
        (void)fprintf(stderr, "%s:%d: not so: %.*s\n", transcript->path, expectation->number,
                      SLICE_ARG(expectation->words));
        good = false;
    }
    if (transcript->expected_count == 0) {
        (void)fprintf(stderr, "%s: nothing is expected\n", transcript->path);
        good = false;
    }
    for (size_t i = 0; i < fake.complaint_count; i++)
        (void)fprintf(stderr, "%s: %s\n", transcript->path, fake.complaints[i]);
    good = good && fake.complaint_count == 0;
    if (!good)
        show_found(played);
    return good;
}
