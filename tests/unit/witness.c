/* SPDX-License-Identifier: MIT */
#include "witness.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define NOON_MS INT64_C(1795435200000) /* Mon, 23 Nov 2026 12:00:00 +0000 */

static struct witness witness;

static void read_all(const char *header, const char *authserv, int64_t sent_ms, int64_t seen_ms)
{
    const struct witness_question question = {
        .mail = slice_of(header), .authserv = authserv, .sent_ms = sent_ms, .seen_ms = seen_ms
    };
    witness_read(&question, &witness);
}

static void read_header(const char *header)
{
    read_all(header, NULL, 0, 0);
}

static void assert_slice(struct slice slice, const char *expected)
{
    char text[256];
    text_put(text, sizeof text, slice);
    assert_string_equal(text, expected);
}

static void assert_result(size_t i, enum witness_method method, enum witness_verdict verdict,
                          const char *domain)
{
    assert_true(i < witness.result_count);
    assert_string_equal(witness_method_name(witness.results[i].method),
                        witness_method_name(method));
    assert_string_equal(witness_verdict_name(witness.results[i].verdict),
                        witness_verdict_name(verdict));
    assert_slice(witness.results[i].domain, domain);
}

/* ---- results ---- */

static void reads_results_with_comments_folds_quotes_and_versions(void **state)
{
    (void)state;
    read_header("Authentication-Results: mx.example.com (ours; really) 1;\r\n"
                "\tspf = pass (a \"comment\"; with (more) in it) reason=\"good; \\\"yes\\\"\"\r\n"
                " smtp.mailfrom=anna@sender.example smtp.helo=out.sender.example;\r\n"
                " dkim/1=pass header.i=@mail.sender.example header.s=s1 header.d=sender.example\r\n"
                "  header.b=AbC/dE+=;dkim=fail (body hash) header.i=@other.example;\r\n"
                " DMARC=SoftFail header.from=<anna@sender.example>; arc=none;\r\n"
                " iprev=pass policy.iprev=192.0.2.1; auth=pass (plain) smtp.auth=anna\r\n"
                "\r\n");
    assert_true(witness.judged);
    assert_slice(witness.authserv, "mx.example.com");
    assert_int_equal(witness.result_count, 5);
    assert_result(0, WITNESS_SPF, WITNESS_PASS, "sender.example");
    assert_result(1, WITNESS_DKIM, WITNESS_PASS, "sender.example");
    assert_slice(witness.results[1].selector, "s1");
    assert_result(2, WITNESS_DKIM, WITNESS_FAIL, "other.example");
    assert_result(3, WITNESS_DMARC, WITNESS_SOFTFAIL, "sender.example");
    assert_result(4, WITNESS_ARC, WITNESS_NONE, "");
    assert_slice(witness.results[2].said, "dkim=fail (body hash) header.i=@other.example");
}

/* Exchange Online writes no authserv-id, and properties without a type. */
static void reads_the_results_of_exchange_online(void **state)
{
    (void)state;
    read_header("Authentication-Results: spf=fail (sender IP is 192.0.2.1)\r\n"
                " smtp.mailfrom=sender.example; dkim=none (message not signed)\r\n"
                " header.d=none;dmarc=fail action=oreject\r\n"
                " header.from=sender.example;compauth=fail reason=000\r\n\r\n");
    assert_true(witness.judged);
    assert_int_equal(witness.authserv.len, 0);
    assert_int_equal(witness.result_count, 3);
    assert_result(0, WITNESS_SPF, WITNESS_FAIL, "sender.example");
    assert_result(1, WITNESS_DKIM, WITNESS_NONE, "none");
    assert_result(2, WITNESS_DMARC, WITNESS_FAIL, "sender.example");
}

static void knows_every_verdict_of_the_standard(void **state)
{
    (void)state;
    static const char *const words[] = { "none",    "pass",   "fail",      "softfail",
                                         "neutral", "policy", "temperror", "permerror" };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        char header[128];
        (void)snprintf(header, sizeof header, "Authentication-Results: a; spf=%s\r\n", words[i]);
        read_header(header);
        assert_int_equal(witness.result_count, 1);
        assert_string_equal(witness_verdict_name(witness.results[0].verdict), words[i]);
    }
    read_header("Authentication-Results: a; spf=hardfail; dmarc=bestguesspass\r\n");
    assert_result(0, WITNESS_SPF, WITNESS_FAIL, "");
    assert_result(1, WITNESS_DMARC, WITNESS_OTHER, "");
}

