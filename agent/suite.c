/* SPDX-License-Identifier: MIT */
#include "suite.h"

#include "controls.h"
#include "credentials.h"
#include "gate.h"
#include "judgement_office.h"
#include "log.h"
#include "policies.h"
#include "scope.h"

#include <string.h>

#define TICK_MS 1000

/* ---- beginning ---- */

/* A name that servers take for one: many refuse EHLO with a bare host name (RFC 5321
 * section 4.1.1.1 wants a domain). */
static const char *helo_name(struct arena *arena)
{
    char host[256];
    port_host_name(host, sizeof host);
    const char *format = strchr(host, '.') != NULL ? "%s"
                         : host[0] != '\0'         ? "%s.localdomain"
                                                   : "gateway.localdomain%s";
    const char *name = text_format(arena, format, host);
    return name == NULL ? "gateway.localdomain" : name;
}

static void on_answer(void *owner)
{
    struct suite *suite = owner;
    for (size_t i = 0; i < suite->lane_count; i++)
        suite->lanes[i].ready = true;
}

static void on_probe(struct question *question)
{
    on_answer(question->asker);
}

static void begin_lookups(struct suite *suite)
{
    struct probes *probes = &suite->probes;
    probes->resolver_count =
        settings_resolvers(suite->order->settings, probes->resolvers, RESOLVERS_MAX);
    if (probes->resolver_count == 0)
        probes->resolvers[probes->resolver_count++] =
            (struct address){ .family = FAMILY_V4, .bytes = { 127, 0, 0, 1 }, .port = 53 };
    struct resolve *resolve =
        resolve_begin(suite->loop, suite->arena, probes->resolvers, probes->resolver_count);
    lookups_begin(&suite->lookups, resolve, on_answer, suite);
    probes_begin(probes, suite->loop, suite->arena, on_probe, suite);
}

static void begin_parcels(struct suite *suite)
{
    const struct account_settings *account = suite->order->account;
    const char *to = account->peer_address[0] != '\0' ? account->peer_address : account->address;
    to = account->test_mail_to[0] != '\0' ? account->test_mail_to : to;
    parcel_new_mark(suite->mark);
    parcel_begin(&suite->parcels[PARCEL_OUT], PARCEL_OUT, suite->mark, account->address, to);
    parcel_begin(&suite->parcels[PARCEL_IN], PARCEL_IN, suite->mark, "", account->address);
    if (suite->asked & CHECK_BIT(MAIL_SEND))
        suite->parcels[PARCEL_OUT].state = PARCEL_EXPECTED;
    if (suite->asked & CHECK_BIT(MAIL_RECEIVE))
        suite->parcels[PARCEL_IN].state = PARCEL_EXPECTED;
    ledger_fact(&suite->run->ledger, MAIL_SEND, "to", "%s", to);
}

static void begin_budgets(struct suite *suite)
{
    const struct order *order = suite->order;
    const char *directory = settings_state_directory(order->settings, suite->arena);
    if (order->secret->len > 0 &&
        !budget_begin(&suite->budget, directory, order->account->address, order->secret))
        suite->asked &= scope_up_to(COST_LIGHT);
    if (order->peer_secret->len > 0 &&
        !budget_begin(&suite->peer_budget, directory, order->account->peer_address,
                      order->peer_secret))
        text_wipe(order->peer_secret, sizeof *order->peer_secret);
}

