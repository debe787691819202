#!/bin/bash
# A journal whose old files were let go of: the ledger is the one of a twin that kept them all,
# history included; restarts, `verify`, `explain` and `check` work from the snapshots that are kept,
# or say what cannot be told any more and why.
. "$(dirname "$0")/../support/harness.sh"
book=$work/book
twin=$work/twin

# The plant of the scenarios, in small files. Of equal length, so that positions are.
plant_for() { # NAME KEEP_DAYS LIMIT
    sed "s/^  \"items\": \[/  \"journal\": {\"segment_mib\": 1, \"keep_days\": $2},\n&/
         s/\"target\": \"6.8\", \"limit\": \"7\"/\"target\": \"6.8\", \"limit\": \"$3\"/" \
        "$root/tests/scenarios/plant.json" >"$work/$1.json"
}
plant_for book1 '   10' 7; plant_for book2 '   10' 8
plant_for twin1 '36500' 7; plant_for twin2 '36500' 8

# Two days of five meters and a heat an hour; registers go on from what `base` says.
two_days() { # BASE DAY DAY
    awk -v base="$1" -v days="$2 $3" 'BEGIN {
        split(days, day, " ")
        for (d = 1; d <= 2; d++) for (minute = 0; minute < 1440; minute++) {
            m = base + (d - 1) * 1440 + minute
            at = sprintf("%sT%02d:%02d:00+08:00", day[d], int(minute / 60), minute % 60)
            line("LF/electricity/E", "\"value\":" m * 3)
            line("BOF/o2/O", "\"value\":" m * 2)
            line("LF/gas/G", "\"value\":0.25")
            line("LF/air/AT", "\"value\":" m)
            line("CCM/cooling/K3", "\"value\":" m * 5)
            heat = base + int((m - base) / 60)
            if (minute % 60 == 5) event("start", ",\"station\":\"LF\"")
            if (minute % 60 == 20) line("BOF/femn/M", "\"value\":" 600 + heat % 7 ",\"heat\":\"" heat "\",\"id\":\"M" heat "\"")
            if (minute % 60 == 30) event("tap", ",\"steel_kg\":" 90000 + heat % 11)
            if (minute % 60 == 45) event("end", ",\"station\":\"LF\"")
            if (minute % 240 == 7) line("LF/electricity/NOBODY", "\"value\":" m)
        } }
        function line(topic, members) {
            printf "{\"at\":\"%s\",\"topic\":\"plant/S/%s\",\"payload\":{\"ts\":\"%s\",%s}}\n", at, topic, at, members
        }
        function event(what, members) {
            line("heat", "\"heat\":\"" heat "\",\"event\":\"" what "\",\"id\":\"" what heat "\"" members)
        }'
}
message() { printf '{"at":"%s","topic":"plant/S/%s","payload":%s}\n' "$1" "$2" "$3"; }
{
    two_days 10000 2026-03-10 2026-03-11
    # What holds for as long as the meter does is told once, and long ago.
    message 2026-03-11T23:59:30+08:00 meter '{"ts":"2026-03-11T12:00:00+08:00","meter":"E","event":"multiplier","value":2}'
    message 2026-03-11T23:59:40+08:00 heat '{"ts":"2026-03-11T23:50:00+08:00","heat":"10047","event":"weight","steel_kg":91000,"id":"w1"}'
} >"$work/part1.jsonl"
two_days 20000 2026-04-14 2026-04-15 >"$work/part2.jsonl"
two_days 30000 2026-05-19 2026-05-20 >"$work/part3.jsonl"
{
    two_days 40000 2026-06-23 2026-06-24
    # Late truth about what the journal does not hold any more.
    message 2026-06-24T23:59:30+08:00 LF/electricity/E '{"ts":"2026-05-19T10:10:30+08:00","value":91831}'
    message 2026-06-24T23:59:40+08:00 crew '{"ts":"2026-05-19T11:00:00+08:00","event":"takeover","crew":"D"}'
    message 2026-06-24T23:59:50+08:00 heat '{"ts":"2026-05-19T12:30:00+08:00","heat":"30004","event":"weight","steel_kg":80000,"id":"w2"}'
} >"$work/part4.jsonl"
two_days 50000 2026-07-28 2026-07-29 >"$work/part5.jsonl"

