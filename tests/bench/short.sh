#!/bin/bash
# The benchmark works: every part gives its figures, and what was sent is booked. How fast that goes
# is nobody's test. Takes the programs of the release build, as the end-to-end suites do, and builds
# them where that has none.
. "$(dirname "$0")/../support/harness.sh"

if [ -z "${BENCH_BUILD:-}" ] && [ -x "$root/build/tests/bench_process" ]; then
    export BENCH_BUILD=$root/build
fi

if ! "$root/tests/bench/run.sh" --short --only live --only replay --only latency --only meters \
    --only scale --json "$work/figures.json" >"$work/table" 2>"$work/said"; then
    not_ok bench_runs "$(grep -h broken "$work/table" | head -n 3 | tr '\n' '|') $(tail -n 2 "$work/said")"
    finish
fi
ok bench_runs

# has PART COUNT: so many figures of the part are numbers above 0. (A difference of two times may be
# below it.)
has() {
    [ "$(grep -cE "\"part\":\"$1\",\"what\":\"[^\"]*\",\"value\":[0-9.]*[1-9][0-9.]*," \
        "$work/figures.json")" -ge "$2" ] || { grep "\"part\":\"$1\"" "$work/figures.json"; return 1; }
}
check live_figures has live 12
check replay_figures has replay 8
check latency_figures has latency 4
check meters_figures has meters 7
check scale_figures has scale 8
figures_are_json() {
    local count
    count=$(sqlite3 :memory: "SELECT json_array_length(readfile('$work/figures.json'), '\$.figures')") &&
        [ "$count" -gt 30 ]
}
check figures_are_json figures_are_json
table_has_all_figures() {
    local figures rows
    figures=$(grep -c '"part":' "$work/figures.json")
    rows=$(grep -cE '^(live|replay|latency|meters|scale) ' "$work/table")
    [ "$figures" = "$rows" ] || { echo "$figures figures, $rows rows"; return 1; }
}
check table_has_all_figures table_has_all_figures

# refuses NAME ARGUMENTS...: status 2, and one line that names what is wrong.
refuses() {
    local name=$1 status
    shift
    "$root/tests/bench/run.sh" "$@" >"$work/refused" 2>&1
    status=$?
    [ "$status" = 2 ] && head -n 1 "$work/refused" | grep -q "^run.sh: .*$name" ||
        { echo "status $status"; head -n 2 "$work/refused"; return 1; }
}
check unknown_option_is_refused refuses --fast --fast
check unknown_part_is_refused refuses lives --only lives
check option_without_value_is_refused refuses --json --short --json

# What is interrupted in the middle leaves no process and no folder.
interrupted_leaves_nothing() {
    local pid left
    mkdir -p "$work/inner"
    BENCH_TMP=$work/inner setsid "$root/tests/bench/run.sh" --short --only live >/dev/null 2>&1 &
    pid=$!
    wait_for 60 pgrep -f "$work/inner/.*/live" || { stop_process "$pid"; echo "no daemon"; return 1; }
    kill -TERM "$pid"
    wait "$pid" 2>/dev/null
    [ $? = 130 ] || { echo "another status"; return 1; }
    left=$(pgrep -fl "$work/inner"; ls "$work/inner")
    [ -z "$left" ] || { echo "left: $left"; return 1; }
}
check interrupted_leaves_nothing interrupted_leaves_nothing
finish
