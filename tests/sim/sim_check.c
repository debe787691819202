#include "sim_check.h"

#include "memory.h"
#include "quantity.h"
#include "sim_accounts.h"
#include "sim_loose.h"
#include "sim_oracle.h"
#include "sim_product.h"
#include "sim_random.h"
#include "timestamp.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define REPLAY_EVERY 3 /* seeds of which the journal is read a second time */

void sim_case_make(struct sim_case *one, uint64_t seed, uint64_t disabled, bool late)
{
    *one = (struct sim_case){.seed = seed, .facts = {.disabled = disabled, .late = late}};
    one->facts.rows = memory_zeroed(SIM_FACTS_MAX, sizeof *one->facts.rows);
    sim_plant_make(&one->plant, seed, disabled);
    sim_truth_make(&one->plant, seed, &one->facts);
}

void sim_case_clear(struct sim_case *one)
{
    free(one->plant.text);
    free(one->facts.rows);
}

static bool fail(struct sim_verdict *verdict, const char *rule, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static bool fail(struct sim_verdict *verdict, const char *rule, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    verdict->good = false;
    snprintf(verdict->rule, sizeof verdict->rule, "%s", rule);
    vsnprintf(verdict->story, sizeof verdict->story, format, arguments);
    va_end(arguments);
    return false;
}

/* "item\tmeter\theat\tday\tshift\tcrew", as the dump begins a line of use. */
static void row_key(const struct sim_plant *plant, const struct sim_row *row, char key[160])
{
    char day[TIMESTAMP_TEXT_MAX], crew[16];
    const struct sim_meter *meter = &plant->meters[row->meter];
    snprintf(key, 160, "%s\t%s\t%s\t%s\t%s\t%s", plant->items[meter->item].id, meter->id, row->heat,
             timestamp_format_day(row->day, day), plant->shifts[row->shift].id,
             sim_crew_name(row->crew, crew));
}

struct line {
    char text[200]; /* key, tab, amount */
    char quality;
    const struct sim_row *row;
};

static int compare_lines(const void *a, const void *b)
{
    return strcmp(((const struct line *)a)->text, ((const struct line *)b)->text);
}

static struct line *expected_lines(const struct sim_plant *plant, const struct sim_ledger *ledger,
                                   size_t *count)
{
    struct line *lines = memory_zeroed(ledger->row_count + 1, sizeof *lines);
    *count = 0;
    for (size_t i = 0; i < ledger->row_count; i++) {
        const struct sim_row *row = &ledger->rows[i];
        char key[160], amount[QUANTITY_TEXT_MAX];
        if (row->amount_base == 0) {
            continue;
        }
        row_key(plant, row, key);
        unsigned decimals = plant->items[plant->meters[row->meter].item].decimals;
        snprintf(lines[*count].text, sizeof lines->text, "%s\t%s", key,
                 quantity_to_text(row->amount_base, decimals, amount));
        lines[(*count)++].row = row;
    }
    qsort(lines, *count, sizeof *lines, compare_lines);
    return lines;
}

/* A line "use\t…\tquality" of a dump, or "check\t…", which has no heat: as one with an empty heat.
 * False for any other. */
static bool read_line(const char *at, size_t length, struct line *line)
{
    bool check = strncmp(at, "check\t", 6) == 0;
    size_t begin = check ? 6 : 4;
    if ((!check && strncmp(at, "use\t", 4) != 0) || length >= sizeof line->text) {
        return false;
    }
    *line = (struct line){.quality = at[length - 1]};
    memcpy(line->text, at + begin, length - begin - 2);
    char *day = strchr(line->text, '\t');
    day = day == NULL ? NULL : strchr(day + 1, '\t');
    if (check && day != NULL) {
        memmove(day + 1, day, strlen(day) + 1);
    }
    return true;
}

static struct line *booked_lines(const char *dump, size_t *count)
{
    struct line *lines = NULL;
    size_t capacity = 0;
    *count = 0;
    for (const char *at = dump; at != NULL && *at != '\0';) {
        const char *end = strchr(at, '\n');
        struct line line;
        if (read_line(at, end == NULL ? strlen(at) : (size_t)(end - at), &line)) {
            memory_grow(&lines, *count, &capacity, sizeof *lines);
            lines[(*count)++] = line;
        }
        at = end == NULL ? NULL : end + 1;
    }
    if (lines != NULL) {
        qsort(lines, *count, sizeof *lines, compare_lines);
    }
    return lines;
}

/* Whether which row a unit of a meter goes to depends on when its readings came. */
static bool is_loose(const struct sim_ledger *ledger, bool late, int meter)
{
    return ledger->guessed[meter] || (late && ledger->dense[meter]);
}

static bool any_loose(const struct sim_ledger *ledger, bool late)
{
    bool any = false;
    for (int meter = 0; meter < SIM_METERS_MAX; meter++) {
        any = any || is_loose(ledger, late, meter);
    }
    return any;
}

/* Takes away the lines of those meters. */
static size_t drop_loose(const struct sim_plant *plant, const struct sim_ledger *ledger, bool late,
                         struct line *lines, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        bool loose = false;
        for (int meter = 0; meter < plant->meter_count; meter++) {
            char part[32];
            snprintf(part, sizeof part, "\t%s\t", plant->meters[meter].id);
            loose = loose || (is_loose(ledger, late, meter) && strstr(lines[i].text, part) != NULL);
        }
        if (!loose) {
            lines[kept++] = lines[i];
        }
    }
    return kept;
}

