#!/bin/bash
# A configuration that changes within the life of a ledger (EDGE_CASES 35): one record in the journal
# brings it into force, what rests on the former one stays, and what may not change is refused
# before anything is journalled.
. "$(dirname "$0")/../support/harness.sh"
first=$root/tests/scenarios/plant.json
book=$work/book

replay() { "$heatledger" replay -c "$1" -d "$2" "$3" >"$work/replay.log" 2>&1 || { cat "$work/replay.log"; return 1; }; }
position() { sed -nE 's/.*position ([0-9]+);.*/\1/p' "$work/replay.log"; }
changed() { # FILE SED...: the first configuration, changed
    local to=$1
    shift
    sed -E "$@" "$first" >"$to"
    cmp -s "$first" "$to" && echo "nothing was changed"
}

# ---- the first configuration, and half a day ----
recording >"$work/before.jsonl" <<'MESSAGES'
08:00:00 LF/electricity/E {"value":100}
08:00:00 CCM/electricity/Z {"value":10}
08:00:00 BOF/o2/O {"value":1000}
08:00:00 CCM/air/AR {"value":0}
08:05:00 heat {"heat":"1","event":"start","station":"BOF","id":"s1"}
08:10:00 BOF/femn/M {"value":6.5,"id":"m1"}
08:30:00 heat {"heat":"1","event":"tap","steel_kg":1000,"id":"t1"}
08:30:00 heat {"heat":"1","event":"end","station":"BOF","id":"e1"}
08:31:00 LF/gas/G {"value":3}
09:00:00 LF/electricity/E {"value":160}
09:00:00 CCM/electricity/Z {"value":30}
09:00:00 BOF/o2/O {"value":1100}
10:00:00 CCM/air/AR {"value":80}
MESSAGES
: >"$work/nothing.jsonl"
check "the_ledger_begins" replay "$first" "$book" "$work/before.jsonl" || finish
"$heatledger" dump -d "$book" --history >"$work/before.dump"
begun=$(position)

# ---- comments and how the broker is reached are no other configuration ----
changed "$work/comment.json" '1s/$/ And a word more./; s/"zone": /\n\n  &/; s|"owner_at"|"mqtt": {"url": "mqtt://elsewhere:1"}, "journal": {"segment_mib": 4}, &|'
check "edge_35_comments_and_the_broker_s_address_are_no_new_version" replay "$work/comment.json" "$book" "$work/nothing.jsonl"
check "edge_35_an_unchanged_text_journals_nothing" test "$(position)" = "$begun"

# ---- what may not change is refused, and nothing is journalled ----
refused() { # NAME LINE-KEY-PATTERN SED...
    local name=$1 pattern=$2 status
    shift 2
    changed "$work/bad.json" "$@"
    "$heatledger" replay -c "$work/bad.json" -d "$book" "$work/nothing.jsonl" >"$work/bad.log" 2>&1
    status=$?
    if [ "$status" != 2 ] || ! grep -Eq "bad.json:[0-9]+: $pattern" "$work/bad.log"; then
        not_ok "edge_35_refused: $name" "status $status: $(head -n 3 "$work/bad.log" | tr '\n' '|')"
        return
    fi
    "$heatledger" check -c "$work/bad.json" -d "$book" >"$work/bad.check" 2>&1
    status=$?
    if [ "$status" != 2 ] || ! grep -Eq "bad.json:[0-9]+: $pattern" "$work/bad.check"; then
        not_ok "edge_35_refused: $name" "check: $status: $(head -n 3 "$work/bad.check" | tr '\n' '|')"
        return
    fi
    ok "edge_35_refused: $name"
}
refused "another shop" 'shop: was "S"' 's/"shop": "S"/"shop": "T"/'
refused "another zone" 'zone: was "Asia/Shanghai"' 's|Asia/Shanghai|Asia/Tokyo|'
refused "another owner_at" 'owner_at: was another' 's/"owner_at": "tap"/"owner_at": {"event": "end", "station": "BOF"}/'
refused "other shifts" 'shifts: are others' 's/"middle", "start": "16:00"/"middle", "start": "15:00"/'
refused "another cycle" 'roster.cycle: is another' 's/"day", "day", ("middle".*), null, null\]/\1, null, null, "day", "day"]/'
refused "another offset" 'roster.offsets: had crew "B" at 2' 's/"B": 2, "C": 4/"B": 4, "C": 2/'
refused "a new crew in the cycle" 'roster.offsets: (had crew "D" at 6|give crew "E" a place)' 's/\{"id": "D"\}/&, {"id": "E"}/; s/"D": 6/"E": 6/'
refused "an item's unit" 'items\[o2\].unit: was "Nm3"' '/"id": "o2"/s/Nm3/m3/'
refused "an item's resolution" 'items\[o2\].resolution: had 3 decimals' '/"id": "o2"/s/0.001/0.01/'
refused "a meter's item" 'meters\[E\].item: was another' '/"id": "E"/s/electricity/o2/'
refused "a meter's station" 'meters\[E\].station: was another' '/"id": "E"/s/LF/BOF/'
refused "a meter's kind" 'meters\[E\].kind: was another' '/"id": "E"/s/register/level/'
refused "a meter's role" 'meters\[E\].role: was another' '/"id": "E"/s/register"/&, "role": "check"/'
refused "a meter's multiplier" 'meters\[E\].multiplier: was another' '/"id": "E"/s/register"/&, "multiplier": "2"/'
refused "a meter's direction" 'meters\[E\].two_way: was another' '/"id": "E"/s/register"/&, "two_way": true/'
refused "a last station" 'stations\[LF\].last: was false' '/"id": "LF"/s/"LF"/&, "last": true/'
refused "a sharing key of the past" 'meters\[AR\].sharing: has not the keys' 's/"BOF": 5, "LF": 3/"BOF": 1, "LF": 1/'
refused "a sharing key for what is booked" 'meters\[E\].sharing: gets a key' '/"id": "E"/s/register"/&, "sharing": "tonnage"/'
refused "what a quota counts" 'quotas\[femn\].item: was another' '/"id": "femn", "item": "femn", "basis"/s/"item": "femn"/"item": "gas"/'
check "edge_35_what_is_refused_journals_nothing" bash -c \
    "'$heatledger' replay -c '$first' -d '$book' '$work/nothing.jsonl' | grep -Fq 'position $begun;'"

