/* SPDX-License-Identifier: MIT */
#include "stop.h"

#include "../port.h"
#include "trouble.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

/* The pipe, not ppoll(2) with a mask, because another thread of the process (that of a library) may
   be the one to take the signal: then our poll must end all the same. Its bytes are read only when
   the wish has been taken note of. */
static int pipe_ends[2] = { -1, -1 };
static volatile sig_atomic_t asked, asked_to_reload;

static void ring(void)
{
    /* The only failure is a full pipe, which does what is wanted. */
    ssize_t written = write(pipe_ends[1], "", 1);
    (void)written;
}

static void on_signal(int signal)
{
    int error = errno;
    if (signal == SIGHUP)
        asked_to_reload = 1;
    else
        asked = 1; /* SIGINT and SIGTERM mean the same */
    ring();
    errno = error;
}

static void catch (int signal)
{
    struct sigaction action = { .sa_handler = on_signal, .sa_flags = SA_RESTART };
    (void)sigemptyset(&action.sa_mask); /* neither can fail for these arguments */
    (void)sigaction(signal, &action, NULL);
}

void stop_catch_signals(void)
{
    if (pipe_ends[0] >= 0)
        return;
    if (pipe2(pipe_ends, O_CLOEXEC | O_NONBLOCK) != 0)
        trouble_fatal("error: cannot start: no descriptor is left");
    catch (SIGINT);
    catch (SIGTERM);
}

int stop_descriptor(void)
{
    return pipe_ends[0];
}

bool port_asked_to_stop(void)
{
    return asked != 0;
}

/* One wish has been taken note of. The byte of one that comes meanwhile is put back. */
static void empty_pipe(void)
{
    char bytes[64];
    while (read(pipe_ends[0], bytes, sizeof bytes) > 0)
        continue;
    if (asked != 0 || asked_to_reload != 0)
        ring();
}

void port_stop_noted(void)
{
    asked = 0;
    empty_pipe();
}

void port_catch_reload(void)
{
    stop_catch_signals();
    catch (SIGHUP);
}

bool port_asked_to_reload(void)
{
    if (asked_to_reload == 0)
        return false;
    asked_to_reload = 0;
    empty_pipe();
    return true;
}
