/* SPDX-License-Identifier: MIT */
#include "resolve.h"

#include "resolve_message.h"
#include "text.h"

#include <assert.h>
#include <string.h>

#define FOLLOWS_MAX 8                      /* further questions to the end of a chain of CNAMEs */
#define SERVER_MAX  (ADDRESS_TEXT_MAX + 8) /* "[address]:port" */
#define LIBRARY_MS  (2 * RESOLVE_TRY_MS)   /* never reached: begin_try sets the deadline */

/* A question on its way. Every try has a c-ares channel of its own with one resolver in it, because
   a channel shortens its patience, down to 250 ms, after quick answers, and of several failures
   keeps only the last; a fresh one has no past, and what each resolver said is known here. It also
   makes one descriptor enough: the newest is the one that the question went out by. */
struct inquiry {
    struct resolve *resolve;
    struct question *question; /* NULL: free */
    struct answer *answer;
    struct watcher watcher;
    const char *name; /* asked now: the question's, or where its CNAMEs have led */
    size_t follows;   /* how often they have */
    int64_t end_ms;   /* of the question, its follows included; 0: not yet begun */

    size_t first;                 /* resolver that is asked first */
    size_t tries;                 /* of this name, at all resolvers together */
    bool answered[RESOLVERS_MAX]; /* has answered this name, to no avail: is not asked again */
    enum answer_status best;      /* the most telling of the tries before */

    ares_channel_t *channel; /* of the try under way */
    enum answer_status outcome;
    bool follow; /* the outcome is that `name` is to be asked */
    bool has_socket, uses_udp;
};

struct resolve {
    bool begun;
    struct loop *loop;
    struct arena *arena;
    char servers[RESOLVERS_MAX][SERVER_MAX];
    size_t count;
    size_t first; /* the last that was of use: a dead one is not waited for by every question */
    unsigned asked;
    bool heard[RESOLVERS_MAX]; /* anything, from that resolver */
    struct inquiry inquiries[RESOLVE_QUESTIONS_MAX];
};

static struct resolve slots[RESOLVES_MAX];

/* weight: which answer, where resolvers differ, says most about the name; those of WEIGHT_FINAL
 * need no other resolver */
#define WEIGHT_FINAL 6

static const unsigned weights[] = {
    [ANSWER_PENDING] = 0,
    [ANSWER_RECORDS] = WEIGHT_FINAL,
    [ANSWER_NODATA] = WEIGHT_FINAL,
    [ANSWER_NXDOMAIN] = WEIGHT_FINAL,
    [ANSWER_SERVFAIL] = 5,
    [ANSWER_REFUSED] = 4,
    [ANSWER_GARBLED] = 3,
    [ANSWER_TIMED_OUT] = 2,
    [ANSWER_DEVICE] = 1,
};

/* ---- one try at one resolver ---- */

/* The one of the latest try. */
static size_t resolver_of(const struct inquiry *inquiry)
{
    return (inquiry->first + inquiry->tries - 1) % inquiry->resolve->count;
}

/* Resolvers follow CNAMEs themselves; some forwarders leave it to us. */
static enum answer_status follow(struct inquiry *inquiry, const char *target)
{
    size_t len = strlen(target);
    if (message_same_name(target, inquiry->question->name) || inquiry->follows == FOLLOWS_MAX)
        return ANSWER_GARBLED;
    if (len == 0 || len >= RESOLVE_NAME_MAX)
        return ANSWER_GARBLED;
    inquiry->name = target;
    inquiry->follows++;
    inquiry->follow = true;
    return ANSWER_NODATA;
}

static enum answer_status read_reply(struct inquiry *inquiry, const ares_dns_record_t *reply)
{
    struct answer *answer = inquiry->answer;
    bool authenticated = inquiry->follows == 0 || answer->authenticated;
    const char *target = NULL;
    enum answer_status status = message_read(reply, inquiry->name, inquiry->question->type,
                                             inquiry->resolve->arena, answer, &target);
    answer->authenticated = answer->authenticated && authenticated;
    return target == NULL ? status : follow(inquiry, target);
}

static void on_reply(void *data, ares_status_t status, size_t timeouts,
                     const ares_dns_record_t *reply)
{
    (void)timeouts;
    struct inquiry *inquiry = data;
    if (status == ARES_EDESTRUCTION)
        return; /* our own hang_up */
    size_t resolver = resolver_of(inquiry);
    if (status == ARES_SUCCESS || status == ARES_EBADRESP)
        inquiry->answered[resolver] = inquiry->resolve->heard[resolver] = true;
    if (status == ARES_SUCCESS)
        inquiry->outcome = read_reply(inquiry, reply);
    else if (status == ARES_EBADRESP)
        inquiry->outcome = ANSWER_GARBLED;
    else if (status == ARES_EBADNAME)
        inquiry->outcome = ANSWER_NXDOMAIN; /* "a..b": no zone can hold it */
    else if (status == ARES_ENOMEM || !inquiry->has_socket)
        inquiry->outcome = ANSWER_DEVICE;
    else
        inquiry->outcome = ANSWER_TIMED_OUT; /* a closed port is silence too */
}