void suite_begin(struct suite *suite, const struct order *order, struct loop *loop,
                 struct arena *arena, struct lane *lanes, struct run *run)
{
    uint8_t id[8];
    struct text text;
    memset(suite, 0, sizeof *suite);
    memset(run, 0, sizeof *run);
    suite->order = order;
    suite->loop = loop;
    suite->run = run;
    suite->arena = arena;
    suite->lanes = lanes;
    suite->started_ms = port_now_ms();
    suite->deadline_ms = suite->started_ms + order->settings->suite_deadline_s * 1000;
    ledger_begin(&run->ledger, arena);
    run->started_wall_ms = port_wall_ms();
    run->clock_trusted = port_wall_trusted();
    port_random(id, sizeof id);
    text_begin(&text, run->id, sizeof run->id);
    for (size_t i = 0; i < sizeof id; i++)
        text_add_format(&text, "%02x", id[i]);
    const char *at = strrchr(order->account->address, '@');
    suite->domain = at == NULL ? order->account->address : at + 1;
    suite->login =
        order->account->login[0] != '\0' ? order->account->login : order->account->address;
    suite->helo = helo_name(arena);
    suite->asked = scope_of(order);
    suite->budget.accepted_by = suite->budget.trying = suite->budget.refusal.check = CHECK_COUNT;
    begin_budgets(suite);
    for (enum check check = 0; check < CHECK_COUNT; check++)
        run->ledger.checks[check].asked = (suite->asked & CHECK_BIT(check)) != 0;
    scope_mark(order, &run->ledger);
    begin_parcels(suite);
    begin_lookups(suite);
    loan_begin(suite);
    (void)trust_begin(
        &suite->trust,
        order->settings->ca_file); /* without it every certificate is judged TRUST_BUNDLE_TROUBLE */
}

/* ---- lanes ---- */

struct lane *suite_open(struct suite *suite, enum service service, struct endpoint endpoint,
                        enum family family, size_t rank)
{
    if (suite->lane_count == SUITE_LANES_MAX) {
        suite->run->ledger.dropped++;
        return NULL;
    }
    struct lane *lane = &suite->lanes[suite->lane_count++];
    lane_begin(lane, suite, service, endpoint, family, rank);
    return lane;
}

static bool any_act_asked(const struct suite *suite, enum service service)
{
    for (enum act act = 0; act < ACT_COUNT; act++)
        if (act_row(act)->service == service && (suite->asked & CHECK_BIT(act_row(act)->check)))
            return true;
    return false;
}

/* One lane for each family that this office can use: they are asked and judged apart. With none,
 * IPv4 is tried: the attempt says why. */
static void open_families(struct suite *suite, enum service service, struct endpoint endpoint,
                          size_t rank)
{
    bool v6 = port_family_usable(FAMILY_V6);
    if (endpoint.host == NULL || endpoint.host[0] == '\0' || !any_act_asked(suite, service))
        return;
    if (port_family_usable(FAMILY_V4) || !v6)
        (void)suite_open(suite, service, endpoint, FAMILY_V4,
                         rank); /* too many are counted as dropped */
    if (v6)
        (void)suite_open(suite, service, endpoint, FAMILY_V6, rank);
}

static void open_peer(struct suite *suite)
{
    const struct account_settings *account = suite->order->account;
    struct endpoint imap = { account->peer_imap_host, 993, SECURITY_IMPLICIT };
    struct endpoint submission = { account->peer_submission_host, 587, SECURITY_STARTTLS };
    enum family family = port_family_usable(FAMILY_V4) ? FAMILY_V4 : FAMILY_V6;
    if (suite->order->peer_secret->len == 0 || !(suite->asked & CHECK_BIT(MAIL_SEND)))
        return;
    if (imap.host[0] != '\0')
        (void)suite_open(suite, SERVICE_PEER_IMAP, imap, family, 0); /* as above */
    if (submission.host[0] != '\0')
        (void)suite_open(suite, SERVICE_PEER_SUBMISSION, submission, family, 0);
}

static void open_first(struct suite *suite)
{
    const struct profile *profile = suite->order->profile;
    policies_open(suite);
    open_families(suite, SERVICE_WEBMAIL, profile->webmail, 0);
    open_families(suite, SERVICE_EXCHANGE, profile->exchange, 0);
    open_families(suite, SERVICE_IMAP, profile->imap, 0);
    open_families(suite, SERVICE_POP, profile->pop, 0);
    open_families(suite, SERVICE_SUBMISSION, profile->submission, 0);
    open_peer(suite);
    credentials_open(suite);
}

/* The MX hosts are known: those of this provider are talked to. Foreign ones know nothing of the
 * account. */