# ---- a second configuration ----
changed "$work/second.json" '
    s/^    \{"id": "LF"\},/    {"id": "RH", "name": "RH"}, {"id": "LF", "name": "ladle furnace"},/
    /"id": "Z", "item"/d
    s/^    \{"id": "E", "item".*/    {"id": "A0", "item": "electricity", "station": "RH", "kind": "register"},\n&/
    /"id": "O", "item"/s/register"/&, "max_rate_per_hour": "500"/
    s/^     "sharing": (\{.*\})\},/     "sharing": [\1, {"from": "2026-03-10T12:00:00+08:00", "key": "ratio", "stations": {"RH": 1}}]},/
    s/\{"id": "A"\}/{"id": "Relief"}, &/
    s/"offsets": .*/&,\n    "overrides": [{"day": "2026-03-10", "shift": "middle", "crew": "Relief"}]/
    s/"limit": "7",/"limit": "9",/; s/"target": "6.8"/"target": "2"/
    /"id": "gas", "item": "gas", "basis"/d
    s/^     "scopes": \["heat"\]\},$//
    s/^  "quotas": \[/&\n    {"id": "power", "item": "electricity", "basis": "per_shift", "limit": "50", "scopes": ["crew"]},/'
check "the_second_configuration_is_good_by_itself" "$heatledger" check -c "$work/second.json" || finish
check "edge_35_check_tells_what_would_change" bash -c \
    "'$heatledger' check -c '$work/second.json' -d '$book' >'$work/changes'"
for line in 'station RH: new' 'station LF: name' 'meter A0: new' 'meter Z: taken out' \
    'meter O: max_rate_per_hour' 'meter AR: sharing' 'crew Relief: new' 'quota power: new' \
    'quota gas: taken out' 'quota femn: target, limit' 'roster: changed' "$work/second.json: may follow in $book as version 2"; do
    check "edge_35_check_tells: $line" grep -Fxq -- "$line" "$work/changes"
done

recording >"$work/after.jsonl" <<'MESSAGES'
11:00:00 LF/electricity/E {"value":200}
11:00:00 RH/electricity/A0 {"value":5}
11:00:00 CCM/electricity/Z {"value":90}
11:00:00 BOF/o2/O {"value":9100}
11:05:00 BOF/o2/O {"value":1120}
11:30:00 heat {"heat":"2","event":"start","station":"BOF","id":"s2"}
11:35:00 BOF/femn/M {"value":6.5,"id":"m2"}
12:00:00 heat {"heat":"2","event":"tap","steel_kg":1000,"id":"t2"}
12:00:00 heat {"heat":"2","event":"end","station":"BOF","id":"e2"}
12:00:00 heat {"heat":"3","event":"start","station":"RH","id":"s3"}
12:31:00 LF/gas/G {"value":30}
12:40:00 BOF/femn/M {"ts":"2026-03-10T08:20:00+08:00","value":3,"heat":"1","id":"m1b"}
13:00:00 LF/electricity/E {"value":220}
13:00:00 RH/electricity/A0 {"value":25}
14:00:00 CCM/air/AR {"value":160}
17:00:00 LF/electricity/E {"value":420}
17:00:00 RH/electricity/A0 {"value":65}
11T01:00:00 LF/electricity/E {"value":500}
11T01:00:00 RH/electricity/A0 {"value":70}
MESSAGES
check "edge_35_a_changed_configuration_is_taken" replay "$work/second.json" "$book" "$work/after.jsonl" || finish
check "edge_35_one_line_tells_what_changed" grep -q 'configuration_changed.*station RH: new;.*quota gas: taken out' "$work/replay.log"
check "edge_35_the_ledger_verifies" "$heatledger" verify -d "$book"
sql() { sqlite3 -readonly "$book/ledger.db" "$1"; }
if command -v sqlite3 >/dev/null; then
    check "edge_35_every_posting_has_the_version_in_force" test \
        "$(sql "SELECT group_concat(DISTINCT configuration) FROM (SELECT configuration FROM entry_posting WHERE position < (SELECT position FROM configuration WHERE version = 2) ORDER BY 1)") $(sql "SELECT group_concat(DISTINCT configuration) FROM entry_posting WHERE position > (SELECT position FROM configuration WHERE version = 2)") $(sql 'SELECT count(*) FROM configuration')" = "1 2 2"
else
    skipped "edge_35_every_posting_has_the_version_in_force" "no sqlite3"
fi
check "edge_35_what_was_booked_stays" bash -c "
    '$heatledger' dump -d '$book' --history | grep -c ^entry >/dev/null
    grep -E '^(entry|posting)' '$work/before.dump' | while IFS= read -r line; do
        '$heatledger' dump -d '$book' --history | grep -Fxq -- \"\$line\" || { echo \"gone: \$line\"; exit 1; }
    done"
check "edge_35_a_known_meter_goes_on" shows meter,booked E,400 meters
check "edge_35_a_new_meter_books" shows meter,booked A0,65 meters
check "edge_35_a_meter_that_is_gone_stands_as_it_was" shows meter,booked Z,20 meters
check "edge_35_its_readings_are_refused" bash -c "'$heatledger' report rejects -d '$book' --csv | grep -q 'unknown_meter,.*Z.* was taken out of plant.json'"
check "edge_35_a_new_limit_holds_what_breaks_it" shows meter,booked,held O,120,1 meters
check "edge_35_a_key_to_come_shares_from_its_time_on" shows heat,item,amount '3,air,40' heats
check "edge_35_an_override_gives_the_shift_to_the_relief" shows shift,crew,item,amount 'middle,Relief,electricity,134.375' crews --view clock
check "edge_35_a_heat_of_before_is_judged_by_the_old_rates" shows heat,item,target,limit,state '1,femn,6.8,7,red' heats
check "edge_35_a_heat_behind_it_by_the_new_ones" shows heat,item,target,limit,state '2,femn,2,9,amber' heats
check "edge_35_a_new_quota_counts_whole_shifts" shows quota,period,used,state 'power,2026-03-10 middle Relief,134.375,red' quotas --item electricity
check "edge_35_a_new_quota_leaves_shifts_before_it" bash -c "! '$heatledger' report quotas -d '$book' --csv | grep -q '^power,.*day'"

# ---- the same ledger, however often it is started ----
"$heatledger" dump -d "$book" --history >"$work/second.dump"
check "edge_35_a_restart_changes_nothing" replay "$work/second.json" "$book" "$work/nothing.jsonl"
check "edge_35_a_restart_changes_nothing: dump" bash -c "'$heatledger' dump -d '$book' --history | diff '$work/second.dump' -"
rm "$book"/ledger.db*
check "edge_35_the_journal_makes_the_ledger_again" replay "$work/second.json" "$book" "$work/nothing.jsonl"
check "edge_35_the_journal_makes_the_ledger_again: dump" bash -c "'$heatledger' dump -d '$book' --history | diff '$work/second.dump' -"
head -n 7 "$work/after.jsonl" >"$work/after.1"
tail -n +8 "$work/after.jsonl" >"$work/after.2"
steps() {
    replay "$first" "$work/steps" "$work/before.jsonl" && replay "$work/second.json" "$work/steps" "$work/after.1" &&
        replay "$work/second.json" "$work/steps" "$work/after.2" &&
        "$heatledger" dump -d "$work/steps" --history | diff "$work/second.dump" -
}
check "edge_35_a_restart_in_between_changes_nothing" steps

# ---- what is only added changes nothing of what is booked ----
changed "$work/more.json" '
    s/^    \{"id": "LF"\},/    {"id": "RH"}, &/
    s/^    \{"id": "E", "item".*/    {"id": "A0", "item": "electricity", "station": "RH", "kind": "register"},\n&/
    s/\{"id": "A"\}/{"id": "Relief"}, &/'
from_the_start() {
    replay "$work/more.json" "$work/whole" "$work/before.jsonl" && replay "$work/more.json" "$work/whole" "$work/after.jsonl" &&
        replay "$first" "$work/parts" "$work/before.jsonl" && replay "$work/more.json" "$work/parts" "$work/after.jsonl" &&
        "$heatledger" dump -d "$work/whole" >"$work/whole.dump" &&
        "$heatledger" dump -d "$work/parts" | diff "$work/whole.dump" -
}
check "edge_35_rows_that_are_added_might_have_been_there_from_the_start" from_the_start

# ---- a third one: what was taken out comes back ----
check "edge_35_rows_come_back" replay "$work/more.json" "$work/parts" "$work/nothing.jsonl"
sed -E '/"id": "Z", "item"/d' "$work/more.json" >"$work/gone.json"
recording >"$work/z1.jsonl" <<<'11T02:00:00 CCM/electricity/Z {"value":100}'
recording >"$work/z2.jsonl" <<<'11T03:00:00 CCM/electricity/Z {"value":120}'
comes_back() {
    replay "$work/gone.json" "$work/parts" "$work/z1.jsonl" && replay "$work/more.json" "$work/parts" "$work/z2.jsonl" &&
        "$heatledger" verify -d "$work/parts" && book=$work/parts shows meter,booked,refused Z,110,0 meters
}
check "edge_35_a_meter_that_comes_back_goes_on_from_where_it_was" comes_back

# ---- a key to come that needs what was not looked at before: what sub-meters move ----
sed -E 's/^     "sharing": (\{.*\})\},/     "sharing": [\1, {"from": "2026-03-11T04:00:00+08:00", "key": "submeter", "meters": ["K2", "K3"]}]},/' \
    "$work/more.json" >"$work/sub.json"
recording >"$work/sub.jsonl" <<'MESSAGES'
11T04:10:00 CCM/air/AR {"value":200}
11T04:10:00 BOF/cooling/K2 {"value":0}
11T04:10:00 CCM/cooling/K3 {"value":0}
11T04:10:00 heat {"heat":"4","event":"start","station":"BOF","id":"s4"}
11T04:10:00 heat {"heat":"5","event":"start","station":"CCM","id":"s5"}
11T05:10:00 BOF/cooling/K2 {"value":30}
11T05:10:00 CCM/cooling/K3 {"value":10}
11T05:10:00 CCM/air/AR {"value":280}
11T05:10:00 heat {"heat":"4","event":"end","station":"BOF","id":"e4"}
11T05:10:00 heat {"heat":"5","event":"end","station":"CCM","id":"e5"}
11T05:20:00 CCM/air/AR {"value":280}
MESSAGES
by_submeters() {
    cp -r "$work/parts" "$work/sub" && replay "$work/sub.json" "$work/sub" "$work/sub.jsonl" &&
        "$heatledger" verify -d "$work/sub" && book=$work/sub shows heat,item,amount 4,air,60 heats &&
        book=$work/sub shows heat,item,amount 5,air,20 heats
}
check "edge_35_a_key_by_submeters_may_come_later" by_submeters
sed -E '/"id": "gas", "item": "gas", "basis"/,+1d' "$work/more.json" >"$work/quota.json"
quota_again() {
    replay "$work/quota.json" "$work/parts" "$work/nothing.jsonl" &&
        ! "$heatledger" replay -c "$work/more.json" -d "$work/parts" "$work/nothing.jsonl" >"$work/again" 2>&1 &&
        grep -q 'quotas\[gas\].id: "gas" was taken out before' "$work/again"
}
check "edge_35_a_quota_that_was_taken_out_needs_another_id" quota_again
check "edge_35_explain_reads_across_configurations" "$heatledger" explain -d "$book" --heat 2 --item femn

# ---- the daemon ----
book=$work/daemon
booked() { shows meter,booked "$1" meters; }
broker_renew || { not_ok the_broker_starts "$(tail -n 2 "$work/broker.log")"; finish; }
daemon_start "$first" "$book" || { not_ok the_daemon_starts "$(tail -n 2 "$book.log")"; finish; }
play "$first" "$work/before.jsonl"
check "the_daemon_books" wait_for 30 booked O,100
stop_process "$daemon_pid"
daemon_start "$work/second.json" "$book" || { not_ok the_daemon_starts_again "$(tail -n 2 "$book.log")"; finish; }
check "edge_35_the_daemon_tells_what_changed" grep -q 'event=configuration_changed changes=.*meter A0: new' "$book.log"
play "$first" "$work/after.jsonl"
check "edge_35_the_daemon_books_what_is_new" wait_for 30 booked A0,65
stop_process "$daemon_pid"
check "edge_35_the_daemon_s_ledger_verifies" "$heatledger" verify -d "$book"
check "edge_35_the_daemon_s_ledger_is_that_of_the_replay" bash -c \
    "'$heatledger' dump -d '$book' | diff <('$heatledger' dump -d '$work/book') -"
finish
