/* SPDX-License-Identifier: MIT */
#include "delivery.h"

#include "changes.h"
#include "report.h"
#include "support.h"

#include <stdio.h>

static enum exits write_file(const char *path, struct slice bytes)
{
    enum file_result result = port_file_replace(path, bytes.at, bytes.len, 0600);
    if (result == FILE_DONE)
        return EXITS_DONE;
    (void)fprintf(stderr, "gatepost: the report cannot be written to %s%s%s\n", path,
                  result == FILE_TROUBLE ? ": " : "",
                  result == FILE_TROUBLE ? port_trouble() : ""); /* nowhere else to say it */
    return EXITS_NO_FILE;
}

static enum exits no_memory(void)
{
    (void)fputs("gatepost: no memory for the report\n", stderr); /* nowhere else to say it */
    return EXITS_SYSTEM;
}

/* As JSON where that is wanted, as text otherwise. */
static enum exits publish_report(struct desk *desk, const struct command_line *line,
                                 const struct view *view, const struct order *order,
                                 const struct run *run)
{
    if (!line->json)
        view_report(view, order, run);
    if (!line->json && line->output == NULL)
        return EXITS_DONE;
    char *json = arena_take(&desk->kept, REPORT_MAX);
    size_t len = 0;
    if (json == NULL || !report_write(order, run, NULL, true, json, REPORT_MAX, &len))
        return no_memory();
    if (line->json)
        (void)fwrite(json, 1, len, stdout); /* looked at by main */
    return line->output == NULL ? EXITS_DONE
                                : write_file(line->output, (struct slice){ json, len });
}

/* Since when the agent, where one works beside us, has known of the causes. */
static struct support_history history_of(struct desk *desk, const struct order *order,
                                         const struct run *run)
{
    struct support_history history = { { 0 } };
    const struct changes_account *known = NULL;
    const char *directory = settings_state_directory(&desk->settings, &desk->kept);
    struct changes *changes = ARENA_NEW(&desk->kept, struct changes);
    if (changes == NULL || directory == NULL)
        return history;
    changes_open(changes, directory);
    for (size_t i = 0; i < SETTINGS_ACCOUNTS_MAX; i++)
        if (slice_is_nocase(slice_of(changes->accounts[i].address), order->account->address))
            known = &changes->accounts[i];
    for (size_t i = 0; known != NULL && i < run->diagnosis.root_count; i++)
        for (size_t j = 0; j < known->raised_count; j++)
            if (known->raised[j].finding == run->diagnosis.roots[i].raised->finding)
                history.since_wall_ms[i] = known->raised[j].since_ms;
    return history;
}

bool delivery_markdown(struct desk *desk, const struct order *order, const struct run *run,
                       char *into, size_t size, size_t *into_len)
{
    const struct support_history history = history_of(desk, order, run);
    return support_markdown(order, run, desk->language, &history, into, size, into_len);
}

static bool write_json(struct desk *desk, const struct order *order, const struct run *run,
                       char into[SUPPORT_JSON_MAX], size_t *into_len)
{
    const struct support_history history = history_of(desk, order, run);
    return support_json(order, run, desk->language, &history, NULL, into, SUPPORT_JSON_MAX,
                        into_len);
}

/* The file gets what standard output shows: it is the same request. */
static enum exits publish_support(struct desk *desk, const struct command_line *line,
                                  const struct order *order, const struct run *run)
{
    char *request = arena_take(&desk->kept, SUPPORT_JSON_MAX);
    size_t len = 0;
    if (request == NULL)
        return no_memory();
    bool done = line->json ? write_json(desk, order, run, request, &len)
                           : delivery_markdown(desk, order, run, request, SUPPORT_MAX, &len);
    if (!done)
        return no_memory();
    (void)fwrite(request, 1, len, stdout); /* looked at by main */
    return line->output == NULL ? EXITS_DONE
                                : write_file(line->output, (struct slice){ request, len });
}

enum exits delivery_publish(struct desk *desk, const struct command_line *line,
                            const struct view *view, const struct order *order,
                            const struct run *run)
{
    return line->command == COMMAND_SUPPORT ? publish_support(desk, line, order, run)
                                            : publish_report(desk, line, view, order, run);
}
