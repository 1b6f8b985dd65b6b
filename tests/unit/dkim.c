/* SPDX-License-Identifier: MIT */
/* Mails signed by another implementation (signer.py), judged by ours. */
#include "dkim.h"

#include "dkim_canon.h"
#include "dkim_key.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define MAIL_MAX 16384
#define KEY_NAME "rsa2048._domainkey.example.com"

static char directory[] = "/tmp/gatepost-dkim-XXXXXX";

static int make_mails(void **state)
{
    (void)state;
    const char *here = strrchr(__FILE__, '/');
    char command[512];
    if (here == NULL || mkdtemp(directory) == NULL)
        return -1;
    (void)snprintf(command, sizeof command, "python3 '%.*s/signer.py' %s", (int)(here - __FILE__),
                   __FILE__, directory);
    return system(command);
}

static int remove_mails(void **state)
{
    (void)state;
    char command[64];
    (void)snprintf(command, sizeof command, "rm -r %s", directory);
    return system(command);
}

/* ---- mails ---- */

static char mail_bytes[MAIL_MAX];
static struct slice mail;

static bool read_file(const char *name, const char *ending, char *into, size_t size, size_t *len)
{
    char path[512];
    (void)snprintf(path, sizeof path, "%s/%s%s", directory, name, ending);
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return false;
    *len = fread(into, 1, size, file);
    assert_int_equal(fclose(file), 0);
    assert_true(*len < size);
    return true;
}

static void load(const char *name)
{
    mail.at = mail_bytes;
    assert_true(read_file(name, ".mail", mail_bytes, sizeof mail_bytes, &mail.len));
}

/* Puts words in the place of the first occurrence of others. */
static void replace(const char *old, const char *new)
{
    size_t at = slice_find_nocase(mail, old), old_len = strlen(old), new_len = strlen(new);
    assert_true(at < mail.len && mail.len + new_len < sizeof mail_bytes);
    memmove(mail_bytes + at + new_len, mail_bytes + at + old_len, mail.len - at - old_len);
    memcpy(mail_bytes + at, new, new_len);
    mail.len = mail.len - old_len + new_len;
}

static void append(const char *words)
{
    assert_true(mail.len + strlen(words) < sizeof mail_bytes);
    memcpy(mail_bytes + mail.len, words, strlen(words));
    mail.len += strlen(words);
}

/* ---- zone ---- */

static struct {
    const char *records[6]; /* in place of what the signer publishes */
    enum answer_status status;
    bool silent;
    int asked;
} zone;

static const struct answer *ask(void *asker, const char *name, enum record_type type)
{
    static char text[4096];
    static struct record records[6];
    static struct answer answer;
    (void)asker;
    assert_int_equal(type, RECORD_TXT);
    zone.asked++;
    if (zone.silent)
        return NULL;
    memset(records, 0, sizeof records);
    answer = (struct answer){ .status = ANSWER_RECORDS, .records = records };
    for (; answer.count < 6 && zone.records[answer.count] != NULL; answer.count++)
        records[answer.count].text = slice_of(zone.records[answer.count]);
    size_t len = 0;
    if (answer.count == 0 && read_file(name, "", text, sizeof text, &len))
        records[answer.count++].text = (struct slice){ text, len };
    if (answer.count == 0)
        answer.status = ANSWER_NXDOMAIN;
    if (zone.status != ANSWER_PENDING)
        answer.status = zone.status;
    return &answer;
}

static int new_zone(void **state)
{
    (void)state;
    memset(&zone, 0, sizeof zone);
    return 0;
}

/* ---- judging ---- */

static struct dkim_outcome outcome;

static bool judge_at(int64_t wall_ms, bool cut)
{
    const struct dkim_question question = {
        .mail = mail, .cut = cut, .ask = ask, .wall_ms = wall_ms
    };
    return dkim_judge(&question, &outcome);
}

static enum dkim_verdict judge(void)
{
    assert_true(judge_at(0, false));
    assert_true(outcome.count >= 1);
    assert_int_equal(outcome.results[0].words[0] == '\0',
                     outcome.results[0].verdict == DKIM_VERDICT_PASS);
    return outcome.results[0].verdict;
}