/* What the meters booked altogether, dense or not. */
static bool same_meters(const struct sim_plant *plant, const struct sim_ledger *ledger,
                        const char *dump, struct sim_verdict *verdict)
{
    for (int meter = 0; meter < plant->meter_count; meter++) {
        const struct sim_meter *about = &plant->meters[meter];
        char line[128], amount[QUANTITY_TEXT_MAX];
        int64_t sum_base = 0;
        for (size_t i = 0; i < ledger->row_count; i++) {
            sum_base += ledger->rows[i].meter == meter ? ledger->rows[i].amount_base : 0;
        }
        snprintf(line, sizeof line, "\nmeter\t%s\t%s\t%s\n", about->id,
                 plant->items[about->item].id,
                 quantity_to_text(sum_base, plant->items[about->item].decimals, amount));
        if (sum_base != 0 && strstr(dump, line) == NULL) {
            return fail(verdict, "meter", "oracle%.*s, not in the dump", (int)strlen(line) - 2,
                        line + 1);
        }
    }
    return true;
}

/* Takes away the lines of heats that gave or took steel. */
static size_t drop_moved(const struct sim_plant *plant, const struct sim_ledger *ledger,
                         struct line *lines, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        struct sim_amount amount;
        sim_amount_read(plant, lines[i].text, false, &amount);
        if (sim_loose_moves(ledger, amount.heat) == 0) {
            lines[kept++] = lines[i];
        }
    }
    return kept;
}

static bool same_sums(const struct sim_plant *plant, const struct sim_ledger *ledger,
                      const struct line *left, size_t wanted, const struct line *right, size_t got,
                      struct sim_verdict *verdict)
{
    char story[SIM_STORY_MAX] = "";
    struct sim_amount *amounts = memory_zeroed(wanted + got + 1, sizeof *amounts);
    for (size_t i = 0; i < wanted + got; i++) {
        bool product = i >= wanted;
        sim_amount_read(plant, product ? right[i - wanted].text : left[i].text, product,
                        &amounts[i]);
    }
    bool same = sim_loose_agrees(ledger, amounts, wanted + got, story, sizeof story) ||
                fail(verdict, "sums", "%s", story);
    free(amounts);
    return same;
}

