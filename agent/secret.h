/* SPDX-License-Identifier: MIT */
/* A password. The only type that holds one. It is written by settings.c (file) or the prompt,
   spoken by dialogue.c's SAY_SECRET over a verified wire, fingerprinted by budget.c, and wiped by
   its owner. Nothing prints it. */
#ifndef GATEPOST_SECRET_H
#define GATEPOST_SECRET_H

#include <stddef.h>

#define SECRET_MAX 255 /* bytes; a longer password is refused when it is read */

struct secret {
    size_t len; /* 0: there is none */
    char bytes[SECRET_MAX + 1];
};

#endif
