/* SPDX-License-Identifier: MIT */
#include "peer.h"

#include "../../agent/pattern.h"

#include <string.h>

struct fake_peer *peer_of(int descriptor)
{
    size_t index = (size_t)(descriptor - FAKE_FIRST_DESCRIPTOR);
    return descriptor >= FAKE_FIRST_DESCRIPTOR && index < fake.peer_count ? &fake.peers[index]
                                                                          : NULL;
}

static bool answers_at(const struct fake_peer *peer, const struct address *to)
{
    struct address address;
    return peer->port == to->port && peer->family == to->family &&
           fake_address(peer->host, peer->family, &address) &&
           memcmp(address.bytes, to->bytes, to->family == FAMILY_V4 ? 4 : 16) == 0;
}

static bool is_free(const struct fake_peer *peer)
{
    return !peer->dialled || (peer->rules != NULL && peer->closed);
}

struct fake_peer *peer_at(const struct address *to)
{
    for (size_t i = 0; i < fake.peer_count; i++)
        if (is_free(&fake.peers[i]) && answers_at(&fake.peers[i], to))
            return &fake.peers[i];
    return NULL;
}

static const struct fake_line *line_at(const struct fake_peer *peer)
{
    return peer->at < peer->count ? &peer->lines[peer->at] : NULL;
}

void peer_step_on(struct fake_peer *peer)
{
    peer->at++;
    peer->round = peer->offset = 0;
    peer->ready_ms = 0;
}

/* Passes by what takes no part in the talk: marks of repetition, pauses that are over. */
const struct fake_line *peer_line(struct fake_peer *peer)
{
    const struct fake_line *line;
    while ((line = line_at(peer)) != NULL) {
        if (line->kind == LINE_PAUSE && peer->ready_ms == 0)
            peer->ready_ms = fake.now_ms + line->wait_ms;
        if (line->kind != LINE_REPEAT && (line->kind != LINE_PAUSE || fake.now_ms < peer->ready_ms))
            break;
        peer_step_on(peer);
    }
    return line;
}

/* At the end of a repetition: only when the client speaks again is it known whether it goes round
 * once more. */
static void come_round(struct fake_peer *peer)
{
    const struct fake_line *line = peer_line(peer);
    if (line == NULL || line->kind != LINE_REPEATED)
        return;
    size_t at = peer->at;
    while (at > 0 && peer->lines[at].kind != LINE_REPEAT)
        at--;
    if (fake.now_ms - FAKE_START_MS < peer->lines[at].wait_ms)
        peer->at = at;
    peer_step_on(peer);
    (void)peer_line(peer);
}

bool fake_ready(int descriptor, bool want_read, bool want_write, int64_t *into_wake_ms)
{
    struct fake_peer *peer = peer_of(descriptor);
    if (peer == NULL || peer->mute || peer->dial == DIAL_SILENT)
        return false;
    if (want_write || peer->broken)
        return want_write || want_read;
    const struct fake_line *line = peer_line(peer);
    if (line == NULL)
        return want_read;
    switch (line->kind) {
    case LINE_SAYS:
    case LINE_TLS:
    case LINE_RESET:
        return want_read;
    case LINE_PAUSE:
        if (peer->ready_ms < *into_wake_ms)
            *into_wake_ms = peer->ready_ms;
        return false;
    case LINE_HEARS:
    case LINE_HEARS_LIKE:
    case LINE_SILENCE:
    case LINE_REPEAT:
    case LINE_REPEATED:
        break;
    }
    return false;
}

/* How many bytes of the present line, from its offset, are delivered at once. */
static size_t portion(const struct fake_line *line, size_t offset)
{
    struct slice rest = slice_from(line->bytes, offset), first;
    if (fake.delivery == DELIVERY_BYTES)
        return rest.len > 0 ? 1 : 0;
    if (fake.delivery == DELIVERY_WHOLE)
        return rest.len;
    struct slice after = rest;
    (void)slice_line(&after, &first);
    return rest.len - after.len;
}

static size_t take_line(struct fake_peer *peer, const struct fake_line *line, char *into,
                        size_t room)
{
    struct slice rest = slice_from(line->bytes, peer->offset);
    size_t taken = portion(line, peer->offset);
    if (peer->offset == 0 && slice_starts(rest, "<tag>")) { /* the tag that the client chose */
        size_t tag_len = strlen(peer->tag);
        if (tag_len > room)
            return 0;
        memcpy(into, peer->tag, tag_len);
        peer->offset += 5;
        return tag_len;
    }
    taken = taken < room ? taken : room;
    if (taken > 0)
        memcpy(into, rest.at, taken);
    peer->offset += taken;
    if (peer->offset < line->bytes.len)
        return taken;
    peer->offset = 0;
    if (++peer->round >= line->repeat)
        peer_step_on(peer);
    return taken;
}

/* Several lines in one go where they are delivered whole. */
size_t peer_say(struct fake_peer *peer, char *into, size_t room)
{
    size_t got = 0;
    const struct fake_line *line;
    while ((line = peer_line(peer)) != NULL && line->kind == LINE_SAYS && got < room) {
        size_t taken = take_line(peer, line, into + got, room - got);
        got += taken;
        if (taken == 0 || fake.delivery != DELIVERY_WHOLE)
            break;
    }
    return got;
}

/* ---- what the client says ---- */

static const char *const turns[] = {
    [LINE_SAYS] = "while the peer has the word",   [LINE_TLS] = "where TLS has to begin",
    [LINE_RESET] = "after the connection is gone", [LINE_PAUSE] = "while the peer is thinking",
    [LINE_SILENCE] = "into the silence",           [LINE_REPEAT] = "before a round",
    [LINE_REPEATED] = "after the last round",
};

