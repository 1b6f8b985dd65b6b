/* SPDX-License-Identifier: MIT */
#include "talk.h"

static struct transcript transcript;
static struct fake_line lines[FUZZ_SPEECHES_MAX];
static struct fake_peer *peer;

void talk_begin(const char *path)
{
    HOLDS(transcript_read(path, &transcript) && play_prepare(&transcript));
    HOLDS(fake.peer_count > 0);
    peer = &fake.peers[fake.peer_count - 1];
    peer->tolerant = true;
    fake.delivery = DELIVERY_LINES;
    HOLDS(peer->count == 0);
}

static size_t cut_speeches(struct slice bytes)
{
    size_t count = 0;
    struct slice speech;
    while (count < FUZZ_SPEECHES_MAX && slice_cut(&bytes, (char)0xff, &speech))
        if (speech.len > 0)
            lines[count++] = (struct fake_line){ .kind = LINE_SAYS, .bytes = speech, .repeat = 1 };
    return count;
}

static void look_at(const struct entry *entry)
{
    HOLDS(!entry->asked || entry->status != STATUS_PENDING);
    if (entry->status == STATUS_UNKNOWN)
        HOLDS(entry->reason != REASON_NONE || entry->unknown_for != NO_FINDING);
    if (entry->status == STATUS_SKIPPED)
        HOLDS(entry->reason != REASON_NONE || entry->because != CHECK_COUNT);
}

int talk_run(const uint8_t *data, size_t size)
{
    static struct played played;
    char *copy = malloc(size > 0 ? size : 1);
    HOLDS(copy != NULL);
    memcpy(copy, data, size);
    peer->lines = lines;
    peer->count = cut_speeches((struct slice){ copy, size });
    play(&transcript, 0, &played);
    for (size_t i = 0; i < CHECK_COUNT; i++)
        look_at(&played.run.ledger.checks[i]);
    HOLDS(fake.connections_open == 0);
    HOLDS(!fake.betrayed);
    HOLDS(played.took_ms <= play_deadline_ms());
    HOLDS(played.report != NULL);
    free(copy);
    return 0;
}
