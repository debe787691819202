#!/bin/bash
# Quota accounts in double entry: heats earn when they are weighed, again where the weight or the
# steel is another; transfers, what is carried on at a month's close, and what comes late go between
# accounts; verify proves that all of it adds up, and finds what does not.
. "$(dirname "$0")/../support/demo_day.sh"

entry_rows() { report entries "$@" | columns to,target,limit,cause; }
entered() { # ROWS-IN-ONE-LINE REPORT-OPTIONS...: those entries and no others
    local wanted=$1
    shift
    test "$(entry_rows "$@" | tr '\n' ' ')" = "$wanted " || { entry_rows "$@"; return 1; }
}

# ---- DOMAIN 1a, on the demo day with its faults ----

check "a_day_with_faults_is_simulated" \
    "$heatledger" simulate -c "$plant" "$timetable" --faults --record "$work/day.jsonl" || finish
check "it_is_replayed" "$heatledger" replay -c "$plant" -d "$book" "$work/day.jsonl" || finish
earned() { report accounts --heat 12602485 | columns quota,earned | grep -Fx -- "$1"; }
check "domain_1a_hot_metal_of_99_6_t" earned hot_metal,109560
check "domain_1a_mn_fe_of_99_6_t" earned femn,697.2
check "domain_1a_si_fe_of_99_6_t" earned fesi,448.2
check "domain_1a_al_of_99_6_t" earned al,19.92
check "domain_1a_si_al_of_99_6_t" earned sial,99.6
check "domain_1a_12602485_has_15_2_kg_of_mn_fe_left" shows quota,account,heat,limit,used,balance \
    femn,heat,12602485,697.2,682,15.2 accounts --heat 12602485
check "team_a_holds_what_its_heats_earned" shows quota,account,earned,used,balance \
    femn,crew,8395.8,8216,179.8 accounts --crew A --quota femn --period 2026-03-10
check "a_ten_day_period_holds_its_shifts" shows account,period,earned,used \
    crew_period,2026-03-X1,8395.8,8216 accounts --crew A --quota femn --period 2026-03-X1
# 40 t of 99.8 t go from 12602498 to 12602501, and what they earned with them: 280 kg
check "a_return_takes_what_it_earned" entered \
    "heat 12602498,-272,-280,steel heat 12602498,678.64,698.6,earned" --quota femn --heat 12602498
# which is weighed later, and earns by 100.4 t of its own and 40 t more
check "and_brings_it_to_the_other_heat" entered \
    "heat 12602501,954.72,982.8,earned" --quota femn --heat 12602501
check "the_demo_day_verifies" "$heatledger" verify -d "$book"
sums() { report accounts --quota femn | columns account,limit |
    awk -F, '$1 == "workshop" || $1 == "heat" { sum += $2 } END { printf "%d\n", sum * 1000 + (sum < 0 ? -0.5 : 0.5) }'; }
check "the_workshop_issued_what_the_heats_hold" test "$(sums)" = 0

# ---- Corrections, a transfer, a month's close ----

