/* SPDX-License-Identifier: MIT */
/* How full the mailbox is: IMAP QUOTA (RFC 9208, and RFC 2087 before it). */
#include "parts.h"

#define NEARLY_FULL 90 /* percent */
#define KIB_MAX     (UINT64_C(1) << 53)

/* In units of 1024 bytes; limit 0: there is none. */
struct storage {
    uint64_t used, limit;
};

/* ---- what was said ---- */

/* "* QUOTA "" (STORAGE 10 512 MESSAGE 3 100)": the list is the last on its line, whatever the
 * root's name holds. */
static bool read_storage(struct slice line, struct storage *into_storage)
{
    struct slice resource, used, limit;
    if (!slice_starts_nocase(line, "* QUOTA ") || !slice_ends_nocase(line, ")"))
        return false;
    size_t open = line.len;
    while (open > 0 && line.at[open - 1] != '(')
        open--;
    struct slice list = { line.at + open, line.len - 1 - open };
    while (slice_cut(&list, ' ', &resource) && slice_cut(&list, ' ', &used) &&
           slice_cut(&list, ' ', &limit))
        if (slice_is_nocase(resource, "STORAGE"))
            return slice_number(used, KIB_MAX, &into_storage->used) &&
                   slice_number(limit, KIB_MAX, &into_storage->limit);
    return false;
}

static uint64_t percent_of(struct storage storage)
{
    return storage.limit == 0 ? 0 : storage.used * 100 / storage.limit;
}

/* A mailbox may count towards several limits: the one that is reached first matters. */
static struct storage tightest(const struct lane *lane)
{
    struct slice rest = lane->dialogue.reply.whole, line;
    struct storage found = { 0, 0 }, storage;
    while (slice_line(&rest, &line))
        if (read_storage(line, &storage) && storage.limit > 0 &&
            (found.limit == 0 || percent_of(storage) > percent_of(found)))
            found = storage;
    return found;
}

/* ---- judges ---- */

static bool is_not_full(const struct lane *lane)
{
    return percent_of(tightest(lane)) < 100;
}

static bool has_room(const struct lane *lane)
{
    uint64_t percent = percent_of(tightest(lane));
    return percent < NEARLY_FULL || percent >= 100;
}

/* ---- what is learned ---- */

static const char *mebibytes(const struct lane *lane, uint64_t kib)
{
    return text_format(lane->suite->arena, "%llu.%llu MiB", (unsigned long long)(kib / 1024),
                       (unsigned long long)(kib % 1024 * 10 / 1024));
}

/* A refusal is no fault of the mailbox, and ends nothing: the same connection waits for mail. */
static void keep_usage(struct lane *lane)
{
    struct ledger *ledger = &lane->suite->run->ledger;
    struct storage storage = tightest(lane);
    if (!slice_is_nocase(lane->dialogue.reply.code, "OK"))
        ledger_unknown(ledger, lane_check(lane), REASON_NOT_OFFERED);
    if (storage.limit == 0)
        return;
    const char *used = mebibytes(lane, storage.used), *limit = mebibytes(lane, storage.limit);
    if (used == NULL || limit == NULL)
        return;
    ledger_fact(ledger, lane_check(lane), "used", "%s", used);
    ledger_fact(ledger, lane_check(lane), "limit", "%s", limit);
}

/* ---- script ---- */

/* clang-format off */
static const struct step get_quota[] = {
    SAY    ("GETQUOTAROOT INBOX"),
    HEAR   ("OK|NO|BAD",          SERVICE_UNEXPECTED),
    LEARN  (keep_usage),
    NOTE   (has_room,             ACCOUNT_QUOTA_NEARLY_FULL),
    NOTE   (is_not_full,          ACCOUNT_QUOTA_FULL),
    END
};
/* clang-format on */

/* The last reply is the capabilities of somebody who is logged in. */
static const struct step *choose_quota(struct lane *lane)
{
    if (lane->notebook.round > 0)
        return NULL;
    if (imap_offers(lane, "QUOTA"))
        return get_quota;
    ledger_unknown(&lane->suite->run->ledger, lane_check(lane), REASON_NOT_OFFERED);
    return NULL;
}

/* The numbers say more than "completed" does. */
static void dress_quota(struct lane *lane, struct raised *raised)
{
    struct storage storage = tightest(lane);
    bool tells =
        raised->finding == ACCOUNT_QUOTA_NEARLY_FULL || raised->finding == ACCOUNT_QUOTA_FULL;
    if (!tells || storage.limit == 0)
        return;
    raised->params.value[PARAM_FOUND] = mebibytes(lane, storage.used);
    raised->params.value[PARAM_EXPECTED] = mebibytes(lane, storage.limit);
    const char *said =
        text_format(lane->suite->arena, "STORAGE %llu %llu", (unsigned long long)storage.used,
                    (unsigned long long)storage.limit);
    raised->evidence.said = said != NULL ? said : raised->evidence.said;
}

const struct part part_imap_quota = { choose_quota, dress_quota, NULL, SCRIPTS(get_quota) };