static void takes_a_field_without_results_for_a_judgement(void **state)
{
    (void)state;
    read_header("Authentication-Results: mx.example.com 1; none\r\n\r\n");
    assert_true(witness.judged);
    assert_int_equal(witness.result_count, 0);
    read_header("Subject: nothing\r\n\r\nAuthentication-Results: mx.example.com; spf=pass\r\n");
    assert_false(witness.judged);
}

static void believes_all_fields_of_the_topmost_server_and_no_other(void **state)
{
    (void)state;
    const char *const header = "Authentication-Results: mx.example.com; dmarc=pass\r\n"
                               "Authentication-Results: MX.example.com; dkim=pass\r\n"
                               "Authentication-Results: list.example.com; dkim=fail\r\n\r\n";
    read_header(header);
    assert_int_equal(witness.result_count, 2);
    assert_result(0, WITNESS_DMARC, WITNESS_PASS, "");
    assert_result(1, WITNESS_DKIM, WITNESS_PASS, "");
    read_all(header, "list.example.com", 0, 0);
    assert_int_equal(witness.result_count, 1);
    assert_result(0, WITNESS_DKIM, WITNESS_FAIL, "");
    read_all(header, "elsewhere.example", 0, 0);
    assert_false(witness.judged);
}

/* The way of a mail at OVH: names inside first, then those of the provider, then the sender's. */
static void believes_nothing_from_below_the_first_foreign_server(void **state)
{
    (void)state;
    read_header(
        "Received: from CAS1.emp2.local (10.1.1.1) by DAG1.emp2.local (10.1.1.2) with\r\n"
        " Microsoft SMTP Server (version=TLS1_2, cipher=X) id 15.1.2507.61;\r\n"
        " Mon, 23 Nov 2026 13:00:09 +0100\r\n"
        "Received: from vr1.mail.ovh.net (192.0.2.8) by CAS1.emp2.local with ESMTP; Mon, 23 "
        "Nov 2026 13:00:08 +0100\r\n"
        "Authentication-Results: in18.mail.ovh.net; dkim=pass header.d=sender.example\r\n"
        "Received-SPF: Pass (mailfrom) identity=mailfrom; client-ip=192.0.2.1;\r\n"
        " helo=out.sender.example; envelope-from=anna@sender.example; receiver=b@c.example\r\n"
        "Received: from out.sender.example (192.0.2.1) by in18.mail.ovh.net (Postfix) with\r\n"
        " ESMTPS id 4B; Mon, 23 Nov 2026 12:00:05 +0000 (UTC)\r\n"
        "Received: from desk (unknown [10.0.0.2]) by out.sender.example; 23 Nov 2026 12:00 GMT\r\n"
        "Authentication-Results: in18.mail.ovh.net; dkim=fail header.d=forged.example\r\n"
        "Received-SPF: Fail\r\n\r\n");
    assert_slice(witness.authserv, "in18.mail.ovh.net");
    assert_int_equal(witness.result_count, 2);
    assert_result(0, WITNESS_DKIM, WITNESS_PASS, "sender.example");
    assert_result(1, WITNESS_SPF, WITNESS_PASS, "sender.example");
    assert_int_equal(witness.hop_count, 4);
    assert_slice(witness.hops[0].with, "Microsoft SMTP Server");
    assert_int_equal(witness.hops[0].tls, WITNESS_TLS_USED);
    assert_int_equal(witness.hops[1].tls, WITNESS_TLS_NONE);
    assert_int_equal(witness.hops[2].tls, WITNESS_TLS_USED);
    assert_slice(witness.hops[2].from, "out.sender.example");
    assert_slice(witness.hops[2].by, "in18.mail.ovh.net");
    assert_int_equal(witness.hops[3].tls, WITNESS_TLS_UNTOLD);
    assert_true(witness.hops[3].wall_ms == NOON_MS);
    assert_true(witness.hops[0].wall_ms == NOON_MS + 9000);
}

static void believes_received_spf_only_where_there_is_nothing_better(void **state)
{
    (void)state;
    read_header("Received-SPF: SoftFail (x) identity=mailfrom; envelope-from=\"a@b.example\"\r\n"
                "Received-SPF: Fail\r\n\r\n");
    assert_int_equal(witness.result_count, 1);
    assert_result(0, WITNESS_SPF, WITNESS_SOFTFAIL, "b.example");
    assert_false(witness.judged);
    read_header("Received-SPF: Pass\r\nAuthentication-Results: a; spf=none\r\n\r\n");
    assert_int_equal(witness.result_count, 1);
    assert_result(0, WITNESS_SPF, WITNESS_NONE, "");
}

