/* SPDX-License-Identifier: MIT */
#include "resolve_message.h"

#include "text.h"

#include <string.h>

#define UDP_SIZE 1232 /* what we say we can take: passes every path in one piece */

/* What a record holds besides numbers; 0: nothing of that sort. */
struct shape {
    ares_dns_rec_type_t type;
    ares_dns_rr_key_t name, bytes;
    bool sorted;
};

/* clang-format off */
static const struct shape shapes[RECORD_TYPES] = {
    [RECORD_A]     = { ARES_REC_TYPE_A,     0,                       0,                     false },
    [RECORD_AAAA]  = { ARES_REC_TYPE_AAAA,  0,                       0,                     false },
    [RECORD_MX]    = { ARES_REC_TYPE_MX,    ARES_RR_MX_EXCHANGE,     0,                     true },
    [RECORD_SRV]   = { ARES_REC_TYPE_SRV,   ARES_RR_SRV_TARGET,      0,                     true },
    [RECORD_TXT]   = { ARES_REC_TYPE_TXT,   0,                       ARES_RR_TXT_DATA,      false },
    [RECORD_CNAME] = { ARES_REC_TYPE_CNAME, ARES_RR_CNAME_CNAME,     0,                     false },
    [RECORD_NS]    = { ARES_REC_TYPE_NS,    ARES_RR_NS_NSDNAME,      0,                     true },
    [RECORD_PTR]   = { ARES_REC_TYPE_PTR,   ARES_RR_PTR_DNAME,       0,                     true },
    [RECORD_SOA]   = { ARES_REC_TYPE_SOA,   ARES_RR_SOA_MNAME,       0,                     false },
    [RECORD_TLSA]  = { ARES_REC_TYPE_TLSA,  0,                       ARES_RR_TLSA_DATA,     false },
    [RECORD_CAA]   = { ARES_REC_TYPE_CAA,   ARES_RR_CAA_TAG,         ARES_RR_CAA_VALUE,     false },
};
/* clang-format on */

/* The AD bit asks for the AD bit, RFC 6840 section 5.7. */
ares_dns_record_t *message_question(const char *name, enum record_type type)
{
    ares_dns_record_t *query = NULL;
    ares_dns_rr_t *options = NULL;
    if (ares_dns_record_create(&query, 0, ARES_FLAG_RD | ARES_FLAG_AD, ARES_OPCODE_QUERY,
                               ARES_RCODE_NOERROR) != ARES_SUCCESS)
        return NULL;
    if (ares_dns_record_query_add(query, name, shapes[type].type, ARES_CLASS_IN) == ARES_SUCCESS &&
        ares_dns_record_rr_add(&options, query, ARES_SECTION_ADDITIONAL, "", ARES_REC_TYPE_OPT,
                               ARES_CLASS_IN, 0) == ARES_SUCCESS &&
        ares_dns_rr_set_u16(options, ARES_RR_OPT_UDP_SIZE, UDP_SIZE) == ARES_SUCCESS &&
        ares_dns_rr_set_u8(options, ARES_RR_OPT_VERSION, 0) == ARES_SUCCESS &&
        ares_dns_rr_set_u16(options, ARES_RR_OPT_FLAGS, 0) == ARES_SUCCESS)
        return query;
    ares_dns_record_destroy(query);
    return NULL;
}

bool message_same_name(const char *a, const char *b)
{
    return slice_is_nocase(slice_of(a), b);
}

/* Lower case, because names are compared and shown; c-ares keeps the sender's. */
static const char *copy_name(struct arena *arena, const char *name)
{
    size_t len = strlen(name); /* 0 for the root */
    char *copy = arena_take(arena, len + 1);
    if (copy == NULL)
        return NULL;
    for (size_t i = 0; i < len; i++)
        copy[i] = name[i] >= 'A' && name[i] <= 'Z' ? (char)(name[i] - 'A' + 'a') : name[i];
    return copy;
}

