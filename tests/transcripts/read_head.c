/* SPDX-License-Identifier: MIT */
/* The head of a transcript, and what its resolvers answer. */
#include "read.h"

#include <stdio.h>
#include <string.h>

/* ---- questions and answers ---- */

static bool type_of(struct slice word, enum record_type *into_type)
{
    for (enum record_type type = RECORD_A; type < RECORD_TYPES; type++)
        if (slice_is(word, record_type_name(type))) {
            *into_type = type;
            return true;
        }
    return false;
}

/* Q: MX example.com, Q: MX example.com at 198.51.100.53 */
void reader_question(struct reader *reader, struct slice words)
{
    struct slice type = reader_word(&words), name = reader_word(&words);
    struct slice at = slice_starts(words, "at ") ? slice_from(words, 3) : SLICE("");
    if (fake.zone_count == FAKE_ZONE_MAX) {
        reader_fault(reader, "the zone is too large");
        return;
    }
    struct fake_answer *answer = &fake.zone[fake.zone_count];
    memset(answer, 0, sizeof *answer);
    if (!type_of(type, &answer->type) || name.len == 0) {
        reader_fault(reader, "a question is Q: TYPE NAME");
        return;
    }
    text_put(answer->name, sizeof answer->name, name);
    text_put(answer->at, sizeof answer->at, at);
    answer->status = ANSWER_NODATA;
    /* A later question replaces an earlier one: an included file can be corrected. */
    for (size_t i = 0; i < fake.zone_count; i++)
        if (fake.zone[i].type == answer->type && slice_is(name, fake.zone[i].name) &&
            slice_is(at, fake.zone[i].at))
            fake.zone[i].name[0] = '\0';
    fake.zone_count++;
}

static uint16_t number_of(struct reader *reader, struct slice word)
{
    uint64_t number = 0;
    if (!slice_number(word, 65535, &number))
        reader_fault(reader, "a number from 0 to 65535 is wanted");
    return (uint16_t)number;
}

static uint8_t octet_of(struct reader *reader, struct slice word)
{
    uint64_t number = 0;
    if (!slice_number(word, 255, &number))
        reader_fault(reader, "a number from 0 to 255 is wanted");
    return (uint8_t)number;
}

static size_t digit_of(char c)
{
    static const char digits[] = "0123456789abcdef";
    size_t digit = 0;
    while (digit < 16 && digits[digit] != c)
        digit++;
    return digit;
}

/* "0a1b": two lower-case digits a byte. */
static struct slice bytes_of(struct reader *reader, struct slice words)
{
    char bytes[64];
    size_t count = words.len / 2;
    bool well = words.len % 2 == 0 && count <= sizeof bytes;
    for (size_t i = 0; well && i < count; i++) {
        size_t high = digit_of(words.at[2 * i]), low = digit_of(words.at[2 * i + 1]);
        well = high < 16 && low < 16;
        bytes[i] = (char)(high << 4 | low);
    }
    if (!well)
        reader_fault(reader, "this is no text of bytes in hexadecimal digits, or too long");
    return reader_keep(reader, (struct slice){ bytes, well ? count : 0 });
}

static const char *target_of(struct reader *reader, struct slice words)
{
    return slice_is(words, ".") ? "" : reader_keep(reader, words).at;
}

static void read_address(struct reader *reader, struct slice words, struct record *record)
{
    char text[64];
    text_put(text, sizeof text, words);
    if (!port_address_read(text, &record->address))
        reader_fault(reader, "this is no address");
}

static void read_record(struct reader *reader, enum record_type type, struct slice words,
                        struct record *record)
{
    switch (type) {
    case RECORD_A:
    case RECORD_AAAA:
        read_address(reader, words, record);
        return;
    case RECORD_MX:
        record->priority = number_of(reader, reader_word(&words));
        record->name = target_of(reader, words);
        return;
    case RECORD_SRV:
        record->priority = number_of(reader, reader_word(&words));
        record->weight = number_of(reader, reader_word(&words));
        record->port = number_of(reader, reader_word(&words));
        record->name = target_of(reader, words);
        return;
    case RECORD_TXT:
        record->text = reader_keep(reader, words);
        return;
    case RECORD_CNAME:
    case RECORD_NS:
    case RECORD_PTR:
    case RECORD_SOA:
        record->name = target_of(reader, words);
        return;
    case RECORD_TLSA:
        record->usage = octet_of(reader, reader_word(&words));
        record->selector = octet_of(reader, reader_word(&words));
        record->matching = octet_of(reader, reader_word(&words));
        record->text = bytes_of(reader, words);
        return;
    case RECORD_CAA:
        record->flags = octet_of(reader, reader_word(&words));
        record->name = reader_keep(reader, reader_word(&words)).at;
        record->text = reader_keep(reader, words);
        return;
    }
}

