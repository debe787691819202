#include "settlement_facts.h"

#include "catalog.h"
#include "memory.h"
#include "quantity.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HUNDREDTHS_OF_PERCENT 10000

struct veto {
    char crew[CATALOG_ID_MAX + 1];
    int32_t from_day, until_day;
    char *text;
};

/* Steel of a crew in a period, made or planned. */
struct crew_steel {
    char crew[CATALOG_ID_MAX + 1], period[PERIOD_TEXT_MAX];
    int64_t steel_g; /* COSTING_UNKNOWN: not all is weighed */
};

struct steel_list {
    struct crew_steel *items;
    size_t count, capacity;
};

struct settlement_facts {
    struct veto *vetoes;
    size_t veto_count, veto_capacity;
    struct steel_list made, planned;
};

/* A veto that was entered twice, by two people, is two. */
static const char vetoes_sql[] =
    "SELECT c.id, p.period_from, p.period_until, p.code || ': ' || COALESCE(p.reason, '')"
    " FROM paper_row p JOIN crew c ON c.no = p.crew WHERE p.kind = 'veto'"
    " ORDER BY p.position, p.ordinal";

static const char made_sql[] = "SELECT c.id, period_of(:kind, h.owner_day),"
                               "  CASE WHEN COUNT(*) = COUNT(h.steel_g) THEN SUM(h.steel_g) END"
                               " FROM heat h JOIN crew c ON c.no = h.owner_crew"
                               " WHERE h.gone = 0 AND h.owner_day IS NOT NULL GROUP BY 1, 2";

/* The last word about a crew's period counts. */
static const char planned_sql[] =
    "SELECT c.id, p.period, p.tonnes_e9 / 1000 FROM paper_row p JOIN crew c ON c.no = p.crew"
    " WHERE p.kind = 'plan' AND p.tonnes_e9 IS NOT NULL ORDER BY p.position DESC, p.ordinal DESC";

static bool take_veto(void *context, const struct reader_row *row)
{
    struct settlement_facts *facts = context;
    memory_grow(&facts->vetoes, facts->veto_count, &facts->veto_capacity, sizeof(struct veto));
    struct veto *veto = &facts->vetoes[facts->veto_count++];
    snprintf(veto->crew, sizeof veto->crew, "%s", row->values[0]);
    veto->from_day = (int32_t)strtol(row->values[1], NULL, 10);
    veto->until_day = (int32_t)strtol(row->values[2], NULL, 10);
    veto->text = memory_text(row->values[3]);
    return true;
}

static bool take_steel(void *context, const struct reader_row *row)
{
    struct steel_list *list = context;
    memory_grow(&list->items, list->count, &list->capacity, sizeof(struct crew_steel));
    struct crew_steel *steel = &list->items[list->count++];
    snprintf(steel->crew, sizeof steel->crew, "%s", row->values[0]);
    snprintf(steel->period, sizeof steel->period, "%s", row->values[1]);
    steel->steel_g = row->values[2] == NULL ? COSTING_UNKNOWN : strtoll(row->values[2], NULL, 10);
    return true;
}

struct settlement_facts *settlement_facts_read(const struct report_source *source,
                                               enum period_kind kind, struct failure *failure)
{
    struct settlement_facts *facts = memory_zeroed(1, sizeof *facts);
    const struct reader_parameter parameters[] = {{":kind", period_kind_name(kind)}};
    if (!reader_query(source->reader, vetoes_sql, parameters, 1, take_veto, facts, failure) ||
        !reader_query(source->reader, made_sql, parameters, 1, take_steel, &facts->made, failure) ||
        !reader_query(source->reader, planned_sql, parameters, 1, take_steel, &facts->planned,
                      failure)) {
        settlement_facts_free(facts);
        return NULL;
    }
    return facts;
}

void settlement_facts_free(struct settlement_facts *facts)
{
    if (facts == NULL) {
        return;
    }
    for (size_t i = 0; i < facts->veto_count; i++) {
        free(facts->vetoes[i].text);
    }
    free(facts->vetoes);
    free(facts->made.items);
    free(facts->planned.items);
    free(facts);
}

const char *settlement_veto(const struct settlement_facts *facts, const char *crew,
                            struct period period, char text[SETTLEMENT_VETO_MAX])
{
    size_t used = 0;
    for (size_t i = 0; i < facts->veto_count; i++) {
        const struct veto *veto = &facts->vetoes[i];
        if (strcmp(veto->crew, crew) == 0 && veto->from_day < period.until_day &&
            veto->until_day > period.from_day &&
            used + strlen(veto->text) + sizeof "; " <= SETTLEMENT_VETO_MAX) {
            int length = snprintf(text + used, SETTLEMENT_VETO_MAX - used, "%s%s",
                                  used == 0 ? "" : "; ", veto->text);
            used += (size_t)length;
        }
    }
    return used == 0 ? NULL : text;
}

/* COSTING_UNKNOWN: there is none. */
static int64_t find(const struct steel_list *list, const char *crew, struct period period)
{
    char text[PERIOD_TEXT_MAX];
    period_format(period, text);
    for (size_t i = 0; i < list->count; i++) {
        if (strcmp(list->items[i].crew, crew) == 0 && strcmp(list->items[i].period, text) == 0) {
            return list->items[i].steel_g;
        }
    }
    return COSTING_UNKNOWN;
}

bool settlement_over_plan_e2(const struct settlement_facts *facts,
                             const struct report_source *source, const char *crew,
                             struct period period, int64_t *over_e2)
{
    crew_id of;
    int64_t made_g = find(&facts->made, crew, period);
    int64_t planned_g = find(&facts->planned, crew, period);
    if (planned_g == COSTING_UNKNOWN && catalog_find_crew(source->catalog, crew, &of)) {
        planned_g = costing_planned_g(source->rules, period, of);
    }
    if (made_g < 0 || planned_g <= 0) {
        return false;
    }
    int64_t over_g = made_g > planned_g ? made_g - planned_g : 0;
    return quantity_multiply_divide(over_g, HUNDREDTHS_OF_PERCENT, planned_g, over_e2);
}