/* The record at a position of the answer section if it is of this type and name, else NULL. */
static const ares_dns_rr_t *record_at(const ares_dns_record_t *reply, size_t position,
                                      ares_dns_rec_type_t type, const char *name)
{
    const ares_dns_rr_t *record =
        ares_dns_record_rr_get_const(reply, ARES_SECTION_ANSWER, position);
    if (record == NULL || ares_dns_rr_get_type(record) != type)
        return NULL;
    if (ares_dns_rr_get_class(record) != ARES_CLASS_IN)
        return NULL;
    return message_same_name(ares_dns_rr_get_name(record), name) ? record : NULL;
}

/* Where the CNAMEs of the reply lead from name: name itself when it has none, NULL when they never
   end. */
static const char *end_of_chain(const ares_dns_record_t *reply, const char *name)
{
    size_t count = ares_dns_record_rr_cnt(reply, ARES_SECTION_ANSWER);
    for (size_t hops = 0; hops <= count; hops++) {
        const ares_dns_rr_t *alias = NULL;
        for (size_t i = 0; i < count && alias == NULL; i++)
            alias = record_at(reply, i, ARES_REC_TYPE_CNAME, name);
        if (alias == NULL)
            return name;
        name = ares_dns_rr_get_str(alias, ARES_RR_CNAME_CNAME);
        if (name == NULL)
            return NULL;
    }
    return NULL;
}

/* The bytes of a record that has some; all strings of a TXT joined, RFC 7208 section 3.3. */
static struct slice bytes_of(enum record_type type, const ares_dns_rr_t *from)
{
    if (shapes[type].bytes == 0)
        return (struct slice){ NULL, 0 };
    size_t len = 0;
    const unsigned char *bytes = ares_dns_rr_get_bin(from, shapes[type].bytes, &len);
    return (struct slice){ (const char *)bytes, bytes == NULL ? 0 : len };
}

static void read_address(enum family family, const void *bytes, struct record *into)
{
    into->address.family = family;
    if (bytes != NULL)
        memcpy(into->address.bytes, bytes, family == FAMILY_V4 ? 4 : 16);
}

static void read_numbers(enum record_type type, const ares_dns_rr_t *from, struct record *into)
{
    switch (type) {
    case RECORD_A:
        read_address(FAMILY_V4, ares_dns_rr_get_addr(from, ARES_RR_A_ADDR), into);
        return;
    case RECORD_AAAA:
        read_address(FAMILY_V6, ares_dns_rr_get_addr6(from, ARES_RR_AAAA_ADDR), into);
        return;
    case RECORD_MX:
        into->priority = ares_dns_rr_get_u16(from, ARES_RR_MX_PREFERENCE);
        return;
    case RECORD_SRV:
        into->priority = ares_dns_rr_get_u16(from, ARES_RR_SRV_PRIORITY);
        into->weight = ares_dns_rr_get_u16(from, ARES_RR_SRV_WEIGHT);
        into->port = ares_dns_rr_get_u16(from, ARES_RR_SRV_PORT);
        return;
    case RECORD_TLSA:
        into->usage = ares_dns_rr_get_u8(from, ARES_RR_TLSA_CERT_USAGE);
        into->selector = ares_dns_rr_get_u8(from, ARES_RR_TLSA_SELECTOR);
        into->matching = ares_dns_rr_get_u8(from, ARES_RR_TLSA_MATCH);
        return;
    case RECORD_CAA:
        into->flags = ares_dns_rr_get_u8(from, ARES_RR_CAA_CRITICAL);
        return;
    case RECORD_TXT:
    case RECORD_CNAME:
    case RECORD_NS:
    case RECORD_PTR:
    case RECORD_SOA:
        return;
    }
}

/* False when the arena is full. */
static bool read_record(struct arena *arena, enum record_type type, const ares_dns_rr_t *from,
                        struct record *into)
{
    const struct shape *shape = &shapes[type];
    *into = (struct record){ .ttl_s = ares_dns_rr_get_ttl(from) };
    read_numbers(type, from, into);
    if (shape->name != 0) {
        const char *name = ares_dns_rr_get_str(from, shape->name);
        into->name = copy_name(arena, name == NULL ? "" : name);
        if (into->name == NULL)
            return false;
    }
    if (shape->bytes != 0) {
        struct slice bytes = bytes_of(type, from);
        into->text = (struct slice){ text_copy(arena, bytes), bytes.len };
        if (into->text.at == NULL)
            return false;
    }
    return true;
}

