/* SPDX-License-Identifier: MIT */
/* A run as a person reads it on a terminal: progress while it runs, then root cause first, the
   eight results, the tree of checks in the suite's order, what to do last. Words come from the
   catalogue, in English or French. Colours only where asked. */
#ifndef GATEPOST_VIEW_H
#define GATEPOST_VIEW_H

#include "suite.h"

#include <stdbool.h>

struct view {
    enum language language;
    bool colour;
    int columns;
};

/* One line, rewritten in place, on standard error. */
void view_progress(const struct view *view, const struct progress *progress);
void view_progress_end(const struct view *view);

/* The whole report on standard output. */
void view_report(const struct view *view, const struct order *order, const struct run *run);

#endif
