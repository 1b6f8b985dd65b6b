/* SPDX-License-Identifier: MIT */
/* Which messages the journal keeps, and where: in the order of their ids. For the journal_*.c
   files. */
#ifndef GATEPOST_JOURNAL_INDEX_H
#define GATEPOST_JOURNAL_INDEX_H

#include "journal.h"

struct journal_entry {
    uint64_t id;
    uint64_t key; /* hash of the message's key: a collision among an office's accounts is as good as
                     impossible */
    uint32_t offset, size; /* of the record: in the file, or in memory */
    uint32_t new_offset;   /* while the file is rewritten */
    enum message_kind kind;
    bool in_memory;
    bool damaged; /* cannot be read */
};

struct journal_index {
    struct journal_entry *entries; /* JOURNAL_ENTRIES_MAX */
    size_t count;
    size_t disk_bytes, memory_bytes; /* of their records */
    size_t report_bytes;             /* of the reports among them */
    size_t memory_report_bytes;      /* of those of them that are in memory */
};

uint64_t journal_key(const char *key);

/* NULL where there is none. */
struct journal_entry *journal_index_find(struct journal_index *index, uint64_t id);

/* The first with an id above `after`. */
struct journal_entry *journal_index_after(struct journal_index *index, uint64_t after);

/* The oldest report; of these the ones in memory only, where wanted. */
struct journal_entry *journal_index_report(struct journal_index *index, bool in_memory);

/* The oldest of all. */
struct journal_entry *journal_index_oldest(struct journal_index *index, bool in_memory);

/* The report of a key. */
struct journal_entry *journal_index_report_of(struct journal_index *index, uint64_t key);

/* There is room, and the id is new. */
void journal_index_add(struct journal_index *index, const struct journal_entry *entry);

/* Later entries move. */
void journal_index_remove(struct journal_index *index, struct journal_entry *entry);

#endif
