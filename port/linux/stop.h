/* SPDX-License-Identifier: MIT */
/* The wish to end, by SIGINT or SIGTERM, shared by the files of this folder. */
#ifndef GATEPOST_PORT_LINUX_STOP_H
#define GATEPOST_PORT_LINUX_STOP_H

/* Installs the handlers; later calls do nothing. */
void stop_catch_signals(void);

/* A descriptor that can be read, for ever, once the wish has come; -1 before stop_catch_signals. */
int stop_descriptor(void);

#endif
