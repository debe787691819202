/* Pins of sub-meters. In which order the gauges stand, and their sub-meters, is state as well: a
 * configuration that followed another put its own behind those that were there. */
#include "nouns_snapshot.h"

#include "memory.h"
#include "submeters_state.h"

#include <stdlib.h>

#define SECTION "submeters"
#define VERSION 1

static void gauge_save(const struct gauge *gauge, struct snapshot_writer *writer)
{
    int64_t last_us = 0;
    snapshot_put_number(writer, gauge->shared.index);
    snapshot_put_number(writer, gauge->sub_count);
    for (size_t k = 0; k < gauge->sub_count; k++) {
        snapshot_put_number(writer, gauge->subs[k].index);
    }
    snapshot_put_moment(writer, gauge->walked_us, 0);
    snapshot_put_moment(writer, gauge->tip_us, 0);
    snapshot_put_moment(writer, gauge->forgotten_us, 0);
    snapshot_put_moment(writer, gauge->moved_us, 0);
    for (size_t k = 0; k < gauge->sub_count; k++) {
        snapshot_put_signed(writer, gauge->tip_base[k]);
    }
    snapshot_put_number(writer, gauge->pin_count);
    for (size_t i = 0; i < gauge->pin_count; i++) {
        const int64_t *row = &gauge->c_base[i * gauge->sub_count];
        snapshot_put_from(writer, gauge->pins_us[i], last_us);
        for (size_t k = 0; k < gauge->sub_count; k++) {
            snapshot_put_from(writer, row[k], i > 0 ? row[k - gauge->sub_count] : 0);
        }
        last_us = gauge->pins_us[i];
    }
}

void submeters_save(const struct submeters *submeters, struct snapshot_writer *writer)
{
    size_t count = submeters != NULL ? submeters->count : 0;
    snapshot_put_section(writer, SECTION, VERSION);
    snapshot_put_number(writer, count);
    for (size_t i = 0; i < count; i++) {
        gauge_save(&submeters->gauges[i], writer);
    }
}

/* Whether the configuration gives the gauge the sub-meters that were saved. */
static bool subs_match(const struct gauge *gauge, const meter_id *subs, size_t count)
{
    size_t found = 0;
    for (size_t k = 0; k < count; k++) {
        for (size_t i = 0; i < gauge->sub_count; i++) {
            found += gauge->subs[i].index == subs[k].index;
        }
    }
    return count == gauge->sub_count && found == count;
}

static void pins_load(struct gauge *gauge, struct snapshot_reader *reader)
{
    int64_t last_us = 0;
    size_t count = snapshot_get_count(reader, SUBMETERS_PINS_MAX);
    size_t subs = gauge->sub_count;
    if (count == 0) {
        return;
    }
    gauge->pins_us = memory_zeroed(count, sizeof *gauge->pins_us);
    gauge->c_base = memory_zeroed(count * subs, sizeof *gauge->c_base);
    gauge->pin_capacity = gauge->c_capacity = count;
    for (size_t i = 0; i < count && snapshot_is_good(reader); i++) {
        gauge->pins_us[i] = snapshot_get_from(reader, last_us);
        for (size_t k = 0; k < subs; k++) {
            int64_t before_base = i > 0 ? gauge->c_base[(i - 1) * subs + k] : 0;
            gauge->c_base[i * subs + k] = snapshot_get_from(reader, before_base);
        }
        if (i > 0 && gauge->pins_us[i] <= last_us) {
            snapshot_refuse(reader, "pins are not in order of time");
        }
        last_us = gauge->pins_us[i];
        gauge->pin_count = i + 1;
    }
}

/* The gauge of the next meter: brought to its place among those from `at` on. */
static struct gauge *gauge_load_place(struct submeters *submeters, size_t at,
                                      const struct snapshot_names *names,
                                      struct snapshot_reader *reader)
{
    meter_id shared = meter_load(names, reader);
    for (size_t i = at; i < submeters->count; i++) {
        if (submeters->gauges[i].shared.index == shared.index) {
            struct gauge found = submeters->gauges[i];
            submeters->gauges[i] = submeters->gauges[at];
            submeters->gauges[at] = found;
            return &submeters->gauges[at];
        }
    }
    snapshot_refuse(reader, "a meter shares by sub-meters that the configuration has not");
    return NULL;
}

static void gauge_load(struct gauge *gauge, const struct snapshot_names *names,
                       struct snapshot_reader *reader)
{
    meter_id subs[SHARING_METERS_MAX];
    size_t count = snapshot_get_count(reader, SHARING_METERS_MAX);
    for (size_t k = 0; k < count; k++) {
        subs[k] = meter_load(names, reader);
    }
    if (!snapshot_is_good(reader) || !subs_match(gauge, subs, count)) {
        snapshot_refuse(reader, "a meter shares by other sub-meters than the configuration says");
        return;
    }
    for (size_t k = 0; k < count; k++) {
        gauge->subs[k] = subs[k];
    }
    gauge->walked_us = snapshot_get_moment(reader, 0);
    gauge->tip_us = snapshot_get_moment(reader, 0);
    gauge->forgotten_us = snapshot_get_moment(reader, 0);
    gauge->moved_us = snapshot_get_moment(reader, 0);
    for (size_t k = 0; k < count; k++) {
        gauge->tip_base[k] = snapshot_get_signed(reader);
    }
    pins_load(gauge, reader);
}

void submeters_load(struct submeters *submeters, const struct snapshot_names *names,
                    struct snapshot_reader *reader)
{
    snapshot_get_section(reader, SECTION, VERSION);
    size_t expected = submeters != NULL ? submeters->count : 0;
    size_t count = snapshot_get_count(reader, SIZE_MAX);
    if (!snapshot_is_good(reader) || count != expected) {
        snapshot_refuse(reader, "other meters share by sub-meters than the configuration says");
        return;
    }
    for (size_t i = 0; i < count && snapshot_is_good(reader); i++) {
        struct gauge *gauge = gauge_load_place(submeters, i, names, reader);
        if (gauge != NULL) {
            gauge_load(gauge, names, reader);
        }
    }
}
