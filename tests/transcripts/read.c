/* SPDX-License-Identifier: MIT */
/* The lines of a transcript. */
#include "read.h"

#include <stdio.h>
#include <string.h>

#define POOL_MAX      1048576
#define FILE_TEXT_MAX 65536
#define INCLUDES_MAX  6

static char pool[POOL_MAX];
static size_t pool_used;

void reader_fault(struct reader *reader, const char *what)
{
    (void)fprintf(stderr, "%s:%d: %s\n", reader->path, reader->number, what);
    reader->broken = true;
}

struct slice reader_word(struct slice *rest)
{
    struct slice word = { NULL, 0 };
    *rest = slice_trim(*rest);
    if (!slice_cut(rest, ' ', &word))
        return (struct slice){ "", 0 };
    *rest = slice_trim(*rest);
    return word;
}

struct slice reader_keep(struct reader *reader, struct slice words)
{
    if (words.len + 1 > sizeof pool - pool_used) {
        reader_fault(reader, "the transcript is too long");
        return (struct slice){ "", 0 };
    }
    struct slice kept = { pool + pool_used, words.len };
    if (words.len > 0)
        memcpy(pool + pool_used, words.at, words.len);
    pool[pool_used + words.len] = '\0';
    pool_used += words.len + 1;
    return kept;
}

void reader_add_line(struct reader *reader, struct fake_line line)
{
    struct transcript *transcript = reader->transcript;
    if (fake.peer_count == 0) {
        reader_fault(reader, "a talk begins with ==");
        return;
    }
    if (transcript->line_count == TRANSCRIPT_LINES_MAX) {
        reader_fault(reader, "the transcript has too many lines");
        return;
    }
    struct fake_peer *peer = &fake.peers[fake.peer_count - 1];
    if (line.number == 0)
        line.number = reader->number;
    if (peer->count == 0)
        peer->lines = &transcript->lines[transcript->line_count];
    transcript->lines[transcript->line_count++] = line;
    peer->count++;
}

static struct slice expanded(struct reader *reader, struct slice words, bool with_end)
{
    char buffer[8192];
    struct text text;
    text_begin(&text, buffer, sizeof buffer);
    (void)transcript_expand(&text, words); /* the overflow is looked at below */
    if (with_end)
        text_add_string(&text, "\r\n");
    if (text.overflow)
        reader_fault(reader, "the line is too long");
    return reader_keep(reader, text_slice(&text));
}

/* ---- peers ---- */

static enum fake_dial dial_of(struct reader *reader, struct slice word)
{
    if (word.len == 0)
        return DIALS_WELL;
    if (slice_is(word, "refused"))
        return DIAL_REFUSED;
    if (slice_is(word, "unreachable"))
        return DIAL_UNREACHABLE;
    if (!slice_is(word, "silent"))
        reader_fault(reader, "a peer is refused, unreachable or silent, or it can be dialled");
    return DIAL_SILENT;
}

/* == submission ex4.mail.ovh.net:587 v4 refused */
static void add_peer(struct reader *reader, struct slice words)
{
    (void)reader_word(&words); /* the service is for the reader */
    struct slice place = reader_word(&words), family = reader_word(&words), host;
    uint64_t port = 0;
    if (fake.peer_count == FAKE_PEERS_MAX || !slice_cut(&place, ':', &host) ||
        !slice_number(place, 65535, &port) || !(slice_is(family, "v4") || slice_is(family, "v6"))) {
        reader_fault(reader, "a talk begins with == SERVICE HOST:PORT v4");
        return;
    }
    struct fake_peer *peer = &fake.peers[fake.peer_count++];
    memset(peer, 0, sizeof *peer);
    text_put(peer->host, sizeof peer->host, host);
    peer->port = (uint16_t)port;
    peer->family = slice_is(family, "v4") ? FAMILY_V4 : FAMILY_V6;
    peer->dial = dial_of(reader, reader_word(&words));
}

/* ---- lines of a talk ---- */

