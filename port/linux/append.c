/* SPDX-License-Identifier: MIT */
#include "../port.h"
#include "failure.h"
#include "replace.h"
#include "trouble.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* O_NONBLOCK, because to open a pipe would otherwise wait for a reader. */
#define HOW (O_WRONLY | O_APPEND | O_NONBLOCK | O_CLOEXEC)

/* A file that is made gets its mode by fchmod, because the mode that open gets is cut by the umask.
 */
static enum file_result open_to_append(const char *path, uint32_t mode, int *into_file,
                                       bool *into_made)
{
    int file = open(path, HOW);
    bool made = file < 0 && errno == ENOENT;
    if (made)
        file = open(path, HOW | O_CREAT, 0600);
    if (file < 0)
        return failure_of(errno);
    int error = made ? give_to_owner(file, path) : 0;
    if (error == 0 && made && fchmod(file, (mode_t)mode) != 0)
        error = errno;
    if (error != 0) {
        (void)close(file); /* nothing was written */
        return failure_of(error);
    }
    *into_file = file;
    *into_made = made;
    return FILE_DONE;
}

static bool is_regular(int file)
{
    struct stat facts;
    return fstat(file, &facts) == 0 && S_ISREG(facts.st_mode);
}

enum file_result port_file_append(const char *path, const void *bytes, size_t size, uint32_t mode,
                                  bool sync)
{
    int file = -1;
    bool made = false;
    enum file_result result = open_to_append(path, mode, &file, &made);
    if (result != FILE_DONE)
        return result;
    if (!is_regular(file)) {
        (void)close(file); /* nothing was written */
        trouble_say("not a regular file");
        return FILE_TROUBLE;
    }
    int error = write_all(file, bytes, size);
    if (error == 0 && sync && fdatasync(file) != 0)
        error = errno;
    if (close(file) != 0 && error == 0)
        error = errno;
    if (error == 0 && made && sync)
        error = sync_directory_of(path);
    return error == 0 ? FILE_DONE : failure_of(error);
}

enum file_result port_file_rename(const char *from, const char *to)
{
    if (rename(from, to) != 0)
        return failure_of(errno);
    int error = sync_directory_of(to);
    return error == 0 ? FILE_DONE : failure_of(error);
}

enum file_result port_file_remove(const char *path)
{
    return unlink(path) == 0 ? FILE_DONE : failure_of(errno);
}
