#!/bin/bash
# From a number to what made it, on the demo day with its faults: every figure of a heat or a
# crew-shift is what its postings add up to, and what was signed stands beside what it is now.
. "$(dirname "$0")/../support/harness.sh"
plant=$root/deploy/demo/plant.json
book=$work/book

check "the_day_with_faults_is_written" "$heatledger" simulate -c "$plant" "$root/deploy/demo/day.csv" \
    --faults --record "$work/day.jsonl" || finish
check "the_day_with_faults_is_booked" "$heatledger" replay -c "$plant" -d "$book" "$work/day.jsonl" || finish

explain() { "$heatledger" explain -d "$book" "$@"; }

# JSON → a line "FIGURE amount" each; fails where its postings do not add up to it.
figures() {
    awk '
        function member(name,    text) {
            text = $0
            if (!sub(".*\"" name "\":\"", "", text)) return ""
            sub(/".*/, "", text)
            return text
        }
        function finish_figure() {
            if (key == "") return
            if (sum - amount > 0.0005 || amount - sum > 0.0005) { print key ": " sum " is not " amount; bad = 1 }
        }
        /^\{"figure":/ {
            finish_figure()
            head = $0; sub(/\}.*/, "", head); $0 = head
            key = member("day") "," member("shift") "," member("heat") "," member("item")
            amount = member("amount"); sum = 0
            print key "," amount
        }
        /^\{"amount":/ { sum += member("amount") }
        END { finish_figure(); exit bad }' | LC_ALL=C sort
}

every_heat_adds_up() {
    local heat heats
    "$heatledger" report heats -d "$book" --csv >"$work/heats.csv" || return 1
    heats=$(awk -F, 'NR > 1 && $1 != "" { print $1 }' "$work/heats.csv" | sort -u)
    [ -n "$heats" ] || return 1
    for heat in $heats; do
        explain --heat "$heat" --json >"$work/explained.json" || return 1
        figures <"$work/explained.json" >"$work/explained" || { cat "$work/explained"; return 1; }
        awk -F, -v heat="$heat" '$1 == heat { print ",," $1 "," $2 "," $4 }' "$work/heats.csv" |
            LC_ALL=C sort | diff - "$work/explained" || return 1
    done
}
check "every_heat_is_what_its_postings_add_up_to" every_heat_adds_up

every_shift_adds_up() { # VIEW
    local shift
    for shift in day middle night; do
        "$heatledger" report crews -d "$book" --day 2026-03-10 --shift "$shift" --view "$1" --csv |
            awk -F, 'NR > 1 { print $1 "," $2 ",," $4 "," $6 }' | LC_ALL=C sort >"$work/crews"
        explain --day 2026-03-10 --shift "$shift" --view "$1" --json >"$work/explained.json" || return 1
        figures <"$work/explained.json" | diff "$work/crews" - || return 1
    done
}
check "every_crew_shift_on_duty_is_what_its_postings_add_up_to" every_shift_adds_up clock
check "every_crew_shift_by_owner_is_what_its_postings_add_up_to" every_shift_adds_up owner

says() { # PATTERN EXPLAIN-OPTIONS...
    local pattern=$1
    shift
    explain "$@" >"$work/said" && grep -qE -- "$pattern" "$work/said" || { cat "$work/said"; return 1; }
}
check "a_late_weighing_is_told_with_its_reading" says 'reading 87 \(2026-03-10T11:33:00\+08:00\)' \
    --heat 12602490 --item femn
check "a_late_weighing_came_after_the_handover" says 'late reading.*after the handover of 2026-03-10T16:' \
    --heat 12602490 --item femn
check "a_correction_says_what_it_added" says 'corrected +2026-03-10T17:20:00.*: \+87 kg, 600 → 687 kg' \
    --heat 12602490 --item femn
check "a_reset_is_told_among_the_readings" says '^ +0 \(2026-03-10T11:30:00' \
    --heat 12602489 --item electricity --station LF
check "a_mark_is_told_by_its_reading" says 'to 2026-03-10T12:20:00\+08:00: read' \
    --heat 12602490 --item electricity --station LF
check "a_window_of_a_meter_is_told" says '^Meter E02, Electricity: 3500 kWh' \
    --meter E02 --from 2026-03-10T11:50:00+08:00 --to 2026-03-10T12:20:00+08:00
check "an_alert_is_told_by_what_it_counted" says '^Alert femn/heat/12602490/target' \
    --alert femn/heat/12602490/target
check "it_says_states_and_names_in_chinese" says '^  归属 +(甲|乙|丙)(班)?, 2026-03-10 ' --heat 12602490 --item femn --lang zh
check "it_speaks_chinese" says '^炉次 12602490, 锰铁: 687 kg' --heat 12602490 --item femn --lang zh

refuses() { # STATUS PATTERN OPTIONS...
    local wanted=$1 pattern=$2 said status
    shift 2
    said=$(explain "$@" 2>&1)
    status=$?
    [ "$status" -eq "$wanted" ] && grep -q -- "$pattern" <<<"$said" || { echo "$status: $said"; return 1; }
}
check "a_heat_that_never_was_is_status_1" refuses 1 'no such number' --heat 999
check "no_number_is_status_2" refuses 2 'say which number'
check "an_unknown_item_is_status_2" refuses 2 'there are: ' --heat 12602490 --item gold

# ---- what was told long before, what was refused, and what a person decided ----
lies=$work/lies
line() { # TIME TOPIC PAYLOAD
    echo "{\"at\":\"2026-03-10T$1:00+08:00\",\"topic\":\"plant/S/$2\",\"payload\":$3}"
}
reading() { line "$1" LF/electricity/E "{\"ts\":\"2026-03-10T$1:00+08:00\",\"value\":$2}"; }
{
    line 08:00 meter '{"ts":"2026-03-10T08:00:00+08:00","meter":"E","event":"multiplier","value":2}'
    reading 08:00 100
    reading 11:00 200
    reading 12:00 210
    reading 12:10 -5
    reading 12:10 90
    reading 13:00 220
    line 13:01 entry '{"ts":"2026-03-10T13:01:00+08:00","by":"eng","event":"reject","meter":"E","at":"2026-03-10T12:10:00+08:00","reason":"a typing mistake"}'
    reading 14:00 230
} >"$work/lies.jsonl"
check "a_meter_that_lies_is_booked" "$heatledger" replay -c "$root/tests/scenarios/plant.json" -d "$lies" "$work/lies.jsonl"
told() { # PATTERN
    "$heatledger" explain -d "$lies" --meter E --from 2026-03-10T12:00:00+08:00 --to 2026-03-10T13:00:00+08:00 >"$work/said" &&
        grep -qE -- "$1" "$work/said" || { cat "$work/said"; return 1; }
}
check "a_multiplier_told_hours_before_is_told" told 'one unit of the reading counts 2 kWh'
check "who_rejected_a_reading_is_told_with_the_reason" told '^ +90 \(.*rejected by a person, by eng: a typing mistake'
never_told() { ! told "$1" >/dev/null && [ -s "$work/said" ]; }
check "a_value_that_was_refused_is_no_reading" never_told '^ +-5 '
check "a_window_that_is_no_time_is_status_2" bash -c "'$heatledger' explain -d '$lies' --meter E --from yesterday --to 2026-03-11; test \$? -eq 2"

since() {
    "$heatledger" handover -d "$book" --day 2026-03-10 --shift day --json >"$work/handover.json" || return 1
    grep -qF '"item":"femn","name_zh":"锰铁","name_en":"Ferro-manganese","unit":"kg","clock":"8129","owner":"8129"' \
        "$work/handover.json" || { echo "what was signed changed"; return 1; }
    grep '"figure":"owner","signed":"8129","now":"8216","difference":"87","state_signed":"green","state_now":"amber","why":"late_reading"' \
        "$work/handover.json" || { sed -n '/"since"/,$p' "$work/handover.json"; return 1; }
}
check "the_signed_handover_stays_and_the_difference_stands_beside" since
finish
