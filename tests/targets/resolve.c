/* SPDX-License-Identifier: MIT */
/* resolve.h by the C library's resolver, for a target that has no c-ares. It asks the first of the
   resolvers only, over IPv4, one question at a time, and the loop waits meanwhile: enough for a
   conversation with the lab. The order of a chain of CNAMEs is the resolver's. */
#include "../../agent/resolve.h"

#include <assert.h>
#include <resolv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REPLY_MAX 65535
#define RCODE     0x0f /* of the fourth byte of a message, RFC 1035 section 4.1.1 */
#define AUTHENTIC 0x20
#define REPLIES   0x80 /* of the third */
#define AUTHORITY 0x04

struct inquiry {
    struct resolve *resolve;
    struct question *question; /* NULL: free */
    struct answer *answer;
    struct watcher watcher;
};

struct resolve {
    bool begun, heard;
    struct loop *loop;
    struct arena *arena;
    struct __res_state state;
    unsigned asked;
    struct inquiry inquiries[RESOLVE_QUESTIONS_MAX];
};

static struct resolve slots[RESOLVES_MAX];

/* clang-format off */
static const struct {
    ns_type code;
    size_t numbers; /* bytes of them, at the beginning of a record's data */
    bool has_name, is_address;
} types[RECORD_TYPES] = {
    [RECORD_A]     = { ns_t_a,     NS_INADDRSZ,  false, true },
    [RECORD_AAAA]  = { ns_t_aaaa,  NS_IN6ADDRSZ, false, true },
    [RECORD_MX]    = { ns_t_mx,    2,            true,  false },
    [RECORD_SRV]   = { ns_t_srv,   6,            true,  false },
    [RECORD_TXT]   = { ns_t_txt,   0,            false, false },
    [RECORD_CNAME] = { ns_t_cname, 0,            true,  false },
    [RECORD_NS]    = { ns_t_ns,    0,            true,  false },
    [RECORD_PTR]   = { ns_t_ptr,   0,            true,  false },
    [RECORD_SOA]   = { ns_t_soa,   0,            true,  false },
    [RECORD_TLSA]  = { ns_t_tlsa,  3,            false, false },
    [RECORD_CAA]   = { ns_t_caa,   2,            false, false },
};

/* clang-format on */

/* ---- what a reply says ---- */

/* The name at a place of a record's data, in lower case; NULL where there is none. */
static const char *name_at(struct arena *arena, const ns_msg *message, const unsigned char *at)
{
    char name[NS_MAXDNAME];
    if (ns_name_uncompress(ns_msg_base(*message), ns_msg_end(*message), at, name, sizeof name) < 0)
        return NULL;
    for (char *letter = name; *letter != '\0'; letter++)
        if (*letter >= 'A' && *letter <= 'Z')
            *letter = (char)(*letter - 'A' + 'a');
    return text_copy(arena, slice_of(strcmp(name, ".") == 0 ? "" : name));
}

/* NULL where the arena is full. */
static struct slice copy(struct arena *arena, const unsigned char *at, size_t len)
{
    const char *kept = text_copy(arena, (struct slice){ (const char *)at, len });
    return (struct slice){ kept, kept == NULL ? 0 : len };
}

/* All strings joined: RFC 7208 section 3.3. */
static struct slice strings_of(struct arena *arena, const unsigned char *at, size_t len)
{
    char *joined = arena_take(arena, len + 1);
    size_t used = 0;
    for (size_t i = 0; joined != NULL && i + 1 + at[i] <= len; i += 1 + at[i]) {
        memcpy(joined + used, at + i + 1, at[i]);
        used += at[i];
        if (i + 1 + at[i] == len)
            break;
    }
    return (struct slice){ joined, used };
}

static void read_address(enum family family, const unsigned char *at, struct record *into)
{
    into->address.family = family;
    memcpy(into->address.bytes, at, family == FAMILY_V4 ? NS_INADDRSZ : NS_IN6ADDRSZ);
}

/* The numbers that a record's data begins with; there are as many bytes as its type needs. */
static void read_numbers(enum record_type type, const unsigned char *data, struct record *into)
{
    switch (type) {
    case RECORD_A:
        read_address(FAMILY_V4, data, into);
        return;
    case RECORD_AAAA:
        read_address(FAMILY_V6, data, into);
        return;
    case RECORD_MX:
        into->priority = (uint16_t)ns_get16(data);
        return;
    case RECORD_SRV:
        into->priority = (uint16_t)ns_get16(data);
        into->weight = (uint16_t)ns_get16(data + 2);
        into->port = (uint16_t)ns_get16(data + 4);
        return;
    case RECORD_TLSA:
        into->usage = data[0];
        into->selector = data[1];
        into->matching = data[2];
        return;
    case RECORD_CAA:
        into->flags = data[0];
        return;
    case RECORD_TXT:
    case RECORD_CNAME:
    case RECORD_NS:
    case RECORD_PTR:
    case RECORD_SOA:
        return;
    }
}

