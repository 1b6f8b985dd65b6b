/* SPDX-License-Identifier: MIT */
#include "doctor.h"

#include "payload.h"
#include "report.h"
#include "uplink.h"
#include "wire.h"

#define PATIENCE_MS 30000 /* for a name, both families, TLS, CONNECT and one PUBACK */
#define WORDS_MAX   600

/* clang-format off */
enum word {
    BROKER, NO_BROKER, NO_BROKER_MEND, TOO_LONG, ONLINE, CANNOT, SILENT, PUBLISHED, MAY_NOT_PUBLISH, UNANSWERED,
    SUBSCRIBED, MAY_NOT_SUBSCRIBE, MEND_PUBLISH, MEND_SUBSCRIBE, NO_MEMORY, WORDS
};
static const char *const word[WORDS][LANGUAGES] = {
    [BROKER]            = { "broker", "courtier MQTT" },
    [NO_BROKER]         = { "none is configured: the agent reports to its log alone",
                            "aucun n'est configuré : l'agent n'écrit que dans son journal" },
    [NO_BROKER_MEND]    = { "set \"broker\" to mqtts://HOST", "réglez \"broker\" : mqtts://HÔTE" },
    [TOO_LONG]          = { "\"topic_root\" and \"gateway\" make too long a topic",
                            "\"topic_root\" et \"gateway\" font un sujet trop long" },
    [ONLINE]            = { "connected to %s, MQTT %s", "connecté à %s, MQTT %s" },
    [CANNOT]            = { "no connection to %s: %s", "pas de connexion à %s : %s" },
    [SILENT]            = { "no connection to %s within %d s", "pas de connexion à %s en %d s" },
    [PUBLISHED]         = { "it took a message on %s", "il a accepté un message sur %s" },
    [MAY_NOT_PUBLISH]   = { "it refuses messages on %s: %s", "il refuse les messages sur %s : %s" },
    [UNANSWERED]        = { "it did not acknowledge a message on %s", "il n'a pas accusé réception d'un message sur %s" },
    [SUBSCRIBED]        = { "it lets this gateway subscribe to %s", "il accepte l'abonnement à %s" },
    [MAY_NOT_SUBSCRIBE] = { "it refuses the subscription to %s", "il refuse l'abonnement à %s" },
    [MEND_PUBLISH]      = { "let the broker's ACL allow publishing below %s", "autorisez dans l'ACL du courtier la publication sous %s" },
    [MEND_SUBSCRIBE]    = { "let the broker's ACL allow reading %s", "autorisez dans l'ACL du courtier la lecture de %s" },
    [NO_MEMORY]         = { "this device is out of memory", "mémoire épuisée" },
};

/* What mends it; an empty one: the words say all. */
static const char *const mend[][LANGUAGES] = {
    [UPLINK_FINE]              = { "", "" },
    [UPLINK_NAME_UNKNOWN]      = { "correct the host in \"broker\"", "corrigez l'hôte dans \"broker\"" },
    [UPLINK_NO_RESOLVER]       = { "mend the resolver, see above", "corrigez le résolveur, voir ci-dessus" },
    [UPLINK_UNREACHABLE]       = { "look at the office's line and its route to the broker", "vérifiez la ligne et la route vers le courtier" },
    [UPLINK_REFUSED]           = { "see that the broker runs and listens on that port", "vérifiez que le courtier tourne et écoute sur ce port" },
    [UPLINK_TIMED_OUT]         = { "see that the broker runs, and that no firewall is between", "vérifiez que le courtier tourne, et qu'aucun pare-feu ne bloque" },
    [UPLINK_CLOSED]            = { "read the broker's log", "lisez le journal du courtier" },
    [UPLINK_CERTIFICATE]       = { "set \"broker_ca_file\" to the authority that issued the broker's certificate, or have the certificate renewed",
                                   "réglez \"broker_ca_file\" sur l'autorité du certificat, ou faites renouveler le certificat" },
    [UPLINK_PIN]               = { "find out who answers there; if the broker has a new key, correct \"broker_pin\"",
                                   "cherchez qui répond là ; si le courtier a une nouvelle clé, corrigez \"broker_pin\"" },
    [UPLINK_BAD_CREDENTIALS]   = { "correct \"broker_user\" and the file of \"broker_password_file\"", "corrigez \"broker_user\" et le fichier de \"broker_password_file\"" },
    [UPLINK_NOT_AUTHORIZED]    = { "correct \"broker_user\" and the file of \"broker_password_file\", or let the broker admit this gateway",
                                   "corrigez \"broker_user\" et le fichier de \"broker_password_file\", ou admettez cette passerelle" },
    [UPLINK_BROKER_BUSY]       = { "try again later", "réessayez plus tard" },
    [UPLINK_TAKEN_OVER]        = { "give every gateway a \"gateway\" name of its own", "donnez à chaque passerelle son propre nom \"gateway\"" },
    [UPLINK_PUBLISH_REFUSED]   = { "", "" },
    [UPLINK_MESSAGE_REFUSED]   = { "", "" },
    [UPLINK_SUBSCRIBE_REFUSED] = { "", "" },
    [UPLINK_PROTOCOL]          = { "correct host and port in \"broker\": what answers there is no MQTT broker",
                                   "corrigez l'hôte et le port dans \"broker\" : ce n'est pas un courtier MQTT" },
    [UPLINK_DEVICE]            = { "free memory on this device", "libérez de la mémoire" },
};
/* clang-format on */

