/* SPDX-License-Identifier: MIT */
/* Waiting for the test mails in INBOX and Junk by IMAP: find by the run's mark, prove ours by the
   token, note, remove. Nothing that is not proved ours is changed; messages are fetched with PEEK,
   so that not even a foreign one's \Seen flag is. */
#include "parts.h"

#include "../stamp.h"

#define FIRST_LOOK_MS 100
#define LAST_LOOK_MS  10000

enum phase {
    WATCH_BEGIN,
    WATCH_WAIT,
    WATCH_SEARCHED,
    WATCH_FETCHED,
    WATCH_READ,
    WATCH_REPORTED,
    WATCH_REMOVED,
    WATCH_SETTLED,
};

static struct parcel *parcel_of(const struct lane *lane, enum direction direction)
{
    return &lane->suite->parcels[direction];
}

static enum check check_of(enum direction direction)
{
    return direction == PARCEL_OUT ? MAIL_SEND : MAIL_RECEIVE;
}

/* ---- what is learned ---- */

/* Whose is it? It was found by this run's mark: so a delivery report (RFC 3464) that has it is
 * about our mail. */
static void keep_kind(struct lane *lane)
{
    struct notebook *notebook = &lane->notebook;
    struct slice whole = lane->dialogue.reply.whole;
    notebook->kind = MAIL_FOREIGN;
    for (enum direction direction = PARCEL_OUT; direction < PARCELS; direction++) {
        const struct parcel *parcel = parcel_of(lane, direction);
        if (parcel_is_ours(parcel, whole))
            notebook->kind = MAIL_OURS;
        else if (parcel_is_answered(parcel, whole))
            notebook->kind = MAIL_ANSWER;
        else
            continue;
        notebook->direction = direction;
        break;
    }
    if (notebook->kind == MAIL_OURS)
        keep_selector(lane, whole);
    if (notebook->kind != MAIL_OURS && slice_has_nocase(whole, "multipart/report")) {
        notebook->kind = MAIL_REPORT;
        notebook->direction = PARCEL_OUT; /* the incoming one has no return path */
    }
}

/* A reply of a server begins with its code; what a server says of itself has only the status beside
 * it. */
static bool has_reply_code(struct slice words)
{
    uint64_t code = 0;
    return words.len > 3 && slice_number((struct slice){ words.at, 3 }, 599, &code) && code >= 200;
}

/* Why it came back: the diagnostic code without its type, and the status (RFC 3464 section 2.3.4
 * and 2.3.6). */
static void keep_report(struct lane *lane)
{
    struct slice rest = lane->dialogue.reply.whole, line, type, status = SLICE(""),
                 words = SLICE("");
    while (slice_line(&rest, &line)) {
        if (slice_starts_nocase(line, "Status:"))
            status = slice_trim(slice_from(line, sizeof "Status:" - 1));
        if (!slice_starts_nocase(line, "Diagnostic-Code:"))
            continue;
        words = slice_from(line, sizeof "Diagnostic-Code:" - 1);
        (void)slice_cut(&words, ';', &type); /* "smtp" */
        words = slice_trim(words);
    }
    struct text report;
    text_begin(&report, lane->notebook.report, sizeof lane->notebook.report);
    if (!has_reply_code(words))
        text_add_format(&report, "%.*s%s", SLICE_ARG(status), words.len > 0 ? " " : "");
    words.len = words.len < 160 ? words.len : 160;
    text_add(&report, words);
}

/* ---- scripts ---- */

/* clang-format off */
static const struct meaning mailbox_refusals[] = {
    { "BAD *authenticated but not connected*", LOGIN_MAILBOX_UNREACHABLE },
    { NULL,                                    NO_FINDING },
};
static const struct step list_folders[] = {
    SAY    ("LIST \"\" \"%\""),
    HEAR_AT(STAGE_DATA, "OK", mailbox_refusals, SERVICE_UNEXPECTED),
    LEARN  (find_junk),
    END
};
static const struct step look[] = {
    SAY    ("SELECT \"{folder}\""),
    HEAR_AT(STAGE_DATA, "OK", mailbox_refusals, SERVICE_UNEXPECTED),
    SAY    ("UID SEARCH SINCE {since} TEXT {token}"),
    HEAR   ("OK",                 SERVICE_UNEXPECTED),
    LEARN  (keep_hits),
    END
};
static const struct step fetch_header[] = {
    SAY    ("UID FETCH {uid} BODY.PEEK[HEADER]<0.16384>"),
    HEAR   ("OK",                 SERVICE_UNEXPECTED),
    LEARN  (keep_kind),
    END
};
static const struct step fetch_report[] = {
    SAY    ("UID FETCH {uid} BODY.PEEK[2]<0.4096>"),
    HEAR   ("OK",                 SERVICE_UNEXPECTED),
    LEARN  (keep_report),
    END
};
/* clang-format on */

