/* SPDX-License-Identifier: MIT */
/* A profile's JSON text. For profile.c. */
#ifndef GATEPOST_PROFILE_READ_H
#define GATEPOST_PROFILE_READ_H

#include "profile.h"

/* Reads a whole profile for an account: {host} is filled in, and the MX set is the one of its mode.
   False when there is anything wrong with it; into_trouble tells the first fault, with file as its
   file. */
bool profile_read(struct slice json, const char *file, const struct account_settings *account,
                  struct arena *arena, struct profile *into_profile,
                  struct settings_trouble *into_trouble) MUST_USE;

#endif
