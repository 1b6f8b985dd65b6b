/* SPDX-License-Identifier: MIT */
/* A command of the fleet that holds anything. */
#include "../../agent/command.h"
#include "../../agent/names.h"

#include "target.h"

#define WRONG_MAX 200 /* as fleet.c has it */

static bool is_terminated(const char *text, size_t size)
{
    return memchr(text, '\0', size) != NULL;
}

/* What is done with a command relies on these. */
static void look_at(const struct command *command)
{
    HOLDS(command->id[0] != '\0');
    HOLDS(command->verb < COMMAND_VERBS);
    HOLDS(command->only >> CHECK_COUNT == 0);
    HOLDS(command->language >= -1 && command->language < LANGUAGES);
    HOLDS(command->account[0] == '\0' || names_is_mailbox(slice_of(command->account)));
    HOLDS(command->verb != COMMAND_WAIT || command->seconds > 0);
    HOLDS(command->verb != COMMAND_EXPLAIN || command->code[0] != '\0');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct command command;
    char wrong[WRONG_MAX] = "";
    char *copy = malloc(size > 0 ? size : 1); /* of its own size, so that a byte too far is seen */
    HOLDS(copy != NULL);
    memcpy(copy, data, size);
    bool good = command_read((struct slice){ copy, size }, &command, wrong, sizeof wrong);
    free(copy);
    HOLDS(is_terminated(command.id, sizeof command.id));
    HOLDS(is_terminated(command.account, sizeof command.account));
    HOLDS(is_terminated(command.code, sizeof command.code));
    HOLDS(is_terminated(wrong, sizeof wrong));
    HOLDS(names_is_plain(slice_of(command.id)));
    if (good)
        look_at(&command);
    else
        HOLDS(wrong[0] != '\0' && names_is_plain(slice_of(wrong)));
    return 0;
}
