/* SPDX-License-Identifier: MIT */
/* Drives the uplink for the tests. Takes a configuration file, the client's name and the longest
   wait in milliseconds. Every line of standard input is an order, every event a line of standard
   output:

   publish ID TOPIC TEXT   keeps it until it is delivered or refused, in order
   bulk ID TOPIC BYTES     the same, with so many bytes
   wait MS                 no attempt for so long
   leave                   publishes "stopped" and leaves; the program ends
   memory                  tells the resident set's peak in kB

   online VERSION PRESENT | offline TROUBLE WORDS | trouble TROUBLE WORDS | delivered ID |
   refused ID WHY WORDS | command REPLY-TOPIC CORRELATION LENGTH PAYLOAD | off | peak KB */
#include "../../port/port.h"
#include "log.h"
#include "uplink.h"
#include "wire.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define MESSAGES_MAX 4096
#define BULK_MAX     MESSAGE_MAX

struct kept {
    uint64_t id;
    char topic[96], text[96];
    size_t bulk; /* bytes; 0: text */
    bool handed, done;
};

static struct {
    struct loop loop;
    struct watcher input;
    struct uplink *uplink;
    char line[512];
    size_t len;
    struct kept kept[MESSAGES_MAX];
    size_t count, first; /* first: the oldest that is not done */
    bool left;
} probe;

static char bulk[BULK_MAX];

static void say(const char *format, ...) PRINTF_LIKE(1, 2);

static void say(const char *format, ...)
{
    va_list values;
    va_start(values, format);
    (void)vprintf(format, values);
    va_end(values);
    (void)putchar('\n');
    (void)fflush(stdout);
}

static bool hand_over(const struct kept *kept)
{
    struct slice text = slice_of(kept->text);
    if (kept->bulk > 0)
        text = (struct slice){ bulk, kept->bulk };
    const struct message message = { .kind = MESSAGE_EVENT,
                                     .id = kept->id,
                                     .topic = kept->topic,
                                     .payload = text,
                                     .key = "",
                                     .expiry_s = 3600,
                                     .correlation = SLICE("c0") };
    return uplink_publish(probe.uplink, &message);
}

static void publish_all(void)
{
    for (size_t i = probe.first; i < probe.count; i++) {
        struct kept *kept = &probe.kept[i];
        if (kept->done || kept->handed)
            continue;
        if (!hand_over(kept))
            return;
        kept->handed = true;
    }
}

static void settle(uint64_t id)
{
    for (size_t i = probe.first; i < probe.count; i++)
        if (probe.kept[i].id == id)
            probe.kept[i].done = true;
    while (probe.first < probe.count && probe.kept[probe.first].done)
        probe.first++;
    publish_all();
}

/* ---- events ---- */

static void on_online(void *owner, bool session_present)
{
    (void)owner;
    say("online %d %d", uplink_mqtt_version(probe.uplink), session_present);
    publish_all();
}

static void on_offline(void *owner, enum uplink_trouble trouble, const char *words)
{
    (void)owner;
    for (size_t i = probe.first; i < probe.count; i++)
        probe.kept[i].handed = false;
    say("offline %d %s", (int)trouble, words);
}

static void on_delivered(void *owner, uint64_t id)
{
    (void)owner;
    say("delivered %" PRIu64, id);
    settle(id);
}

static void on_refused(void *owner, uint64_t id, enum uplink_refusal why, const char *words)
{
    static const char *const names[] = { [UPLINK_AGAINST_RULES] = "against-rules",
                                         [UPLINK_BAD_MESSAGE] = "bad-message",
                                         [UPLINK_HANGS_UP] = "hangs-up" };
    (void)owner;
    say("refused %" PRIu64 " %s %s", id, names[why], words);
    settle(id);
}

static void on_command(void *owner, struct slice payload, const char *reply_topic,
                       struct slice correlation)
{
    (void)owner;
    size_t shown = payload.len < 64 ? payload.len : 64;
    if (reply_topic == NULL)
        reply_topic = "too-long";
    say("command %s %.*s %zu %.*s", reply_topic[0] == '\0' ? "-" : reply_topic,
        SLICE_ARG(correlation), payload.len, (int)shown, payload.at);
}

/* ---- orders ---- */

static uint64_t take_number(struct slice *rest)
{
    struct slice word;
    uint64_t number = 0;
    if (!slice_cut(rest, ' ', &word) || !slice_number(word, UINT64_MAX / 16, &number))
        say("bad order");
    return number;
}