/* False where the data is shorter than its type needs, or the arena is full. */
static bool read_record(struct arena *arena, const ns_msg *message, const ns_rr *from,
                        enum record_type type, struct record *into)
{
    const unsigned char *data = ns_rr_rdata(*from);
    size_t len = ns_rr_rdlen(*from), numbers = types[type].numbers;
    *into = (struct record){ .ttl_s = (uint32_t)ns_rr_ttl(*from) };
    if (len < numbers)
        return false;
    read_numbers(type, data, into);
    if (types[type].has_name) {
        into->name = name_at(arena, message, data + numbers);
        return into->name != NULL;
    }
    if (type == RECORD_TXT)
        into->text = strings_of(arena, data, len);
    if (type == RECORD_TLSA)
        into->text = copy(arena, data + numbers, len - numbers);
    if (type == RECORD_CAA) { /* the tag's length, the tag, the value: RFC 8659 section 4.1 */
        size_t tag = data[1];
        if (len < numbers + tag)
            return false;
        into->name = copy(arena, data + numbers, tag).at;
        into->text = copy(arena, data + numbers + tag, len - numbers - tag);
    }
    return types[type].is_address || into->text.at != NULL;
}

static enum answer_status collect(struct inquiry *inquiry, ns_msg *message)
{
    struct arena *arena = inquiry->resolve->arena;
    struct answer *answer = inquiry->answer;
    enum record_type type = inquiry->question->type;
    const char *owner = inquiry->question->name;
    size_t count = ns_msg_count(*message, ns_s_an);
    size_t room = count < RESOLVE_RECORDS_MAX ? count : RESOLVE_RECORDS_MAX;
    answer->records = arena_take(arena, (room + 1) * sizeof *answer->records);
    if (answer->records == NULL)
        return ANSWER_DEVICE;
    for (int i = 0; i < ns_msg_count(*message, ns_s_an); i++) {
        ns_rr record;
        if (ns_parserr(message, ns_s_an, i, &record) < 0)
            return ANSWER_GARBLED;
        if (!slice_equal_nocase(slice_of(ns_rr_name(record)), slice_of(owner)))
            continue;
        if (type != RECORD_CNAME && ns_rr_type(record) == ns_t_cname) {
            owner = answer->cname = name_at(arena, message, ns_rr_rdata(record));
            if (owner == NULL)
                return ANSWER_GARBLED;
        } else if (ns_rr_type(record) == types[type].code && answer->count < room) {
            if (!read_record(arena, message, &record, type, &answer->records[answer->count]))
                return ANSWER_GARBLED;
            answer->count++;
        }
    }
    return answer->count > 0 ? ANSWER_RECORDS : ANSWER_NODATA;
}

static int by_priority(const void *a, const void *b)
{
    const struct record *left = a, *right = b;
    if (left->priority != right->priority)
        return left->priority < right->priority ? -1 : 1;
    return strcmp(left->name, right->name);
}

static enum answer_status read_reply(struct inquiry *inquiry, const unsigned char *reply, int len)
{
    struct answer *answer = inquiry->answer;
    enum record_type type = inquiry->question->type;
    answer->authoritative = (reply[2] & AUTHORITY) != 0;
    answer->authenticated = (reply[3] & AUTHENTIC) != 0;
    switch (reply[3] & RCODE) {
    case ns_r_noerror:
        break;
    case ns_r_nxdomain:
        return ANSWER_NXDOMAIN;
    case ns_r_servfail:
        return ANSWER_SERVFAIL;
    default:
        return ANSWER_REFUSED;
    }
    ns_msg message;
    if (len < 0) /* the C library has found no record in it */
        return ANSWER_NODATA;
    if (ns_initparse(reply, len, &message) < 0)
        return ANSWER_GARBLED;
    enum answer_status status = collect(inquiry, &message);
    if (type == RECORD_MX || type == RECORD_SRV || type == RECORD_NS || type == RECORD_PTR)
        qsort(answer->records, answer->count, sizeof *answer->records, by_priority);
    return status;
}

/* ---- asking ---- */

