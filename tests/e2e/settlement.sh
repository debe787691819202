#!/bin/bash
# The settlement of the demo day, to the fen: team A's points, what comes back and what is forfeited,
# each one's part; what a late weight and a veto change after the ten days were closed, and that what
# was signed then stays as it was.
. "$(dirname "$0")/../support/demo_day.sh"

"$heatledger" simulate -c "$plant" "$timetable" --record "$work/day.jsonl" >/dev/null 2>&1
check "the_day_is_booked" "$heatledger" replay -c "$plant" -d "$book" "$work/day.jsonl" || finish

settlement() { "$heatledger" report settlement -d "$book" --period 2026-03-10 --crew A "$@"; }
is() { # EXPECTED COMMAND...
    local expected=$1 got
    shift
    got=$("$@")
    [ "$got" = "$expected" ] || { echo "expected: $expected"; echo "got: $got"; return 1; }
}
columns() { # CSV: period, crew, line, points, pool, returned, forfeited
    settlement --csv | cut -d, -f 1-3,9-12
}

# DOMAIN 4: 76.639987 of 100 points, of a pool of 40% of 10,000 yuan.
check "team_a_as_in_the_worked_example" is "period,crew,line,points,pool,returned,forfeited
2026-03-10,A,hot_metal,32.67,1600,1306.79,293.21
2026-03-10,A,femn,14.991,800,599.63,200.37
2026-03-10,A,fesi,10,400,400,0
2026-03-10,A,al,10,400,400,0
2026-03-10,A,sial,8.979,400,359.18,40.82
2026-03-10,A,thermocouple,0,400,0,400
2026-03-10,A,,76.64,4000,3065.6,934.4" columns
in_json() { settlement --json | grep -F '"line":"","unit":"",' | grep -F '"points":"76.64","pool":"4000","returned":"3065.6","forfeited":"934.4"'; }
check "the_same_in_json" in_json
in_chinese() { settlement --lang zh | grep -E '甲 .* 100 +76.64 +4000 +3065.6 +934.4'; }
check "the_same_in_chinese" in_chinese

# Five people, shares of 1.2, 1.1, 1, 1, 0.7 of 3,065.60: 735.744, 674.432, 613.12, 613.12, 429.184;
# the fen that is left goes to the largest remainder (0.4 of 735.744).
cat >"$work/people.json" <<'END'
{"A": [{"person": "Fitter 1", "share": "1.2"}, {"person": "Fitter 2", "share": "1.1"}, {"person": "Fitter 3", "share": 1},
       {"person": "Fitter 4", "share": "1"}, {"person": "Fitter 5", "share": "0.7"}]}
END
chmod 600 "$work/people.json"
parts() { settlement --csv --people "$work/people.json" | awk -F, '$16 != "" && NR > 1 { print $16, $11 }'; }
check "each_one_s_part_to_the_fen" is "Fitter 1 735.75
Fitter 2 674.43
Fitter 3 613.12
Fitter 4 613.12
Fitter 5 429.18" parts
no_names() { ! settlement --csv | grep -q Fitter && ! grep -rq Fitter "$book"; }
check "names_stand_in_their_file_alone" no_names
open_to_others() {
    chmod 644 "$work/people.json"
    settlement --people "$work/people.json" 2>"$work/said"
    local status=$?
    chmod 600 "$work/people.json"
    [ "$status" -eq 2 ] && grep -q "chmod 600" "$work/said"
}
check "a_file_that_others_may_read_is_refused" open_to_others

# The ten days to 2026-03-10 were closed an hour after their last shift.
period() { "$heatledger" period -d "$book" --period 2026-03-X1 "$@"; }
period --json >"$work/signed.json"
closed() {
    grep -q '^{"id":"period/2026-03-X1","period":"2026-03-X1","kind":"ten_days"' "$work/signed.json" &&
        grep -q '"as_of":"2026-03-11T09:00:00+08:00"' "$work/signed.json" &&
        grep -q '"crew":"A","line":"".*"returned":"3065.6"' "$work/signed.json"
}
check "the_ten_days_are_closed_with_the_settlement" closed

