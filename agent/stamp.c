/* SPDX-License-Identifier: MIT */
#include "stamp.h"

#include "text.h"

static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
static const char *const weekdays[] = {
    "Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"
}; /* 1970-01-01 was a Thursday */

struct moment {
    int year, month, day; /* month from 0 */
    int weekday;          /* into weekdays */
    int hour, minute, second;
};

static int days_of_year(int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 366 : 365;
}

static int days_of_month(int year, int month)
{
    static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    return days[month] + (month == 1 && days_of_year(year) == 366 ? 1 : 0);
}

/* By plain counting: gmtime needs nothing less, and the C library's is not the same on every port.
 */
static struct moment moment_of(int64_t wall_ms)
{
    int64_t seconds = wall_ms > 0 ? wall_ms / 1000 : 0;
    int64_t days = seconds / 86400;
    int rest = (int)(seconds % 86400);
    struct moment moment = { .year = 1970, .weekday = (int)(days % 7) };
    while (days >= days_of_year(moment.year) && moment.year < 9999)
        days -= days_of_year(moment.year++);
    while (moment.month < 11 && days >= days_of_month(moment.year, moment.month))
        days -= days_of_month(moment.year, moment.month++);
    moment.day = (int)days + 1;
    moment.hour = rest / 3600;
    moment.minute = rest / 60 % 60;
    moment.second = rest % 60;
    return moment;
}

void stamp_rfc3339(int64_t wall_ms, char into[STAMP_MAX])
{
    struct moment moment = moment_of(wall_ms);
    struct text text;
    text_begin(&text, into, STAMP_MAX);
    text_add_format(&text, "%04d-%02d-%02dT%02d:%02d:%02dZ", moment.year, moment.month + 1,
                    moment.day, moment.hour, moment.minute, moment.second);
}

void stamp_mail(int64_t wall_ms, char into[STAMP_MAX])
{
    struct moment moment = moment_of(wall_ms);
    struct text text;
    text_begin(&text, into, STAMP_MAX);
    text_add_format(&text, "%s, %d %s %04d %02d:%02d:%02d +0000", weekdays[moment.weekday],
                    moment.day, months[moment.month], moment.year, moment.hour, moment.minute,
                    moment.second);
}

void stamp_imap_day(int64_t wall_ms, char into[STAMP_MAX])
{
    struct moment moment = moment_of(wall_ms);
    struct text text;
    text_begin(&text, into, STAMP_MAX);
    text_add_format(&text, "%d-%s-%04d", moment.day, months[moment.month], moment.year);
}