static bool same_use(const struct sim_plant *plant, const struct sim_ledger *ledger,
                     const char *dump, bool late, struct sim_verdict *verdict)
{
    static const char letters[] = "MIUCSE";
    size_t wanted = 0, got = 0;
    struct line *left = expected_lines(plant, ledger, &wanted);
    struct line *right = booked_lines(dump, &got);
    bool same = true;
    wanted = drop_loose(plant, ledger, late, left, wanted);
    got = drop_loose(plant, ledger, late, right, got);
    if (!any_loose(ledger, late)) {
        same = same_sums(plant, ledger, left, wanted, right, got, verdict);
    }
    wanted = drop_moved(plant, ledger, left, wanted);
    got = drop_moved(plant, ledger, right, got);
    for (size_t i = 0; same && (i < wanted || i < got); i++) {
        int order = i >= wanted ? 1 : i >= got ? -1 : strcmp(left[i].text, right[i].text);
        if (order != 0) {
            same = fail(verdict, "use", "oracle  %s\n  product %s", i < wanted ? left[i].text : "-",
                        i < got ? right[i].text : "-");
            break;
        }
        const char *letter = strchr(letters, right[i].quality);
        int quality = letter == NULL || *letter == '\0' ? -1 : (int)(letter - letters);
        if (quality < left[i].row->quality_best || quality > left[i].row->quality_worst) {
            same = fail(verdict, "quality", "%s: product %c, oracle %c to %c", right[i].text,
                        right[i].quality, letters[left[i].row->quality_best],
                        letters[left[i].row->quality_worst]);
        }
    }
    free(left);
    free(right);
    return same;
}

static bool same_owners(const struct sim_plant *plant, const struct sim_ledger *ledger,
                        const char *dump, struct sim_verdict *verdict)
{
    for (size_t i = 0; i < ledger->owner_count; i++) {
        char begin[64], owner[96], day[TIMESTAMP_TEXT_MAX], crew[16];
        const struct sim_owner *row = &ledger->owners[i];
        snprintf(begin, sizeof begin, "\nheat\t%s\t", row->heat);
        snprintf(owner, sizeof owner, "\t%s\t%s\t%s\t", timestamp_format_day(row->day, day),
                 plant->shifts[row->shift].id, sim_crew_name(row->crew, crew));
        const char *line = strstr(dump, begin);
        const char *end = line == NULL ? NULL : strchr(line + 1, '\n');
        const char *found = line == NULL ? NULL : strstr(line, owner);
        if (end == NULL || found == NULL || found > end) {
            return fail(verdict, "owner", "oracle%s product%.*s", owner,
                        end == NULL ? 0 : (int)(end - line - 1), line == NULL ? "" : line + 1);
        }
    }
    return true;
}

/* What is left of each heat's steel, and that no heat stands there that is none. */
static bool same_steel(const struct sim_case *one, const struct sim_ledger *ledger,
                       const char *dump, struct sim_verdict *verdict)
{
    for (size_t i = 0; i < ledger->steel_count; i++) {
        char begin[64], wanted[QUANTITY_TEXT_MAX] = "", got[QUANTITY_TEXT_MAX] = "";
        const struct sim_steel *steel = &ledger->steels[i];
        snprintf(begin, sizeof begin, "\nheat\t%s\t", steel->heat);
        const char *line = strstr(dump, begin);
        const char *at = line == NULL ? NULL : strchr(line + strlen(begin), '\t');
        if (at != NULL) {
            snprintf(got, sizeof got, "%.*s", (int)strcspn(at + 1, "\t"), at + 1);
        }
        if (steel->steel_g >= 0) {
            quantity_to_text(steel->steel_g, 3, wanted);
        }
        if (at == NULL || strcmp(wanted, got) != 0) {
            return fail(verdict, "steel", "heat %s: oracle '%s', product '%s'", steel->heat, wanted,
                        at == NULL ? "no such heat" : got);
        }
    }
    struct sim_facts resolved;
    sim_heats_resolve(&one->facts, &resolved);
    bool good = true;
    for (size_t i = 0; good && i < one->facts.count; i++) {
        char begin[64];
        const struct sim_fact *fact = &one->facts.rows[i];
        snprintf(begin, sizeof begin, "\nheat\t%s\t", fact->heat);
        if (fact->kind == SIM_FACT_HEAT && strstr(dump, begin) != NULL &&
            !sim_heats_stands(&resolved, fact->heat)) {
            good = fail(verdict, "steel", "heat %s is no heat, but stands in the dump", fact->heat);
        }
    }
    free(resolved.rows);
    return good;
}

