/* SPDX-License-Identifier: MIT */
/* The system's words for what went wrong, shared by the files of this folder. */
#ifndef GATEPOST_PORT_LINUX_TROUBLE_H
#define GATEPOST_PORT_LINUX_TROUBLE_H

/* Keeps the words for an errno value, for port_trouble. */
void trouble_note(int error);

/* Keeps words of ours. */
void trouble_say(const char *words);

/* Writes the words and ends the program: only where nothing sensible could follow. */
_Noreturn void trouble_fatal(const char *words);

#endif
