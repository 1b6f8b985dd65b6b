/* SPDX-License-Identifier: MIT */
#include "command.h"

#include "names.h"
#include "outline.h"

#include <cjson/cJSON.h>

#define PAUSE_MAX_S 604800
#define WAIT_MAX_S  86400

enum member {
    MEMBER_ID,
    MEMBER_DO,
    MEMBER_ACCOUNT,
    MEMBER_CHECKS,
    MEMBER_CODE,
    MEMBER_LANGUAGE,
    MEMBER_SECONDS,
    MEMBERS
};

#define BIT(member) (1u << (member))

/* clang-format off */
static const char *const members[MEMBERS] = {
    [MEMBER_ID]       = "id",
    [MEMBER_DO]       = "do",
    [MEMBER_ACCOUNT]  = "account",
    [MEMBER_CHECKS]   = "checks",
    [MEMBER_CODE]     = "code",
    [MEMBER_LANGUAGE] = "language",
    [MEMBER_SECONDS]  = "seconds",
};
static const struct verb {
    const char *name;
    unsigned required, allowed; /* beside id and do */
    uint32_t seconds_max;
} verbs[COMMAND_VERBS] = {
    [COMMAND_RUN]            = { "run", 0, BIT(MEMBER_ACCOUNT) | BIT(MEMBER_CHECKS), 0 },
    [COMMAND_EXPLAIN]        = { "explain", BIT(MEMBER_CODE), BIT(MEMBER_LANGUAGE), 0 },
    [COMMAND_SUPPORT]        = { "support", BIT(MEMBER_ACCOUNT), BIT(MEMBER_LANGUAGE), 0 },
    [COMMAND_PAUSE]          = { "pause", 0, BIT(MEMBER_SECONDS), PAUSE_MAX_S },
    [COMMAND_RESUME]         = { "resume", 0, 0, 0 },
    [COMMAND_FORGET_REFUSAL] = { "forget-refusal", BIT(MEMBER_ACCOUNT), 0, 0 },
    [COMMAND_WAIT]           = { "wait", BIT(MEMBER_SECONDS), 0, WAIT_MAX_S },
};
/* clang-format on */

const char *command_verb_name(enum command_verb verb)
{
    return verbs[verb].name;
}

/* A command that is being read. */
struct reading {
    const cJSON *root;
    struct command *command;
    struct text *wrong;
};

static bool refuse(struct reading *reading, const char *words)
{
    text_add_string(reading->wrong, words);
    return false;
}

/* What was sent is shown, bounded and without what a terminal would obey. */
static bool refuse_shown(struct reading *reading, const char *words, const char *sent)
{
    char cut[41];
    text_put_string(cut, sizeof cut, sent);
    text_add_string(reading->wrong, words);
    text_add_string(reading->wrong, ": ");
    text_add_printable(reading->wrong, slice_of(cut));
    return false;
}

static const cJSON *member(const struct reading *reading, enum member which)
{
    return cJSON_GetObjectItemCaseSensitive(reading->root, members[which]);
}

/* ---- one member each ---- */

static bool read_id(struct reading *reading)
{
    const char *id = cJSON_GetStringValue(member(reading, MEMBER_ID));
    if (id == NULL || id[0] == '\0')
        return refuse(reading, "\"id\" is missing, or is no text");
    if (slice_of(id).len >= COMMAND_ID_MAX || !names_is_plain(slice_of(id)))
        return refuse(reading, "\"id\" is longer than 64 bytes, or holds control characters");
    text_put_string(reading->command->id, COMMAND_ID_MAX, id);
    return true;
}

static bool read_verb(struct reading *reading)
{
    const char *name = cJSON_GetStringValue(member(reading, MEMBER_DO));
    if (name == NULL)
        return refuse(reading, "\"do\" is missing, or is no text");
    for (enum command_verb verb = 0; verb < COMMAND_VERBS; verb++)
        if (slice_is(slice_of(name), verbs[verb].name)) {
            reading->command->verb = verb;
            return true;
        }
    return refuse_shown(reading,
                        "\"do\" is none of run, explain, support, pause, resume, "
                        "forget-refusal, wait",
                        name);
}

static bool read_account(struct reading *reading, const cJSON *item)
{
    const char *address = cJSON_GetStringValue(item);
    if (address == NULL || !names_is_mailbox(slice_of(address)))
        return refuse(reading, "\"account\" is no e-mail address");
    text_put_string(reading->command->account, sizeof reading->command->account, address);
    return true;
}

static bool read_checks(struct reading *reading, const cJSON *list)
{
    if (!cJSON_IsArray(list) || list->child == NULL)
        return refuse(reading, "\"checks\" is no list of checks");
    for (const cJSON *item = list->child; item != NULL; item = item->next) {
        const char *slug = cJSON_GetStringValue(item);
        if (slug == NULL)
            return refuse(reading, "\"checks\" holds something other than texts");
        enum check check = check_find(slice_of(slug));
        if (check == CHECK_COUNT)
            return refuse_shown(reading, "\"checks\" names a check that does not exist", slug);
        reading->command->only |= CHECK_BIT(check) | check_evidence(check);
    }
    return true;
}

