/* SPDX-License-Identifier: MIT */
#include "replace.h"

#include "../port.h"
#include "failure.h"
#include "trouble.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* 0 or an errno value, as in the rest of this file: the caller has something to clean up before it
   answers. */
int write_all(int file, const char *bytes, size_t size)
{
    while (size > 0) {
        ssize_t written = write(file, bytes, size);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return errno;
        bytes += written;
        size -= (size_t)written;
    }
    return 0;
}

/* fchmod, because the mode that open gets is cut by the umask. */
static int fill(int file, const void *bytes, size_t size, uint32_t mode)
{
    if (fchmod(file, (mode_t)mode) != 0)
        return errno;
    int error = write_all(file, bytes, size);
    if (error != 0)
        return error;
    return fsync(file) == 0 ? 0 : errno;
}

static void directory_of(const char *path, char into[PATH_MAX])
{
    const char *slash = strrchr(path, '/');
    (void)snprintf(into, PATH_MAX, "%.*s", slash == NULL ? 1 : (int)(slash - path + 1),
                   slash == NULL ? "." : path); /* fits */
}

int give_to_owner(int file, const char *path)
{
    char directory[PATH_MAX];
    struct stat facts;
    directory_of(path, directory);
    if (geteuid() != 0 || stat(directory, &facts) != 0 || facts.st_uid == 0)
        return 0;
    return fchown(file, facts.st_uid, facts.st_gid) == 0 ? 0 : errno;
}

static int write_new(const char *path, const void *bytes, size_t size, uint32_t mode)
{
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0)
        return errno;
    int error = give_to_owner(file, path);
    if (error == 0)
        error = fill(file, bytes, size, mode);
    if (close(file) != 0 && error == 0)
        error = errno;
    if (error != 0)
        (void)unlink(path); /* the first error is the one to tell */
    return error;
}

/* Until its directory is on disk, so is not the new name. */
int sync_directory_of(const char *path)
{
    char directory[PATH_MAX];
    directory_of(path, directory);
    int opened = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (opened < 0)
        return errno;
    int error = fsync(opened) == 0 ? 0 : errno;
    (void)close(opened);                /* it was only read */
    return error == EINVAL ? 0 : error; /* a file system that does not sync directories */
}

enum file_result port_file_replace(const char *path, const void *bytes, size_t size, uint32_t mode)
{
    struct stat old;
    if (stat(path, &old) == 0 && !S_ISREG(old.st_mode)) {
        /* A rename would put a file in the place of /dev/null for the whole system. */
        trouble_say("not a regular file");
        return FILE_TROUBLE;
    }
    /* Named for this process: no other one writes there, and what a power cut left behind is ours
       to remove. */
    char fresh[PATH_MAX];
    int length = snprintf(fresh, sizeof fresh, "%s.%ld.new", path, (long)getpid());
    if (length < 0 || (size_t)length >= sizeof fresh)
        return failure_of(ENAMETOOLONG);
    (void)unlink(fresh); /* hardly ever there */
    int error = write_new(fresh, bytes, size, mode);
    if (error != 0)
        return failure_of(error);
    if (rename(fresh, path) != 0) {
        error = errno;
        (void)unlink(fresh); /* the first error is the one to tell */
        return failure_of(error);
    }
    error = sync_directory_of(path);
    return error == 0 ? FILE_DONE : failure_of(error);
}
