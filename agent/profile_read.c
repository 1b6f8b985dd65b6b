/* SPDX-License-Identifier: MIT */
#include "profile_read.h"

#include "names.h"
#include "outline.h"
#include "profile_value.h"

#include <string.h>

#define MX_MODES 3 /* the words of the setting mx_mode */

struct mx_list {
    struct profile_mx mx[PROFILE_MX_MAX];
    size_t count;
};

/* A reply as a profile has it, for several stages at once. */
struct reply_draft {
    struct profile_reply reply;
    bool is_at[STAGE_BOUNCE + 1];
};

static member_fn read_mx, read_mx_list, read_endpoint, read_replies, read_service, read_stages,
    read_finding, read_host_pattern, read_group, read_webmail_kind, read_api_kind;

/* clang-format off */
#define AT(type, field)            .offset = offsetof(struct type, field)
#define COUNT(type, field)         .count_offset = offsetof(struct type, field)
#define LIST(field)                AT(profile, field), COUNT(profile, field##_count)
#define GROUP(rows)                read_group, .offset = 0, .within = &MEMBERS(rows)

static const struct member mx_members[] = {
    { "host",       profile_read_target,   AT(profile_mx, host), .is_required = true },
    { "preference", profile_read_small,    AT(profile_mx, preference), .most = UINT16_MAX, .is_required = true },
};
static const struct member mode_members[] = { /* in the order of the words of mx_mode */
    { "sole",          read_mx_list, .offset = 0 },
    { "with-provider", read_mx_list, .offset = sizeof(struct mx_list) },
    { "with-other",    read_mx_list, .offset = 2 * sizeof(struct mx_list) },
};
static const struct member srv_members[] = {
    { "priority", profile_read_small,      AT(profile, srv.priority), .most = UINT16_MAX },
    { "weight",   profile_read_small,      AT(profile, srv.weight),   .most = UINT16_MAX },
    { "port",     profile_read_small,      AT(profile, srv.port),     .least = 1, .most = UINT16_MAX },
    { "target",   profile_read_target,     AT(profile, srv.target) },
    { "required", profile_read_flag,       AT(profile, srv.required) },
};
static const struct member autodiscover_members[] = {
    { "cname",    profile_read_target,     AT(profile, autodiscover_cname) },
    { "hosts",    profile_read_hosts,      AT(profile, autodiscover_hosts), COUNT(profile, autodiscover_host_count) },
};
static const struct member spf_members[] = {
    { "include",  profile_read_target,     AT(profile, spf_include) },
    { "all",      profile_read_choice,     AT(profile, spf_all), .words = "-all|~all|?all" },
};
static const struct member oauth_members[] = {
    { "host",       profile_read_host,     AT(profile, oauth.host), .is_required = true },
    { "path",       profile_read_path,     AT(profile, oauth.path), .is_required = true },
    { "imap_scope", profile_read_text,     AT(profile, oauth.imap_scope) },
    { "smtp_scope", profile_read_text,     AT(profile, oauth.smtp_scope) },
    { "http_scope", profile_read_text,     AT(profile, oauth.http_scope) },
};
static const struct member api_members[] = {
    { "kind",     read_api_kind,           AT(profile, api),         .is_required = true },
    { "service",  profile_read_choice,     AT(profile, api_service), .words = "exchange|email-pro", .is_required = true },
};
static const struct member endpoint_members[] = {
    { "host",     profile_read_host,       AT(endpoint, host) },
    { "port",     profile_read_small,      AT(endpoint, port),        .least = 1, .most = UINT16_MAX },
    { "security", profile_read_security,   AT(endpoint, security) },
};
static const struct member lockout_members[] = {
    { "tries",    profile_read_count,      AT(profile, lockout_tries),   .most = 1000 },
    { "minutes",  profile_read_count,      AT(profile, lockout_minutes), .most = 10000 },
};
static const struct member reply_members[] = {
    { "service",  read_service,            AT(reply_draft, reply.service), .is_required = true },
    { "stages",   read_stages,             AT(reply_draft, is_at),         .is_required = true },
    { "pattern",  profile_read_text,       AT(reply_draft, reply.pattern), .is_required = true },
    { "finding",  read_finding,            AT(reply_draft, reply.finding), .is_required = true },
};
static const struct member profile_members[] = {
    { "title",        profile_read_text,   AT(profile, title), .is_required = true },
    { "host_pattern", read_host_pattern,   AT(profile, host_pattern) }, /* see find_host_pattern */
    { "mx",           read_mx,             LIST(mx) },
    { "mx_allowed",   profile_read_hosts,  LIST(mx_allowed) },
    { "mx_legacy",    profile_read_hosts,  LIST(mx_legacy) },
    { "srv",          GROUP(srv_members) },
    { "autodiscover", GROUP(autodiscover_members) },
    { "spf",          GROUP(spf_members) },
    { "dkim_selectors", profile_read_selectors, AT(profile, dkim_selectors), COUNT(profile, dkim_selector_count) },
    { "webmail_kind", read_webmail_kind,   AT(profile, webmail_kind) },
    { "webmail",      read_endpoint,       AT(profile, webmail) },
    { "imap",         read_endpoint,       AT(profile, imap) },
    { "pop",          read_endpoint,       AT(profile, pop) },
    { "submission",   read_endpoint,       AT(profile, submission) },
    { "exchange",     read_endpoint,       AT(profile, exchange) },
    { "oauth",        GROUP(oauth_members) },
    { "api",          GROUP(api_members) },
    { "health",       profile_read_paths,  LIST(health) },
    { "junk",         profile_read_texts,  LIST(junk) },
    { "lockout",      GROUP(lockout_members) },
    { "status_page",  profile_read_text,   AT(profile, status_page) },
    { "support_page", profile_read_text,   AT(profile, support_page) },
    { "replies",      read_replies,        AT(profile, replies), COUNT(profile, reply_count) },
};
/* clang-format on */

