/* Broken configurations: each is the good one below with one text replaced by another, and must be
 * refused with the line and the key of the mistake and a text that says what is wrong. */
#include "memory.h"
#include "plant.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define VIEW "\"view\": \"owner\""
#define VERSIONS(list) VIEW ", \"versions\": [" list "]"
#define MARCH "\"from\": \"2026-03-10T08:00:00Z\", "

static const char *const good_lines[] = {
    "{",                                                                                    /* 1 */
    "  \"shop\": \"S\",",                                                                   /* 2 */
    "  \"name\": {\"en\": \"Shop\"},",                                                      /* 3 */
    "  \"zone\": \"UTC\",",                                                                 /* 4 */
    "  \"production_day_start\": \"08:00\",",                                               /* 5 */
    "  \"owner_at\": \"tap\",",                                                             /* 6 */
    "  \"mqtt\": {\"url\": \"mqtt://broker:1883\", \"version\": 5},",                       /* 7 */
    "  \"journal\": {\"segment_mib\": 8}, \"skew_s\": 300,",                                /* 8 */
    "  \"items\": [",                                                                       /* 9 */
    "    {\"id\": \"power\", \"unit\": \"kWh\", \"resolution\": \"0.001\",",                /* 10 */
    "     \"division\": \"1\"},",                                                           /* 11 */
    "    {\"id\": \"alloy\", \"unit\": \"kg\"}],",                                          /* 12 */
    "  \"stations\": [{\"id\": \"LF\", \"last\": true}, {\"id\": \"AUX\"}],",               /* 13 */
    "  \"meters\": [",                                                                      /* 14 */
    "    {\"id\": \"E1\", \"item\": \"power\", \"station\": \"LF\",",                       /* 15 */
    "     \"kind\": \"register\", \"width\": \"1000000\"},",                                /* 16 */
    "    {\"id\": \"E2\", \"item\": \"power\", \"station\": \"AUX\",",                      /* 17 */
    "     \"kind\": \"rate\", \"role\": \"check\"},",                                       /* 18 */
    "    {\"id\": \"M1\", \"item\": \"alloy\", \"station\": \"LF\",",                       /* 19 */
    "     \"kind\": \"event\", \"max\": 100}],",                                            /* 20 */
    "  \"shifts\": [{\"id\": \"day\", \"start\": \"08:00\"},",                              /* 21 */
    "    {\"id\": \"night\", \"start\": \"20:00\"}],",                                      /* 22 */
    "  \"crews\": [{\"id\": \"A\"}, {\"id\": \"B\"}, {\"id\": \"C\"}],",                    /* 23 */
    "  \"roster\": {\"epoch\": \"2026-03-10\",",                                            /* 24 */
    "    \"cycle\": [\"day\", \"night\", null],",                                           /* 25 */
    "    \"offsets\": {\"A\": 0, \"B\": 1, \"C\": 2},",                                     /* 26 */
    "    \"overrides\": [{\"day\": \"2026-05-01\", \"shift\": \"day\", \"crew\": null}]},", /* 27 */
    "  \"quotas\": [",                                                                      /* 28 */
    "    {\"id\": \"q\", \"item\": \"power\", \"basis\": \"per_tonne\",",                   /* 29 */
    "     \"target\": \"35\", \"limit\": \"36\", \"scopes\": [\"heat\", \"crew\"],",        /* 30 */
    "     \"view\": \"owner\", \"stations\": [\"LF\"], \"meters\": [\"E1\"],",              /* 31 */
    "     \"posts\": [\"LF operator\"]}],",                                                 /* 32 */
    "  \"mappings\": [{\"topic\": \"gw/{meter}\", \"yields\": \"reading\",",                /* 33 */
    "    \"fields\": {\"meter\": \"{meter}\", \"value\": \"/v\"}}]",                        /* 34 */
    "}",                                                                                    /* 35 */
};

static char *good_text(void)
{
    char *text = memory_zeroed(8192, 1);
    for (size_t i = 0; i < sizeof good_lines / sizeof good_lines[0]; i++) {
        strcat(strcat(text, good_lines[i]), "\n");
    }
    return text;
}

/* The text with the first occurrence of `from` replaced. */
static char *replaced(const char *text, const char *from, const char *to)
{
    const char *at = strstr(text, from);
    if (at == NULL) {
        fail_msg("the good configuration does not hold: %s", from);
        return NULL;
    }
    char *result = memory_zeroed(strlen(text) + strlen(to) + 1, 1);
    memcpy(result, text, (size_t)(at - text));
    strcat(strcat(result, to), at + strlen(from));
    return result;
}

