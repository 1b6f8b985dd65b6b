/* SPDX-License-Identifier: MIT */
#include "doctor.h"

#include "broker.h"
#include "resolve.h"

#define WORDS_MAX 400

/* clang-format off */
enum word { RESOLVER, ANSWERS, REFUSES, SILENT, SERVFAIL, GARBLED, UNABLE, NONE, NOTHING_TO_ASK, MEND, NONE_MEND, WORDS };
static const char *const word[WORDS][LANGUAGES] = {
    [RESOLVER]  = { "resolver", "résolveur" },
    [ANSWERS]   = { "%s answers for %s, %d ms", "%s répond pour %s, %d ms" },
    [REFUSES]   = { "%s refuses to answer this device", "%s refuse de répondre à cet appareil" },
    [SILENT]    = { "%s does not answer", "%s ne répond pas" },
    [SERVFAIL]  = { "%s cannot find out about %s (SERVFAIL)", "%s ne trouve rien sur %s (SERVFAIL)" },
    [GARBLED]   = { "%s answers nonsense", "%s répond n'importe quoi" },
    [UNABLE]    = { "%s could not be asked: this device is out of memory or sockets",
                    "%s n'a pas pu être interrogé : mémoire ou connexions épuisées" },
    [NONE]      = { "this system names no resolver", "ce système ne nomme aucun résolveur" },
    [NOTHING_TO_ASK] = { "no account and no broker name to ask for", "ni compte ni nom de courtier MQTT à demander" },
    [MEND]      = { "see that it runs and lets this device ask, or name another in \"resolvers\"",
                    "vérifiez qu'il fonctionne et accepte cet appareil, ou nommez-en un autre dans \"resolvers\"" },
    [NONE_MEND] = { "name one in \"resolvers\", or mend /etc/resolv.conf",
                    "nommez-en un dans \"resolvers\", ou corrigez /etc/resolv.conf" },
};
static const struct {
    enum status status;
    enum word words;
} judged[] = {
    [ANSWER_PENDING]   = { STATUS_UNKNOWN, UNABLE },
    [ANSWER_RECORDS]   = { STATUS_OK, ANSWERS },
    [ANSWER_NODATA]    = { STATUS_OK, ANSWERS },
    [ANSWER_NXDOMAIN]  = { STATUS_OK, ANSWERS },
    [ANSWER_SERVFAIL]  = { STATUS_UNKNOWN, SERVFAIL },
    [ANSWER_REFUSED]   = { STATUS_FAILED, REFUSES },
    [ANSWER_TIMED_OUT] = { STATUS_FAILED, SILENT },
    [ANSWER_GARBLED]   = { STATUS_FAILED, GARBLED },
    [ANSWER_DEVICE]    = { STATUS_UNKNOWN, UNABLE },
};
/* clang-format on */

static const char *words_of(const struct doctor *doctor, enum word which)
{
    return word[which][doctor->desk->language];
}

/* The first account's domain: what runs will ask for; else the broker's name. */
static const char *name_to_ask(const struct settings *settings, struct broker *broker)
{
    if (settings->account_count > 0) {
        struct slice domain = slice_of(settings->accounts[0].address), local;
        (void)slice_cut(&domain, '@', &local); /* an address has one */
        return domain.at;
    }
    struct address address;
    if (!broker_read(slice_of(settings->broker), broker) || broker_is_local(broker->host) ||
        port_address_read(broker->host, &address))
        return NULL;
    return broker->host;
}

static void answered(struct question *question)
{
    *(bool *)question->asker = true;
}

/* Asks one resolver alone, so that another's answer does not stand for its own. */
static enum answer_status ask(struct doctor *doctor, const struct address *resolver,
                              const char *name, int32_t *into_ms)
{
    struct loop loop;
    struct question question = { .answer = NULL };
    bool done = false;
    loop_begin(&loop);
    struct resolve *resolve = resolve_begin(&loop, &doctor->desk->work, resolver, 1);
    enum answer_status status = ANSWER_DEVICE;
    if (resolve != NULL && resolve_ask(resolve, &question, name, RECORD_MX, answered, &done)) {
        while (!done && loop_turn(&loop)) {
        }
        status = done ? question.answer->status : ANSWER_PENDING;
        *into_ms = done ? question.answer->duration_ms : 0;
    }
    resolve_finish(resolve);
    return status;
}

static void judge(struct doctor *doctor, const struct address *resolver, const char *name)
{
    char address[ADDRESS_TEXT_MAX], room[WORDS_MAX];
    int32_t duration_ms = 0;
    port_address_text(resolver, address);
    enum answer_status answer = ask(doctor, resolver, name, &duration_ms);
    enum status status = judged[answer].status;
    text_put_format(room, sizeof room, words_of(doctor, judged[answer].words), address, name,
                    (int)duration_ms);
    doctor_say(doctor, status, words_of(doctor, RESOLVER), room,
               status == STATUS_OK ? "" : words_of(doctor, MEND));
    arena_reset(&doctor->desk->work);
}

void doctor_resolvers(struct doctor *doctor)
{
    const struct settings *settings = &doctor->desk->settings;
    struct address resolvers[RESOLVERS_MAX];
    struct broker broker;
    const char *name = name_to_ask(settings, &broker);
    size_t count = settings_resolvers(settings, resolvers, RESOLVERS_MAX);
    if (count == 0)
        doctor_say(doctor, STATUS_FAILED, words_of(doctor, RESOLVER), words_of(doctor, NONE),
                   words_of(doctor, NONE_MEND));
    else if (name == NULL)
        doctor_say(doctor, STATUS_UNKNOWN, words_of(doctor, RESOLVER),
                   words_of(doctor, NOTHING_TO_ASK), "");
    for (size_t i = 0; name != NULL && i < count; i++)
        judge(doctor, &resolvers[i], name);
}
