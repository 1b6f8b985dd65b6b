/* SPDX-License-Identifier: MIT */
#include "../port/port.h"
#include "journal_slot.h"
#include "log.h"

/* Ids this far below a reserved block may have been on their way when it was reserved. */
#define ON_THE_WAY 64

/* What reading the file has shown so far. */
struct replay {
    bool any_state;
    size_t good_end;     /* of the last record that is whole */
    size_t bad, damaged; /* bytes that are no record: since good_end; and before it */
};

/* ---- records ---- */

static void keep(struct journal *journal, const struct record *record, size_t offset, size_t size,
                 bool damaged)
{
    const struct message *message = &record->message;
    struct journal_entry *old = journal_index_find(&journal->index, message->id);
    if (old != NULL)
        journal_forget(journal, old);
    if (journal->index.count == JOURNAL_ENTRIES_MAX) { /* only where marks were damaged */
        journal_lose(journal, journal_index_oldest(&journal->index, false));
        journal->stale = true;
    }
    const struct journal_entry entry = { .id = message->id,
                                         .key = journal_key(message->key),
                                         .offset = (uint32_t)offset,
                                         .size = (uint32_t)size,
                                         .kind = message->kind,
                                         .damaged = damaged };
    journal_index_add(&journal->index, &entry);
}

static void play(struct journal *journal, struct replay *replay, const struct record *record,
                 size_t offset, size_t size)
{
    struct journal_entry *entry = journal_index_find(&journal->index, record->message.id);
    switch (record->type) {
    case RECORD_STATE:
        if (record_state_read(record->message.payload, &journal->state))
            replay->any_state = true;
        break;
    case RECORD_MESSAGE:
        keep(journal, record, offset, size, false);
        break;
    case RECORD_REMOVED:
    case RECORD_LOST:
        if (entry != NULL)
            journal_forget(journal, entry);
        if (record->type == RECORD_LOST)
            journal->state.dropped.count[record->message.kind]++;
        break;
    case RECORD_TYPES:
        break;
    }
    replay->damaged += replay->bad;
    replay->bad = 0;
    replay->good_end = offset + size;
}

/* ---- the file ---- */

/* Plays the records in a window of the file; returns how many of its bytes are done with. A record
   that does not end within the window is left for the next one, unless this is the last. */
static size_t play_window(struct journal *journal, struct replay *replay, struct slice window,
                          size_t offset, bool last)
{
    size_t at = 0;
    while (at < window.len) {
        struct record record;
        size_t size = 1;
        enum record_found found = record_read(slice_from(window, at), &record, &size);
        if (found == RECORD_CUT && !last)
            return at;
        if (found == RECORD_CUT)
            size = 1; /* a torn end, byte for byte: a whole record may still follow */
        if (found == RECORD_WHOLE) {
            play(journal, replay, &record, offset + at, size);
        } else {
            replay->bad += size;
            if (found == RECORD_BODY_DAMAGED && record.type == RECORD_MESSAGE)
                keep(journal, &record, offset + at, size, true);
        }
        at += size;
    }
    return at;
}

static enum file_result play_file(struct journal *journal, struct replay *replay)
{
    size_t offset = 0, got = 0;
    for (;;) {
        enum file_result result =
            port_file_read_at(journal->path, offset, journal->buffer, JOURNAL_BATCH_MAX, &got);
        if (result != FILE_DONE)
            return result;
        struct slice window = { (const char *)journal->buffer, got };
        bool last = got < JOURNAL_BATCH_MAX;
        offset += play_window(journal, replay, window, offset, last);
        if (last)
            break;
    }
    journal->file_size = offset;
    return FILE_DONE;
}

/* ---- what it comes to ---- */

/* A message that begins after the last whole record was being appended when the power failed:
   nobody was told that it is kept. Any other that cannot be read is lost. */
static void settle_damaged(struct journal *journal, const struct replay *replay)
{
    size_t i = 0;
    while (i < journal->index.count) {
        struct journal_entry *entry = &journal->index.entries[i];
        if (!entry->damaged)
            i++;
        else if (entry->offset >= replay->good_end)
            journal_forget(journal, entry);
        else
            journal_lose(journal, entry);
    }
    journal->stale = journal->stale || replay->bad > 0 || replay->damaged > 0;
    journal->damaged = replay->damaged > 0;
    if (replay->damaged > 0)
        log_warn("journal", "%zu bytes of %s are damaged and left out", replay->damaged,
                 journal->path);
    else if (replay->bad > 0)
        log_info("journal", "%zu bytes at the end of %s were not written whole and are left out",
                 replay->bad, journal->path);
}

/* Every state that cannot be read may have reserved a block. At the end there is at most one. */
static uint64_t blocks_unknown(const struct replay *replay)
{
    uint64_t blocks = replay->bad > 0 ? 1 : 0;
    return replay->damaged > 0 ? blocks + replay->damaged / RECORD_STATE_SIZE + 1 : blocks;
}

static void settle_ids(struct journal *journal, const struct replay *replay)
{
    struct journal_state *state = &journal->state;
    uint64_t blocks = blocks_unknown(replay), begin = state->next;
    journal->next_id = state->next;
    if (state->clean && blocks == 0)
        return;
    if (!replay->any_state && journal->file_size == 0)
        return;
    journal->next_id = begin > ON_THE_WAY + 1 ? begin - ON_THE_WAY : 1;
    journal_skip_to(journal, state->reserved + blocks * JOURNAL_BLOCK);
}

void journal_replay(struct journal *journal)
{
    struct replay replay = { 0 };
    journal->state = (struct journal_state){ .next = 1, .reserved = 1 };
    enum file_result result = play_file(journal, &replay);
    settle_damaged(journal, &replay);
    settle_ids(journal, &replay);
    if (result == FILE_DONE || result == FILE_MISSING)
        return;
    journal->unread = true;
    journal_note_trouble(journal, JOURNAL_READ_ONLY);
}
