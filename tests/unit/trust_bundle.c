/* SPDX-License-Identifier: MIT */
#include "trust.h"

#include "trust_bundle.h"

#define SYSTEM_BUNDLE "/etc/ssl/certs/ca-certificates.crt"
#define HEAP_MAX      150000 /* bytes that a verification may take for a moment */

static size_t openings_in(const char *path)
{
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    char line[256];
    size_t count = 0;
    while (fgets(line, sizeof line, file) != NULL)
        if (strcmp(line, "-----BEGIN CERTIFICATE-----\n") == 0)
            count++;
    (void)fclose(file);
    return count;
}

static void indexes_every_root_of_the_system(void **state)
{
    (void)state;
    assert_true(trust_begin(&trust, SYSTEM_BUNDLE));
    assert_true(trust.count > 100);
    assert_int_equal(trust.count, openings_in(SYSTEM_BUNDLE));

    mbedtls_x509_crt all;
    mbedtls_x509_crt_init(&all);
    assert_int_equal(parse_file(&all, SYSTEM_BUNDLE), 0);
    for (mbedtls_x509_crt *root = &all; root != NULL; root = root->next) {
        mbedtls_x509_crt alone;
        mbedtls_x509_crt_init(&alone);
        assert_int_equal(mbedtls_x509_crt_parse_der(&alone, root->raw.p, root->raw.len), 0);
        enum trust_verdict verdict = trust_judge(&trust, &alone, HOST, &certificate);
        assert_true(verdict == TRUST_NAME_MISMATCH || verdict == TRUST_EXPIRED);
        mbedtls_x509_crt_free(&alone);
    }
    mbedtls_x509_crt_free(&all);
}

static void takes_little_memory_beside_a_large_bundle(void **state)
{
    (void)state;
    FILE *into = fopen(bundle, "w");
    assert_non_null(into);
    append(into, SYSTEM_BUNDLE);
    append(into, path_of("root"));
    assert_int_equal(fclose(into), 0);
    size_t before = mallinfo2().uordblks;
    heap_peak = 0;
    assert_true(trust_begin(&trust, bundle));
    assert_int_equal(judge("good-chain"), TRUST_GOOD);
    assert_true(heap_peak < before + HEAP_MAX);
}

static void finds_a_root_wherever_the_reads_cut_it(void **state)
{
    (void)state;
    for (size_t before = 990; before < 1060; before++) {
        FILE *into = fopen(bundle, "w");
        assert_non_null(into);
        for (size_t i = 0; i < before; i++)
            (void)fputc('-', into);
        append(into, path_of("root"));
        assert_int_equal(fclose(into), 0);
        assert_true(trust_begin(&trust, bundle));
        assert_int_equal(trust.count, 1);
        assert_int_equal(trust.roots[0].offset, before);
        assert_int_equal(judge("good-chain"), TRUST_GOOD);
    }
}

static void steps_over_a_block_that_is_no_certificate(void **state)
{
    (void)state;
    FILE *into = fopen(bundle, "w");
    assert_non_null(into);
    (void)fputs("-----BEGIN CERTIFICATE-----\r\n?!\r\n-----END CERTIFICATE-----\r\n", into);
    (void)fputs("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n", into);
    (void)fputs("-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n", into);
    append(into, path_of("root"));
    (void)fputs("-----BEGIN CERTIFICATE-----", into);
    assert_int_equal(fclose(into), 0);
    assert_true(trust_begin(&trust, bundle));
    assert_int_equal(trust.count, 1);
    assert_int_equal(judge("good-chain"), TRUST_GOOD);
}

static void steps_over_a_root_larger_than_any(void **state)
{
    (void)state;
    FILE *into = fopen(bundle, "w");
    assert_non_null(into);
    (void)fputs("-----BEGIN CERTIFICATE-----\n", into);
    for (int i = 0; i < 100; i++)
        (void)fputs("MIIBMIIBMIIBMIIBMIIBMIIBMIIBMIIBMIIBMIIBMIIBMIIBMIIBMIIBMIIBMIIB\n", into);
    (void)fputs("-----END CERTIFICATE-----\n", into);
    append(into, path_of("root"));
    assert_int_equal(fclose(into), 0);
    assert_true(trust_begin(&trust, bundle));
    assert_int_equal(judge("good-chain"), TRUST_GOOD);
}

static void write_roots(size_t count)
{
    FILE *into = fopen(bundle, "w");
    assert_non_null(into);
    for (size_t i = 0; i < count; i++)
        append(into, path_of("stranger"));
    assert_int_equal(fclose(into), 0);
}

static void refuses_more_roots_than_it_has_room_for(void **state)
{
    (void)state;
    write_roots(TRUST_ROOTS_MAX);
    assert_true(trust_begin(&trust, bundle));
    assert_int_equal(trust.count, TRUST_ROOTS_MAX);
    write_roots(TRUST_ROOTS_MAX + 1);
    assert_false(trust_begin(&trust, bundle));
}

static void blames_a_missing_or_empty_bundle_on_this_device(void **state)
{
    (void)state;
    static const char missing[] = "/nowhere/roots.crt"; /* the trust keeps the path */
    assert_false(trust_begin(&trust, missing));
    assert_int_equal(judge("good-chain"), TRUST_BUNDLE_TROUBLE);
    write_roots(0);
    assert_false(trust_begin(&trust, bundle));
    assert_int_equal(judge("self"), TRUST_BUNDLE_TROUBLE);
    write_bundle("root", NULL);
    assert_int_equal(judge("good-chain"), TRUST_GOOD); /* the file has come meanwhile */
}

static void follows_an_update_of_the_bundle(void **state)
{
    (void)state;
    trust_only("stranger", NULL);
    assert_int_equal(judge("good-chain"), TRUST_UNKNOWN_ROOT);
    write_bundle("stranger", "root");
    assert_int_equal(judge("good-chain"), TRUST_GOOD);
    write_bundle("stranger", NULL);
    assert_int_equal(judge("good-chain"), TRUST_UNKNOWN_ROOT);
}

static void follows_an_update_that_keeps_the_size(void **state)
{
    (void)state;
    trust_only("root", "stranger");
    write_bundle("stranger", "root");
    assert_int_equal(judge("good-chain"), TRUST_GOOD);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(indexes_every_root_of_the_system, begin_each),
        cmocka_unit_test_setup(takes_little_memory_beside_a_large_bundle, begin_each),
        cmocka_unit_test_setup(finds_a_root_wherever_the_reads_cut_it, begin_each),
        cmocka_unit_test_setup(steps_over_a_block_that_is_no_certificate, begin_each),
        cmocka_unit_test_setup(steps_over_a_root_larger_than_any, begin_each),
        cmocka_unit_test_setup(refuses_more_roots_than_it_has_room_for, begin_each),
        cmocka_unit_test_setup(blames_a_missing_or_empty_bundle_on_this_device, begin_each),
        cmocka_unit_test_setup(follows_an_update_of_the_bundle, begin_each),
        cmocka_unit_test_setup(follows_an_update_that_keeps_the_size, begin_each),
    };
    return cmocka_run_group_tests(tests, begin_trust, finish_trust);
}
