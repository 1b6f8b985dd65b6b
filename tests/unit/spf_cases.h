/* SPDX-License-Identifier: MIT */
/* What a receiver must make of a record, by section of RFC 7208: the records, then who sends, and
   what comes of it. */
#ifndef GATEPOST_TESTS_SPF_CASES_H
#define GATEPOST_TESTS_SPF_CASES_H

#include "spf_zone.h"

/* The sender "" is that of a bounce: then the name in HELO is judged. */
struct spf_case {
    const char *section, *words;
    const char *client, *sender;
    enum spf_result result;
    enum spf_problem problem;
    const char *helo; /* NULL: mail.sender.example */
};

/* What comes of it: a result; an error, by its problem; and a result for a name in HELO. */
#define GIVES(number, sentence, from_address, from, what)                                          \
    { .section = (number),                                                                         \
      .words = (sentence),                                                                         \
      .client = (from_address),                                                                    \
      .sender = (from),                                                                            \
      .result = SPF_##what }
#define BREAKS(number, sentence, from_address, from, why)                                          \
    { .section = (number),                                                                         \
      .words = (sentence),                                                                         \
      .client = (from_address),                                                                    \
      .sender = (from),                                                                            \
      .problem = SPF_##why,                                                                        \
      .result = SPF_##why == SPF_NO_ANSWER ? SPF_TEMPERROR : SPF_PERMERROR }
#define GREETED(number, sentence, from_address, name, from, what)                                  \
    { .section = (number),                                                                         \
      .words = (sentence),                                                                         \
      .client = (from_address),                                                                    \
      .helo = (name),                                                                              \
      .sender = (from),                                                                            \
      .result = SPF_##what }

#define LABEL_63    "a23456789-123456789-123456789-123456789-123456789-123456789-123"
#define ADDRESS     "192.0.2.1"
#define OTHER       "192.0.2.200"
#define ADDRESS_V6  "2001:db8::1"
#define MAPPED      "::ffff:192.0.2.1"
#define END_OF_ZONE { NULL, NULL, NULL }

/* clang-format off */

/* ---- 3.1, 4.3, 4.6.1: before anything is evaluated ---- */

static const struct row initial_zone[] = {
    { "shop.example", "TXT", "v=spf1 -all" },
    { LABEL_63 ".shop.example", "TXT", "v=spf1 -all" },
    { "a" LABEL_63 ".shop.example", "TXT", "v=spf1 -all" },
    { "desk7", "TXT", "v=spf1 -all" },
    { "accent.example", "TXT", "v=spf1 a:caf\xC3\xA9.shop.example -all" },
    { "mark.example", "TXT", "v=spf1 \x80mx -all" },
    { "dash.example", "TXT", "v=spf1 ip4:192.0.2.1 \x96" "all" },
    { "notes.example", "TXT", "\x96 our notes" },
    { "notes.example", "TXT", "v=spf1 -all" },
    { "return.example", "TXT", "v=spf1 a:return.example\rptr -all" },
    { "return.example", "A", ADDRESS },
    { "tab.example", "TXT", "v=spf1\ta -all" },
    { "tab2.example", "TXT", "v=spf1 ip4:192.0.2.1\t-all" },
    { "wide.example", "TXT", "v=spf1    ip4:192.0.2.7    -all" },
    { "tail.example", "TXT", "v=spf1 -all   " },
    END_OF_ZONE,
};

static const struct spf_case initial_cases[] = {
    GIVES("4.3", "a label of 64 bytes is no name", ADDRESS, "anna@a" LABEL_63 ".shop.example", NONE),
    GIVES("4.3", "a label of 63 bytes is one", ADDRESS, "anna@" LABEL_63 ".shop.example", FAIL),
    GIVES("4.3", "an empty label is no label", ADDRESS, "anna@a..shop.example", NONE),
    GREETED("4.3", "a single label is no domain", ADDRESS, "desk7", "", NONE),
    GREETED("4.3", "nor with a dot at its end", ADDRESS, "desk7.", "", NONE),
    GREETED("4.3", "an address in brackets is no domain", ADDRESS, "[192.0.2.1]", "", NONE),
    GIVES("4.3", "nor behind an @", ADDRESS, "anna@[192.0.2.1]", NONE),
    GIVES("4.3", "a sender without local part has a domain", ADDRESS, "@shop.example", FAIL),
    GIVES("4.3", "a dot at the end is nothing", ADDRESS, "anna@shop.example.", FAIL),
    GREETED("2.4", "for a bounce the name in HELO is judged", ADDRESS, "shop.example", "", FAIL),
    BREAKS("3.1", "a byte beyond ASCII in a name", ADDRESS, "anna@accent.example", MALFORMED),
    BREAKS("3.1", "before a mechanism", ADDRESS, "anna@mark.example", MALFORMED),
    BREAKS("3.1", "instead of a qualifier, behind a match", ADDRESS, "anna@dash.example", MALFORMED),
    GIVES("4.5", "in a record of something else", ADDRESS, "anna@notes.example", FAIL),
    BREAKS("4.6.1", "a carriage return does not part terms", ADDRESS, "anna@return.example", MALFORMED),
    GIVES("4.5", "a tab does not end the version", ADDRESS, "anna@tab.example", NONE),
    BREAKS("4.6.1", "nor does it part terms", ADDRESS, "anna@tab2.example", MALFORMED),
    GIVES("4.6.1", "many blanks part terms", ADDRESS, "anna@wide.example", FAIL),
    GIVES("4.5", "blanks at the end are nothing", ADDRESS, "anna@tail.example", FAIL),
};

/* ---- 4.4: looking the record up ---- */

static const struct row lookup_zone[] = {
    { "plain.example", "TXT", "v=spf1 -all" },
    { "slow.example", "!timeout", "" },
    { "broken.example", "!servfail", "" },
    { "closed.example", "!refused", "" },
    { "garbled.example", "!garbled", "" },
    { "device.example", "!device", "" },
    { "bare.example", "A", ADDRESS },
    END_OF_ZONE,
};

static const struct spf_case lookup_cases[] = {
    GIVES("4.4", "a record in TXT", ADDRESS, "anna@plain.example", FAIL),
    BREAKS("4.4", "no answer in time", ADDRESS, "anna@slow.example", NO_ANSWER),
    BREAKS("4.4", "a server's failure", ADDRESS, "anna@broken.example", NO_ANSWER),
    BREAKS("4.4", "a server that refuses", ADDRESS, "anna@closed.example", NO_ANSWER),
    BREAKS("4.4", "an answer that is none", ADDRESS, "anna@garbled.example", NO_ANSWER),
    BREAKS("4.4", "a device that cannot ask", ADDRESS, "anna@device.example", NO_ANSWER),
    GIVES("4.3", "a name that does not exist", ADDRESS, "anna@missing.example", NONE),
    GIVES("4.5", "a name without TXT", ADDRESS, "anna@bare.example", NONE),
};

/* ---- 4.5: which record ---- */

static const struct row select_zone[] = {
    { "glued.example", "TXT", "v=spf1mx" },
    { "empty.example", "TXT", "v=spf1" },
    { "ten.example", "TXT", "v=spf10" },
    { "ten.example", "TXT", "v=spf1 ip4:192.0.2.1" },
    { "two.example", "TXT", "v=spf1 -all" },
    { "two.example", "TXT", "v=spf1 +all" },
    { "case2.example", "TXT", "v=spf1 -all" },
    { "case2.example", "TXT", "V=sPf1 +all" },
    { "twins.example", "TXT", "v=spf1 -all" },
    { "twins.example", "TXT", "v=spf1 -all" },
    { "others.example", "TXT", "site-verification=1234" },
    { "others.example", "TXT", "spf2.0/mfrom -all" },
    { "others.example", "TXT", "" },
    { "capital.example", "TXT", "v=SPF1 ~all" },
    { "blank.example", "TXT", " v=spf1 -all" },
    { "typing.example", "TXT", "v=spf -all" },
    END_OF_ZONE,
};

static const struct spf_case select_cases[] = {
    GIVES("4.5", "a version that goes on is another version", ADDRESS, "anna@glued.example", NONE),
    GIVES("4.5", "a version alone is a record", ADDRESS, "anna@empty.example", NEUTRAL),
    GIVES("4.5", "a record of another version is not counted", ADDRESS, "anna@ten.example", PASS),
    BREAKS("4.5", "two records", ADDRESS, "anna@two.example", SEVERAL_RECORDS),
    BREAKS("4.5", "two, one in capitals", ADDRESS, "anna@case2.example", SEVERAL_RECORDS),
    BREAKS("4.5", "two that are the same", ADDRESS, "anna@twins.example", SEVERAL_RECORDS),
    GIVES("4.5", "records of something else alone", ADDRESS, "anna@others.example", NONE),
    GIVES("4.5", "a version in capitals", ADDRESS, "anna@capital.example", SOFTFAIL),
    GIVES("4.5", "a blank before the version", ADDRESS, "anna@blank.example", NONE),
    GIVES("4.5", "a version without its number", ADDRESS, "anna@typing.example", NONE),
};

/* ---- 4.6, 4.7, 4.8: evaluating it ---- */

static const struct row evaluation_zone[] = {
    { "late.example", "TXT", "v=spf1 ip4:192.0.2.1 -all moo" },
    { "name.example", "TXT", "v=spf1 house.rule-a_b=any:thing/else ip4:192.0.2.1 -all" },
    { "slash.example", "TXT", "v=spf1 house/rule=any ip4:192.0.2.1 -all" },
    { "colon.example", "TXT", "v=spf1 house:rule=any ip4:192.0.2.1 -all" },
    { "before.example", "TXT", "v=spf1 redirect=before.example ~all" },
    { "after.example", "TXT", "v=spf1 redirect=name.example ip4:192.0.2.9" },
    { "default.example", "TXT", "v=spf1 ip4:192.0.2.9" },
    { "verb.example", "TXT", "v=spf1 ip4:192.0.2.1 redirect:name.example" },
    { "undotted.example", "TXT", "v=spf1 a:mail-host -all" },
    { "gap.example", "TXT", "v=spf1 a:mail..example ?all" },
    { "long.example", "TXT", "v=spf1 a:a" LABEL_63 ".example ?all" },
    { "a" LABEL_63 ".example", "A", ADDRESS },
    { "helo.example", "TXT", "v=spf1 a:%{h}.example ?all" },
    { "capital.example", "TXT", "v=spf1 IP4:192.0.2.1 -ALL" },
    { "foreign.example", "TXT", "v=spf1 ip5:192.0.2.1 -all" },
    { "plus.example", "TXT", "v=spf1 +ip4:192.0.2.1" },
    { "minus.example", "TXT", "v=spf1 -ip4:192.0.2.1" },
    { "tilde.example", "TXT", "v=spf1 ~ip4:192.0.2.1" },
    { "question.example", "TXT", "v=spf1 ?ip4:192.0.2.1 -all" },
    { "alone.example", "TXT", "v=spf1 - all" },
    { "double.example", "TXT", "v=spf1 --all" },
    { "qualified.example", "TXT", "v=spf1 +redirect=name.example" },
    { "comma.example", "TXT", "v=spf1 ip4:192.0.2.1, ip4:192.0.2.2 -all" },
    { "quoted.example", "TXT", "v=spf1 \"ip4:192.0.2.1\" -all" },
    END_OF_ZONE,
};

static const struct spf_case evaluation_cases[] = {
    BREAKS("4.6", "an error behind the match counts", ADDRESS, "anna@late.example", MALFORMED),
    GIVES("4.6.1", "all that a modifier's name may hold", ADDRESS, "anna@name.example", PASS),
    BREAKS("4.6.1", "a slash before the equals sign", ADDRESS, "anna@slash.example", MALFORMED),
    BREAKS("4.6.1", "a colon before the equals sign", ADDRESS, "anna@colon.example", MALFORMED),
    GIVES("6.1", "a redirect before `all` is not followed", ADDRESS, "anna@before.example", SOFTFAIL),
    GIVES("4.6.3", "a redirect waits for all mechanisms", "192.0.2.9", "anna@after.example", PASS),
    GIVES("4.6.3", "and is followed when none matches", OTHER, "anna@after.example", FAIL),
    GIVES("4.7", "what nothing matches is neutral", OTHER, "anna@default.example", NEUTRAL),
    BREAKS("4.6.1", "redirect is no mechanism", ADDRESS, "anna@verb.example", MALFORMED),
    BREAKS("7.1", "a name without a dot", ADDRESS, "anna@undotted.example", MALFORMED),
    GIVES("4.8", "an empty label does not match", ADDRESS, "anna@gap.example", NEUTRAL),
    GIVES("4.8", "nor does a long one", ADDRESS, "anna@long.example", NEUTRAL),
    GREETED("4.8", "nor one that a macro made", ADDRESS, "a" LABEL_63, "anna@helo.example", NEUTRAL),
    GIVES("4.6.1", "mechanisms in capitals", ADDRESS, "anna@capital.example", PASS),
    BREAKS("4.6.1", "a mechanism that there is not", ADDRESS, "anna@foreign.example", MALFORMED),
    GIVES("4.6.2", "plus passes", ADDRESS, "anna@plus.example", PASS),
    GIVES("4.6.2", "minus fails", ADDRESS, "anna@minus.example", FAIL),
    GIVES("4.6.2", "a tilde fails softly", ADDRESS, "anna@tilde.example", SOFTFAIL),
    GIVES("4.6.2", "a question mark is neutral", ADDRESS, "anna@question.example", NEUTRAL),
    BREAKS("4.6.1", "a qualifier alone", ADDRESS, "anna@alone.example", MALFORMED),
    BREAKS("4.6.1", "two qualifiers", ADDRESS, "anna@double.example", MALFORMED),
    BREAKS("4.6.1", "a modifier has no qualifier", ADDRESS, "anna@qualified.example", MALFORMED),
    BREAKS("4.6.1", "a comma does not part terms", ADDRESS, "anna@comma.example", MALFORMED),
    BREAKS("4.6.1", "quotation marks in the record", ADDRESS, "anna@quoted.example", MALFORMED),
};

/* ---- 5.1: all ---- */

static const struct row all_zone[] = {
    { "dot.example", "TXT", "v=spf1 -all." },
    { "argument.example", "TXT", "v=spf1 -all:here" },
    { "prefix.example", "TXT", "v=spf1 -all/8" },
    { "neutral.example", "TXT", "v=spf1 ?all" },
    { "twice.example", "TXT", "v=spf1 all -all" },
    { "behind.example", "TXT", "v=spf1 ~all a:slow.example" },
    { "slow.example", "!timeout", "" },
    END_OF_ZONE,
};

static const struct spf_case all_cases[] = {
    BREAKS("5.1", "a dot behind it", ADDRESS, "anna@dot.example", MALFORMED),
    BREAKS("5.1", "an argument", ADDRESS, "anna@argument.example", MALFORMED),
    BREAKS("5.1", "a prefix length", ADDRESS, "anna@prefix.example", MALFORMED),
    GIVES("5.1", "it has the qualifier's result", ADDRESS, "anna@neutral.example", NEUTRAL),
    GIVES("5.1", "the first one counts", ADDRESS, "anna@twice.example", PASS),
    GIVES("5.1", "what is behind it is not asked for", ADDRESS, "anna@behind.example", SOFTFAIL),
};

/* ---- 5.2: include ---- */

static const struct row include_zone[] = {
    { "fails.example", "TXT", "v=spf1 ip4:192.0.2.9 -all" },
    { "softly.example", "TXT", "v=spf1 ip4:192.0.2.9 ~all" },
    { "neutral.example", "TXT", "v=spf1 ip4:192.0.2.9 ?all" },
    { "undecided.example", "TXT", "v=spf1 ip4:192.0.2.9" },
    { "slow.example", "!timeout", "" },
    { "text.example", "TXT", "v=spf one is no record" },
    { "wrong.example", "TXT", "v=spf1 include ?all" },
    { "a.example", "TXT", "v=spf1 include:fails.example ~all" },
    { "b.example", "TXT", "v=spf1 include:softly.example all" },
    { "c.example", "TXT", "v=spf1 include:neutral.example -all" },
    { "d.example", "TXT", "v=spf1 include:undecided.example -all" },
    { "e.example", "TXT", "v=spf1 include:slow.example -all" },
    { "f.example", "TXT", "v=spf1 include:wrong.example -all" },
    { "g.example", "TXT", "v=spf1 include:text.example -all" },
    { "h.example", "TXT", "v=spf1 include:missing.example -all" },
    { "i.example", "TXT", "v=spf1 include: -all" },
    { "j.example", "TXT", "v=spf1 include:fails.example/24 -all" },
    { "k.example", "TXT", "v=spf1 include:mail..example -all" },
    { "l.example", "TXT", "v=spf1 -include:fails.example ?all" },
    { "m.example", "TXT", "v=spf1 include:l.example ~all" },
    { "n.example", "TXT", "v=spf1 include:bad-redirect.example ~all" },
    { "bad-redirect.example", "TXT", "v=spf1 redirect=missing.example" },
    { "o.example", "TXT", "v=spf1 include:fails.example. ~all" },
    END_OF_ZONE,
};

static const struct spf_case include_cases[] = {
    GIVES("5.2", "a pass inside matches", "192.0.2.9", "anna@a.example", PASS),
    GIVES("5.2", "a fail inside does not", ADDRESS, "anna@a.example", SOFTFAIL),
    GIVES("5.2", "a soft fail inside does not", ADDRESS, "anna@b.example", PASS),
    GIVES("5.2", "nor a neutral one", ADDRESS, "anna@c.example", FAIL),
    GIVES("5.2", "nor one that nothing matches", ADDRESS, "anna@d.example", FAIL),
    BREAKS("5.2", "an error that may pass is handed on", ADDRESS, "anna@e.example", NO_ANSWER),
    BREAKS("5.2", "and one that stays", ADDRESS, "anna@f.example", MALFORMED),
    BREAKS("5.2", "a target without record", ADDRESS, "anna@g.example", TARGET_WITHOUT_RECORD),
    BREAKS("5.2", "a target that does not exist", ADDRESS, "anna@h.example", TARGET_WITHOUT_RECORD),
    BREAKS("5.2", "no target", ADDRESS, "anna@wrong.example", MALFORMED),
    BREAKS("5.2", "an empty target", ADDRESS, "anna@i.example", MALFORMED),
    BREAKS("5.2", "a prefix length", ADDRESS, "anna@j.example", MALFORMED),
    BREAKS("4.8", "a target that is no name", ADDRESS, "anna@k.example", TARGET_WITHOUT_RECORD),
    GIVES("4.6.2", "a match has the outer qualifier", "192.0.2.9", "anna@l.example", FAIL),
    GIVES("5.2", "which does not match one level up", "192.0.2.9", "anna@m.example", SOFTFAIL),
    BREAKS("5.2", "a redirect inside that leads nowhere", ADDRESS, "anna@n.example", TARGET_WITHOUT_RECORD),
    GIVES("7.3", "a dot behind the target", "192.0.2.9", "anna@o.example", PASS),
};

/* ---- 5.3: a ---- */

static const struct row a_zone[] = {
    { "six33.example", "TXT", "v=spf1 a//33 -all" },
    { "four33.example", "TXT", "v=spf1 a/33 -all" },
    { "zero.example", "TXT", "v=spf1 a/024 -all" },
    { "six129.example", "TXT", "v=spf1 a//129 -all" },
    { "open.example", "TXT", "v=spf1 a/ -all" },
    { "dual.example", "TXT", "v=spf1 a/24//64 -all" },
    { "dual.example", "A", "192.0.2.77" },
    { "dual.example", "AAAA", "2001:db8::77" },
    { "wrong-dual.example", "TXT", "v=spf1 a/24/64 -all" },
    { "only-four.example", "TXT", "v=spf1 a/24 -all" },
    { "only-four.example", "A", "192.0.2.77" },
    { "only-four.example", "AAAA", "2001:db8::77" },
    { "only-six.example", "TXT", "v=spf1 a//64 -all" },
    { "only-six.example", "A", "192.0.2.77" },
    { "only-six.example", "AAAA", "2001:db8::77" },
    { "several.example", "TXT", "v=spf1 a:farm.example/24" },
    { "farm.example", "A", "198.51.100.1" },
    { "farm.example", "A", "192.0.2.90" },
    { "port.example", "TXT", "v=spf1 a:farm.example:25" },
    { "hostless.example", "TXT", "v=spf1 a/0 -all" },
    { "any.example", "TXT", "v=spf1 a/0 -all" },
    { "any.example", "A", "198.51.100.1" },
    { "any.example", "AAAA", "2001:db8::2" },
    { "any6.example", "TXT", "v=spf1 a//0 -all" },
    { "any6.example", "AAAA", "2001:db8::2" },
    { "any4.example", "TXT", "v=spf1 a//0 -all" },
    { "any4.example", "A", "198.51.100.1" },
    { "both.example", "TXT", "v=spf1 a -all" },
    { "both.example", "A", "198.51.100.1" },
    { "both.example", "AAAA", ADDRESS_V6 },
    { "nul.example", "TXT", "v=spf1 a:farm.example\\0" },
    { "number.example", "TXT", "v=spf1 a:192.0.2.1" },
    { "number-top.example", "TXT", "v=spf1 a:farm.123" },
    { "top.example", "TXT", "v=spf1 a:museum" },
    { "top-dot.example", "TXT", "v=spf1 a:museum." },
    { "dash-top.example", "TXT", "v=spf1 a:farm.-example" },
    { "punycode.example", "TXT", "v=spf1 a:mail.xn--zckzah -all" },
    { "mail.xn--zckzah", "A", ADDRESS },
    { "digit-top.example", "TXT", "v=spf1 a:mail.zone7 -all" },
    { "mail.zone7", "A", ADDRESS },
    { "marks.example", "TXT", "v=spf1 a:of:one/house.example" },
    { "of:one/house.example", "A", ADDRESS },
    { "nothing.example", "TXT", "v=spf1 a:" },
    { "prefix.example", "TXT", "v=spf1 a:/24" },
    { "timeout.example", "TXT", "v=spf1 a:slow.example -all" },
    { "slow.example", "!timeout", "" },
    END_OF_ZONE,
};

static const struct spf_case a_cases[] = {
    GIVES("5.3", "a prefix length for IPv6 alone", ADDRESS, "anna@six33.example", FAIL),
    BREAKS("5.6", "more bits than IPv4 has", ADDRESS, "anna@four33.example", MALFORMED),
    BREAKS("5.6", "a prefix length with a leading zero", ADDRESS, "anna@zero.example", MALFORMED),
    BREAKS("5.6", "more bits than IPv6 has", ADDRESS, "anna@six129.example", MALFORMED),
    BREAKS("5.3", "a slash without length", ADDRESS, "anna@open.example", MALFORMED),
    GIVES("5.3", "both lengths, IPv4", ADDRESS, "anna@dual.example", PASS),
    GIVES("5.3", "both lengths, IPv6", ADDRESS_V6, "anna@dual.example", PASS),
    BREAKS("5.3", "the second with one slash", ADDRESS, "anna@wrong-dual.example", MALFORMED),
    GIVES("5.3", "without a length all bits count, IPv4", ADDRESS, "anna@only-six.example", FAIL),
    GIVES("5.3", "without a length all bits count, IPv6", ADDRESS_V6, "anna@only-four.example", FAIL),
    GIVES("5.3", "any of several addresses", ADDRESS, "anna@several.example", PASS),
    BREAKS("7.1", "a port", ADDRESS, "anna@port.example", MALFORMED),
    GIVES("5.3", "no address, even with no bits", ADDRESS, "anna@hostless.example", FAIL),
    GIVES("5.3", "any address, with no bits", ADDRESS, "anna@any.example", PASS),
    GIVES("5.3", "IPv4's length is not IPv6's", ADDRESS_V6, "anna@any.example", FAIL),
    GIVES("5.3", "IPv6's length is not IPv4's", ADDRESS, "anna@any6.example", FAIL),
    GIVES("5", "nor for an IPv4 address in an IPv6 one", MAPPED, "anna@any6.example", FAIL),
    GIVES("5.3", "any IPv6 address, with no bits", ADDRESS_V6, "anna@any6.example", PASS),
    GIVES("5.3", "no IPv6 address, with no bits", ADDRESS_V6, "anna@any4.example", FAIL),
    GIVES("5.3", "a host with both", ADDRESS_V6, "anna@both.example", PASS),
    BREAKS("7.1", "a NUL byte", ADDRESS, "anna@nul.example", MALFORMED),
    BREAKS("7.1", "an address instead of a name", ADDRESS, "anna@number.example", MALFORMED),
    BREAKS("7.1", "a top label of digits", ADDRESS, "anna@number-top.example", MALFORMED),
    BREAKS("7.1", "a top label alone", ADDRESS, "anna@top.example", MALFORMED),
    BREAKS("7.1", "a top label alone, and a dot", ADDRESS, "anna@top-dot.example", MALFORMED),
    BREAKS("7.1", "a top label that begins with a hyphen", ADDRESS, "anna@dash-top.example", MALFORMED),
    GIVES("7.1", "a top label with hyphens inside", ADDRESS, "anna@punycode.example", PASS),
    GIVES("7.1", "a top label that ends in a digit", ADDRESS, "anna@digit-top.example", PASS),
    GIVES("7.1", "any visible character in other labels", ADDRESS, "anna@marks.example", PASS),
    GIVES("7.1", "the same for IPv4 in IPv6", MAPPED, "anna@marks.example", PASS),
    BREAKS("5.3", "an empty name", ADDRESS, "anna@nothing.example", MALFORMED),
    BREAKS("5.3", "an empty name and a length", ADDRESS, "anna@prefix.example", MALFORMED),
    BREAKS("5", "no answer in time", ADDRESS, "anna@timeout.example", NO_ANSWER),
};

/* ---- 5.4: mx ---- */

static const struct row mx_zone[] = {
    { "six33.example", "TXT", "v=spf1 mx//33 -all" },
    { "four33.example", "TXT", "v=spf1 mx/33 -all" },
    { "six129.example", "TXT", "v=spf1 mx//129 -all" },
    { "several.example", "TXT", "v=spf1 mx:office.example/24" },
    { "office.example", "MX", "one.example" },
    { "office.example", "MX", "two.example" },
    { "one.example", "A", "198.51.100.1" },
    { "two.example", "A", "198.51.100.2" },
    { "two.example", "A", "192.0.2.90" },
    { "two.example", "AAAA", ADDRESS_V6 },
    { "port.example", "TXT", "v=spf1 mx:office.example:25" },
    { "hostless.example", "TXT", "v=spf1 mx/0 -all" },
    { "hostless.example", "MX", "hostless.example" },
    { "any.example", "TXT", "v=spf1 mx/0 -all" },
    { "any.example", "MX", "one.example" },
    { "any6.example", "TXT", "v=spf1 mx//0 -all" },
    { "any6.example", "MX", "six.example" },
    { "six.example", "AAAA", "2001:db8::2" },
    { "any4.example", "TXT", "v=spf1 mx//0 -all" },
    { "any4.example", "MX", "one.example" },
    { "nul.example", "TXT", "v=spf1 mx:office.example\\0" },
    { "number-top.example", "TXT", "v=spf1 mx:office.123" },
    { "marks.example", "TXT", "v=spf1 mx:of:one/house.example" },
    { "of:one/house.example", "MX", "local.example" },
    { "local.example", "A", ADDRESS },
    { "dash-top.example", "TXT", "v=spf1 mx:office.-example" },
    { "null.example", "TXT", "v=spf1 mx" },
    { "null.example", "MX", "" },
    { "null.example", "A", ADDRESS },
    { "implicit.example", "TXT", "v=spf1 mx" },
    { "implicit.example", "A", ADDRESS },
    { "nothing.example", "TXT", "v=spf1 mx: -all" },
    { "timeout.example", "TXT", "v=spf1 mx:slow.example -all" },
    { "slow.example", "!timeout", "" },
    { "half.example", "TXT", "v=spf1 mx -all" },
    { "half.example", "MX", "slow.example" },
    { "half.example", "MX", "local.example" },
    { "early.example", "TXT", "v=spf1 mx -all" },
    { "early.example", "MX", "local.example" },
    { "early.example", "MX", "slow.example" },
    END_OF_ZONE,
};

static const struct spf_case mx_cases[] = {
    GIVES("5.4", "a prefix length for IPv6 alone", ADDRESS, "anna@six33.example", FAIL),
    BREAKS("5.6", "more bits than IPv4 has", ADDRESS, "anna@four33.example", MALFORMED),
    BREAKS("5.6", "more bits than IPv6 has", ADDRESS, "anna@six129.example", MALFORMED),
    GIVES("5.4", "any address of any host", ADDRESS, "anna@several.example", PASS),
    GIVES("5.4", "any IPv6 address of any host", ADDRESS_V6, "anna@several.example", PASS),
    BREAKS("7.1", "a port", ADDRESS, "anna@port.example", MALFORMED),
    GIVES("5.4", "a host without address, even with no bits", ADDRESS, "anna@hostless.example", FAIL),
    GIVES("5.4", "any address, with no bits", ADDRESS, "anna@any.example", PASS),
    GIVES("5.4", "IPv4's length is not IPv6's", ADDRESS_V6, "anna@any.example", FAIL),
    GIVES("5.4", "IPv6's length is not IPv4's", ADDRESS, "anna@any6.example", FAIL),
    GIVES("5", "nor for an IPv4 address in an IPv6 one", MAPPED, "anna@any6.example", FAIL),
    GIVES("5.4", "any IPv6 address, with no bits", ADDRESS_V6, "anna@any6.example", PASS),
    GIVES("5.4", "no IPv6 address, with no bits", ADDRESS_V6, "anna@any4.example", FAIL),
    BREAKS("7.1", "a NUL byte", ADDRESS, "anna@nul.example", MALFORMED),
    BREAKS("7.1", "a top label of digits", ADDRESS, "anna@number-top.example", MALFORMED),
    GIVES("7.1", "any visible character in other labels", ADDRESS, "anna@marks.example", PASS),
    GIVES("7.1", "the same for IPv4 in IPv6", MAPPED, "anna@marks.example", PASS),
    BREAKS("7.1", "a top label that begins with a hyphen", ADDRESS, "anna@dash-top.example", MALFORMED),
    GIVES("5.4", "a domain that takes no mail", ADDRESS, "anna@null.example", NEUTRAL),
    GIVES("5.4", "without MX the domain is not its own", ADDRESS, "anna@implicit.example", NEUTRAL),
    BREAKS("5.4", "an empty name", ADDRESS, "anna@nothing.example", MALFORMED),
    BREAKS("5", "no answer in time", ADDRESS, "anna@timeout.example", NO_ANSWER),
    BREAKS("5", "no answer for a host before the one", ADDRESS, "anna@half.example", NO_ANSWER),
    GIVES("5", "no answer for a host behind the one", ADDRESS, "anna@early.example", PASS),
};

/* ---- 5.5: ptr ---- */

#define ZEROS_23    "0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0."
#define REVERSE_V6  "1." ZEROS_23 "8.b.d.0.1.0.0.2.ip6.arpa"

static const struct row ptr_zone[] = {
    { "mail.firm.example", "A", ADDRESS },
    { "prefix.example", "TXT", "v=spf1 ptr/0 -all" },
    { "target.example", "TXT", "v=spf1 ptr:firm.example -all" },
    { "1.2.0.192.in-addr.arpa", "PTR", "firm.example" },
    { "1.2.0.192.in-addr.arpa", "PTR", "liar.example" },
    { "1.2.0.192.in-addr.arpa", "PTR", "mail.firm.example" },
    { REVERSE_V6, "PTR", "Firm.Example" },
    { "firm.example", "TXT", "v=spf1 ptr -all" },
    { "firm.example", "A", ADDRESS },
    { "firm.example", "AAAA", ADDRESS_V6 },
    { "liar.example", "TXT", "v=spf1 ptr -all" },
    { "liar.example", "A", OTHER },
    { "irm.example", "TXT", "v=spf1 ptr -all" },
    { "nothing.example", "TXT", "v=spf1 ptr:" },
    { "capital.example", "TXT", "v=spf1 ptr:FIRM.example -all" },
    { "circle.example", "TXT", "v=spf1 ptr" },
    { "3.2.0.192.in-addr.arpa", "PTR", "host.circle.example" },
    { "host.circle.example", "!garbled", "" },
    { "4.2.0.192.in-addr.arpa", "!timeout", "" },
    { "5.2.0.192.in-addr.arpa", "PTR", "host.circle.example" },
    { "5.2.0.192.in-addr.arpa", "PTR", "good.circle.example" },
    { "good.circle.example", "A", "192.0.2.5" },
    END_OF_ZONE,
};

static const struct spf_case ptr_cases[] = {
    BREAKS("5.5", "a prefix length", ADDRESS, "anna@prefix.example", MALFORMED),
    GIVES("5.5", "a name below the target", ADDRESS, "anna@target.example", PASS),
    GIVES("5.5", "the domain is the target", ADDRESS, "anna@firm.example", PASS),
    GIVES("5.5", "a name that does not lead back", ADDRESS, "anna@liar.example", FAIL),
    GIVES("5.5", "a name that ends in the same letters", ADDRESS, "anna@irm.example", FAIL),
    GIVES("5.5", "IPv6", ADDRESS_V6, "anna@firm.example", PASS),
    BREAKS("5.5", "an empty name", ADDRESS, "anna@nothing.example", MALFORMED),
    GIVES("5.5", "names in capitals", ADDRESS_V6, "anna@capital.example", PASS),
    GIVES("5.5", "an address without name", OTHER, "anna@firm.example", FAIL),
    GIVES("5.5", "a name that leads in a circle", "192.0.2.3", "anna@circle.example", NEUTRAL),
    GIVES("5.5", "no answer for the address", "192.0.2.4", "anna@circle.example", NEUTRAL),
    GIVES("5.5", "no answer for one of two names", "192.0.2.5", "anna@circle.example", PASS),
};

/* ---- 5.6: ip4 and ip6 ---- */

static const struct row ip_zone[] = {
    { "a.example", "TXT", "v=spf1 ip4:203.0.113.1/0 -all" },
    { "b.example", "TXT", "v=spf1 ip4:192.0.2.1/32 -all" },
    { "c.example", "TXT", "v=spf1 ip4:192.0.2.1/33 -all" },
    { "d.example", "TXT", "v=spf1 ip4:192.0.2.1/032 -all" },
    { "e.example", "TXT", "v=spf1 ip4" },
    { "f.example", "TXT", "v=spf1 ip4:192.0.2.1:25" },
    { "g.example", "TXT", "v=spf1 ip4:192.0.2" },
    { "h.example", "TXT", "v=spf1 ip4:192.0.2.1//32" },
    { "i.example", "TXT", "v=spf1 -ip4:192.0.2.1 ip6:::ffff:192.0.2.1" },
    { "j.example", "TXT", "v=spf1 ip4:192.0.2.0/25 -all" },
    { "k.example", "TXT", "v=spf1 ip4:192.0.02.1 -all" },
    { "l.example", "TXT", "v=spf1 ip4:2001:db8::1 -all" },
    { "m.example", "TXT", "v=spf1 ip4: -all" },
    { "n.example", "TXT", "v=spf1 ip4:192.0.2.256 -all" },
    { "o.example", "TXT", "v=spf1 ip4=192.0.2.1 -all" },
    { "p.example", "TXT", "v=spf1 ip4:mail.example -all" },
    { "q.example", "TXT", "v=spf1 ip4:192.0.2.1\\0 -all" },
    { "aa.example", "TXT", "v=spf1 -all ip6" },
    { "bb.example", "TXT", "v=spf1 ip6:::1.1.1.1/0" },
    { "cc.example", "TXT", "v=spf1 ip6:2001:db8::/129" },
    { "dd.example", "TXT", "v=spf1 ip6:2001:db8::1//33" },
    { "ee.example", "TXT", "v=spf1 ip6:2001:DB8:8000::/33" },
    { "ff.example", "TXT", "v=spf1 ip6:2001::db8::1" },
    { "gg.example", "TXT", "v=spf1 ip6:fe80::1%eth0" },
    { "hh.example", "TXT", "v=spf1 ip6:192.0.2.1" },
    { "ii.example", "TXT", "v=spf1 ip6:2001:db8::1 -all" },
    { "jj.example", "TXT", "v=spf1 ip6:2001:0db8:0000:0000:0000:0000:192.000.002.001" },
    { "kk.example", "TXT", "v=spf1 ip6:2001:0db8:aaaa:bbbb:cccc:dddd:192.168.200.101 -all" },
    { "ll.example", "TXT", "v=spf1 ip6:2001:0db8:aaaa:bbbb:cccc:dddd:192.168.200.1012 -all" },
    END_OF_ZONE,
};

static const struct spf_case ip_cases[] = {
    GIVES("5.6", "no bits match all of IPv4", ADDRESS, "anna@a.example", PASS),
    GIVES("5.6", "and nothing of IPv6", ADDRESS_V6, "anna@a.example", FAIL),
    GIVES("5.6", "all bits match one", ADDRESS, "anna@b.example", PASS),
    BREAKS("5.6", "more bits than there are", ADDRESS, "anna@c.example", MALFORMED),
    BREAKS("5.6", "a leading zero", ADDRESS, "anna@d.example", MALFORMED),
    BREAKS("5.6", "no address", ADDRESS, "anna@e.example", MALFORMED),
    BREAKS("5.6", "a port", ADDRESS, "anna@f.example", MALFORMED),
    BREAKS("5.6", "an address that is cut short", ADDRESS, "anna@g.example", MALFORMED),
    BREAKS("5.6", "two slashes", ADDRESS, "anna@h.example", MALFORMED),
    GIVES("5", "IPv4 in IPv6 is IPv4", MAPPED, "anna@i.example", FAIL),
    GIVES("5.6", "the last address of a network", "192.0.2.127", "anna@j.example", PASS),
    GIVES("5.6", "the first beyond it", "192.0.2.128", "anna@j.example", FAIL),
    BREAKS("12", "a leading zero in an address", ADDRESS, "anna@k.example", MALFORMED),
    BREAKS("5.6", "an IPv6 address in ip4", ADDRESS_V6, "anna@l.example", MALFORMED),
    BREAKS("5.6", "an empty address", ADDRESS, "anna@m.example", MALFORMED),
    BREAKS("5.6", "a number above 255", ADDRESS, "anna@n.example", MALFORMED),
    GIVES("4.6.1", "with an equals sign it is a modifier", ADDRESS, "anna@o.example", FAIL),
    BREAKS("5.6", "a name", ADDRESS, "anna@p.example", MALFORMED),
    BREAKS("5.6", "a NUL byte", ADDRESS, "anna@q.example", MALFORMED),
    BREAKS("5.6", "ip6 without address, behind `all`", ADDRESS, "anna@aa.example", MALFORMED),
    GIVES("5.6", "no bits match nothing of IPv4", ADDRESS, "anna@bb.example", NEUTRAL),
    GIVES("5", "nor IPv4 in IPv6", MAPPED, "anna@bb.example", NEUTRAL),
    GIVES("5.6", "and all of IPv6", ADDRESS_V6, "anna@bb.example", PASS),
    BREAKS("5.6", "more bits than IPv6 has", ADDRESS, "anna@cc.example", MALFORMED),
    BREAKS("5.6", "two slashes in ip6", ADDRESS, "anna@dd.example", MALFORMED),
    GIVES("5.6", "more bits than IPv4 has", "2001:db8:8000::9", "anna@ee.example", PASS),
    GIVES("5.6", "the last of them differs", "2001:db8:7fff::9", "anna@ee.example", NEUTRAL),
    GIVES("5.6", "the same for IPv4", ADDRESS, "anna@ee.example", NEUTRAL),
    BREAKS("5.6", "two gaps", ADDRESS, "anna@ff.example", MALFORMED),
    BREAKS("5.6", "a network interface", ADDRESS, "anna@gg.example", MALFORMED),
    BREAKS("5.6", "an IPv4 address in ip6", ADDRESS, "anna@hh.example", MALFORMED),
    GIVES("5.6", "without a length all bits count", "2001:db8::2", "anna@ii.example", FAIL),
    BREAKS("12", "leading zeros in an IPv4 part", ADDRESS, "anna@jj.example", MALFORMED),
    GIVES("5.6", "the longest address that there is", "2001:db8:aaaa:bbbb:cccc:dddd:c0a8:c865", "anna@kk.example", PASS),
    BREAKS("5.6", "one digit more", "2001:db8:aaaa:bbbb:cccc:dddd:c0a8:c865", "anna@ll.example", MALFORMED),
};

/* ---- 5.7: exists ---- */

static const struct row exists_zone[] = {
    { "mail.example", "A", "127.0.0.2" },
    { "six.example", "AAAA", ADDRESS_V6 },
    { "slow.example", "!timeout", "" },
    { "a.example", "TXT", "v=spf1 exists:" },
    { "b.example", "TXT", "v=spf1 exists" },
    { "c.example", "TXT", "v=spf1 exists:mail.example/24" },
    { "d.example", "TXT", "v=spf1 exists:mail.example -all" },
    { "e.example", "TXT", "v=spf1 exists:six.example -all" },
    { "f.example", "TXT", "v=spf1 exists:slow.example -all" },
    END_OF_ZONE,
};

static const struct spf_case exists_cases[] = {
    BREAKS("5.7", "an empty name", ADDRESS, "anna@a.example", MALFORMED),
    BREAKS("5.7", "no name", ADDRESS, "anna@b.example", MALFORMED),
    BREAKS("5.7", "a prefix length", ADDRESS, "anna@c.example", MALFORMED),
    GIVES("5.7", "any IPv4 address will do", ADDRESS, "anna@d.example", PASS),
    GIVES("5.7", "for an IPv6 client too", ADDRESS_V6, "anna@d.example", PASS),
    GIVES("5.7", "an IPv6 address will not", ADDRESS_V6, "anna@e.example", FAIL),
    BREAKS("5", "no answer in time", ADDRESS_V6, "anna@f.example", NO_ANSWER),
};

/* ---- 6: modifiers ---- */

static const struct row modifier_zone[] = {
    { "mail.example", "A", ADDRESS },
    { "a.example", "TXT", "v=spf1 redirect=mail.example" },
    { "b.example", "TXT", "v=spf1 exp=why.example redirect=fails.example" },
    { "fails.example", "TXT", "v=spf1 -all" },
    { "c.example", "TXT", "v=spf1 redirect=-all ?all" },
    { "d.example", "TXT", "v=spf1 1st=rule" },
    { "e.example", "TXT", "v=spf1 =all" },
    { "f.example", "TXT", "v=spf1 exp= -all" },
    { "g.example", "TXT", "v=spf1 exp=why.example -all exp=why.example" },
    { "h.example", "TXT", "v=spf1 exp=-all" },
    { "i.example", "TXT", "v=spf1 ?all redirect=" },
    { "j.example", "TXT", "v=spf1 redirect=fails.example redirect=fails.example" },
    { "k.example", "TXT", "v=spf1 -all rule=%abc" },
    { "l.example", "TXT", "v=spf1 default=pass" },
    { "m.example", "TXT", "v=spf1 default=-" },
    { "n.example", "TXT", "v=spf1 a:no1.example a:no2.example exp=no3.example -all" },
    { "o.example", "TXT", "v=spf1 redirect=implicit.example" },
    { "o.example", "A", OTHER },
    { "implicit.example", "TXT", "v=spf1 a -all" },
    { "implicit.example", "A", ADDRESS },
    { "p.example", "TXT", "v=spf1 redirect=slow.example" },
    { "slow.example", "!timeout", "" },
    { "q.example", "TXT", "v=spf1 redirect=e.example" },
    { "r.example", "TXT", "v=spf1 redirect=mail..example" },
    { "s.example", "TXT", "v=spf1 exp=slow.example -all" },
    { "t.example", "TXT", "v=spf1 EXP=why.example REDIRECT=fails.example" },
    { "u.example", "TXT", "v=spf1 rule= -all" },
    { "v.example", "TXT", "v=spf1 rule=1 rule=2 -all" },
    { "w.example", "TXT", "v=spf1 exp=%{r}.example -all" },
    { "x.example", "TXT", "v=spf1 rule=%{r} -all" },
    END_OF_ZONE,
};

static const struct spf_case modifier_cases[] = {
    BREAKS("6.1", "a redirect to where no record is", ADDRESS, "anna@a.example", TARGET_WITHOUT_RECORD),
    GIVES("6.1", "the result behind it is the result", ADDRESS, "anna@b.example", FAIL),
    BREAKS("6.1", "a target that is no name", ADDRESS, "anna@c.example", MALFORMED),
    BREAKS("12", "a modifier's name begins with a letter", ADDRESS, "anna@d.example", MALFORMED),
    BREAKS("12", "and is not empty", ADDRESS, "anna@e.example", MALFORMED),
    BREAKS("6.2", "an empty exp", ADDRESS, "anna@f.example", MALFORMED),
    BREAKS("6", "exp twice", ADDRESS, "anna@g.example", MALFORMED),
    BREAKS("6.2", "an exp that is no name", ADDRESS, "anna@h.example", MALFORMED),
    BREAKS("6.1", "an empty redirect, though it is not used", ADDRESS, "anna@i.example", MALFORMED),
    BREAKS("6", "redirect twice", ADDRESS, "anna@j.example", MALFORMED),
    BREAKS("12", "a percent sign that is no macro", ADDRESS, "anna@k.example", MALFORMED),
    GIVES("6", "a modifier of a draft has no effect", ADDRESS, "anna@l.example", NEUTRAL),
    GIVES("6", "whatever it says", ADDRESS, "anna@m.example", NEUTRAL),
    GIVES("4.6.4", "an exp that is not there is no void lookup", ADDRESS, "anna@n.example", FAIL),
    GIVES("6.1", "behind it `a` means the new domain", ADDRESS, "anna@o.example", PASS),
    GIVES("6.1", "and no longer the old one", OTHER, "anna@o.example", FAIL),
    BREAKS("6.1", "an error that may pass is the result", ADDRESS, "anna@p.example", NO_ANSWER),
    BREAKS("6.1", "and one that stays", ADDRESS, "anna@q.example", MALFORMED),
    BREAKS("6.1", "a name that cannot be asked for", ADDRESS, "anna@r.example", TARGET_WITHOUT_RECORD),
    GIVES("6.2", "an explanation that cannot be had", ADDRESS, "anna@s.example", FAIL),
    GIVES("4.6.1", "modifiers in capitals", ADDRESS, "anna@t.example", FAIL),
    GIVES("12", "an unknown modifier may be empty", ADDRESS, "anna@u.example", FAIL),
    GIVES("6", "and stand twice", ADDRESS, "anna@v.example", FAIL),
    BREAKS("7.2", "letters of explanations in the name of one", ADDRESS, "anna@w.example", MALFORMED),
    GIVES("12", "letters of explanations in an unknown modifier", ADDRESS, "anna@x.example", FAIL),
};

/* ---- 7: macros ---- */

#define LONG_NAME "a-quite-long-name-of-a-shop.long.example"

static const struct row macro_zone[] = {
    { "dot.example", "TXT", "v=spf1 redirect=%{d}.d.spf.example." },
    { "dot.example.d.spf.example", "TXT", "v=spf1 include:a.spf.example. ~all" },
    { "a.spf.example", "TXT", "v=spf1 ip4:192.0.2.1" },
    { "b.example", "TXT", "v=spf1 -exists:%(ir).list.example ?all" },
    { "c.example", "TXT", "v=spf1 exists:with%(ir).list.example ?all" },
    { "d.example", "TXT", "v=spf1 exists:with%.list.example ?all" },
    { "e.example", "TXT", "v=spf1 exists:list.example% ?all" },
    { "f.example", "TXT", "v=spf1 exists:%{i.list.example ?all" },
    { "g.example", "TXT", "v=spf1 exists:%{}.list.example ?all" },
    { "signs.example", "TXT", "v=spf1 a:one%%two%_three%-four.example -all" },
    { "one%two three%20four.example", "A", ADDRESS },
    { LONG_NAME, "TXT", "v=spf1 exists:cut.%{o}.%{o}.%{o}.%{o}.%{o}.%{o}.keep.example -all" },
    { "long.example." LONG_NAME "." LONG_NAME "." LONG_NAME "." LONG_NAME "." LONG_NAME ".keep.example", "A", "127.0.0.2" },
    { "family.example", "TXT", "v=spf1 exists:%{ir}.%{v}.list.example -all" },
    { "1.2.0.192.in-addr.list.example", "A", "127.0.0.2" },
    { "1." ZEROS_23 "8.b.d.0.1.0.0.2.ip6.list.example", "A", "127.0.0.2" },
    { "letter.example", "TXT", "v=spf1 a:%{a}.example -all" },
    { "time.example", "TXT", "v=spf1 a:%{t}.example -all" },
    { "nameless.example", "TXT", "v=spf1 exists:%{p}.rdns.example -all" },
    { "named.example", "TXT", "v=spf1 exists:%{p}.rdns.example -all" },
    { "host.named.example", "A", "192.0.2.2" },
    { "host.named.example", "AAAA", "2001:db8::1" },
    { "elsewhere.example", "A", "192.0.2.2" },
    { "2.2.0.192.in-addr.arpa", "PTR", "elsewhere.example" },
    { "2.2.0.192.in-addr.arpa", "PTR", "host.named.example" },
    { "3.2.0.192.in-addr.arpa", "PTR", "host.named.example" },
    { REVERSE_V6, "PTR", "host.named.example" },
    { "unknown.rdns.example", "A", "127.0.0.2" },
    { "host.named.example.rdns.example", "A", "127.0.0.3" },
    { "known.example", "TXT", "v=spf1 exists:%{p}.known.example -all" },
    { "elsewhere.example.known.example", "A", "127.0.0.2" },
    { "escape.example", "TXT", "v=spf1 exists:%{L}.list.example -all" },
    { "~jo%26co%3Dup-a_b3.c.list.example", "A", "127.0.0.2" },
    { "helo.example", "TXT", "v=spf1 a:%{H} -all" },
    { "mail.sender.example", "A", ADDRESS },
    { "valid.example", "TXT", "v=spf1 -include:_helo.%{d2} ip4:192.0.2.0/24 -all" },
    { "_helo.valid.example", "TXT", "v=spf1 -a:%{h} +all" },
    { "split.example", "TXT", "v=spf1 exists:%{i}.%{l2r-}.user.%{d2} -all" },
    { "192.0.2.1.baker.anna.user.split.example", "A", "127.0.0.2" },
    { "delimiters.example", "TXT", "v=spf1 exists:%{l2r+-}.user.%{d2} -all" },
    { "bar.foo.user.delimiters.example", "A", "127.0.0.2" },
    { "none.example", "TXT", "v=spf1 exists:%{d0}.example -all" },
    { "many.example", "TXT", "v=spf1 exists:%{d99999999999999999999}.list.example -all" },
    { "many.example.list.example", "A", "127.0.0.2" },
    { "delimiter.example", "TXT", "v=spf1 exists:%{l*}.example -all" },
    { "local.example", "TXT", "v=spf1 exists:%{l}.at.%{o}.from.%{s}.list.example -all" },
    { "postmaster.at.local.example.from.postmaster@local.example.list.example", "A", "127.0.0.2" },
    { "anna.at.local.example.from.anna@local.example.list.example", "A", "127.0.0.2" },
    { "a@b.at.local.example.from.a@b@local.example.list.example", "A", "127.0.0.2" },
    { "behind.example", "TXT", "v=spf1 include:_%{d}" },
    { "_behind.example", "TXT", "v=spf1 exists:%{d}.in.%{o} -all" },
    { "_behind.example.in.behind.example", "A", "127.0.0.2" },
    { "ends.example", "TXT", "v=spf1 a:%{d}. -all" },
    { "middle.example", "TXT", "v=spf1 a:%{d}example -all" },
    { "star.example", "TXT", "v=spf1 exists:%{l}.list.example ?all" },
    { "an\\na.list.example", "A", "127.0.0.2" },
    { "anna.list.example", "A", "127.0.0.2" },
    END_OF_ZONE,
};

static const struct spf_case macro_cases[] = {
    GIVES("7.3", "a dot at the end is nothing", ADDRESS, "anna@dot.example", PASS),
    BREAKS("7.1", "a percent sign at the start", ADDRESS, "anna@b.example", MALFORMED),
    BREAKS("7.1", "within a label", ADDRESS, "anna@c.example", MALFORMED),
    BREAKS("7.1", "before a dot", ADDRESS, "anna@d.example", MALFORMED),
    BREAKS("7.1", "at the end", ADDRESS, "anna@e.example", MALFORMED),
    BREAKS("7.1", "a macro that is not closed", ADDRESS, "anna@f.example", MALFORMED),
    BREAKS("7.1", "a macro without letter", ADDRESS, "anna@g.example", MALFORMED),
    GIVES("7.2", "percent signs and blanks", ADDRESS, "anna@signs.example", PASS),
    GIVES("7.3", "a name of 262 bytes loses its first labels", ADDRESS, "anna@" LONG_NAME, PASS),
    GIVES("7.2", "the zone of IPv4", ADDRESS, "anna@family.example", PASS),
    GIVES("7.2", "the zone of IPv6", ADDRESS_V6, "anna@family.example", PASS),
    BREAKS("7.2", "a letter that there is not", ADDRESS, "anna@letter.example", MALFORMED),
    BREAKS("7.2", "a letter of explanations", ADDRESS, "anna@time.example", MALFORMED),
    GIVES("7.3", "no name of the client", ADDRESS, "anna@nameless.example", PASS),
    GIVES("7.3", "a name that does not lead back", "192.0.2.3", "anna@nameless.example", PASS),
    GIVES("7.3", "a name below the domain is preferred", "192.0.2.2", "anna@named.example", PASS),
    GIVES("7.3", "any other will do", "192.0.2.2", "anna@known.example", PASS),
    GIVES("7.3", "the name of an IPv6 client", ADDRESS_V6, "anna@named.example", PASS),
    GIVES("7.3", "capitals are written as in a URL", ADDRESS, "~jo&co=up-a_b3.c@escape.example", PASS),
    GIVES("7.2", "the name in HELO", ADDRESS, "anna@helo.example", PASS),
    GREETED("7.2", "a name in HELO that is none", ADDRESS, "ANNA'S PC", "anna@helo.example", FAIL),
    GREETED("7.2", "an address in HELO", ADDRESS, "[192.0.2.1]", "anna@helo.example", FAIL),
    GIVES("7.2", "a record that demands a good HELO", ADDRESS, "anna@valid.example", PASS),
    GREETED("7.2", "and does not get one", ADDRESS, "DESK7", "anna@valid.example", FAIL),
    GIVES("7.3", "parts, reversed, at hyphens", ADDRESS, "anna-baker-test@split.example", PASS),
    GIVES("7.3", "parts at several delimiters", ADDRESS, "foo-bar+zip+quux@delimiters.example", PASS),
    BREAKS("7.1", "no parts", ADDRESS, "anna@none.example", MALFORMED),
    GIVES("7.3", "more parts than there are", ADDRESS, "anna@many.example", PASS),
    BREAKS("7.1", "a delimiter that there is not", ADDRESS, "anna@delimiter.example", MALFORMED),
    GIVES("7.2", "the sender and its parts", ADDRESS, "anna@local.example", PASS),
    GIVES("4.3", "a sender without local part is postmaster", ADDRESS, "@local.example", PASS),
    GREETED("4.3", "so is that of a bounce", ADDRESS, "local.example", "", PASS),
    GIVES("4.3", "the last @ parts the sender", ADDRESS, "a@b@local.example", PASS),
    GIVES("7.2", "in an include the domain is another, the sender's is not", ADDRESS, "anna@behind.example", PASS),
    BREAKS("7.1", "a dot behind the last macro", ADDRESS, "anna@ends.example", MALFORMED),
    BREAKS("7.1", "a top label that begins with a macro", ADDRESS, "anna@middle.example", MALFORMED),
    GIVES("7.2", "a local part that one can", ADDRESS, "anna@star.example", PASS),
    GIVES("4.8", "a local part that no question can carry", ADDRESS, "an\\na@star.example", NEUTRAL),
};

/* ---- 4.6.4: limits ---- */

#define CHAIN(n, m) { "c" #n ".example", "TXT", "v=spf1 include:c" #m ".example" }

static const struct row limit_zone[] = {
    { "self.example", "TXT", "v=spf1 ip4:192.0.2.9 redirect=self.example" },
    { "ring1.example", "TXT", "v=spf1 include:ring2.example" },
    { "ring2.example", "TXT", "v=spf1 include:Ring1.example." },
    { "mx11.example", "TXT", "v=spf1 mx" },
    { "mx11.example", "MX", "h1.example" }, { "mx11.example", "MX", "h2.example" },
    { "mx11.example", "MX", "h3.example" }, { "mx11.example", "MX", "h4.example" },
    { "mx11.example", "MX", "h5.example" }, { "mx11.example", "MX", "h6.example" },
    { "mx11.example", "MX", "h7.example" }, { "mx11.example", "MX", "h8.example" },
    { "mx11.example", "MX", "h9.example" }, { "mx11.example", "MX", "h10.example" },
    { "mx11.example", "MX", "h11.example" },
    { "h10.example", "A", "192.0.2.10" },
    { "h11.example", "A", "192.0.2.11" },
    { "ptr11.example", "TXT", "v=spf1 ptr" },
    { "11.2.0.192.in-addr.arpa", "PTR", "1.ptr11.example" }, { "11.2.0.192.in-addr.arpa", "PTR", "2.ptr11.example" },
    { "11.2.0.192.in-addr.arpa", "PTR", "3.ptr11.example" }, { "11.2.0.192.in-addr.arpa", "PTR", "4.ptr11.example" },
    { "11.2.0.192.in-addr.arpa", "PTR", "5.ptr11.example" }, { "11.2.0.192.in-addr.arpa", "PTR", "6.ptr11.example" },
    { "11.2.0.192.in-addr.arpa", "PTR", "7.ptr11.example" }, { "11.2.0.192.in-addr.arpa", "PTR", "8.ptr11.example" },
    { "11.2.0.192.in-addr.arpa", "PTR", "9.ptr11.example" }, { "11.2.0.192.in-addr.arpa", "PTR", "10.ptr11.example" },
    { "11.2.0.192.in-addr.arpa", "PTR", "11.ptr11.example" },
    { "11.ptr11.example", "A", "192.0.2.11" },
    { "10.2.0.192.in-addr.arpa", "PTR", "1.ptr11.example" }, { "10.2.0.192.in-addr.arpa", "PTR", "2.ptr11.example" },
    { "10.2.0.192.in-addr.arpa", "PTR", "3.ptr11.example" }, { "10.2.0.192.in-addr.arpa", "PTR", "4.ptr11.example" },
    { "10.2.0.192.in-addr.arpa", "PTR", "5.ptr11.example" }, { "10.2.0.192.in-addr.arpa", "PTR", "6.ptr11.example" },
    { "10.2.0.192.in-addr.arpa", "PTR", "7.ptr11.example" }, { "10.2.0.192.in-addr.arpa", "PTR", "8.ptr11.example" },
    { "10.2.0.192.in-addr.arpa", "PTR", "9.ptr11.example" }, { "10.2.0.192.in-addr.arpa", "PTR", "10.ptr11.example" },
    { "10.ptr11.example", "A", "192.0.2.10" },
    { "farm.example", "TXT", "v=spf1 a -all" },
    { "farm.example", "A", "192.0.2.31" }, { "farm.example", "A", "192.0.2.32" }, { "farm.example", "A", "192.0.2.33" },
    { "farm.example", "A", "192.0.2.34" }, { "farm.example", "A", "192.0.2.35" }, { "farm.example", "A", "192.0.2.36" },
    { "farm.example", "A", "192.0.2.37" }, { "farm.example", "A", "192.0.2.38" }, { "farm.example", "A", "192.0.2.39" },
    { "farm.example", "A", "192.0.2.40" }, { "farm.example", "A", "192.0.2.41" }, { "farm.example", "A", ADDRESS },
    { "ten.example", "TXT", "v=spf1 a mx a mx a mx a mx a exists:ten.list.example ip4:192.0.2.1 -all" },
    { "ten.example", "A", "198.51.100.1" },
    { "ten.example", "MX", "h10.example" },
    { "eleven.example", "TXT", "v=spf1 a mx a mx a mx a mx a ptr a ip4:192.0.2.1 -all" },
    { "eleven.example", "A", "198.51.100.1" },
    { "eleven.example", "MX", "h10.example" },
    { "early.example", "TXT", "v=spf1 ip4:192.0.2.1 a a a a a a a a a a a -all" },
    { "early.example", "A", "198.51.100.1" },
    { "inner.example", "TXT", "v=spf1 a a a a a a a a" },
    { "inner.example", "A", "198.51.100.1" },
    { "outer.example", "TXT", "v=spf1 a include:inner.example ip4:192.0.2.1 mx -all" },
    { "outer.example", "A", "198.51.100.1" },
    { "outer.example", "MX", "h10.example" },
    { "over.example", "TXT", "v=spf1 a include:inner.example a ip4:192.0.2.1 -all" },
    { "over.example", "A", "198.51.100.1" },
    { "redirect.example", "TXT", "v=spf1 a include:inner.example redirect=free.example" },
    { "redirect.example", "A", "198.51.100.1" },
    { "free.example", "TXT", "v=spf1 ip4:192.0.2.1 ip4:192.0.2.2 ip4:192.0.2.3 ip4:192.0.2.4 ip4:192.0.2.5 ip4:192.0.2.6 "
                             "ip6:2001:db8::1 ip6:2001:db8::2 ip6:2001:db8::3 ip6:2001:db8::4 ip4:192.0.2.7 ip4:192.0.2.8 -all" },
    { "void2.example", "TXT", "v=spf1 a:no1.example mx:no2.example ?all" },
    { "void3.example", "TXT", "v=spf1 a:no1.example mx:no2.example exists:no3.example ?all" },
    { "void4.example", "TXT", "v=spf1 a:no1.example a:no2.example ptr ?all" },
    { "void5.example", "TXT", "v=spf1 a:no1.example mx:hosts.example ?all" },
    { "hosts.example", "MX", "no1.example" }, { "hosts.example", "MX", "no2.example" },
    { "hosts.example", "MX", "no3.example" },
    CHAIN(1, 2), CHAIN(2, 3), CHAIN(3, 4), CHAIN(4, 5), CHAIN(5, 6), CHAIN(6, 7), CHAIN(7, 8),
    CHAIN(8, 9), CHAIN(9, 10), CHAIN(10, 11),
    { "c11.example", "TXT", "v=spf1 ip4:192.0.2.1" },
    CHAIN(0, 1),
    END_OF_ZONE,
};

static const struct spf_case limit_cases[] = {
    BREAKS("4.6.4", "a redirect to itself", ADDRESS, "anna@self.example", LOOP),
    GIVES("4.6.4", "which is not met", "192.0.2.9", "anna@self.example", PASS),
    BREAKS("4.6.4", "includes in a ring", ADDRESS, "anna@ring1.example", LOOP),
    GIVES("4.6.4", "the tenth host of an mx", "192.0.2.10", "anna@mx11.example", PASS),
    BREAKS("4.6.4", "the eleventh is one too many", "192.0.2.11", "anna@mx11.example", TOO_MANY_HOSTS),
    GIVES("4.6.4", "the tenth name of an address", "192.0.2.10", "anna@ptr11.example", PASS),
    GIVES("4.6.4", "the eleventh is passed over", "192.0.2.11", "anna@ptr11.example", NEUTRAL),
    GIVES("4.6.4", "an a has as many addresses as it likes", ADDRESS, "anna@farm.example", PASS),
    GIVES("4.6.4", "ten terms that ask", ADDRESS, "anna@ten.example", PASS),
    BREAKS("4.6.4", "eleven", ADDRESS, "anna@eleven.example", TOO_MANY_LOOKUPS),
    GIVES("4.6.4", "eleven behind the one that matches", ADDRESS, "anna@early.example", PASS),
    GIVES("4.6.4", "ten, within an include too", ADDRESS, "anna@outer.example", PASS),
    BREAKS("4.6.4", "eleven, within an include too", ADDRESS, "anna@over.example", TOO_MANY_LOOKUPS),
    BREAKS("4.6.4", "eleven, a redirect the last", ADDRESS, "anna@redirect.example", TOO_MANY_LOOKUPS),
    GIVES("4.6.4", "addresses cost nothing", "192.0.2.8", "anna@free.example", PASS),
    GIVES("4.6.4", "two empty answers", ADDRESS, "anna@void2.example", NEUTRAL),
    BREAKS("4.6.4", "three", ADDRESS, "anna@void3.example", TOO_MANY_VOIDS),
    BREAKS("4.6.4", "an address without name is one too", ADDRESS, "anna@void4.example", TOO_MANY_VOIDS),
    GIVES("4.6.4", "hosts of an mx without address are none", ADDRESS, "anna@void5.example", NEUTRAL),
    GIVES("4.6.4", "a chain of ten", ADDRESS, "anna@c1.example", PASS),
    BREAKS("4.6.4", "a chain of eleven", ADDRESS, "anna@c0.example", TOO_MANY_LOOKUPS),
};

/* clang-format on */

#endif
