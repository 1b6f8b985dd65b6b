/* SPDX-License-Identifier: MIT */
/* The record of a key, up to the first NUL, and a mail that is signed with it. On the real port. */
#include "../../agent/dkim.h"
#include "../../agent/dkim_canon.h"
#include "../../agent/dkim_key.h"

#include "target.h"

#define MAIL_MAX 32768

static struct record record;

static const struct answer *ask(void *asker, const char *name, enum record_type type)
{
    static struct answer answer = { .status = ANSWER_RECORDS, .records = &record, .count = 1 };
    HOLDS(asker == &record && type == RECORD_TXT);
    HOLDS(strstr(name, "._domainkey.") != NULL && strlen(name) < RESOLVE_NAME_MAX);
    return &answer;
}

static void keep(void *sink, struct slice piece)
{
    text_add(sink, piece);
}

/* What has the form already keeps it. */
static void check_form(struct slice body, bool relaxed)
{
    static char once[2 * MAIL_MAX + 3], twice[2 * MAIL_MAX + 3];
    struct text first, second;
    text_begin(&first, once, sizeof once);
    dkim_canon_body(body, relaxed, keep, &first);
    HOLDS(!first.overflow);
    HOLDS(first.len == 0 ? relaxed : slice_ends_nocase(text_slice(&first), "\r\n"));
    text_begin(&second, twice, sizeof twice);
    dkim_canon_body(text_slice(&first), relaxed, keep, &second);
    HOLDS(slice_equal(text_slice(&first), text_slice(&second)));
}

static void check_key(struct slice txt)
{
    struct dkim_key key;
    dkim_key_judge(txt, &key);
    HOLDS(key.len <= sizeof key.bytes);
    HOLDS((key.verdict == DKIM_RECORD_GOOD) == (key.words[0] == '\0'));
    if (key.verdict == DKIM_RECORD_GOOD)
        HOLDS(key.kind == DKIM_ED25519 ? key.bits == 256 : key.bits >= DKIM_KEY_BITS_MIN);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *copy = malloc(size > 0 ? size : 1);
    HOLDS(copy != NULL);
    memcpy(copy, data, size);
    struct slice rest = { copy, size }, txt = { NULL, 0 };
    if (slice_cut(&rest, '\0', &txt) && rest.len <= MAIL_MAX) {
        const struct dkim_question question = { .mail = rest, .ask = ask, .asker = &record };
        struct dkim_outcome outcome;
        record.text = txt;
        check_key(txt);
        check_form(header_body(rest), false);
        check_form(header_body(rest), true);
        HOLDS(dkim_judge(&question, &outcome));
        HOLDS(outcome.count <= DKIM_SIGNATURES_MAX && outcome.count <= outcome.found);
        for (size_t i = 0; i < outcome.count; i++) {
            HOLDS(outcome.results[i].verdict != DKIM_VERDICT_PENDING);
            HOLDS(within(outcome.results[i].domain, rest.at, rest.len));
            HOLDS(within(outcome.results[i].selector, rest.at, rest.len));
        }
    }
    free(copy);
    return 0;
}
