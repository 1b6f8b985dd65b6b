/* SPDX-License-Identifier: MIT */
/* What Debian's static c-ares, Paho and Expat, which are compiled against glibc, call by names that
 * musl does not have: the checked forms that _FORTIFY_SOURCE makes of calls, and C23's number
 * readers. Everything else that they call is in musl under the same name; that the structures and
 * constants between them are the same, tests/package/layout.c proves. A checked form gets the size
 * of the object as well, and stops the program where the call would write beyond it. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/select.h>

#pragma GCC diagnostic ignored                                                                     \
    "-Wmissing-prototypes" /* glibc's headers declare them, musl's do not */

static void within(size_t size, size_t object)
{
    if (size > object)
        abort();
}

void *__memcpy_chk(void *to, const void *from, size_t size, size_t object)
{
    within(size, object);
    return memcpy(to, from, size);
}

char *__strcpy_chk(char *to, const char *from, size_t object)
{
    size_t size = strlen(from) + 1;
    within(size, object);
    return memcpy(to, from, size);
}

int __vsnprintf_chk(char *to, size_t size, int flag, size_t object, const char *format,
                    va_list values)
{
    (void)flag;
    within(size, object);
    return vsnprintf(to, size, format, values);
}

int __snprintf_chk(char *to, size_t size, int flag, size_t object, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    int length = __vsnprintf_chk(to, size, flag, object, format, values);
    va_end(values);
    return length;
}

int __fprintf_chk(FILE *to, int flag, const char *format, ...)
{
    (void)flag;
    va_list values;
    va_start(values, format);
    int length = vfprintf(to, format, values);
    va_end(values);
    return length;
}

int __printf_chk(int flag, const char *format, ...)
{
    (void)flag;
    va_list values;
    va_start(values, format);
    int length = vprintf(format, values);
    va_end(values);
    return length;
}

/* The word of an fd_set that a descriptor is in. */
long __fdelt_chk(long descriptor)
{
    if (descriptor < 0 || descriptor >= FD_SETSIZE)
        abort();
    return descriptor / (8 * (long)sizeof(long));
}

long __isoc23_strtol(const char *text, char **end, int base)
{
    return strtol(text, end, base);
}

unsigned long __isoc23_strtoul(const char *text, char **end, int base)
{
    return strtoul(text, end, base);
}

/* Never fails, as its callers believe: c-ares takes its question ids from it, Expat the salt of its
 * tables. */
void arc4random_buf(void *to, size_t size)
{
    for (unsigned char *at = to; size > 0;) {
        ssize_t got = getrandom(at, size, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            abort();
        at += got;
        size -= (size_t)got;
    }
}

unsigned arc4random(void)
{
    unsigned number;
    arc4random_buf(&number, sizeof number);
    return number;
}
