/* SPDX-License-Identifier: MIT */
/* The configuration: one JSON file, one row of settings.def for each key. */
#ifndef GATEPOST_SETTINGS_H
#define GATEPOST_SETTINGS_H

#include "../port/port.h"
#include "arena.h"
#include "catalogue.h"
#include "secret.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SETTINGS_FILE_MAX     65536 /* bytes of the configuration file */
#define SETTINGS_ACCOUNTS_MAX 100
#define SETTINGS_LIST_MAX     8    /* values of a list setting */
#define SETTINGS_TEXT_MAX     1023 /* bytes of a text */
#define SETTINGS_TROUBLES_MAX 32   /* faults told at once */
#define SETTINGS_DEFAULT_FILE "/etc/gatepost/gatepost.json"

/* A list of texts. */
struct setting_list {
    const char *value[SETTINGS_LIST_MAX];
    size_t count;
};

/* Types of rows: TEXT const char * ("" when absent), NUMBER int64_t, LIST struct setting_list,
   CHOICE int (index into its words), FLAG bool. The fields below are named as the keys in
   settings.def. */
struct account_settings {
#define SETTING_AGENT(...)
#define SETTING_TEXT(scope, key, ...)   SETTING_##scope(const char *key;)
#define SETTING_NUMBER(scope, key, ...) SETTING_##scope(int64_t key;)
#define SETTING_LIST(scope, key, ...)   SETTING_##scope(struct setting_list key;)
#define SETTING_CHOICE(scope, key, ...) SETTING_##scope(int key;)
#define SETTING_ACCOUNT(member)         member
#include "settings.def"
#undef SETTING_AGENT
#undef SETTING_ACCOUNT
};

/* The words of `auth`. */
enum auth { AUTH_PASSWORD, AUTH_OAUTH_CLIENT, AUTH_OAUTH_REFRESH };

struct settings {
#define SETTING_AGENT(member) member
#define SETTING_ACCOUNT(...)
#include "settings.def"
#undef SETTING_AGENT
#undef SETTING_ACCOUNT
#undef SETTING_TEXT
#undef SETTING_NUMBER
#undef SETTING_LIST
#undef SETTING_CHOICE
    struct account_settings *accounts; /* in the arena */
    size_t account_count;
    const char *file; /* NULL: defaults only */
};

/* A fault in a configuration, in words for a person. */
struct settings_trouble {
    const char *file;
    int line;        /* from 1; 0 when the fault has none */
    const char *key; /* as in accounts[2].secret_file; "" when it has none */
    const char *found, *wanted;
    const char *mend; /* the command, or the edit, that mends it */
};

struct settings_troubles {
    struct settings_trouble trouble[SETTINGS_TROUBLES_MAX];
    size_t count; /* of all that were found; the first SETTINGS_TROUBLES_MAX are kept */
};

/* Every setting at its default, no accounts. */
void settings_defaults(struct settings *into_settings, struct arena *arena);

/* Reads and judges a file. False when there is any trouble (all of it is told, not only the first);
   settings are then not to be used. All text lives in the arena. The modes of secret files are
   judged here too. */
bool settings_read(const char *file, struct arena *arena, struct settings *into_settings,
                   struct settings_troubles *into_troubles) MUST_USE;

/* The account with that address (ASCII case ignored), or NULL. */
const struct account_settings *settings_account(const struct settings *settings,
                                                const char *address);

/* Fills one account with defaults and an address, for a mailbox that no file names. False when the
   address is not local-part@domain as RFC 5321 section 4.1.2 writes it without quotes, or the
   domain is no host name. */
bool settings_bare_account(struct account_settings *into_account, struct arena *arena,
                           const char *address) MUST_USE;

/* The same for a bare domain, without any mailbox: its name, which must stay, is the address. */
void settings_bare_domain(struct account_settings *into_account, const char *domain);

/* False for an account that is a bare domain. */
bool settings_has_mailbox(const struct account_settings *account);

/* The domain of the account's address; where the address is a bare domain, that. */
const char *settings_domain(const struct account_settings *account);

/* Reads a secret from its file: one line, a newline at its end is not part of it, mode without any
   bit for group or others. On failure into_trouble says why and the secret is empty. */
bool settings_secret(const char *path, struct arena *arena, struct secret *into_secret,
                     struct settings_trouble *into_trouble) MUST_USE;

/* The same for a token, which is longer. */
bool settings_token(const char *path, struct arena *arena, struct secret *into_token,
                    struct settings_trouble *into_trouble) MUST_USE;

/* Which of the two reads an account's secret_file. */
typedef bool settings_secret_fn(const char *path, struct arena *arena, struct secret *into_secret,
                                struct settings_trouble *into_trouble);
settings_secret_fn *settings_secret_reader(const struct account_settings *account);

/* The keys to a provider's own interface. To be wiped where they are used. */
struct api_key {
    struct secret application, secret, consumer;
};

/* Reads them from their file, one on each line in this order, otherwise as settings_secret does. */
bool settings_api_key(const char *path, struct arena *arena, struct api_key *into_key,
                      struct settings_trouble *into_trouble) MUST_USE;

/* Judges a file that holds a private key, without reading it: there, and mode without any bit for
   group or others. */
bool settings_key(const char *path, struct arena *arena,
                  struct settings_trouble *into_trouble) MUST_USE;

/* The resolvers to ask, with their port: those of the setting, else the system's. At most room;
   returns how many. */
size_t settings_resolvers(const struct settings *settings, struct address *into, size_t room);

/* The directory for what must outlive a run: the setting, or /var/lib/gatepost for root, or below
 * the user's XDG_STATE_HOME. */
const char *settings_state_directory(const struct settings *settings, struct arena *arena);

/* The language to speak: `asked` ("en", "fr" or NULL), else the setting, else the environment's
   LC_ALL, LC_MESSAGES, LANG. False when asked is another word. */
bool settings_language(const struct settings *settings, const char *asked,
                       enum language *into_language) MUST_USE;

#endif
