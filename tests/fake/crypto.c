/* SPDX-License-Identifier: MIT */
/* Fingerprints that cost nothing, and a bundle of roots that can always be read: what a certificate
   comes to is said by the transcript. */
#include "../../agent/digest.h"
#include "../../agent/trust.h"

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
