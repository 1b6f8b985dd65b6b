/* SPDX-License-Identifier: MIT */
/* Test mails that earlier runs left in a mailbox: they came when nobody waited for them any more,
   or the run was ended before it could remove them. Once a week, after this run's own mails are
   settled, INBOX and Junk are searched for what is older than a day, and what proves to be a test
   mail is removed: at most LANE_HITS_MAX of each folder. */
#include "parts.h"

#include "../rota.h"
#include "../stamp.h"

#define DAY_MS     INT64_C(86400000)
#define OLDEST_DAY 31 /* what is older than that many days, a person has seen */

enum sweep {
    SWEEP_BEGIN,
    SWEEP_SEARCHED,
    SWEEP_FETCHED,
    SWEEP_REMOVED,
    SWEEP_OVER,
};

static void keep_whether_ours(struct lane *lane)
{
    bool ours = parcel_is_one(lane->dialogue.reply.whole);
    lane->notebook.kind = ours ? MAIL_OURS : MAIL_FOREIGN;
}

/* clang-format off */
const struct step sweep_search[] = {
    SAY    ("SELECT \"{folder}\""),
    HEAR   ("OK",                 SERVICE_UNEXPECTED),
    SAY    ("UID SEARCH UNDELETED SINCE {since} BEFORE {before} SUBJECT \"gatepost test\""),
    HEAR   ("OK",                 SERVICE_UNEXPECTED),
    LEARN  (keep_hits),
    END
};
const struct step sweep_fetch[] = {
    SAY    ("UID FETCH {uid} BODY.PEEK[HEADER]<0.16384>"),
    HEAR   ("OK",                 SERVICE_UNEXPECTED),
    LEARN  (keep_whether_ours),
    END
};
/* clang-format on */

static bool is_due(const struct lane *lane)
{
    const struct suite *suite = lane->suite;
    const struct account_settings *account = suite->order->account;
    const char *directory = settings_state_directory(suite->order->settings, suite->arena);
    const char *address =
        lane->service == SERVICE_PEER_IMAP ? account->peer_address : account->address;
    return directory != NULL && suite->run->clock_trusted &&
           rota_is_due(directory, address, port_wall_ms());
}

static const struct step *search_in(struct lane *lane, bool junk)
{
    lane->notebook.in_junk = junk;
    lane->dialogue.hole[HOLE_FOLDER] = junk ? lane->notebook.junk : "INBOX";
    lane->notebook.sweep = SWEEP_SEARCHED;
    return sweep_search;
}

/* By the server's own day, which may be another than ours: so it is one to two days. */
static const struct step *begin(struct lane *lane)
{
    struct notebook *notebook = &lane->notebook;
    char day[STAMP_MAX];
    if (!is_due(lane))
        return NULL;
    stamp_imap_day(port_wall_ms() - OLDEST_DAY * DAY_MS, day);
    text_put_string(notebook->since, sizeof notebook->since, day);
    stamp_imap_day(port_wall_ms() - DAY_MS, day);
    text_put_string(notebook->before, sizeof notebook->before, day);
    lane->dialogue.hole[HOLE_SINCE] = notebook->since;
    lane->dialogue.hole[HOLE_BEFORE] = notebook->before;
    return search_in(lane, false);
}

static const struct step *next_old_mail(struct lane *lane)
{
    struct notebook *notebook = &lane->notebook;
    if (mailbox_next_hit(lane)) {
        notebook->sweep = SWEEP_FETCHED;
        return sweep_fetch;
    }
    if (!notebook->in_junk && notebook->junk[0] != '\0')
        return search_in(lane, true);
    notebook->sweep = SWEEP_OVER;
    return NULL;
}

const struct step *sweep_choose(struct lane *lane)
{
    switch ((enum sweep)lane->notebook.sweep) {
    case SWEEP_BEGIN:
        return begin(lane);
    case SWEEP_FETCHED:
        if (lane->notebook.kind != MAIL_OURS)
            return next_old_mail(lane);
        lane->notebook.sweep = SWEEP_REMOVED;
        return mailbox_removal(lane);
    case SWEEP_SEARCHED:
    case SWEEP_REMOVED:
        return next_old_mail(lane);
    case SWEEP_OVER:
        break;
    }
    return NULL;
}

bool sweep_recover(struct lane *lane, enum finding finding)
{
    if (lane->notebook.sweep == SWEEP_BEGIN || finding == MAIL_NOT_REMOVED)
        return false;
    dialogue_end(&lane->dialogue);
    lane->notebook.sweep = SWEEP_OVER;
    return true;
}
