/* SPDX-License-Identifier: MIT */
/* What is looked at wherever TLS is spoken, and the test mails that two protocols carry. */
#include "parts.h"

bool certificate_lasts(const struct lane *lane)
{
    return lane->dialogue.wire.certificate.days_left >= CERTIFICATE_WARNING_DAYS;
}

void keep_certificate(struct lane *lane)
{
    struct ledger *ledger = &lane->suite->run->ledger;
    const struct wire *wire = &lane->dialogue.wire;
    ledger_fact(ledger, lane_check(lane), "protocol", "%s", wire_protocol(wire));
    ledger_fact(ledger, lane_check(lane), "certificate_days_left", "%d",
                wire->certificate.days_left);
    ledger_fact(ledger, lane_check(lane), "certificate_issuer", "%s", wire->certificate.issuer);
}
