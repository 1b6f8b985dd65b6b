/* SPDX-License-Identifier: MIT */
/* An answer of Autodiscover in its older XML ("plain old XML", MS-OXDSCLI), which is what Outlook
   asks for. */
#ifndef GATEPOST_POX_H
#define GATEPOST_POX_H

#include "names.h"
#include "text.h"

#include <stdbool.h>

#define POX_REDIRECT_MAX 512 /* bytes of an address or URL, terminator included; longer is none */

enum pox_kind {
    POX_NOTHING,          /* no answer of Autodiscover */
    POX_SETTINGS,         /* says where the mailbox is */
    POX_REDIRECT_ADDRESS, /* ask again with another address */
    POX_REDIRECT_URL,     /* ask there */
    POX_ERROR,            /* the service's own: ErrorCode */
};

struct pox {
    enum pox_kind kind;
    bool exchange;                   /* some of the protocols are Exchange's own */
    char type[12];                   /* the one that Outlook prefers: "mapiHttp", "EXPR", "EXCH",
                                        "IMAP"; "" for none */
    char server[NAMES_HOST_MAX + 1]; /* its host; "" where only an internal name is told */
    char ews[NAMES_HOST_MAX + 1];    /* host of Exchange Web Services, "" for none */
    char redirect[POX_REDIRECT_MAX];
    char error[8]; /* "600" */
};

/* Reads the body of a reply. Broken or refused XML is POX_NOTHING. Hosts are lower case. */
void pox_read(struct slice body, struct pox *into_pox);

#endif
