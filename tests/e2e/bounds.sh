#!/bin/bash
# A sender that is broken for weeks does not fill the disk: of its refused messages the newest are
# kept, the report says so, a replay keeps the same ones, and another bound is a version of the
# configuration.
. "$(dirname "$0")/../support/harness.sh"
book=$work/book
sed '0,/"zone"/s//"rejects": {"per_topic": 3, "all": 5}, &/' "$root/tests/scenarios/plant.json" >"$work/plant.json"
sed '0,/"zone"/s//"rejects": {"per_topic": 2, "all": 5}, &/' "$root/tests/scenarios/plant.json" >"$work/fewer.json"

replay() { "$heatledger" replay -c "$1" -d "$book" "$2" >"$work/replay.log" 2>&1 || { cat "$work/replay.log"; return 1; }; }
rejects() { report rejects | columns topic,outcome,nth; }
keeps() { # lines "TOPIC OUTCOME NTH"
    local wanted
    wanted=$(for row in "$@"; do echo "plant/S/${row// /,}"; done | LC_ALL=C sort)
    [ "$(rejects)" = "$wanted" ] || { rejects; return 1; }
}
text_says() { "$heatledger" report rejects -d "$book" --text | grep -qF -- "$1"; }

{
    echo '08:00:00 LF/electricity/E {"value":100}'
    for i in 1 2 3 4 5 6 7; do echo "08:0$i:00 LF/electricity/X {\"value\":$i}"; done
    echo '08:10:00 LF/electricity/E {"value":"nothing"}'
    echo '08:30:00 LF/electricity/E {"value":130}'
} | recording >"$work/day.jsonl"
recording >"$work/more.jsonl" <<'MESSAGES'
09:00:00 LF/electricity/X {"value":8}
MESSAGES

check a_broken_sender_is_booked replay "$work/plant.json" "$work/day.jsonl" || finish
odd=$(rejects | grep -v X, | cut -d, -f2)
check the_newest_of_a_topic_are_kept keeps "LF/electricity/E $odd 1" "LF/electricity/X unknown_meter 5" \
    "LF/electricity/X unknown_meter 6" "LF/electricity/X unknown_meter 7"
check the_report_says_where_the_others_are text_says 'the journal has all'
check a_replay_keeps_the_same "$heatledger" verify -d "$book"
check another_bound_is_taken replay "$work/fewer.json" "$work/more.jsonl"
check and_is_a_version_of_the_configuration grep -q 'event=configuration_changed' "$work/replay.log"
check from_then_on_it_holds keeps "LF/electricity/E $odd 1" "LF/electricity/X unknown_meter 7" \
    "LF/electricity/X unknown_meter 8"
check a_replay_keeps_the_same_with_both_bounds "$heatledger" verify -d "$book"
finish
