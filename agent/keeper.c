/* SPDX-License-Identifier: MIT */
#include "keeper.h"

#include "exits.h"
#include "keeper_parts.h"
#include "log.h"
#include "rehearsal.h"
#include "wire.h"

#include <stdalign.h>
#include <string.h>

#define ROOM_SIZE         262144 /* a configuration at its longest */
#define WORK_SIZE         524288 /* pages that no run needs are never touched */
#define TICK_MS           1000   /* while a run goes on, so that its deadlines are seen */
#define CLOCK_MS          10000  /* how often an unset clock is looked at */
#define CONNECT_SPREAD_MS 30000  /* first connections after a power cut */
#define ONCE_PATIENCE_MS  60000  /* for what --once has to deliver */

/* ---- start ---- */

static bool take_file(struct keeper *keeper)
{
    const char *file = keeper->orders->file;
    if (file == NULL)
        file = SETTINGS_DEFAULT_FILE;
    enum file_result result = port_path_absolute(file, keeper->file, sizeof keeper->file);
    if (result == FILE_DONE)
        return true;
    log_error("config", "%s cannot be opened: %s", file,
              result == FILE_MISSING  ? "there is no such file"
              : result == FILE_DENIED ? "permission denied"
                                      : port_trouble());
    return false;
}

static enum exits leave_root(struct keeper *keeper)
{
    const char *user = keeper_settings(keeper)->user;
    switch (port_become(user, keeper->state)) {
    case BECOME_DONE:
        return EXITS_DONE;
    case BECOME_UNKNOWN:
        log_error("agent",
                  "there is no user %s to run as: make it, or name another one as \"user\"", user);
        return EXITS_CONFIG;
    case BECOME_FAILED:
        break;
    }
    log_error("agent", "cannot become the user %s with the directory %s: %s", user, keeper->state,
              port_trouble());
    return EXITS_SYSTEM;
}

/* Two agents would number their messages alike, and each take the other's connection. */
static enum exits lock_instance(const struct keeper *keeper)
{
    char room[KEEPER_PATH_MAX + 16], byte;
    struct text path;
    size_t size;
    text_begin(&path, room, sizeof room);
    text_add_format(&path, "%s/agent.lock", keeper->state);
    enum file_result made = port_directory_make(keeper->state);
    enum file_result locked = made == FILE_DONE ? port_lock(path.at, 0) : made;
    if (locked == FILE_DONE)
        return EXITS_DONE;
    /* Who may read the file may lock it: so another one has it. */
    if (locked == FILE_DENIED && port_file_read(path.at, &byte, sizeof byte, &size) == FILE_DONE) {
        log_error("agent", "another agent is at work in %s", keeper->state);
        return EXITS_BUSY;
    }
    log_warn("agent", "%s cannot be written: what is not delivered is lost when the agent ends",
             keeper->state);
    return EXITS_DONE;
}

static enum exits prepare(struct keeper *keeper)
{
    if (!take_file(keeper) || !keeper_read(keeper))
        return EXITS_CONFIG;
    keeper_take_room(keeper);
    enum exits exits = leave_root(keeper);
    if (exits != EXITS_DONE)
        return exits;
    port_settle();
    if (!wire_start()) {
        log_error("agent", "no memory to begin with");
        return EXITS_SYSTEM;
    }
    return EXITS_DONE;
}

static void on_tick(struct watcher *watcher, enum loop_event event)
{
    (void)watcher; /* only to come back and look at the time */
    (void)event;
}

