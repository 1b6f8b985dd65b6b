/* SPDX-License-Identifier: MIT */
#include "autodiscover.h"

#include "outline.h"
#include "pattern.h"
#include "target.h"

#include <cjson/cJSON.h>
#include <string.h>

#define USUAL_PATH "/autodiscover/autodiscover.xml"
#define JSON_MAX   4096 /* bytes of an answer, which has two short members */

/* ---- hosts and places ---- */

void autodiscover_put_host(char into_host[NAMES_HOST_MAX + 1], struct slice host)
{
    char *into = into_host;
    text_put(into, NAMES_HOST_MAX + 1, host);
    for (; *into != '\0'; into++)
        if (*into >= 'A' && *into <= 'Z')
            *into = (char)(*into - 'A' + 'a');
}

static bool is_https(struct slice url)
{
    return slice_starts_nocase(url, "https://");
}

/* "host:port" off the front of what follows "://". */
static bool read_authority(struct slice *rest, uint16_t usual, struct target *into_target)
{
    size_t len = 0;
    while (len < rest->len && rest->at[len] != '/' && rest->at[len] != '?' && rest->at[len] != '#')
        len++;
    struct slice authority = { rest->at, len };
    *rest = slice_from(*rest, len);
    return target_read(authority, usual, into_target) && names_is_host(slice_of(into_target->host));
}

/* What would end the request line, or make two of it, is in no URL (RFC 3986 section 2). */
static bool put_path(struct slice path, struct place *place)
{
    size_t len = 0;
    while (len < path.len && path.at[len] != '#')
        len++;
    for (size_t i = 0; i < len; i++)
        if (path.at[i] <= ' ' || path.at[i] > '~')
            return false;
    struct text text;
    text_begin(&text, place->path, sizeof place->path);
    text_add_string(&text, len > 0 && path.at[0] == '/' ? "" : "/");
    text_add(&text, (struct slice){ path.at, len });
    return !text.overflow;
}

bool autodiscover_at(const char *prefix, const char *host, bool secure, struct place *into_place)
{
    char name[NAMES_HOST_MAX + 1];
    struct text text;
    text_begin(&text, name, sizeof name);
    text_add_string(&text, prefix);
    text_add_string(&text, host);
    if (text.overflow)
        return false;
    *into_place = (struct place){ .secure = secure, .port = secure ? 443 : 80 };
    autodiscover_put_host(into_place->host, text_slice(&text));
    return put_path(SLICE(USUAL_PATH), into_place);
}

bool autodiscover_follow(const struct place *from, struct slice location, struct place *into_place)
{
    struct place place = *from;
    struct target target = { .host = "" };
    location = slice_trim(location);
    if (slice_starts(location, "/") && !slice_starts(location, "//")) {
        if (!put_path(location, &place))
            return false;
        *into_place = place;
        return true;
    }
    place.secure = is_https(location);
    if (!place.secure && !slice_starts_nocase(location, "http://"))
        return false;
    struct slice rest = slice_from(location, place.secure ? 8 : 7);
    if (!read_authority(&rest, place.secure ? 443 : 80, &target) || !put_path(rest, &place))
        return false;
    autodiscover_put_host(place.host, slice_of(target.host));
    place.port = target.port;
    *into_place = place;
    return true;
}

bool autodiscover_same_server(const struct place *a, const struct place *b)
{
    return a->secure == b->secure && a->port == b->port && strcmp(a->host, b->host) == 0;
}

bool autodiscover_url_host(struct slice url, char into_host[NAMES_HOST_MAX + 1])
{
    struct target target = { .host = "" };
    struct slice rest = slice_from(slice_trim(url), 8);
    if (!is_https(slice_trim(url)) || !read_authority(&rest, 443, &target))
        return false;
    autodiscover_put_host(into_host, slice_of(target.host));
    return true;
}

/* ---- the answer in JSON ---- */

bool autodiscover_json_host(struct slice body, char into_host[NAMES_HOST_MAX + 1])
{
    struct outline_fault fault;
    if (body.len > JSON_MAX || !outline_check(body, &fault))
        return false;
    cJSON *root = cJSON_ParseWithLength(body.at, body.len);
    const cJSON *url = cJSON_GetObjectItem(root, "Url");
    bool has_host =
        cJSON_IsString(url) && autodiscover_url_host(slice_of(url->valuestring), into_host);
    cJSON_Delete(root);
    return has_host;
}

/* ---- the provider's ---- */

static bool is_host_of(const struct endpoint *endpoint, const char *host)
{
    return endpoint->host != NULL && slice_is_nocase(slice_of(endpoint->host), host);
}

bool autodiscover_is_expected(const struct profile *profile)
{
    return profile->autodiscover_host_count > 0 &&
           (profile->srv.required || profile->autodiscover_cname != NULL);
}

bool autodiscover_is_named(const struct profile *profile, const char *host)
{
    for (size_t i = 0; i < profile->autodiscover_host_count; i++)
        if (pattern_matches_host(profile->autodiscover_hosts[i], slice_of(host)))
            return true;
    return is_host_of(&profile->exchange, host) || is_host_of(&profile->webmail, host);
}

bool autodiscover_is_providers(const struct profile *profile, const char *host)
{
    return autodiscover_is_named(profile, host) ||
           (profile->host_pattern != NULL &&
            pattern_matches_host(profile->host_pattern, slice_of(host)));
}

bool autodiscover_is_right(const struct profile *profile, const struct pox *pox)
{
    if (profile->exchange.host != NULL && !pox->exchange)
        return false;
    return pox->server[0] == '\0' || autodiscover_is_providers(profile, pox->server) ||
           is_host_of(&profile->imap, pox->server) || is_host_of(&profile->pop, pox->server);
}
