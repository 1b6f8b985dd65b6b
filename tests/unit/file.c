/* SPDX-License-Identifier: MIT */
#include "../port/port.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

/* Every test runs in an empty directory of its own. */
static char directory[64];

static int enter_directory(void **state)
{
    (void)state;
    (void)snprintf(directory, sizeof directory, "/tmp/gatepost-file-XXXXXX");
    return mkdtemp(directory) == NULL || chdir(directory) != 0;
}

static int leave_directory(void **state)
{
    (void)state;
    char command[96];
    (void)snprintf(command, sizeof command, "rm -rf %s", directory);
    return chdir("/") != 0 || system(command) != 0;
}

static void write_file(const char *path, const char *words)
{
    assert_int_equal(port_file_replace(path, words, strlen(words), 0600), FILE_DONE);
}

static void assert_file(const char *path, const char *expected)
{
    char bytes[64];
    size_t size = 0;
    assert_int_equal(port_file_read(path, bytes, sizeof bytes, &size), FILE_DONE);
    assert_int_equal(size, strlen(expected));
    assert_memory_equal(bytes, expected, size);
}

static size_t count_files(void)
{
    char names[8][PORT_NAME_MAX];
    return port_directory_list(".", names, 8);
}

static void reads_a_file_that_just_fits(void **state)
{
    (void)state;
    write_file("a", "12345");
    char bytes[6] = "zzzzz";
    size_t size = 99;
    assert_int_equal(port_file_read("a", bytes, 5, &size), FILE_DONE);
    assert_int_equal(size, 5);
    assert_string_equal(bytes, "12345");
}

static void reads_nothing_of_a_file_that_is_too_long(void **state)
{
    (void)state;
    write_file("a", "12345");
    char bytes[6] = "zzzzz";
    size_t size = 99;
    assert_int_equal(port_file_read("a", bytes, 4, &size), FILE_TOO_LONG);
    assert_int_equal(size, 99);
    assert_string_equal(bytes, "zzzzz");
}

static void reads_files_that_do_not_tell_their_size(void **state)
{
    (void)state;
    char bytes[4096];
    size_t size = 0;
    assert_int_equal(port_file_read("/proc/self/status", bytes, sizeof bytes, &size), FILE_DONE);
    assert_true(size > 100);
    assert_int_equal(port_file_read("/proc/self/status", bytes, 100, &size), FILE_TOO_LONG);
}

static void tells_missing_files_from_other_trouble(void **state)
{
    (void)state;
    char byte;
    size_t size;
    struct file_facts facts;
    write_file("file", "x");
    assert_int_equal(port_file_read("none", &byte, 1, &size), FILE_MISSING);
    assert_int_equal(port_file_read("none/a", &byte, 1, &size), FILE_MISSING);
    assert_int_equal(port_file_read("file/a", &byte, 1, &size), FILE_MISSING);
    assert_int_equal(port_file_facts("none", &facts), FILE_MISSING);
    assert_int_equal(port_file_replace("none/a", "x", 1, 0600), FILE_MISSING);
    assert_int_equal(port_file_read(".", &byte, 1, &size), FILE_TROUBLE);
    assert_true(port_trouble()[0] != '\0');
}

static void reads_from_an_offset_to_the_end(void **state)
{
    (void)state;
    write_file("a", "12345");
    char bytes[3];
    size_t size;
    assert_int_equal(port_file_read_at("a", 1, bytes, 3, &size), FILE_DONE);
    assert_int_equal(size, 3);
    assert_memory_equal(bytes, "234", 3);
    assert_int_equal(port_file_read_at("a", 4, bytes, 3, &size), FILE_DONE);
    assert_int_equal(size, 1);
    assert_int_equal(port_file_read_at("a", 5, bytes, 3, &size), FILE_DONE);
    assert_int_equal(size, 0);
    assert_int_equal(port_file_read_at("a", 500, bytes, 3, &size), FILE_DONE);
    assert_int_equal(size, 0);
}

static void replaces_with_exactly_the_mode_asked_for(void **state)
{
    (void)state;
    struct file_facts facts;
    mode_t before = umask(077);
    assert_int_equal(port_file_replace("a", "x", 1, 0644), FILE_DONE);
    umask(0);
    assert_int_equal(port_file_replace("b", "x", 1, 0600), FILE_DONE);
    umask(before);
    assert_int_equal(port_file_facts("a", &facts), FILE_DONE);
    assert_int_equal(facts.mode, 0644);
    assert_int_equal(port_file_facts("b", &facts), FILE_DONE);
    assert_int_equal(facts.mode, 0600);
    assert_true(facts.owned);
    assert_true(facts.regular);
    assert_false(facts.directory);
    assert_int_equal(facts.size, 1);
}