static enum dkim_verdict judge_mail(const char *name)
{
    load(name);
    return judge();
}

static enum dkim_verdict judge_with_key(const char *record)
{
    zone.records[0] = record;
    return judge_mail("relaxed-relaxed");
}

static enum dkim_verdict judge_with(const char *old, const char *new)
{
    load("relaxed-relaxed");
    replace(old, new);
    return judge();
}

/* ---- what is signed ---- */

static void verifies_every_form_of_header_and_body(void **state)
{
    (void)state;
    static const char *const forms[] = { "simple-simple", "simple-relaxed", "relaxed-simple",
                                         "relaxed-relaxed" };
    static const char *const bodies[] = { "", "-blank-end", "-no-end", "-empty", "-blank" };
    for (size_t form = 0; form < 4; form++)
        for (size_t body = 0; body < 5; body++) {
            char name[64];
            (void)snprintf(name, sizeof name, "%s%s", forms[form], bodies[body]);
            if (judge_mail(name) != DKIM_VERDICT_PASS)
                fail_msg("%s: %s", name, outcome.results[0].words);
            assert_string_equal(dkim_verdict_name(outcome.results[0].verdict), "pass");
            assert_true(slice_is(outcome.results[0].domain, "example.com"));
            assert_true(slice_is(outcome.results[0].selector, "rsa2048"));
            assert_int_equal(outcome.results[0].key_bits, 2048);
            assert_false(outcome.results[0].partial);
        }
}

static void agrees_with_another_verifier_about_changed_mails(void **state)
{
    (void)state;
    static char judged[16384];
    size_t len = 0, count = 0;
    assert_true(read_file("judged", ".txt", judged, sizeof judged, &len));
    struct slice rest = { judged, len }, line;
    while (slice_line(&rest, &line)) {
        char name[32];
        struct slice word;
        assert_true(slice_cut(&line, ' ', &word));
        text_put(name, sizeof name, word);
        bool passes = judge_mail(name) == DKIM_VERDICT_PASS;
        if (passes != slice_is(line, "yes"))
            fail_msg("%s: %s", name, outcome.results[0].words);
        count++;
    }
    assert_int_equal(count, 400);
}

static void keep(void *sink, struct slice piece)
{
    text_add(sink, piece);
}

/* RFC 6376 section 3.4.5, examples 1 to 3 */
static void makes_the_forms_of_rfc_6376(void **state)
{
    (void)state;
    const struct slice example = SLICE("A: X\r\nB : Y\t\r\n\tZ  \r\n\r\n C \r\nD \t E\r\n\r\n\r\n");
    char buffer[256];
    struct text text;
    struct slice fields = example;
    struct dkim_signature signature = { .names = SLICE("A:B") };
    while (header_next(&fields, &signature.field))
        ; /* the last field stands for the signature's own */
    signature.field.whole.len = signature.field.name.len + 1;
    signature.field.value.len = 0;
    text_begin(&text, buffer, sizeof buffer);
    signature.relaxed_header = true;
    dkim_canon_header(example, &signature, keep, &text);
    assert_string_equal(buffer, "a:X\r\nb:Y Z\r\nb:");
    text_begin(&text, buffer, sizeof buffer);
    signature.relaxed_header = false;
    dkim_canon_header(example, &signature, keep, &text);
    assert_string_equal(buffer, "A: X\r\nB : Y\t\r\n\tZ  \r\nB ");
    text_begin(&text, buffer, sizeof buffer);
    dkim_canon_body(header_body(example), true, keep, &text);
    assert_string_equal(buffer, " C\r\nD E\r\n");
    text_begin(&text, buffer, sizeof buffer);
    dkim_canon_body(header_body(example), false, keep, &text);
    assert_string_equal(buffer, " C \r\nD \t E\r\n");
}

