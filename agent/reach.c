/* SPDX-License-Identifier: MIT */
#include "reach.h"

#include <string.h>

/* ---- what went wrong ---- */

static const char *verdict_words(enum trust_verdict verdict)
{
    switch (verdict) {
    case TRUST_GOOD:
        break;
    case TRUST_CLOCK_UNSET:
        return "this device's clock is not set, so the broker's certificate cannot be judged";
    case TRUST_EXPIRED:
        return "the broker's certificate has expired";
    case TRUST_NOT_YET_VALID:
        return "the broker's certificate is not yet valid";
    case TRUST_NAME_MISMATCH:
        return "the broker's certificate is for another name";
    case TRUST_CHAIN_INCOMPLETE:
        return "the broker does not send the certificates between its own and the root";
    case TRUST_UNKNOWN_ROOT:
        return "the broker's certificate comes from an authority that is not trusted";
    case TRUST_SELF_SIGNED:
        return "the broker's certificate is self-signed and not trusted";
    case TRUST_WEAK:
        return "the broker's certificate or its signature is too weak";
    case TRUST_BUNDLE_TROUBLE:
        return "the file of trusted authorities cannot be used";
    }
    return "";
}

static enum uplink_trouble trouble_of(const struct wire *wire)
{
    switch (wire->trouble) {
    case WIRE_FINE:
        break;
    case WIRE_REFUSED:
        return UPLINK_REFUSED;
    case WIRE_UNREACHABLE:
        return UPLINK_UNREACHABLE;
    case WIRE_CLOSED:
        return wire->alerted ? UPLINK_CERTIFICATE : UPLINK_CLOSED;
    case WIRE_TLS_PROTOCOL:
    case WIRE_TLS_HANDSHAKE:
        return UPLINK_PROTOCOL;
    case WIRE_TLS_NOT_TRUSTED:
        return UPLINK_CERTIFICATE;
    case WIRE_TLS_PIN:
        return UPLINK_PIN;
    case WIRE_TLS_IDENTITY:
        return UPLINK_CERTIFICATE;
    case WIRE_DEVICE:
        return UPLINK_DEVICE;
    }
    return UPLINK_CLOSED;
}

enum uplink_trouble reach_trouble(const struct reach *reach, char into_words[REACH_WORDS_MAX])
{
    const struct wire *wire = &reach->wire;
    const char *words = wire->words;
    if (wire->trouble == WIRE_TLS_NOT_TRUSTED)
        words = verdict_words(wire->verdict);
    else if (wire->alerted)
        words = reach->identity.certificate[0] == '\0'
                    ? "the broker ended TLS: it demands a certificate (broker_certificate)"
                    : "the broker ended TLS: it does not take our certificate";
    text_put_string(into_words, REACH_WORDS_MAX, words);
    return trouble_of(wire);
}

/* ---- the attempt ---- */

static void finish(struct reach *reach, enum uplink_trouble trouble, const char *words)
{
    char kept[REACH_WORDS_MAX];
    text_put_string(kept, sizeof kept, words);
    loop_forget(reach->loop, &reach->watcher);
    if (trouble != UPLINK_FINE)
        reach_end(reach);
    reach->state = UPLINK_OFF;
    reach->done(reach->owner, trouble, kept);
}

static void await(struct reach *reach, enum io io)
{
    reach->watcher.descriptor = reach->wire.descriptor;
    reach->watcher.want_read = io == IO_READ;
    reach->watcher.want_write = io == IO_WRITE;
}

static void dial_next(struct reach *reach)
{
    wire_close(&reach->wire);
    if (reach->next == reach->count) {
        finish(reach, reach->trouble, reach->words);
        return;
    }
    wire_begin(&reach->wire);
    reach->wire.identity = &reach->identity;
    reach->state = UPLINK_DIALLING;
    int64_t now_ms = port_now_ms();
    reach->watcher.descriptor = -1;
    reach->watcher.want_read = reach->watcher.want_write = false;
    reach->watcher.deadline_ms = now_ms; /* the loop dials: `done` is never called from within */
}

static void address_failed(struct reach *reach, enum uplink_trouble trouble, const char *words)
{
    reach->trouble = trouble;
    text_put_string(reach->words, sizeof reach->words, words);
    reach->next++;
    dial_next(reach);
}

