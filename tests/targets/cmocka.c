/* SPDX-License-Identifier: MIT */
/* What the tests use of cmocka, for a target that has no package of it: the assertions, and a
   runner that goes on with the next test when one has failed or was skipped. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum outcome { OUTCOME_NONE, OUTCOME_FAILED, OUTCOME_SKIPPED }; /* none: it came to its end */

static jmp_buf out_of_test;

static CMOCKA_NORETURN void leave(enum outcome outcome)
{
    longjmp(out_of_test, (int)outcome);
}

void cm_print_error(const char *const format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    (void)vfprintf(stderr, format, arguments);
    va_end(arguments);
}

void _fail(const char *const file, const int line)
{
    (void)fprintf(stderr, "%s:%d: failed\n", file, line);
    leave(OUTCOME_FAILED);
}

void _skip(const char *const file, const int line)
{
    (void)fprintf(stderr, "%s:%d: skipped\n", file, line);
    leave(OUTCOME_SKIPPED);
}

void _assert_true(const LargestIntegralType result, const char *const expression,
                  const char *const file, const int line)
{
    if (result)
        return;
    cm_print_error("%s\n", expression);
    _fail(file, line);
}

void _assert_int_equal(const LargestIntegralType a, const LargestIntegralType b,
                       const char *const file, const int line)
{
    if (a == b)
        return;
    cm_print_error("%#llx != %#llx\n", (unsigned long long)a, (unsigned long long)b);
    _fail(file, line);
}

void _assert_int_not_equal(const LargestIntegralType a, const LargestIntegralType b,
                           const char *const file, const int line)
{
    if (a != b)
        return;
    cm_print_error("both are %#llx\n", (unsigned long long)a);
    _fail(file, line);
}

void _assert_in_range(const LargestIntegralType value, const LargestIntegralType least,
                      const LargestIntegralType most, const char *const file, const int line)
{
    if (value >= least && value <= most)
        return;
    cm_print_error("%llu is not in %llu to %llu\n", (unsigned long long)value,
                   (unsigned long long)least, (unsigned long long)most);
    _fail(file, line);
}

void _assert_string_equal(const char *const a, const char *const b, const char *const file,
                          const int line)
{
    if (a != NULL && b != NULL && strcmp(a, b) == 0)
        return;
    cm_print_error("\"%s\" != \"%s\"\n", a != NULL ? a : "(null)", b != NULL ? b : "(null)");
    _fail(file, line);
}

void _assert_string_not_equal(const char *const a, const char *const b, const char *const file,
                              const int line)
{
    if (strcmp(a, b) != 0)
        return;
    cm_print_error("both are \"%s\"\n", a);
    _fail(file, line);
}

void _assert_memory_equal(const void *const a, const void *const b, const size_t size,
                          const char *const file, const int line)
{
    const unsigned char *left = a;
    const unsigned char *right = b;
    for (size_t i = 0; i < size; i++) {
        if (left[i] == right[i])
            continue;
        cm_print_error("byte %zu: %#x != %#x\n", i, left[i], right[i]);
        _fail(file, line);
    }
}

/* One step of a test that may be left by an assertion. */
static enum outcome go(CMUnitTestFunction function, void **state)
{
    int left = setjmp(out_of_test);
    if (left != OUTCOME_NONE)
        return (enum outcome)left;
    function(state);
    return OUTCOME_NONE;
}

static enum outcome fix(CMFixtureFunction fixture, void **state)
{
    int left = setjmp(out_of_test);
    if (left != OUTCOME_NONE)
        return (enum outcome)left;
    return fixture == NULL || fixture(state) == 0 ? OUTCOME_NONE : OUTCOME_FAILED;
}

static bool passes(const struct CMUnitTest *test, void **state)
{
    enum outcome outcome = fix(test->setup_func, state);
    if (outcome == OUTCOME_NONE)
        outcome = go(test->test_func, state);
    enum outcome after = fix(test->teardown_func, state);
    if (outcome != OUTCOME_FAILED && after != OUTCOME_FAILED)
        return true;
    cm_print_error("%s failed\n", test->name);
    return false;
}

int _cmocka_run_group_tests(const char *group, const struct CMUnitTest *const tests,
                            const size_t count, CMFixtureFunction setup, CMFixtureFunction teardown)
{
    void *group_state = NULL;
    int failed = fix(setup, &group_state) != OUTCOME_NONE;
    for (size_t i = 0; i < count; i++) {
        void *state = tests[i].initial_state != NULL ? tests[i].initial_state : group_state;
        failed += !passes(&tests[i], &state);
    }
    failed += fix(teardown, &group_state) != OUTCOME_NONE;
    (void)printf("%s: %zu tests, %d failed\n", group, count, failed);
    return failed;
}
