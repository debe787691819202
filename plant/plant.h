/* plant.json → the constant tables from which every room works.
 *
 * A configuration is text with comments; reading it fails with file, line, key and what would be
 * right. Several mistakes are reported at once (plant_check), the first of them is the failure. */
#ifndef HEATLEDGER_PLANT_H
#define HEATLEDGER_PLANT_H

#include "broker.h"
#include "catalog.h"
#include "costing_rules.h"
#include "failure.h"
#include "heat_rules.h"
#include "journal.h"
#include "mapping.h"
#include "meter_balance.h"
#include "quota.h"
#include "roster.h"

#include <stdint.h>
#include <stdio.h>

/* How many refused messages the ledger keeps; unlike the limits below this is a part of what the
 * books say, so that a change is a version of the configuration. */
struct plant_rejects {
    int64_t per_topic; /* the newest of each topic and outcome */
    int64_t all;
};
#define PLANT_REJECTS_PER_TOPIC_DEFAULT 1000
#define PLANT_REJECTS_DEFAULT 100000

/* Past these the daemon says that it is in trouble; nothing is discarded. */
struct plant_limits {
    int64_t backlog_records, backlog_us; /* what of the journal is not booked yet */
    int64_t outbox_messages;             /* what the broker has not taken yet */
    int64_t broker_away_us;              /* without a connection */
};
#define PLANT_BACKLOG_DEFAULT_RECORDS 1000000
#define PLANT_BACKLOG_DEFAULT_S 60
#define PLANT_OUTBOX_DEFAULT_MESSAGES 10000
#define PLANT_BROKER_AWAY_DEFAULT_S 300

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
    struct costing_rules costing; /* prices, energy factors, plans, settlement */
    struct broker broker;
    struct journal_settings journal;
    struct plant_limits limits;
    struct plant_rejects rejects;
    int64_t skew_us;           /* readings further ahead of their arrival are quarantined */
    int64_t handover_delay_us; /* the summary is made so long after the shift's end */
    int64_t period_delay_us;   /* a period's document so long after its last shift's */
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

/* Releases the catalog, quotas and balances, which with many meters are most of it: for whoever
 * only connects by it. What is left is the text, the roster with its zone, the mappings and the
 * settings; the catalog and the tables are empty. */
void plant_forget_tables(struct plant *plant);

void plant_free(struct plant *plant);

/* Writes every mistake, warning and remark to `out`, a line each "FILE:LINE: KEY: what, and what
 * would be right". Returns the number of mistakes (warnings not counted), -1 where the file cannot
 * be read. */
int plant_check(const char *path, FILE *out);

#endif
