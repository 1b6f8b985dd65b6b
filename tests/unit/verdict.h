/* SPDX-License-Identifier: MIT */
/* One office that every test makes sick in its own way, and what the diagnosis made of it. */
#ifndef GATEPOST_TEST_VERDICT_H
#define GATEPOST_TEST_VERDICT_H

#include "office.h"

static struct office office;

static inline int healthy(void **state)
{
    (void)state;
    office_begin(&office);
    return 0;
}

#define TEST(name) cmocka_unit_test_setup(name, healthy)

/* What a run came to, in a notation that is short to compare. */
static inline void add_result(struct text *text, const struct entry *entry)
{
    static const char letters[] = {
        [STATUS_PENDING] = 'p', [STATUS_OK] = 'o',      [STATUS_WARNING] = 'w',
        [STATUS_FAILED] = 'f',  [STATUS_UNKNOWN] = 'u', [STATUS_SKIPPED] = 's'
    };
    text_add_format(text, "%s%c", text->len > 0 ? " " : "", letters[entry->status]);
    if (entry->status == STATUS_SKIPPED && entry->because != CHECK_COUNT)
        text_add_format(text, "(%s)", check_row(entry->because)->slug);
}

/* The eight results: spam, subscription, lock, webmail, mx, received, srv, sent. */
static inline void assert_eight(const char *wanted)
{
    char line[256];
    struct text text;
    text_begin(&text, line, sizeof line);
    for (enum result i = 0; i < RESULT_COUNT; i++)
        add_result(&text, &office.ledger.checks[result_row(i)->check]);
    assert_string_equal(line, wanted);
}

static inline void assert_roots(const char *wanted)
{
    char line[512];
    struct text text;
    text_begin(&text, line, sizeof line);
    for (size_t i = 0; i < office.diagnosis.root_count; i++) {
        const struct root *root = &office.diagnosis.roots[i];
        text_add_format(&text, "%s%s %s", i > 0 ? ", " : "",
                        finding_row(root->raised->finding)->slug,
                        confidence_name(root->confidence));
    }
    assert_string_equal(line, wanted);
}

static inline void assert_remedies(const char *wanted)
{
    char line[512];
    struct text text;
    text_begin(&text, line, sizeof line);
    for (size_t i = 0; i < office.diagnosis.remedy_count; i++)
        text_add_format(&text, "%s%s", i > 0 ? ", " : "",
                        remedy_row(office.diagnosis.remedies[i].remedy)->slug);
    assert_string_equal(line, wanted);
}

static inline void assert_exit(int wanted)
{
    assert_int_equal(diagnosis_exit_status(office.diagnosis.verdict), wanted);
}

static inline struct raised *spoil(enum finding finding, enum check check, enum service service,
                                   const char *said)
{
    return office_fail(&office, finding, check, service, said);
}

static inline void pass_over(enum check check, enum check because)
{
    office_skip(&office, check, because);
}

#endif
