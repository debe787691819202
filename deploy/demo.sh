#!/bin/sh
# The demo: builds heatledger, starts a broker of its own, runs the demo day through MQTT into the
# live daemon and prints the handover of the day shift.
set -eu

usage() {
    cat <<'TEXT'
usage: deploy/demo.sh [--once] [--help]

Installs the packages that building needs and the machine lacks (Debian; as root or through sudo),
builds heatledger into build/ unless it is built already, starts its own Mosquitto on a free
loopback port and the daemon, plays the demo day (40 heats, 28 hours) at full speed, and prints the
handover of the day shift of 2026-03-10 and where to look next.

  --once   ends then, and removes its files; without it everything stays up until Ctrl-C
  --help   this text
TEXT
}

once=0
for argument in "$@"; do
    case $argument in
    --once) once=1 ;;
    --help | -h) usage; exit 0 ;;
    *) echo "demo.sh: unknown option $argument" >&2; usage >&2; exit 2 ;;
    esac
done

root=$(cd "$(dirname "$0")/.." && pwd)
cd "$root"
heatledger=build/heatledger
plant=deploy/demo/plant.json
timetable=deploy/demo/day.csv
work="" broker_pid="" daemon_pid=""

say() { printf '\n==> %s\n' "$*"; }
fail() {
    printf 'demo.sh: %s\n' "$*" >&2
    exit 3
}

# Ends a process of ours and waits for it: 20 s to close in order, then it is killed.
end_process() {
    [ -n "$1" ] || return 0
    kill -TERM "$1" 2>/dev/null || return 0
    tries=0
    while kill -0 "$1" 2>/dev/null && [ "$tries" -lt 200 ]; do
        tries=$((tries + 1))
        sleep 0.1
    done
    kill -KILL "$1" 2>/dev/null || true
    wait "$1" 2>/dev/null || true
}
clean_up() {
    status=$?
    trap - EXIT INT TERM HUP
    end_process "$daemon_pid"
    end_process "$broker_pid"
    [ -z "$work" ] || rm -rf "$work"
    exit "$status"
}
trap clean_up EXIT
trap 'exit 130' INT TERM HUP

say "packages"
deploy/packages.sh build

say "build"
if [ ! -f build/build.ninja ]; then
    cmake --preset release -DHEATLEDGER_TESTS=OFF || fail "cmake does not configure; see above"
fi
cmake --build build --target heatledger || fail "the build failed; see above"

work=$(mktemp -d "${TMPDIR:-/tmp}/heatledger-demo-XXXXXX")
mkdir "$work/broker"
PATH=$PATH:/usr/sbin:/usr/local/sbin

# Tries ports until a broker stays up and the daemon could reach it.
start_broker() {
    tries=0
    while [ "$tries" -lt 10 ]; do
        tries=$((tries + 1))
        # The process id spreads demos that start together; a taken port only costs another try.
        port=$((20000 + ($$ * 37 + tries * 1009) % 40000))
        deploy/broker.sh "$port" "$work/broker" >"$work/mosquitto.conf"
        mosquitto -c "$work/mosquitto.conf" >"$work/mosquitto.log" 2>&1 &
        broker_pid=$!
        waited=0
        while kill -0 "$broker_pid" 2>/dev/null && [ "$waited" -lt 50 ]; do
            if grep -q 'running' "$work/mosquitto.log"; then
                return 0
            fi
            waited=$((waited + 1))
            sleep 0.1
        done
        end_process "$broker_pid"
    done
    broker_pid=
    fail "mosquitto does not start: $(tail -n 1 "$work/mosquitto.log")"
}

say "broker"
start_broker
url=mqtt://127.0.0.1:$port
echo "mosquitto $url, process $broker_pid"

say "daemon"
"$heatledger" run -c "$plant" -d "$work/book" --clock message --broker "$url" \
    >"$work/daemon.log" 2>&1 &
daemon_pid=$!
waited=0
until [ "$(grep -c 'event=connected' "$work/daemon.log")" -ge 2 ]; do # to receive, and to send
    kill -0 "$daemon_pid" 2>/dev/null || fail "the daemon ended: $(tail -n 3 "$work/daemon.log")"
    waited=$((waited + 1))
    [ "$waited" -lt 300 ] || fail "the daemon does not reach its broker: $(tail -n 3 "$work/daemon.log")"
    sleep 0.1
done
echo "heatledger, process $daemon_pid, books into $work/book"

say "the demo day, through MQTT"
"$heatledger" simulate -c "$plant" "$timetable" --broker "$url" --speed max ||
    fail "simulate failed; the daemon says: $(tail -n 3 "$work/daemon.log")"

say "waiting until all is booked"
waited=0
until "$heatledger" report crews -d "$work/book" --json 2>/dev/null |
    grep -q '"as_of": *"2026-03-11T10:00:00+08:00"'; do
    kill -0 "$daemon_pid" 2>/dev/null || fail "the daemon ended: $(tail -n 3 "$work/daemon.log")"
    waited=$((waited + 1))
    [ "$waited" -lt 600 ] || fail "not all is booked after 10 minutes: $(tail -n 3 "$work/daemon.log")"
    sleep 1
done

say "handover of the day shift, 2026-03-10, as it stood at 16:00"
"$heatledger" handover -d "$work/book" --day 2026-03-10 --shift day --text

if [ "$once" -eq 1 ]; then
    say "done: the handover above came from the live daemon. Without --once it all stays up."
    exit 0
fi
say "all is up until Ctrl-C; look on from another terminal, in $root:"
cat <<TEXT
  $heatledger report crews --view owner --station LF -d $work/book --text
  $heatledger report heats --heat 12602485 -d $work/book --text
  $heatledger report quotas --crew C -d $work/book --text
  $heatledger report alerts -d $work/book --text
  $heatledger handover -d $work/book --day 2026-03-10 --shift night --lang zh
  $heatledger verify -d $work/book
  the daemon's log: $work/daemon.log
TEXT
if command -v mosquitto_sub >/dev/null; then
    echo "  mosquitto_sub -h 127.0.0.1 -p $port -t 'heatledger/#' -v"
fi
if command -v sqlite3 >/dev/null; then
    echo "  sqlite3 -readonly -header -column $work/book/ledger.db 'SELECT * FROM heat_use LIMIT 20'"
fi
while kill -0 "$daemon_pid" 2>/dev/null; do
    sleep 1
done
fail "the daemon ended: $(tail -n 3 "$work/daemon.log")"
