/* SPDX-License-Identifier: MIT */
#include "witness.h"

#include "names.h"
#include "stamp.h"
#include "witness_parts.h"

/* Whose servers the hops are, from the topmost on. */
struct border {
    struct slice own; /* the receiver's organisation, once a public name was seen */
    bool crossed;     /* a foreign server was seen: what follows is the sender's */
};

static bool is_one_of(struct slice word, const char *const *words)
{
    for (; *words != NULL; words++)
        if (slice_is_nocase(word, *words))
            return true;
    return false;
}

/* ---- whose ---- */

static struct slice last_label(struct slice host)
{
    size_t at = host.len;
    while (at > 0 && host.at[at - 1] != '.')
        at--;
    return slice_from(host, at);
}

/* A name that strangers could ask the DNS for. */
static bool is_public(struct slice host)
{
    static const char *const inside[] = { "local",    "localdomain", "localhost", "lan",
                                          "internal", "intranet",    "corp",      "home",
                                          "private",  "arpa",        "invalid",   NULL };
    struct slice top = last_label(host);
    return names_is_host(host) && top.len < host.len && !is_one_of(top, inside);
}

static struct slice organisation_of(struct slice host)
{
    static const char *const shared[] = { "ac",  "asso", "co",  "com", "edu", "gouv",
                                          "gov", "ne",   "net", "or",  "org", NULL };
    struct slice top = last_label(host);
    struct slice rest = { host.at, host.len - top.len - 1 };
    struct slice second = last_label(rest);
    if (top.len == 2 && is_one_of(second, shared) && second.len < rest.len) {
        rest.len -= second.len + 1;
        second = last_label(rest);
    }
    return slice_from(host, (size_t)(second.at - host.at));
}

static void note_border(struct border *border, struct slice by)
{
    if (!is_public(by))
        return;
    struct slice organisation = organisation_of(by);
    if (border->own.len == 0)
        border->own = organisation;
    else if (!slice_equal_nocase(organisation, border->own))
        border->crossed = true;
}

/* ---- hops ---- */

/* RFC 3848, RFC 6531 section 4.3; HTTPS is how Exchange hands mail to a mailbox. */
static enum witness_tls tls_of(const struct witness_hop *hop, struct slice clauses)
{
    static const char *const secured[] = { "SMTPS",     "ESMTPS",     "ESMTPSA",   "LMTPS",
                                           "LMTPSA",    "HTTPS",      "UTF8SMTPS", "UTF8SMTPSA",
                                           "UTF8LMTPS", "UTF8LMTPSA", NULL };
    static const char *const plain[] = { "SMTP",  "ESMTP",    "ESMTPA",    "LMTP",
                                         "LMTPA", "UTF8SMTP", "UTF8SMTPA", NULL };
    if (is_one_of(hop->with, secured) || slice_has_nocase(clauses, "TLSv1") ||
        slice_has_nocase(clauses, "version=TLS"))
        return WITNESS_TLS_USED;
    return is_one_of(hop->with, plain) ? WITNESS_TLS_NONE : WITNESS_TLS_UNTOLD;
}

/* Exchange's protocol has three words: those that follow at once belong to it. */
static struct slice take_protocol(struct slice *rest, const char *const *keywords)
{
    struct slice protocol = header_word(rest, "");
    while (protocol.len > 0) {
        struct slice after = *rest, next = header_word(&after, "");
        const char *end = protocol.at + protocol.len;
        if (next.len == 0 || is_one_of(next, keywords) ||
            slice_trim((struct slice){ end, (size_t)(next.at - end) }).len > 0)
            break;
        protocol.len = (size_t)(next.at - protocol.at) + next.len;
        *rest = after;
    }
    return protocol;
}

