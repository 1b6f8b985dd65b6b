/* SPDX-License-Identifier: MIT */
#include "../port.h"
#include "failure.h"
#include "trouble.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum file_result failure_of(int error)
{
    switch (error) {
    case ENOENT:
    case ENOTDIR:
        return FILE_MISSING;
    case EACCES:
    case EPERM:
    case EROFS:
        return FILE_DENIED;
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
        return FILE_FULL;
    default:
        trouble_note(error);
        return FILE_TROUBLE;
    }
}

enum file_result port_file_facts(const char *path, struct file_facts *into_facts)
{
    struct stat facts;
    if (stat(path, &facts) != 0)
        return failure_of(errno);
    *into_facts = (struct file_facts){
        .mode = (uint32_t)facts.st_mode & 07777,
        .owned = facts.st_uid == geteuid() || facts.st_uid == 0,
        .regular = S_ISREG(facts.st_mode),
        .directory = S_ISDIR(facts.st_mode),
        .size = (uint64_t)facts.st_size,
    };
    return FILE_DONE;
}

/* Reads until room is full or the file ends. A pipe ("--settings /dev/stdin") gives its bytes in
   portions. */
static enum file_result read_up_to(int file, char *into, size_t room, size_t *into_size)
{
    size_t size = 0;
    while (size < room) {
        ssize_t got = read(file, into + size, room - size);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return failure_of(errno);
        if (got == 0)
            break;
        size += (size_t)got;
    }
    *into_size = size;
    return FILE_DONE;
}

static enum file_result read_whole(int file, char *into, size_t room, size_t *into_size)
{
    struct stat facts;
    if (fstat(file, &facts) != 0)
        return failure_of(errno);
    if (S_ISREG(facts.st_mode) && (uintmax_t)facts.st_size > room)
        return FILE_TOO_LONG;
    size_t size;
    enum file_result result = read_up_to(file, into, room, &size);
    if (result != FILE_DONE)
        return result;
    /* Pipes and files of /proc do not tell their size before. */
    char more;
    size_t beyond;
    result = read_up_to(file, &more, 1, &beyond);
    if (result != FILE_DONE)
        return result;
    if (beyond > 0)
        return FILE_TOO_LONG;
    *into_size = size;
    return FILE_DONE;
}

enum file_result port_file_read(const char *path, void *into, size_t room, size_t *into_size)
{
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return failure_of(errno);
    enum file_result result = read_whole(file, into, room, into_size);
    (void)close(file); /* it was only read */
    return result;
}

enum file_result port_file_read_at(const char *path, uint64_t offset, void *into, size_t room,
                                   size_t *into_size)
{
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return failure_of(errno);
    enum file_result result = FILE_DONE;
    if (lseek(file, (off_t)offset, SEEK_SET) < 0)
        result = failure_of(errno);
    else
        result = read_up_to(file, into, room, into_size);
    (void)close(file); /* it was only read */
    return result;
}
