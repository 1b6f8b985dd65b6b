/* SPDX-License-Identifier: MIT */
#include "budget.h"

#include "../port/port.h"
#include "budget_file.h"
#include "digest.h"
#include "log.h"

#include <string.h>

#define FINGERPRINT_ROUNDS 20000
#define LOCK_PATH_MAX      1100 /* bytes */

_Static_assert(sizeof((struct budget *)0)->salt == sizeof((struct budget_record *)0)->salt &&
                   sizeof((struct budget *)0)->fingerprint == DIGEST_SIZE,
               "the file keeps salt and fingerprint whole");

static bool is_open(const struct budget *budget)
{
    return budget->address[0] != '\0';
}

static bool lock_path(const char *state_directory, char into[LOCK_PATH_MAX])
{
    return text_put_format(into, LOCK_PATH_MAX, "%s/lock", state_directory);
}

enum budget_hold budget_hold(const char *state_directory, int64_t wait_ms)
{
    char path[LOCK_PATH_MAX], byte;
    size_t size;
    if (!lock_path(state_directory, path) || port_directory_make(state_directory) != FILE_DONE)
        return BUDGET_NOT_HELD;
    enum file_result result = port_lock(path, wait_ms);
    if (result == FILE_DONE)
        return BUDGET_HELD;
    /* DENIED by another holder, or by the file's permissions? Who may read the file may lock it. */
    bool readable = port_file_read(path, &byte, sizeof byte, &size) == FILE_DONE;
    return result == FILE_DENIED && readable ? BUDGET_BUSY : BUDGET_NOT_HELD;
}

void budget_release(const char *state_directory)
{
    char path[LOCK_PATH_MAX];
    if (lock_path(state_directory, path))
        port_unlock(path);
}

/* ---- the file ---- */

static void not_storable(struct budget *budget)
{
    if (budget->storable)
        log_warn("budget",
                 "%s cannot be written: a refused password is remembered for this run only",
                 budget->directory == NULL ? "the state directory" : budget->directory);
    budget->storable = false;
}

/* What is known of the secret, with the time of its first acceptance as given. */
static void store(struct budget *budget, int64_t accepted_ms)
{
    struct budget_record record;
    if (!budget->storable)
        return;
    budget_record_clear(&record);
    memcpy(record.salt, budget->salt, sizeof record.salt);
    memcpy(record.fingerprint, budget->fingerprint, sizeof record.fingerprint);
    record.accepted_ms = accepted_ms;
    record.refusal = budget->refusal;
    memcpy(record.closed, budget->closed, sizeof record.closed);
    if (!budget_file_store(budget->directory, budget->address, &record)) {
        not_storable(budget);
        return;
    }
    budget->known = true;
    budget->unsaved = false;
}

static bool fingerprint(const struct secret *secret, const uint8_t salt[16],
                        uint8_t into[DIGEST_SIZE])
{
    return digest_slow((struct slice){ secret->bytes, secret->len },
                       (struct slice){ (const char *)salt, 16 }, FINGERPRINT_ROUNDS, into);
}

static void take_record(struct budget *budget, const struct budget_record *record)
{
    budget->known = true;
    budget->accepted_ms = record->accepted_ms;
    budget->refusal = record->refusal;
    memcpy(budget->closed, record->closed, sizeof budget->closed);
}

/* Another secret than the one in the file: what was refused was not this one. */
static bool take_secret(struct budget *budget, const struct budget_record *record,
                        const struct secret *secret)
{
    if (record != NULL) {
        memcpy(budget->salt, record->salt, sizeof budget->salt);
        if (!fingerprint(secret, budget->salt, budget->fingerprint))
            return false;
        if (digest_equal(budget->fingerprint, record->fingerprint)) {
            take_record(budget, record);
            return true;
        }
    }
    port_random(budget->salt, sizeof budget->salt);
    return fingerprint(secret, budget->salt, budget->fingerprint);
}

static void clear(struct budget *budget)
{
    text_wipe(budget, sizeof *budget);
    budget->accepted_by = budget->trying = CHECK_COUNT;
    budget->refusal.check = CHECK_COUNT;
    for (enum check check = 0; check < CHECK_COUNT; check++)
        budget->closed[check].check = CHECK_COUNT;
}

