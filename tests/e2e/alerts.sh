#!/bin/bash
# Alerts that people handle (EDGE_CASES 31), alerts about meters (4, 6, 15), and who is told of what
# (32): one alert a crossing across restarts and replays.
. "$(dirname "$0")/../support/harness.sh"
scenarios=$root/tests/scenarios/plant.json
plant=$work/plant.json
book=$work/book

sed 's/"id": "E", "item"/"stale_s": 300, &/; s/"id": "O", "item"/"stale_s": 300, &/' "$scenarios" >"$plant"

lacks() { report alerts >"$work/alerts.csv" && ! columns id <"$work/alerts.csv" | grep -Fx -- "$1"; }
message() { # TIME TOPIC PAYLOAD [MORE]: a line of a recording; a payload has its time
    local at=2026-03-10T$1+08:00
    echo "{\"at\":\"$at\",\"topic\":\"plant/S/$2\",\"payload\":{\"ts\":\"$at\",$3}${4:-}}"
}

# ---- a meter falls silent, and is heard again ----

{
    message 09:00:00 BOF/o2/O '"value":100'
    message 09:00:00 LF/electricity/E '"value":100'
    for minute in 02 04 06 08; do
        message 09:$minute:00 BOF/o2/O "\"value\":1$minute"
    done
    message 09:08:30 LF/electricity/E '"value":101' ',"retain":true'
} >"$work/silence.jsonl"
{
    message 09:10:00 BOF/o2/O '"value":110'
    message 09:12:00 LF/electricity/E '"value":102'
    message 09:12:01 BOF/o2/O '"value":111'
} >"$work/life.jsonl"
check "a_silence_is_replayed" "$heatledger" replay -c "$plant" -d "$book" "$work/silence.jsonl"
check "edge_15_the_silent_meter_has_an_alert" shows id,quota,scope,period,state,raised_at \
    stale/meter/E/limit,stale,meter,E,raised,2026-03-10T09:05:00+08:00 alerts
check "edge_15_the_other_one_has_none" lacks stale/meter/O/limit
check "edge_11_what_was_kept_is_no_sign_of_life" shows id,state stale/meter/E/limit,raised alerts
check "a_sign_of_life_is_replayed" "$heatledger" replay -c "$plant" -d "$book" "$work/life.jsonl"
check "edge_15_a_sign_of_life_ends_it" shows id,state,raised_at,cleared_at \
    stale/meter/E/limit,closed,2026-03-10T09:05:00+08:00,2026-03-10T09:12:00+08:00 alerts
check "the_ledger_of_silence_verifies" "$heatledger" verify -d "$book"

# ---- the same with a restart in between, and without ----

{
    message 09:20:00 LF/electricity/E '"value":110'
    message 09:21:00 LF/electricity/E '"value":3'
    message 09:22:00 LF/gas/G '"from":"2026-03-10T09:00:00+08:00","value":5,"heat":"1","id":"g1"'
    message 09:22:01 LF/gas/G '"from":"2026-03-10T09:00:00+08:00","value":5,"heat":"2","id":"g2"'
    message 09:23:00 entry '"by":"leader-a","event":"ack","alert":"gas/heat/1/limit"'
    message 09:24:00 entry '"by":"leader-a","event":"shelve","alert":"gas/heat/2/limit","until":"2026-03-10T09:30:00+08:00","reason":"scale"'
    message 09:24:30 entry '"by":"leader-a","event":"shelve","alert":"held/meter/E/limit","reason":"fitter is there"'
} >"$work/handled.jsonl"
message 09:31:00 BOF/o2/O '"value":130' >"$work/later.jsonl"
for part in handled later; do
    check "alerts_are_handled: $part" "$heatledger" replay -c "$plant" -d "$book" "$work/$part.jsonl"
done
check "edge_31_an_acknowledged_alert_says_by_whom" shows id,state,acked_by gas/heat/1/limit,acked,leader-a alerts
check "edge_31_a_shelf_ends_by_itself" shows id,state,raised_at \
    gas/heat/2/limit,raised,2026-03-10T09:22:01+08:00 alerts
