/* SPDX-License-Identifier: MIT */
#include "journal_record.h"

#include "checksum.h"

#include <string.h>

/* JSON holds no control characters: within a payload nothing looks like the begin of a record. */
static const uint8_t magic[4] = { 0x01, 'G', 'P', 0x1A };

/* Where things stand in a head. */
enum {
    AT_MAGIC = 0,
    AT_TYPE = 4,
    AT_KIND = 5,
    AT_RETAINED = 6,
    AT_KEY_LEN = 7,
    AT_TOPIC_LEN = 8, /* 2 bytes, and 2 that are 0 */
    AT_PAYLOAD_LEN = 12,
    AT_ID = 16,
    AT_EXPIRY = 24,
    AT_BODY_SUM = 28,
    AT_HEAD_SUM = 32
};

_Static_assert(RECORD_STATE_BODY == 36 + 4 * MESSAGE_KINDS + 1,
               "another kind of message, another state");

/* ---- numbers ---- */

static void put(uint8_t *into, uint64_t number, size_t size)
{
    for (size_t i = 0; i < size; i++)
        into[i] = (uint8_t)(number >> 8 * i);
}

static uint64_t get(const uint8_t *from, size_t size)
{
    uint64_t number = 0;
    for (size_t i = 0; i < size; i++)
        number |= (uint64_t)from[i] << 8 * i;
    return number;
}

static uint32_t sum(const uint8_t *bytes, size_t size)
{
    return checksum_crc32((struct slice){ (const char *)bytes, size });
}

/* ---- writing ---- */

bool record_fits(const struct message *message)
{
    return strlen(message->key) < MESSAGE_KEY_MAX && strlen(message->topic) < TOPIC_MAX &&
           message->payload.len <= MESSAGE_MAX;
}

static const char *or_empty(const char *string)
{
    return string != NULL ? string : "";
}

size_t record_size(const struct record *record)
{
    const struct message *message = &record->message;
    return RECORD_HEAD_SIZE + strlen(or_empty(message->key)) + 1 +
           strlen(or_empty(message->topic)) + 1 + message->payload.len;
}

/* The body: key and topic with their terminators, so that they can be used where they are read, and
   the payload. */
void record_write(const struct record *record, uint8_t *into)
{
    const struct message *message = &record->message;
    const char *key = or_empty(message->key), *topic = or_empty(message->topic);
    size_t key_len = strlen(key), topic_len = strlen(topic);
    uint8_t *body = into + RECORD_HEAD_SIZE;
    memcpy(body, key, key_len + 1);
    memcpy(body + key_len + 1, topic, topic_len + 1);
    if (message->payload.len > 0)
        memcpy(body + key_len + topic_len + 2, message->payload.at, message->payload.len);
    memcpy(into + AT_MAGIC, magic, sizeof magic);
    into[AT_TYPE] = (uint8_t)record->type;
    into[AT_KIND] = (uint8_t)message->kind;
    into[AT_RETAINED] = message->retained ? 1 : 0;
    into[AT_KEY_LEN] = (uint8_t)key_len;
    put(into + AT_TOPIC_LEN, topic_len, 4);
    put(into + AT_PAYLOAD_LEN, message->payload.len, 4);
    put(into + AT_ID, message->id, 8);
    put(into + AT_EXPIRY, message->expiry_s, 4);
    put(into + AT_BODY_SUM, sum(body, key_len + topic_len + 2 + message->payload.len), 4);
    put(into + AT_HEAD_SUM, sum(into, AT_HEAD_SUM), 4);
}

/* ---- reading ---- */

static bool read_head(const uint8_t *head, struct record *record)
{
    if (memcmp(head + AT_MAGIC, magic, sizeof magic) != 0 ||
        get(head + AT_HEAD_SUM, 4) != sum(head, AT_HEAD_SUM))
        return false;
    if (head[AT_TYPE] >= RECORD_TYPES || head[AT_KIND] >= MESSAGE_KINDS ||
        head[AT_KEY_LEN] >= MESSAGE_KEY_MAX || get(head + AT_TOPIC_LEN, 4) >= TOPIC_MAX ||
        get(head + AT_PAYLOAD_LEN, 4) > MESSAGE_MAX)
        return false;
    *record = (struct record){ .type = (enum record_type)head[AT_TYPE],
                               .message = { .kind = (enum message_kind)head[AT_KIND],
                                            .id = get(head + AT_ID, 8),
                                            .key = "",
                                            .topic = "",
                                            .retained = head[AT_RETAINED] != 0,
                                            .expiry_s = (uint32_t)get(head + AT_EXPIRY, 4) } };
    return true;
}

enum record_found record_read(struct slice bytes, struct record *into_record, size_t *into_size)
{
    const uint8_t *head = (const uint8_t *)bytes.at;
    if (bytes.len < RECORD_HEAD_SIZE)
        return RECORD_CUT;
    if (!read_head(head, into_record))
        return RECORD_NONE;
    size_t key_len = head[AT_KEY_LEN], topic_len = (size_t)get(head + AT_TOPIC_LEN, 4);
    size_t payload_len = (size_t)get(head + AT_PAYLOAD_LEN, 4);
    size_t body_len = key_len + 1 + topic_len + 1 + payload_len;
    const uint8_t *body = head + RECORD_HEAD_SIZE;
    *into_size = RECORD_HEAD_SIZE + body_len;
    if (bytes.len < *into_size)
        return RECORD_CUT;
    if (get(head + AT_BODY_SUM, 4) != sum(body, body_len) || body[key_len] != '\0' ||
        body[key_len + 1 + topic_len] != '\0')
        return RECORD_BODY_DAMAGED;
    into_record->message.key = (const char *)body;
    into_record->message.topic = (const char *)body + key_len + 1;
    into_record->message.payload =
        (struct slice){ (const char *)body + key_len + topic_len + 2, payload_len };
    return RECORD_WHOLE;
}

/* ---- the state ---- */

void record_state_write(const struct journal_state *state, uint8_t into[RECORD_STATE_SIZE])
{
    uint8_t body[RECORD_STATE_BODY];
    put(body, state->boots, 4);
    put(body + 4, state->next, 8);
    put(body + 12, state->reserved, 8);
    put(body + 20, state->skipped, 8);
    put(body + 28, state->skipped_end, 8);
    for (size_t kind = 0; kind < MESSAGE_KINDS; kind++)
        put(body + 36 + 4 * kind, state->dropped.count[kind], 4);
    body[56] = state->clean ? 1 : 0;
    const struct record record = { .type = RECORD_STATE,
                                   .message = { .payload = { (const char *)body, sizeof body } } };
    record_write(&record, into);
}

bool record_state_read(struct slice payload, struct journal_state *into_state)
{
    const uint8_t *body = (const uint8_t *)payload.at;
    if (payload.len != RECORD_STATE_BODY)
        return false;
    into_state->boots = (uint32_t)get(body, 4);
    into_state->next = get(body + 4, 8);
    into_state->reserved = get(body + 12, 8);
    into_state->skipped = get(body + 20, 8);
    into_state->skipped_end = get(body + 28, 8);
    for (size_t kind = 0; kind < MESSAGE_KINDS; kind++)
        into_state->dropped.count[kind] = (uint32_t)get(body + 36 + 4 * kind, 4);
    into_state->clean = body[56] != 0;
    return true;
}
