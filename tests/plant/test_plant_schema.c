/* docs/plant.schema.json and docs/configuration.md say what the program reads: every object of the
 * configuration has the same keys in all three. */
#include "config_text.h"
#include "memory.h"
#include "plant.h"
#include "source_file.h"

#include <cjson/cJSON.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* A configuration in which the object in question holds a key that nothing is like: the failure
 * lists the keys that the program knows. */
static const struct {
    const char *what, *text, *pointer;
} objects[] = {
    {"plant", "{\"zzzzzzzz\": 1}", ""},
    {"owner_at", "{\"owner_at\": {\"zzzzzzzz\": 1}}", "properties/owner_at/oneOf/1"},
    {"journal", "{\"journal\": {\"zzzzzzzz\": 1}}", "properties/journal"},
    {"rejects", "{\"rejects\": {\"zzzzzzzz\": 1}}", "properties/rejects"},
    {"name", "{\"name\": {\"zzzzzzzz\": 1}}", "$defs/name/oneOf/1"},
    {"mqtt", "{\"mqtt\": {\"zzzzzzzz\": 1}}", "$defs/mqtt"},
    {"item", "{\"items\": [{\"zzzzzzzz\": 1}]}", "$defs/item"},
    {"station", "{\"stations\": [{\"zzzzzzzz\": 1}]}", "$defs/station"},
    {"meter", "{\"meters\": [{\"zzzzzzzz\": 1}]}", "$defs/meter"},
    {"virtual", "{\"virtual\": [{\"zzzzzzzz\": 1}]}", "$defs/virtual"},
    {"balance", "{\"balances\": [{\"zzzzzzzz\": 1}]}", "$defs/balance"},
    {"sharing", "{\"meters\": [{\"sharing\": {\"zzzzzzzz\": 1}}]}", "$defs/sharing"},
    {"shift", "{\"shifts\": [{\"zzzzzzzz\": 1}]}", "$defs/shift"},
    {"crew", "{\"crews\": [{\"zzzzzzzz\": 1}]}", "$defs/crew"},
    {"roster", "{\"roster\": {\"zzzzzzzz\": 1}}", "$defs/roster"},
    {"override", "{\"roster\": {\"overrides\": [{\"zzzzzzzz\": 1}]}}",
     "$defs/roster/properties/overrides/items"},
    {"quota", "{\"quotas\": [{\"zzzzzzzz\": 1}]}", "$defs/quota"},
    {"price", "{\"prices\": [{\"zzzzzzzz\": 1}]}", "$defs/price"},
    {"tariff", "{\"tariffs\": [{\"zzzzzzzz\": 1}]}", "$defs/tariff"},
    {"energy_factor", "{\"energy_factors\": [{\"zzzzzzzz\": 1}]}", "$defs/energy_factor"},
    {"cost_class", "{\"cost_classes\": [{\"zzzzzzzz\": 1}]}", "$defs/cost_class"},
    {"cause", "{\"causes\": [{\"zzzzzzzz\": 1}]}", "$defs/cause"},
    {"plan", "{\"plan\": [{\"zzzzzzzz\": 1}]}", "$defs/plan"},
    {"baseline", "{\"baselines\": [{\"zzzzzzzz\": 1}]}", "$defs/baseline"},
    {"allocation", "{\"allocations\": [{\"zzzzzzzz\": 1}]}", "$defs/allocation"},
    {"allocation_growth", "{\"allocations\": [{\"growth\": {\"zzzzzzzz\": 1}}]}",
     "$defs/allocation_growth"},
    {"allocation_part", "{\"allocations\": [{\"parts\": [{\"zzzzzzzz\": 1}]}]}",
     "$defs/allocation_part"},
    {"allocation_fixed", "{\"allocations\": [{\"fixed\": [{\"zzzzzzzz\": 1}]}]}",
     "$defs/allocation_fixed"},
    {"allocation_wish", "{\"allocations\": [{\"floors\": [{\"zzzzzzzz\": 1}]}]}",
     "$defs/allocation_wish"},
    {"settlement", "{\"settlement\": {\"zzzzzzzz\": 1}}", "$defs/settlement"},
    {"settlement_line", "{\"settlement\": {\"lines\": [{\"zzzzzzzz\": 1}]}}",
     "$defs/settlement_line"},
    {"settlement_steps", "{\"settlement\": {\"steps\": {\"zzzzzzzz\": 1}}}",
     "$defs/settlement_steps"},
    {"quota_version", "{\"quotas\": [{\"versions\": [{\"zzzzzzzz\": 1}]}]}", "$defs/quota_version"},
    {"quota_grade", "{\"quotas\": [{\"grades\": {\"g\": {\"zzzzzzzz\": 1}}}]}",
     "$defs/quota_grade"},
    {"quota_season", "{\"quotas\": [{\"seasons\": [{\"zzzzzzzz\": 1}]}]}", "$defs/quota_season"},
};

