/* SPDX-License-Identifier: MIT */
/* What writing a file for good needs, shared by the files of this folder. */
#ifndef GATEPOST_PORT_LINUX_REPLACE_H
#define GATEPOST_PORT_LINUX_REPLACE_H

#include <stddef.h>

/* Writes all, in portions where the system wants that. 0 or an errno value. */
int write_all(int file, const char *bytes, size_t size);

/* What root makes in another user's directory, that user must be able to read: the agent's state
   beside a check by hand. 0 or an errno value. */
int give_to_owner(int file, const char *path);

/* Brings the names in the directory of a path to disk. 0 or an errno value. */
int sync_directory_of(const char *path);

#endif
