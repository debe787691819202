# What the end-to-end tests share; sourced by tests/e2e/*.sh under bash.
#
# A suite prints one line a test: "ok NAME", "not ok NAME: why" or "skipped NAME: why"; run.sh
# counts them. It ends with `finish`, whose status is 1 where a test failed. Everything a suite
# starts is remembered by its process id and stopped when the suite ends, however it ends; its files
# lie under one directory of its own, $work, which is removed unless KEEP=1.

set -u
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
heatledger=${HEATLEDGER:-$root/build/heatledger}
data=${HEATLEDGER_DATA:-$root/../shared/data}
suite=$(basename "$0" .sh)
work=$(mktemp -d "${TMPDIR:-/tmp}/heatledger-$suite-XXXXXX")
failures=0
children=()

# Stops one process that this suite started: TERM, then KILL where it does not end in 20 s.
stop_process() {
    local pid=$1 tries=0
    kill -TERM "$pid" 2>/dev/null
    while kill -0 "$pid" 2>/dev/null; do
        tries=$((tries + 1))
        if [ "$tries" -ge 200 ]; then
            kill -KILL "$pid" 2>/dev/null
            break
        fi
        sleep 0.1
    done
    wait "$pid" 2>/dev/null
}

clean_up() {
    local pid
    for pid in "${children[@]:-}"; do
        [ -n "$pid" ] && stop_process "$pid"
    done
    if [ "${KEEP:-0}" = 1 ]; then
        echo "kept: $work" >&2
    else
        rm -rf "$work"
    fi
}
trap clean_up EXIT
trap 'exit 130' INT TERM HUP

ok() { echo "ok $1"; }
not_ok() {
    echo "not ok $1: $2"
    failures=$((failures + 1))
}
skipped() { echo "skipped $1: $2"; }

finish() {
    [ "$failures" -eq 0 ]
    exit
}

# check NAME COMMAND...: the test passes where the command does; what it says goes into the reason.
check() {
    local name=$1 said status
    shift
    if said=$("$@" 2>&1); then
        ok "$name"
    else
        status=$?
        not_ok "$name" "status $status: $(printf '%s' "$said" | head -n 12 | tr '\n' '|')"
        return 1
    fi
}

# wait_for SECONDS COMMAND...: asks until the command succeeds; 1 where it does not in time.
wait_for() {
    local until=$((SECONDS + $1))
    shift
    until "$@" >/dev/null 2>&1; do
        [ "$SECONDS" -lt "$until" ] || return 1
        sleep 0.1
    done
}

port_answers() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# A loopback port on which nobody answers at the moment.
free_port() {
    local port
    while :; do
        port=$((20000 + (RANDOM * 32768 + RANDOM) % 40000))
        if ! port_answers "$port"; then
            echo "$port"
            return
        fi
    done
}

# broker_start: a mosquitto of this suite's own, with the product's broker configuration; sets
# broker_port, broker_pid, broker_url. A second call goes on with the same port and the same store.
broker_start() {
    local tries=0
    mkdir -p "$work/broker"
    while [ "$tries" -lt 5 ]; do
        tries=$((tries + 1))
        broker_port=${broker_port:-$(free_port)}
        "$root/deploy/broker.sh" "$broker_port" "$work/broker" >"$work/broker.conf" || return 1
        mosquitto -c "$work/broker.conf" >>"$work/broker.log" 2>&1 &
        broker_pid=$!
        if wait_for 10 broker_ready "$broker_pid" "$broker_port"; then
            children+=("$broker_pid")
            broker_url="mqtt://127.0.0.1:$broker_port"
            return 0
        fi
        stop_process "$broker_pid"
        unset broker_port
    done
    echo "mosquitto does not start: $(tail -n 3 "$work/broker.log")" >&2
    return 1
}

# broker_renew: another broker that knows nothing of what was before, no session and no message.
broker_renew() {
    [ -z "${broker_pid:-}" ] || stop_process "$broker_pid"
    rm -rf "$work/broker"
    unset broker_port
    broker_start
}

broker_ready() { kill -0 "$1" 2>/dev/null && port_answers "$2"; }

# daemon_start PLANT DIR: `heatledger run` against this suite's broker; returns once it has
# connected, to receive and to send. Sets daemon_pid; its log is DIR.log, appended to.
daemon_start() {
    local before
    before=$(daemon_connections "$2.log")
    "$heatledger" run -c "$1" -d "$2" --clock message --broker "$broker_url" >>"$2.log" 2>&1 &
    daemon_pid=$!
    children+=("$daemon_pid")
    wait_for 60 daemon_connected "$daemon_pid" "$2.log" "$((before + 2))"
}

