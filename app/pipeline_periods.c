/* The close of the books' periods: when a ten-day period has ended, and a month with its third one,
 * its document is made, kept and told. It rests on the journal's time alone, as handovers do. */
#include "announce.h"
#include "period_document.h"
#include "pipeline_state.h"
#include "timestamp.h"

#include <stdlib.h>

void pipeline_periods_start(struct pipeline *pipeline)
{
    pipeline->closing = (struct period){.kind = PERIOD_TEN_DAYS};
    pipeline->period_due_us = TIMESTAMP_NEVER_US;
}

void pipeline_periods_begin(struct pipeline *pipeline, int32_t day)
{
    pipeline->closing = period_of(PERIOD_TEN_DAYS, day);
    pipeline_periods_follow(pipeline);
}

void pipeline_periods_follow(struct pipeline *pipeline)
{
    const struct plant *plant = pipeline->plant;
    shift_id last = {(uint16_t)(plant->catalog.shift_count - 1)};
    struct duty duty = calendar_shift(aggregator_calendar(pipeline->aggregator),
                                      pipeline->closing.until_day - 1, last);
    pipeline->period_due_us = duty.end_us + plant->period_delay_us;
}

/* Everything up to this moment is in it, what is open included. */
static void write_document(struct pipeline *pipeline, struct period period)
{
    const struct plant *plant = pipeline->plant;
    const struct report_plant costed = {.rules = &plant->costing, .catalog = &plant->catalog};
    int64_t at_us = pipeline->period_due_us;
    pipeline_batch(pipeline);
    pipeline_write_open(pipeline);
    char *json = book_good(pipeline->book, &pipeline->failure)
                     ? period_document_json(book_reader(pipeline->book), &costed, period, at_us,
                                            &pipeline->failure)
                     : NULL;
    if (json == NULL) {
        return;
    }
    book_period_document(pipeline->book, period, at_us, pipeline->record->position, json);
    if (!pipeline->muted) {
        announce_period(pipeline->book, pipeline_message_id(pipeline), plant->broker.root, period,
                        json);
    }
    free(json);
}

void pipeline_periods_fire(struct pipeline *pipeline)
{
    struct period ten_days = pipeline->closing;
    struct period month = period_of(PERIOD_MONTH, ten_days.from_day);
    if (month.until_day == ten_days.until_day) {
        pipeline_carry(pipeline, month, pipeline->period_due_us);
    }
    if (pipeline->writing) {
        write_document(pipeline, ten_days);
        if (month.until_day == ten_days.until_day) {
            write_document(pipeline, month);
        }
    }
    pipeline_periods_begin(pipeline, ten_days.until_day);
}
