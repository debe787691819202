#include "sim_product.h"

#include "book.h"
#include "dump.h"
#include "journal.h"
#include "outcome.h"
#include "pipeline.h"
#include "plant.h"
#include "plant_record.h"
#include "proof.h"
#include "reader.h"
#include "scratch.h"
#include "sim_random.h"

#include <inttypes.h>

#define SEGMENT_BYTES (128u << 10)

struct house {
    char directory[SCRATCH_PATH_MAX];
    char journal_path[SCRATCH_PATH_MAX + 16];
    struct journal *journal;
    struct book *book;
    struct pipeline *pipeline;
    struct failure failure;
};

static bool house_open_journal(struct house *house)
{
    uint64_t cut_bytes = 0;
    house->journal = journal_open(house->journal_path, SEGMENT_BYTES, &cut_bytes, &house->failure);
    if (house->journal != NULL && cut_bytes != 0) {
        return failure_set(&house->failure, FAILURE_CHECK, "a whole journal was cut by %llu bytes",
                           (unsigned long long)cut_bytes);
    }
    return house->journal != NULL;
}

static void house_start(struct house *house)
{
    house->pipeline = pipeline_create(house->journal, house->book);
    pipeline_mute(house->pipeline);
}

static bool house_open(struct house *house, const struct sim_plant *plant)
{
    scratch_make(house->directory);
    snprintf(house->journal_path, sizeof house->journal_path, "%s/journal", house->directory);
    struct plant *read = plant_read("plant.json", plant->text, NULL, &house->failure);
    bool good = read != NULL && house_open_journal(house) &&
                plant_record_ensure(house->journal, read, plant->start_us, &house->failure);
    plant_free(read);
    house->book = good ? book_open(":memory:", &house->failure) : NULL;
    if (house->book == NULL) {
        return false;
    }
    house_start(house);
    return true;
}

static void house_close(struct house *house)
{
    pipeline_destroy(house->pipeline);
    book_close(house->book);
    journal_close(house->journal);
    scratch_remove(house->directory);
}

/* As after a crash or a stop: what was appended and not taken yet is taken afterwards. */
static bool house_restart(struct house *house, bool reopen)
{
    pipeline_destroy(house->pipeline);
    house->pipeline = NULL;
    if (reopen) {
        journal_close(house->journal);
        house->journal = NULL;
        if (!house_open_journal(house)) {
            return false;
        }
    }
    house_start(house);
    return true;
}

static bool house_append(struct house *house, const struct sim_message *message)
{
    struct journal_record record = {
        .kind = message->tick ? JOURNAL_TICK : JOURNAL_MESSAGE,
        .qos = 1,
        .retain = message->retain,
        .dup = message->dup,
        .packet_id = message->packet_id,
        .session = message->session,
        .arrival_us = message->arrival_us,
        .topic = message->topic,
        .topic_length = strlen(message->topic),
        .payload = message->payload,
        .payload_length = strlen(message->payload),
    };
    return journal_append(house->journal, &record, &house->failure);
}

static bool house_feed(struct house *house, const struct sim_messages *messages)
{
    struct sim_random random = sim_random_stream(messages->count, 20, 0);
    int64_t often = sim_random_between(&random, 3, 400);
    for (size_t i = 0; i < messages->count; i++) {
        const struct sim_message *message = &messages->list[i];
        if ((message->restart || message->reopen) && !house_restart(house, message->reopen)) {
            return false;
        }
        if (!house_append(house, message)) {
            return false;
        }
        if (sim_random_between(&random, 0, often) == 0 &&
            !pipeline_drain(house->pipeline, NULL, &house->failure)) {
            return false;
        }
    }
    return pipeline_drain(house->pipeline, NULL, &house->failure) &&
           pipeline_show(house->pipeline, &house->failure);
}

static void take_proof(void *context, const struct proof_row *row)
{
    if (!row->holds) {
        fprintf(context, "%s: %s, %s\n", row->what, row->left, row->right);
    }
}