static void on_turn(struct watcher *watcher, enum loop_event event)
{
    (void)event; /* there is no descriptor: it is the deadline */
    static unsigned char reply[REPLY_MAX];
    struct inquiry *inquiry = OWNER_OF(watcher, struct inquiry, watcher);
    struct resolve *resolve = inquiry->resolve;
    struct question *question = inquiry->question;
    memset(reply, 0, NS_HFIXEDSZ);
    resolve->asked++;
    int len = res_nquery(&resolve->state, question->name, ns_c_in, (int)types[question->type].code,
                         reply, sizeof reply);
    bool heard = (reply[2] & REPLIES) != 0;
    resolve->heard = resolve->heard || heard;
    inquiry->answer->status = heard ? read_reply(inquiry, reply, len) : ANSWER_TIMED_OUT;
    inquiry->answer->duration_ms = (int32_t)(port_now_ms() - question->asked_ms);
    loop_forget(resolve->loop, &inquiry->watcher);
    inquiry->question = NULL;
    question->answer = inquiry->answer;
    question->under_way = false;
    question->call(question);
}

static struct resolve *free_slot(void)
{
    for (size_t i = 0; i < RESOLVES_MAX; i++)
        if (!slots[i].begun)
            return &slots[i];
    return NULL;
}

struct resolve *resolve_begin(struct loop *loop, struct arena *arena,
                              const struct address *resolvers, size_t count)
{
    struct resolve *resolve = free_slot();
    assert(resolve != NULL && count > 0);
    memset(resolve, 0, sizeof *resolve);
    if (resolvers[0].family != FAMILY_V4 || res_ninit(&resolve->state) != 0)
        return NULL;
    struct sockaddr_in *server = &resolve->state.nsaddr_list[0];
    *server = (struct sockaddr_in){ .sin_family = AF_INET, .sin_port = htons(resolvers[0].port) };
    memcpy(&server->sin_addr, resolvers[0].bytes, sizeof server->sin_addr);
    resolve->state.nscount = 1;
    resolve->state.retrans = RESOLVE_TRY_MS / 1000;
    resolve->state.retry = RESOLVE_TRIES;
    resolve->state.options |= RES_USE_EDNS0 | RES_TRUSTAD;
    resolve->begun = true;
    resolve->loop = loop;
    resolve->arena = arena;
    return resolve;
}

static struct inquiry *free_inquiry(struct resolve *resolve)
{
    for (size_t i = 0; i < RESOLVE_QUESTIONS_MAX; i++)
        if (resolve->inquiries[i].question == NULL)
            return &resolve->inquiries[i];
    return NULL;
}

bool resolve_ask(struct resolve *resolve, struct question *question, const char *name,
                 enum record_type type, answer_fn *call, void *asker)
{
    struct slice absolute = slice_of(name);
    if (slice_ends_nocase(absolute, "."))
        absolute.len--;
    struct inquiry *inquiry = free_inquiry(resolve);
    if (inquiry == NULL || absolute.len == 0 || absolute.len >= RESOLVE_NAME_MAX)
        return false;
    const char *kept = text_copy(resolve->arena, absolute);
    *inquiry = (struct inquiry){ .resolve = resolve };
    inquiry->answer = ARENA_NEW(resolve->arena, struct answer);
    inquiry->watcher =
        (struct watcher){ .descriptor = -1, .deadline_ms = port_now_ms(), .call = on_turn };
    if (kept == NULL || inquiry->answer == NULL || !loop_watch(resolve->loop, &inquiry->watcher))
        return false;
    *question = (struct question){ .type = type, .call = call, .asker = asker, .resolve = resolve };
    question->name = kept;
    question->asked_ms = port_now_ms();
    question->under_way = true;
    inquiry->question = question;
    return true;
}

unsigned resolve_asked(const struct resolve *resolve)
{
    return resolve->asked;
}

bool resolve_all_silent(const struct resolve *resolve)
{
    return resolve->asked > 0 && !resolve->heard;
}

bool resolve_heard(const struct resolve *resolve, size_t resolver)
{
    return resolver == 0 && resolve->heard;
}

void resolve_finish(struct resolve *resolve)
{
    if (resolve == NULL)
        return;
    for (size_t i = 0; i < RESOLVE_QUESTIONS_MAX; i++) {
        struct inquiry *inquiry = &resolve->inquiries[i];
        if (inquiry->question == NULL)
            continue;
        loop_forget(resolve->loop, &inquiry->watcher);
        inquiry->question->under_way = false;
        inquiry->question = NULL;
    }
    res_nclose(&resolve->state);
    resolve->begun = false;
}
