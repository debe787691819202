#!/bin/bash
# The demo day of deploy/demo: simulated into a recording, replayed, and held against tables that
# were worked out from the timetable by another program (expected/, see expected/README.md).
. "$(dirname "$0")/../support/demo_day.sh"

check "demo_configuration_is_accepted" "$heatledger" check -c "$plant"
check "simulate_writes_a_recording" \
    "$heatledger" simulate -c "$plant" "$timetable" --record "$work/day.jsonl" || finish
"$heatledger" simulate -c "$plant" "$timetable" --record "$work/again.jsonl" >/dev/null 2>&1
check "simulate_is_deterministic" cmp "$work/day.jsonl" "$work/again.jsonl"
rm -f "$work/again.jsonl"

# For load: the plant three times over, in a configuration that simulate writes itself.
check "simulate_writes_a_plant_of_three" \
    "$heatledger" simulate -c "$plant" "$timetable" -n 3 --write-plant "$work/three.json"
check "the_plant_of_three_is_accepted" "$heatledger" check -c "$work/three.json"
"$heatledger" simulate -c "$work/three.json" "$timetable" -n 3 --record "$work/three.jsonl" \
    >/dev/null 2>&1
check "three_copies_send_three_times_as_much" \
    test "$(wc -l <"$work/three.jsonl")" -eq "$((3 * $(wc -l <"$work/day.jsonl")))"
rm -f "$work/three.jsonl"

refuses() { # PATTERN OPTIONS...
    local pattern=$1 said
    shift
    said=$("$heatledger" simulate -c "$plant" "$@" 2>&1)
    [ $? -eq 2 ] && grep -q -- "$pattern" <<<"$said" || { echo "$said"; return 1; }
}
check "a_speed_that_is_none_is_refused" refuses 'no speed' "$timetable" --speed fast
check "a_timetable_that_is_not_there_is_refused" refuses 'none.csv' "$work/none.csv"

# The recording by itself: the registers' movement is the timetable's sum, whatever the ledger says.
recorded_movement() {
    grep -F "/$1\"" "$work/day.jsonl" | sed -E 's/.*"value":"?([0-9.]+).*/\1/' |
        awk 'NR == 1 { first = $1 } { if ($1 < last) exit 1; last = $1 }
             END { printf "%.3f\n", last - first }'
}
timetable_sum() {
    awk -F, -v column="$1" '{ sub(/\r$/, "") }
                            NR == 1 { for (i = 1; i <= NF; i++) if ($i == column) c = i; next }
                            { sum += $c } END { printf "%.3f\n", sum }' "$timetable"
}
check "recorded_furnace_energy_is_the_timetables" \
    test "$(recorded_movement E02)" = "$(timetable_sum lf_kwh)"
check "recorded_oxygen_is_the_timetables" \
    test "$(recorded_movement G01)" = "$(timetable_sum o2_nm3)"

check "replay_books_the_recording" \
    "$heatledger" replay -c "$plant" -d "$book" "$work/day.jsonl" || finish
check "nothing_of_the_demo_is_rejected" test "$(report rejects | wc -l)" -eq 1

check "crews_by_owner_are_exact" crews owner demo_crews_owner.csv $amounts
check "crews_by_clock_are_exact" crews clock demo_crews_clock.csv $amounts
check "furnace_energy_by_owner_is_exact" crews owner demo_crews_owner_lf.csv $amounts --station LF
check "furnace_energy_by_clock_is_exact" crews clock demo_crews_clock_lf.csv $amounts --station LF
check "verdicts_and_steel_of_the_crews" crews owner demo_crews_owner.csv "$amounts,steel_kg,state"
check "verdicts_of_furnace_energy" \
    crews owner demo_crews_owner_lf.csv "$amounts,steel_kg,state" --station LF

check "heats_are_exact" heats_equal "$expected/demo_heats.csv"
check "furnace_energy_of_the_heats_is_exact" heats_equal "$expected/demo_heats_lf.csv" --station LF

# At 16:00 the last of A's heats is still in the furnace: 41,000 of its 43,600 kWh are used.
check "the_handover_at_16_00_shows_what_a_had_used_then" \
    handover_row day '"crew":"A"' '"item":"electricity"' '"41000"'
check "the_handover_at_08_00_shows_the_whole_night" \
    handover_row night '"crew":"C"' '"item":"femn"' '"8522"' '"red"'
check "the_handover_is_text_in_both_languages" bash -c "
    '$heatledger' handover -d '$book' --day 2026-03-10 --shift day --text --lang en | grep -q 12602496 &&
    '$heatledger' handover -d '$book' --day 2026-03-10 --shift day --text --lang zh | grep -q 12602496"

check "verify_proves_the_ledger" "$heatledger" verify -d "$book"
finish
