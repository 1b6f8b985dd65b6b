/* SPDX-License-Identifier: MIT */
#include "trust.h"

#include "../port/port.h"
#include "log.h"
#include "trust_bundle.h"
#include "trust_chain.h"
#include "trust_known.h"

#include <mbedtls/asn1.h>
#include <mbedtls/oid.h>
#include <string.h>

#define NAMED_MAX    16 /* certificates of a presented chain whose issuers are looked up */
#define NAME_SCRATCH 512
#define DAY_MS       INT64_C(86400000)

/* Goes from the start of an ASN.1 value to its contents. */
static bool open_value(uint8_t **at, const uint8_t *end, size_t *into_len)
{
    if (*at == end)
        return false;
    (*at)++;
    return mbedtls_asn1_get_len(at, end, into_len) == 0;
}

/* FNV-1a over the values of a Name. String types are left out and ASCII case is folded, because
   Mbed TLS takes names for equal that differ in these. A collision only makes us parse a root in
   vain. */
static uint32_t hash_name(const uint8_t *name, size_t size)
{
    uint32_t hash = UINT32_C(2166136261);
    uint8_t *at = (uint8_t *)name; /* the ASN.1 functions only move it */
    const uint8_t *end = name + size;
    while (at < end) {
        bool inside = (*at & MBEDTLS_ASN1_CONSTRUCTED) != 0;
        size_t len;
        if (!open_value(&at, end, &len))
            break;
        for (size_t i = 0; !inside && i < len; i++) {
            uint8_t byte = at[i] >= 'A' && at[i] <= 'Z' ? (uint8_t)(at[i] + ('a' - 'A')) : at[i];
            hash = (hash ^ byte) * UINT32_C(16777619);
        }
        at += inside ? 0 : len;
    }
    return hash;
}

/* RFC 5280 section 4.1: version, serial number, algorithm, issuer and validity come before the
   subject. */
static bool hash_subject(struct bundle_root *root, uint32_t *into_hash)
{
    uint8_t *at = root->der;
    const uint8_t *end = root->der + root->len;
    size_t len;
    if (!open_value(&at, end, &len) || !open_value(&at, end, &len) || at == end)
        return false;
    bool versioned = *at == (MBEDTLS_ASN1_CONTEXT_SPECIFIC | MBEDTLS_ASN1_CONSTRUCTED);
    for (int before = versioned ? 5 : 4; before > 0; before--) {
        if (!open_value(&at, end, &len))
            return false;
        at += len;
    }
    const uint8_t *subject = at;
    if (!open_value(&at, end, &len))
        return false;
    *into_hash = hash_name(subject, (size_t)(at - subject) + len);
    return true;
}

/* NULL, or what is wrong with the bundle. */
static const char *build_index(struct trust *trust)
{
    struct bundle reader = { .path = trust->bundle };
    struct bundle_root root;
    uint64_t offset;
    uint32_t hash;
    while (bundle_find(&reader, &offset)) {
        if (!bundle_read(&reader, &root) || !hash_subject(&root, &hash)) {
            log_warn("trust", "no certificate at byte %llu of %s", (unsigned long long)offset,
                     trust->bundle);
            continue;
        }
        if (trust->count == TRUST_ROOTS_MAX || offset > UINT32_MAX)
            return "is too large";
        trust->roots[trust->count++] = (struct trust_root){ hash, (uint32_t)offset };
    }
    trust->size = reader.offset;
    if (reader.trouble)
        return "cannot be read";
    return trust->count == 0 ? "holds no certificate" : NULL;
}

bool trust_begin(struct trust *trust, const char *bundle)
{
    trust->bundle = bundle;
    trust->count = 0;
    trust->known = (struct trust_known){ .count = 0 };
    const char *trouble = build_index(trust);
    if (trouble == NULL)
        return true;
    trust->count = 0; /* a part of the roots would make good certificates look bad */
    log_error("trust", "the file of trusted roots %s %s", bundle, trouble);
    return false;
}

