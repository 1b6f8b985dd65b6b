/* SPDX-License-Identifier: MIT */
#include "dkim.h"

#include "dkim_canon.h"

struct judging {
    const struct dkim_question *question;
    struct dkim_signature signature;
    struct dkim_key key;
    struct dkim_result *result;
};

/* What is hashed, and how many bytes of it may still be taken. */
struct measure {
    struct digest *digest;
    uint64_t room;
};

static enum dkim_verdict fault(struct judging *judging, enum dkim_verdict verdict,
                               const char *words)
{
    judging->result->words = words;
    return verdict;
}

/* ---- key ---- */

static enum dkim_verdict judge_key(struct judging *judging)
{
    const struct dkim_signature *signature = &judging->signature;
    const struct dkim_key *key = &judging->key;
    switch (key->verdict) {
    case DKIM_RECORD_GOOD:
        break;
    case DKIM_RECORD_FOREIGN:
        return fault(judging, DKIM_VERDICT_KEY_MISSING, key->words);
    case DKIM_RECORD_REVOKED:
        return fault(judging, DKIM_VERDICT_KEY_REVOKED, key->words);
    case DKIM_RECORD_WEAK:
        return fault(judging, DKIM_VERDICT_KEY_WEAK, key->words);
    case DKIM_RECORD_MALFORMED:
    case DKIM_RECORD_UNFIT:
        return fault(judging, DKIM_VERDICT_KEY_INVALID, key->words);
    case DKIM_RECORD_UNSUPPORTED:
        return fault(judging, DKIM_VERDICT_UNSUPPORTED, key->words);
    case DKIM_RECORD_UNREAD:
        return fault(judging, DKIM_VERDICT_UNKNOWN, key->words);
    }
    if (key->kind != signature->kind)
        return fault(judging, DKIM_VERDICT_KEY_INVALID, "the key is of another kind than a= says");
    if (key->strict && !slice_equal_nocase(signature->identity, signature->domain))
        return fault(judging, DKIM_VERDICT_KEY_INVALID, "the key is not for the subdomain in i=");
    return DKIM_VERDICT_PASS;
}

/* RFC 6376 section 6.1.2. */
static enum dkim_verdict fetch_key(struct judging *judging)
{
    const struct dkim_signature *signature = &judging->signature;
    char name[RESOLVE_NAME_MAX];
    if (!dkim_key_name(signature->selector, signature->domain, name))
        return fault(judging, DKIM_VERDICT_MALFORMED, "d= and s= make no name");
    const struct answer *answer =
        judging->question->ask(judging->question->asker, name, RECORD_TXT);
    if (answer == NULL)
        return fault(judging, DKIM_VERDICT_PENDING, "the key is on its way");
    switch (answer->status) {
    case ANSWER_RECORDS:
        break;
    case ANSWER_NODATA:
    case ANSWER_NXDOMAIN:
        return fault(judging, DKIM_VERDICT_KEY_MISSING, "there is no key at that name");
    case ANSWER_PENDING:
    case ANSWER_SERVFAIL:
    case ANSWER_REFUSED:
    case ANSWER_TIMED_OUT:
    case ANSWER_GARBLED:
    case ANSWER_DEVICE:
        return fault(judging, DKIM_VERDICT_UNKNOWN, "the DNS gave no answer about the key");
    }
    dkim_key_choose(answer, &judging->key);
    judging->result->key_bits = judging->key.bits;
    judging->result->testing = judging->key.testing;
    return judge_key(judging);
}

/* ---- hashes ---- */

static void take(void *sink, struct slice piece)
{
    struct measure *measure = sink;
    if (piece.len > measure->room)
        piece.len = (size_t)measure->room;
    measure->room -= piece.len;
    digest_add(measure->digest, piece);
}

static void count_only(void *sink, struct slice piece)
{
    *(uint64_t *)sink += piece.len;
}

static void fill_body(struct digest *digest, const void *what)
{
    const struct judging *judging = what;
    const struct dkim_signature *signature = &judging->signature;
    struct measure measure = { digest, signature->limited ? signature->limit : UINT64_MAX };
    dkim_canon_body(header_body(judging->question->mail), signature->relaxed_body, take, &measure);
}

/* RFC 6376 section 6.1.3; l= beyond the end of the body: section 3.5. */
static enum dkim_verdict judge_body(struct judging *judging)
{
    const struct dkim_signature *signature = &judging->signature;
    uint8_t hash[DIGEST_SIZE];
    uint64_t size = 0;
    if (judging->question->cut)
        return DKIM_VERDICT_PASS;
    dkim_canon_body(header_body(judging->question->mail), signature->relaxed_body, count_only,
                    &size);
    judging->result->partial = signature->limited && signature->limit < size;
    if (signature->limited && signature->limit > size)
        return fault(judging, DKIM_VERDICT_FAIL_BODY, "the body is shorter than l= says");
    if (!digest_hash(fill_body, judging, hash))
        return fault(judging, DKIM_VERDICT_UNKNOWN, "out of memory");
    if (!digest_equal(hash, signature->body_hash))
        return fault(judging, DKIM_VERDICT_FAIL_BODY, "the body is not the one that was signed");
    return DKIM_VERDICT_PASS;
}

