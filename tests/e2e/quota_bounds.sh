#!/bin/bash
# A quota that comes, and one that goes, while a heat stands across the change of shift: a heat
# counts whole or not at all, by its owner, on every surface alike (EDGE_CASES 35).
. "$(dirname "$0")/../support/harness.sh"
book=$work/book

plant_with() { # plant_with QUOTA...: the plant with these per-tonne quotas of electricity
    local rows="" id
    for id in "$@"; do
        rows+="${rows:+,}{\"id\":\"$id\",\"item\":\"electricity\",\"basis\":\"per_tonne\",\"target\":\"3\",\"limit\":\"4\",\"scopes\":[\"heat\",\"crew\"]}"
    done
    cat <<PLANT
{"shop":"S","zone":"Asia/Shanghai","production_day_start":"08:00","mqtt":{"url":"mqtt://127.0.0.1:1883"},
 "items":[{"id":"electricity","unit":"kWh","resolution":"0.001","division":"1"}],
 "stations":[{"id":"LF","last":true},{"id":"BOF"}],
 "meters":[{"id":"R","item":"electricity","station":"LF","kind":"register","resolution":"1"}],
 "shifts":[{"id":"day","start":"08:00"},{"id":"night","start":"20:00"}],
 "crews":[{"id":"A"},{"id":"B"},{"id":"C"}],
 "roster":{"epoch":"2026-03-10","cycle":["day","night",null],"offsets":{"A":0,"B":1,"C":2}},
 "quotas":[$rows]}
PLANT
}
told() { # told TIME TOPIC FIELDS: a message of 2026-03-10
    printf '{"at":"2026-03-10T%s:00+08:00","topic":"plant/S/%s","payload":{"ts":"2026-03-10T%s:00+08:00",%s}}\n' "$1" "$2" "$1" "$3"
}
feed() { "$heatledger" replay -c "$1" -d "$book" "$2" >"$work/said" 2>&1 || { tail -n 3 "$work/said"; return 1; }; }
plant_with old >"$work/first.json"
plant_with new >"$work/second.json"
{
    told 09:00 LF/electricity/R '"value":0'
    told 10:00 LF/electricity/R '"value":100'
} >"$work/before.jsonl"
# 400 kWh of heat 1: half of it before the change of shift, 100 kWh idle behind it.
{
    told 19:00 LF/electricity/R '"value":200'
    told 19:00 heat '"heat":"1","event":"start","station":"LF"'
    told 20:00 LF/electricity/R '"value":400'
    told 20:30 LF/electricity/R '"value":500'
} >"$work/across.jsonl"
{
    told 20:40 heat '"heat":"1","event":"tap","steel_kg":100000'
    told 21:00 heat '"heat":"1","event":"end","station":"LF"'
    told 21:00 LF/electricity/R '"value":600'
    told 23:00 LF/electricity/R '"value":700'
} >"$work/owned.jsonl"

check "the_first_quota_counts" feed "$work/first.json" "$work/before.jsonl" || finish
check "edge_35_one_quota_comes_for_the_other" feed "$work/second.json" "$work/across.jsonl" || finish
check "edge_35_while_nobody_owns_it_the_first_use_decides" shows quota,scope,period,used old,heat,1,300 quotas
check "edge_35_and_the_ledger_holds" "$heatledger" verify -d "$book"
check "edge_35_a_heat_is_owned_behind_the_change" feed "$work/second.json" "$work/owned.jsonl" || finish
check "edge_35_the_new_quota_counts_all_of_it" shows quota,scope,period,used,state new,heat,1,400,amber quotas
check "edge_35_for_its_owner_too" shows quota,period,used,state "new,2026-03-10 night B,400,amber" quotas
check "edge_35_the_quota_that_went_counts_none_of_it" bash -c "! '$heatledger' report quotas -d '$book' --csv | grep -q '^old,'"
check "edge_35_the_heat_says_so" shows heat,amount,target,limit,state 1,400,300,400,amber heats
check "edge_35_the_handover_says_so" bash -c \
    "'$heatledger' handover -d '$book' --day 2026-03-10 --shift night | grep -Eq '^B +new +owner +400 +300 +400 +0 +kWh +amber'"
check "edge_35_the_ledger_proves_it" "$heatledger" verify -d "$book"
"$heatledger" dump -d "$book" --history >"$work/dump"
rm "$book"/ledger.db*
: >"$work/nothing.jsonl"
check "edge_35_the_journal_makes_it_again" feed "$work/second.json" "$work/nothing.jsonl"
check "edge_35_the_journal_makes_it_again: dump" bash -c "'$heatledger' dump -d '$book' --history | diff '$work/dump' -"
finish
