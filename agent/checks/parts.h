/* SPDX-License-Identifier: MIT */
/* What the files of checks/ share: parts of conversations that more than one protocol has. */
#ifndef GATEPOST_CHECKS_PARTS_H
#define GATEPOST_CHECKS_PARTS_H

#include "../lane.h"
#include "../suite.h"

#define CERTIFICATE_WARNING_DAYS 14 /* a certificate that ends sooner is warned of */

/* True while the peer's certificate lasts for CERTIFICATE_WARNING_DAYS more. */
bool certificate_lasts(const struct lane *lane);

/* Keeps protocol and certificate as facts of the check. */
void keep_certificate(struct lane *lane);

/* Composes the test mail of one direction and fills the holes {from}, {to} and {mail}. False when
 * the arena is full. */
bool write_parcel(struct lane *lane, enum direction direction);

/* The peer took responsibility for the mail. */
void outgoing_is_sent(struct lane *lane);
void incoming_is_sent(struct lane *lane);

/* True when the last EHLO reply offers the keyword. */
bool reply_offers(const struct lane *lane, const char *keyword);

/* What a delivery report's diagnostic line means for the account that sent: the same table as for
 * replies while sending. */
enum finding bounce_means(const struct profile *profile, struct slice said);

#endif