static bool read_code(struct reading *reading, const cJSON *item)
{
    const char *code = cJSON_GetStringValue(item);
    if (code == NULL || code[0] == '\0' || slice_of(code).len >= sizeof reading->command->code ||
        !names_is_plain(slice_of(code)))
        return refuse(reading, "\"code\" is no text of 1 to 63 bytes");
    text_put_string(reading->command->code, sizeof reading->command->code, code);
    return true;
}

static bool read_language(struct reading *reading, const cJSON *item)
{
    const char *language = cJSON_GetStringValue(item);
    bool french = language != NULL && slice_is(slice_of(language), "fr");
    if (!french && (language == NULL || !slice_is(slice_of(language), "en")))
        return refuse(reading, "\"language\" is neither en nor fr");
    reading->command->language = french ? LANGUAGE_FR : LANGUAGE_EN;
    return true;
}

static bool read_seconds(struct reading *reading, const cJSON *item)
{
    uint32_t maximum = verbs[reading->command->verb].seconds_max;
    double seconds = cJSON_IsNumber(item) ? item->valuedouble : 0;
    if (!(seconds >= 1 && seconds <= maximum) || (double)(uint32_t)seconds < seconds) {
        text_add_format(reading->wrong, "\"seconds\" is no whole number from 1 to %u",
                        (unsigned)maximum);
        return false;
    }
    reading->command->seconds = (uint32_t)seconds;
    return true;
}

static bool read_member(struct reading *reading, enum member which, const cJSON *item)
{
    switch (which) {
    case MEMBER_ACCOUNT:
        return read_account(reading, item);
    case MEMBER_CHECKS:
        return read_checks(reading, item);
    case MEMBER_CODE:
        return read_code(reading, item);
    case MEMBER_LANGUAGE:
        return read_language(reading, item);
    case MEMBER_SECONDS:
        return read_seconds(reading, item);
    case MEMBER_ID:
    case MEMBER_DO:
    case MEMBERS:
        break; /* read before the others */
    }
    return true;
}

/* ---- all of them ---- */

static enum member find_member(const char *name)
{
    enum member which = 0;
    while (which < MEMBERS && !slice_is(slice_of(name), members[which]))
        which++;
    return which;
}

static bool read_members(struct reading *reading)
{
    const struct verb *verb = &verbs[reading->command->verb];
    unsigned allowed = BIT(MEMBER_ID) | BIT(MEMBER_DO) | verb->required | verb->allowed, seen = 0;
    for (const cJSON *item = reading->root->child; item != NULL; item = item->next) {
        enum member which = find_member(item->string);
        if (which == MEMBERS || (allowed & BIT(which)) == 0) {
            text_add_format(reading->wrong, "\"%s\" does not take this member", verb->name);
            return refuse_shown(reading, "", item->string);
        }
        if ((seen & BIT(which)) != 0)
            return refuse_shown(reading, "a member stands twice", members[which]);
        seen |= BIT(which);
        if (!read_member(reading, which, item))
            return false;
    }
    for (enum member which = 0; which < MEMBERS; which++)
        if ((verb->required & ~seen & BIT(which)) != 0) {
            text_add_format(reading->wrong, "\"%s\" wants \"%s\"", verb->name, members[which]);
            return false;
        }
    return true;
}

static bool read_root(struct reading *reading)
{
    if (!cJSON_IsObject(reading->root))
        return refuse(reading, "the command is no JSON object");
    return read_id(reading) && read_verb(reading) && read_members(reading);
}

/* \u0000 would end a text early without a word. */
static bool hides_an_end(struct slice payload)
{
    return slice_has_nocase(payload, "\\u0000");
}

bool command_read(struct slice payload, struct command *into_command, char *into_wrong, size_t size)
{
    struct text wrong;
    struct reading reading = { .command = into_command, .wrong = &wrong };
    struct outline_fault fault;
    *into_command = (struct command){ .language = -1 };
    text_begin(&wrong, into_wrong, size);
    cJSON *root = outline_check(payload, &fault) && !hides_an_end(payload)
                      ? cJSON_ParseWithLength(payload.at, payload.len)
                      : NULL;
    reading.root = root;
    bool good = root != NULL ? read_root(&reading) : refuse(&reading, "the command is no JSON");
    cJSON_Delete(root);
    return good;
}

#define TOKENS_PER_COMMAND 1000
#define TOKENS_MAX         (COMMANDS_PER_MINUTE * TOKENS_PER_COMMAND)
#define MINUTE_MS          60000

bool command_allowed(struct command_rate *rate, int64_t now_ms)
{
    if (rate->at_ms == 0 && rate->tokens_milli == 0)
        *rate = (struct command_rate){ .at_ms = now_ms, .tokens_milli = TOKENS_MAX };
    int64_t earned = (now_ms - rate->at_ms) * TOKENS_MAX / MINUTE_MS;
    if (earned + rate->tokens_milli >= TOKENS_MAX) {
        *rate = (struct command_rate){ .at_ms = now_ms, .tokens_milli = TOKENS_MAX };
    } else {
        rate->tokens_milli += (uint32_t)earned;
        rate->at_ms += earned * MINUTE_MS / TOKENS_MAX; /* what was too little to count stays */
    }
    if (rate->tokens_milli < TOKENS_PER_COMMAND)
        return false;
    rate->tokens_milli -= TOKENS_PER_COMMAND;
    return true;
}
