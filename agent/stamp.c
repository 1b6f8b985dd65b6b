/* SPDX-License-Identifier: MIT */
#include "stamp.h"

#include "header.h"

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
    text_put_format(into, STAMP_MAX, "%04d-%02d-%02dT%02d:%02d:%02dZ", moment.year,
                    moment.month + 1, moment.day, moment.hour, moment.minute, moment.second);
}

void stamp_mail(int64_t wall_ms, char into[STAMP_MAX])
{
    struct moment moment = moment_of(wall_ms);
    text_put_format(into, STAMP_MAX, "%s, %d %s %04d %02d:%02d:%02d +0000",
                    weekdays[moment.weekday], moment.day, months[moment.month], moment.year,
                    moment.hour, moment.minute, moment.second);
}

void stamp_imap_day(int64_t wall_ms, char into[STAMP_MAX])
{
    struct moment moment = moment_of(wall_ms);
    text_put_format(into, STAMP_MAX, "%d-%s-%04d", moment.day, months[moment.month], moment.year);
}

/* Commas and colons only separate. */
static struct slice next_word(struct slice *rest)
{
    struct slice word;
    do
        word = header_word(rest, ",:");
    while (slice_is(word, ",") || slice_is(word, ":"));
    return word;
}

static bool next_number(struct slice *rest, size_t digits_max, int maximum, int *into_number)
{
    struct slice word = next_word(rest);
    uint64_t number = 0;
    if (word.len > digits_max || !slice_number(word, (uint64_t)maximum, &number))
        return false;
    *into_number = (int)number;
    return true;
}

/* RFC 5322 section 4.3: two digits below 50 are of this century, the others of the last one. */
static bool next_year(struct slice *rest, int *into_year)
{
    struct slice word = next_word(rest);
    uint64_t year = 0;
    if (word.len < 2 || word.len > 4 || !slice_number(word, 9999, &year))
        return false;
    if (word.len == 2 && year < 50)
        year += 2000;
    else if (word.len < 4)
        year += 1900;
    *into_year = (int)year;
    return year >= 1970;
}

static bool next_month(struct slice *rest, int *into_month)
{
    struct slice word = next_word(rest);
    for (int i = 0; i < 12; i++)
        if (slice_is_nocase(word, months[i])) {
            *into_month = i;
            return true;
        }
    return false;
}

/* Minutes east of Greenwich. */
static bool read_zone(struct slice word, int *into_minutes)
{
    static const struct {
        const char *name;
        int hours;
    } zones[] = { { "EST", -5 }, { "EDT", -4 }, { "CST", -6 }, { "CDT", -5 },
                  { "MST", -7 }, { "MDT", -6 }, { "PST", -8 }, { "PDT", -7 } };
    uint64_t number = 0;
    *into_minutes = 0;
    if (word.len == 0)
        return false;
    for (size_t i = 0; i < sizeof zones / sizeof zones[0]; i++)
        if (slice_is_nocase(word, zones[i].name))
            *into_minutes = zones[i].hours * 60;
    if (word.at[0] != '+' && word.at[0] != '-')
        return word.at[0] < '0' || word.at[0] > '9';
    if (word.len != 5 || !slice_number(slice_from(word, 1), 9999, &number) || number % 100 > 59)
        return false;
    *into_minutes = (int)(number / 100 * 60 + number % 100) * (word.at[0] == '-' ? -1 : 1);
    return true;
}

static int64_t wall_of(const struct moment *moment, int zone_minutes)
{
    int64_t days = moment->day - 1;
    for (int year = 1970; year < moment->year; year++)
        days += days_of_year(year);
    for (int month = 0; month < moment->month; month++)
        days += days_of_month(moment->year, month);
    int64_t minutes = (days * 24 + moment->hour) * 60 + moment->minute - zone_minutes;
    return (minutes * 60 + moment->second) * 1000;
}

