/* heatledger entry: what a person enters, published like any other message. */
#include "commands.h"
#include "entry_papers.h"
#include "memory.h"
#include "options.h"
#include "plant.h"
#include "plant_suggest.h"
#include "publisher.h"
#include "timestamp.h"
#include "wall_clock.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ENTRY_TOPIC_MAX (CATALOG_ID_MAX + 16)

static bool check_text(const cJSON *entry, const char *key, const char *example,
                       struct failure *failure)
{
    const cJSON *member = cJSON_GetObjectItemCaseSensitive(entry, key);

    if (cJSON_IsString(member) && member->valuestring[0] != '\0') {
        return true;
    }
    return failure_set(failure, FAILURE_INPUT,
                       "JSON: \"%s\" is %s; a text such as \"%s\" would be right", key,
                       member == NULL ? "missing" : "no text", example);
}

/* A time that is given must be one. */
static bool check_time(const cJSON *ts, struct failure *failure)
{
    int64_t ts_us;

    if (ts == NULL ||
        (cJSON_IsString(ts) && timestamp_parse(ts->valuestring, strlen(ts->valuestring), &ts_us))) {
        return true;
    }
    return failure_set(failure, FAILURE_INPUT,
                       "JSON: \"ts\" is no time; RFC 3339 with an offset would be right, as "
                       "\"2026-03-10T08:00:00+08:00\", or none for now");
}

/* The events, and what they cannot do without; the daemon looks at the values. */
static const struct entry_event {
    char event[16]; /* first, for plant_suggest */
    const char *needs[4];
} entry_events[] = {
    {"accept", {"meter", "at"}},
    {"reject", {"meter", "at"}},
    {"reading", {"meter", "value"}},
    {"roster", {"day", "shift", "crew", "reason"}},
    {"ack", {"alert"}},
    {"shelve", {"alert", "reason"}},
    {"remark", {NULL}},
};
#define ENTRY_EVENT_COUNT (sizeof entry_events / sizeof entry_events[0])

static const struct entry_event *find_event(const char *event)
{
    for (size_t i = 0; i < ENTRY_EVENT_COUNT; i++) {
        if (strcmp(entry_events[i].event, event) == 0) {
            return &entry_events[i];
        }
    }
    return NULL;
}

/* There is no such event: which there are. */
static bool refuse_event(const char *event, struct failure *failure)
{
    enum { COUNT = ENTRY_EVENT_COUNT + PAPER_KINDS, NAME = sizeof entry_events[0].event };
    char names[COUNT][NAME], known[COUNT * (NAME + 2)] = "";
    for (size_t i = 0; i < COUNT; i++) {
        snprintf(names[i], NAME, "%.*s", NAME - 1,
                 i < ENTRY_EVENT_COUNT
                     ? entry_events[i].event
                     : paper_form((enum paper_kind)(i - ENTRY_EVENT_COUNT))->event);
        strcat(strcat(known, i == 0 ? "" : ", "), names[i]);
    }
    const char *near = plant_suggest(event, names, COUNT, NAME);
    return failure_set(failure, FAILURE_INPUT,
                       "JSON: there is no event \"%.64s\"%s%s%s; there are %s", event,
                       near == NULL ? "" : "; did you mean \"", near == NULL ? "" : near,
                       near == NULL ? "" : "\"?", known);
}

static bool check_event(const cJSON *entry, struct failure *failure)
{
    const char *event = cJSON_GetObjectItemCaseSensitive(entry, "event")->valuestring;
    const struct entry_event *known = find_event(event);
    enum paper_kind kind;

    if (paper_kind_find(event, &kind)) {
        return entry_papers_check(entry, kind, failure);
    }
    for (int k = 0; known != NULL && k < 4 && known->needs[k] != NULL; k++) {
        if (!cJSON_HasObjectItem(entry, known->needs[k])) {
            return failure_set(failure, FAILURE_INPUT,
                               "JSON: event \"%s\" needs \"%s\"; `heatledger entry --help` has an "
                               "example",
                               event, known->needs[k]);
        }
    }
    return known != NULL || refuse_event(event, failure);
}

/* Whether the text is an entry; `*timed` tells whether it says when. */
static bool check_entry(const char *text, bool *timed, struct failure *failure)
{
    cJSON *entry = cJSON_ParseWithOpts(text, NULL, true);
    const cJSON *ts = cJSON_GetObjectItemCaseSensitive(entry, "ts");
    bool good = false;

    if (!cJSON_IsObject(entry)) {
        failure_set(failure, FAILURE_INPUT,
                    "JSON: this is no %s; an object would be right, as "
                    "'{\"by\":\"leader-a\",\"event\":\"remark\",\"text\":\"slag door changed\"}'",
                    entry == NULL ? "JSON" : "object");
    } else {
        good = check_text(entry, "by", "leader-a", failure) &&
               check_text(entry, "event", "remark", failure) && check_time(ts, failure) &&
               check_event(entry, failure);
    }
    *timed = ts != NULL;
    cJSON_Delete(entry);
    return good;
}

