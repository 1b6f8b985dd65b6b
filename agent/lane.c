/* SPDX-License-Identifier: MIT */
#include "lane.h"

#include "credentials.h"
#include "logins.h"
#include "suite.h"

#include <string.h>

/* What is said before hanging up, for servers that write it down when a client does not. */
static const struct step smtp_farewell[] = { SAY("QUIT"), HEAR("221", NO_FINDING), END };
static const struct step imap_farewell[] = { SAY("LOGOUT"), HEAR("", NO_FINDING), END };
static const struct step pop_farewell[] = { SAY("QUIT"), HEAR("", NO_FINDING), END };

static const struct step *farewell(enum dialect dialect)
{
    switch (dialect) {
    case DIALECT_SMTP:
        return smtp_farewell;
    case DIALECT_IMAP:
        return imap_farewell;
    case DIALECT_POP:
        return pop_farewell;
    case DIALECT_HTTP:
    case DIALECT_NONE:
        break;
    }
    return NULL;
}

enum check lane_check(const struct lane *lane)
{
    return lane->act < ACT_COUNT ? act_row(lane->act)->check : CHECK_COUNT;
}

static bool is_peer(const struct lane *lane)
{
    return lane->service == SERVICE_PEER_IMAP || lane->service == SERVICE_PEER_SUBMISSION;
}

/* "ex4.mail.ovh.net [192.0.2.7]:587", as soon as that is known. */
static void name_peer(struct lane *lane)
{
    struct text peer;
    char address[ADDRESS_TEXT_MAX];
    if (lane->peer[0] != '\0' || !lane->dialogue.located)
        return;
    port_address_text(&lane->dialogue.address, address);
    text_begin(&peer, lane->peer, sizeof lane->peer);
    text_add_format(&peer, "%s [%s]:%u", lane->endpoint.host, address,
                    (unsigned)lane->endpoint.port);
}

/* The check's entry names the first peer that was talked to. */
static void name_entry(struct lane *lane, struct entry *entry)
{
    if (entry->peer[0] != '\0' || lane->peer[0] == '\0')
        return;
    const char *peer = text_copy(lane->suite->arena, slice_of(lane->peer));
    entry->peer = peer == NULL ? "" : peer;
    entry->family = lane->family;
}

/* ---- findings ---- */

static void fill_params(struct lane *lane, struct raised *raised)
{
    struct suite *suite = lane->suite;
    const char **value = raised->params.value;
    value[PARAM_ADDRESS] = suite->order->account->address;
    value[PARAM_DOMAIN] = suite->domain;
    value[PARAM_SERVICE] = service_row(lane->service)->title[LANGUAGE_EN];
    value[PARAM_SAID] = raised->evidence.said;
    if (lane->service == SERVICE_DNS)
        return;
    value[PARAM_HOST] = lane->endpoint.host;
    value[PARAM_PORT] = text_format(suite->arena, "%u", (unsigned)lane->endpoint.port);
    value[PARAM_FAMILY] = lane->family == FAMILY_V4 ? "IPv4" : "IPv6";
    const struct certificate *certificate = &lane->dialogue.wire.certificate;
    if (certificate->not_after_ms == 0)
        return;
    value[PARAM_DAYS] = text_format(suite->arena, "%d", certificate->days_left);
    value[PARAM_ISSUER] = text_copy(suite->arena, slice_of(certificate->issuer));
}

struct raised *lane_raise_for(struct lane *lane, enum finding finding, enum check check,
                              struct slice said)
{
    struct suite *suite = lane->suite;
    char step[64];
    name_peer(lane);
    step_text(lane->dialogue.step, step, sizeof step);
    if (lane->dialogue.step->kind == STEP_END)
        step[0] = '\0'; /* concluded between two scripts */
    if (finding_row(finding)->status != STATUS_WARNING && check == lane_check(lane))
        lane->spoilt = true;
    struct raised *raised = ledger_raise(&suite->run->ledger, finding, check, lane->service, step,
                                         lane->peer, lane->family, said);
    if (raised == NULL || raised->params.value[PARAM_ADDRESS] != NULL)
        return raised;
    fill_params(lane, raised);
    if (lane->act < ACT_COUNT && act_row(lane->act)->part->dress != NULL)
        act_row(lane->act)->part->dress(lane, raised);
    return raised;
}

struct raised *lane_raise(struct lane *lane, enum finding finding)
{
    return lane_raise_for(lane, finding, lane_check(lane), dialogue_said(&lane->dialogue));
}

static void on_note(struct lane *lane, enum finding finding)
{
    (void)lane_raise(lane, finding); /* a full ledger counts what it dropped */
}

/* ---- beginning ---- */

static void on_event(struct watcher *watcher, enum loop_event event)
{
    (void)event; /* either way: go on and see */
    OWNER_OF(watcher, struct lane, watcher)->ready = true;
}

