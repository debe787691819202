#include "explain_story.h"

#include "failure.h"
#include "quantity.h"

#include <stdio.h>
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

/* Of a record that is not kept any more the ledger knows when what it booked was booked. */
static bool read_record(const struct explain_story *story, uint64_t position,
                        struct told_record *record)
{
    bool good = explain_journal_record(story->journal, position, record, story->failure);
    for (size_t i = 0; good && record->retired && i < table_row_count(story->explanation->postings);
         i++) {
        if ((uint64_t)number(story, i, EXPLAIN_POSITION) == position) {
            record->arrival_us =
                explanation_number(story->explanation, i, EXPLAIN_BOOKED_US, INT64_MIN);
            break;
        }
    }
    return good;
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
    int64_t begin_us = 0;
    bool begins_later = explain_journal_begin_us(story->journal, &begin_us);
    posting->retired = begins_later && !posting->moved && posting->start_us < begin_us;
    if (posting->has_marks &&
        (posting->start.basis == MARK_RETIRED || posting->end.basis == MARK_RETIRED)) {
        posting->retired = true;
        posting->moved_base = posting->amount_base; /* it is not known: nothing to be told */
    }
    return posting->open ||
           read_record(story, (uint64_t)number(story, row, EXPLAIN_POSITION), &posting->booked);
}

/* Whether a posting came otherwise than by its segment's end being reached. */
static bool is_correction(const struct explain_story *story, size_t row)
{
    const char *cause = explanation_text(story->explanation, row, EXPLAIN_CAUSE);
    return cause != NULL && strcmp(cause, "closed") != 0;
}

/* What was booked of the figure before the record, and after it; why. */
static void add_up(const struct explain_story *story, size_t figure,
                   struct correction_story *correction)
{
    int64_t position = (int64_t)correction->position;
    const char *told = NULL;

    for (size_t i = 0; i < table_row_count(story->explanation->postings); i++) {
        if (number(story, i, EXPLAIN_FIGURE) != (int64_t)figure) {
            continue;
        }
        int64_t amount_base = number(story, i, EXPLAIN_AMOUNT_BASE);
        int64_t posted = number(story, i, EXPLAIN_POSITION);
        int64_t undone = number(story, i, EXPLAIN_UNDONE);
        undone = undone < 0 ? INT64_MAX : undone;
        if (posted < 0) {
            continue; /* still open */
        }
        if (posted < position && undone >= position) {
            correction->old_base = quantity_add(correction->old_base, amount_base);
        }
        if (posted <= position && undone > position) {
            correction->new_base = quantity_add(correction->new_base, amount_base);
        }
        if (undone == position) {
            told = explanation_text(story->explanation, i, EXPLAIN_UNDONE_WHY);
        } else if (posted == position && is_correction(story, i)) {
            correction->cause = explanation_text(story->explanation, i, EXPLAIN_CAUSE);
        }
    }
    correction->cause = correction->cause == NULL ? told : correction->cause;
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
    return read_record(story, next, &correction->record);
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
        const struct quota *quota = &story->quotas[i];
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

static quantity_wide common_divisor(quantity_wide a, quantity_wide b)
{
    while (b != 0) {
        quantity_wide rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* num / den as a decimal of at most nine places; else as a fraction. */
static void write_fraction(quantity_wide num, quantity_wide den, char text[EXPLAIN_FACTOR_MAX])
{
    const quantity_wide billion = 1000000000;
    char whole[QUANTITY_TEXT_MAX], below[QUANTITY_TEXT_MAX];

    REQUIRE(den != 0);
    if (billion % den == 0 && num <= INT64_MAX / (billion / den)) {
        snprintf(text, EXPLAIN_FACTOR_MAX, "%s",
                 quantity_to_text((int64_t)(num * (billion / den)), 9, whole));
    } else if (num <= INT64_MAX && den <= INT64_MAX) {
        snprintf(text, EXPLAIN_FACTOR_MAX, "%s/%s", quantity_to_text((int64_t)num, 0, whole),
                 quantity_to_text((int64_t)den, 0, below));
    } else {
        snprintf(text, EXPLAIN_FACTOR_MAX, "?");
    }
}

char *explain_story_factor(const struct explain_story *story, meter_id id, int64_t ts_us,
                           char text[EXPLAIN_FACTOR_MAX])
{
    const struct meter *meter = &catalog_of(story)->meters[id.index];
    const struct item *item = &catalog_of(story)->items[meter->item.index];
    struct scale scale = explain_journal_scale(story->journal, id, ts_us);
    quantity_wide num = scale.num, den = scale.den;

    for (int i = item->decimals; i < meter->decimals; i++) {
        num *= 10;
    }
    for (int i = meter->decimals; i < item->decimals; i++) {
        den *= 10;
    }
    quantity_wide divisor = common_divisor(num, den);
    write_fraction(num / divisor, den / divisor, text);
    return text;
}

char *explain_story_time(const struct explain_story *story, int64_t ts_us,
                         char text[TIMESTAMP_TEXT_MAX])
{
    const struct zone *zone = &explain_journal_plant(story->journal)->roster.zone;
    if (ts_us == INT64_MIN) {
        snprintf(text, TIMESTAMP_TEXT_MAX, "-");
        return text;
    }
    return timestamp_format(ts_us, zone_offset_s(zone, ts_us), text);
}
