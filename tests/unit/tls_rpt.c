/* SPDX-License-Identifier: MIT */
/* Sections are of RFC 8460. */
#include "tls_rpt.h"

#include "zone.h"

static struct tls_rpt find(const char *domain)
{
    struct tls_rpt found;
    RUN(tls_rpt_find, domain, &found);
    return found;
}

/* The examples of section 3.1. */
static void finds_addresses_of_both_kinds(void **state)
{
    (void)state;
    zone_text("_smtp._tls.example.com", "v=TLSRPTv1;rua=mailto:reports@example.com");
    zone_text("_smtp._tls.example.net", "v=TLSRPTv1; rua=https://reporting.example.com/v1/tlsrpt");
    const struct tls_rpt mail = find("example.com"), web = find("example.net");
    assert_int_equal(mail.found, POLICY_RECORD_ONE);
    assert_int_equal(mail.rua_count, 1);
    assert_slice(mail.rua, "mailto:reports@example.com");
    assert_int_equal(mail.bad_uri.len, 0);
    assert_int_equal(web.rua_count, 1);
}

static void tells_an_address_that_gets_no_report(void **state)
{
    (void)state;
    const struct {
        const char *text;
        size_t count;
        const char *bad;
    } cases[] = {
        { "v=TLSRPTv1; rua=mailto:a@example.com, https://b.example/c", 2, "" },
        { "v=TLSRPTv1; rua=a@example.com", 0, "a@example.com" },
        { "v=TLSRPTv1; rua=mailto:a@example.com,http://b.example/", 1, "http://b.example/" },
        { "v=TLSRPTv1; rua=https://", 0, "https://" },
        { "v=TLSRPTv1; rua=https://b.example:8443/c", 1, "" },
        { "v=TLSRPTv1; rua=mailto:", 0, "mailto:" },
        { "v=TLSRPTv1;", 0, "" },
        { "v=TLSRPTv1; rua=", 0, "" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        (void)zone_set_up(NULL);
        zone_text("_smtp._tls.example.com", cases[i].text);
        const struct tls_rpt found = find("example.com");
        assert_int_equal(found.found, POLICY_RECORD_ONE);
        assert_int_equal(found.rua_count, cases[i].count);
        assert_slice(found.bad_uri, cases[i].bad);
    }
}

/* Section 3: what does not begin with the version is discarded; several are as none. */
static void takes_only_the_one_record_of_its_version(void **state)
{
    (void)state;
    zone_text("_smtp._tls.example.com", "v=TLSRPTv2; rua=mailto:a@example.com");
    assert_int_equal(find("example.com").found, POLICY_RECORD_NONE);
    zone_text("_smtp._tls.example.net", "v=TLSRPTv1; rua=mailto:a@example.com");
    zone_text("_smtp._tls.example.net", "v=TLSRPTv1; rua=mailto:b@example.com");
    const struct tls_rpt several = find("example.net");
    assert_int_equal(several.found, POLICY_RECORD_SEVERAL);
    assert_int_equal(several.rua_count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(finds_addresses_of_both_kinds),
        TEST(tells_an_address_that_gets_no_report),
        TEST(takes_only_the_one_record_of_its_version),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
