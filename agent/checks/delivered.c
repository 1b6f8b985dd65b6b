/* SPDX-License-Identifier: MIT */
/* What a test mail that arrived tells: how long it lay with whom, what the receiver thought of it,
   and whether the domain's signature on it is right. */
#include "parts.h"

#include "../compose.h"
#include "../dkim.h"
#include "../dkim_key.h"
#include "../header.h"
#include "../taglist.h"
#include "../witness.h"

#define WHOLE_MAX 30720 /* bytes of the mail that `fetch_whole` asks for */

/* ---- the mail ---- */

/* What a FETCH brought of it: the first literal (RFC 3501 section 4.3). */
static struct slice fetched(const struct lane *lane)
{
    struct slice rest = lane->dialogue.reply.whole, line, before, digits;
    while (slice_line(&rest, &line)) {
        uint64_t size = 0;
        if (!slice_starts(line, "* ") || !slice_ends_nocase(line, "}"))
            continue;
        if (slice_cut(&line, '{', &before) && slice_cut(&line, '}', &digits) &&
            slice_number(digits, rest.len, &size))
            return (struct slice){ rest.at, (size_t)size };
    }
    return SLICE("");
}

static const struct parcel *parcel_of(const struct lane *lane)
{
    return &lane->suite->parcels[lane->notebook.direction];
}

static enum check check_of(const struct lane *lane)
{
    return lane->notebook.direction == PARCEL_OUT ? MAIL_SEND : MAIL_RECEIVE;
}

static struct witness_question question_of(const struct lane *lane, struct slice mail)
{
    struct witness_question question = { .mail = mail };
    const struct parcel *parcel = parcel_of(lane);
    if (!lane->suite->run->clock_trusted)
        return question;
    int64_t apart_ms = port_wall_ms() - port_now_ms();
    question.sent_ms = parcel->sent_ms + apart_ms;
    question.seen_ms = parcel->arrived_ms + apart_ms;
    return question;
}

/* The domain, one above it or one below it: what DMARC takes for the same (RFC 9989, relaxed). */
static bool is_of_domain(const struct lane *lane, struct slice name)
{
    struct slice domain = slice_of(lane->suite->domain);
    struct slice longer = name.len > domain.len ? name : domain;
    struct slice shorter = name.len > domain.len ? domain : name;
    size_t more = longer.len - shorter.len;
    return shorter.len > 0 && slice_equal_nocase(slice_from(longer, more), shorter) &&
           (more == 0 || longer.at[more - 1] == '.');
}

/* Others' signatures, a relay's say, do not count. */
static bool is_signed(const struct lane *lane, struct slice mail)
{
    struct header_field field;
    struct taglist tags;
    while (header_next(&mail, &field))
        if (slice_is_nocase(field.name, "DKIM-Signature") && taglist_read(field.value, &tags) &&
            is_of_domain(lane, taglist_value(&tags, "d", "")))
            return true;
    return false;
}

/* The provider handed the outgoing mail to somebody else, and nobody forwarded it. Within its own
   walls a mail takes ways on which it is not signed, and comes from servers that no SPF record
   names. */
static bool left_provider(const struct lane *lane)
{
    const char *own = lane->suite->order->profile->imap.host;
    return lane->suite->order->account->test_mail_to[0] == '\0' &&
           (own == NULL || !slice_is_nocase(slice_of(own), lane->endpoint.host));
}

/* ---- findings ---- */

/* Words of the mail that may be shown: of one that holds the secret anywhere, none, for a word may
   be a piece of it. */
static struct slice harmless(const struct lane *lane, struct slice words)
{
    return compose_betrays(&lane->dialogue, lane->dialogue.reply.whole) ? SLICE("") : words;
}

static struct raised *raise(struct lane *lane, enum finding finding, struct slice line)
{
    return lane_raise_for(lane, finding, check_of(lane), harmless(lane, line));
}

