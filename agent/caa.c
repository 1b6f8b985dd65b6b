/* SPDX-License-Identifier: MIT */
#include "caa.h"

#include <string.h>

#define CRITICAL 128 /* of the flags, section 4.1 */

bool caa_find(ask_fn *ask, void *asker, const char *name, struct caa *into)
{
    *into = (struct caa){ .state = CAA_UNKNOWN };
    for (size_t labels = 0; labels < CAA_LABELS_MAX; labels++) {
        into->answer = ask(asker, name, RECORD_CAA);
        if (into->answer == NULL)
            return false;
        if (into->answer->status == ANSWER_RECORDS) {
            into->state = CAA_SET;
            into->where = name;
            return true;
        }
        if (into->answer->status != ANSWER_NODATA && into->answer->status != ANSWER_NXDOMAIN)
            return true;
        const char *dot = strchr(name, '.');
        if (dot == NULL) {
            into->state = CAA_NONE;
            return true;
        }
        name = dot + 1;
    }
    return true;
}

static bool has_property(const struct answer *answer, const char *tag)
{
    for (size_t i = 0; i < answer->count; i++)
        if (strcmp(answer->records[i].name, tag) == 0)
            return true;
    return false;
}

/* The authority's name is what stands before the parameters; a value without one names nobody. */
static bool names_authority(const struct record *record, const char *authority)
{
    struct slice rest = record->text, issuer = { NULL, 0 };
    return slice_cut(&rest, ';', &issuer) && slice_is_nocase(slice_trim(issuer), authority);
}

static bool forbids_whatever_it_means(const struct record *record)
{
    static const char *const known[] = { "issue", "issuewild", "iodef" };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(record->name, known[i]) == 0)
            return false;
    return (record->flags & CRITICAL) != 0;
}

bool caa_allows(const struct caa *caa, const char *authority, bool wildcard)
{
    if (caa->state != CAA_SET)
        return caa->state == CAA_NONE;
    const struct answer *answer = caa->answer;
    for (size_t i = 0; i < answer->count; i++)
        if (forbids_whatever_it_means(&answer->records[i]))
            return false;
    const char *tag = wildcard && has_property(answer, "issuewild") ? "issuewild" : "issue";
    if (!has_property(answer, tag))
        return true;
    for (size_t i = 0; i < answer->count; i++)
        if (strcmp(answer->records[i].name, tag) == 0 &&
            names_authority(&answer->records[i], authority))
            return true;
    return false;
}