struct mistake {
    const char *from, *to;
    const char *place; /* "LINE: KEY" */
    const char *what;  /* a part of the text */
};

static const struct mistake mistakes[] = {
    /* JSON */
    {"\"shop\": \"S\",", "\"shop\": \"S\"", "3: shop", "a comma or '}' is missing before '\"'"},
    {"\"last\": true}", "\"last\": true,}", "13: last", "remove the comma before '}'"},
    {"\"max\": 100}]", "\"max\": 100},]", "20: max", "remove the comma before ']'"},
    {"\"last\": true", "\"last\": True", "13: last", "True is no value"},
    {"\"last\": true", "\"last\":", "13: last", "a value is missing before '}'"},
    {"\"last\": true", "last: true", "13: id", "a key in double quotes is missing"},
    {"\"last\": true", "\"last\" true", "13: last", "a ':' is missing"},
    {"\"zone\": \"UTC\"", "\"zone\": 'UTC'", "4: zone", "double quotes"},
    {"\"zone\": \"UTC\"", "\"zone\": \"UTC", "4: zone", "has no end"},
    {"\"zone\": \"UTC\"", "\"zone\": \"U\tC\"", "4: zone", "control character 0x09"},
    {"\"zone\": \"UTC\"", "\"zone\": \"\\x\"", "4: zone", "a backslash in a text"},
    {"\"zone\": \"UTC\"", "\"zone\": \"\\ud800\"", "4: zone", "surrogates in pairs"},
    {"\"en\": \"Shop\"", "\"en\": \"\xff\"", "3: en", "not UTF-8"},
    {"\"segment_mib\": 8", "\"segment_mib\": 08", "8: segment_mib", "08 is no JSON number"},
    {"\"segment_mib\": 8", "\"segment_mib\": +8", "8: segment_mib", "+8 is no JSON number"},
    {"\"skew_s\": 300", "\"skew_s\": 300.", "8: skew_s", "300. is no JSON number"},
    {"\"skew_s\": 300", "\"skew_s\": 3e", "8: skew_s", "3e is no JSON number"},
    {"}}]\n}", "}}]\n} }", "35: value", "the configuration has ended, but '}' follows"},
    {"}}]\n}", "}}]\n", "36: value", "missing before the end of the file"},
    {"{\n", "[\n", "1: start", "starts with '{', not with '['"},
    {"{\n", "/* {\n", "1: start", "has no */"},
    {"{\n", "\xef\xbb\xbf{\n", "1: start", "byte order mark"},
    {"\"fields\":", "\"fields\": [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", "34: fields",
     "more than 32"},
    /* keys */
    {"\"skew_s\"", "\"skews_s\"", "8: skews_s", "did you mean \"skew_s\"?"},
    {"\"production_day_start\"", "\"production_day_begin\"", "5: production_day_begin",
     "did you mean \"production_day_start\"?"},
    {"\"skew_s\"", "\"colour\"", "8: colour", "its keys are shop, name, zone"},
    {"\"resolution\": \"0.001\"", "\"resolutoin\": \"0.001\"", "10: items[power].resolutoin",
     "did you mean \"resolution\"?"},
    {"\"width\"", "\"Width\"", "16: meters[E1].Width", "did you mean \"width\"?"},
    {"\"shop\": \"S\",\n", "\n", "1: shop", "is missing"},
    {"\"unit\": \"kg\"", "\"name\": \"x\"", "12: items[alloy].unit",
     "is missing; an item needs it"},
    {"\"kind\": \"event\",", "", "19: meters[M1].kind", "is missing"},
    {"\"skew_s\": 300", "\"skew_s\": 300, \"skew_s\": 301", "8: skew_s", "first in line 8"},
    {"\"unit\": \"kg\"", "\"unit\": \"kg\",\n\"unit\": \"t\"", "13: items[alloy].unit",
     "is given twice, first in line 12"},
    {"\"quotas\": [", "\"quotas\": [7,", "28: quotas[0]",
     "a quota is an object {...}, not a number"},
    {"\"shop\": \"S\"", "\"shop\": 7", "2: shop", "must be a text, not a number"},
    {"\"skew_s\": 300", "\"skew_s\": true", "8: skew_s", "must be a text or a number, not true"},
    {"\"last\": true", "\"last\": \"yes\"", "13: stations[LF].last", "must be true or false"},
    /* ids and names */
    {"\"shop\": \"S\"", "\"shop\": \"S/1\"", "2: shop", "must not hold '/'"},
    {"\"shop\": \"S\"", "\"shop\": \"S \"", "2: shop", "begin or end with a space"},
    {"\"shop\": \"S\"", "\"shop\": \"\"", "2: shop", "1 to 32 bytes, this one has 0"},
    {"\"id\": \"M1\"", "\"id\": \"M#\"", "19: meters[M#].id", "must not hold"},
    {"\"id\": \"M1\"", "\"id\": \"123456789012345678901234567890123\"",
     "19: meters[123456789012345678901234567890123].id", "this one has 33"},
    {"\"id\": \"M1\"", "\"id\": \"E1\"", "19: meters[E1].id", "given twice, also in line 15"},
    {"\"id\": \"alloy\"", "\"id\": \"power\"", "12: items[power].id", "given twice"},
    {"{\"id\": \"AUX\"}", "{\"id\": \"LF\"}", "13: stations[LF].id", "given twice"},
    {"{\"id\": \"C\"}", "{\"id\": \"B\"}", "23: crews[B].id", "given twice"},
    {"\"unit\": \"kg\"", "\"unit\": \"\"", "12: items[alloy].unit", "is empty"},
    {"\"unit\": \"kg\"", "\"unit\": \"kilogrammes of alloy\"", "12: items[alloy].unit",
     "at most 15"},
    {"{\"en\": \"Shop\"}", "{\"fr\": \"Usine\"}", "3: name.fr", "its keys are zh, en"},
    /* plant */
    {"\"UTC\"", "\"Asia/Nowhere\"", "4: zone", "tzdata"},
    {"\"UTC\"", "\"../etc/passwd\"", "4: zone", "is no name of a time zone"},
    {"_start\": \"08:00\"", "_start\": \"8 am\"", "5: production_day_start",
     "is no time of day; write it like \"08:00\""},
    {"_start\": \"08:00\"", "_start\": \"07:00\"", "21: shifts",
     "no shift starts at the production day's start, 07:00"},
    {"\"owner_at\": \"tap\"", "\"owner_at\": \"end\"", "6: owner_at", "must be \"tap\" or {"},
    {"\"owner_at\": \"tap\"", "\"owner_at\": {\"event\": \"end\", \"station\": \"lf\"}",
     "6: owner_at.station", "did you mean \"LF\"?"},
    {"\"owner_at\": \"tap\"", "\"owner_at\": {\"event\": \"tap\", \"station\": \"LF\"}",
     "6: owner_at.event", "must be \"end\""},
    {"\"segment_mib\": 8", "\"segment_mib\": 0", "8: journal.segment_mib", "between 1 and 1024"},
    {"\"skew_s\": 300", "\"metrics_s\": 0", "8: metrics_s", "between 1 and 3600"},
    {"\"segment_mib\": 8", "\"segment_mib\": 0.5", "8: journal.segment_mib", "more decimals"},
    {"\"segment_mib\": 8", "\"durability\": \"disk\"", "8: journal.durability",
     "must be \"process\", \"group\" or \"power\""},
    {"\"segment_mib\": 8", "\"sync_ms\": 0", "8: journal.sync_ms", "between 1 and 10000"},
    {"\"segment_mib\": 8", "\"compress\": 1", "8: journal.compress", "must be true or false"},
    {"\"segment_mib\": 8", "\"keep_days\": 0", "8: journal.keep_days", "between 1 and 36500"},
    {"\"skew_s\": 300", "\"skew_s\": -1", "8: skew_s", "-1 is not between 0 and 86400"},
    {"\"skew_s\": 300", "\"skew_s\": 1e400", "8: skew_s", "too large"},
    /* broker */
    {"mqtt://broker:1883", "tcp://broker:1883", "7: mqtt.url", "must be like \"mqtt://host:1883\""},
    {"mqtt://broker:1883", "mqtt://broker:70000", "7: mqtt.url", "must be like"},
    {"mqtt://broker:1883", "mqtt://:1883", "7: mqtt.url", "must be like"},
    {"mqtt://broker:1883", "mqtt://[::1:1883", "7: mqtt.url", "must be like"},
    {"\"version\": 5", "\"version\": 3", "7: mqtt.version", "5 (MQTT 5) or 4 (MQTT 3.1.1)"},
    {"\"version\": 5", "\"root\": \"a/#\"", "7: mqtt.root", "must be a topic like"},
    {"\"version\": 5", "\"client_id\": \"\"", "7: mqtt.client_id", "is empty"},
    {"\"version\": 5", "\"password\": \"secret\"", "7: mqtt.user", "a password needs a user"},
    {"\"version\": 5", "\"ca_file\": \"ca.pem\"", "7: mqtt.ca_file", "must start with mqtts://"},
    {"mqtt://broker:1883\"", "mqtts://broker\", \"cert_file\": \"c.pem\"", "7: mqtt.key_file",
     "a client certificate needs"},
    {"\"version\": 5", "\"payload_max\": 99999999", "7: mqtt.payload_max", "is not between"},
    /* items */
    {"\"resolution\": \"0.001\"", "\"resolution\": \"0.002\"", "10: items[power].resolution",
     "must be 1, 0.1, 0.01"},
    {"\"resolution\": \"0.001\"", "\"resolution\": 10", "10: items[power].resolution",
     "resolution 1 and multiplier 10"},
    {"\"division\": \"1\"", "\"division\": \"0.0005\"", "11: items[power].division",
     "more decimals than fit here; 0.001 is the finest step"},
    {"\"division\": \"1\"", "\"division\": \"0\"", "11: items[power].division", "too small"},
    {"\"division\": \"1\"", "\"price\": \"-1\"", "11: items[power].price", "too small"},
    {"\"division\": \"1\"", "\"co2_kg\": \"half\"", "11: items[power].co2_kg",
     "\"half\" is no decimal number"},
    /* meters */
    {"\"item\": \"alloy\"", "\"item\": \"aloy\"", "19: meters[M1].item",
     "there is no item \"aloy\"; did you mean \"alloy\"?"},
    {"\"station\": \"AUX\"", "\"station\": \"CCM\"", "17: meters[E2].station",
     "there is no station \"CCM\"; declare it under \"stations\""},
    {"\"kind\": \"event\"", "\"kind\": \"level\", \"reset\": \"to_zero\"", "20: meters[M1].reset",
     "is for a register only; this meter's kind is \"level\""},
    {"\"kind\": \"event\"", "\"kind\": \"counter\"", "20: meters[M1].kind",
     "must be \"register\", \"rate\", \"increment\", \"event\" or \"level\""},
    {"\"role\": \"check\"", "\"role\": \"main\"", "18: meters[E2].role", "\"book\" or \"check\""},
    {"\"max\": 100", "\"width\": 100", "20: meters[M1].width", "is for a register only"},
    {"\"max\": 100", "\"max_gap_s\": 100", "20: meters[M1].max_gap_s",
     "is for a register, a rate, an increment or a level only; this meter's kind is \"event\""},
    {"\"width\": \"1000000\"", "\"max_hold_s\": 60", "16: meters[E1].max_hold_s",
     "is for a rate only"},
    {"\"width\": \"1000000\"", "\"integration\": \"step\"", "16: meters[E1].integration",
     "is for a rate only"},
    {"\"role\": \"check\"", "\"reset\": \"to_zero\"", "18: meters[E2].reset",
     "is for a register only"},
    {"\"role\": \"check\"", "\"integration\": \"linear\"", "18: meters[E2].integration",
     "must be \"step\" or \"trapezoid\""},
    {"\"width\": \"1000000\"", "\"reset\": \"zero\"", "16: meters[E1].reset",
     "must be \"never\", \"to_zero\" or \"unknown\""},
    {"\"width\": \"1000000\"", "\"width\": \"1000000\", \"max\": \"1000000\"", "16: meters[E1].max",
     "is not below \"width\""},
    {"\"width\": \"1000000\"", "\"width\": \"1000000\", \"min\": \"1\"", "16: meters[E1].min",
     "is above 0"},
    {"\"width\": \"1000000\"", "\"width\": \"0.0001\"", "16: meters[E1].width", "more decimals"},
    {"\"max\": 100", "\"max\": 100, \"min\": 101", "20: meters[M1].min",
     "greater than \"max\", 100"},
    {"\"max\": 100", "\"multiplier\": 0", "20: meters[M1].multiplier", "greater than 0"},
    {"\"max\": 100", "\"multiplier\": \"1/0\"", "20: meters[M1].multiplier", "greater than 0"},
    {"\"max\": 100", "\"multiplier\": \"1/3/5\"", "20: meters[M1].multiplier", "a fraction"},
    {"\"max\": 100", "\"multiplier\": \"1/9223372036854775807\", \"resolution\": \"0.000000001\"",
     "20: meters[M1].multiplier", "too large or too fine"},
    {"\"max\": 100", "\"sentinels\": [1, null]", "20: meters[M1].sentinels[1]", "must be a number"},
    {"\"max\": 100", "\"sentinels\": [1,2,3,4,5,6,7,8,9]", "20: meters[M1].sentinels",
     "has 9 elements; at most 8"},
    {"\"max\": 100", "\"stale_s\": -5", "20: meters[M1].stale_s", "is not between"},
    /* shifts, crews, roster */
    {"\"20:00\"", "\"08:00\"", "22: shifts[night].start", "is also the start of shift \"day\""},
    {"\"20:00\"", "\"24:00\"", "22: shifts[night].start", "is no time of day"},
    {"[\"day\", \"night\", null]", "[\"day\", \"nigth\", null]", "25: roster.cycle[1]",
     "did you mean \"night\"?"},
    {"[\"day\", \"night\", null]", "[\"day\", \"night\", 0]", "25: roster.cycle[2]",
     "the id of a shift, or null"},
    {"[\"day\", \"night\", null]", "[]", "25: roster.cycle", "is empty"},
    {"[\"day\", \"night\", null]", "[\"day\", \"day\", \"night\"]", "24: roster",
     "shift \"day\" has several crews on 3 of the 3 days"},
    {"\"B\": 1,", "\"X\": 1,", "26: roster.offsets.X", "there is no crew \"X\""},
    {"\"B\": 1,", "\"B\": \"1\",", "26: roster.offsets.B", "must be a number of days"},
    {"\"B\": 1,", "\"B\": 1, \"A\": 2,", "26: roster.offsets.A", "given twice"},
    {"\"2026-03-10\"", "\"10.03.2026\"", "24: roster.epoch", "is no date"},
    {"\"2026-05-01\"", "\"2026-02-30\"", "27: roster.overrides[0].day", "is no date"},
    {"\"crew\": null", "\"crew\": \"Z\"", "27: roster.overrides[0].crew", "there is no crew \"Z\""},
    {"\"crew\": null}",
     "\"crew\": null}, {\"day\": \"2026-05-01\", \"shift\": \"day\", \"crew\": \"B\"}",
     "27: roster.overrides", "2026-05-01, shift \"day\" is given twice"},
    /* quotas */
    {"{\"id\": \"q\", \"item\": \"power\"", "{\"id\": \"q\", \"item\": \"powr\"",
     "29: quotas[q].item", "did you mean \"power\"?"},
    {"{\"id\": \"q\", \"item\": \"power\"", "{\"id\": \"q\", \"item\": \"alloy\"",
     "31: quotas[q].meters[0]", "meter \"E1\" measures \"power\", the quota is on \"alloy\""},
    {"\"per_tonne\"", "\"per_ton\"", "29: quotas[q].basis",
     "must be \"per_tonne\", \"per_heat\", \"per_shift\", \"linear\", \"per_day\", "
     "\"per_ten_days\" or \"per_month\""},
    {"\"target\": \"35\"", "\"target\": \"37\"", "30: quotas[q].target",
     "is greater than \"limit\""},
    {"\"target\": \"35\"", "\"target\": \"-1\"", "30: quotas[q].target", "too small"},
    {"\"id\": \"q\"", "\"id\": \"stale\"", "29: quotas[stale].id", "another id"},
    {VIEW, VERSIONS("{\"from\": \"noon\", \"limit\": 5}"), "31: quotas[q].versions[0].from",
     "is no time"},
    {VIEW, VERSIONS("{\"limit\": 5}"), "31: quotas[q].versions[0].from", "is missing"},
    {VIEW, VERSIONS("{" MARCH "\"target\": 1}"), "31: quotas[q].versions[0].limit", "is missing"},
    {VIEW, VERSIONS("{" MARCH "\"target\": 6, \"limit\": 5}"), "31: quotas[q].versions[0].target",
     "is greater than \"limit\""},
    {VIEW, VERSIONS("{" MARCH "\"limit\": 5}, {" MARCH "\"limit\": 6}"),
     "31: quotas[q].versions[1].from", "is not later than that of the version before it"},
    {VIEW, VERSIONS("{" MARCH "\"limit\": 5, \"until\": 1}"), "31: quotas[q].versions[0].until",
     "a version of a quota"},
    {"\"limit\": \"36\"", "\"limit\": \"1e12\"", "30: quotas[q].limit", "too large"},
    {"[\"heat\", \"crew\"]", "[]", "30: quotas[q].scopes", "is empty"},
    {"[\"heat\", \"crew\"]", "[\"team\"]", "30: quotas[q].scopes[0]", "\"heat\" or \"crew\""},
    {"\"per_tonne\"", "\"per_shift\"", "30: quotas[q].scopes[0]", "use [\"crew\"]"},
    {"\"per_tonne\"", "\"linear\", \"fixed\": 1", "30: quotas[q].scopes[0]", "use [\"crew\"]"},
    {"\"per_tonne\"", "\"per_day\"", "30: quotas[q].scopes[0]", "use [\"period\"]"},
    {"[\"heat\", \"crew\"]", "[\"period\"]", "30: quotas[q].scopes[0]",
     "only per_day, per_ten_days and per_month are judged for periods"},
    {"\"per_tonne\"", "\"linear\"", "29: quotas[q].fixed", "is missing"},
    {"\"per_tonne\"", "\"linear\", \"fixed\": -1", "29: quotas[q].fixed", "too small"},
    {"\"per_tonne\"", "\"linear\", \"fixed\": 1, \"fixed_target\": 2", "29: quotas[q].fixed_target",
     "is greater than \"fixed\""},
    {VIEW, VIEW ", \"fixed\": 1", "31: quotas[q].fixed",
     "belongs to quotas of the basis \"linear\""},
    {VIEW, VIEW ", \"stretch\": 36", "31: quotas[q].stretch", "is greater than the target"},
    {VIEW, VERSIONS("{" MARCH "\"limit\": 5, \"stretch\": 1}"), "31: quotas[q].versions[0].stretch",
     "give the quota itself a \"stretch\" first"},
    {VIEW, VIEW ", \"grades\": {\"G\": {\"target\": 2, \"limit\": 1}}",
     "31: quotas[q].grades.G.target", "is greater than \"limit\""},
    {VIEW, VIEW ", \"grades\": {\"G\": {\"limit\": -1}}", "31: quotas[q].grades.G.limit",
     "too small"},
    {VIEW, VIEW ", \"grades\": {\"\": {\"limit\": 1}}", "31: quotas[q].grades.",
     "a grade has 1 to 32 bytes"},
    {"\"per_tonne\"", "\"per_shift\", \"grades\": {\"G\": {\"limit\": 1}}", "29: quotas[q].grades",
     "an absolute amount is that of all grades"},
    {"\"per_tonne\"", "\"per_month\", \"grades\": {\"G\": {\"limit\": 1}}", "29: quotas[q].grades",
     "an absolute amount is that of all grades"},
    {"\"per_tonne\"", "\"per_heat\", \"tonnes\": \"cast\"", "29: quotas[q].tonnes",
     "is for quotas that count tonnes"},
    {VIEW, VIEW ", \"tonnes\": \"charged\"", "31: quotas[q].tonnes",
     "must be \"good\", \"tapped\" or \"cast\""},
    {VIEW, VIEW ", \"seasons\": [{\"months\": [1]}]", "31: quotas[q].seasons[0].factor",
     "is missing"},
    {VIEW, VIEW ", \"seasons\": [{\"factor\": 1}]", "31: quotas[q].seasons[0].months",
     "is missing"},
    {VIEW, VIEW ", \"seasons\": [{\"months\": [], \"factor\": 1}]",
     "31: quotas[q].seasons[0].months", "is empty"},
    {VIEW, VIEW ", \"seasons\": [{\"months\": [1, 13], \"factor\": 1}]",
     "31: quotas[q].seasons[0].months[1]", "is not between"},
    {VIEW, VIEW ", \"seasons\": [{\"months\": [1, 1], \"factor\": 1}]",
     "31: quotas[q].seasons[0].months[1]", "month 1 has a factor already"},
    {VIEW,
     VIEW ", \"seasons\": [{\"months\": [1], \"factor\": 2}, {\"months\": [2, 1], \"factor\": 3}]",
     "31: quotas[q].seasons[1].months[1]", "month 1 has a factor already"},
    {VIEW, VIEW ", \"seasons\": [{\"months\": [1], \"factor\": 0}]",
     "31: quotas[q].seasons[0].factor", "is not between"},
    {"\"view\": \"owner\"", "\"view\": \"both\"", "31: quotas[q].view", "\"owner\" or \"clock\""},
    {"\"stations\": [\"LF\"]", "\"stations\": [\"BOF\"]", "31: quotas[q].stations[0]",
     "there is no station \"BOF\""},
    {"\"meters\": [\"E1\"]", "\"meters\": [\"E2\"]", "31: quotas[q].meters[0]",
     "has the role \"check\" and counts in no quota"},
    {"\"meters\": [\"E1\"]", "\"meters\": [1]", "31: quotas[q].meters[0]",
     "must be the id of a meter in quotes"},
    {"[\"LF operator\"]", "[\"a;b\"]", "32: quotas[q].posts[0]", "no ';'"},
    /* mappings */
    {"\"yields\": \"reading\"", "\"yields\": \"reading\", \"zone\": \"Asia/Seoul\"",
     "33: mappings[0].zone", "must be the plant's own zone, \"UTC\""},
    {"\"yields\": \"reading\"", "\"yields\": \"reading\", \"label\": \"end\"",
     "33: mappings[0].period", "is missing"},
    {"\"yields\": \"reading\"", "\"yields\": \"weather\"", "33: mappings[0].yields", "must be"},
    {"\"value\": \"/v\"", "\"valu\": \"/v\"", "34: mappings[0].fields.valu", "is no field"},
    {"\"value\": \"/v\"", "\"value\": \"/v\", \"value\": \"/w\"", "34: mappings[0].fields.value",
     "is given twice"},
};