/* The visit to the broker. */
struct visit {
    struct doctor *doctor;
    struct loop loop;
    struct watcher patience; /* wakes the loop */
    struct uplink *uplink;
    char event_topic[TOPIC_MAX], command_topic[TOPIC_MAX], client_id[TOPIC_MAX];
    char payload[PAYLOAD_MAX];
    size_t payload_len;
    bool online, failed, published, delivered, refused;
    enum uplink_trouble trouble;
    char words[WORDS_MAX];
};

static const char *words_of(const struct visit *visit, enum word which)
{
    return word[which][visit->doctor->desk->language];
}

static void say(struct visit *visit, enum status status, const char *words, const char *mending)
{
    doctor_say(visit->doctor, status, words_of(visit, BROKER), words, mending);
}

/* ---- what the uplink tells ---- */

static void came_online(void *owner, bool session_present)
{
    struct visit *visit = owner;
    (void)session_present; /* the doctor expects nothing */
    visit->online = true;
}

static void went_offline(void *owner, enum uplink_trouble trouble, const char *words)
{
    struct visit *visit = owner;
    visit->failed = true;
    visit->trouble = trouble;
    text_put_string(visit->words, sizeof visit->words,
                    words[0] != '\0' ? words : uplink_trouble_words(trouble));
}

static void was_delivered(void *owner, uint64_t id)
{
    struct visit *visit = owner;
    (void)id; /* there is only one */
    visit->delivered = true;
}

static void was_refused(void *owner, uint64_t id, enum uplink_refusal why, const char *words)
{
    struct visit *visit = owner;
    (void)id; /* as above */
    (void)why;
    visit->refused = true;
    text_put_string(visit->words, sizeof visit->words, words);
}

/* The fleet's commands are for the agent, which has a session of its own. */
static void ignore_command(void *owner, struct slice payload, const char *reply_topic,
                           struct slice correlation)
{
    (void)owner;
    (void)payload;
    (void)reply_topic;
    (void)correlation;
}

static void out_of_patience(struct watcher *watcher, enum loop_event event)
{
    struct visit *visit = OWNER_OF(watcher, struct visit, patience);
    (void)event; /* it has no descriptor: only time passes */
    visit->failed = true;
}

/* ---- the visit ---- */

static bool prepare(struct visit *visit)
{
    const struct settings *settings = &visit->doctor->desk->settings;
    char room[REPORT_GATEWAY_MAX];
    const char *gateway = report_gateway_name(settings, room);
    const struct payload_head head = { .gateway = gateway,
                                       .at_wall_ms = port_wall_ms(),
                                       .sample = true };
    return text_put_format(visit->client_id, sizeof visit->client_id, "%s-doctor", gateway) &&
           message_topic(MESSAGE_EVENT, settings->topic_root, gateway, "_doctor",
                         visit->event_topic) &&
           message_command_topic(settings->topic_root, gateway, visit->command_topic) &&
           payload_doctor(&head, visit->payload, sizeof visit->payload, &visit->payload_len);
}

static struct message proof(const struct visit *visit)
{
    return (struct message){
        .kind = MESSAGE_EVENT,
        .topic = visit->event_topic,
        .payload = { visit->payload, visit->payload_len },
        .key = "",
    };
}

static void publish(struct visit *visit)
{
    const struct message message = proof(visit);
    if (visit->online && !visit->published)
        visit->published = uplink_publish(visit->uplink, &message);
}

static void turn_until_known(struct visit *visit)
{
    do
        publish(visit);
    while (!visit->delivered && !visit->refused && !visit->failed && loop_turn(&visit->loop));
}

