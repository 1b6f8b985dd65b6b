/* SPDX-License-Identifier: MIT */
/* Records about TLS between mail servers: where failures are reported (TLS-RPT), and which
   certificate an MX host must show (DANE). */
#include "parts.h"

#include "../dane.h"
#include "../tls_rpt.h"

#define MX_PORT 25

/* ---- TLS-RPT ---- */

static const struct tls_rpt *reports_of(const struct lane *lane)
{
    return lane->notebook.enquired;
}

static bool find_reports(struct lane *lane)
{
    struct suite *suite = lane->suite;
    struct tls_rpt reports;
    bool known = tls_rpt_find(lookups_ask, &suite->lookups, suite->domain, &reports);
    enum io domain = records_domain(lane);
    if (domain == IO_FAILED)
        return true;
    if (domain == IO_READ || !known)
        return false;
    if (reports.found == POLICY_RECORD_UNKNOWN) {
        records_unknown(lane, REASON_NO_ANSWER);
        return true;
    }
    bool none = reports.found == POLICY_RECORD_NONE;
    ledger_fact(&suite->run->ledger, DNS_TLS_RPT, "record", none ? "none" : "set");
    if (!none)
        records_keep(lane, &reports, sizeof reports);
    return true;
}

static bool reports_can_arrive(const struct lane *lane)
{
    const struct tls_rpt *reports = reports_of(lane);
    return reports->found == POLICY_RECORD_ONE && reports->rua_count > 0 &&
           reports->bad_uri.len == 0;
}

/* ---- DANE ---- */

/* The TLSA records of the domain's MX hosts. */
struct pins {
    size_t hosts, pinned, unusable;
    const char *unusable_host; /* the first; or NULL */
    bool unknown;
};

static const struct pins *pins_of(const struct lane *lane)
{
    return lane->notebook.enquired;
}

static bool is_trusted(const struct suite *suite)
{
    return suite->order->settings->resolver_validates == 1;
}

/* Whether the host's address is authenticated, without which its TLSA records do not count (RFC
   7672 section 2.2). IO_READ while that is on its way. */
static enum io address_is_proved(struct suite *suite, const char *host)
{
    const struct answer *v4 = lookups_ask(&suite->lookups, host, RECORD_A);
    if (v4 == NULL)
        return IO_READ;
    if (v4->status == ANSWER_RECORDS)
        return v4->authenticated ? IO_DONE : IO_FAILED;
    const struct answer *v6 = lookups_ask(&suite->lookups, host, RECORD_AAAA);
    if (v6 == NULL)
        return IO_READ;
    return v6->status == ANSWER_RECORDS && v6->authenticated ? IO_DONE : IO_FAILED;
}

static bool count_pins(struct suite *suite, const char *host, struct pins *pins)
{
    struct dane dane;
    enum io proved = address_is_proved(suite, host);
    if (proved != IO_DONE)
        return proved == IO_FAILED;
    if (!dane_find(lookups_ask, &suite->lookups, host, MX_PORT, &dane))
        return false;
    pins->pinned += dane.state == DANE_READY ? 1 : 0;
    pins->unknown = pins->unknown || dane.state == DANE_UNKNOWN;
    if (dane.state == DANE_UNUSABLE && pins->unusable++ == 0)
        pins->unusable_host = host;
    return true;
}

/* Records that DNSSEC does not prove are passed over by everybody: then nothing more is asked. */
static bool find_pins(struct lane *lane)
{
    struct suite *suite = lane->suite;
    struct pins pins = { .hosts = 0 };
    bool known = true;
    enum io domain = records_domain(lane);
    if (domain != IO_DONE)
        return domain == IO_FAILED;
    const struct answer *mx = lookups_ask(&suite->lookups, suite->domain, RECORD_MX);
    bool proved = mx != NULL && mx->authenticated && mx->status == ANSWER_RECORDS;
    ledger_fact(&suite->run->ledger, DNS_TLSA, "dnssec", proved ? "yes" : "no");
    for (size_t i = 0; proved && i < mx->count && i < SUITE_MX_MAX; i++) {
        pins.hosts++;
        known = count_pins(suite, mx->records[i].name, &pins) && known;
    }
    if (!known)
        return false;
    if (proved)
        ledger_fact(&suite->run->ledger, DNS_TLSA, "hosts", "%zu of %zu", pins.pinned, pins.hosts);
    if (pins.unknown && pins.unusable == 0)
        records_unknown(lane, REASON_NO_ANSWER);
    records_keep(lane, &pins, sizeof pins);
    return true;
}

static bool every_pin_is_usable(const struct lane *lane)
{
    return pins_of(lane)->unusable == 0;
}

/* ---- DANE, at the host itself ---- */

static const struct dane *own_pins_of(const struct lane *lane)
{
    return lane->notebook.enquired;
}

static bool find_own_pins(struct lane *lane)
{
    struct suite *suite = lane->suite;
    struct dane dane = { .state = DANE_NONE };
    enum io proved = address_is_proved(suite, lane->endpoint.host);
    if (proved == IO_READ)
        return false;
    if (proved == IO_DONE &&
        !dane_find(lookups_ask, &suite->lookups, lane->endpoint.host, lane->endpoint.port, &dane))
        return false;
    records_keep(lane, &dane, sizeof dane);
    return true;
}

