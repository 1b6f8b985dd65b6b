/* SPDX-License-Identifier: MIT */
/* The header of a delivered mail. */
#include "../../agent/witness.h"
#include "../../agent/stamp.h"

#include "target.h"

#define NOON_MS INT64_C(1795435200000)

static struct slice mail;

static bool is_of_mail(struct slice part)
{
    return within(part, mail.at, mail.len);
}

static void check_hop(const struct witness *witness, const struct witness_hop *hop)
{
    HOLDS(is_of_mail(hop->from) && is_of_mail(hop->by) && is_of_mail(hop->with));
    HOLDS(hop->took_s >= -1 && (hop->took_s < 0 || (hop->dated && !hop->skewed)));
    HOLDS(hop->skewed ? hop->dated && hop->skew_s != 0 : hop->skew_s == 0);
    if (witness_slowest(witness) != NULL)
        HOLDS(witness_slowest(witness)->took_s >= hop->took_s);
}

static void check(const char *authserv, int64_t sent_ms, int64_t seen_ms)
{
    const struct witness_question question = { mail, authserv, sent_ms, seen_ms };
    struct witness witness;
    witness_read(&question, &witness);
    HOLDS(is_of_mail(witness.authserv));
    HOLDS(witness.hop_count <= WITNESS_HOPS_MAX && witness.result_count <= WITNESS_RESULTS_MAX);
    for (size_t i = 0; i < witness.hop_count; i++)
        check_hop(&witness, &witness.hops[i]);
    for (size_t i = 0; i < witness.result_count; i++) {
        const struct witness_result *result = &witness.results[i];
        HOLDS(is_of_mail(result->domain) && is_of_mail(result->selector));
        HOLDS(is_of_mail(result->said));
    }
    HOLDS(witness.arc_sets <= 50 && (witness.arc_sets > 0 || !witness.arc_whole));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *copy = malloc(size > 0 ? size : 1);
    int64_t wall_ms = -1;
    HOLDS(copy != NULL);
    memcpy(copy, data, size);
    mail = (struct slice){ copy, size };
    if (stamp_read_mail(mail, &wall_ms))
        HOLDS(wall_ms >= 0);
    check(NULL, 0, 0);
    check("mx.example.com", NOON_MS, NOON_MS + 60000);
    free(copy);
    return 0;
}