# A heat of A weighed 900 kg more, and a veto, a day later.
cat >"$work/late.jsonl" <<'END'
{"at":"2026-03-12T01:00:00+00:00","topic":"plant/BOF1/heat","payload":{"ts":"2026-03-12T09:00:00+08:00","heat":"12602486","event":"weight","steel_kg":101000,"id":"late-weight"}}
END
cat >"$work/veto.jsonl" <<'END'
{"at":"2026-03-12T02:00:00+00:00","topic":"plant/BOF1/entry","payload":{"ts":"2026-03-12T10:00:00+08:00","by":"workshop","event":"veto","crew":"A","period":"2026-03-10","code":"safety","reason":"no helmet at the ladle"}}
END
check "a_late_weight_is_booked" "$heatledger" replay -c "$plant" -d "$book" "$work/late.jsonl"
total() { settlement --csv | awk -F, 'NR > 1 && $3 == "" { print $9, $11, $12 }'; }
changed() { [ "$(total)" != "76.64 3065.6 934.4" ]; }
check "the_report_settles_by_the_late_weight" changed
stays() {
    period --json >"$work/now.json"
    cmp <(sed '/^"since"/,$d' "$work/signed.json") <(sed '/^"since"/,$d' "$work/now.json")
}
check "what_was_signed_stays_byte_for_byte" stays
told() {
    local now
    now=$(total | cut -d' ' -f2)
    grep -F '"part":"settlement","crew":"A","quota":"","line":""' "$work/now.json" |
        grep -F '"figure":"returned","signed":"3065.6","now":"'"$now"'"' | grep -F 'heats"'
}
check "the_addendum_has_both_and_the_cause" told
addendum() { # the rows of report period that differ
    "$heatledger" report period -d "$book" --period 2026-03-X1 --crew A --csv |
        awk -F, '$2 == "crews" && $8 == "steel_kg" { print $9, $10, $11, $12 }'
}
check "the_report_of_the_period_has_signed_and_now" is "1199400 1200300 900 heats" addendum

check "a_veto_is_booked" "$heatledger" replay -c "$plant" -d "$book" "$work/veto.jsonl"
vetoed() { settlement --csv | awk -F, 'NR > 1 && $3 == "" { print $11, $12, $14 }'; }
check "a_veto_returns_nothing" is "0 4000 safety: no helmet at the ladle" vetoed
check "what_was_signed_stays_with_the_veto" stays
veto_told() { period --lang zh | grep -E '结算 +甲 .*返还.* 3065.6 +0 .*否决'; }
check "the_addendum_names_the_veto" veto_told
page() { period --html --lang zh | grep -q '<td class="n">3065.6</td>'; }
check "the_document_is_a_page_too" page

# A restart an hour before the close changes nothing of it.
awk -v work="$work" '{ match($0, /"at":"[^"]*"/); at = substr($0, RSTART + 6, 19)
    print >(work (at < "2026-03-11T00:30" ? "/before.jsonl" : "/after.jsonl")) }' "$work/day.jsonl"
in_parts() {
    local part
    for part in before after late veto; do
        "$heatledger" replay -c "$plant" -d "$work/parted" "$work/$part.jsonl" || return 1
    done
    "$heatledger" dump -d "$book" --history >"$work/whole.dump" &&
        "$heatledger" dump -d "$work/parted" --history >"$work/parted.dump" &&
        cmp "$work/whole.dump" "$work/parted.dump" && grep -q '^period' "$work/parted.dump"
}
check "a_restart_before_the_close_changes_nothing" in_parts
# A transfer of 10 kg for the ten days counts in both limits, and in no settlement of a day.
sed '/"settlement": {/,/"period"/s/"period": "day"/"period": "ten_days"/' "$plant" >"$work/ten_days.json"
entry() { # MINUTE BY MEMBERS
    printf '{"at":"2026-03-12T03:%s:00+00:00","topic":"plant/BOF1/entry","payload":{"ts":"2026-03-12T11:%s:00+08:00","by":"%s",%s}}\n' \
        "$1" "$1" "$2" "$3"
}
{
    entry 01 leader-a '"event":"transfer","id":"t1","quota":"femn","period":"2026-03-X1","crew":"D","to_crew":"A","amount":"10","reason":"grade"'
    entry 02 leader-d '"event":"approve","of":"t1"'
    entry 03 workshop '"event":"approve","of":"t1"'
} >"$work/transfer.jsonl"
femn() { # BOOK: used, limit and points of each crew's Mn-Fe of the day's period
    "$heatledger" report settlement -d "$1" --csv --period "$2" |
        awk -F, '$3 == "femn" && ($2 == "A" || $2 == "D") { print $2, $5, $7, $9 }'
}
check "the_ten_days_are_booked_with_a_transfer" \
    "$heatledger" replay -c "$work/ten_days.json" -d "$work/ten" "$work/day.jsonl" "$work/transfer.jsonl"
check "a_transfer_counts_in_both_limits" is "A 8216 8405.8 15.825
D 2072 2092.1 6.693" femn "$work/ten" 2026-03-X1
check "a_transfer_is_booked_where_days_are_settled" \
    "$heatledger" replay -c "$plant" -d "$work/parted" "$work/transfer.jsonl"
# With the late weight: (8402.1 - 8216) / 240.06 of 20 points.
check "a_transfer_of_ten_days_is_in_no_day" is "A 8216 8402.1 15.504" femn "$work/parted" 2026-03-10
check "the_ledger_is_proved" "$heatledger" verify -d "$book"
finish
