/* SPDX-License-Identifier: MIT */
/* What stands in the DNS as text: DMARC, MTA-STS, TLS-RPT and CAA records, and what blocklists say.
   Parts of the input, which bytes of 0xff keep apart, are the answers to one question after the
   other, and those that 0xfe keeps apart are records of one answer. */
#include "../../agent/blocklist.h"
#include "../../agent/caa.h"
#include "../../agent/dmarc.h"
#include "../../agent/mta_sts.h"
#include "../../agent/tls_rpt.h"

#include "target.h"

#define QUESTIONS_MAX 16
#define RECORDS       4
#define DOMAIN        "a.mail.example.com"

struct world {
    const char *bytes;
    size_t size;
    char names[QUESTIONS_MAX][RESOLVE_NAME_MAX];
    struct answer answers[QUESTIONS_MAX];
    struct record records[QUESTIONS_MAX][RECORDS];
    size_t asked;
};

/* CAA tags are of the grammar that c-ares lets through. */
static void fill(struct answer *answer, struct record *records, struct slice bytes)
{
    static const char *const tags[] = { "issue", "issuewild", "iodef", "tbs" };
    struct slice text;
    answer->records = records;
    answer->authenticated = bytes.len % 2 == 1;
    while (answer->count < RECORDS && slice_cut(&bytes, '\xfe', &text)) {
        struct record *record = &records[answer->count];
        *record = (struct record){ .name = tags[text.len % 4], .text = text };
        record->flags = (uint8_t)(text.len > 0 ? text.at[0] : 0);
        answer->count++;
    }
    answer->status = answer->count > 0 ? ANSWER_RECORDS : ANSWER_NXDOMAIN;
}

static const struct answer *answer_in_order(void *asker, const char *name, enum record_type type)
{
    struct world *world = asker;
    static const struct answer silence = { .status = ANSWER_TIMED_OUT };
    (void)type;
    HOLDS(strlen(name) < RESOLVE_NAME_MAX);
    for (size_t i = 0; i < world->asked; i++)
        if (strcmp(world->names[i], name) == 0)
            return &world->answers[i];
    if (world->asked == QUESTIONS_MAX)
        return &silence;
    struct slice rest = { world->bytes, world->size }, bytes = { NULL, 0 };
    for (size_t i = 0; i <= world->asked; i++)
        if (!slice_cut(&rest, '\xff', &bytes))
            bytes = (struct slice){ NULL, 0 };
    text_put(world->names[world->asked], RESOLVE_NAME_MAX, slice_of(name));
    fill(&world->answers[world->asked], world->records[world->asked], bytes);
    return &world->answers[world->asked++];
}

static void try_dmarc(struct world *world)
{
    struct dmarc_outcome outcome;
    const char *organisation = NULL;
    HOLDS(dmarc_judge(answer_in_order, world, DOMAIN, &outcome));
    HOLDS(outcome.record.fault_count <= DMARC_PROBLEMS_MAX);
    HOLDS((outcome.policy != DMARC_UNSAID) == (outcome.result == DMARC_FOUND));
    HOLDS(outcome.result != DMARC_FOUND || slice_ends_nocase(SLICE(DOMAIN), outcome.where));
    for (size_t i = 0; i < outcome.record.fault_count; i++)
        HOLDS(within(outcome.record.faults[i].words, world->bytes, world->size));
    HOLDS(dmarc_organisation(answer_in_order, world, DOMAIN, &organisation));
    HOLDS(organisation == NULL || slice_ends_nocase(SLICE(DOMAIN), organisation));
}

static void try_policies(struct world *world)
{
    struct mta_sts_record sts;
    struct tls_rpt report;
    struct caa caa;
    struct blocklist list;
    HOLDS(mta_sts_find(answer_in_order, world, DOMAIN, &sts));
    HOLDS(sts.id.len <= MTA_STS_ID_MAX && within(sts.id, world->bytes, world->size));
    HOLDS(tls_rpt_find(answer_in_order, world, DOMAIN, &report));
    HOLDS(within(report.bad_uri, world->bytes, world->size));
    HOLDS(report.rua_count == 0 || report.found == POLICY_RECORD_ONE);
    HOLDS(caa_find(answer_in_order, world, DOMAIN, &caa));
    HOLDS(caa.state != CAA_NONE || caa_allows(&caa, "ca.example", false));
    HOLDS(blocklist_domain(answer_in_order, world, DOMAIN, "list.example", &list));
    HOLDS((list.state == BLOCKLIST_LISTED) == (list.code_count > 0));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct world world;
    char *copy = malloc(size > 0 ? size : 1);
    HOLDS(copy != NULL);
    memcpy(copy, data, size);
    memset(&world, 0, sizeof world);
    world.bytes = copy;
    world.size = size;
    try_dmarc(&world);
    memset(&world.asked, 0, sizeof world.asked);
    memset(world.answers, 0, sizeof world.answers);
    try_policies(&world);
    free(copy);
    return 0;
}
