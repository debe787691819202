/* Which messages the broker sends again: by packet id, bytes, and what may still be unacknowledged.
 */
#include "redelivery.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SENT_MAX 16

/* A message: '-' new, 'd' with DUP; `fresh`: the broker's session is a new one since the last. */
struct sent {
    char dup;
    uint32_t session;
    uint16_t packet_id;
    const char *payload;
    bool fresh, again; /* again: it is a duplicate */
};

struct row {
    const char *name;
    struct sent sent[SENT_MAX];
};

static struct journal_record record_of(const struct sent *sent, uint64_t position)
{
    return (struct journal_record){
        .kind = JOURNAL_MESSAGE,
        .qos = 1,
        .dup = sent->dup == 'd',
        .fresh = sent->fresh,
        .packet_id = sent->packet_id,
        .session = sent->session,
        .topic = "t",
        .topic_length = 1,
        .payload = sent->payload,
        .payload_length = strlen(sent->payload),
        .position = position,
    };
}

static const struct row rows[] = {
    {"sent again on the next connection",
     {{'-', 1, 7, "a", true, false}, {'d', 2, 7, "a", false, true}}},
    {"sent again twice, as that connection was lost, too",
     {{'-', 1, 7, "a", true, false}, {'d', 2, 7, "a", false, true}, {'d', 3, 7, "a", false, true}}},
    {"all that is unacknowledged, in its order",
     {{'-', 1, 7, "a", true, false},
      {'-', 1, 8, "b", false, false},
      {'d', 2, 7, "a", false, true},
      {'d', 2, 8, "b", false, true}}},
    {"a part on one connection, the rest on the next",
     {{'-', 1, 7, "a", true, false},
      {'-', 1, 8, "b", false, false},
      {'d', 2, 7, "a", false, true},
      {'d', 3, 8, "b", false, true}}},
    {"without DUP it is another message",
     {{'-', 1, 7, "a", true, false}, {'-', 2, 7, "a", false, false}}},
    {"another packet id", {{'-', 1, 7, "a", true, false}, {'d', 2, 8, "a", false, false}}},
    {"the id was given to another message, which was lost on its way",
     {{'-', 1, 7, "a", true, false},
      {'d', 2, 7, "b", false, false},
      {'d', 3, 7, "b", false, true}}},
    {"the id came to another message in between",
     {{'-', 1, 7, "a", true, false},
      {'-', 1, 7, "b", false, false},
      {'d', 2, 7, "a", false, false}}},
    {"a new message says that all before its connection was acknowledged",
     {{'-', 1, 7, "a", true, false},
      {'-', 2, 8, "b", false, false},
      {'d', 3, 7, "a", false, false}}},
    {"what came again on that connection was not",
     {{'-', 1, 7, "a", true, false},
      {'d', 2, 7, "a", false, true},
      {'-', 2, 8, "b", false, false},
      {'d', 3, 7, "a", false, true}}},
    {"the broker has lost the session",
     {{'-', 1, 7, "a", true, false}, {'d', 2, 7, "a", true, false}, {'d', 3, 7, "a", false, true}}},
    {"… and says so with another message",
     {{'-', 1, 7, "a", true, false},
      {'-', 2, 1, "b", true, false},
      {'d', 3, 7, "a", false, false}}},
};

static void sent_again_by_the_broker(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct redelivery *redelivery = redelivery_create();
        uint64_t first[UINT8_MAX] = {0};
        for (size_t n = 0; n < SENT_MAX && rows[i].sent[n].payload != NULL; n++) {
            const struct sent *sent = &rows[i].sent[n];
            uint64_t position = 0;
            struct journal_record record = record_of(sent, 100 + n);
            bool again = redelivery_take(redelivery, &record, &position);
            if (again != sent->again) {
                fail_msg("%s: message %zu is %s", rows[i].name, n, again ? "one" : "none");
            }
            size_t id = sent->packet_id;
            assert_int_equal(again ? position : 0, again ? first[id] : 0);
            first[id] = again ? first[id] : record.position;
        }
        redelivery_destroy(redelivery);
    }
}

static void only_what_a_broker_sends_at_qos_1_comes_again(void **state)
{
    (void)state;
    static const struct sent sent = {'d', 2, 7, "a", false, true};
    const struct journal_record good = record_of(&sent, 100);
    struct journal_record others[] = {good, good, good, good};
    others[0].qos = 0;
    others[1].packet_id = 0;
    others[2].kind = JOURNAL_ENTRY;
    others[3].topic = "u";
    uint64_t position;
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        struct redelivery *redelivery = redelivery_create();
        struct journal_record first = others[i];
        first.dup = false;
        first.topic = "t";
        assert_false(redelivery_take(redelivery, &first, &position));
        assert_false(redelivery_take(redelivery, &others[i], &position));
        redelivery_destroy(redelivery);
    }
}

/* A broker that counts packet ids round comes to the same one after 65535 messages. */
static void what_is_older_than_half_of_the_packet_ids_was_acknowledged(void **state)
{
    (void)state;
    for (uint32_t between = REDELIVERY_WINDOW - 2; between <= REDELIVERY_WINDOW - 1; between++) {
        struct redelivery *redelivery = redelivery_create();
        struct sent sent = {'-', 1, 1, "a", true, false};
        uint64_t position;
        struct journal_record record = record_of(&sent, 5);
        assert_false(redelivery_take(redelivery, &record, &position));
        for (uint32_t i = 0; i < between; i++) {
            sent = (struct sent){'-', 1, (uint16_t)(2 + i), "b", false, false};
            record = record_of(&sent, 6 + i);
            assert_false(redelivery_take(redelivery, &record, &position));
        }
        sent = (struct sent){'d', 2, 1, "a", false, false};
        record = record_of(&sent, 99999);
        assert_int_equal(redelivery_take(redelivery, &record, &position),
                         between == REDELIVERY_WINDOW - 2);
        redelivery_destroy(redelivery);
    }
}

/* From every place within every row: the rest comes out the same. */
static void a_snapshot_knows_what_may_come_again(void **state)
{
    (void)state;
    struct snapshot_writer writer = {0};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        for (size_t at = 0; at < SENT_MAX && rows[i].sent[at].payload != NULL; at++) {
            struct redelivery *redelivery = redelivery_create();
            for (size_t n = 0; n < SENT_MAX && rows[i].sent[n].payload != NULL; n++) {
                uint64_t position = 0;
                struct journal_record record = record_of(&rows[i].sent[n], 100 + n);
                assert_int_equal(redelivery_take(redelivery, &record, &position),
                                 rows[i].sent[n].again);
                if (n != at) {
                    continue;
                }
                struct snapshot_reader reader;
                struct failure failure = {0};
                snapshot_begin(&writer);
                redelivery_save(redelivery, &writer);
                snapshot_end(&writer);
                redelivery_destroy(redelivery);
                redelivery = redelivery_create();
                assert_true(snapshot_open(&reader, writer.bytes, writer.count, &failure));
                redelivery_load(redelivery, &reader);
                if (!snapshot_close(&reader, &failure)) {
                    fail_msg("%s, after %zu: %s", rows[i].name, n, failure.text);
                }
            }
            redelivery_destroy(redelivery);
        }
    }
    snapshot_writer_clear(&writer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sent_again_by_the_broker),
        cmocka_unit_test(only_what_a_broker_sends_at_qos_1_comes_again),
        cmocka_unit_test(what_is_older_than_half_of_the_packet_ids_was_acknowledged),
        cmocka_unit_test(a_snapshot_knows_what_may_come_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
