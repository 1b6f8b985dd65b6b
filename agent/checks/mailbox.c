/* SPDX-License-Identifier: MIT */
/* A mailbox by IMAP, as those need it who look for test mails in it: its junk folder, what a search
   found, and how a mail is removed. */
#include "parts.h"

#include <string.h>

/* ---- what is learned ---- */

/* LIST (RFC 3501 section 7.2.2): the name is the last atom or quoted string of the line. */
static struct slice listed_name(struct slice line)
{
    if (line.len > 0 && line.at[line.len - 1] == '"') {
        size_t open = line.len - 1;
        while (open > 0 && line.at[open - 1] != '"')
            open--;
        return (struct slice){ line.at + open, line.len - 1 - open };
    }
    size_t start = line.len;
    while (start > 0 && line.at[start - 1] != ' ')
        start--;
    return slice_from(line, start);
}

static bool is_known_junk(const struct profile *profile, struct slice name)
{
    for (size_t i = 0; i < profile->junk_count; i++)
        if (slice_is_nocase(name, profile->junk[i]))
            return true;
    return false;
}

/* By its mark (RFC 6154), else by a name that the profile knows. Names that need quoting beyond
 * this are left alone. */
void find_junk(struct lane *lane)
{
    struct slice rest = lane->dialogue.reply.whole, line;
    bool marked = false;
    while (slice_line(&rest, &line)) {
        struct slice name = listed_name(line);
        if (!slice_starts_nocase(line, "* LIST ") || name.len == 0 ||
            name.len >= sizeof lane->notebook.junk)
            continue;
        bool has_mark = slice_has_nocase(line, "\\Junk");
        if (memchr(name.at, '\\', name.len) != NULL || (marked && !has_mark))
            continue;
        if (has_mark || is_known_junk(lane->dialogue.profile, name))
            text_put(lane->notebook.junk, sizeof lane->notebook.junk, name);
        marked = marked || has_mark;
    }
}

/* SEARCH (RFC 3501 section 7.2.5): numbers, separated by spaces. */
void keep_hits(struct lane *lane)
{
    struct notebook *notebook = &lane->notebook;
    struct slice rest = lane->dialogue.reply.whole, line;
    notebook->hit = notebook->hit_count = 0;
    while (slice_line(&rest, &line)) {
        struct slice words = slice_from(line, sizeof "* SEARCH" - 1), word;
        if (!slice_starts_nocase(line, "* SEARCH"))
            continue;
        while (slice_cut(&words, ' ', &word)) {
            uint64_t uid = 0;
            if (slice_number(word, UINT32_MAX, &uid) && notebook->hit_count < LANE_HITS_MAX)
                notebook->hits[notebook->hit_count++] = (uint32_t)uid;
        }
    }
}

/* ---- one mail after the other ---- */

bool mailbox_next_hit(struct lane *lane)
{
    struct notebook *notebook = &lane->notebook;
    if (notebook->hit == notebook->hit_count)
        return false;
    text_put_format(notebook->uid, sizeof notebook->uid, "%u",
                    (unsigned)notebook->hits[notebook->hit++]);
    lane->dialogue.hole[HOLE_UID] = notebook->uid;
    return true;
}

/* clang-format off */
const struct step remove_by_uid[] = {
    SAY    ("UID STORE {uid} +FLAGS.SILENT (\\Deleted)"),
    HEAR   ("OK",                 MAIL_NOT_REMOVED),
    SAY    ("UID EXPUNGE {uid}"),
    HEAR   ("OK",                 MAIL_NOT_REMOVED),
    END
};
/* Without UIDPLUS, EXPUNGE would also remove what somebody else has marked: so ours is marked, and goes with the next one's. */
const struct step mark_removed[] = {
    SAY    ("UID STORE {uid} +FLAGS.SILENT (\\Deleted)"),
    HEAR   ("OK",                 MAIL_NOT_REMOVED),
    END
};
/* clang-format on */

const struct step *mailbox_removal(const struct lane *lane)
{
    return lane->notebook.removes_by_uid ? remove_by_uid : mark_removed;
}
