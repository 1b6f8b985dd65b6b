/* SPDX-License-Identifier: MIT */
/* What a token server and a mail server say of tokens: only words that may be shown, and a token
   that can stand in a field, come out. */
#include "../../agent/oauth.h"

#include "target.h"

static void judge_word(const char *word)
{
    HOLDS(strlen(word) < OAUTH_WORD_MAX);
    for (; *word != '\0'; word++)
        HOLDS(*word > ' ' && *word <= '~' && *word != ';');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct secret token;
    struct oauth_answer answer;
    char status[8];
    struct slice bytes = { (const char *)data, size };
    oauth_read(bytes, &token, &answer);
    HOLDS(token.len <= TOKEN_MAX);
    for (size_t i = 0; i < token.len; i++)
        HOLDS(token.bytes[i] > ' ' && token.bytes[i] <= '~');
    judge_word(answer.error);
    judge_word(answer.code);
    if (oauth_challenge_status(bytes, status, sizeof status))
        HOLDS(strlen(status) > 0 && strspn(status, "0123456789") == strlen(status));
    return 0;
}
