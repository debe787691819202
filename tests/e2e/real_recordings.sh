#!/bin/bash
# Recordings of real plants, replayed and held against what an independent program worked out. They
# are not part of the repository: $HEATLEDGER_DATA, or ../shared/data beside it.
. "$(dirname "$0")/../support/harness.sh"

# recording:expected file:columns:report and its options
tables='
ladle_furnace:heats:heat,item,amount:heats
ladle_furnace:crews_clock:day,shift,crew,item,amount:crews --view clock
ladle_furnace:crews_owner:day,shift,crew,item,amount:crews --view owner
uci_steel:crews_clock:day,shift,crew,item,amount:crews --view clock
sidenor_heat:heats:heat,item,amount:heats
sidenor_reset:heats:heat,item,amount:heats
'

report_equals() { # BOOK EXPECTED COLUMNS REPORT...
    local book=$1 expected=$2 wanted=$3
    shift 3
    "$heatledger" report "$@" -d "$book" --csv >"$work/report.csv" || return 1
    # Use without a heat stands in `report heats` with an empty id; the files list heats alone.
    if [ "$1" = heats ]; then
        awk -F, 'NR == 1 || $1 != ""' "$work/report.csv" >"$work/heats.csv"
        mv "$work/heats.csv" "$work/report.csv"
    fi
    same_rows "$expected" "$work/report.csv" "$wanted"
}

overruns_equal() { # BOOK EXPECTED
    "$heatledger" report alerts -d "$1" --csv | columns quota,level,heat |
        sed -n 's/^thermocouple,limit,//p' | LC_ALL=C sort >"$work/alerts"
    columns heat <"$2" >"$work/overruns"
    test "$(wc -l <"$work/alerts")" -eq 1086 || { echo "$(wc -l <"$work/alerts") alerts"; return 1; }
    diff "$work/overruns" "$work/alerts"
}

sum_equals() { # BOOK SUM
    local sum
    sum=$("$heatledger" report crews --view clock -d "$1" --csv | columns amount |
        awk '{ sum += $1 * 1000 } END { printf "%.0f", sum }')
    test "$sum" = "$2" || { echo "sum $sum, expected $2"; return 1; }
}

steel_equals() { # BOOK HEAT KG
    "$heatledger" report heats -d "$1" --csv | columns heat,steel_kg | sort -u | grep -qx "$2,$3"
}

# Every register books exactly last - first; dips, spikes and duplicates are those of data/README.md.
water_meters='
W-12913a45 35 0 1
W-1f7b2064 0 0 1
W-219ffd09 106 0 1
W-7229af37 0 0 1
W-9348c9bb 1 4 1
W-d0b62268 0 0 0
W-f7b27eee 4 0 1
W-feccd95f 0 0 0
'
water_equals() { # BOOK FACTS
    "$heatledger" report meters -d "$1" --csv |
        columns meter,readings,glitches,spikes,duplicates,booked >"$work/water.actual"
    awk -F, 'NR == FNR { counts[$1] = $2 "," $3 "," $4; next }
             FNR > 1 { print $1 "," $2 "," counts[$1] "," $7 }' \
        <(printf '%s' "$water_meters" | sed '/^$/d' | tr ' ' ,) "$2" | LC_ALL=C sort >"$work/water.expected"
    diff "$work/water.expected" "$work/water.actual"
}

# Each reading that was held is listed with its reason.
water_listed() { # BOOK
    local listed held
    listed=$("$heatledger" report rejects -d "$1" --csv | grep -cE ',(glitch|spike),')
    held=$("$heatledger" report meters -d "$1" --csv | columns held | awk '{ sum += $1 } END { print sum }')
    test "$listed" -eq "$held" || { echo "$listed listed, $held held"; return 1; }
}

if [ -r "$data/water_registers.jsonl" ]; then
    book=$work/water_registers
    check water_registers_replays "$heatledger" replay -d "$book" \
        -c "$root/tests/real/water_registers.plant.json" "$data/water_registers.jsonl"
    check water_registers_equal water_equals "$book" "$data/water_registers.facts.csv"
    check water_registers_are_listed water_listed "$book"
    check water_registers_verifies "$heatledger" verify -d "$book"
    rm -rf "$book"
else
    skipped water_registers "$data/water_registers.jsonl is not there; set HEATLEDGER_DATA"
fi

for recording in ladle_furnace uci_steel sidenor_heat sidenor_reset; do
    if [ ! -r "$data/$recording.jsonl" ]; then
        skipped "$recording" "$data/$recording.jsonl is not there; set HEATLEDGER_DATA"
        continue
    fi
    book=$work/$recording
    check "${recording}_replays" "$heatledger" replay -c "$root/tests/real/$recording.plant.json" \
        -d "$book" "$data/$recording.jsonl" || continue
    while IFS=: read -r of table wanted report; do
        [ "$of" = "$recording" ] || continue
        # shellcheck disable=SC2086
        check "${recording}_${table}_equals" \
            report_equals "$book" "$data/$recording.$table.csv" "$wanted" $report
    done <<<"$tables"
    case $recording in
    ladle_furnace) check "ladle_furnace_overruns_equal" overruns_equal "$book" \
        "$data/ladle_furnace.thermocouple_overruns.csv" ;;
    uci_steel) check "uci_steel_sum_equals" sum_equals "$book" 602874170 ;;
    sidenor_*) check "${recording}_steel_equals" steel_equals "$book" 7654321 132300 ;;
    esac
    check "${recording}_nothing_is_rejected" \
        test "$("$heatledger" report rejects -d "$book" --csv | wc -l)" -eq 1
    check "${recording}_verifies" "$heatledger" verify -d "$book"
    rm -rf "$book"
done
finish
