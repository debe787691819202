/* The state of a snapshot into a ledger that was taken back to the snapshot's position. */
#include "book_copy.h"
#include "pipeline_snapshot.h"
#include "pipeline_state.h"
#include "plant_book.h"

static void give_slot(void *context, const struct slot_times *times)
{
    struct pipeline *pipeline = context;
    book_slot(pipeline->book, times->slot, times->start_us, times->end_us);
}

/* Stays and reviews are replaced whole in the ledger, which does not know when. */
static void give_heat(struct pipeline *pipeline, heat_no no)
{
    const struct heats *heats = aggregator_heats(pipeline->aggregator);
    struct heat_review reviews[HEATS_REVIEWS_MAX];
    size_t stay_count = 0;
    const struct heat_stay *stays = heats_stays(heats, no, &stay_count);
    book_stays_clear(pipeline->book, no);
    for (size_t i = 0; i < stay_count; i++) {
        book_stay(pipeline->book, &stays[i]);
    }
    size_t review_count = heats_reviews(heats, no, reviews, HEATS_REVIEWS_MAX);
    book_reviews_clear(pipeline->book, no);
    for (size_t i = 0; i < review_count; i++) {
        book_review(pipeline->book, &reviews[i]);
    }
}

bool pipeline_give_again(struct pipeline *pipeline, struct failure *failure)
{
    struct plant_book described;
    REQUIRE(pipeline->plant != NULL && book_position(pipeline->book) == pipeline->position);
    pipeline_batch(pipeline);
    plant_book_fill(&described, pipeline->plant, pipeline->plant_version, pipeline->position);
    book_plant_again(pipeline->book, &described.book);
    plant_book_clear(&described);
    slots_list(pipeline->slots, give_slot, pipeline);
    uint32_t heat_count = heats_count(aggregator_heats(pipeline->aggregator));
    for (uint32_t no = 1; no <= heat_count; no++) {
        give_heat(pipeline, (heat_no){no});
    }
    pipeline_show_forget(pipeline);
    return pipeline_commit(pipeline, failure);
}
