/* SPDX-License-Identifier: MIT */
#include "mta_sts.h"

#include "names.h"

#define VERSION   "STSv1"
#define TAGS_MAX  16
#define LINES_MAX 512 /* of a policy; what stands behind is left out */

/* ---- the record ---- */

static bool is_id(struct slice id)
{
    for (size_t i = 0; i < id.len; i++) {
        char c = id.at[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')))
            return false;
    }
    return id.len > 0 && id.len <= MTA_STS_ID_MAX;
}

bool mta_sts_find(ask_fn *ask, void *asker, const char *domain, struct mta_sts_record *into)
{
    struct policy_tag tag;
    *into = (struct mta_sts_record){ .found = POLICY_RECORD_NONE };
    into->found = policy_record_find(ask, asker, "_mta-sts.", domain, VERSION, &into->record);
    struct slice rest = into->record.text;
    if (into->found != POLICY_RECORD_ONE)
        return into->found != POLICY_RECORD_PENDING;
    for (size_t i = 0; i < TAGS_MAX && policy_record_tag(&rest, &tag); i++)
        if (tag.well && slice_is(tag.name, "id") && into->id.len == 0 && is_id(tag.value))
            into->id = tag.value;
    return true;
}

/* ---- the policy ---- */

const char *mta_sts_mode_name(enum mta_sts_mode mode)
{
    static const char *const names[] = { "none", "testing", "enforce" };
    return names[mode];
}

/* Of a policy while it is read: the first of each key counts, but for mx. */
struct reading {
    struct mta_sts_policy *policy;
    bool version, mode, age;
};

static void complain(struct mta_sts_policy *policy, enum mta_sts_fault fault, struct slice words)
{
    if (policy->fault != MTA_STS_WELL)
        return;
    policy->fault = fault;
    policy->words = words;
}

static bool read_mode(struct slice value, enum mta_sts_mode *into)
{
    for (unsigned mode = MTA_STS_NONE; mode <= MTA_STS_ENFORCE; mode++)
        if (slice_is(value, mta_sts_mode_name(mode))) {
            *into = mode;
            return true;
        }
    return false;
}

static bool is_pattern(struct slice pattern)
{
    return names_is_host(slice_starts(pattern, "*.") ? slice_from(pattern, 2) : pattern);
}

static void read_mx(struct mta_sts_policy *policy, struct slice value, struct slice line)
{
    if (!is_pattern(value))
        complain(policy, MTA_STS_BAD_MX, line);
    else if (policy->mx_count == MTA_STS_MX_MAX)
        policy->cut = true;
    else
        policy->mx[policy->mx_count++] = value;
}

static void read_field(struct reading *reading, struct slice name, struct slice value,
                       struct slice line)
{
    struct mta_sts_policy *policy = reading->policy;
    if (slice_is(name, "version") && !reading->version) {
        reading->version = true;
        if (!slice_is(value, VERSION))
            complain(policy, MTA_STS_NO_VERSION, line);
    } else if (slice_is(name, "mode") && !reading->mode) {
        reading->mode = true;
        if (!read_mode(value, &policy->mode))
            complain(policy, MTA_STS_BAD_MODE, line);
    } else if (slice_is(name, "max_age") && !reading->age) {
        uint64_t age_s = 0;
        reading->age = true;
        if (!slice_number(value, MTA_STS_AGE_MAX, &age_s))
            complain(policy, MTA_STS_BAD_AGE, line);
        policy->max_age_s = (uint32_t)age_s;
    } else if (slice_is(name, "mx")) {
        read_mx(policy, value, line);
    }
}

/* Whatever else is wrong with it, a text without version is no policy at all. */
static void judge(const struct reading *reading)
{
    struct mta_sts_policy *policy = reading->policy;
    if (!reading->version) {
        policy->fault = MTA_STS_NO_VERSION;
        policy->words = (struct slice){ NULL, 0 };
    }
    if (!reading->mode)
        complain(policy, MTA_STS_BAD_MODE, (struct slice){ NULL, 0 });
    if (!reading->age)
        complain(policy, MTA_STS_BAD_AGE, (struct slice){ NULL, 0 });
    if (policy->mode != MTA_STS_NONE && policy->mx_count == 0)
        complain(policy, MTA_STS_NO_MX, (struct slice){ NULL, 0 });
}

/* Only whole lines of what is read: half a line would be misread. */
static struct slice without_cut_line(struct slice body)
{
    if (body.len <= MTA_STS_BODY_MAX)
        return body;
    body.len = MTA_STS_BODY_MAX;
    while (body.len > 0 && body.at[body.len - 1] != '\n')
        body.len--;
    return body;
}

void mta_sts_read(struct slice body, struct mta_sts_policy *into)
{
    struct reading reading = { .policy = into };
    struct slice line = { NULL, 0 }, name = { NULL, 0 };
    *into = (struct mta_sts_policy){ .fault = MTA_STS_WELL };
    body = without_cut_line(body);
    for (size_t i = 0; i < LINES_MAX && slice_line(&body, &line); i++) {
        struct slice value = line;
        if (slice_trim(line).len == 0)
            continue;
        bool has_colon = slice_find_nocase(line, ":") < line.len;
        if (!has_colon || !slice_cut(&value, ':', &name) || name.len == 0)
            complain(into, MTA_STS_BAD_LINE, line);
        else
            read_field(&reading, name, slice_trim(value), line);
    }
    judge(&reading);
}

bool mta_sts_covers(const struct mta_sts_policy *policy, const char *host)
{
    struct slice rest = slice_of(host), first = { NULL, 0 };
    const struct slice whole = rest;
    if (!slice_cut(&rest, '.', &first) || first.len == 0)
        return false;
    for (size_t i = 0; i < policy->mx_count; i++) {
        struct slice pattern = policy->mx[i];
        bool wild = slice_starts(pattern, "*.");
        if (slice_equal_nocase(wild ? slice_from(pattern, 2) : pattern, wild ? rest : whole))
            return true;
    }
    return false;
}