static bool take_outcome(void *context, const struct reader_row *row)
{
    struct sim_product *product = context;
    uint64_t count = strtoull(row->values[1], NULL, 10);
    product->outcomes += count;
    for (int i = 0; i < OUTCOME_COUNT; i++) {
        const struct outcome_info *info = outcome_info((enum outcome)i);
        if (strcmp(info->name, row->values[0]) == 0 && (info->held || info->refused)) {
            product->refused += count;
        }
    }
    return true;
}

static bool take_count(void *context, const struct reader_row *row)
{
    *(uint64_t *)context = strtoull(row->values[0], NULL, 10);
    return true;
}

/* Heats and idle, crews, and the booking meters: one sum an item; none may differ. */
static const char sums_sql[] =
    "SELECT i.id, COALESCE((SELECT SUM(amount_base) FROM heat_use WHERE item = i.id), 0),"
    "  COALESCE((SELECT SUM(amount_base) FROM crew_use_clock WHERE item = i.id), 0),"
    "  COALESCE((SELECT SUM(amount_base) FROM crew_use_owner WHERE item = i.id), 0),"
    "  COALESCE((SELECT SUM(s.booked_base) FROM meter_state s JOIN meter m ON m.no = s.meter"
    "    WHERE m.item = i.no AND m.role = 'book'), 0)"
    " FROM item i";

static bool take_sums(void *context, const struct reader_row *row)
{
    for (int i = 2; i < row->column_count; i++) {
        if (strcmp(row->values[1], row->values[i]) != 0) {
            fprintf(context, "%s: heats and idle %s, crews %s, owners %s, meters %s\n",
                    row->values[0], row->values[1], row->values[2], row->values[3], row->values[4]);
            break;
        }
    }
    return true;
}

static bool look(struct book *book, struct sim_product *product, struct failure *failure)
{
    struct reader *reader = book_reader(book);
    size_t length = 0;
    FILE *out = open_memstream(&product->history, &length);
    bool good = dump_write(reader, true, out, failure);
    fclose(out);
    out = open_memstream(&product->dump, &length);
    good = good && dump_write(reader, false, out, failure);
    fclose(out);
    out = open_memstream(&product->proof, &length);
    good = good && proof_run(reader, take_proof, out, failure) &&
           reader_query(reader, sums_sql, NULL, 0, take_sums, out, failure);
    fclose(out);
    return good &&
           reader_query(reader, "SELECT outcome, count FROM outcome_count", NULL, 0, take_outcome,
                        product, failure) &&
           reader_query(reader, "SELECT COUNT(*) FROM reject", NULL, 0, take_count,
                        &product->listed, failure);
}

/* A ledger that never saw a restart, from the same journal. */
static bool replay(struct house *house, struct sim_product *replayed)
{
    struct book *book = book_open(":memory:", &house->failure);
    if (book == NULL) {
        return false;
    }
    struct pipeline *pipeline = pipeline_create(house->journal, book);
    pipeline_prove_until(pipeline, journal_end(house->journal));
    bool good = pipeline_drain(pipeline, NULL, &house->failure) &&
                pipeline_show(pipeline, &house->failure) && look(book, replayed, &house->failure);
    pipeline_destroy(pipeline);
    book_close(book);
    return good;
}

bool sim_product_run(const struct sim_plant *plant, const struct sim_messages *messages,
                     struct sim_product *product, struct sim_product *replayed,
                     char text[SIM_FAILURE_MAX])
{
    struct house house = {0};
    bool good = house_open(&house, plant) && house_feed(&house, messages) &&
                look(house.book, product, &house.failure) &&
                (replayed == NULL || replay(&house, replayed));
    snprintf(text, SIM_FAILURE_MAX, "%s", good ? "" : house.failure.text);
    house_close(&house);
    return good;
}

void sim_product_clear(struct sim_product *product)
{
    free(product->dump);
    free(product->history);
    free(product->proof);
    *product = (struct sim_product){0};
}
