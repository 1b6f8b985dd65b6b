/* SPDX-License-Identifier: MIT */
#include "settings_value.h"

#include "broker.h"
#include "names.h"
#include "outline.h"

#include <inttypes.h>

#define SHOWN_MAX 80 /* bytes of a value or key that are shown back */

/* What the text of a key must be, beyond what its type says. */
enum form {
    FORM_PLAIN,
    FORM_MAILBOX,
    FORM_HOST,
    FORM_PATH,
    FORM_SECRET_PATH,
    FORM_KEY_PATH,
    FORM_PROFILE,
    FORM_BROKER,
    FORM_PIN,
    FORM_TOPIC,
};

#define PIN_DIGITS 64 /* of a SHA-256 */
#define TOPIC_SLASHES_MAX                                                                          \
    4 /* in the first part of a topic; three more follow, and MQTT brokers limit them */

/* clang-format off */
static const struct { const char *key; enum form form; } forms[] = {
    { "ca_file", FORM_PATH },
    { "state_directory", FORM_PATH },
    { "profile_directory", FORM_PATH },
    { "address", FORM_MAILBOX },
    { "secret_file", FORM_SECRET_PATH },
    { "profile", FORM_PROFILE },
    { "host", FORM_HOST },
    { "imap_host", FORM_HOST },
    { "submission_host", FORM_HOST },
    { "webmail_host", FORM_HOST },
    { "test_mail_to", FORM_MAILBOX },
    { "peer_address", FORM_MAILBOX },
    { "peer_secret_file", FORM_SECRET_PATH },
    { "peer_imap_host", FORM_HOST },
    { "peer_submission_host", FORM_HOST },
    { "broker", FORM_BROKER },
    { "broker_password_file", FORM_SECRET_PATH },
    { "broker_ca_file", FORM_PATH },
    { "broker_pin", FORM_PIN },
    { "broker_certificate", FORM_PATH },
    { "broker_key", FORM_KEY_PATH },
    { "topic_root", FORM_TOPIC },
};

static const char *const form_words[] = {
    [FORM_PLAIN] = "text without control characters",
    [FORM_MAILBOX] = 
        "an e-mail address such as anna@example.com (other letters in a domain: its xn-- form)",
    [FORM_HOST] = "a host name such as ex4.mail.ovh.net, without a port and not an IP address",
    [FORM_PATH] = "a path that begins with /",
    [FORM_SECRET_PATH] = "the path, beginning with /, of a file that holds the password",
    [FORM_KEY_PATH] = "the path, beginning with /, of a PEM file that holds the private key",
    [FORM_PROFILE] = "the name of a profile: small letters, digits and hyphens",
    [FORM_BROKER] =
        "mqtts://host or mqtts://host:port; mqtt:// only to 127.0.0.1, [::1] or localhost",
    [FORM_PIN] = "the SHA-256 of the broker's public key, 64 hexadecimal digits",
    [FORM_TOPIC] = "words between slashes such as gatepost/v1, without + and #",
};

static const char *const form_mends[] = {
    [FORM_PLAIN] = "write it anew",
    [FORM_MAILBOX] = "correct the address",
    [FORM_HOST] = "write the server's full name",
    [FORM_PATH] = "write the path from the root directory on",
    [FORM_SECRET_PATH] = "write the password into a file of mode 0600 and its path here",
    [FORM_KEY_PATH] = "write the key into a file of mode 0600 and its path here",
    [FORM_PROFILE] = "choose one of those that `gatepost list profiles` names",
    [FORM_BROKER] = "write mqtts:// and the broker's full name",
    [FORM_PIN] = ("take it from: openssl x509 -in broker.pem -pubkey -noout | "
                  "openssl pkey -pubin -outform DER | sha256sum"),
    [FORM_TOPIC] = "leave it out to publish below gatepost/v1",
};
/* clang-format on */

static const char *told(const char *words)
{
    return words == NULL ? "" : words; /* the arena is full */
}

/* Text that must be kept; where that fails the settings must not be used. */
static const char *kept(struct reader *reader, const struct spot *spot, struct slice text)
{
    const char *copy = text_copy(reader->arena, text);
    if (copy == NULL)
        value_complain(reader, spot, "more text than this program keeps", "a smaller file",
                       "leave out what is not needed");
    return told(copy);
}

/* Bytes of the file as they can be shown: bounded, no control characters. */
const char *value_shown(struct reader *reader, const char *bytes)
{
    char cut[SHOWN_MAX], room[4 * SHOWN_MAX];
    text_put(cut, sizeof cut, slice_of(bytes));
    struct text text;
    text_begin(&text, room, sizeof room);
    text_add_printable(&text, slice_of(cut));
    return told(text_copy(reader->arena, text_slice(&text)));
}

