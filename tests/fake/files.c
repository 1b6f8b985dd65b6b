/* SPDX-License-Identifier: MIT */
/* Files in memory. Directories exist as soon as they are asked for. */
#include "fake.h"

#include <string.h>

/* Beside the world, so that the world is soon forgotten. */
static char store[FAKE_FILES_MAX][FAKE_FILE_MAX];

static struct fake_file *find(const char *path)
{
    for (size_t i = 0; i < fake.file_count; i++)
        if (strcmp(fake.files[i].path, path) == 0)
            return &fake.files[i];
    return NULL;
}

void fake_forget_files(void)
{
    memset(fake.files, 0, sizeof fake.files);
    fake.file_count = 0; /* their room stays as it is: nobody reads beyond a file's size */
}

enum file_result port_file_facts(const char *path, struct file_facts *into_facts)
{
    const struct file_facts directory = { .mode = 0700, .owned = true, .directory = true };
    const struct fake_file *file = find(path);
    *into_facts = directory;
    if (file != NULL)
        *into_facts = (struct file_facts){
            .mode = file->mode, .owned = true, .regular = true, .size = file->size
        };
    return FILE_DONE;
}

enum file_result port_file_read(const char *path, void *into, size_t room, size_t *into_size)
{
    const struct fake_file *file = find(path);
    if (file == NULL)
        return FILE_MISSING;
    if (file->size > room)
        return FILE_TOO_LONG;
    memcpy(into, file->bytes, file->size);
    *into_size = file->size;
    return FILE_DONE;
}

enum file_result port_file_read_at(const char *path, uint64_t offset, void *into, size_t room,
                                   size_t *into_size)
{
    const struct fake_file *file = find(path);
    if (file == NULL)
        return FILE_MISSING;
    size_t left = offset < file->size ? file->size - (size_t)offset : 0;
    *into_size = left < room ? left : room;
    memcpy(into, file->bytes + (file->size - left), *into_size);
    return FILE_DONE;
}

/* The file, which is made where it is missing; NULL where there is no room for `size` bytes. */
static struct fake_file *make(const char *path, size_t size, uint32_t mode)
{
    struct fake_file *file = find(path);
    if (fake.file_system_full || size > FAKE_FILE_MAX || strlen(path) >= sizeof file->path)
        return NULL;
    if (file != NULL)
        return file;
    if (fake.file_count == FAKE_FILES_MAX)
        return NULL;
    file = &fake.files[fake.file_count];
    *file = (struct fake_file){ .bytes = file->bytes, .mode = mode };
    if (file->bytes == NULL) /* else it is the room of one that was removed */
        file->bytes = store[fake.file_count];
    memcpy(file->path, path, strlen(path));
    fake.file_count++;
    return file;
}

static void write_to(struct fake_file *file, size_t offset, const void *bytes, size_t size)
{
    if (fake_betrays((struct slice){ bytes, size }))
        fake_complain("the file %s tells the secret", file->path);
    memcpy(file->bytes + offset, bytes, size);
    file->size = offset + size;
    fake.written += size;
}

enum file_result port_file_replace(const char *path, const void *bytes, size_t size, uint32_t mode)
{
    struct fake_file *file = make(path, size, mode);
    if (file == NULL)
        return FILE_FULL;
    file->mode = mode;
    write_to(file, 0, bytes, size);
    return FILE_DONE;
}

enum file_result port_file_append(const char *path, const void *bytes, size_t size, uint32_t mode,
                                  bool sync)
{
    const struct fake_file *before = find(path);
    size_t offset = before == NULL ? 0 : before->size;
    struct fake_file *file = make(path, offset + size, mode);
    (void)sync;
    if (file == NULL)
        return FILE_FULL;
    write_to(file, offset, bytes, size);
    return FILE_DONE;
}

enum file_result port_file_remove(const char *path)
{
    struct fake_file *file = find(path);
    if (file == NULL)
        return FILE_MISSING;
    char *free_room = file->bytes;
    *file = fake.files[--fake.file_count];
    fake.files[fake.file_count].bytes = free_room;
    return FILE_DONE;
}

enum file_result port_file_rename(const char *from, const char *to)
{
    if (find(from) == NULL)
        return FILE_MISSING;
    if (fake.file_system_full || strlen(to) >= sizeof fake.files[0].path)
        return FILE_FULL;
    (void)port_file_remove(to); /* hardly ever there before */
    struct fake_file *file = find(from);
    memset(file->path, 0, sizeof file->path);
    memcpy(file->path, to, strlen(to));
    return FILE_DONE;
}

enum file_result port_path_absolute(const char *path, char *into, size_t size)
{
    if (strlen(path) >= size)
        return FILE_TOO_LONG;
    memcpy(into, path, strlen(path) + 1);
    return FILE_DONE;
}

void port_unlock(const char *path)
{
    (void)path; /* nobody else could hold it */
}

enum file_result port_directory_make(const char *path)
{
    (void)path;
    return fake.file_system_full ? FILE_DENIED : FILE_DONE;
}

enum file_result port_lock(const char *path, int64_t wait_ms)
{
    (void)path;
    (void)wait_ms;
    return fake.file_system_full ? FILE_DENIED : FILE_DONE;
}

const char *port_trouble(void)
{
    return "no trouble";
}

size_t port_directory_list(const char *path, char (*into)[PORT_NAME_MAX], size_t room)
{
    (void)path;
    (void)into;
    (void)room;
    return 0;
}