static void read_clauses(struct slice clauses, struct witness_hop *hop)
{
    static const char *const keywords[] = { "from", "by", "with", "id", "via", "for", NULL };
    struct slice rest = clauses;
    while (rest.len > 0) {
        struct slice word = header_word(&rest, "");
        if (slice_is_nocase(word, "from") && hop->from.len == 0)
            hop->from = header_word(&rest, "");
        else if (slice_is_nocase(word, "by") && hop->by.len == 0)
            hop->by = header_word(&rest, "");
        else if (slice_is_nocase(word, "with") && hop->with.len == 0)
            hop->with = take_protocol(&rest, keywords);
        else if (is_one_of(word, keywords))
            (void)header_word(&rest, ""); /* an id or a mailbox is not looked at */
    }
    hop->tls = tls_of(hop, clauses);
}

/* The date stands behind the last semicolon. */
static void add_hop(struct witness *witness, struct border *border, struct slice value)
{
    struct witness_hop hop = { .took_s = -1 };
    struct slice rest = value, clauses = { NULL, 0 }, date = { NULL, 0 };
    (void)header_cut(&rest, ';', &clauses); /* of nothing, nothing is read */
    read_clauses(clauses, &hop);
    note_border(border, hop.by);
    while (header_cut(&rest, ';', &date))
        ;
    hop.dated = stamp_read_mail(date, &hop.wall_ms);
    if (witness->hop_count < WITNESS_HOPS_MAX)
        witness->hops[witness->hop_count++] = hop;
    else
        witness->cut = true;
}

/* ---- the header ---- */

void witness_read(const struct witness_question *question, struct witness *into_witness)
{
    struct witness *witness = into_witness;
    struct slice rest = question->mail;
    struct header_field field;
    struct border border = { .crossed = false };
    struct witness_arc arc = { .twice = false };
    struct witness_result spf;
    bool has_spf = false;
    *witness = (struct witness){ .judged = false };
    while (header_next(&rest, &field)) {
        if (slice_is_nocase(field.name, "Received"))
            add_hop(witness, &border, field.value);
        witness_note_arc(witness, &arc, &field);
        if (border.crossed)
            continue;
        if (slice_is_nocase(field.name, "Authentication-Results"))
            witness_add_results(witness, question->authserv, field.value);
        if (slice_is_nocase(field.name, "Received-SPF") && !has_spf) {
            witness_read_spf(field.value, &spf);
            has_spf = true;
        }
    }
    if (has_spf && witness_find(witness, WITNESS_SPF) == NULL &&
        witness->result_count < WITNESS_RESULTS_MAX)
        witness->results[witness->result_count++] = spf;
    witness_end_arc(witness, &arc);
    witness_time(witness, question->sent_ms, question->seen_ms);
}

const struct witness_result *witness_find(const struct witness *witness, enum witness_method method)
{
    const struct witness_result *found = NULL;
    for (size_t i = 0; i < witness->result_count; i++) {
        const struct witness_result *result = &witness->results[i];
        if (result->method != method)
            continue;
        if (found == NULL || (found->verdict != WITNESS_PASS && result->verdict == WITNESS_PASS))
            found = result;
    }
    return found;
}

const char *witness_method_name(enum witness_method method)
{
    static const char *const names[] = {
        [WITNESS_SPF] = "spf",
        [WITNESS_DKIM] = "dkim",
        [WITNESS_DMARC] = "dmarc",
        [WITNESS_ARC] = "arc",
    };
    return names[method];
}

const char *witness_verdict_name(enum witness_verdict verdict)
{
    static const char *const names[] = {
        [WITNESS_NONE] = "none",           [WITNESS_PASS] = "pass",
        [WITNESS_FAIL] = "fail",           [WITNESS_SOFTFAIL] = "softfail",
        [WITNESS_NEUTRAL] = "neutral",     [WITNESS_POLICY] = "policy",
        [WITNESS_TEMPERROR] = "temperror", [WITNESS_PERMERROR] = "permerror",
        [WITNESS_OTHER] = "other",
    };
    return names[verdict];
}