static void open_mx(struct suite *suite)
{
    const struct lane *dns = &suite->lanes[0];
    bool decided = loan_has(suite, DNS_MX) || (dns->ended & CHECK_BIT(DNS_MX));
    if (suite->mx_lanes_open || !(decided || dns->state == LANE_OVER))
        return;
    suite->mx_lanes_open = true;
    if (suite->mx == NULL ||
        !(loan_has(suite, DNS_MX) || ledger_passed(&suite->run->ledger, DNS_MX)))
        return;
    for (size_t i = 0, rank = 0; i < suite->mx->count && rank < SUITE_MX_MAX; i++) {
        struct endpoint host = { suite->mx->records[i].name, 25, SECURITY_STARTTLS };
        if (host.host[0] != '\0' && profile_mx_kind(suite->order->profile, host.host) != MX_FOREIGN)
            open_families(suite, SERVICE_MX, host, rank++);
    }
}

bool suite_advance(struct suite *suite)
{
    bool changed = true, open = false;
    while (changed) {
        changed = false;
        gate_settle_parcels(suite);
        for (size_t i = 0; i < suite->lane_count; i++) {
            struct lane *lane = &suite->lanes[i];
            if (lane->state == LANE_WAITING || lane->ready)
                changed = lane_advance(lane) || changed;
        }
        if ((suite->asked & CHECK_BIT(TLS_MX)) && suite->lane_count > 0)
            open_mx(suite);
        changed = controls_open(suite) || changed;
        changed = policies_open_lists(suite) || changed;
        if (!changed)
            changed = loan_heed(suite);
    }
    for (size_t i = 0; i < suite->lane_count; i++)
        open = open || suite->lanes[i].state != LANE_OVER;
    return open;
}

/* ---- ending ---- */

static bool awaits_mail(const struct lane *lane)
{
    return lane->begun && (lane->act == ACT_IMAP_WATCH || lane->act == ACT_PEER_IMAP_WATCH);
}

/* What takes minutes has its own patience: the account's. */
static bool outlives_deadline(const struct lane *lane)
{
    return awaits_mail(lane) || (lane->begun && lane->act == ACT_PROVIDER_DIAGNOSIS);
}

static void abandon(struct suite *suite, enum reason reason, bool all)
{
    for (size_t i = 0; i < suite->lane_count; i++) {
        struct lane *lane = &suite->lanes[i];
        bool spared = outlives_deadline(lane) ||
                      lane->state == LANE_LEAVING; /* a good-bye has deadlines of its own */
        if (all || !spared)
            lane_abandon(lane, reason);
    }
}

/* A host without any address of any family is a fault of the settings or the provider; without one
 * of both, it is none. */
static void tell_missing_hosts(struct suite *suite)
{
    for (size_t i = 0; i < suite->lane_count; i++) {
        struct lane *lane = &suite->lanes[i];
        bool any_address = false;
        for (size_t j = 0; j < suite->lane_count; j++)
            if (suite->lanes[j].service == lane->service && suite->lanes[j].rank == lane->rank)
                any_address = any_address || !suite->lanes[j].no_address;
        if (any_address || lane->service == SERVICE_MX || lane->service == SERVICE_DNS ||
            lane->service == SERVICE_MTA_STS)
            continue;
        lane->act = gate_first_act(lane->service);
        bool peer = lane->service == SERVICE_PEER_IMAP || lane->service == SERVICE_PEER_SUBMISSION;
        (void)lane_raise_for(lane, peer ? PEER_UNUSABLE : DNS_HOST_MISSING, lane_check(lane),
                             slice_of(lane->endpoint.host)); /* once for each check */
    }
}

