/* SPDX-License-Identifier: MIT */
#include "names.h"
#include "outline.h"
#include "settings.h"
#include "settings_rows.h"
#include "settings_value.h"

#include <string.h>

#define ACCOUNTS_KEY "accounts"
#define SECRET_KEY   "secret_file"

static void duplicate_key(struct reader *reader, const struct spot *spot)
{
    value_complain(reader, spot, "this key a second time", "each key once",
                   "remove one of the two lines");
}

static bool names_a_password(const char *key)
{
    struct slice text = slice_of(key);
    return slice_has_nocase(text, "passw") || slice_has_nocase(text, "secret") ||
           slice_is_nocase(text, "pass") || slice_is_nocase(text, "pwd");
}

static const char *near_key(const struct setting_rows *rows, const char *key)
{
    struct nearest nearest;
    nearest_begin(&nearest, key);
    for (size_t i = 0; i < rows->count; i++)
        nearest_offer(&nearest, rows->row[i].key);
    if (rows == &settings_agent_rows)
        nearest_offer(&nearest, ACCOUNTS_KEY);
    return nearest_word(&nearest);
}

/* The value is not shown: whoever mistypes a key may have a password behind it. */
static void unknown_key(struct reader *reader, const struct setting_rows *rows,
                        const struct spot *spot, const char *key)
{
    const bool top = rows == &settings_agent_rows;
    const struct setting_rows *others = top ? &settings_account_rows : &settings_agent_rows;
    const char *near = near_key(rows, key);
    if (near != NULL)
        value_complain(reader, spot, "a key that gatepost does not know",
                       text_format(reader->arena, "perhaps \"%s\"", near),
                       text_format(reader->arena, "write \"%s\", or remove the line", near));
    else if (settings_row(others, key) != NULL)
        value_complain(reader, spot, "a key in the wrong place",
                       top ? "it in the object of an account" : "it outside of \"accounts\"",
                       top ? "move the line into the account that it is meant for"
                           : "move the line out of the account");
    else if (names_a_password(key))
        value_complain(
            reader, spot, "a password in this file, which many programs may read",
            "\"secret_file\": the path of a file that holds the password and that only "
            "its owner can read",
            "remove the line; make the file with `install -m 600 /dev/null "
            "/etc/gatepost/secrets/NAME`, write the password into it with an editor, and "
            "write \"secret_file\": \"/etc/gatepost/secrets/NAME\" here");
    else
        value_complain(reader, spot, "a key that gatepost does not know",
                       "a key of the configuration, see gatepost.example.json", "remove the line");
}

static bool seen_before(const cJSON *object, const cJSON *member)
{
    for (const cJSON *earlier = object->child; earlier != member; earlier = earlier->next)
        if (slice_is(slice_of(earlier->string), member->string))
            return true;
    return false;
}

static void require(struct reader *reader, const struct setting_rows *rows, const struct spot *spot,
                    const cJSON *object)
{
    for (size_t i = 0; i < rows->count; i++)
        if (rows->row[i].required &&
            cJSON_GetObjectItemCaseSensitive(object, rows->row[i].key) == NULL)
            value_complain(reader, spot, "nothing",
                           text_format(reader->arena, "the key \"%s\"", rows->row[i].key),
                           text_format(reader->arena, "add \"%s\": \"...\"", rows->row[i].key));
}

static void read_object(struct reader *reader, const struct setting_rows *rows,
                        const struct spot *spot, const cJSON *object, void *into_settings)
{
    size_t ordinal = 0;
    for (const cJSON *member = object->child; member != NULL; member = member->next, ordinal++) {
        struct spot place = spot_within(reader, spot, ordinal, member->string);
        const struct setting_row *row = settings_row(rows, member->string);
        if (seen_before(object, member))
            duplicate_key(reader, &place);
        else if (row != NULL)
            value_read(reader, row, &place, member, into_settings);
        else if (rows != &settings_agent_rows || !slice_is(slice_of(member->string), ACCOUNTS_KEY))
            unknown_key(reader, rows, &place, member->string);
    }
    require(reader, rows, spot, object);
}

struct text_key {
    const char *key, *value;
};

/* A second mailbox takes an address, its secret, and a server to reach it by. */
static void judge_peer(struct reader *reader, const struct spot *spot,
                       const struct account_settings *account)
{
    const struct text_key parts[] = {
        { "peer_login", account->peer_login },
        { "peer_secret_file", account->peer_secret_file },
        { "peer_imap_host", account->peer_imap_host },
        { "peer_submission_host", account->peer_submission_host },
    };
    if (account->peer_address[0] != '\0') {
        if (account->peer_secret_file[0] == '\0')
            value_complain(reader, spot, "\"peer_address\" alone",
                           "\"peer_secret_file\": the second mailbox's password",
                           "add \"peer_secret_file\", or remove \"peer_address\"");
        if (account->peer_imap_host[0] == '\0' && account->peer_submission_host[0] == '\0')
            value_complain(reader, spot, "a second mailbox without a server",
                           "\"peer_imap_host\", \"peer_submission_host\", or both",
                           "add the servers of the second mailbox");
        return;
    }
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (parts[i].value[0] != '\0')
            value_complain(
                reader, spot, text_format(reader->arena, "\"%s\" alone", parts[i].key),
                "\"peer_address\", whose mailbox it belongs to",
                text_format(reader->arena, "add \"peer_address\", or remove \"%s\"", parts[i].key));
}

