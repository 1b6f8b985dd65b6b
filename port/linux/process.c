/* SPDX-License-Identifier: MIT */
#include "../port.h"
#include "stop.h"
#include "trouble.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

/* Else the next file that is opened would be standard error, and log lines would be written into
   it. */
static void fill_standard_descriptors(void)
{
    for (int descriptor = 0; descriptor <= STDERR_FILENO; descriptor++)
        if (fcntl(descriptor, F_GETFD) < 0 && open("/dev/null", O_RDWR) < 0)
            _exit(EXIT_FAILURE); /* nowhere to say why */
}

static void forbid_dumps(void)
{
    const struct rlimit none = { 0, 0 };
    if (setrlimit(RLIMIT_CORE, &none) != 0 || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
        trouble_fatal("error: cannot start: core files cannot be forbidden");
}

void port_start(void)
{
    fill_standard_descriptors();
    forbid_dumps();
    const struct sigaction ignore = { .sa_handler = SIG_IGN };
    (void)sigaction(SIGPIPE, &ignore, NULL); /* cannot fail for these arguments */
    stop_catch_signals();
}

void port_environment_forget(const char *name)
{
    (void)unsetenv(name); /* fails for names that are none */
}

const char *port_environment(const char *name)
{
    return getenv(name);
}

bool port_is_root(void)
{
    return geteuid() == 0;
}

/* Not getrusage: that counts what the process was before exec, too, which is the shell or test that
   started it. */
long port_peak_kb(void)
{
    static const char label[] = "VmHWM:";
    FILE *status = fopen("/proc/self/status", "re");
    if (status == NULL)
        return 0;
    long peak_kb = 0;
    char line[256];
    while (fgets(line, sizeof line, status) != NULL)
        if (strncmp(line, label, sizeof label - 1) == 0)
            peak_kb = strtol(line + sizeof label - 1, NULL, 10);
    (void)fclose(status); /* it was only read */
    return peak_kb;
}
