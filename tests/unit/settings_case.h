/* SPDX-License-Identifier: MIT */
/* A configuration and a secret file in a directory of the test's own, for the tests of settings. */
#ifndef GATEPOST_TESTS_SETTINGS_CASE_H
#define GATEPOST_TESTS_SETTINGS_CASE_H

#include "arena.h"
#include "settings.h"

#include <setjmp.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static alignas(max_align_t) char memory[524288];
static char directory[] = "/tmp/gatepost-settings-XXXXXX";
static char config[64], secret_path[64];

static struct arena arena;
static struct settings settings;
static struct settings_troubles troubles;

static inline void write_bytes(const char *path, const void *bytes, size_t size, mode_t mode)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(path, mode), 0);
}

static inline void write_secret(const char *text, mode_t mode)
{
    write_bytes(secret_path, text, strlen(text), mode);
}

static inline bool read_bytes(const void *bytes, size_t size)
{
    arena_begin(&arena, memory, sizeof memory);
    write_bytes(config, bytes, size, 0644);
    return settings_read(config, &arena, &settings, &troubles);
}

/* "$SECRET" in the text stands for the path of the secret file. */
static inline bool read_config(const char *text)
{
    char whole[4096];
    struct text out;
    struct slice rest = slice_of(text), part;
    text_begin(&out, whole, sizeof whole);
    while (slice_cut(&rest, '$', &part)) {
        text_add(&out, part);
        if (slice_starts(rest, "SECRET")) {
            text_add_string(&out, secret_path);
            rest = slice_from(rest, 6);
        }
    }
    assert_false(out.overflow);
    return read_bytes(whole, out.len);
}

static inline const struct settings_trouble *only_trouble(void)
{
    if (troubles.count != 1)
        fail_msg("%zu troubles", troubles.count);
    return &troubles.trouble[0];
}

/* The one trouble of a configuration. */
static inline const struct settings_trouble *trouble_of(const char *text)
{
    assert_false(read_config(text));
    return only_trouble();
}

static inline void assert_tells(const char *words, const char *part)
{
    if (strstr(words, part) == NULL)
        fail_msg("\"%s\" does not tell \"%s\"", words, part);
}

static inline int make_directory(void **state)
{
    (void)state;
    if (mkdtemp(directory) == NULL)
        return -1;
    (void)snprintf(config, sizeof config, "%s/c.json", directory);
    (void)snprintf(secret_path, sizeof secret_path, "%s/anna", directory);
    return 0;
}

static inline int remove_directory(void **state)
{
    (void)state;
    (void)unlink(config);
    (void)unlink(secret_path);
    return rmdir(directory);
}

static inline int fresh_secret(void **state)
{
    (void)state;
    (void)unlink(secret_path);
    (void)rmdir(secret_path);
    write_secret("correct horse\n", 0600);
    return 0;
}

#define TEST(name) cmocka_unit_test_setup(name, fresh_secret)

#endif
