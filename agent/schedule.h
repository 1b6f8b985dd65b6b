/* SPDX-License-Identifier: MIT */
/* What is due. Each account has a slot for each cost, spread by a hash of gateway and account over
   the period, so that ten thousand gateways and twenty accounts spread by themselves. Counts on the
   monotonic clock: a step of the wall clock causes neither a storm nor a silence. A dearer run
   counts as the cheaper ones too. */
#ifndef GATEPOST_SCHEDULE_H
#define GATEPOST_SCHEDULE_H

#include "checks.h"
#include "settings.h"

#include <stdbool.h>
#include <stdint.h>

struct schedule_account {
    int64_t due_ms[COST_LOOP + 1]; /* port_now_ms scale */
    int64_t login_not_before_ms;   /* inside a provider's lockout window no credential is spoken */
};

struct schedule {
    const struct settings *settings;
    struct schedule_account accounts[SETTINGS_ACCOUNTS_MAX];
    bool paused;
    bool clock_trusted; /* false: only what needs no certificate is due */
};

struct due {
    size_t account;
    enum cost cost;
};

void schedule_begin(struct schedule *schedule, const struct settings *settings, const char *gateway,
                    int64_t now_ms);

/* After a reload: accounts that stay (same address) keep their times, new ones get slots. */
void schedule_reload(struct schedule *schedule, const struct settings *settings,
                     const char *gateway, int64_t now_ms);

/* The run that is due now, the dearest of the account that has waited longest; false when none is.
 */
bool schedule_due(const struct schedule *schedule, int64_t now_ms, struct due *into_due);

/* When the next run is due; INT64_MAX while paused or without accounts. */
int64_t schedule_next_ms(const struct schedule *schedule);

/* A run of that cost has begun: it and the cheaper ones move to their next slot after now, however
 * late it was. */
void schedule_began(struct schedule *schedule, const struct due *due, int64_t now_ms);

/* A login was refused, or the policy says so: no login before. */
void schedule_hold_login(struct schedule *schedule, size_t account, int64_t until_ms);

/* A moment within the period by the gateway's name, for what each gateway does once. */
int64_t schedule_spread_ms(const char *gateway, int64_t period_ms);

/* When an account is due next with any cost, for its report; INT64_MAX while paused. */
int64_t schedule_account_next_ms(const struct schedule *schedule, size_t account);

#endif
