/* SPDX-License-Identifier: MIT */
#include "office.h"

#include "keeper.h"

#include <cjson/cJSON.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define CONFIGURATION "/etc/gatepost.json"
#define SECRET        "corr3ct-h0rse"
#define SECRET_64     "Y29ycjNjdC1oMHJzZQ=="
#define MAIL_HOST     "mail.example.net"
#define MX_HOST       "mx.example.net"
#define OTHER_HOST    "mail.example.org"
#define ACTS_MAX      2048

/* ---- the servers ---- */

/* clang-format off */
static const struct fake_rule mx_rules[] = {
    { "EHLO *",     "250-" MX_HOST "\r\n250 STARTTLS\r\n", false },
    { "STARTTLS",   "220 ready\r\n", true },
    { "MAIL FROM*", "250 2.1.0 Ok\r\n", false },
    { "RCPT TO:*",  "250 2.1.5 Ok\r\n", false },
    { "DATA",       "354 go on\r\n", false },
    { ".",          "250 2.0.0 queued\r\n", false },
    { "QUIT",       "221 2.0.0 bye\r\n", false },
};
static const struct fake_rule submission_rules[] = {
    { "EHLO *",     "250-" MAIL_HOST "\r\n250-AUTH LOGIN\r\n250 STARTTLS\r\n", false },
    { "STARTTLS",   "220 ready\r\n", true },
    { "AUTH LOGIN", "334 VXNlcm5hbWU6\r\n", false },
    { SECRET_64,    "235 2.7.0 welcome\r\n", false },
    { "dXNlc*",     "334 UGFzc3dvcmQ6\r\n", false }, /* user... */
    { "MAIL FROM*", "250 2.1.0 Ok\r\n", false },
    { "RCPT TO:*",  "250 2.1.5 Ok\r\n", false },
    { "DATA",       "354 go on\r\n", false },
    { ".",          "250 2.0.0 queued\r\n", false },
    { "QUIT",       "221 2.0.0 bye\r\n", false },
};
/* Every mark is FAKE_MARK, so that the mails with it are always there. */
#define FETCHED(uid, token, size)                                                                  \
    "* 1 FETCH (UID " uid " BODY[HEADER]<0> {" size "}\r\n"                                              \
    "X-Gatepost-Token: " FAKE_MARK token "\r\nSubject: a\r\n\r\n)\r\n<tag> OK done\r\n"
static const struct fake_rule imap_rules[] = {
    { "<tag> CAPABILITY",       "* CAPABILITY IMAP4rev1 UIDPLUS\r\n<tag> OK done\r\n", false },
    { "<tag> LOGIN *",          "<tag> OK done\r\n", false },
    { "<tag> LIST *",           "* LIST () \"/\" INBOX\r\n<tag> OK done\r\n", false },
    { "<tag> SELECT *",         "* 2 EXISTS\r\n<tag> OK [READ-WRITE] done\r\n", false },
    { "<tag> UID SEARCH *",     "* SEARCH 7 8\r\n<tag> OK done\r\n", false },
    { "<tag> UID FETCH 7 *",    FETCHED("7", "-out", "70"), false },
    { "<tag> UID FETCH 8 *",    FETCHED("8", "-in", "69"), false },
    { "<tag> UID STORE *",      "<tag> OK done\r\n", false },
    { "<tag> UID EXPUNGE *",    "<tag> OK done\r\n", false },
    { "<tag> LOGOUT",           "* BYE\r\n<tag> OK done\r\n", false },
};
static const struct fake_rule sullen_imap_rules[] = {
    { "<tag> CAPABILITY",       "* CAPABILITY IMAP4rev1 UIDPLUS\r\n<tag> OK done\r\n", false },
    { "<tag> LOGIN *",          "<tag> NO [AUTHENTICATIONFAILED] no\r\n", false },
    { "<tag> LOGOUT",           "* BYE\r\n<tag> OK done\r\n", false },
};
/* clang-format on */

#define COUNT(array) (sizeof(array) / sizeof *(array))

static struct fake_peer *add_peer(const char *host, uint16_t port, enum family family,
                                  const char *greeting)
{
    struct fake_peer *peer = &fake.peers[fake.peer_count++];
    *peer = (struct fake_peer){ .port = port, .family = family, .greeting = greeting };
    (void)snprintf(peer->host, sizeof peer->host, "%s", host);
    return peer;
}

