/* SPDX-License-Identifier: MIT */
/* Prints what is derived from the tables: `json` config/catalogue.json, `schema FRAME`
   config/NAME.schema.json and config/asyncapi.json, `markdown SECTION` a section of README.md, and
   `manual agent` and `manual account` the keys in config/man/gatepost.json.5.
 */
#include "catalogue.h"
#include "checks.h"
#include "command.h"
#include "message.h"
#include "payload.h"
#include "rules.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* ---- json ---- */

static cJSON *append(cJSON *array, const char *slug)
{
    cJSON *item = cJSON_CreateObject();
    cJSON_AddItemToArray(array, item);
    cJSON_AddStringToObject(item, "code", slug);
    return item;
}

static void add_words(cJSON *item, const char *name, const char *const words[LANGUAGES])
{
    cJSON *object = cJSON_AddObjectToObject(item, name);
    cJSON_AddStringToObject(object, "en", words[LANGUAGE_EN]);
    cJSON_AddStringToObject(object, "fr", words[LANGUAGE_FR]);
}

static void add_checks(cJSON *document)
{
    cJSON *checks = cJSON_AddArrayToObject(document, "checks");
    for (enum check i = 0; i < CHECK_COUNT; i++) {
        const struct check_row *row = check_row(i);
        cJSON *item = append(checks, row->slug);
        cJSON_AddStringToObject(item, "layer", layer_name(row->layer));
        cJSON_AddStringToObject(item, "cost", cost_name(row->cost));
        cJSON *needs = cJSON_AddArrayToObject(item, "needs");
        for (enum check j = 0; j < CHECK_COUNT; j++)
            if ((row->needs & CHECK_BIT(j)) != 0)
                cJSON_AddItemToArray(needs, cJSON_CreateString(check_row(j)->slug));
        add_words(item, "title", row->title);
    }
}

static void add_results(cJSON *document)
{
    cJSON *results = cJSON_AddArrayToObject(document, "results");
    for (enum result i = 0; i < RESULT_COUNT; i++) {
        const struct result_row *row = result_row(i);
        cJSON *item = append(results, row->slug);
        cJSON_AddStringToObject(item, "check", check_row(row->check)->slug);
        add_words(item, "good", row->good);
        add_words(item, "bad", row->bad);
    }
}

static void add_findings(cJSON *document)
{
    cJSON *findings = cJSON_AddArrayToObject(document, "findings");
    for (enum finding i = NO_FINDING + 1; i < FINDING_COUNT; i++) {
        const struct finding_row *row = finding_row(i);
        cJSON *item = append(findings, row->slug);
        cJSON_AddStringToObject(item, "status", status_name(row->status));
        cJSON_AddStringToObject(item, "layer", layer_name(row->layer));
        cJSON_AddStringToObject(item, "who", who_name(row->who));
        cJSON_AddStringToObject(item, "remedy", remedy_row(row->remedy)->slug);
        add_words(item, "title", row->title);
        add_words(item, "cause", row->cause);
    }
}

static void add_rules(cJSON *document)
{
    cJSON *rules = cJSON_AddArrayToObject(document, "rules");
    for (enum rule i = NO_RULE + 1; i < RULE_COUNT; i++)
        add_words(append(rules, rule_row(i)->slug), "words", rule_row(i)->words);
}

static int print_json(void)
{
    cJSON *document = cJSON_CreateObject();
    cJSON_AddStringToObject(
        document, "note",
        "Generated from agent/catalogue.def, agent/checks.def and agent/rules.def. Words hold "
        "{holes} for params; a part in [brackets] is left out where one of its "
        "holes has no value.");
    add_checks(document);
    add_results(document);
    add_findings(document);
    add_rules(document);
    cJSON *remedies = cJSON_AddArrayToObject(document, "remedies");
    for (enum remedy i = 0; i < REMEDY_COUNT; i++)
        add_words(append(remedies, remedy_row(i)->slug), "words", remedy_row(i)->words);
    cJSON *reasons = cJSON_AddArrayToObject(document, "reasons");
    for (enum reason i = 0; i < REASON_COUNT; i++)
        add_words(append(reasons, reason_row(i)->slug), "words", reason_row(i)->words);
    char *text = cJSON_Print(document);
    if (text == NULL)
        return 1;
    puts(text);
    cJSON_free(text);
    cJSON_Delete(document);
    return 0;
}

