/* SPDX-License-Identifier: MIT */
/* The line that is rewritten while a run goes on. */
#include "page.h"
#include "view.h"

#include <stdio.h>

static const char *const waiting[LANGUAGES] = { "waiting for %s, %lld s ",
                                                "en attente de %s, %lld s " };
static const char *const test_mail[LANGUAGES] = { "the test mail",
                                                  "l'arrivée du courriel de test" };
static const char *const done[LANGUAGES] = { "- %u of %u checks done",
                                             "- %u contrôles faits sur %u" };

/* Rewrites the line; spaces cover what was longer. */
static void rewrite(const struct view *view, struct slice line)
{
    size_t room = view->columns > 1 ? (size_t)view->columns - 1 : 1;
    struct slice front = page_front(line, room);
    fprintf(stderr, "\r%.*s%*s", SLICE_ARG(front), (int)(room - page_width(front)), "");
    fflush(stderr);
}

void view_progress(const struct view *view, const struct progress *progress)
{
    char line[256];
    struct text text;
    struct slice what = slice_of(progress->what);
    long long seconds = (long long)((port_now_ms() - progress->since_ms) / 1000);
    bool mail = progress->waiting[0] == '\0' && slice_starts(what, "mail.");
    text_begin(&text, line, sizeof line);
    if (progress->what[0] != '\0')
        text_add_format(&text, waiting[view->language],
                        mail ? test_mail[view->language] : progress->what, seconds);
    if (progress->waiting[0] != '\0')
        text_add_format(&text, "(%s) ", progress->waiting);
    text_add_format(&text, done[view->language], progress->done, progress->asked);
    rewrite(view, text_slice(&text));
}

void view_progress_end(const struct view *view)
{
    rewrite(view, SLICE(""));
    fputc('\r', stderr);
    fflush(stderr);
}
