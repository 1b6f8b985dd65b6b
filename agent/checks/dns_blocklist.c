/* SPDX-License-Identifier: MIT */
/* Whether the office's address in the internet, or the domain, is on a blocklist (RFC 5782). The
   address is the settings', or what a mail server says it sees (RFC 5321 section 4.1.1.1: many
   greet with it). */
#include "parts.h"

#include "../blocklist.h"
#include "../ground.h"
#include "../pattern.h"
#include "../policies.h"

/* Where one subject, the office's address or the domain, is listed. */
struct listing {
    bool listed;
    char subject[ADDRESS_TEXT_MAX]; /* the first address; "" for the domain */
    char zones[160];                /* the lists, joined */
    struct slice words;             /* of the first */
};

struct listings {
    struct listing address, domain;
    unsigned asked, refused, silent;
    unsigned lines; /* policy lists that hold ordinary lines */
};

static const struct listings *listings_of(const struct lane *lane)
{
    return lane->notebook.enquired;
}

/* Lists of domains, by how such lists are named; the others list addresses. */
static bool lists_domains(const char *zone)
{
    static const char *const patterns[] = { "dbl.*",     "*.dbl.*",     "rhsbl.*",
                                            "*.rhsbl.*", "*.surbl.org", "*.uribl.com" };
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++)
        if (pattern_matches(patterns[i], slice_of(zone)))
            return true;
    return false;
}

/* ---- the office's address ---- */

/* "250-ex4.mail.ovh.net Hello [192.0.2.2]" */
void keep_public_address(struct lane *lane)
{
    struct suite *suite = lane->suite;
    struct slice rest = lane->dialogue.reply.whole, line, word;
    struct address address;
    char text[ADDRESS_TEXT_MAX];
    if (suite->seen_address_known || !slice_line(&rest, &line))
        return;
    size_t open = slice_find_nocase(line, "[");
    struct slice inside = slice_from(line, open + 1);
    if (open == line.len || !slice_cut(&inside, ']', &word) || word.len >= sizeof text)
        return;
    text_put(text, sizeof text, word);
    if (!port_address_read(text, &address) || !ground_is_public(&address))
        return;
    suite->seen_address = address;
    suite->seen_address_known = true;
}

bool policies_have_subject(const struct suite *suite, size_t rank)
{
    const struct settings *settings = suite->order->settings;
    bool any_domain_list = false, any_address_list = false;
    for (size_t i = 0; i < settings->blocklists.count; i++)
        if (lists_domains(settings->blocklists.value[i]))
            any_domain_list = true;
        else
            any_address_list = true;
    bool told = settings->public_address.count > 0;
    if (rank == 0)
        return any_domain_list || (any_address_list && told);
    return any_address_list && !told && suite->seen_address_known;
}

/* ---- what is asked ---- */

/* Spamhaus keeps, beside the addresses that send spam, those of lines from which nobody is to send
   directly: most offices' and homes', which send through their provider as they should. */
static bool is_ordinary_line(const char *zone, const struct blocklist *result)
{
    bool all = slice_ends_nocase(slice_of(zone), "spamhaus.org") && result->code_count > 0;
    for (size_t i = 0; i < result->code_count; i++)
        all = all && result->code[i][0] == 0 &&
              (result->code[i][1] == 10 || result->code[i][1] == 11);
    return all;
}

static void add_zone(struct listing *listing, const char *zone, const char *subject,
                     struct slice words)
{
    size_t len = slice_of(listing->zones).len;
    text_put_format(listing->zones + len, sizeof listing->zones - len, "%s%s", len > 0 ? ", " : "",
                    zone);
    if (listing->listed)
        return;
    listing->listed = true;
    text_put_string(listing->subject, sizeof listing->subject, subject);
    listing->words = words;
}

static void note(struct listings *listings, const char *zone, const char *subject,
                 const struct blocklist *result)
{
    struct listing *listing = subject[0] != '\0' ? &listings->address : &listings->domain;
    listings->asked++;
    switch (result->state) {
    case BLOCKLIST_CLEAR:
        break;
    case BLOCKLIST_REFUSED:
        listings->refused++;
        break;
    case BLOCKLIST_UNKNOWN:
        listings->silent++;
        break;
    case BLOCKLIST_LISTED:
        if (is_ordinary_line(zone, result))
            listings->lines++;
        else
            add_zone(listing, zone, subject, result->words);
        break;
    }
}