static void on_socket_state(void *data, ares_socket_t descriptor, int readable, int writable)
{
    struct watcher *watcher = &((struct inquiry *)data)->watcher;
    bool wanted = readable || writable;
    if (!wanted && descriptor != watcher->descriptor)
        return; /* the UDP socket goes when TCP has taken over */
    watcher->descriptor = wanted ? descriptor : -1;
    watcher->want_read = readable != 0;
    watcher->want_write = writable != 0;
}

/* c-ares keeps a truncated reply to itself; that it turns to TCP tells. */
static int on_socket(ares_socket_t descriptor, int type, void *data)
{
    (void)descriptor;
    struct inquiry *inquiry = data;
    inquiry->has_socket = true;
    if (type == SOCK_DGRAM)
        inquiry->uses_udp = true;
    else if (inquiry->uses_udp)
        inquiry->answer->truncated = inquiry->resolve->heard[resolver_of(inquiry)] = true;
    return 0;
}

static bool open_channel(struct inquiry *inquiry, size_t resolver)
{
    char lookups[] = "b", nothing[] = "/dev/null";
    struct ares_options options = {
        .flags = ARES_FLAG_EDNS | ARES_FLAG_NOSEARCH | ARES_FLAG_NOALIASES | ARES_FLAG_NOCHECKRESP,
        .timeout = LIBRARY_MS,
        .maxtimeout = LIBRARY_MS,
        .tries = 1,
        .lookups = lookups,
        .resolvconf_path = nothing,
        .sock_state_cb = on_socket_state,
        .sock_state_cb_data = inquiry,
    };
    int given = ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_MAXTIMEOUTMS | ARES_OPT_TRIES |
                ARES_OPT_LOOKUPS | ARES_OPT_DOMAINS | ARES_OPT_RESOLVCONF | ARES_OPT_NOROTATE |
                ARES_OPT_SOCK_STATE_CB | ARES_OPT_QUERY_CACHE | ARES_OPT_SERVER_FAILOVER;
    if (ares_init_options(&inquiry->channel, &options, given) != ARES_SUCCESS) {
        inquiry->channel = NULL;
        return false;
    }
    ares_set_socket_configure_callback(inquiry->channel, on_socket, inquiry);
    return ares_set_servers_ports_csv(inquiry->channel, inquiry->resolve->servers[resolver]) ==
           ARES_SUCCESS;
}

/* What could not be sent has its outcome at once, and its deadline is now: the loop goes on. */
static void begin_try(struct inquiry *inquiry, size_t resolver, int64_t now_ms)
{
    inquiry->outcome = ANSWER_PENDING;
    inquiry->follow = inquiry->has_socket = inquiry->uses_udp = false;
    ares_dns_record_t *query = message_question(inquiry->name, inquiry->question->type);
    ares_status_t status = ARES_ENOMEM;
    if (query != NULL && open_channel(inquiry, resolver))
        status = ares_send_dnsrec(inquiry->channel, query, on_reply, inquiry, NULL);
    ares_dns_record_destroy(query);
    if (status != ARES_SUCCESS && inquiry->outcome == ANSWER_PENDING)
        inquiry->outcome = ANSWER_DEVICE;
    int64_t until_ms = now_ms + (inquiry->outcome == ANSWER_PENDING ? RESOLVE_TRY_MS : 0);
    inquiry->watcher.deadline_ms = until_ms < inquiry->end_ms ? until_ms : inquiry->end_ms;
}

static void hang_up(struct inquiry *inquiry)
{
    ares_destroy(inquiry->channel); /* NULL is left alone */
    inquiry->channel = NULL;
    inquiry->watcher.descriptor = -1;
    inquiry->watcher.want_read = inquiry->watcher.want_write = false;
}

/* ---- from try to try ---- */

/* All is in order before the call, in which the asker may ask again or finish. */
static void settle(struct inquiry *inquiry, enum answer_status status)
{
    struct question *question = inquiry->question;
    struct answer *answer = inquiry->answer;
    answer->status = status;
    if (status != ANSWER_RECORDS)
        answer->count = 0;
    answer->duration_ms = (int32_t)(port_now_ms() - question->asked_ms);
    loop_forget(inquiry->resolve->loop, &inquiry->watcher);
    inquiry->question = NULL;
    question->answer = answer;
    question->under_way = false;
    question->call(question);
}

static void try_next(struct inquiry *inquiry)
{
    size_t count = inquiry->resolve->count;
    int64_t now_ms = port_now_ms();
    while (inquiry->tries < count * RESOLVE_TRIES && now_ms < inquiry->end_ms) {
        inquiry->tries++;
        size_t resolver = resolver_of(inquiry);
        if (inquiry->answered[resolver])
            continue;
        begin_try(inquiry, resolver, now_ms);
        return;
    }
    settle(inquiry, inquiry->best == ANSWER_PENDING ? ANSWER_TIMED_OUT : inquiry->best);
}

