/* SPDX-License-Identifier: MIT */
/* resolve.h for a zone that the transcript writes down. */
#include "../../agent/resolve.h"

#include "fake.h"

#include <string.h>

#define ANSWERS_AFTER_MS 20
#define SILENT_MS        (RESOLVE_TRY_MS * RESOLVE_TRIES)

#define NOBODY (-1)

struct resolve {
    bool begun;
    struct address resolvers[RESOLVERS_MAX];
    size_t count;
    unsigned asked;
    bool heard[RESOLVERS_MAX];
    struct loop *loop;
    struct arena *arena;
    struct watcher watcher;
    struct question *questions[RESOLVE_QUESTIONS_MAX];
    struct answer *answers[RESOLVE_QUESTIONS_MAX];
    const struct fake_answer *planned[RESOLVE_QUESTIONS_MAX];
    int64_t due_ms[RESOLVE_QUESTIONS_MAX];
    int from[RESOLVE_QUESTIONS_MAX]; /* which resolver answers, or NOBODY */
    bool lost[RESOLVE_QUESTIONS_MAX];
};

static struct resolve slots[RESOLVES_MAX];

/* What is answered at an address (in text), or by anybody (""). */
static const struct fake_answer *planned_at(const char *at, const char *name, enum record_type type)
{
    struct slice wanted = slice_of(name);
    if (wanted.len > 0 && wanted.at[wanted.len - 1] == '.')
        wanted.len--;
    for (size_t i = 0; i < fake.zone_count; i++)
        if (fake.zone[i].type == type && strcmp(fake.zone[i].at, at) == 0 &&
            slice_equal_nocase(slice_of(fake.zone[i].name), wanted))
            return &fake.zone[i];
    return NULL;
}