/* In order, so that the broker publishes no will: with the proof once more, as last message. */
static void leave(struct visit *visit)
{
    const struct message message = proof(visit);
    uplink_leave(visit->uplink, &message);
    while (uplink_state(visit->uplink) != UPLINK_OFF && loop_turn(&visit->loop)) {
    }
    uplink_close(visit->uplink);
}

static void say_connection(struct visit *visit)
{
    const char *broker = visit->doctor->desk->settings.broker;
    enum language language = visit->doctor->desk->language;
    char room[2 * WORDS_MAX];
    struct text text;
    text_begin(&text, room, sizeof room);
    if (visit->online) {
        text_add_format(&text, words_of(visit, ONLINE), broker,
                        uplink_mqtt_version(visit->uplink) == 3 ? "3.1.1" : "5");
        say(visit, STATUS_OK, room, "");
    } else if (visit->trouble == UPLINK_FINE) {
        text_add_format(&text, words_of(visit, SILENT), broker, PATIENCE_MS / 1000);
        say(visit, STATUS_FAILED, room, mend[UPLINK_TIMED_OUT][language]);
    } else {
        text_add_format(&text, words_of(visit, CANNOT), broker, visit->words);
        say(visit, STATUS_FAILED, room, mend[visit->trouble][language]);
    }
}

static void say_permission(struct visit *visit, enum status status, enum word words,
                           const char *topic, enum word mending)
{
    char room[WORDS_MAX + TOPIC_MAX], advice[WORDS_MAX + TOPIC_MAX];
    text_put_format(room, sizeof room, words_of(visit, words), topic, visit->words);
    text_put_format(advice, sizeof advice, words_of(visit, mending), topic);
    say(visit, status, room, status == STATUS_OK ? "" : advice);
}

static void say_permissions(struct visit *visit)
{
    const char *words;
    /* A broker that hangs up for it may say nothing before. */
    bool unsubscribed = uplink_trouble(visit->uplink, &words) == UPLINK_SUBSCRIBE_REFUSED ||
                        (visit->failed && !uplink_is_subscribed(visit->uplink));
    if (unsubscribed)
        say_permission(visit, STATUS_FAILED, MAY_NOT_SUBSCRIBE, visit->command_topic,
                       MEND_SUBSCRIBE);
    else
        say_permission(visit, STATUS_OK, SUBSCRIBED, visit->command_topic, MEND_SUBSCRIBE);
    if (visit->delivered)
        say_permission(visit, STATUS_OK, PUBLISHED, visit->event_topic, MEND_PUBLISH);
    else if (visit->refused)
        say_permission(visit, STATUS_FAILED, MAY_NOT_PUBLISH, visit->event_topic, MEND_PUBLISH);
    else
        say_permission(visit, STATUS_UNKNOWN, UNANSWERED, visit->event_topic, MEND_PUBLISH);
}

static void pay(struct visit *visit)
{
    const struct uplink_words words = { .status_topic = visit->event_topic,
                                        .command_topic = visit->command_topic,
                                        .will = "",
                                        .client_id = visit->client_id,
                                        .passing = true };
    const struct uplink_calls calls = { came_online, went_offline,   was_delivered,
                                        was_refused, ignore_command, visit };
    loop_begin(&visit->loop);
    visit->patience = (struct watcher){ .descriptor = -1,
                                        .deadline_ms = port_now_ms() + PATIENCE_MS,
                                        .call = out_of_patience };
    if (!loop_watch(&visit->loop, &visit->patience))
        return;
    visit->uplink =
        uplink_open(&visit->loop, &visit->doctor->desk->settings, &words, &calls, port_now_ms());
    if (visit->uplink == NULL) {
        say(visit, STATUS_UNKNOWN, words_of(visit, NO_MEMORY), "");
        return;
    }
    turn_until_known(visit);
    say_connection(visit);
    if (visit->online)
        say_permissions(visit);
    leave(visit);
}

void doctor_broker(struct doctor *doctor)
{
    struct visit *visit = ARENA_NEW(&doctor->desk->kept, struct visit);
    struct visit nowhere = { .doctor = doctor };
    if (visit == NULL) {
        say(&nowhere, STATUS_UNKNOWN, words_of(&nowhere, NO_MEMORY), "");
        return;
    }
    visit->doctor = doctor;
    if (doctor->desk->settings.broker[0] == '\0')
        say(visit, STATUS_WARNING, words_of(visit, NO_BROKER), words_of(visit, NO_BROKER_MEND));
    else if (!prepare(visit))
        say(visit, STATUS_FAILED, words_of(visit, TOO_LONG), "");
    else if (wire_start())
        pay(visit);
    wire_finish();
}
