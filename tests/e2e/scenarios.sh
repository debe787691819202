#!/bin/bash
# Replays the scenarios of tests/scenarios: messages in, books and alerts out. Their form is
# described in tests/scenarios/README.md.
. "$(dirname "$0")/../support/harness.sh"
plant=$root/tests/scenarios/plant.json

# The same messages in another order, all arriving when the last one of the recording does.
at_the_end() {
    local last
    last=$(tail -n 1 "$1" | sed -E 's/^\{"at":"([^"]*)".*/\1/')
    sed -E "s/^\{\"at\":\"[^\"]*\"/{\"at\":\"$last\"/"
}

section() { awk -v head="$2" '/^== / { on = ($0 == "== " head); next } on && NF' "$1"; }

dump_of() { # RECORDING → its dump
    rm -rf "$work/other"
    "$heatledger" replay -c "$plant" -d "$work/other" "$1" >/dev/null && "$heatledger" dump -d "$work/other"
}

shows_section() { # FILE HEAD
    local head=$2 report=${2%%:*} wanted=${2##*: }
    # shellcheck disable=SC2086
    "$heatledger" report $report -d "$work/book" --csv >"$work/report.csv" || return 1
    { echo "$wanted"; section "$1" "$head"; } >"$work/expected.csv"
    columns "$wanted" <"$work/expected.csv" >"$work/expected.rows"
    columns "$wanted" <"$work/report.csv" >"$work/actual.rows" || return 1
    diff "$work/expected.rows" "$work/actual.rows"
}

same_in_any_order() {
    local dump=$work/dump reversed=$work/reversed.jsonl doubled=$work/doubled.jsonl
    "$heatledger" dump -d "$work/book" >"$dump" || return 1
    tac "$work/messages.jsonl" | at_the_end "$work/messages.jsonl" >"$reversed"
    sed p "$work/messages.jsonl" >"$doubled"
    dump_of "$reversed" | diff "$dump" - || { echo "(reversed)"; return 1; }
    dump_of "$doubled" | diff "$dump" - || { echo "(doubled)"; return 1; }
}

check "the_scenarios_plant_is_accepted" "$heatledger" check -c "$plant"
for scenario in "$root"/tests/scenarios/*.scenario; do
    name=$(basename "$scenario" .scenario)
    rm -rf "$work/book"
    section "$scenario" messages | recording >"$work/messages.jsonl"
    check "$name" "$heatledger" replay -c "$plant" -d "$work/book" "$work/messages.jsonl" || continue
    while IFS= read -r head; do
        check "$name: ${head%%:*}" shows_section "$scenario" "$head"
    done < <(sed -n 's/^== //p' "$scenario" | grep -v '^messages$')
    check "$name: verify" "$heatledger" verify -d "$work/book"
    if grep -q '^order: any$' "$scenario"; then
        check "$name: any order" same_in_any_order
    fi
done
finish