static const struct fake_answer *planned_for(const char *name, enum record_type type)
{
    return planned_at("", name, type);
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
    if (port_address_read(host, into_address))
        return into_address->family == family;
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

/* Room for so many records; without it the device is in trouble. */
static struct record *take_records(struct resolve *resolve, struct answer *answer, size_t count)
{
    answer->records = arena_take(resolve->arena, count * sizeof *answer->records);
    answer->status = answer->records == NULL ? ANSWER_DEVICE : ANSWER_RECORDS;
    answer->count = answer->records == NULL ? 0 : count;
    return answer->records;
}

/* ---- who answers ---- */

/* Resolvers live in 192.0.2.0/24: other addresses that are asked are servers of a zone. */
static bool is_resolver(const struct address *address)
{
    return address->bytes[0] == 192 && address->bytes[2] == 2;
}

/* The address at which nobody is (judged by what an interceptor does with it), and those that the
 * transcript calls silent. */
static bool is_silent(const struct address *address)
{
    static const uint8_t nobody[] = { 203, 0, 113, 53 };
    char text[ADDRESS_TEXT_MAX];
    port_address_text(address, text);
    bool silent = memcmp(address->bytes, nobody, sizeof nobody) == 0;
    for (size_t i = 0; i < fake.silent_count; i++)
        silent = silent || strcmp(fake.silent[i], text) == 0;
    return silent;
}

/* The first of the list that is not silent, or has something planned for this question. */
static int answering(const struct resolve *resolve, const char *name, enum record_type type,
                     const struct fake_answer **into_planned)
{
    *into_planned = planned_for(name, type);
    for (size_t i = 0; i < resolve->count; i++) {
        char at[ADDRESS_TEXT_MAX];
        port_address_text(&resolve->resolvers[i], at);
        const struct fake_answer *own = planned_at(at, name, type);
        if (own == NULL && is_silent(&resolve->resolvers[i]))
            continue;
        *into_planned = own != NULL ? own : *into_planned;
        return fake.resolver_silent ? NOBODY : (int)i;
    }
    return NOBODY;
}

/* ---- answers ---- */

/* "*.example.com" answers for names of which nothing else is known (RFC 4592). */
static const struct fake_answer *wildcard_for(const struct question *question)
{
    for (size_t i = 0; i < fake.zone_count; i++)
        if (fake.zone[i].type == question->type &&
            slice_starts(slice_of(fake.zone[i].name), "*.") &&
            slice_ends_nocase(slice_of(question->name), fake.zone[i].name + 1))
            return &fake.zone[i];
    return NULL;
}

/* Names that cannot exist (RFC 6761) or that nobody has heard of, name servers of zones that the
   transcript has none for, and `autodiscover`, which the provider does not want. */
static bool is_known_not_to_be(const struct question *question)
{
    struct slice name = slice_of(question->name);
    return question->type == RECORD_NS || slice_ends_nocase(name, ".invalid") ||
           slice_starts(name, FAKE_MARK ".") || slice_starts(name, "autodiscover.");
}

static void give_planned(struct resolve *resolve, const struct fake_answer *planned,
                         struct answer *answer)
{
    bool cut = planned->count > RESOLVE_RECORDS_MAX;
    size_t count = cut ? RESOLVE_RECORDS_MAX : planned->count;
    answer->status = planned->status;
    answer->cname = planned->cname;
    answer->authenticated = planned->authenticated;
    answer->cut = cut;
    if (count > 0 && take_records(resolve, answer, count) != NULL)
        memcpy(answer->records, planned->records, count * sizeof *answer->records);
}

/* What nobody planned: addresses of the peers are made up, other types of their names do not exist.
 */
static void improvise(struct resolve *resolve, const struct question *question,
                      struct answer *answer)
{
    bool is_address = question->type == RECORD_A || question->type == RECORD_AAAA;
    enum family family = question->type == RECORD_AAAA ? FAMILY_V6 : FAMILY_V4;
    struct address address;
    answer->status = ANSWER_NXDOMAIN;
    if (is_address && fake_address(question->name, family, &address)) {
        struct record *record = take_records(resolve, answer, 1);
        if (record != NULL)
            record->address = address;
    } else if (peer_named(question->name, FAMILY_V4) != NULL ||
               peer_named(question->name, FAMILY_V6) != NULL) {
        answer->status = ANSWER_NODATA;
    } else if (wildcard_for(question) != NULL) {
        give_planned(resolve, wildcard_for(question), answer);
    } else if (!is_known_not_to_be(question)) {
        fake_complain("the agent asks %s %s, which the transcript does not answer",
                      record_type_name(question->type), question->name);
    }
}

static struct answer *make_answer(struct resolve *resolve, size_t slot)
{
    const struct fake_answer *planned = resolve->planned[slot];
    struct answer *answer = resolve->answers[slot];
    answer->duration_ms = (int32_t)(fake.now_ms - resolve->questions[slot]->asked_ms);
    int from = resolve->from[slot];
    if (from == NOBODY || resolve->lost[slot]) {
        answer->status = ANSWER_TIMED_OUT;
    } else if (planned == NULL) {
        improvise(resolve, resolve->questions[slot], answer);
    } else {
        give_planned(resolve, planned, answer);
    }
    if (answer->status == ANSWER_TIMED_OUT)
        return answer;
    resolve->heard[from] = true;
    answer->authoritative =
        !is_resolver(&resolve->resolvers[from]) && !(planned != NULL && planned->from_cache);
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
    size_t slot = 0;
    while (slot < RESOLVES_MAX && slots[slot].begun)
        slot++;
    if (slot == RESOLVES_MAX) {
        fake_complain("more than %d resolves at once", RESOLVES_MAX);
        return NULL;
    }
    struct resolve *resolve = &slots[slot];
    *resolve = (struct resolve){ .begun = true, .loop = loop, .arena = arena };
    resolve->count = count < RESOLVERS_MAX ? count : RESOLVERS_MAX;
    memcpy(resolve->resolvers, resolvers, resolve->count * sizeof *resolvers);
    resolve->watcher =
        (struct watcher){ .descriptor = -1, .deadline_ms = LOOP_NEVER, .call = on_due };
    resolve->begun = loop_watch(loop, &resolve->watcher);
    return resolve->begun ? resolve : NULL;
}

static int64_t due_after_ms(const struct resolve *resolve, size_t slot)
{
    const struct fake_answer *planned = resolve->planned[slot];
    bool lost = resolve->lost[slot] || resolve->from[slot] == NOBODY;
    if (lost || (planned != NULL && planned->status == ANSWER_TIMED_OUT))
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
    struct slice absolute = slice_of(name);
    if (slice_ends_nocase(absolute, "."))
        absolute.len--;
    if (slot == RESOLVE_QUESTIONS_MAX || absolute.len == 0 || absolute.len >= RESOLVE_NAME_MAX)
        return false;
    *question = (struct question){ .type = type, .call = call, .asker = asker, .resolve = resolve };
    question->name = text_copy(resolve->arena, absolute);
    resolve->answers[slot] = ARENA_NEW(resolve->arena, struct answer);
    if (question->name == NULL || resolve->answers[slot] == NULL)
        return false;
    question->asked_ms = fake.now_ms;
    question->under_way = true;
    resolve->questions[slot] = question;
    resolve->asked++;
    resolve->from[slot] = answering(resolve, name, type, &resolve->planned[slot]);
    resolve->lost[slot] = now && fake.harm.how == HARM_ANSWER_LOST;
    resolve->due_ms[slot] = fake.now_ms + due_after_ms(resolve, slot);
    plan_watch(resolve);
    return true;
}

unsigned resolve_asked(const struct resolve *resolve)
{
    return resolve->asked;
}

bool resolve_heard(const struct resolve *resolve, size_t resolver)
{
    return resolver < resolve->count && resolve->heard[resolver];
}

bool resolve_all_silent(const struct resolve *resolve)
{
    bool heard = false;
    for (size_t i = 0; i < resolve->count; i++)
        heard = heard || resolve->heard[i];
    return resolve->asked > 0 && !heard;
}

void resolve_finish(struct resolve *resolve)
{
    if (resolve == NULL)
        return;
    loop_forget(resolve->loop, &resolve->watcher);
    memset(resolve, 0, sizeof *resolve);
}