static void knows_an_organisation_by_its_last_labels(void **state)
{
    (void)state;
    static const struct {
        const char *top, *below;
        bool same;
    } cases[] = {
        { "a.mail.example.com", "b.example.com", true },
        { "a.example.com", "b.other.com", false },
        { "a.example.co.uk", "b.mail.example.co.uk", true },
        { "a.example.co.uk", "b.other.co.uk", false },
        { "example.com", "EXAMPLE.com", true },
        { "a.example.com", "localhost", true },
        { "a.example.com", "[192.0.2.1]", true },
        { "a.example.com", "2001:db8::1", true },
        { "a.example.com", "10.0.0.1", true },
        { "host.lan", "a.example.com", true },
        { "ovh.fr", "mx.ovh.fr", true },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char header[256];
        (void)snprintf(header, sizeof header,
                       "Received: by %s; x\r\nReceived: by %s; x\r\n"
                       "Authentication-Results: a; spf=pass\r\n",
                       cases[i].top, cases[i].below);
        read_header(header);
        if (witness.judged != cases[i].same)
            fail_msg("%s above %s", cases[i].top, cases[i].below);
    }
}

static void prefers_a_pass_when_a_method_was_judged_more_than_once(void **state)
{
    (void)state;
    read_header("Authentication-Results: a; dkim=fail header.d=one.example;\r\n"
                " dkim=pass header.d=two.example; dkim=pass header.d=three.example\r\n\r\n");
    assert_slice(witness_find(&witness, WITNESS_DKIM)->domain, "two.example");
    assert_null(witness_find(&witness, WITNESS_SPF));
}

static void keeps_sixteen_results_and_says_that_there_were_more(void **state)
{
    (void)state;
    char header[1024];
    struct text text;
    text_begin(&text, header, sizeof header);
    text_add_string(&text, "Authentication-Results: a");
    for (size_t i = 0; i < WITNESS_RESULTS_MAX; i++)
        text_add_string(&text, "; dkim=pass");
    read_header(header);
    assert_int_equal(witness.result_count, WITNESS_RESULTS_MAX);
    assert_false(witness.cut);
    text_add_string(&text, "; dkim=pass");
    read_header(header);
    assert_int_equal(witness.result_count, WITNESS_RESULTS_MAX);
    assert_true(witness.cut);
}

/* ---- ARC ---- */

#define ARC_SET(i, cv)                                                                             \
    "ARC-Seal: i=" i "; a=rsa-sha256; cv=" cv "; d=a.example; s=s; b=AAAA\r\n"                     \
    "ARC-Message-Signature: i=" i "; a=rsa-sha256; d=a.example; s=s; h=from; bh=AA==; b=AA==\r\n"  \
    "ARC-Authentication-Results: i=" i "; mx.a.example; spf=pass\r\n"

static void counts_the_sets_of_arc_and_reads_the_last_verdict(void **state)
{
    (void)state;
    read_header(ARC_SET("2", "pass") ARC_SET("1", "none") "\r\n");
    assert_int_equal(witness.arc_sets, 2);
    assert_true(witness.arc_whole);
    assert_int_equal(witness.arc_chain, WITNESS_CHAIN_PASS);
    read_header(ARC_SET("1", "none") ARC_SET("2", "fail") "\r\n");
    assert_int_equal(witness.arc_chain, WITNESS_CHAIN_FAIL);
    read_header(ARC_SET("1", "none"));
    assert_int_equal(witness.arc_chain, WITNESS_CHAIN_NONE);
    assert_true(witness.arc_whole);
    read_header("Subject: none\r\n");
    assert_int_equal(witness.arc_sets, 0);
    assert_false(witness.arc_whole);
    assert_int_equal(witness.arc_chain, WITNESS_CHAIN_UNTOLD);
}

static void calls_a_chain_broken_that_lacks_a_field_or_has_one_twice(void **state)
{
    (void)state;
    read_header(ARC_SET("2", "pass") "\r\n");
    assert_false(witness.arc_whole);
    read_header("ARC-Seal: i=1; cv=none; b=AA==\r\n");
    assert_false(witness.arc_whole);
    assert_int_equal(witness.arc_sets, 1);
    read_header(ARC_SET("1", "none") ARC_SET("1", "none") ARC_SET("2", "pass"));
    assert_false(witness.arc_whole);
    read_header(ARC_SET("50", "pass"));
    assert_int_equal(witness.arc_sets, 50);
    read_header(ARC_SET("51", "pass"));
    assert_int_equal(witness.arc_sets, 0);
}

/* ---- hops ---- */