static void tell_slow_hop(struct lane *lane, const struct witness_hop *hop)
{
    const struct parcel *parcel = parcel_of(lane);
    struct ledger *ledger = &lane->suite->run->ledger;
    int64_t took_ms = parcel->arrived_ms - parcel->sent_ms;
    struct slice name = hop->from.len > 0 ? hop->from : hop->by;
    const char *host = ledger_words(ledger, harmless(lane, name));
    ledger_fact(ledger, check_of(lane), "slowest_hop", "%s", host);
    ledger_fact(ledger, check_of(lane), "slowest_seconds", "%lld", (long long)hop->took_s);
    if (took_ms <= lane->suite->order->account->late_s * 1000 || hop->took_s * 2000 < took_ms ||
        host[0] == '\0')
        return; /* it came in time, or no single server is to blame */
    struct raised *raised = raise(lane, MAIL_SLOW_HOP, SLICE(""));
    if (raised == NULL)
        return;
    raised->params.value[PARAM_HOST] = host;
    raised->params.value[PARAM_MINUTES] =
        text_format(lane->suite->arena, "%lld", (long long)((hop->took_s + 30) / 60));
}

/* The receiver's verdict on what is signed or sent for the domain; NULL where it has none. A pass
   goes before all others. */
static const struct witness_result *
verdict_on_us(const struct lane *lane, const struct witness *witness, enum witness_method method)
{
    const struct witness_result *found = NULL;
    for (size_t i = 0; i < witness->result_count; i++) {
        const struct witness_result *result = &witness->results[i];
        if (result->method != method ||
            (result->domain.len > 0 && !is_of_domain(lane, result->domain)))
            continue;
        if (found == NULL || result->verdict == WITNESS_PASS)
            found = result;
    }
    return found;
}

static void judge_verdict(struct lane *lane, const struct witness *witness,
                          enum witness_method method, enum finding finding)
{
    const struct witness_result *result = verdict_on_us(lane, witness, method);
    if (result == NULL)
        return;
    bool softly = result->verdict == WITNESS_SOFTFAIL && method == WITNESS_SPF;
    if (softly || result->verdict == WITNESS_FAIL || result->verdict == WITNESS_PERMERROR)
        (void)raise(lane, finding, result->said); /* a full ledger counts what it dropped */
}

static void keep_verdicts(struct lane *lane, const struct witness *witness)
{
    static const enum witness_method methods[] = { WITNESS_SPF, WITNESS_DKIM, WITNESS_DMARC };
    char words[80];
    struct text text;
    text_begin(&text, words, sizeof words);
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
        const struct witness_result *result = verdict_on_us(lane, witness, methods[i]);
        if (result != NULL)
            text_add_format(&text, "%s%s %s", text.len > 0 ? ", " : "",
                            witness_method_name(methods[i]), witness_verdict_name(result->verdict));
    }
    if (text.len > 0)
        ledger_fact(&lane->suite->run->ledger, check_of(lane), "receiver_says", "%s", words);
}

/* Where the DNS has the domain's key, its mail is meant to be signed. */
static void tell_unsigned(struct lane *lane)
{
    struct ledger *ledger = &lane->suite->run->ledger;
    ledger_fact(ledger, check_of(lane), "signature", "none");
    if (left_provider(lane) && ledger->checks[DNS_DKIM].status == STATUS_OK)
        (void)raise(lane, MAIL_DKIM_MISSING, SLICE("")); /* as above */
}

bool delivered_tell(struct lane *lane)
{
    struct witness witness;
    struct slice mail = fetched(lane);
    const struct witness_question question = question_of(lane, mail);
    witness_read(&question, &witness);
    const struct witness_hop *slowest = witness_slowest(&witness);
    if (witness.hop_count > 0)
        ledger_fact(&lane->suite->run->ledger, check_of(lane), "hops", "%zu", witness.hop_count);
    if (slowest != NULL)
        tell_slow_hop(lane, slowest);
    if (lane->notebook.direction != PARCEL_OUT)
        return false; /* it comes from us or the second mailbox: no mail of the domain */
    keep_verdicts(lane, &witness);
    if (left_provider(lane)) {
        judge_verdict(lane, &witness, WITNESS_SPF, MAIL_SPF_FAILS);
        judge_verdict(lane, &witness, WITNESS_DMARC, MAIL_DMARC_FAILS);
    }
    bool is_to_be_read = is_signed(lane, mail);
    if (mail.len > 0 && !is_to_be_read)
        tell_unsigned(lane);
    return is_to_be_read;
}

