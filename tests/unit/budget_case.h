/* SPDX-License-Identifier: MIT */
/* A budget in a state directory of the test's own. */
#ifndef GATEPOST_TESTS_BUDGET_CASE_H
#define GATEPOST_TESTS_BUDGET_CASE_H

#include "budget.h"

#include "budget_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define ANNA "anna@example.com"
#define SAID "535 5.7.3 Authentication unsuccessful"

static char base[] = "/tmp/gatepost-budget-XXXXXX";
static char directory[64], path[80], lock[80];
static struct budget budget;

static inline struct secret secret_of(const char *text)
{
    struct secret secret = { .len = strlen(text) };
    memcpy(secret.bytes, text, secret.len);
    return secret;
}

static inline void begin(const char *secret_text)
{
    struct secret secret = secret_of(secret_text);
    assert_true(budget_begin(&budget, directory, ANNA, &secret));
}

static inline void next_run(void)
{
    budget_end(&budget);
    begin("right");
}

static inline enum budget_answer may(enum check check)
{
    return budget_may_speak(&budget, check);
}

static inline void accept_by(enum check check)
{
    assert_int_equal(may(check), BUDGET_SPEAK);
    budget_accepted(&budget, check);
}

static inline void refuse_by(enum check check)
{
    assert_int_equal(may(check), BUDGET_SPEAK);
    budget_refused(&budget, check, LOGIN_PASSWORD_EXPIRED, SAID);
}

static inline size_t read_file(char *into, size_t room)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t size = fread(into, 1, room - 1, file);
    assert_int_equal(fclose(file), 0);
    into[size] = '\0';
    return size;
}

static inline void write_file(const char *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

static inline int make_base(void **state)
{
    (void)state;
    if (mkdtemp(base) == NULL)
        return -1;
    (void)snprintf(directory, sizeof directory, "%s/state", base);
    (void)snprintf(path, sizeof path, "%s/budget", directory);
    (void)snprintf(lock, sizeof lock, "%s/lock", directory);
    return 0;
}

static inline int remove_state(void **state)
{
    (void)state;
    (void)unlink(path);
    (void)unlink(lock);
    (void)rmdir(directory);
    return 0;
}

static inline int remove_base(void **state)
{
    (void)remove_state(state); /* the last test's */
    return rmdir(base);
}

#define TEST(name) cmocka_unit_test_setup(name, remove_state)

#endif
