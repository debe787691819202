#include "sim_product.h"

#include "book.h"
#include "dump.h"
#include "journal.h"
#include "memory.h"
#include "outcome.h"
#include "pipeline.h"
#include "pipeline_snapshot.h"
#include "plant.h"
#include "plant_record.h"
#include "proof.h"
#include "reader.h"
#include "scratch.h"
#include "sim_accounts.h"
#include "sim_random.h"
#include "sim_state.h"

#include <dirent.h>
#include <inttypes.h>

#define SEGMENT_BYTES (128u << 10)
#define UNKNOWN_KIND 99 /* of a record of the journal */
#define SAVED_EVERY 6   /* looks at what came, on average, between two snapshots */
#define RESUMED_EVERY 9 /* … between two restarts from one that no message asks for */

struct house {
    char directory[SCRATCH_PATH_MAX];
    char journal_path[SCRATCH_PATH_MAX + 16], book_path[SCRATCH_PATH_MAX + 16];
    struct journal *journal;
    struct book *book;
    struct pipeline *pipeline;
    struct snapshot_writer snapshot; /* the last one; empty: none was made */
    struct sim_random snapshots;     /* decides when one is made and used */
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

/* From the journal's start, or, every other time, from the last snapshot. */
static bool house_start_with(struct house *house, struct journal *journal)
{
    struct snapshot_reader reader;
    house->pipeline = pipeline_create(journal, house->book);
    pipeline_mute(house->pipeline);
    return house->snapshot.count == 0 || sim_random_between(&house->snapshots, 0, 1) == 0 ||
           (snapshot_open(&reader, house->snapshot.bytes, house->snapshot.count, &house->failure) &&
            pipeline_load(house->pipeline, &reader, &house->failure));
}

static bool house_start(struct house *house)
{
    return house_start_with(house, house->journal);
}

static bool house_open(struct house *house, const struct sim_plant *plant, bool on_disk)
{
    scratch_make(house->directory);
    snprintf(house->journal_path, sizeof house->journal_path, "%s/journal", house->directory);
    struct plant *read = plant_read("plant.json", plant->text, NULL, &house->failure);
    bool good = read != NULL && house_open_journal(house) &&
                plant_record_ensure(house->journal, read, plant->start_us, &house->failure);
    plant_free(read);
    snprintf(house->book_path, sizeof house->book_path, "%s", ":memory:");
    if (on_disk) { /* what is not committed has to be lost */
        snprintf(house->book_path, sizeof house->book_path, "%s/ledger.db", house->directory);
    }
    house->book = good ? book_open(house->book_path, &house->failure) : NULL;
    return house->book != NULL && house_start(house);
}

static void house_close(struct house *house)
{
    pipeline_destroy(house->pipeline);
    book_close(house->book);
    journal_close(house->journal);
    snapshot_writer_clear(&house->snapshot);
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
    return house_start(house);
}

static bool copy_file(const char *from, const char *to)
{
    char bytes[16384];
    size_t got = 0;
    FILE *in = fopen(from, "rb");
    FILE *out = in == NULL ? NULL : fopen(to, "wb");
    bool good = out != NULL;
    while (good && (got = fread(bytes, 1, sizeof bytes, in)) > 0) {
        good = fwrite(bytes, 1, got, out) == got;
    }
    good = (out == NULL || fclose(out) == 0) && good;
    return (in == NULL || fclose(in) == 0) && good;
}

static bool copy_directory(const char *from, const char *to)
{
    char left[SCRATCH_PATH_MAX + 272], right[SCRATCH_PATH_MAX + 272];
    DIR *directory = opendir(from);
    bool good = directory != NULL && mkdir(to, 0700) == 0;
    const struct dirent *entry = NULL;
    while (good && (entry = readdir(directory)) != NULL) {
        snprintf(left, sizeof left, "%s/%s", from, entry->d_name);
        snprintf(right, sizeof right, "%s/%s", to, entry->d_name);
        good = entry->d_name[0] == '.' || copy_file(left, right);
    }
    if (directory != NULL) {
        closedir(directory);
    }
    return good;
}

/* The program takes what came since it looked last, and dies before it commits: of a copy of the
 * journal, at the end of which stands a record that it cannot take. */
static bool house_die(struct house *house)
{
    char path[SCRATCH_PATH_MAX + 16];
    struct journal_record poison = {.kind = UNKNOWN_KIND, .topic = "", .payload = ""};
    struct failure died = {0};
    uint64_t cut_bytes = 0;
    snprintf(path, sizeof path, "%s/copy", house->directory);
    if (!copy_directory(house->journal_path, path)) {
        return failure_set(&house->failure, FAILURE_RESOURCE, "the journal cannot be copied");
    }
    struct journal *copy = journal_open(path, SEGMENT_BYTES, &cut_bytes, &house->failure);
    if (copy == NULL || !journal_append(copy, &poison, &house->failure)) {
        journal_close(copy);
        return false;
    }
    pipeline_destroy(house->pipeline);
    if (!house_start_with(house, copy)) {
        journal_close(copy);
        return false;
    }
    bool lived = pipeline_drain(house->pipeline, NULL, &died);
    pipeline_destroy(house->pipeline);
    house->pipeline = NULL;
    book_close(house->book);
    journal_close(copy);
    scratch_remove(path);
    house->book = lived ? NULL : book_open(house->book_path, &house->failure);
    if (house->book == NULL) {
        return failure_set(&house->failure, FAILURE_CHECK, "a batch without an end was committed");
    }
    return house_start(house);
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

/* The program looks at what came; now and then it makes a snapshot then, or is started again. */
static bool house_look(struct house *house)
{
    if (!pipeline_drain(house->pipeline, NULL, &house->failure)) {
        return false;
    }
    if (sim_random_between(&house->snapshots, 1, SAVED_EVERY) == 1 &&
        !pipeline_save(house->pipeline, &house->snapshot, &house->failure)) {
        return false;
    }
    return sim_random_between(&house->snapshots, 1, RESUMED_EVERY) != 1 ||
           house_restart(house, false);
}

static bool house_feed(struct house *house, const struct sim_messages *messages)
{
    struct sim_random random = sim_random_stream(messages->count, 20, 0);
    house->snapshots = sim_random_stream(messages->count, 21, 0);
    int64_t often = sim_random_between(&random, 3, 400);
    for (size_t i = 0; i < messages->count; i++) {
        const struct sim_message *message = &messages->list[i];
        if ((message->restart || message->reopen) && !house_restart(house, message->reopen)) {
            return false;
        }
        if (message->kill && !house_die(house)) {
            return false;
        }
        if (!house_append(house, message)) {
            return false;
        }
        if (sim_random_between(&random, 0, often) == 0 && !house_look(house)) {
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
    "SELECT i.id, COALESCE(h.amount, 0), COALESCE(c.amount, 0), COALESCE(o.amount, 0),"
    "  COALESCE((SELECT SUM(s.booked_base) FROM meter_state s JOIN meter m ON m.no = s.meter"
    "    WHERE m.item = i.no AND m.role = 'book'), 0)"
    " FROM item i LEFT JOIN (SELECT item, SUM(amount_base) AS amount FROM heat_use GROUP BY item) h"
    "   ON h.item = i.id"
    "  LEFT JOIN (SELECT item, SUM(amount_base) AS amount FROM crew_use_clock GROUP BY item) c"
    "   ON c.item = i.id"
    "  LEFT JOIN (SELECT item, SUM(amount_base) AS amount FROM crew_use_owner GROUP BY item) o"
    "   ON o.item = i.id";

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

static bool read_dump(struct book *book, bool history, char **text, struct failure *failure)
{
    size_t length = 0;
    FILE *out = open_memstream(text, &length);
    bool good = dump_write(book_reader(book), history, out, failure) &&
                (!history || sim_state_write(book_reader(book), out, failure));
    fclose(out);
    return good;
}

/* The net ledger stands before the history, in the same words. */
static char *net_part(const char *history)
{
    static const char *const kinds[] = {"posting",  "heat-version", "alert",      "reject",
                                        "handover", "outcome",      "quota-entry"};
    size_t length = strlen(history);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        char begin[32];
        snprintf(begin, sizeof begin, "\n%s\t", kinds[i]);
        const char *at = strstr(history, begin);
        size_t before = at == NULL ? length : (size_t)(at - history) + 1;
        length = before < length ? before : length;
    }
    char *net = memory_text(history);
    net[length] = '\0';
    return net;
}

static bool take_earned(void *context, const struct reader_row *row)
{
    fprintf(context, "\n%s", row->values[0]);
    return true;
}

static bool read_earned(struct book *book, char **text, struct failure *failure)
{
    size_t length = 0;
    FILE *out = open_memstream(text, &length);
    bool good =
        reader_query(book_reader(book), sim_accounts_sql, NULL, 0, take_earned, out, failure);
    fclose(out);
    return good;
}

static bool prove(struct book *book, struct sim_product *product, struct failure *failure)
{
    struct reader *reader = book_reader(book);
    size_t length = 0;
    FILE *out = open_memstream(&product->proof, &length);
    bool good = proof_run(reader, take_proof, out, failure) &&
                reader_query(reader, sums_sql, NULL, 0, take_sums, out, failure);
    fclose(out);
    return good && read_earned(book, &product->earned, failure) &&
           reader_query(reader, "SELECT outcome, count FROM outcome_count", NULL, 0, take_outcome,
                        product, failure) &&
           reader_query(reader, "SELECT COUNT(*) FROM reject", NULL, 0, take_count,
                        &product->listed, failure);
}

/* A ledger that never saw a restart, from the same journal. */
static bool replay(struct house *house, char **history)
{
    struct book *book = book_open(":memory:", &house->failure);
    if (book == NULL) {
        return false;
    }
    struct pipeline *pipeline = pipeline_create(house->journal, book);
    pipeline_prove_until(pipeline, journal_end(house->journal));
    bool good = pipeline_drain(pipeline, NULL, &house->failure) &&
                pipeline_show(pipeline, &house->failure) &&
                read_dump(book, true, history, &house->failure);
    pipeline_destroy(pipeline);
    book_close(book);
    return good;
}

bool sim_product_run(const struct sim_plant *plant, const struct sim_messages *messages,
                     enum sim_depth depth, struct sim_product *product, char text[SIM_FAILURE_MAX])
{
    struct house house = {0};
    bool replayed = depth == SIM_REPLAYED;
    bool good = house_open(&house, plant, messages->kills) && house_feed(&house, messages) &&
                read_dump(house.book, replayed, replayed ? &product->history : &product->dump,
                          &house.failure) &&
                (depth == SIM_NET || prove(house.book, product, &house.failure)) &&
                (!replayed || replay(&house, &product->replayed));
    if (good && replayed) {
        product->dump = net_part(product->history);
    }
    snprintf(text, SIM_FAILURE_MAX, "%s", good ? "" : house.failure.text);
    house_close(&house);
    return good;
}

void sim_product_clear(struct sim_product *product)
{
    free(product->dump);
    free(product->history);
    free(product->replayed);
    free(product->proof);
    free(product->earned);
    *product = (struct sim_product){0};
}