static void refuse(struct fake_peer *peer, const char *why)
{
    const struct fake_line *line = peer_line(peer);
    struct text words;
    char buffer[200];
    struct slice said = { peer->heard, peer->heard_len < 60 ? peer->heard_len : 60 };
    text_begin(&words, buffer, sizeof buffer);
    text_add_printable(&words, fake_betrays(said) ? SLICE("(a line with the secret)") : said);
    fake_complain("%s:%u line %d: the agent says \"%s\" %s", peer->host, (unsigned)peer->port,
                  line == NULL ? 0 : line->number, buffer, why);
    peer->at = peer->count;
    peer->heard_len = 0;
}

/* "<tag>" in a line of the script stands for any one word, which the peer repeats in its answers.
 */
static struct slice without_tag(struct fake_peer *peer, struct slice want, struct slice *said)
{
    struct slice tag;
    if (!slice_starts(want, "<tag>"))
        return want;
    size_t before = said->len;
    if (slice_cut(said, ' ', &tag) && tag.len > 0) {
        text_put(peer->tag, sizeof peer->tag, tag);
        said->at -= 1; /* the space belongs to what follows */
        said->len += 1;
    }
    return before == said->len ? (struct slice){ "?", 1 } : slice_from(want, 5);
}

static bool as_written(struct fake_peer *peer, const struct fake_line *line)
{
    struct slice said = { peer->heard, peer->heard_len };
    struct slice want = without_tag(peer, line->bytes, &said);
    if (line->kind == LINE_HEARS)
        return slice_equal(said, want);
    char pattern[1024];
    text_put(pattern, sizeof pattern, slice_trim(want));
    return slice_ends_nocase(said, "\r\n") && pattern_matches(pattern, slice_trim(said));
}

/* A line of the script is compared when it is whole: at its line feed, or, for a body without one,
 * at its last byte. */
static bool is_whole(const struct fake_peer *peer, const struct fake_line *line)
{
    bool has_end = line->kind == LINE_HEARS_LIKE || slice_ends_nocase(line->bytes, "\n");
    if (has_end)
        return peer->heard[peer->heard_len - 1] == '\n';
    return peer->heard_len == line->bytes.len;
}

/* ---- rules ---- */

static const struct fake_line secure = {
    .kind = LINE_TLS, .trouble = WIRE_FINE, .verdict = TRUST_GOOD, .days_left = 3650
};

/* TLS, words and TLS again, and then it listens to anything. */
static void take_turn(struct fake_peer *peer, bool tls_first, const char *says, bool tls_last)
{
    struct slice rest = slice_of(says), line;
    size_t count = 0;
    if (tls_first)
        peer->turn[count++] = secure;
    while (count < FAKE_ANSWER_MAX && slice_cut(&rest, '\n', &line))
        peer->turn[count++] = (struct fake_line){ .kind = LINE_SAYS,
                                                  .bytes = { line.at, line.len + 1 },
                                                  .repeat = 1 };
    if (tls_last)
        peer->turn[count++] = secure;
    peer->turn[count++] = (struct fake_line){ .kind = LINE_HEARS_LIKE, .bytes = SLICE("*") };
    peer->lines = peer->turn;
    peer->count = count;
    peer->at = peer->round = peer->offset = 0;
    if (rest.len > 0)
        fake_complain("an answer of %s has too many lines", peer->host);
}

void peer_answer_call(struct fake_peer *peer)
{
    if (peer->rules != NULL) {
        memset((char *)peer + offsetof(struct fake_peer, at), 0,
               sizeof *peer - offsetof(struct fake_peer, at));
        take_turn(peer, peer->greets_in_tls, peer->greeting, false);
    }
    peer->dialled = true;
}

static void obey_rules(struct fake_peer *peer)
{
    for (size_t i = 0; i < peer->rule_count; i++) {
        const struct fake_rule *rule = &peer->rules[i];
        const struct fake_line wanted = { .kind = LINE_HEARS_LIKE, .bytes = slice_of(rule->hears) };
        if (!as_written(peer, &wanted))
            continue;
        take_turn(peer, false, rule->says, rule->then_tls);
        break;
    }
    peer->heard_len = 0;
}

/* ---- byte by byte ---- */

static bool hear_byte(struct fake_peer *peer, char byte)
{
    come_round(peer);
    const struct fake_line *line = peer_line(peer);
    if (peer->heard_len == sizeof peer->heard)
        peer->heard_len = 0;
    peer->heard[peer->heard_len++] = byte;
    if (line == NULL || (line->kind != LINE_HEARS && line->kind != LINE_HEARS_LIKE)) {
        if (byte != '\n')
            return true; /* the whole line makes a better complaint */
        refuse(peer, line == NULL ? "after the end of the script" : turns[line->kind]);
        return false;
    }
    if (!is_whole(peer, line))
        return true;
    if (peer->rules != NULL) {
        obey_rules(peer);
        return true;
    }
    if (!as_written(peer, line)) {
        refuse(peer, "where the script has other words");
        return false;
    }
    peer->heard_len = 0;
    peer_step_on(peer);
    return true;
}

void peer_hear(struct fake_peer *peer, struct slice bytes)
{
    if (!peer->secured && fake_betrays(bytes))
        fake.betrayed = true;
    if (peer->tolerant)
        return;
    for (size_t i = 0; i < bytes.len; i++)
        if (!hear_byte(peer, bytes.at[i]))
            return;
}