check "edge_04_an_alert_of_a_held_fall_is_shelved" shows id,state held/meter/E/limit,shelved alerts
"$heatledger" dump -d "$book" --history | grep '^alert' >"$work/in-parts"
book=$work/whole
cat "$work"/{silence,life,handled,later}.jsonl >"$work/all.jsonl"
check "all_is_replayed_at_once" "$heatledger" replay -c "$plant" -d "$book" "$work/all.jsonl"
"$heatledger" dump -d "$book" --history | grep '^alert' >"$work/at-once"
check "restarts_make_no_alert_and_lose_none" diff "$work/in-parts" "$work/at-once"
check "each_step_happened_once" bash -c "[ -z \"\$(cut -f 4- '$work/at-once' | sort | uniq -d)\" ]"

# ---- an alert over a handover ----

message 16:10:00 BOF/o2/O '"value":900' >"$work/evening.jsonl"
check "the_shift_ends" "$heatledger" replay -c "$plant" -d "$book" "$work/evening.jsonl"
"$heatledger" handover -d "$book" --day 2026-03-10 --shift day --json | tr '{' '\n' >"$work/handover"
lists() { grep -F "\"quota\":\"$1\"" "$work/handover" | grep -Fq "\"state\":\"$2\""; }
check "edge_31_what_was_seen_is_listed_at_the_handover" lists gas acked
check "edge_31_what_lies_on_a_shelf_is_listed_at_the_handover" lists held/E shelved
check "edge_31_the_shelf_ends_with_the_shift" shows id,state held/meter/E/limit,raised alerts
check "edge_31_an_alert_stays_with_its_heat" shows id,state gas/heat/1/limit,acked alerts

# ---- who is told ----

broker_renew || { not_ok the_broker_starts "$(tail -n 2 "$work/broker.log")"; finish; }
book=$work/live
daemon_start "$scenarios" "$book" || { not_ok the_daemon_starts "$(tail -n 2 "$book.log")"; finish; }
timeout 60 mosquitto_sub -p "$broker_port" -h 127.0.0.1 -t 'heatledger/S/alerts/#' -F '%t %p' >"$work/told" 2>/dev/null &
children+=($!)
wait_for 5 test -e "$work/told"
sleep 0.3 # the subscription
{
    message 09:00:00 LF/gas/G '"from":"2026-03-10T08:50:00+08:00","value":5,"heat":"1","id":"g1"'
    message 09:01:00 entry '"by":"leader-a","event":"ack","alert":"gas/heat/1/limit"'
    message 09:02:00 heat '"heat":"2","event":"start","station":"CCM","id":"a"'
    message 09:03:00 heat '"heat":"2","event":"end","station":"CCM","id":"b"'
    message 09:04:00 LF/gas/G '"from":"2026-03-10T08:50:00+08:00","value":5,"heat":"2","id":"g2"'
    message 09:05:00 LF/electricity/E '"value":9'
    message 09:06:00 LF/electricity/E '"value":3'
} >"$work/live.jsonl"
check "live_messages_are_sent" play "$scenarios" "$work/live.jsonl"
told() { grep -F "alerts/$1 " "$work/told" | grep -Fq -- "$2"; }
check "edge_31_the_board_is_told_who_has_seen_it" wait_for 30 told gas/heat/1/limit '"acked_by":"leader-a"'
check "edge_04_the_board_is_told_of_a_held_fall" wait_for 30 told held/meter/E/limit '"state":"raised"'
check "edge_32_what_came_late_is_in_the_report" wait_for 30 shows id,state,retro gas/heat/2/limit,closed,true alerts
check "edge_32_nobody_is_called_for_it" bash -c "! grep -Fq alerts/gas/heat/2/ '$work/told'"
stop_process "$daemon_pid"
check "the_ledger_verifies" "$heatledger" verify -d "$book"
finish