/* A package update replaces the bundle under a program that runs for months. */
static bool bundle_is_indexed(const struct trust *trust)
{
    struct file_facts facts;
    return trust->count > 0 && port_file_facts(trust->bundle, &facts) == FILE_DONE &&
           facts.size == trust->size;
}

enum gathered { GATHERED, GATHERED_STALE, GATHERED_TROUBLE };

/* Adds the root of one index entry to the list. One that Mbed TLS cannot parse can vouch for
 * nobody: left out. */
static enum gathered add_root(const struct trust *trust, const struct trust_root *entry,
                              mbedtls_x509_crt *roots)
{
    struct bundle reader = { .path = trust->bundle, .offset = entry->offset };
    struct bundle_root root;
    uint64_t offset;
    uint32_t hash;
    bool same = bundle_find(&reader, &offset) && offset == entry->offset;
    same = same && bundle_read(&reader, &root) && hash_subject(&root, &hash);
    if (!same || hash != entry->subject_hash)
        return reader.trouble ? GATHERED_TROUBLE : GATHERED_STALE;
    int code = mbedtls_x509_crt_parse_der(roots, root.der, root.len);
    return code == MBEDTLS_ERR_X509_ALLOC_FAILED ? GATHERED_TROUBLE : GATHERED;
}

/* Parses every root whose subject is the issuer of a certificate of the chain. Also inner ones: of
   a cross-signed chain whose top is unknown an inner element may bear the name of a root. */
static enum gathered gather(const struct trust *trust, const mbedtls_x509_crt *chain,
                            mbedtls_x509_crt *roots)
{
    uint32_t named[NAMED_MAX];
    size_t count = 0;
    for (; chain != NULL && count < NAMED_MAX; chain = chain->next)
        named[count++] = hash_name(chain->issuer_raw.p, chain->issuer_raw.len);
    for (size_t i = 0; i < trust->count; i++) {
        size_t match = 0;
        while (match < count && named[match] != trust->roots[i].subject_hash)
            match++;
        if (match == count)
            continue;
        enum gathered result = add_root(trust, &trust->roots[i], roots);
        if (result != GATHERED)
            return result;
    }
    return GATHERED;
}

static bool gather_fresh(struct trust *trust, const mbedtls_x509_crt *chain,
                         mbedtls_x509_crt *roots)
{
    if (!bundle_is_indexed(trust) && !trust_begin(trust, trust->bundle))
        return false;
    enum gathered result = gather(trust, chain, roots);
    if (result != GATHERED_STALE)
        return result == GATHERED;
    mbedtls_x509_crt_free(roots);
    mbedtls_x509_crt_init(roots);
    return trust_begin(trust, trust->bundle) && gather(trust, chain, roots) == GATHERED;
}

/* Days since 1970-01-01 of the proleptic Gregorian calendar; years begin in March, so leap days
 * come last. */
static int64_t moment_ms(const mbedtls_x509_time *time)
{
    int64_t year = time->mon <= 2 ? time->year - 1 : time->year;
    int64_t month = (time->mon + 9) % 12;
    int64_t days = 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 +
                   time->day - 1 - 719468;
    return days * DAY_MS + ((time->hour * 60 + time->min) * 60 + time->sec) * INT64_C(1000);
}

static void note_dates(struct certificate *certificate, const mbedtls_x509_crt *one)
{
    certificate->not_before_ms = moment_ms(&one->valid_from);
    certificate->not_after_ms = moment_ms(&one->valid_to);
}

/* Called for each certificate of the verified chain, root first. The dates are judged here by the
   port's clock; what Mbed TLS thinks of them by the system's is dropped. */
