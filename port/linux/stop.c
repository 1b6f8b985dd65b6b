/* SPDX-License-Identifier: MIT */
#include "stop.h"

#include "../port.h"
#include "trouble.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

/* The pipe, not ppoll(2) with a mask, because another thread of the process (that of a library) may
   be the one to take the signal: then our poll must end all the same. Its byte is never read. */
static int pipe_ends[2] = { -1, -1 };
static volatile sig_atomic_t asked;

static void on_signal(int signal)
{
    (void)signal; /* both mean the same */
    int error = errno;
    asked = 1;
    /* The only failure is a full pipe, which does what is wanted. */
    ssize_t written = write(pipe_ends[1], "", 1);
    (void)written;
    errno = error;
}

void stop_catch_signals(void)
{
    if (pipe_ends[0] >= 0)
        return;
    if (pipe2(pipe_ends, O_CLOEXEC | O_NONBLOCK) != 0)
        trouble_fatal("error: cannot start: no descriptor is left");
    struct sigaction action = { .sa_handler = on_signal, .sa_flags = SA_RESTART };
    (void)sigemptyset(&action.sa_mask); /* these three cannot fail for these arguments */
    (void)sigaction(SIGINT, &action, NULL);
    (void)sigaction(SIGTERM, &action, NULL);
}

int stop_descriptor(void)
{
    return pipe_ends[0];
}

bool port_asked_to_stop(void)
{
    return asked != 0;
}
