/* SPDX-License-Identifier: MIT */
/* A state directory of the test's own with one file in it, STATE_FILE, which is to be defined
 * before this is included. */
#ifndef GATEPOST_STATE_DIRECTORY_H
#define GATEPOST_STATE_DIRECTORY_H

#include "port/port.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

static char directory[] = "/tmp/gatepost-" STATE_FILE "-XXXXXX";
static char path[sizeof directory + 16];

static int begin(void **state)
{
    (void)state;
    if (mkdtemp(directory) == NULL)
        return -1;
    (void)snprintf(path, sizeof path, "%s/" STATE_FILE, directory);
    return 0;
}

static int forget(void **state)
{
    (void)state;
    (void)unlink(path);
    return 0;
}

static int end(void **state)
{
    (void)state;
    return rmdir(directory);
}

static size_t read_file(char *into, size_t room)
{
    size_t size = 0;
    assert_int_equal(port_file_read(path, into, room - 1, &size), FILE_DONE);
    into[size] = '\0';
    return size;
}

#endif