/* RFC 6376 sections 3.4.3 and 3.4.4 */
static void ends_an_empty_body_only_where_it_is_simple(void **state)
{
    (void)state;
    char buffer[64];
    struct text text;
    text_begin(&text, buffer, sizeof buffer);
    dkim_canon_body(SLICE(""), false, keep, &text);
    assert_string_equal(buffer, "\r\n");
    text_begin(&text, buffer, sizeof buffer);
    dkim_canon_body(SLICE(" \r\n\r\n"), true, keep, &text);
    assert_string_equal(buffer, "");
    text_begin(&text, buffer, sizeof buffer);
    dkim_canon_body(SLICE("one\ntwo\rthree"), false, keep, &text);
    assert_string_equal(buffer, "one\r\ntwo\rthree\r\n");
}

/* RFC 6376 section 3.7: the blanks around the value are no part of what is signed either. */
static void leaves_out_the_signature_wherever_it_stands(void **state)
{
    (void)state;
    assert_int_equal(judge_mail("sorted-relaxed"), DKIM_VERDICT_PASS);
    assert_int_equal(judge_mail("sorted-simple"), DKIM_VERDICT_PASS);
    replace("; bh=", " \r\n\t; bh=");
    assert_int_equal(judge(), DKIM_VERDICT_PASS);
    replace("; bh=", ";  bh=");
    assert_int_equal(judge(), DKIM_VERDICT_FAIL_SIGNATURE);
}

static void verifies_a_mail_whose_lines_end_in_lf(void **state)
{
    (void)state;
    load("simple-simple");
    size_t len = 0;
    for (size_t i = 0; i < mail.len; i++)
        if (mail_bytes[i] != '\r')
            mail_bytes[len++] = mail_bytes[i];
    mail.len = len;
    assert_int_equal(judge(), DKIM_VERDICT_PASS);
}

/* ---- what was changed ---- */

static void tells_a_changed_body_from_a_changed_header(void **state)
{
    (void)state;
    assert_int_equal(judge_with("the last one", "the lost one"), DKIM_VERDICT_FAIL_BODY);
    assert_int_equal(judge_with("A  folded", "An unfolded"), DKIM_VERDICT_FAIL_SIGNATURE);
    assert_int_equal(judge_with("Received: ", "Received: added "), DKIM_VERDICT_PASS);
    load("simple-relaxed");
    replace("FROM:", "From:");
    assert_int_equal(judge(), DKIM_VERDICT_FAIL_SIGNATURE);
    load("simple-simple");
    append("\r\n\r\n");
    assert_int_equal(judge(), DKIM_VERDICT_PASS);
    append("footer\r\n");
    assert_int_equal(judge(), DKIM_VERDICT_FAIL_BODY);
}

static void lets_more_follow_only_where_the_signature_has_a_length(void **state)
{
    (void)state;
    assert_int_equal(judge_mail("limited"), DKIM_VERDICT_PASS);
    assert_false(outcome.results[0].partial);
    append("footer\r\n");
    assert_int_equal(judge(), DKIM_VERDICT_PASS);
    assert_true(outcome.results[0].partial);
    load("limited");
    replace("the last one\r\n", "");
    assert_int_equal(judge(), DKIM_VERDICT_FAIL_BODY);
    assert_non_null(strstr(outcome.results[0].words, "shorter"));
    load("limited-simple");
    append("footer");
    assert_int_equal(judge(), DKIM_VERDICT_PASS);
    load("limited-simple");
    replace("and one", "and two");
    assert_int_equal(judge(), DKIM_VERDICT_FAIL_BODY);
}

static void takes_fields_of_one_name_from_below(void **state)
{
    (void)state;
    static const char *const added[] = { "X-Tag: third\r\nFROM: ",
                                         "Reply-To: x@example.org\r\nFROM: " };
    for (size_t i = 0; i < 2; i++) {
        load("relaxed-relaxed");
        replace("FROM: ", added[i]);
        assert_int_equal(judge(), DKIM_VERDICT_PASS);
        assert_int_equal(judge_mail("oversigned"), DKIM_VERDICT_PASS);
        replace("FROM: ", added[i]);
        assert_int_equal(judge(), DKIM_VERDICT_FAIL_SIGNATURE);
    }
    load("relaxed-relaxed");
    replace("Message-ID", "X-Tag: third\r\nMessage-ID");
    assert_int_equal(judge(), DKIM_VERDICT_FAIL_SIGNATURE);
}

