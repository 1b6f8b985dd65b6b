/* SPDX-License-Identifier: MIT */
#include "../port.h"
#include "stop.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#define COLUMNS_WHEN_UNKNOWN 80

bool port_is_terminal(int descriptor)
{
    return isatty(descriptor) == 1;
}

int port_terminal_columns(void)
{
    struct winsize size = { 0 };
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
        return COLUMNS_WHEN_UNKNOWN;
    return size.ws_col;
}

/* One byte of what the person types; false when the terminal is gone or the program shall stop. */
static bool read_byte(int terminal, char *into_byte)
{
    for (;;) {
        struct port_poll key = { .descriptor = terminal, .want_read = true };
        bool ready = port_poll(&key, 1, -1);
        if (port_asked_to_stop())
            return false;
        if (!ready)
            continue;
        ssize_t got = read(terminal, into_byte, 1);
        if (got < 0 && errno == EINTR)
            continue;
        return got == 1;
    }
}

/* Byte by byte, so that no other buffer of ours ever holds the secret. Reads a line that is too
   long to its end: the rest must not reach the shell. */
static bool read_line(int terminal, char *into, size_t size)
{
    size_t len = 0;
    char byte;
    bool got;
    while ((got = read_byte(terminal, &byte)) && byte != '\n') {
        if (len < size)
            into[len] = byte;
        len += len < size;
    }
    explicit_bzero(&byte, sizeof byte);
    if (!got || len == 0 || len == size)
        return false;
    into[len] = '\0';
    return true;
}

static void say(int terminal, const char *words)
{
    ssize_t written = write(terminal, words, strlen(words));
    (void)written; /* a terminal that takes no prompt fails at the reading, too */
}

static bool ask(int terminal, const char *prompt, char *into, size_t size)
{
    struct termios before;
    if (tcgetattr(terminal, &before) != 0)
        return false;
    struct termios silent = before;
    silent.c_lflag &= ~(tcflag_t)(ECHO | ECHONL);
    silent.c_lflag |= ICANON | ISIG;
    if (tcsetattr(terminal, TCSAFLUSH, &silent) != 0)
        return false;
    say(terminal, prompt);
    bool answered = read_line(terminal, into, size);
    (void)tcsetattr(terminal, TCSAFLUSH, &before); /* nothing else could be tried */
    say(terminal, "\n");
    return answered;
}

bool port_ask_secret(const char *prompt, char *into, size_t size)
{
    stop_catch_signals();
    int terminal = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
    bool answered = false;
    if (terminal >= 0) {
        answered = ask(terminal, prompt, into, size);
        (void)close(terminal); /* what was written is on the screen */
    }
    if (!answered)
        explicit_bzero(into, size);
    return answered;
}
