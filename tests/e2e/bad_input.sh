#!/bin/bash
# Nonsense through the broker: the daemon goes on, and `report rejects` lists every message with the
# reason. Broken configurations: refused at start with file and line, status 2.
. "$(dirname "$0")/../support/harness.sh"
plant=$root/deploy/demo/plant.json
book=$work/book
now=2026-03-10T09:00:00+08:00
e02=plant/BOF1/LF/electricity/E02
m02=plant/BOF1/BOF/femn/M02
heat=plant/BOF1/heat
batch=plant/BOF1/readings
long=$(printf '%033d' 0)
deep=$(printf '[%.0s' $(seq 200))

# name|topic|payload|outcome; every payload is different, so that it can be found again.
cases='
plain_text|'$e02'|hello|undecodable
a_truncated_object|'$e02'|{"ts":"'$now'","value":1|undecodable
trailing_garbage|'$e02'|{"ts":"'$now'","value":2}x|undecodable
a_key_twice|'$e02'|{"ts":"'$now'","value":3,"value":4}|undecodable
nesting_without_end|'$e02'|'$deep'|undecodable
a_comment_in_json|'$e02'|{"ts":"'$now'",/**/"value":5}|undecodable
no_value|'$e02'|{"ts":"'$now'","wert":6}|bad_field
a_key_in_the_wrong_case|'$e02'|{"ts":"'$now'","Value":7}|bad_field
a_value_of_null|'$e02'|{"ts":"'$now'","value":null,"seq":8}|bad_value
a_value_of_text|'$e02'|{"ts":"'$now'","value":"nine"}|bad_value
a_value_with_a_comma|'$e02'|{"ts":"'$now'","value":"10,5"}|bad_value
an_object_for_a_value|'$e02'|{"ts":"'$now'","value":{"a":11}}|bad_field,bad_value
a_value_beyond_all_integers|'$e02'|{"ts":"'$now'","value":1e400}|bad_value,out_of_range,undecodable
a_value_beyond_exactness|'$e02'|{"ts":"'$now'","value":9007199254740993}|out_of_range,bad_value
a_bad_quality|'$e02'|{"ts":"'$now'","value":12,"quality":"bad"}|bad_quality
an_unknown_quality|'$e02'|{"ts":"'$now'","value":13,"quality":"fine"}|bad_field
a_time_without_offset|'$e02'|{"ts":"2026-03-10T09:00:00","value":14}|bad_time
an_impossible_date|'$e02'|{"ts":"2026-02-30T09:00:00+08:00","value":15}|bad_time
a_time_of_milliseconds_taken_for_seconds|'$e02'|{"ts":"1970-01-21T13:06:00Z","value":16}|bad_time
a_time_in_the_future|'$e02'|{"ts":"2027-03-10T09:00:00+08:00","value":17}|future
a_heat_on_a_register|'$e02'|{"ts":"'$now'","value":18,"heat":"12602485"}|not_allowed
an_unknown_meter|plant/BOF1/LF/electricity/E99|{"ts":"'$now'","value":19}|unknown_meter
a_meter_at_another_station|plant/BOF1/BOF/electricity/E02|{"ts":"'$now'","value":20}|*
a_meter_under_another_item|plant/BOF1/LF/water/E02|{"ts":"'$now'","value":21}|*
a_heat_id_too_long|'$m02'|{"ts":"'$now'","value":22,"heat":"'$long'","id":"t22"}|bad_field
a_heat_id_of_a_list|'$m02'|{"ts":"'$now'","value":23,"heat":["12602485"],"id":"t23"}|bad_field
a_batch_without_meter|'$batch'|{"ts":"'$now'","readings":[{"value":24}]}|bad_field
a_batch_of_text|'$batch'|{"ts":"'$now'","readings":"25"}|bad_field,undecodable
a_batch_with_an_unknown_meter|'$batch'|{"ts":"'$now'","readings":[{"meter":"E98","value":26}]}|unknown_meter
an_unknown_event|'$heat'|{"ts":"'$now'","heat":"27","event":"explode","station":"LF"}|unknown_event
an_unknown_station|'$heat'|{"ts":"'$now'","heat":"28","event":"start","station":"RH"}|unknown_station
an_event_without_heat|'$heat'|{"ts":"'$now'","event":"start","station":"LF","id":"29"}|bad_field
an_event_without_kind|'$heat'|{"ts":"'$now'","heat":"30","station":"LF"}|bad_field
an_unknown_crew|plant/BOF1/crew|{"ts":"'$now'","event":"takeover","crew":"Z31"}|unknown_crew
a_crew_event_of_another_kind|plant/BOF1/crew|{"ts":"'$now'","event":"strike","crew":"A","id":"32"}|unknown_event
an_exchange_of_an_unknown_meter|plant/BOF1/meter|{"ts":"'$now'","meter":"E97","event":"exchange","final":33,"initial":0}|unknown_meter
an_entry_without_a_name|plant/BOF1/entry|{"ts":"'$now'","event":"remark","text":"34"}|bad_field
an_entry_of_text|plant/BOF1/entry|thirty-five|undecodable
'

publish() { # TOPIC, payload on standard input
    mosquitto_pub -h 127.0.0.1 -p "$broker_port" -V mqttv5 -q 1 -t "$1" -s \
        -D publish user-property at "$now"
}

rejects() { "$heatledger" report rejects -d "$book" --csv 2>/dev/null; }
rejected() { [ "$(rejects | wc -l)" -gt "$1" ]; }

broker_start || { not_ok broker_starts "$(tail -n 2 "$work/broker.log")"; finish; }
daemon_start "$plant" "$book" || { not_ok daemon_connects "$(tail -n 2 "$book.log")"; finish; }

sent=0
while IFS='|' read -r name topic payload outcome; do
    [ -n "$name" ] || continue
    printf '%s' "$payload" | publish "$topic"
    sent=$((sent + 1))
done <<<"$cases"
printf '{"ts":"%s","value":"\377\376"}' "$now" | publish "$e02" # no UTF-8
printf '\000\001\002' | publish "$e02"
head -c 4000000 /dev/zero | tr '\0' '7' | publish "$e02" # over the payload limit
mosquitto_pub -h 127.0.0.1 -p "$broker_port" -V mqttv5 -q 1 -t "$e02" -n \
    -D publish user-property at "$now" # empty
sent=$((sent + 4))
# What is right beside the wrong is booked: one good reading in a batch with a bad one.
printf '{"ts":"%s","readings":[{"meter":"E02","value":100},{"meter":"E96","value":1}]}' "$now" |
    publish "$batch"
sent=$((sent + 1))

wait_for 60 rejected "$sent" || true
rejects >"$work/rejects.csv"
columns topic,outcome <"$work/rejects.csv" >"$work/rejects"
while IFS='|' read -r name topic payload outcome; do
    [ -n "$name" ] || continue
    mark=$(printf '%s' "$payload" | head -c 150 | sed 's/"/""/g')
    row=$(grep -F -- "$mark" "$work/rejects.csv" | grep -F -- ",$topic," | head -n 1)
    found=$(printf '%s' "$row" | cut -d, -f4)
    if [ -n "$row" ] && { [ "$outcome" = '*' ] || [[ ",$outcome," == *",$found,"* ]]; }; then
        ok "$name"
    else
        not_ok "$name" "expected $outcome, listed as: ${row:-nothing}"
    fi
done <<<"$cases"
check "a_payload_over_the_limit" grep -qx "$e02,too_large" "$work/rejects"
check "every_message_is_listed_once" test "$(($(wc -l <"$work/rejects.csv") - 1))" -eq "$sent"
check "every_reject_says_why" bash -c "awk -F, 'NR > 1 && \$5 == \"\" { exit 1 }' '$work/rejects.csv'"
check "the_daemon_goes_on" kill -0 "$daemon_pid"

e02_readings() {
    [ "$("$heatledger" report meters -d "$book" --csv | columns meter,readings | sed -n 's/^E02,//p')" = "$1" ]
}
check "the_good_reading_of_a_bad_batch_counts" wait_for 20 e02_readings 1
printf '{"ts":"2026-03-10T09:00:05+08:00","value":101}' | publish "$e02"
check "readings_after_the_nonsense_count" wait_for 20 e02_readings 2
stop_process "$daemon_pid"
check "the_ledger_verifies_after_the_nonsense" "$heatledger" verify -d "$book"

# ---- broken configurations: name, what is changed in the demo's, what the message must hold ----
refused() { # FILE PATTERN
    local status said
    said=$("$heatledger" run -c "$1" -d "$work/refused" --broker "$broker_url" 2>&1)
    status=$?
    [ "$status" -eq 2 ] || { echo "status $status: $said"; return 1; }
    printf '%s' "$said" | grep -Eq "$2" || { echo "$said"; return 1; }
    [ ! -e "$work/refused/ledger.db" ] || { echo "it began a ledger"; return 1; }
}
broken() { # NAME SED-SCRIPT PATTERN
    sed -E "$2" "$plant" >"$work/broken.json"
    if cmp -s "$plant" "$work/broken.json"; then
        not_ok "$1" "the change does not apply to deploy/demo/plant.json: $2"
    else
        check "$1" refused "$work/broken.json" "$3"
    fi
}
line='broken\.json:[0-9]+:'
broken an_unknown_key_is_refused '0,/"production_day_start"/s//"production_day_begin"/' "$line.*production_day_begin"
broken an_unknown_zone_is_refused 's#"Asia/Shanghai"#"Asia/Atlantis"#' "$line.*Atlantis"
broken an_unknown_item_is_refused '0,/"item": *"electricity"/s//"item": "elektricity"/' "$line.*elektricity"
broken an_unknown_crew_is_refused 's/("offsets": *\{ *)"A"/\1"Q"/' "$line.*Q"
head -n 20 "$plant" >"$work/broken.json"
check "a_cut_off_file_is_refused" refused "$work/broken.json" "$line"
check "a_file_that_is_not_there_is_refused" refused "$work/none.json" 'none\.json'
finish
