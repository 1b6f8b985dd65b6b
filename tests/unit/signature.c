/* SPDX-License-Identifier: MIT */
/* Signatures and keys made by OpenSSL. */
#include "signature.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ROOM (SIGNATURE_KEY_MAX + 1)

static char directory[] = "/tmp/gatepost-signature-XXXXXX";

static int make_keys(void **state)
{
    (void)state;
    char command[1024];
    if (mkdtemp(directory) == NULL)
        return -1;
    (void)snprintf(
        command, sizeof command,
        "cd %s && printf 'a message' >message && for bits in 512 1024 2048; do\n"
        "openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:$bits -out $bits.key &&\n"
        "openssl pkey -in $bits.key -pubout -outform DER -out $bits.spki &&\n"
        "openssl rsa -in $bits.key -RSAPublicKey_out -outform DER -out $bits.bare 2>log &&\n"
        "openssl dgst -sha256 -sign $bits.key -out $bits.signature message || exit 1\n"
        "done && openssl dgst -sha1 -sign 2048.key -out sha1.signature message &&\n"
        "openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out ec.key &&\n"
        "openssl pkey -in ec.key -pubout -outform DER -out ec.spki",
        directory);
    return system(command);
}

static int remove_keys(void **state)
{
    (void)state;
    char command[64];
    (void)snprintf(command, sizeof command, "rm -r %s", directory);
    return system(command);
}

static struct slice read_file(const char *name, char into[ROOM])
{
    char path[128];
    (void)snprintf(path, sizeof path, "%s/%s", directory, name);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t len = fread(into, 1, ROOM, file);
    assert_int_equal(fclose(file), 0);
    return (struct slice){ into, len };
}

static void fill_message(struct digest *digest, const void *what)
{
    (void)what;
    digest_add(digest, SLICE("a mes"));
    digest_add(digest, SLICE(""));
    digest_add(digest, SLICE("sage"));
}

static enum signature_result verify(const char *key, const char *signature)
{
    char key_bytes[ROOM], signature_bytes[ROOM];
    uint8_t hash[DIGEST_SIZE];
    assert_true(digest_hash(fill_message, NULL, hash));
    return signature_verify(read_file(key, key_bytes), hash, read_file(signature, signature_bytes));
}

static void tells_how_many_bits_a_key_has(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        unsigned bits;
    } cases[] = { { "512.spki", 512 },   { "512.bare", 512 },   { "1024.spki", 1024 },
                  { "1024.bare", 1024 }, { "2048.spki", 2048 }, { "2048.bare", 2048 } };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char bytes[ROOM];
        unsigned bits = 0;
        assert_int_equal(signature_key_bits(read_file(cases[i].name, bytes), &bits),
                         SIGNATURE_GOOD);
        assert_int_equal(bits, cases[i].bits);
    }
}

static void takes_only_keys_of_rsa(void **state)
{
    (void)state;
    char bytes[ROOM];
    unsigned bits = 7;
    struct slice key = read_file("2048.spki", bytes);
    const struct slice cut = { key.at, key.len - 1 };
    assert_int_equal(signature_key_bits(cut, &bits), SIGNATURE_NO_KEY);
    assert_int_equal(signature_key_bits(SLICE(""), &bits), SIGNATURE_NO_KEY);
    assert_int_equal(signature_key_bits(SLICE("no key"), &bits), SIGNATURE_NO_KEY);
    memset(bytes, 0x30, sizeof bytes);
    assert_int_equal(signature_key_bits((struct slice){ bytes, ROOM }, &bits), SIGNATURE_NO_KEY);
    assert_int_equal(signature_key_bits(read_file("ec.spki", bytes), &bits), SIGNATURE_NO_KEY);
    assert_int_equal(verify("ec.spki", "2048.signature"), SIGNATURE_NO_KEY);
    assert_int_equal(bits, 7);
}

static void verifies_the_owner_and_nobody_else(void **state)
{
    (void)state;
    assert_int_equal(verify("512.spki", "512.signature"), SIGNATURE_GOOD);
    assert_int_equal(verify("1024.bare", "1024.signature"), SIGNATURE_GOOD);
    assert_int_equal(verify("2048.spki", "2048.signature"), SIGNATURE_GOOD);
    assert_int_equal(verify("2048.spki", "1024.signature"), SIGNATURE_WRONG);
    assert_int_equal(verify("1024.spki", "2048.signature"), SIGNATURE_WRONG);
    assert_int_equal(verify("2048.spki", "sha1.signature"), SIGNATURE_WRONG);
}

static void refuses_a_signature_with_any_bit_changed(void **state)
{
    (void)state;
    char key_bytes[ROOM], bytes[ROOM];
    uint8_t hash[DIGEST_SIZE];
    struct slice key = read_file("1024.spki", key_bytes);
    struct slice signature = read_file("1024.signature", bytes);
    assert_true(digest_hash(fill_message, NULL, hash));
    for (size_t bit = 0; bit < 8 * signature.len; bit += 7) {
        bytes[bit / 8] = (char)(bytes[bit / 8] ^ 1 << bit % 8);
        assert_int_equal(signature_verify(key, hash, signature), SIGNATURE_WRONG);
        bytes[bit / 8] = (char)(bytes[bit / 8] ^ 1 << bit % 8);
    }
    assert_int_equal(signature_verify(key, hash, signature), SIGNATURE_GOOD);
    signature.len--;
    assert_int_equal(signature_verify(key, hash, signature), SIGNATURE_WRONG);
    assert_int_equal(signature_verify(key, hash, SLICE("")), SIGNATURE_WRONG);
    memset(bytes, 0xff, 128); /* not below the modulus */
    signature.len = 128;
    assert_int_equal(signature_verify(key, hash, signature), SIGNATURE_WRONG);
    hash[0] ^= 1;
    assert_int_equal(signature_verify(key, hash, read_file("1024.signature", bytes)),
                     SIGNATURE_WRONG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_how_many_bits_a_key_has),
        cmocka_unit_test(takes_only_keys_of_rsa),
        cmocka_unit_test(verifies_the_owner_and_nobody_else),
        cmocka_unit_test(refuses_a_signature_with_any_bit_changed),
    };
    return cmocka_run_group_tests(tests, make_keys, remove_keys);
}