void value_complain_at(struct reader *reader, int line, const char *key, const char *found,
                       const char *wanted, const char *mend)
{
    struct settings_troubles *troubles = reader->troubles;
    if (troubles->count < SETTINGS_TROUBLES_MAX)
        troubles->trouble[troubles->count] = (struct settings_trouble){
            .file = reader->file,
            .line = line,
            .key = key,
            .found = told(found),
            .wanted = told(wanted),
            .mend = told(mend),
        };
    troubles->count++;
}

void value_complain(struct reader *reader, const struct spot *spot, const char *found,
                    const char *wanted, const char *mend)
{
    int line = 0;
    if (reader->troubles->count < SETTINGS_TROUBLES_MAX)
        line = outline_line(reader->text, spot->ordinals, spot->depth);
    value_complain_at(reader, line, spot->key, found, wanted, mend);
}

/* The spot of a member or element within another's. */
struct spot spot_within(struct reader *reader, const struct spot *outer, size_t ordinal,
                        const char *key)
{
    struct spot spot = *outer;
    spot.ordinals[spot.depth++] = ordinal;
    if (key == NULL)
        spot.key = told(text_format(reader->arena, "%s[%zu]", outer->key, ordinal));
    else if (outer->key[0] == '\0')
        spot.key = value_shown(reader, key);
    else
        spot.key = told(text_format(reader->arena, "%s.%s", outer->key, value_shown(reader, key)));
    return spot;
}

const char *value_type(const cJSON *value)
{
    if (cJSON_IsString(value))
        return "a text";
    if (cJSON_IsNumber(value))
        return "a number";
    if (cJSON_IsBool(value))
        return "true or false";
    if (cJSON_IsNull(value))
        return "null";
    return cJSON_IsArray(value) ? "a list" : "an object";
}

static enum form form_of(const char *key)
{
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if (slice_is(slice_of(forms[i].key), key))
            return forms[i].form;
    return FORM_PLAIN;
}

static bool is_profile_name(struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '-')
            return false;
    }
    return text.len > 0;
}

static bool is_pin(struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'f') && !(c >= 'A' && c <= 'F'))
            return false;
    }
    return text.len == PIN_DIGITS;
}

static bool is_topic(struct slice text)
{
    struct slice level;
    size_t levels = 0;
    if (slice_ends_nocase(text, "/") || slice_has_nocase(text, "+") || slice_has_nocase(text, "#"))
        return false;
    while (slice_cut(&text, '/', &level)) {
        if (level.len == 0)
            return false;
        levels++;
    }
    return levels <= TOPIC_SLASHES_MAX + 1;
}

static bool has_form(struct slice text, enum form form)
{
    struct broker broker;
    if (!names_is_plain(text))
        return false;
    switch (form) {
    case FORM_PLAIN:
        return true;
    case FORM_MAILBOX:
        return names_is_mailbox(text);
    case FORM_HOST:
        return names_is_host(text);
    case FORM_PATH:
    case FORM_SECRET_PATH:
    case FORM_KEY_PATH:
        return text.at[0] == '/';
    case FORM_PROFILE:
        return is_profile_name(text);
    case FORM_BROKER:
        return broker_read(text, &broker);
    case FORM_PIN:
        return is_pin(text);
    case FORM_TOPIC:
        return is_topic(text);
    }
    return false;
}

/* What kind of value was found, not which, where it may be a password that was written in the wrong
   place. */
static const char *found_words(struct reader *reader, const char *value, enum form form)
{
    if (form == FORM_SECRET_PATH || form == FORM_KEY_PATH)
        return "a text that is no such path";
    return text_format(reader->arena, "\"%s\"", value_shown(reader, value));
}

static void judge_secret_file(struct reader *reader, const struct spot *spot, const char *path)
{
    struct secret secret;
    struct settings_trouble trouble;
    if (!settings_secret(path, reader->arena, &secret, &trouble))
        value_complain(reader, spot, trouble.found, trouble.wanted, trouble.mend);
    text_wipe(&secret, sizeof secret);
}

static void judge_key_file(struct reader *reader, const struct spot *spot, const char *path)
{
    struct settings_trouble trouble;
    if (!settings_key(path, reader->arena, &trouble))
        value_complain(reader, spot, trouble.found, trouble.wanted, trouble.mend);
}