/* ---- what became of a mail ---- */

static bool watches(const struct lane *lane, enum direction direction)
{
    if (lane->service == SERVICE_PEER_IMAP)
        return direction == PARCEL_OUT;
    return true;
}

static bool is_open(const struct parcel *parcel)
{
    return parcel->state == PARCEL_EXPECTED || parcel->state == PARCEL_SENT;
}

static void note_arrival(struct lane *lane, enum direction direction)
{
    struct parcel *parcel = parcel_of(lane, direction);
    struct ledger *ledger = &lane->suite->run->ledger;
    enum check check = check_of(direction);
    if (parcel->state != PARCEL_SENT)
        return; /* a second copy */
    parcel->state = PARCEL_ARRIVED;
    parcel->arrived_ms = port_now_ms();
    int64_t took_ms = parcel->arrived_ms - parcel->sent_ms;
    const char *folder = lane->notebook.in_junk ? lane->notebook.junk : "INBOX";
    ledger_fact(ledger, check, "seconds", "%lld.%01lld", (long long)(took_ms / 1000),
                (long long)(took_ms / 100 % 10));
    ledger_fact(ledger, check, "folder", "%s", folder);
    ledger_ok(ledger, check);
    if (took_ms > lane->suite->order->account->late_s * 1000)
        (void)lane_raise_for(lane, MAIL_LATE, check,
                             SLICE("")); /* a full ledger counts what it dropped */
    struct raised *raised = NULL;
    if (lane->notebook.in_junk)
        raised = lane_raise_for(lane, MAIL_IN_JUNK, check, slice_of(folder));
    if (raised != NULL)
        raised->params.value[PARAM_FOLDER] = text_copy_string(lane->suite->arena, folder);
}

/* An echo's answer proves the way out; and the way in, where nothing else could be sent on it. */
static void note_answer(struct lane *lane)
{
    struct parcel *in = parcel_of(lane, PARCEL_IN), *out = parcel_of(lane, PARCEL_OUT);
    note_arrival(lane, PARCEL_OUT);
    if (in->state == PARCEL_NONE) {
        in->state = PARCEL_SENT;
        in->sent_ms = out->sent_ms;
        note_arrival(lane, PARCEL_IN);
    }
}

static void note_bounce(struct lane *lane)
{
    struct parcel *parcel = parcel_of(lane, PARCEL_OUT);
    struct slice said = slice_of(lane->notebook.report);
    if (parcel->state != PARCEL_SENT)
        return;
    parcel->state = PARCEL_BOUNCED;
    (void)lane_raise_for(lane, bounce_means(lane->dialogue.profile, said), MAIL_SEND,
                         said); /* see note_arrival */
}

static void give_up(struct lane *lane, enum direction direction)
{
    struct parcel *parcel = parcel_of(lane, direction);
    int64_t patience_ms = lane->suite->order->account->patience_s * 1000;
    if (parcel->state != PARCEL_SENT || port_now_ms() < parcel->sent_ms + patience_ms)
        return;
    parcel->state = PARCEL_LOST;
    struct raised *raised =
        lane_raise_for(lane, direction == PARCEL_OUT ? MAIL_NOT_SENT : MAIL_NOT_RECEIVED,
                       check_of(direction), SLICE(""));
    if (raised != NULL)
        raised->params.value[PARAM_MINUTES] =
            text_format(lane->suite->arena, "%lld", (long long)(patience_ms / 60000));
}

/* ---- the way through ---- */

static const struct step *look_in(struct lane *lane, bool junk)
{
    lane->notebook.in_junk = junk;
    lane->dialogue.hole[HOLE_FOLDER] = junk ? lane->notebook.junk : "INBOX";
    lane->notebook.phase = WATCH_SEARCHED;
    return look;
}

static const struct step *settle(struct lane *lane)
{
    lane->notebook.phase = WATCH_SETTLED;
    return sweep_choose(lane);
}

