#!/bin/bash
# The demo day with its faults (simulate --faults): a register that is reset, a meter that is silent,
# a weight that comes after sign-off, steel that is returned, a heat that gets another number,
# messages that come twice, a broker that is away. What the crews used is what they used without.
. "$(dirname "$0")/../support/demo_day.sh"

check "a_day_is_simulated" \
    "$heatledger" simulate -c "$plant" "$timetable" --record "$work/day.jsonl" || finish
check "the_same_day_is_simulated_with_faults" \
    "$heatledger" simulate -c "$plant" "$timetable" --faults --record "$work/faults.jsonl" || finish
"$heatledger" simulate -c "$plant" "$timetable" --faults --record "$work/again.jsonl" >/dev/null 2>&1
check "faults_are_deterministic" cmp "$work/faults.jsonl" "$work/again.jsonl"
rm -f "$work/again.jsonl"

# ---- the recording by itself ----

in_order_of_arrival() { # times of the demo are whole seconds in one offset: their texts sort
    cut -d '"' -f 4 "$work/faults.jsonl" | LC_ALL=C sort -c
}
arrivals_between() { # FROM TO (UTC): how many arrive in [FROM, TO)
    awk -F '"' -v from="$1" -v to="$2" '$4 >= from && $4 < to { n++ } END { print n + 0 }' \
        "$work/faults.jsonl"
}
# What is said, without when it comes, of everything that only the delivery can touch.
said() {
    sed -E 's/^\{"at":"[^"]*",//; s/12602909/12602509/g' "$1" |
        grep -vE '/(E02|W01|M02|meter)"|"event":"(return|renumber)"' | LC_ALL=C sort -u
}
nothing_is_lost() {
    said "$work/day.jsonl" >"$work/day.said"
    said "$work/faults.jsonl" >"$work/faults.said"
    test "$(wc -l <"$work/day.said")" -gt 300000 && cmp "$work/day.said" "$work/faults.said"
}
# A register shows the same use with its reset in between as without: falls are to 0 and cost nothing.
movement() { # RECORDING METER
    grep -F "/$2\"" "$1" | sed -E 's/.*"value":"?([0-9.]+).*/\1/' |
        awk 'NR > 1 { sum += $1 >= last ? $1 - last : $1 } { last = $1 } END { printf "%.3f\n", sum }'
}
check "messages_come_in_order_of_arrival" in_order_of_arrival
check "nothing_arrives_while_the_broker_is_away" \
    test "$(arrivals_between 2026-03-10T13:00:00 2026-03-10T13:25:00)" -eq 0
check "nothing_is_lost" nothing_is_lost
check "the_reset_register_has_moved_as_without" \
    test "$(movement "$work/faults.jsonl" E02)" = "$(movement "$work/day.jsonl" E02)"
check "the_silent_meter_says_nothing" test "$(grep -F '/W01"' "$work/faults.jsonl" |
    awk -F '"' '$4 >= "2026-03-10T05:00:00" && $4 < "2026-03-10T06:10:00"' | wc -l)" -eq 0

# ---- the books ----

check "replay_books_the_recording" \
    "$heatledger" replay -c "$plant" -d "$book" "$work/faults.jsonl" || finish
check "nothing_is_rejected" test "$(report rejects | wc -l)" -eq 1

check "crews_by_owner_are_as_without_faults" crews owner demo_crews_owner.csv "$amounts,steel_kg,state"
check "crews_by_clock_are_as_without_faults" crews clock demo_crews_clock.csv "$amounts"
check "furnace_energy_by_owner_is_as_without_faults" \
    crews owner demo_crews_owner_lf.csv "$amounts,steel_kg,state" --station LF
check "furnace_energy_by_clock_is_as_without_faults" \
    crews clock demo_crews_clock_lf.csv "$amounts" --station LF

heats() { # TABLE REPORT-OPTIONS...: the table of the day without faults
    local table=$expected/$1
    shift
    awk -f "$expected/faults.awk" "$table" >"$work/wanted.csv"
    heats_equal "$work/wanted.csv" "$@"
}
check "heats_differ_by_the_return_and_the_new_number_alone" heats demo_heats.csv
check "furnace_energy_of_the_heats_likewise" heats demo_heats_lf.csv --station LF
heat_has() { report heats --heat "$1" | columns heat,item,amount,steel_kg | grep -Fx "$1,$2"; }
check "a_return_takes_manganese_along_pro_rata" heat_has 12602498 femn,415.844,59800
check "a_return_brings_manganese_pro_rata" heat_has 12602501 femn,976.156,140400
old_number() { report heats "$@" | cut -d, -f1 | grep -Fc 12602509; }
check "no_heat_bears_the_old_number" test "$(old_number)" -eq 0
check "who_asks_for_the_old_number_hears_of_the_new_one" \
    test "$(report heats --heat 12602509)" = "$(report heats --heat 12602909)"
check "the_heat_with_a_new_number_is_there" heat_has 12602909 femn,709,99900

meter_has() { # METER COLUMNS VALUES
    report meters | columns "meter,$2" | grep -Fx "$1,$3" || { report meters | grep "^$1,"; return 1; }
}
repeated() { # METER: how often the recording says the same twice running
    grep -F "/$1\"" "$work/faults.jsonl" | uniq -d | wc -l
}
check "the_reset_is_counted_and_costs_nothing" meter_has E02 resets,glitches,spikes,booked 1,0,0,144600
check "the_silence_is_flagged" meter_has W01 gaps 1
check "repetitions_are_counted" meter_has G01 duplicates "$(repeated G01)"
check "repetitions_of_another_meter_are_counted" meter_has E05 duplicates "$(repeated E05)"
check "the_delayed_readings_are_not_late" meter_has G01 late,gaps,held 0,0,0

# ---- what was signed, and what is true now ----

check "the_signed_handover_says_what_was_known_then" \
    handover_row day '"crew":"A"' '"quota":"femn"' '"8129"' '"green"'
check "the_difference_stands_beside_it" handover_row day '"8129"' '"8216"' '"green"' '"amber"'
check "the_books_say_what_is_true" \
    bash -c "'$heatledger' report crews --view owner --day 2026-03-10 --crew A --item femn -d '$book' --csv | grep -q ',8216,.*amber'"
check "verify_proves_the_ledger" "$heatledger" verify -d "$book"

# ---- the same through a broker, live ----

"$heatledger" dump -d "$book" >"$work/replay.dump"
if live_start "$plant" "$work/live"; then
    check "the_faults_are_played" play "$plant" "$work/faults.jsonl"
    ends_equal live_equals_replay "$work/live" "$work/replay.dump"
fi
finish
