/* SPDX-License-Identifier: MIT */
#include "dkim_signature.h"

#include "taglist.h"

#include <string.h>

struct reading {
    struct taglist list;
    struct dkim_signature *signature;
    const char *words;
};

static enum dkim_verdict fault(struct reading *reading, enum dkim_verdict verdict,
                               const char *words)
{
    reading->words = words;
    return verdict;
}

static struct slice value_of(const struct reading *reading, const char *name)
{
    return taglist_value(&reading->list, name, "");
}

static bool is_there(const struct reading *reading, const char *name)
{
    return taglist_find(&reading->list, name) != NULL;
}

/* RFC 6376 section 3.5, the tags that are required; section 5.4: From is always signed. */
static enum dkim_verdict read_required(struct reading *reading)
{
    static const char *const required[] = { "v", "a", "b", "bh", "d", "h", "s" };
    struct dkim_signature *signature = reading->signature;
    char name[RESOLVE_NAME_MAX];
    signature->domain = value_of(reading, "d");
    signature->selector = value_of(reading, "s");
    for (size_t i = 0; i < sizeof required / sizeof required[0]; i++)
        if (value_of(reading, required[i]).len == 0)
            return fault(reading, DKIM_VERDICT_MALFORMED,
                         "a tag that must be there is missing or empty");
    if (!slice_is(value_of(reading, "v"), "1"))
        return fault(reading, DKIM_VERDICT_MALFORMED, "v= is not 1");
    if (!dkim_key_name(signature->selector, signature->domain, name))
        return fault(reading, DKIM_VERDICT_MALFORMED, "d= and s= make no name");
    signature->names = value_of(reading, "h");
    if (!taglist_has(signature->names, "From"))
        return fault(reading, DKIM_VERDICT_MALFORMED, "h= does not sign From");
    signature->room = taglist_find(&reading->list, "b")->room;
    return DKIM_VERDICT_PASS;
}

static enum dkim_verdict read_names(struct reading *reading)
{
    struct slice rest = reading->signature->names, name;
    size_t count = 0;
    while (slice_cut(&rest, ':', &name))
        if (++count > DKIM_NAMES_MAX)
            return fault(reading, DKIM_VERDICT_UNSUPPORTED,
                         "h= names more fields than are looked at here");
    return DKIM_VERDICT_PASS;
}

/* Upper and lower case differ in values, but verifiers in use do not mind in these. */
static enum dkim_verdict read_algorithm(struct reading *reading)
{
    struct slice algorithm = value_of(reading, "a");
    if (slice_is_nocase(algorithm, "rsa-sha1"))
        return fault(reading, DKIM_VERDICT_OBSOLETE, "a= is rsa-sha1");
    if (slice_is_nocase(algorithm, "rsa-sha256"))
        reading->signature->kind = DKIM_RSA;
    else if (slice_is_nocase(algorithm, "ed25519-sha256"))
        reading->signature->kind = DKIM_ED25519;
    else
        return fault(reading, DKIM_VERDICT_UNSUPPORTED,
                     "a= names an algorithm that is not known here");
    if (!taglist_has(taglist_value(&reading->list, "q", "dns/txt"), "dns/txt"))
        return fault(reading, DKIM_VERDICT_UNSUPPORTED, "q= does not allow to ask the DNS");
    return DKIM_VERDICT_PASS;
}

static bool read_form(struct slice word, bool *into_relaxed)
{
    *into_relaxed = slice_is_nocase(word, "relaxed");
    return *into_relaxed || slice_is_nocase(word, "simple");
}

/* c= names the form of the header, then that of the body; where the second is missing, it is
 * simple. */