static void reads_the_clauses_of_servers_in_use(void **state)
{
    (void)state;
    static const struct {
        const char *value, *from, *by, *with;
        enum witness_tls tls;
    } cases[] = {
        { "from a.example (a.example [192.0.2.1]) (using TLSv1.3 with cipher TLS_AES_256)\r\n"
          "\t(No client certificate requested)\r\n\tby b.example (Postfix) with ESMTP id 4B for "
          "<x>;",
          "a.example", "b.example", "ESMTP", WITNESS_TLS_USED },
        { "by 2002:a05:6402::1 with SMTP id q1csp1;", "", "2002:a05:6402::1", "SMTP",
          WITNESS_TLS_NONE },
        { "from A.eurprd01.prod.outlook.com ([fe80::1]) by B.outlook.com ([fe80::2%3]) with mapi "
          "id "
          "15.20;",
          "A.eurprd01.prod.outlook.com", "B.outlook.com", "mapi", WITNESS_TLS_UNTOLD },
        { "from A (2603::1) by B.outlook.com with HTTPS via C.PROD.OUTLOOK.COM;", "A",
          "B.outlook.com", "HTTPS", WITNESS_TLS_USED },
        { "(qmail 123 invoked by uid 89);", "", "", "", WITNESS_TLS_UNTOLD },
        { "from by (by) by from with with;", "by", "from", "with", WITNESS_TLS_UNTOLD },
        { "by a.example with;", "", "a.example", "", WITNESS_TLS_UNTOLD },
        { "from [192.0.2.1] (port=1 helo=x) by c.example with esmtpsa (Exim 4.98)\r\n"
          " (envelope-from <a@b>) id 1a;",
          "[192.0.2.1]", "c.example", "esmtpsa", WITNESS_TLS_USED },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char header[512];
        (void)snprintf(header, sizeof header, "Received: %s Mon, 23 Nov 2026 12:00:00 GMT\r\n\r\n",
                       cases[i].value);
        read_header(header);
        assert_int_equal(witness.hop_count, 1);
        assert_slice(witness.hops[0].from, cases[i].from);
        assert_slice(witness.hops[0].by, cases[i].by);
        assert_slice(witness.hops[0].with, cases[i].with);
        assert_int_equal(witness.hops[0].tls, cases[i].tls);
        assert_true(witness.hops[0].wall_ms == NOON_MS);
    }
}

/* Hops in order of travel, given by seconds since noon; -1 for one without a date. */
static void travel(const int *seconds, size_t count, int64_t sent_ms, int64_t seen_ms)
{
    static char header[8192]; /* the slices that the tests look at are of it */
    struct text text;
    text_begin(&text, header, sizeof header);
    for (size_t i = count; i > 0; i--) {
        int s = seconds[i - 1];
        if (s < 0)
            text_add_format(&text, "Received: from h%d by h%d\r\n", (int)i - 1, (int)i);
        else
            text_add_format(&text,
                            "Received: from h%d by h%d; Mon, 23 Nov 2026 %02d:%02d:%02d +0000\r\n",
                            (int)i - 1, (int)i, 12 + s / 3600, s / 60 % 60, s % 60);
    }
    assert_false(text.overflow);
    read_all(header, NULL, sent_ms, seen_ms);
    assert_int_equal(witness.hop_count, count);
}

static void assert_hop(size_t number, int64_t took_s, int64_t skew_s)
{
    const struct witness_hop *hop = &witness.hops[witness.hop_count - number];
    if (hop->took_s != took_s || hop->skew_s != skew_s || hop->skewed != (skew_s != 0))
        fail_msg("hop %d took %d s and is wrong by %d s", (int)number, (int)hop->took_s,
                 (int)hop->skew_s);
}

static void measures_the_time_between_hops_and_names_the_slowest(void **state)
{
    (void)state;
    char name[8];
    travel((const int[]){ 1, 3, 63, 63 }, 4, 0, 0);
    assert_hop(1, -1, 0);
    assert_hop(2, 2, 0);
    assert_hop(3, 60, 0);
    assert_hop(4, 0, 0);
    text_put(name, sizeof name, witness_slowest(&witness)->from);
    assert_string_equal(name, "h2");
    travel((const int[]){ 1, 3, 3, 3 }, 4, NOON_MS - 9000, NOON_MS + 4000);
    assert_hop(1, 10, 0);
    text_put(name, sizeof name, witness_slowest(&witness)->by);
    assert_string_equal(name, "h1");
}

