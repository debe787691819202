#!/bin/bash
# A sync of the journal fails: what the disk holds is unknown from then on. Nothing more is taken,
# nothing booked, nothing tried again, until the daemon is started again; then nothing is missing.
# The program under test is the product on such a disk (tests/crash/crash_sync.c).
. "$(dirname "$0")/../support/harness.sh"
product=$heatledger
heatledger=$(dirname "$product")/tests/crash_failing_sync
plant=$root/tests/scenarios/plant.json
book=$work/book
export SYNC_FAILS=$work/sync_fails

sends() { recording >"$work/part.jsonl" && cat "$work/part.jsonl" >>"$work/day.jsonl" && play "$plant" "$work/part.jsonl"; }
has_booked() { shows meter,last_value,booked "$1" meters; }
said() { grep -q "$1" "$book.log"; }
heard() { grep -q "$1" "$work/heard"; }
alive() { kill -0 "$daemon_pid"; }
holds() { # VALUE: the last one that a ledger would show which is made from the journal as it is
    rm -rf "$work/copy"
    mkdir "$work/copy"
    cp -r "$book/journal" "$work/copy/"
    "$product" replay -c "$plant" -d "$work/copy" >"$work/copy.log" 2>&1 &&
        "$product" report meters -d "$work/copy" --csv | columns meter,last_value | grep -Fxq "E,$1"
}

live_start "$plant" "$book" || finish
mosquitto_sub -h 127.0.0.1 -p "$broker_port" -t 'heatledger/+/status' -t 'heatledger/+/alerts/system/#' \
    -F '%t %p' >"$work/heard" 2>/dev/null &
children+=($!)
sends <<'MESSAGES'
09:00:00 LF/electricity/E {"value":100}
09:01:00 LF/electricity/E {"value":110}
MESSAGES
check edge_33_the_day_begins wait_for 20 has_booked E,110,10

touch "$SYNC_FAILS"
sends <<'MESSAGES'
09:02:00 LF/electricity/E {"value":130}
MESSAGES
check edge_33_the_log_says_that_the_journal_is_broken wait_for 20 said 'event=trouble what=journal_broken'
check edge_33_the_status_says_so wait_for 10 heard 'status .*"what":"journal_broken"'
check edge_33_an_alert_says_so wait_for 10 \
    heard 'alerts/system/plant/journal_broken/limit .*"state":"raised"'
check edge_33_what_may_not_be_on_the_disk_is_not_booked has_booked E,110,10

rm "$SYNC_FAILS"
sends <<'MESSAGES'
09:03:00 LF/electricity/E {"value":150}
MESSAGES
sleep 2
check edge_33_the_daemon_stays alive
check edge_33_nothing_is_tried_again has_booked E,110,10
check edge_33_nothing_more_is_taken holds 130
stop_process "$daemon_pid"

daemon_start "$plant" "$book" || not_ok it_starts_again "$(tail -n 2 "$book.log")"
check edge_33_a_start_takes_what_the_broker_kept wait_for 20 has_booked E,150,50
stop_process "$daemon_pid"
"$product" replay -c "$plant" -d "$work/undisturbed" "$work/day.jsonl" >"$work/replay.log" 2>&1
"$product" dump -d "$work/undisturbed" >"$work/undisturbed.dump"
check edge_33_the_ledger_is_that_of_a_disk_that_works same_dump "$book" "$work/undisturbed.dump"
check edge_33_the_ledger_verifies "$product" verify -d "$book"
finish
