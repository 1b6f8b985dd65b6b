/* SPDX-License-Identifier: MIT */
#include "dmarc.h"

#include "names.h"
#include "policy_record.h"

#define TAGS_MAX   32                       /* of one record; what stands behind is passed over */
#define LESSER_MAX (DMARC_PROBLEMS_MAX - 3) /* faults beside those about versions and policies */

/* clang-format off */
static const char *const policies[] = {
    [DMARC_UNSAID]     = "",
    [DMARC_NONE]       = "none",
    [DMARC_QUARANTINE] = "quarantine",
    [DMARC_REJECT]     = "reject",
};

static const char *const problems[] = {
    [DMARC_SEVERAL_RECORDS]     = "several-records",
    [DMARC_VERSION_NOT_FIRST]   = "version-not-first",
    [DMARC_POLICY_MISSING]      = "policy-missing",
    [DMARC_POLICY_INVALID]      = "policy-invalid",
    [DMARC_TAG_INVALID]         = "tag-invalid",
    [DMARC_TAG_MALFORMED]       = "tag-malformed",
    [DMARC_TAG_TWICE]           = "tag-twice",
    [DMARC_TAG_REMOVED]         = "tag-removed",
    [DMARC_TAG_UNKNOWN]         = "tag-unknown",
    [DMARC_REPORT_URI_INVALID]  = "report-uri-invalid",
    [DMARC_REPORT_SIZE_REMOVED] = "report-size-removed",
};
/* clang-format on */

const char *dmarc_policy_name(enum dmarc_policy policy)
{
    return policies[policy];
}

const char *dmarc_problem_name(enum dmarc_problem problem)
{
    return problems[problem];
}

static void complain(struct dmarc_record *record, enum dmarc_problem problem, struct slice words)
{
    size_t room = problem <= DMARC_POLICY_INVALID ? DMARC_PROBLEMS_MAX : LESSER_MAX;
    if (record->fault_count < room)
        record->faults[record->fault_count++] = (struct dmarc_fault){ problem, words };
}

/* ---- values; each false where the value is not one of its kind ---- */

static bool is_word(struct slice value, const char *word)
{
    return slice_is_nocase(value, word);
}

static bool read_policy(struct slice value, enum dmarc_policy *into)
{
    for (unsigned policy = DMARC_NONE; policy <= DMARC_REJECT; policy++)
        if (is_word(value, policies[policy])) {
            *into = policy;
            return true;
        }
    return false;
}

/* One of two letters. */
static bool read_letter(struct slice value, const char *yes, const char *no, bool *into)
{
    *into = is_word(value, yes);
    return *into || is_word(value, no);
}

static bool read_owner(struct slice value, enum dmarc_owner *into)
{
    static const char *const letters[] = { "u", "y", "n" };
    for (unsigned owner = DMARC_OWNER_UNSAID; owner <= DMARC_OWNER_ORGANISATION; owner++)
        if (is_word(value, letters[owner])) {
            *into = owner;
            return true;
        }
    return false;
}

static bool is_options(struct slice value)
{
    struct slice option = { NULL, 0 };
    while (slice_cut(&value, ':', &option)) {
        option = slice_trim(option);
        if (!is_word(option, "0") && !is_word(option, "1") && !is_word(option, "d") &&
            !is_word(option, "s"))
            return false;
    }
    return true;
}

/* ---- addresses for reports, section 4.7 ---- */

