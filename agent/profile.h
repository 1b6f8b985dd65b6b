/* SPDX-License-Identifier: MIT */
/* What a provider's records, hosts and replies should be. Profiles are JSON (config/profiles,
   schema beside them): compiled in, and overridden by a file of the same name in the profile
   directory. {host} in a value is the account's own host, {domain-dashed} its domain with hyphens
   for dots. */
#ifndef GATEPOST_PROFILE_H
#define GATEPOST_PROFILE_H

#include "arena.h"
#include "catalogue.h"
#include "checks.h"
#include "settings.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PROFILE_MX_MAX      8
#define PROFILE_REPLIES_MAX 32
#define PROFILE_NAMES_MAX   12
#define PROFILE_FILE_MAX    16384 /* bytes */

/* Bytes of a profile that is compiled in; the table ends with name NULL. Made by
 * config/embed.cmake. */
struct profile_file {
    const char *name;
    const char *bytes;
    size_t size;
};
extern const struct profile_file profiles_embedded[];

struct profile_mx {
    const char *host; /* lower case; may hold one '*' */
    uint16_t preference;
};

enum security { SECURITY_IMPLICIT, SECURITY_STARTTLS } COMPACT;

/* Where a service lives. host NULL: the provider has none, or nobody said where; its checks are not
 * asked. */
struct endpoint {
    const char *host;
    uint16_t port;
    enum security security;
};

/* Where in a conversation a reply was heard. AUTH: after a password; TOKEN: after an access token.
 */
enum stage {
    STAGE_GREETING,
    STAGE_AUTH,
    STAGE_TOKEN,
    STAGE_SENDER,
    STAGE_RECIPIENT,
    STAGE_DATA,
    STAGE_BOUNCE
} COMPACT;

/* What a reply of this provider means. Asked before the general tables. */
struct profile_reply {
    enum service service;
    enum stage stage;
    const char *pattern; /* of the reply's words, '*' for any bytes, ASCII case ignored, anchored at
                            both ends */
    enum finding finding;
};

/* What webmail is: Outlook on the web with its login form, or nothing that gatepost can log in to.
 */
enum profile_webmail { WEBMAIL_OWA, WEBMAIL_NONE } COMPACT;

/* The interface by which the provider itself tells of its accounts. */
enum profile_api { API_NONE, API_OVH } COMPACT;

struct profile {
    const char *name, *title;
    const char *host_pattern; /* of the account's own host; NULL: any, or there is none */
    struct profile_mx
        mx[PROFILE_MX_MAX]; /* what to set, for the account's mx_mode; most preferred first */
    size_t mx_count;        /* 0: any MX will do that exists and has an address */
    const char
        *mx_allowed[PROFILE_NAMES_MAX]; /* further hosts that are this provider's; may hold '*' */
    size_t mx_allowed_count;
    const char *mx_legacy[PROFILE_NAMES_MAX]; /* hosts of older guides: accepted with a warning */
    size_t mx_legacy_count;
    struct {
        const char *target; /* NULL: any that has an address */
        uint16_t priority, weight, port;
        bool required; /* false: the provider's clients find their way without it */
    } srv;
    const char *autodiscover_cname; /* what `autodiscover` in the domain should be an alias of; may
                                       hold '*'; NULL: the provider wants none */
    const char *autodiscover_hosts[PROFILE_NAMES_MAX]; /* may answer Autodiscover; may hold '*' */
    size_t autodiscover_host_count;
    const char *spf_include; /* domain that the SPF record includes; NULL: not known */
    const char *spf_all;     /* "~all", how the provider's guide ends it; NULL: it does not say */
    const char *dkim_selectors[PROFILE_NAMES_MAX]; /* may hold '*': then learned ones are matched */
    size_t dkim_selector_count;
    struct endpoint webmail, imap, pop, submission;
    struct endpoint exchange; /* EWS, ActiveSync and MAPI over HTTP */
    enum profile_webmail webmail_kind;
    struct {
        const char *host; /* NULL: no tokens, or the account names no tenant */
        const char *path; /* of the token endpoint, {tenant} filled in */
        const char *imap_scope, *smtp_scope, *http_scope; /* NULL: not by token */
    } oauth;
    enum profile_api api;
    const char *api_service;               /* "exchange", "email-pro"; NULL without an interface */
    const char *health[PROFILE_NAMES_MAX]; /* paths of health pages, "/owa/healthcheck.htm" */
    size_t health_count;
    const char *junk[PROFILE_NAMES_MAX]; /* names of the junk folder where the server marks none
                                            (RFC 6154) */
    size_t junk_count;
    int lockout_tries, lockout_minutes;     /* of the security policy; 0: not known */
    const char *status_page, *support_page; /* or NULL */
    struct profile_reply replies[PROFILE_REPLIES_MAX];
    size_t reply_count;
};

/* Loads the profile that the account names and settles hosts, MX set and patterns for it (settings
   override the profile). On failure false, and into_trouble says what is wrong with which key. Text
   lives in the arena. */
bool profile_load(const struct settings *settings, const struct account_settings *account,
                  struct arena *arena, struct profile *into_profile,
                  struct settings_trouble *into_trouble) MUST_USE;

/* True when host is allowed by the pattern ('*' stands for any bytes but dots; ASCII case ignored).
 */
bool profile_host_matches(const char *pattern, const char *host);

/* Whose an MX host is, by the profile. Without any MX of its own, a profile takes every host for
 * its own. */
enum mx_kind { MX_CURRENT, MX_LEGACY, MX_FOREIGN };
enum mx_kind profile_mx_kind(const struct profile *profile, const char *host);

/* The provider's meaning of a reply, or NO_FINDING. */
enum finding profile_reply_means(const struct profile *profile, enum service service,
                                 enum stage stage, struct slice said);

/* The names of all profiles, in order: compiled in and from the directory. At most room; returns
 * how many. */
size_t profile_names(const struct settings *settings, struct arena *arena, const char **into,
                     size_t room);

#endif
