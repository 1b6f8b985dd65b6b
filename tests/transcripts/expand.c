/* SPDX-License-Identifier: MIT */
/* What a transcript writes for what it must not or cannot hold: <plain>, ${token-out}, \x00. */
#include "transcript.h"

#include <string.h>

#define LOGIN      "anna@example.com"
#define PEER_LOGIN "ben@peer.example"

static void add_plain(struct text *text, const char *login, const char *secret)
{
    char joined[200];
    struct text plain;
    text_begin(&plain, joined, sizeof joined);
    text_add(&plain, (struct slice){ "\0", 1 });
    text_add_string(&plain, login);
    text_add(&plain, (struct slice){ "\0", 1 });
    text_add_string(&plain, secret);
    text_add_base64(text, text_slice(&plain));
}

static void add_basic(struct text *text)
{
    text_add_base64(text, SLICE(LOGIN ":" TRANSCRIPT_SECRET));
}

static bool add_token(struct text *text, struct slice name)
{
    if (slice_is(name, "<token>"))
        text_add_string(text, TRANSCRIPT_TOKEN);
    else if (slice_is(name, "<xoauth2>"))
        text_add_base64(text, SLICE("user=" LOGIN "\001auth=Bearer " TRANSCRIPT_TOKEN "\001\001"));
    else if (slice_is(name, "<consumer>"))
        text_add_string(text, TRANSCRIPT_CONSUMER);
    else if (slice_is(name, "<application-form>"))
        text_add_form(text, SLICE(TRANSCRIPT_APPLICATION));
    else
        return false;
    return true;
}

static bool add_stand_in(struct text *text, struct slice name)
{
    struct slice secret = SLICE(TRANSCRIPT_SECRET);
    if (slice_is(name, "<plain>"))
        add_plain(text, LOGIN, TRANSCRIPT_SECRET);
    else if (slice_is(name, "<peer-plain>"))
        add_plain(text, PEER_LOGIN, TRANSCRIPT_PEER_SECRET);
    else if (slice_is(name, "<basic>"))
        add_basic(text);
    else if (slice_is(name, "<login64>"))
        text_add_base64(text, SLICE(LOGIN));
    else if (slice_is(name, "<login-form>"))
        text_add_form(text, SLICE(LOGIN));
    else if (slice_is(name, "<login-quoted>"))
        text_add_quoted(text, SLICE(LOGIN));
    else if (slice_is(name, "<secret>"))
        text_add(text, secret);
    else if (slice_is(name, "<secret64>"))
        text_add_base64(text, secret);
    else if (slice_is(name, "<secret-form>"))
        text_add_form(text, secret);
    else if (slice_is(name, "<secret-quoted>"))
        text_add_quoted(text, secret);
    else if (slice_is(name, "${token-out}"))
        text_add_string(text, FAKE_MARK "-out");
    else if (slice_is(name, "${token-in}"))
        text_add_string(text, FAKE_MARK "-in");
    else if (slice_is(name, "${mark}"))
        text_add_string(text, FAKE_MARK);
    else if (slice_is(name, "${helo}"))
        text_add_string(text, FAKE_HOST_NAME);
    else
        return add_token(text, name); /* or an address in its brackets, or HTML */
    return true;
}

static unsigned hex_value(char digit)
{
    static const char digits[] = "0123456789abcdef";
    const char *found = digit == '\0' ? NULL : strchr(digits, digit);
    return found == NULL ? 16 : (unsigned)(found - digits);
}

/* \0 and \xNN; any other backslash is one. Returns how many bytes were read. */
static size_t add_escape(struct text *text, struct slice rest)
{
    char byte = '\0';
    if (rest.len >= 2 && rest.at[1] == '0') {
        text_add(text, (struct slice){ &byte, 1 });
        return 2;
    }
    if (rest.len >= 4 && rest.at[1] == 'x' && hex_value(rest.at[2]) < 16 &&
        hex_value(rest.at[3]) < 16) {
        byte = (char)(hex_value(rest.at[2]) * 16 + hex_value(rest.at[3]));
        text_add(text, (struct slice){ &byte, 1 });
        return 4;
    }
    text_add(text, SLICE("\\"));
    return 1;
}

static size_t stand_in_length(struct slice rest)
{
    char close = rest.at[0] == '<' ? '>' : '}';
    if (rest.at[0] == '$' && (rest.len < 2 || rest.at[1] != '{'))
        return 0;
    const char *end = memchr(rest.at, close, rest.len);
    return end == NULL ? 0 : (size_t)(end - rest.at) + 1;
}

bool transcript_expand(struct text *text, struct slice words)
{
    while (words.len > 0 && !text->overflow) {
        bool opens = words.at[0] == '<' || words.at[0] == '$';
        size_t taken = opens ? stand_in_length(words) : 0;
        bool stood_in = taken > 0 && add_stand_in(text, (struct slice){ words.at, taken });
        if (!stood_in && words.at[0] == '\\')
            taken = add_escape(text, words);
        else if (!stood_in)
            taken = 1;
        if (!stood_in && words.at[0] != '\\')
            text_add(text, (struct slice){ words.at, 1 });
        words = slice_from(words, taken);
    }
    return !text->overflow;
}
