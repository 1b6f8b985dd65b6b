/* SPDX-License-Identifier: MIT */
/* A log line is a fact with a topic. Secrets cannot be logged: no type that holds one is printable.
 */
#ifndef GATEPOST_LOG_H
#define GATEPOST_LOG_H

#include "io.h"

enum log_level { LEVEL_DEBUG, LEVEL_INFO, LEVEL_WARNING, LEVEL_ERROR };

#define LOG_LINE_MAX 512 /* bytes of one line; longer ones are cut and end in "..." */

/* A line is "level topic: words". Control characters in it become \xNN, so that no peer writes
   lines of ours. */

/* Lines below this level are not written. Default LEVEL_WARNING. */
void log_set_level(enum log_level level);

void log_debug(const char *topic, const char *format, ...) PRINTF_LIKE(2, 3);
void log_info(const char *topic, const char *format, ...) PRINTF_LIKE(2, 3);
void log_warn(const char *topic, const char *format, ...) PRINTF_LIKE(2, 3);
void log_error(const char *topic, const char *format, ...) PRINTF_LIKE(2, 3);

#endif
