/* SPDX-License-Identifier: MIT */
/* The certificates of authority.sh in a directory of their own, and the clock by which they are
 * judged. */
#ifndef GATEPOST_AUTHORITY_H
#define GATEPOST_AUTHORITY_H

#include "port/port.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HOST          "mail.example.test"
#define NEW_YEAR_2030 INT64_C(1893456000000)

static char directory[] = "/tmp/gatepost-authority-XXXXXX";

static int64_t wall_ms = NEW_YEAR_2030;
static bool wall_trusted = true;
static size_t heap_peak; /* seen whenever somebody asked for the wall clock */

int64_t port_now_ms(void)
{
    return 0;
}

int64_t port_wall_ms(void)
{
    size_t used = mallinfo2().uordblks;
    if (used > heap_peak)
        heap_peak = used;
    return wall_ms;
}

bool port_wall_trusted(void)
{
    return wall_trusted;
}

static const char *path_of(const char *name)
{
    static char path[128];
    (void)snprintf(path, sizeof path, "%s/%s.pem", directory, name);
    return path;
}

static int make_certificates(void)
{
    const char *here = strrchr(__FILE__, '/');
    char command[512];
    if (here == NULL || mkdtemp(directory) == NULL)
        return -1;
    (void)snprintf(command, sizeof command, "sh '%.*s/authority.sh' %s", (int)(here - __FILE__),
                   __FILE__, directory);
    return system(command);
}

static int remove_certificates(void)
{
    char command[64];
    (void)snprintf(command, sizeof command, "rm -r %s", directory);
    return system(command);
}

#endif