/* clang-format off */
static const struct {
    const char *words;
    enum wire_trouble trouble;
    enum trust_verdict verdict;
    int days_left;
} handshakes[] = {
    { "tls",               WIRE_FINE,            TRUST_GOOD,             90 },
    { "tls, 14 days left", WIRE_FINE,            TRUST_GOOD,             14 },
    { "tls, 13 days left", WIRE_FINE,            TRUST_GOOD,             13 },
    { "tls expired",       WIRE_FINE,            TRUST_EXPIRED,          -2 },
    { "tls not-yet-valid", WIRE_FINE,            TRUST_NOT_YET_VALID,    90 },
    { "tls name-mismatch", WIRE_FINE,            TRUST_NAME_MISMATCH,    90 },
    { "tls chain-incomplete", WIRE_FINE,         TRUST_CHAIN_INCOMPLETE, 90 },
    { "tls unknown-root",  WIRE_FINE,            TRUST_UNKNOWN_ROOT,     90 },
    { "tls self-signed",   WIRE_FINE,            TRUST_SELF_SIGNED,      90 },
    { "tls weak",          WIRE_FINE,            TRUST_WEAK,             90 },
    { "tls no-bundle",     WIRE_FINE,            TRUST_BUNDLE_TROUBLE,   90 },
    { "tls old-protocol",  WIRE_TLS_PROTOCOL,    TRUST_GOOD,             90 },
    { "tls failed",        WIRE_TLS_HANDSHAKE,   TRUST_GOOD,             90 },
};
/* clang-format on */

/* T: tls, T: tls unknown-root by Office Firewall */
static void add_handshake(struct reader *reader, struct slice words)
{
    size_t by = slice_find_nocase(words, " by ");
    struct slice issuer = slice_from(words, by + 4);
    words.len = by;
    for (size_t i = 0; i < sizeof handshakes / sizeof *handshakes; i++) {
        if (!slice_is(words, handshakes[i].words))
            continue;
        reader_add_line(reader, (struct fake_line){ .kind = LINE_TLS,
                                                    .bytes = reader_keep(reader, issuer),
                                                    .trouble = handshakes[i].trouble,
                                                    .verdict = handshakes[i].verdict,
                                                    .days_left = handshakes[i].days_left });
        return;
    }
    reader_fault(reader, "there is no such handshake");
}

static void add_trouble(struct reader *reader, struct slice words)
{
    bool gone = slice_is(words, "reset") || slice_is(words, "close");
    if (!gone && !slice_is(words, "silence"))
        reader_fault(reader, "X: is reset, close or silence");
    reader_add_line(reader, (struct fake_line){ .kind = gone ? LINE_RESET : LINE_SILENCE });
}

/* W: 5s, W: until 130s, W: end */
static void add_wait(struct reader *reader, struct slice words)
{
    struct fake_line line = { .kind = LINE_PAUSE };
    uint64_t seconds = 0;
    if (slice_is(words, "end")) {
        reader_add_line(reader, (struct fake_line){ .kind = LINE_REPEATED });
        return;
    }
    if (slice_starts(words, "until ")) {
        line.kind = LINE_REPEAT;
        words = slice_from(words, 6);
    }
    if (!slice_ends_nocase(words, "s") ||
        !slice_number((struct slice){ words.at, words.len - 1 }, 100000, &seconds))
        reader_fault(reader, "W: is 5s, until 130s or end");
    line.wait_ms = (int64_t)seconds * 1000;
    reader_add_line(reader, line);
}

/* S: words, S+ words without CRLF, S*1000: a line a thousand times, S+*1000: words a thousand times
 */
static bool add_speech(struct reader *reader, struct slice line)
{
    bool with_end = !slice_starts(line, "S+");
    uint64_t repeat = 1;
    struct slice rest = slice_from(line, with_end ? 1 : 2), count;
    if (slice_starts(rest, "*")) {
        rest = slice_from(rest, 1);
        if (!slice_cut(&rest, ':', &count) || !slice_number(count, 1000000, &repeat))
            return false;
    } else if (with_end && slice_starts(rest, ":")) {
        rest = slice_from(rest, 1);
    } else if (with_end) {
        return false;
    }
    struct slice words = slice_starts(rest, " ") ? slice_from(rest, 1) : rest;
    reader_add_line(reader, (struct fake_line){ .kind = LINE_SAYS,
                                                .bytes = expanded(reader, words, with_end),
                                                .repeat = (size_t)repeat });
    return true;
}

