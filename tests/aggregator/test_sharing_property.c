/* Random days of one shift with every sharing key: told in order, out of order and twice, the books
 * are the same, by heat, station, crew and method, and add up to what went through each meter;
 * also where memory lets go of what is older than the exact window. A failure names its seed. */
#include "memory_history.h"
#include "sharing_plant.h"

#define SEEDS 60
#define LATENESS_US (10 * MINUTE_US) /* within the exact window of 15 minutes */
#define FACTS_MAX 4096
#define HEATS 24

enum { SUB_LF, SUB_BOF, BY_SUB, BY_RATIO, BY_TONNAGE, BY_SUB_PIECES, TO_NEXT, TICKETS, METERS };

struct day {
    uint64_t random;
    struct plant *plant;
    int64_t from_us, to_us;
    struct delivery {
        int64_t key_us;
        uint32_t number;
        struct fact fact;
    } facts[FACTS_MAX];
    size_t count;
    char heats[HEATS][8], ids[FACTS_MAX][12];
    size_t id_count;
    struct memory_history history; /* of the book that is open */
};

static int64_t below(struct day *day, int64_t limit)
{
    day->random = day->random * 6364136223846793005U + 1442695040888963407U;
    return (int64_t)((day->random >> 33) % (uint64_t)limit);
}

static void add(struct day *day, int64_t ts_us, struct fact fact)
{
    assert_true(day->count < FACTS_MAX);
    day->facts[day->count] = (struct delivery){ts_us, (uint32_t)day->count, fact};
    day->count++;
}

static void add_event(struct day *day, struct heat_event event)
{
    event.id = day->ids[day->id_count];
    snprintf(day->ids[day->id_count], sizeof day->ids[0], "e%zu", day->id_count);
    day->id_count++;
    add(day, event.ts_us, (struct fact){.kind = FACT_HEAT, .as.heat = event});
}

static void make_heats(struct day *day)
{
    int64_t at_us[2] = {day->from_us, day->from_us + 5 * MINUTE_US};
    for (int i = 0; i < HEATS; i++) {
        uint16_t station = (uint16_t)(i % 2 == 0 ? LF : BOF);
        int64_t start_us = at_us[i % 2];
        int64_t end_us = start_us + (1 + below(day, 40 * 60)) * TIMESTAMP_SECOND_US;
        snprintf(day->heats[i], sizeof day->heats[i], "H%d", (int)below(day, 9) * 100 + i);
        struct heat_event start = heat_event_of(HEAT_START, day->heats[i], station, start_us);
        struct heat_event end = heat_event_of(HEAT_END, day->heats[i], station, end_us);
        start.planned_g = below(day, 3) == 0 ? -1 : 90000000 + below(day, 20) * 1000000;
        end.steel_g = below(day, 3) == 0 ? -1 : 90000000 + below(day, 20000000);
        add_event(day, start);
        add_event(day, end);
        if (below(day, 3) == 0) {
            struct heat_event weight =
                heat_event_of(HEAT_WEIGHT, day->heats[i], CATALOG_NONE, end_us + 30 * MINUTE_US);
            weight.steel_g = 80000000 + below(day, 20000000);
            add_event(day, weight);
        }
        at_us[i % 2] += (1 + below(day, 45 * 60)) * TIMESTAMP_SECOND_US;
    }
}

static void make_readings(struct day *day, uint32_t meter, int64_t longest_s)
{
    enum meter_kind kind = day->plant->meters[meter].kind;
    int64_t at_us = day->from_us + below(day, 300) * TIMESTAMP_SECOND_US;
    int64_t value = below(day, 900);
    while (at_us < day->to_us) {
        value = kind == METER_REGISTER ? value + below(day, 200) : below(day, 20000);
        struct reading reading = reading_of(meter, at_us, value);
        if (kind == METER_EVENT) {
            reading.id = day->ids[day->id_count];
            snprintf(day->ids[day->id_count], sizeof day->ids[0], "t%zu", day->id_count);
            day->id_count++;
        }
        add(day, at_us, (struct fact){.kind = FACT_READING, .as.reading = reading});
        at_us += (20 + below(day, longest_s)) * TIMESTAMP_SECOND_US;
        at_us += below(day, 4) == 0 ? MINUTE_US - at_us % MINUTE_US : 0;
    }
}

