/* SPDX-License-Identifier: MIT */
#include "rehearsal.h"

#include "exits.h"
#include "log.h"
#include "sample.h"

#define PATIENCE_MS 60000

enum sample_id { SAMPLE_REPORT = 1, SAMPLE_EVENT };

/* The report goes first; the event is what the uplink says before it leaves. */
struct rehearsal {
    struct keeper *keeper;
    struct message report, event;
    char report_topic[TOPIC_MAX], event_topic[TOPIC_MAX];
    bool delivered, ended;
};

static void on_online(void *owner, bool session_present)
{
    struct rehearsal *rehearsal = owner;
    (void)session_present; /* a sample is not kept */
    if (!uplink_publish(rehearsal->keeper->uplink, &rehearsal->report))
        rehearsal->ended = true; /* cannot be: nothing else is under way */
}

static void on_offline(void *owner, enum uplink_trouble trouble, const char *words)
{
    (void)owner; /* the uplink tries again, and tells the log why */
    (void)trouble;
    (void)words;
}

static void on_delivered(void *owner, uint64_t id)
{
    struct rehearsal *rehearsal = owner;
    if (id == SAMPLE_REPORT)
        uplink_leave(rehearsal->keeper->uplink, &rehearsal->event);
    rehearsal->delivered = id == SAMPLE_EVENT;
}

static void on_refused(void *owner, uint64_t id, enum uplink_refusal why, const char *words)
{
    (void)why; /* it is not tried again */
    struct rehearsal *rehearsal = owner;
    log_error("mqtt", "the broker does not take the sample %s: %s",
              id == SAMPLE_REPORT ? "report" : "event", words);
    rehearsal->ended = true;
}

/* They are for the agent, which hears them, too. */
static void on_command(void *owner, struct slice payload, const char *reply_topic,
                       struct slice correlation)
{
    (void)owner;
    (void)payload;
    (void)reply_topic;
    (void)correlation;
}

static bool address(struct rehearsal *rehearsal, const struct settings *settings)
{
    struct keeper *keeper = rehearsal->keeper;
    const char *root = settings->topic_root, *gateway = settings->gateway;
    const char *account = settings->accounts[0].address;
    return text_put_format(keeper->client_id, sizeof keeper->client_id, "gatepost-%s-sample",
                           gateway) &&
           message_topic(MESSAGE_REPORT, root, gateway, account, rehearsal->report_topic) &&
           message_topic(MESSAGE_EVENT, root, gateway, account, rehearsal->event_topic) &&
           message_topic(MESSAGE_EVENT, root, gateway, "_rehearsal", keeper->status_topic) &&
           message_command_topic(root, gateway, keeper->command_topic);
}

static bool compose(struct rehearsal *rehearsal, const struct settings *settings)
{
    struct keeper *keeper = rehearsal->keeper;
    enum finding finding = keeper->orders->simulate;
    const struct account_settings *account = &settings->accounts[0];
    const struct payload_head head = {
        .gateway = settings->gateway,
        .at_wall_ms = port_wall_ms(),
        .sample = true,
    };
    size_t report_len, event_len;
    if (!sample_report(settings, account, finding, &head, &keeper->round.arena,
                       keeper->outbox.report_bytes, sizeof keeper->outbox.report_bytes,
                       &report_len) ||
        !sample_event(account, finding, &head, keeper->will, sizeof keeper->will, &event_len))
        return false;
    rehearsal->report = (struct message){
        .kind = MESSAGE_REPORT,
        .id = SAMPLE_REPORT,
        .topic = rehearsal->report_topic,
        .key = "",
        .payload = { keeper->outbox.report_bytes, report_len },
    };
    rehearsal->event = (struct message){
        .kind = MESSAGE_EVENT,
        .id = SAMPLE_EVENT,
        .topic = rehearsal->event_topic,
        .key = "",
        .payload = { keeper->will, event_len },
    };
    return true;
}

static void on_tick(struct watcher *watcher, enum loop_event event)
{
    (void)watcher; /* only to end the loop's waiting */
    (void)event;
}

static bool open_line(struct rehearsal *rehearsal, const struct settings *settings)
{
    struct keeper *keeper = rehearsal->keeper;
    const struct uplink_words words = {
        .status_topic = keeper->status_topic,
        .command_topic = keeper->command_topic,
        .will = keeper->will,
        .client_id = keeper->client_id,
        .passing = true,
    };
    const struct uplink_calls calls = { on_online,  on_offline, on_delivered,
                                        on_refused, on_command, rehearsal };
    int64_t now_ms = port_now_ms();
    keeper->ticker = (struct watcher){
        .descriptor = -1,
        .deadline_ms = now_ms + PATIENCE_MS,
        .call = on_tick,
    };
    loop_begin(&keeper->loop);
    if (!loop_watch(&keeper->loop, &keeper->ticker))
        return false;
    keeper->uplink = uplink_open(&keeper->loop, settings, &words, &calls, now_ms);
    return keeper->uplink != NULL;
}

int rehearsal_run(struct keeper *keeper)
{
    static struct rehearsal rehearsal;
    const struct settings *settings = keeper_settings(keeper);
    rehearsal.keeper = keeper;
    if (settings->broker[0] == '\0' || settings->account_count == 0) {
        log_error("config", "a sample needs a broker and an account");
        return EXITS_CONFIG;
    }
    if (!address(&rehearsal, settings) || !compose(&rehearsal, settings) ||
        !open_line(&rehearsal, settings)) {
        log_error("agent", "no memory for a sample");
        return EXITS_SYSTEM;
    }
    while (!rehearsal.ended && uplink_state(keeper->uplink) != UPLINK_OFF &&
           keeper->ticker.deadline_ms != LOOP_NEVER && loop_turn(&keeper->loop))
        continue;
    uplink_close(keeper->uplink);
    if (rehearsal.delivered)
        return EXITS_DONE;
    log_error("mqtt", "the sample was not delivered");
    return EXITS_NO_BROKER;
}