static enum act next_act(const struct lane *lane, unsigned from)
{
    enum act act = (enum act)from;
    while (act < ACT_COUNT && act_row(act)->service != lane->service)
        act++;
    return act;
}

void lane_begin(struct lane *lane, struct suite *suite, enum service service,
                struct endpoint endpoint, enum family family, size_t rank)
{
    struct dialogue *dialogue = &lane->dialogue;
    memset(lane, 0, offsetof(struct lane, notebook) + offsetof(struct notebook, path));
    memset(dialogue, 0, offsetof(struct dialogue, out));
    lane->notebook.path[0] = lane->notebook.cookies[0] = '\0';
    lane->suite = suite;
    lane->service = service;
    lane->endpoint = endpoint;
    lane->family = family;
    lane->rank = rank;
    lane->act = next_act(lane, 0);
    lane->ready = true;
    lane->since_ms = port_now_ms();
    lane->watcher =
        (struct watcher){ .descriptor = -1, .deadline_ms = LOOP_NEVER, .call = on_event };
    dialogue_begin(dialogue);
    dialogue->lane = lane;
    dialogue->note = on_note;
    dialogue->service = service;
    dialogue->dialect = service_row(service)->dialect;
    dialogue->profile = suite->order->profile;
    dialogue->trust = &suite->trust;
    dialogue->lookups = &suite->lookups;
    dialogue->timepiece = &suite->ground.timepiece;
    dialogue->host = endpoint.host;
    dialogue->address.family = family;
    dialogue->address.port = endpoint.port;
    dialogue->hole[HOLE_HELO] = suite->helo;
    dialogue->hole[HOLE_ADDRESS] = suite->order->account->address;
    dialogue->hole[HOLE_DOMAIN] = suite->domain;
    dialogue->hole[HOLE_HOST] = endpoint.host;
    dialogue->hole[HOLE_TOKEN] = suite->mark;
    credentials_lend(lane);
    if (!loop_watch(suite->loop, &lane->watcher))
        lane->state = LANE_OVER;
}

/* ---- one act after the other ---- */

static void close_lane(struct lane *lane)
{
    dialogue_end(&lane->dialogue);
    loop_forget(lane->suite->loop, &lane->watcher);
    lane->watcher.descriptor = -1;
    lane->state = LANE_OVER;
}

static void leave(struct lane *lane)
{
    const struct step *words = farewell(lane->dialogue.dialect);
    lane->act = ACT_COUNT;
    if (words == NULL || !lane->dialogue.on_the_wire || !lane->dialogue.heard_any ||
        lane->dialogue.expects_reply) {
        close_lane(lane);
        return;
    }
    lane->state = LANE_LEAVING;
    dialogue_play(&lane->dialogue, words);
}

/* A login act of the second mailbox is budgeted as the login that it is. */
static enum check budgeted_check(const struct lane *lane)
{
    if (lane->service == SERVICE_PEER_IMAP)
        return IMAP_LOGIN;
    return lane->service == SERVICE_PEER_SUBMISSION ? SUBMISSION_LOGIN : lane_check(lane);
}

static void settle_budget(struct lane *lane, bool passed, enum finding finding)
{
    struct budget *budget = is_peer(lane) ? &lane->suite->peer_budget : &lane->suite->budget;
    enum check check = budgeted_check(lane);
    if (act_row(lane->act)->speaks != SPEAKS_LOGIN || login_of(check) == NULL)
        return; /* the provider's own diagnostic is given the secret, and does not judge it */
    enum login_outcome outcome = passed ? LOGIN_OUTCOME_ACCEPTED : login_outcome(finding);
    if (!lane->dialogue.spoke_secret)
        outcome = LOGIN_OUTCOME_NONE;
    char said[BUDGET_SAID_MAX];
    text_put(said, sizeof said, dialogue_said(&lane->dialogue));
    switch (outcome) {
    case LOGIN_OUTCOME_REFUSED:
        budget_refused(budget, check, finding, said);
        break;
    case LOGIN_OUTCOME_ACCEPTED:
        budget_accepted(budget, check);
        break;
    case LOGIN_OUTCOME_NONE:
        budget_no_answer(budget, check);
        break;
    }
}

static void end_act(struct lane *lane, bool passed, enum finding finding)
{
    struct entry *entry = &lane->suite->run->ledger.checks[lane_check(lane)];
    settle_budget(lane, passed, finding);
    entry->untried = act_row(lane->act)->speaks != SPEAKS_NO_SECRET && !lane->dialogue.spoke_secret;
    name_entry(lane, entry);
    lane->ended |= CHECK_BIT(lane_check(lane));
    if (passed)
        lane->passed |= CHECK_BIT(lane_check(lane));
    if (passed && check_row(lane_check(lane))->cost !=
                      COST_LOOP) /* a mail that was sent has not arrived yet */
        ledger_ok(&lane->suite->run->ledger, lane_check(lane));
    if (entry->status !=
        STATUS_SKIPPED) /* a part was played for another check: it is not this one's time */
        entry->ended_ms = port_now_ms();
    lane->act = next_act(lane, (unsigned)lane->act + 1);
    lane->begun = lane->spoilt = false;
    lane->notebook.round = lane->notebook.phase = 0;
    lane->wake_ms = 0;
    lane->state = LANE_WAITING;
}