# play PLANT RECORDING: the whole recording through this suite's broker, as fast as it takes it.
play() {
    "$heatledger" play -c "$1" --broker "$broker_url" --speed max "$2" >"$work/play.log" 2>&1 ||
        { tail -n 2 "$work/play.log" >&2; return 1; }
}

# live_start PLANT DIR: a daemon, and a broker of its own: a session that another daemon left would
# mix two recordings. Where one of them does not start, a test has failed that names DIR.
live_start() {
    broker_renew && daemon_start "$1" "$2" && return
    not_ok "$(basename "$2")_starts" "$(tail -n 2 "$work/broker.log" "$2.log" | tr '\n' '|')"
    return 1
}

same_dump() { # BOOK EXPECTED
    "$heatledger" dump -d "$1" >"$work/live.dump" 2>/dev/null && cmp -s "$work/live.dump" "$2"
}

# ends_equal NAME BOOK EXPECTED: the test that a live ledger comes to the dump EXPECTED in time.
ends_equal() {
    if wait_for 120 same_dump "$2" "$3"; then
        ok "$1"
    else
        not_ok "$1" "$(diff "$3" "$work/live.dump" | head -n 6 | tr '\n' '|') log: $(tail -n 2 "$2.log")"
    fi
}

daemon_connections() { cat "$1" 2>/dev/null | grep -c 'event=connected'; }
daemon_connected() { ! kill -0 "$1" 2>/dev/null || [ "$(daemon_connections "$2")" -ge "$3" ]; }

# report REPORT...: of the suite's ledger, $book, as CSV.
report() { "$heatledger" report "$@" -d "$book" --csv; }

# shows COLUMNS ROW REPORT...: the report has that row.
shows() {
    local wanted=$1 row=$2
    shift 2
    report "$@" | columns "$wanted" | grep -Fxq -- "$row" || { report "$@"; return 1; }
}

# recording: lines "TIME TOPIC PAYLOAD" as tests/scenarios has them (README.md there) → a recording
# in the order of the lines.
recording() {
    awk '
        { clock = $1; day = "10"
          if (clock ~ /^[0-9][0-9]T/) { day = substr(clock, 1, 2); clock = substr(clock, 4) }
          at = "2026-03-" day "T" clock "+08:00"
          payload = $0; sub(/^[^ ]+ +[^ ]+ +/, "", payload)
          if (payload !~ /"ts"/) sub(/^\{/, "{\"ts\":\"" at "\",", payload)
          printf "{\"at\":\"%s\",\"topic\":\"plant/S/%s\",\"payload\":%s}\n", at, $2, payload }'
}

# columns LIST: reads CSV (RFC 4180, no line breaks in fields) with a header and writes the columns
# of the comma-separated LIST, sorted, without the header, without rows whose `amount` is zero.
columns() {
    awk -v wanted="$1" '
        function split_line(line, out,    n, c, i, quoted, text) {
            n = 1; text = ""; quoted = 0
            for (i = 1; i <= length(line); i++) {
                c = substr(line, i, 1)
                if (quoted && c == "\"" && substr(line, i + 1, 1) == "\"") { text = text c; i++ }
                else if (c == "\"") quoted = !quoted
                else if (c == "," && !quoted) { out[n++] = text; text = "" }
                else text = text c
            }
            out[n] = text
            return n
        }
        { sub(/\r$/, "") }
        NR == 1 {
            n = split_line($0, head)
            count = split(wanted, names, ",")
            for (k = 1; k <= count; k++) {
                place[k] = 0
                for (i = 1; i <= n; i++) if (head[i] == names[k]) place[k] = i
                if (!place[k]) { print "no column " names[k] " in: " $0 > "/dev/stderr"; exit 1 }
                if (names[k] == "amount") amount = place[k]
            }
            next
        }
        /^$/ { next }
        {
            if (index($0, "\"")) split_line($0, field); else split($0, field, ",")
            if (amount && field[amount] == "0") next
            line = field[place[1]]
            for (k = 2; k <= count; k++) line = line "," field[place[k]]
            print line
        }' | LC_ALL=C sort
}

# same_rows EXPECTED ACTUAL COLUMNS: both CSV files hold the same rows in these columns.
same_rows() {
    columns "$3" <"$1" >"$work/expected.rows" || return 1
    columns "$3" <"$2" >"$work/actual.rows" || return 1
    [ -s "$work/expected.rows" ] || { echo "nothing is expected in $1"; return 1; }
    diff "$work/expected.rows" "$work/actual.rows"
}

# only_items FILE: of a CSV with an `item` column, the rows whose items FILE (such a CSV) knows.
only_items() {
    awk -F, 'NR == FNR { if (FNR == 1) { for (i = 1; i <= NF; i++) if ($i == "item") k = i }
                         else known[$k] = 1; next }
             FNR == 1 { for (i = 1; i <= NF; i++) if ($i == "item") m = i; print; next }
             $m in known' "$1" -
}
