/* SPDX-License-Identifier: MIT */
/* Autodiscover, by which Outlook finds the server of a mailbox: the places that are asked, what an
   answer says, and whether that is the provider's. Nothing here talks. */
#ifndef GATEPOST_AUTODISCOVER_H
#define GATEPOST_AUTODISCOVER_H

#include "io.h"
#include "names.h"
#include "pox.h"
#include "profile.h"
#include "text.h"

#include <stdbool.h>
#include <stdint.h>

#define AUTODISCOVER_PATH_MAX 512 /* bytes of a path and query, terminator included */

/* One URL at which it may be asked. */
struct place {
    bool secure; /* https, else http */
    uint16_t port;
    char host[NAMES_HOST_MAX + 1];    /* lower case */
    char path[AUTODISCOVER_PATH_MAX]; /* and query; begins with "/" */
};

/* The usual path at a host. False when the host is too long to be one. */
bool autodiscover_at(const char *prefix, const char *host, bool secure,
                     struct place *into_place) MUST_USE;

/* Where a reply heard at `from` leads (RFC 9110 section 10.2.2): a URL, or a path on the same host.
   False for what is neither, has a user's name, or is too long; into_place may be `from`. */
bool autodiscover_follow(const struct place *from, struct slice location,
                         struct place *into_place) MUST_USE;

bool autodiscover_same_server(const struct place *a, const struct place *b);

/* The host of the "Url" in an answer of the newer service (JSON), which tells without a password.
   False, and into_host is left alone, when it has none. */
bool autodiscover_json_host(struct slice body, char into_host[NAMES_HOST_MAX + 1]) MUST_USE;

/* Copies a host, lower case. */
void autodiscover_put_host(char into_host[NAMES_HOST_MAX + 1], struct slice host);

/* The host of an https URL, lower case; false when it has none. */
bool autodiscover_url_host(struct slice url, char into_host[NAMES_HOST_MAX + 1]) MUST_USE;

/* The provider wants its customers' domains to lead Outlook to it, and the profile says where. */
bool autodiscover_is_expected(const struct profile *profile);

/* A host that the profile names: a password for the account may be spoken there. */
bool autodiscover_is_named(const struct profile *profile, const char *host);

/* A host that is the provider's, named or of the pattern of its hosts. */
bool autodiscover_is_providers(const struct profile *profile, const char *host);

/* The settings lead to the provider's servers: an Exchange mailbox to its Exchange. */
bool autodiscover_is_right(const struct profile *profile, const struct pox *pox);

#endif
