/* SPDX-License-Identifier: MIT */
#include "spf_parts.h"

#include <string.h>

static enum spf_result check_host(struct evaluation *run, const struct visit *visit);

/* ---- what is noted ---- */

/* What stays broken counts more than what may be answered later. */
void spf_note(struct evaluation *run, const struct visit *visit, struct slice term,
              enum spf_problem problem)
{
    struct spf_outcome *outcome = run->outcome;
    run->stopped = !run->walking;
    if (outcome->problem > SPF_NO_ANSWER || outcome->problem == problem)
        return;
    outcome->problem = problem;
    outcome->term = term;
    text_put_string(outcome->where, sizeof outcome->where, visit->domain);
}

/* Only the domain's own terms decide: those of an include make the include match. */
static void decide(struct evaluation *run, const struct visit *visit, struct slice term)
{
    if (!visit->own || run->outcome->problem != SPF_NO_PROBLEM)
        return;
    run->outcome->term = term;
    text_put_string(run->outcome->where, sizeof run->outcome->where, visit->domain);
}

bool spf_is_same_name(struct slice a, struct slice b)
{
    if (slice_ends_nocase(a, "."))
        a.len--;
    if (slice_ends_nocase(b, "."))
        b.len--;
    return slice_equal_nocase(a, b);
}

bool spf_includes(const struct spf_outcome *outcome, const char *domain)
{
    struct slice rest = { outcome->included, outcome->included_len }, name;
    while (slice_cut(&rest, '\0', &name))
        if (spf_is_same_name(name, slice_of(domain)))
            return true;
    return false;
}

static void remember_include(struct spf_outcome *outcome, const char *name)
{
    const size_t size = strlen(name) + 1;
    if (size > sizeof outcome->included - outcome->included_len) {
        outcome->included_cut = true;
        return;
    }
    memcpy(outcome->included + outcome->included_len, name, size);
    outcome->included_len += size;
}

/* Section 4.6.4. False when the term is not to be followed. */
static bool count_lookup(struct evaluation *run, const struct visit *visit, struct slice term)
{
    struct spf_outcome *outcome = run->outcome;
    if (outcome->lookups == SPF_COUNTED_MAX)
        return false;
    outcome->lookups++;
    if (outcome->lookups > SPF_LOOKUPS_MAX)
        spf_note(run, visit, term, SPF_TOO_MANY_LOOKUPS);
    return !run->stopped;
}

/* ---- terms that lead to records ---- */

static bool leads_back(const struct visit *visit, const char *name)
{
    for (; visit != NULL; visit = visit->outer)
        if (spf_is_same_name(slice_of(visit->domain), slice_of(name)))
            return true;
    return false;
}

/* Visits a record that a term leads to. SPF_DEPTH_MAX is met in walks alone: else the number of
   lookups ends it before. Behind an answer that is on its way nothing is known for certain: what
   follows is asked for ahead, and not followed. */
static enum spf_result visit_inner(struct evaluation *run, const struct visit *inner,
                                   const struct spf_term *term)
{
    if (inner->depth > SPF_DEPTH_MAX)
        return SPF_NEUTRAL;
    if (!run->pending)
        return check_host(run, inner);
    if (run->outcome->lookups <= SPF_LOOKUPS_MAX)
        (void)spf_ask(run, inner, term->text, inner->domain, RECORD_TXT); /* read when all is in */
    return SPF_NEUTRAL;
}

/* Evaluates the record that an include or a redirect leads to; a target without one is an error. */
static enum spf_result descend(struct evaluation *run, const struct visit *visit,
                               const struct spf_term *term)
{
    char name[SPF_NAME_SIZE];
    const bool redirected = term->kind == SPF_KIND_REDIRECT;
    enum destination destination = spf_destination(run, visit, term, name);
    if (destination == DESTINATION_UNKNOWN)
        return SPF_NEUTRAL;
    if (destination == DESTINATION_NONE) {
        spf_note(run, visit, term->text, SPF_TARGET_WITHOUT_RECORD);
        return SPF_PERMERROR;
    }
    if (leads_back(visit, name)) {
        spf_note(run, visit, term->text, SPF_LOOP);
        return SPF_PERMERROR;
    }
    const struct visit inner = { .outer = visit,
                                 .domain = name,
                                 .depth = visit->depth + 1,
                                 .own = visit->own && redirected,
                                 .trusted = visit->trusted && term->qualifier == '+' };
    if (inner.trusted)
        remember_include(run->outcome, name);
    enum spf_result result = visit_inner(run, &inner, term);
    if (result != SPF_NONE)
        return result;
    spf_note(run, visit, term->text, SPF_TARGET_WITHOUT_RECORD);
    return SPF_PERMERROR;
}

