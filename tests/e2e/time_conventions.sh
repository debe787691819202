#!/bin/bash
# Times as plants write them (EDGE_CASES 14, 17, 36): without an offset, with the midnight that ends
# a day under that day's date, in the wrong unit, in the future; nights in which the clocks change.
. "$(dirname "$0")/../support/harness.sh"

replayed() { # NAME: $work/NAME.jsonl under $work/NAME.json
    rm -rf "${work:?}/$1"
    "$heatledger" replay -c "$work/$1.json" -d "$work/$1" "$work/$1.jsonl"
}
of() { # NAME COMMAND...: the command, with NAME's ledger
    local book=$work/$1
    shift
    "$@"
}

# ---- a steel mill's increments as it labels them: local, and the last one of a day at 00:00 of
# that day's own date ----

recording=uci_steel
if [ -r "$data/$recording.jsonl" ]; then
    sed -E 's/^( *)"crews": \[/\1"mappings": [{"topic": "mill\/{meter}", "yields": "reading", "time": "local", "zone": "Asia\/Seoul", "label": "end_same_date", "period": "15min", "fields": {"meter": "{meter}", "ts": "\/date", "value": "\/kwh"}}],\n&/' \
        "$root/tests/real/$recording.plant.json" >"$work/mill.json"
    # The start of an increment bears the date that a wrong label has at midnight.
    awk -F '"' '{ date = substr($18, 1, 10); clock = substr($14, 12, 8)
                  value = $0; sub(/.*"value":/, "", value); sub(/\}+$/, "", value)
                  printf "{\"at\":\"%s\",\"topic\":\"mill/INCOMER\",\"payload\":{\"date\":\"%sT%s\",\"kwh\":%s}}\n", $4, date, clock, value }' \
        "$data/$recording.jsonl" >"$work/mill.jsonl"
    check "the_mills_labels_are_wrong_at_midnight" \
        grep -Fq '"at":"2018-01-02T00:00:05+09:00","topic":"mill/INCOMER","payload":{"date":"2018-01-01T00:00:00"' "$work/mill.jsonl"
    check "edge_36_the_mills_labels_are_read" replayed mill
    of mill report crews --view clock >"$work/crews.csv"
    check "edge_36_crews_are_those_of_the_right_dates" \
        same_rows "$data/$recording.crews_clock.csv" "$work/crews.csv" day,shift,crew,item,amount
    check "edge_36_nothing_is_rejected" test "$(of mill report rejects | wc -l)" -eq 1
    check "edge_36_the_mill_verifies" "$heatledger" verify -d "$work/mill"
else
    skipped edge_36_the_mills_labels_are_read "$data/$recording.jsonl is not there; set HEATLEDGER_DATA"
fi

# ---- nights in which the clocks change ----

