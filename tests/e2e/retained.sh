#!/bin/bash
# What a broker had kept (EDGE_CASES 11) is booked, but is no sign of life, no live value, and calls
# nobody; and a meter that falls silent is stale alone (EDGE_CASES 15).
. "$(dirname "$0")/../support/harness.sh"
plant=$root/tests/scenarios/plant.json
book=$work/book

# A heat of one tonne that had a tonne of alloy, kept by the broker since before we came.
cat >"$work/kept.jsonl" <<'MESSAGES'
{"at":"2026-03-10T09:00:00+08:00","topic":"plant/S/heat","payload":{"ts":"2026-03-10T08:30:00+08:00","heat":"1","event":"weight","steel_kg":1000,"id":"w"},"retain":true}
{"at":"2026-03-10T09:00:01+08:00","topic":"plant/S/BOF/femn/M","payload":{"ts":"2026-03-10T08:40:00+08:00","value":1000,"heat":"1","id":"m"},"retain":true}
{"at":"2026-03-10T09:00:02+08:00","topic":"plant/S/LF/electricity/E","payload":{"ts":"2026-03-10T08:50:00+08:00","value":77},"retain":true}
MESSAGES
# And one that is told as it happens.
cat >"$work/live.jsonl" <<'MESSAGES'
{"at":"2026-03-10T09:10:00+08:00","topic":"plant/S/heat","payload":{"ts":"2026-03-10T09:10:00+08:00","heat":"2","event":"weight","steel_kg":1000,"id":"w2"}}
{"at":"2026-03-10T09:10:01+08:00","topic":"plant/S/BOF/femn/M","payload":{"ts":"2026-03-10T09:10:01+08:00","value":9,"heat":"2","id":"m2"}}
{"at":"2026-03-10T09:10:02+08:00","topic":"plant/S/LF/electricity/E","payload":{"ts":"2026-03-10T09:10:02+08:00","value":99}}
MESSAGES

broker_renew || { not_ok the_broker_starts "$(tail -n 2 "$work/broker.log")"; finish; }
check "the_broker_is_given_what_it_keeps" play "$plant" "$work/kept.jsonl" || finish
daemon_start "$plant" "$book" || { not_ok the_daemon_starts "$(tail -n 2 "$book.log")"; finish; }
is_booked() { shows meter,booked "$1" meters; }
check "edge_11_what_was_kept_is_booked" wait_for 30 is_booked M,1000
check "edge_11_it_shows_no_live_value" shows meter,last_ts,last_value M,, meters
check "edge_11_a_register_shows_none_either" wait_for 30 shows meter,last_ts,last_value E,, meters
check "edge_11_its_alert_is_retro" shows quota,level,heat,retro femn,limit,1,true alerts

check "live_messages_are_sent" play "$plant" "$work/live.jsonl"
check "what_is_told_live_is_booked" wait_for 30 is_booked M,1009
check "what_is_told_live_is_shown" wait_for 30 shows meter,last_ts,last_value E,2026-03-10T09:10:02+08:00,99 meters
check "what_was_kept_counts_for_the_register" wait_for 30 is_booked E,22
check "a_live_alert_is_not_retro" shows quota,level,heat,retro femn,limit,2,false alerts
mosquitto_sub -p "$broker_port" -h 127.0.0.1 -t 'heatledger/S/alerts/#' -F '%t' -W 3 >"$work/alerts" 2>/dev/null
check "a_live_alert_is_announced" grep -Fxq heatledger/S/alerts/femn/heat/2/limit "$work/alerts"
check "edge_11_nobody_is_called_for_what_was_kept" bash -c "! grep -q '/heat/1/' '$work/alerts'"
stop_process "$daemon_pid"
check "edge_11_the_ledger_verifies" "$heatledger" verify -d "$book"

# ---- one meter of two falls silent ----

sed 's/"id": "E", "item"/"stale_s": 300, &/; s/"id": "O", "item"/"stale_s": 300, &/' "$plant" >"$work/stale.json"
for minute in 00 02 04 06 08 10 12 14; do
    at=2026-03-10T09:$minute:00+08:00
    echo "{\"at\":\"$at\",\"topic\":\"plant/S/BOF/o2/O\",\"payload\":{\"ts\":\"$at\",\"value\":1$minute}}"
    [ "$minute" -gt 4 ] || echo "{\"at\":\"$at\",\"topic\":\"plant/S/LF/electricity/E\",\"payload\":{\"ts\":\"$at\",\"value\":1$minute}}"
done >"$work/stale.jsonl"
book=$work/stale
check "edge_15_a_silence_is_replayed" "$heatledger" replay -c "$work/stale.json" -d "$book" "$work/stale.jsonl"
check "edge_15_the_silent_meter_is_stale" shows meter,stale,booked E,true,4 meters
check "edge_15_the_other_one_is_not" shows meter,stale,booked O,false,14 meters
finish
