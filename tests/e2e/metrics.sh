#!/bin/bash
# What others watch the daemon by: metrics.prom, the status line, and what the service manager hears.
. "$(dirname "$0")/../support/harness.sh"
book=$work/book
plant=$work/plant.json
unit=$root/deploy/heatledger.service

sed 's/"shop": "S",/&\n  "metrics_s": 1,/' "$root/tests/scenarios/plant.json" >"$plant"
PATH=$PATH:/usr/sbin

if ! command -v perl >/dev/null; then
    skipped what_the_service_manager_hears "there is no perl to stand in for it"
    finish
fi

# The service manager's end of the socket: writes down what it hears.
perl -MSocket -e '
    socket(my $s, PF_UNIX, SOCK_DGRAM, 0) or die $!;
    bind($s, sockaddr_un($ARGV[0])) or die $!;
    $| = 1;
    while (defined(recv($s, my $said, 4096, 0))) { print "$said\n" }
' "$work/manager" >"$work/heard" &
children+=($!)
wait_for 5 test -S "$work/manager"

heard() { grep -q -- "$1" "$work/heard"; }
number() { sed -n "s/^heatledger_$1 //p" "$book/metrics.prom"; }
is() { [ "$(number "$1")" = "$2" ] || { grep "^heatledger_$1" "$book/metrics.prom"; return 1; }; }
at_least() { [ "$(number "$1")" -ge "$2" ]; }
now() { TZ=Asia/Shanghai date "+%Y-%m-%dT%H:%M:%S+08:00"; }
publish() { # TOPIC PAYLOAD
    mosquitto_pub -h 127.0.0.1 -p "$broker_port" -q 1 -t "plant/S/$1" -m "$2"
}

# ---- the broker is away at first ----

broker_port=$(free_port)
broker_url=mqtt://127.0.0.1:$broker_port
NOTIFY_SOCKET=$work/manager WATCHDOG_USEC=3000000 "$heatledger" run -c "$plant" -d "$book" \
    --broker "$broker_url" >"$book.log" 2>&1 &
daemon_pid=$!
children+=("$daemon_pid")
check "a_start_without_a_broker_is_given_time" wait_for 30 heard '^EXTEND_TIMEOUT_USEC='
check "the_manager_hears_why" wait_for 30 heard '^STATUS=starting: .*not connected: '
check "without_a_connection_it_is_not_ready" bash -c "! grep -q READY=1 '$work/heard'"
check "the_numbers_are_there_before_it_is_ready" wait_for 30 is 'connected{client="in"}' 0
broker_start || { not_ok the_broker_starts "$(tail -n 2 "$work/broker.log")"; finish; }
check "it_is_ready_once_connected" wait_for 60 heard '^READY=1'
check "and_beats_while_it_gets_on" wait_for 20 heard '^WATCHDOG=1'

# ---- messages ----

from=$(TZ=Asia/Shanghai date -d '-2 seconds' "+%Y-%m-%dT%H:%M:%S+08:00")
publish LF/gas/G "{\"ts\":\"$(now)\",\"from\":\"$from\",\"value\":5,\"heat\":\"1\",\"id\":\"g1\"}"
publish LF/gas/G 'no json'
publish LF/electricity/E "{\"ts\":\"$(now)\",\"value\":7}"
check "what_was_received_is_counted" wait_for 30 is received_total 3
check "by_what_became_of_it" wait_for 30 is 'messages_total{outcome="undecodable"}' 1
check "refused_ones_are_added_up" is refused_total 1
check "nothing_waits" wait_for 30 is queue_bytes 0
check "no_record_waits" is queue_records 0
check "a_commit_is_measured" at_least commit_seconds_count 1
check "a_sync_is_measured" at_least sync_seconds_count 1
check "an_alert_is_measured_from_its_reading_on" wait_for 30 is reading_to_alert_seconds_count 1
check "everything_has_gone_out" wait_for 30 is outbox_messages 0
check "memory_is_told" at_least resident_memory_bytes 1000000
check "the_first_connection_is_counted" is 'connections_total{client="in"}' 1
if command -v promtool >/dev/null; then
    check "promtool_takes_the_file" bash -c "promtool check metrics <'$book/metrics.prom'"
else
    skipped promtool_takes_the_file "promtool is not installed (Debian: prometheus)"
fi

# ---- the broker goes and comes ----

stop_process "$broker_pid"
check "a_lost_connection_shows" wait_for 30 is 'connected{client="in"}' 0
broker_start || { not_ok the_broker_comes_back "$(tail -n 2 "$work/broker.log")"; finish; }
check "another_connection_is_counted" wait_for 60 is 'connections_total{client="in"}' 2
check "and_shows" is 'connected{client="in"}' 1

# ---- the end, and another start ----

kill -TERM "$daemon_pid"
wait "$daemon_pid"
check "it_ends_in_order" test $? -eq 0
check "the_manager_hears_of_the_end" heard '^STOPPING=1'
: >"$work/heard"
NOTIFY_SOCKET=$work/manager "$heatledger" run -c "$plant" -d "$book" \
    --broker "$broker_url" >>"$book.log" 2>&1 &
daemon_pid=$!
children+=("$daemon_pid")
check "a_restart_is_ready_again" wait_for 60 heard '^READY=1'
check "outcomes_count_from_the_journal_s_beginning" wait_for 30 is 'messages_total{outcome="undecodable"}' 1
check "what_was_received_from_the_start" is received_total 0
check "an_alert_of_before_is_not_measured_again" is reading_to_alert_seconds_count 0
check "without_a_watchdog_there_is_no_beat" bash -c "! grep -q WATCHDOG '$work/heard'"
stop_process "$daemon_pid"
check "the_ledger_verifies" "$heatledger" verify -d "$book"

# ---- the unit ----

if command -v systemd-analyze >/dev/null; then
    sed "s|^ExecStart=[^ ]*|ExecStart=$heatledger|; /^Documentation/d" "$unit" >"$work/heatledger.service"
    check "systemd_takes_the_unit" systemd-analyze verify --man=no "$work/heatledger.service"
else
    skipped systemd_takes_the_unit "systemd-analyze is not installed"
fi
echo '{' >"$plant"
"$heatledger" run -c "$plant" -d "$book" >/dev/null 2>&1
status=$?
check "a_refused_configuration_is_not_tried_again" grep -Fqx "RestartPreventExitStatus=$status" "$unit"
finish
