/* SPDX-License-Identifier: MIT */
#include "../port.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <syslog.h>
#include <unistd.h>

static bool to_system;

/* One call, so that lines of several processes do not mix; one that fails cannot be reported
   anywhere. writev only reads, whatever its struct says of const. */
static void write_line(const char *prefix, const char *line)
{
    struct iovec parts[] = {
        { .iov_base = (void *)prefix, .iov_len = strlen(prefix) },
        { .iov_base = (void *)line, .iov_len = strlen(line) },
        { .iov_base = "\n", .iov_len = 1 },
    };
    while (writev(STDERR_FILENO, parts, 3) < 0 && errno == EINTR)
        continue;
}

void port_log_line(const char *line)
{
    write_line("", line);
}

/* systemd.exec(5): device and inode of what standard error was when the service began. A child that
   writes elsewhere has inherited the variable all the same. */
static bool systemd_reads(void)
{
    const char *stream = getenv("JOURNAL_STREAM");
    struct stat error;
    char own[64];
    if (stream == NULL || fstat(STDERR_FILENO, &error) != 0)
        return false;
    (void)snprintf(own, sizeof own, "%ju:%ju", (uintmax_t)error.st_dev,
                   (uintmax_t)error.st_ino); /* fits */
    return strcmp(stream, own) == 0;
}

void port_log_to_system(bool wanted)
{
    if (wanted && !to_system)
        openlog("gatepost", LOG_NDELAY | LOG_PID, LOG_DAEMON);
    to_system = wanted;
}

void port_log(enum severity severity, const char *line)
{
    char prefix[8] = "";
    if (to_system) {
        syslog((int)severity, "%s", line);
        return;
    }
    if (systemd_reads())
        (void)snprintf(prefix, sizeof prefix, "<%d>", (int)severity); /* fits */
    write_line(prefix, line);
}