static void keep(struct slice rest, bool is_bulk)
{
    struct kept *kept = &probe.kept[probe.count];
    struct slice topic = { "", 0 };
    kept->id = take_number(&rest);
    (void)slice_cut(&rest, ' ', &topic);
    text_put(kept->topic, sizeof kept->topic, topic);
    text_put(kept->text, sizeof kept->text, rest);
    kept->bulk = is_bulk ? (size_t)take_number(&rest) : 0;
    probe.count++;
    publish_all();
}

static void leave(void)
{
    const struct message status = { .kind = MESSAGE_STATUS,
                                    .id = UINT64_MAX,
                                    .topic = "gp/office/status",
                                    .payload = SLICE("{\"state\":\"stopped\"}"),
                                    .key = "",
                                    .retained = true };
    probe.left = true;
    uplink_leave(probe.uplink, &status);
}

static void obey(struct slice line)
{
    struct slice word = { "", 0 };
    (void)slice_cut(&line, ' ', &word);
    if (slice_is(word, "publish"))
        keep(line, false);
    else if (slice_is(word, "bulk"))
        keep(line, true);
    else if (slice_is(word, "wait"))
        uplink_wait_until(probe.uplink, port_now_ms() + (int64_t)take_number(&line));
    else if (slice_is(word, "memory"))
        say("peak %ld", port_peak_kb());
    else if (slice_is(word, "leave"))
        leave();
    else
        say("bad order");
}

static void on_input(struct watcher *watcher, enum loop_event event)
{
    (void)event;
    ssize_t got = read(0, probe.line + probe.len, sizeof probe.line - probe.len);
    if (got <= 0) {
        loop_forget(&probe.loop, watcher);
        return;
    }
    probe.len += (size_t)got;
    char *end;
    while ((end = memchr(probe.line, '\n', probe.len)) != NULL) {
        size_t len = (size_t)(end - probe.line);
        obey((struct slice){ probe.line, len });
        probe.len -= len + 1;
        memmove(probe.line, end + 1, probe.len);
    }
}

/* ---- the program ---- */

static bool read_settings(const char *file, struct settings *into_settings)
{
    static _Alignas(max_align_t) char memory[1 << 18];
    static struct arena arena;
    static struct settings_troubles troubles;
    arena_begin(&arena, memory, sizeof memory);
    if (settings_read(file, &arena, into_settings, &troubles))
        return true;
    const struct settings_trouble *trouble = &troubles.trouble[0];
    say("bad settings %s: %s, wanted %s", trouble->key, trouble->found, trouble->wanted);
    return false;
}

/* A trouble that does not end the connection is not called, but told on request. */
static void tell_trouble(void)
{
    static enum uplink_trouble told;
    const char *words;
    enum uplink_trouble trouble = uplink_trouble(probe.uplink, &words);
    if (trouble != told && uplink_state(probe.uplink) == UPLINK_ONLINE && trouble != UPLINK_FINE)
        say("trouble %d %s", (int)trouble, words);
    told = trouble;
}

int main(int count, char **words)
{
    static struct settings settings;
    uint64_t longest_ms = 0;
    if (count != 4 || !slice_number(slice_of(words[3]), INT32_MAX, &longest_ms))
        return 64;
    port_start();
    log_set_level(LEVEL_INFO);
    if (!read_settings(words[1], &settings) || !wire_start())
        return 70;
    memset(bulk, 'b', sizeof bulk);
    loop_begin(&probe.loop);
    const struct uplink_words own = { .status_topic = "gp/office/status",
                                      .command_topic = "gp/office/command",
                                      .will = "{\"state\":\"lost\"}",
                                      .client_id = words[2],
                                      .longest_wait_ms = (int64_t)longest_ms };
    const struct uplink_calls calls = { .online = on_online,
                                        .offline = on_offline,
                                        .delivered = on_delivered,
                                        .refused = on_refused,
                                        .command = on_command };
    probe.input =
        (struct watcher){ .want_read = true, .deadline_ms = LOOP_NEVER, .call = on_input };
    probe.uplink = uplink_open(&probe.loop, &settings, &own, &calls, port_now_ms());
    if (probe.uplink == NULL || !loop_watch(&probe.loop, &probe.input))
        return 70;
    while (!(probe.left && uplink_state(probe.uplink) == UPLINK_OFF) && loop_turn(&probe.loop))
        tell_trouble();
    say("off");
    uplink_close(probe.uplink);
    wire_finish();
    return 0;
}