static bool matches(struct evaluation *run, const struct visit *visit, const struct spf_term *term)
{
    switch (term->kind) {
    case SPF_KIND_ALL:
        return true;
    case SPF_KIND_INCLUDE:
        return count_lookup(run, visit, term->text) && descend(run, visit, term) == SPF_PASS;
    case SPF_KIND_A:
    case SPF_KIND_MX:
    case SPF_KIND_PTR:
    case SPF_KIND_EXISTS:
        return count_lookup(run, visit, term->text) && spf_matches_hosts(run, visit, term);
    case SPF_KIND_IP4:
    case SPF_KIND_IP6:
        return !run->walking && spf_is_in_network(&run->client, &term->network, term);
    case SPF_KIND_REDIRECT:
    case SPF_KIND_EXP:
    case SPF_KIND_OTHER:
    case SPF_KIND_MALFORMED:
        break;
    }
    return false;
}

/* ---- records ---- */

/* Sections 4.4 and 4.5. NEUTRAL with the record, NONE when there is none, else an error. */
static enum spf_result select_record(struct evaluation *run, const struct visit *visit,
                                     struct slice *into_record)
{
    struct spf_outcome *outcome = run->outcome;
    unsigned found = 0;
    const struct answer *answer = spf_ask(run, visit, SLICE(""), visit->domain, RECORD_TXT);
    if (answer == NULL)
        return SPF_TEMPERROR;
    for (size_t i = 0; !spf_is_void(answer) && i < answer->count; i++)
        if (spf_is_record(answer->records[i].text) && found++ == 0)
            *into_record = answer->records[i].text;
    if (visit->outer == NULL) {
        outcome->answer = answer->status;
        outcome->records = found;
        outcome->record = *into_record;
    }
    if (found == 1)
        return SPF_NEUTRAL;
    if (found == 0 && answer->cut)
        spf_note(run, visit, SLICE(""), SPF_NO_ANSWER); /* it may be among those not kept */
    if (found == 0)
        return answer->cut ? SPF_TEMPERROR : SPF_NONE;
    spf_note(run, visit, SLICE(""), SPF_SEVERAL_RECORDS);
    return SPF_PERMERROR;
}

/* The whole record is judged before any of it is evaluated: section 4.6. */
static void judge_terms(struct evaluation *run, const struct visit *visit, struct slice record,
                        struct spf_term *into_all, struct spf_term *into_redirect)
{
    struct slice terms = spf_terms(record);
    struct spf_term term;
    bool explained = false;
    while (spf_next_term(&terms, &term)) {
        bool twice = (term.kind == SPF_KIND_EXP && explained) ||
                     (term.kind == SPF_KIND_REDIRECT && into_redirect->kind == term.kind);
        if (term.kind == SPF_KIND_MALFORMED || twice)
            spf_note(run, visit, term.text, SPF_MALFORMED);
        explained = explained || term.kind == SPF_KIND_EXP;
        if (term.kind == SPF_KIND_REDIRECT && !twice)
            *into_redirect = term;
        if (term.kind == SPF_KIND_ALL && into_all->kind != SPF_KIND_ALL)
            *into_all = term;
    }
}

static enum spf_result result_of(char qualifier)
{
    if (qualifier == '-')
        return SPF_FAIL;
    if (qualifier == '~')
        return SPF_SOFTFAIL;
    return qualifier == '?' ? SPF_NEUTRAL : SPF_PASS;
}

/* The first term that matches decides; a walk goes on to `all` for the others' sake. NONE when none
   matches. */
static enum spf_result evaluate_terms(struct evaluation *run, const struct visit *visit,
                                      struct slice record)
{
    struct slice terms = spf_terms(record);
    enum spf_result result = SPF_NONE;
    struct spf_term term;
    while (!run->stopped && spf_next_term(&terms, &term)) {
        bool matched = matches(run, visit, &term);
        if (matched && result == SPF_NONE) {
            result = result_of(term.qualifier);
            decide(run, visit, term.text);
        }
        if (matched && (!run->walking || term.kind == SPF_KIND_ALL))
            break;
    }
    return result;
}

/* Section 4. The result means nothing once the run is stopped. */
static enum spf_result check_host(struct evaluation *run, const struct visit *visit)
{
    struct slice record = { NULL, 0 };
    struct spf_term all = { 0 }, redirect = { 0 };
    enum spf_result result = select_record(run, visit, &record);
    if (result != SPF_NEUTRAL)
        return result;
    judge_terms(run, visit, record, &all, &redirect);
    if (visit->own)
        run->outcome->all = all.qualifier;
    result = evaluate_terms(run, visit, record);
    if (run->stopped || all.kind == SPF_KIND_ALL || redirect.kind != SPF_KIND_REDIRECT)
        return result == SPF_NONE ? SPF_NEUTRAL : result;
    if (result != SPF_NONE && !run->walking)
        return result;
    if (!count_lookup(run, visit, redirect.text))
        return SPF_NEUTRAL;
    enum spf_result redirected = descend(run, visit, &redirect);
    return result == SPF_NONE ? redirected : result;
}

