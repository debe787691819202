# The broker, the daemon, the publisher and the listener of a run: started, killed, waited for.
tools=$(dirname "$heatledger")/tests
client_id=heatledger-BOF1 # of the demo plant
broker_pid= daemon_pid= sender_pid= listener_pid=

below() { REPLY=$(((RANDOM * 32768 + RANDOM) % $1)); } # not in a subshell: it would draw for itself
pause_ms() { sleep "$(printf '%d.%03d' $(($1 / 1000)) $(($1 % 1000)))"; }

# Only what lives is stopped at the end: the numbers of the dead may be others' by then.
mind() { children=("$broker_pid" "$daemon_pid" "$sender_pid" "$listener_pid"); }

kill_now() { # NAME: of one of the variables above
    local -n pid=${1}_pid
    kill -KILL "$pid" 2>/dev/null
    wait "$pid" 2>/dev/null
    pid=
    mind
}

stop_now() { # NAME
    local -n pid=${1}_pid
    [ -z "$pid" ] || stop_process "$pid"
    pid=
    mind
}

# broker_up [CHANGES]: the product's broker; saves what it keeps after so many changes where that is
# said. Goes on with the same port and the same store.
broker_up() {
    local saves=
    [ -z "${1:-}" ] ||
        saves="s/^autosave_on_changes.*/autosave_on_changes true/; s/^autosave_interval.*/autosave_interval $1/"
    mkdir -p "$work/broker"
    broker_port=${broker_port:-$(free_port)}
    broker_url=mqtt://127.0.0.1:$broker_port
    "$root/deploy/broker.sh" "$broker_port" "$work/broker" |
        sed "$saves" >"$work/broker.conf"
    mosquitto -c "$work/broker.conf" >>"$work/broker.log" 2>&1 &
    broker_pid=$!
    mind
    wait_for 10 broker_ready "$broker_pid" "$broker_port"
}

broker_new() { # [CHANGES]: knows nothing of what was before
    local try
    for try in 1 2 3; do # another program may take the port in between
        stop_now broker
        rm -rf "$work/broker"
        broker_port=
        broker_up "$@" && return
    done
    not_ok the_broker_starts "$(tail -n 2 "$work/broker.log")"
    return 1
}

daemon_up() {
    heard_before
    "$heatledger" run -c "$plant" -d "$book" --clock message --broker "$broker_url" \
        >>"$book.log" 2>&1 &
    daemon_pid=$!
    mind
}

# Since heard_before: connected again, to receive and to send.
heard() { cat "$book.log" 2>/dev/null | grep -cE 'event=(connected|broker_back)'; }
heard_before() { connections=$(heard); }
connected_since() { ! kill -0 "$daemon_pid" || [ "$(heard)" -ge $((connections + 2)) ]; }
daemon_ready() { wait_for 30 connected_since; }

# publish UNTIL SPREAD_MS: in the background.
publish() {
    "$tools/crash_publisher" "$broker_port" "$list" "$book.state" "$1" "$2" >>"$book.sent" 2>&1 &
    sender_pid=$!
    mind
}

published() { # all of it is the broker's
    wait "$sender_pid"
    local status=$?
    sender_pid=
    mind
    [ $status -eq 0 ]
}

# Hears every alert, also what is told while it is away.
listener_up() {
    mosquitto_sub -V 5 -p "$broker_port" -h 127.0.0.1 -i crash-listener -c \
        -q 1 -t 'heatledger/BOF1/alerts/#' -F '%t %p' \
        >"$book.told" 2>/dev/null &
    listener_pid=$!
    mind
    sleep 0.5 # the subscription
}

missing() { # how many messages of the day the journal lacks
    "$tools/crash_journal" "$list" "$book/journal" 2>/dev/null | sed 's/.*missing=\([0-9]*\).*/\1/'
}
holds() { [ "$((total - $(missing)))" -ge "$1" ]; }
all_is_held() { wait_for 60 holds "$total" || { "$tools/crash_journal" "$list" "$book/journal"; return 1; }; }
