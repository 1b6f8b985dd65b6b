/* SPDX-License-Identifier: MIT */
/* Asks the resolvers whose a domain's mail is, and waits for the answer. */
#ifndef GATEPOST_INQUIRY_H
#define GATEPOST_INQUIRY_H

#include "detection.h"

/* Text lives in the arena. Where no resolver can be asked, or the program is told to stop, nothing
   is known: DETECTION_UNANSWERED. */
void inquiry_make(const char *domain, const struct settings *settings, struct arena *arena,
                  struct detection *into_detection);

#define INQUIRY_RIVALS_MAX 256 /* bytes of the names of the profiles that fit as well */

struct inquiry {
    enum detection_state state;
    bool fits; /* some profile; else the account has the generic one */
    char rivals[INQUIRY_RIVALS_MAX];
};

/* Asks, and gives the account, whose address is a bare domain, the profile and the servers that
   were found. Its text lives in `kept`; `work` is reset. */
void inquiry_settle(struct account_settings *account, const struct settings *settings,
                    struct arena *kept, struct arena *work, struct inquiry *into_inquiry);

#endif
