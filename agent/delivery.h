/* SPDX-License-Identifier: MIT */
/* What a person gets from a run: the view, the report as JSON, or a support request; on standard
   output, and in a file where one is named. */
#ifndef GATEPOST_DELIVERY_H
#define GATEPOST_DELIVERY_H

#include "desk.h"
#include "view.h"

/* Whether standard output could be written is looked at by main. */
enum exits delivery_publish(struct desk *desk, const struct command_line *line,
                            const struct view *view, const struct order *order,
                            const struct run *run) MUST_USE;

/* The support request as Markdown, with what the agent beside us knows of earlier runs. False when
   it does not fit. */
bool delivery_markdown(struct desk *desk, const struct order *order, const struct run *run,
                       char *into, size_t size, size_t *into_len) MUST_USE;

#endif