static int judge_dates(void *context, mbedtls_x509_crt *one, int depth, uint32_t *flags)
{
    (void)depth;
    struct certificate *certificate = context;
    if (moment_ms(&one->valid_to) < certificate->not_after_ms)
        note_dates(certificate, one);
    *flags &= ~(uint32_t)(MBEDTLS_X509_BADCERT_EXPIRED | MBEDTLS_X509_BADCERT_FUTURE);
    if (!port_wall_trusted())
        return 0;
    int64_t now_ms = port_wall_ms();
    if (now_ms >= moment_ms(&one->valid_to) + 1000) /* the last second is still good */
        *flags |= MBEDTLS_X509_BADCERT_EXPIRED;
    if (now_ms < moment_ms(&one->valid_from))
        *flags |= MBEDTLS_X509_BADCERT_FUTURE;
    return 0;
}

static bool same_name(const mbedtls_x509_buf *a, const mbedtls_x509_buf *b)
{
    return hash_name(a->p, a->len) == hash_name(b->p, b->len);
}

/* Looks for the OID of id-ad-caIssuers (RFC 5280 section 4.2.2.1) in the raw extensions. */
static bool says_where_its_issuer_is(const mbedtls_x509_crt *leaf)
{
    static const uint8_t oid[] = { 0x06, 0x08, 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30, 0x02 };
    for (size_t i = 0; i + sizeof oid <= leaf->v3_ext.len; i++)
        if (memcmp(leaf->v3_ext.p + i, oid, sizeof oid) == 0)
            return true;
    return false;
}

static enum trust_verdict explain_no_root(const mbedtls_x509_crt *leaf)
{
    if (same_name(&leaf->issuer_raw, &leaf->subject_raw))
        return TRUST_SELF_SIGNED;
    for (const mbedtls_x509_crt *other = leaf->next; other != NULL; other = other->next)
        if (same_name(&leaf->issuer_raw, &other->subject_raw))
            return TRUST_UNKNOWN_ROOT;
    return says_where_its_issuer_is(leaf) ? TRUST_CHAIN_INCOMPLETE : TRUST_UNKNOWN_ROOT;
}

/* What nobody trusts is not worth a look at its dates, and a certificate that is due for renewal
   anyway gets its name and key right then. A flag that is none of these is never good. */
static enum trust_verdict weigh(uint32_t flags, const mbedtls_x509_crt *leaf)
{
    if ((flags & MBEDTLS_X509_BADCERT_NOT_TRUSTED) != 0)
        return explain_no_root(leaf);
    if ((flags & MBEDTLS_X509_BADCERT_EXPIRED) != 0)
        return TRUST_EXPIRED;
    if ((flags & MBEDTLS_X509_BADCERT_FUTURE) != 0)
        return TRUST_NOT_YET_VALID;
    if ((flags & MBEDTLS_X509_BADCERT_CN_MISMATCH) != 0)
        return TRUST_NAME_MISMATCH;
    const uint32_t weak =
        MBEDTLS_X509_BADCERT_BAD_MD | MBEDTLS_X509_BADCERT_BAD_PK | MBEDTLS_X509_BADCERT_BAD_KEY;
    if ((flags & weak) != 0)
        return TRUST_WEAK;
    if (flags != 0)
        return TRUST_UNKNOWN_ROOT;
    return port_wall_trusted() ? TRUST_GOOD : TRUST_CLOCK_UNSET;
}

static void put_name(char into[TRUST_NAME_MAX], const mbedtls_x509_name *name)
{
    char scratch[NAME_SCRATCH] = "";
    (void)mbedtls_x509_dn_gets(scratch, sizeof scratch, name); /* a longer one is cut anyway */
    scratch[sizeof scratch - 1] = '\0';
    text_put(into, TRUST_NAME_MAX, slice_of(scratch));
}

