/* SPDX-License-Identifier: MIT */
#include "../port/port.h"
#include "journal_slot.h"
#include "log.h"

#define MODE     0600
#define RETRY_MS 60000

/* ---- trouble ---- */

void journal_note_trouble(struct journal *journal, enum journal_health trouble)
{
    if (journal->trouble != trouble)
        log_warn("journal", "%s: %s; undelivered messages are kept in memory", journal->path,
                 trouble == JOURNAL_DISK_FULL ? "no space left" : "cannot be used");
    journal->trouble = trouble;
    journal->stale = true;
    journal->retry_ms = port_now_ms() + RETRY_MS;
}

bool journal_recover(struct journal *journal)
{
    if (journal->trouble == JOURNAL_ON_DISK)
        return true;
    if (port_now_ms() < journal->retry_ms)
        return false;
    return journal_rewrite(journal, NULL, NULL);
}

/* ---- bytes ---- */

static bool append(struct journal *journal, const char *path, const void *bytes, size_t size,
                   bool sync)
{
    enum file_result result = port_file_append(path, bytes, size, MODE, sync);
    if (result == FILE_MISSING && port_directory_make(journal->directory) == FILE_DONE)
        result = port_file_append(path, bytes, size, MODE, sync);
    if (result == FILE_DONE) {
        journal->written += size;
        return true;
    }
    journal_note_trouble(journal, result == FILE_FULL ? JOURNAL_DISK_FULL : JOURNAL_READ_ONLY);
    return false;
}

/* Somebody else may have removed or changed the file: to append to another one would lose what
   stood in it, the ids first of all. */
static bool is_as_left(const struct journal *journal)
{
    struct file_facts facts;
    enum file_result result = port_file_facts(journal->path, &facts);
    if (result == FILE_MISSING)
        return journal->file_size == 0;
    return result != FILE_DONE || facts.size == journal->file_size;
}

bool journal_wants_rewrite(const struct journal *journal, size_t size)
{
    size_t dead = journal->file_size - journal->index.disk_bytes;
    return journal->stale || dead > journal->bound / 2 ||
           journal->file_size + journal->batch + size > journal->bound || !is_as_left(journal);
}

bool journal_write(struct journal *journal, size_t size, bool sync)
{
    if (!append(journal, journal->path, journal->buffer, size, sync))
        return false;
    journal->file_size += size;
    return true;
}

bool journal_write_state(struct journal *journal)
{
    if (journal->trouble != JOURNAL_ON_DISK)
        return journal_recover(journal);
    journal->batch = 0;
    if (journal_wants_rewrite(journal, RECORD_STATE_SIZE))
        return journal_rewrite(journal, NULL, NULL);
    record_state_write(&journal->state, journal->buffer);
    return journal_write(journal, RECORD_STATE_SIZE, true);
}

/* ---- reading ---- */

/* The bytes of an entry's record. False when they are not all there. */
static bool fetch(const struct journal *journal, const struct journal_entry *entry,
                  struct slice *into_bytes)
{
    size_t got = 0;
    const uint8_t *bytes = journal->buffer;
    if (entry->damaged)
        return false;
    if (entry->in_memory) {
        bytes = journal->memory + entry->offset;
        got = entry->size;
    } else if (port_file_read_at(journal->path, entry->offset, journal->buffer, entry->size,
                                 &got) != FILE_DONE) {
        return false;
    }
    *into_bytes = (struct slice){ (const char *)bytes, got };
    return got == entry->size;
}

bool journal_read(struct journal *journal, struct journal_entry *entry, struct record *into_record)
{
    struct slice bytes;
    size_t size = 0;
    if (fetch(journal, entry, &bytes) && record_read(bytes, into_record, &size) == RECORD_WHOLE &&
        size == entry->size && into_record->type == RECORD_MESSAGE &&
        into_record->message.id == entry->id)
        return true;
    entry->damaged = true;
    journal->damaged = true;
    journal->stale = true;
    return false;
}

/* ---- the file anew ---- */

static bool copy_state(struct journal *journal, size_t *size, bool sync)
{
    uint8_t state[RECORD_STATE_SIZE];
    record_state_write(&journal->state, state);
    *size += sizeof state;
    return append(journal, journal->fresh_path, state, sizeof state, sync);
}

static bool copy_entries(struct journal *journal, size_t *size)
{
    size_t i = 0;
    while (i < journal->index.count) {
        struct journal_entry *entry = &journal->index.entries[i];
        struct record record;
        if (!journal_read(journal, entry, &record)) {
            journal_lose(journal, entry);
            continue;
        }
        const uint8_t *bytes = entry->in_memory ? journal->memory + entry->offset : journal->buffer;
        if (!append(journal, journal->fresh_path, bytes, entry->size, false))
            return false;
        entry->new_offset = (uint32_t)*size;
        *size += entry->size;
        i++;
    }
    return true;
}

static bool add_record(struct journal *journal, const struct record *record, size_t *size)
{
    size_t record_len = record_size(record);
    record_write(record, journal->buffer);
    *size += record_len;
    return append(journal, journal->fresh_path, journal->buffer, record_len, false);
}

static void adopt_copies(struct journal *journal, size_t size)
{
    struct journal_index *index = &journal->index;
    for (size_t i = 0; i < index->count; i++) {
        index->entries[i].offset = index->entries[i].new_offset;
        index->entries[i].in_memory = false;
    }
    index->disk_bytes += index->memory_bytes;
    index->memory_bytes = index->memory_report_bytes = 0;
    journal->file_size = size;
    journal->batch = 0;
    journal->stale = journal->adrift = false;
    if (journal->trouble != JOURNAL_ON_DISK)
        log_info("journal", "%s takes writes again", journal->path);
    journal->trouble = JOURNAL_ON_DISK;
}

/* The state stands at both ends, so that a damaged one has another to take its place; and the one
   at the end counts what proved unreadable between them. */
static bool write_anew(struct journal *journal, const struct record *added, size_t *into_offset,
                       size_t *size)
{
    if (!copy_state(journal, size, false) || !copy_entries(journal, size))
        return false;
    if (added != NULL) {
        *into_offset = *size;
        if (!add_record(journal, added, size))
            return false;
    }
    return copy_state(journal, size, true);
}

bool journal_rewrite(struct journal *journal, const struct record *added, size_t *into_offset)
{
    size_t size = 0;
    if (journal->unread)
        return false;
    (void)port_file_remove(journal->fresh_path); /* hardly ever there */
    if (write_anew(journal, added, into_offset, &size)) {
        if (port_file_rename(journal->fresh_path, journal->path) == FILE_DONE) {
            adopt_copies(journal, size);
            return true;
        }
        journal_note_trouble(journal, JOURNAL_READ_ONLY);
    }
    (void)port_file_remove(journal->fresh_path); /* the first failure is the one that counts */
    return false;
}
