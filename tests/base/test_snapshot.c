/* Snapshots: what is written comes back, damage is refused, and whatever bytes come, nothing
 * outside of them is read. */
#include "snapshot.h"

#include "memory.h"
#include "scratch.h"
#include "snapshot_file.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <sys/stat.h>

#include <cmocka.h>

#define ROWS(table) (sizeof(table) / sizeof *(table))

static const int64_t numbers[] = {0,
                                  1,
                                  -1,
                                  63,
                                  -64,
                                  64,
                                  127,
                                  128,
                                  1773100800000000,
                                  INT64_C(1) << 53,
                                  INT64_MAX - 1,
                                  INT64_MIN + 1,
                                  INT64_MAX,
                                  INT64_MIN};
static const char *const texts[] = {NULL, "", "a", "转炉 3"};

static uint64_t random_next(uint64_t *state)
{
    *state = *state * 6364136223846793005U + 1442695040888963407U;
    return *state >> 33;
}

static void write_everything(struct snapshot_writer *writer)
{
    snapshot_begin(writer);
    snapshot_put_section(writer, "numbers", 3);
    for (size_t i = 0; i < ROWS(numbers); i++) {
        snapshot_put_number(writer, (uint64_t)numbers[i]);
        snapshot_put_signed(writer, numbers[i]);
        for (size_t k = 0; k < ROWS(numbers); k++) {
            snapshot_put_from(writer, numbers[i], numbers[k]);
            snapshot_put_moment(writer, numbers[i], numbers[k]);
        }
    }
    snapshot_put_section(writer, "texts", 1);
    for (size_t i = 0; i < ROWS(texts); i++) {
        snapshot_put_text(writer, texts[i]);
    }
    snapshot_put_flag(writer, true);
    snapshot_put_flag(writer, false);
    snapshot_put_bytes(writer, "\0\1\2", 3);
    snapshot_end(writer);
}

static void read_numbers(struct snapshot_reader *reader)
{
    assert_true(snapshot_get_section(reader, "numbers", 3));
    for (size_t i = 0; i < ROWS(numbers); i++) {
        assert_true(snapshot_get_number(reader, UINT64_MAX) == (uint64_t)numbers[i]);
        assert_true(snapshot_get_signed(reader) == numbers[i]);
        for (size_t k = 0; k < ROWS(numbers); k++) {
            assert_true(snapshot_get_from(reader, numbers[k]) == numbers[i]);
            assert_true(snapshot_get_moment(reader, numbers[k]) == numbers[i]);
        }
    }
}

static void what_is_written_comes_back(void **state)
{
    (void)state;
    struct snapshot_writer writer = {0};
    struct snapshot_reader reader;
    struct failure failure = {0};
    write_everything(&writer);
    assert_true(snapshot_open(&reader, writer.bytes, writer.count, &failure));
    read_numbers(&reader);
    assert_true(snapshot_get_section(&reader, "texts", 1));
    for (size_t i = 0; i < ROWS(texts); i++) {
        const char *text = snapshot_get_text(&reader, 100);
        assert_true((text == NULL) == (texts[i] == NULL));
        if (text != NULL) {
            assert_string_equal(text, texts[i]);
        }
    }
    assert_true(snapshot_get_flag(&reader));
    assert_false(snapshot_get_flag(&reader));
    assert_memory_equal(snapshot_get_bytes(&reader, 3), "\0\1\2", 3);
    assert_true(snapshot_close(&reader, &failure));
    snapshot_writer_clear(&writer);
}

static void never_and_none_take_a_byte(void **state)
{
    (void)state;
    struct snapshot_writer writer = {0};
    snapshot_begin(&writer);
    size_t before = writer.count;
    snapshot_put_moment(&writer, INT64_MAX, 1773100800000000);
    snapshot_put_moment(&writer, INT64_MIN, 1773100800000000);
    assert_int_equal(writer.count, before + 2);
    snapshot_writer_clear(&writer);
}

