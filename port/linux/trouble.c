/* SPDX-License-Identifier: MIT */
#include "trouble.h"

#include "../port.h"

#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

static char trouble[128];

void trouble_say(const char *words)
{
    (void)snprintf(trouble, sizeof trouble, "%s", words); /* a cut sentence still tells */
}

void trouble_note(int error)
{
    trouble_say(strerror(error));
}

void trouble_fatal(const char *words)
{
    port_log_line(words);
    _exit(EX_OSERR);
}

const char *port_trouble(void)
{
    return trouble;
}
