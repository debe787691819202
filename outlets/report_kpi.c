/* report kpi: availability, effectiveness, quality and their product (OEE) of each station in each
 * crew-shift, in the forms of ISO 22400-2 (DOMAIN 5).
 *
 * Planned busy time is the crew-shift's, as far as it has gone; production time is that in which a
 * heat was at the station; a heat is produced when it leaves the station, and good where it has
 * steel. A heat that is not weighed makes the quality unknown. */
#include "report_kpi.h"

#include "memory.h"
#include "performance.h"
#include "report_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))
#define RATIO_PLACES 4
#define MINUTE_PLACES 2

static const struct table_column columns[] = {
    {"day", TABLE_TEXT},
    {"shift", TABLE_TEXT},
    {"crew", TABLE_TEXT},
    {"station", TABLE_TEXT},
    {"planned_min", TABLE_DECIMAL},
    {"production_min", TABLE_DECIMAL},
    {"run_min", TABLE_DECIMAL},
    {"heats", TABLE_COUNT},
    {"good_heats", TABLE_COUNT},
    {"reworked", TABLE_COUNT},
    {"availability", TABLE_DECIMAL},
    {"effectiveness", TABLE_DECIMAL},
    {"quality_ratio", TABLE_DECIMAL},
    {"oee", TABLE_DECIMAL},
    {"provisional", TABLE_BOOLEAN},
};

static const char slots_sql[] =
    "SELECT w.day, sh.id, c.id, w.start_us, w.end_us, (SELECT now_us FROM progress)"
    " FROM slot w JOIN shift sh ON sh.no = w.shift JOIN crew c ON c.no = w.crew"
    " WHERE (:day IS NULL OR w.day = CAST(:day AS INTEGER)) AND (:shift IS NULL OR sh.id = :shift)"
    "  AND (:crew IS NULL OR c.id = :crew)"
    "  AND (:period IS NULL OR w.day >= period_from(:period) AND w.day < period_until(:period))"
    "  AND w.crew <> 0 AND w.end_us > w.start_us AND w.start_us <= (SELECT now_us FROM progress)"
    " ORDER BY w.start_us, c.id";

static const char stays_sql[] =
    "SELECT st.id, y.start_us, y.end_us, y.visit, h.steel_g"
    " FROM stay y JOIN station st ON st.no = y.station JOIN heat h ON h.no = y.heat"
    " WHERE h.gone = 0 AND (:station IS NULL OR st.id = :station)"
    " ORDER BY st.id, y.start_us, y.heat, y.visit";

/* A crew-shift, as far as it has gone. */
struct shift_time {
    int32_t day;
    char shift[CATALOG_ID_MAX + 1], crew[CATALOG_ID_MAX + 1];
    int64_t start_us, end_us;
    bool running;
};

/* What happened at one station in one crew-shift. */
struct work {
    int64_t production_us;
    int64_t until_us; /* production time is counted up to there: stays may overlap */
    int64_t heats, good, reworked;
    bool unweighed;
};

struct kpi {
    const struct report_source *source;
    struct shift_time *shifts;
    size_t shift_count, shift_capacity;
    struct work *works; /* shift x stations + station */
    size_t first;       /* shifts before it end before the stays of the station that are to come */
    station_id station;
};

static bool take_shift(void *context, const struct reader_row *row)
{
    enum { DAY, SHIFT, CREW, START, END, NOW };
    struct kpi *kpi = context;
    const char *const *values = row->values;
    int64_t end_us = report_number(values[END]), now_us = report_number(values[NOW]);
    memory_grow(&kpi->shifts, kpi->shift_count, &kpi->shift_capacity, sizeof *kpi->shifts);
    struct shift_time *shift = &kpi->shifts[kpi->shift_count++];
    *shift = (struct shift_time){.day = (int32_t)report_number(values[DAY]),
                                 .start_us = report_number(values[START]),
                                 .end_us = end_us < now_us ? end_us : now_us,
                                 .running = end_us > now_us};
    snprintf(shift->shift, sizeof shift->shift, "%s", values[SHIFT]);
    snprintf(shift->crew, sizeof shift->crew, "%s", values[CREW]);
    return true;
}

/* One stay and one crew-shift that it touches. */
static void add_stay(struct work *work, const struct shift_time *shift, int64_t start_us,
                     int64_t end_us, const char *const *values)
{
    enum { END = 2, VISIT, STEEL };
    int64_t from_us = start_us > shift->start_us ? start_us : shift->start_us;
    int64_t to_us = end_us < shift->end_us ? end_us : shift->end_us;
    from_us = from_us > work->until_us ? from_us : work->until_us;
    if (to_us > from_us) {
        work->production_us += to_us - from_us;
        work->until_us = to_us;
    }
    if (values[END] == NULL || end_us < shift->start_us || end_us >= shift->end_us) {
        return; /* it left in another one */
    }
    work->heats++;
    work->good += values[STEEL] != NULL && report_number(values[STEEL]) > 0 ? 1 : 0;
    work->reworked += report_number(values[VISIT]) > 1 ? 1 : 0;
    work->unweighed = work->unweighed || values[STEEL] == NULL;
}

