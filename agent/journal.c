/* SPDX-License-Identifier: MIT */
#include "journal.h"

#include "../port/port.h"
#include "journal_slot.h"

#include <string.h>

static struct journal slot;
static struct journal_entry entries[JOURNAL_ENTRIES_MAX];
static uint8_t buffer[JOURNAL_BATCH_MAX], memory[JOURNAL_MEMORY_MAX];

/* ---- forgetting ---- */

void journal_forget(struct journal *journal, struct journal_entry *entry)
{
    struct journal_index *index = &journal->index;
    if (entry->in_memory) {
        uint8_t *at = journal->memory + entry->offset;
        size_t end = entry->offset + entry->size;
        memmove(at, at + entry->size, index->memory_bytes - end);
        for (size_t i = 0; i < index->count; i++)
            if (index->entries[i].in_memory && index->entries[i].offset > entry->offset)
                index->entries[i].offset -= entry->size;
    }
    journal_index_remove(index, entry);
}

void journal_drop(struct journal *journal, enum message_kind kind)
{
    journal->state.dropped.count[kind]++;
}

void journal_lose(struct journal *journal, struct journal_entry *entry)
{
    journal_drop(journal, entry->kind);
    journal_forget(journal, entry);
}

/* Marks wait behind the longest record. */
static void add_mark(struct journal *journal, enum record_type type, uint64_t id,
                     enum message_kind kind)
{
    const struct record mark = { .type = type, .message = { .id = id, .kind = kind } };
    record_write(&mark, journal->buffer + RECORD_MAX + journal->batch);
    journal->batch += JOURNAL_MARK_SIZE;
}

static void give_up(struct journal *journal, struct journal_entry *entry)
{
    add_mark(journal, RECORD_LOST, entry->id, entry->kind);
    journal_lose(journal, entry);
}

/* One write for a record that stands in front of the buffer and what makes room for it, in this
   order: where it is torn, nothing that was kept is gone before what replaces it is there. */
static bool write_with_marks(struct journal *journal, size_t size, bool sync)
{
    memmove(journal->buffer + size, journal->buffer + RECORD_MAX, journal->batch);
    return journal_write(journal, size + journal->batch, sync);
}

/* What fails here is told by the health. */
static void write_marks(struct journal *journal, bool sync)
{
    if (journal->trouble != JOURNAL_ON_DISK)
        return;
    if (journal_wants_rewrite(journal, 0))
        (void)journal_rewrite(journal, NULL, NULL);
    else
        (void)write_with_marks(journal, 0, sync);
}

/* A message that is not kept at all. */
static void refuse(struct journal *journal, const struct message *message)
{
    journal_drop(journal, message->kind);
    add_mark(journal, RECORD_LOST, message->id, message->kind);
    write_marks(journal, true);
}

/* ---- room ---- */

static size_t limit_of(const struct journal *journal, enum message_kind kind)
{
    return journal->bound / 8 * (kind == MESSAGE_REPORT ? 5 : 7);
}

static size_t memory_size(const struct journal *journal)
{
    return journal->bound < JOURNAL_MEMORY_MAX ? journal->bound : JOURNAL_MEMORY_MAX;
}

static size_t kept_bytes(const struct journal_index *index)
{
    return index->disk_bytes + index->memory_bytes;
}

/* Whether there can be room, by giving up what may be given up for it: for a report only reports.
 */
static bool can_fit(const struct journal *journal, enum message_kind kind, size_t size)
{
    const struct journal_index *index = &journal->index;
    if (kind != MESSAGE_REPORT)
        return size <= limit_of(journal, kind);
    return kept_bytes(index) - index->report_bytes + size <= limit_of(journal, kind) &&
           (index->count < JOURNAL_ENTRIES_MAX || index->report_bytes > 0);
}

static struct journal_entry *victim(struct journal *journal, bool in_memory)
{
    struct journal_entry *report = journal_index_report(&journal->index, in_memory);
    return report != NULL ? report : journal_index_oldest(&journal->index, in_memory);
}

