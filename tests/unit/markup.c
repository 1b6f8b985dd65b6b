/* SPDX-License-Identifier: MIT */
#include "markup.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static char told[8192];
static char document[MARKUP_BYTES_MAX + 64];

/* One line for each call: "path=text". */
static void write_down(void *reader, const char *path, struct slice text)
{
    struct text *into = reader;
    text_add_format(into, "%s=%.*s\n", path, SLICE_ARG(text));
}

static enum markup_result reading(struct slice bytes)
{
    struct text into;
    text_begin(&into, told, sizeof told);
    return markup_read(bytes, write_down, &into);
}

static enum markup_result reading_string(const char *string)
{
    return reading(slice_of(string));
}

static void tells_elements_as_they_end(void **state)
{
    (void)state;
    assert_int_equal(reading_string("<a><b> one\n </b><c><d/>two</c></a>"), MARKUP_READ);
    assert_string_equal(told, "a/b=one\na/c/d=\na/c=two\na=\n");
}

static void leaves_out_what_a_namespace_is_called_here(void **state)
{
    (void)state;
    assert_int_equal(reading_string("<s:Envelope xmlns:s='urn:x'><s:Body m:k='v'/></s:Envelope>"),
                     MARKUP_READ);
    assert_string_equal(told, "Envelope/@s=urn:x\nEnvelope/Body/@k=v\nEnvelope/Body=\nEnvelope=\n");
}

static void refuses_a_prefix_without_a_name(void **state)
{
    (void)state;
    assert_int_equal(reading_string("<a:/>"), MARKUP_REFUSED);
    assert_int_equal(reading_string("<a :='b'/>"), MARKUP_REFUSED);
}

static void reads_references_and_character_data_as_text(void **state)
{
    (void)state;
    assert_int_equal(reading_string("<a>&lt;&#x41;&amp;<![CDATA[<b>]]></a>"), MARKUP_READ);
    assert_string_equal(told, "a=<A&<b>\n");
}

static void reads_what_says_that_it_is_in_another_encoding(void **state)
{
    (void)state;
    assert_int_equal(reading_string("<?xml version='1.0' encoding='iso-8859-1'?><a>\xe9</a>"),
                     MARKUP_READ);
    assert_string_equal(told, "a=\xc3\xa9\n");
}

/* Entities that multiply, and files that are fetched, need a document type. */
static void refuses_a_document_type(void **state)
{
    (void)state;
    assert_int_equal(
        reading_string("<!DOCTYPE a [<!ENTITY b 'bb'><!ENTITY c '&b;&b;'>]><a>&c;</a>"),
        MARKUP_REFUSED);
    assert_string_equal(told, "");
    assert_int_equal(reading_string("<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>"),
                     MARKUP_REFUSED);
    assert_int_equal(reading_string("<a>&passwd;</a>"), MARKUP_BROKEN);
}

static void tells_broken_from_whole(void **state)
{
    (void)state;
    static const char *const broken[] = {
        "",         " ",        "<a>",      "<a></b>",          "<a><b></a></b>",
        "<a/><b/>", "HTTP/1.1", "<a b=c/>", "<html><br></html>"
    };
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++)
        assert_int_equal(reading_string(broken[i]), MARKUP_BROKEN);
    assert_int_equal(reading(SLICE("<a>\0</a>")), MARKUP_BROKEN);
}

/* <a><a>...</a></a>, so many times. */
static struct slice nested(size_t depth)
{
    struct text text;
    text_begin(&text, document, sizeof document);
    for (size_t i = 0; i < depth; i++)
        text_add_string(&text, "<a>");
    for (size_t i = 0; i < depth; i++)
        text_add_string(&text, "</a>");
    return text_slice(&text);
}

static void bounds_the_depth(void **state)
{
    (void)state;
    assert_int_equal(reading(nested(MARKUP_DEPTH_MAX)), MARKUP_READ);
    assert_int_equal(reading(nested(MARKUP_DEPTH_MAX + 1)), MARKUP_REFUSED);
}