/* What heats and crew-shifts earned by that steel. */
static bool same_earned(const struct sim_plant *plant, const struct sim_ledger *ledger,
                        const char *earned, struct sim_verdict *verdict)
{
    char story[SIM_STORY_MAX] = "";
    return sim_accounts_agree(plant, ledger, earned, story, sizeof story) ||
           fail(verdict, "earned", "%s", story);
}

static bool same_text(const char *left, const char *right, const char *rule,
                      struct sim_verdict *verdict)
{
    while (*left != '\0' || *right != '\0') {
        size_t left_length = strcspn(left, "\n"), right_length = strcspn(right, "\n");
        if (left_length != right_length || memcmp(left, right, left_length) != 0) {
            return fail(verdict, rule, "first  %.*s\n  second %.*s", (int)left_length, left,
                        (int)right_length, right);
        }
        left += left_length + (left[left_length] == '\n');
        right += right_length + (right[right_length] == '\n');
    }
    return true;
}

static bool all_counted(const struct sim_messages *messages, const struct sim_product *product,
                        struct sim_verdict *verdict)
{
    uint64_t least = 0, most = 0;
    for (size_t i = 0; i < messages->count; i++) {
        least += messages->list[i].outcomes_least;
        most += messages->list[i].outcomes_most;
    }
    if (product->outcomes < least || product->outcomes > most) {
        return fail(verdict, "outcomes", "%" PRIu64 " outcomes of %" PRIu64 " to %" PRIu64 " facts",
                    product->outcomes, least, most);
    }
    if (product->listed < product->refused) {
        return fail(verdict, "listed", "%" PRIu64 " refused or held, %" PRIu64 " listed",
                    product->refused, product->listed);
    }
    return true;
}

/* Another order, other copies, other delays: the same net ledger. */
static bool same_again(struct sim_case *one, const char *dump, struct sim_verdict *verdict)
{
    struct sim_messages messages = {0};
    struct sim_product product = {0};
    char text[SIM_FAILURE_MAX];
    sim_delivery_make(&one->plant, &one->facts, one->seed + UINT64_C(1) * 0x5deece66d, &messages);
    bool same = sim_product_run(&one->plant, &messages, SIM_NET, &product, text);
    if (!same) {
        fail(verdict, "product", "%s", text);
    } else {
        same = same_text(dump, product.dump, "order", verdict);
    }
    sim_product_clear(&product);
    sim_messages_clear(&messages);
    return same;
}

/* Whether facts come that change what is long past. */
static bool is_late(const struct sim_case *one)
{
    return one->facts.late || one->facts.rewrites;
}

