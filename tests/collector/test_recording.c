/* Recordings: what is written is read again byte for byte, and mistakes name file and line. */
#include "recording.h"

#include "scratch.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static char directory[SCRATCH_PATH_MAX], file[SCRATCH_PATH_MAX + 32];

static int setup(void **state)
{
    (void)state;
    scratch_make(directory);
    snprintf(file, sizeof file, "%s/r.jsonl", directory);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    scratch_remove(directory);
    return 0;
}

static void write_file(const char *text)
{
    FILE *out = fopen(file, "w");
    assert_non_null(out);
    fputs(text, out);
    fclose(out);
}

#define BYTES(text) text, sizeof(text) - 1

static const struct {
    const char *bytes;
    size_t length;
} payloads[] = {
    {BYTES("{\"ts\":\"2026-03-10T08:00:00Z\",\"value\":1.10}")},
    {BYTES("{ \"a\" : [ 1 , 2 ] }")},
    {BYTES("17")},
    {BYTES(" 17")},
    {BYTES("17 ")},
    {BYTES("1e400")},
    {BYTES("01")},
    {BYTES("null")},
    {BYTES("")},
    {BYTES(" ")},
    {BYTES("\"text\"")},
    {BYTES("\"")},
    {BYTES("text")},
    {BYTES("back\\slash \"quote\" \r\n\t")},
    {BYTES("{\"a\":\n1}")},
    {BYTES("{\"a\":1}\n")},
    {BYTES("{\"a\":\"\\u0000\\ud83d\\ude00\"}")},
    {BYTES("nul \0 inside")},
    {BYTES("\x01\x02")},
    {BYTES("\xff\xfe\x80")},
    {BYTES("{\"a\":\"\xc3\"}")},
    {BYTES("\xe7\x82\x89\xe5\x8f\xb7 \xf0\x9f\x94\xa5")},
    {BYTES("{\"a\":1,\"a\":2}")},
    {BYTES("{\"a\":1")},
    {BYTES("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]")},
};
#define PAYLOADS (sizeof payloads / sizeof payloads[0])

static void every_payload_comes_back_byte_for_byte(void **state)
{
    (void)state;
    struct failure failure = {0};
    struct recording_writer *writer = recording_writer_open(file, &failure);
    assert_non_null(writer);
    for (size_t i = 0; i < PAYLOADS; i++) {
        struct recording_message message = {.at_us = INT64_C(1773129600123456) + (int64_t)i,
                                            .topic = "a/\xe7\x82\x89/\"b\"",
                                            .topic_length = 9,
                                            .payload = payloads[i].bytes,
                                            .payload_length = payloads[i].length,
                                            .qos = (uint8_t)(i % 3),
                                            .retain = i % 2 == 1};
        assert_true(recording_writer_put(writer, &message, &failure));
    }
    assert_true(recording_writer_close(writer, &failure));
    struct recording_reader *reader = recording_reader_open(file, &failure);
    struct recording_message message;
    for (size_t i = 0; i < PAYLOADS; i++) {
        if (recording_reader_next(reader, &message, &failure) != 1) {
            fail_msg("payload %zu: %s", i, failure.text);
        }
        assert_int_equal(message.at_us, INT64_C(1773129600123456) + (int64_t)i);
        assert_string_equal(message.topic, "a/\xe7\x82\x89/\"b\"");
        assert_int_equal(message.topic_length, 9);
        assert_int_equal(message.payload_length, payloads[i].length);
        assert_memory_equal(message.payload, payloads[i].bytes, payloads[i].length);
        assert_int_equal(message.qos, i % 3);
        assert_int_equal(message.retain, i % 2 == 1);
    }
    assert_int_equal(recording_reader_next(reader, &message, &failure), 0);
    recording_reader_close(reader);
}

