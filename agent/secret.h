/* SPDX-License-Identifier: MIT */
/* A password, or what is spoken in its place: an application's secret, a token (RFC 6749). The only
   type that holds one. It is written by settings.c (file), the prompt or the token server's answer,
   spoken by dialogue.c's SAY_SECRET over a verified wire, fingerprinted by budget.c, and wiped by
   its owner. Nothing prints it. */
#ifndef GATEPOST_SECRET_H
#define GATEPOST_SECRET_H

#include <stddef.h>

#define SECRET_MAX 255  /* bytes; a longer password is refused when it is read */
#define TOKEN_MAX  4096 /* bytes of a token; those of large providers are of 1 to 3 kB */

struct secret {
    size_t len; /* 0: there is none */
    char bytes[TOKEN_MAX + 1];
};

#endif
