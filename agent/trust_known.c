/* SPDX-License-Identifier: MIT */
#include "trust_known.h"

#include "digest.h"

#include <assert.h>
#include <string.h>

static_assert(TRUST_DIGEST == DIGEST_SIZE, "it is a SHA-256");

struct matter {
    const mbedtls_x509_crt *chain, *roots;
    const char *host;
};

/* Each certificate tells its own length (DER), so that none runs into the next; an empty one, of an
   empty list, has none. */
static void add_all(struct digest *digest, const mbedtls_x509_crt *list)
{
    for (; list != NULL; list = list->next)
        digest_add(digest, (struct slice){ (const char *)list->raw.p, list->raw.len });
}

static void fill(struct digest *digest, const void *what)
{
    const struct matter *matter = what;
    digest_add(digest, (struct slice){ matter->host, strlen(matter->host) + 1 });
    add_all(digest, matter->chain);
    digest_add(digest, SLICE("roots"));
    add_all(digest, matter->roots);
}

bool trust_known_print(const mbedtls_x509_crt *chain, const mbedtls_x509_crt *roots,
                       const char *host, uint8_t into_digest[TRUST_DIGEST])
{
    const struct matter matter = { .chain = chain, .roots = roots, .host = host };
    return digest_hash(fill, &matter, into_digest);
}

static const struct trust_seen *with_digest(const struct trust_known *known,
                                            const uint8_t digest[TRUST_DIGEST])
{
    for (size_t i = 0; i < known->count; i++)
        if (memcmp(known->chains[i].digest, digest, TRUST_DIGEST) == 0)
            return &known->chains[i];
    return NULL;
}

const struct trust_seen *trust_known_find(const struct trust_known *known,
                                          const uint8_t digest[TRUST_DIGEST], int64_t now_ms)
{
    const struct trust_seen *seen = with_digest(known, digest);
    return seen != NULL && now_ms >= seen->judged_ms && now_ms < seen->not_after_ms ? seen : NULL;
}

void trust_known_keep(struct trust_known *known, const struct trust_seen *seen)
{
    struct trust_seen *place = (struct trust_seen *)with_digest(known, seen->digest);
    if (place == NULL) {
        place = &known->chains[known->next];
        known->next = (known->next + 1) % TRUST_KNOWN_MAX;
        known->count += known->count < TRUST_KNOWN_MAX ? 1 : 0;
    }
    *place = *seen;
}