/* ---- schema ---- */

static const char *check_name(size_t i)
{
    return i < CHECK_COUNT ? check_row((enum check)i)->slug : NULL;
}

static const char *service_name(size_t i)
{
    return i < SERVICE_COUNT ? service_row((enum service)i)->slug : NULL;
}

static const char *result_name(size_t i)
{
    return i < RESULT_COUNT ? result_row((enum result)i)->slug : NULL;
}

static const char *finding_name(size_t i)
{
    return i + 1 < FINDING_COUNT ? finding_row((enum finding)(i + 1))->slug : NULL;
}

static const char *remedy_name(size_t i)
{
    return i < REMEDY_COUNT ? remedy_row((enum remedy)i)->slug : NULL;
}

static const char *reason_name(size_t i)
{
    if (i < REASON_COUNT)
        return reason_row((enum reason)i)->slug;
    return finding_name(i - REASON_COUNT);
}

static const char *rule_at(size_t i)
{
    return i + 1 < RULE_COUNT ? rule_row((enum rule)(i + 1))->slug : NULL;
}

static const char *param_at(size_t i)
{
    return i < PARAM_COUNT ? param_name((enum param)i) : NULL;
}

static const char *layer_at(size_t i)
{
    return i <= LAYER_MAIL ? layer_name((enum layer)i) : NULL;
}

static const char *who_at(size_t i)
{
    return i <= WHO_ACCOUNT_OWNER ? who_name((enum who)i) : NULL;
}

static const char *confidence_at(size_t i)
{
    return i <= CONFIDENCE_CERTAIN ? confidence_name((enum confidence)i) : NULL;
}

static const char *cost_at(size_t i)
{
    return i <= COST_LOOP ? cost_name((enum cost)i) : NULL;
}

static const char *kind_at(size_t i)
{
    return i < MESSAGE_KINDS ? message_kind_name((enum message_kind)i) : NULL;
}

static const char *state_at(size_t i)
{
    return i <= AGENT_LOST ? payload_state_name((enum agent_state)i) : NULL;
}

static const char *health_at(size_t i)
{
    return i <= JOURNAL_DAMAGED ? payload_health_name((enum journal_health)i) : NULL;
}

static const char *trouble_at(size_t i)
{
    return i <= UPLINK_DEVICE ? payload_trouble_name((enum uplink_trouble)i) : NULL;
}

static const char *event_at(size_t i)
{
    return i <= EVENT_VERDICT ? payload_event_name((enum event_kind)i) : NULL;
}

static const char *reply_at(size_t i)
{
    return i <= REPLY_FAILED ? payload_reply_name((enum reply_code)i) : NULL;
}

static const char *verb_at(size_t i)
{
    return i < COMMAND_VERBS ? command_verb_name((enum command_verb)i) : NULL;
}

/* A topic of the default root; its message's kind stands in the mark. */
static const char *topic_named(const char *kind, size_t len)
{
    static char topic[TOPIC_MAX];
    bool made = message_command_topic("gatepost/v1", "{gateway}", topic);
    for (enum message_kind i = 0; i < MESSAGE_KINDS; i++) {
        bool has_account = i == MESSAGE_REPORT || i == MESSAGE_EVENT || i == MESSAGE_SUPPORT;
        if (strlen(message_kind_name(i)) == len && strncmp(message_kind_name(i), kind, len) == 0)
            made =
                message_topic(i, "gatepost/v1", "{gateway}", has_account ? "{account}" : "", topic);
    }
    return made ? topic : "";
}