/* ---- the whole ---- */

/* Section 5: an IPv4 address in an IPv6 one is an IPv4 address. */
static struct address unmapped(const struct address *client)
{
    static const uint8_t prefix[12] = { [10] = 0xFF, [11] = 0xFF };
    struct address v4 = { .family = FAMILY_V4 };
    if (client->family == FAMILY_V4 || memcmp(client->bytes, prefix, sizeof prefix) != 0)
        return *client;
    memcpy(v4.bytes, client->bytes + sizeof prefix, 4);
    return v4;
}

/* Section 4.3: labels of 1 to 63 bytes, more than one. An address in brackets is none. */
static bool read_domain(const char *text, char into_domain[SPF_NAME_SIZE])
{
    struct spf_values values = { .domain = slice_of(text) };
    struct slice *name = &values.domain;
    if (slice_ends_nocase(*name, "."))
        name->len--;
    for (size_t i = 0; i < name->len; i++) {
        char c = name->at[i];
        if ((c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && c != '-' &&
            c != '_' && c != '.')
            return false;
    }
    if (name->len >= SPF_NAME_SIZE || memchr(name->at, '.', name->len) == NULL)
        return false;
    return spf_macro_expand(SLICE("%{d}"), &values, into_domain);
}

/* Section 4.3: without a local-part it is postmaster. */
static void begin_sender(struct spf_values *values, struct slice sender, char *buffer, size_t size)
{
    struct text text;
    size_t at = sender.len;
    while (at > 0 && sender.at[at - 1] != '@')
        at--;
    values->sender_domain = slice_from(sender, at);
    if (at > 1) {
        values->local = (struct slice){ sender.at, at - 1 };
        values->sender = sender;
        return;
    }
    values->local = SLICE("postmaster");
    text_begin(&text, buffer, size);
    text_add(&text, values->local);
    text_add_string(&text, "@");
    text_add(&text, values->sender_domain);
    values->sender = text_slice(&text);
}

static void begin_client(struct evaluation *run, const struct address *client)
{
    static const char digits[] = "0123456789abcdef";
    if (client == NULL)
        return;
    run->client = unmapped(client);
    if (run->client.family == FAMILY_V4) {
        port_address_text(&run->client, run->dotted);
        run->values.family = SLICE("in-addr");
    } else {
        for (size_t i = 0; i < 32; i++) {
            run->dotted[2 * i] = digits[run->client.bytes[i / 2] >> (i % 2 == 0 ? 4 : 0) & 15];
            run->dotted[2 * i + 1] = i < 31 ? '.' : '\0';
        }
        run->values.family = SLICE("ip6");
    }
    run->values.client = slice_of(run->dotted);
}

static enum spf_result result_of_problem(const struct spf_outcome *outcome, enum spf_result result)
{
    if (outcome->problem == SPF_NO_PROBLEM)
        return result;
    return outcome->problem == SPF_NO_ANSWER ? SPF_TEMPERROR : SPF_PERMERROR;
}

bool spf_evaluate(const struct spf_question *question, struct spf_outcome *into_outcome)
{
    char sender[sizeof "postmaster@" + SPF_NAME_SIZE], domain[SPF_NAME_SIZE];
    struct evaluation run = { .question = question,
                              .outcome = into_outcome,
                              .walking = question->client == NULL };
    memset(into_outcome, 0, sizeof *into_outcome);
    begin_client(&run, question->client);
    if (!read_domain(question->domain, domain))
        return true;
    const char *sent_by = question->sender == NULL ? domain : question->sender;
    begin_sender(&run.values, slice_of(sent_by), sender, sizeof sender);
    run.values.helo = slice_of(question->helo == NULL ? domain : question->helo);
    const struct visit visit = { .domain = domain, .own = true, .trusted = true };
    text_put_string(into_outcome->where, sizeof into_outcome->where, domain);
    enum spf_result result = check_host(&run, &visit);
    into_outcome->result = result_of_problem(into_outcome, result);
    return !run.pending;
}

const char *spf_result_name(enum spf_result result)
{
    static const char *const names[] = {
        [SPF_NONE] = "none",           [SPF_NEUTRAL] = "neutral",   [SPF_PASS] = "pass",
        [SPF_FAIL] = "fail",           [SPF_SOFTFAIL] = "softfail", [SPF_TEMPERROR] = "temperror",
        [SPF_PERMERROR] = "permerror",
    };
    return names[result];
}
