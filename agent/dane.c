/* SPDX-License-Identifier: MIT */
#include "dane.h"

static size_t count_usable(const struct answer *answer)
{
    size_t usable = 0;
    for (size_t i = 0; i < answer->count; i++)
        usable += dane_usable(&answer->records[i]) ? 1 : 0;
    return usable;
}

static enum dane_state judge(const struct answer *answer, size_t usable)
{
    if (answer->status == ANSWER_NODATA || answer->status == ANSWER_NXDOMAIN)
        return DANE_NONE;
    if (answer->status != ANSWER_RECORDS)
        return DANE_UNKNOWN;
    if (!answer->authenticated)
        return DANE_INSECURE;
    return usable > 0 ? DANE_READY : DANE_UNUSABLE;
}

bool dane_find(ask_fn *ask, void *asker, const char *host, uint16_t port, struct dane *into)
{
    char name[RESOLVE_NAME_MAX];
    struct text text;
    text_begin(&text, name, sizeof name);
    text_add_format(&text, "_%u._tcp.", (unsigned)port);
    text_add_string(&text, host);
    *into = (struct dane){ .state = DANE_NONE };
    if (text.overflow)
        return true;
    into->answer = ask(asker, name, RECORD_TLSA);
    if (into->answer == NULL)
        return false;
    into->usable = count_usable(into->answer);
    into->state = judge(into->answer, into->usable);
    return true;
}

bool dane_usable(const struct record *record)
{
    static const size_t digests[DANE_FORMS] = { [DANE_SHA2_256] = 32, [DANE_SHA2_512] = 64 };
    if (record->usage != DANE_TA && record->usage != DANE_EE)
        return false;
    if (record->selector >= DANE_SELECTORS || record->matching >= DANE_FORMS)
        return false;
    size_t wanted = digests[record->matching];
    return wanted == 0 ? record->text.len > 0 : record->text.len == wanted;
}

static bool is_certificate(const struct record *record, const struct dane_certificate *certificate)
{
    struct slice form = certificate->form[record->selector][record->matching];
    return form.len > 0 && slice_equal(form, record->text);
}

const struct record *dane_match(const struct answer *answer, const struct dane_certificate *chain,
                                size_t count)
{
    for (size_t i = 0; i < answer->count; i++) {
        const struct record *record = &answer->records[i];
        size_t reach = record->usage == DANE_EE && count > 1 ? 1 : count;
        for (size_t at = 0; dane_usable(record) && at < reach; at++)
            if (is_certificate(record, &chain[at]))
                return record;
    }
    return NULL;
}
