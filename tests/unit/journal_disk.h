/* SPDX-License-Identifier: MIT */
/* A disk in memory in the place of the port's, which loses its power at any byte. What was not
   synced is then there, or missing, or zeros, or half of it is. */
#ifndef GATEPOST_TEST_JOURNAL_DISK_H
#define GATEPOST_TEST_JOURNAL_DISK_H

#include "journal.h"
#include "port/port.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define DISK_FILE_MAX 600000
#define NO_CUT        UINT64_MAX

struct disk_file {
    bool there;
    size_t size, synced;
    char bytes[DISK_FILE_MAX];
};

enum unsynced { UNSYNCED_KEPT, UNSYNCED_LOST, UNSYNCED_ZEROS, UNSYNCED_HALF, UNSYNCED_WAYS };

static struct disk {
    struct disk_file journal, fresh;
    size_t bound;            /* what the journal may never exceed */
    uint64_t cut_after;      /* bytes, and one for each sync, removal and renaming */
    enum file_result refuse; /* FILE_DONE: it takes writes */
    unsigned attempts;
    int64_t now_ms, wall_ms;
    bool wall_trusted;
    jmp_buf power;
} disk;

static inline void disk_begin(size_t bound)
{
    disk.journal.there = disk.fresh.there = false;
    disk.journal.size = disk.fresh.size = 0;
    disk.bound = bound;
    disk.cut_after = NO_CUT;
    disk.refuse = FILE_DONE;
    disk.attempts = 0;
    disk.now_ms = 1000;
    disk.wall_ms = 1795435200000;
    disk.wall_trusted = true;
}

static inline struct disk_file *disk_file(const char *path)
{
    return strcmp(path + strlen(path) - 4, ".new") == 0 ? &disk.fresh : &disk.journal;
}

/* Returns how much of it happens; the power fails in the middle of the rest. */
static inline size_t disk_spend(size_t units)
{
    size_t done = units < disk.cut_after ? units : (size_t)disk.cut_after;
    disk.cut_after -= disk.cut_after == NO_CUT ? 0 : done;
    return done;
}

static inline void disk_spend_one(void)
{
    if (disk_spend(1) == 0)
        longjmp(disk.power, 1);
}

/* What is found when the power is back. */
static inline void disk_settle(enum unsynced way)
{
    struct disk_file *files[] = { &disk.journal, &disk.fresh };
    disk.cut_after = NO_CUT;
    for (size_t i = 0; i < 2; i++) {
        struct disk_file *file = files[i];
        if (way == UNSYNCED_LOST)
            file->size = file->synced;
        size_t unsynced = file->size - file->synced;
        size_t zeros = way == UNSYNCED_HALF ? unsynced / 2 : unsynced;
        if (way == UNSYNCED_ZEROS || way == UNSYNCED_HALF)
            memset(file->bytes + file->size - zeros, 0, zeros);
        file->synced = file->size;
    }
}

/* ---- the port ---- */

enum file_result port_file_append(const char *path, const void *bytes, size_t size, uint32_t mode,
                                  bool sync)
{
    struct disk_file *file = disk_file(path);
    assert_int_equal(mode, 0600);
    disk.attempts++;
    if (!file->there) {
        file->there = true;
        file->size = file->synced = 0;
    }
    assert_true(file->size + size <= sizeof file->bytes);
    if (disk.refuse != FILE_DONE) {
        size_t part = disk.refuse == FILE_FULL ? size / 2 : 0;
        memcpy(file->bytes + file->size, bytes, part);
        file->size += part;
        return disk.refuse;
    }
    size_t done = disk_spend(size);
    memcpy(file->bytes + file->size, bytes, done);
    file->size += done;
    if (file->size > disk.bound)
        fail_msg("%zu bytes in %s", file->size, path);
    if (done < size)
        longjmp(disk.power, 1);
    if (sync) {
        disk_spend_one();
        file->synced = file->size;
    }
    return FILE_DONE;
}

enum file_result port_file_rename(const char *from, const char *to)
{
    assert_ptr_equal(disk_file(from), &disk.fresh);
    assert_ptr_equal(disk_file(to), &disk.journal);
    disk_spend_one();
    memcpy(disk.journal.bytes, disk.fresh.bytes, disk.fresh.size);
    disk.journal.there = true;
    disk.journal.size = disk.fresh.size;
    disk.journal.synced = disk.fresh.synced;
    disk.fresh.there = false;
    disk.fresh.size = disk.fresh.synced = 0;
    disk_spend_one();
    return FILE_DONE;
}