bool budget_begin(struct budget *budget, const char *state_directory, const char *address,
                  const struct secret *secret)
{
    struct budget_record record;
    enum budget_search search = BUDGET_RECORD_NONE;
    clear(budget);
    if (secret->len == 0 || address[0] == '\0' || strlen(address) >= sizeof budget->address)
        return false;
    if (state_directory != NULL)
        search = budget_file_find(state_directory, address, &record);
    if (search == BUDGET_FILE_UNREADABLE)
        return false;
    if (!take_secret(budget, search == BUDGET_RECORD_FOUND ? &record : NULL, secret))
        return false;
    budget->directory = state_directory;
    budget->storable = true;
    if (state_directory == NULL || port_directory_make(state_directory) != FILE_DONE)
        not_storable(budget);
    text_put_string(budget->address, sizeof budget->address, address);
    return true;
}

/* ---- the rules ---- */

static bool is_refused(const struct budget *budget)
{
    return budget->refusal.check != CHECK_COUNT;
}

static bool is_accepted(const struct budget *budget)
{
    return budget->accepted_by != CHECK_COUNT;
}

enum budget_answer budget_may_speak(struct budget *budget, enum check check)
{
    if (!is_open(budget) || is_refused(budget) || (budget->refused_now & CHECK_BIT(check)) != 0)
        return BUDGET_CLOSED;
    if (is_accepted(budget))
        return BUDGET_SPEAK;
    if (budget->trying != CHECK_COUNT && budget->trying != check)
        return BUDGET_WAIT;
    if (budget->closed[check].check != CHECK_COUNT)
        return BUDGET_CLOSED;
    budget->trying = check;
    return BUDGET_SPEAK;
}

static void no_more_trying(struct budget *budget, enum check check)
{
    if (budget->trying == check)
        budget->trying = CHECK_COUNT;
}

void budget_accepted(struct budget *budget, enum check check)
{
    if (!is_open(budget))
        return;
    no_more_trying(budget, check);
    if (!is_accepted(budget))
        budget->accepted_by = check;
    if (budget->closed[check].check != CHECK_COUNT)
        budget->unsaved = true;
    budget->closed[check].check = CHECK_COUNT;
    /* It was on its way when the other one was refused: so that one has not judged the secret. */
    if (is_refused(budget) && budget->refusal.check != check) {
        budget->closed[budget->refusal.check] = budget->refusal;
        budget->refusal.check = CHECK_COUNT;
        store(budget, budget->accepted_ms);
    }
}

void budget_refused(struct budget *budget, enum check check, enum finding finding, const char *said)
{
    struct refusal refusal = { .check = check, .finding = finding, .at_ms = port_wall_ms() };
    if (!is_open(budget))
        return;
    if (refusal.at_ms < 0)
        refusal.at_ms = 0; /* a clock before 1970 */
    text_put_string(refusal.said, sizeof refusal.said, said);
    no_more_trying(budget, check);
    budget->refused_now |= CHECK_BIT(check);
    if (is_accepted(budget) && budget->accepted_by != check)
        budget->closed[check] = refusal;
    else if (!is_refused(budget))
        budget->refusal = refusal;
    store(budget, budget->accepted_ms);
}

void budget_no_answer(struct budget *budget, enum check check)
{
    no_more_trying(budget, check);
}

void budget_end(struct budget *budget)
{
    if (is_open(budget) && is_accepted(budget) && budget->accepted_ms == 0) {
        int64_t now_ms = port_wall_ms();
        store(budget, now_ms > 0 ? now_ms : 1); /* 0 is never */
    } else if (is_open(budget) && budget->unsaved) {
        store(budget, budget->accepted_ms);
    }
    text_wipe(budget->fingerprint, sizeof budget->fingerprint);
    text_wipe(budget->salt, sizeof budget->salt);
    text_wipe(budget->address, sizeof budget->address);
    budget->directory = NULL;
}

enum budget_forgot budget_forget(const char *state_directory, const char *address)
{
    struct budget_record record;
    if (state_directory == NULL)
        return BUDGET_NOT_STORABLE;
    if (address[0] == '\0')
        return BUDGET_NOTHING_KEPT;
    switch (budget_file_find(state_directory, address, &record)) {
    case BUDGET_FILE_UNREADABLE:
        return BUDGET_NOT_STORABLE;
    case BUDGET_RECORD_NONE:
        return BUDGET_NOTHING_KEPT;
    case BUDGET_RECORD_FOUND:
        break;
    }
    if (!budget_record_refuses(&record))
        return BUDGET_NOTHING_KEPT;
    record.refusal.check = CHECK_COUNT;
    for (enum check check = 0; check < CHECK_COUNT; check++)
        record.closed[check].check = CHECK_COUNT;
    return budget_file_store(state_directory, address, &record) ? BUDGET_FORGOT
                                                                : BUDGET_NOT_STORABLE;
}
