/* SPDX-License-Identifier: MIT */
#include "round.h"

#include "log.h"

/* Of the checks that are wanted, what they need included: a check needs only earlier ones. */
static bool speaks_password(const struct round_task *task)
{
    check_set asked = task->only == 0 ? CHECK_SET_ALL : task->only;
    bool speaks = false;
    for (unsigned check = CHECK_COUNT; check-- > 0;) {
        if ((asked & CHECK_BIT(check)) == 0)
            continue;
        asked |= check_row(check)->needs;
        enum cost cost = check_row(check)->cost;
        speaks = speaks || (cost != COST_LIGHT && cost <= task->cost);
    }
    return speaks;
}

static void read_secret(struct round *round, const char *file, settings_secret_fn *read,
                        struct secret *into_secret)
{
    struct settings_trouble trouble;
    if (file[0] == '\0' || read(file, &round->arena, into_secret, &trouble))
        return;
    log_error("account", "%s: no login is tried: %s; wanted: %s", round->task.account->address,
              trouble.found, trouble.wanted);
}

static void wipe(struct round *round)
{
    text_wipe(&round->secret, sizeof round->secret);
    text_wipe(&round->peer_secret, sizeof round->peer_secret);
    text_wipe(&round->application, sizeof round->application);
    text_wipe(&round->api_key, sizeof round->api_key);
}

static void read_api_key(struct round *round)
{
    struct settings_trouble trouble;
    const char *file = round->task.account->api_key_file;
    if (file[0] == '\0' || settings_api_key(file, &round->arena, &round->api_key, &trouble))
        return;
    log_error("account", "%s: the provider's interface is not asked: %s; wanted: %s",
              round->task.account->address, trouble.found, trouble.wanted);
}

static enum round_begun take_secrets(struct round *round)
{
    wipe(round);
    read_api_key(round);
    if (!speaks_password(&round->task))
        return ROUND_BEGUN;
    const struct account_settings *account = round->task.account;
    read_secret(round, account->secret_file, settings_secret_reader(account), &round->secret);
    read_secret(round, account->peer_secret_file, settings_secret, &round->peer_secret);
    read_secret(round, account->oauth_secret_file, settings_secret, &round->application);
    if (round->secret.len == 0)
        return ROUND_BEGUN;
    switch (budget_hold(round->task.state, 0)) {
    case BUDGET_BUSY:
        wipe(round);
        return ROUND_BUSY;
    case BUDGET_HELD:
        round->held = true;
        break;
    case BUDGET_NOT_HELD: /* one that cannot be written is the budget's to tell */
        break;
    }
    return ROUND_BEGUN;
}

static bool take_profile(struct round *round)
{
    struct settings_trouble trouble;
    const struct account_settings *account = round->task.account;
    if (profile_load(round->task.settings, account, &round->arena, &round->profile, &trouble))
        return true;
    log_error("account", "%s cannot be checked: %s: %s: found %s; wanted %s", account->address,
              trouble.file, trouble.key, trouble.found, trouble.wanted);
    return false;
}

enum round_begun round_begin(struct round *round, struct loop *loop, const struct round_task *task)
{
    round->task = *task;
    round_forget(round);
    if (!take_profile(round))
        return ROUND_FAILED;
    enum round_begun begun = take_secrets(round);
    if (begun != ROUND_BEGUN)
        return begun;
    round->order = (struct order){
        .settings = task->settings,
        .account = task->account,
        .profile = &round->profile,
        .secret = &round->secret,
        .peer_secret = &round->peer_secret,
        .application = &round->application,
        .api_key = &round->api_key,
        .cost = task->cost,
        .only = task->only,
        .trigger = task->trigger,
    };
    round->on = true;
    suite_begin(&round->suite, &round->order, loop, &round->arena, round->lanes, &round->run);
    suite_start(&round->suite);
    return ROUND_BEGUN;
}

static void end(struct round *round)
{
    suite_finish(&round->suite);
    wipe(round);
    if (round->held)
        budget_release(round->task.state);
    round->held = false;
    round->on = false;
    port_give_back(round->lanes, SUITE_LANES_MAX * sizeof *round->lanes);
}

bool round_step(struct round *round)
{
    if (suite_step(&round->suite))
        return true;
    end(round);
    round->finished = true;
    return false;
}

void round_abandon(struct round *round)
{
    if (!round->on)
        return;
    suite_interrupt(&round->suite);
    end(round);
}

void round_forget(struct round *round)
{
    round->finished = false;
    arena_reset(&round->arena);
}

bool round_was_refused(const struct round *round)
{
    return round->suite.budget.refused_now != 0;
}