static void make_plant(struct day *day)
{
    struct plant *plant = plant_create();
    int64_t noon_us = clock_at("12:00:00");
    day->plant = plant;
    plant_meter(plant, METER_REGISTER, LF);
    plant_meter(plant, METER_RATE, BOF);
    struct sharing_rule *rule =
        add_rule(plant_meter(plant, METER_REGISTER, CCM), SHARING_SUBMETER, INT64_MIN);
    add_part(rule, LF, SUB_LF, 0);
    add_part(rule, BOF, SUB_BOF, 0);
    struct meter *meter = plant_meter(plant, METER_REGISTER, CCM);
    rule = add_rule(meter, SHARING_RATIO, INT64_MIN);
    add_part(rule, LF, 0, 5);
    add_part(rule, BOF, 0, 3);
    rule = add_rule(meter, SHARING_POWER, noon_us);
    add_part(rule, LF, 0, 700);
    add_part(rule, BOF, 0, 1100);
    rule = add_rule(plant_meter(plant, METER_RATE, LF), SHARING_TONNAGE, INT64_MIN);
    add_part(rule, LF, 0, 0);
    add_part(rule, BOF, 0, 0);
    rule = add_rule(plant_meter(plant, METER_INCREMENT, CCM), SHARING_SUBMETER, INT64_MIN);
    add_part(rule, LF, SUB_LF, 0);
    add_part(rule, BOF, SUB_BOF, 0);
    meter = plant_meter(plant, METER_REGISTER, BOF);
    meter->idle = METER_IDLE_TO_NEXT;
    meter = plant_meter(plant, METER_EVENT, CCM);
    meter->idle = METER_IDLE_TO_NEXT;
    rule = add_rule(meter, SHARING_RATIO, INT64_MIN);
    add_part(rule, LF, 0, 2);
    add_part(rule, BOF, 0, 1);
    rule = add_rule(meter, SHARING_TIME, noon_us);
    add_part(rule, LF, 0, 0);
    add_part(rule, BOF, 0, 0);
}

static struct day *day_create(uint64_t seed)
{
    static const int64_t longest_s[METERS] = {200, 100, 1500, 300, 100, 1200, 200, 900};
    struct day *day = memory_zeroed(1, sizeof *day);
    day->random = seed * 0x9E3779B97F4A7C15U + 99;
    day->from_us = clock_at("08:10:00");
    day->to_us = clock_at("15:30:00");
    make_plant(day);
    make_heats(day);
    for (uint32_t meter = 0; meter < METERS; meter++) {
        make_readings(day, meter, longest_s[meter]);
    }
    int64_t takeover_us = clock_at("13:07:00") + below(day, 3600) * TIMESTAMP_SECOND_US;
    add(day, takeover_us, (struct fact){.kind = FACT_CREW, .as.crew = {takeover_us, {CREW_C}}});
    return day;
}

static void day_destroy(struct day *day)
{
    for (uint32_t meter = 0; meter < METERS; meter++) {
        free(day->plant->meters[meter].sharing);
    }
    plant_destroy(day->plant);
    free(day);
}

static int compare_deliveries(const void *left, const void *right)
{
    const struct delivery *a = left;
    const struct delivery *b = right;
    if (a->key_us != b->key_us) {
        return a->key_us < b->key_us ? -1 : 1;
    }
    return a->number < b->number ? -1 : a->number > b->number;
}

static struct book *deliver(struct day *day, bool disturbed, bool lets_go)
{
    struct delivery *order = memory_zeroed(2 * FACTS_MAX, sizeof *order);
    size_t count = 0;
    for (size_t i = 0; i < day->count; i++) {
        for (int64_t times = disturbed && below(day, 5) == 0 ? 2 : 1; times > 0; times--) {
            order[count] = day->facts[i];
            order[count].key_us += disturbed ? below(day, LATENESS_US) : 0;
            order[count].number = (uint32_t)count;
            count++;
        }
    }
    qsort(order, count, sizeof *order, compare_deliveries);
    struct book *book = book_open(day->plant);
    memory_history_init(&day->history);
    if (lets_go) {
        aggregator_set_history(book->aggregator, &day->history.methods);
    }
    for (size_t i = 0; i < count; i++) {
        enum outcome outcome = book_tell(book, &order[i].fact);
        if (outcome_info(outcome)->refused && outcome != OUTCOME_CONFLICT) {
            fail_msg("refused as %s: %s", outcome_info(outcome)->name, book->detail);
        }
    }
    free(order);
    return book;
}

/* One line a meter, heat, station, crew and method. */
struct line {
    uint32_t meter;
    char heat[CATALOG_ID_MAX + 1];
    uint16_t station, crew;
    enum sharing_method method;
    int64_t amount_base;
};

struct lines {
    struct line *items;
    size_t count, capacity;
};

static int compare_lines(const void *left, const void *right)
{
    const struct line *a = left;
    const struct line *b = right;
    int order = (int)a->meter - (int)b->meter;
    order = order != 0 ? order : strcmp(a->heat, b->heat);
    order = order != 0 ? order : (int)a->station - (int)b->station;
    order = order != 0 ? order : (int)a->crew - (int)b->crew;
    return order != 0 ? order : (int)a->method - (int)b->method;
}

