/* SPDX-License-Identifier: MIT */
#include "schedule.h"

#include "text.h"

#define COSTS (COST_LOOP + 1)

/* FNV-1a, and the last steps of MurmurHash3, without which names that end alike get neighbouring
   slots. It need not be secret, only spread. */
static uint64_t hash_of(const char *gateway, const char *address, const char *what)
{
    const struct slice parts[] = { slice_of(gateway), slice_of(address), slice_of(what) };
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        for (size_t j = 0; j < parts[i].len; j++)
            hash = (hash ^ (unsigned char)parts[i].at[j]) * UINT64_C(0x100000001b3);
        hash *= UINT64_C(0x100000001b3); /* so that "ab" "c" is not "a" "bc" */
    }
    hash = (hash ^ hash >> 33) * UINT64_C(0xff51afd7ed558ccd);
    hash = (hash ^ hash >> 33) * UINT64_C(0xc4ceb9fe1a85ec53);
    return hash ^ hash >> 33;
}

static int64_t period_of_ms(const struct settings *settings, enum cost cost)
{
    const int64_t periods_s[COSTS] = {
        [COST_LIGHT] = settings->light_period_s,
        [COST_LOGIN] = settings->login_period_s,
        [COST_LOOP] = settings->loop_period_s,
    };
    return periods_s[cost] * 1000;
}

/* The first moment after now that lies in the slot: the same in every period. */
static int64_t first_ms(const struct settings *settings, const char *gateway, const char *address,
                        enum cost cost, int64_t now_ms)
{
    int64_t period = period_of_ms(settings, cost);
    int64_t slot = (int64_t)(hash_of(gateway, address, cost_name(cost)) % (uint64_t)period);
    int64_t passed = ((now_ms - slot) % period + period) % period;
    return now_ms + period - passed;
}

void schedule_begin(struct schedule *schedule, const struct settings *settings, const char *gateway,
                    int64_t now_ms)
{
    *schedule = (struct schedule){ .settings = settings, .clock_trusted = true };
    for (size_t i = 0; i < settings->account_count; i++)
        for (enum cost cost = 0; cost < COSTS; cost++)
            schedule->accounts[i].due_ms[cost] =
                first_ms(settings, gateway, settings->accounts[i].address, cost, now_ms);
}

/* The old place of an account, or the old count. */
static size_t place_of(const struct settings *settings, const char *address)
{
    const struct account_settings *account = settings_account(settings, address);
    return account == NULL ? settings->account_count : (size_t)(account - settings->accounts);
}

void schedule_reload(struct schedule *schedule, const struct settings *settings,
                     const char *gateway, int64_t now_ms)
{
    const struct schedule before = *schedule;
    schedule_begin(schedule, settings, gateway, now_ms);
    schedule->paused = before.paused;
    schedule->clock_trusted = before.clock_trusted;
    for (size_t i = 0; i < settings->account_count; i++) {
        size_t place = place_of(before.settings, settings->accounts[i].address);
        if (place == before.settings->account_count)
            continue;
        struct schedule_account *account = &schedule->accounts[i];
        const struct schedule_account *old = &before.accounts[place];
        account->login_not_before_ms = old->login_not_before_ms;
        for (enum cost cost = 0; cost < COSTS; cost++)
            if (period_of_ms(settings, cost) == period_of_ms(before.settings, cost))
                account->due_ms[cost] = old->due_ms[cost];
    }
}

/* When a run of that cost may begin. */
static int64_t allowed_ms(const struct schedule *schedule, size_t place, enum cost cost)
{
    const struct schedule_account *account = &schedule->accounts[place];
    int64_t due_ms = account->due_ms[cost];
    if (cost == COST_LIGHT)
        return due_ms;
    if (!schedule->clock_trusted)
        return INT64_MAX;
    return due_ms > account->login_not_before_ms ? due_ms : account->login_not_before_ms;
}

bool schedule_due(const struct schedule *schedule, int64_t now_ms, struct due *into_due)
{
    bool any = false;
    int64_t since_ms = 0;
    if (schedule->paused)
        return false;
    for (size_t i = 0; i < schedule->settings->account_count; i++) {
        int64_t account_ms = schedule_account_next_ms(schedule, i);
        if (account_ms > now_ms || (any && account_ms >= since_ms))
            continue;
        any = true;
        since_ms = account_ms;
        into_due->account = i;
    }
    for (enum cost cost = 0; any && cost < COSTS; cost++)
        if (allowed_ms(schedule, into_due->account, cost) <= now_ms)
            into_due->cost = cost;
    return any;
}

int64_t schedule_next_ms(const struct schedule *schedule)
{
    int64_t next_ms = INT64_MAX;
    for (size_t i = 0; i < schedule->settings->account_count; i++) {
        int64_t account_ms = schedule_account_next_ms(schedule, i);
        if (account_ms < next_ms)
            next_ms = account_ms;
    }
    return next_ms;
}

void schedule_began(struct schedule *schedule, const struct due *due, int64_t now_ms)
{
    struct schedule_account *account = &schedule->accounts[due->account];
    for (enum cost cost = 0; cost <= due->cost; cost++) {
        int64_t period = period_of_ms(schedule->settings, cost),
                late = now_ms - account->due_ms[cost];
        if (late >= 0)
            account->due_ms[cost] += (late / period + 1) * period;
    }
}

void schedule_hold_login(struct schedule *schedule, size_t account, int64_t until_ms)
{
    schedule->accounts[account].login_not_before_ms = until_ms;
}

int64_t schedule_account_next_ms(const struct schedule *schedule, size_t account)
{
    int64_t next_ms = INT64_MAX;
    if (schedule->paused)
        return next_ms;
    for (enum cost cost = 0; cost < COSTS; cost++) {
        int64_t due_ms = allowed_ms(schedule, account, cost);
        if (due_ms < next_ms)
            next_ms = due_ms;
    }
    return next_ms;
}

int64_t schedule_spread_ms(const char *gateway, int64_t period_ms)
{
    return (int64_t)(hash_of(gateway, "", "") % (uint64_t)period_ms);
}