static enum exits open_keeper(struct keeper *keeper)
{
    enum exits exits = lock_instance(keeper);
    if (exits != EXITS_DONE)
        return exits;
    const struct settings *settings = keeper_settings(keeper);
    int64_t now_ms = port_now_ms();
    keeper->started_wall_ms = port_wall_ms();
    keeper->once_deadline_ms = INT64_MAX;
    keeper->worst = STATUS_OK;
    keeper->watchdog_ms = port_watchdog_ms();
    changes_open(&keeper->changes, keeper->state);
    changes_forget_others(&keeper->changes, settings);
    schedule_begin(&keeper->schedule, settings, settings->gateway, now_ms);
    loop_begin(&keeper->loop);
    keeper->ticker = (struct watcher){
        .descriptor = -1,
        .deadline_ms = now_ms,
        .call = on_tick,
    };
    int64_t first_ms = now_ms;
    if (!keeper->orders->once)
        first_ms += schedule_spread_ms(settings->gateway, CONNECT_SPREAD_MS);
    if (!loop_watch(&keeper->loop, &keeper->ticker) || !keeper_open_line(keeper, first_ms))
        return EXITS_SYSTEM;
    port_catch_reload();
    return EXITS_DONE;
}

/* ---- configuration ---- */

static void heed_reload(struct keeper *keeper)
{
    if (!port_asked_to_reload())
        return;
    keeper->reload = keeper_read(keeper);
    keeper->status_due_ms = 0;
    if (!keeper->reload)
        log_error("config", "%s is not taken: the old configuration goes on", keeper->file);
    else if (keeper->round.on)
        log_info("config", "%s is taken when the run has ended", keeper->file);
}

static void take_reload(struct keeper *keeper, int64_t now_ms)
{
    const struct settings *settings = &keeper->rooms[1 - keeper->room].settings;
    keeper_close_line(keeper, AGENT_ONLINE);
    round_forget(&keeper->round);
    schedule_reload(&keeper->schedule, settings, settings->gateway, now_ms);
    keeper_take_room(keeper);
    changes_forget_others(&keeper->changes, settings);
    commons_forget(&keeper->commons, settings);
    if (!keeper_open_line(keeper, now_ms))
        log_error("mqtt", "no line to the broker can be opened");
    log_info("config", "%s is taken, with %zu accounts", keeper->file, settings->account_count);
}

/* ---- one turn ---- */

static void heed_clock(struct keeper *keeper, int64_t now_ms)
{
    bool trusted = port_wall_trusted();
    if (trusted != keeper->schedule.clock_trusted)
        log_warn("clock", trusted ? "the clock is set: all checks are made"
                                  : "the clock is not set: only names are checked");
    keeper->schedule.clock_trusted = trusted;
    if (keeper->schedule.paused && now_ms >= keeper->paused_until_ms)
        keeper->schedule.paused = false;
}

/* Goes on with the run that is on, and begins the next one, until something is to be waited for. */
static void work(struct keeper *keeper, int64_t now_ms)
{
    do {
        if (keeper->round.on) {
            if (round_step(&keeper->round))
                return;
            keeper_end_round(keeper, now_ms);
        }
        if (keeper->reload)
            take_reload(keeper, now_ms);
    } while (keeper_next(keeper, now_ms));
}

/* Once after a run and its delivery: then the agent sleeps for minutes, with what it sleeps on. */
static void rest(struct keeper *keeper)
{
    bool busy = keeper->round.on || !outbox_empty(&keeper->outbox);
    if (keeper->busy && !busy) {
        port_give_back(keeper->text, sizeof keeper->text);
        port_give_back_program();
    }
    keeper->busy = busy;
}

static void feed_watchdog(struct keeper *keeper, int64_t now_ms)
{
    if (keeper->watchdog_ms == 0 || now_ms < keeper->watchdog_due_ms)
        return;
    port_notify("WATCHDOG=1");
    keeper->watchdog_due_ms = now_ms + keeper->watchdog_ms / 2;
}

static void sooner(int64_t *moment_ms, int64_t other_ms)
{
    if (other_ms < *moment_ms)
        *moment_ms = other_ms;
}

