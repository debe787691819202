#include "aggregator_snapshot.h"

#include "aggregator_state.h"
#include "nouns_snapshot.h"
#include "outcome_names.h"

#define SECTION "aggregator"
#define METERS "meters"
#define VERSION 1

/* How many rows the configuration has: a snapshot of another one would name wrong ones. */
static void rows_of(const struct catalog *catalog, uint32_t rows[5])
{
    rows[0] = catalog->item_count;
    rows[1] = catalog->station_count;
    rows[2] = catalog->meter_count;
    rows[3] = catalog->shift_count;
    rows[4] = catalog->crew_count;
}

static void counts_save(const struct meter_book *book, struct snapshot_writer *writer)
{
    unsigned there = 0;
    for (unsigned i = 0; i < OUTCOME_COUNT; i++) {
        there += book->outcomes[i] != 0;
    }
    snapshot_put_number(writer, there);
    for (unsigned i = 0; i < OUTCOME_COUNT; i++) {
        if (book->outcomes[i] != 0) {
            snapshot_put_number(writer, i);
            snapshot_put_number(writer, book->outcomes[i]);
        }
    }
    snapshot_put_number(writer, book->gaps);
    snapshot_put_number(writer, book->dips);
}

static void counts_load(struct meter_book *book, const struct outcome_names *outcomes,
                        struct snapshot_reader *reader)
{
    size_t there = snapshot_get_count(reader, OUTCOME_COUNT);
    for (size_t i = 0; i < there && snapshot_is_good(reader); i++) {
        enum outcome outcome = outcome_names_get(outcomes, reader);
        book->outcomes[outcome] = snapshot_get_number(reader, UINT64_MAX);
    }
    book->gaps = snapshot_get_number(reader, UINT64_MAX);
    book->dips = snapshot_get_number(reader, UINT64_MAX);
}

static void book_save(const struct meter_book *book, struct snapshot_writer *writer)
{
    snapshot_put_flag(writer, book->watched);
    snapshot_put_moment(writer, book->wake_base, 0);
    snapshot_put_moment(writer, book->first_us, 0);
    snapshot_put_moment(writer, book->live_us, 0);
    snapshot_put_moment(writer, book->last_alive_us, book->live_us);
    snapshot_put_moment(writer, book->retained_us, book->live_us);
    snapshot_put_signed(writer, book->live_raw);
    counts_save(book, writer);
    snapshot_put_flag(writer, aggregator_has_timeline(book->meter));
    if (aggregator_has_timeline(book->meter)) {
        timeline_save(&book->timeline, writer);
    } else {
        pieces_save(book->pieces, writer);
    }
}

static void book_load(struct meter_book *book, const struct snapshot_names *names,
                      const struct outcome_names *outcomes, struct snapshot_reader *reader)
{
    book->watched = snapshot_get_flag(reader);
    book->wake_base = snapshot_get_moment(reader, 0);
    book->first_us = snapshot_get_moment(reader, 0);
    book->live_us = snapshot_get_moment(reader, 0);
    book->last_alive_us = snapshot_get_moment(reader, book->live_us);
    book->retained_us = snapshot_get_moment(reader, book->live_us);
    book->live_raw = snapshot_get_signed(reader);
    counts_load(book, outcomes, reader);
    bool has_timeline = snapshot_get_flag(reader);
    if (!snapshot_is_good(reader) || has_timeline != aggregator_has_timeline(book->meter)) {
        snapshot_refuse(reader, "a meter of another kind than the configuration says");
    } else if (has_timeline) {
        timeline_load(&book->timeline, names, reader);
    } else {
        pieces_load(book->pieces, names, reader);
    }
}

void aggregator_save(const struct aggregator *aggregator, struct snapshot_writer *writer)
{
    uint32_t rows[5];
    rows_of(aggregator->catalog, rows);
    snapshot_put_section(writer, SECTION, VERSION);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        snapshot_put_number(writer, rows[i]);
    }
    calendar_save(aggregator->calendar, writer);
    heats_save(aggregator->heats, writer);
    moves_save(&aggregator->moves, writer);
    submeters_save(aggregator->attribution.submeters, writer);
    snapshot_put_section(writer, METERS, VERSION);
    outcome_names_save(writer);
    for (uint32_t i = 0; i < aggregator->catalog->meter_count; i++) {
        book_save(aggregator_look(aggregator, (meter_id){i}), writer);
        snapshot_put_number(writer, aggregator->tips[i].room);
    }
}

/* A tip that was sharp is sharp again, and takes as many readings as it would have taken. */
static void tip_load(struct aggregator *aggregator, meter_id meter, struct snapshot_reader *reader)
{
    struct tip *tip = &aggregator->tips[meter.index];
    uint64_t room = snapshot_get_number(reader, TIP_POINTS);
    if (!snapshot_is_good(reader) || room == 0) {
        return;
    }
    tip_sharpen(aggregator, meter);
    if (tip->room < room) {
        snapshot_refuse(reader, "the tip of a curve is sharper than it can be");
        return;
    }
    tip->room = (uint16_t)room;
}

bool aggregator_load(struct aggregator *aggregator, struct snapshot_reader *reader)
{
    uint32_t rows[5];
    rows_of(aggregator->catalog, rows);
    snapshot_get_section(reader, SECTION, VERSION);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (snapshot_get_number(reader, UINT32_MAX) != rows[i]) {
            return snapshot_refuse(reader, "the snapshot is one of another configuration: it has "
                                           "other items, stations, meters, shifts or crews");
        }
    }
    calendar_load(aggregator->calendar, reader);
    heats_load(aggregator->heats, reader);
    const struct snapshot_names names = {aggregator->catalog, heats_count(aggregator->heats)};
    moves_load(&aggregator->moves, &names, reader);
    submeters_load(aggregator->attribution.submeters, &names, reader);
    snapshot_get_section(reader, METERS, VERSION);
    struct outcome_names outcomes;
    outcome_names_load(&outcomes, reader);
    for (uint32_t i = 0; i < aggregator->catalog->meter_count && snapshot_is_good(reader); i++) {
        book_load(&aggregator->meters[i], &names, &outcomes, reader);
        tip_load(aggregator, (meter_id){i}, reader);
    }
    return snapshot_is_good(reader);
}
