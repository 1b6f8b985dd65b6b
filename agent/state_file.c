/* SPDX-License-Identifier: MIT */
#include "state_file.h"

#include "../port/port.h"

#define PATH_ROOM 512

static bool path_of(const char *directory, const char *name, char into[PATH_ROOM])
{
    return text_put_format(into, PATH_ROOM, "%s/%s", directory, name);
}

struct slice state_file_read(const char *directory, const char *name, char *room, size_t size)
{
    char path[PATH_ROOM];
    size_t len = 0;
    if (!path_of(directory, name, path) || port_file_read(path, room, size, &len) != FILE_DONE)
        return SLICE("");
    return (struct slice){ room, len };
}

bool state_file_replace(const char *directory, const char *name, struct slice bytes)
{
    char path[PATH_ROOM];
    return path_of(directory, name, path) && port_directory_make(directory) == FILE_DONE &&
           port_file_replace(path, bytes.at, bytes.len, 0600) == FILE_DONE;
}
