/* SPDX-License-Identifier: MIT */
#include "journal_index.h"

#include <assert.h>
#include <string.h>

/* FNV-1a, 64 bits. */
uint64_t journal_key(const char *key)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (; *key != '\0'; key++)
        hash = (hash ^ (uint8_t)*key) * UINT64_C(0x100000001b3);
    return hash;
}

/* How many ids are not above `after`. */
static size_t place(const struct journal_index *index, uint64_t after)
{
    size_t low = 0, high = index->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (index->entries[middle].id <= after)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct journal_entry *journal_index_find(struct journal_index *index, uint64_t id)
{
    size_t at = place(index, id);
    return at > 0 && index->entries[at - 1].id == id ? &index->entries[at - 1] : NULL;
}

struct journal_entry *journal_index_after(struct journal_index *index, uint64_t after)
{
    size_t at = place(index, after);
    return at < index->count ? &index->entries[at] : NULL;
}

struct journal_entry *journal_index_oldest(struct journal_index *index, bool in_memory)
{
    for (size_t i = 0; i < index->count; i++)
        if (index->entries[i].in_memory || !in_memory)
            return &index->entries[i];
    return NULL;
}

struct journal_entry *journal_index_report(struct journal_index *index, bool in_memory)
{
    for (size_t i = 0; i < index->count; i++)
        if (index->entries[i].kind == MESSAGE_REPORT && (index->entries[i].in_memory || !in_memory))
            return &index->entries[i];
    return NULL;
}

struct journal_entry *journal_index_report_of(struct journal_index *index, uint64_t key)
{
    for (size_t i = 0; i < index->count; i++)
        if (index->entries[i].kind == MESSAGE_REPORT && index->entries[i].key == key)
            return &index->entries[i];
    return NULL;
}

void journal_index_add(struct journal_index *index, const struct journal_entry *entry)
{
    assert(index->count < JOURNAL_ENTRIES_MAX);
    size_t at = place(index, entry->id);
    memmove(&index->entries[at + 1], &index->entries[at], (index->count - at) * sizeof *entry);
    index->entries[at] = *entry;
    index->count++;
    *(entry->in_memory ? &index->memory_bytes : &index->disk_bytes) += entry->size;
    if (entry->kind != MESSAGE_REPORT)
        return;
    index->report_bytes += entry->size;
    index->memory_report_bytes += entry->in_memory ? entry->size : 0;
}

void journal_index_remove(struct journal_index *index, struct journal_entry *entry)
{
    size_t at = (size_t)(entry - index->entries);
    *(entry->in_memory ? &index->memory_bytes : &index->disk_bytes) -= entry->size;
    if (entry->kind == MESSAGE_REPORT) {
        index->report_bytes -= entry->size;
        index->memory_report_bytes -= entry->in_memory ? entry->size : 0;
    }
    index->count--;
    memmove(entry, entry + 1, (index->count - at) * sizeof *entry);
}