static struct lines lines_of(const struct book *book)
{
    struct lines lines = {0};
    struct segment_list all = {0};
    for (size_t i = 0; i < book->count; i++) {
        segment_list_add(&all, &book->postings[i].segment);
    }
    for (uint32_t m = 0; m < METERS; m++) {
        aggregator_open(book->aggregator, (meter_id){m}, &all);
    }
    for (size_t i = 0; i < all.count; i++) {
        const struct segment *part = &all.items[i];
        memory_grow(&lines.items, lines.count, &lines.capacity, sizeof *lines.items);
        struct line *line = &lines.items[lines.count++];
        *line = (struct line){.meter = part->meter.index,
                              .station = part->station.index,
                              .crew = part->slot.crew.index,
                              .method = part->method,
                              .amount_base = part->amount_base};
        if (part->heat.value != 0) {
            strcpy(line->heat, heats_get(aggregator_heats(book->aggregator), part->heat)->id);
        }
    }
    segment_list_clear(&all);
    qsort(lines.items, lines.count, sizeof *lines.items, compare_lines);
    size_t kept = 0;
    for (size_t i = 0; i < lines.count; i++) {
        if (kept > 0 && compare_lines(&lines.items[kept - 1], &lines.items[i]) == 0) {
            lines.items[kept - 1].amount_base += lines.items[i].amount_base;
            continue;
        }
        kept -= kept > 0 && lines.items[kept - 1].amount_base == 0;
        lines.items[kept++] = lines.items[i];
    }
    kept -= kept > 0 && lines.items[kept - 1].amount_base == 0;
    lines.count = kept;
    return lines;
}

static void print_line(const char *side, const struct line *line)
{
    print_error("%s: meter %u heat \"%s\" station %u crew %u method %s: %lld\n", side, line->meter,
                line->heat, line->station, line->crew, sharing_method_name(line->method),
                (long long)line->amount_base);
}

static void check_equal(uint64_t seed, const struct lines *a, const struct lines *b)
{
    for (size_t i = 0; i < a->count || i < b->count; i++) {
        if (i < a->count && i < b->count && compare_lines(&a->items[i], &b->items[i]) == 0 &&
            a->items[i].amount_base == b->items[i].amount_base) {
            continue;
        }
        if (i < a->count) {
            print_line("in order", &a->items[i]);
        }
        if (i < b->count) {
            print_line("disturbed", &b->items[i]);
        }
        fail_msg("seed %llu: the books depend on the order", (unsigned long long)seed);
    }
}

/* What the books hold of a meter is what the meter shows that it booked. */
static void check_conservation(uint64_t seed, const struct book *book)
{
    for (uint32_t m = 0; m < METERS; m++) {
        struct meter_state shown;
        aggregator_meter(book->aggregator, (meter_id){m}, &shown);
        if (book_sum(book, m, NULL, -1) != shown.booked_base) {
            fail_msg("seed %llu: meter %u holds %lld, not %lld", (unsigned long long)seed, m,
                     (long long)book_sum(book, m, NULL, -1), (long long)shown.booked_base);
        }
    }
}

static void close_but_keep_plant(struct day *day, struct book *book)
{
    assert_int_equal(day->history.damaged, 0);
    aggregator_destroy(book->aggregator);
    free(book->postings);
    free(book->reversed);
    free(book);
    memory_history_clear(&day->history);
}

static void check_seed(uint64_t seed, bool methods[SHARING_METHOD_COUNT])
{
    struct day *day = day_create(seed);
    struct book *book = deliver(day, false, false);
    struct lines wanted = lines_of(book);
    check_conservation(seed, book);
    close_but_keep_plant(day, book);
    for (size_t i = 0; i < wanted.count; i++) {
        methods[wanted.items[i].method] = true;
    }
    for (int round = 0; round < 3; round++) {
        book = deliver(day, round > 0, round < 2);
        struct lines got = lines_of(book);
        check_equal(seed, &wanted, &got);
        check_conservation(seed, book);
        free(got.items);
        close_but_keep_plant(day, book);
    }
    free(wanted.items);
    day_destroy(day);
}

static void every_key_gives_the_same_books_in_any_order(void **state)
{
    (void)state;
    bool methods[SHARING_METHOD_COUNT] = {false};
    const char *alone = getenv("HEATLEDGER_SEED");
    if (alone != NULL) {
        check_seed(strtoull(alone, NULL, 10), methods);
        return;
    }
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        check_seed(seed, methods);
    }
    assert_true(methods[SHARING_EQUAL] && methods[SHARING_TIME] && methods[SHARING_TONNAGE] &&
                methods[SHARING_RATIO] && methods[SHARING_SUBMETER] && methods[SHARING_POWER] &&
                methods[SHARING_NEXT_HEAT]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_key_gives_the_same_books_in_any_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
