#!/bin/bash
# A message that crashes the engine is left out once it has crashed it twice, the second time taken
# alone, and nothing else is; kill -9 puts nothing under suspicion. The program under test is the
# product with a fault (tests/crash/crash_hook.c).
. "$(dirname "$0")/../support/harness.sh"
product=$heatledger
heatledger=$(dirname "$product")/tests/crash_heatledger
plant=$root/tests/scenarios/plant.json
book=$work/book

dies() { # PLANT BOOK: a start that ends by itself
    "$heatledger" run -c "$1" -d "$2" --clock message --broker "$broker_url" >>"$2.log" 2>&1 &
    daemon_pid=$!
    children=("$broker_pid" "$daemon_pid")
    wait_for 30 gone
}
gone() { ! kill -0 "$daemon_pid" 2>/dev/null; }
starts() { # in this shell: it sets daemon_pid
    daemon_start "$plant" "$book" && ! gone
    local status=$?
    children=("$broker_pid" "$daemon_pid")
    [ $status -eq 0 ] && ok "$1" || not_ok "$1" "$(tail -n 2 "$book.log" | tr '\n' '|')"
}
skipped_in_log() { grep -c 'event=record_skipped' "$book.log"; }
has_booked() { shows meter,last_value,booked "$1" meters; }
rejects_are() { test "$(report rejects | columns outcome | sort | uniq -c | tr -s ' \n' ' ')" = "$1"; }

{
    echo '09:00:00 LF/electricity/E {"value":100}'
    echo '09:01:00 LF/electricity/E {"value":110}'
    echo '09:02:00 LF/gas/G {"value":5,"heat":"1","id":"crash_the_engine"}'
    echo '09:03:00 LF/electricity/E {"value":130}'
    echo '09:04:00 LF/electricity/E {"value":"unreadable"}'
} | recording >"$work/crashing.jsonl"

broker_renew || { not_ok the_broker_starts "$(tail -n 2 "$work/broker.log")"; finish; }
starts the_daemon_starts
check messages_are_sent play "$plant" "$work/crashing.jsonl"
check a_record_crashes_the_engine wait_for 30 gone
check it_is_under_suspicion test -s "$book/trying"
check taken_alone_it_crashes_again dies "$plant" "$book"
check nothing_is_left_out_before test "$(skipped_in_log)" -eq 0
starts then_the_daemon_goes_on
check one_record_is_left_out wait_for 10 test "$(skipped_in_log)" -eq 1
check what_comes_behind_is_booked wait_for 10 has_booked E,130,30
check what_is_left_out_is_listed_with_its_message shows outcome,topic,payload \
    'skipped,plant/S/LF/gas/G,{"ts":"2026-03-10T09:02:00+08:00","value":5,"heat":"1","id":"crash_the_engine"}' rejects
check nothing_else_is_left_out rejects_are ' 1 bad_value 1 skipped '
stop_process "$daemon_pid"
"$heatledger" dump -d "$book" --history >"$work/kept"
check a_proof_leaves_out_the_same "$heatledger" verify -d "$book"
check a_program_without_the_fault_does_so_too "$product" verify -d "$book"

# ---- from the journal alone ----

rm -rf "$book/skips" "$book/snapshots" "$book"/ledger.db*
check a_replay_finds_what_is_left_out_in_the_journal "$product" replay -c "$plant" -d "$book"
"$product" dump -d "$book" --history >"$work/made"
check the_ledger_is_made_again diff "$work/kept" "$work/made"
rm -f "$book/skips"
check a_proof_without_the_list_reads_the_journal "$heatledger" verify -d "$book"

# ---- kill -9 while a record is in hand, also one that is suspected ----

{
    echo '09:10:00 LF/electricity/E {"value":140}'
    echo '09:11:00 LF/gas/G {"value":5,"heat":"2","id":"kill_the_engine"}'
} | recording >"$work/killing.jsonl"
export KILL_THE_ENGINE=1
starts it_starts_again
check a_message_is_sent_that_kills play "$plant" "$work/killing.jsonl"
check it_is_killed wait_for 30 gone
check it_is_killed_again dies "$plant" "$book"
check it_is_killed_a_third_time dies "$plant" "$book"
unset KILL_THE_ENGINE
starts it_goes_on_after_kill_9
check kill_9_puts_nothing_under_suspicion wait_for 10 shows meter,readings,booked G,1,5 meters
check nothing_more_is_left_out rejects_are ' 1 bad_value 1 skipped '
stop_process "$daemon_pid"
check the_ledger_verifies "$heatledger" verify -d "$book"
finish
