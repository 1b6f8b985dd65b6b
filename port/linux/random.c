/* SPDX-License-Identifier: MIT */
#include "../port.h"
#include "trouble.h"

#include <errno.h>
#include <sys/random.h>

void port_random(void *into, size_t size)
{
    unsigned char *at = into;
    while (size > 0) {
        ssize_t got = getrandom(at, size, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            trouble_fatal("error: this system gives no random numbers");
        at += got;
        size -= (size_t)got;
    }
}
