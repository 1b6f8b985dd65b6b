/* SPDX-License-Identifier: MIT */
#include "../port.h"
#include "failure.h"
#include "trouble.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int make_one(const char *path)
{
    return mkdir(path, 0700) == 0 || errno == EEXIST ? 0 : errno;
}

/* Makes every directory of the path from the top; the path is cut and mended on the way. */
static int make_all(char *path)
{
    for (char *slash = strchr(path + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        int error = make_one(path);
        *slash = '/';
        if (error != 0)
            return error;
    }
    return make_one(path);
}

enum file_result port_directory_make(const char *path)
{
    char copy[PATH_MAX];
    int length = snprintf(copy, sizeof copy, "%s", path);
    if (length < 0 || (size_t)length >= sizeof copy)
        return failure_of(ENAMETOOLONG);
    if (length == 0)
        return failure_of(ENOENT);
    int error = make_all(copy);
    if (error != 0)
        return failure_of(error);
    struct stat made;
    if (stat(path, &made) != 0)
        return failure_of(errno);
    if (S_ISDIR(made.st_mode))
        return FILE_DONE;
    trouble_say("not a directory");
    return FILE_TROUBLE;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(a, b);
}

size_t port_directory_list(const char *path, char (*into)[PORT_NAME_MAX], size_t room)
{
    int opened = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (opened < 0)
        return 0;
    DIR *directory = fdopendir(opened);
    if (directory == NULL) {
        (void)close(opened); /* nothing was written */
        return 0;
    }
    size_t count = 0;
    const struct dirent *entry;
    while (count < room && (entry = readdir(directory)) != NULL) {
        size_t length = strlen(entry->d_name);
        struct stat facts;
        if (length >= PORT_NAME_MAX || fstatat(opened, entry->d_name, &facts, 0) != 0)
            continue;
        if (S_ISREG(facts.st_mode))
            memcpy(into[count++], entry->d_name, length + 1);
    }
    (void)closedir(directory); /* closes opened, too */
    qsort(into, count, sizeof into[0], compare_names);
    return count;
}

enum file_result port_path_absolute(const char *path, char *into, size_t size)
{
    char *absolute = realpath(path, NULL);
    if (absolute == NULL)
        return failure_of(errno);
    int length = snprintf(into, size, "%s", absolute);
    free(absolute);
    return length >= 0 && (size_t)length < size ? FILE_DONE : failure_of(ENAMETOOLONG);
}
