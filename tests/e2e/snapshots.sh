#!/bin/bash
# A restart goes on from a snapshot of the state instead of reading the whole journal: the ledger is
# the one of a daemon that was never stopped, and its history is what a replay of the journal from
# its start gives. Snapshots that are damaged, too new or gone make no difference.
. "$(dirname "$0")/../support/harness.sh"
demo=$root/deploy/demo
plant=$demo/plant.json
kills=5

snapshots() { ls "$1/snapshots"/*.snap 2>/dev/null; }
newest_snapshot() { snapshots "$1" | tail -n 1; }
log_count() { grep -c "event=$2" "$1.log"; }

# Kills the daemon again and again while a recording comes in.
killed_again_and_again() { # BOOK
    local book=$1 sender i
    play "$plant" "$work/demo.jsonl" &
    sender=$!
    children+=("$sender")
    for ((i = 0; i < kills; i++)); do
        sleep "0.$((RANDOM % 6 + 3))"
        kill -KILL "$daemon_pid"
        wait "$daemon_pid" 2>/dev/null
        daemon_start "$plant" "$book" || { not_ok starts_after_a_kill "$(tail -n 2 "$book.log")"; return 1; }
    done
    wait "$sender" || not_ok plays_on_through_kills "$(tail -n 2 "$work/play.log")"
}

restart_gives_the_same() { # NAME BOOK
    "$heatledger" dump --history -d "$2" >"$work/before.dump"
    daemon_start "$plant" "$2" || { not_ok "$1" "$(tail -n 2 "$2.log")"; return 1; }
    stop_process "$daemon_pid"
    "$heatledger" dump --history -d "$2" >"$work/after.dump"
    check "$1" cmp "$work/before.dump" "$work/after.dump"
}

"$heatledger" simulate -c "$plant" "$demo/day.csv" --record "$work/demo.jsonl" --faults \
    >"$work/simulate.log" 2>&1 || { not_ok simulate "$(tail -n 2 "$work/simulate.log")"; finish; }
"$heatledger" replay -c "$plant" -d "$work/replay" "$work/demo.jsonl" >"$work/replay.log" 2>&1 &&
    "$heatledger" dump -d "$work/replay" >"$work/demo.dump" ||
    { not_ok replay "$(tail -n 2 "$work/replay.log")"; finish; }
check edge_33_a_replay_leaves_a_snapshot_at_its_end test -n "$(newest_snapshot "$work/replay")"

book=$work/book
live_start "$plant" "$book" || finish
killed_again_and_again "$book"
ends_equal edge_33_kill_9_and_snapshots_give_the_ledger_of_a_replay "$book" "$work/demo.dump"
stop_process "$daemon_pid"
check edge_33_restarts_went_on_from_snapshots test "$(log_count "$book" snapshot_loaded)" -ge "$kills"
check edge_33_every_snapshot_was_good test "$(log_count "$book" snapshot_unusable)" -eq 0
check invariant_4_a_replay_from_the_start_gives_the_same_history "$heatledger" verify -d "$book"
# Beside them bases, whose names tell their day.
check no_more_than_the_newest_two_are_kept test "$(snapshots "$book" | grep -c '/[0-9]*\.snap$')" -le 2

restart_gives_the_same a_restart_from_a_snapshot_changes_nothing "$book"

# One byte is another.
newest=$(newest_snapshot "$book")
before_newest=$(basename "$(snapshots "$book" | tail -n 2 | head -n 1)")
size=$(stat -c %s "$newest")
byte=$(dd if="$newest" bs=1 skip=$((size / 2)) count=1 2>/dev/null | od -An -tu1)
printf "\\x$(printf %02x $((255 - byte)))" |
    dd of="$newest" bs=1 seek=$((size / 2)) conv=notrunc 2>/dev/null
restart_gives_the_same a_damaged_snapshot_is_passed_over "$book"
check a_damaged_snapshot_is_named_in_the_log grep -q "event=snapshot_unusable.*$(basename "$newest").*damaged" "$book.log"

check the_one_before_it_is_taken test "$(basename "$(sed -n 's/.*event=snapshot_loaded file=\([^ ]*\).*/\1/p' "$book.log" | tail -n 1)")" = "$before_newest"

# Of a ledger that was ahead of this one.
cp "$newest" "$book/snapshots/00000000099999999999.snap"
restart_gives_the_same a_snapshot_ahead_of_the_ledger_is_passed_over "$book"

rm -rf "$book/snapshots"
restart_gives_the_same without_snapshots_the_journal_is_read_from_its_start "$book"
check a_snapshot_is_there_again test -n "$(newest_snapshot "$book")"
check invariant_4_a_replay_gives_the_same_history_after_all_that "$heatledger" verify -d "$book"
finish
