/* SPDX-License-Identifier: MIT */
/* The journal from within: what its files share. */
#ifndef GATEPOST_JOURNAL_SLOT_H
#define GATEPOST_JOURNAL_SLOT_H

#include "journal.h"
#include "journal_index.h"
#include "journal_record.h"

#define JOURNAL_PATH_MAX  1100
#define JOURNAL_MARK_SIZE (RECORD_HEAD_SIZE + 2) /* a record without texts */
#define JOURNAL_BATCH_MAX (RECORD_MAX + JOURNAL_ENTRIES_MAX * JOURNAL_MARK_SIZE)

struct journal {
    char directory[JOURNAL_PATH_MAX], path[JOURNAL_PATH_MAX], fresh_path[JOURNAL_PATH_MAX];
    size_t bound;
    struct journal_index index;
    struct journal_state state; /* as it is to be on disk */
    uint64_t next_id;
    size_t file_size;
    enum journal_health trouble; /* JOURNAL_ON_DISK: none */
    int64_t retry_ms;            /* port_now_ms scale */
    bool unread;                 /* the file is there and could not be read: it is not replaced */
    bool stale;   /* the file does not say what is known: the next write replaces it */
    bool damaged; /* something could not be read */
    bool adrift;  /* ids are given that are not reserved on disk */
    size_t batch; /* bytes of marks that wait in the buffer, from RECORD_MAX on, to be written */
    uint64_t written;
    uint8_t *buffer; /* JOURNAL_BATCH_MAX; what is read or is to be written */
    uint8_t *memory; /* JOURNAL_MEMORY_MAX; records that the disk did not take, without gaps */
};

/* ---- journal_disk.c ---- */

/* A write that fails is remembered as trouble, so its result need not be looked at. */

/* Reads the record of an entry; its texts live until the buffer is used again. False when it is
   damaged: the entry is marked. */
bool journal_read(struct journal *journal, struct journal_entry *entry,
                  struct record *into_record) MUST_USE;

/* Appends the first bytes of the buffer. False when the disk does not take them; from then on there
   is trouble. Without a call while there is trouble or the file is stale. */
bool journal_write(struct journal *journal, size_t size, bool sync);

/* True when a rewrite is worth its writes, or the batch and size bytes more cannot be appended
   without one. */
bool journal_wants_rewrite(const struct journal *journal, size_t size);

/* Replaces the file by one that holds just what is kept, which ends trouble; and a record that is
   added (NULL: none), so that what made room for it is not gone before it is there. Uses the
   buffer.
 */
bool journal_rewrite(struct journal *journal, const struct record *added, size_t *into_offset);

/* Brings the state to disk. Uses the buffer. */
bool journal_write_state(struct journal *journal);

/* Tries to end trouble, if that was not tried for a while. True when there is none now. */
bool journal_recover(struct journal *journal);

void journal_note_trouble(struct journal *journal, enum journal_health trouble);

/* ---- journal_replay.c ---- */

/* Reads the file: what is kept, the counts, and the ids: next_id is above each that was given. */
void journal_replay(struct journal *journal);

/* ---- journal.c ---- */

/* Forgets the entry; lose counts it, too. Later entries move. */
void journal_forget(struct journal *journal, struct journal_entry *entry);
void journal_lose(struct journal *journal, struct journal_entry *entry);

/* Goes on with that id where it is higher; the ones between are skipped. */
void journal_skip_to(struct journal *journal, uint64_t id);

#endif