static void replaces_the_whole_of_a_longer_file(void **state)
{
    (void)state;
    write_file("a", "a long one");
    write_file("a", "short");
    assert_file("a", "short");
    assert_int_equal(count_files(), 1);
}

static void keeps_the_old_file_when_there_is_no_room(void **state)
{
    (void)state;
    write_file("a", "old");
    struct rlimit before;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    struct rlimit little = { .rlim_cur = 10, .rlim_max = before.rlim_max };
    void (*on_excess)(int) = signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &little), 0);
    enum file_result result = port_file_replace("a", "more than ten bytes", 19, 0600);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    (void)signal(SIGXFSZ, on_excess);
    assert_int_equal(result, FILE_FULL);
    assert_file("a", "old");
    assert_int_equal(count_files(), 1);
}

static void appends_to_what_is_there_and_makes_what_is_not(void **state)
{
    (void)state;
    struct file_facts facts;
    mode_t before = umask(077);
    assert_int_equal(port_file_append("a", "one", 3, 0644, true), FILE_DONE);
    umask(before);
    assert_int_equal(port_file_append("a", "two", 3, 0600, false), FILE_DONE);
    assert_int_equal(port_file_append("a", "", 0, 0600, true), FILE_DONE);
    assert_file("a", "onetwo");
    assert_int_equal(port_file_facts("a", &facts), FILE_DONE);
    assert_int_equal(facts.mode, 0644);
}

static void appends_nothing_where_it_cannot(void **state)
{
    (void)state;
    assert_int_equal(port_file_append("none/a", "x", 1, 0600, true), FILE_MISSING);
    assert_int_equal(port_file_append(".", "x", 1, 0600, true), FILE_TROUBLE);
    assert_int_equal(port_file_append("/dev/null", "x", 1, 0600, true), FILE_TROUBLE);
    assert_int_equal(mkfifo("pipe", 0600), 0);
    assert_int_equal(port_file_append("pipe", "x", 1, 0600, true), FILE_TROUBLE);
}

static void says_when_there_is_no_room_to_append(void **state)
{
    (void)state;
    write_file("a", "old");
    struct rlimit before;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    struct rlimit little = { .rlim_cur = 10, .rlim_max = before.rlim_max };
    void (*on_excess)(int) = signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &little), 0);
    enum file_result result = port_file_append("a", "more than ten bytes", 19, 0600, true);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    (void)signal(SIGXFSZ, on_excess);
    assert_int_equal(result, FILE_FULL);
}

static void renames_over_another_file(void **state)
{
    (void)state;
    write_file("a", "new");
    write_file("b", "old");
    assert_int_equal(port_file_rename("a", "b"), FILE_DONE);
    assert_file("b", "new");
    assert_int_equal(count_files(), 1);
    assert_int_equal(port_file_rename("a", "b"), FILE_MISSING);
    assert_file("b", "new");
}

static void removes_a_file_once(void **state)
{
    (void)state;
    write_file("a", "x");
    assert_int_equal(port_file_remove("a"), FILE_DONE);
    assert_int_equal(port_file_remove("a"), FILE_MISSING);
    assert_int_equal(count_files(), 0);
}

static void replaces_only_regular_files(void **state)
{
    (void)state;
    assert_int_equal(mkfifo("pipe", 0600), 0);
    assert_int_equal(port_file_replace("pipe", "x", 1, 0600), FILE_TROUBLE);
    assert_int_equal(port_file_replace(".", "x", 1, 0600), FILE_TROUBLE);
    struct file_facts facts;
    assert_int_equal(port_file_facts("pipe", &facts), FILE_DONE);
    assert_false(facts.regular);
    assert_int_equal(count_files(), 0);
}

static void makes_a_directory_and_its_parents_for_the_owner_only(void **state)
{
    (void)state;
    mode_t before = umask(0);
    assert_int_equal(port_directory_make("one/two/three"), FILE_DONE);
    umask(before);
    struct file_facts facts;
    assert_int_equal(port_file_facts("one", &facts), FILE_DONE);
    assert_int_equal(facts.mode, 0700);
    assert_int_equal(port_file_facts("one/two/three", &facts), FILE_DONE);
    assert_true(facts.directory);
    assert_int_equal(facts.mode, 0700);
    assert_int_equal(port_directory_make("one/two/three/"), FILE_DONE);
}

static void makes_no_directory_where_a_file_is(void **state)
{
    (void)state;
    write_file("a", "x");
    assert_int_equal(port_directory_make("a"), FILE_TROUBLE);
    assert_int_equal(port_directory_make("a/b"), FILE_MISSING);
    assert_int_equal(port_directory_make(""), FILE_MISSING);
}

