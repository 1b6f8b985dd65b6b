/* SPDX-License-Identifier: MIT */
/* What a resolver sends, read for every type of record. */
#include "../../agent/resolve_message.h"

#include "target.h"

#define NAME "mail.example.com"

static bool has_name(enum record_type type)
{
    return type != RECORD_A && type != RECORD_AAAA && type != RECORD_TXT && type != RECORD_TLSA;
}

static void look(const struct answer *answer, enum record_type type)
{
    size_t bytes = 0;
    HOLDS(answer->count <= RESOLVE_RECORDS_MAX);
    for (size_t i = 0; i < answer->count; i++) {
        const struct record *record = &answer->records[i];
        HOLDS((record->name != NULL) == has_name(type));
        if (type == RECORD_TXT || type == RECORD_TLSA || type == RECORD_CAA)
            bytes += record->text.len;
    }
    HOLDS(bytes <= MESSAGE_TEXT_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static max_align_t memory[8192];
    ares_dns_record_t *reply = NULL;
    if (ares_dns_parse(data, size, 0, &reply) != ARES_SUCCESS)
        return 0;
    for (enum record_type type = 0; type < RECORD_TYPES; type++) {
        struct arena arena;
        struct answer answer = { .status = ANSWER_PENDING };
        const char *target = NULL;
        arena_begin(&arena, memory, size % 7 == 0 ? 256 : sizeof memory);
        answer.status = message_read(reply, NAME, type, &arena, &answer, &target);
        HOLDS(answer.status != ANSWER_PENDING);
        if (answer.status == ANSWER_RECORDS) {
            HOLDS(answer.count > 0);
            look(&answer, type);
        }
        HOLDS(target == NULL || target == answer.cname);
    }
    ares_dns_record_destroy(reply);
    return 0;
}