static void fill_header(struct digest *digest, const void *what)
{
    const struct judging *judging = what;
    struct measure measure = { digest, UINT64_MAX };
    dkim_canon_header(judging->question->mail, &judging->signature, take, &measure);
}

static enum dkim_verdict judge_header(struct judging *judging)
{
    const struct dkim_signature *signature = &judging->signature;
    const struct slice key = { (const char *)judging->key.bytes, judging->key.len };
    const struct slice bytes = { (const char *)signature->bytes, signature->len };
    uint8_t hash[DIGEST_SIZE];
    if (signature->kind == DKIM_ED25519)
        return fault(judging, DKIM_VERDICT_UNSUPPORTED,
                     "Ed25519 signatures cannot be verified here");
    if (!digest_hash(fill_header, judging, hash))
        return fault(judging, DKIM_VERDICT_UNKNOWN, "out of memory");
    switch (signature_verify(key, hash, bytes)) {
    case SIGNATURE_GOOD:
        break;
    case SIGNATURE_WRONG:
        return fault(judging, DKIM_VERDICT_FAIL_SIGNATURE,
                     "a signed field was changed, or the key is");
    case SIGNATURE_NO_KEY:
        return fault(judging, DKIM_VERDICT_KEY_INVALID, "p= is no RSA key");
    case SIGNATURE_DEVICE:
        return fault(judging, DKIM_VERDICT_UNKNOWN, "out of memory");
    }
    if (judging->question->cut)
        return fault(judging, DKIM_VERDICT_UNKNOWN, "the mail is longer than what was read of it");
    return DKIM_VERDICT_PASS;
}

/* ---- one signature, all signatures ---- */

static enum dkim_verdict judge_expiry(struct judging *judging)
{
    const struct dkim_signature *signature = &judging->signature;
    if (signature->expires && signature->expires_s < (uint64_t)judging->question->wall_ms / 1000)
        return fault(judging, DKIM_VERDICT_EXPIRED, "the time in x= has passed");
    return DKIM_VERDICT_PASS;
}

static void judge_field(const struct dkim_question *question, const struct header_field *field,
                        struct dkim_result *result)
{
    static enum dkim_verdict (*const parts[])(struct judging *) = {
        judge_expiry,
        fetch_key,
        judge_body,
        judge_header,
    };
    struct judging judging = { .question = question, .result = result };
    *result = (struct dkim_result){ .words = "" };
    result->verdict = dkim_signature_read(field, &judging.signature, &result->words);
    result->domain = judging.signature.domain;
    result->selector = judging.signature.selector;
    for (size_t i = 0; result->verdict == DKIM_VERDICT_PASS && i < sizeof parts / sizeof parts[0];
         i++)
        result->verdict = parts[i](&judging);
}

bool dkim_judge(const struct dkim_question *question, struct dkim_outcome *into_outcome)
{
    struct slice rest = question->mail;
    struct header_field field;
    bool done = true;
    into_outcome->count = into_outcome->found = 0;
    while (header_next(&rest, &field)) {
        if (!slice_is_nocase(field.name, "DKIM-Signature"))
            continue;
        into_outcome->found++;
        if (into_outcome->count == DKIM_SIGNATURES_MAX)
            continue;
        struct dkim_result *result = &into_outcome->results[into_outcome->count++];
        judge_field(question, &field, result);
        done = done && result->verdict != DKIM_VERDICT_PENDING;
    }
    return done;
}

const char *dkim_verdict_name(enum dkim_verdict verdict)
{
    static const char *const names[] = {
        [DKIM_VERDICT_PASS] = "pass",
        [DKIM_VERDICT_FAIL_BODY] = "fail-body",
        [DKIM_VERDICT_FAIL_SIGNATURE] = "fail-signature",
        [DKIM_VERDICT_KEY_MISSING] = "key-missing",
        [DKIM_VERDICT_KEY_REVOKED] = "key-revoked",
        [DKIM_VERDICT_KEY_WEAK] = "key-weak",
        [DKIM_VERDICT_KEY_INVALID] = "key-invalid",
        [DKIM_VERDICT_MALFORMED] = "malformed",
        [DKIM_VERDICT_EXPIRED] = "expired",
        [DKIM_VERDICT_OBSOLETE] = "obsolete",
        [DKIM_VERDICT_UNSUPPORTED] = "unsupported",
        [DKIM_VERDICT_UNKNOWN] = "unknown",
        [DKIM_VERDICT_PENDING] = "pending",
    };
    return names[verdict];
}