static void read_mx_list(struct loading *loading, const struct spot *spot, const cJSON *value,
                         const struct member *member, void *into, size_t *into_count)
{
    (void)member, (void)into_count;
    struct mx_list *list = into;
    size_t length = profile_length_at(loading, spot, value, PROFILE_MX_MAX);
    const cJSON *element = length > 0 ? value->child : NULL;
    for (size_t i = 0; element != NULL; element = element->next, i++) {
        struct spot place = spot_within(&loading->reader, spot, i, NULL);
        struct profile_mx *mx = &list->mx[list->count];
        profile_read_members(loading, &place, element, MEMBERS(mx_members), mx);
        list->count += mx->host != NULL;
    }
}

/* All modes are judged, the account's is kept. */
static void read_mx(struct loading *loading, const struct spot *spot, const cJSON *value,
                    const struct member *member, void *into, size_t *into_count)
{
    (void)member;
    struct mx_list modes[MX_MODES] = { { .count = 0 } };
    profile_read_members(loading, spot, value, MEMBERS(mode_members), modes);
    const struct mx_list *own = &modes[loading->account->mx_mode];
    memcpy(into, own->mx, sizeof own->mx);
    *into_count = own->count;
}

static void read_endpoint(struct loading *loading, const struct spot *spot, const cJSON *value,
                          const struct member *member, void *into, size_t *into_count)
{
    (void)member, (void)into_count;
    profile_read_members(loading, spot, value, MEMBERS(endpoint_members), into);
}

/* An object whose members are the profile's own. */
static void read_group(struct loading *loading, const struct spot *spot, const cJSON *value,
                       const struct member *member, void *into, size_t *into_count)
{
    (void)into_count;
    profile_read_members(loading, spot, value, *member->within, into);
}

static void read_host_pattern(struct loading *loading, const struct spot *spot, const cJSON *value,
                              const struct member *member, void *into, size_t *into_count)
{
    const char *judged = NULL;
    profile_read_target(loading, spot, value, member, &judged, into_count);
    *(const char **)into = judged;
}

static void read_webmail_kind(struct loading *loading, const struct spot *spot, const cJSON *value,
                              const struct member *member, void *into, size_t *into_count)
{
    (void)member, (void)into_count;
    static const enum profile_webmail kinds[] = { WEBMAIL_OWA, WEBMAIL_NONE };
    int position = profile_word_at(loading, spot, value, "owa|none");
    if (position >= 0)
        *(enum profile_webmail *)into = kinds[position];
}

static void read_api_kind(struct loading *loading, const struct spot *spot, const cJSON *value,
                          const struct member *member, void *into, size_t *into_count)
{
    (void)member, (void)into_count;
    if (profile_word_at(loading, spot, value, "ovh") >= 0)
        *(enum profile_api *)into = API_OVH;
}

/* ---- replies ---- */

static void read_service(struct loading *loading, const struct spot *spot, const cJSON *value,
                         const struct member *member, void *into, size_t *into_count)
{
    (void)member, (void)into_count;
    for (enum service service = 0; service < SERVICE_COUNT; service++)
        if (slice_is(slice_of(cJSON_GetStringValue(value)), service_row(service)->slug)) {
            *(enum service *)into = service;
            return;
        }
    profile_complain(loading, spot, value_type(value), "a service such as submission, imap or mx");
}