void suite_finish(struct suite *suite)
{
    struct run *run = suite->run;
    abandon(suite, REASON_DEADLINE, true);
    for (size_t i = 0; i < suite->lane_count; i++)
        run->connections[suite->lanes[i].service] += suite->lanes[i].dialogue.dials;
    tell_missing_hosts(suite);
    policies_judge_issuers(suite);
    loan_fill(suite, LAYER_DOMAIN);
    gate_settle(suite);
    probes_end(&suite->probes);
    run->questions = resolve_asked(suite->lookups.resolve) + suite->probes.asked;
    if (resolve_all_silent(suite->lookups.resolve))
        (void)ledger_raise(&run->ledger, OFFICE_RESOLVER_DEAD, OFFICE_RESOLVER, SERVICE_DNS, "", "",
                           FAMILY_V4, SLICE(""));
    controls_gather(suite);
    judgement_office(&run->ledger, &suite->ground, suite->order->profile);
    loan_fill(suite, LAYER_DEVICE);
    judgement_provider(&run->ledger, suite->domain);
    diagnose(&run->ledger, suite->order->profile, &suite->budget, &run->diagnosis);
    resolve_finish(suite->lookups.resolve);
    if (suite->order->secret->len > 0)
        budget_end(&suite->budget);
    if (suite->order->peer_secret->len > 0)
        budget_end(&suite->peer_budget);
    credentials_wipe(suite);
    run->finished_wall_ms = port_wall_ms();
    run->duration_ms = port_now_ms() - suite->started_ms;
}

/* ---- the run ---- */

static void on_tick(struct watcher *watcher, enum loop_event event)
{
    (void)event; /* only to come back and look at the time */
    watcher->deadline_ms = port_now_ms() + TICK_MS;
}

static void show_progress(const struct suite *suite, progress_fn *show)
{
    struct progress progress = { .what = "", .waiting = "" };
    char step[64] = "";
    const struct lane *slowest = NULL;
    for (size_t i = 0; i < suite->lane_count; i++) {
        const struct lane *lane = &suite->lanes[i];
        bool busy = lane->state == LANE_PLAYING || (lane->begun && lane->state == LANE_WAITING);
        if (busy && (slowest == NULL || lane->since_ms < slowest->since_ms))
            slowest = lane;
    }
    if (slowest != NULL) {
        step_text(slowest->dialogue.step, step, sizeof step);
        progress.what = check_row(lane_check(slowest))->slug;
        progress.waiting = awaits_mail(slowest) ? "" : step;
        progress.since_ms = slowest->since_ms;
    }
    for (enum check check = 0; check < CHECK_COUNT; check++) {
        progress.asked += suite->run->ledger.checks[check].asked;
        progress.done += suite->run->ledger.checks[check].asked &&
                         suite->run->ledger.checks[check].status != STATUS_PENDING;
    }
    show(&progress, &suite->run->ledger);
}

/* A resolver on this very device needs no link to be asked. */
static bool asks_itself(const struct suite *suite)
{
    for (size_t i = 0; i < suite->probes.resolver_count; i++)
        if (ground_is_loopback(&suite->probes.resolvers[i]))
            return true;
    return false;
}

void suite_start(struct suite *suite)
{
    for (enum family family = FAMILY_V4; family <= FAMILY_V6; family++)
        port_link_facts(family, &suite->ground.link[family]);
    bool asked = (suite->asked & CHECK_BIT(OFFICE_LINK)) != 0;
    if (asked && !asks_itself(suite) && judgement_no_link(&suite->run->ledger, &suite->ground))
        return;
    if (suite->lookups.resolve != NULL)
        open_first(suite);
}

bool suite_step(struct suite *suite)
{
    if (port_now_ms() >= suite->deadline_ms)
        abandon(suite, REASON_DEADLINE, false);
    return suite_advance(suite);
}

void suite_interrupt(struct suite *suite)
{
    suite->run->interrupted = true;
    abandon(suite, REASON_INTERRUPTED, true);
}

void suite_run(const struct order *order, struct arena *arena, progress_fn *show,
               struct run *into_run)
{
    static struct suite suite;
    static struct lane lanes[SUITE_LANES_MAX];
    struct loop loop;
    struct watcher ticker = { .descriptor = -1, .call = on_tick };
    loop_begin(&loop);
    suite_begin(&suite, order, &loop, arena, lanes, into_run);
    on_tick(&ticker, LOOP_DEADLINE);
    if (loop_watch(&loop, &ticker)) /* the first watcher of an empty loop: there is room */
        suite_start(&suite);
    while (suite_step(&suite)) {
        if (show != NULL)
            show_progress(&suite, show);
        if (loop_turn(&loop))
            continue;
        suite_interrupt(&suite);
        break;
    }
    suite_finish(&suite);
}
