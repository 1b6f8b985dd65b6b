/* SPDX-License-Identifier: MIT */
/* No Paho for this target: the device has no room for it, and so there is never a session. */
#include "../../agent/session.h"

bool session_start(void)
{
    return false;
}

int session_descriptor(void)
{
    return -1;
}

bool session_connect(const struct session_plan *plan)
{
    (void)plan;
    return false;
}

bool session_subscribe(const char *topic)
{
    (void)topic;
    return false;
}

bool session_publish(const struct message *message)
{
    (void)message;
    return false;
}

size_t session_flights(void)
{
    return 0;
}

void session_leave(void)
{
}

void session_end(void)
{
}

bool session_is_settled(void)
{
    return true;
}

bool session_next(struct session_news *into_news)
{
    (void)into_news;
    return false;
}

void session_handled(struct session_news *news)
{
    (void)news;
}

unsigned session_dropped(void)
{
    return 0;
}
