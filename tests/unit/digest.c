/* SPDX-License-Identifier: MIT */
#include "digest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define REPEATED_MAX 131

static struct slice repeated(char byte, size_t count)
{
    static char bytes[2][REPEATED_MAX];
    static size_t turn;
    char *into = bytes[turn++ % 2];
    assert_true(count <= REPEATED_MAX);
    memset(into, byte, count);
    return (struct slice){ into, count };
}

static void assert_hexadecimal(const uint8_t digest[DIGEST_SIZE], const char *expected)
{
    static const char digits[] = "0123456789abcdef";
    char text[2 * DIGEST_SIZE + 1] = "";
    for (size_t i = 0; i < DIGEST_SIZE; i++) {
        text[2 * i] = digits[digest[i] >> 4];
        text[2 * i + 1] = digits[digest[i] & 15];
    }
    assert_string_equal(text, expected);
}

static void assert_mac(struct slice key, struct slice message, const char *expected)
{
    uint8_t digest[DIGEST_SIZE];
    assert_true(digest_mac(key, message, digest));
    assert_hexadecimal(digest, expected);
}

/* RFC 4231 sections 4.2 to 4.4, 4.7 and 4.8 */
static void gives_the_macs_of_rfc_4231(void **state)
{
    (void)state;
    assert_mac(repeated('\x0b', 20), SLICE("Hi There"),
               "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    assert_mac(SLICE("Jefe"), SLICE("what do ya want for nothing?"),
               "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    assert_mac(repeated('\xaa', 20), repeated('\xdd', 50),
               "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
    assert_mac(repeated('\xaa', 131),
               SLICE("Test Using Larger Than Block-Size Key - Hash Key First"),
               "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
    assert_mac(repeated('\xaa', 131),
               SLICE("This is a test using a larger than block-size key and a larger than "
                     "block-size data. The key needs to be hashed before being used by the HMAC "
                     "algorithm."),
               "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2");
}

/* RFC 7914 section 11; the first 32 of 64 bytes are the first block in both */
static void gives_the_slow_digests_of_rfc_7914(void **state)
{
    (void)state;
    uint8_t digest[DIGEST_SIZE];
    assert_true(digest_slow(SLICE("passwd"), SLICE("salt"), 1, digest));
    assert_hexadecimal(digest, "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc");
    assert_true(digest_slow(SLICE("Password"), SLICE("NaCl"), 80000, digest));
    assert_hexadecimal(digest, "4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08876b34ab56");
}

/* RFC 8018 section 5.2, put together from MACs; a key of more than a block is hashed before. */
static void two_slow_rounds_are_two_macs_with_keys_of_up_to_a_block_and_beyond(void **state)
{
    (void)state;
    static const size_t sizes[] = { 1, 63, 64, 65, 131 };
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct slice key = repeated('k', sizes[i]);
        uint8_t first[DIGEST_SIZE], second[DIGEST_SIZE], digest[DIGEST_SIZE];
        assert_true(digest_mac(key, (struct slice){ "salt\0\0\0\1", 8 }, first));
        assert_true(digest_mac(key, (struct slice){ (const char *)first, sizeof first }, second));
        for (size_t at = 0; at < sizeof first; at++)
            first[at] ^= second[at];
        assert_true(digest_slow(key, SLICE("salt"), 2, digest));
        assert_true(digest_equal(digest, first));
    }
}

struct pieces {
    struct slice piece;
    size_t count;
};

static void fill_pieces(struct digest *digest, const void *what)
{
    const struct pieces *pieces = what;
    for (size_t i = 0; i < pieces->count; i++)
        digest_add(digest, pieces->piece);
}

static void assert_hash(struct slice piece, size_t count, const char *expected)
{
    const struct pieces pieces = { piece, count };
    uint8_t digest[DIGEST_SIZE];
    assert_true(digest_hash(fill_pieces, &pieces, digest));
    assert_hexadecimal(digest, expected);
}

/* FIPS 180-2 appendix B: "abc", the message of two blocks, a million letters; and of nothing */
static void gives_the_hashes_of_fips_180_piece_by_piece(void **state)
{
    (void)state;
    assert_hash(SLICE("abc"), 1,
                "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_hash(SLICE("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"), 1,
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    assert_hash(repeated('a', 100), 10000,
                "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    assert_hash((struct slice){ NULL, 0 }, 3,
                "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

static void takes_slices_without_an_address(void **state)
{
    (void)state;
    const struct slice none = { NULL, 0 };
    uint8_t of_none[DIGEST_SIZE], of_empty[DIGEST_SIZE];
    assert_true(digest_mac(none, none, of_none));
    assert_true(digest_mac(SLICE(""), SLICE(""), of_empty));
    assert_true(digest_equal(of_none, of_empty));
    assert_true(digest_slow(none, none, 2, of_none));
    assert_true(digest_slow(SLICE(""), SLICE(""), 2, of_empty));
    assert_true(digest_equal(of_none, of_empty));
}

static void refuses_no_rounds_and_leaves_the_room_alone(void **state)
{
    (void)state;
    uint8_t digest[DIGEST_SIZE], before[DIGEST_SIZE];
    memset(digest, 0x5a, sizeof digest);
    memcpy(before, digest, sizeof before);
    assert_false(digest_slow(SLICE("secret"), SLICE("salt"), 0, digest));
    assert_memory_equal(digest, before, sizeof digest);
}

static void tells_digests_apart_by_any_one_bit(void **state)
{
    (void)state;
    uint8_t a[DIGEST_SIZE], b[DIGEST_SIZE];
    memset(a, 0x5a, sizeof a);
    for (size_t bit = 0; bit < 8 * DIGEST_SIZE; bit++) {
        memcpy(b, a, sizeof b);
        assert_true(digest_equal(a, b));
        b[bit / 8] = (uint8_t)(b[bit / 8] ^ 1u << bit % 8);
        assert_false(digest_equal(a, b));
    }
}

/* RFC 3174 section 7.3, the first, the second and the last test */
static void gives_the_hashes_of_rfc_3174(void **state)
{
    (void)state;
    static char eighty[641];
    for (size_t i = 0; i < sizeof eighty - 1; i++)
        eighty[i] = (char)('0' + i % 8);
    static const struct {
        const char *message;
        const char *digest;
    } cases[] = {
        { "abc", "\xA9\x99\x3E\x36\x47\x06\x81\x6A\xBA\x3E\x25\x71\x78\x50\xC2\x6C"
                 "\x9C\xD0\xD8\x9D" },
        { "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
          "\x84\x98\x3E\x44\x1C\x3B\xD2\x6E\xBA\xAE\x4A\xA1\xF9\x51\x29\xE5\xE5\x46\x70\xF1" },
        { eighty, "\xDE\xA3\x56\xA2\xCD\xDD\x90\xC7\xA7\xEC\xED\xC5\xEB\xB5\x63\x93\x4F\x46\x04"
                  "\x52" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint8_t digest[DIGEST_SHA1_SIZE];
        assert_true(digest_sha1(slice_of(cases[i].message), digest));
        assert_memory_equal(digest, cases[i].digest, sizeof digest);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_the_macs_of_rfc_4231),
        cmocka_unit_test(gives_the_slow_digests_of_rfc_7914),
        cmocka_unit_test(two_slow_rounds_are_two_macs_with_keys_of_up_to_a_block_and_beyond),
        cmocka_unit_test(gives_the_hashes_of_fips_180_piece_by_piece),
        cmocka_unit_test(takes_slices_without_an_address),
        cmocka_unit_test(gives_the_hashes_of_rfc_3174),
        cmocka_unit_test(refuses_no_rounds_and_leaves_the_room_alone),
        cmocka_unit_test(tells_digests_apart_by_any_one_bit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