static void every_flipped_bit_and_every_cut_is_refused(void **state)
{
    (void)state;
    struct snapshot_writer writer = {0};
    struct snapshot_reader reader;
    write_everything(&writer);
    uint8_t *copy = memory_zeroed(writer.count, 1);
    for (size_t i = 0; i < writer.count * 8; i++) {
        struct failure failure = {0};
        memcpy(copy, writer.bytes, writer.count);
        copy[i / 8] ^= (uint8_t)(1u << i % 8);
        assert_false(snapshot_open(&reader, copy, writer.count, &failure));
        assert_int_equal(failure.code, FAILURE_RESOURCE);
        assert_int_equal(snapshot_get_number(&reader, 9), 0);
    }
    for (size_t count = 0; count < writer.count; count++) {
        uint8_t *cut = memory_zeroed(count, 1); /* so that reading behind it shows */
        memcpy(cut, writer.bytes, count);
        assert_false(snapshot_open(&reader, cut, count, NULL));
        free(cut);
    }
    free(copy);
    snapshot_writer_clear(&writer);
}

static void another_section_is_refused_by_its_name(void **state)
{
    (void)state;
    struct snapshot_writer writer = {0};
    struct snapshot_reader reader;
    struct failure failure = {0};
    write_everything(&writer);
    assert_true(snapshot_open(&reader, writer.bytes, writer.count, &failure));
    assert_false(snapshot_get_section(&reader, "numbers", 2));
    assert_false(snapshot_close(&reader, &failure));
    assert_non_null(strstr(failure.text, "\"numbers\" of version 2 should stand here, \"numbers\" "
                                         "of version 3 does, which a newer heatledger wrote"));
    assert_true(snapshot_open(&reader, writer.bytes, writer.count, &failure));
    read_numbers(&reader);
    assert_false(snapshot_get_section(&reader, "heats", 1));
    assert_non_null(strstr(reader.wrong.text, "\"heats\""));
    assert_non_null(strstr(reader.wrong.text, "\"texts\""));
    assert_int_equal(snapshot_get_signed(&reader), 0); /* broken for good */
    snapshot_writer_clear(&writer);
}

static void a_section_of_an_earlier_version_is_read_as_one(void **state)
{
    (void)state;
    struct snapshot_writer writer = {0};
    struct snapshot_reader reader;
    write_everything(&writer);
    assert_true(snapshot_open(&reader, writer.bytes, writer.count, NULL));
    assert_true(snapshot_get_section(&reader, "numbers", 4));
    assert_int_equal(reader.version, 3);
    snapshot_writer_clear(&writer);
}

/* One number as a whole snapshot. */
static struct snapshot_reader reader_of(struct snapshot_writer *writer, uint64_t number)
{
    struct snapshot_reader reader;
    snapshot_begin(writer);
    snapshot_put_number(writer, number);
    snapshot_end(writer);
    assert_true(snapshot_open(&reader, writer->bytes, writer->count, NULL));
    return reader;
}

static void what_is_beyond_its_limit_is_refused(void **state)
{
    (void)state;
    struct snapshot_writer writer = {0};
    struct snapshot_reader reader = reader_of(&writer, 8);
    assert_int_equal(snapshot_get_number(&reader, 8), 8);
    assert_true(snapshot_close(&reader, NULL));
    reader = reader_of(&writer, 9);
    assert_int_equal(snapshot_get_number(&reader, 8), 0);
    assert_false(snapshot_is_good(&reader));
    reader = reader_of(&writer, 9); /* -5 */
    assert_int_equal(snapshot_get_between(&reader, -4, 4), -4);
    assert_false(snapshot_is_good(&reader));
    reader = reader_of(&writer, 1); /* one element, and no bytes for it */
    assert_int_equal(snapshot_get_count(&reader, 100), 0);
    assert_false(snapshot_is_good(&reader));
    reader = reader_of(&writer, 0);
    struct failure failure = {0};
    assert_false(snapshot_close(&reader, &failure));
    assert_non_null(strstr(failure.text, "more follows"));
    snapshot_writer_clear(&writer);
}