static void put_names(char into[TRUST_NAME_MAX], const mbedtls_x509_sequence *names)
{
    static const char cut[] = ", ...";
    struct text text;
    text_begin(&text, into, TRUST_NAME_MAX - (sizeof cut - 1));
    for (; names != NULL && !text.overflow; names = names->next) {
        if ((names->buf.tag & MBEDTLS_ASN1_TAG_VALUE_MASK) != MBEDTLS_X509_SAN_DNS_NAME)
            continue;
        size_t before = text.len;
        text_add_string(&text, before > 0 ? ", " : "");
        text_add_printable(&text, (struct slice){ (const char *)names->buf.p, names->buf.len });
        if (text.overflow)
            text_put(into + before, sizeof cut, slice_of(before > 0 ? cut : "..."));
    }
}

/* Rounds down: what ended a minute ago ended -1 days ago. */
static int whole_days(int64_t span_ms)
{
    return (int)((span_ms < 0 ? span_ms - (DAY_MS - 1) : span_ms) / DAY_MS);
}

static enum trust_verdict verify(const mbedtls_x509_crt *chain, mbedtls_x509_crt *roots,
                                 const char *host, struct certificate *into_certificate)
{
    uint32_t flags = 0;
    int code = mbedtls_x509_crt_verify_with_profile(
        (mbedtls_x509_crt *)chain, roots->raw.p == NULL ? NULL : roots, NULL,
        &mbedtls_x509_crt_profile_default, host, &flags, judge_dates, into_certificate);
    if (code != 0 && code != MBEDTLS_ERR_X509_CERT_VERIFY_FAILED)
        flags |= MBEDTLS_X509_BADCERT_NOT_TRUSTED;
    return weigh(flags, chain);
}

static enum trust_verdict verify_unless_known(struct trust *trust, const mbedtls_x509_crt *chain,
                                              mbedtls_x509_crt *roots, const char *host,
                                              struct certificate *into_certificate)
{
    struct trust_seen seen = { .judged_ms = port_wall_ms() };
    bool printed = port_wall_trusted() && trust_known_print(chain, roots, host, seen.digest);
    const struct trust_seen *before =
        printed ? trust_known_find(&trust->known, seen.digest, seen.judged_ms) : NULL;
    if (before != NULL) {
        into_certificate->not_before_ms = before->not_before_ms;
        into_certificate->not_after_ms = before->not_after_ms;
        return TRUST_GOOD;
    }
    enum trust_verdict verdict = verify(chain, roots, host, into_certificate);
    seen.not_before_ms = into_certificate->not_before_ms;
    seen.not_after_ms = into_certificate->not_after_ms;
    if (printed && verdict == TRUST_GOOD)
        trust_known_keep(&trust->known, &seen);
    return verdict;
}

enum trust_verdict trust_judge(struct trust *trust, const mbedtls_x509_crt *chain, const char *host,
                               struct certificate *into_certificate)
{
    put_name(into_certificate->subject, &chain->subject);
    put_name(into_certificate->issuer, &chain->issuer);
    put_names(into_certificate->names, &chain->subject_alt_names);
    note_dates(into_certificate, chain);

    mbedtls_x509_crt roots;
    mbedtls_x509_crt_init(&roots);
    enum trust_verdict verdict = TRUST_BUNDLE_TROUBLE;
    if (gather_fresh(trust, chain, &roots))
        verdict = verify_unless_known(trust, chain, &roots, host, into_certificate);
    mbedtls_x509_crt_free(&roots);
    into_certificate->days_left = whole_days(into_certificate->not_after_ms - port_wall_ms());
    return verdict;
}

bool trust_serves(const mbedtls_x509_crt *leaf)
{
    static const char purpose[] = MBEDTLS_OID_SERVER_AUTH;
    if (mbedtls_x509_crt_check_extended_key_usage(leaf, purpose, sizeof purpose - 1) != 0)
        return false;
    return mbedtls_x509_crt_check_key_usage(leaf, MBEDTLS_X509_KU_DIGITAL_SIGNATURE) == 0 ||
           mbedtls_x509_crt_check_key_usage(leaf, MBEDTLS_X509_KU_KEY_ENCIPHERMENT) == 0;
}