static const struct {
    const char *mark;
    const char *(*name)(size_t i);
    const char *after; /* what follows each name, up to the comma */
} marks[] = {
    { "\"@checks@\"", check_name, "" },
    { "\"@services@\"", service_name, "" },
    { "\"@results@\"", result_name, "" },
    { "\"@result-properties@\": { \"$ref\": \"#/$defs/result\" }", result_name,
      ": { \"$ref\": \"#/$defs/result\" }" },
    { "\"@findings@\"", finding_name, "" },
    { "\"@remedies@\"", remedy_name, "" },
    { "\"@reasons@\"", reason_name, "" },
    { "\"@params@\"", param_at, "" },
    { "\"@rules@\"", rule_at, "" },
    { "\"@layers@\"", layer_at, "" },
    { "\"@whos@\"", who_at, "" },
    { "\"@confidences@\"", confidence_at, "" },
    { "\"@costs@\"", cost_at, "" },
    { "\"@kinds@\"", kind_at, "" },
    { "\"@kind-properties@\": { \"type\": \"integer\", \"minimum\": 0 }", kind_at,
      ": { \"type\": \"integer\", \"minimum\": 0 }" },
    { "\"@states@\"", state_at, "" },
    { "\"@healths@\"", health_at, "" },
    { "\"@troubles@\"", trouble_at, "" },
    { "\"@events@\"", event_at, "" },
    { "\"@replies@\"", reply_at, "" },
    { "\"@verbs@\"", verb_at, "" },
};

#define TOPIC_MARK "@topic:"

/* Prints a line of the frame; a mark in it becomes the names of its table. */
static void print_line(const char *line)
{
    for (size_t i = 0; i < COUNT(marks); i++) {
        const char *mark = strstr(line, marks[i].mark);
        if (mark == NULL)
            continue;
        printf("%.*s", (int)(mark - line), line);
        for (size_t j = 0; marks[i].name(j) != NULL; j++)
            printf("%s\"%s\"%s", j > 0 ? ", " : "", marks[i].name(j), marks[i].after);
        fputs(mark + strlen(marks[i].mark), stdout);
        return;
    }
    const char *topic = strstr(line, TOPIC_MARK),
               *end = topic == NULL ? NULL : strchr(topic + 1, '@');
    if (end == NULL) {
        fputs(line, stdout);
        return;
    }
    const char *kind = topic + strlen(TOPIC_MARK);
    printf("%.*s%s%s", (int)(topic - line), line, topic_named(kind, (size_t)(end - kind)), end + 1);
}

static int print_schema(const char *frame)
{
    char line[1024];
    FILE *file = fopen(frame, "r");
    if (file == NULL)
        return 1;
    while (fgets(line, sizeof line, file) != NULL)
        print_line(line);
    fclose(file);
    return 0;
}

/* ---- markdown ---- */

/* Holes, brackets and bars mean something in a table: words are shown without the two last. */
static void print_words(const char *words)
{
    for (; *words != '\0'; words++)
        if (*words == '|')
            fputs("\\|", stdout);
        else if (*words != '[' && *words != ']')
            putchar(*words);
}

static void print_checks(void)
{
    puts("| check | cost | asks | needs |\n| --- | --- | --- | --- |");
    for (enum check i = 0; i < CHECK_COUNT; i++) {
        const struct check_row *row = check_row(i);
        const char *comma = "";
        printf("| `%s` | %s | %s | ", row->slug, cost_name(row->cost), row->title[LANGUAGE_EN]);
        for (enum check j = 0; j < CHECK_COUNT; j++)
            if ((row->needs & CHECK_BIT(j)) != 0) {
                printf("%s`%s`", comma, check_row(j)->slug);
                comma = ", ";
            }
        puts(" |");
    }
}

static void print_findings(void)
{
    puts("| finding | makes the check | who can mend it | remedy | symptom |\n"
         "| --- | --- | --- | --- | --- |");
    for (enum finding i = NO_FINDING + 1; i < FINDING_COUNT; i++) {
        const struct finding_row *row = finding_row(i);
        printf("| `%s` | %s | %s | `%s` | ", row->slug, status_name(row->status),
               who_name(row->who), remedy_row(row->remedy)->slug);
        print_words(row->title[LANGUAGE_EN]);
        puts(" |");
    }
}

static void print_remedies(void)
{
    puts("| remedy | what to do |\n| --- | --- |");
    for (enum remedy i = 0; i < REMEDY_COUNT; i++) {
        printf("| `%s` | ", remedy_row(i)->slug);
        print_words(remedy_row(i)->words[LANGUAGE_EN]);
        puts(" |");
    }
}

