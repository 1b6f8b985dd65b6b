/* SPDX-License-Identifier: MIT */
#include "profile.h"

#include "pattern.h"
#include "profile_read.h"

#include <assert.h>
#include <string.h>

#define DIRECTORY_FILES_MAX 32 /* profiles looked at in the directory */
#define SUFFIX              ".json"

bool profile_host_matches(const char *pattern, const char *host)
{
    return pattern_matches_host(pattern, slice_of(host));
}

enum finding profile_reply_means(const struct profile *profile, enum service service,
                                 enum stage stage, struct slice said)
{
    for (size_t i = 0; i < profile->reply_count; i++) {
        const struct profile_reply *reply = &profile->replies[i];
        if (reply->service == service && reply->stage == stage &&
            pattern_matches(reply->pattern, said))
            return reply->finding;
    }
    return NO_FINDING;
}

/* ---- names ---- */

/* Puts a name where it belongs in the order of bytes; one that is there already, or for which there
 * is no room, is passed over. */
static size_t insert_name(const char **names, size_t count, size_t room, const char *name)
{
    size_t at = 0;
    while (at < count && strcmp(names[at], name) < 0)
        at++;
    if (name[0] == '\0' || count == room || (at < count && strcmp(names[at], name) == 0))
        return count;
    memmove(&names[at + 1], &names[at], (count - at) * sizeof *names);
    names[at] = name;
    return count + 1;
}

/* The file's name without its suffix; "" for another kind of file, or where the arena is full. */
static const char *name_of_file(struct arena *arena, const char *file)
{
    struct slice name = slice_of(file);
    if (!slice_ends_nocase(name, SUFFIX))
        return "";
    name.len -= sizeof SUFFIX - 1;
    const char *copy = text_copy(arena, name);
    return copy == NULL ? "" : copy;
}

size_t profile_names(const struct settings *settings, struct arena *arena, const char **into,
                     size_t room)
{
    size_t count = 0;
    for (const struct profile_file *file = profiles_embedded; file->name != NULL; file++)
        count = insert_name(into, count, room, file->name);
    char files[DIRECTORY_FILES_MAX][PORT_NAME_MAX];
    size_t listed = port_directory_list(settings->profile_directory, files, DIRECTORY_FILES_MAX);
    for (size_t i = 0; i < listed; i++)
        count = insert_name(into, count, room, name_of_file(arena, files[i]));
    return count;
}

/* ---- loading ---- */

static bool is_name(const char *name)
{
    size_t len = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-");
    return len > 0 && name[len] == '\0';
}

static void unknown_name(const struct settings *settings, const char *name, struct arena *arena,
                         struct settings_trouble *into_trouble)
{
    const char *names[PROFILE_NAMES_MAX];
    char buffer[SETTINGS_TEXT_MAX];
    struct text text;
    text_begin(&text, buffer, sizeof buffer);
    size_t count = profile_names(settings, arena, names, PROFILE_NAMES_MAX);
    for (size_t i = 0; i < count; i++)
        text_add_format(&text, "%s%s", i > 0 ? ", " : "one of ", names[i]);
    const char *wanted = text_copy(arena, text_slice(&text));
    text_begin(&text, buffer, 64); /* names are short; a long one is none */
    text_add_printable(&text, slice_of(name));
    const char *found = text_copy(arena, text_slice(&text));
    *into_trouble = (struct settings_trouble){
        .file = settings->file,
        .key = "profile",
        .found = found == NULL ? "" : found,
        .wanted = wanted == NULL ? "" : wanted,
        .mend = "choose one of those that `gatepost list profiles` names",
    };
}

static void unreadable(enum file_result result, const char *path,
                       struct settings_trouble *into_trouble)
{
    bool too_long = result == FILE_TOO_LONG;
    *into_trouble = (struct settings_trouble){
        .file = path,
        .key = "",
        .found = too_long ? "a longer file" : "a file that cannot be read",
        .wanted = too_long ? "at most 16384 bytes" : "a file of the user that runs gatepost",
        .mend = "correct the file, or remove it to use the profile inside the program",
    };
}