/* Asks for anything, in any order. */
static void ask_for_anything(struct snapshot_reader *reader, uint64_t *random)
{
    char text[33];
    const char *there = NULL;
    switch (random_next(random) % 9) {
    case 0:
        assert_true(snapshot_get_number(reader, 1000) <= 1000);
        break;
    case 1:
        assert_true(snapshot_get_between(reader, -5, 5) <= 5);
        break;
    case 2:
        (void)snapshot_get_flag(reader);
        break;
    case 3:
        (void)snapshot_get_from(reader, INT64_MAX);
        break;
    case 4:
        assert_true(snapshot_get_count(reader, SIZE_MAX) <= reader->count);
        break;
    case 5:
        there = snapshot_get_text(reader, 5000);
        assert_true(there == NULL || strlen(there) <= 5000);
        break;
    case 6:
        snapshot_get_text_into(reader, text, 32);
        assert_true(strlen(text) <= 32);
        break;
    case 7:
        (void)snapshot_get_bytes(reader, random_next(random) % 64);
        break;
    default:
        (void)snapshot_get_moment(reader, INT64_MIN);
        break;
    }
}

static void any_bytes_are_read_without_harm(void **state)
{
    (void)state;
    uint64_t random = 11;
    for (int round = 0; round < 5000; round++) {
        struct snapshot_writer writer = {0};
        struct snapshot_reader reader;
        snapshot_begin(&writer);
        uint8_t small = round % 2 == 0 ? 0xFF : 0x0F;
        for (uint64_t i = random_next(&random) % 300; i > 0; i--) {
            uint8_t byte = (uint8_t)random_next(&random) & small;
            snapshot_put_bytes(&writer, &byte, 1);
        }
        snapshot_end(&writer);
        uint8_t *exact = memory_zeroed(writer.count, 1);
        memcpy(exact, writer.bytes, writer.count);
        assert_true(snapshot_open(&reader, exact, writer.count, NULL));
        for (int i = 0; i < 60 && snapshot_is_good(&reader); i++) {
            ask_for_anything(&reader, &random);
        }
        free(exact);
        snapshot_writer_clear(&writer);
    }
}

static void a_file_is_written_whole_or_not_at_all(void **state)
{
    (void)state;
    char folder[SCRATCH_PATH_MAX];
    char path[SCRATCH_PATH_MAX + 32];
    char fresh[SCRATCH_PATH_MAX + 64];
    uint8_t *bytes = NULL;
    size_t count = 0;
    struct failure failure = {0};
    scratch_make(folder);
    snprintf(path, sizeof path, "%s/17.snap", folder);
    snprintf(fresh, sizeof fresh, "%s.new", path);
    assert_false(snapshot_file_read(path, &bytes, &count, &failure));
    assert_non_null(strstr(failure.text, path));
    assert_true(snapshot_file_write(path, "first", 5, &failure));
    assert_int_equal(mkdir(fresh, 0700), 0); /* the next one cannot be written */
    assert_false(snapshot_file_write(path, "second", 6, &failure));
    assert_int_equal(failure.code, FAILURE_RESOURCE);
    assert_true(snapshot_file_read(path, &bytes, &count, &failure));
    assert_int_equal(count, 5);
    assert_memory_equal(bytes, "first", 5);
    free(bytes);
    assert_int_equal(rmdir(fresh), 0);
    assert_true(snapshot_file_write(path, "second", 6, &failure));
    assert_true(snapshot_file_read(path, &bytes, &count, &failure));
    assert_memory_equal(bytes, "second", 6);
    assert_int_not_equal(access(fresh, F_OK), 0);
    free(bytes);
    scratch_remove(folder);
}

struct spilled {
    struct snapshot_writer bytes; /* only gathers */
    size_t pieces;
};

static void gather(void *context, const void *bytes, size_t count)
{
    struct spilled *spilled = context;
    snapshot_put_bytes(&spilled->bytes, bytes, count);
    spilled->pieces++;
}

static void write_much(struct snapshot_writer *writer)
{
    uint64_t state = 7;
    snapshot_begin(writer);
    snapshot_put_section(writer, "much", 1);
    for (int i = 0; i < 200000; i++) {
        snapshot_put_number(writer, random_next(&state));
    }
    snapshot_put_bytes(writer, texts[3], strlen(texts[3]));
    snapshot_end(writer);
}

