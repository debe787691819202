#include "explain_story.h"

#include "quantity.h"

#include <string.h>

static bool same(const char *a, const char *b)
{
    return a != NULL && b != NULL && strcmp(a, b) == 0;
}

static const struct catalog *catalog_of(const struct explain_story *story)
{
    return &explain_journal_plant(story->journal)->catalog;
}

static bool find_meter(const struct explain_story *story, size_t row, meter_id *meter)
{
    return catalog_find_meter(catalog_of(story),
                              explanation_text(story->explanation, row, EXPLAIN_METER_ID), meter);
}

static int64_t number(const struct explain_story *story, size_t row, enum explain_column column)
{
    return explanation_number(story->explanation, row, column, -1);
}

static bool stands(const struct explain_story *story, size_t row)
{
    return explanation_text(story->explanation, row, EXPLAIN_UNDONE) == NULL;
}

void explain_story_want(const struct explain_story *story)
{
    meter_id meter;
    for (size_t i = 0; i < table_row_count(story->explanation->postings); i++) {
        if (stands(story, i) && find_meter(story, i, &meter)) {
            explain_journal_want(story->journal, meter, number(story, i, EXPLAIN_START_US),
                                 number(story, i, EXPLAIN_END_US));
        }
    }
}

size_t explain_story_standing(const struct explain_story *story, size_t figure, size_t row)
{
    for (; row < table_row_count(story->explanation->postings); row++) {
        if (stands(story, row) && number(story, row, EXPLAIN_FIGURE) == (int64_t)figure) {
            return row;
        }
    }
    return SIZE_MAX;
}

bool posting_story_read(const struct explain_story *story, size_t row,
                        struct posting_story *posting)
{
    *posting = (struct posting_story){
        .row = row,
        .start_us = number(story, row, EXPLAIN_START_US),
        .end_us = number(story, row, EXPLAIN_END_US),
        .amount_base = number(story, row, EXPLAIN_AMOUNT_BASE),
        .open = explanation_text(story->explanation, row, EXPLAIN_POSITION) == NULL,
        .moved = same(explanation_text(story->explanation, row, EXPLAIN_METHOD), "moved"),
    };
    if (!find_meter(story, row, &posting->meter)) {
        return failure_set(story->failure, FAILURE_RESOURCE,
                           "meter \"%s\" of the ledger is not in its configuration",
                           explanation_text(story->explanation, row, EXPLAIN_METER_ID));
    }
    enum meter_kind kind = catalog_of(story)->meters[posting->meter.index].kind;
    if (posting->moved) {
        posting->has_marks = false;
    } else if (kind == METER_INCREMENT || kind == METER_EVENT) {
        const char *heat = explanation_text(story->explanation, row, EXPLAIN_HEAT);
        bool named = same(explanation_text(story->explanation, row, EXPLAIN_METHOD), "named");
        posting->piece = explain_journal_piece(story->journal, posting->meter, posting->start_us,
                                               posting->end_us, named ? heat : NULL);
    } else {
        posting->has_marks = true;
        explain_journal_mark(story->journal, posting->meter, posting->start_us, &posting->start);
        explain_journal_mark(story->journal, posting->meter, posting->end_us, &posting->end);
        posting->moved_base = posting->end.c_base - posting->start.c_base;
    }
    return posting->open ||
           explain_journal_record(story->journal, (uint64_t)number(story, row, EXPLAIN_POSITION),
                                  &posting->booked, story->failure);
}

/* Whether a posting came otherwise than by its segment's end being reached. */
static bool is_correction(const struct explain_story *story, size_t row)
{
    const char *cause = explanation_text(story->explanation, row, EXPLAIN_CAUSE);
    return cause != NULL && strcmp(cause, "closed") != 0;
}

