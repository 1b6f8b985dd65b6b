/* SPDX-License-Identifier: MIT */
#include "keeper_parts.h"
#include "log.h"

#define STATUS_PERIOD_MS 600000
#define LEAVE_MS         1600

/* ---- status ---- */

static struct status_facts facts_of(const struct keeper *keeper, enum agent_state state)
{
    struct status_facts facts = {
        .state = state,
        .started_wall_ms = keeper->started_wall_ms,
        .boots = journal_boots(keeper->journal),
        .paused = keeper->schedule.paused,
        .clock_trusted = keeper->schedule.clock_trusted,
        .accounts = keeper_settings(keeper)->account_count,
        .journal = journal_health(keeper->journal),
        .waiting = journal_count(keeper->journal),
        .mqtt_version = uplink_mqtt_version(keeper->uplink),
        .settings_trouble = keeper->settings_trouble,
    };
    if (state == AGENT_ONLINE && !keeper->orders->once)
        facts.next_due_wall_ms = keeper_wall_ms(schedule_next_ms(&keeper->schedule));
    facts.trouble = uplink_trouble(keeper->uplink, &facts.trouble_words);
    if (facts.trouble == UPLINK_FINE) { /* nothing since it came online: what was before */
        facts.trouble = keeper->trouble;
        facts.trouble_words = keeper->trouble_words;
    }
    facts.skipped_count = journal_skipped(keeper->journal, &facts.skipped_first);
    return facts;
}

/* What a dashboard should hear of at once; the rest is told with the next status. */
static bool is_news(const struct status_facts *told, const struct status_facts *facts)
{
    return told->paused != facts->paused || told->clock_trusted != facts->clock_trusted ||
           told->accounts != facts->accounts || told->journal != facts->journal ||
           told->trouble != facts->trouble;
}

static const struct message *compose_status(struct keeper *keeper, const struct status_facts *facts)
{
    size_t len;
    struct payload_head head = outbox_head(&keeper->outbox);
    if (payload_status(&head, facts, keeper->text, sizeof keeper->text, &len))
        return outbox_status(&keeper->outbox, head.seq, (struct slice){ keeper->text, len });
    log_error("mqtt", "no memory for a status");
    outbox_give_up(&keeper->outbox, MESSAGE_STATUS);
    return NULL;
}

void keeper_show_status(struct keeper *keeper, int64_t now_ms)
{
    if (!outbox_wants_status(&keeper->outbox))
        return;
    const struct status_facts facts = facts_of(keeper, AGENT_ONLINE);
    if (now_ms < keeper->status_due_ms && !is_news(&keeper->told, &facts))
        return;
    (void)compose_status(keeper, &facts); /* one that fails is told in the log */
    keeper->told = facts;
    keeper->status_due_ms = now_ms + STATUS_PERIOD_MS;
}

/* ---- what the uplink tells ---- */

static void on_online(void *owner, bool session_present)
{
    struct keeper *keeper = owner;
    (void)session_present; /* what was not acknowledged is handed over again in either case */
    outbox_online(&keeper->outbox);
    keeper->status_due_ms = 0;
}

static void on_offline(void *owner, enum uplink_trouble trouble, const char *words)
{
    struct keeper *keeper = owner;
    keeper->trouble = trouble;
    text_put(keeper->trouble_words, sizeof keeper->trouble_words, slice_of(words));
    outbox_offline(&keeper->outbox);
}

static void on_delivered(void *owner, uint64_t id)
{
    struct keeper *keeper = owner;
    outbox_delivered(&keeper->outbox, id);
}

static void on_refused(void *owner, uint64_t id, enum uplink_refusal why, const char *words)
{
    struct keeper *keeper = owner;
    outbox_refused(&keeper->outbox, id, why, words);
}

/* ---- open and close ---- */

/* A support request has the longest topic of an account. */
static bool has_topics(const struct settings *settings)
{
    char topic[TOPIC_MAX];
    for (size_t i = 0; i < settings->account_count; i++) {
        const char *account = settings->accounts[i].address;
        if (message_topic(MESSAGE_SUPPORT, settings->topic_root, settings->gateway, account, topic))
            continue;
        log_error("mqtt", "topic_root, gateway and %s make too long a topic", account);
        return false;
    }
    return true;
}

static bool make_words(struct keeper *keeper)
{
    const struct settings *settings = keeper_settings(keeper);
    struct text client;
    size_t len;
    text_begin(&client, keeper->client_id, sizeof keeper->client_id);
    text_add_format(&client, "gatepost-%s", settings->gateway);
    keeper->words = (struct uplink_words){
        .status_topic = keeper->status_topic,
        .command_topic = keeper->command_topic,
        .will = keeper->will,
        .client_id = keeper->client_id,
    };
    return !client.overflow &&
           message_topic(MESSAGE_STATUS, settings->topic_root, settings->gateway, "",
                         keeper->status_topic) &&
           message_command_topic(settings->topic_root, settings->gateway, keeper->command_topic) &&
           payload_will(settings->gateway, journal_boots(keeper->journal), keeper->started_wall_ms,
                        keeper->will, sizeof keeper->will, &len);
}

/* Ids and what is kept go on where they were, whatever the settings say now. */
static void open_outbox(struct keeper *keeper)
{
    const struct settings *settings = keeper_settings(keeper);
    bool has_broker = settings->broker[0] != '\0';
    if (has_broker && keeper->journal == NULL)
        keeper->journal = journal_open(keeper->state, (size_t)settings->journal_bytes);
    outbox_begin(&keeper->outbox, has_broker ? keeper->journal : NULL, settings->topic_root,
                 settings->gateway);
}

bool keeper_open_line(struct keeper *keeper, int64_t first_ms)
{
    const struct settings *settings = keeper_settings(keeper);
    open_outbox(keeper);
    if (settings->broker[0] == '\0') {
        log_info("mqtt", "no broker is configured: changes are told here");
        return true;
    }
    keeper->calls = (struct uplink_calls){
        .online = on_online,
        .offline = on_offline,
        .delivered = on_delivered,
        .refused = on_refused,
        .command = fleet_command,
        .owner = keeper,
    };
    if (!make_words(keeper)) {
        log_error("mqtt", "topic_root and gateway are too long together");
        return false;
    }
    if (!has_topics(settings))
        return false;
    keeper->uplink = uplink_open(&keeper->loop, settings, &keeper->words, &keeper->calls, first_ms);
    keeper->outbox.uplink = keeper->uplink;
    return keeper->uplink != NULL;
}

static void leave(struct keeper *keeper, enum agent_state state)
{
    const struct status_facts facts = facts_of(keeper, state);
    const struct message *status = compose_status(keeper, &facts);
    if (status == NULL)
        return;
    uplink_leave(keeper->uplink, status);
    keeper->ticker.deadline_ms = port_now_ms() + LEAVE_MS;
    while (uplink_state(keeper->uplink) != UPLINK_OFF && keeper->ticker.deadline_ms != LOOP_NEVER)
        if (!loop_turn(&keeper->loop))
            break;
}

void keeper_close_line(struct keeper *keeper, enum agent_state state)
{
    if (keeper->uplink == NULL)
        return;
    if (uplink_state(keeper->uplink) == UPLINK_ONLINE)
        leave(keeper, state);
    uplink_close(keeper->uplink);
    keeper->uplink = keeper->outbox.uplink = NULL;
}
