#include "headroom_state.h"
#include "memory.h"
#include "parts_snapshot.h"

#include <utlist.h>

#define SECTION "headroom"
#define VERSION 1
#define SEGMENTS_MAX (1u << 24) /* of one meter */

static void segment_save(const struct segment *segment, struct snapshot_writer *writer)
{
    rules_station_save(segment->station, writer);
    snapshot_put_number(writer, segment->heat.value);
    crew_slot_save(segment->slot, 0, writer);
    snapshot_put_moment(writer, segment->start_us, 0);
    snapshot_put_moment(writer, segment->end_us, segment->start_us);
    snapshot_put_signed(writer, segment->amount_base);
    snapshot_put_number(writer, segment->quality);
    snapshot_put_number(writer, segment->method);
}

static struct segment segment_load(const struct catalog *catalog, uint32_t meter,
                                   struct snapshot_reader *reader)
{
    struct segment segment = {.meter = {meter}};
    segment.station = rules_station_load(catalog, reader);
    segment.heat.value = (uint32_t)snapshot_get_number(reader, UINT32_MAX);
    segment.slot = crew_slot_load(catalog, 0, reader);
    segment.start_us = snapshot_get_moment(reader, 0);
    segment.end_us = snapshot_get_moment(reader, segment.start_us);
    segment.amount_base = snapshot_get_signed(reader);
    segment.quality = (enum quality)snapshot_get_number(reader, QUALITY_ESTIMATED);
    segment.method = (enum sharing_method)snapshot_get_number(reader, SHARING_METHOD_COUNT - 1);
    return segment;
}

static struct statement *find(const struct headroom *headroom, uint32_t meter)
{
    struct statement *statement = NULL;
    HASH_FIND(hh, headroom->statements, &meter, sizeof meter, statement);
    return statement;
}

void headroom_save(const struct headroom *headroom, struct snapshot_writer *writer)
{
    snapshot_put_section(writer, SECTION, VERSION);
    snapshot_put_number(writer, headroom->round);
    snapshot_put_number(writer, HASH_COUNT(headroom->statements));
    for (const struct statement *statement = headroom->statements; statement != NULL;
         statement = statement->hh.next) {
        snapshot_put_number(writer, statement->meter);
        snapshot_put_flag(writer, statement->asked);
        snapshot_put_from(writer, (int64_t)headroom->round, (int64_t)statement->round);
        snapshot_put_signed(writer, statement->granted_base);
        snapshot_put_number(writer, statement->open_count);
        for (size_t i = 0; i < statement->open_count; i++) {
            segment_save(&statement->open[i], writer);
        }
    }
    snapshot_put_number(writer, headroom->asked_count);
    for (size_t i = 0; i < headroom->asked_count; i++) {
        snapshot_put_number(writer, headroom->asked[i]->meter);
    }
}

static void statement_load(struct headroom *headroom, const struct catalog *catalog,
                           struct snapshot_reader *reader)
{
    uint32_t meter = rules_meter_load(catalog, reader).index;
    if (!snapshot_is_good(reader) || find(headroom, meter) != NULL) {
        snapshot_refuse(reader, "a meter says twice what is open of it");
        return;
    }
    struct statement *statement = memory_zeroed(1, sizeof *statement);
    statement->meter = meter;
    HASH_ADD(hh, headroom->statements, meter, sizeof statement->meter, statement);
    statement->asked = snapshot_get_flag(reader);
    statement->round = headroom->round - (uint64_t)snapshot_get_signed(reader);
    statement->granted_base = snapshot_get_signed(reader);
    size_t count = snapshot_get_count(reader, SEGMENTS_MAX);
    for (size_t i = 0; i < count && snapshot_is_good(reader); i++) {
        memory_grow_sparingly(&statement->open, statement->open_count, &statement->open_capacity,
                              sizeof *statement->open);
        statement->open[statement->open_count++] = segment_load(catalog, meter, reader);
    }
}

void headroom_load(struct headroom *headroom, const struct catalog *catalog,
                   struct snapshot_reader *reader)
{
    snapshot_get_section(reader, SECTION, VERSION);
    headroom->round = snapshot_get_number(reader, UINT64_MAX);
    size_t count = snapshot_get_count(reader, catalog->meter_count);
    for (size_t i = 0; i < count && snapshot_is_good(reader); i++) {
        statement_load(headroom, catalog, reader);
    }
    count = snapshot_get_count(reader, SEGMENTS_MAX);
    for (size_t i = 0; i < count && snapshot_is_good(reader); i++) {
        struct statement *statement = find(headroom, rules_meter_load(catalog, reader).index);
        if (statement == NULL) {
            snapshot_refuse(reader, "a meter is asked that has said nothing");
            return;
        }
        memory_grow(&headroom->asked, headroom->asked_count, &headroom->asked_capacity,
                    sizeof(struct statement *));
        headroom->asked[headroom->asked_count++] = statement;
    }
}

void stakes_save(const struct account *account, struct snapshot_writer *writer)
{
    const struct stake *stake;
    snapshot_put_number(writer, (uint64_t)account->stake_count);
    DL_FOREACH(account->stakes, stake)
    {
        snapshot_put_number(writer, stake->statement->meter);
    }
}

void stakes_load(const struct headroom *headroom, struct account *account,
                 struct snapshot_reader *reader)
{
    size_t count = snapshot_get_count(reader, UINT32_MAX);
    for (size_t i = 0; i < count && snapshot_is_good(reader); i++) {
        struct statement *statement =
            find(headroom, (uint32_t)snapshot_get_number(reader, UINT32_MAX));
        if (statement == NULL || statement->open_count == 0) {
            snapshot_refuse(reader, "a meter has a stake in an account and nothing open");
            return;
        }
        struct stake *stake = memory_zeroed(1, sizeof *stake);
        stake->account = account;
        stake->statement = statement;
        memory_grow_sparingly(&statement->stakes, statement->stake_count,
                              &statement->stake_capacity, sizeof(struct stake *));
        statement->stakes[statement->stake_count++] = stake;
        account->stake_count++;
        account->granted_base += statement->granted_base;
        DL_APPEND(account->stakes, stake);
    }
}

void headroom_check(const struct headroom *headroom, const struct holders *holders,
                    struct snapshot_reader *reader)
{
    for (const struct statement *statement = headroom->statements; statement != NULL;
         statement = statement->hh.next) {
        for (size_t i = 0; i < statement->open_count; i++) {
            heat_no heat = statement->open[i].heat;
            if (heat.value != 0 && holders_heat(holders, heat) == NULL) {
                snapshot_refuse(reader, "use stands open of a heat that is not there");
                return;
            }
        }
    }
}