/* ---- the signature ---- */

/* True where it is wrong beyond doubt. The store may have changed the body, so that fault alone
   proves nothing; a wrong signature over an unchanged body has another key. */
static bool is_proof(enum dkim_verdict verdict)
{
    switch (verdict) {
    case DKIM_VERDICT_FAIL_SIGNATURE:
    case DKIM_VERDICT_KEY_MISSING:
    case DKIM_VERDICT_KEY_REVOKED:
    case DKIM_VERDICT_KEY_WEAK:
    case DKIM_VERDICT_KEY_INVALID:
    case DKIM_VERDICT_MALFORMED:
    case DKIM_VERDICT_EXPIRED:
    case DKIM_VERDICT_OBSOLETE:
        return true;
    case DKIM_VERDICT_PASS:
    case DKIM_VERDICT_FAIL_BODY:
    case DKIM_VERDICT_UNSUPPORTED:
    case DKIM_VERDICT_UNKNOWN:
    case DKIM_VERDICT_PENDING:
        break;
    }
    return false;
}

/* The best signature for the domain; NULL where there is none. */
static const struct dkim_result *signature_of_domain(const struct lane *lane,
                                                     const struct dkim_outcome *outcome)
{
    const struct dkim_result *found = NULL;
    for (size_t i = 0; i < outcome->count; i++) {
        const struct dkim_result *result = &outcome->results[i];
        if (!is_of_domain(lane, result->domain))
            continue;
        if (found == NULL || result->verdict == DKIM_VERDICT_PASS)
            found = result;
    }
    return found;
}

static void tell_signature(struct lane *lane, const struct dkim_result *result,
                           const struct witness_result *verdict)
{
    bool refuted = verdict != NULL &&
                   (verdict->verdict == WITNESS_FAIL || verdict->verdict == WITNESS_PERMERROR);
    bool confirmed = verdict != NULL && verdict->verdict == WITNESS_PASS;
    char name[RESOLVE_NAME_MAX], line[EVIDENCE_SAID_MAX];
    struct text text;
    ledger_fact(&lane->suite->run->ledger, MAIL_SEND, "signature", "%s",
                dkim_verdict_name(result->verdict));
    if (result->verdict == DKIM_VERDICT_PASS || confirmed ||
        !(refuted || is_proof(result->verdict)))
        return;
    text_begin(&text, line, sizeof line);
    text_add_format(&text, "DKIM-Signature: d=%.*s; s=%.*s: %s", SLICE_ARG(result->domain),
                    SLICE_ARG(result->selector), result->words);
    struct raised *raised =
        raise(lane, MAIL_DKIM_FAILS, refuted ? verdict->said : text_slice(&text));
    if (raised != NULL && dkim_key_name(harmless(lane, result->selector), result->domain, name))
        raised->params.value[PARAM_NAME] = text_copy_string(lane->suite->arena, name);
}

static bool judge_signature(struct lane *lane)
{
    struct suite *suite = lane->suite;
    struct slice mail = fetched(lane);
    struct dkim_outcome outcome;
    struct witness witness;
    const struct dkim_question question = {
        .mail = mail,
        .cut = mail.len >= WHOLE_MAX,
        .ask = lookups_ask,
        .asker = &suite->lookups,
        .wall_ms = suite->run->clock_trusted ? port_wall_ms() : 0,
    };
    if (mail.len == 0)
        return true; /* the server keeps it to itself; it will not be removed worse for that */
    if (!dkim_judge(&question, &outcome))
        return false;
    const struct dkim_result *result = signature_of_domain(lane, &outcome);
    const struct witness_question asked = question_of(lane, mail);
    witness_read(&asked, &witness);
    if (result != NULL)
        tell_signature(lane, result, verdict_on_us(lane, &witness, WITNESS_DKIM));
    else if (outcome.found == outcome.count)
        tell_unsigned(lane);
    return true;
}

/* clang-format off */
const struct step fetch_whole[] = {
    SAY    ("UID FETCH {uid} BODY.PEEK[]<0.30720>"),
    HEAR   ("OK|NO|BAD",          SERVICE_UNEXPECTED),
    ENQUIRE(judge_signature),
    END
};
/* clang-format on */
