/* SPDX-License-Identifier: MIT */
/* What must reach the broker although the power may fail: an append-only, checksummed, bounded
   queue in the state directory (file `journal`). Events and support requests are appended when they
   are made; reports only when they cannot be delivered at once, and only the newest of each account
   is kept. After a power cut at any write it opens with everything that journal_append had returned
   true for. What went to the bound, or gave way to a newer report, is counted: with that count and
   journal_skipped a consumer can account for every gap in the ids.

   When the disk is full or read-only it goes on in memory, within the same bound (there at most
   JOURNAL_MEMORY_MAX), and says so. */
#ifndef GATEPOST_JOURNAL_H
#define GATEPOST_JOURNAL_H

#include "message.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define JOURNAL_ENTRIES_MAX 1024
#define JOURNAL_BOUND_MIN   16384   /* bytes */
#define JOURNAL_BOUND_MAX   4194304 /* bytes */
#define JOURNAL_MEMORY_MAX  262144  /* bytes that are kept while the disk takes none */
#define JOURNAL_BLOCK       1000    /* ids that are reserved at once */

enum journal_health {
    JOURNAL_ON_DISK,
    JOURNAL_DISK_FULL, /* from memory until the disk takes writes again: tried when something is
                          appended, at most once a minute */
    JOURNAL_READ_ONLY, /* the same where the disk refuses writes or fails */
    JOURNAL_DAMAGED,   /* a part could not be read and was left out; counted in dropped as far as it
                          can be known */
};

struct journal; /* one static slot */

/* Opens the journal of a state directory; bound is the size of its file in bytes, of which the kept
   messages take at most seven eighths, and reports leave room below five eighths to the rest. While
   the file is rewritten, the new one stands beside it for a moment. Never fails: see
   journal_health. One at a time. */
struct journal *journal_open(const char *directory, size_t bound);

/* Notes the exact next id, so that the next start skips none. */
void journal_close(struct journal *journal);

enum journal_health journal_health(const struct journal *journal);

/* The next id: grows by one for every message of the gateway, across restarts. Without a write for
   each: a block of ids is reserved on disk. Where no block can be reserved, the next one begins at
   the wall clock's milliseconds (when that is trusted), so that a restart does not give an id
   twice.
 */
uint64_t journal_next_id(struct journal *journal);

/* Ids that may never arrive, because a crash came between: first and count (0: none). They were
   reserved and never used, or given to reports, states and replies that were on their way. An event
   or support request among them arrives all the same. Told by every start until
   journal_skipped_told. */
uint64_t journal_skipped(const struct journal *journal, uint64_t *into_first);

/* The broker has acknowledged a status with the skipped ids in it. */
void journal_skipped_told(struct journal *journal);

/* How often the agent has started with this state directory, this time included. */
uint32_t journal_boots(const struct journal *journal);

/* Keeps a message (its bytes are copied); an id that is kept already is left as it is. True: it
   will survive a power cut. False: memory only (see journal_health), or it does not fit at all, or
   is of a kind that is not kept (status, reply), and was dropped and counted. When the bound is met
   the oldest report goes first, and only then the oldest of the others. */
bool journal_append(struct journal *journal, const struct message *message);

/* The broker has acknowledged it, or it is void: forget it. An id that is not kept is left alone.
   Not at once on disk: after a power cut it may be there again. */
void journal_remove(struct journal *journal, uint64_t id);

/* A message that has an id and will not be sent, and was never appended: its gap is counted, on
   disk with the next write. */
void journal_drop(struct journal *journal, enum message_kind kind);

/* The oldest kept message with an id above `after`, in order; false when there is none. Its
   pointers live until the next call of any journal function. */
bool journal_next(struct journal *journal, uint64_t after, struct message *into_message);

size_t journal_count(const struct journal *journal);
struct dropped journal_dropped(const struct journal *journal);

/* Bytes written to disk since it was opened, that included: flash wears. */
uint64_t journal_written(const struct journal *journal);

#endif
