/* SPDX-License-Identifier: MIT */
#include "blocklist.h"

#include <string.h>

/* ---- names ---- */

bool blocklist_address_name(const struct address *address, const char *zone,
                            char into[RESOLVE_NAME_MAX])
{
    struct text text;
    text_begin(&text, into, RESOLVE_NAME_MAX);
    bool v4 = address->family == FAMILY_V4;
    for (size_t i = v4 ? 4 : 16; i > 0; i--) {
        unsigned byte = address->bytes[i - 1];
        if (v4)
            text_add_format(&text, "%u.", byte);
        else
            text_add_format(&text, "%x.%x.", byte & 15, byte >> 4);
    }
    text_add_string(&text, zone);
    return !text.overflow;
}

bool blocklist_domain_name(const char *domain, const char *zone, char into[RESOLVE_NAME_MAX])
{
    return text_put_format(into, RESOLVE_NAME_MAX, "%s.%s", domain, zone);
}

/* ---- answers ---- */

/* What is asked, and what is asked to see whether the list can be believed. */
struct inquest {
    char name[RESOLVE_NAME_MAX], control[RESOLVE_NAME_MAX];
    bool is_domain;
};

enum code { CODE_LISTED, CODE_REFUSED, CODE_STRANGE };

static enum code code_of(const struct address *address, bool is_domain)
{
    const uint8_t *bytes = address->bytes;
    if (address->family != FAMILY_V4 || bytes[0] != 127)
        return CODE_STRANGE;
    if (bytes[1] == 255 && bytes[2] == 255)
        return CODE_REFUSED;
    bool plain = bytes[1] == 0 && (bytes[2] == 0 || (is_domain && bytes[2] == 1));
    return plain && bytes[3] >= 2 && bytes[3] <= 254 ? CODE_LISTED : CODE_STRANGE;
}

/* One code that no list gives makes all of the answer doubtful: somebody else may have given it. */
static void judge(const struct answer *answer, bool is_domain, struct blocklist *into)
{
    into->state = BLOCKLIST_LISTED;
    for (size_t i = 0; i < answer->count; i++) {
        const struct address *address = &answer->records[i].address;
        enum code code = code_of(address, is_domain);
        if (code == CODE_STRANGE)
            into->state = BLOCKLIST_UNKNOWN;
        if (code == CODE_REFUSED && into->state == BLOCKLIST_LISTED)
            into->state = BLOCKLIST_REFUSED;
        if (code == CODE_LISTED && into->code_count < BLOCKLIST_CODES_MAX)
            memcpy(into->code[into->code_count++], &address->bytes[2], 2);
    }
    if (into->state != BLOCKLIST_LISTED)
        into->code_count = 0;
}

/* Only an answer that there is no such record shows that the list can say no. */
static bool doubt(ask_fn *ask, void *asker, const struct inquest *inquest, struct blocklist *into)
{
    const struct answer *control = ask(asker, inquest->control, RECORD_A);
    if (control == NULL)
        return false;
    if (control->status != ANSWER_NXDOMAIN && control->status != ANSWER_NODATA) {
        into->state = BLOCKLIST_UNKNOWN;
        into->code_count = 0;
    }
    return true;
}

static bool hear(ask_fn *ask, void *asker, const char *name, struct blocklist *into)
{
    const struct answer *words = ask(asker, name, RECORD_TXT);
    if (words == NULL)
        return false;
    if (words->status == ANSWER_RECORDS)
        into->words = words->records[0].text;
    return true;
}

static bool inquire(ask_fn *ask, void *asker, const struct inquest *inquest, struct blocklist *into)
{
    const struct answer *answer = ask(asker, inquest->name, RECORD_A);
    *into = (struct blocklist){ .state = BLOCKLIST_UNKNOWN };
    if (answer == NULL)
        return false;
    into->status = answer->status;
    if (answer->status == ANSWER_NXDOMAIN || answer->status == ANSWER_NODATA)
        into->state = BLOCKLIST_CLEAR;
    if (answer->status == ANSWER_RECORDS)
        judge(answer, inquest->is_domain, into);
    if (into->state == BLOCKLIST_LISTED && !doubt(ask, asker, inquest, into))
        return false;
    if (into->state == BLOCKLIST_LISTED || into->state == BLOCKLIST_REFUSED)
        return hear(ask, asker, inquest->name, into);
    return true;
}

/* Section 5: 127.0.0.1 is on no list, nor is ::FFFF:127.0.0.1. */
bool blocklist_address(ask_fn *ask, void *asker, const struct address *address, const char *zone,
                       struct blocklist *into)
{
    static const struct address never[FAMILIES] = {
        [FAMILY_V4] = { .family = FAMILY_V4, .bytes = { 127, 0, 0, 1 } },
        [FAMILY_V6] = { .family = FAMILY_V6,
                        .bytes = { [10] = 0xff, [11] = 0xff, [12] = 127, [15] = 1 } },
    };
    struct inquest inquest = { .is_domain = false };
    *into = (struct blocklist){ .state = BLOCKLIST_UNKNOWN };
    if (!blocklist_address_name(address, zone, inquest.name) ||
        !blocklist_address_name(&never[address->family], zone, inquest.control))
        return true;
    return inquire(ask, asker, &inquest, into);
}

/* Section 5: the domain INVALID is on no list. */
bool blocklist_domain(ask_fn *ask, void *asker, const char *domain, const char *zone,
                      struct blocklist *into)
{
    struct inquest inquest = { .is_domain = true };
    *into = (struct blocklist){ .state = BLOCKLIST_UNKNOWN };
    if (!blocklist_domain_name(domain, zone, inquest.name) ||
        !blocklist_domain_name("invalid", zone, inquest.control))
        return true;
    return inquire(ask, asker, &inquest, into);
}
