/* Papers: read by their forms, strictly. */
#include "decoded.h"

#define ENTRY "plant/X/entry"
#define BY "{\"by\":\"li\",\"event\":"
#define TRANSFER "\"quota\":\"femn\",\"period\":\"2026-03-X1\",\"crew\":\"A\",\"to_crew\":\"B\","
#define NINES "9007199254.740992001"

static const struct decoded_case papers[] = {
    {ENTRY,
     BY "\"revise\",\"id\":\"r-1\",\"quota\":\"femn\",\"from\":\"2026-03-17T08:00:00Z\","
        "\"limit\":2.15,\"target\":\"2.1\",\"reason\":\"新渣\"}",
     "revise by li @0 id=r-1 quota=femn from@604800000 limit=2150000000 target=2100000000 "
     "reason=新渣",
     0, NULL},
    {ENTRY, BY "\"transfer\"," TRANSFER "\"amount\":1.5,\"reason\":\"x\"}",
     "transfer by li @0 quota=femn period=2026-03-X1 crew=A to_crew=B amount=1500000000 reason=x",
     0, NULL},
    {ENTRY, BY "\"approve\",\"of\":\"r-1\"}", "approve by li @0 of=r-1", 0, NULL},
    {ENTRY, BY "\"decline\",\"of\":123,\"reason\":\"no\"}", "decline by li @0 of=123 reason=no", 0,
     NULL},
    {ENTRY, BY "\"plan\",\"period\":\"2026\",\"tonnes\":2000000,\"crew\":null}",
     "plan by li @0 period=2026 tonnes=2000000000000000", 0, NULL},
    {ENTRY,
     BY "\"slip\",\"id\":\"s-1\",\"item\":\"femn\",\"crew\":\"A\",\"order\":\"P-77\","
        "\"tonnes\":50.75,\"rate\":\"0.000000001\"}",
     "slip by li @0 id=s-1 item=femn crew=A order=P-77 tonnes=50750000000 rate=1", 0, NULL},
    {ENTRY, BY "\"issue\",\"of\":\"s-1\",\"amount\":0,\"approved_by\":\"zhao\"}",
     "issue by li @0 of=s-1 amount=0 approved_by=zhao", 0, NULL},
    {ENTRY, BY "\"cause\",\"of\":\"femn/heat/1/limit\",\"code\":\"MEA-02\"}",
     "cause by li @0 of=femn/heat/1/limit code=MEA-02", 0, NULL},
    {ENTRY,
     BY "\"measure\",\"id\":\"m\",\"name\":\"VFD\",\"item\":\"electricity\","
        "\"from\":\"2026-01-01T00:00:00+08:00\",\"investment\":52500000,\"life_years\":10}",
     "measure by li @0 id=m name=VFD item=electricity from@-5932800000 "
     "investment=52500000000000000 life_years=10",
     0, NULL},
    {ENTRY,
     BY "\"measure\",\"id\":\"m\",\"name\":\"VFD\",\"item\":\"electricity\","
        "\"from\":\"2026-03-10T08:00:00Z\",\"investment\":1,\"meters\":[\"E02\",\"ARC\"]}",
     "measure by li @0 id=m name=VFD item=electricity meters=E02;ARC from@0 "
     "investment=1000000000",
     0, NULL},
    /* what is written as a text is not held to what a double can say */
    {ENTRY, BY "\"plan\",\"period\":\"2026-Q1\",\"tonnes\":\"" NINES "\"}",
     "plan by li @0 period=2026-Q1 tonnes=9007199254740992001", 0, NULL},

    {ENTRY, BY "\"revise\",\"quota\":\"femn\",\"limit\":1,\"reason\":\"x\"}", "", OUTCOME_BAD_FIELD,
     "\"from\" is missing, must be a time with its offset"},
    {ENTRY, BY "\"transfer\"," TRANSFER "\"reason\":\"x\"}", "", OUTCOME_BAD_FIELD,
     "\"amount\" is missing, must be a number that is not negative"},
    {ENTRY, BY "\"transfer\"," TRANSFER "\"amount\":-1,\"reason\":\"x\"}", "", OUTCOME_BAD_FIELD,
     "\"amount\" is -1, must be a number that is not negative"},
    {ENTRY, BY "\"transfer\"," TRANSFER "\"amount\":\"much\",\"reason\":\"x\"}", "",
     OUTCOME_BAD_FIELD, "\"amount\" is \"much\""},
    {ENTRY, BY "\"transfer\"," TRANSFER "\"amount\":0.0000000001,\"reason\":\"x\"}", "",
     OUTCOME_OUT_OF_RANGE, "at most nine decimals"},
    {ENTRY, BY "\"plan\",\"period\":\"2026\",\"tonnes\":1e12}", "", OUTCOME_OUT_OF_RANGE,
     "\"tonnes\" is 1e12"},
    {ENTRY, BY "\"transfer\",\"quota\":\"q\",\"period\":\"2026-03-X4\",\"crew\":\"A\"}", "",
     OUTCOME_BAD_TIME, "month (2026-03)"},
    {ENTRY, BY "\"veto\",\"period\":\"2026-03\",\"crew\":\"Q\",\"code\":\"safety\"}", "",
     OUTCOME_UNKNOWN_CREW, "known: A, B"},
    {ENTRY, BY "\"slip\",\"id\":\"s\",\"item\":\"gold\"}", "", OUTCOME_BAD_FIELD,
     "\"item\" is \"gold\", must be an item of plant.json"},
    {ENTRY,
     BY "\"revise\",\"quota\":\"femn\",\"from\":\"2026-03-17T08:00:00\",\"limit\":1,"
        "\"reason\":\"x\"}",
     "", OUTCOME_BAD_TIME, "\"from\""},
    {ENTRY, BY "\"approve\",\"of\":\"\"}", "", OUTCOME_BAD_FIELD, "\"of\""},
    {ENTRY, BY "\"approve\"}", "", OUTCOME_BAD_FIELD, "\"of\" is missing"},
    {ENTRY, BY "\"measure\",\"id\":\"m\",\"name\":[1]}", "", OUTCOME_BAD_FIELD,
     "\"name\" is an array"},
    {ENTRY, "{\"event\":\"approve\",\"of\":\"r-1\"}", "", OUTCOME_BAD_FIELD, "\"by\" is missing"},
};

static void papers_are_read_by_their_forms(void **state)
{
    (void)state;
    assert_decoded(papers, sizeof papers / sizeof papers[0]);
}

static void an_id_is_at_most_64_bytes(void **state)
{
    (void)state;
    char payload[200];
    snprintf(payload, sizeof payload, BY "\"approve\",\"of\":\"%064d\"}", 1);
    assert_int_equal(decode_bytes(ENTRY, payload, strlen(payload), JOURNAL_MESSAGE, false).facts,
                     1);
    snprintf(payload, sizeof payload, BY "\"approve\",\"of\":\"%065d\"}", 1);
    struct seen seen = decode_bytes(ENTRY, payload, strlen(payload), JOURNAL_MESSAGE, false);
    assert_int_equal(seen.facts, 0);
    assert_int_equal(seen.outcome, OUTCOME_BAD_FIELD);
    assert_non_null(strstr(seen.detail, "1 to 64 bytes"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(papers_are_read_by_their_forms),
        cmocka_unit_test(an_id_is_at_most_64_bytes),
    };
    return cmocka_run_group_tests(tests, decoder_set_up, decoder_tear_down);
}