static void set_rules(struct fake_peer *peer, const struct fake_rule *rules, size_t count)
{
    peer->rules = rules;
    peer->rule_count = count;
}

static struct fake_peer *imap[2 * FAMILIES];
static size_t imap_count;

void office_refuse_password(size_t refuses)
{
    for (size_t i = 0; i < imap_count; i++)
        if (refuses)
            set_rules(imap[i], sullen_imap_rules, COUNT(sullen_imap_rules));
        else
            set_rules(imap[i], imap_rules, COUNT(imap_rules));
}

void office_close_imap(size_t closes)
{
    for (size_t i = 0; i < imap_count; i++)
        if (strcmp(imap[i]->host, MAIL_HOST) == 0)
            imap[i]->dial = closes ? DIAL_REFUSED : DIALS_WELL;
}

static void open_provider(const char *host, enum family family)
{
    set_rules(add_peer(host, 587, family, "220 " MAIL_HOST " ESMTP\r\n"), submission_rules,
              COUNT(submission_rules));
    imap[imap_count] = add_peer(host, 993, family, "* OK ready\r\n");
    imap[imap_count++]->greets_in_tls = true;
}

static void open_servers(const struct office_kind *kind)
{
    fake.family[FAMILY_V6] = kind->ipv6;
    imap_count = 0;
    for (enum family family = FAMILY_V4; family <= (kind->ipv6 ? FAMILY_V6 : FAMILY_V4); family++) {
        set_rules(add_peer(MX_HOST, 25, family, "220 " MX_HOST " ESMTP\r\n"), mx_rules,
                  COUNT(mx_rules));
        open_provider(MAIL_HOST, family);
        if (kind->domains > 1)
            open_provider(OTHER_HOST, family);
    }
    office_refuse_password(false);
}

/* ---- the domains ---- */

#define RECORDS_OF_DOMAIN 4

static struct fake_answer *zone_of(size_t domain, enum record_type type)
{
    return &fake.zone[RECORDS_OF_DOMAIN * domain + (type == RECORD_SRV)];
}

void office_break(size_t domain)
{
    zone_of(domain, RECORD_MX)->status = ANSWER_NODATA;
    zone_of(domain, RECORD_MX)->count = 0;
}

void office_mend(size_t domain)
{
    zone_of(domain, RECORD_MX)->status = ANSWER_RECORDS;
    zone_of(domain, RECORD_MX)->count = 1;
}

static void add_domain(size_t domain)
{
    struct fake_answer *mx = zone_of(domain, RECORD_MX), *srv = zone_of(domain, RECORD_SRV);
    *mx = (struct fake_answer){ .type = RECORD_MX };
    *srv = (struct fake_answer){ .type = RECORD_SRV, .status = ANSWER_RECORDS, .count = 1 };
    (void)snprintf(mx->name, sizeof mx->name, "office%02zu.example", domain);
    (void)snprintf(srv->name, sizeof srv->name, "_autodiscover._tcp.office%02zu.example", domain);
    mx->records[0] = (struct record){ .name = MX_HOST, .priority = 10 };
    srv->records[0] = (struct record){ .name = MAIL_HOST, .port = 443 };
    office_mend(domain);
    fake.zone_count += RECORDS_OF_DOMAIN;
}

static void add_text(struct fake_answer *answer, const char *below, size_t domain, const char *text)
{
    *answer = (struct fake_answer){ .type = RECORD_TXT, .status = ANSWER_RECORDS, .count = 1 };
    (void)snprintf(answer->name, sizeof answer->name, "%soffice%02zu.example", below, domain);
    answer->records[0] = (struct record){ .text = slice_of(text) };
}

/* NODATA: a name below it may exist (RFC 8020), which _domainkey has to leave open. */
static void add_absent(const char *name, enum record_type type)
{
    struct fake_answer *answer = &fake.zone[fake.zone_count++];
    *answer = (struct fake_answer){ .type = type, .status = ANSWER_NODATA };
    (void)snprintf(answer->name, sizeof answer->name, "%s", name);
}