static bool any_is_open(const struct lane *lane)
{
    for (enum direction direction = PARCEL_OUT; direction < PARCELS; direction++)
        if (watches(lane, direction) && is_open(parcel_of(lane, direction)))
            return true;
    return false;
}

static const struct step *wait_or_look(struct lane *lane)
{
    bool any_sent = false;
    for (enum direction direction = PARCEL_OUT; direction < PARCELS; direction++) {
        if (!watches(lane, direction))
            continue;
        give_up(lane, direction);
        any_sent = any_sent || parcel_of(lane, direction)->state == PARCEL_SENT;
    }
    if (any_sent) {
        lane->notebook.looked_ms = port_now_ms();
        return look_in(lane, false);
    }
    if (any_is_open(lane)) {
        lane->wake_ms = LOOP_NEVER;
        return NULL;
    }
    return settle(lane);
}

/* A look may take longer than the pause: a long way to the server is pause enough. */
static const struct step *rest(struct lane *lane)
{
    struct notebook *notebook = &lane->notebook;
    int64_t again_ms = notebook->looked_ms + notebook->look_again_ms;
    notebook->phase = WATCH_WAIT;
    notebook->look_again_ms =
        notebook->look_again_ms * 2 < LAST_LOOK_MS ? notebook->look_again_ms * 2 : LAST_LOOK_MS;
    if (again_ms <= port_now_ms())
        return wait_or_look(lane);
    lane->wake_ms = again_ms;
    return NULL;
}

static const struct step *next_hit(struct lane *lane)
{
    struct notebook *notebook = &lane->notebook;
    if (mailbox_next_hit(lane)) {
        notebook->phase = WATCH_FETCHED;
        return fetch_header;
    }
    if (!any_is_open(lane))
        return settle(lane);
    if (!notebook->in_junk && notebook->junk[0] != '\0')
        return look_in(lane, true);
    return rest(lane);
}

static const struct step *remove_it(struct lane *lane)
{
    lane->notebook.phase = WATCH_REMOVED;
    return mailbox_removal(lane);
}

/* A second copy tells nothing that the first has not told. */
static const struct step *take_in(struct lane *lane)
{
    bool first = parcel_of(lane, lane->notebook.direction)->state == PARCEL_SENT;
    note_arrival(lane, lane->notebook.direction);
    if (!first || !delivered_tell(lane))
        return remove_it(lane);
    lane->notebook.phase = WATCH_READ;
    return fetch_whole;
}

static const struct step *after_fetch(struct lane *lane)
{
    switch (lane->notebook.kind) {
    case MAIL_FOREIGN:
        break;
    case MAIL_OURS:
        return take_in(lane);
    case MAIL_ANSWER:
        note_answer(lane);
        return remove_it(lane);
    case MAIL_REPORT:
        lane->notebook.phase = WATCH_REPORTED;
        return fetch_report;
    }
    return next_hit(lane);
}

static const struct step *begin(struct lane *lane)
{
    char day[STAMP_MAX];
    stamp_imap_day(port_wall_ms() - INT64_C(86400000),
                   day); /* servers compare with their own day */
    text_put_string(lane->notebook.since, sizeof lane->notebook.since, day);
    lane->dialogue.hole[HOLE_SINCE] = lane->notebook.since;
    lane->notebook.look_again_ms = FIRST_LOOK_MS;
    lane->notebook.phase = WATCH_WAIT;
    return list_folders;
}

static const struct step *choose_watch(struct lane *lane)
{
    switch ((enum phase)lane->notebook.phase) {
    case WATCH_BEGIN:
        return begin(lane);
    case WATCH_WAIT:
        return wait_or_look(lane);
    case WATCH_SEARCHED:
        return next_hit(lane);
    case WATCH_FETCHED:
        return after_fetch(lane);
    case WATCH_READ:
        return remove_it(lane);
    case WATCH_REPORTED:
        note_bounce(lane);
        return remove_it(lane);
    case WATCH_REMOVED:
        return next_hit(lane);
    case WATCH_SETTLED:
        return sweep_choose(lane);
    }
    return NULL;
}

#define WATCH_SCRIPTS                                                                              \
    list_folders, look, fetch_header, fetch_whole, fetch_report, remove_by_uid, mark_removed,      \
        sweep_search, sweep_fetch

const struct part part_imap_watch = { choose_watch, NULL, sweep_recover, SCRIPTS(WATCH_SCRIPTS) };
const struct part part_peer_watch = { choose_watch, NULL, sweep_recover, SCRIPTS(WATCH_SCRIPTS) };