static bool take_stay(void *context, const struct reader_row *row)
{
    enum { STATION, START, END };
    struct kpi *kpi = context;
    const struct catalog *catalog = kpi->source->catalog;
    const char *const *values = row->values;
    int64_t start_us = report_number(values[START]);
    int64_t end_us = values[END] == NULL ? INT64_MAX : report_number(values[END]);
    station_id station;
    if (!catalog_find_station(catalog, values[STATION], &station)) {
        return true; /* of a former configuration */
    }
    if (station.index != kpi->station.index) {
        kpi->station = station;
        kpi->first = 0;
    }
    while (kpi->first < kpi->shift_count && kpi->shifts[kpi->first].end_us < start_us) {
        kpi->first++;
    }
    for (size_t i = kpi->first; i < kpi->shift_count && kpi->shifts[i].start_us <= end_us; i++) {
        add_stay(&kpi->works[i * catalog->station_count + station.index], &kpi->shifts[i], start_us,
                 end_us, values);
    }
    return true;
}

static const char *ratio(const struct fraction *value, char text[FRACTION_TEXT_MAX])
{
    return value == NULL ? NULL : fraction_to_text(value, RATIO_PLACES, text);
}

static void add_row(struct table *table, const struct kpi *kpi, const struct shift_time *shift,
                    uint32_t station, const struct work *work)
{
    struct sheet sheet = {0};
    const int64_t minute_us = TIMESTAMP_MINUTE_US;
    int64_t run_us = kpi->source->rules->station_count > station
                         ? kpi->source->rules->station_run_us[station]
                         : 0;
    const struct performance_input input = {
        .planned_busy = fraction_of(&sheet, shift->end_us - shift->start_us, minute_us),
        .production = fraction_of(&sheet, work->production_us, minute_us),
        .unit_run = fraction_of(&sheet, run_us, minute_us),
        .produced = fraction_of(&sheet, work->heats, 1),
        .good = fraction_of(&sheet, work->good, 1),
    };
    struct performance performance = performance_of(&sheet, &input);
    bool timed = run_us > 0, weighed = !work->unweighed;
    char day[TIMESTAMP_TEXT_MAX], minutes[3][FRACTION_TEXT_MAX], counts[3][QUANTITY_TEXT_MAX];
    char ratios[4][FRACTION_TEXT_MAX];
    const char *const values[] = {
        timestamp_format_day(shift->day, day),
        shift->shift,
        shift->crew,
        kpi->source->catalog->stations[station].id,
        fraction_to_text(input.planned_busy, MINUTE_PLACES, minutes[0]),
        fraction_to_text(input.production, MINUTE_PLACES, minutes[1]),
        timed ? fraction_to_text(input.unit_run, MINUTE_PLACES, minutes[2]) : NULL,
        quantity_to_text(work->heats, 0, counts[0]),
        weighed ? quantity_to_text(work->good, 0, counts[1]) : NULL,
        quantity_to_text(work->reworked, 0, counts[2]),
        ratio(performance.availability, ratios[0]),
        timed ? ratio(performance.effectiveness, ratios[1]) : NULL,
        weighed ? ratio(performance.quality, ratios[2]) : NULL,
        timed && weighed ? ratio(performance.oee, ratios[3]) : NULL,
        shift->running ? "1" : "0",
    };
    table_add(table, values);
    sheet_clear(&sheet);
}

/* Stations at which no heat ever was in what is asked about (auxiliaries) have no rows. */
static void fill(struct table *table, const struct kpi *kpi)
{
    const struct catalog *catalog = kpi->source->catalog;
    bool *used = memory_zeroed((size_t)catalog->station_count + 1, sizeof *used);
    for (size_t i = 0; i < kpi->shift_count * catalog->station_count; i++) {
        used[i % catalog->station_count] = used[i % catalog->station_count] ||
                                           kpi->works[i].production_us > 0 ||
                                           kpi->works[i].heats > 0;
    }
    for (size_t i = 0; i < kpi->shift_count; i++) {
        for (uint32_t station = 0; station < catalog->station_count; station++) {
            if (used[station]) {
                add_row(table, kpi, &kpi->shifts[i], station,
                        &kpi->works[i * catalog->station_count + station]);
            }
        }
    }
    free(used);
}

static bool make(const struct report_source *source, struct table *table, struct failure *failure)
{
    const struct reader_parameter none = {NULL, NULL};
    struct kpi kpi = {.source = source, .station = {CATALOG_NONE}};
    bool good = report_ask(source, slots_sql, none, take_shift, &kpi, failure);
    if (good) {
        kpi.works =
            memory_zeroed(kpi.shift_count * source->catalog->station_count + 1, sizeof *kpi.works);
        for (size_t i = 0; i < kpi.shift_count * source->catalog->station_count; i++) {
            kpi.works[i].until_us = INT64_MIN;
        }
        good = report_ask(source, stays_sql, none, take_stay, &kpi, failure);
    }
    if (good) {
        fill(table, &kpi);
    }
    free(kpi.shifts);
    free(kpi.works);
    return good;
}

const struct report_kind report_kpi_kind = {
    .name = "kpi",
    .columns = columns,
    .column_count = COUNT(columns),
    .make = make,
    .filters = " period day shift crew station ",
};
