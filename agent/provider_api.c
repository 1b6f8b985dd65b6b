/* SPDX-License-Identifier: MIT */
#include "provider_api.h"

#include "digest.h"

#include <string.h>

#define SIGNED_MAX   12288 /* bytes that are signed: two keys, a URL, a body, a time */
#define API_PATH_MAX 4096  /* bytes of a path */

const char *provider_api_host(const struct account_settings *account)
{
    static const char *const hosts[] = { "eu.api.ovh.com", "ca.api.ovh.com",
                                         "api.us.ovhcloud.com" };
    return hosts[account->api_endpoint];
}

/* Letters, digits and what addresses have beside them (RFC 3986 section 3.3); the rest in %XX. */
static void add_segment(struct text *text, struct slice segment)
{
    for (size_t i = 0; i < segment.len; i++) {
        char c = segment.at[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                     (c != '\0' && strchr("-._~@", c) != NULL);
        if (plain)
            text_add(text, (struct slice){ &c, 1 });
        else
            text_add_format(text, "%%%02X", (unsigned char)c);
    }
}

struct slice provider_api_service(const struct account_settings *account)
{
    struct slice service = slice_of(account->api_service), organization = service;
    (void)slice_cut(&service, '/', &organization); /* what is left is the service */
    return service.len > 0 ? service : organization;
}

/* "organization/service", or one name for both, as hosted Exchange has it; Email Pro has no
 * organizations. */
static void add_service(const struct account_settings *account, const struct profile *profile,
                        struct text *text)
{
    struct slice rest = slice_of(account->api_service), organization = rest;
    struct slice service = provider_api_service(account);
    (void)slice_cut(&rest, '/', &organization); /* without one, it is all */
    if (slice_is(slice_of(profile->api_service), "email-pro")) {
        text_add_string(text, "/1.0/email/pro/");
    } else {
        text_add_string(text, "/1.0/email/exchange/");
        add_segment(text, organization);
        text_add_string(text, "/service/");
    }
    add_segment(text, service);
}

void provider_api_path(const struct account_settings *account, const struct profile *profile,
                       enum api_question question, struct text *text)
{
    if (question == API_ASKS_TIME) {
        text_add_string(text, "/1.0/auth/time");
        return;
    }
    if (question == API_ASKS_TICKET) {
        text_add_string(text, "/1.0/support/tickets/create");
        return;
    }
    add_service(account, profile, text);
    if (question == API_ASKS_DOMAIN) {
        text_add_string(text, "/domain/");
        add_segment(text, slice_of(settings_domain(account)));
    }
    if (question == API_ASKS_ACCOUNT || question == API_ASKS_DIAGNOSTICS ||
        question == API_ASKS_TASKS) {
        text_add_string(text, "/account/");
        add_segment(text, slice_of(account->address));
    }
    if (question == API_ASKS_DIAGNOSTICS)
        text_add_string(text, "/diagnostics");
    if (question == API_ASKS_TASKS)
        text_add_string(text, "/tasks/");
}

void provider_api_rights(const struct account_settings *account, const struct profile *profile,
                         struct text *text)
{
    char room[API_PATH_MAX];
    struct text path;
    text_begin(&path, room, sizeof room);
    add_service(account, profile, &path);
    text->overflow = text->overflow || path.overflow;
    text_add(text, slice_from(text_slice(&path), sizeof "/1.0" - 1)); /* as rights are written */
    text_add_string(text, "*");
}

bool provider_api_sign(const struct api_key *key, const struct api_request *request,
                       char into[PROVIDER_API_SIGNATURE_MAX])
{
    char room[SIGNED_MAX];
    uint8_t digest[DIGEST_SHA1_SIZE];
    struct text text;
    text_begin(&text, room, sizeof room);
    text_add(&text, (struct slice){ key->secret.bytes, key->secret.len });
    text_add_string(&text, "+");
    text_add(&text, (struct slice){ key->consumer.bytes, key->consumer.len });
    text_add_format(&text, "+%s+https://%s%s+", request->method, request->host, request->path);
    text_add(&text, request->body);
    text_add_format(&text, "+%lld", (long long)request->time_s);
    bool done = !text.overflow && digest_sha1(text_slice(&text), digest);
    text_wipe(room, sizeof room);
    if (!done)
        return false;
    text_begin(&text, into, PROVIDER_API_SIGNATURE_MAX);
    text_add_string(&text, "$1$");
    text_add_hex(&text, digest, sizeof digest);
    return true;
}