cat >"$work/night.json" <<'PLANT'
{
  "shop": "N", "zone": "Europe/Berlin", "production_day_start": "07:00",
  "items": [{"id": "electricity", "unit": "kWh", "resolution": "1"}],
  "stations": [{"id": "S"}],
  "meters": [{"id": "R", "item": "electricity", "station": "S", "kind": "register"}],
  "shifts": [{"id": "day", "start": "07:00"}, {"id": "middle", "start": "15:00"}, {"id": "night", "start": "23:00"}],
  "crews": [{"id": "A"}, {"id": "B"}, {"id": "C"}, {"id": "D"}],
  "roster": {"epoch": "2026-03-28", "cycle": ["day", "day", "middle", "middle", "night", "night", null, null],
             "offsets": {"A": 0, "B": 2, "C": 4, "D": 6}},
  "quotas": [{"id": "base", "item": "electricity", "basis": "per_shift", "target": "790", "limit": "801"}],
  "mappings": [{"topic": "gw/{meter}", "yields": "reading", "time": "local",
                "fields": {"meter": "{meter}", "ts": "/t", "value": "/v"}}]
}
PLANT
reading() { printf '{"at":"%s","topic":"gw/R","payload":{"t":"%s","v":%s}}\n' "$1" "$2" "$3"; }
{
    # 100 kWh an hour through the night of 28 to 29 March: seven hours
    reading 2026-03-28T22:00:00Z 2026-03-28T23:00:00 0
    reading 2026-03-29T00:30:00Z 2026-03-29T01:30:00 250
    reading 2026-03-29T01:30:00Z 2026-03-29T03:30:00 350
    reading 2026-03-29T05:00:00Z 2026-03-29T07:00:00 700
    # and of 24 to 25 October: nine hours, one of which comes twice
    reading 2026-10-24T21:00:00Z 2026-10-24T23:00:00 700
    reading 2026-10-25T00:00:00Z 2026-10-25T02:00:00 1000
    reading 2026-10-25T00:30:00Z 2026-10-25T02:30:00 1050
    reading 2026-10-25T01:00:00Z 2026-10-25T02:00:00 1100
    reading 2026-10-25T01:30:00Z 2026-10-25T02:30:00 1150
    reading 2026-10-25T06:00:00Z 2026-10-25T07:00:00 1600
    reading 2026-10-25T06:00:05Z 2026-10-25T07:00:05 1600
} >"$work/night.jsonl"
check "edge_17_two_nights_are_booked" replayed night
check "edge_17_a_night_of_seven_hours" of night shows day,shift,amount 2026-03-28,night,700 crews --view clock
check "edge_17_a_night_of_nine_hours" of night shows day,shift,amount 2026-10-24,night,900 crews --view clock
check "edge_17_seven_hours_are_allowed_seven_eighths" \
    of night shows quota,used,allowed_target,allowed_limit base,700,691,700 quotas --day 2026-03-28 --shift night
check "edge_17_nine_hours_are_allowed_nine_eighths" \
    of night shows quota,used,allowed_target,allowed_limit base,900,888,901 quotas --day 2026-10-24 --shift night
check "edge_36_the_hour_that_comes_twice_is_uncertain" \
    of night shows day,shift,quality 2026-10-24,night,U crews --view clock
check "edge_36_the_night_verifies" "$heatledger" verify -d "$work/night"
sed 's|"time": "local"|&, "zone": "Asia/Seoul"|' "$work/night.json" >"$work/other.json"
refused() { "$heatledger" check -c "$work/other.json" 2>&1 | grep -q 'mappings\[0\].zone: must be the plant.s own zone, "Europe/Berlin"'; }
check "edge_36_another_zone_is_refused" refused

# ---- clocks that are wrong ----

sed 's|"time": "local"|"time": "epoch_ms"|' "$work/night.json" >"$work/clock.json"
at_ms() { printf '{"at":"%s","topic":"gw/R","payload":{"t":%s,"v":%s}}\n' "$1" "$2" "$3"; }
{
    at_ms 2026-03-10T08:00:00Z 1773129600000 0
    at_ms 2026-03-10T08:05:00Z 1773129900000 10
    at_ms 2026-03-10T08:06:00Z 1773129960 5           # seconds
    at_ms 2026-03-10T08:07:00Z 1773216000000 900000   # tomorrow
    at_ms 2026-03-10T08:08:00Z 1773130080000000 7     # microseconds
    at_ms 2026-03-10T08:10:00Z 1773130200000 20
} >"$work/clock.jsonl"
check "edge_14_a_wrong_clock_is_replayed" replayed clock
check "edge_14_what_is_refused_is_listed" bash -c \
    "test \"\$('$heatledger' report rejects -d '$work/clock' --csv | cut -d, -f4 | tail -n +2 | sort | tr '\n' ' ')\" = 'bad_time bad_time future '"
check "edge_14_nobodys_clock_is_moved" of clock shows meter,last_ts,last_value,booked,refused \
    R,2026-03-10T09:10:00+01:00,20,20,3 meters
finish
