#!/bin/bash
# More comes than is taken: whoever is behind passes the pressure on to the one before (docs/
# operations.md, "When more comes than can be done"). A ledger that cannot be written leaves the
# journal taking and acknowledging; a daemon that takes nothing leaves the broker keeping. Nothing is
# thrown away, and what waited is booked once.
. "$(dirname "$0")/../support/harness.sh"
parts=$(dirname "$heatledger")/tests
book=$work/book
plant=$work/plant.json
count=20000

for part in generate publisher; do
    [ -x "$parts/bench_$part" ] || { skipped overload "bench_$part is not built"; finish; }
done
command -v sqlite3 >/dev/null || { skipped overload "sqlite3 is not installed"; finish; }
"$parts/bench_generate" plant 100 busy group | sed '1s/{/{"metrics_s":1,/' >"$plant"

number() { sed -n "s/^heatledger_$1 //p" "$book/metrics.prom"; }
is() { [ "$(number "$1")" = "$2" ] || { grep "^heatledger_$1" "$book/metrics.prom"; return 1; }; }
position() { sqlite3 -readonly "$book/ledger.db" 'SELECT position FROM progress'; }
sends() { # NAME: until the broker has acknowledged all; adds to $sent readings, $came messages
    local line
    line=$(timeout 60 "$parts/bench_publisher" "$broker_port" 100 1 "$count" 0 2>&1) ||
        { not_ok "$1" "$line"; return 1; }
    ok "$1"
    line=${line#*readings=}
    sent=$((sent + ${line%% *})) came=$((came + count))
}
booked() { report meters | columns readings | awk '{ sum += $1 } END { print sum + 0 }'; }
all_is_booked() { [ "$(booked)" = "$sent" ] || { echo "$(booked) readings of $sent"; return 1; }; }
waits() { [ "$(number queue_bytes)" -gt $((count * 100)) ]; }
dropped_none() {
    [ "$(mosquitto_sub -h 127.0.0.1 -p "$broker_port" -C 1 -W 20 \
        -t '$SYS/broker/publish/messages/dropped')" = 0 ]
}
hold() { # as a program that writes the ledger, until $work/go is there
    sqlite3 "$book/ledger.db" 'BEGIN IMMEDIATE;' \
        ".shell touch $work/held; for i in \$(seq 600); do [ -e $work/go ] && break; sleep 0.1; done" \
        'ROLLBACK;' >/dev/null 2>&1
}

broker_renew || { not_ok the_broker_starts "$(tail -n 2 "$work/broker.log")"; finish; }
"$heatledger" run -c "$plant" -d "$book" --broker "$broker_url" >"$book.log" 2>&1 &
daemon_pid=$!
children+=("$daemon_pid")
wait_for 60 daemon_connected "$daemon_pid" "$book.log" 2 && kill -0 "$daemon_pid" ||
    { not_ok the_daemon_starts "$(tail -n 2 "$book.log")"; finish; }
sent=0 came=0

# ---- the ledger cannot be written: the journal takes, and acknowledges ----

hold &
holder=$!
children+=("$holder")
wait_for 10 test -e "$work/held"
before=$(position)
mosquitto_pub -h 127.0.0.1 -p "$broker_port" -q 1 -t plant/BENCH/nowhere -m '{}' # must be written
came=1
sends the_broker_takes_what_comes
check the_journal_takes_all_of_it wait_for 60 is received_total "$came"
check while_nothing_is_booked test "$(position)" = "$before"
check the_numbers_say_what_waits wait_for 30 waits
touch "$work/go"
wait "$holder" 2>/dev/null
check what_waited_is_booked wait_for 90 all_is_booked
check nothing_waits_any_more wait_for 30 is queue_bytes 0

# ---- the daemon takes nothing at all: the broker keeps what comes ----

kill -STOP "$daemon_pid"
sends the_broker_keeps_what_comes
kill -CONT "$daemon_pid"
check what_the_broker_kept_is_booked_once wait_for 90 all_is_booked
check the_broker_has_dropped_nothing dropped_none
check nothing_waits_in_the_end wait_for 30 is queue_bytes 0
check all_was_received_once wait_for 30 is received_total "$came"
stop_process "$daemon_pid"
check the_ledger_verifies "$heatledger" verify -d "$book"
finish
