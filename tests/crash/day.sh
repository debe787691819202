# The day that is published, as a journal ($list) and as the books it must give ($reference).
# Readings of registers are thinned to one in eight, so that a restart is quick; nothing else is.

day_make() {
    local demo=$root/deploy/demo
    plant=$work/plant.json
    reference=$work/reference
    list=$reference/journal
    # Small segments, so that their change and their packing are in the way of a kill, too.
    sed 's/"segment_mib": 16/"segment_mib": 1/' "$demo/plant.json" >"$plant"
    check the_day_is_simulated "$heatledger" simulate -c "$plant" "$demo/day.csv" \
        --record "$work/whole.jsonl" || return
    awk -F '"' '/\/heat"|thermocouple|hot_metal|sial|lime|fesi|femn|\/al\// { print; next }
        $4 != at { at = $4; instants++ }
        instants % 8 == 1' "$work/whole.jsonl" >"$work/day.jsonl"
    rm -f "$work/whole.jsonl"
    total=$(wc -l <"$work/day.jsonl")
    check the_day_is_replayed_undisturbed \
        "$heatledger" replay -c "$plant" -d "$reference" "$work/day.jsonl" || return
    "$tools/crash_journal" "$list" "$list" "$work/reference.numbers" >"$work/reference.tally" ||
        { not_ok the_list_is_its_own_journal "$(cat "$work/reference.tally")"; return 1; }
    books "$reference" "$work/reference"
}
