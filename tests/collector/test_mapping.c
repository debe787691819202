/* Mappings: topic patterns, the rows of plant.json, and what to subscribe to. */
#include "mapping.h"

#include <cjson/cJSON.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* What a pattern captures of a topic, "name=part;…", or NULL where it does not match. */
static const char *captures(const char *text, const char *topic)
{
    static char result[512];
    struct topic_pattern pattern;
    struct topic_match match;
    if (topic_pattern_parse(text, &pattern) != NULL) {
        fail_msg("%s is no pattern", text);
    }
    if (!topic_pattern_match(&pattern, topic, strlen(topic), &match)) {
        return NULL;
    }
    size_t used = 0;
    result[0] = '\0';
    for (uint32_t i = 0; i < pattern.segment_count; i++) {
        if (pattern.segments[i].kind != TOPIC_LITERAL) {
            used += (size_t)snprintf(result + used, sizeof result - used, "%.*s=%.*s;",
                                     (int)pattern.segments[i].length,
                                     pattern.text + pattern.segments[i].start,
                                     (int)match.captures[i].length, match.captures[i].start);
        }
    }
    return result;
}

static void patterns_capture_levels(void **state)
{
    (void)state;
    static const struct {
        const char *pattern, *topic, *captured;
    } cases[] = {
        {"plant/X/{station}/{item}/{meter}", "plant/X/LF/el/E02", "station=LF;item=el;meter=E02;"},
        {"plant/X/{station}/{item}/{meter}", "plant/X/LF/el", NULL},
        {"plant/X/{station}/{item}/{meter}", "plant/X/LF/el/E02/x", NULL},
        {"plant/X/{station}/{item}/{meter}", "plant/Y/LF/el/E02", NULL},
        {"plant/X/{station}/{item}/{meter}", "plant/X/LF/el/", "station=LF;item=el;meter=;"},
        {"a", "a", ""},
        {"a", "a/b", NULL},
        {"a/b", "a", NULL},
        {"{x}", "", "x=;"},
        {"umh/v1/{place...}/_historian", "umh/v1/a/b/c/_historian", "place=a/b/c;"},
        {"umh/v1/{place...}/_historian", "umh/v1/a/_historian", "place=a;"},
        {"umh/v1/{place...}/_historian", "umh/v1/_historian", NULL},
        {"umh/v1/{place...}/_historian", "umh/v1/a/b/other", NULL},
        {"umh/v1/{place...}/_historian", "umh/v1", NULL},
        {"{all...}", "a/b", "all=a/b;"},
        {"{all...}/{last}", "a/b/c", "all=a/b;last=c;"},
        {"{first}/{all...}/{last}", "a/b", NULL},
        {"{first}/{all...}/{last}", "a//b", "first=a;all=;last=b;"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *captured = captures(cases[i].pattern, cases[i].topic);
        if ((captured == NULL) != (cases[i].captured == NULL) ||
            (captured != NULL && strcmp(captured, cases[i].captured) != 0)) {
            fail_msg("%s of %s: %s", cases[i].pattern, cases[i].topic,
                     captured == NULL ? "no match" : captured);
        }
    }
}

static void wrong_patterns_are_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {"",   "a/+",           "a/#",     "a{b}",  "{}",
                                        "{a", "{a...}/{b...}", "{a}/{a}", "{...}", "a/{b}c"};
    struct topic_pattern pattern;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        if (topic_pattern_parse(wrong[i], &pattern) == NULL) {
            fail_msg("\"%s\" passed", wrong[i]);
        }
    }
    char deep[64] = "a";
    for (int i = 1; i < TOPIC_PATTERN_SEGMENTS_MAX; i++) {
        strcat(deep, "/a");
    }
    assert_null(topic_pattern_parse(deep, &pattern));
    assert_non_null(topic_pattern_parse(strcat(deep, "/a"), &pattern));
}

