/* SPDX-License-Identifier: MIT */
/* Files in memory. Directories exist as soon as they are asked for. */
#include "fake.h"

#include <string.h>

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
    fake.file_count = 0;
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

enum file_result port_file_replace(const char *path, const void *bytes, size_t size, uint32_t mode)
{
    struct fake_file *file = find(path);
    if (fake.file_system_full || size > FAKE_FILE_MAX || strlen(path) >= sizeof file->path)
        return FILE_FULL;
    if (file == NULL && fake.file_count == FAKE_FILES_MAX)
        return FILE_FULL;
    if (file == NULL)
        file = &fake.files[fake.file_count++];
    if (fake_betrays((struct slice){ bytes, size }))
        fake_complain("the file %s tells the secret", path);
    memset(file, 0, sizeof *file);
    memcpy(file->path, path, strlen(path));
    memcpy(file->bytes, bytes, size);
    file->size = size;
    file->mode = mode;
    return FILE_DONE;
}

enum file_result port_file_append(const char *path, const void *bytes, size_t size, uint32_t mode,
                                  bool sync)
{
    char whole[FAKE_FILE_MAX];
    const struct fake_file *file = find(path);
    size_t before = file == NULL ? 0 : file->size;
    (void)sync;
    if (size > sizeof whole - before)
        return FILE_FULL;
    if (file != NULL)
        memcpy(whole, file->bytes, before);
    memcpy(whole + before, bytes, size);
    return port_file_replace(path, whole, before + size, mode);
}

enum file_result port_file_remove(const char *path)
{
    struct fake_file *file = find(path);
    if (file == NULL)
        return FILE_MISSING;
    *file = fake.files[--fake.file_count];
    return FILE_DONE;
}

enum file_result port_file_rename(const char *from, const char *to)
{
    const struct fake_file *file = find(from);
    if (file == NULL)
        return FILE_MISSING;
    enum file_result result = port_file_replace(to, file->bytes, file->size, file->mode);
    return result == FILE_DONE ? port_file_remove(from) : result;
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