void sim_case_check(struct sim_case *one, bool thorough, struct sim_verdict *verdict)
{
    struct sim_messages messages = {0};
    struct sim_product product = {0};
    struct sim_ledger ledger = {0};
    char text[SIM_FAILURE_MAX];
    bool replay = thorough || one->seed % REPLAY_EVERY == 0;
    *verdict = (struct sim_verdict){.good = true};
    sim_delivery_make(&one->plant, &one->facts, one->seed, &messages);
    verdict->messages = messages.count;
    sim_oracle_book(&one->plant, &one->facts, &ledger);
    verdict->ambiguous = ledger.ambiguous > 0;
    if (!sim_product_run(&one->plant, &messages, replay ? SIM_REPLAYED : SIM_PROVED, &product,
                         text)) {
        fail(verdict, "product", "%s", text);
    } else {
        (void)(same_meters(&one->plant, &ledger, product.dump, verdict) &&
               same_use(&one->plant, &ledger, product.dump, is_late(one), verdict) &&
               same_steel(one, &ledger, product.dump, verdict) &&
               same_owners(&one->plant, &ledger, product.dump, verdict) &&
               same_earned(&one->plant, &ledger, product.earned, verdict) &&
               same_text("", product.proof, "conservation", verdict) &&
               (!replay || same_text(product.history, product.replayed, "replay", verdict)) &&
               all_counted(&messages, &product, verdict) &&
               (!thorough || any_loose(&ledger, is_late(one)) ||
                same_again(one, product.dump, verdict)));
    }
    sim_product_clear(&product);
    sim_ledger_clear(&ledger);
    sim_messages_clear(&messages);
}

static void write_recording(const struct sim_messages *messages, FILE *out)
{
    for (size_t i = 0; i < messages->count; i++) {
        const struct sim_message *message = &messages->list[i];
        char at[TIMESTAMP_TEXT_MAX];
        if (message->tick) {
            continue;
        }
        fprintf(out, "{\"at\":\"%s\",\"topic\":\"%s\"%s,\"payload\":",
                timestamp_format(message->arrival_us, 0, at), message->topic,
                message->retain ? ",\"retain\":true" : "");
        putc('"', out);
        for (const char *c = message->payload; *c != '\0'; c++) {
            fprintf(out, *c == '"' || *c == '\\' ? "\\%c" : "%c", *c);
        }
        fprintf(out, "\"}\n");
    }
}

bool sim_case_write(struct sim_case *one, const char *directory, FILE *out)
{
    static const char *const names[] = {"plant.json", "messages.jsonl"};
    struct sim_messages messages = {0};
    struct sim_product product = {0};
    struct sim_ledger ledger = {0};
    char text[SIM_FAILURE_MAX] = "";
    sim_delivery_make(&one->plant, &one->facts, one->seed, &messages);
    for (int i = 0; directory != NULL && i < 2; i++) {
        char path[512];
        snprintf(path, sizeof path, "%s/%s", directory, names[i]);
        FILE *file = fopen(path, "w");
        if (file == NULL) {
            perror(path);
            return false;
        }
        if (i == 0) {
            fputs(one->plant.text, file);
        } else {
            write_recording(&messages, file);
        }
        fclose(file);
    }
    size_t wanted = 0, got = 0;
    sim_oracle_book(&one->plant, &one->facts, &ledger);
    sim_product_run(&one->plant, &messages, SIM_NET, &product, text);
    struct line *left = expected_lines(&one->plant, &ledger, &wanted);
    struct line *right = booked_lines(product.dump, &got);
    fprintf(out, "%s\n", text);
    for (size_t i = 0, j = 0; i < wanted || j < got;) {
        int order = i >= wanted ? 1 : j >= got ? -1 : strcmp(left[i].text, right[j].text);
        if (order <= 0) {
            fprintf(out, "%s %s\t%c-%c%s", order < 0 ? "oracle " : "both   ", left[i].text,
                    "MIUCSE"[left[i].row->quality_best], "MIUCSE"[left[i].row->quality_worst],
                    order < 0 ? "\n" : "");
            i++;
        } else {
            fprintf(out, "product %s", right[j].text);
        }
        if (order >= 0) {
            fprintf(out, "\t%c\n", right[j].quality);
            j++;
        }
    }
    free(left);
    free(right);
    sim_product_clear(&product);
    sim_ledger_clear(&ledger);
    sim_messages_clear(&messages);
    return true;
}