/* A token is asked for by an application, and the provider's interface about a service. */
static void judge_access(struct reader *reader, const struct spot *spot,
                         const struct account_settings *account)
{
    if (account->auth != AUTH_PASSWORD && account->oauth_client_id[0] == '\0')
        value_complain(reader, spot, "\"auth\" without the application that asks for a token",
                       "\"oauth_client_id\": the id of the application",
                       "add \"oauth_client_id\", or remove \"auth\"");
    if (account->oauth_secret_file[0] != '\0' && account->auth != AUTH_OAUTH_REFRESH)
        value_complain(reader, spot, "\"oauth_secret_file\" without a refresh token",
                       "the application's secret in \"secret_file\" (oauth-client), or both files "
                       "(oauth-refresh)",
                       "remove \"oauth_secret_file\", or set \"auth\" to \"oauth-refresh\"");
    if ((account->api_key_file[0] != '\0') != (account->api_service[0] != '\0'))
        value_complain(
            reader, spot,
            account->api_service[0] != '\0' ? "\"api_service\" alone" : "\"api_key_file\" alone",
            "both the keys and the service that they open, or neither",
            account->api_service[0] != '\0' ? "add \"api_key_file\", or remove \"api_service\""
                                            : "add \"api_service\", or remove \"api_key_file\"");
    if (account->api_diagnostic != 0 && account->api_key_file[0] == '\0')
        value_complain(reader, spot, "\"api_diagnostic\" without keys to the provider's interface",
                       "\"api_key_file\": the keys by which a diagnostic is started",
                       "add \"api_key_file\" and \"api_service\", or remove \"api_diagnostic\"");
    if (account->open_ticket != 0 && account->api_key_file[0] == '\0')
        value_complain(reader, spot, "\"open_ticket\" without keys to the provider's interface",
                       "\"api_key_file\": the keys by which a ticket is opened",
                       "add \"api_key_file\" and \"api_service\", or remove \"open_ticket\"");
}

/* What its file may hold shows only when the whole account has been read. */
static void judge_secret(struct reader *reader, const struct spot *spot, const cJSON *object,
                         const struct account_settings *account)
{
    size_t ordinal = 0;
    const cJSON *member = object->child;
    while (member != NULL && !slice_is(slice_of(member->string), SECRET_KEY)) {
        member = member->next;
        ordinal++;
    }
    if (member == NULL || account->secret_file[0] == '\0')
        return;
    struct spot place = spot_within(reader, spot, ordinal, SECRET_KEY);
    value_judge_secret_file(reader, &place, settings_secret_reader(account), account->secret_file);
}

static void judge_account(struct reader *reader, const struct spot *spot,
                          const struct settings *settings, size_t at)
{
    const struct account_settings *account = &settings->accounts[at];
    judge_peer(reader, spot, account);
    judge_access(reader, spot, account);
    if (account->address[0] == '\0')
        return; /* complained of already */
    for (size_t i = 0; i < at; i++)
        if (slice_is_nocase(slice_of(settings->accounts[i].address), account->address))
            value_complain(reader, spot,
                           text_format(reader->arena, "%s a second time", account->address),
                           text_format(reader->arena, "each address once; accounts[%zu] has it", i),
                           "remove one of the two accounts");
}

static void read_accounts(struct reader *reader, const struct spot *spot, const cJSON *list,
                          struct settings *into_settings)
{
    int count = cJSON_IsArray(list) ? cJSON_GetArraySize(list) : SETTINGS_ACCOUNTS_MAX + 1;
    struct account_settings *accounts = NULL;
    if (count <= SETTINGS_ACCOUNTS_MAX)
        accounts = arena_take(reader->arena, (size_t)count * sizeof *accounts);
    if (accounts == NULL) {
        value_complain(
            reader, spot, cJSON_IsArray(list) ? "a longer list" : value_type(list),
            text_format(reader->arena, "a list of at most %d accounts", SETTINGS_ACCOUNTS_MAX),
            "write [ { \"address\": \"...\" } ], or use several files");
        return;
    }
    into_settings->accounts = accounts;
    for (const cJSON *item = list->child; item != NULL; item = item->next) {
        size_t at = into_settings->account_count++;
        struct spot place = spot_within(reader, spot, at, NULL);
        settings_fill(&settings_account_rows, &accounts[at]);
        if (!cJSON_IsObject(item)) {
            value_complain(reader, &place, value_type(item), "an object",
                           "write { \"address\": \"...\" }");
            continue;
        }
        read_object(reader, &settings_account_rows, &place, item, &accounts[at]);
        judge_secret(reader, &place, item, &accounts[at]);
        judge_account(reader, &place, into_settings, at);
    }
}

