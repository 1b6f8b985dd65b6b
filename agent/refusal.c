/* SPDX-License-Identifier: MIT */
#include "refusal.h"

/* clang-format off */
static const char *const trouble_names[] = {
    [UPLINK_FINE]              = "no trouble",
    [UPLINK_NAME_UNKNOWN]      = "the broker's name is not known",
    [UPLINK_NO_RESOLVER]       = "no DNS resolver answers for the broker's name",
    [UPLINK_UNREACHABLE]       = "the broker cannot be reached",
    [UPLINK_REFUSED]           = "nobody listens at the broker's port",
    [UPLINK_TIMED_OUT]         = "the broker does not answer",
    [UPLINK_CLOSED]            = "the broker closed the connection",
    [UPLINK_CERTIFICATE]       = "the certificate is not good",
    [UPLINK_PIN]               = "the broker's key is not the pinned one",
    [UPLINK_BAD_CREDENTIALS]   = "the broker refuses the user name or password",
    [UPLINK_NOT_AUTHORIZED]    = "the broker refuses this gateway",
    [UPLINK_BROKER_BUSY]       = "the broker is not available now",
    [UPLINK_TAKEN_OVER]        = "another client has connected with this gateway's name",
    [UPLINK_PUBLISH_REFUSED]   = "the broker refuses what this gateway publishes",
    [UPLINK_MESSAGE_REFUSED]   = "the broker does not take a message as it is",
    [UPLINK_SUBSCRIBE_REFUSED] = "the broker refuses to send commands",
    [UPLINK_PROTOCOL]          = "the broker does not speak MQTT over TLS as expected",
    [UPLINK_DEVICE]            = "this device cannot connect",
};
/* clang-format on */

const char *uplink_trouble_words(enum uplink_trouble trouble)
{
    return trouble_names[trouble];
}

enum uplink_trouble refusal_trouble(enum session_reason reason)
{
    switch (reason) {
    case SESSION_REASON_BAD_CREDENTIALS:
        return UPLINK_BAD_CREDENTIALS;
    case SESSION_REASON_NOT_AUTHORIZED:
    case SESSION_REASON_BANNED:
        return UPLINK_NOT_AUTHORIZED;
    case SESSION_REASON_UNAVAILABLE:
    case SESSION_REASON_BUSY:
    case SESSION_REASON_SHUTTING_DOWN:
    case SESSION_REASON_QUOTA:
    case SESSION_REASON_USE_ANOTHER:
    case SESSION_REASON_MOVED:
    case SESSION_REASON_RATE:
        return UPLINK_BROKER_BUSY;
    case SESSION_REASON_TAKEN_OVER:
        return UPLINK_TAKEN_OVER;
    case SESSION_REASON_KEEP_ALIVE:
        return UPLINK_TIMED_OUT;
    case SESSION_REASON_UNSPECIFIED:
    case SESSION_REASON_VERSION:
    case SESSION_REASON_TOPIC_INVALID:
    case SESSION_REASON_TOO_LARGE:
    case SESSION_REASON_FORMAT:
        return UPLINK_PROTOCOL;
    case SESSION_REASON_NONE:
        break;
    }
    return UPLINK_CLOSED;
}

bool refusal_is_final(enum session_reason reason)
{
    return reason == SESSION_REASON_NOT_AUTHORIZED || reason == SESSION_REASON_TOPIC_INVALID ||
           reason == SESSION_REASON_TOO_LARGE || reason == SESSION_REASON_FORMAT;
}

enum uplink_refusal refusal_of(enum session_reason reason)
{
    return reason == SESSION_REASON_NOT_AUTHORIZED ? UPLINK_AGAINST_RULES : UPLINK_BAD_MESSAGE;
}
