/* SPDX-License-Identifier: MIT */
/* Commands of the fleet, parsed and bounded: {"id":"42","do":"run","account":"anna@example.com"}.
 * Every command gets exactly one answer; what is wrong with it is said in the answer. */
#ifndef GATEPOST_COMMAND_H
#define GATEPOST_COMMAND_H

#include "checks.h"
#include "text.h"

#include <stdbool.h>
#include <stdint.h>

#define COMMANDS_WAITING_MAX 16 /* more are answered with "busy" */
#define COMMANDS_PER_MINUTE  30 /* more are answered with "rate-limited" */
#define COMMAND_ID_MAX       65 /* bytes, terminator included */

enum command_verb {
    COMMAND_RUN,
    COMMAND_EXPLAIN,
    COMMAND_SUPPORT,
    COMMAND_PAUSE,
    COMMAND_RESUME,
    COMMAND_FORGET_REFUSAL,
    COMMAND_WAIT,
    COMMAND_VERBS
};

struct command {
    char id[COMMAND_ID_MAX]; /* "" when it could not be read */
    enum command_verb verb;
    char account[321];     /* "" for all */
    check_set only;        /* evidence included; 0 for all */
    char code[64];         /* explain: finding, remedy or check */
    int language;          /* enum language, or -1 for the settings' */
    uint32_t seconds;      /* pause, wait: for how long; 0: until resume */
    char reply_topic[256]; /* "" for ours */
    uint8_t correlation[64];
    size_t correlation_len;
};

/* Reads a command strictly: unknown members, wrong types and sizes are refused. False: into_wrong
   says what is wrong, in words for the fleet's operator, and into_command->id is set where it could
   be read. */
bool command_read(struct slice payload, struct command *into_command, char *into_wrong,
                  size_t size) MUST_USE;

/* A bucket of COMMANDS_PER_MINUTE; false when it is empty. */
struct command_rate {
    int64_t at_ms;
    uint32_t tokens_milli; /* thousandths of a command */
};
bool command_allowed(struct command_rate *rate, int64_t now_ms);

const char *command_verb_name(enum command_verb verb);

#endif