/* What plant_check says of a text, as one text. Not inlined: gcc 12 then takes the text for the
 * pointer to it, which dangles. */
__attribute__((noinline)) static char *findings_of(const char *text)
{
    char path[] = "/tmp/heatledger-schema-XXXXXX";
    char *output = NULL;
    size_t length = 0;
    int file = mkstemp(path);
    assert_true(file >= 0);
    FILE *out = fdopen(file, "w");
    fputs(text, out);
    fclose(out);
    out = open_memstream(&output, &length);
    assert_true(plant_check(path, out) > 0);
    fclose(out);
    remove(path);
    return output;
}

static const cJSON *at_pointer(const cJSON *root, const char *pointer)
{
    const cJSON *at = root;
    while (*pointer != '\0') {
        char step[64];
        size_t length = strcspn(pointer, "/");
        snprintf(step, sizeof step, "%.*s", (int)length, pointer);
        at = cJSON_IsArray(at) ? cJSON_GetArrayItem(at, (int)strtol(step, NULL, 10))
                               : cJSON_GetObjectItemCaseSensitive(at, step);
        assert_non_null(at);
        pointer += length + (pointer[length] == '/');
    }
    return at;
}

static void the_schema_has_the_keys_that_the_program_reads(void **state)
{
    (void)state;
    char *schema_text = source_file("docs/plant.schema.json");
    char *manual = source_file("docs/configuration.md");
    cJSON *schema = cJSON_Parse(schema_text);
    assert_non_null(schema);
    for (size_t i = 0; i < sizeof objects / sizeof objects[0]; i++) {
        char *output = findings_of(objects[i].text);
        char *keys = strstr(output, "its keys are ");
        const cJSON *object = at_pointer(schema, objects[i].pointer);
        const cJSON *properties = cJSON_GetObjectItemCaseSensitive(object, "properties");
        size_t known = 0;
        char *rest = NULL;
        assert_non_null(keys);
        keys += strlen("its keys are ");
        keys[strcspn(keys, "\n")] = '\0';
        for (char *key = strtok_r(keys, ", ", &rest); key != NULL;
             key = strtok_r(NULL, ", ", &rest)) {
            known++;
            if (cJSON_GetObjectItemCaseSensitive(properties, key) == NULL) {
                fail_msg("the schema has no key \"%s\" of %s", key, objects[i].what);
            }
            if (strstr(manual, key) == NULL) {
                fail_msg("configuration.md does not name key \"%s\" of %s", key, objects[i].what);
            }
        }
        if ((size_t)cJSON_GetArraySize(properties) != known) {
            fail_msg("the schema has keys of %s that the program does not know", objects[i].what);
        }
        free(output);
    }
    cJSON_Delete(schema);
    free(manual);
    free(schema_text);
}

static void every_key_of_the_schema_is_described(void **state)
{
    (void)state;
    char *text = source_file("docs/plant.schema.json");
    cJSON *schema = cJSON_Parse(text);
    for (size_t i = 0; i < sizeof objects / sizeof objects[0]; i++) {
        const cJSON *properties =
            cJSON_GetObjectItemCaseSensitive(at_pointer(schema, objects[i].pointer), "properties");
        const cJSON *property = NULL;
        cJSON_ArrayForEach(property, properties)
        {
            if (cJSON_GetObjectItemCaseSensitive(property, "description") == NULL &&
                cJSON_GetObjectItemCaseSensitive(property, "$ref") == NULL) {
                fail_msg("key \"%s\" of %s has no description", property->string, objects[i].what);
            }
        }
    }
    cJSON_Delete(schema);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_schema_has_the_keys_that_the_program_reads),
        cmocka_unit_test(every_key_of_the_schema_is_described),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
