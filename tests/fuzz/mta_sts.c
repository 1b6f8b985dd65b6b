/* SPDX-License-Identifier: MIT */
/* The MTA-STS policy that a web server sends. */
#include "../../agent/mta_sts.h"

#include "target.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct mta_sts_policy policy;
    char *copy = malloc(size > 0 ? size : 1), host[512];
    HOLDS(copy != NULL);
    memcpy(copy, data, size);
    mta_sts_read((struct slice){ copy, size }, &policy);
    HOLDS(policy.mx_count <= MTA_STS_MX_MAX);
    HOLDS(policy.max_age_s <= MTA_STS_AGE_MAX);
    HOLDS(within(policy.words, copy, size));
    HOLDS(policy.fault != MTA_STS_WELL || policy.mode == MTA_STS_NONE || policy.mx_count > 0);
    for (size_t i = 0; i < policy.mx_count; i++) {
        HOLDS(within(policy.mx[i], copy, size) && policy.mx[i].len < sizeof host);
        text_put(host, sizeof host, policy.mx[i]);
        if (host[0] == '*')
            host[0] = 'x';
        HOLDS(mta_sts_covers(&policy, host));
    }
    free(copy);
    return 0;
}