static void judges_each_signature_by_itself(void **state)
{
    (void)state;
    assert_int_equal(judge_mail("two"), DKIM_VERDICT_PASS);
    assert_int_equal(outcome.count, 2);
    assert_true(slice_is(outcome.results[0].domain, "example.org"));
    assert_int_equal(outcome.results[0].key_bits, 1024);
    assert_true(slice_is(outcome.results[1].domain, "example.com"));
    assert_int_equal(outcome.results[1].verdict, DKIM_VERDICT_PASS);
    replace("b=", "b=AAAA");
    assert_int_equal(judge(), DKIM_VERDICT_FAIL_SIGNATURE);
    assert_int_equal(outcome.results[1].verdict, DKIM_VERDICT_PASS);
}

static void judges_four_of_five_signatures_and_counts_all(void **state)
{
    (void)state;
    assert_int_equal(judge_mail("five"), DKIM_VERDICT_PASS);
    assert_int_equal(outcome.count, DKIM_SIGNATURES_MAX);
    assert_int_equal(outcome.found, 5);
    for (size_t i = 0; i < DKIM_SIGNATURES_MAX; i++)
        assert_int_equal(outcome.results[i].verdict, DKIM_VERDICT_PASS);
    assert_int_equal(zone.asked, DKIM_SIGNATURES_MAX);
}

static void finds_nothing_to_judge_in_an_unsigned_mail(void **state)
{
    (void)state;
    mail = SLICE("From: a@example.com\r\n\r\nDKIM-Signature: v=1; a=rsa-sha256\r\n");
    assert_true(judge_at(0, false));
    assert_int_equal(outcome.found, 0);
}

static void does_not_judge_the_body_of_a_mail_that_is_cut(void **state)
{
    (void)state;
    load("relaxed-relaxed");
    mail.len -= 10;
    assert_true(judge_at(0, true));
    assert_int_equal(outcome.results[0].verdict, DKIM_VERDICT_UNKNOWN);
    replace("A  folded", "An unfolded");
    assert_true(judge_at(0, true));
    assert_int_equal(outcome.results[0].verdict, DKIM_VERDICT_FAIL_SIGNATURE);
}

/* ---- keys ---- */

static void takes_a_key_without_its_envelope(void **state)
{
    (void)state;
    assert_int_equal(judge_mail("bare"), DKIM_VERDICT_PASS);
    assert_int_equal(outcome.results[0].key_bits, 2048);
}

/* RFC 8301 section 3.2 */
static void refuses_keys_below_1024_bits(void **state)
{
    (void)state;
    assert_int_equal(judge_mail("rsa512"), DKIM_VERDICT_KEY_WEAK);
    assert_int_equal(outcome.results[0].key_bits, 512);
    assert_int_equal(judge_mail("rsa1024"), DKIM_VERDICT_PASS);
    assert_int_equal(outcome.results[0].key_bits, 1024);
}

static const char *record_of(const char *name)
{
    static char text[4096];
    size_t len = 0;
    assert_true(read_file(name, "", text, sizeof text - 1, &len));
    text[len] = '\0';
    return text;
}

static void fails_with_the_key_of_somebody_else(void **state)
{
    (void)state;
    assert_int_equal(judge_with_key(record_of("rsa1024._domainkey.example.com")),
                     DKIM_VERDICT_FAIL_SIGNATURE);
    assert_int_equal(judge_with_key(record_of("ed._domainkey.example.com")),
                     DKIM_VERDICT_KEY_INVALID);
}