enum scope { AGENT, ACCOUNT };

#define LIST_OF(...) { __VA_ARGS__ }

static const struct {
    enum scope scope;
    const char *key, *value, *help;
    const char *list[9]; /* NULL after the last */
} settings[] = {
#define SETTING_TEXT(scope, key, value, required, help)                                            \
    { scope, #key, required ? "required" : value, help, { NULL } },
#define SETTING_NUMBER(scope, key, value, minimum, maximum, help)                                  \
    { scope, #key, #value " (" #minimum " to " #maximum ")", help, { NULL } },
#define SETTING_LIST(scope, key, kind, value, help) { scope, #key, "", help, LIST_OF value },
#define SETTING_CHOICE(scope, key, value, words, help)                                             \
    { scope, #key, value " (" words ")", help, { NULL } },
#include "settings.def"
#undef SETTING_TEXT
#undef SETTING_NUMBER
#undef SETTING_LIST
#undef SETTING_CHOICE
};

static void print_settings(void)
{
    static const char *const titles[] = { "At the top level:", "In each object of `accounts`:" };
    for (enum scope scope = AGENT; scope <= ACCOUNT; scope++) {
        printf("%s%s\n\n| key | default | meaning |\n| --- | --- | --- |\n",
               scope == AGENT ? "" : "\n", titles[scope]);
        for (size_t i = 0; i < COUNT(settings); i++) {
            if (settings[i].scope != scope)
                continue;
            printf("| `%s` | ", settings[i].key);
            print_words(settings[i].value);
            for (const char *const *word = settings[i].list; *word != NULL; word++)
                printf("%s%s", word == settings[i].list ? "" : ", ", *word);
            printf(" | ");
            print_words(settings[i].help);
            puts(" |");
        }
    }
}

/* ---- manual ---- */

/* A word as mdoc wants it: what it takes for a macro or an escape is made plain. */
static void print_plain(const char *words)
{
    if (*words == '.' || *words == '\'')
        fputs("\\&", stdout);
    char before = '\0';
    for (; *words != '\0'; before = *words++)
        if (*words == '\\')
            fputs("\\e", stdout);
        else if (before == '.' && *words == ' ')
            putchar('\n'); /* each sentence begins a line */
        else if (*words != '`')
            putchar(*words);
}

static void print_default(const char *value, const char *const *list)
{
    if (strcmp(value, "required") == 0) {
        puts("Required.");
        return;
    }
    if (value[0] == '\0' && *list == NULL)
        return;
    fputs("Default: ", stdout);
    print_plain(value);
    for (const char *const *word = list; *word != NULL; word++) {
        fputs(word == list ? "" : ", ", stdout);
        print_plain(*word);
    }
    puts(".");
}

static int print_manual(const char *section)
{
    enum scope scope = strcmp(section, "agent") == 0 ? AGENT : ACCOUNT;
    for (size_t i = 0; i < COUNT(settings); i++) {
        if (settings[i].scope != scope)
            continue;
        printf(".It Cm %s\n", settings[i].key);
        print_plain(settings[i].help);
        puts("");
        print_default(settings[i].value, settings[i].list);
    }
    fputs(".\\\" ", stdout); /* the mark that follows is a comment of troff */
    return 0;
}

static const struct {
    const char *name;
    void (*print)(void);
} sections[] = {
    { "checks", print_checks },
    { "findings", print_findings },
    { "remedies", print_remedies },
    { "settings", print_settings },
};

static int print_markdown(const char *section)
{
    for (size_t i = 0; i < COUNT(sections); i++)
        if (strcmp(section, sections[i].name) == 0) {
            sections[i].print();
            return 0;
        }
    return 1;
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "json") == 0)
        return print_json();
    if (argc == 3 && strcmp(argv[1], "schema") == 0)
        return print_schema(argv[2]);
    if (argc == 3 && strcmp(argv[1], "markdown") == 0)
        return print_markdown(argv[2]);
    if (argc == 3 && strcmp(argv[1], "manual") == 0)
        return print_manual(argv[2]);
    fputs("print json | schema FRAME | markdown SECTION | manual SECTION\n", stderr);
    return 64;
}