static int64_t wake_ms(const struct keeper *keeper, int64_t now_ms)
{
    int64_t moment_ms = outbox_wake_ms(&keeper->outbox);
    if (keeper->round.on || keeper->orders->once)
        sooner(&moment_ms, now_ms + TICK_MS);
    else
        sooner(&moment_ms, schedule_next_ms(&keeper->schedule));
    if (keeper->fleet.count > 0 && !keeper->round.on)
        sooner(&moment_ms, keeper->fleet.not_before_ms);
    if (!keeper->schedule.clock_trusted)
        sooner(&moment_ms, now_ms + CLOCK_MS);
    if (keeper->schedule.paused)
        sooner(&moment_ms, keeper->paused_until_ms);
    if (keeper->watchdog_ms > 0)
        sooner(&moment_ms, keeper->watchdog_due_ms);
    if (outbox_wants_status(&keeper->outbox))
        sooner(&moment_ms, keeper->status_due_ms);
    return moment_ms;
}

/* True when --once has nothing left to do or to wait for. */
static bool is_through(struct keeper *keeper, int64_t now_ms)
{
    if (!keeper->orders->once || !keeper_once_through(keeper))
        return false;
    if (keeper->once_deadline_ms == INT64_MAX)
        keeper->once_deadline_ms = now_ms + ONCE_PATIENCE_MS;
    bool online = keeper->uplink == NULL || uplink_state(keeper->uplink) == UPLINK_ONLINE;
    return (online && outbox_empty(&keeper->outbox)) || now_ms >= keeper->once_deadline_ms;
}

static void keep_going(struct keeper *keeper)
{
    for (;;) {
        int64_t now_ms = port_now_ms();
        heed_reload(keeper);
        heed_clock(keeper, now_ms);
        work(keeper, now_ms);
        keeper_show_status(keeper, now_ms);
        outbox_pump(&keeper->outbox);
        feed_watchdog(keeper, now_ms);
        rest(keeper);
        if (is_through(keeper, now_ms))
            return;
        keeper->ticker.deadline_ms = wake_ms(keeper, now_ms);
        if (!loop_turn(&keeper->loop))
            return;
    }
}

/* ---- end ---- */

static void close_keeper(struct keeper *keeper)
{
    port_notify("STOPPING=1");
    round_abandon(&keeper->round);
    port_stop_noted();
    keeper_close_line(keeper, AGENT_STOPPED);
    outbox_end(&keeper->outbox);
    if (keeper->journal != NULL)
        journal_close(keeper->journal);
    log_info("agent", "stopped");
}

static int attend(struct keeper *keeper)
{
    enum exits exits = open_keeper(keeper);
    if (exits != EXITS_DONE)
        return (int)exits;
    log_info("agent", "at work for %zu accounts", keeper_settings(keeper)->account_count);
    port_notify("READY=1");
    keep_going(keeper);
    bool interrupted = port_asked_to_stop();
    close_keeper(keeper);
    if (!keeper->orders->once)
        return EXITS_DONE;
    return interrupted ? (int)EXITS_UNKNOWN : diagnosis_exit_status(keeper->worst);
}

int keeper_run(const struct keeper_orders *orders)
{
    static struct keeper keeper;
    static struct lane lanes[SUITE_LANES_MAX]; /* pages that no run needs are never touched */
    static alignas(max_align_t) char rooms[2][ROOM_SIZE], memory[WORK_SIZE];
    if (keeper.orders != NULL)             /* of an agent before it; in a test there may be one */
        memset(&keeper, 0, sizeof keeper); /* else its pages stay untouched until they are needed */
    keeper.orders = orders;
    keeper.round.lanes = lanes;
    for (size_t i = 0; i < 2; i++)
        arena_begin(&keeper.rooms[i].arena, rooms[i], sizeof rooms[i]);
    arena_begin(&keeper.round.arena, memory, sizeof memory);
    enum exits exits = prepare(&keeper);
    if (exits != EXITS_DONE)
        return (int)exits;
    int status = orders->simulate == NO_FINDING ? attend(&keeper) : rehearsal_run(&keeper);
    wire_finish();
    return status;
}