static void add_up(const struct explain_story *story, size_t figure,
                   struct correction_story *correction)
{
    for (size_t i = 0; i < table_row_count(story->explanation->postings); i++) {
        if (number(story, i, EXPLAIN_FIGURE) != (int64_t)figure) {
            continue;
        }
        int64_t amount_base = number(story, i, EXPLAIN_AMOUNT_BASE);
        if (number(story, i, EXPLAIN_UNDONE) == (int64_t)correction->position) {
            correction->old_base = quantity_add(correction->old_base, amount_base);
            correction->cause = explanation_text(story->explanation, i, EXPLAIN_UNDONE_WHY);
        }
    }
    for (size_t i = 0; i < table_row_count(story->explanation->postings); i++) {
        if (number(story, i, EXPLAIN_FIGURE) == (int64_t)figure &&
            number(story, i, EXPLAIN_POSITION) == (int64_t)correction->position &&
            is_correction(story, i)) {
            correction->new_base =
                quantity_add(correction->new_base, number(story, i, EXPLAIN_AMOUNT_BASE));
            correction->cause = explanation_text(story->explanation, i, EXPLAIN_CAUSE);
        }
    }
}

bool correction_story_next(const struct explain_story *story, size_t figure, uint64_t position,
                           struct correction_story *correction)
{
    uint64_t next = UINT64_MAX;
    for (size_t i = 0; i < table_row_count(story->explanation->postings); i++) {
        if (number(story, i, EXPLAIN_FIGURE) != (int64_t)figure) {
            continue;
        }
        uint64_t undone = (uint64_t)number(story, i, EXPLAIN_UNDONE);
        uint64_t posted =
            is_correction(story, i) ? (uint64_t)number(story, i, EXPLAIN_POSITION) : UINT64_MAX;
        next = undone >= position && undone < next ? undone : next;
        next = posted >= position && posted < next ? posted : next;
    }
    if (next == UINT64_MAX) {
        return false;
    }
    *correction = (struct correction_story){.position = next};
    add_up(story, figure, correction);
    return explain_journal_record(story->journal, next, &correction->record, story->failure);
}

const char *explain_story_cell(const struct explain_story *story, size_t figure, const char *column)
{
    const struct table *figures = story->explanation->figures.table;
    int at = table_seek(figures, column);
    return at < 0 ? NULL : table_cell(figures, figure, at);
}

const struct item *explain_story_item(const struct explain_story *story, size_t figure)
{
    item_id item = {0};
    bool found =
        catalog_find_item(catalog_of(story), explain_story_cell(story, figure, "item"), &item);
    REQUIRE(found); /* the ledger's items are those of its configuration */
    return &catalog_of(story)->items[item.index];
}

const struct quota *explain_story_quota(const struct explain_story *story, size_t figure)
{
    const struct plant *plant = explain_journal_plant(story->journal);
    const struct item *item = explain_story_item(story, figure);
    enum quota_view view = same(story->view, "owner") ? QUOTA_VIEW_OWNER : QUOTA_VIEW_CLOCK;

    for (uint32_t i = 0; i < plant->quota_count; i++) {
        const struct quota *quota = &plant->quotas[i];
        bool judged = story->explanation->kind == EXPLAIN_HEATS
                          ? quota->of_heats
                          : story->explanation->kind == EXPLAIN_CREWS && quota->of_crews &&
                                quota->view == view;
        bool placed =
            story->station == NULL
                ? quota->station_count == 0
                : quota->station_count == 1 &&
                      same(plant->catalog.stations[quota->stations[0].index].id, story->station);
        if (judged && placed && quota->meter_count == 0 &&
            &plant->catalog.items[quota->item.index] == item) {
            return quota;
        }
    }
    return NULL;
}

int64_t explain_story_sum(const struct explain_story *story, size_t figure)
{
    int64_t sum_base = 0;
    for (size_t row = explain_story_standing(story, figure, 0); row != SIZE_MAX;
         row = explain_story_standing(story, figure, row + 1)) {
        sum_base = quantity_add(sum_base, number(story, row, EXPLAIN_AMOUNT_BASE));
    }
    return sum_base;
}

char *explain_story_time(const struct explain_story *story, int64_t ts_us,
                         char text[TIMESTAMP_TEXT_MAX])
{
    const struct zone *zone = &explain_journal_plant(story->journal)->roster.zone;
    return timestamp_format(ts_us, zone_offset_s(zone, ts_us), text);
}
