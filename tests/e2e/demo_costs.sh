#!/bin/bash
# What the demo day cost: by one price, and by a time-of-use tariff whose cuts change no amount. The
# furnace's cost under the tariff is worked out again from the timetable, by another program.
. "$(dirname "$0")/../support/demo_day.sh"

sed '/^  "settlement": {/i\
  "tariffs": [{"item": "electricity", "seasons": [{"bands": [\
    {"id": "peak", "price": "0.95", "hours": ["10:00-15:00", "18:00-21:00"]},\
    {"id": "flat", "price": "0.62", "hours": ["07:00-10:00", "15:00-18:00", "21:00-23:00"]},\
    {"id": "valley", "price": "0.31", "hours": ["23:00-07:00"]}]}]}],' "$plant" >"$work/tariff.json"
day="--day 2026-03-10"

check "a_tariff_is_accepted" "$heatledger" check -c "$work/tariff.json"
"$heatledger" simulate -c "$plant" "$timetable" --record "$work/day.jsonl" >/dev/null 2>&1
check "the_day_is_booked_at_one_price" \
    "$heatledger" replay -c "$plant" -d "$work/plain" "$work/day.jsonl" || finish
check "the_day_is_booked_under_a_tariff" \
    "$heatledger" replay -c "$work/tariff.json" -d "$work/timed" "$work/day.jsonl" || finish
"$heatledger" dump -d "$work/plain" >"$work/plain.dump"
"$heatledger" dump -d "$work/timed" >"$work/timed.dump"
check "cuts_of_a_tariff_change_no_amount" cmp "$work/plain.dump" "$work/timed.dump"
check "verify_proves_the_ledger_with_a_tariff" "$heatledger" verify -d "$work/timed"

# row BOOK REPORT PATTERN: CSV rows of a report of the day that match.
row() {
    local of=$1 what=$2 pattern=$3
    shift 3
    "$heatledger" report "$what" -d "$of" --csv $day "$@" | grep -E -- "$pattern"
}
is() { # EXPECTED COMMAND...
    local expected=$1 got
    shift
    got=$("$@")
    [ "$got" = "$expected" ] || { echo "expected: $expected"; echo "got: $got"; return 1; }
}

# DOMAIN 4: the team bears the usage alone.
check "team_c_bears_its_usage_and_no_price" is \
    2026-03-10,C,hot_metal,hot_metal,kg,1325031,1320330,2.8,2.9,13162.8,132503.1,145665.9,A,true,false \
    row "$work/plain" variance ',C,hot_metal,'
check "team_a_used_less_than_allowed" is F \
    bash -c "'$heatledger' report variance -d '$work/plain' --csv $day --crew A --quota hot_metal |
        awk -F, 'NR == 2 { print \$13 }'"

# 12 heats of A: 1,309,544 kg x 2.80 at standard, over 1,199.4 t; as paid x 2.90, but the first
# charge at 07:45, on the day before that price: 108,564 kg x 2.80.
check "hot_metal_of_team_a" is \
    2026-03-10,A,item,material,hot_metal,kg,1309544,2.8,2.89171,3666723.2,3786821.2,,,false,true,1199400,3057.131232,,,false,false \
    row "$work/plain" costs ',A,item,material,hot_metal,'
check "electricity_of_the_furnace_by_owner" is 43600,27032,27032,5358.44,23134.16 \
    bash -c "'$heatledger' report costs -d '$work/plain' --csv $day --crew A --station LF \
        --item electricity | awk -F, '\$3 == \"item\" { print \$7 \",\" \$10 \",\" \$11 \",\" \$12 \",\" \$13 }'"

# The furnace under the tariff: each heat's kWh evenly over its stay, by owner, to the fen or so.
timetable_cost() { # CREW
    awk -F, -v crew="$1" '
        function minute(text) { return substr(text, 12, 2) * 60 + substr(text, 15, 2) }
        function price(m) {
            if (m < 420 || m >= 1380) return 0.31
            if ((m >= 600 && m < 900) || (m >= 1080 && m < 1260)) return 0.95
            return 0.62
        }
        { sub(/\r$/, "") }
        NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
        $1 >= 0 && $1 <= 35 && $at["owner"] == crew {
            start = minute($at["lf_s"]); stop = minute($at["lf_e"]); if (stop <= start) stop += 1440
            for (m = start; m < stop; m++) cost += $at["lf_kwh"] / (stop - start) * price(m % 1440) }
        END { printf "%.4f\n", cost }' "$timetable"
}
same_cost() { # CREW
    local booked expected
    booked=$(row "$work/timed" costs ",$1,item," --station LF --item electricity | cut -d, -f11)
    expected=$(timetable_cost "$1")
    awk -v a="$booked" -v b="$expected" 'BEGIN { exit !(a > 0 && a - b < 0.02 && b - a < 0.02) }' ||
        { echo "booked $booked, timetable $expected"; return 1; }
}
for crew in A B C; do
    check "the_furnace_of_crew_${crew}_cost_what_its_times_say" same_cost "$crew"
done

# The shop paid the same, whoever answers for it; standard cost knows no tariff.
shop() { "$heatledger" report costs -d "$1" --csv --period 2026-03 --view "$2" | awk -F, '$2 == "" && $3 == "net" { print $10, $11, $12 }' | tail -n 1; }
check "owner_and_clock_cost_the_shop_the_same" is "$(shop "$work/timed" clock)" shop "$work/timed" owner
check "standard_cost_knows_no_tariff" \
    is "$(shop "$work/plain" owner | cut -d' ' -f1)" bash -c "echo '$(shop "$work/timed" owner)' | cut -d' ' -f1"
check "what_has_no_price_is_named" bash -c "
    '$heatledger' report costs -d '$work/plain' $day | grep -q '^No standard price, left out of the costs: .*femn'"

# ---- the tariff comes at noon: what is open is cut by it, what was booked is divided by time ----
# Of what has left memory by then the stored curve is interpolated, and says so: quality is left out.
grep -n '"at":"2026-03-10T04:' "$work/day.jsonl" | head -n 1 | cut -d: -f1 >"$work/noon"
head -n "$(($(cat "$work/noon") - 1))" "$work/day.jsonl" >"$work/morning.jsonl"
tail -n "+$(cat "$work/noon")" "$work/day.jsonl" >"$work/rest.jsonl"
check "the_morning_is_booked_at_one_price" \
    "$heatledger" replay -c "$plant" -d "$work/both" "$work/morning.jsonl"
check "edge_35_a_tariff_follows_at_noon" \
    "$heatledger" replay -c "$work/tariff.json" -d "$work/both" "$work/rest.jsonl"
"$heatledger" dump -d "$work/both" >"$work/both.dump"
amounts_of() { sed -E 's/\t[MIUCSE]$//' "$1"; }
check "edge_35_a_tariff_that_follows_changes_no_amount" cmp <(amounts_of "$work/plain.dump") <(amounts_of "$work/both.dump")
check "verify_proves_a_ledger_that_a_tariff_came_to" "$heatledger" verify -d "$work/both"
check "what_was_booked_over_bands_is_said_to_be_divided" bash -c "
    '$heatledger' report costs -d '$work/both' $day --crew A | grep -q 'divided over its bands by time: electricity' &&
    ! '$heatledger' report costs -d '$work/timed' $day --crew A | grep -q 'divided over its bands'"
finish
