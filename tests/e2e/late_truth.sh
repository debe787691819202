#!/bin/bash
# Truth that comes hours and days late: readings, heats and takeovers reach behind what memory keeps
# into the stored curves of the ledger. A ledger that was stopped and opened again in between, and
# one that never was, are the same byte for byte, history included, and both are proved.
. "$(dirname "$0")/../support/harness.sh"
plant=$root/tests/scenarios/plant.json
hours=60
parts=5

# Two registers read every 30 s for $hours; every 37 minutes something comes that is up to two days
# late: a reading between two others, a heat, a takeover.
recording() {
    awk -v hours="$hours" 'function iso(s) {
            return strftime("%Y-%m-%dT%H:%M:%S+00:00", s, 1) }
        function say(s, topic, payload) {
            printf "{\"at\":\"%s\",\"topic\":\"plant/S/%s\",\"payload\":%s}\n", iso(s), topic, payload }
        BEGIN { srand(4); start = 1773100800 # 2026-03-10T00:00:00Z
          for (s = 0; s <= hours * 3600; s += 30) {
              say(start + s, "LF/electricity/E", sprintf("{\"ts\":\"%s\",\"value\":%d}", iso(start + s), s * 2))
              say(start + s, "BOF/o2/O", sprintf("{\"ts\":\"%s\",\"value\":%d}", iso(start + s), s * 3 + s % 7))
              if (s % 2220 == 0 && s > 7200) {
                  n++; back = 1300 + int(rand() * (s < 172800 ? s - 5000 : 172800)); at = start + s - back
                  station = n % 2 ? "LF" : "BOF"
                  say(start + s, "heat", sprintf("{\"ts\":\"%s\",\"heat\":\"%d\",\"event\":\"start\",\"station\":\"%s\"}", iso(at), n, station))
                  say(start + s, "heat", sprintf("{\"ts\":\"%s\",\"heat\":\"%d\",\"event\":\"end\",\"station\":\"%s\"}", iso(at + 1234), n, station))
                  say(start + s, "LF/electricity/E", sprintf("{\"ts\":\"%s\",\"value\":%d}", iso(at - at % 30 + 7), (at - at % 30 - start) * 2 + 29))
                  if (n % 9 == 0) say(start + s, "crew", sprintf("{\"ts\":\"%s\",\"event\":\"takeover\",\"crew\":\"%s\"}", iso(at), substr("ABCD", 1 + n % 4, 1)))
              }
          } }'
}

replay() { # NAME FILE...
    local name=$1
    shift
    timeout 120 "$heatledger" replay -c "$plant" -d "$work/$name" "$@" >>"$work/replay.log" 2>&1
}

in_parts() {
    split -n "l/$parts" "$work/all.jsonl" "$work/part-" || return 1
    for part in "$work"/part-*; do
        mv "$part" "$part.jsonl" && replay parted "$part.jsonl" || return 1
    done
}

same_history() {
    "$heatledger" dump -d "$work/whole" --history >"$work/whole.dump" &&
        "$heatledger" dump -d "$work/parted" --history >"$work/parted.dump" &&
        cmp "$work/whole.dump" "$work/parted.dump"
}

nothing_refused() {
    test "$("$heatledger" report rejects -d "$work/whole" --csv | wc -l)" -eq 1
}

reaches_back() {
    local corrected
    corrected=$(grep -c $'^posting\t' "$work/whole.dump")
    test "$corrected" -gt 300
}

recording >"$work/all.jsonl"
check replay_as_a_whole replay whole "$work/all.jsonl" || finish
check replay_in_parts_with_a_restart_before_each in_parts || finish
check restarts_change_nothing same_history
check nothing_is_refused_as_too_late nothing_refused
check what_came_late_was_booked_again reaches_back
check the_ledger_is_proved "$heatledger" verify -d "$work/parted"
finish
