/* SPDX-License-Identifier: MIT */
#include "spf_record.h"

#include "spf_macro.h"

#include <string.h>

#define VERSION "v=spf1"

static const struct {
    const char *name;
    enum spf_kind kind;
} mechanisms[] = {
    { "all", SPF_KIND_ALL }, { "include", SPF_KIND_INCLUDE }, { "a", SPF_KIND_A },
    { "mx", SPF_KIND_MX },   { "ptr", SPF_KIND_PTR },         { "ip4", SPF_KIND_IP4 },
    { "ip6", SPF_KIND_IP6 }, { "exists", SPF_KIND_EXISTS },
};

bool spf_is_record(struct slice text)
{
    if (!slice_starts_nocase(text, VERSION))
        return false;
    return text.len == sizeof VERSION - 1 || text.at[sizeof VERSION - 1] == ' ';
}

struct slice spf_terms(struct slice record)
{
    return slice_from(record, sizeof VERSION - 1);
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* name of section 12; the names of mechanisms are such names too. */
static struct slice leading_name(struct slice text)
{
    size_t len = 0;
    while (len < text.len &&
           (is_letter(text.at[len]) || (len > 0 && (is_digit(text.at[len]) || text.at[len] == '-' ||
                                                    text.at[len] == '_' || text.at[len] == '.'))))
        len++;
    return (struct slice){ text.at, len };
}

/* Takes a prefix length off the end, where one is written: "/24", or with two slashes "//64". No
   leading zeros: section 5.6. False when what is written is no length. */
static bool take_prefix(struct slice *text, size_t slashes, unsigned maximum, unsigned *into_bits)
{
    size_t digits = 0, found = 0;
    while (digits < text->len && is_digit(text->at[text->len - 1 - digits]))
        digits++;
    const size_t before = text->len - digits;
    while (found < before && text->at[before - 1 - found] == '/')
        found++;
    if (digits == 0 || found != slashes)
        return true;
    uint64_t bits;
    struct slice number = slice_from(*text, before);
    if ((digits > 1 && number.at[0] == '0') || !slice_number(number, maximum, &bits))
        return false;
    text->len = before - slashes;
    *into_bits = (unsigned)bits;
    return true;
}

/* argument: what follows the name, its ':' or '=' included. */
static bool read_target(struct spf_term *term, struct slice argument, char mark)
{
    if (argument.len == 0 || argument.at[0] != mark)
        return false;
    term->target = slice_from(argument, 1);
    return spf_macro_is_domain(term->target);
}

static bool read_optional_target(struct spf_term *term, struct slice argument)
{
    return argument.len == 0 || read_target(term, argument, ':');
}

static bool read_hosts(struct spf_term *term, struct slice argument)
{
    return take_prefix(&argument, 2, 128, &term->prefix_v6) &&
           take_prefix(&argument, 1, 32, &term->prefix_v4) && read_optional_target(term, argument);
}

/* The networks of section 5.6 are addresses written in full. */
static bool read_network(struct spf_term *term, struct slice argument, enum family family)
{
    char text[ADDRESS_TEXT_MAX];
    const bool v4 = family == FAMILY_V4;
    if (argument.len == 0 || argument.at[0] != ':' ||
        !take_prefix(&argument, 1, v4 ? 32 : 128, v4 ? &term->prefix_v4 : &term->prefix_v6))
        return false;
    argument = slice_from(argument, 1);
    if (argument.len == 0 || argument.len >= sizeof text ||
        memchr(argument.at, '\0', argument.len) != NULL)
        return false;
    text_put(text, sizeof text, argument);
    return port_address_read(text, &term->network) && term->network.family == family;
}

static bool read_argument(struct spf_term *term, struct slice argument)
{
    switch (term->kind) {
    case SPF_KIND_ALL:
        return argument.len == 0;
    case SPF_KIND_INCLUDE:
    case SPF_KIND_EXISTS:
        return read_target(term, argument, ':');
    case SPF_KIND_A:
    case SPF_KIND_MX:
        return read_hosts(term, argument);
    case SPF_KIND_PTR:
        return read_optional_target(term, argument);
    case SPF_KIND_IP4:
        return read_network(term, argument, FAMILY_V4);
    case SPF_KIND_IP6:
        return read_network(term, argument, FAMILY_V6);
    case SPF_KIND_REDIRECT:
    case SPF_KIND_EXP:
        return read_target(term, argument, '=');
    case SPF_KIND_OTHER:
        return spf_macro_is_string(slice_from(argument, 1));
    case SPF_KIND_MALFORMED:
        break;
    }
    return false;
}

static enum spf_kind modifier_of(struct slice name)
{
    if (slice_is_nocase(name, "redirect"))
        return SPF_KIND_REDIRECT;
    return slice_is_nocase(name, "exp") ? SPF_KIND_EXP : SPF_KIND_OTHER;
}

static enum spf_kind mechanism_of(struct slice name)
{
    for (size_t i = 0; i < sizeof mechanisms / sizeof *mechanisms; i++)
        if (slice_is_nocase(name, mechanisms[i].name))
            return mechanisms[i].kind;
    return SPF_KIND_MALFORMED;
}

/* Section 4.6.1: a modifier has its '=' right after its name. */
static struct spf_term read_term(struct slice word)
{
    struct spf_term term = { .qualifier = '+', .text = word, .prefix_v4 = 32, .prefix_v6 = 128 };
    struct slice name = leading_name(word);
    if (name.len > 0 && name.len < word.len && word.at[name.len] == '=') {
        term.kind = modifier_of(name);
    } else {
        if (memchr("+-?~", word.at[0], 4) != NULL) {
            term.qualifier = word.at[0];
            word = slice_from(word, 1);
            name = leading_name(word);
        }
        term.kind = mechanism_of(name);
    }
    if (!read_argument(&term, slice_from(word, name.len)))
        term.kind = SPF_KIND_MALFORMED;
    return term;
}

bool spf_next_term(struct slice *terms, struct spf_term *into_term)
{
    struct slice word;
    while (slice_cut(terms, ' ', &word)) {
        if (word.len == 0)
            continue;
        *into_term = read_term(word);
        return true;
    }
    return false;
}
