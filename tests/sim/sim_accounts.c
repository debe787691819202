#include "sim_accounts.h"

#include "quantity.h"
#include "timestamp.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* q1 of sim_plant.c: so many halves of a unit a tonne. */
#define TARGET_HALVES 1
#define LIMIT_HALVES 2
#define HALF_TONNES_G 2000000

const char sim_accounts_sql[] =
    "SELECT 'heat' || char(9) || h.id || char(9) || k.target_base || char(9) || k.limit_base"
    " FROM quota_held k JOIN heat h ON h.no = k.heat JOIN quota q ON q.no = k.quota"
    " WHERE q.id = 'q1' AND k.kind = 'heat' AND (k.target_base <> 0 OR k.limit_base <> 0)"
    " UNION ALL SELECT 'crew' || char(9) || a.day || char(9) || a.shift || char(9) || a.crew ||"
    "  char(9) || a.allowed_target_base || char(9) || a.allowed_limit_base"
    " FROM quota_account a WHERE a.quota = 'q1' AND a.kind = 'crew' AND a.earned_base <> 0";

static int64_t earned_base(const struct sim_plant *plant, int64_t steel_g, int halves)
{
    int64_t scale = quantity_power_of_ten(plant->items[0].decimals);
    return steel_g > 0 ? steel_g * scale * halves / HALF_TONNES_G : 0;
}

static const struct sim_steel *steel_of(const struct sim_ledger *ledger, const char *heat)
{
    for (size_t i = 0; i < ledger->steel_count; i++) {
        if (strcmp(ledger->steels[i].heat, heat) == 0) {
            return &ledger->steels[i];
        }
    }
    return NULL;
}

/* Whether the line is there, where there should be one; counts it. */
static bool expect(const char *lines, const char *line, size_t *expected, char *story, size_t size)
{
    const char *found = strstr(lines, line);
    *expected += 1;
    if (found != NULL && (found[strlen(line)] == '\n' || found[strlen(line)] == '\0')) {
        return true;
    }
    snprintf(story, size, "oracle%s, not among what was earned", line);
    return false;
}

static bool heats_agree(const struct sim_plant *plant, const struct sim_ledger *ledger,
                        const char *lines, size_t *expected, char *story, size_t size)
{
    bool agree = true;
    for (size_t i = 0; agree && i < ledger->steel_count; i++) {
        char line[160];
        const struct sim_steel *steel = &ledger->steels[i];
        int64_t limit_base = earned_base(plant, steel->steel_g, LIMIT_HALVES);
        snprintf(line, sizeof line, "\nheat\t%s\t%" PRId64 "\t%" PRId64, steel->heat,
                 earned_base(plant, steel->steel_g, TARGET_HALVES), limit_base);
        agree = limit_base == 0 || expect(lines, line, expected, story, size);
    }
    return agree;
}

static bool same_slot(const struct sim_owner *a, const struct sim_owner *b)
{
    return a->day == b->day && a->shift == b->shift && a->crew == b->crew;
}

static bool is_first(const struct sim_ledger *ledger, size_t owner)
{
    for (size_t i = 0; i < owner; i++) {
        if (same_slot(&ledger->owners[i], &ledger->owners[owner])) {
            return false;
        }
    }
    return true;
}

static bool crews_agree(const struct sim_plant *plant, const struct sim_ledger *ledger,
                        const char *lines, size_t *expected, char *story, size_t size)
{
    bool agree = true;
    for (size_t i = 0; agree && i < ledger->owner_count; i++) {
        const struct sim_owner *owner = &ledger->owners[i];
        char line[200], day[TIMESTAMP_TEXT_MAX], crew[16];
        int64_t target_base = 0, limit_base = 0;
        if (owner->crew < 0 || !is_first(ledger, i)) {
            continue;
        }
        for (size_t j = i; j < ledger->owner_count; j++) {
            const struct sim_steel *steel = steel_of(ledger, ledger->owners[j].heat);
            if (same_slot(owner, &ledger->owners[j]) && steel != NULL) {
                target_base += earned_base(plant, steel->steel_g, TARGET_HALVES);
                limit_base += earned_base(plant, steel->steel_g, LIMIT_HALVES);
            }
        }
        snprintf(line, sizeof line, "\ncrew\t%s\t%s\t%s\t%" PRId64 "\t%" PRId64,
                 timestamp_format_day(owner->day, day), plant->shifts[owner->shift].id,
                 sim_crew_name(owner->crew, crew), target_base, limit_base);
        agree = limit_base == 0 || expect(lines, line, expected, story, size);
    }
    return agree;
}

/* Whether steel is in a heat that was never tapped itself, as a part of another: the oracle does
 * not know who owns it. */
static bool any_unowned(const struct sim_ledger *ledger)
{
    for (size_t i = 0; i < ledger->steel_count; i++) {
        bool owned = ledger->steels[i].steel_g <= 0;
        for (size_t j = 0; j < ledger->owner_count && !owned; j++) {
            owned = strcmp(ledger->owners[j].heat, ledger->steels[i].heat) == 0;
        }
        if (!owned) {
            return true;
        }
    }
    return false;
}

static bool count_agrees(const char *lines, const char *begin, size_t expected, char *story,
                         size_t size)
{
    size_t there = 0;
    for (const char *at = lines; (at = strstr(at, begin)) != NULL; at++) {
        there++;
    }
    if (there != expected) {
        snprintf(story, size, "%zu accounts '%s' hold something, the oracle knows %zu", there,
                 begin + 1, expected);
    }
    return there == expected;
}

bool sim_accounts_agree(const struct sim_plant *plant, const struct sim_ledger *ledger,
                        const char *lines, char *story, size_t size)
{
    size_t heats = 0, crews = 0;
    return heats_agree(plant, ledger, lines, &heats, story, size) &&
           count_agrees(lines, "\nheat\t", heats, story, size) &&
           (any_unowned(ledger) || (crews_agree(plant, ledger, lines, &crews, story, size) &&
                                    count_agrees(lines, "\ncrew\t", crews, story, size)));
}
