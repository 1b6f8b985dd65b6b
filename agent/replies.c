/* SPDX-License-Identifier: MIT */
#include "replies.h"

#include <string.h>

static size_t size_of(const struct replies_entry *reply)
{
    return reply->topic_len + 1 + reply->correlation_len + reply->payload_len;
}

bool replies_add(struct replies *replies, const struct message *message)
{
    struct replies_entry reply = {
        .id = message->id,
        .topic_len = strlen(message->topic),
        .correlation_len = message->correlation.len,
        .payload_len = message->payload.len,
    };
    if (replies->count == REPLIES_MAX || size_of(&reply) > REPLIES_BYTES_MAX - replies->used)
        return false;
    char *at = replies->bytes + replies->used;
    memcpy(at, message->topic, reply.topic_len + 1);
    at += reply.topic_len + 1;
    if (reply.correlation_len > 0)
        memcpy(at, message->correlation.at, reply.correlation_len);
    memcpy(at + reply.correlation_len, message->payload.at, reply.payload_len);
    replies->used += size_of(&reply);
    replies->reply[replies->count++] = reply;
    return true;
}

bool replies_next(const struct replies *replies, struct message *into_message)
{
    const char *at = replies->bytes;
    for (size_t i = 0; i < replies->count; i++) {
        const struct replies_entry *reply = &replies->reply[i];
        if (reply->handed) {
            at += size_of(reply);
            continue;
        }
        const char *correlation = at + reply->topic_len + 1;
        *into_message = (struct message){
            .kind = MESSAGE_REPLY,
            .id = reply->id,
            .topic = at,
            .key = "",
            .correlation = { correlation, reply->correlation_len },
            .payload = { correlation + reply->correlation_len, reply->payload_len },
        };
        return true;
    }
    return false;
}

void replies_handed(struct replies *replies, uint64_t id)
{
    for (size_t i = 0; i < replies->count; i++)
        if (replies->reply[i].id == id)
            replies->reply[i].handed = true;
}

bool replies_has(const struct replies *replies, uint64_t id)
{
    for (size_t i = 0; i < replies->count; i++)
        if (replies->reply[i].id == id)
            return true;
    return false;
}

bool replies_remove(struct replies *replies, uint64_t id)
{
    size_t at = 0, i = 0;
    while (i < replies->count && replies->reply[i].id != id)
        at += size_of(&replies->reply[i++]);
    if (i == replies->count)
        return false;
    size_t size = size_of(&replies->reply[i]);
    memmove(replies->bytes + at, replies->bytes + at + size, replies->used - at - size);
    memmove(&replies->reply[i], &replies->reply[i + 1],
            (replies->count - i - 1) * sizeof replies->reply[0]);
    replies->used -= size;
    replies->count--;
    return true;
}

void replies_rewind(struct replies *replies)
{
    for (size_t i = 0; i < replies->count; i++)
        replies->reply[i].handed = false;
}
