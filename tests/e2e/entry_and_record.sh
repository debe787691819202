#!/bin/bash
# What a person enters (`heatledger entry`) goes through the broker into the books; `heatledger
# record` writes what the broker sends, beside the daemon, and the recording gives the same books.
. "$(dirname "$0")/../support/harness.sh"
plant=$root/tests/scenarios/plant.json
book=$work/book

entry() { "$heatledger" entry -c "$plant" --broker "$broker_url" "$1"; }
lines() { [ "$(wc -l <"$work/taken.jsonl" 2>/dev/null)" -ge "$1" ]; }

broker_renew || { not_ok the_broker_starts "$(tail -n 2 "$work/broker.log")"; finish; }
"$heatledger" record -c "$plant" --broker "$broker_url" "$work/taken.jsonl" >"$work/record.log" 2>&1 &
recorder=$!
children+=("$recorder")
daemon_start "$plant" "$book" || { not_ok the_daemon_starts "$(tail -n 2 "$book.log")"; finish; }

# Whether the recorder has subscribed: remarks until one is there.
remarks() { entry '{"by":"li","event":"remark","text":"is anybody there?"}' && lines 1; }
check "a_recording_begins" wait_for 20 remarks

recording >"$work/day.jsonl" <<'MESSAGES'
09:00:00 LF/electricity/E {"value":100}
09:30:00 LF/electricity/E {"value":130}
10:00:00 LF/electricity/E {"value":3}
MESSAGES
check "readings_are_sent" play "$plant" "$work/day.jsonl"
check "a_fall_is_held" wait_for 30 shows meter,booked,held E,30,1 meters

refuses() { # PATTERN ENTRY: status 2, and nothing is sent
    local said status
    said=$(entry "$2" 2>&1)
    status=$?
    [ "$status" -eq 2 ] && grep -qF -- "$1" <<<"$said" || { echo "$status: $said"; return 1; }
}
check "what_is_no_json_is_refused" refuses 'this is no JSON' 'remark'
check "what_is_no_object_is_refused" refuses 'this is no object' '["remark"]'
check "an_entry_without_a_person_is_refused" refuses '"by" is missing' '{"event":"remark"}'
check "an_entry_of_nobody_is_refused" refuses '"by" is no text' '{"by":"","event":"remark"}'
check "an_entry_without_an_event_is_refused" refuses '"event" is missing' '{"by":"li"}'
check "a_misspelt_event_is_refused_with_what_is_meant" refuses 'no event "acept"; did you mean "accept"?; there are accept, reject' \
    '{"by":"li","event":"acept","meter":"E","at":"2026-03-10T10:00:00+08:00"}'
check "a_time_that_is_none_is_refused" refuses '"ts" is no time' '{"by":"li","event":"remark","ts":"now"}'
check "a_decision_about_no_reading_is_refused" refuses 'event "accept" needs "at"' \
    '{"by":"li","event":"accept","meter":"E"}'
check "a_shelf_without_a_reason_is_refused" refuses 'event "shelve" needs "reason"' \
    '{"by":"li","event":"shelve","alert":"held/meter/E/limit"}'

check "edge_04_a_person_accepts_the_fall" \
    entry '{"ts":"2026-03-10T10:05:00+08:00","by":"li","event":"accept","meter":"E","at":"2026-03-10T10:00:00+08:00"}'
recording >"$work/later.jsonl" <<'MESSAGES'
10:10:00 LF/electricity/E {"value":13}
MESSAGES
check "later_readings_are_sent" play "$plant" "$work/later.jsonl"
check "edge_04_what_follows_an_accepted_fall_is_booked" wait_for 30 shows meter,booked E,40 meters
check "edge_04_its_alert_is_closed" shows id,state held/meter/E/limit,closed alerts
check "a_decision_about_no_reading_there_is_sent" \
    entry '{"ts":"2026-03-10T10:06:00+08:00","by":"li","event":"reject","meter":"E","at":"2026-03-10T10:00:01+08:00"}'
check "an_entry_that_changes_nothing_is_listed_with_the_reason" wait_for 30 shows outcome no_effect rejects
check "an_entry_without_a_time_is_of_now" entry '{"by":"li","event":"remark","text":"slag door"}'

# The last entry is in the recording; each line says when it came, by the clock of this machine.
written() { grep -qF 'slag door' "$work/taken.jsonl"; }
check "the_recorder_has_it_all" wait_for 20 written
kill -TERM "$recorder" && wait "$recorder"
status=$?
check "the_recorder_ends_when_it_is_told" test "$status" -eq 0
check "each_message_is_a_line" test "$(grep -c '"topic":"plant/S/LF/electricity/E"' "$work/taken.jsonl")" -eq 4
check "an_entry_bears_the_time_of_now" grep -qE '"ts":"20[0-9-]+T[0-9:]+\+08:00","by":"li","event":"remark","text":"slag' "$work/taken.jsonl"
stop_process "$daemon_pid"
check "the_recording_is_replayed" "$heatledger" replay -c "$plant" -d "$work/again" "$work/taken.jsonl"
live=$book
book=$work/again
check "the_recording_books_the_same" shows meter,booked E,40 meters
check "the_ledger_verifies" "$heatledger" verify -d "$live"
check "a_recording_is_not_written_over" bash -c \
    "! timeout 10 '$heatledger' record -c '$plant' --broker '$broker_url' '$work/taken.jsonl' 2>/dev/null"
finish
