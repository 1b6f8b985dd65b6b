/* SPDX-License-Identifier: MIT */
#include "taglist.h"
#include "witness_parts.h"

#include <string.h>

/* RFC 8601 section 2.7; "hardfail" is what SPF's fail was called before RFC 6577. */
static enum witness_verdict read_verdict(struct slice word)
{
    static const struct {
        const char *word;
        enum witness_verdict verdict;
    } words[] = {
        { "none", WITNESS_NONE },           { "pass", WITNESS_PASS },
        { "fail", WITNESS_FAIL },           { "hardfail", WITNESS_FAIL },
        { "softfail", WITNESS_SOFTFAIL },   { "neutral", WITNESS_NEUTRAL },
        { "policy", WITNESS_POLICY },       { "temperror", WITNESS_TEMPERROR },
        { "permerror", WITNESS_PERMERROR },
    };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (slice_is_nocase(word, words[i].word))
            return words[i].verdict;
    return WITNESS_OTHER;
}

static bool read_method(struct slice word, enum witness_method *into_method)
{
    struct slice name;
    if (!slice_cut(&word, '/', &name)) /* the method's version may follow */
        return false;
    for (enum witness_method method = WITNESS_SPF; method <= WITNESS_ARC; method++)
        if (slice_is_nocase(name, witness_method_name(method))) {
            *into_method = method;
            return true;
        }
    return false;
}

/* Of a mailbox its domain; brackets are left out. */
static struct slice domain_of(struct slice value)
{
    if (value.len > 0 && value.at[value.len - 1] == '>')
        value.len--;
    size_t at = value.len;
    while (at > 0 && value.at[at - 1] != '@' && value.at[at - 1] != '<')
        at--;
    return slice_from(value, at);
}

/* KEY=VALUE at the front. A word without an equals sign is passed over. */
static bool next_pair(struct slice *rest, struct slice *into_key, struct slice *into_value)
{
    while (rest->len > 0) {
        struct slice key = header_word(rest, "="), after = *rest;
        if (!slice_is(header_word(&after, "="), "="))
            continue;
        *into_key = key;
        *into_value = header_word(&after, "");
        *rest = after;
        return true;
    }
    return false;
}

/* The properties that hold a method's domain, the better one first (RFC 8601 section 2.7). */
static void keep_property(struct witness_result *result, struct slice key, struct slice value,
                          bool *preferred)
{
    static const char *const names[][2] = {
        [WITNESS_SPF] = { "smtp.mailfrom", "smtp.helo" },
        [WITNESS_DKIM] = { "header.d", "header.i" },
        [WITNESS_DMARC] = { "header.from", "header.from" },
    };
    if (result->method == WITNESS_DKIM && slice_is_nocase(key, "header.s"))
        result->selector = value;
    if (result->method == WITNESS_ARC || *preferred)
        return;
    *preferred = slice_is_nocase(key, names[result->method][0]);
    if (*preferred || slice_is_nocase(key, names[result->method][1]))
        result->domain = domain_of(value);
}

static void add_result(struct witness *witness, struct slice part)
{
    struct witness_result result = { .said = slice_trim(part) };
    struct slice key, value;
    bool preferred = false;
    if (!next_pair(&part, &key, &value) || !read_method(key, &result.method))
        return;
    if (witness->result_count == WITNESS_RESULTS_MAX) {
        witness->cut = true;
        return;
    }
    result.verdict = read_verdict(value);
    while (next_pair(&part, &key, &value))
        keep_property(&result, key, value, &preferred);
    witness->results[witness->result_count++] = result;
}

/* Servers without an authserv-id begin with a result at once. */
void witness_add_results(struct witness *witness, const char *wanted, struct slice value)
{
    struct slice rest = value, part = { NULL, 0 }, authserv = { NULL, 0 }, key, word;
    if (!header_cut(&rest, ';', &part))
        return;
    struct slice first = part;
    if (next_pair(&first, &key, &word))
        rest = value;
    else
        authserv = header_word(&part, "");
    if (wanted != NULL && !slice_is_nocase(authserv, wanted))
        return;
    if (witness->judged && !slice_equal_nocase(authserv, witness->authserv))
        return;
    witness->judged = true;
    witness->authserv = authserv;
    while (header_cut(&rest, ';', &part))
        add_result(witness, part);
}

/* A verdict, then KEY=VALUE with semicolons between (RFC 7208 section 9.1). */
void witness_read_spf(struct slice value, struct witness_result *into_result)
{
    struct slice rest = value, part, key, word;
    *into_result = (struct witness_result){ .method = WITNESS_SPF, .said = slice_trim(value) };
    into_result->verdict = read_verdict(header_word(&rest, ";="));
    while (header_cut(&rest, ';', &part))
        while (next_pair(&part, &key, &word))
            if (slice_is_nocase(key, "envelope-from"))
                into_result->domain = domain_of(word);
}

/* ---- ARC ---- */

/* The seal and the signature are lists of tags; the results begin with i= as their first part. */
static unsigned instance_of(struct slice value, bool is_list, struct taglist *list)
{
    struct slice part, key, word = { NULL, 0 };
    uint64_t instance = 0;
    if (is_list) {
        if (!taglist_read(value, list))
            return 0;
        word = taglist_value(list, "i", "");
    } else if (header_cut(&value, ';', &part) && next_pair(&part, &key, &word) &&
               !slice_is(key, "i")) {
        return 0;
    }
    return slice_number(word, WITNESS_ARC_MAX, &instance) ? (unsigned)instance : 0;
}

static enum witness_chain chain_of(struct slice word)
{
    if (slice_is_nocase(word, "pass"))
        return WITNESS_CHAIN_PASS;
    if (slice_is_nocase(word, "fail"))
        return WITNESS_CHAIN_FAIL;
    return slice_is_nocase(word, "none") ? WITNESS_CHAIN_NONE : WITNESS_CHAIN_UNTOLD;
}

void witness_note_arc(struct witness *witness, struct witness_arc *arc,
                      const struct header_field *field)
{
    struct taglist list = { .count = 0 };
    bool is_seal = slice_is_nocase(field->name, "ARC-Seal");
    bool is_results = slice_is_nocase(field->name, "ARC-Authentication-Results");
    uint64_t *seen = is_seal ? &arc->seals : is_results ? &arc->results : &arc->signatures;
    if (!is_seal && !is_results && !slice_is_nocase(field->name, "ARC-Message-Signature"))
        return;
    unsigned instance = instance_of(field->value, !is_results, &list);
    uint64_t bit = instance == 0 ? 0 : UINT64_C(1) << (instance - 1);
    arc->twice = arc->twice || bit == 0 || (*seen & bit) != 0;
    *seen |= bit;
    if (is_seal && instance > 0 && (arc->seals >> instance) == 0)
        witness->arc_chain = chain_of(taglist_value(&list, "cv", ""));
    if (instance > witness->arc_sets)
        witness->arc_sets = instance;
}

void witness_end_arc(struct witness *witness, const struct witness_arc *arc)
{
    uint64_t all = (UINT64_C(1) << witness->arc_sets) - 1;
    witness->arc_whole = witness->arc_sets > 0 && !arc->twice && arc->seals == all &&
                         arc->signatures == all && arc->results == all;
}
