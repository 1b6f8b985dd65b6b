/* SPDX-License-Identifier: MIT */
#include "../port.h"
#include "trouble.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

static_assert(PORT_NOTE_MAX <= PIPE_BUF, "what a pipe takes at once is not split");

bool port_notes_open(struct port_notes *into_notes)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) {
        trouble_note(errno);
        return false;
    }
    *into_notes = (struct port_notes){ .out = ends[0], .in = ends[1] };
    return true;
}

bool port_note_leave(const struct port_notes *notes, const void *note, size_t size)
{
    assert(size > 0 && size <= PORT_NOTE_MAX);
    ssize_t left;
    do
        left = write(notes->in, note, size);
    while (left < 0 && errno == EINTR);
    return left > 0;
}

bool port_note_take(const struct port_notes *notes, void *into, size_t size)
{
    ssize_t taken;
    do
        taken = read(notes->out, into, size);
    while (taken < 0 && errno == EINTR);
    return taken > 0;
}

void port_notes_close(struct port_notes *notes)
{
    if (notes->out < 0)
        return;
    (void)close(notes->out);
    (void)close(notes->in);
    *notes = (struct port_notes){ -1, -1 };
}