enum file_result port_file_remove(const char *path)
{
    struct disk_file *file = disk_file(path);
    if (!file->there)
        return FILE_MISSING;
    if (disk.refuse == FILE_DENIED)
        return FILE_DENIED;
    disk_spend_one();
    file->there = false;
    file->size = file->synced = 0;
    return FILE_DONE;
}

enum file_result port_file_facts(const char *path, struct file_facts *into_facts)
{
    const struct disk_file *file = disk_file(path);
    if (!file->there)
        return FILE_MISSING;
    *into_facts =
        (struct file_facts){ .mode = 0600, .owned = true, .regular = true, .size = file->size };
    return FILE_DONE;
}

enum file_result port_file_read_at(const char *path, uint64_t offset, void *into, size_t room,
                                   size_t *into_size)
{
    const struct disk_file *file = disk_file(path);
    if (!file->there)
        return FILE_MISSING;
    size_t left = offset < file->size ? file->size - (size_t)offset : 0;
    *into_size = left < room ? left : room;
    memcpy(into, file->bytes + (left > 0 ? offset : 0), *into_size);
    return FILE_DONE;
}

int64_t port_now_ms(void)
{
    return disk.now_ms;
}

int64_t port_wall_ms(void)
{
    return disk.wall_ms;
}

bool port_wall_trusted(void)
{
    return disk.wall_trusted;
}

enum file_result port_directory_make(const char *path)
{
    (void)path;
    return FILE_DONE;
}

void port_log(enum severity severity, const char *line)
{
    (void)severity;
    (void)line;
}

/* ---- messages ---- */

#define DIRECTORY "/var/lib/gatepost"

static char payload_bytes[MESSAGE_MAX + 1];

/* A payload that tells its id, so that a mixed-up one is noticed. */
static inline struct slice payload_of(uint64_t id, size_t size)
{
    int len =
        snprintf(payload_bytes, sizeof payload_bytes, "{\"seq\":%llu,", (unsigned long long)id);
    assert_true(len > 0 && (size_t)len <= size);
    memset(payload_bytes + len, (int)('a' + id % 26), size - (size_t)len);
    return (struct slice){ payload_bytes, size };
}

static inline struct message message_of(enum message_kind kind, uint64_t id, size_t size,
                                        const char *key)
{
    return (struct message){ .kind = kind,
                             .id = id,
                             .topic = "gatepost/v1/office-7/event/anna@example.com",
                             .payload = payload_of(id, size),
                             .key = key,
                             .retained = kind == MESSAGE_REPORT,
                             .expiry_s = kind == MESSAGE_REPORT ? 2700 : 0 };
}

/* Appends a message with the next id, which is returned. */
static inline uint64_t append_new(struct journal *journal, enum message_kind kind, size_t size,
                                  const char *key, bool *into_kept)
{
    uint64_t id = journal_next_id(journal);
    struct message message = message_of(kind, id, size, key);
    *into_kept = journal_append(journal, &message);
    return id;
}

static inline uint64_t keep_new(struct journal *journal, enum message_kind kind, size_t size,
                                const char *key)
{
    bool kept;
    uint64_t id = append_new(journal, kind, size, key, &kept);
    assert_true(kept);
    return id;
}

static inline void assert_whole(const struct message *message)
{
    struct message wanted =
        message_of(message->kind, message->id, message->payload.len, message->key);
    assert_string_equal(message->topic, wanted.topic);
    assert_memory_equal(message->payload.at, wanted.payload.at, wanted.payload.len);
    assert_int_equal(message->retained, wanted.retained);
    assert_int_equal(message->expiry_s, wanted.expiry_s);
}

#define KEPT_MAX JOURNAL_ENTRIES_MAX

struct kept {
    uint64_t id[KEPT_MAX];
    size_t count;
    struct dropped dropped;
};

/* Everything that is kept, which is whole and in order. */
static inline void read_kept(struct journal *journal, struct kept *into_kept)
{
    struct message message;
    uint64_t after = 0;
    into_kept->count = 0;
    while (journal_next(journal, after, &message)) {
        assert_true(message.id > after);
        assert_whole(&message);
        after = into_kept->id[into_kept->count++] = message.id;
    }
    assert_int_equal(into_kept->count, journal_count(journal));
    into_kept->dropped = journal_dropped(journal);
}

static inline bool holds(const struct kept *kept, uint64_t id)
{
    for (size_t i = 0; i < kept->count; i++)
        if (kept->id[i] == id)
            return true;
    return false;
}

static inline uint32_t dropped_of(struct journal *journal, enum message_kind kind)
{
    return journal_dropped(journal).count[kind];
}

#endif