static void add_expectation(struct reader *reader, struct slice words)
{
    struct transcript *transcript = reader->transcript;
    if (transcript->expected_count == TRANSCRIPT_EXPECTED_MAX) {
        reader_fault(reader, "too much is expected");
        return;
    }
    struct expectation *expectation = &transcript->expected[transcript->expected_count++];
    *expectation = (struct expectation){ .number = reader->number,
                                         .words = reader_keep(reader, slice_trim(words)) };
}

static bool read_line_of_talk(struct reader *reader, struct slice line)
{
    struct slice words = slice_from(line, 3);
    if (slice_starts(line, "C: ") || slice_is(line, "C:"))
        reader_add_line(reader, (struct fake_line){ .kind = LINE_HEARS,
                                                    .bytes = expanded(reader, words, true) });
    else if (slice_starts(line, "C~ "))
        reader_add_line(reader, (struct fake_line){ .kind = LINE_HEARS_LIKE,
                                                    .bytes = expanded(reader, words, false) });
    else if (slice_starts(line, "T: "))
        add_handshake(reader, words);
    else if (slice_starts(line, "X: "))
        add_trouble(reader, words);
    else if (slice_starts(line, "W: "))
        add_wait(reader, words);
    else
        return slice_starts(line, "S") && add_speech(reader, line);
    return true;
}

static void read_line(struct reader *reader, struct slice line)
{
    struct slice words = slice_from(line, 3), key, rest = line;
    bool http = slice_starts(line, "S> ") || slice_starts(line, "C> ");
    if (!http || (slice_starts(line, "C")) != reader->is_request)
        reader_flush_http(reader);
    if (line.len == 0 || slice_starts(line, "#"))
        return;
    if (http)
        reader_http(reader, slice_starts(line, "C"), words);
    else if (slice_starts(line, "== "))
        add_peer(reader, words);
    else if (slice_starts(line, "=> "))
        add_expectation(reader, words);
    else if (slice_starts(line, "Q: "))
        reader_question(reader, words);
    else if (slice_starts(line, "A: "))
        reader_answer(reader, words);
    else if (!read_line_of_talk(reader, line) &&
             !(slice_cut(&rest, ':', &key) && reader_header(reader, key, slice_trim(rest))))
        reader_fault(reader, "no line of a transcript begins like this");
}

void reader_file(struct reader *reader, const char *path)
{
    static char bytes[INCLUDES_MAX][FILE_TEXT_MAX];
    static size_t depth;
    FILE *file = depth < INCLUDES_MAX ? fopen(path, "rb") : NULL;
    if (file == NULL) {
        reader_fault(reader, "cannot read the file");
        return;
    }
    struct slice rest = { bytes[depth], fread(bytes[depth], 1, FILE_TEXT_MAX, file) }, line;
    (void)fclose(file);
    if (rest.len == FILE_TEXT_MAX)
        reader_fault(reader, "the file is too long");
    const char *outer_path = reader->path;
    int outer_number = reader->number;
    depth++;
    reader->path = path;
    for (reader->number = 1; slice_line(&rest, &line); reader->number++)
        read_line(reader, line);
    reader_flush_http(reader);
    depth--;
    reader->path = outer_path;
    reader->number = outer_number;
}

bool transcript_read(const char *path, struct transcript *into_transcript)
{
    struct reader reader = { .transcript = into_transcript, .path = path };
    pool_used = 0;
    fake_clear();
    fake_forget_files();
    fake.secret_core = TRANSCRIPT_SECRET_CORE;
    memset(into_transcript, 0, sizeof *into_transcript);
    into_transcript->path = path;
    into_transcript->account = "anna@example.com";
    into_transcript->profile = "ovh-exchange-hosted";
    into_transcript->allow = COST_LOOP;
    for (size_t i = 0; i <= DELIVERY_WHOLE; i++)
        into_transcript->delivered[i] = true;
    reader_file(&reader, TRANSCRIPTS "/parts/defaults"); /* of a domain that is well */
    reader_file(&reader, path);
    return !reader.broken;
}
