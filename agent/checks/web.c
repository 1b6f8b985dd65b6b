/* SPDX-License-Identifier: MIT */
/* What every conversation over HTTP has: reaching the server, where a reply leads, and which ways
   to log in it offers. */
#include "parts.h"

#include <string.h>

struct slice web_header(const struct lane *lane, const char *name)
{
    struct slice value = { NULL, 0 };
    size_t state = 0;
    (void)dialect_header(lane->dialogue.reply.whole, name, &state,
                         &value); /* empty when it has none */
    return value;
}

bool web_redirects(const struct lane *lane)
{
    return slice_starts(lane->dialogue.reply.code, "30");
}

struct slice web_path_on_host(const struct lane *lane, struct slice location)
{
    static const char scheme[] = "https://";
    if (slice_starts(location, "/") && !slice_starts(location, "//"))
        return location;
    if (!slice_starts_nocase(location, scheme))
        return SLICE("");
    struct slice rest = slice_from(location, sizeof scheme - 1);
    size_t host_len = strlen(lane->endpoint.host);
    if (!slice_starts_nocase(rest, lane->endpoint.host))
        return SLICE("");
    rest = slice_from(rest, host_len);
    if (slice_starts(rest, ":443"))
        rest = slice_from(rest, 4);
    return rest.len > 0 && rest.at[0] == '/' ? rest : SLICE("");
}

void web_go_to(struct lane *lane, const char *path)
{
    text_put_string(lane->notebook.path, LANE_PATH_MAX, path);
    lane->dialogue.hole[HOLE_PATH] = lane->notebook.path;
}

void web_move_to(struct lane *lane, const char *host, uint16_t port)
{
    struct dialogue *dialogue = &lane->dialogue;
    dialogue_end(dialogue);
    wire_begin(&dialogue->wire);
    dialogue->host = dialogue->hole[HOLE_HOST] = lane->endpoint.host = host;
    dialogue->address.port = lane->endpoint.port = port;
    dialogue->cookies = "";
    dialogue->reply = (struct reply){ 0 };
    dialogue->in_len = dialogue->skip = 0;
    dialogue->located = dialogue->heard_any = dialogue->without_pss = false;
    lane->peer[0] = '\0';
}

/* ---- ways to log in ---- */

static const struct {
    const char *name;
    unsigned offer;
} schemes[] = {
    { "Basic", WEB_BASIC }, { "Bearer", WEB_BEARER }, { "Negotiate", WEB_NEGOTIATE },
    { "NTLM", WEB_NTLM },   { "Digest", WEB_DIGEST },
};

#define SCHEMES (sizeof schemes / sizeof *schemes)

/* A challenge begins with its scheme; its parameters have an equals sign (RFC 9110
 * section 11.6.1). */
static unsigned offers_of(struct slice challenges)
{
    struct slice challenge, word;
    unsigned offers = 0;
    while (slice_cut(&challenges, ',', &challenge)) {
        struct slice rest = slice_trim(challenge);
        if (!slice_cut(&rest, ' ', &word))
            continue;
        for (size_t i = 0; i < SCHEMES; i++)
            if (slice_is_nocase(word, schemes[i].name))
                offers |= schemes[i].offer;
    }
    return offers;
}

void keep_offers(struct lane *lane)
{
    char words[64];
    struct text text;
    struct slice challenges;
    size_t state = 0;
    lane->notebook.offers = slice_is(lane->dialogue.reply.code, "401") ? WEB_LOGIN : 0;
    while (dialect_header(lane->dialogue.reply.whole, "WWW-Authenticate", &state, &challenges))
        lane->notebook.offers |= offers_of(challenges);
    text_begin(&text, words, sizeof words);
    for (size_t i = 0; i < SCHEMES; i++)
        if (lane->notebook.offers & schemes[i].offer)
            text_add_format(&text, "%s%s", text.len > 0 ? " " : "", schemes[i].name);
    if (text.len > 0)
        ledger_fact(&lane->suite->run->ledger, lane_check(lane), "offers", "%s", words);
}

/* ---- scripts ---- */

/* clang-format off */
const struct step web_secure[] = {
    LOCATE (),
    DIAL   (),
    SECURE (),
    NOTE   (certificate_lasts,     TLS_EXPIRES_SOON),
    LEARN  (keep_certificate),
    END
};
const struct step web_again[] = {
    DIAL   (),
    SECURE (),
    END
};
/* clang-format on */

static const struct step *choose_secure(struct lane *lane)
{
    return lane->notebook.round == 0 ? web_secure : NULL;
}

const struct part part_web_secure = { choose_secure, NULL, NULL, SCRIPTS(web_secure) };
