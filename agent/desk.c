/* SPDX-License-Identifier: MIT */
#include "desk.h"

#include <stdio.h>

/* What cannot be written to standard error cannot be told at all: those results are not looked at.
 */

void desk_complain(const struct settings_trouble *trouble)
{
    (void)fprintf(stderr, "%s", trouble->file);
    if (trouble->line > 0)
        (void)fprintf(stderr, ":%d", trouble->line);
    if (trouble->key[0] != '\0')
        (void)fprintf(stderr, ": %s", trouble->key);
    (void)fprintf(stderr, "\n    found:  %s\n", trouble->found);
    if (trouble->wanted[0] != '\0')
        (void)fprintf(stderr, "    wanted: %s\n", trouble->wanted);
    if (trouble->mend[0] != '\0')
        (void)fprintf(stderr, "    mend:   %s\n", trouble->mend);
}

void desk_misused(const char *words)
{
    (void)fprintf(stderr, "gatepost: %s\nSee gatepost --help.\n", words);
}

static void complain_of_all(const struct settings_troubles *troubles)
{
    for (size_t i = 0; i < troubles->count && i < SETTINGS_TROUBLES_MAX; i++)
        desk_complain(&troubles->trouble[i]);
    if (troubles->count > SETTINGS_TROUBLES_MAX)
        (void)fprintf(stderr, "and %zu more\n", troubles->count - SETTINGS_TROUBLES_MAX);
}

const char *desk_settings_file(const struct command_line *line)
{
    struct file_facts facts;
    if (line->config != NULL)
        return line->config;
    return port_file_facts(SETTINGS_DEFAULT_FILE, &facts) == FILE_MISSING ? NULL
                                                                          : SETTINGS_DEFAULT_FILE;
}

/* A command that needs nothing from the configuration works also where that is broken. */
static bool needs_settings(const struct command_line *line)
{
    if (line->command == COMMAND_LIST)
        return line->config != NULL || slice_is(slice_of(line->argument), "profiles");
    return line->command != COMMAND_EXPLAIN;
}

enum exits desk_open(struct desk *desk, const struct command_line *line)
{
    const char *file = needs_settings(line) ? desk_settings_file(line) : NULL;
    struct settings_troubles troubles;
    if (file == NULL) {
        settings_defaults(&desk->settings, &desk->kept);
    } else if (!settings_read(file, &desk->kept, &desk->settings, &troubles)) {
        complain_of_all(&troubles);
        return EXITS_CONFIG;
    }
    if (settings_language(&desk->settings, line->language, &desk->language))
        return EXITS_DONE;
    desk_misused("--lang wants en or fr");
    return EXITS_USAGE;
}
