/* SPDX-License-Identifier: MIT */
#include "message.h"

#include "names.h"

#include <assert.h>

/* Each byte of a local part may be encoded as three; as much is left for root, gateway and kind. */
static_assert(MESSAGE_KEY_MAX > NAMES_MAILBOX_MAX, "every address is a key");
static_assert(TOPIC_MAX > 2 * (NAMES_MAILBOX_MAX + 2 * NAMES_LOCAL_MAX), "and has a topic");

static const char *const names[MESSAGE_KINDS] = {
    [MESSAGE_STATUS] = "status",   [MESSAGE_REPORT] = "report", [MESSAGE_EVENT] = "event",
    [MESSAGE_SUPPORT] = "support", [MESSAGE_REPLY] = "reply",
};

const char *message_kind_name(enum message_kind kind)
{
    return names[kind];
}

/* MQTT 5 section 4.7: a level holds neither wildcard nor separator; section 1.5.4 forbids NUL and
   warns of other controls. */
static bool must_be_encoded(char c)
{
    unsigned char byte = (unsigned char)c;
    return byte < 0x20 || byte == 0x7F || c == '/' || c == '+' || c == '#' || c == '%';
}

static void add_level(struct text *topic, const char *level)
{
    for (const char *c = level; *c != '\0'; c++)
        if (must_be_encoded(*c))
            text_add_format(topic, "%%%02X", (unsigned)(unsigned char)*c);
        else
            text_add(topic, (struct slice){ c, 1 });
}

static void begin_topic(struct text *topic, const char *root, const char *gateway, const char *word,
                        char into[TOPIC_MAX])
{
    text_begin(topic, into, TOPIC_MAX);
    text_add_format(topic, "%s/", root);
    add_level(topic, gateway);
    text_add_format(topic, "/%s", word);
}

bool message_topic(enum message_kind kind, const char *root, const char *gateway,
                   const char *account, char into[TOPIC_MAX])
{
    struct text topic;
    begin_topic(&topic, root, gateway, names[kind], into);
    if (account[0] != '\0') {
        text_add_string(&topic, "/");
        add_level(&topic, account);
    }
    return !topic.overflow;
}

bool message_command_topic(const char *root, const char *gateway, char into[TOPIC_MAX])
{
    struct text topic;
    begin_topic(&topic, root, gateway, "command", into);
    return !topic.overflow;
}
