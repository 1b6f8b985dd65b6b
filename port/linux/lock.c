/* SPDX-License-Identifier: MIT */
#include "../port.h"
#include "failure.h"
#include "replace.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define LOCK_RETRY_MS 50

/* A lock is its open file. Which path it belongs to shows by device and inode: two names of one
   file are one lock. */
static struct {
    bool held;
    int file;
} locks[PORT_LOCKS_MAX];

static enum file_result take(int file, int64_t wait_ms)
{
    int64_t deadline_ms = port_now_ms() + wait_ms;
    while (flock(file, LOCK_EX | LOCK_NB) != 0) {
        int error = errno;
        if (error == EINTR)
            continue;
        if (error != EWOULDBLOCK)
            return failure_of(error);
        if (port_now_ms() >= deadline_ms || port_asked_to_stop())
            return FILE_DENIED;
        (void)port_poll(NULL, 0,
                        LOCK_RETRY_MS); /* nothing to be ready: a rest that a signal ends */
    }
    return FILE_DONE;
}

/* A lock that is there can be taken on a read-only file system, too. */
static int open_lock(const char *path)
{
    int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    int error = errno;
    if (file < 0)
        file = open(path, O_RDONLY | O_CLOEXEC);
    else
        (void)give_to_owner(file,
                            path); /* a lock that another user cannot open is told by that user */
    errno = error;
    return file;
}

enum file_result port_lock(const char *path, int64_t wait_ms)
{
    size_t slot = 0;
    while (slot < PORT_LOCKS_MAX && locks[slot].held)
        slot++;
    if (slot == PORT_LOCKS_MAX)
        return failure_of(ENOLCK);
    int file = open_lock(path);
    if (file < 0)
        return failure_of(errno);
    enum file_result result = take(file, wait_ms);
    if (result != FILE_DONE) {
        (void)close(file); /* nothing was written */
        return result;
    }
    locks[slot].held = true;
    locks[slot].file = file;
    return FILE_DONE;
}

static bool is_open_file(const struct stat *wanted, int file)
{
    struct stat facts;
    return fstat(file, &facts) == 0 && facts.st_dev == wanted->st_dev &&
           facts.st_ino == wanted->st_ino;
}

void port_unlock(const char *path)
{
    struct stat wanted;
    if (stat(path, &wanted) != 0)
        return;
    for (size_t i = 0; i < PORT_LOCKS_MAX; i++) {
        if (!locks[i].held || !is_open_file(&wanted, locks[i].file))
            continue;
        (void)close(locks[i].file); /* nothing was written; the lock goes with the descriptor */
        locks[i].held = false;
    }
}