static void read_stages(struct loading *loading, const struct spot *spot, const cJSON *value,
                        const struct member *member, void *into, size_t *into_count)
{
    (void)member, (void)into_count;
    size_t length = profile_length_at(loading, spot, value, STAGE_BOUNCE + 1);
    const cJSON *element = length > 0 ? value->child : NULL;
    for (size_t i = 0; element != NULL; element = element->next, i++) {
        struct spot place = spot_within(&loading->reader, spot, i, NULL);
        int stage = profile_word_at(loading, &place, element,
                                    "greeting|auth|token|sender|recipient|data|bounce");
        if (stage >= 0)
            ((bool *)into)[stage] = true;
    }
}

static void read_finding(struct loading *loading, const struct spot *spot, const cJSON *value,
                         const struct member *member, void *into, size_t *into_count)
{
    (void)member, (void)into_count;
    enum finding finding = finding_find(slice_of(cJSON_GetStringValue(value)));
    if (finding == NO_FINDING)
        profile_complain(loading, spot, value_type(value),
                         "the code of a finding, see `gatepost list findings`");
    *(enum finding *)into = finding;
}

static void read_replies(struct loading *loading, const struct spot *spot, const cJSON *value,
                         const struct member *member, void *into, size_t *into_count)
{
    (void)member;
    struct profile_reply *replies = into;
    size_t length = profile_length_at(loading, spot, value, PROFILE_REPLIES_MAX);
    const cJSON *element = length > 0 ? value->child : NULL;
    for (size_t i = 0; element != NULL; element = element->next, i++) {
        struct spot place = spot_within(&loading->reader, spot, i, NULL);
        struct reply_draft draft = { .reply.pattern = "" };
        profile_read_members(loading, &place, element, MEMBERS(reply_members), &draft);
        for (enum stage stage = STAGE_GREETING; stage <= STAGE_BOUNCE; stage++) {
            if (!draft.is_at[stage])
                continue;
            if (*into_count == PROFILE_REPLIES_MAX) {
                profile_complain(loading, &place, "more replies and stages than there is room for",
                                 "fewer");
                return;
            }
            draft.reply.stage = stage;
            replies[(*into_count)++] = draft.reply;
        }
    }
}

/* ---- the whole ---- */

/* How a provider writes a domain that has hyphens of its own is not known: any will do. */
static const char *dashed_domain(const char *domain, struct arena *arena)
{
    char room[NAMES_HOST_MAX + 1];
    struct text text;
    struct slice rest = slice_of(domain), label;
    if (slice_has_nocase(rest, "-"))
        return "*";
    text_begin(&text, room, sizeof room);
    while (slice_cut(&rest, '.', &label)) {
        text_add_string(&text, text.len > 0 ? "-" : "");
        text_add(&text, label);
    }
    return text_copy(arena, text_slice(&text));
}

/* Needed by members that may stand before it, and so read before all others. */
static void find_host_pattern(struct loading *loading, const cJSON *root)
{
    const cJSON *pattern = cJSON_GetObjectItemCaseSensitive(root, "host_pattern");
    loading->host_pattern = cJSON_GetStringValue(pattern);
}

static void read_root(struct loading *loading, struct profile *into_profile)
{
    struct reader *reader = &loading->reader;
    const struct spot top = { .key = "" };
    struct outline_fault fault;
    if (!outline_check(reader->text, &fault)) {
        value_complain_at(reader, fault.line, "",
                          text_format(reader->arena, "column %d: %s", fault.column, fault.words),
                          "JSON", "correct this line or the one before it");
        return;
    }
    cJSON *root = cJSON_ParseWithLength(reader->text.at, reader->text.len);
    find_host_pattern(loading, root);
    if (root == NULL)
        profile_complain(loading, &top, "a file for which this device has no memory", "");
    else
        profile_read_members(loading, &top, root, MEMBERS(profile_members), into_profile);
    cJSON_Delete(root);
}

bool profile_read(struct slice json, const char *file, const struct account_settings *account,
                  struct arena *arena, struct profile *into_profile,
                  struct settings_trouble *into_trouble)
{
    struct settings_troubles troubles = { .count = 0 };
    struct loading loading = {
        .reader = { .arena = arena, .file = file, .text = json, .troubles = &troubles },
        .account = account,
        .dashed = dashed_domain(settings_domain(account), arena),
    };
    struct profile profile = {
        .srv = { .port = 443, .required = true },
        .webmail = { .port = 443, .security = SECURITY_IMPLICIT },
        .imap = { .port = 993, .security = SECURITY_IMPLICIT },
        .pop = { .port = 995, .security = SECURITY_IMPLICIT },
        .submission = { .port = 587, .security = SECURITY_STARTTLS },
        .exchange = { .port = 443, .security = SECURITY_IMPLICIT },
    };
    read_root(&loading, &profile);
    if (troubles.count > 0) {
        *into_trouble = troubles.trouble[0];
        return false;
    }
    *into_profile = profile;
    return true;
}