/* What the broker's settings, each good alone, lack together. */
static void judge_broker(struct reader *reader, const struct spot *spot,
                         const struct settings *settings)
{
    bool certificate = settings->broker_certificate[0] != '\0';
    if (certificate != (settings->broker_key[0] != '\0'))
        value_complain(reader, spot,
                       certificate ? "\"broker_certificate\" alone" : "\"broker_key\" alone",
                       "both the certificate of this gateway and its key, or neither",
                       certificate ? "add \"broker_key\", or remove \"broker_certificate\""
                                   : "add \"broker_certificate\", or remove \"broker_key\"");
    if (settings->broker_password_file[0] != '\0' && settings->broker_user[0] == '\0')
        value_complain(reader, spot, "\"broker_password_file\" alone",
                       "\"broker_user\", whose password it is",
                       "add \"broker_user\", or remove \"broker_password_file\"");
}

static void read_root(struct reader *reader, const cJSON *root, struct settings *into_settings)
{
    const struct spot top = { .depth = 0, .key = "" };
    if (!cJSON_IsObject(root)) {
        value_complain(reader, &top, value_type(root), "an object",
                       "write { \"accounts\": [ { \"address\": \"...\" } ] }");
        return;
    }
    read_object(reader, &settings_agent_rows, &top, root, into_settings);
    judge_broker(reader, &top, into_settings);
    size_t ordinal = 0;
    for (const cJSON *member = root->child; member != NULL; member = member->next, ordinal++)
        if (slice_is(slice_of(member->string), ACCOUNTS_KEY) && !seen_before(root, member)) {
            struct spot place = spot_within(reader, &top, ordinal, member->string);
            read_accounts(reader, &place, member, into_settings);
        }
}

static void read_json(struct reader *reader, struct settings *into_settings)
{
    struct outline_fault fault;
    if (!outline_check(reader->text, &fault)) {
        value_complain_at(reader, fault.line, "",
                          text_format(reader->arena, "column %d: %s", fault.column, fault.words),
                          "JSON", "correct this line or the one before it");
        return;
    }
    cJSON *root = cJSON_ParseWithLength(reader->text.at, reader->text.len);
    if (root == NULL)
        value_complain_at(reader, 0, "", "a file for which this device has no memory",
                          "a smaller file", "leave out what is not needed");
    else
        read_root(reader, root, into_settings);
    cJSON_Delete(root);
}

static void unreadable(struct reader *reader, enum file_result result)
{
    switch (result) {
    case FILE_DONE:
        break;
    case FILE_MISSING:
        value_complain_at(reader, 0, "", "no such file", "a configuration file",
                          "name another one with --config, or begin with a copy of "
                          "gatepost.example.json");
        break;
    case FILE_DENIED:
        value_complain_at(reader, 0, "", "a file that this user may not read",
                          "a file of the user that runs gatepost",
                          "run gatepost as the file's owner");
        break;
    case FILE_TOO_LONG:
        value_complain_at(reader, 0, "", "a longer file",
                          text_format(reader->arena, "at most %d bytes", SETTINGS_FILE_MAX),
                          "leave out what is not needed, or use several files");
        break;
    case FILE_FULL:
    case FILE_TROUBLE:
        value_complain_at(reader, 0, "", text_copy_string(reader->arena, port_trouble()),
                          "a file that can be read", "name a regular file");
        break;
    }
}

bool settings_read(const char *file, struct arena *arena, struct settings *into_settings,
                   struct settings_troubles *into_troubles)
{
    settings_defaults(into_settings, arena);
    into_troubles->count = 0;
    struct reader reader = { .arena = arena, .file = file, .troubles = into_troubles };
    char *bytes = arena_take(arena, SETTINGS_FILE_MAX);
    size_t size = 0;
    if (bytes == NULL) {
        value_complain_at(&reader, 0, "", "no memory left", "", "");
        return false;
    }
    enum file_result result = port_file_read(file, bytes, SETTINGS_FILE_MAX, &size);
    reader.text = (struct slice){ bytes, size };
    outline_blank_comments(bytes, size);
    if (result == FILE_DONE)
        read_json(&reader, into_settings);
    else
        unreadable(&reader, result);
    into_settings->file = file;
    return into_troubles->count == 0;
}