static void finds_the_hop_whose_clock_is_ahead_or_behind(void **state)
{
    (void)state;
    travel((const int[]){ 3600, 7200, 3605, 3606 }, 4, 0, 0);
    assert_hop(2, -1, 3595);
    assert_hop(3, 5, 0);
    assert_hop(4, 1, 0);
    travel((const int[]){ 3600, 60, 3605, 3606 }, 4, 0, 0);
    assert_hop(2, -1, -3540);
    assert_hop(3, 5, 0);
}

/* What is before or after all others can only be seen by our own clock. */
static void finds_a_wrong_clock_at_either_end_by_our_own_times(void **state)
{
    (void)state;
    travel((const int[]){ 0, 3600, 3601 }, 3, NOON_MS + 3599000, NOON_MS + 3602000);
    assert_hop(1, -1, -3599);
    assert_hop(2, 1, 0);
    travel((const int[]){ 3600, 3601, 7300 }, 3, NOON_MS + 3599000, NOON_MS + 3610000);
    assert_hop(3, -1, 3690);
}

static void believes_the_later_hop_where_two_contradict_each_other(void **state)
{
    (void)state;
    travel((const int[]){ 100, 50 }, 2, 0, 0);
    assert_hop(1, -1, 50);
    assert_hop(2, -1, 0);
    assert_null(witness_slowest(&witness));
}

static void forgives_two_seconds_and_no_more(void **state)
{
    (void)state;
    travel((const int[]){ 100, 98, 99 }, 3, 0, 0);
    assert_hop(1, -1, 0);
    assert_hop(2, 0, 0);
    assert_hop(3, 1, 0);
    travel((const int[]){ 100, 97, 99 }, 3, 0, 0);
    assert_hop(2, -1, -3);
    assert_hop(3, 0, 0);
}

static void passes_over_hops_without_a_date(void **state)
{
    (void)state;
    travel((const int[]){ 1, -1, 9 }, 3, 0, 0);
    assert_false(witness.hops[1].dated);
    assert_hop(2, -1, 0);
    assert_hop(3, 8, 0);
    travel(NULL, 0, NOON_MS, NOON_MS);
    assert_null(witness_slowest(&witness));
}

static void keeps_the_last_twenty_four_hops_and_says_that_there_were_more(void **state)
{
    (void)state;
    static const char line[] = "Received: from a by b; Mon, 23 Nov 2026 12:00:00 +0000\r\n";
    char header[sizeof line * (WITNESS_HOPS_MAX + 2)] = "Received: from top by b\r\n";
    for (size_t i = 1; i < WITNESS_HOPS_MAX; i++)
        memcpy(header + strlen(header), line, sizeof line);
    read_header(header);
    assert_int_equal(witness.hop_count, WITNESS_HOPS_MAX);
    assert_false(witness.cut);
    memcpy(header + strlen(header), line, sizeof line);
    read_header(header);
    assert_int_equal(witness.hop_count, WITNESS_HOPS_MAX);
    assert_true(witness.cut);
    assert_slice(witness.hops[0].from, "top");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_results_with_comments_folds_quotes_and_versions),
        cmocka_unit_test(reads_the_results_of_exchange_online),
        cmocka_unit_test(knows_every_verdict_of_the_standard),
        cmocka_unit_test(takes_a_field_without_results_for_a_judgement),
        cmocka_unit_test(believes_all_fields_of_the_topmost_server_and_no_other),
        cmocka_unit_test(believes_nothing_from_below_the_first_foreign_server),
        cmocka_unit_test(believes_received_spf_only_where_there_is_nothing_better),
        cmocka_unit_test(knows_an_organisation_by_its_last_labels),
        cmocka_unit_test(prefers_a_pass_when_a_method_was_judged_more_than_once),
        cmocka_unit_test(keeps_sixteen_results_and_says_that_there_were_more),
        cmocka_unit_test(counts_the_sets_of_arc_and_reads_the_last_verdict),
        cmocka_unit_test(calls_a_chain_broken_that_lacks_a_field_or_has_one_twice),
        cmocka_unit_test(reads_the_clauses_of_servers_in_use),
        cmocka_unit_test(measures_the_time_between_hops_and_names_the_slowest),
        cmocka_unit_test(finds_the_hop_whose_clock_is_ahead_or_behind),
        cmocka_unit_test(finds_a_wrong_clock_at_either_end_by_our_own_times),
        cmocka_unit_test(believes_the_later_hop_where_two_contradict_each_other),
        cmocka_unit_test(forgives_two_seconds_and_no_more),
        cmocka_unit_test(passes_over_hops_without_a_date),
        cmocka_unit_test(keeps_the_last_twenty_four_hops_and_says_that_there_were_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