/* What else is asked of a domain, and is well. */
static void add_policies(size_t domains)
{
    for (size_t i = 0; i < domains; i++) {
        add_text(zone_of(i, RECORD_MX) + 2, "", i, "v=spf1 ip4:198.51.100.0/24 ~all");
        add_text(zone_of(i, RECORD_MX) + 3, "_dmarc.", i, "v=DMARC1; p=reject");
    }
    add_absent("*.example", RECORD_TXT);
    add_absent("*.example", RECORD_CAA);
    add_absent("example", RECORD_CAA);
    add_absent("*.zen.spamhaus.org", RECORD_A);
    add_absent("*.bl.spamcop.net", RECORD_A);
}

/* ---- the configuration ---- */

static void write_file(const char *path, const char *bytes)
{
    assert_int_equal(port_file_replace(path, bytes, strlen(bytes), 0600), FILE_DONE);
}

void office_configure(const struct office_kind *kind)
{
    char bytes[16384];
    struct text text;
    text_begin(&text, bytes, sizeof bytes);
    text_add_format(&text,
                    "{\"gateway\":\"office\",\"state_directory\":\"/state\","
                    "\"broker\":\"mqtts://broker.example\",%s\"accounts\":[",
                    kind->settings);
    for (size_t i = 0; i < kind->accounts; i++) {
        size_t domain = kind->domains > 0 ? i % kind->domains : i;
        text_add_format(&text, "%s{\"address\":\"user%02zu@office%02zu.example\"", i > 0 ? "," : "",
                        i, domain);
        text_add_string(&text, ",\"expected_mx\":[\"" MX_HOST "\"]");
        if (kind->servers)
            text_add_format(&text, ",\"host\":\"%s\",\"secret_file\":\"/secret\"",
                            kind->domains > 0 && domain > 0 ? OTHER_HOST : MAIL_HOST);
        text_add_string(&text, "}");
    }
    text_add_string(&text, "]}");
    assert_false(text.overflow);
    write_file(CONFIGURATION, bytes);
}

/* ---- what arrives ---- */

struct heard heard[OFFICE_HEARD_MAX];
size_t heard_count, journal_peak;

static const cJSON *member(const cJSON *object, const char *name)
{
    return cJSON_GetObjectItemCaseSensitive(object, name);
}

static void take_text(const cJSON *object, const char *name, char *into, size_t size)
{
    const char *text = cJSON_GetStringValue(member(object, name));
    (void)snprintf(into, size, "%s", text == NULL ? "" : text);
}

static uint64_t number(const cJSON *object, const char *name)
{
    const cJSON *item = member(object, name);
    return cJSON_IsNumber(item) ? (uint64_t)item->valuedouble : 0;
}

static size_t account_of(const cJSON *document)
{
    const char *address = cJSON_GetStringValue(member(document, "account"));
    unsigned which = OFFICE_ACCOUNTS;
    if (address != NULL)
        assert_int_equal(sscanf(address, "user%u@", &which), 1);
    return which;
}

static void take_seen(const cJSON *check, struct heard *into)
{
    char seen[sizeof into->borrowed_from];
    if (member(check, "seen") == NULL)
        return;
    take_text(check, "seen", seen, sizeof seen);
    if (into->borrowed++ == 0 || strcmp(seen, into->borrowed_from) < 0)
        (void)snprintf(into->borrowed_from, sizeof into->borrowed_from, "%s", seen);
}

static void take_checks(const cJSON *checks, struct heard *into)
{
    const cJSON *check;
    cJSON_ArrayForEach(check, checks)
    {
        const char *status = cJSON_GetStringValue(member(check, "status"));
        into->decided += strcmp(status, "unknown") != 0 && strcmp(status, "skipped") != 0;
        if (strcmp(cJSON_GetStringValue(member(check, "check")), "account.lock") == 0)
            (void)snprintf(into->lock, sizeof into->lock, "%s", status);
        take_seen(check, into);
    }
}

static void take_run(const cJSON *run, struct heard *into)
{
    const cJSON *connections;
    take_text(run, "cost", into->cost, sizeof into->cost);
    take_text(run, "started", into->started, sizeof into->started);
    take_text(run, "trigger", into->trigger, sizeof into->trigger);
    into->questions = (unsigned)number(run, "questions");
    cJSON_ArrayForEach(connections, member(run, "connections")) into->dials +=
        (unsigned)connections->valuedouble;
}

static void take_roots(const cJSON *roots, struct heard *into)
{
    const cJSON *root;
    struct text text;
    text_begin(&text, into->roots, sizeof into->roots);
    cJSON_ArrayForEach(root, roots)
        text_add_format(&text, "%s ", cJSON_GetStringValue(member(root, "finding")));
    take_text(member(cJSON_GetArrayItem(roots, 0), "evidence"), "at", into->root_at,
              sizeof into->root_at);
}

