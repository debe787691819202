/* Which snapshots stay, and when the journal before them goes. */
#include "house.h"
#include "snapshot_list.h"
#include "snapshots.h"

#include <time.h>

#define FILLING_BYTES 2000 /* of a message that only fills the journal */
#define KEEP_DAYS 10

static const char plant_text[] =
    "{\"shop\": \"S1\", \"zone\": \"UTC\", \"production_day_start\": \"00:00:00\","
    " \"items\": [{\"id\": \"electricity\", \"unit\": \"kWh\", \"resolution\": \"1\"}],"
    " \"stations\": [{\"id\": \"LF\", \"last\": true}],"
    " \"meters\": [{\"id\": \"E1\", \"item\": \"electricity\", \"station\": \"LF\","
    "               \"kind\": \"register\", \"resolution\": \"1\"}],"
    " \"shifts\": [{\"id\": \"day\", \"start\": \"00:00:00\"}],"
    " \"crews\": [{\"id\": \"A\"}],"
    " \"roster\": {\"epoch\": \"2026-03-10\", \"cycle\": [\"day\"], \"offsets\": {\"A\": 0}}}";

struct shop {
    struct house house;
    struct snapshots snapshots;
    int64_t day_us; /* of the newest messages */
};

static void open_shop(struct shop *shop)
{
    const struct journal_settings settings = {.segment_bytes = HOUSE_SEGMENT_BYTES,
                                              .durability = JOURNAL_PROCESS,
                                              .sync_ms = 1,
                                              .keep_days = KEEP_DAYS};
    uint64_t cut_bytes = 0;
    struct failure failure = {0};
    house_open(&shop->house, plant_text, "01T00:00:00");
    journal_close(shop->house.journal);
    shop->house.journal = journal_open_with(shop->house.path, &settings, &cut_bytes, &failure);
    house_require(shop->house.journal != NULL &&
                      snapshots_open(&shop->snapshots, shop->house.directory, &failure),
                  &failure);
    pipeline_destroy(shop->house.pipeline);
    shop->house.pipeline =
        snapshots_resume(&shop->snapshots, shop->house.journal, shop->house.book, &failure);
    house_require(shop->house.pipeline != NULL, &failure);
    shop->day_us = house_us("01T12:00:00");
}

/* Several segments of messages arrive `days` later; then a snapshot is made. */
static void later(struct shop *shop, int days)
{
    char filling[FILLING_BYTES];
    struct failure failure = {0};
    memset(filling, 'x', sizeof filling);
    shop->day_us += days * TIMESTAMP_DAY_US;
    for (int i = 0; i < 100; i++) {
        struct journal_record record = {.kind = JOURNAL_MESSAGE,
                                        .arrival_us = shop->day_us + i * TIMESTAMP_SECOND_US,
                                        .topic = "filling",
                                        .topic_length = strlen("filling"),
                                        .payload = filling,
                                        .payload_length = sizeof filling};
        house_require(journal_append(shop->house.journal, &record, &failure), &failure);
    }
    house_drain(&shop->house);
    house_require(snapshots_take(&shop->snapshots, shop->house.pipeline, &failure), &failure);
}

static size_t count_bases(const struct shop *shop, size_t *all)
{
    struct snapshot_list list;
    size_t bases = 0;
    snapshot_list_read(&list, shop->snapshots.directory);
    for (size_t i = 0; i < list.count; i++) {
        bases += list.entries[i].base;
    }
    *all = list.count;
    snapshot_list_clear(&list);
    return bases;
}

/* One byte of the base of that number, the oldest first, is another. */
static void damage_base(const struct shop *shop, size_t number)
{
    char name[SNAPSHOT_LIST_NAME_MAX], path[SNAPSHOTS_PATH_MAX + SNAPSHOT_LIST_NAME_MAX];
    struct snapshot_list list;
    snapshot_list_read(&list, shop->snapshots.directory);
    for (size_t i = list.count; i > 0; i--) {
        if (list.entries[i - 1].base && number-- == 0) {
            snapshot_list_name(&list.entries[i - 1], name);
        }
    }
    snapshot_list_clear(&list);
    snprintf(path, sizeof path, "%s/%s", shop->snapshots.directory, name);
    FILE *file = fopen(path, "r+e");
    assert_non_null(file);
    fseek(file, 60, SEEK_SET);
    fputc('!', file);
    fclose(file);
}