static void add_record(struct reader *reader, struct fake_answer *answer, struct slice words)
{
    struct record *record = &answer->records[answer->count++];
    answer->status = ANSWER_RECORDS;
    record->ttl_s = 3600;
    read_record(reader, answer->type, words, record);
}

/* A: 1 mx0.mail.ovh.net, A: nxdomain, A: after 3s, A: cname other.example, A: authenticated */
void reader_answer(struct reader *reader, struct slice words)
{
    static const enum answer_status plain[] = { ANSWER_NODATA,  ANSWER_NXDOMAIN,  ANSWER_SERVFAIL,
                                                ANSWER_REFUSED, ANSWER_TIMED_OUT, ANSWER_GARBLED };
    struct fake_answer *answer = fake.zone_count > 0 ? &fake.zone[fake.zone_count - 1] : NULL;
    if (answer == NULL || answer->count == FAKE_RECORDS_MAX) {
        reader_fault(reader, "an answer without a question, or too long");
        return;
    }
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
        if (slice_is(words, answer_status_name(plain[i]))) {
            answer->status = plain[i];
            return;
        }
    if (slice_starts(words, "after ")) {
        struct slice seconds = slice_from(words, 6);
        seconds.len -= seconds.len > 0 ? 1 : 0;
        answer->after_ms = number_of(reader, seconds) * INT64_C(1000);
    } else if (slice_starts(words, "cname ")) {
        answer->cname = reader_keep(reader, slice_from(words, 6)).at;
    } else if (slice_is(words, "authenticated")) {
        answer->authenticated = true;
    } else if (slice_is(words, "from cache")) {
        answer->from_cache = true;
    } else {
        add_record(reader, answer, words);
    }
}

/* ---- head ---- */

static void read_play(struct reader *reader, struct slice value)
{
    struct slice word;
    while ((word = reader_word(&value)).len > 0) {
        bool known = slice_is(word, "suite");
        reader->transcript->plays_suite = reader->transcript->plays_suite || known;
        for (enum service service = 0; service < SERVICE_COUNT; service++)
            if (slice_is(word, service_row(service)->slug))
                known = reader->transcript->plays[service] = true;
        if (!known)
            reader_fault(reader, "there is no such service to play");
    }
}

static void read_allow(struct reader *reader, struct slice value)
{
    for (enum cost cost = COST_LIGHT; cost <= COST_LOOP; cost++)
        if (slice_is(value, cost_name(cost))) {
            reader->transcript->allow = cost;
            return;
        }
    reader_fault(reader, "light, login or loop may be allowed");
}

static void read_checks(struct reader *reader, struct slice value, check_set *into_checks)
{
    struct slice word;
    while ((word = reader_word(&value)).len > 0) {
        enum check check = check_find(word);
        if (check == CHECK_COUNT)
            reader_fault(reader, "there is no such check");
        else
            *into_checks |= CHECK_BIT(check);
    }
}

static void read_delivery(struct reader *reader, struct slice value)
{
    static const char *const names[] = { "bytes", "lines", "whole" };
    bool known = false;
    for (size_t i = 0; i <= DELIVERY_WHOLE; i++)
        reader->transcript->delivered[i] = slice_has_nocase(value, names[i]);
    for (size_t i = 0; i <= DELIVERY_WHOLE; i++)
        known = known || reader->transcript->delivered[i];
    if (!known)
        reader_fault(reader, "bytes, lines and whole can be delivered");
}

static void read_setting(struct reader *reader, struct slice words)
{
    struct transcript *transcript = reader->transcript;
    if (transcript->setting_count == TRANSCRIPT_SETTINGS_MAX) {
        reader_fault(reader, "too many settings");
        return;
    }
    struct slice key = reader_keep(reader, reader_word(&words));
    transcript->settings[transcript->setting_count].key = key;
    transcript->settings[transcript->setting_count++].value = reader_keep(reader, words);
}

/* at: pop 110 starttls */
static void read_at(struct reader *reader, struct slice words)
{
    struct transcript *transcript = reader->transcript;
    struct slice service = reader_word(&words);
    bool known = false;
    for (enum service i = 0; i < SERVICE_COUNT; i++)
        if (slice_is(service, service_row(i)->slug)) {
            transcript->at.service = i;
            known = true;
        }
    transcript->at.port = number_of(reader, reader_word(&words));
    transcript->at.security = slice_is(words, "starttls") ? SECURITY_STARTTLS : SECURITY_IMPLICIT;
    if (!known || !(slice_is(words, "starttls") || slice_is(words, "implicit")))
        reader_fault(reader, "at: is a service, its port, and starttls or implicit");
}

