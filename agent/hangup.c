/* SPDX-License-Identifier: MIT */
#include "hangup.h"

bool hangup_online(struct hangup *hangup)
{
    hangup->waiting = false;
    hangup->subscribed = false;
    return !hangup->without_commands;
}

void hangup_subscribed(struct hangup *hangup)
{
    hangup->subscribed = true;
    hangup->unsubscribed = 0;
}

bool hangup_may_publish(const struct hangup *hangup)
{
    return !hangup->cautious || !hangup->waiting;
}

void hangup_published(struct hangup *hangup, uint64_t id)
{
    hangup->waiting = true;
    hangup->id = id;
}

void hangup_answered(struct hangup *hangup, uint64_t id)
{
    if (id == hangup->id)
        hangup->waiting = false;
    if (id == hangup->suspect)
        hangup->times = 0;
}

void hangup_steady(struct hangup *hangup)
{
    hangup->cautious = false;
    hangup->times = 0;
    hangup->unsubscribed = 0;
}

/* SUBSCRIBE goes first: where it was accepted, it was something else. */
static enum hangup_blame count_subscription(struct hangup *hangup)
{
    if (++hangup->unsubscribed < HANGUP_MAX)
        return HANGUP_NOBODY;
    hangup->without_commands = true;
    return HANGUP_SUBSCRIPTION;
}

enum hangup_blame hangup_count(struct hangup *hangup, uint64_t *into_id)
{
    bool alone = hangup->cautious;
    if (!hangup->subscribed && !hangup->without_commands)
        return count_subscription(hangup);
    hangup->cautious = true;
    if (!alone || !hangup->waiting)
        return HANGUP_NOBODY;
    hangup->waiting = false;
    if (hangup->id != hangup->suspect)
        hangup->times = 0;
    hangup->suspect = hangup->id;
    if (++hangup->times < HANGUP_MAX)
        return HANGUP_NOBODY;
    hangup->times = 0;
    *into_id = hangup->suspect;
    return HANGUP_MESSAGE;
}
