/* SPDX-License-Identifier: MIT */
#include "settings.h"

#include "names.h"
#include "settings_rows.h"

#include <string.h>

#define PROGRAM_DIRECTORY "gatepost"

#define SETTING_TEXT(scope, name, text_, required_, help)                                          \
    SETTING_##scope({ .key = #name,                                                                \
                      .type = SETTING_IS_TEXT,                                                     \
                      .offset = offsetof(OWNER, name),                                             \
                      .text = text_,                                                               \
                      .required = required_ }, )
#define SETTING_NUMBER(scope, name, number_, minimum_, maximum_, help)                             \
    SETTING_##scope({ .key = #name,                                                                \
                      .type = SETTING_IS_NUMBER,                                                   \
                      .offset = offsetof(OWNER, name),                                             \
                      .number = number_,                                                           \
                      .minimum = minimum_,                                                         \
                      .maximum = maximum_ }, )
#define LIST_OF(...) __VA_ARGS__
#define SETTING_LIST(scope, name, kind_, list_, help)                                              \
    SETTING_##scope({ .key = #name,                                                                \
                      .type = SETTING_IS_LIST,                                                     \
                      .offset = offsetof(OWNER, name),                                             \
                      .kind = SETTING_KIND_##kind_,                                                \
                      .list = (const char *const[]){ LIST_OF list_, NULL } }, )
#define SETTING_CHOICE(scope, name, word, words_, help)                                            \
    SETTING_##scope({ .key = #name,                                                                \
                      .type = SETTING_IS_CHOICE,                                                   \
                      .offset = offsetof(OWNER, name),                                             \
                      .text = word,                                                                \
                      .words = words_ }, )

#define OWNER              struct settings
#define SETTING_AGENT(...) __VA_ARGS__
#define SETTING_ACCOUNT(...)
static const struct setting_row agent_rows[] = {
#include "settings.def"
};
#undef OWNER
#undef SETTING_AGENT
#undef SETTING_ACCOUNT

#define OWNER struct account_settings
#define SETTING_AGENT(...)
#define SETTING_ACCOUNT(...) __VA_ARGS__
static const struct setting_row account_rows[] = {
#include "settings.def"
};
#undef OWNER
#undef SETTING_AGENT
#undef SETTING_ACCOUNT
#undef SETTING_TEXT
#undef SETTING_NUMBER
#undef SETTING_LIST
#undef SETTING_CHOICE

const struct setting_rows settings_agent_rows = {
    agent_rows,
    sizeof agent_rows / sizeof *agent_rows,
};
const struct setting_rows settings_account_rows = {
    account_rows,
    sizeof account_rows / sizeof *account_rows,
};

const struct setting_row *settings_row(const struct setting_rows *rows, const char *key)
{
    for (size_t i = 0; i < rows->count; i++)
        if (slice_is(slice_of(rows->row[i].key), key))
            return &rows->row[i];
    return NULL;
}

int settings_choice(const char *words, const char *word)
{
    struct slice rest = slice_of(words), part;
    for (int at = 0; slice_cut(&rest, '|', &part); at++)
        if (slice_is(part, word))
            return at;
    return -1;
}

static struct setting_list list_of(const struct setting_row *row)
{
    struct setting_list list = { .count = 0 };
    while (list.count < SETTINGS_LIST_MAX && row->list[list.count] != NULL) {
        list.value[list.count] = row->list[list.count];
        list.count++;
    }
    return list;
}

void settings_fill(const struct setting_rows *rows, void *into_settings)
{
    for (size_t i = 0; i < rows->count; i++) {
        const struct setting_row *row = &rows->row[i];
        void *field = (char *)into_settings + row->offset;
        switch (row->type) {
        case SETTING_IS_TEXT:
            *(const char **)field = row->text;
            break;
        case SETTING_IS_NUMBER:
            *(int64_t *)field = row->number;
            break;
        case SETTING_IS_LIST:
            *(struct setting_list *)field = list_of(row);
            break;
        case SETTING_IS_CHOICE:
            *(int *)field = settings_choice(row->words, row->text);
            break;
        }
    }
}

