/* SPDX-License-Identifier: MIT */
/* What only an agent needs of a port: no service manager, no second thread and no local socket
 * exist here. */
#include "fake.h"

enum socket_result port_socket_listen(uint16_t *into_port, int *into_descriptor)
{
    (void)into_port;
    (void)into_descriptor;
    return SOCKET_FAILED;
}

enum socket_result port_socket_accept(int listener, int *into_descriptor)
{
    (void)listener;
    (void)into_descriptor;
    return SOCKET_FAILED;
}

bool port_socket_is_own(int descriptor)
{
    (void)descriptor;
    return false;
}

bool port_notes_open(struct port_notes *into_notes)
{
    *into_notes = (struct port_notes){ -1, -1 };
    return false;
}

bool port_note_leave(const struct port_notes *notes, const void *note, size_t size)
{
    (void)notes;
    (void)note;
    (void)size;
    return false;
}

bool port_note_take(const struct port_notes *notes, void *into, size_t size)
{
    (void)notes;
    (void)into;
    (void)size;
    return false;
}

void port_notes_close(struct port_notes *notes)
{
    *notes = (struct port_notes){ -1, -1 };
}

void port_stop_noted(void)
{
    fake.stop_after_turns = 0;
}

void port_catch_reload(void)
{
}

bool port_asked_to_reload(void)
{
    bool asked = fake.reload;
    fake.reload = false;
    return asked;
}

void port_environment_forget(const char *name)
{
    (void)name; /* there is no environment */
}

enum become port_become(const char *user, const char *directory)
{
    (void)user;
    (void)directory;
    return BECOME_DONE;
}

void port_settle(void)
{
}

void port_notify(const char *words)
{
    (void)words;
}

int64_t port_watchdog_ms(void)
{
    return 0;
}

void port_log_to_system(bool wanted)
{
    (void)wanted;
}
