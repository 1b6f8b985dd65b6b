/* SPDX-License-Identifier: MIT */
/* The program: memory, the command line, one command, the exit status. */
#include "../port/port.h"
#include "audit.h"
#include "budget.h"
#include "desk.h"
#include "doctor.h"
#include "explanation.h"
#include "keeper.h"
#include "listing.h"
#include "names.h"
#include "profile.h"
#include "reasoning.h"
#include "starter.h"

#include <stdalign.h>
#include <stdio.h>

#define KEPT_SIZE 524288 /* configuration at its longest, profile, run, report: 400 kB */
#define WORK_SIZE 524288 /* pages that no run needs are never touched */

#define HOLD_WAIT_MS 10000

static alignas(max_align_t) char kept[KEPT_SIZE];
static alignas(max_align_t) char work[WORK_SIZE];

/* What the file says of profiles is judged by reading them; each account's is let go again. */
static enum exits judge_profiles(struct desk *desk)
{
    enum exits exits = EXITS_DONE;
    for (size_t i = 0; i < desk->settings.account_count; i++) {
        struct settings_trouble trouble;
        struct profile *profile = ARENA_NEW(&desk->work, struct profile);
        if (profile == NULL)
            return EXITS_SYSTEM;
        if (!profile_load(&desk->settings, &desk->settings.accounts[i], &desk->work, profile,
                          &trouble)) {
            desk_complain(&trouble);
            exits = EXITS_CONFIG;
        }
        arena_reset(&desk->work);
    }
    return exits;
}

static enum exits judge_configuration(struct desk *desk)
{
    const char *file = desk->settings.file;
    enum exits exits = judge_profiles(desk);
    if (exits != EXITS_DONE)
        return exits;
    if (file == NULL)
        (void)printf("No configuration: " SETTINGS_DEFAULT_FILE
                     " is not there.\n"); /* looked at in main */
    else
        (void)printf("%s: no fault found, %zu accounts.\n", file,
                     desk->settings.account_count); /* as above */
    return EXITS_DONE;
}

static enum exits forget_refusal(struct desk *desk, const char *address)
{
    const char *directory = settings_state_directory(&desk->settings, &desk->kept);
    if (!names_is_mailbox(slice_of(address))) {
        desk_misused("ADDRESS is an e-mail address such as anna@example.com");
        return EXITS_USAGE;
    }
    if (directory == NULL)
        return EXITS_SYSTEM;
    struct file_facts facts;
    if (port_file_facts(directory, &facts) == FILE_MISSING) {
        (void)puts("Nothing was refused."); /* looked at in main */
        return EXITS_DONE;
    }
    if (budget_hold(directory, HOLD_WAIT_MS) == BUDGET_BUSY) {
        (void)fprintf(stderr, "gatepost: another gatepost is at work in %s\n",
                      directory); /* nowhere else to say it */
        return EXITS_BUSY;
    }
    switch (budget_forget(directory, address)) {
    case BUDGET_FORGOT:
        (void)puts("Forgotten: the next check tries the password again."); /* looked at in main */
        return EXITS_DONE;
    case BUDGET_NOTHING_KEPT:
        (void)puts("Nothing was refused."); /* as above */
        return EXITS_DONE;
    case BUDGET_NOT_STORABLE:
        break;
    }
    (void)fprintf(stderr, "gatepost: %s/budget cannot be written\n",
                  directory); /* nowhere else to say it */
    return EXITS_NO_FILE;
}

static int run_agent(const struct command_line *line)
{
    struct keeper_orders orders = { .file = line->config, .once = line->once };
    if (line->simulate != NULL)
        orders.simulate = finding_find(slice_of(line->simulate));
    if (line->simulate == NULL || orders.simulate != NO_FINDING)
        return keeper_run(&orders);
    desk_misused("there is no such finding, see gatepost list findings");
    return EXITS_USAGE;
}

/* A code is taken for one even where a file has that name. */
static enum exits explain(struct desk *desk, const char *what)
{
    if (!explanation_knows(what) && reasoning_is_file(what))
        return reasoning_print(desk, what);
    return explanation_print(what, desk->language);
}

static int perform(struct desk *desk, const struct command_line *line)
{
    if (line->command == COMMAND_DOCTOR)
        return doctor_run(desk, line);
    if (line->command == COMMAND_AGENT)
        return run_agent(line);
    enum exits opened = desk_open(desk, line);
    if (opened != EXITS_DONE)
        return (int)opened;
    switch (line->command) {
    case COMMAND_CHECK:
    case COMMAND_SUPPORT:
        return audit_run(desk, line);
    case COMMAND_INIT:
        return (int)starter_run(desk, line);
    case COMMAND_DOCTOR:
        break; /* it opens its desk itself */
    case COMMAND_AGENT:
        break; /* it needs none */
    case COMMAND_EXPLAIN:
        return (int)explain(desk, line->argument);
    case COMMAND_LIST:
        listing_print(desk, line);
        break;
    case COMMAND_CONFIG:
        return (int)judge_configuration(desk);
    case COMMAND_FORGET_REFUSAL:
        return (int)forget_refusal(desk, line->argument);
    case COMMAND_COUNT:
        break;
    }
    return EXITS_DONE;
}

static int run(const struct command_line *line)
{
    if (line->version) {
        (void)puts("gatepost " GATEPOST_VERSION); /* looked at in main */
        return EXITS_DONE;
    }
    if (line->help) {
        command_line_help(line->command);
        return EXITS_DONE;
    }
    static struct desk desk;
    arena_begin(&desk.kept, kept, sizeof kept);
    arena_begin(&desk.work, work, sizeof work);
    return perform(&desk, line);
}

int main(int count, char **words)
{
    struct command_line line;
    char room[COMMAND_LINE_SAID_MAX];
    struct text complaint;
    port_start();
    text_begin(&complaint, room, sizeof room);
    if (!command_line_read(count > 0 ? (size_t)count - 1 : 0, words + 1, &line, &complaint)) {
        desk_misused(room);
        return EXITS_USAGE;
    }
    int status = run(&line);
    if (fflush(stdout) == 0 && ferror(stdout) == 0)
        return status;
    (void)fputs("gatepost: standard output cannot be written\n",
                stderr); /* nowhere else to say it */
    return EXITS_NO_OUTPUT;
}
