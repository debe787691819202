#!/bin/bash
# The demo day with a pick slip for the Si-Fe of crew A, and with saving measures: what people hand
# in becomes rows of `report slips` and `report measures`, in both languages.
. "$(dirname "$0")/../support/demo_day.sh"

entry() { # TIME JSON-FIELDS: an entry of the demo day that arrives the morning after
    printf '{"at":"2026-03-11T10:30:00+08:00","topic":"plant/BOF1/entry",'
    printf '"payload":{"ts":"2026-03-10T%s+08:00","by":"keeper",%s}}\n' "$1" "$2"
}
check "the_demo_day_is_recorded" "$heatledger" simulate -c "$plant" "$timetable" --record "$work/day.jsonl"
{
    entry 08:00:00 '"event":"slip","id":"LL-1","item":"fesi","crew":"A","order":"SC-0310-1","tonnes":1200,"rate":4.5,"opening":300'
    entry 08:05:00 '"event":"issue","id":"LL-1-1","of":"LL-1","amount":5400'
    entry 12:00:00 '"event":"issue","id":"LL-1-2","of":"LL-1","amount":100'
    entry 12:01:00 '"event":"issue","id":"LL-1-3","of":"LL-1","amount":100,"approved_by":"foreman"'
    entry 15:00:00 '"event":"put_back","id":"LL-1-4","of":"LL-1","amount":60'
} >"$work/slip.jsonl"
entry 16:00:00 '"event":"close_slip","id":"LL-1-5","of":"LL-1","amount":340' >"$work/close.jsonl"
{
    entry 16:10:00 '"event":"measure","id":"fan","name":"Frequency converter","item":"electricity","meters":["E04"],"from":"2026-03-10T16:00:00+08:00","investment":400000,"sunk":30000,"saving":60000,"life_years":10,"hurdle_pct":12'
    entry 16:11:00 '"event":"measure","id":"bad","name":"No such meter","item":"electricity","meters":["E99"],"from":"2026-03-10T16:00:00+08:00","investment":1'
} >"$work/measure.jsonl"

check "it_is_replayed_with_a_slip" \
    "$heatledger" replay -c "$plant" -d "$book" "$work/day.jsonl" "$work/slip.jsonl"
figures=slip,limit,issued,over,over_approved_by,put_back,opening,closing,consumed,weighed,difference,difference_pct,state
check "100_kg_over_the_limit_need_an_approval" shows outcome not_allowed rejects
check "an_open_slip_is_listed_and_not_settled" \
    shows "$figures" 'LL-1,5400,5500,40,foreman,60,300,,,5819,,,open' slips --open
check "it_is_closed" "$heatledger" replay -c "$plant" -d "$book" "$work/close.jsonl"
check "the_hopper_weighed_5373_kg_27_less_than_the_slip" \
    shows "$figures" 'LL-1,5400,5500,40,foreman,60,300,340,5400,5373,27,0.5,closed' slips
check "no_slip_is_open" test "$(report slips --open | wc -l)" -eq 1

check "a_measure_is_registered" "$heatledger" replay -c "$plant" -d "$book" "$work/measure.jsonl"
check "what_is_not_measured_yet_is_not_judged" \
    shows measure,meters,investment,sunk,stated_saving,saving_yuan,return_pct,accept 'fan,E04,400000,30000,60000,,,' measures
check "a_measure_of_an_unknown_meter_is_refused" shows outcome bad_field rejects
in_chinese() { # PATTERN REPORT...: the text in Chinese says so
    "$heatledger" report "${@:2}" -d "$book" --lang zh >"$work/zh.txt" && grep -F -- "$1" "$work/zh.txt" ||
        { cat "$work/zh.txt"; return 1; }
}
check "the_measure_says_in_chinese_what_it_takes" in_chinese '基准期只有 2 个班' measures
check "the_slip_is_shown_in_chinese" in_chinese '料斗称量' slips
check "the_settlement_names_crews_and_quotas_in_chinese" in_chinese '铁水单耗' settlement --crew A
check "a_language_that_there_is_not_is_refused" sh -c \
    "! '$heatledger' report slips -d '$book' --lang fr 2>'$work/said' && grep -F 'there are en and zh' '$work/said'"
check "it_holds" "$heatledger" verify -d "$book"
finish
