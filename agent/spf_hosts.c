/* SPDX-License-Identifier: MIT */
/* The terms that lead to hosts: a, mx, ptr and exists. */
#include "spf_parts.h"

#include <string.h>

/* ---- questions ---- */

/* The answer, or NULL while it is on its way. */
static const struct answer *ask(struct evaluation *run, const char *name, enum record_type type)
{
    const struct answer *answer = run->question->ask(run->question->asker, name, type);
    if (answer != NULL && answer->status != ANSWER_PENDING)
        return answer;
    run->pending = true;
    run->stopped = !run->walking;
    return NULL;
}

bool spf_is_void(const struct answer *answer)
{
    return answer->status == ANSWER_NODATA || answer->status == ANSWER_NXDOMAIN;
}

/* The same, but NULL for whatever is neither records nor void: section 5. */
const struct answer *spf_ask(struct evaluation *run, const struct visit *visit, struct slice term,
                             const char *name, enum record_type type)
{
    const struct answer *answer = ask(run, name, type);
    if (answer == NULL || answer->status == ANSWER_RECORDS || spf_is_void(answer))
        return answer;
    if (run->outcome->problem == SPF_NO_PROBLEM)
        run->outcome->answer = answer->status;
    spf_note(run, visit, term, SPF_NO_ANSWER);
    return NULL;
}

/* Section 4.6.4, last paragraph but one. */
static void count_void(struct evaluation *run, const struct visit *visit, struct slice term)
{
    if (++run->outcome->voids > SPF_VOIDS_MAX)
        spf_note(run, visit, term, SPF_TOO_MANY_VOIDS);
}

/* Records, or NULL; a void lookup is counted. */
static const struct answer *look_up(struct evaluation *run, const struct visit *visit,
                                    struct slice term, const char *name, enum record_type type)
{
    const struct answer *answer = spf_ask(run, visit, term, name, type);
    if (answer == NULL || !spf_is_void(answer))
        return answer;
    count_void(run, visit, term);
    return NULL;
}

static enum record_type type_of_client(const struct evaluation *run)
{
    return run->client.family == FAMILY_V4 ? RECORD_A : RECORD_AAAA;
}

/* ---- addresses ---- */

bool spf_is_in_network(const struct address *client, const struct address *network,
                       const struct spf_term *term)
{
    if (client->family != network->family)
        return false;
    const unsigned bits = client->family == FAMILY_V4 ? term->prefix_v4 : term->prefix_v6;
    const size_t bytes = bits / 8;
    if (memcmp(client->bytes, network->bytes, bytes) != 0)
        return false;
    if (bits % 8 == 0)
        return true;
    return ((client->bytes[bytes] ^ network->bytes[bytes]) >> (8 - bits % 8)) == 0;
}

static bool is_among(const struct evaluation *run, const struct answer *answer,
                     const struct spf_term *term)
{
    if (answer == NULL || answer->status != ANSWER_RECORDS)
        return false;
    for (size_t i = 0; i < answer->count; i++)
        if (spf_is_in_network(&run->client, &answer->records[i].address, term))
            return true;
    return false;
}

/* ---- reverse names ---- */

enum kinship { KIN_SAME, KIN_BELOW, KIN_OTHER };

static enum kinship kinship_of(struct slice name, struct slice domain)
{
    if (spf_is_same_name(name, domain))
        return KIN_SAME;
    if (name.len <= domain.len || name.at[name.len - domain.len - 1] != '.')
        return KIN_OTHER;
    return spf_is_same_name(slice_from(name, name.len - domain.len), domain) ? KIN_BELOW
                                                                             : KIN_OTHER;
}

/* Section 5.5: a name whose addresses cannot be had is passed over. */
static bool is_validated(struct evaluation *run, const char *name)
{
    const struct spf_term whole = { .prefix_v4 = 32, .prefix_v6 = 128 };
    const struct answer *answer = ask(run, name, type_of_client(run));
    return is_among(run, answer, &whole);
}

/* The client's validated name that is nearest to the domain, of the first SPF_HOSTS_MAX. */
static const char *validated_name(struct evaluation *run, const struct answer *names,
                                  const char *domain, enum kinship farthest)
{
    for (enum kinship kin = KIN_SAME; kin <= farthest; kin++)
        for (size_t i = 0; i < names->count && i < SPF_HOSTS_MAX; i++) {
            const char *name = names->records[i].name;
            if (kinship_of(slice_of(name), slice_of(domain)) == kin && is_validated(run, name))
                return name;
        }
    return NULL;
}