book=$work/small
plant=$work/plant.json
sed 's/"id": "argon", "item": "argon", /&"carry": true, /
    s/^  "quotas": \[/  "plan": [{"period": "2026-03", "tonnes": "120"}],\n&/' "$root/tests/scenarios/plant.json" >"$plant"
check "a_quota_is_carried_on" grep -q '"carry": true' "$plant"
by() { echo "$1 entry {\"by\":\"$2\",\"event\":\"$3\"${4:+,$4}}"; }
{
    echo '09:00:00 heat {"heat":"1","event":"start","station":"LF","id":"a"}'
    echo '09:20:00 LF/argon/AG {"from":"2026-03-10T09:00:00+08:00","value":3,"heat":"1","id":"g1"}'
    echo '09:30:00 heat {"heat":"1","event":"tap","steel_kg":100000,"grade":"Q","id":"b"}'
    echo '09:31:00 heat {"heat":"1","event":"weight","steel_kg":99600,"id":"c"}'
    echo '09:32:00 heat {"heat":"2","event":"start","station":"BOF","id":"d"}'
    echo '09:33:00 heat {"heat":"2","event":"tap","steel_kg":90000,"grade":"Q","id":"e"}'
    echo '09:34:00 heat {"heat":"2","event":"void","id":"f"}'
    by 09:40:00 wang transfer '"id":"t1","quota":"argon","period":"2026-03-X1","crew":"A","to_crew":"B","amount":2,"reason":"B taps for A"'
    by 09:41:00 li approve '"of":"t1"'
    by 09:42:00 zhao approve '"of":"t1"'
} | recording >"$work/first.jsonl"
check "a_morning_is_replayed" "$heatledger" replay -c "$plant" -d "$book" "$work/first.jsonl"
check "a_corrected_weight_enters_the_difference" entered \
    "heat 1,-2.72,-2.8,weight heat 1,680,700,earned" --quota femn --heat 1
check "a_void_heat_gives_back_what_it_earned" entered \
    "heat 2,-612,-630,void heat 2,612,630,earned" --quota femn --heat 2
check "a_transfer_stands_with_its_paper" shows from,to,limit,cause,paper \
    "crew_period 2026-03-X1 A,crew_period 2026-03-X1 B,2,transfer,t1" entries --quota argon
check "who_gave_has_so_much_less" shows account,period,crew,earned,transferred,limit,used,balance \
    crew_period,2026-03,A,6,-2,4,3,1 accounts --quota argon --crew A
check "who_took_has_so_much_more" shows account,period,crew,earned,transferred,limit,used,balance \
    crew_period,2026-03,B,0,2,2,0,2 accounts --quota argon --crew B

april() { sed -E 's/"(at|ts)":"2026-03-/"\1":"2026-04-/g'; }
echo '02T09:00:00 heat {"heat":"3","event":"start","station":"LF","id":"n"}' | recording | april \
    >"$work/april.jsonl"
check "april_comes" "$heatledger" replay -c "$plant" -d "$book" "$work/april.jsonl"
check "a_month_s_balance_is_carried_on" shows account,period,crew,carried,balance \
    crew_period,2026-04,A,1,1 accounts --quota argon --crew A
# planned 120 t x 7 = 840 kg, earned 697.2
check "what_was_planned_and_not_earned_is_in_reserve" shows account,period,reserve,target,limit \
    reserve,2026-03,142.8,138.72,142.8 accounts --quota femn
check "nothing_is_left_in_the_closed_month" shows account,period,crew,earned,transferred,carried,used,balance \
    crew_period,2026-03,A,6,-2,-1,3,0 accounts --quota argon --crew A
echo '02T09:05:00 LF/argon/AG {"ts":"2026-03-10T09:25:00+08:00","from":"2026-03-10T09:20:00+08:00","value":2,"heat":"1","id":"g2"}' |
    recording | sed 's/"at":"2026-03-/"at":"2026-04-/' >"$work/late.jsonl"
check "a_reading_comes_late" "$heatledger" replay -c "$plant" -d "$book" "$work/late.jsonl"
check "edge_13_late_use_goes_after_what_was_carried_on" shows account,period,crew,carried,balance \
    crew_period,2026-04,A,-1,-1 accounts --quota argon --crew A
check "the_ledger_verifies" "$heatledger" verify -d "$book"

cat "$work"/{first,april,late}.jsonl >"$work/all.jsonl"
check "all_of_it_is_replayed_at_once" \
    "$heatledger" replay -c "$plant" -d "$work/again" "$work/all.jsonl"
"$heatledger" dump -d "$book" --history | grep '^quota-entry' | cut -f 4- >"$work/one"
"$heatledger" dump -d "$work/again" --history | grep '^quota-entry' | cut -f 4- >"$work/other"
check "it_enters_the_same" cmp "$work/one" "$work/other"

# ---- Tampering ----

if command -v sqlite3 >/dev/null; then
    sqlite3 "$book/ledger.db" \
        "UPDATE quota_entry_row SET limit_base = limit_base + 1 WHERE cause = 'weight'"
    found() { "$heatledger" verify -d "$book" 2>/dev/null | grep -F 'OFF'; }
    check "a_changed_entry_is_found" grep -q 'heats whose entries are not what their balance allows' <(found)
    "$heatledger" verify -d "$book" >/dev/null 2>&1
    check "verify_says_so_by_its_status" test $? -eq 1
else
    skipped "a_changed_entry_is_found" "there is no sqlite3 here"
fi
finish
