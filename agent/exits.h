/* SPDX-License-Identifier: MIT */
/* The exit statuses of the program. `gatepost check` ends with diagnosis_exit_status (0 to 3) once
   there is a diagnosis; these say that it did not come so far. Numbers as in BSD's sysexits. */
#ifndef GATEPOST_EXITS_H
#define GATEPOST_EXITS_H

enum exits {
    EXITS_DONE = 0,
    EXITS_UNKNOWN = 3,    /* interrupted before there was anything to say */
    EXITS_USAGE = 64,     /* the command line is wrong */
    EXITS_DATA = 65,      /* a file that was given is not what it should be */
    EXITS_NO_INPUT = 66,  /* a file that was given cannot be read */
    EXITS_NO_BROKER = 69, /* the broker did not take what was to be published */
    EXITS_NO_TICKET = 69, /* no ticket was opened at the provider, as far as is known */
    EXITS_SYSTEM = 71,    /* the device or a library cannot do what is needed */
    EXITS_NO_FILE = 73,   /* a file cannot be written */
    EXITS_NO_OUTPUT = 74, /* standard output cannot be written */
    EXITS_BUSY = 75,      /* another gatepost is at work */
    EXITS_CONFIG = 78,    /* the configuration is wrong */
};

#endif
