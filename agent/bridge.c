/* SPDX-License-Identifier: MIT */
#include "bridge.h"

#include <string.h>

#define USER         "gatepost"
#define FLUSH_MS     2000 /* patience for a side that does not take the last bytes of the other */
#define ROUNDS_MAX   32   /* of copying, before other watchers of the loop have their turn */
#define EXPECTED_MAX 256
#define CALLS_MAX    32 /* taken in one turn of the loop */

static const char accepted[] = "HTTP/1.1 200 OK\r\n\r\n";
static const char declined[] = "HTTP/1.1 403 Forbidden\r\n\r\n";

/* ---- who calls ---- */

/* The whole request, as the library writes it. */
static struct slice expected_request(const struct bridge *bridge, char into[EXPECTED_MAX])
{
    char pair[sizeof USER + BRIDGE_SECRET_SIZE];
    struct text request;
    text_put_format(pair, sizeof pair, USER ":%s", bridge->secret);
    text_begin(&request, into, EXPECTED_MAX);
    text_add_string(&request, "CONNECT " BRIDGE_TARGET " HTTP/1.1\r\nHost: broker.invalid\r\n"
                              "Proxy-authorization: Basic ");
    text_add_base64(&request, slice_of(pair));
    text_add_string(&request, "\r\n\r\n");
    text_wipe(pair, sizeof pair);
    return text_slice(&request);
}

/* Equal, in time that does not depend on the bytes: a guesser learns nothing from how long it took.
 */
static bool same_bytes(const char *a, const char *b, size_t len)
{
    unsigned difference = 0;
    for (size_t i = 0; i < len; i++)
        difference |= (unsigned)(unsigned char)a[i] ^ (unsigned)(unsigned char)b[i];
    return difference == 0;
}

static void drop_caller(struct bridge_caller *caller)
{
    struct watcher *watcher = &caller->watcher;
    loop_forget(caller->bridge->loop, watcher);
    if (watcher->descriptor >= 0)
        port_socket_close(watcher->descriptor);
    watcher->descriptor = -1;
    text_wipe(caller->request, sizeof caller->request);
}

static void decline(struct bridge_caller *caller)
{
    int descriptor = caller->watcher.descriptor;
    size_t count, room = sizeof caller->request;
    if (descriptor < 0)
        return;
    /* What is left unread would make the kernel take the answer back. */
    enum socket_result result = port_socket_receive(descriptor, caller->request, room, &count);
    if (result == SOCKET_DONE || result == SOCKET_WAIT)
        result = port_socket_send(descriptor, declined, sizeof declined - 1, &count);
    (void)result; /* a courtesy: no second try */
    drop_caller(caller);
}

static void stop_listening(struct bridge *bridge)
{
    loop_forget(bridge->loop, &bridge->listener);
    if (bridge->listener.descriptor >= 0)
        port_socket_close(bridge->listener.descriptor);
    bridge->listener.descriptor = -1;
}

static void end(struct bridge *bridge, enum bridge_end how)
{
    bridge_close(bridge);
    bridge->ended(bridge->owner, how);
}

static void on_traffic(struct watcher *watcher, enum loop_event event);
static void on_local(struct watcher *watcher, enum loop_event event);

/* Its socket becomes ours; the port and all other callers go. */
static void accept_caller(struct bridge *bridge, struct bridge_caller *caller)
{
    size_t sent = 0;
    int descriptor = caller->watcher.descriptor;
    enum socket_result result = port_socket_send(descriptor, accepted, sizeof accepted - 1, &sent);
    if (result != SOCKET_DONE || sent != sizeof accepted - 1) {
        drop_caller(caller);
        return;
    }
    caller->watcher.descriptor = -1;
    drop_caller(caller);
    stop_listening(bridge);
    for (size_t i = 0; i < BRIDGE_CALLERS_MAX; i++)
        drop_caller(&bridge->callers[i]);
    text_wipe(bridge->secret, sizeof bridge->secret);
    int64_t now_ms = port_now_ms();
    bridge->local =
        (struct watcher){ .descriptor = descriptor, .deadline_ms = LOOP_NEVER, .call = on_local };
    bridge->remote = (struct watcher){ .descriptor = bridge->wire->descriptor,
                                       .deadline_ms = now_ms,
                                       .call = on_traffic };
    if (!loop_watch(bridge->loop, &bridge->local) || !loop_watch(bridge->loop, &bridge->remote))
        end(bridge, BRIDGE_NOBODY);
}