static void make_room(struct journal *journal, enum message_kind kind, size_t size)
{
    const struct journal_index *index = &journal->index;
    while (index->count == JOURNAL_ENTRIES_MAX ||
           kept_bytes(index) + size > limit_of(journal, kind))
        give_up(journal, victim(journal, false));
}

/* ---- opening and closing ---- */

/* A write that was torn may have left a report beside the one that replaces it, and the bound may
   be smaller than before: what has to go, goes as if it had been appended now. Where the mark of a
   report that gave way is damaged, a later state has counted it already. */
static void tidy(struct journal *journal)
{
    struct journal_index *index = &journal->index;
    size_t i = 0, count = index->count;
    while (i < index->count) {
        const struct journal_entry *entry = &index->entries[i];
        struct journal_entry *first = journal_index_report_of(index, entry->key);
        if (entry->kind != MESSAGE_REPORT || first == NULL || first->id >= entry->id)
            i++;
        else if (journal->damaged)
            journal_forget(journal, first);
        else
            journal_lose(journal, first);
    }
    while (kept_bytes(index) > limit_of(journal, MESSAGE_EVENT))
        journal_lose(journal, victim(journal, false));
    journal->stale = journal->stale || index->count < count;
}

void journal_skip_to(struct journal *journal, uint64_t id)
{
    struct journal_state *state = &journal->state;
    if (id <= journal->next_id)
        return;
    if (state->skipped == state->skipped_end || state->skipped > journal->next_id)
        state->skipped = journal->next_id;
    state->skipped_end = id;
    journal->next_id = id;
}

static void reserve(struct journal *journal)
{
    struct journal_state *state = &journal->state;
    state->next = journal->next_id;
    state->reserved = journal->next_id + JOURNAL_BLOCK;
    state->clean = false;
    if (journal_write_state(journal) || journal->adrift)
        return;
    journal->adrift = true;
    if (port_wall_trusted())
        journal_skip_to(journal, (uint64_t)port_wall_ms());
    state->next = journal->next_id;
    state->reserved = journal->next_id + JOURNAL_BLOCK;
}

struct journal *journal_open(const char *directory, size_t bound)
{
    struct journal *journal = &slot;
    bound = bound < JOURNAL_BOUND_MIN ? JOURNAL_BOUND_MIN : bound;
    bound = bound > JOURNAL_BOUND_MAX ? JOURNAL_BOUND_MAX : bound;
    slot = (struct journal){ .bound = bound, .buffer = buffer, .memory = memory };
    slot.index.entries = entries;
    text_put_string(slot.directory, sizeof slot.directory, directory);
    text_put_format(slot.path, sizeof slot.path, "%s/journal", directory);
    text_put_format(slot.fresh_path, sizeof slot.fresh_path, "%s/journal.new", directory);
    journal_replay(journal);
    tidy(journal);
    journal->state.boots++;
    reserve(journal);
    return journal;
}

void journal_close(struct journal *journal)
{
    journal->state.next = journal->state.reserved = journal->next_id;
    journal->state.clean = true;
    journal->retry_ms = port_now_ms();
    /* What cannot be written now is lost with this process; its health has said so. */
    (void)journal_write_state(journal);
}

/* ---- ids and counts ---- */

uint64_t journal_next_id(struct journal *journal)
{
    if (journal->next_id >= journal->state.reserved)
        reserve(journal);
    return journal->next_id++;
}

uint64_t journal_skipped(const struct journal *journal, uint64_t *into_first)
{
    *into_first = journal->state.skipped;
    return journal->state.skipped_end - journal->state.skipped;
}

void journal_skipped_told(struct journal *journal)
{
    journal->state.skipped = journal->state.skipped_end;
}

uint32_t journal_boots(const struct journal *journal)
{
    return journal->state.boots;
}

size_t journal_count(const struct journal *journal)
{
    return journal->index.count;
}