void settings_defaults(struct settings *into_settings, struct arena *arena)
{
    (void)arena; /* defaults are constants; only what a file says needs memory */
    *into_settings = (struct settings){ .file = NULL };
    settings_fill(&settings_agent_rows, into_settings);
}

const struct account_settings *settings_account(const struct settings *settings,
                                                const char *address)
{
    for (size_t i = 0; i < settings->account_count; i++)
        if (slice_is_nocase(slice_of(settings->accounts[i].address), address))
            return &settings->accounts[i];
    return NULL;
}

bool settings_bare_account(struct account_settings *into_account, struct arena *arena,
                           const char *address)
{
    if (!names_is_mailbox(slice_of(address)))
        return false;
    const char *copy = text_copy_string(arena, address);
    if (copy == NULL)
        return false;
    settings_fill(&settings_account_rows, into_account);
    into_account->address = copy;
    return true;
}

void settings_bare_domain(struct account_settings *into_account, const char *domain)
{
    settings_fill(&settings_account_rows, into_account);
    into_account->address = domain;
}

bool settings_has_mailbox(const struct account_settings *account)
{
    return strchr(account->address, '@') != NULL;
}

const char *settings_domain(const struct account_settings *account)
{
    const char *at = strrchr(account->address, '@');
    return at == NULL ? account->address : at + 1;
}

size_t settings_resolvers(const struct settings *settings, struct address *into, size_t room)
{
    const struct setting_list *list = &settings->resolvers;
    size_t count = 0;
    if (list->count == 0)
        return port_resolvers(into, room);
    for (size_t i = 0; i < list->count && count < room; i++)
        if (port_address_read(list->value[i], &into[count]))
            into[count++].port = 53;
    return count;
}

/* The XDG base directory specification: a relative path there is to be ignored. */
static const char *absolute_environment(const char *name)
{
    const char *path = port_environment(name);
    return path != NULL && path[0] == '/' ? path : NULL;
}

const char *settings_state_directory(const struct settings *settings, struct arena *arena)
{
    if (settings->state_directory[0] != '\0')
        return settings->state_directory;
    const char *state = absolute_environment("XDG_STATE_HOME");
    const char *home = absolute_environment("HOME");
    if (port_is_root() || (state == NULL && home == NULL))
        return "/var/lib/" PROGRAM_DIRECTORY;
    if (state != NULL)
        return text_format(arena, "%s/" PROGRAM_DIRECTORY, state);
    return text_format(arena, "%s/.local/state/" PROGRAM_DIRECTORY, home);
}

/* "fr" and "fr_CH.UTF-8" are French; "frr" is not. */
static bool is_french(const char *locale)
{
    return slice_starts_nocase(slice_of(locale), "fr") &&
           (locale[2] == '\0' || locale[2] == '_' || locale[2] == '.' || locale[2] == '@');
}

static enum language environment_language(void)
{
    static const char *const names[] = { "LC_ALL", "LC_MESSAGES", "LANG" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *locale = port_environment(names[i]);
        if (locale != NULL && locale[0] != '\0')
            return is_french(locale) ? LANGUAGE_FR : LANGUAGE_EN;
    }
    return LANGUAGE_EN;
}

bool settings_language(const struct settings *settings, const char *asked,
                       enum language *into_language)
{
    static const char words[] = "auto|en|fr";
    int chosen = asked == NULL ? settings->language : settings_choice(words, asked);
    if (chosen < 0 || (asked != NULL && chosen == 0))
        return false;
    if (chosen == 0)
        *into_language = environment_language();
    else
        *into_language = chosen == 1 ? LANGUAGE_EN : LANGUAGE_FR;
    return true;
}
