#!/bin/bash
# The same recording through a real broker into the live daemon gives the ledger of a replay, byte
# for byte: undisturbed, with the daemon killed half-way, with the broker stopped half-way.
. "$(dirname "$0")/../support/harness.sh"
demo=$root/deploy/demo

# Whether the daemon has come to a heat from the middle of the demo day and the sender is at work.
half_way() { # BOOK SENDER-PID
    kill -0 "$2" 2>/dev/null && "$heatledger" dump -d "$1" 2>/dev/null | grep -q 12602500
}
half_way_or_over() { ! kill -0 "$2" || half_way "$@"; }
caught_half_way() { wait_for 120 half_way_or_over "$@" && half_way "$@"; }

replay_of() { # PLANT RECORDING → $work/NAME.dump
    local name
    name=$(basename "$2" .jsonl)
    "$heatledger" replay -c "$1" -d "$work/replay-$name" "$2" >"$work/replay.log" 2>&1 &&
        "$heatledger" dump -d "$work/replay-$name" >"$work/$name.dump" || {
        not_ok "${name}_replays" "$(tail -n 2 "$work/replay.log")"
        return 1
    }
    rm -rf "$work/replay-$name"
}

undisturbed() { # PLANT RECORDING
    local name book
    name=$(basename "$2" .jsonl)
    book=$work/live-$name
    live_start "$1" "$book" || return
    if play "$1" "$2"; then
        ends_equal "${name}_live_equals_replay" "$book" "$work/$name.dump"
    else
        not_ok "${name}_live_equals_replay" "play: $(tail -n 2 "$work/play.log")"
    fi
    stop_process "$daemon_pid"
}

# Starts the daemon and plays the recording until the daemon is half-way; sets sender. Where it
# cannot be caught there, a test has failed.
half_played() { # PLANT RECORDING BOOK
    live_start "$1" "$3" || return
    play "$1" "$2" &
    sender=$!
    children+=("$sender")
    caught_half_way "$3" "$sender" && return
    not_ok "$(basename "$3")_is_caught_half_way" "$(tail -n 1 "$3.log")"
    stop_process "$daemon_pid"
    wait "$sender"
    return 1
}

with_daemon_killed() { # PLANT RECORDING
    local name book
    name=$(basename "$2" .jsonl)
    book=$work/killed-$name
    half_played "$1" "$2" "$book" || return
    kill -KILL "$daemon_pid"
    wait "$daemon_pid" 2>/dev/null
    daemon_start "$1" "$book"
    wait "$sender" || not_ok "${name}_plays_on" "$(tail -n 2 "$work/play.log")"
    ends_equal "${name}_edge_33_survives_kill_9" "$book" "$work/$name.dump"
    stop_process "$daemon_pid"
    check "${name}_edge_33_verifies_after_kill_9" "$heatledger" verify -d "$book"
}

with_broker_restarted() { # PLANT RECORDING
    local name book
    name=$(basename "$2" .jsonl)
    book=$work/restarted-$name
    half_played "$1" "$2" "$book" || return
    stop_process "$broker_pid"
    broker_start || not_ok "broker_restarts" "$(tail -n 2 "$work/broker.log")"
    wait "$sender" || not_ok "${name}_plays_on_after_the_restart" "$(tail -n 2 "$work/play.log")"
    ends_equal "${name}_survives_a_broker_restart" "$book" "$work/$name.dump"
    stop_process "$daemon_pid"
}

"$heatledger" simulate -c "$demo/plant.json" "$demo/day.csv" --record "$work/demo.jsonl" \
    >"$work/simulate.log" 2>&1 || { not_ok simulate "$(tail -n 2 "$work/simulate.log")"; finish; }
if replay_of "$demo/plant.json" "$work/demo.jsonl"; then
    undisturbed "$demo/plant.json" "$work/demo.jsonl"
    with_daemon_killed "$demo/plant.json" "$work/demo.jsonl"
    with_broker_restarted "$demo/plant.json" "$work/demo.jsonl"
fi
for recording in ladle_furnace uci_steel sidenor_heat sidenor_reset; do
    plant=$root/tests/real/$recording.plant.json
    if [ ! -r "$data/$recording.jsonl" ]; then
        skipped "${recording}_live_equals_replay" "$data/$recording.jsonl is not there"
    elif replay_of "$plant" "$data/$recording.jsonl"; then
        undisturbed "$plant" "$data/$recording.jsonl"
    fi
done
finish