/* Whether the certificate's hashes, which are all that is kept of it, can decide: a record that
   pins an authority, or holds the whole of something, may match all the same. */
static bool is_decided_by_hash(const struct answer *answer)
{
    for (size_t i = 0; i < answer->count; i++) {
        const struct record *record = &answer->records[i];
        if (dane_usable(record) && (record->usage == DANE_TA || record->matching == DANE_FULL))
            return false;
    }
    return true;
}

static bool certificate_is_pinned(const struct lane *lane)
{
    const struct dane *dane = own_pins_of(lane);
    const struct prints *prints = &lane->dialogue.wire.prints;
    struct dane_certificate leaf = { 0 };
    if (dane == NULL || dane->state != DANE_READY || !prints->known || !lane->dialogue.wire.secured)
        return true;
    for (size_t i = 0; i < DANE_SELECTORS; i++) {
        leaf.form[i][DANE_SHA2_256] =
            (struct slice){ (const char *)prints->sha256[i], sizeof prints->sha256[i] };
        leaf.form[i][DANE_SHA2_512] =
            (struct slice){ (const char *)prints->sha512[i], sizeof prints->sha512[i] };
    }
    return dane_match(dane->answer, &leaf, 1) != NULL || !is_decided_by_hash(dane->answer);
}

/* ---- scripts ---- */

/* clang-format off */
static const struct step reports_enquiry[] = {
    ENQUIRE(find_reports),
    END
};
static const struct step reports_judgement[] = {
    JUDGE  (reports_can_arrive,    DNS_TLS_RPT_INVALID),
    END
};
static const struct step pins_enquiry[] = {
    ENQUIRE(find_pins),
    END
};
static const struct step pins_judgement[] = {
    JUDGE  (every_pin_is_usable,   DNS_TLSA_UNUSABLE),
    END
};
static const struct step own_pins_enquiry[] = {
    ENQUIRE(find_own_pins),
    END
};
static const struct step own_pins_judgement[] = {
    NOTE   (certificate_is_pinned, DNS_TLSA_MISMATCH),
    END
};
/* clang-format on */

static const struct step *choose_reports(struct lane *lane)
{
    return records_choose(lane, reports_enquiry, reports_judgement);
}

/* The AD bit is worth as much as the resolver and the way to it: the settings say whether that is
   something. */
static const struct step *choose_pins(struct lane *lane)
{
    if (is_trusted(lane->suite))
        return records_choose(lane, pins_enquiry, pins_judgement);
    records_unknown(lane, REASON_NOT_CONFIGURED);
    return NULL;
}

static const struct step *choose_own_pins(struct lane *lane)
{
    const struct answer *mx = lane->suite->mx;
    if (!is_trusted(lane->suite) || mx == NULL || !mx->authenticated)
        return NULL;
    return records_choose(lane, own_pins_enquiry, own_pins_judgement);
}

static void dress_reports(struct lane *lane, struct raised *raised)
{
    const struct tls_rpt *reports = reports_of(lane);
    if (reports == NULL)
        return;
    const char *name = text_format(lane->suite->arena, "_smtp._tls.%s", lane->suite->domain);
    struct slice words = reports->bad_uri.len > 0 ? reports->bad_uri : reports->record.text;
    records_show(lane, raised, name, words);
}

static void write_pins(const struct answer *answer, struct text *text)
{
    for (size_t i = 0; answer != NULL && i < answer->count; i++) {
        const struct record *record = &answer->records[i];
        text_add_format(text, "%s%u %u %u ", i > 0 ? ", " : "", (unsigned)record->usage,
                        (unsigned)record->selector, (unsigned)record->matching);
        text_add_hex(text, record->text.at, record->text.len < 8 ? record->text.len : 8);
        text_add_string(text, record->text.len > 8 ? "..." : "");
    }
}

static void show_pins(struct lane *lane, struct raised *raised, const char *host)
{
    struct dane dane = { .answer = NULL };
    char room[EVIDENCE_SAID_MAX];
    struct text text;
    bool known = dane_find(lookups_ask, &lane->suite->lookups, host, MX_PORT, &dane);
    text_begin(&text, room, sizeof room);
    write_pins(known ? dane.answer : NULL, &text);
    const char *name = text_format(lane->suite->arena, "_25._tcp.%s", host);
    records_show(lane, raised, name, text_slice(&text));
    raised->params.value[PARAM_HOST] = host;
}

static void dress_pins(struct lane *lane, struct raised *raised)
{
    const struct pins *pins = pins_of(lane);
    if (pins != NULL && pins->unusable_host != NULL)
        show_pins(lane, raised, pins->unusable_host);
}

static void dress_own_pins(struct lane *lane, struct raised *raised)
{
    if (raised->finding == DNS_TLSA_MISMATCH)
        show_pins(lane, raised, lane->endpoint.host);
}

const struct part part_tls_rpt = { choose_reports, dress_reports, NULL,
                                   SCRIPTS(reports_enquiry, reports_judgement) };
const struct part part_tlsa = { choose_pins, dress_pins, NULL,
                                SCRIPTS(pins_enquiry, pins_judgement) };
const struct part part_mx_dane = { choose_own_pins, dress_own_pins, NULL,
                                   SCRIPTS(own_pins_enquiry, own_pins_judgement) };