/* Whoever has sent a byte that ours would not has nothing to wait for. */
static void judge_request(struct bridge *bridge, struct bridge_caller *caller)
{
    char bytes[EXPECTED_MAX];
    struct slice expected = expected_request(bridge, bytes);
    bool ours =
        caller->len <= expected.len && same_bytes(caller->request, expected.at, caller->len);
    bool whole = caller->len == expected.len;
    text_wipe(bytes, sizeof bytes);
    if (!ours)
        decline(caller);
    else if (whole)
        accept_caller(bridge, caller);
}

static void on_caller(struct watcher *watcher, enum loop_event event)
{
    (void)event;
    struct bridge_caller *caller = OWNER_OF(watcher, struct bridge_caller, watcher);
    size_t got, room = sizeof caller->request - caller->len;
    enum socket_result result = SOCKET_RESET;
    if (room > 0)
        result =
            port_socket_receive(watcher->descriptor, caller->request + caller->len, room, &got);
    if (result == SOCKET_WAIT)
        return;
    if (result != SOCKET_DONE) {
        drop_caller(caller);
        return;
    }
    caller->len += got;
    judge_request(caller->bridge, caller);
}

/* A free slot, or that of the caller that has been silent the longest. */
static struct bridge_caller *slot_for_caller(struct bridge *bridge)
{
    struct bridge_caller *oldest = &bridge->callers[0];
    for (size_t i = 0; i < BRIDGE_CALLERS_MAX; i++) {
        struct bridge_caller *caller = &bridge->callers[i];
        if (caller->watcher.descriptor < 0)
            return caller;
        if (caller->since_ms < oldest->since_ms)
            oldest = caller;
    }
    drop_caller(oldest);
    return oldest;
}

/* The secret decides; but who is not even of this process is not given the time to hold a slot. */
static bool take_call(struct bridge *bridge)
{
    int descriptor;
    if (port_socket_accept(bridge->listener.descriptor, &descriptor) != SOCKET_DONE)
        return false;
    if (!port_socket_is_own(descriptor)) {
        port_socket_close(descriptor);
        return true;
    }
    struct bridge_caller *caller = slot_for_caller(bridge);
    caller->len = 0;
    caller->since_ms = port_now_ms();
    caller->watcher = (struct watcher){
        .descriptor = descriptor, .want_read = true, .deadline_ms = LOOP_NEVER, .call = on_caller
    };
    if (!loop_watch(bridge->loop, &caller->watcher))
        drop_caller(caller);
    return true;
}

static void on_call(struct watcher *watcher, enum loop_event event)
{
    struct bridge *bridge = OWNER_OF(watcher, struct bridge, listener);
    if (event == LOOP_DEADLINE) {
        end(bridge, BRIDGE_NOBODY);
        return;
    }
    for (int calls = 0; calls < CALLS_MAX && take_call(bridge);)
        calls++;
}

/* ---- what passes ---- */

static enum io io_of(enum socket_result result, enum io waiting)
{
    if (result == SOCKET_DONE)
        return IO_DONE;
    return result == SOCKET_WAIT ? waiting : IO_FAILED;
}

/* Takes from the source what there is room for. True when something came. */
static bool fill(struct bridge *bridge, struct bridge_pipe *pipe)
{
    size_t got = 0, room = sizeof pipe->bytes - pipe->len;
    pipe->source = IO_DONE;
    if (pipe->ended || room == 0)
        return false;
    if (pipe == &bridge->down)
        pipe->source = wire_receive(bridge->wire, pipe->bytes + pipe->len, room, &got);
    else
        pipe->source = io_of(
            port_socket_receive(bridge->local.descriptor, pipe->bytes + pipe->len, room, &got),
            IO_READ);
    if (pipe->source == IO_FAILED)
        pipe->ended = true;
    if (pipe->source != IO_DONE)
        return false;
    pipe->len += got;
    pipe->moved += got;
    return true;
}

/* Gives to the sink what is held. True when something went. */
static bool drain(struct bridge *bridge, struct bridge_pipe *pipe)
{
    size_t sent = 0;
    pipe->sink = IO_DONE;
    if (pipe->len == 0)
        return false;
    if (pipe->offered == 0)
        pipe->offered = pipe->len;
    if (pipe == &bridge->up)
        pipe->sink = wire_send(bridge->wire, (struct slice){ pipe->bytes, pipe->offered }, &sent);
    else
        pipe->sink =
            io_of(port_socket_send(bridge->local.descriptor, pipe->bytes, pipe->offered, &sent),
                  IO_WRITE);
    if (pipe->sink != IO_DONE)
        return false;
    pipe->offered = 0;
    pipe->len -= sent;
    memmove(pipe->bytes, pipe->bytes + sent, pipe->len);
    return true;
}

