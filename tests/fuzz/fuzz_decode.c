/* The decoder of a small plant: whatever a topic and a payload hold, at least one fact or one
 * refusal comes of it, and each is as its contract says.
 *
 * Input: a byte for kind and flags, the topic up to a line feed, the payload. */
#include "decode.h"
#include "fuzz_input.h"
#include "paper.h"
#include "timestamp.h"

#include <cjson/cJSON.h>
#include <stdlib.h>

#define ARRIVAL_US INT64_C(1773129600000000) /* 2026-03-10T08:00:00Z */
#define SKEW_US (60 * TIMESTAMP_SECOND_US)
#define PAYLOAD_MAX 4096
#define COUNT(table) (sizeof(table) / sizeof *(table))

static struct item items[] = {{.id = "electricity", .decimals = 3}, {.id = "femn", .decimals = 9}};
static struct station stations[] = {{.id = "LF"}, {.id = "BOF"}};
static struct crew crews[] = {{.id = "A"}, {.id = "B"}};
static struct shift shifts[] = {{.id = "day"}, {.id = "night"}};
static struct meter meters[] = {
    {.id = "E", .kind = METER_REGISTER, .decimals = 3, .min_raw = INT64_MIN, .max_raw = INT64_MAX},
    {.id = "M",
     .item = {1},
     .station = {1},
     .kind = METER_EVENT,
     .decimals = 9,
     .max_raw = INT64_C(1000000000000),
     .sentinel_count = 1,
     .sentinels_raw = {999}},
    {.id = "I", .kind = METER_INCREMENT, .min_raw = INT64_MIN, .max_raw = INT64_MAX},
    {.id = "R", .kind = METER_RATE, .decimals = 1, .min_raw = INT64_MIN, .max_raw = INT64_MAX},
};

/* One more format than the native one: pointers, captures, alternatives, rows, epoch times. */
static const char *const formats[] = {
    "{\"topic\":\"gw/{meter}/data\",\"yields\":\"reading\",\"rows\":\"/v~1s/x\","
    "\"time\":\"epoch_ns\",\"fields\":{\"value\":[\"/a/b\",\"\"],\"ts\":[\"/t\",\"$/t\"],"
    "\"id\":\"$/id\",\"heat\":\"/h\",\"meter\":\"{meter}\",\"quality\":\"=uncertain\"}}",
    "{\"topic\":\"gw/{rest...}\",\"yields\":\"heat\",\"time\":\"epoch_ms\","
    "\"fields\":{\"heat\":\"{rest}\",\"event\":\"/e\",\"ts\":\"/t\",\"station\":\"/s\","
    "\"steel_kg\":\"/kg\",\"grade\":\"/g\"}}",
};

struct seen {
    size_t facts, refusals;
};

static void check_text(const char *text, size_t least, size_t most)
{
    REQUIRE(text == NULL || (strlen(text) >= least && strlen(text) <= most));
}

static void check_time(int64_t ts_us)
{
    REQUIRE(ts_us >= TIMESTAMP_MIN_US && ts_us <= ARRIVAL_US + SKEW_US);
}

static void check_reading(const struct reading *reading)
{
    REQUIRE(reading->meter.index < COUNT(meters));
    const struct meter *meter = &meters[reading->meter.index];
    check_time(reading->ts_us);
    REQUIRE(reading->from_us == INT64_MIN ||
            (meter->kind == METER_INCREMENT && reading->from_us <= reading->ts_us));
    if (reading->void_id == NULL) {
        REQUIRE(reading->value_raw >= meter->min_raw && reading->value_raw <= meter->max_raw);
    }
    REQUIRE(reading->seq >= -1);
    REQUIRE(reading->heat == NULL || meter->kind == METER_INCREMENT || meter->kind == METER_EVENT);
    check_text(reading->heat, 1, CATALOG_ID_MAX);
    check_text(reading->id, 1, DECODE_ID_MAX);
    check_text(reading->void_id, 1, DECODE_ID_MAX);
}

static void check_heat(const struct heat_event *heat)
{
    REQUIRE(heat->heat != NULL && heat->kind <= HEAT_VOID);
    REQUIRE(heat->station.index < COUNT(stations) || heat->station.index == CATALOG_NONE);
    REQUIRE(heat->steel_g >= -1 && heat->planned_g >= -1 && heat->moved_g >= -1);
    check_time(heat->ts_us);
    check_text(heat->heat, 1, CATALOG_ID_MAX);
    check_text(heat->to, 1, CATALOG_ID_MAX);
    check_text(heat->id, 1, DECODE_ID_MAX);
    check_text(heat->of, 1, DECODE_ID_MAX);
    check_text(heat->grade, 0, DECODE_TEXT_MAX);
}

