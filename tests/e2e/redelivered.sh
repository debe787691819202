#!/bin/bash
# The daemon dies between the journal and the acknowledgement: the broker sends again what is in the
# journal already. A message that nobody can read is refused once, an event that says nothing of its
# time counts once. What is new and equal to it counts.
. "$(dirname "$0")/../support/harness.sh"
plant=$work/plant.json
book=$work/book

sed '0,/"zone"/s//"mqtt": {"url": "mqtt:\/\/127.0.0.1:1", "version": 5, "client_id": "twice"}, &/' \
    "$root/tests/scenarios/plant.json" >"$plant"
outcomes() { report rejects | columns outcome | sort | uniq -c | tr -s ' \n' ' '; }
outcomes_are() { test "$(outcomes)" = "$1" || { report rejects; return 1; }; }
sends() { mosquitto_pub -h 127.0.0.1 -p "$broker_port" -q 1 -t "plant/S/$1" -m "$2"; }
runs() {
    "$heatledger" run -c "$plant" -d "$book" --broker "$broker_url" >>"$book.log" 2>&1 &
    daemon_pid=$!
    children+=("$daemon_pid")
    local before=$1
    wait_for 60 daemon_connected "$daemon_pid" "$book.log" "$((before + 2))"
}
saved() { [ "$work/broker/mosquitto.db" -nt "$work/mark" ]; }
kill_both() {
    { kill -KILL "$broker_pid" && wait "$broker_pid"; } 2>/dev/null
    { kill -KILL "$daemon_pid" && wait "$daemon_pid"; } 2>/dev/null
    return 0
}

broker_renew && runs 0 || { not_ok the_daemon_starts "$(tail -n 2 "$book.log")"; finish; }
# While the daemon sleeps the broker sends, and saves that it has not heard of it.
kill -STOP "$daemon_pid"
check an_unreadable_message_is_sent sends LF/electricity/E '{"value":'
check an_event_without_a_time_is_sent sends BOF/femn/M '{"value":5}'
sleep 1
touch "$work/mark"
sleep 1
kill -USR1 "$broker_pid"
check the_broker_saves wait_for 10 saved
# The broker sleeps while the daemon takes both into its journal; then both die.
kill -STOP "$broker_pid"
kill -CONT "$daemon_pid"
check both_are_booked wait_for 20 shows meter,readings,booked M,1,5 meters
check the_unreadable_one_is_refused wait_for 10 outcomes_are ' 1 undecodable '
kill_both
check the_broker_comes_back broker_start
runs "$(daemon_connections "$book.log")" || not_ok the_daemon_comes_back "$(tail -n 2 "$book.log")"
check the_broker_sends_both_again wait_for 20 outcomes_are ' 2 redelivered 1 undecodable '
check the_event_counts_once shows meter,readings,booked M,1,5 meters
check an_equal_event_is_sent sends BOF/femn/M '{"value":5}'
check an_equal_event_counts wait_for 20 shows meter,readings,booked M,2,10 meters
stop_process "$daemon_pid"
"$heatledger" dump -d "$book" --history >"$work/kept"
check the_ledger_verifies "$heatledger" verify -d "$book"
rm -rf "$book"/ledger.db* "$book/snapshots"
check the_journal_is_read_again "$heatledger" replay -c "$plant" -d "$book"
"$heatledger" dump -d "$book" --history >"$work/made"
check a_replay_leaves_out_the_same diff "$work/kept" "$work/made"
finish