static void all_bytes_come_back_in_every_length(void **state)
{
    (void)state;
    unsigned char bytes[300];
    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = (unsigned char)(255 - i % 256);
    }
    struct failure failure = {0};
    struct recording_writer *writer = recording_writer_open(file, &failure);
    for (size_t i = 0; i <= sizeof bytes; i++) {
        struct recording_message message = {
            .topic = "t", .topic_length = 1, .payload = bytes, .payload_length = i};
        assert_true(recording_writer_put(writer, &message, &failure));
    }
    assert_true(recording_writer_close(writer, &failure));
    struct recording_reader *reader = recording_reader_open(file, &failure);
    struct recording_message message;
    for (size_t i = 0; i <= sizeof bytes; i++) {
        assert_int_equal(recording_reader_next(reader, &message, &failure), 1);
        assert_int_equal(message.payload_length, i);
        assert_memory_equal(message.payload, bytes, i);
    }
    recording_reader_close(reader);
}

static void payloads_are_taken_as_they_stand(void **state)
{
    (void)state;
    static const struct {
        const char *line, *payload;
    } cases[] = {
        {"{\"at\":\"2026-03-10T16:00:00+08:00\",\"topic\":\"t\",\"payload\": {\"v\" :1.50} }",
         "{\"v\" :1.50}"},
        {"{\"payload\":[ 1 ],\"topic\":\"t\",\"at\":\"2026-03-10T08:00:00Z\"}", "[ 1 ]"},
        {"  { \"at\" : \"2026-03-10T08:00:00Z\" , \"topic\" : \"t\" , \"payload\" : null }\r",
         "null"},
        {"{\"at\":\"2026-03-10T08:00:00Z\",\"topic\":\"t\",\"payload\":\"a\\\"\\u00e9\\n\"}",
         "a\"\xc3\xa9\n"},
        {"{\"at\":\"2026-03-10T08:00:00Z\",\"topic\":\"t\",\"payload\":\"\"}", ""},
        {"{\"at\":\"2026-03-10T08:00:00Z\",\"topic\":\"t\",\"payload_base64\":\"aGk=\"}", "hi"},
        {"{\"at\":\"2026-03-10T08:00:00Z\",\"topic\":\"t\",\"payload_base64\":\"\"}", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct failure failure = {0};
        struct recording_message message;
        write_file(cases[i].line);
        struct recording_reader *reader = recording_reader_open(file, &failure);
        if (recording_reader_next(reader, &message, &failure) != 1) {
            fail_msg("%s: %s", cases[i].line, failure.text);
        }
        assert_int_equal(message.at_us, INT64_C(1773129600000000));
        assert_int_equal(message.qos, 1);
        assert_false(message.retain);
        assert_int_equal(message.payload_length, strlen(cases[i].payload));
        assert_memory_equal(message.payload, cases[i].payload, message.payload_length);
        recording_reader_close(reader);
    }
}

static void a_mistake_names_file_and_line(void **state)
{
    (void)state;
#define AT "\"at\":\"2026-03-10T08:00:00Z\""
    static const struct {
        const char *line, *text;
    } cases[] = {
        {"x", "is no recorded message"},
        {"[]", "is no recorded message"},
        {"{}", "a key and a colon"},
        {"{" AT ",\"topic\":\"t\"}", "one of payload and payload_base64"},
        {"{" AT ",\"topic\":\"t\",\"payload\":1,\"payload_base64\":\"\"}", "one of payload"},
        {"{" AT ",\"topic\":\"t\",\"payload\":1} x", "nothing may follow"},
        {"{" AT ",\"topic\":\"t\",\"payload\":1", "must be ended"},
        {"{" AT ",\"topic\":\"t\",\"payload\":{\"a\":}}", "at byte 57: a value is expected"},
        {"{" AT ",\"topic\":\"t\",\"payload\":01}", "must be ended"},
        {"{" AT ",\"topic\":\"a/+\",\"payload\":1}", "\"topic\""},
        {"{" AT ",\"topic\":\"\",\"payload\":1}", "\"topic\""},
        {"{" AT ",\"topic\":5,\"payload\":1}", "\"topic\""},
        {"{" AT ",\"payload\":1}", "\"topic\""},
        {"{\"at\":\"2026-03-10T08:00:00\",\"topic\":\"t\",\"payload\":1}", "\"at\""},
        {"{\"topic\":\"t\",\"payload\":1}", "\"at\""},
        {"{" AT ",\"topic\":\"t\",\"payload\":1,\"qos\":3}", "\"qos\""},
        {"{" AT ",\"topic\":\"t\",\"payload\":1,\"retain\":1}", "\"retain\""},
        {"{" AT ",\"topic\":\"t\",\"payload\":1,\"retian\":true}", "\"retian\" is unknown"},
        {"{" AT ",\"topic\":\"t\",\"payload\":1,\"payload\":2}", "\"payload\" stands twice"},
        {"{" AT ",\"topic\":\"t\",\"payload_base64\":\"aGk\"}", "base64"},
        {"{" AT ",\"topic\":\"t\",\"payload_base64\":\"a===\"}", "base64"},
        {"{" AT ",\"topic\":\"t\",\"payload_base64\":\"aG!=\"}", "base64"},
        {"{" AT ",\"topic\":\"t\",\"payload_base64\":7}", "base64"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct failure failure = {0};
        struct recording_message message;
        char text[512], place[SCRATCH_PATH_MAX + 64];
        snprintf(text, sizeof text, "{" AT ",\"topic\":\"t\",\"payload\":1}\n\n%s\n",
                 cases[i].line);
        snprintf(place, sizeof place, "%s:3: ", file);
        write_file(text);
        struct recording_reader *reader = recording_reader_open(file, &failure);
        assert_int_equal(recording_reader_next(reader, &message, &failure), 1);
        if (recording_reader_next(reader, &message, &failure) != -1 ||
            failure.code != FAILURE_INPUT || strstr(failure.text, cases[i].text) == NULL ||
            strncmp(failure.text, place, strlen(place)) != 0) {
            fail_msg("%s: %s", cases[i].line, failure.text);
        }
        recording_reader_close(reader);
    }
}

static void lines_longer_than_the_buffer_are_read(void **state)
{
    (void)state;
    size_t size = 5u << 20;
    char *large = malloc(size);
    memset(large, 'x', size);
    struct failure failure = {0};
    struct recording_writer *writer = recording_writer_open(file, &failure);
    for (int i = 0; i < 3; i++) {
        struct recording_message message = {
            .topic = "t", .topic_length = 1, .payload = large, .payload_length = i == 1 ? size : 3};
        assert_true(recording_writer_put(writer, &message, &failure));
    }
    assert_true(recording_writer_close(writer, &failure));
    struct recording_reader *reader = recording_reader_open(file, &failure);
    struct recording_message message;
    for (int i = 0; i < 3; i++) {
        assert_int_equal(recording_reader_next(reader, &message, &failure), 1);
        assert_int_equal(message.payload_length, i == 1 ? size : 3);
        assert_memory_equal(message.payload, large, message.payload_length);
    }
    uint64_t read_bytes, whole_bytes;
    recording_reader_progress(reader, &read_bytes, &whole_bytes);
    assert_int_equal(read_bytes, whole_bytes);
    recording_reader_close(reader);
    free(large);
}

static void a_file_that_is_not_there_is_named(void **state)
{
    (void)state;
    struct failure failure = {0};
    assert_null(recording_reader_open(file, &failure));
    assert_int_equal(failure.code, FAILURE_INPUT);
    assert_non_null(strstr(failure.text, file));
    assert_null(recording_reader_open(directory, &failure));
    assert_non_null(strstr(failure.text, "no file"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(every_payload_comes_back_byte_for_byte), TEST(all_bytes_come_back_in_every_length),
        TEST(payloads_are_taken_as_they_stand),       TEST(a_mistake_names_file_and_line),
        TEST(lines_longer_than_the_buffer_are_read),  TEST(a_file_that_is_not_there_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
