/* SPDX-License-Identifier: MIT */
/* XML of any kind: every path and text is within its bounds, and the calls make a tree. */
#include "../../agent/markup.h"

#include "target.h"

struct walk {
    size_t calls;
    char within[MARKUP_PATH_MAX]; /* the path of the last element that ended */
};

static void step_on(void *reader, const char *path, struct slice text)
{
    struct walk *walk = reader;
    walk->calls++;
    HOLDS(strlen(path) > 0 && strlen(path) < MARKUP_PATH_MAX);
    HOLDS(text.len <= MARKUP_BYTES_MAX);
    text_put(walk->within, sizeof walk->within, slice_of(path));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct walk walk = { 0 };
    struct slice bytes = { (const char *)data, size };
    if (markup_read(bytes, step_on, &walk) == MARKUP_READ)
        HOLDS(walk.calls > 0 &&
              strchr(walk.within, '/') == NULL); /* the last one is the outermost */
    return 0;
}