/* What the wire still brings for a caller that has closed is nobody's; what a wire that has ended
   brought is delivered first, for it may hold the reason. */
static void await(struct bridge *bridge, bool more)
{
    struct bridge_pipe *up = &bridge->up, *down = &bridge->down;
    bridge->local.want_read = up->source == IO_READ;
    bridge->local.want_write = down->sink == IO_WRITE;
    bridge->remote.want_read = down->source == IO_READ || up->sink == IO_READ;
    bridge->remote.want_write = down->source == IO_WRITE || up->sink == IO_WRITE;
    int64_t now_ms = port_now_ms();
    bridge->remote.deadline_ms = more ? now_ms : LOOP_NEVER;
    bool flushing = up->ended || down->ended || up->sink == IO_FAILED;
    if (flushing && bridge->local.deadline_ms == LOOP_NEVER)
        bridge->local.deadline_ms = now_ms + FLUSH_MS;
}

static void copy(struct bridge *bridge)
{
    struct bridge_pipe *up = &bridge->up, *down = &bridge->down;
    bool more = true;
    for (int round = 0; more && round < ROUNDS_MAX; round++) {
        bool came_up = fill(bridge, up), came_down = fill(bridge, down);
        bool went_up = drain(bridge, up), went_down = drain(bridge, down);
        more = came_up || came_down || went_up || went_down;
    }
    if (down->sink == IO_FAILED || (up->ended && up->len == 0))
        end(bridge, BRIDGE_CALLER);
    else if (down->ended && down->len == 0)
        end(bridge, BRIDGE_PEER);
    else
        await(bridge, more);
}

static void on_traffic(struct watcher *watcher, enum loop_event event)
{
    (void)event; /* a deadline says that there was more than one turn's worth */
    copy(OWNER_OF(watcher, struct bridge, remote));
}

static void on_local(struct watcher *watcher, enum loop_event event)
{
    struct bridge *bridge = OWNER_OF(watcher, struct bridge, local);
    if (event == LOOP_READY)
        copy(bridge);
    else
        end(bridge, bridge->up.ended ? BRIDGE_CALLER : BRIDGE_PEER);
}

/* ---- opening, closing ---- */

static void make_secret(char into[BRIDGE_SECRET_SIZE])
{
    uint8_t bits[(BRIDGE_SECRET_SIZE - 1) / 2];
    port_random(bits, sizeof bits);
    struct text text;
    text_begin(&text, into, BRIDGE_SECRET_SIZE);
    text_add_hex(&text, bits, sizeof bits);
    text_wipe(bits, sizeof bits);
}

bool bridge_open(struct bridge *bridge, struct loop *loop, struct wire *wire,
                 void (*ended)(void *owner, enum bridge_end end), void *owner, uint16_t *into_port)
{
    memset(bridge, 0, sizeof *bridge);
    bridge->loop = loop;
    bridge->wire = wire;
    bridge->ended = ended;
    bridge->owner = owner;
    bridge->listener.descriptor = bridge->local.descriptor = bridge->remote.descriptor = -1;
    for (size_t i = 0; i < BRIDGE_CALLERS_MAX; i++) {
        bridge->callers[i].bridge = bridge;
        bridge->callers[i].watcher.descriptor = -1;
    }
    int descriptor;
    if (port_socket_listen(into_port, &descriptor) != SOCKET_DONE)
        return false;
    make_secret(bridge->secret);
    bridge->listener = (struct watcher){ .descriptor = descriptor,
                                         .want_read = true,
                                         .deadline_ms = port_now_ms() + BRIDGE_CALL_MS,
                                         .call = on_call };
    if (loop_watch(loop, &bridge->listener))
        return true;
    bridge_close(bridge);
    return false;
}

bool bridge_is_open(const struct bridge *bridge)
{
    return bridge->local.descriptor >= 0;
}

void bridge_close(struct bridge *bridge)
{
    if (bridge->loop == NULL)
        return; /* never opened */
    stop_listening(bridge);
    for (size_t i = 0; i < BRIDGE_CALLERS_MAX; i++)
        decline(&bridge->callers[i]);
    loop_forget(bridge->loop, &bridge->local);
    loop_forget(bridge->loop, &bridge->remote);
    if (bridge->local.descriptor >= 0)
        port_socket_close(bridge->local.descriptor);
    bridge->local.descriptor = bridge->remote.descriptor = -1;
    text_wipe(bridge->secret, sizeof bridge->secret);
    text_wipe(bridge->up.bytes, sizeof bridge->up.bytes); /* CONNECT holds the password */
    bridge->up.len = bridge->down.len = 0;
}
