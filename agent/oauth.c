/* SPDX-License-Identifier: MIT */
#include "oauth.h"

#include "json.h"
#include "taglist.h"

#include <string.h>

#define CHALLENGE_MAX 1024 /* bytes of a refusal's JSON */

static bool is_word(struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        bool good =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
        if (!good)
            return false;
    }
    return text.len > 0;
}

static void keep_word(struct slice word, char into[OAUTH_WORD_MAX])
{
    if (is_word(word) && word.len < OAUTH_WORD_MAX)
        text_put(into, OAUTH_WORD_MAX, word);
}

static void read_error(const struct json *json, struct oauth_answer *into_answer)
{
    struct slice description = json_text(json, "error_description"), first = description;
    (void)slice_cut(&description, ':', &first); /* without a colon, it is the whole */
    if (slice_starts(first, "AADSTS"))
        keep_word(first, into_answer->code);
    keep_word(json_text(json, "error"), into_answer->error);
}

/* RFC 6750 section 2.1: what can stand in a field. Nothing else may, in what is said next. */
static bool is_token(struct slice text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.at[i] <= ' ' || text.at[i] > '~')
            return false;
    return text.len > 0 && text.len <= TOKEN_MAX;
}

static void read_token(const struct json *json, struct secret *into_token,
                       struct oauth_answer *into_answer)
{
    struct slice token = json_text(json, "access_token");
    if (!slice_is_nocase(json_text(json, "token_type"), "bearer") || !is_token(token))
        return;
    memcpy(into_token->bytes, token.at, token.len);
    into_token->len = token.len;
    if (!json_number(json, "expires_in", &into_answer->valid_s))
        into_answer->valid_s = 0;
    into_answer->renews = json_text(json, "refresh_token").len > 0;
}

void oauth_read(struct slice body, struct secret *into_token, struct oauth_answer *into_answer)
{
    struct json json;
    *into_answer = (struct oauth_answer){ 0 };
    text_wipe(into_token, sizeof *into_token);
    if (!json_begin(&json, body))
        return;
    read_error(&json, into_answer);
    if (into_answer->error[0] == '\0')
        read_token(&json, into_token, into_answer);
    json_end(&json);
}

const char *oauth_scope(const struct profile *profile, struct arena *arena)
{
    const char *const scopes[] = { profile->oauth.imap_scope, profile->oauth.smtp_scope,
                                   profile->oauth.http_scope };
    const char *all = "";
    for (size_t i = 0; i < sizeof scopes / sizeof *scopes && all != NULL; i++) {
        bool said = scopes[i] == NULL;
        for (size_t k = 0; k < i && !said; k++)
            said = scopes[k] != NULL && strcmp(scopes[k], scopes[i]) == 0;
        if (!said)
            all = text_format(arena, all[0] == '\0' ? "%s%s" : "%s %s", all, scopes[i]);
    }
    return all;
}

bool oauth_challenge_status(struct slice base64, char *into, size_t size)
{
    uint8_t bytes[CHALLENGE_MAX];
    size_t len = 0;
    struct json json;
    uint64_t number = 0;
    if (!taglist_base64(base64, bytes, sizeof bytes, &len) ||
        !json_begin(&json, (struct slice){ (const char *)bytes, len }))
        return false;
    struct slice status = json_text(&json, "status");
    bool found = slice_number(status, 999, &number);
    if (found)
        text_put(into, size, status);
    json_end(&json);
    return found;
}