static void ask_name(struct inquiry *inquiry)
{
    inquiry->resolve->asked++;
    inquiry->first = inquiry->resolve->first;
    inquiry->tries = 0;
    inquiry->best = ANSWER_PENDING;
    memset(inquiry->answered, 0, sizeof inquiry->answered);
    try_next(inquiry);
}

static void end_try(struct inquiry *inquiry)
{
    unsigned weight = weights[inquiry->outcome];
    hang_up(inquiry);
    if (weight == WEIGHT_FINAL)
        inquiry->resolve->first = resolver_of(inquiry);
    if (inquiry->follow) {
        ask_name(inquiry);
        return;
    }
    if (weight == WEIGHT_FINAL) {
        settle(inquiry, inquiry->outcome);
        return;
    }
    if (weight > weights[inquiry->best])
        inquiry->best = inquiry->outcome;
    try_next(inquiry);
}

static void on_event(struct watcher *watcher, enum loop_event event)
{
    struct inquiry *inquiry = OWNER_OF(watcher, struct inquiry, watcher);
    if (inquiry->end_ms == 0) { /* left here by resolve_ask */
        int64_t tries = (int64_t)inquiry->resolve->count * RESOLVE_TRIES;
        inquiry->end_ms = port_now_ms() + tries * RESOLVE_TRY_MS;
        ask_name(inquiry);
        return;
    }
    int descriptor = watcher->descriptor;
    if (event == LOOP_READY)
        ares_process_fd(inquiry->channel, watcher->want_read ? descriptor : ARES_SOCKET_BAD,
                        watcher->want_write ? descriptor : ARES_SOCKET_BAD);
    else if (inquiry->outcome == ANSWER_PENDING)
        inquiry->outcome = ANSWER_TIMED_OUT;
    if (inquiry->outcome != ANSWER_PENDING)
        end_try(inquiry);
}

/* ---- for the askers ---- */

static void write_server(const struct address *resolver, char into[SERVER_MAX])
{
    char address[ADDRESS_TEXT_MAX];
    port_address_text(resolver, address);
    bool v6 = resolver->family == FAMILY_V6;
    struct text text;
    text_begin(&text, into, SERVER_MAX);
    text_add_format(&text, v6 ? "[%s]:%u" : "%s:%u", address, (unsigned)resolver->port);
    assert(!text.overflow);
}

struct resolve *resolve_begin(struct loop *loop, struct arena *arena,
                              const struct address *resolvers, size_t count)
{
    size_t slot = 0;
    while (slot < RESOLVES_MAX && slots[slot].begun)
        slot++;
    assert(slot < RESOLVES_MAX && count > 0);
    if (ares_library_init(ARES_LIB_INIT_ALL) != ARES_SUCCESS)
        return NULL;
    struct resolve *resolve = &slots[slot];
    memset(resolve, 0, sizeof *resolve);
    resolve->begun = true;
    resolve->loop = loop;
    resolve->arena = arena;
    resolve->count = count < RESOLVERS_MAX ? count : RESOLVERS_MAX;
    for (size_t i = 0; i < resolve->count; i++)
        write_server(&resolvers[i], resolve->servers[i]);
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
    assert(!question->under_way);
    struct slice absolute = slice_of(name);
    if (slice_ends_nocase(absolute, "."))
        absolute.len--;
    struct inquiry *inquiry = free_inquiry(resolve);
    if (inquiry == NULL || absolute.len == 0 || absolute.len >= RESOLVE_NAME_MAX)
        return false;
    const char *kept = text_copy(resolve->arena, absolute);
    struct answer *answer = ARENA_NEW(resolve->arena, struct answer);
    if (kept == NULL || answer == NULL)
        return false;

    int64_t now_ms = port_now_ms();
    *inquiry = (struct inquiry){
        .resolve = resolve,
        .answer = answer,
        .name = kept,
        .watcher = { .descriptor = -1, .deadline_ms = now_ms, .call = on_event },
    };
    if (!loop_watch(resolve->loop, &inquiry->watcher))
        return false;
    *question = (struct question){
        .name = kept,
        .type = type,
        .call = call,
        .asker = asker,
        .resolve = resolve,
        .asked_ms = now_ms,
        .under_way = true,
    };
    inquiry->question = question;
    return true;
}

unsigned resolve_asked(const struct resolve *resolve)
{
    return resolve->asked;
}

bool resolve_all_silent(const struct resolve *resolve)
{
    for (size_t i = 0; i < resolve->count; i++)
        if (resolve->heard[i])
            return false;
    return resolve->asked > 0;
}

bool resolve_heard(const struct resolve *resolve, size_t resolver)
{
    return resolver < resolve->count && resolve->heard[resolver];
}

void resolve_finish(struct resolve *resolve)
{
    if (resolve == NULL)
        return;
    for (size_t i = 0; i < RESOLVE_QUESTIONS_MAX; i++) {
        struct inquiry *inquiry = &resolve->inquiries[i];
        if (inquiry->question == NULL)
            continue;
        hang_up(inquiry);
        loop_forget(resolve->loop, &inquiry->watcher);
        inquiry->question->under_way = false;
        inquiry->question = NULL;
    }
    resolve->begun = false;
    ares_library_cleanup();
}
