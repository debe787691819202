/* Effects: what is written once, or is the present state of a heat, a slot or a balance. */
#include "book_store.h"

#include "timestamp.h"

/* Position, ordinal. */
static void fill_id(struct book_filling *filling, struct effect_id id)
{
    fill_number(filling, (int64_t)id.position);
    fill_number(filling, id.ordinal);
}

void book_posting(struct book *book, const struct posting *posting)
{
    const struct segment *segment = &posting->segment;
    const struct book_meter *meter = book_meter_row(book, segment->meter);
    struct book_filling row = book_fill(book, BOOK_POSTING, "a posting");

    fill_id(&row, posting->id);
    fill_number(&row, meter->no);
    fill_number(&row, book_station_no(book, segment->station));
    fill_number(&row, meter->item);
    fill_number(&row, segment->heat.value);
    fill_slot(&row, segment->slot, true);
    fill_number(&row, segment->start_us);
    fill_number(&row, segment->end_us);
    fill_number(&row, segment->amount_base);
    fill_number(&row, segment->quality);
    fill_number(&row, segment->method);
    fill_number(&row, posting->cause);
    if (posting->reverses.position == EFFECT_NONE.position) {
        fill_null(&row);
        fill_null(&row);
    } else {
        fill_id(&row, posting->reverses);
    }
    fill_number(&row, book->configuration);
    fill_number(&row, posting->booked_at_us);
    fill_run(&row);
}

void book_heat(struct book *book, const struct heat *heat, uint64_t position)
{
    struct book_filling row = book_fill(book, BOOK_HEAT, "a heat");

    REQUIRE(heat->no.value != 0);
    fill_number(&row, heat->no.value);
    fill_text(&row, heat->id);
    fill_text(&row, heat->grade);
    fill_number_or_null(&row, heat->steel_g, -1);
    fill_number_or_null(&row, heat->planned_g, -1);
    fill_number_or_null(&row, heat->first_start_us, TIMESTAMP_NEVER_US);
    fill_number_or_null(&row, heat->owner_at_us, TIMESTAMP_NEVER_US);
    fill_slot(&row, heat->owner, heat->owner_at_us != TIMESTAMP_NEVER_US);
    fill_number_or_null(&row, heat->ended_us, TIMESTAMP_NEVER_US);
    fill_number(&row, heat->provisional ? 1 : 0);
    fill_number(&row, heat->review ? 1 : 0);
    fill_number(&row, heat->gone ? 1 : 0);
    fill_number(&row, heat->keeper.value != 0 ? heat->keeper.value : heat->no.value);
    fill_run(&row);

    struct book_filling version = book_fill(book, BOOK_HEAT_VERSION, "a version of a heat");
    fill_number(&version, heat->no.value);
    fill_number(&version, (int64_t)position);
    fill_run(&version);

    struct book_filling weight = book_fill(book, BOOK_HEAT_WEIGHT, "a heat's weights");
    fill_number(&weight, heat->no.value);
    fill_number(&weight, (int64_t)position);
    fill_number_or_null(&weight, heat->tapped_g, -1);
    fill_number_or_null(&weight, heat->cast_g, -1);
    fill_run(&weight);
}

void book_stay(struct book *book, const struct heat_stay *stay)
{
    struct book_filling row = book_fill(book, BOOK_STAY, "a stay");

    if (row.statement == NULL) {
        return;
    }
    fill_number(&row, stay->heat.value);
    fill_number(&row, book_station_no(book, stay->station));
    fill_number(&row, stay->visit);
    fill_number(&row, stay->start_us);
    fill_number_or_null(&row, stay->end_us, TIMESTAMP_NEVER_US);
    fill_run(&row);
}

void book_stays_clear(struct book *book, heat_no heat)
{
    struct book_filling row = book_fill(book, BOOK_STAYS_CLEAR, "the stays of a heat");

    fill_number(&row, heat.value);
    fill_run(&row);
}

void book_review(struct book *book, const struct heat_review *review)
{
    struct book_filling row = book_fill(book, BOOK_REVIEW, "what a heat is to be looked at for");
    bool of_station = review->station.index != CATALOG_NONE;

    fill_number(&row, review->heat.value);
    fill_text(&row, heat_review_reason_name(review->reason));
    fill_number(&row, review->since_us);
    if (of_station) {
        fill_number(&row, book_station_no(book, review->station));
    } else {
        fill_null(&row);
    }
    fill_text(&row, review->detail == NULL ? "" : review->detail);
    fill_run(&row);
}

void book_reviews_clear(struct book *book, heat_no heat)
{
    struct book_filling row = book_fill(book, BOOK_REVIEWS_CLEAR, "a heat to be looked at");

    fill_number(&row, heat.value);
    fill_run(&row);
}