static void what_is_spilled_is_what_would_lie_in_memory(void **state)
{
    (void)state;
    struct spilled spilled = {0};
    struct snapshot_writer whole = {0};
    struct snapshot_writer writer = {.spill = gather, .spill_context = &spilled};
    struct snapshot_reader reader;
    write_much(&whole);
    for (int round = 0; round < 2; round++) { /* a writer is used again */
        spilled.bytes.count = 0;
        spilled.pieces = 0;
        write_much(&writer);
        assert_int_equal(writer.count, 0);
        assert_int_equal(spilled.bytes.count, whole.count);
        assert_memory_equal(spilled.bytes.bytes, whole.bytes, whole.count);
        assert_true(spilled.pieces > whole.count / (2 * SNAPSHOT_SPILL_BYTES));
    }
    assert_true(writer.capacity < 2 * SNAPSHOT_SPILL_BYTES);
    assert_true(snapshot_open(&reader, spilled.bytes.bytes, spilled.bytes.count, NULL));
    snapshot_writer_clear(&spilled.bytes);
    snapshot_writer_clear(&whole);
    snapshot_writer_clear(&writer);
}

static void a_file_in_pieces_that_is_given_up_leaves_the_one_before(void **state)
{
    (void)state;
    char folder[SCRATCH_PATH_MAX];
    char path[SCRATCH_PATH_MAX + 16];
    uint8_t *bytes = NULL;
    size_t count = 0;
    struct failure failure = {0};
    scratch_make(folder);
    snprintf(path, sizeof path, "%s/state.snap", folder);
    struct snapshot_file *file = snapshot_file_begin(path, &failure);
    snapshot_file_add(file, "fir", 3);
    snapshot_file_add(file, "st", 2);
    assert_int_not_equal(access(path, F_OK), 0); /* not before its end */
    assert_true(snapshot_file_end(file, &failure));
    file = snapshot_file_begin(path, &failure);
    snapshot_file_add(file, "second", 6);
    snapshot_file_drop(file);
    assert_true(snapshot_file_read(path, &bytes, &count, &failure));
    assert_int_equal(count, 5);
    assert_memory_equal(bytes, "first", 5);
    free(bytes);
    assert_null(snapshot_file_begin("/nowhere/at/all", &failure));
    assert_int_equal(failure.code, FAILURE_RESOURCE);
    scratch_remove(folder);
}

static void a_piece_that_finds_no_room_is_told_at_the_end(void **state)
{
    (void)state;
    struct failure failure = {0};
    char folder[SCRATCH_PATH_MAX];
    char path[SCRATCH_PATH_MAX + 16], fresh[SCRATCH_PATH_MAX + 24];
    scratch_make(folder);
    snprintf(path, sizeof path, "%s/state.snap", folder);
    snprintf(fresh, sizeof fresh, "%s.new", path);
    assert_int_equal(symlink("/dev/full", fresh), 0);
    struct snapshot_file *file = snapshot_file_begin(path, &failure);
    assert_non_null(file);
    snapshot_file_add(file, "lost", 4);
    snapshot_file_add(file, "too", 3);
    assert_false(snapshot_file_end(file, &failure));
    assert_non_null(strstr(failure.text, strerror(ENOSPC)));
    assert_int_not_equal(access(path, F_OK), 0);
    scratch_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_comes_back),
        cmocka_unit_test(never_and_none_take_a_byte),
        cmocka_unit_test(every_flipped_bit_and_every_cut_is_refused),
        cmocka_unit_test(another_section_is_refused_by_its_name),
        cmocka_unit_test(a_section_of_an_earlier_version_is_read_as_one),
        cmocka_unit_test(what_is_beyond_its_limit_is_refused),
        cmocka_unit_test(any_bytes_are_read_without_harm),
        cmocka_unit_test(a_file_is_written_whole_or_not_at_all),
        cmocka_unit_test(what_is_spilled_is_what_would_lie_in_memory),
        cmocka_unit_test(a_file_in_pieces_that_is_given_up_leaves_the_one_before),
        cmocka_unit_test(a_piece_that_finds_no_room_is_told_at_the_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
