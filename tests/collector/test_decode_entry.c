/* What a person enters: decisions, readings, the roster, alerts. */
#include "decoded.h"

#define ENTRY "plant/X/entry"
#define BY "\"by\":\"li\",\"event\":"
#define DAY0 "\"day\":\"2026-03-10\""

static const struct decoded_case entries[] = {
    {ENTRY, "{\"by\":\"leader-a\",\"event\":\"remark\",\"n\":1.10}",
     "other by leader-a @0 {\"by\":\"leader-a\",\"event\":\"remark\",\"n\":1.10}", 0, NULL},
    {ENTRY, "{\"event\":\"ack\"}", "", OUTCOME_BAD_FIELD, "\"by\" is missing"},
    {ENTRY, "{" T0 "," BY "\"accept\",\"meter\":\"E02\",\"at\":\"2026-03-10T07:59:00Z\"}",
     "accept by li @0 E02 at -60000", 0, NULL},
    {ENTRY,
     "{" BY "\"reject\",\"meter\":\"E02\",\"at\":\"2026-03-10T07:59:00Z\",\"value\":1.5,"
     "\"reason\":\"测试\"}",
     "reject by li @0 E02 at -60000 value 1500 reason 测试", 0, NULL},
    {ENTRY, "{" BY "\"accept\",\"meter\":\"E02\"}", "", OUTCOME_BAD_FIELD, "\"at\" is missing"},
    {ENTRY, "{" BY "\"accept\",\"meter\":\"E99\",\"at\":\"2026-03-10T07:59:00Z\"}", "",
     OUTCOME_UNKNOWN_METER, "known: E02, M02"},
    {ENTRY, "{" BY "\"accept\",\"meter\":\"E02\",\"at\":\"2026-03-12T07:59:00Z\"}", "",
     OUTCOME_FUTURE, "\"at\""},
    {ENTRY, "{" T0 "," BY "\"reading\",\"meter\":\"E02\",\"value\":\"7.25\"}",
     "reading by li @0 E02 at 0 value 7250", 0, NULL},
    {ENTRY, "{" BY "\"reading\",\"meter\":\"E02\"}", "", OUTCOME_BAD_FIELD, "\"value\" is missing"},
    {ENTRY, "{" BY "\"roster\"," DAY0 ",\"shift\":\"night\",\"crew\":\"B\",\"reason\":\"ill\"}",
     "roster by li @0 day 20522 night crew B reason ill", 0, NULL},
    {ENTRY, "{" BY "\"roster\"," DAY0 ",\"shift\":\"day\",\"crew\":null,\"reason\":\"stop\"}",
     "roster by li @0 day 20522 day crew nobody reason stop", 0, NULL},
    {ENTRY, "{" BY "\"roster\"," DAY0 ",\"shift\":\"day\",\"crew\":\"\",\"reason\":\"stop\"}",
     "roster by li @0 day 20522 day crew nobody reason stop", 0, NULL},
    {ENTRY, "{" BY "\"roster\"," DAY0 ",\"shift\":\"day\",\"reason\":\"stop\"}", "",
     OUTCOME_BAD_FIELD, "\"crew\" is missing"},
    {ENTRY, "{" BY "\"roster\"," DAY0 ",\"shift\":\"day\",\"crew\":\"B\"}", "", OUTCOME_BAD_FIELD,
     "\"reason\" is missing"},
    {ENTRY, "{" BY "\"roster\"," DAY0 ",\"shift\":\"late\",\"crew\":\"B\",\"reason\":\"x\"}", "",
     OUTCOME_BAD_FIELD, "known: day, night"},
    {ENTRY, "{" BY "\"roster\"," DAY0 ",\"shift\":\"day\",\"crew\":\"Q\",\"reason\":\"x\"}", "",
     OUTCOME_UNKNOWN_CREW, "known: A, B"},
    {ENTRY, "{" BY "\"roster\",\"day\":\"10.3.26\",\"shift\":\"day\",\"crew\":\"A\"}", "",
     OUTCOME_BAD_TIME, "2026-03-10"},
    {ENTRY, "{" BY "\"ack\",\"alert\":\"femn/heat/1/limit\"}",
     "ack by li @0 alert femn/heat/1/limit", 0, NULL},
    {ENTRY, "{" BY "\"ack\"}", "", OUTCOME_BAD_FIELD, "\"alert\" is missing"},
    {ENTRY,
     "{" BY "\"shelve\",\"alert\":\"a\",\"until\":\"2026-03-17T08:00:00Z\",\"reason\":\"scale\"}",
     "shelve by li @0 alert a until 604800000 reason scale", 0, NULL},
    {ENTRY, "{" BY "\"shelve\",\"alert\":\"a\",\"reason\":\"scale\"}",
     "shelve by li @0 alert a reason scale", 0, NULL},
    {ENTRY, "{" BY "\"shelve\",\"alert\":\"a\"}", "", OUTCOME_BAD_FIELD, "\"reason\" is missing"},
    {"plant/X/entry", "[{\"by\":\"a\",\"event\":\"ack\"}]", "", OUTCOME_UNDECODABLE, "object"},
};

static void entries_are_read_strictly(void **state)
{
    (void)state;
    assert_decoded(entries, sizeof entries / sizeof entries[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entries_are_read_strictly),
    };
    return cmocka_run_group_tests(tests, decoder_set_up, decoder_tear_down);
}