static void each_mistake_is_refused_with_line_key_and_reason(void **state)
{
    (void)state;
    char *good = good_text();
    size_t wrong = 0;
    for (size_t i = 0; i < sizeof mistakes / sizeof mistakes[0]; i++) {
        const struct mistake *mistake = &mistakes[i];
        char *text = replaced(good, mistake->from, mistake->to);
        char place[160];
        struct failure failure = {0};
        snprintf(place, sizeof place, "base.json:%s: ", mistake->place);
        struct plant *plant = plant_read("base.json", text, NULL, &failure);
        if (plant != NULL || failure.code != FAILURE_INPUT ||
            strncmp(failure.text, place, strlen(place)) != 0 ||
            strstr(failure.text, mistake->what) == NULL) {
            print_error("row %zu, %s -> %s\n  wanted %s... %s\n  got    %s\n", i, mistake->from,
                        mistake->to, place, mistake->what,
                        plant != NULL ? "no failure" : failure.text);
            wrong++;
        }
        plant_free(plant);
        free(text);
    }
    free(good);
    assert_int_equal(wrong, 0);
}

static void the_good_configuration_is_good(void **state)
{
    (void)state;
    char *good = good_text();
    struct failure failure = {0};
    struct plant *plant = plant_read("base.json", good, NULL, &failure);
    assert_string_equal(failure.text, "");
    assert_non_null(plant);
    plant_free(plant);
    free(good);
}