/* Other addresses of a broker whose certificate or TLS is wrong have the same: only one that cannot
   be reached, or hangs up, makes way for the next. */
static void wire_failed(struct reach *reach)
{
    char words[REACH_WORDS_MAX];
    enum uplink_trouble trouble = reach_trouble(reach, words);
    switch (reach->wire.trouble) {
    case WIRE_REFUSED:
    case WIRE_UNREACHABLE:
    case WIRE_CLOSED:
        address_failed(reach, trouble, words);
        break;
    case WIRE_FINE:
    case WIRE_DEVICE:
    case WIRE_TLS_PROTOCOL:
    case WIRE_TLS_HANDSHAKE:
    case WIRE_TLS_NOT_TRUSTED:
    case WIRE_TLS_PIN:
    case WIRE_TLS_IDENTITY:
        finish(reach, trouble, words);
        break;
    }
}

static void secure(struct reach *reach)
{
    enum io io = wire_secure(&reach->wire, reach->broker.host, &reach->trust);
    if (io == IO_DONE) {
        finish(reach, UPLINK_FINE, "");
    } else if (io != IO_FAILED) {
        await(reach, io);
    } else if (reach->wire.failed_by_pss && !reach->wire.without_pss) {
        dial_next(reach);
        reach->wire.without_pss = true;
    } else {
        wire_failed(reach);
    }
}

static void dial(struct reach *reach)
{
    enum io io = wire_dial(&reach->wire, &reach->addresses[reach->next]);
    if (io == IO_FAILED) {
        wire_failed(reach);
    } else if (io != IO_DONE) {
        await(reach, io);
    } else if (!reach->broker.secured) {
        finish(reach, UPLINK_FINE, "");
    } else {
        reach->state = UPLINK_SECURING;
        reach->watcher.deadline_ms = port_now_ms() + REACH_SECURE_MS;
        secure(reach);
    }
}

static void on_dialling(struct reach *reach, enum loop_event event)
{
    bool begins = reach->wire.descriptor < 0;
    if (begins)
        reach->watcher.deadline_ms = port_now_ms() + REACH_DIAL_MS;
    if (begins || event == LOOP_READY)
        dial(reach);
    else
        address_failed(reach, UPLINK_TIMED_OUT, "the broker's address does not answer");
}

/* ---- the name ---- */

static void add_addresses(struct reach *reach, const struct answer *answer)
{
    for (size_t i = 0; i < answer->count && reach->count < REACH_ADDRESSES_MAX; i++) {
        struct address *address = &reach->addresses[reach->count++];
        *address = answer->records[i].address;
        address->port = reach->broker.port;
    }
}

static bool says_there_is_none(enum answer_status status)
{
    return status == ANSWER_NODATA || status == ANSWER_NXDOMAIN;
}

static void on_answer(struct question *question)
{
    struct reach *reach = question->asker;
    if (++reach->answered < reach->asked)
        return;
    bool none = true;
    for (size_t i = 0; i < reach->asked; i++) {
        const struct answer *answer = reach->questions[i].answer;
        if (answer->status == ANSWER_RECORDS)
            add_addresses(reach, answer);
        none = none && says_there_is_none(answer->status);
    }
    enum answer_status status = reach->questions[0].answer->status;
    resolve_finish(reach->resolve);
    reach->resolve = NULL;
    if (reach->count > 0)
        dial_next(reach);
    else if (none)
        finish(reach, UPLINK_NAME_UNKNOWN, "the broker's name has no address");
    else
        finish(reach, UPLINK_NO_RESOLVER, answer_status_name(status));
}

static size_t read_resolvers(const struct settings *settings, struct address into[RESOLVERS_MAX])
{
    const struct setting_list *list = &settings->resolvers;
    size_t count = 0;
    for (size_t i = 0; i < list->count && count < RESOLVERS_MAX; i++)
        if (port_address_read(list->value[i], &into[count]))
            into[count++].port = 53;
    return count > 0 ? count : port_resolvers(into, RESOLVERS_MAX);
}

static void ask(struct reach *reach, enum record_type type)
{
    if (resolve_ask(reach->resolve, &reach->questions[reach->asked], reach->broker.host, type,
                    on_answer, reach))
        reach->asked++;
}