/* What the settings say about the account's servers goes before what its provider's guide says. */
static void prefer_settings(const struct account_settings *account, struct profile *profile)
{
    if (account->webmail_host[0] != '\0')
        profile->webmail.host = account->webmail_host;
    if (account->imap_host[0] != '\0')
        profile->imap.host = account->imap_host;
    if (account->pop_host[0] != '\0')
        profile->pop.host = account->pop_host;
    if (account->exchange_host[0] != '\0')
        profile->exchange.host = account->exchange_host;
    if (account->submission_host[0] != '\0')
        profile->submission.host = account->submission_host;
    if (account->dkim_selectors.count > 0) {
        profile->dkim_selector_count = account->dkim_selectors.count;
        memcpy(profile->dkim_selectors, account->dkim_selectors.value,
               account->dkim_selectors.count * sizeof *profile->dkim_selectors);
    }
    if (account->expected_mx.count == 0)
        return;
    profile->mx_allowed_count = profile->mx_legacy_count = 0;
    profile->mx_count = account->expected_mx.count;
    for (size_t i = 0; i < profile->mx_count; i++)
        profile->mx[i] = (struct profile_mx){ .host = account->expected_mx.value[i],
                                              .preference = (uint16_t)(10 * (i + 1)) };
}

static_assert(SETTINGS_LIST_MAX <= PROFILE_MX_MAX, "every expected MX has room");
static_assert(SETTINGS_LIST_MAX <= PROFILE_NAMES_MAX, "every DKIM selector has room");

/* What the account wants of its provider, the profile must have. */
static bool judge_together(const struct settings *settings, const struct account_settings *account,
                           struct profile *profile, struct settings_trouble *into_trouble)
{
    bool by_token = account->auth != AUTH_PASSWORD;
    struct settings_trouble trouble = { .file = settings->file == NULL ? "" : settings->file };
    if (by_token && profile->oauth.host == NULL)
        trouble = (struct settings_trouble){ trouble.file,
                                             0,
                                             "auth",
                                             "a token, and a profile that knows no token server",
                                             "\"password\", or a profile with \"oauth\"",
                                             "change \"auth\" or \"profile\"" };
    else if (by_token && profile->oauth.path == NULL)
        trouble = (struct settings_trouble){ trouble.file,
                                             0,
                                             "oauth_tenant",
                                             "nothing",
                                             "the directory (tenant) that gives the token",
                                             "add \"oauth_tenant\"" };
    else if (account->api_key_file[0] != '\0' && profile->api == API_NONE)
        trouble = (struct settings_trouble){ trouble.file,
                                             0,
                                             "api_key_file",
                                             "keys, and a profile that knows no such interface",
                                             "a profile with \"api\"",
                                             "change \"profile\", or remove \"api_key_file\"" };
    if (profile->oauth.path == NULL)
        profile->oauth.host = NULL;
    if (trouble.key == NULL)
        return true;
    *into_trouble = trouble;
    return false;
}

static const struct profile_file *find_embedded(const char *name)
{
    const struct profile_file *file = profiles_embedded;
    while (file->name != NULL && strcmp(file->name, name) != 0)
        file++;
    return file->name == NULL ? NULL : file;
}

bool profile_load(const struct settings *settings, const struct account_settings *account,
                  struct arena *arena, struct profile *into_profile,
                  struct settings_trouble *into_trouble)
{
    if (!is_name(account->profile)) {
        unknown_name(settings, account->profile, arena, into_trouble);
        return false;
    }
    static char bytes[PROFILE_FILE_MAX];
    struct slice json = { bytes, 0 };
    const char *path =
        text_format(arena, "%s/%s" SUFFIX, settings->profile_directory, account->profile);
    enum file_result result = FILE_TROUBLE;
    if (path != NULL)
        result = port_file_read(path, bytes, sizeof bytes, &json.len);
    const struct profile_file *embedded = find_embedded(account->profile);
    if (result == FILE_MISSING && embedded != NULL) {
        json = (struct slice){ embedded->bytes, embedded->size };
        path = text_format(arena, "%s" SUFFIX " (inside the program)", account->profile);
    } else if (result == FILE_MISSING) {
        unknown_name(settings, account->profile, arena, into_trouble);
        return false;
    } else if (result != FILE_DONE) {
        unreadable(result, path, into_trouble);
        return false;
    }
    struct profile profile;
    if (!profile_read(json, path, account, arena, &profile, into_trouble))
        return false;
    profile.name = account->profile;
    prefer_settings(account, &profile);
    if (!judge_together(settings, account, &profile, into_trouble))
        return false;
    *into_profile = profile;
    return true;
}
