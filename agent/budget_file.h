/* SPDX-License-Identifier: MIT */
/* The file of the login budget, `budget` in the state directory: one line for each account. For
   budget.c.

   A line holds no address: the account is known again by an HMAC with the line's own salt, and
   where the words of a refusal hold the address, it is cut out of them. Each line ends in a sum
   over the rest.

   A line whose sum is wrong is dropped, with a line in the log, and nothing is known of its
   account. That is safe: it costs that account one more refused login at most, once, because the
   next refusal is written anew - and policies lock after several. To keep every account closed for
   one damaged line would cost more. A file that cannot be read at all, or that another version
   wrote, is another matter: it may hold any number of refusals, so no secret is spoken until
   someone has looked. */
#ifndef GATEPOST_BUDGET_FILE_H
#define GATEPOST_BUDGET_FILE_H

#include "budget.h"
#include "digest.h"
#include "settings.h"

/* Each account may have a second mailbox. With more of them the one that was written longest ago
 * and has no refusal goes first. */
#define BUDGET_ACCOUNTS_MAX (2 * SETTINGS_ACCOUNTS_MAX)
#define BUDGET_LINE_MAX     2816 /* bytes: six refusals of the longest words */
#define BUDGET_FILE_MAX     (BUDGET_ACCOUNTS_MAX * BUDGET_LINE_MAX + 64)

struct budget_record {
    uint8_t salt[16];
    uint8_t fingerprint[DIGEST_SIZE]; /* of account and secret */
    int64_t accepted_ms;              /* 0 never */
    struct refusal refusal, closed[CHECK_COUNT];
};

enum budget_search { BUDGET_RECORD_FOUND, BUDGET_RECORD_NONE, BUDGET_FILE_UNREADABLE };

/* A record that says nothing. */
void budget_record_clear(struct budget_record *record);

/* True when something is refused in it. */
bool budget_record_refuses(const struct budget_record *record);

/* The account's record; its refusals are marked as kept. */
enum budget_search budget_file_find(const char *directory, const char *address,
                                    struct budget_record *into_record) MUST_USE;

/* Writes the account's record in place of the one it had, on disk when the call returns. False when
   that is not possible; the file is then as it was. */
bool budget_file_store(const char *directory, const char *address,
                       const struct budget_record *record) MUST_USE;

#endif
