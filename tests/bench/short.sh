#!/bin/bash
# The benchmark works: every part gives its figures, and what was sent is booked. How fast that goes
# is nobody's test.
. "$(dirname "$0")/../support/harness.sh"

if ! "$root/tests/bench/run.sh" --short --only live --only replay --only latency --only scale \
    --json "$work/figures.json" >"$work/table" 2>"$work/said"; then
    not_ok bench_runs "$(grep -h broken "$work/table" | head -n 3 | tr '\n' '|') $(tail -n 2 "$work/said")"
    finish
fi
ok bench_runs

# has PART COUNT: so many figures of the part, all of them numbers above 0.
has() {
    [ "$(grep -cE "\"part\":\"$1\",\"what\":\"[^\"]*\",\"value\":[0-9.]*[1-9][0-9.]*," \
        "$work/figures.json")" -ge "$2" ] || { grep "\"part\":\"$1\"" "$work/figures.json"; return 1; }
}
check live_figures has live 10
check replay_figures has replay 8
check latency_figures has latency 4
check scale_figures has scale 15
figures_are_json() {
    local count
    count=$(sqlite3 :memory: "SELECT json_array_length(readfile('$work/figures.json'), '\$.figures')") &&
        [ "$count" -gt 30 ]
}
check figures_are_json figures_are_json
finish