/* How many records there is room to keep for. */
static size_t count_kept(const ares_dns_record_t *reply, const char *owner, enum record_type type)
{
    size_t kept = 0;
    size_t count = ares_dns_record_rr_cnt(reply, ARES_SECTION_ANSWER);
    for (size_t i = 0; i < count && kept < RESOLVE_RECORDS_MAX; i++)
        if (record_at(reply, i, shapes[type].type, owner) != NULL)
            kept++;
    return kept;
}

/* Takes the records that belong to owner. False when the arena is full. */
static bool collect(const ares_dns_record_t *reply, const char *owner, enum record_type type,
                    struct arena *arena, struct answer *into)
{
    size_t text_left = MESSAGE_TEXT_MAX, room = count_kept(reply, owner, type);
    into->count = 0;
    into->cut = false;
    if (room == 0)
        return true;
    into->records = arena_take(arena, room * sizeof *into->records);
    if (into->records == NULL)
        return false;
    size_t count = ares_dns_record_rr_cnt(reply, ARES_SECTION_ANSWER);
    for (size_t i = 0; i < count; i++) {
        const ares_dns_rr_t *from = record_at(reply, i, shapes[type].type, owner);
        if (from == NULL)
            continue;
        size_t text = bytes_of(type, from).len;
        if (into->count == room || text > text_left) {
            into->cut = true;
            continue;
        }
        if (!read_record(arena, type, from, &into->records[into->count]))
            return false;
        text_left -= text;
        into->count++;
    }
    return true;
}

static bool comes_before(const struct record *a, const struct record *b)
{
    if (a->priority != b->priority)
        return a->priority < b->priority;
    return strcmp(a->name, b->name) < 0;
}

static void sort(struct answer *answer)
{
    for (size_t i = 1; i < answer->count; i++) {
        struct record moving = answer->records[i];
        size_t at = i;
        for (; at > 0 && comes_before(&moving, &answer->records[at - 1]); at--)
            answer->records[at] = answer->records[at - 1];
        answer->records[at] = moving;
    }
}

enum answer_status message_read(const ares_dns_record_t *reply, const char *name,
                                enum record_type type, struct arena *arena,
                                struct answer *into_answer, const char **into_target)
{
    ares_dns_rcode_t rcode = ares_dns_record_get_rcode(reply);
    unsigned flags = ares_dns_record_get_flags(reply);
    if (rcode == ARES_RCODE_SERVFAIL)
        return ANSWER_SERVFAIL;
    if (rcode != ARES_RCODE_NOERROR && rcode != ARES_RCODE_NXDOMAIN)
        return ANSWER_REFUSED;
    into_answer->authoritative = (flags & ARES_FLAG_AA) != 0;
    into_answer->authenticated = (flags & ARES_FLAG_AD) != 0;
    const char *owner = type == RECORD_CNAME ? name : end_of_chain(reply, name);
    if (owner == NULL)
        return ANSWER_GARBLED;
    if (owner != name) {
        into_answer->cname = copy_name(arena, owner);
        if (into_answer->cname == NULL)
            return ANSWER_DEVICE;
    }
    if (rcode == ARES_RCODE_NXDOMAIN) /* speaks of the end of the chain, RFC 6604 section 3 */
        return ANSWER_NXDOMAIN;
    if (!collect(reply, owner, type, arena, into_answer))
        return ANSWER_DEVICE;
    if (shapes[type].sorted)
        sort(into_answer);
    if (into_answer->count > 0)
        return ANSWER_RECORDS;
    if (into_answer->cut) /* not one record of a size that we take */
        return ANSWER_GARBLED;
    if (owner != name)
        *into_target = into_answer->cname;
    /* A server that neither recurses nor has the zone has only said that others know. */
    else if ((flags & (ARES_FLAG_RA | ARES_FLAG_AA)) == 0)
        return ANSWER_REFUSED;
    return ANSWER_NODATA;
}
