/* SPDX-License-Identifier: MIT */
#include "profile.h"

static bool in_list(const char *const *patterns, size_t count, const char *host)
{
    for (size_t i = 0; i < count; i++)
        if (profile_host_matches(patterns[i], host))
            return true;
    return false;
}

enum mx_kind profile_mx_kind(const struct profile *profile, const char *host)
{
    if (profile->mx_count == 0)
        return MX_CURRENT;
    for (size_t i = 0; i < profile->mx_count; i++)
        if (profile_host_matches(profile->mx[i].host, host))
            return MX_CURRENT;
    if (in_list(profile->mx_allowed, profile->mx_allowed_count, host))
        return MX_CURRENT;
    return in_list(profile->mx_legacy, profile->mx_legacy_count, host) ? MX_LEGACY : MX_FOREIGN;
}