static void read_text(struct reader *reader, const struct setting_row *row, const struct spot *spot,
                      const cJSON *value, const char **into_text)
{
    enum form form = form_of(row->key);
    if (!cJSON_IsString(value)) {
        value_complain(reader, spot, value_type(value), form_words[form],
                       "write it in double quotes (\")");
        return;
    }
    struct slice text = slice_of(value->valuestring);
    if (text.len > SETTINGS_TEXT_MAX) {
        value_complain(reader, spot, text_format(reader->arena, "a text of %zu bytes", text.len),
                       text_format(reader->arena, "at most %d bytes", SETTINGS_TEXT_MAX),
                       "shorten it");
        return;
    }
    bool absent = text.len == 0 && !row->required; /* "" is how a file says that there is none */
    if (!absent && !has_form(text, form)) {
        value_complain(reader, spot, found_words(reader, text.at, form), form_words[form],
                       form_mends[form]);
        return;
    }
    if (text.len > 0 && form == FORM_SECRET_PATH)
        judge_secret_file(reader, spot, text.at);
    if (text.len > 0 && form == FORM_KEY_PATH)
        judge_key_file(reader, spot, text.at);
    *into_text = kept(reader, spot, text);
}

static void read_number(struct reader *reader, const struct setting_row *row,
                        const struct spot *spot, const cJSON *value, int64_t *into_number)
{
    double number = cJSON_IsNumber(value) ? value->valuedouble : -1;
    bool fits =
        cJSON_IsNumber(value) && number >= (double)row->minimum && number <= (double)row->maximum;
    if (fits && (double)(int64_t)number >= number) {
        *into_number = (int64_t)number;
        return;
    }
    const char *found =
        cJSON_IsNumber(value) ? text_format(reader->arena, "%.15g", number) : value_type(value);
    value_complain(reader, spot, found,
                   text_format(reader->arena, "a whole number from %" PRId64 " to %" PRId64,
                               row->minimum, row->maximum),
                   text_format(reader->arena,
                               "write a number without quotes; without this key it is %" PRId64,
                               row->number));
}

static void read_choice(struct reader *reader, const struct setting_row *row,
                        const struct spot *spot, const cJSON *value, int *into_choice)
{
    int chosen = cJSON_IsString(value) ? settings_choice(row->words, value->valuestring) : -1;
    if (chosen >= 0) {
        *into_choice = chosen;
        return;
    }
    value_complain(reader, spot,
                   cJSON_IsString(value) ? found_words(reader, value->valuestring, FORM_PLAIN)
                                         : value_type(value),
                   text_format(reader->arena, "one of %s", row->words),
                   text_format(reader->arena,
                               "write one of these words; without this key it is \"%s\"",
                               row->text));
}

static bool is_of_kind(const cJSON *value, enum setting_kind kind)
{
    struct address address;
    if (!cJSON_IsString(value))
        return false;
    switch (kind) {
    case SETTING_KIND_ADDRESS:
        return port_address_read(value->valuestring, &address);
    case SETTING_KIND_HOST:
        return names_is_host(slice_of(value->valuestring));
    }
    return false;
}

static void read_list(struct reader *reader, const struct setting_row *row, const struct spot *spot,
                      const cJSON *value, struct setting_list *into_list)
{
    static const char *const kind_words[] = {
        [SETTING_KIND_ADDRESS] = "IP addresses such as 192.0.2.53 or 2001:db8::53, without a port",
        [SETTING_KIND_HOST] = "host names such as mx0.mail.ovh.net",
    };
    size_t ordinal = 0;
    const char *wanted = text_format(reader->arena, "a list of at most %d %s", SETTINGS_LIST_MAX,
                                     kind_words[row->kind]);
    if (!cJSON_IsArray(value) || cJSON_GetArraySize(value) > SETTINGS_LIST_MAX) {
        value_complain(reader, spot, cJSON_IsArray(value) ? "a longer list" : value_type(value),
                       wanted, "write [\"...\", \"...\"]");
        return;
    }
    for (const cJSON *item = value->child; item != NULL; item = item->next, ordinal++) {
        struct spot place = spot_within(reader, spot, ordinal, NULL);
        if (is_of_kind(item, row->kind))
            into_list->value[into_list->count++] =
                kept(reader, &place, slice_of(item->valuestring));
        else
            value_complain(reader, &place,
                           cJSON_IsString(item) ? found_words(reader, item->valuestring, FORM_PLAIN)
                                                : value_type(item),
                           wanted, "correct it or leave it out");
    }
}

void value_read(struct reader *reader, const struct setting_row *row, const struct spot *spot,
                const cJSON *value, void *into_settings)
{
    void *field = (char *)into_settings + row->offset;
    switch (row->type) {
    case SETTING_IS_TEXT:
        read_text(reader, row, spot, value, field);
        break;
    case SETTING_IS_NUMBER:
        read_number(reader, row, spot, value, field);
        break;
    case SETTING_IS_LIST:
        read_list(reader, row, spot, value, field);
        break;
    case SETTING_IS_CHOICE:
        read_choice(reader, row, spot, value, field);
        break;
    }
}
