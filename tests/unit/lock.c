/* SPDX-License-Identifier: MIT */
/* Locks that can be given back, and what a service says to its manager. */
#include "port/port.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[] = "/tmp/gatepost-lock-XXXXXX";

/* What another process gets that asks for the lock. */
static enum file_result asked_by_another(const char *path)
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        _exit((int)port_lock(path, 0));
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    return (enum file_result)WEXITSTATUS(status);
}

static void gives_a_lock_back(void **state)
{
    (void)state;
    assert_int_equal(port_lock("one", 0), FILE_DONE);
    assert_int_equal(asked_by_another("one"), FILE_DENIED);
    port_unlock("one");
    assert_int_equal(asked_by_another("one"), FILE_DONE);
}

static void keeps_the_other_locks(void **state)
{
    (void)state;
    assert_int_equal(port_lock("one", 0), FILE_DONE);
    assert_int_equal(port_lock("two", 0), FILE_DONE);
    port_unlock("one");
    assert_int_equal(asked_by_another("two"), FILE_DENIED);
    port_unlock("two");
}

static void leaves_alone_what_is_not_held(void **state)
{
    (void)state;
    assert_int_equal(port_lock("one", 0), FILE_DONE);
    port_unlock("two");
    port_unlock("never-made");
    assert_int_equal(asked_by_another("one"), FILE_DENIED);
    port_unlock("one");
}

static void holds_so_many_and_no_more(void **state)
{
    (void)state;
    char name[16];
    for (int i = 0; i < PORT_LOCKS_MAX; i++) {
        (void)snprintf(name, sizeof name, "lock-%d", i);
        assert_int_equal(port_lock(name, 0), FILE_DONE);
    }
    assert_int_equal(port_lock("one-more", 0), FILE_TROUBLE);
    for (int i = 0; i < PORT_LOCKS_MAX; i++) {
        (void)snprintf(name, sizeof name, "lock-%d", i);
        port_unlock(name);
    }
    assert_int_equal(port_lock("one-more", 0), FILE_DONE);
    port_unlock("one-more");
}

static void finds_the_whole_path(void **state)
{
    (void)state;
    char path[512], expected[512], small[4];
    assert_int_equal(port_lock("one", 0), FILE_DONE);
    port_unlock("one");
    assert_int_equal(port_path_absolute("./one", path, sizeof path), FILE_DONE);
    (void)snprintf(expected, sizeof expected, "%s/one", folder);
    assert_string_equal(path, expected);
    assert_int_equal(port_path_absolute("none", path, sizeof path), FILE_MISSING);
    assert_int_equal(port_path_absolute("./one", small, sizeof small), FILE_TROUBLE);
}

/* An address of the abstract kind, as systemd gives it to services in containers. */
static void tells_a_manager_at_an_abstract_address(void **state)
{
    (void)state;
    struct sockaddr_un manager = { .sun_family = AF_UNIX };
    char name[64], heard[32] = "";
    (void)snprintf(name, sizeof name, "@gatepost-test-%ld", (long)getpid());
    memcpy(manager.sun_path, name, strlen(name));
    manager.sun_path[0] = '\0';
    socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(name));
    int ear = socket(AF_UNIX, SOCK_DGRAM, 0);
    assert_int_equal(bind(ear, (struct sockaddr *)&manager, size), 0);
    assert_int_equal(setenv("NOTIFY_SOCKET", name, 1), 0);
    port_notify("READY=1");
    assert_int_equal(recv(ear, heard, sizeof heard, MSG_DONTWAIT), 7);
    assert_string_equal(heard, "READY=1");
    assert_int_equal(unsetenv("NOTIFY_SOCKET"), 0);
    port_notify("WATCHDOG=1");
    assert_true(recv(ear, heard, sizeof heard, MSG_DONTWAIT) < 0);
    (void)close(ear);
}

static void feeds_no_watchdog_that_is_meant_for_another(void **state)
{
    (void)state;
    assert_int_equal(setenv("WATCHDOG_USEC", "60000000", 1), 0);
    assert_int_equal(port_watchdog_ms(), 60000);
    char another[24];
    (void)snprintf(another, sizeof another, "%ld", (long)getpid() + 1);
    assert_int_equal(setenv("WATCHDOG_PID", another, 1), 0);
    assert_int_equal(port_watchdog_ms(), 0);
    assert_int_equal(unsetenv("WATCHDOG_PID"), 0);
    assert_int_equal(unsetenv("WATCHDOG_USEC"), 0);
    assert_int_equal(port_watchdog_ms(), 0);
}

/* Exit statuses of the child: 0 all was as it should be. */
static void takes_note_of_a_wish_to_end_and_heeds_the_next(void **state)
{
    (void)state;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        port_start();
        port_catch_reload();
        bool good = !port_asked_to_stop() && !port_asked_to_reload();
        good = good && raise(SIGTERM) == 0 && port_asked_to_stop();
        port_stop_noted();
        good = good && !port_asked_to_stop() && raise(SIGHUP) == 0;
        /* Ends at once for the signal, or never. */
        (void)port_poll(NULL, 0, -1);
        good = good && port_asked_to_reload() && !port_asked_to_reload();
        good = good && raise(SIGHUP) == 0 && raise(SIGTERM) == 0 && port_asked_to_reload();
        (void)port_poll(NULL, 0, -1);
        _exit(good && port_asked_to_stop() ? 0 : 1);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

static int begin(void **state)
{
    (void)state;
    return mkdtemp(folder) != NULL && chdir(folder) == 0 ? 0 : -1;
}

static int finish(void **state)
{
    (void)state;
    char names[16][PORT_NAME_MAX];
    size_t count = port_directory_list(folder, names, 16);
    for (size_t i = 0; i < count; i++)
        (void)unlink(names[i]);
    return chdir("/") == 0 && rmdir(folder) == 0 ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_a_lock_back),
        cmocka_unit_test(keeps_the_other_locks),
        cmocka_unit_test(leaves_alone_what_is_not_held),
        cmocka_unit_test(holds_so_many_and_no_more),
        cmocka_unit_test(finds_the_whole_path),
        cmocka_unit_test(tells_a_manager_at_an_abstract_address),
        cmocka_unit_test(feeds_no_watchdog_that_is_meant_for_another),
        cmocka_unit_test(takes_note_of_a_wish_to_end_and_heeds_the_next),
    };
    return cmocka_run_group_tests(tests, begin, finish);
}
