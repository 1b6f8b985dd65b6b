/* SPDX-License-Identifier: MIT */
#include "dkim_key.h"

#include "taglist.h"

#include <string.h>

#define RECORDS_MAX  4
#define ED25519_SIZE 32 /* bytes of a key, RFC 8463 section 4.2 */

/* v= may be missing; where it stands, it is first and says DKIM1. */
static bool is_foreign(struct slice txt, const struct taglist *list)
{
    const struct tag *version = taglist_find(list, "v");
    if (version != NULL)
        return version != &list->tags[0] || !slice_is(version->value, "DKIM1");
    return taglist_find(list, "p") == NULL && !slice_has_nocase(txt, "DKIM1");
}

static enum dkim_key_verdict fault(struct dkim_key *key, enum dkim_key_verdict verdict,
                                   const char *words)
{
    key->words = words;
    return verdict;
}

static enum dkim_key_verdict judge_rsa(struct dkim_key *key)
{
    const struct slice der = { (const char *)key->bytes, key->len };
    switch (signature_key_bits(der, &key->bits)) {
    case SIGNATURE_GOOD:
        break;
    case SIGNATURE_DEVICE:
        return fault(key, DKIM_RECORD_UNREAD, "out of memory");
    case SIGNATURE_WRONG:
    case SIGNATURE_NO_KEY:
        return fault(key, DKIM_RECORD_MALFORMED, "p= is no RSA key");
    }
    if (key->bits < DKIM_KEY_BITS_MIN)
        return fault(key, DKIM_RECORD_WEAK, "the RSA key has fewer than 1024 bits");
    return DKIM_RECORD_GOOD;
}

static enum dkim_key_verdict judge_bytes(struct dkim_key *key, struct slice kind)
{
    if (slice_is_nocase(kind, "rsa")) {
        key->kind = DKIM_RSA;
        return judge_rsa(key);
    }
    if (!slice_is_nocase(kind, "ed25519"))
        return fault(key, DKIM_RECORD_UNSUPPORTED, "k= names a kind of key that is not known here");
    if (key->len != ED25519_SIZE)
        return fault(key, DKIM_RECORD_MALFORMED, "p= is no Ed25519 key");
    key->kind = DKIM_ED25519;
    key->bits = 8 * ED25519_SIZE;
    return DKIM_RECORD_GOOD;
}

static enum dkim_key_verdict judge(struct slice txt, struct dkim_key *key)
{
    struct taglist list;
    if (!taglist_read(txt, &list))
        return slice_has_nocase(txt, "DKIM1")
                   ? fault(key, DKIM_RECORD_MALFORMED, "the record is no list of tags")
                   : fault(key, DKIM_RECORD_FOREIGN, "the text there is no key");
    if (is_foreign(txt, &list))
        return fault(key, DKIM_RECORD_FOREIGN, "the text there is no key");
    const struct tag *data = taglist_find(&list, "p");
    if (data == NULL)
        return fault(key, DKIM_RECORD_MALFORMED, "p= is missing");
    if (data->value.len == 0)
        return fault(key, DKIM_RECORD_REVOKED, "p= is empty: the key was taken back");
    if (!taglist_has(taglist_value(&list, "h", "sha256"), "sha256"))
        return fault(key, DKIM_RECORD_UNFIT, "h= does not allow SHA-256");
    struct slice services = taglist_value(&list, "s", "*");
    if (!taglist_has(services, "*") && !taglist_has(services, "email"))
        return fault(key, DKIM_RECORD_UNFIT, "s= does not allow mail");
    key->testing = taglist_has(taglist_value(&list, "t", ""), "y");
    key->strict = taglist_has(taglist_value(&list, "t", ""), "s");
    if (!taglist_base64(data->value, key->bytes, sizeof key->bytes, &key->len))
        return fault(key, DKIM_RECORD_MALFORMED, "p= is no base64 or too long");
    return judge_bytes(key, taglist_value(&list, "k", "rsa"));
}

void dkim_key_judge(struct slice txt, struct dkim_key *into_key)
{
    *into_key = (struct dkim_key){ .words = "" };
    into_key->verdict = judge(txt, into_key);
}

void dkim_key_choose(const struct answer *answer, struct dkim_key *into_key)
{
    size_t chosen = 0;
    for (size_t i = 0; i < answer->count && i < RECORDS_MAX; i++) {
        dkim_key_judge(answer->records[i].text, into_key);
        if (into_key->verdict == DKIM_RECORD_GOOD)
            return;
        if (into_key->verdict == DKIM_RECORD_FOREIGN && chosen == i)
            chosen = i + 1;
    }
    bool any = chosen < answer->count && chosen < RECORDS_MAX;
    dkim_key_judge(answer->records[any ? chosen : 0].text, into_key);
}

/* Underscores are no part of host names, but selectors have them. */
static bool is_name(struct slice name)
{
    struct slice label;
    if (name.len == 0 || name.at[name.len - 1] == '.')
        return false;
    while (slice_cut(&name, '.', &label)) {
        if (label.len == 0 || label.len > 63)
            return false;
        for (size_t i = 0; i < label.len; i++) {
            char c = label.at[i];
            if ((c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '-' &&
                c != '_')
                return false;
        }
    }
    return true;
}

bool dkim_key_name(struct slice selector, struct slice domain, char into[RESOLVE_NAME_MAX])
{
    char name[RESOLVE_NAME_MAX];
    struct text text;
    if (!is_name(selector) || !is_name(domain))
        return false;
    text_begin(&text, name, sizeof name);
    text_add(&text, selector);
    text_add_string(&text, "._domainkey.");
    text_add(&text, domain);
    if (text.overflow)
        return false;
    memcpy(into, name, text.len + 1);
    return true;
}