static void look_up(struct reach *reach)
{
    struct address resolvers[RESOLVERS_MAX];
    size_t count = read_resolvers(reach->settings, resolvers);
    if (count == 0) {
        finish(reach, UPLINK_NO_RESOLVER, "this device knows no resolver");
        return;
    }
    arena_begin(&reach->arena, reach->memory, sizeof reach->memory);
    memset(reach->questions, 0, sizeof reach->questions);
    reach->resolve = resolve_begin(reach->loop, &reach->arena, resolvers, count);
    if (reach->resolve != NULL) {
        ask(reach, RECORD_A);
        if (port_family_usable(FAMILY_V6))
            ask(reach, RECORD_AAAA);
    }
    if (reach->asked == 0)
        finish(reach, UPLINK_DEVICE, "no room to look up the broker's name");
}

/* Addresses that need no resolver: one that is written as such, and this very device. */
static void add_known(struct reach *reach)
{
    static const char *const local[] = { "127.0.0.1", "::1" };
    const char *host = reach->broker.host;
    if (port_address_read(host, &reach->addresses[0])) {
        reach->count = 1;
    } else if (broker_is_local(host)) {
        for (size_t i = 0; i < sizeof local / sizeof *local; i++)
            if (port_address_read(local[i], &reach->addresses[reach->count]))
                reach->count++;
    }
    for (size_t i = 0; i < reach->count; i++)
        reach->addresses[i].port = reach->broker.port;
}

static void on_event(struct watcher *watcher, enum loop_event event)
{
    struct reach *reach = OWNER_OF(watcher, struct reach, watcher);
    if (reach->state == UPLINK_DIALLING) {
        on_dialling(reach, event);
    } else if (reach->state == UPLINK_LOOKING_UP) {
        add_known(reach);
        if (reach->count > 0)
            dial_next(reach);
        else
            look_up(reach);
    } else if (event == LOOP_READY) {
        secure(reach);
    } else {
        address_failed(reach, UPLINK_TIMED_OUT, "the broker accepts connections but no TLS");
    }
}

bool reach_begin(struct reach *reach)
{
    reach_end(reach);
    reach->asked = reach->answered = reach->count = reach->next = 0;
    reach->trouble = UPLINK_UNREACHABLE;
    reach->words[0] = '\0';
    reach->state = UPLINK_LOOKING_UP;
    reach->watcher =
        (struct watcher){ .descriptor = -1, .deadline_ms = port_now_ms(), .call = on_event };
    return loop_watch(reach->loop, &reach->watcher);
}

bool reach_password(struct reach *reach, struct secret *into_secret,
                    char into_words[REACH_WORDS_MAX])
{
    const char *file = reach->settings->broker_password_file;
    struct settings_trouble trouble;
    into_secret->len = 0;
    if (file[0] == '\0')
        return true;
    arena_begin(&reach->arena, reach->memory, sizeof reach->memory);
    if (settings_secret(file, &reach->arena, into_secret, &trouble))
        return true;
    text_put_string(into_words, REACH_WORDS_MAX, trouble.found);
    return false;
}

void reach_end(struct reach *reach)
{
    loop_forget(reach->loop, &reach->watcher);
    resolve_finish(reach->resolve);
    reach->resolve = NULL;
    wire_close(&reach->wire);
    reach->state = UPLINK_OFF;
}

bool reach_open(struct reach *reach, struct loop *loop, const struct settings *settings,
                void (*done)(void *owner, enum uplink_trouble trouble, const char *words),
                void *owner)
{
    memset(reach, 0, sizeof *reach);
    wire_begin(&reach->wire);
    reach->loop = loop;
    reach->settings = settings;
    reach->done = done;
    reach->owner = owner;
    reach->identity = (struct wire_identity){ .certificate = settings->broker_certificate,
                                              .key = settings->broker_key,
                                              .pin = settings->broker_pin };
    if (!broker_read(slice_of(settings->broker), &reach->broker))
        return false;
    const char *bundle =
        settings->broker_ca_file[0] != '\0' ? settings->broker_ca_file : settings->ca_file;
    if (reach->broker.secured)
        (void)trust_begin(&reach->trust, bundle); /* it is in the log, and tried again at need */
    return true;
}