static bool is_scheme(struct slice scheme)
{
    for (size_t i = 0; i < scheme.len; i++) {
        char c = scheme.at[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        bool more = (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
        if (!letter && !(i > 0 && more))
            return false;
    }
    return scheme.len > 0;
}

static bool is_uri(struct slice uri)
{
    struct slice rest = uri, scheme = { NULL, 0 }, mailbox = { NULL, 0 };
    if (!slice_cut(&rest, ':', &scheme) || rest.len == 0 || !is_scheme(scheme))
        return false;
    if (!is_word(scheme, "mailto"))
        return true;
    return slice_cut(&rest, '?', &mailbox) && names_is_mailbox(mailbox);
}

static size_t read_uris(struct dmarc_record *record, struct slice value)
{
    size_t well = 0;
    struct slice uri = { NULL, 0 }, size = { NULL, 0 };
    for (size_t i = 0; i < TAGS_MAX && slice_cut(&value, ',', &uri); i++) {
        const struct slice whole = slice_trim(uri);
        size = whole;
        if (!slice_cut(&size, '!', &uri))
            continue;
        if (size.len > 0)
            complain(record, DMARC_REPORT_SIZE_REMOVED, whole);
        if (is_uri(uri))
            well++;
        else
            complain(record, DMARC_REPORT_URI_INVALID, whole);
    }
    return well;
}

/* ---- tags ---- */

enum tag {
    TAG_V,
    TAG_P,
    TAG_SP,
    TAG_NP,
    TAG_T,
    TAG_PSD,
    TAG_ADKIM,
    TAG_ASPF,
    TAG_RUA,
    TAG_RUF,
    TAG_FO,
    TAG_PCT,
    TAG_RF,
    TAG_RI,
    TAGS
};

/* Of a record while it is read. */
struct reading {
    struct dmarc_record *record;
    bool seen[TAGS];
};

static enum tag find_tag(struct slice name)
{
    static const char *const names[TAGS] = { "v",    "p",   "sp",  "np", "t",   "psd", "adkim",
                                             "aspf", "rua", "ruf", "fo", "pct", "rf",  "ri" };
    unsigned tag = 0;
    while (tag < TAGS && !is_word(name, names[tag]))
        tag++;
    return tag;
}

/* False where the value is not well. */
static bool read_value(struct reading *reading, enum tag tag, struct slice value)
{
    struct dmarc_record *record = reading->record;
    switch (tag) {
    case TAG_P:
        return read_policy(value, &record->p);
    case TAG_SP:
        return read_policy(value, &record->sp);
    case TAG_NP:
        return read_policy(value, &record->np);
    case TAG_T:
        return read_letter(value, "y", "n", &record->testing);
    case TAG_PSD:
        return read_owner(value, &record->owner);
    case TAG_ADKIM:
        return read_letter(value, "s", "r", &record->strict_dkim);
    case TAG_ASPF:
        return read_letter(value, "s", "r", &record->strict_spf);
    case TAG_RUA:
        record->rua = value;
        record->rua_count = read_uris(record, value);
        return true;
    case TAG_RUF:
        record->ruf = value;
        record->ruf_count = read_uris(record, value);
        return true;
    case TAG_FO:
        record->fo = value;
        return is_options(value);
    case TAG_V:
    case TAG_PCT:
    case TAG_RF:
    case TAG_RI:
    case TAGS:
        return true;
    }
    return true;
}

static struct slice whole_tag(const struct policy_tag *tag)
{
    if (tag->name.len == 0)
        return tag->value;
    return (struct slice){ tag->name.at, (size_t)(tag->value.at - tag->name.at) + tag->value.len };
}

static void read_tag(struct reading *reading, const struct policy_tag *found)
{
    struct dmarc_record *record = reading->record;
    const struct slice words = whole_tag(found);
    enum tag tag = found->well ? find_tag(found->name) : TAGS;
    if (!found->well) {
        complain(record, DMARC_TAG_MALFORMED, words);
    } else if (tag == TAGS) {
        complain(record, DMARC_TAG_UNKNOWN, words);
    } else if (reading->seen[tag]) {
        complain(record, DMARC_TAG_TWICE, words);
    } else {
        reading->seen[tag] = true;
        bool is_policy = tag == TAG_P || tag == TAG_SP || tag == TAG_NP;
        if (tag == TAG_PCT || tag == TAG_RF || tag == TAG_RI)
            complain(record, DMARC_TAG_REMOVED, words);
        else if (!read_value(reading, tag, found->value))
            complain(record, is_policy ? DMARC_POLICY_INVALID : DMARC_TAG_INVALID, words);
    }
}

void dmarc_read(struct slice text, struct dmarc_record *into)
{
    struct reading reading = { .record = into };
    struct policy_tag tag;
    struct slice rest = text;
    *into = (struct dmarc_record){ .text = text };
    for (size_t i = 0; i < TAGS_MAX && policy_record_tag(&rest, &tag); i++)
        read_tag(&reading, &tag);
    if (!reading.seen[TAG_P])
        complain(into, DMARC_POLICY_MISSING, text);
    into->well = into->p != DMARC_UNSAID && (into->sp != DMARC_UNSAID || !reading.seen[TAG_SP]) &&
                 (into->np != DMARC_UNSAID || !reading.seen[TAG_NP]);
    into->usable = into->well || into->rua_count > 0;
}