static struct slice filled(size_t count, const char *piece)
{
    struct text text;
    text_begin(&text, document, sizeof document);
    text_add_string(&text, "<a>");
    for (size_t i = 0; i < count; i++)
        text_add_string(&text, piece);
    text_add_string(&text, "</a>");
    assert_false(text.overflow);
    return text_slice(&text);
}

static void bounds_the_number_of_elements(void **state)
{
    (void)state;
    assert_int_equal(reading(filled(MARKUP_ELEMENTS_MAX - 1, "<b/>")), MARKUP_READ);
    assert_int_equal(reading(filled(MARKUP_ELEMENTS_MAX, "<b/>")), MARKUP_REFUSED);
}

static void cuts_a_text_that_is_too_long(void **state)
{
    (void)state;
    for (size_t more = 0; more < 2; more++) {
        assert_int_equal(reading(filled(MARKUP_TEXT_MAX + more, "x")), MARKUP_READ);
        assert_int_equal(strlen(told), strlen("a=\n") + MARKUP_TEXT_MAX);
    }
}

static void bounds_the_document(void **state)
{
    (void)state;
    struct slice bytes = filled(MARKUP_BYTES_MAX - strlen("<a></a>"), " ");
    assert_int_equal(reading(bytes), MARKUP_READ);
    bytes = filled(MARKUP_BYTES_MAX - strlen("<a></a>") + 1, " ");
    assert_int_equal(reading(bytes), MARKUP_REFUSED);
}

static void bounds_a_path(void **state)
{
    char name[MARKUP_PATH_MAX];
    (void)state;
    memset(name, 'n', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    struct text text;
    for (size_t more = 0; more < 2; more++) {
        text_begin(&text, document, sizeof document);
        text_add_format(&text, "<%.*s><b%s/></%.*s>", (int)(MARKUP_PATH_MAX - 3), name,
                        more > 0 ? "b" : "", (int)(MARKUP_PATH_MAX - 3), name);
        assert_int_equal(reading(text_slice(&text)), more > 0 ? MARKUP_REFUSED : MARKUP_READ);
    }
}

/* A start tag has to be held as a whole: one of 60 kB needs more memory than there is for it. */
static void bounds_the_memory(void **state)
{
    (void)state;
    struct text text;
    text_begin(&text, document, sizeof document);
    text_add_string(&text, "<a b='");
    for (size_t i = 0; i < 60000; i++)
        text_add_string(&text, "x");
    text_add_string(&text, "'/>");
    assert_int_equal(reading(text_slice(&text)), MARKUP_REFUSED);
    assert_int_equal(reading_string("<a>well</a>"), MARKUP_READ);
    assert_string_equal(told, "a=well\n");
}

static void finds_the_first_of_a_path(void **state)
{
    char code[8];
    (void)state;
    struct slice bytes = SLICE("<a><b>No</b><c><b>one</b></c><c><b>two</b></c></a>");
    assert_true(markup_find(bytes, "a/c/b", code, sizeof code));
    assert_string_equal(code, "one");
    assert_false(markup_find(bytes, "a/d", code, sizeof code));
    assert_string_equal(code, "");
    assert_true(markup_find(SLICE("<a><b>whole</b><c>cut o"), "a/b", code, sizeof code));
    assert_false(markup_find(SLICE("<!DOCTYPE a><a><b>no</b></a>"), "a/b", code, sizeof code));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_elements_as_they_end),
        cmocka_unit_test(leaves_out_what_a_namespace_is_called_here),
        cmocka_unit_test(refuses_a_prefix_without_a_name),
        cmocka_unit_test(reads_references_and_character_data_as_text),
        cmocka_unit_test(reads_what_says_that_it_is_in_another_encoding),
        cmocka_unit_test(refuses_a_document_type),
        cmocka_unit_test(tells_broken_from_whole),
        cmocka_unit_test(bounds_the_depth),
        cmocka_unit_test(bounds_the_number_of_elements),
        cmocka_unit_test(cuts_a_text_that_is_too_long),
        cmocka_unit_test(bounds_the_document),
        cmocka_unit_test(bounds_a_path),
        cmocka_unit_test(bounds_the_memory),
        cmocka_unit_test(finds_the_first_of_a_path),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