struct dropped journal_dropped(const struct journal *journal)
{
    return journal->state.dropped;
}

uint64_t journal_written(const struct journal *journal)
{
    return journal->written;
}

enum journal_health journal_health(const struct journal *journal)
{
    if (journal->trouble != JOURNAL_ON_DISK)
        return journal->trouble;
    return journal->damaged ? JOURNAL_DAMAGED : JOURNAL_ON_DISK;
}

/* ---- keeping ---- */

static void add_entry(struct journal *journal, const struct message *message, size_t offset,
                      size_t size, bool in_memory)
{
    const struct journal_entry entry = { .id = message->id,
                                         .key = journal_key(message->key),
                                         .offset = (uint32_t)offset,
                                         .size = (uint32_t)size,
                                         .kind = message->kind,
                                         .in_memory = in_memory };
    journal_index_add(&journal->index, &entry);
}

static void keep_in_memory(struct journal *journal, const struct record *record, size_t size)
{
    struct journal_index *index = &journal->index;
    size_t room = memory_size(journal);
    bool report = record->message.kind == MESSAGE_REPORT;
    size_t firm = report ? index->memory_bytes - index->memory_report_bytes : 0;
    if (firm + size > room) {
        journal_drop(journal, record->message.kind);
        return;
    }
    while (index->memory_bytes + size > room)
        journal_lose(journal, victim(journal, true));
    record_write(record, journal->memory + index->memory_bytes);
    add_entry(journal, &record->message, index->memory_bytes, size, true);
}

static bool keep_on_disk(struct journal *journal, const struct record *record, size_t size)
{
    size_t offset = journal->file_size;
    bool written;
    if (journal->trouble != JOURNAL_ON_DISK)
        return false;
    if (journal_wants_rewrite(journal, size)) {
        written = journal_rewrite(journal, record, &offset);
    } else {
        record_write(record, journal->buffer);
        written = write_with_marks(journal, size, true);
    }
    if (written)
        add_entry(journal, &record->message, offset, size, false);
    return written;
}

/* The report of the same account makes way, or this one does where it is the older. */
static bool is_newest(struct journal *journal, const struct message *message)
{
    struct journal_entry *other =
        journal_index_report_of(&journal->index, journal_key(message->key));
    if (message->kind != MESSAGE_REPORT || other == NULL)
        return true;
    if (other->id > message->id)
        return false;
    give_up(journal, other);
    return true;
}

bool journal_append(struct journal *journal, const struct message *message)
{
    const struct record record = { .type = RECORD_MESSAGE, .message = *message };
    const struct journal_entry *kept = journal_index_find(&journal->index, message->id);
    if (kept != NULL)
        return !kept->in_memory;
    bool fits =
        message->kind != MESSAGE_STATUS && message->kind != MESSAGE_REPLY && record_fits(message);
    size_t size = record_size(&record);
    (void)journal_recover(journal); /* if not, it goes on in memory */
    journal->batch = 0;
    if (!fits || !can_fit(journal, message->kind, size) || !is_newest(journal, message)) {
        refuse(journal, message);
        return false;
    }
    make_room(journal, message->kind, size);
    bool on_disk = keep_on_disk(journal, &record, size);
    if (!on_disk)
        keep_in_memory(journal, &record, size);
    return on_disk;
}

void journal_remove(struct journal *journal, uint64_t id)
{
    struct journal_entry *entry = journal_index_find(&journal->index, id);
    if (entry == NULL)
        return;
    journal->batch = 0;
    add_mark(journal, RECORD_REMOVED, id, entry->kind);
    journal_forget(journal, entry);
    write_marks(journal, false);
}

bool journal_next(struct journal *journal, uint64_t after, struct message *into_message)
{
    struct record record;
    struct journal_entry *entry;
    while ((entry = journal_index_after(&journal->index, after)) != NULL) {
        if (journal_read(journal, entry, &record)) {
            *into_message = record.message;
            return true;
        }
        journal_lose(journal, entry);
    }
    return false;
}