static void close_shop(struct shop *shop)
{
    house_close(&shop->house);
}

static void nothing_goes_before_a_base_is_old_enough(void **state)
{
    (void)state;
    struct shop shop;
    size_t all = 0;
    uint64_t first = 0, oldest = 0;
    open_shop(&shop);
    assert_false(snapshots_oldest_position(&shop.snapshots, &oldest));
    later(&shop, 0);
    assert_true(snapshots_oldest_position(&shop.snapshots, &first));
    later(&shop, 5);
    later(&shop, 5); /* ten days: the first base's day has not ended ten days ago */
    assert_false(journal_is_shortened(shop.house.journal));
    assert_int_equal(count_bases(&shop, &all), 1);
    assert_int_equal(all, 3); /* the newest two, and the base */
    assert_true(snapshots_oldest_position(&shop.snapshots, &oldest));
    assert_int_equal(oldest, first);
    close_shop(&shop);
}

static void what_stands_before_a_base_that_is_old_enough_goes(void **state)
{
    (void)state;
    struct shop shop;
    size_t all = 0;
    uint64_t oldest = 0;
    open_shop(&shop);
    later(&shop, 0);
    later(&shop, 5);
    later(&shop, 7);
    assert_true(journal_is_shortened(shop.house.journal));
    assert_int_equal(count_bases(&shop, &all), 1);
    assert_true(snapshots_oldest_position(&shop.snapshots, &oldest));
    assert_true(journal_begin(shop.house.journal) <= oldest); /* it can go on from there */
    later(&shop, 20); /* 32 days after the first one: another base */
    assert_int_equal(count_bases(&shop, &all), 2);
    later(&shop, 12); /* … with which the kept time begins */
    assert_int_equal(count_bases(&shop, &all), 1);
    close_shop(&shop);
}

static void for_a_damaged_base_nothing_goes(void **state)
{
    (void)state;
    struct shop shop;
    size_t all = 0;
    open_shop(&shop);
    later(&shop, 0);
    later(&shop, 12);
    uint64_t begin = journal_begin(shop.house.journal);
    later(&shop, 20);
    assert_int_equal(count_bases(&shop, &all), 2);
    damage_base(&shop, 1);
    later(&shop, 12);
    assert_int_equal(count_bases(&shop, &all), 2);
    assert_int_equal(journal_begin(shop.house.journal), begin);
    close_shop(&shop);
}

/* The clock of the machine is what it is now: records that came while it ran ahead let nothing go.
 */
static void a_record_of_the_future_lets_nothing_go(void **state)
{
    (void)state;
    struct shop shop;
    open_shop(&shop);
    time_t now_s = time(NULL);
    shop.day_us = (int64_t)now_s * TIMESTAMP_SECOND_US;
    later(&shop, 0);
    later(&shop, 20);
    assert_false(journal_is_shortened(shop.house.journal));
    close_shop(&shop);
}

static void without_its_beginning_and_snapshots_a_journal_is_refused(void **state)
{
    (void)state;
    struct shop shop;
    struct failure failure = {0};
    size_t all = 0;
    open_shop(&shop);
    later(&shop, 0);
    later(&shop, 12);
    later(&shop, 1);
    assert_true(journal_is_shortened(shop.house.journal));
    struct book *empty = book_open(":memory:", &failure);
    struct pipeline *pipeline =
        snapshots_resume(&shop.snapshots, shop.house.journal, empty, &failure);
    assert_null(pipeline);
    assert_int_equal(failure.code, FAILURE_RESOURCE);
    assert_non_null(strstr(failure.text, "restore a backup"));
    assert_int_equal(count_bases(&shop, &all), 1); /* nothing was removed for it */
    assert_int_equal(all, 3);
    book_close(empty);
    close_shop(&shop);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_goes_before_a_base_is_old_enough),
        cmocka_unit_test(what_stands_before_a_base_that_is_old_enough_goes),
        cmocka_unit_test(for_a_damaged_base_nothing_goes),
        cmocka_unit_test(a_record_of_the_future_lets_nothing_go),
        cmocka_unit_test(without_its_beginning_and_snapshots_a_journal_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
