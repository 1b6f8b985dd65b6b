/* SPDX-License-Identifier: MIT */
/* The names in resolve.h: they stand in reports, whatever resolver is linked. */
#include "resolve.h"

const char *record_type_name(enum record_type type)
{
    static const char *const names[RECORD_TYPES] = {
        [RECORD_A] = "A",         [RECORD_AAAA] = "AAAA", [RECORD_MX] = "MX",
        [RECORD_SRV] = "SRV",     [RECORD_TXT] = "TXT",   [RECORD_NS] = "NS",
        [RECORD_CNAME] = "CNAME", [RECORD_PTR] = "PTR",   [RECORD_SOA] = "SOA",
        [RECORD_CAA] = "CAA",     [RECORD_TLSA] = "TLSA",
    };
    return names[type];
}

const char *answer_status_name(enum answer_status status)
{
    static const char *const names[] = {
        [ANSWER_PENDING] = "pending",     [ANSWER_RECORDS] = "records",
        [ANSWER_NODATA] = "nodata",       [ANSWER_NXDOMAIN] = "nxdomain",
        [ANSWER_SERVFAIL] = "servfail",   [ANSWER_REFUSED] = "refused",
        [ANSWER_TIMED_OUT] = "timed-out", [ANSWER_GARBLED] = "garbled",
        [ANSWER_DEVICE] = "device",
    };
    return names[status];
}
