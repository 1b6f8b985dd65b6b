/* SPDX-License-Identifier: MIT */
#include "pox.h"

#include "autodiscover.h"
#include "markup.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

#define ACCOUNT  "Autodiscover/Response/Account"
#define PROTOCOL ACCOUNT "/Protocol"

/* Outlook for Windows takes the first of these that it is told. */
static const struct {
    const char *type;
    bool exchange;
} preferences[] = {
    { "mapiHttp", true }, { "EXPR", true },  { "EXHTTP", true },
    { "EXCH", true },     { "IMAP", false }, { "POP3", false },
};

struct reading {
    struct pox *pox;
    size_t best;                     /* of the preferences */
    char type[24], action[24];       /* type: of the protocol that is being read */
    char server[NAMES_HOST_MAX + 1]; /* likewise */
    char ews[NAMES_HOST_MAX + 1];
};

static void begin_protocol(struct reading *reading)
{
    reading->type[0] = reading->server[0] = reading->ews[0] = '\0';
}

/* "guid@domain", by which a mailbox's server is told from others, is no host. */
static void put_host(char *into, struct slice text)
{
    if (names_is_host(text))
        autodiscover_put_host(into, text);
}

static void put_url_host(char *into, struct slice url)
{
    if (!autodiscover_url_host(url, into))
        into[0] = '\0';
}

/* The server that EXCH names is known in its own network only. */
static const char *server_of(const struct reading *reading)
{
    bool inside = slice_is_nocase(slice_of(reading->type), "EXCH");
    return inside || reading->server[0] == '\0' ? reading->ews : reading->server;
}

static void end_protocol(struct reading *reading)
{
    struct pox *pox = reading->pox;
    for (size_t i = 0; i < COUNT(preferences); i++) {
        if (!slice_is_nocase(slice_of(reading->type), preferences[i].type))
            continue;
        pox->exchange = pox->exchange || preferences[i].exchange;
        pox->kind = POX_SETTINGS;
        if (i >= reading->best)
            break;
        reading->best = i;
        text_put_string(pox->type, sizeof pox->type, preferences[i].type);
        text_put_string(pox->server, sizeof pox->server, server_of(reading));
    }
    if (pox->ews[0] == '\0')
        text_put_string(pox->ews, sizeof pox->ews, reading->ews);
    begin_protocol(reading);
}

static void read_protocol(struct reading *reading, const char *member, struct slice text)
{
    if (strcmp(member, "/@Type") == 0 || (strcmp(member, "/Type") == 0 && reading->type[0] == '\0'))
        text_put(reading->type, sizeof reading->type, text);
    else if (strcmp(member, "/Server") == 0)
        put_host(reading->server, text);
    else if (strcmp(member, "/EwsUrl") == 0)
        put_url_host(reading->ews, text);
    else if (strcmp(member, "/MailStore/ExternalUrl") == 0)
        put_url_host(reading->server, text);
    else if (member[0] == '\0')
        end_protocol(reading);
}

static void on_element(void *reader, const char *path, struct slice text)
{
    struct reading *reading = reader;
    struct pox *pox = reading->pox;
    size_t protocol = sizeof PROTOCOL - 1;
    if (strncmp(path, PROTOCOL, protocol) == 0 && (path[protocol] == '/' || path[protocol] == '\0'))
        read_protocol(reading, path + protocol, text);
    else if (strcmp(path, ACCOUNT "/Action") == 0)
        text_put(reading->action, sizeof reading->action, text);
    else if (strcmp(path, ACCOUNT "/RedirectAddr") == 0 ||
             strcmp(path, ACCOUNT "/RedirectUrl") == 0)
        text_put(pox->redirect, text.len < sizeof pox->redirect ? sizeof pox->redirect : 1, text);
    else if (strcmp(path, "Autodiscover/Response/Error/ErrorCode") == 0)
        text_put(pox->error, sizeof pox->error, text);
}

static enum pox_kind kind_of(const struct reading *reading)
{
    struct slice action = slice_of(reading->action);
    const struct pox *pox = reading->pox;
    uint64_t code = 0;
    bool leads = pox->redirect[0] != '\0';
    if (leads && slice_is_nocase(action, "redirectAddr"))
        return POX_REDIRECT_ADDRESS;
    if (leads && slice_is_nocase(action, "redirectUrl"))
        return POX_REDIRECT_URL;
    if (pox->kind == POX_SETTINGS)
        return POX_SETTINGS;
    return slice_number(slice_of(pox->error), 9999, &code) ? POX_ERROR : POX_NOTHING;
}

void pox_read(struct slice body, struct pox *into_pox)
{
    struct reading reading = { .pox = into_pox, .best = COUNT(preferences) };
    *into_pox = (struct pox){ .kind = POX_NOTHING };
    if (markup_read(slice_trim(body), on_element, &reading) == MARKUP_READ)
        into_pox->kind = kind_of(&reading);
    else
        *into_pox = (struct pox){ .kind = POX_NOTHING };
}