replay() { # BOOK PLANT PART...
    local directory=$1 plant=$2
    shift 2
    "$heatledger" replay -c "$work/$plant.json" -d "$directory" "$@" >>"$directory.log" 2>&1 ||
        { tail -n 2 "$directory.log"; return 1; }
}
same_history() {
    "$heatledger" dump --history -d "$twin" >"$work/twin.dump" &&
        "$heatledger" dump --history -d "$book" >"$work/book.dump" && diff -q "$work/twin.dump" "$work/book.dump"
}
verifies() { # BOOK WORDS OPTION...
    local directory=$1 words=$2
    shift 2
    "$heatledger" verify -d "$directory" "$@" >"$work/verify.log" 2>&1 || { grep -A3 -e ^OFF -e ^heatledger "$work/verify.log"; return 1; }
    grep -q "$words" "$work/verify.log" || { tail -n 4 "$work/verify.log"; return 1; }
}
segments() { ls "$1/journal" | grep -c '\.journal'; }
bases() { ls "$1/snapshots" | grep -c -- '-20..-'; }
first_segment() { ls "$1/journal" | grep -m 1 '\.journal'; }
refuses() { # STATUS WORDS COMMAND...
    local status=$1 words=$2
    shift 2
    "$@" >"$work/refused.log" 2>&1
    [ $? -eq "$status" ] && grep -q "$words" "$work/refused.log" || { cat "$work/refused.log"; return 1; }
}

for part in 1 2 3 4; do
    version=$((part > 2 ? 2 : 1))
    check "part_${part}_is_booked" replay "$book" "book$version" "$work/part$part.jsonl" || finish
    check "part_${part}_is_booked_by_the_twin" replay "$twin" "twin$version" "$work/part$part.jsonl" || finish
done

check old_files_were_let_go_of test "$(segments "$book")" -lt "$(segments "$twin")"
check the_journal_begins_later test "$(first_segment "$book" | cut -c 1-16)" != 0000000000000000
check the_log_says_so grep -q 'event=journal_retired bytes=[0-9]* begins_at=[0-9]* keep_days=10' "$book.log"
check nothing_of_the_twin_went test "$(first_segment "$twin" | cut -c 1-16)" = 0000000000000000
check bases_stay_as_long_as_their_journal test "$(bases "$book")" -eq 2
check of_many_years_there_are_few_bases test "$(bases "$twin")" -eq 1
check invariant_3_the_ledger_is_the_twins_history_included same_history

check invariant_4_it_verifies_from_the_oldest_snapshot verifies "$book" '^from the snapshot of position [0-9]*, 2026-05-20T'
check it_verifies_from_the_newest_snapshot verifies "$book" '^from the snapshot of position [0-9]*, 2026-06-24T' --from-snapshot newest
check the_twin_verifies_from_the_start verifies "$twin" 'a replay of the journal gives the same ledger'
check invariant_4_the_twin_verifies_from_its_oldest_snapshot verifies "$twin" '^from the snapshot of position [0-9]*, 2026-03-1' --from-snapshot oldest
check a_snapshot_that_is_not_there_is_named refuses 2 'newest, oldest, or the position' \
    "$heatledger" verify -d "$book" --from-snapshot 5