static void begin_act(struct lane *lane)
{
    struct entry *entry = &lane->suite->run->ledger.checks[lane_check(lane)];
    if (entry->started_ms == 0)
        entry->started_ms = port_now_ms();
    lane->begun = true;
    lane->dialogue.spoke_secret = false;
    lane->since_ms = port_now_ms();
}

/* The chooser says what comes next; nothing more ends the act. */
static void choose(struct lane *lane)
{
    const struct step *script = act_row(lane->act)->part->choose(lane);
    lane->notebook.round++;
    if (script == NULL && lane->wake_ms > port_now_ms())
        return; /* it wants to look again later */
    if (script == NULL) {
        end_act(lane, !lane->spoilt, NO_FINDING);
        return;
    }
    dialogue_play(&lane->dialogue, script);
    lane->state = LANE_PLAYING;
}

/* True when it went on; false when it has to wait. */
static bool wait_turn(struct lane *lane)
{
    if (lane->act == ACT_COUNT) {
        leave(lane);
        return true;
    }
    if (lane->wake_ms > port_now_ms() && lane->wake_ms != LOOP_NEVER)
        return false;
    lane->wake_ms = 0;
    if (!lane->begun) {
        switch (suite_gate(lane->suite, lane, lane->act)) {
        case GATE_WAIT:
            return false;
        case GATE_PASS_BY:
            lane->act = next_act(lane, (unsigned)lane->act + 1);
            lane->spoilt = false; /* what the gate recorded is not this connection's doing */
            return true;
        case GATE_GO:
            break;
        }
        begin_act(lane);
    }
    choose(lane);
    return lane->wake_ms == 0;
}

/* An HTTP exchange stands for itself; a mail session that went wrong is left in order. */
static void fail_act(struct lane *lane)
{
    enum finding finding = lane->dialogue.finding;
    recover_fn *recover = act_row(lane->act)->part->recover;
    if (recover != NULL && recover(lane, finding)) {
        lane->state = LANE_WAITING;
        return;
    }
    lane->no_address = finding == DNS_HOST_MISSING;
    bool closed_in_order = lane->dialogue.reply.closes && lane->dialogue.wire.trouble == WIRE_FINE;
    bool goes_on = lane->dialogue.dialect == DIALECT_HTTP && lane->dialogue.heard_any &&
                   (lane->dialogue.on_the_wire || closed_in_order);
    if (finding != NO_FINDING &&
        !lane->no_address) /* of one family only: the suite says whether that is a fault */
        (void)lane_raise(lane, is_peer(lane) ? PEER_UNUSABLE
                                             : finding); /* a full ledger counts what it dropped */
    end_act(lane, false, finding);
    if (!goes_on)
        leave(lane);
}

static bool play(struct lane *lane)
{
    enum io io = dialogue_advance(&lane->dialogue);
    name_peer(lane);
    if (io == IO_READ || io == IO_WRITE)
        return false;
    if (lane->state == LANE_LEAVING)
        close_lane(lane);
    else if (io == IO_FAILED)
        fail_act(lane);
    else
        lane->state = LANE_WAITING; /* for its own next script */
    return true;
}

/* Tells the loop what this lane waits for. */
static void watch(struct lane *lane)
{
    struct watcher *watcher = &lane->watcher;
    bool playing = lane->state == LANE_PLAYING || lane->state == LANE_LEAVING;
    watcher->descriptor = playing ? dialogue_descriptor(&lane->dialogue) : -1;
    watcher->want_write = playing && lane->dialogue.waits_to_write;
    watcher->want_read = playing && !lane->dialogue.waits_to_write;
    watcher->deadline_ms = LOOP_NEVER;
    if (playing && lane->dialogue.deadline_ms > 0)
        watcher->deadline_ms = lane->dialogue.deadline_ms;
    else if (lane->wake_ms > 0)
        watcher->deadline_ms = lane->wake_ms;
}

bool lane_advance(struct lane *lane)
{
    bool changed = false;
    lane->ready = false;
    while (lane->state != LANE_OVER) {
        bool on = lane->state == LANE_WAITING ? wait_turn(lane) : play(lane);
        if (!on)
            break;
        changed = true;
    }
    if (lane->state != LANE_OVER)
        watch(lane);
    return changed;
}

void lane_abandon(struct lane *lane, enum reason reason)
{
    if (lane->state == LANE_OVER)
        return;
    if (lane->act < ACT_COUNT) {
        ledger_unknown(&lane->suite->run->ledger, lane_check(lane), reason);
        if (lane->begun)
            end_act(lane, false, NO_FINDING);
    }
    close_lane(lane);
}
