/* SPDX-License-Identifier: MIT */
/* What the files of the keeper share: one agent at work. */
#ifndef GATEPOST_KEEPER_PARTS_H
#define GATEPOST_KEEPER_PARTS_H

#include "../port/port.h"
#include "changes.h"
#include "command.h"
#include "keeper.h"
#include "outbox.h"
#include "round.h"
#include "schedule.h"
#include "support.h"
#include "uplink.h"

#define KEEPER_PATH_MAX    1100
#define KEEPER_NAME_MAX    256
#define KEEPER_TROUBLE_MAX 256

/* A configuration in memory of its own: while a new one is judged, the old one goes on. */
struct keeper_room {
    struct arena arena;
    struct settings settings;
};

/* What a command of the fleet left to be done between two runs. */
struct fleet_task {
    char account[321]; /* "" for all */
    size_t next;       /* of all: the place of the one whose turn it is */
    check_set only;    /* 0 for all */
    bool support;      /* the run is made for a support request */
    int language;      /* enum language, or -1 */
};

struct fleet {
    struct command_rate rate;
    struct fleet_task task[COMMANDS_WAITING_MAX]; /* oldest first */
    size_t count;
    int64_t not_before_ms; /* another gatepost is at work: no task before */
};

struct keeper {
    const struct keeper_orders *orders;
    char file[KEEPER_PATH_MAX];  /* configuration */
    char state[KEEPER_PATH_MAX]; /* directory */
    char user[KEEPER_NAME_MAX];  /* as it was at the start */
    int64_t journal_bytes;       /* with which the journal is open, or will be */
    struct keeper_room rooms[2];
    size_t room; /* the one in use */
    bool reload; /* the other room holds the configuration that is to come */
    char settings_trouble[KEEPER_TROUBLE_MAX]; /* why the last reload was refused, or "" */

    struct loop loop;
    struct watcher ticker;
    struct schedule schedule;
    int64_t paused_until_ms; /* counts while schedule.paused */
    struct round round;
    int64_t round_ended_ms;
    struct fleet fleet;
    bool fleet_began; /* the round was begun for the fleet's first task */

    struct journal *journal; /* NULL without a broker */
    struct outbox outbox;
    struct uplink *uplink;
    struct uplink_calls calls;
    struct uplink_words words;
    char client_id[KEEPER_NAME_MAX + 16], command_topic[TOPIC_MAX], status_topic[TOPIC_MAX];
    char will[PAYLOAD_MAX];
    struct changes changes;

    int64_t started_wall_ms;
    enum uplink_trouble trouble; /* why the last connection or attempt ended */
    char trouble_words[KEEPER_TROUBLE_MAX];
    struct status_facts told; /* the last status */
    int64_t status_due_ms;
    int64_t watchdog_ms, watchdog_due_ms; /* period; 0: none */

    size_t once_next;            /* --once: the account whose turn it is */
    int64_t once_deadline_ms;    /* for what is still to be delivered; INT64_MAX while runs go on */
    enum status worst;           /* verdict of the runs of --once */
    bool busy;                   /* with a run, or with the delivery of what it told */
    char text[SUPPORT_JSON_MAX]; /* of the message that is being made */
};

static inline const struct settings *keeper_settings(const struct keeper *keeper)
{
    return &keeper->rooms[keeper->room].settings;
}

/* ---- keeper_settings.c ---- */

/* Reads the configuration into the room that is not in use. False: nothing changes; the troubles
   are in the log, and the first one in settings_trouble. */
bool keeper_read(struct keeper *keeper) MUST_USE;

/* Takes the other room into use. */
void keeper_take_room(struct keeper *keeper);

/* ---- keeper_line.c ---- */

/* Opens the uplink, or none where no broker is configured. */
bool keeper_open_line(struct keeper *keeper, int64_t first_ms) MUST_USE;

/* Shows a status when it is due, or says something new. */
void keeper_show_status(struct keeper *keeper, int64_t now_ms);

/* Says the last status and ends the connection, turning the loop for at most 1.6 s. */
void keeper_close_line(struct keeper *keeper, enum agent_state state);

/* ---- keeper_round.c ---- */

/* A moment of port_now_ms's scale on the wall clock; 0 for one that does not come. */
int64_t keeper_wall_ms(int64_t moment_ms);

/* Does what comes next: the fleet's first task, else what is due. False when there is nothing, or
   it cannot begin now; true when keeper->round.on, or when there may be more. */
bool keeper_next(struct keeper *keeper, int64_t now_ms) MUST_USE;

/* When --once has begun all of its runs. */
bool keeper_once_through(const struct keeper *keeper);

/* Tells what the round has found. */
void keeper_end_round(struct keeper *keeper, int64_t now_ms);

/* Publishes the support request of the account whose round was the last. */
void keeper_support(struct keeper *keeper, int language);

/* ---- fleet.c ---- */

void fleet_command(void *owner, struct slice payload, const char *reply_topic,
                   struct slice correlation);

/* The account whose turn it is by the fleet's first task; NULL when there is none. */
const struct account_settings *fleet_account(struct keeper *keeper);

/* That account's turn is over. */
void fleet_done(struct keeper *keeper);

#endif