static void check_entry(const struct entry *entry)
{
    cJSON *json = cJSON_Parse(entry->text);
    REQUIRE(cJSON_IsObject(json));
    cJSON_Delete(json);
    REQUIRE(entry->kind < ENTRY_KIND_COUNT);
    REQUIRE(entry->meter.index < COUNT(meters) && entry->shift.index < COUNT(shifts));
    REQUIRE(entry->crew.index < COUNT(crews) || entry->crew.index == CATALOG_NONE);
    check_time(entry->ts_us);
    check_text(entry->by, 1, DECODE_TEXT_MAX);
    check_text(entry->event, 1, DECODE_TEXT_MAX);
    if (entry->kind <= ENTRY_READING) {
        check_time(entry->at_us);
    }
    REQUIRE((entry->kind != ENTRY_ACK && entry->kind != ENTRY_SHELVE) || entry->alert != NULL);
    REQUIRE(entry->kind != ENTRY_READING || entry->value_raw != INT64_MIN);
    REQUIRE(entry->kind != ENTRY_ROSTER || entry->reason != NULL);
}

static void check_paper_field(const struct paper *paper, const struct paper_field *field)
{
    const char *at = (const char *)paper + field->offset;
    bool given = true;
    if (field->type == PAPER_CREW) {
        uint16_t crew = paper->crew.index;
        uint16_t to_crew = paper->to_crew.index;
        REQUIRE((crew < COUNT(crews) || crew == CATALOG_NONE) &&
                (to_crew < COUNT(crews) || to_crew == CATALOG_NONE));
    } else if (field->type == PAPER_ITEM) {
        REQUIRE(paper->item.index < COUNT(items));
    } else if (field->type == PAPER_PERIOD) {
        REQUIRE(paper->period.kind < PERIOD_KINDS);
    } else if (field->type == PAPER_NUMBER || field->type == PAPER_COUNT ||
               field->type == PAPER_TIME) {
        int64_t number = *(const int64_t *)(const void *)at;
        given = number != PAPER_NOT_GIVEN;
        REQUIRE(!given || number >= 0);
    } else {
        const char *text = *(const char *const *)(const void *)at;
        given = text != NULL;
        check_text(text, 1, field->type == PAPER_ID ? PAPER_ID_MAX : PAYLOAD_MAX);
    }
    REQUIRE(given || !field->required);
}

static void check_paper(const struct paper *paper)
{
    REQUIRE(paper->kind < PAPER_KINDS);
    const struct paper_form *form = paper_form(paper->kind);
    cJSON *json = cJSON_Parse(paper->text);
    REQUIRE(cJSON_IsObject(json));
    cJSON_Delete(json);
    check_time(paper->ts_us);
    check_text(paper->by, 1, DECODE_TEXT_MAX);
    for (size_t i = 0; i < form->field_count; i++) {
        check_paper_field(paper, &form->fields[i]);
    }
    (void)paper_digest(paper);
}

static void on_fact(void *context, const struct fact *fact)
{
    struct seen *seen = context;
    seen->facts++;
    REQUIRE(fact->kind <= FACT_PAPER);
    if (fact->kind == FACT_READING) {
        check_reading(&fact->as.reading);
    } else if (fact->kind == FACT_HEAT) {
        check_heat(&fact->as.heat);
    } else if (fact->kind == FACT_CREW) {
        REQUIRE(fact->as.crew.crew.index < COUNT(crews));
        check_time(fact->as.crew.ts_us);
    } else if (fact->kind == FACT_METER) {
        const struct meter_event *event = &fact->as.meter;
        REQUIRE(event->meter.index < COUNT(meters) && event->kind <= METER_EVENT_RESET);
        REQUIRE(event->kind != METER_EVENT_MULTIPLIER ||
                (event->value_num > 0 && event->value_den > 0));
        check_time(event->ts_us);
    } else if (fact->kind == FACT_ENTRY) {
        check_entry(&fact->as.entry);
    } else {
        check_paper(fact->as.paper);
    }
}

