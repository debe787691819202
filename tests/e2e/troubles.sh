#!/bin/bash
# Troubles of the daemon are alerts like any other: told at once, in the ledger, in the reports
# (EDGE_CASES 34). A journal that is read again tells nobody of what was long ago.
. "$(dirname "$0")/../support/harness.sh"
scenarios=$root/tests/scenarios/plant.json
plant=$work/plant.json
book=$work/book

sed '0,/"zone"/s//"mqtt": {"url": "mqtt:\/\/127.0.0.1:1", "version": 5, "client_id": "trouble"},\n  "limits": {"broker_away_s": 1, "backlog_records": 500, "outbox_messages": 20}, "metrics_s": 1, &/' \
    "$scenarios" >"$plant"
says() { grep -q "$1" "$book.log"; }
heard() { grep -q "$1" "$work/heard"; }
heard_last() { [ "$(grep "^$1 " "$work/heard" | tail -n 1)" = "$1 $2" ]; }
alert_is() { shows id,quota,scope,period,state,retro "system/plant/$1/limit,system,plant,$1,$2,false" alerts; }
told_as() { # what was told at once and what the outbox told are one message
    test "$(grep "alerts/system/plant/$1/limit .*\"state\":\"raised\"" "$work/heard" | sort -u | wc -l)" -eq 1
}
listens() {
    mosquitto_sub -h 127.0.0.1 -p "$broker_port" -t 'heatledger/S/alerts/#' -t 'heatledger/S/status' \
        -F '%t %p' >>"$work/heard" 2>/dev/null &
    children+=($!)
}
runs() { # MORE: starts, does not wait
    "$heatledger" run -c "$plant" -d "$book" --broker "$broker_url" >>"$book.log" 2>&1 &
    daemon_pid=$!
    children+=("$daemon_pid")
}

# ---- the broker is away for longer than its limit ----

broker_renew && runs && wait_for 30 daemon_connected "$daemon_pid" "$book.log" 2 ||
    { not_ok the_daemon_starts "$(tail -n 2 "$book.log")"; finish; }
stop_process "$broker_pid"
check the_broker_is_away wait_for 20 says 'event=trouble what=broker_away'
check it_is_on_record_while_it_lasts wait_for 10 alert_is broker_away raised
check the_numbers_say_so wait_for 10 grep -q '^heatledger_trouble{what="broker_away"} 1' "$book/metrics.prom"
broker_start && listens
check the_broker_is_back wait_for 90 says 'event=trouble_over what=broker_away'
check its_end_is_on_record wait_for 10 alert_is broker_away closed
check boards_hear_that_it_was wait_for 20 heard 'alerts/system/plant/broker_away/limit .*"state":"raised"'
check boards_hear_that_it_is_over wait_for 20 heard_last heatledger/S/alerts/system/plant/broker_away/limit ''
check it_is_one_message told_as broker_away

# ---- a daemon that is killed in trouble: the next one finds it over ----

stop_process "$broker_pid"
check the_broker_is_away_again wait_for 20 alert_is broker_away raised
{ kill -KILL "$daemon_pid" && wait "$daemon_pid"; } 2>/dev/null
broker_start && listens
runs
check what_an_earlier_run_had_is_over wait_for 30 alert_is broker_away closed
check the_ledger_verifies "$heatledger" verify -d "$book"

# ---- more than the ledger can book at once: another program holds it ----

hold() { # SECONDS: as a program that writes the ledger
    sqlite3 "$book/ledger.db" 'BEGIN IMMEDIATE;' ".shell sleep $1" 'ROLLBACK;' >/dev/null 2>&1
}
many() { # messages that the journal takes meanwhile
    for i in $(seq 1 700); do echo "{\"value\":$i}"; done |
        mosquitto_pub -h 127.0.0.1 -p "$broker_port" -q 1 -t plant/S/nowhere -l
}
if command -v sqlite3 >/dev/null; then
    hold 16 &
    holder=$!
    children+=("$holder")
    sleep 1
    check many_messages_come many
    check edge_34_the_ledger_is_kept_from_it wait_for 25 says 'event=trouble what=ledger_busy'
    check edge_34_the_backlog_is_told wait_for 10 heard 'alerts/system/plant/backlog/limit .*"state":"raised"'
    wait "$holder" 2>/dev/null
    check edge_34_all_is_booked wait_for 60 says 'event=trouble_over what=backlog'
    check edge_34_the_backlog_is_on_record wait_for 10 alert_is backlog closed
    check edge_34_the_ledger_busy_is_on_record wait_for 10 alert_is ledger_busy closed
    check edge_34_nothing_is_discarded wait_for 20 test "$(report rejects | grep -c unknown_topic)" -eq 700
    check edge_34_it_was_one_message told_as backlog
else
    skipped edge_34_the_backlog_is_told "sqlite3 is not installed"
fi
stop_process "$daemon_pid"

# ---- the journal is read again, from its start ----

waiting() { "$heatledger" dump -d "$1" >/dev/null && sqlite3 "$1/ledger.db" "SELECT topic || ' ' || (payload = '') FROM outbox_message ORDER BY row" | tr '\n' '|'; }
{
    echo '09:00:00 LF/electricity/E {"value":100}'
    echo '09:01:00 LF/electricity/E {"value":90}'
    echo '09:01:30 CCM/electricity/Z {"value":100}'
    echo '09:02:00 LF/electricity/E {"value":110}'
    echo '09:03:00 LF/electricity/E {"value":80}'
} | recording >"$work/held.jsonl"
if command -v sqlite3 >/dev/null; then
    again=$work/again
    check a_day_is_replayed "$heatledger" replay -c "$scenarios" -d "$again" "$work/held.jsonl"
    check a_recording_is_nobody_s_news test "$(waiting "$again")" = ''
    rm -f "$again"/ledger.db*
    rm -rf "$again/snapshots"
    check its_journal_is_read_again "$heatledger" replay -c "$scenarios" -d "$again"
    check only_what_stands_is_told test "$(waiting "$again")" = 'heatledger/S/alerts/held/meter/E/limit 0|'
else
    skipped only_what_stands_is_told "sqlite3 is not installed"
fi
finish