static void note(const struct message *message)
{
    cJSON *document = cJSON_ParseWithLength(message->payload.at, message->payload.len);
    assert_non_null(document);
    assert_true(heard_count < OFFICE_HEARD_MAX);
    struct heard *one = &heard[heard_count++];
    *one = (struct heard){
        .kind = message->kind,
        .at_ms = fake.now_ms,
        .seq = number(document, "seq"),
        .retained = message->retained,
        .account = account_of(document),
        .skipped_first = number(member(document, "skipped"), "first"),
        .skipped_count = number(member(document, "skipped"), "count"),
    };
    assert_int_equal(one->seq, message->id);
    for (enum message_kind kind = 0; kind < MESSAGE_KINDS; kind++)
        one->dropped.count[kind] =
            (uint32_t)number(member(document, "dropped"), message_kind_name(kind));
    take_text(document, "at", one->made, sizeof one->made);
    take_text(document, "kind", one->kind_of_event, sizeof one->kind_of_event);
    take_text(document, "finding", one->finding, sizeof one->finding);
    take_text(document, "verdict", one->verdict, sizeof one->verdict);
    take_checks(member(document, "checks"), one);
    take_run(member(document, "run"), one);
    take_roots(member(document, "root"), one);
    take_text(member(document, "clock"), "quality", one->clock, sizeof one->clock);
    cJSON_Delete(document);
}

/* ---- what happens, and when ---- */

static struct {
    int64_t at_ms;
    void (*act)(size_t which);
    size_t which;
} acts[ACTS_MAX];
static size_t act_count, acts_done;
static int64_t last_turn_ms;
static jmp_buf power;

void office_plan(int64_t after_ms, void (*act)(size_t which), size_t which)
{
    int64_t at_ms = FAKE_START_MS + after_ms;
    size_t place = act_count++;
    assert_true(act_count <= ACTS_MAX);
    for (; place > acts_done && acts[place - 1].at_ms > at_ms; place--)
        acts[place] = acts[place - 1];
    acts[place].at_ms = at_ms;
    acts[place].act = act;
    acts[place].which = which;
}

static void look_at_journal(void)
{
    for (size_t i = 0; i < fake.file_count; i++)
        if (strcmp(fake.files[i].path, "/state/journal") == 0 && fake.files[i].size > journal_peak)
            journal_peak = fake.files[i].size;
}

/* A run that does not end is one in which the clock stands still. */
static int64_t happen(void)
{
    if (fake.now_ms != last_turn_ms)
        fake.turns = 1;
    last_turn_ms = fake.now_ms;
    look_at_journal();
    while (acts_done < act_count && acts[acts_done].at_ms <= fake.now_ms) {
        size_t next = acts_done++;
        acts[next].act(acts[next].which);
    }
    return acts_done < act_count ? acts[acts_done].at_ms : INT64_MAX;
}

void office_stop(size_t unused)
{
    (void)unused;
    fake.stop_after_turns = 1;
}

void office_cut_power(size_t unused)
{
    (void)unused;
    longjmp(power, 1);
}

/* ---- the whole ---- */

void office_begin(const struct office_kind *kind)
{
    fake_clear();
    fake_broker = (struct fake_broker){ .hear = note };
    fake.delivery = DELIVERY_WHOLE;
    fake.secret_core = SECRET;
    fake.happen = happen;
    heard_count = journal_peak = act_count = acts_done = 0;
    open_servers(kind);
    size_t domains = kind->domains > 0 ? kind->domains : kind->accounts;
    for (size_t i = 0; i < domains; i++)
        add_domain(i);
    add_policies(domains);
    office_configure(kind);
    fake.secret_core = NULL; /* the file with the secret may tell it */
    write_file("/secret", SECRET);
    fake.secret_core = SECRET;
}

int office_work(void)
{
    const struct keeper_orders orders = { .file = CONFIGURATION };
    int status = setjmp(power) == 0 ? keeper_run(&orders) : OFFICE_POWER_CUT;
    for (size_t i = 0; i < fake.complaint_count; i++)
        fail_msg("%s", fake.complaints[i]);
    assert_false(fake.betrayed);
    return status;
}