static void a_filter_covers_what_it_receives(void **state)
{
    (void)state;
    static const struct {
        const char *wide, *narrow;
        bool covers;
    } cases[] = {
        {"a/#", "a/b/c", true}, {"a/#", "a", true},        {"a/#", "a/+/c", true},
        {"#", "a/b", true},     {"a/+", "a/b", true},      {"a/+", "a/b/c", false},
        {"a/b", "a/+", false},  {"a/+/c", "a/b/#", false}, {"a/b", "a/b", true},
        {"a/b", "a/bc", false}, {"a/+", "a", false},       {"a/b/#", "a/#", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        if (topic_filter_covers(cases[i].wide, cases[i].narrow) != cases[i].covers) {
            fail_msg("%s and %s", cases[i].wide, cases[i].narrow);
        }
    }
}

static void the_native_rows_need_one_subscription(void **state)
{
    (void)state;
    uint32_t count, filter_count;
    struct mapping *mappings = mapping_native("BOF{1}", &count);
    char **filters = mapping_subscriptions(mappings, count, &filter_count);
    assert_int_equal(filter_count, 1);
    assert_string_equal(filters[0], "plant/BOF{1}/#");
    struct topic_match match;
    const char *topic = "plant/BOF{1}/heat";
    int matched = 0;
    for (uint32_t i = 0; i < count; i++) {
        matched += topic_pattern_match(&mappings[i].topic, topic, strlen(topic), &match) ? 1 : 0;
    }
    assert_int_equal(matched, 1);
    free(filters);
    free(mappings);
}

static bool read_mapping(const char *text, struct mapping *mapping, struct mapping_fault *fault)
{
    cJSON *json = cJSON_Parse(text);
    assert_non_null(json);
    bool good = mapping_from_json(json, mapping, fault);
    cJSON_Delete(json);
    return good;
}

static void a_mapping_is_read_from_json(void **state)
{
    (void)state;
    struct mapping mapping;
    struct mapping_fault fault = {.text = ""};
    if (!read_mapping(
            "{\"topic\":\"gw/{meter}/data\",\"yields\":\"reading\",\"rows\":\"/values\","
            "\"time\":\"epoch_ms\",\"fields\":{\"meter\":\"{meter}\",\"value\":\"/a~1b/c\","
            "\"ts\":[\"/t\",\"$/timestamp\"],\"quality\":\"=good\"}}",
            &mapping, &fault)) {
        fail_msg("%s: %s", fault.key, fault.text);
    }
    assert_string_equal(mapping.subscription, "gw/+/data");
    assert_string_equal(mapping.name, "gw/{meter}/data");
    assert_int_equal(mapping.yield, MAPPING_READING);
    assert_int_equal(mapping.time, MAPPING_EPOCH_MS);
    assert_int_equal(mapping.rows.count, 1);
    assert_string_equal(mapping.rows.text, "values");
    const struct mapping_source *value = &mapping.fields[FIELD_VALUE][0];
    assert_int_equal(value->kind, SOURCE_ROW);
    assert_int_equal(value->count, 2);
    assert_memory_equal(value->text, "a/b\0c", 6);
    assert_int_equal(mapping.fields[FIELD_TS][0].kind, SOURCE_ROW);
    assert_int_equal(mapping.fields[FIELD_TS][1].kind, SOURCE_ROOT);
    assert_int_equal(mapping.fields[FIELD_TS][2].kind, SOURCE_NONE);
    assert_int_equal(mapping.fields[FIELD_METER][0].kind, SOURCE_TOPIC);
    assert_string_equal(mapping.fields[FIELD_QUALITY][0].text, "good");
}

static void a_mistake_names_its_key(void **state)
{
    (void)state;
#define REST "\"yields\":\"crew\",\"fields\":{\"crew\":\"/c\"}"
    static const struct {
        const char *json, *key, *text;
    } cases[] = {
        {"[]", "", "must be an object"},
        {"{" REST "}", "topic", "must be a text"},
        {"{\"topic\":\"a/+\"," REST "}", "topic", "{name}"},
        {"{\"topic\":\"a\",\"fields\":{}}", "yields", "\"reading\", \"heat\""},
        {"{\"topic\":\"a\",\"yields\":\"crews\",\"fields\":{}}", "yields", "must be one of"},
        {"{\"topic\":\"a\",\"yields\":\"crew\"}", "fields", "must be an object"},
        {"{\"topic\":\"a\",\"yields\":\"crew\",\"fields\":{}}", "fields",
         "needs the field \"crew\""},
        {"{\"topic\":\"a\",\"yields\":\"crew\",\"fields\":{\"crw\":\"/c\"}}", "fields.crw",
         "is no field"},
        {"{\"topic\":\"a\",\"yields\":\"crew\",\"fields\":{\"crew\":5}}", "fields.crew",
         "must be a text"},
        {"{\"topic\":\"a\",\"yields\":\"crew\",\"fields\":{\"crew\":\"c\"}}", "fields.crew",
         "starts with /"},
        {"{\"topic\":\"a\",\"yields\":\"crew\",\"fields\":{\"crew\":\"{c}\"}}", "fields.crew",
         "no capture of that name"},
        {"{\"topic\":\"a\",\"yields\":\"crew\",\"fields\":{\"crew\":[]}}", "fields.crew", "1 to 3"},
        {"{\"topic\":\"a\",\"time\":\"epoch\"," REST "}", "time", "\"epoch_ms\""},
        {"{\"topic\":\"a\",\"codec\":\"xml\"," REST "}", "codec", "\"json\""},
        {"{\"topic\":\"a\",\"rows\":\"values\"," REST "}", "rows", "JSON pointer"},
        {"{\"topic\":\"a\",\"subscribe\":\"b/#\"," REST "}", "subscribe", "receives all of \"a\""},
        {"{\"topic\":\"a\",\"tpoic\":\"a\"," REST "}", "tpoic", "is no key"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct mapping mapping;
        struct mapping_fault fault = {.text = ""};
        if (read_mapping(cases[i].json, &mapping, &fault) || strcmp(fault.key, cases[i].key) != 0 ||
            strstr(fault.text, cases[i].text) == NULL) {
            fail_msg("%s: %s: %s", cases[i].json, fault.key, fault.text);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(patterns_capture_levels),
        cmocka_unit_test(wrong_patterns_are_refused),
        cmocka_unit_test(a_filter_covers_what_it_receives),
        cmocka_unit_test(the_native_rows_need_one_subscription),
        cmocka_unit_test(a_mapping_is_read_from_json),
        cmocka_unit_test(a_mistake_names_its_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