static void names_what_is_wrong_with_a_key(void **state)
{
    (void)state;
    static const struct {
        const char *record;
        enum dkim_verdict verdict;
    } cases[] = {
        { "v=DKIM1; k=rsa; p=", DKIM_VERDICT_KEY_REVOKED },
        { "p= ; v=DKIM1", DKIM_VERDICT_KEY_MISSING }, /* v= not first: discarded, section 3.6.1 */
        { "v=DKIM2; p=AAAA", DKIM_VERDICT_KEY_MISSING },
        { "v=spf1 -all", DKIM_VERDICT_KEY_MISSING },
        { "hello", DKIM_VERDICT_KEY_MISSING },
        { "", DKIM_VERDICT_KEY_MISSING },
        { "v=DKIM1; k=rsa", DKIM_VERDICT_KEY_INVALID },
        { "v=DKIM1; p=AAAA; p=AAAA", DKIM_VERDICT_KEY_INVALID },
        { "v=DKIM1 k=rsa p=AAAA", DKIM_VERDICT_KEY_MISSING },
        { "v=DKIM1; p=AAAA", DKIM_VERDICT_KEY_INVALID },
        { "v=DKIM1; p=AAA", DKIM_VERDICT_KEY_INVALID },
        { "v=DKIM1; p=\"AAAA\"", DKIM_VERDICT_KEY_INVALID },
        { "v=DKIM1; k=ed25519; p=AAAA", DKIM_VERDICT_KEY_INVALID },
        { "v=DKIM1; k=mldsa; p=AAAA", DKIM_VERDICT_UNSUPPORTED },
        { "v=DKIM1; h=sha1; p=AAAA", DKIM_VERDICT_KEY_INVALID },
        { "v=DKIM1; s=tlsrpt; p=AAAA", DKIM_VERDICT_KEY_INVALID },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        if (judge_with_key(cases[i].record) != cases[i].verdict)
            fail_msg("%s: %s, %s", cases[i].record, dkim_verdict_name(outcome.results[0].verdict),
                     outcome.results[0].words);
    zone.records[0] = NULL;
    load("relaxed-relaxed");
    replace("s=rsa2048", "s=nothing");
    assert_int_equal(judge(), DKIM_VERDICT_KEY_MISSING);
}

static void reads_the_flags_of_a_key(void **state)
{
    (void)state;
    char record[4096];
    const char *key = strstr(record_of(KEY_NAME), "p=");
    (void)snprintf(record, sizeof record, "v=DKIM1; t=y:s; h=sha1:sha256; s=email; n=a note;%s;",
                   key);
    assert_int_equal(judge_with_key(record), DKIM_VERDICT_PASS);
    assert_true(outcome.results[0].testing);
    assert_int_equal(judge_mail("subdomain"), DKIM_VERDICT_KEY_INVALID);
    zone.records[0] = NULL;
    assert_int_equal(judge_mail("subdomain"), DKIM_VERDICT_PASS);
    assert_false(outcome.results[0].testing);
}

static void looks_for_a_good_key_among_several_records(void **state)
{
    (void)state;
    static char good[4096];
    struct record records[6] = { { .text = SLICE("v=spf1 -all") },
                                 { .text = SLICE("v=DKIM1; p=") } };
    const struct answer two = { .status = ANSWER_RECORDS, .records = records, .count = 2 };
    struct dkim_key key;
    dkim_key_choose(&two, &key);
    assert_int_equal(key.verdict, DKIM_RECORD_REVOKED);
    text_put(good, sizeof good, slice_of(record_of(KEY_NAME)));
    records[2] = records[1];
    records[3].text = slice_of(good);
    const struct answer four = { .status = ANSWER_RECORDS, .records = records, .count = 4 };
    dkim_key_choose(&four, &key);
    assert_int_equal(key.verdict, DKIM_RECORD_GOOD);
    const struct answer one = { .status = ANSWER_RECORDS, .records = records, .count = 1 };
    dkim_key_choose(&one, &key);
    assert_int_equal(key.verdict, DKIM_RECORD_FOREIGN);
}

static void knows_nothing_where_the_dns_says_nothing(void **state)
{
    (void)state;
    static const enum answer_status silent[] = { ANSWER_SERVFAIL, ANSWER_REFUSED, ANSWER_TIMED_OUT,
                                                 ANSWER_GARBLED, ANSWER_DEVICE };
    for (size_t i = 0; i < sizeof silent / sizeof silent[0]; i++) {
        zone.status = silent[i];
        assert_int_equal(judge_mail("relaxed-relaxed"), DKIM_VERDICT_UNKNOWN);
    }
    zone.status = ANSWER_NODATA;
    assert_int_equal(judge_mail("relaxed-relaxed"), DKIM_VERDICT_KEY_MISSING);
}

static void waits_for_a_key_that_is_on_its_way(void **state)
{
    (void)state;
    zone.silent = true;
    load("two");
    assert_false(judge_at(0, false));
    assert_int_equal(outcome.count, 2);
    assert_int_equal(outcome.results[0].verdict, DKIM_VERDICT_PENDING);
    assert_int_equal(zone.asked, 2);
    zone.silent = false;
    assert_true(judge_at(0, false));
    assert_int_equal(outcome.results[0].verdict, DKIM_VERDICT_PASS);
}

static void makes_a_name_that_just_fits(void **state)
{
    (void)state;
    char domain[256], name[RESOLVE_NAME_MAX] = "before";
    memset(domain, 'a', sizeof domain);
    for (size_t i = 50; i < sizeof domain; i += 50)
        domain[i] = '.';
    struct slice fits = { domain, RESOLVE_NAME_MAX - 1 - strlen("s._domainkey.") };
    struct slice exceeds = { domain, fits.len + 1 };
    assert_false(dkim_key_name(SLICE("s"), exceeds, name));
    assert_string_equal(name, "before");
    assert_true(dkim_key_name(SLICE("s"), fits, name));
    assert_int_equal(strlen(name), RESOLVE_NAME_MAX - 1);
    assert_false(dkim_key_name(SLICE(""), SLICE("example.com"), name));
    assert_false(dkim_key_name(SLICE("s"), SLICE("example..com"), name));
    assert_false(dkim_key_name(SLICE("s"), SLICE("example.com."), name));
    assert_false(dkim_key_name(SLICE("s"), SLICE("exam ple.com"), name));
}

/* ---- fields ---- */

static void recognises_what_it_cannot_or_may_not_verify(void **state)
{
    (void)state;
    assert_int_equal(judge_mail("ed25519"), DKIM_VERDICT_UNSUPPORTED);
    assert_int_equal(outcome.results[0].key_bits, 256);
    replace("the last one", "the lost one");
    assert_int_equal(judge(), DKIM_VERDICT_FAIL_BODY);
    assert_int_equal(judge_mail("sha1"), DKIM_VERDICT_OBSOLETE);
    assert_int_equal(judge_with("a=rsa-sha256", "a=rsa-sha512"), DKIM_VERDICT_UNSUPPORTED);
    assert_int_equal(judge_with("c=relaxed/relaxed", "c=relaxed/loose"), DKIM_VERDICT_UNSUPPORTED);
    assert_int_equal(judge_with("q=dns/txt", "q=ldap"), DKIM_VERDICT_UNSUPPORTED);
}

static void refuses_fields_that_break_the_syntax(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        { "v=1;", "" },
        { "v=1", "v=2" },
        { "v=1;", "v=1; v=1;" },
        { "v=1;", "v=1; junk;" },
        { "v=1;", "v=1;;" },
        { "a=rsa-sha256;", "" },
        { "d=example.com", "d=" },
        { "d=example.com", "d=exam ple.com" },
        { "s=rsa2048", "s=rsa/2048" },
        { "h=from", "h=x-from" },
        { "i=@example.com", "i=@example.org" },
        { "i=@example.com", "i=@notexample.com" },
        { "i=@example.com", "i=example.com" },
        { "i=@example.com", "i=" },
        { "q=dns/txt", "l=ten" },
        { "q=dns/txt", "l=-1" },
        { "q=dns/txt", "x=1" },
        { "bh=", "bh=AAAA" },
        { "bh=", "bh=*" },
        { "b=", "b=*" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        if (judge_with(cases[i][0], cases[i][1]) != DKIM_VERDICT_MALFORMED)
            fail_msg("%s: %s", cases[i][1], dkim_verdict_name(outcome.results[0].verdict));
    assert_int_equal(zone.asked, 0);
}

static void lets_a_signature_expire_by_a_clock_that_is_set(void **state)
{
    (void)state;
    const int64_t end_ms = INT64_C(4102444800000);
    load("relaxed-relaxed");
    replace("q=dns/txt", "x=4102444800");
    assert_true(judge_at(end_ms + 999, false));
    assert_int_equal(outcome.results[0].verdict, DKIM_VERDICT_FAIL_SIGNATURE);
    assert_true(judge_at(end_ms + 1000, false));
    assert_int_equal(outcome.results[0].verdict, DKIM_VERDICT_EXPIRED);
    assert_true(judge_at(0, false));
    assert_int_equal(outcome.results[0].verdict, DKIM_VERDICT_FAIL_SIGNATURE);
}

static void looks_at_no_more_names_than_it_says(void **state)
{
    (void)state;
    char names[512];
    struct text text;
    text_begin(&text, names, sizeof names);
    text_add_string(&text, "h=");
    for (size_t i = 6; i < DKIM_NAMES_MAX; i++)
        text_add_string(&text, "x:");
    text_add_string(&text, "from");
    assert_int_equal(judge_with("h=from", names), DKIM_VERDICT_FAIL_SIGNATURE);
    text_add_string(&text, ":x");
    assert_int_equal(judge_with("h=from", names), DKIM_VERDICT_UNSUPPORTED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(verifies_every_form_of_header_and_body, new_zone),
        cmocka_unit_test_setup(agrees_with_another_verifier_about_changed_mails, new_zone),
        cmocka_unit_test_setup(makes_the_forms_of_rfc_6376, new_zone),
        cmocka_unit_test_setup(ends_an_empty_body_only_where_it_is_simple, new_zone),
        cmocka_unit_test_setup(leaves_out_the_signature_wherever_it_stands, new_zone),
        cmocka_unit_test_setup(verifies_a_mail_whose_lines_end_in_lf, new_zone),
        cmocka_unit_test_setup(tells_a_changed_body_from_a_changed_header, new_zone),
        cmocka_unit_test_setup(lets_more_follow_only_where_the_signature_has_a_length, new_zone),
        cmocka_unit_test_setup(takes_fields_of_one_name_from_below, new_zone),
        cmocka_unit_test_setup(judges_each_signature_by_itself, new_zone),
        cmocka_unit_test_setup(judges_four_of_five_signatures_and_counts_all, new_zone),
        cmocka_unit_test_setup(finds_nothing_to_judge_in_an_unsigned_mail, new_zone),
        cmocka_unit_test_setup(does_not_judge_the_body_of_a_mail_that_is_cut, new_zone),
        cmocka_unit_test_setup(takes_a_key_without_its_envelope, new_zone),
        cmocka_unit_test_setup(refuses_keys_below_1024_bits, new_zone),
        cmocka_unit_test_setup(fails_with_the_key_of_somebody_else, new_zone),
        cmocka_unit_test_setup(names_what_is_wrong_with_a_key, new_zone),
        cmocka_unit_test_setup(reads_the_flags_of_a_key, new_zone),
        cmocka_unit_test_setup(looks_for_a_good_key_among_several_records, new_zone),
        cmocka_unit_test_setup(knows_nothing_where_the_dns_says_nothing, new_zone),
        cmocka_unit_test_setup(waits_for_a_key_that_is_on_its_way, new_zone),
        cmocka_unit_test_setup(makes_a_name_that_just_fits, new_zone),
        cmocka_unit_test_setup(recognises_what_it_cannot_or_may_not_verify, new_zone),
        cmocka_unit_test_setup(refuses_fields_that_break_the_syntax, new_zone),
        cmocka_unit_test_setup(lets_a_signature_expire_by_a_clock_that_is_set, new_zone),
        cmocka_unit_test_setup(looks_at_no_more_names_than_it_says, new_zone),
    };
    return cmocka_run_group_tests(tests, make_mails, remove_mails);
}
