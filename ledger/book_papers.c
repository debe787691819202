/* What people handed in, a row each. */
#include "book_store.h"

static void fill_text_or_null(struct book_filling *row, const char *text)
{
    if (text == NULL) {
        fill_null(row);
    } else {
        fill_text(row, text);
    }
}

/* quota, item, crew, to_crew: by the numbers of their names. */
static void fill_names(struct book_filling *row, const struct book_paper *taken)
{
    const struct book *book = row->book;
    const struct paper *paper = taken->paper;
    const int64_t none = -1;
    bool known = row->statement != NULL;
    bool of_quota = known && taken->quota.index != CATALOG_NONE;
    bool of_item = known && paper->item.index != CATALOG_NONE;
    bool of_crew = known && paper->crew.index != CATALOG_NONE;
    bool to_crew = known && paper->to_crew.index != CATALOG_NONE;
    fill_number_or_null(row, of_quota ? book_quota_no(book, taken->quota) : none, none);
    fill_number_or_null(row, of_item ? book_item_no(book, paper->item) : none, none);
    fill_number_or_null(row, of_crew ? book_crew_no(book, paper->crew) : none, none);
    fill_number_or_null(row, to_crew ? book_crew_no(book, paper->to_crew) : none, none);
}

static void fill_period(struct book_filling *row, const struct period *period,
                        char text[PERIOD_TEXT_MAX])
{
    if (period->kind == PERIOD_KINDS) {
        for (int i = 0; i < 3; i++) {
            fill_null(row);
        }
        return;
    }
    fill_text(row, period_format(*period, text));
    fill_number(row, period->from_day);
    fill_number(row, period->until_day);
}

void book_paper(struct book *book, const struct book_paper *taken)
{
    const struct paper *paper = taken->paper;
    const int64_t numbers[] = {
        paper->from_us,   paper->amount_e9,  paper->target_e9,  paper->limit_e9,
        paper->tonnes_e9, paper->rate_e9,    paper->opening_e9, paper->sunk_e9,
        paper->saving_e9, paper->life_years, paper->hurdle_e9,
    };
    const char *texts[] = {
        paper->of,     paper->order,       paper->name,   paper->code, paper->reason,
        paper->action, paper->approved_by, paper->meters, paper->text,
    };
    char period[PERIOD_TEXT_MAX];
    struct book_filling row = book_fill(book, BOOK_PAPER, "a paper");
    fill_number(&row, (int64_t)taken->id.position);
    fill_number(&row, taken->id.ordinal);
    fill_text(&row, taken->paper_id);
    fill_text(&row, paper_form(paper->kind)->event);
    fill_text(&row, paper_state_name(taken->state));
    fill_number(&row, paper->ts_us);
    fill_number(&row, taken->taken_at_us);
    fill_text(&row, paper->by);
    fill_names(&row, taken);
    fill_period(&row, &paper->period, period);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        fill_number_or_null(&row, numbers[i], PAPER_NOT_GIVEN);
    }
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        fill_text_or_null(&row, texts[i]);
    }
    fill_run(&row);
}