/* Length of the UTF-8 character at the start of a text; 0: it is none. */
static size_t character(const unsigned char *at)
{
    size_t more = at[0] < 0x80 ? 0 : at[0] < 0xc2 ? 9 : at[0] < 0xe0 ? 1 : at[0] < 0xf0 ? 2 : 3;
    for (size_t i = 1; i <= more; i++) {
        if (more == 9 || (at[i] & 0xc0) != 0x80) {
            return 0;
        }
    }
    return more + 1;
}

static void on_refused(void *context, const meter_id *meter, enum outcome outcome,
                       const char *detail)
{
    struct seen *seen = context;
    seen->refusals++;
    REQUIRE(meter == NULL || meter->index < COUNT(meters));
    REQUIRE((unsigned)outcome < OUTCOME_COUNT && outcome_info(outcome)->refused);
    REQUIRE(detail != NULL && detail[0] != '\0' && strlen(detail) <= DECODE_DETAIL_MAX);
    for (const unsigned char *at = (const unsigned char *)detail; *at != '\0';) {
        size_t length = character(at);
        REQUIRE(length > 0 && *at >= 0x20 && *at != 0x7f);
        at += length;
    }
}

struct plant {
    struct catalog catalog;
    struct mapping *mappings;
    uint32_t mapping_count;
};

static void plant_fill(struct plant *plant)
{
    plant->catalog = (struct catalog){.shop = "X",
                                      .item_count = COUNT(items),
                                      .station_count = COUNT(stations),
                                      .meter_count = COUNT(meters),
                                      .shift_count = COUNT(shifts),
                                      .crew_count = COUNT(crews),
                                      .items = items,
                                      .stations = stations,
                                      .meters = meters,
                                      .shifts = shifts,
                                      .crews = crews};
    catalog_index_build(&plant->catalog);
    struct mapping *native = mapping_native("X", &plant->mapping_count);
    plant->mappings = calloc(plant->mapping_count + COUNT(formats), sizeof *native);
    REQUIRE(plant->mappings != NULL);
    memcpy(plant->mappings, native, plant->mapping_count * sizeof *native);
    free(native);
    for (size_t i = 0; i < COUNT(formats); i++) {
        struct mapping_fault fault;
        cJSON *json = cJSON_Parse(formats[i]);
        bool good = mapping_from_json(json, &plant->mappings[plant->mapping_count++], &fault);
        if (!good) {
            fprintf(stderr, "fuzz_decode: %s: %s\n", fault.key, fault.text);
        }
        REQUIRE(good);
        cJSON_Delete(json);
    }
}

/* One decoder for all inputs: it must not matter what came before. */
static struct decoder *shared_decoder(void)
{
    static struct plant plant;
    static struct decoder *decoder;
    if (decoder == NULL) {
        const struct decode_limits limits = {.skew_us = SKEW_US, .payload_max = PAYLOAD_MAX};
        plant_fill(&plant);
        decoder = decoder_create(&plant.catalog, plant.mappings, plant.mapping_count, &limits);
    }
    return decoder;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const enum journal_kind kinds[] = {JOURNAL_MESSAGE, JOURNAL_MESSAGE, JOURNAL_ENTRY,
                                              JOURNAL_OVERSIZE, JOURNAL_TICK};
    struct fuzz_input input = fuzz_input_of(data, size);
    uint8_t flags = fuzz_byte(&input);
    size_t left = fuzz_left(&input);
    const uint8_t *feed = left > 0 ? memchr(input.at, '\n', left) : NULL;
    if (feed == NULL) {
        return 0;
    }
    struct journal_record record = {.kind = kinds[(flags & 0x0f) % COUNT(kinds)],
                                    .retain = (flags & 0x10) != 0,
                                    .arrival_us = ARRIVAL_US,
                                    .topic = (const char *)input.at,
                                    .topic_length = (size_t)(feed - input.at),
                                    .payload_length = left - (size_t)(feed - input.at) - 1};
    /* A block of the exact size: reading behind the payload is found. */
    void *payload = malloc(record.payload_length > 0 ? record.payload_length : 1);
    REQUIRE(payload != NULL);
    memcpy(payload, feed + 1, record.payload_length);
    record.payload = payload;
    struct seen seen = {0}, again = {0};
    struct decode_sink sink = {&seen, on_fact, on_refused};
    decode(shared_decoder(), &record, &sink);
    REQUIRE((seen.facts + seen.refusals > 0) == (record.kind != JOURNAL_TICK));
    sink.context = &again;
    decode(shared_decoder(), &record, &sink);
    REQUIRE(seen.facts == again.facts && seen.refusals == again.refusals);
    free(payload);
    return 0;
}
