/* SPDX-License-Identifier: MIT */
/* Fingerprints that cost nothing, and a bundle of roots that can always be read: what a certificate
   comes to is said by the transcript. */
#include "../../agent/digest.h"
#include "../../agent/trust.h"

#include <mbedtls/sha256.h>

#include <string.h>

static void mix(uint64_t *state, struct slice bytes)
{
    for (size_t i = 0; i < bytes.len; i++)
        *state = (*state ^ (uint8_t)bytes.at[i]) * UINT64_C(0x100000001b3);
    *state = (*state ^ bytes.len) * UINT64_C(0x100000001b3);
}

bool digest_mac(struct slice key, struct slice message, uint8_t into[DIGEST_SIZE])
{
    uint64_t state = UINT64_C(0xcbf29ce484222325);
    mix(&state, key);
    mix(&state, message);
    for (size_t i = 0; i < DIGEST_SIZE; i++) {
        state = state * UINT64_C(6364136223846793005) + 1442695040888963407u;
        into[i] = (uint8_t)(state >> 56);
    }
    return true;
}

bool digest_slow(struct slice secret, struct slice salt, unsigned rounds, uint8_t into[DIGEST_SIZE])
{
    return rounds > 0 && digest_mac(secret, salt, into);
}

struct digest {
    mbedtls_sha256_context context;
};

void digest_add(struct digest *digest, struct slice piece)
{
    static const unsigned char nothing;
    const unsigned char *bytes = piece.len > 0 ? (const unsigned char *)piece.at : &nothing;
    (void)mbedtls_sha256_update(&digest->context, bytes,
                                piece.len); /* in software it cannot fail */
}

/* The real one: signed mails stand in transcripts. */
bool digest_hash(digest_fill_fn *fill, const void *what, uint8_t into[DIGEST_SIZE])
{
    struct digest digest;
    mbedtls_sha256_init(&digest.context);
    bool good = mbedtls_sha256_starts(&digest.context, 0) == 0;
    if (good)
        fill(&digest, what);
    good = good && mbedtls_sha256_finish(&digest.context, into) == 0;
    mbedtls_sha256_free(&digest.context);
    return good;
}

static uint32_t rotated(uint32_t word, unsigned bits)
{
    return word << bits | word >> (32 - bits);
}

/* RFC 3174 section 6.1: one block. */
static void sha1_block(uint32_t state[5], const uint8_t block[64])
{
    static const uint32_t constants[4] = { 0x5A827999, 0x6ED9EBA1, 0x8F1BBCDC, 0xCA62C1D6 };
    uint32_t words[80], a = state[0], b = state[1], c = state[2], d = state[3], e = state[4];
    for (size_t i = 0; i < 16; i++)
        words[i] = (uint32_t)block[4 * i] << 24 | (uint32_t)block[4 * i + 1] << 16 |
                   (uint32_t)block[4 * i + 2] << 8 | block[4 * i + 3];
    for (size_t i = 16; i < 80; i++)
        words[i] = rotated(words[i - 3] ^ words[i - 8] ^ words[i - 14] ^ words[i - 16], 1);
    for (size_t i = 0; i < 80; i++) {
        uint32_t choice = (b & c) | (~b & d), parity = b ^ c ^ d;
        uint32_t majority = (b & c) | (b & d) | (c & d);
        uint32_t mixed = i < 20 ? choice : i >= 40 && i < 60 ? majority : parity;
        uint32_t next = rotated(a, 5) + mixed + e + words[i] + constants[i / 20];
        e = d;
        d = c;
        c = rotated(b, 30);
        b = a;
        a = next;
    }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
    state[4] += e;
}

/* The real one: signatures stand in transcripts. */
bool digest_sha1(struct slice message, uint8_t into[DIGEST_SHA1_SIZE])
{
    uint32_t state[5] = { 0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0 };
    size_t blocks = (message.len + 8) / 64 + 1;
    for (size_t block = 0; block < blocks; block++) {
        uint8_t bytes[64] = { 0 };
        for (size_t i = 0; i < 64 && block * 64 + i <= message.len; i++)
            bytes[i] = block * 64 + i < message.len ? (uint8_t)message.at[block * 64 + i] : 0x80;
        for (size_t i = 0; i < 8 && block == blocks - 1; i++)
            bytes[63 - i] = (uint8_t)((uint64_t)message.len * 8 >> (8 * i));
        sha1_block(state, bytes);
    }
    for (size_t i = 0; i < DIGEST_SHA1_SIZE; i++)
        into[i] = (uint8_t)(state[i / 4] >> (24 - 8 * (i % 4)));
    return true;
}

bool digest_equal(const uint8_t a[DIGEST_SIZE], const uint8_t b[DIGEST_SIZE])
{
    return memcmp(a, b, DIGEST_SIZE) == 0;
}

bool trust_begin(struct trust *trust, const char *bundle)
{
    memset(trust, 0, sizeof *trust);
    trust->bundle = bundle;
    trust->count = 1;
    return true;
}
