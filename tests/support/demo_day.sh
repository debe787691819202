# What the suites of the demo day share: its plant, its timetable, the tables that were worked out
# from it by another program (tests/e2e/expected/README.md). Sourced in place of harness.sh.
. "$(dirname "${BASH_SOURCE[0]}")/harness.sh"
expected=$root/tests/e2e/expected
plant=$root/deploy/demo/plant.json
timetable=$root/deploy/demo/day.csv
book=$work/book
amounts=day,shift,crew,item,amount

# crews VIEW EXPECTED COLUMNS REPORT-OPTIONS...: the report has the rows of the table EXPECTED.
crews() {
    local view=$1 table=$expected/$2 wanted=$3
    shift 3
    report crews --view "$view" --day 2026-03-10 "$@" | only_items "$table" >"$work/crews.csv" || return 1
    same_rows "$table" "$work/crews.csv" "$wanted"
}

# heats_equal TABLE REPORT-OPTIONS...: the report has the rows of TABLE.
heats_equal() {
    local table=$1
    shift
    report heats "$@" | only_items "$table" | awk -F, 'NR == 1 || $1 != ""' >"$work/heats.csv" || return 1
    same_rows "$table" "$work/heats.csv" heat,item,amount,steel_kg
}

# handover_row SHIFT PATTERN...: one flat object of the handover's JSON holds all patterns.
handover_row() {
    local shift=$1 rows pattern
    "$heatledger" handover -d "$book" --day 2026-03-10 --shift "$shift" --json >"$work/handover.json" || return 1
    rows=$(tr -d '\n' <"$work/handover.json" | tr '{' '\n')
    shift 1
    for pattern in "$@"; do
        rows=$(grep -F -- "$pattern" <<<"$rows") || { echo "no $pattern"; cat "$work/handover.json"; return 1; }
    done
}