static void every_prefix_of_a_configuration_is_refused_not_misread(void **state)
{
    (void)state;
    char *text = good_text();
    for (size_t length = strlen(text) - 2; length > 0; length--) {
        struct failure failure = {0};
        text[length] = '\0';
        assert_null(plant_read("cut.json", text, NULL, &failure));
        assert_int_equal(failure.code, FAILURE_INPUT);
    }
    free(text);
}

static void several_mistakes_are_counted_in_the_failure(void **state)
{
    (void)state;
    char *good = good_text();
    char *first = replaced(good, "\"shop\": \"S\"", "\"shop\": \"\"");
    char *text = replaced(first, "\"last\": true", "\"last\": 1");
    struct failure failure = {0};
    assert_null(plant_read("two.json", text, NULL, &failure));
    assert_non_null(strstr(failure.text, "two.json:2: shop: "));
    assert_non_null(strstr(failure.text, "(and 1 more; `heatledger check` lists all)"));
    free(text);
    free(first);
    free(good);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_good_configuration_is_good),
        cmocka_unit_test(each_mistake_is_refused_with_line_key_and_reason),
        cmocka_unit_test(every_prefix_of_a_configuration_is_refused_not_misread),
        cmocka_unit_test(several_mistakes_are_counted_in_the_failure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