explain() { "$heatledger" explain -d "$1" "${@:2}"; }
same_story() { diff <(explain "$twin" "$@") <(explain "$book" "$@"); }
check what_is_kept_is_explained_as_by_the_twin same_story --heat 40010 --item electricity
check and_for_programs test "$(explain "$book" --heat 40010 --json | grep -c '"retired":true')" -eq 0
check a_factor_that_was_told_before_is_known_still grep -q 'one unit of the reading counts 2 kWh' <(explain "$book" --heat 40010 --item electricity)
check what_is_gone_is_said explain "$book" --heat 10010 --item electricity
explain "$book" --heat 10010 >"$work/gone.txt" 2>&1
check the_amount_is_told_all_the_same grep -q 'Heat 10010, electricity: .* kWh' "$work/gone.txt"
check the_reading_was_let_go_of grep -q 'no longer in the journal' "$work/gone.txt"
check the_ticket_was_let_go_of grep -q 'the reading was let go of with its journal file' "$work/gone.txt"
check when_the_journal_begins grep -q '^The journal begins on 2026-05-' "$work/gone.txt"
check a_correction_of_what_is_gone_names_its_record grep -q '^  corrected  .*crew on duty corrected' <(explain "$book" --heat 30012)
check reports_have_what_the_twins_have diff <("$heatledger" report rejects --csv -d "$twin") <("$heatledger" report rejects --csv -d "$book")
check a_configuration_is_checked_against_the_one_in_force \
    grep -q 'is in force' <("$heatledger" check -c "$work/book2.json" -d "$book")

# A ledger that says otherwise is found out.
if command -v sqlite3 >/dev/null; then
    cp -r "$book" "$work/lying"
    sqlite3 "$work/lying/ledger.db" 'UPDATE entry_posting SET booked_at_us = booked_at_us, cause = 2
        WHERE position = (SELECT MAX(position) FROM entry_posting WHERE cause = 0)'
    check a_cause_that_was_changed_is_found refuses 1 'OFF .*a replay of the journal' "$heatledger" verify -d "$work/lying"
fi

# Nothing begins anew in silence.
mv "$book/ledger.db" "$work/ledger.db"
check a_ledger_that_cannot_be_made_again_is_not refuses 3 'ledger.db: is not there, and cannot be made again' \
    "$heatledger" replay -c "$work/book2.json" -d "$book"
check and_none_is_begun test ! -e "$book/ledger.db"
mv "$work/ledger.db" "$book/ledger.db"
mv "$book/snapshots" "$work/snapshots"
check without_snapshots_it_is_refused refuses 3 'no snapshot can be used, and the journal begins at position' \
    "$heatledger" replay -c "$work/book2.json" -d "$book"
mv "$work/snapshots" "$book/snapshots"

# The newest ones are damaged: the base is good.
for snapshot in $(ls "$book/snapshots" | tail -n +2); do
    printf x | dd of="$book/snapshots/$snapshot" bs=1 seek=100 conv=notrunc 2>/dev/null
done
check a_base_is_as_good_as_the_newest replay "$book" book2
check the_damaged_ones_are_named test "$(grep -c event=snapshot_unusable "$book.log")" -ge 1
check invariant_3_it_is_still_the_twins same_history

# Killed while more comes in; the twin books the same in one go.
check part_5_is_booked_by_the_twin replay "$twin" twin2 "$work/part5.jsonl" || finish
"$heatledger" dump -d "$twin" >"$work/twin.net"
live_start "$work/book2.json" "$book" || finish
play "$work/book2.json" "$work/part5.jsonl" &
sender=$!
children+=("$sender")
for _ in 1 2 3; do
    sleep "0.$((RANDOM % 6 + 3))"
    kill -KILL "$daemon_pid"
    wait "$daemon_pid" 2>/dev/null
    daemon_start "$work/book2.json" "$book" || { not_ok starts_after_a_kill "$(tail -n 2 "$book.log")"; finish; }
done
wait "$sender" || not_ok plays_on_through_kills "$(tail -n 2 "$work/play.log")"
ends_equal invariant_3_kill_9_on_a_journal_that_begins_later "$book" "$work/twin.net"
check it_verifies_beside_the_daemon verifies "$book" '^from the snapshot of position'
stop_process "$daemon_pid"
check it_verifies_after_all_that verifies "$book" '^from the snapshot of position'
finish