/* What is published: the user's own text, so that no digit of it changes, with the time put in
 * front where it has none. The caller frees it. */
static char *timed_text(const char *text, bool timed, const struct zone *zone, int64_t now_us)
{
    char ts[TIMESTAMP_TEXT_MAX];
    char *complete = NULL;

    if (timed) {
        return memory_text(text);
    }
    now_us -= now_us % TIMESTAMP_SECOND_US;
    timestamp_format(now_us, zone_offset_s(zone, now_us), ts);
    REQUIRE(asprintf(&complete, "{\"ts\":\"%s\",%s", ts, strchr(text, '{') + 1) >= 0);
    return complete;
}

static bool publish_entry(const struct plant *plant, const char *text, bool timed,
                          struct failure *failure)
{
    char topic[ENTRY_TOPIC_MAX];
    int64_t now_us = wall_clock_us();
    struct publisher *publisher = publisher_open(&plant->broker, "entry", failure);

    if (publisher == NULL) {
        return false;
    }
    char *payload = timed_text(text, timed, &plant->roster.zone, now_us);

    snprintf(topic, sizeof topic, "plant/%s/entry", plant->catalog.shop);
    bool good =
        publisher_send(publisher, now_us, topic, payload, strlen(payload), 1, false, failure) &&
        publisher_finish(publisher, failure);

    if (good) {
        printf("delivered to %s: %s %s\n", plant->broker.url, topic, payload);
    }
    free(payload);
    publisher_close(publisher);
    return good;
}

static const char entry_help[] =
    "Publishes what a person enters: a JSON object with \"by\" (who) and \"event\" (what);\n"
    "\"ts\" (when it was entered) is now where it is not given. Returns once the broker has it;\n"
    "what became of it stands in `report rejects`, `report held` and `explain`.\n\n"
    "A held reading (`report held`) is true, or is not; \"value\" where the reading came long "
    "ago:\n"
    "  "
    "{\"by\":\"leader-a\",\"event\":\"accept\",\"meter\":\"E02\",\"at\":\"2026-03-10T11:30:00+08:"
    "00\"}\n"
    "  "
    "{\"by\":\"leader-a\",\"event\":\"reject\",\"meter\":\"E02\",\"at\":\"2026-03-10T11:30:00+08:"
    "00\","
    "\"reason\":\"test\"}\n"
    "A meter read by a person, \"at\" being \"ts\" where it is not given:\n"
    "  {\"by\":\"leader-a\",\"event\":\"reading\",\"meter\":\"E02\",\"value\":\"12345.6\"}\n"
    "Who was meant to be on duty in a shift, null: nobody; the reason is needed:\n"
    "  "
    "{\"by\":\"leader-a\",\"event\":\"roster\",\"day\":\"2026-03-10\",\"shift\":\"day\",\"crew\":"
    "\"D\","
    "\"reason\":\"A was ill\"}\n"
    "An alert is seen, or put aside until a time (left out: until the shift ends); its id is in\n"
    "`report alerts`:\n"
    "  {\"by\":\"leader-a\",\"event\":\"ack\",\"alert\":\"femn/heat/12602490/target\"}\n"
    "  {\"by\":\"leader-a\",\"event\":\"shelve\",\"alert\":\"femn/heat/12602490/target\","
    "\"until\":\"2026-03-10T16:00:00+08:00\",\"reason\":\"scale\"}\n"
    "A remark is journaled as it is:\n"
    "  {\"by\":\"leader-a\",\"event\":\"remark\",\"text\":\"slag door changed\"}";

/* The caller frees it. */
static char *whole_help(void)
{
    char *papers = entry_papers_help(), *text = NULL;
    REQUIRE(asprintf(&text, "%s%s", entry_help, papers) >= 0);
    free(papers);
    return text;
}

bool command_entry(int argc, char **argv, struct failure *failure)
{
    const char *path = NULL, *broker = NULL;
    char **operands = NULL;
    int operand_count = 0;
    bool helped = false, timed = false;
    const struct option options[] = {
        {"-c", "PLANT.json", &path, NULL, true, "the configuration"},
        {"--broker", "URL", &broker, NULL, false, "instead of mqtt.url"},
    };
    char *help = whole_help();
    const struct command_usage usage = {
        .synopsis = "entry -c PLANT.json JSON",
        .description = help,
        .options = options,
        .option_count = sizeof options / sizeof options[0],
        .operand_min = 1,
        .operand_max = 1,
    };

    bool parsed = options_parse(argc, argv, &usage, &operands, &operand_count, &helped, failure);
    free(help);
    if (!parsed || helped) {
        return parsed;
    }
    if (!check_entry(operands[0], &timed, failure)) {
        return false;
    }
    struct plant *plant = plant_load_with_broker(path, broker, failure);

    if (plant == NULL) {
        return false;
    }
    bool good = publish_entry(plant, operands[0], timed, failure);

    plant_free(plant);
    return good;
}
