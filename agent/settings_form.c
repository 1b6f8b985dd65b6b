/* SPDX-License-Identifier: MIT */
#include "settings_form.h"

#include "broker.h"
#include "names.h"
#include "target.h"

#include <string.h>

#define SMALL      "abcdefghijklmnopqrstuvwxyz"
#define DIGITS     "0123456789"
#define NAME_BYTES SMALL DIGITS "ABCDEFGHIJKLMNOPQRSTUVWXYZ.-"
#define PIN_DIGITS 64 /* of a SHA-256 */
#define TOPIC_SLASHES_MAX                                                                          \
    4 /* in the first part of a topic; three more follow, and MQTT brokers limit them */

/* clang-format off */
static const struct { const char *key; enum form form; } forms[] = {
    { "ca_file", FORM_PATH },
    { "state_directory", FORM_PATH },
    { "profile_directory", FORM_PATH },
    { "address", FORM_MAILBOX },
    { "secret_file", FORM_ACCOUNT_SECRET_PATH },
    { "profile", FORM_PROFILE },
    { "oauth_tenant", FORM_TENANT },
    { "oauth_secret_file", FORM_SECRET_PATH },
    { "api_key_file", FORM_API_KEY_PATH },
    { "api_service", FORM_API_SERVICE },
    { "host", FORM_HOST },
    { "imap_host", FORM_HOST },
    { "pop_host", FORM_HOST },
    { "submission_host", FORM_HOST },
    { "exchange_host", FORM_HOST },
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

static const char *const words[FORM_COUNT] = {
    [FORM_PLAIN] = "text without control characters",
    [FORM_MAILBOX] = 
        "an e-mail address such as anna@example.com (other letters in a domain: its xn-- form)",
    [FORM_HOST] = "a host name such as ex4.mail.ovh.net, without a port and not an IP address",
    [FORM_PATH] = "a path that begins with /",
    [FORM_SECRET_PATH] = "the path, beginning with /, of a file that holds the password",
    [FORM_ACCOUNT_SECRET_PATH] = "the path, beginning with /, of a file that holds the password",
    [FORM_KEY_PATH] = "the path, beginning with /, of a PEM file that holds the private key",
    [FORM_API_KEY_PATH] =
        ("the path, beginning with /, of a file of three lines: application key, application secret, "
         "consumer key"),
    [FORM_PROFILE] = "the name of a profile: small letters, digits and hyphens",
    [FORM_BROKER] =
        "mqtts://host or mqtts://host:port; mqtt:// only to 127.0.0.1, [::1] or localhost",
    [FORM_PIN] = "the SHA-256 of the broker's public key, 64 hexadecimal digits",
    [FORM_TOPIC] = "words between slashes such as gatepost/v1, without + and #",
    [FORM_TENANT] = "a directory's id or domain, such as example.onmicrosoft.com",
    [FORM_API_SERVICE] = "organization/service, such as hosted-ab12345-ovh-1/hosted-ab12345-ovh-1",
};

static const char *const mends[FORM_COUNT] = {
    [FORM_PLAIN] = "write it anew",
    [FORM_MAILBOX] = "correct the address",
    [FORM_HOST] = "write the server's full name",
    [FORM_PATH] = "write the path from the root directory on",
    [FORM_SECRET_PATH] = "write the password into a file of mode 0600 and its path here",
    [FORM_ACCOUNT_SECRET_PATH] = "write the password into a file of mode 0600 and its path here",
    [FORM_KEY_PATH] = "write the key into a file of mode 0600 and its path here",
    [FORM_API_KEY_PATH] = "write the keys into a file of mode 0600 and its path here",
    [FORM_PROFILE] = "choose one of those that `gatepost list profiles` names",
    [FORM_BROKER] = "write mqtts:// and the broker's full name",
    [FORM_PIN] = ("take it from: openssl x509 -in broker.pem -pubkey -noout | "
                  "openssl pkey -pubin -outform DER | sha256sum"),
    [FORM_TOPIC] = "leave it out to publish below gatepost/v1",
    [FORM_TENANT] = "copy it from the overview of the directory",
    [FORM_API_SERVICE] = "copy it from the provider's control panel",
};
/* clang-format on */

enum form form_of(const char *key)
{
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if (slice_is(slice_of(forms[i].key), key))
            return forms[i].form;
    return FORM_PLAIN;
}

static bool is_of(struct slice text, const char *bytes)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.at[i] == '\0' || strchr(bytes, text.at[i]) == NULL)
            return false;
    return text.len > 0;
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

/* They become parts of a path: no dots alone. */
static bool is_api_service(struct slice text)
{
    struct slice part;
    size_t parts = 0;
    if (slice_ends_nocase(text, "/"))
        return false;
    while (slice_cut(&text, '/', &part)) {
        if (!is_of(part, NAME_BYTES "_") || part.at[0] == '.')
            return false;
        parts++;
    }
    return parts <= 2;
}

bool form_fits(enum form form, struct slice text)
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
    case FORM_ACCOUNT_SECRET_PATH:
    case FORM_KEY_PATH:
    case FORM_API_KEY_PATH:
        return text.at[0] == '/';
    case FORM_PROFILE:
        return is_of(text, SMALL DIGITS "-");
    case FORM_BROKER:
        return broker_read(text, &broker);
    case FORM_PIN:
        return text.len == PIN_DIGITS && is_of(text, DIGITS "abcdefABCDEF");
    case FORM_TOPIC:
        return is_topic(text);
    case FORM_TENANT:
        return is_of(text, NAME_BYTES) && text.at[0] != '.';
    case FORM_API_SERVICE:
        return is_api_service(text);
    case FORM_COUNT:
        break;
    }
    return false;
}

const char *form_words(enum form form)
{
    return words[form];
}

const char *form_mend(enum form form)
{
    return mends[form];
}

/* ---- lists ---- */

bool form_fits_kind(enum setting_kind kind, const char *text)
{
    struct address address;
    struct target target;
    switch (kind) {
    case SETTING_KIND_ADDRESS:
        return port_address_read(text, &address);
    case SETTING_KIND_HOST:
        return names_is_host(slice_of(text));
    case SETTING_KIND_TARGET:
        return target_read(slice_of(text), 0, &target);
    case SETTING_KIND_SELECTOR:
        return slice_of(text).len <= NAMES_HOST_MAX && is_of(slice_of(text), NAME_BYTES "_") &&
               text[0] != '.';
    }
    return false;
}

const char *form_kind_words(enum setting_kind kind)
{
    static const char *const kinds[] = {
        [SETTING_KIND_ADDRESS] = "IP addresses such as 192.0.2.53 or 2001:db8::53, without a port",
        [SETTING_KIND_HOST] = "host names such as mx0.mail.ovh.net",
        [SETTING_KIND_TARGET] =
            "servers with a port such as www.example.com:443 or [2001:db8::1]:443",
        [SETTING_KIND_SELECTOR] = "DKIM selectors such as selector1",
    };
    return kinds[kind];
}
