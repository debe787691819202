/* What is looked at when a configuration is loaded from its file, and not when the journal gives
 * back one that was in force: where our own messages would come back to us, what mappings say of
 * every message, files that are not what they are taken for. */
#include "memory.h"
#include "plant.h"
#include "scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char form[] =
    "{ \"shop\": \"T1\", \"zone\": \"UTC\", \"production_day_start\": \"08:00\",\n"
    "  \"owner_at\": \"tap\", \"mqtt\": {%s},\n"
    "  \"items\": [{\"id\": \"power\", \"unit\": \"kWh\"}],\n"
    "  \"stations\": [{\"id\": \"LF\", \"last\": true}],\n"
    "  \"meters\": [{\"id\": \"E1\", \"item\": \"power\", \"station\": \"LF\",\n"
    "    \"kind\": \"register\"}],\n"
    "  \"shifts\": [{\"id\": \"day\", \"start\": \"08:00\"}], \"crews\": [{\"id\": \"A\"}],\n"
    "  \"roster\": {\"epoch\": \"2026-03-10\", \"cycle\": [\"day\"], \"offsets\": {\"A\": 0}},\n"
    "  \"mappings\": [{\"topic\": \"%s\", \"yields\": \"reading\",\n"
    "    \"fields\": {%s, \"value\": \"/v\"}}] }\n";

#define ANY_TOPIC "gw/{m}"
#define ANY_FIELDS "\"meter\": \"{m}\""

static const struct wiring {
    const char *mqtt, *topic, *fields;
    const char *place, *what; /* NULL: it is good */
} wirings[] = {
    {"", ANY_TOPIC, ANY_FIELDS, NULL, NULL},
    /* what we publish comes back */
    {"\"root\": \"plant/T1\"", ANY_TOPIC, ANY_FIELDS, "2: mqtt.root",
     "would come back by the subscription \"plant/T1/#\""},
    {"\"root\": \"plant/T1\"", ANY_TOPIC, ANY_FIELDS, "2: mqtt.root", "\"heatledger/T1\""},
    {"\"root\": \"plant/T1/ledger\"", ANY_TOPIC, ANY_FIELDS, "2: mqtt.root", "would come back"},
    {"\"root\": \"plant\"", ANY_TOPIC, ANY_FIELDS, NULL, NULL},
    {"\"root\": \"plant/T2\"", ANY_TOPIC, ANY_FIELDS, NULL, NULL},
    {"\"root\": \"gw\"", ANY_TOPIC, ANY_FIELDS, "2: mqtt.root", "gw/status"},
    {"\"root\": \"gw/live\"", ANY_TOPIC, ANY_FIELDS, NULL, NULL},
    {"", "heatledger/T1/{m}", ANY_FIELDS, "2: mqtt.root", "heatledger/T1/status"},
    {"", "{m...}", ANY_FIELDS, "2: mqtt.root", "would come back"},
    /* constants */
    {"", ANY_TOPIC, "\"meter\": \"=E1\"", NULL, NULL},
    {"", ANY_TOPIC, "\"meter\": \"=E77\"", "10: mappings[0].fields.meter",
     "there is no meter \"E77\""},
    {"", ANY_TOPIC, "\"meter\": [\"/m\", \"=E77\"]", "10: mappings[0].fields.meter[1]",
     "there is no meter \"E77\""},
    {"", ANY_TOPIC, ANY_FIELDS ", \"station\": \"=EAF\"", "10: mappings[0].fields.station",
     "there is no station \"EAF\""},
    {"", ANY_TOPIC, ANY_FIELDS ", \"item\": \"=powr\"", "10: mappings[0].fields.item",
     "did you mean \"=power\"?"},
    {"", ANY_TOPIC, ANY_FIELDS ", \"quality\": \"=Good\"", "10: mappings[0].fields.quality",
     "did you mean \"=good\"?"},
    {"", ANY_TOPIC, ANY_FIELDS ", \"quality\": \"=bad\", \"unit\": \"=kWh\"", NULL, NULL},
    /* files */
    {"\"url\": \"mqtts://b\", \"ca_file\": \"plant.json\"", ANY_TOPIC, ANY_FIELDS,
     "2: mqtt.ca_file", "holds no certificate"},
    {"\"url\": \"mqtts://b\", \"ca_file\": \"ca.pem\"", ANY_TOPIC, ANY_FIELDS, NULL, NULL},
    {"\"url\": \"mqtts://b\", \"cert_file\": \"ca.pem\", \"key_file\": \"ca.pem\"", ANY_TOPIC,
     ANY_FIELDS, "2: mqtt.key_file", "holds no private key"},
};

static void write_file(const char *directory, const char *name, const char *text)
{
    char path[SCRATCH_PATH_MAX + 32];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static bool loads_as_expected(const char *path, const struct wiring *wiring)
{
    struct failure failure = {0};
    char place[SCRATCH_PATH_MAX + 100];
    struct plant *plant = plant_load(path, &failure);
    bool good = plant != NULL;
    plant_free(plant);
    if (wiring->what == NULL) {
        return good || (print_error("%s\n", failure.text), false);
    }
    snprintf(place, sizeof place, "%s:%s", path, wiring->place);
    if (!good && failure.code == FAILURE_INPUT &&
        strncmp(failure.text, place, strlen(place)) == 0 &&
        strstr(failure.text, wiring->what) != NULL) {
        return true;
    }
    print_error("wanted %s ... %s\ngot    %s\n", place, wiring->what,
                good ? "no failure" : failure.text);
    return false;
}

static void what_a_file_says_must_fit_what_surrounds_it(void **state)
{
    char directory[SCRATCH_PATH_MAX], path[SCRATCH_PATH_MAX + 32], text[4096];
    size_t wrong = 0;
    (void)state;
    scratch_make(directory);
    snprintf(path, sizeof path, "%s/plant.json", directory);
    write_file(directory, "ca.pem", "# ours\n-----BEGIN CERTIFICATE-----\n");
    for (size_t i = 0; i < sizeof wirings / sizeof wirings[0]; i++) {
        snprintf(text, sizeof text, form, wirings[i].mqtt, wirings[i].topic, wirings[i].fields);
        write_file(directory, "plant.json", text);
        wrong += !loads_as_expected(path, &wirings[i]);
    }
    scratch_remove(directory);
    assert_int_equal(wrong, 0);
}

static void a_text_of_the_journal_is_read_as_it_was(void **state)
{
    char text[4096];
    struct failure failure = {0};
    (void)state;
    snprintf(text, sizeof text, form, "\"root\": \"plant/T1\"", ANY_TOPIC, "\"meter\": \"=E77\"");
    struct plant *plant = plant_read("configuration 1", text, NULL, &failure);
    assert_string_equal(failure.text, "");
    assert_non_null(plant);
    plant_free(plant);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_file_says_must_fit_what_surrounds_it),
        cmocka_unit_test(a_text_of_the_journal_is_read_as_it_was),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
