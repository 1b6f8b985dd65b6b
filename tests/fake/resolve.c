/* SPDX-License-Identifier: MIT */
/* resolve.h for a zone that the transcript writes down. */
#include "../../agent/resolve.h"

#include "fake.h"

#include <string.h>

#define ANSWERS_AFTER_MS 20
#define SILENT_MS        (RESOLVE_TRY_MS * RESOLVE_TRIES)

const char *record_type_name(enum record_type type)
{
    static const char *const names[] = {
        [RECORD_A] = "A",     [RECORD_AAAA] = "AAAA", [RECORD_MX] = "MX",
        [RECORD_SRV] = "SRV", [RECORD_TXT] = "TXT",   [RECORD_CNAME] = "CNAME",
    };
    return names[type];
}

const char *answer_status_name(enum answer_status status)
{
    static const char *const names[] = {
        [ANSWER_PENDING] = "pending",     [ANSWER_RECORDS] = "records",
        [ANSWER_NODATA] = "nodata",       [ANSWER_NXDOMAIN] = "nxdomain",
        [ANSWER_SERVFAIL] = "servfail",   [ANSWER_REFUSED] = "refused",
        [ANSWER_TIMED_OUT] = "timed-out", [ANSWER_GARBLED] = "garbled",
        [ANSWER_DEVICE] = "device",
    };
    return names[status];
}

struct resolve {
    struct loop *loop;
    struct arena *arena;
    struct watcher watcher;
    struct question *questions[RESOLVE_QUESTIONS_MAX];
    const struct fake_answer *planned[RESOLVE_QUESTIONS_MAX];
    int64_t due_ms[RESOLVE_QUESTIONS_MAX];
    bool lost[RESOLVE_QUESTIONS_MAX];
};

static struct resolve only;
static struct answer no_memory = { .status = ANSWER_DEVICE };

static const struct fake_answer *planned_for(const char *name, enum record_type type)
{
    struct slice wanted = slice_of(name);
    if (wanted.len > 0 && wanted.at[wanted.len - 1] == '.')
        wanted.len--;
    for (size_t i = 0; i < fake.zone_count; i++)
        if (fake.zone[i].type == type && slice_equal_nocase(slice_of(fake.zone[i].name), wanted))
            return &fake.zone[i];
    return NULL;
}

static const struct fake_peer *peer_named(const char *host, enum family family)
{
    struct slice wanted = slice_of(host);
    if (wanted.len > 0 && wanted.at[wanted.len - 1] == '.')
        wanted.len--;
    for (size_t i = 0; i < fake.peer_count; i++)
        if (fake.peers[i].family == family &&
            slice_equal_nocase(slice_of(fake.peers[i].host), wanted))
            return &fake.peers[i];
    return NULL;
}

bool fake_address(const char *host, enum family family, struct address *into_address)
{
    const struct fake_answer *planned =
        planned_for(host, family == FAMILY_V4 ? RECORD_A : RECORD_AAAA);
    if (planned != NULL && planned->count > 0)
        *into_address = planned->records[0].address;
    if (planned != NULL)
        return planned->count > 0;
    const struct fake_peer *peer = peer_named(host, family);
    if (peer == NULL)
        return false;
    uint8_t number = (uint8_t)(peer - fake.peers + 1);
    if (family == FAMILY_V4)
        *into_address = (struct address){ .family = FAMILY_V4, .bytes = { 198, 51, 100, number } };
    else
        *into_address = (struct address){ .family = FAMILY_V6,
                                          .bytes = { 0x20, 0x01, 0x0d, 0xb8, [15] = number } };
    return true;
}

static void plan_watch(struct resolve *resolve)
{
    resolve->watcher.deadline_ms = LOOP_NEVER;
    for (size_t i = 0; i < RESOLVE_QUESTIONS_MAX; i++)
        if (resolve->questions[i] != NULL && resolve->due_ms[i] < resolve->watcher.deadline_ms)
            resolve->watcher.deadline_ms = resolve->due_ms[i];
}

/* What nobody planned: addresses of the peers are made up, other types of their names do not exist.
 */
static void improvise(const struct question *question, struct answer *answer)
{
    bool is_address = question->type == RECORD_A || question->type == RECORD_AAAA;
    enum family family = question->type == RECORD_AAAA ? FAMILY_V6 : FAMILY_V4;
    struct address address;
    answer->status = ANSWER_NXDOMAIN;
    if (is_address && fake_address(question->name, family, &address)) {
        answer->status = ANSWER_RECORDS;
        answer->records[0].address = address;
        answer->count = 1;
    } else if (peer_named(question->name, FAMILY_V4) != NULL ||
               peer_named(question->name, FAMILY_V6) != NULL) {
        answer->status = ANSWER_NODATA;
    } else {
        fake_complain("the agent asks %s %s, which the transcript does not answer",
                      record_type_name(question->type), question->name);
    }
}

