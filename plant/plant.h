/* plant.json → the constant tables from which every room works.
 *
 * A configuration is text with comments; reading it fails with file, line, key and what would be
 * right. Several mistakes are reported at once (plant_check), the first of them is the failure. */
#ifndef HEATLEDGER_PLANT_H
#define HEATLEDGER_PLANT_H

#include "broker.h"
#include "catalog.h"
#include "failure.h"
#include "heat_rules.h"
#include "journal.h"
#include "mapping.h"
#include "meter_balance.h"
#include "quota.h"
#include "roster.h"

#include <stdint.h>
#include <stdio.h>

struct plant {
    char *text;       /* plant.json as it was read */
    char *whole_text; /* with the rows of former configurations that are gone from it, in the order
                         of the tables; NULL: there were none (plant_adopt.h) */
    struct catalog catalog;
    struct roster roster;         /* holds the zone */
    struct heat_rules heat_rules; /* aggregator: which event makes the owner */
    struct quota *quotas;
    uint32_t quota_count;
    struct mapping *mappings; /* the native rows first, then those of the configuration */
    uint32_t mapping_count;
    struct meter_balance *balances;
    uint32_t balance_count;
    struct broker broker;
    struct journal_settings journal;
    int64_t skew_us;           /* readings further ahead of their arrival are quarantined */
    int64_t handover_delay_us; /* the summary is made so long after the shift's end */
    int64_t metrics_us;        /* between two versions of metrics.prom */
};

/* Reads the file, and the zone from the machine's tz database. NULL with FAILURE_INPUT. */
struct plant *plant_load(const char *path, struct failure *failure);

/* The same from text and a zone table that was kept (the journal's configuration record; NULL: the
 * zone from the machine); `name` is used in messages in place of a file name. Files that the text
 * names (password, certificates) are not looked at: the broker's password is empty where it stands
 * in a file. */
struct plant *plant_read(const char *name, const char *text, const struct zone *zone,
                         struct failure *failure);

/* As plant_load, with the broker at `url` in place of mqtt.url unless it is NULL: for the option
 * --broker. */
struct plant *plant_load_with_broker(const char *path, const char *url, struct failure *failure);

void plant_free(struct plant *plant);

/* Writes every mistake, warning and remark to `out`, a line each "FILE:LINE: KEY: what, and what
 * would be right". Returns the number of mistakes (warnings not counted), -1 where the file cannot
 * be read. */
int plant_check(const char *path, FILE *out);

#endif
