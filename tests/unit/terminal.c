/* SPDX-License-Identifier: MIT */
#include "../port/port.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <cmocka.h>

#define PROMPT "Password: "
#define ROOM   8

/* A process that asks on a terminal of its own; this one is the person at the keyboard. */
struct person {
    pid_t asker;
    int keyboard; /* and screen */
    int terminal;
    int answer; /* a pipe: one byte 'y' or 'n', then ROOM bytes of what was read */
    int done;   /* a pipe: the asker stays until this is closed, and its terminal with it */
    char screen[256];
};

static void ask_and_tell(int answer)
{
    char told[1 + ROOM] = "";
    memset(told + 1, 'z', ROOM);
    told[0] = port_ask_secret(PROMPT, told + 1, ROOM) ? 'y' : 'n';
    ssize_t written = write(answer, told, sizeof told);
    (void)written;
}

static void be_asker(const char *terminal, int answer, int done)
{
    char nothing;
    (void)setsid();
    /* The first terminal that a session leader opens becomes its own. */
    if (terminal != NULL && open(terminal, O_RDWR) < 0)
        _exit(1);
    ask_and_tell(answer);
    ssize_t got = read(done, &nothing, 1);
    (void)got;
    _exit(0);
}

static bool echoes(const struct person *person)
{
    struct termios now;
    assert_int_equal(tcgetattr(person->terminal, &now), 0);
    return (now.c_lflag & ECHO) != 0;
}

static struct person meet(bool with_terminal)
{
    struct person person = { .keyboard = posix_openpt(O_RDWR | O_NOCTTY) };
    int answer[2], done[2];
    assert_true(person.keyboard >= 0);
    assert_int_equal(grantpt(person.keyboard), 0);
    assert_int_equal(unlockpt(person.keyboard), 0);
    const char *name = ptsname(person.keyboard);
    assert_non_null(name);
    person.terminal = open(name, O_RDWR | O_NOCTTY);
    assert_true(person.terminal >= 0);
    assert_int_equal(pipe(answer), 0);
    assert_int_equal(pipe(done), 0);
    assert_true(echoes(&person));
    person.asker = fork();
    assert_true(person.asker >= 0);
    if (person.asker == 0) {
        /* When this process ends early, the asker must see its terminal go. */
        (void)close(person.keyboard);
        (void)close(done[1]);
        be_asker(with_terminal ? name : NULL, answer[1], done[0]);
    }
    (void)close(answer[1]);
    (void)close(done[0]);
    person.answer = answer[0];
    person.done = done[1];
    return person;
}

static void read_screen_until(struct person *person, const char *words)
{
    size_t len = strlen(person->screen);
    while (strstr(person->screen, words) == NULL) {
        ssize_t got = read(person->keyboard, person->screen + len, sizeof person->screen - 1 - len);
        assert_true(got > 0);
        len += (size_t)got;
    }
}

/* Types the keys at the prompt and returns whether they were taken as a secret. Whatever they were,
   the echo was off and is on again. */
static bool answer_with(struct person *person, const char *keys, char into_secret[ROOM])
{
    char told[1 + ROOM];
    read_screen_until(person, PROMPT);
    assert_false(echoes(person));
    assert_int_equal(write(person->keyboard, keys, strlen(keys)), strlen(keys));
    read_screen_until(person, "\n");
    assert_int_equal(read(person->answer, told, sizeof told), sizeof told);
    assert_true(echoes(person));
    memcpy(into_secret, told + 1, ROOM);
    return told[0] == 'y';
}

static void part(struct person *person)
{
    int status = -1;
    (void)close(person->done);
    assert_int_equal(waitpid(person->asker, &status, 0), person->asker);
    assert_true(WIFEXITED(status));
    (void)close(person->answer);
    (void)close(person->terminal);
    (void)close(person->keyboard);
}

static void reads_a_secret_that_just_fits_and_shows_nothing(void **state)
{
    (void)state;
    struct person person = meet(true);
    char secret[ROOM];
    assert_true(answer_with(&person, "abcdefg\n", secret));
    assert_string_equal(secret, "abcdefg");
    assert_string_equal(person.screen, PROMPT "\r\n");
    part(&person);
}

static void refuses_and_wipes(const char *keys)
{
    static const char wiped[ROOM];
    struct person person = meet(true);
    char secret[ROOM];
    assert_false(answer_with(&person, keys, secret));
    assert_memory_equal(secret, wiped, ROOM);
    part(&person);
}

static void refuses_a_secret_that_is_too_long(void **state)
{
    (void)state;
    refuses_and_wipes("abcdefgh\n");
}

static void refuses_an_empty_line(void **state)
{
    (void)state;
    refuses_and_wipes("\n");
}

static void a_person_may_give_up(void **state)
{
    (void)state;
    refuses_and_wipes("\x04");    /* Ctrl-D */
    refuses_and_wipes("abc\x03"); /* Ctrl-C */
}

static void asks_nobody_where_there_is_no_terminal(void **state)
{
    (void)state;
    struct person person = meet(false);
    char told;
    assert_int_equal(read(person.answer, &told, 1), 1);
    assert_int_equal(told, 'n');
    part(&person);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_a_secret_that_just_fits_and_shows_nothing),
        cmocka_unit_test(refuses_a_secret_that_is_too_long),
        cmocka_unit_test(refuses_an_empty_line),
        cmocka_unit_test(a_person_may_give_up),
        cmocka_unit_test(asks_nobody_where_there_is_no_terminal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