static struct answer *make_answer(struct resolve *resolve, size_t slot)
{
    const struct fake_answer *planned = resolve->planned[slot];
    struct answer *answer = ARENA_NEW(resolve->arena, struct answer);
    if (answer == NULL)
        return &no_memory;
    answer->duration_ms = (int32_t)(fake.now_ms - resolve->questions[slot]->asked_ms);
    if (fake.resolver_silent || resolve->lost[slot]) {
        answer->status = ANSWER_TIMED_OUT;
    } else if (planned == NULL) {
        improvise(resolve->questions[slot], answer);
    } else {
        answer->status = planned->status;
        answer->cname = planned->cname;
        answer->count = planned->count < RESOLVE_RECORDS_MAX ? planned->count : RESOLVE_RECORDS_MAX;
        answer->cut = planned->count > RESOLVE_RECORDS_MAX;
        memcpy(answer->records, planned->records, answer->count * sizeof *answer->records);
    }
    fake.any_answer = fake.any_answer || answer->status != ANSWER_TIMED_OUT;
    return answer;
}

static void on_due(struct watcher *watcher, enum loop_event event)
{
    (void)event; /* there is no descriptor: only deadlines come */
    struct resolve *resolve = OWNER_OF(watcher, struct resolve, watcher);
    for (size_t i = 0; i < RESOLVE_QUESTIONS_MAX; i++) {
        struct question *question = resolve->questions[i];
        if (question == NULL || resolve->due_ms[i] > fake.now_ms)
            continue;
        question->answer = make_answer(resolve, i);
        question->under_way = false;
        resolve->questions[i] = NULL;
        question->call(question);
    }
    plan_watch(resolve);
}

struct resolve *resolve_begin(struct loop *loop, struct arena *arena,
                              const struct address *resolvers, size_t count)
{
    if (count == 0 || resolvers == NULL)
        return NULL;
    only = (struct resolve){ .loop = loop, .arena = arena };
    only.watcher = (struct watcher){ .descriptor = -1, .deadline_ms = LOOP_NEVER, .call = on_due };
    return loop_watch(loop, &only.watcher) ? &only : NULL;
}

static int64_t due_after_ms(const struct fake_answer *planned, bool lost)
{
    bool silent =
        fake.resolver_silent || lost || (planned != NULL && planned->status == ANSWER_TIMED_OUT);
    if (silent)
        return SILENT_MS;
    return planned != NULL && planned->after_ms > 0 ? planned->after_ms : ANSWERS_AFTER_MS;
}

bool resolve_ask(struct resolve *resolve, struct question *question, const char *name,
                 enum record_type type, answer_fn *call, void *asker)
{
    size_t slot = 0;
    bool now = ++fake.questions == fake.harm.call;
    if (now && fake.harm.how == HARM_ANSWER_REFUSED)
        return false;
    while (slot < RESOLVE_QUESTIONS_MAX && resolve->questions[slot] != NULL)
        slot++;
    if (slot == RESOLVE_QUESTIONS_MAX || name[0] == '\0' || strlen(name) >= sizeof question->name)
        return false;
    *question = (struct question){ .type = type, .call = call, .asker = asker, .resolve = resolve };
    text_put(question->name, sizeof question->name, slice_of(name));
    question->asked_ms = fake.now_ms;
    question->under_way = true;
    resolve->questions[slot] = question;
    resolve->planned[slot] = planned_for(name, type);
    resolve->lost[slot] = now && fake.harm.how == HARM_ANSWER_LOST;
    resolve->due_ms[slot] = fake.now_ms + due_after_ms(resolve->planned[slot], resolve->lost[slot]);
    plan_watch(resolve);
    return true;
}

unsigned resolve_asked(const struct resolve *resolve)
{
    (void)resolve;
    return fake.questions;
}

bool resolve_all_silent(const struct resolve *resolve)
{
    (void)resolve;
    return fake.questions > 0 && !fake.any_answer;
}

void resolve_finish(struct resolve *resolve)
{
    if (resolve == NULL)
        return;
    loop_forget(resolve->loop, &resolve->watcher);
    memset(resolve, 0, sizeof *resolve);
}
