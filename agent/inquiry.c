/* SPDX-License-Identifier: MIT */
#include "inquiry.h"

#include "lookups.h"

#define GENERIC "generic"

static void on_answer(void *owner)
{
    (void)owner; /* the loop's turn ends, and what is known by then is judged anew */
}

void inquiry_make(const char *domain, const struct settings *settings, struct arena *arena,
                  struct detection *into_detection)
{
    struct address resolvers[RESOLVERS_MAX];
    struct loop loop;
    size_t count = settings_resolvers(settings, resolvers, RESOLVERS_MAX);
    struct lookups *lookups = ARENA_NEW(arena, struct lookups);
    *into_detection = (struct detection){
        .state = DETECTION_UNANSWERED,
        .profile = GENERIC,
        .title = GENERIC,
    };
    loop_begin(&loop);
    struct resolve *resolve =
        lookups == NULL || count == 0 ? NULL : resolve_begin(&loop, arena, resolvers, count);
    if (resolve == NULL)
        return;
    lookups_begin(lookups, resolve, on_answer, NULL);
    while (!detection_make(domain, settings, arena, lookups_ask, lookups, into_detection) &&
           loop_turn(&loop)) {
    }
    resolve_finish(resolve);
}

static const char *keep(struct arena *kept, const char *text, const char *otherwise)
{
    const char *copy = text == NULL ? NULL : text_copy_string(kept, text);
    return copy == NULL ? otherwise : copy;
}

void inquiry_settle(struct account_settings *account, const struct settings *settings,
                    struct arena *kept, struct arena *work, struct inquiry *into_inquiry)
{
    struct detection detection;
    struct text rivals;
    inquiry_make(account->address, settings, work, &detection);
    account->profile = keep(kept, detection.profile, GENERIC);
    account->host = keep(kept, detection.host, "");
    account->imap_host = keep(kept, detection.imap_host, "");
    account->submission_host = keep(kept, detection.submission_host, "");
    into_inquiry->state = detection.state;
    into_inquiry->fits = detection.clue_count > 0;
    text_begin(&rivals, into_inquiry->rivals, sizeof into_inquiry->rivals);
    for (size_t i = 0; i < detection.rival_count; i++)
        text_add_format(&rivals, "%s%s", i > 0 ? ", " : "", detection.rivals[i]);
    arena_reset(work);
}
