/* SPDX-License-Identifier: MIT */
/* The test mail on its way out of a lane: written, handed over, noted. */
#include "parts.h"

bool write_parcel(struct lane *lane, enum direction direction)
{
    struct suite *suite = lane->suite;
    const struct parcel *parcel = &suite->parcels[direction];
    const char *mail = parcel_write(parcel, suite->arena, suite->helo, port_wall_ms());
    lane->dialogue.hole[HOLE_FROM] = parcel->from;
    lane->dialogue.hole[HOLE_TO] = parcel->to;
    lane->dialogue.hole[HOLE_MAIL] = mail;
    return mail != NULL;
}

static void is_sent(struct lane *lane, enum direction direction)
{
    struct parcel *parcel = &lane->suite->parcels[direction];
    parcel->state = PARCEL_SENT;
    parcel->sent_ms = port_now_ms();
}

void outgoing_is_sent(struct lane *lane)
{
    is_sent(lane, PARCEL_OUT);
}

void incoming_is_sent(struct lane *lane)
{
    is_sent(lane, PARCEL_IN);
}