static void lists_regular_files_in_order(void **state)
{
    (void)state;
    char names[3][PORT_NAME_MAX];
    char longest[PORT_NAME_MAX + 1];
    memset(longest, 'l', sizeof longest);
    longest[PORT_NAME_MAX] = '\0';
    write_file(longest, "one byte too long");
    longest[PORT_NAME_MAX - 1] = '\0';
    write_file(longest, "just short enough");
    write_file("b", "x");
    assert_int_equal(mkdir("directory", 0700), 0);
    assert_int_equal(symlink("nowhere", "broken"), 0);
    assert_int_equal(port_directory_list(".", names, 3), 2);
    assert_string_equal(names[0], "b");
    assert_string_equal(names[1], longest);
    write_file("a", "x");
    assert_int_equal(port_directory_list(".", names, 3), 3);
    assert_string_equal(names[0], "a");
    assert_int_equal(port_directory_list(".", names, 1), 1);
    assert_int_equal(port_directory_list("none", names, 3), 0);
}

/* An agent that has left root reads what root's check by hand has written beside it. */
static void gives_what_root_makes_to_the_owner_of_the_directory(void **state)
{
    (void)state;
    static const char *const made[] = { "replaced", "appended", "lock" };
    struct stat facts;
    if (geteuid() != 0)
        skip();
    assert_int_equal(chown(directory, 12345, 12346), 0);
    write_file("replaced", "a");
    assert_int_equal(port_file_append("appended", "a", 1, 0600, true), FILE_DONE);
    assert_int_equal(port_lock("lock", 0), FILE_DONE);
    port_unlock("lock");
    for (size_t i = 0; i < sizeof made / sizeof *made; i++) {
        assert_int_equal(stat(made[i], &facts), 0);
        assert_int_equal(facts.st_uid, 12345);
        assert_int_equal(facts.st_gid, 12346);
        assert_int_equal(facts.st_mode & 0777, 0600);
    }
}

static void holds_a_lock_against_everyone_else(void **state)
{
    (void)state;
    int locked[2], ended[2];
    assert_int_equal(pipe(locked), 0);
    assert_int_equal(pipe(ended), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        enum file_result result = port_lock("lock", 0);
        ssize_t said = write(locked[1], result == FILE_DONE ? "y" : "n", 1);
        (void)close(ended[1]);
        char nothing;
        said += read(ended[0], &nothing, 1); /* until it is killed, or this test ends early */
        _exit((int)said);
    }
    char answer = 'n';
    assert_int_equal(read(locked[0], &answer, 1), 1);
    enum file_result while_held = port_lock("lock", 0);
    assert_int_equal(kill(child, SIGKILL), 0);
    assert_int_equal(waitpid(child, NULL, 0), child);
    assert_int_equal(answer, 'y');
    assert_int_equal(while_held, FILE_DENIED);
    assert_int_equal(port_lock("lock", 0), FILE_DONE);
    struct file_facts facts;
    assert_int_equal(port_file_facts("lock", &facts), FILE_DONE);
    assert_int_equal(facts.mode, 0600);
    assert_int_equal(port_lock("none/lock", 0), FILE_MISSING);
}

#define IN_DIRECTORY(test) cmocka_unit_test_setup_teardown(test, enter_directory, leave_directory)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_DIRECTORY(reads_a_file_that_just_fits),
        IN_DIRECTORY(reads_nothing_of_a_file_that_is_too_long),
        IN_DIRECTORY(reads_files_that_do_not_tell_their_size),
        IN_DIRECTORY(tells_missing_files_from_other_trouble),
        IN_DIRECTORY(reads_from_an_offset_to_the_end),
        IN_DIRECTORY(replaces_with_exactly_the_mode_asked_for),
        IN_DIRECTORY(replaces_the_whole_of_a_longer_file),
        IN_DIRECTORY(keeps_the_old_file_when_there_is_no_room),
        IN_DIRECTORY(appends_to_what_is_there_and_makes_what_is_not),
        IN_DIRECTORY(appends_nothing_where_it_cannot),
        IN_DIRECTORY(says_when_there_is_no_room_to_append),
        IN_DIRECTORY(renames_over_another_file),
        IN_DIRECTORY(removes_a_file_once),
        IN_DIRECTORY(replaces_only_regular_files),
        IN_DIRECTORY(makes_a_directory_and_its_parents_for_the_owner_only),
        IN_DIRECTORY(makes_no_directory_where_a_file_is),
        IN_DIRECTORY(lists_regular_files_in_order),
        IN_DIRECTORY(gives_what_root_makes_to_the_owner_of_the_directory),
        IN_DIRECTORY(holds_a_lock_against_everyone_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