void book_slot_gone(struct book *book, struct crew_slot slot)
{
    struct book_filling row = book_fill(book, BOOK_SLOT_GONE, "a crew-shift");

    fill_slot(&row, slot, true);
    fill_run(&row);
}

void book_slot(struct book *book, struct crew_slot slot, int64_t start_us, int64_t end_us)
{
    struct book_filling row = book_fill(book, BOOK_SLOT, "a crew-shift");

    fill_slot(&row, slot, true);
    fill_number(&row, start_us);
    fill_number(&row, end_us);
    fill_run(&row);
}

/* The number of the alert itself. */
static int64_t alert_no(struct book *book, const struct alert_transition *transition)
{
    struct book_filling identity = book_fill(book, BOOK_ALERT, "an alert");

    if (identity.statement == NULL) {
        return 0;
    }
    bool of_meter = transition->scope == BALANCE_METER;
    bool of_plant = transition->scope == BALANCE_PLANT;
    bool of_quota = transition->matter == ALERT_QUOTA;
    bool of_period = transition->scope == BALANCE_PERIOD;
    char period[PERIOD_TEXT_MAX];
    fill_number(&identity, of_quota ? book_quota_no(book, transition->quota) : 0);
    fill_text(&identity, balance_scope_name(transition->scope));
    fill_number(&identity, transition->scope == BALANCE_HEAT ? transition->heat.value : 0);
    if (transition->scope == BALANCE_CREW) {
        fill_slot(&identity, transition->slot, true);
    } else {
        fill_number(&identity, of_period ? transition->period.from_day : 0);
        fill_number(&identity, 0);
        fill_number(&identity, 0);
    }
    fill_text(&identity, of_plant    ? trouble_kind_name(transition->trouble)
                         : of_period ? period_format(transition->period, period)
                                     : alert_matter_name(transition->matter));
    fill_number(&identity, of_meter ? book_meter_row(book, transition->meter)->no : 0);
    fill_text(&identity, alert_level_name(transition->level));
    return fill_run_number(&identity, 0);
}

static void fill_text_or_null(struct book_filling *filling, const char *text)
{
    if (text == NULL) {
        fill_null(filling);
    } else {
        fill_text(filling, text);
    }
}

/* Used and allowed. */
static void fill_figures(struct book_filling *row, const struct alert_transition *transition)
{
    if (transition->matter == ALERT_STALE || transition->matter == ALERT_SYSTEM) {
        fill_null(row);
    } else {
        fill_number(row, transition->used_base);
    }
    if (transition->matter != ALERT_QUOTA) {
        fill_null(row);
    } else {
        fill_number(row, transition->allowed_base);
    }
}

void book_alert(struct book *book, struct effect_id id, const struct alert_transition *transition)
{
    bool of_crew = transition->scope == BALANCE_CREW;
    int64_t alert = alert_no(book, transition);
    struct book_filling row = book_fill(book, BOOK_ALERT_TRANSITION, "an alert's transition");
    fill_number(&row, alert);
    fill_id(&row, id);
    fill_text(&row, alert_state_name(transition->state));
    fill_number(&row, transition->at_us);
    fill_figures(&row, transition);
    fill_number(&row, transition->retro ? 1 : 0);
    fill_slot(&row, transition->slot, of_crew || transition->slot_known);
    fill_number(&row, transition->again ? 1 : 0);
    fill_text_or_null(&row, transition->by);
    fill_text_or_null(&row, transition->reason);
    fill_number_or_null(&row, transition->until_us, 0);
    fill_run(&row);
}

void book_period_document(struct book *book, struct period period, int64_t at_us, uint64_t position,
                          const char *json)
{
    char text[PERIOD_TEXT_MAX];
    struct book_filling row = book_fill(book, BOOK_PERIOD_DOCUMENT, "a period's document");

    fill_text(&row, period_format(period, text));
    fill_number(&row, period.from_day);
    fill_number(&row, period.until_day);
    fill_number(&row, at_us);
    fill_number(&row, (int64_t)position);
    fill_text(&row, json);
    fill_run(&row);
}

void book_handover(struct book *book, int32_t day, shift_id shift, int64_t at_us, uint64_t position,
                   const char *json)
{
    struct book_filling row = book_fill(book, BOOK_HANDOVER, "a handover summary");

    fill_number(&row, day);
    fill_number(&row, book_shift_no(book, shift));
    fill_number(&row, at_us);
    fill_number(&row, (int64_t)position);
    fill_text(&row, json);
    fill_run(&row);
}
