/* SPDX-License-Identifier: MIT */
/* Lanes that open only where something went wrong: to servers that have nothing to do with the
   account, and to the zone's own name servers. They tell whose fault it is. */
#ifndef GATEPOST_CONTROLS_H
#define GATEPOST_CONTROLS_H

#include "suite.h"

/* Opens those that what has happened so far calls for. True when it opened any. At most one for
   each port and family, beside the targets that the settings name; none where they name none. */
bool controls_open(struct suite *suite);

/* Gathers what became of the connections into suite->ground. */
void controls_gather(struct suite *suite);

#endif