bool stamp_read_mail(struct slice date, int64_t *into_wall_ms)
{
    struct moment moment = { .year = 1970 };
    struct slice rest = date, after_weekday = date;
    int zone_minutes;
    struct slice first = next_word(&after_weekday);
    if (first.len > 0 && (first.at[0] < '0' || first.at[0] > '9'))
        rest = after_weekday;
    if (!next_number(&rest, 2, 31, &moment.day) || !next_month(&rest, &moment.month) ||
        !next_year(&rest, &moment.year) || moment.day < 1 ||
        moment.day > days_of_month(moment.year, moment.month))
        return false;
    if (!next_number(&rest, 2, 23, &moment.hour) || !next_number(&rest, 2, 59, &moment.minute))
        return false;
    struct slice zone = next_word(&rest);
    if (zone.len == 2 && zone.at[0] >= '0' && zone.at[0] <= '9') {
        uint64_t second = 0;
        if (!slice_number(zone, 60, &second)) /* 60: a leap second */
            return false;
        moment.second = (int)second;
        zone = next_word(&rest);
    }
    if (!read_zone(zone, &zone_minutes) || next_word(&rest).len > 0)
        return false;
    int64_t wall_ms = wall_of(&moment, zone_minutes);
    if (wall_ms < 0)
        return false;
    *into_wall_ms = wall_ms;
    return true;
}

/* As many digits as given, and the byte behind them where there is one to be. */
static bool take_number(struct slice *rest, size_t digits, const char *behind, int *into_number)
{
    uint64_t number = 0;
    if (rest->len < digits || !slice_number((struct slice){ rest->at, digits }, 9999, &number))
        return false;
    *rest = slice_from(*rest, digits);
    *into_number = (int)number;
    if (behind[0] == '\0')
        return true;
    bool fits = slice_starts_nocase(*rest, behind);
    *rest = slice_from(*rest, 1);
    return fits;
}

static bool take_zone(struct slice rest, int *into_minutes)
{
    int hours = 0, minutes = 0;
    if (slice_is_nocase(rest, "Z")) {
        *into_minutes = 0;
        return true;
    }
    bool west = slice_starts(rest, "-");
    if (!west && !slice_starts(rest, "+"))
        return false;
    rest = slice_from(rest, 1);
    if (!take_number(&rest, 2, ":", &hours) || !take_number(&rest, 2, "", &minutes) || rest.len > 0)
        return false;
    *into_minutes = (hours * 60 + minutes) * (west ? -1 : 1);
    return hours < 24 && minutes < 60;
}

static bool take_day(struct slice *rest, struct moment *into_moment)
{
    if (!take_number(rest, 4, "-", &into_moment->year) ||
        !take_number(rest, 2, "-", &into_moment->month) ||
        !take_number(rest, 2, "T", &into_moment->day))
        return false;
    into_moment->month--;
    return into_moment->year >= 1970 && into_moment->month >= 0 && into_moment->month < 12 &&
           into_moment->day >= 1 &&
           into_moment->day <= days_of_month(into_moment->year, into_moment->month);
}

bool stamp_read_rfc3339(struct slice stamp, int64_t *into_wall_ms)
{
    struct moment moment = { .year = 1970 };
    int zone_minutes = 0;
    if (!take_day(&stamp, &moment) || !take_number(&stamp, 2, ":", &moment.hour) ||
        !take_number(&stamp, 2, ":", &moment.minute) || !take_number(&stamp, 2, "", &moment.second))
        return false;
    if (slice_starts(stamp, "."))
        do
            stamp = slice_from(stamp, 1);
        while (stamp.len > 0 && stamp.at[0] >= '0' && stamp.at[0] <= '9');
    if (moment.hour > 23 || moment.minute > 59 || moment.second > 60 ||
        !take_zone(stamp, &zone_minutes))
        return false;
    int64_t wall_ms = wall_of(&moment, zone_minutes);
    if (wall_ms < 0)
        return false;
    *into_wall_ms = wall_ms;
    return true;
}