static const struct answer *ask_names_of_client(struct evaluation *run)
{
    char reverse[SPF_NAME_SIZE];
    if (!spf_macro_expand(SLICE("%{ir}.%{v}.arpa"), &run->values, reverse))
        return NULL;
    return ask(run, reverse, RECORD_PTR);
}

/* %{p}, section 7.3. */
static struct slice validated_value(struct evaluation *run, const struct visit *visit)
{
    const struct answer *names = ask_names_of_client(run);
    const char *name = NULL;
    if (names != NULL && names->status == ANSWER_RECORDS)
        name = validated_name(run, names, visit->domain, KIN_OTHER);
    return name == NULL ? SLICE("unknown") : slice_of(name);
}

/* ---- destinations ---- */

/* The name that a term leads to: section 4.8. */
enum destination spf_destination(struct evaluation *run, const struct visit *visit,
                                 const struct spf_term *term, char into_name[SPF_NAME_SIZE])
{
    struct slice spec = term->target.len > 0 ? term->target : SLICE("%{d}");
    if (run->walking && spf_macro_needs(spec, "slipvh")) {
        run->outcome->hidden++;
        return DESTINATION_UNKNOWN;
    }
    if (spf_macro_needs(spec, "p"))
        run->values.validated = validated_value(run, visit);
    if (run->pending && !run->walking)
        return DESTINATION_UNKNOWN;
    run->values.domain = slice_of(visit->domain);
    return spf_macro_expand(spec, &run->values, into_name) ? DESTINATION_NAME : DESTINATION_NONE;
}

/* ---- mechanisms ---- */

/* In a walk the family is not known: only what has neither is void. */
static bool matches_a(struct evaluation *run, const struct visit *visit,
                      const struct spf_term *term, const char *name)
{
    const struct answer *answer;
    if (run->walking) {
        answer = spf_ask(run, visit, term->text, name, RECORD_A);
        if (answer != NULL && spf_is_void(answer))
            (void)look_up(run, visit, term->text, name, RECORD_AAAA); /* for its emptiness alone */
        return false;
    }
    answer = look_up(run, visit, term->text, name, type_of_client(run));
    if (is_among(run, answer, term))
        return true;
    if (answer != NULL && answer->cut)
        spf_note(run, visit, term->text, SPF_NO_ANSWER); /* it may be among those not kept */
    return false;
}

/* Section 5.4. All hosts are asked for at once; an error of one counts when it comes before the one
   that matches. */
static bool matches_mx(struct evaluation *run, const struct visit *visit,
                       const struct spf_term *term, const char *name)
{
    const struct answer *exchanges = look_up(run, visit, term->text, name, RECORD_MX);
    size_t asked = 0;
    for (size_t i = 0; exchanges != NULL && i < exchanges->count; i++) {
        if (exchanges->records[i].name[0] == '\0')
            continue; /* RFC 7505: takes no mail */
        if (asked++ == SPF_HOSTS_MAX) {
            spf_note(run, visit, term->text, SPF_TOO_MANY_HOSTS);
            return false;
        }
        if (run->walking)
            continue;
        const struct answer *hosts =
            spf_ask(run, visit, term->text, exchanges->records[i].name, type_of_client(run));
        if (is_among(run, hosts, term))
            return true;
    }
    return false;
}

/* Section 5.5: an error of the reverse zone, which is not the domain's, does not match. */
static bool matches_ptr(struct evaluation *run, const struct visit *visit,
                        const struct spf_term *term, const char *name)
{
    if (run->walking)
        return false;
    const struct answer *names = ask_names_of_client(run);
    if (names != NULL && spf_is_void(names))
        count_void(run, visit, term->text);
    if (names == NULL || names->status != ANSWER_RECORDS)
        return false;
    return validated_name(run, names, name, KIN_BELOW) != NULL;
}

/* Beyond the limit, a walk only counts. */
bool spf_matches_hosts(struct evaluation *run, const struct visit *visit,
                       const struct spf_term *term)
{
    char name[SPF_NAME_SIZE];
    if (run->outcome->lookups > SPF_LOOKUPS_MAX ||
        spf_destination(run, visit, term, name) != DESTINATION_NAME)
        return false;
    if (term->kind == SPF_KIND_A)
        return matches_a(run, visit, term, name);
    if (term->kind == SPF_KIND_MX)
        return matches_mx(run, visit, term, name);
    if (term->kind == SPF_KIND_PTR)
        return matches_ptr(run, visit, term, name);
    /* exists asks for A, whatever the client's family: section 5.7. */
    return look_up(run, visit, term->text, name, RECORD_A) != NULL;
}