static bool ask_address(struct suite *suite, const struct address *address,
                        struct listings *listings)
{
    const struct setting_list *zones = &suite->order->settings->blocklists;
    char text[ADDRESS_TEXT_MAX];
    struct blocklist result;
    bool all = true;
    port_address_text(address, text);
    for (size_t i = 0; i < zones->count; i++) {
        if (lists_domains(zones->value[i]))
            continue;
        if (blocklist_address(lookups_ask, &suite->lookups, address, zones->value[i], &result))
            note(listings, zones->value[i], text, &result);
        else
            all = false;
    }
    return all;
}

static bool ask_domain(struct suite *suite, struct listings *listings)
{
    const struct setting_list *zones = &suite->order->settings->blocklists;
    struct blocklist result;
    bool all = true;
    for (size_t i = 0; i < zones->count; i++) {
        if (!lists_domains(zones->value[i]))
            continue;
        if (blocklist_domain(lookups_ask, &suite->lookups, suite->domain, zones->value[i], &result))
            note(listings, zones->value[i], "", &result);
        else
            all = false;
    }
    return all;
}

static void keep_facts(struct lane *lane, const struct listings *listings)
{
    struct ledger *ledger = &lane->suite->run->ledger;
    unsigned answered = listings->asked - listings->refused - listings->silent;
    ledger_fact(ledger, DNS_BLOCKLIST, "lists", "%u of %u", answered, listings->asked);
    if (listings->refused > 0)
        ledger_fact(ledger, DNS_BLOCKLIST, "refused", "%u", listings->refused);
    if (listings->lines > 0)
        ledger_fact(ledger, DNS_BLOCKLIST, "line", "on a list of ordinary lines");
    if (answered == 0)
        records_unknown(lane, REASON_NO_ANSWER);
}

static bool ask_lists(struct lane *lane)
{
    struct suite *suite = lane->suite;
    const struct setting_list *told = &suite->order->settings->public_address;
    struct listings listings = { .asked = 0 };
    struct address address;
    bool known = lane->rank > 0 ? ask_address(suite, &suite->seen_address, &listings)
                                : ask_domain(suite, &listings);
    for (size_t i = 0; lane->rank == 0 && i < told->count; i++)
        if (port_address_read(told->value[i], &address))
            known = ask_address(suite, &address, &listings) && known;
    if (!known)
        return false;
    keep_facts(lane, &listings);
    records_keep(lane, &listings, sizeof listings);
    return true;
}

/* ---- judges ---- */

static bool address_is_clear(const struct lane *lane)
{
    return !listings_of(lane)->address.listed;
}

static bool domain_is_clear(const struct lane *lane)
{
    return !listings_of(lane)->domain.listed;
}

/* clang-format off */
static const struct step lists_enquiry[] = {
    ENQUIRE(ask_lists),
    END
};
static const struct step lists_judgement[] = {
    NOTE  (address_is_clear, DNS_BLOCKLIST_LISTED),
    NOTE  (domain_is_clear,  DNS_BLOCKLIST_DOMAIN_LISTED),
    END
};
/* clang-format on */

static const struct step *choose_lists(struct lane *lane)
{
    return records_choose(lane, lists_enquiry, lists_judgement);
}

static void dress_lists(struct lane *lane, struct raised *raised)
{
    struct suite *suite = lane->suite;
    const struct listings *listings = listings_of(lane);
    bool of_address = raised->finding == DNS_BLOCKLIST_LISTED;
    if (listings == NULL || !(of_address || raised->finding == DNS_BLOCKLIST_DOMAIN_LISTED))
        return;
    const struct listing *listing = of_address ? &listings->address : &listings->domain;
    records_show(lane, raised, listing->zones, listing->words);
    raised->params.value[PARAM_FOUND] =
        of_address ? text_copy_string(suite->arena, listing->subject) : suite->domain;
}

const struct part part_blocklist = { choose_lists, dress_lists, NULL,
                                     SCRIPTS(lists_enquiry, lists_judgement) };