static void read_given(struct reader *reader, struct slice words)
{
    struct transcript *transcript = reader->transcript;
    if (transcript->given_count == TRANSCRIPT_GIVEN_MAX) {
        reader_fault(reader, "too much is given");
        return;
    }
    transcript->given[transcript->given_count].number = reader->number;
    transcript->given[transcript->given_count++].words = reader_keep(reader, words);
}

static void read_include(struct reader *reader, struct slice value)
{
    char path[512];
    (void)snprintf(path, sizeof path, "%s/%.*s", TRANSCRIPTS, SLICE_ARG(value));
    reader_file(reader, reader_keep(reader, slice_of(path)).at);
}

static void read_link(struct reader *reader, struct slice value)
{
    fake.link = slice_is(value, "down") ? FAKE_LINK_DOWN : FAKE_LINK_NO_ROUTE;
    if (fake.link == FAKE_LINK_NO_ROUTE && !slice_is(value, "no-route"))
        reader_fault(reader, "a link is down, or has no-route");
}

static void read_silent(struct reader *reader, struct slice value)
{
    struct slice word;
    while ((word = reader_word(&value)).len > 0 && fake.silent_count < FAKE_SILENT_MAX)
        fake.silent[fake.silent_count++] = reader_keep(reader, word).at;
}

/* clock: unset, clock: 12 minutes slow, clock: 400 days fast */
static void read_clock(struct reader *reader, struct slice value)
{
    struct slice count = reader_word(&value), unit = reader_word(&value);
    uint64_t number = 0;
    if (slice_is(count, "unset")) {
        fake.clock_trusted = false;
        return;
    }
    if (!slice_number(count, 10000, &number) ||
        !(slice_is(value, "slow") || slice_is(value, "fast")))
        reader_fault(reader, "a clock is unset, or so many minutes or days slow or fast");
    int64_t off_ms = (int64_t)number * (slice_is(unit, "days") ? 86400000 : 60000);
    fake.clock_off_ms = slice_is(value, "slow") ? -off_ms : off_ms;
}

static void read_flag(struct reader *reader, struct slice key, struct slice value)
{
    static const struct {
        const char *key, *value;
    } flags[] = {
        { "resolver", "silent" }, { "disk", "full" }, { "harm", "none" }, { "secret", "none" }
    };
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
        if (slice_is(key, flags[i].key) && !slice_is(value, flags[i].value))
            reader_fault(reader, "this key knows one value only");
    if (slice_is(key, "resolver"))
        fake.resolver_silent = true;
    else if (slice_is(key, "disk"))
        fake.file_system_full = true;
    else if (slice_is(key, "harm"))
        reader->transcript->harmless = true;
    else
        reader->transcript->no_secret = true;
}

/* ticket: SUBJECT; BODY, which may have the escapes of talks */
static void read_ticket(struct reader *reader, struct slice words)
{
    struct slice subject;
    char room[1024];
    struct text body;
    if (!slice_cut(&words, ';', &subject))
        reader_fault(reader, "a ticket is ticket: SUBJECT; BODY");
    text_begin(&body, room, sizeof room);
    (void)transcript_expand(&body, slice_trim(words)); /* what does not fit is cut */
    reader->transcript->ticket.subject = reader_keep(reader, subject).at;
    reader->transcript->ticket.body = reader_keep(reader, text_slice(&body)).at;
}

bool reader_header(struct reader *reader, struct slice key, struct slice value)
{
    struct transcript *transcript = reader->transcript;
    if (slice_is(key, "profile"))
        transcript->profile = reader_keep(reader, value).at;
    else if (slice_is(key, "play"))
        read_play(reader, value);
    else if (slice_is(key, "allow"))
        read_allow(reader, value);
    else if (slice_is(key, "only"))
        read_checks(reader, value, &transcript->only);
    else if (slice_is(key, "lent"))
        read_checks(reader, value, &transcript->lent);
    else if (slice_is(key, "deliver"))
        read_delivery(reader, value);
    else if (slice_is(key, "set"))
        read_setting(reader, value);
    else if (slice_is(key, "at"))
        read_at(reader, value);
    else if (slice_is(key, "ticket"))
        read_ticket(reader, value);
    else if (slice_is(key, "given"))
        read_given(reader, value);
    else if (slice_is(key, "include"))
        read_include(reader, value);
    else if (slice_is(key, "stop after polls"))
        transcript->stop_after_turns = number_of(reader, value);
    else if (slice_is(key, "families"))
        fake.family[FAMILY_V6] = slice_has_nocase(value, "v6");
    else if (slice_is(key, "link"))
        read_link(reader, value);
    else if (slice_is(key, "silent"))
        read_silent(reader, value);
    else if (slice_is(key, "clock"))
        read_clock(reader, value);
    else if (slice_is(key, "resolver") || slice_is(key, "disk") || slice_is(key, "harm") ||
             slice_is(key, "secret"))
        read_flag(reader, key, value);
    else
        return false;
    return true;
}
