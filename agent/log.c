/* SPDX-License-Identifier: MIT */
#include "log.h"

#include "../port/port.h"
#include "text.h"

#include <stdarg.h>
#include <stdio.h>

#define CUT_MARK "..."

/* One byte of words becomes at most "\xNN"; the rest is for level and topic. */
#define LINE_ROOM (4 * LOG_LINE_MAX + 128)

static enum log_level threshold = LEVEL_WARNING;

static const char *const names[] = {
    [LEVEL_DEBUG] = "debug",
    [LEVEL_INFO] = "info",
    [LEVEL_WARNING] = "warning",
    [LEVEL_ERROR] = "error",
};

static const enum severity severities[] = {
    [LEVEL_DEBUG] = SEVERITY_DEBUG,
    [LEVEL_INFO] = SEVERITY_INFO,
    [LEVEL_WARNING] = SEVERITY_WARNING,
    [LEVEL_ERROR] = SEVERITY_ERROR,
};

static void write_line(enum log_level level, const char *topic, const char *format,
                       va_list arguments)
{
    if (level < threshold)
        return;
    char words[LOG_LINE_MAX + 1] = "";
    (void)vsnprintf(words, sizeof words, format, arguments); /* what is too long is cut below */

    char buffer[LINE_ROOM];
    struct text line;
    text_begin(&line, buffer, sizeof buffer);
    text_add_format(&line, "%s %.32s: ", names[level], topic);
    text_add_printable(&line, slice_of(words));
    if (line.len <= LOG_LINE_MAX) {
        port_log(severities[level], line.at);
        return;
    }
    char cut[LOG_LINE_MAX + 1 - (sizeof CUT_MARK - 1)];
    text_put(cut, sizeof cut, text_slice(&line));
    text_begin(&line, buffer, sizeof buffer);
    text_add_format(&line, "%s" CUT_MARK, cut);
    port_log(severities[level], line.at);
}

void log_set_level(enum log_level level)
{
    threshold = level;
}

void log_debug(const char *topic, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    write_line(LEVEL_DEBUG, topic, format, arguments);
    va_end(arguments);
}

void log_info(const char *topic, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    write_line(LEVEL_INFO, topic, format, arguments);
    va_end(arguments);
}

void log_warn(const char *topic, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    write_line(LEVEL_WARNING, topic, format, arguments);
    va_end(arguments);
}

void log_error(const char *topic, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    write_line(LEVEL_ERROR, topic, format, arguments);
    va_end(arguments);
}
