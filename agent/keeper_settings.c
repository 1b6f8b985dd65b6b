/* SPDX-License-Identifier: MIT */
#include "keeper_parts.h"
#include "log.h"

static void tell(const struct settings_trouble *trouble)
{
    log_error("config", "%s:%d: %s: found %s; wanted %s; mend: %s", trouble->file, trouble->line,
              trouble->key, trouble->found, trouble->wanted, trouble->mend);
}

static void note(struct keeper *keeper, const struct settings_troubles *troubles)
{
    const struct settings_trouble *first = &troubles->trouble[0];
    struct text text;
    for (size_t i = 0; i < troubles->count && i < SETTINGS_TROUBLES_MAX; i++)
        tell(&troubles->trouble[i]);
    text_begin(&text, keeper->settings_trouble, sizeof keeper->settings_trouble);
    text_add_format(&text, "line %d", first->line);
    text_add_format(&text, ": %s", first->key);
    text_add_format(&text, ": %s", first->found);
}

/* The name that reports and topics have, which the file need not tell. */
static bool settle_gateway(struct keeper_room *room)
{
    char host[KEEPER_NAME_MAX];
    if (room->settings.gateway[0] != '\0')
        return true;
    port_host_name(host, sizeof host);
    room->settings.gateway = text_copy(&room->arena, slice_of(host));
    return room->settings.gateway != NULL;
}

/* The first one is kept: what was refused is remembered there, and another user may not be able to
   make another one. */
static bool settle_state(struct keeper *keeper, struct keeper_room *room)
{
    if (keeper->state[0] == '\0') {
        const char *state = settings_state_directory(&room->settings, &room->arena);
        struct text text;
        text_begin(&text, keeper->state, sizeof keeper->state);
        text_add_string(&text, state == NULL ? "" : state);
        if (text.len == 0)
            return false;
    } else if (room->settings.state_directory[0] != '\0' &&
               !slice_is(slice_of(room->settings.state_directory), keeper->state)) {
        log_warn("config", "another state_directory counts after a restart");
    }
    room->settings.state_directory = keeper->state;
    return true;
}

bool keeper_read(struct keeper *keeper)
{
    struct keeper_room *room = &keeper->rooms[1 - keeper->room];
    struct settings_troubles troubles;
    keeper->reload = false;
    arena_reset(&room->arena);
    if (!settings_read(keeper->file, &room->arena, &room->settings, &troubles)) {
        note(keeper, &troubles);
        return false;
    }
    if (!settle_gateway(room) || !settle_state(keeper, room)) {
        log_error("config", "no memory for %s", keeper->file);
        return false;
    }
    keeper->settings_trouble[0] = '\0';
    return true;
}

/* What cannot change while the agent is at work: else nobody would know why nothing happens. */
static void settle_rest(struct keeper *keeper, const struct settings *settings)
{
    if (keeper->user[0] == '\0')
        text_put(keeper->user, sizeof keeper->user, slice_of(settings->user));
    else if (!slice_is(slice_of(settings->user), keeper->user))
        log_warn("config", "another user counts after a restart");
    if (keeper->journal == NULL)
        keeper->journal_bytes = settings->journal_bytes;
    else if (settings->journal_bytes != keeper->journal_bytes)
        log_warn("config", "another journal_bytes counts after a restart");
}

void keeper_take_room(struct keeper *keeper)
{
    static const enum log_level levels[] = { LEVEL_DEBUG, LEVEL_INFO, LEVEL_WARNING, LEVEL_ERROR };
    keeper->room = 1 - keeper->room;
    keeper->reload = false;
    const struct settings *settings = keeper_settings(keeper);
    log_set_level(levels[settings->log_level]); /* the words of the row in settings.def */
    port_log_to_system(settings->log == 1);
    settle_rest(keeper, settings);
}