static enum dkim_verdict read_forms(struct reading *reading)
{
    struct slice rest = taglist_value(&reading->list, "c", "simple/simple"), header;
    struct slice body = SLICE("simple");
    bool split = slice_cut(&rest, '/', &header);
    if (rest.len > 0)
        body = rest;
    if (!split || !read_form(header, &reading->signature->relaxed_header) ||
        !read_form(body, &reading->signature->relaxed_body))
        return fault(reading, DKIM_VERDICT_UNSUPPORTED, "c= names a form that is not known here");
    return DKIM_VERDICT_PASS;
}

static bool read_number(const struct reading *reading, const char *name, uint64_t *into_number)
{
    return !is_there(reading, name) ||
           slice_number(value_of(reading, name), UINT64_MAX / 1000, into_number);
}

static enum dkim_verdict read_numbers(struct reading *reading)
{
    struct dkim_signature *signature = reading->signature;
    signature->limited = is_there(reading, "l");
    signature->expires = is_there(reading, "x");
    if (!read_number(reading, "l", &signature->limit) ||
        !read_number(reading, "t", &signature->signed_s) ||
        !read_number(reading, "x", &signature->expires_s))
        return fault(reading, DKIM_VERDICT_MALFORMED, "l=, t= or x= is no number");
    if (signature->expires && is_there(reading, "t") && signature->expires_s <= signature->signed_s)
        return fault(reading, DKIM_VERDICT_MALFORMED, "x= is not after t=");
    return DKIM_VERDICT_PASS;
}

/* i= is an address of the signing domain or of one below it. */
static enum dkim_verdict read_identity(struct reading *reading)
{
    struct dkim_signature *signature = reading->signature;
    struct slice identity = value_of(reading, "i");
    signature->identity = signature->domain;
    if (identity.len == 0)
        return is_there(reading, "i") ? fault(reading, DKIM_VERDICT_MALFORMED, "i= is empty")
                                      : DKIM_VERDICT_PASS;
    size_t at = identity.len;
    while (at > 0 && identity.at[at - 1] != '@')
        at--;
    struct slice host = slice_from(identity, at);
    size_t above = host.len - (host.len < signature->domain.len ? host.len : signature->domain.len);
    if (at == 0 || !slice_equal_nocase(slice_from(host, above), signature->domain) ||
        (above > 0 && host.at[above - 1] != '.'))
        return fault(reading, DKIM_VERDICT_MALFORMED, "i= is not of the domain in d=");
    signature->identity = host;
    return DKIM_VERDICT_PASS;
}

static enum dkim_verdict read_bytes(struct reading *reading)
{
    struct dkim_signature *signature = reading->signature;
    size_t len = 0;
    if (!taglist_base64(value_of(reading, "bh"), signature->body_hash, DIGEST_SIZE, &len) ||
        len != DIGEST_SIZE)
        return fault(reading, DKIM_VERDICT_MALFORMED, "bh= is no SHA-256 in base64");
    if (!taglist_base64(value_of(reading, "b"), signature->bytes, sizeof signature->bytes,
                        &signature->len))
        return fault(reading, DKIM_VERDICT_MALFORMED, "b= is no base64 or too long");
    return DKIM_VERDICT_PASS;
}

enum dkim_verdict dkim_signature_read(const struct header_field *field,
                                      struct dkim_signature *into_signature,
                                      const char **into_words)
{
    static enum dkim_verdict (*const parts[])(struct reading *) = {
        read_required, read_names,    read_algorithm, read_forms,
        read_numbers,  read_identity, read_bytes,
    };
    struct reading reading = { .signature = into_signature, .words = "" };
    enum dkim_verdict verdict = DKIM_VERDICT_PASS;
    *into_signature = (struct dkim_signature){ .field = *field };
    if (!taglist_read(field->value, &reading.list))
        verdict = fault(&reading, DKIM_VERDICT_MALFORMED, "the field is no list of tags");
    for (size_t i = 0; verdict == DKIM_VERDICT_PASS && i < sizeof parts / sizeof parts[0]; i++)
        verdict = parts[i](&reading);
    *into_words = reading.words;
    return verdict;
}
