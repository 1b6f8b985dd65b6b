/* SPDX-License-Identifier: MIT */
#include "log.h"

#include "../port/port.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static FILE *kept;
static int standard_error;

/* From here to written() what goes to standard error is kept. */
static void listen_to_the_log(void)
{
    kept = tmpfile();
    assert_non_null(kept);
    standard_error = dup(STDERR_FILENO);
    assert_true(dup2(fileno(kept), STDERR_FILENO) >= 0);
}

static const char *written(void)
{
    static char all[4096];
    assert_true(dup2(standard_error, STDERR_FILENO) >= 0);
    (void)close(standard_error);
    rewind(kept);
    size_t size = fread(all, 1, sizeof all - 1, kept);
    all[size] = '\0';
    (void)fclose(kept);
    return all;
}

static void writes_level_topic_and_words_on_one_line(void **state)
{
    (void)state;
    listen_to_the_log();
    log_warn("smtp", "server %s offers no STARTTLS", "mail.example.net");
    log_error("disk", "is full");
    assert_string_equal(written(), "warning smtp: server mail.example.net offers no STARTTLS\n"
                                   "error disk: is full\n");
}

static void writes_from_the_level_that_was_set(void **state)
{
    (void)state;
    listen_to_the_log();
    log_info("a", "not yet");
    log_set_level(LEVEL_DEBUG);
    log_debug("b", "now");
    log_set_level(LEVEL_ERROR);
    log_warn("c", "no more");
    log_set_level(LEVEL_WARNING);
    assert_string_equal(written(), "debug b: now\n");
}

static void a_peer_cannot_write_a_line_of_its_own(void **state)
{
    (void)state;
    listen_to_the_log();
    log_warn("smtp", "said %s", "hi\nerror disk: is full\033[2J");
    assert_string_equal(written(), "warning smtp: said hi\\x0Aerror disk: is full\\x1B[2J\n");
}

static void cuts_a_long_line_and_says_so(void **state)
{
    (void)state;
    static const char front[] = "warning t: ";
    char words[LOG_LINE_MAX];
    size_t fitting = LOG_LINE_MAX - (sizeof front - 1);
    memset(words, 'w', sizeof words);

    listen_to_the_log();
    log_warn("t", "%.*s", (int)fitting, words);
    const char *line = written();
    assert_int_equal(strlen(line), LOG_LINE_MAX + 1);
    assert_string_equal(line + LOG_LINE_MAX - 3, "www\n");

    listen_to_the_log();
    log_warn("t", "%.*s", (int)fitting + 1, words);
    line = written();
    assert_int_equal(strlen(line), LOG_LINE_MAX + 1);
    assert_string_equal(line + LOG_LINE_MAX - 4, "w...\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_level_topic_and_words_on_one_line),
        cmocka_unit_test(writes_from_the_level_that_was_set),
        cmocka_unit_test(a_peer_cannot_write_a_line_of_its_own),
        cmocka_unit_test(cuts_a_long_line_and_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
