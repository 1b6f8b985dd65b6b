/* SPDX-License-Identifier: MIT */
#include "tls_rpt.h"

#include "names.h"

#define TAGS_MAX 16
#define URIS_MAX 16

static bool is_uri(struct slice uri)
{
    struct slice rest = slice_from(uri, slice_of("mailto:").len), mailbox = { NULL, 0 };
    if (slice_starts_nocase(uri, "mailto:"))
        return slice_cut(&rest, '?', &mailbox) && names_is_mailbox(mailbox);
    if (!slice_starts_nocase(uri, "https://"))
        return false;
    rest = slice_from(uri, slice_of("https://").len);
    struct slice authority = { NULL, 0 }, host = { NULL, 0 };
    return slice_cut(&rest, '/', &authority) && slice_cut(&authority, ':', &host) &&
           names_is_host(host);
}

static void read_uris(struct slice value, struct tls_rpt *into)
{
    struct slice uri = { NULL, 0 };
    into->rua = value;
    for (size_t i = 0; i < URIS_MAX && slice_cut(&value, ',', &uri); i++) {
        uri = slice_trim(uri);
        if (is_uri(uri))
            into->rua_count++;
        else
            into->bad_uri = uri;
    }
}

bool tls_rpt_find(ask_fn *ask, void *asker, const char *domain, struct tls_rpt *into)
{
    struct policy_tag tag;
    *into = (struct tls_rpt){ .found = POLICY_RECORD_NONE };
    into->found = policy_record_find(ask, asker, "_smtp._tls.", domain, "TLSRPTv1", &into->record);
    struct slice rest = into->record.text;
    if (into->found != POLICY_RECORD_ONE)
        return into->found != POLICY_RECORD_PENDING;
    for (size_t i = 0; i < TAGS_MAX && policy_record_tag(&rest, &tag); i++)
        if (tag.well && slice_is(tag.name, "rua") && into->rua.len == 0)
            read_uris(tag.value, into);
    return true;
}
