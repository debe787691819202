#!/bin/bash
# A backup is made while readings come in, and brought back elsewhere: it is a ledger of one moment,
# which a replay of its journal gives, and a daemon goes on from there. A backup in which one byte is
# another, or which was not finished, is refused by name.
. "$(dirname "$0")/../support/harness.sh"
demo=$root/deploy/demo
book=$work/book
kept=$work/kept
again=$work/again

backup() { "$heatledger" backup -d "$book" "$@" >"$work/backup.log" 2>&1 || { cat "$work/backup.log"; return 1; }; }
restore() { "$heatledger" restore "$1" -d "$2" >"$work/restore.log" 2>&1 || { cat "$work/restore.log"; return 1; }; }
fails_with() { # STATUS PATTERN COMMAND...
    local wanted=$1 pattern=$2 said status
    shift 2
    said=$("$heatledger" "$@" 2>&1)
    status=$?
    [ "$status" -eq "$wanted" ] && grep -qE -- "$pattern" <<<"$said" || { echo "$status: $said"; return 1; }
}
half_way() { "$heatledger" dump -d "$book" 2>/dev/null | grep -q 12602490; }
differs_from_the_whole_day() { "$heatledger" dump -d "$again" >"$work/moment.dump" && ! cmp -s "$work/moment.dump" "$work/whole.dump"; }
position() { sed -n 's/^position //p' "$1/manifest"; }

# One byte of a file in the middle of a copy of the backup is another: it is named, and nothing is
# left in the directory.
refuses_another_byte_in() { # FILE, relative; where: an offset
    local copy=$work/flipped offset=$2 byte
    rm -rf "$copy" "$work/nowhere"
    cp -r "$kept" "$copy"
    byte=$(dd if="$copy/$1" bs=1 skip="$offset" count=1 2>/dev/null | od -An -tu1)
    printf "\\x$(printf %02x $((byte ^ 1)))" | dd of="$copy/$1" bs=1 seek="$offset" conv=notrunc 2>/dev/null
    fails_with 3 "$1 is damaged" restore "$copy" -d "$work/nowhere" && [ ! -e "$work/nowhere" ]
}
middle_of() { echo $(($(stat -c %s "$kept/$1") / 2)); }
one_of() { (cd "$kept" && ls $1 2>/dev/null | head -n 1); }

sed 's/"segment_mib": [0-9]*/"segment_mib": 1/' "$demo/plant.json" >"$work/plant.json"
"$heatledger" simulate -c "$demo/plant.json" "$demo/day.csv" --record "$work/day.jsonl" --faults \
    >"$work/simulate.log" 2>&1 &&
    "$heatledger" replay -c "$work/plant.json" -d "$work/whole" "$work/day.jsonl" >"$work/replay.log" 2>&1 ||
    { not_ok replay "$(tail -n 2 "$work"/*.log)"; finish; }
"$heatledger" dump -d "$work/whole" >"$work/whole.dump"

live_start "$work/plant.json" "$book" || finish
lines=$(wc -l <"$work/day.jsonl")
head -n $((lines / 3)) "$work/day.jsonl" >"$work/first.jsonl"
play "$work/plant.json" "$work/first.jsonl" || not_ok the_first_third_is_played "$(cat "$work/play.log")"
stop_process "$daemon_pid"
daemon_start "$work/plant.json" "$book" || { not_ok starts_again "$(tail -n 2 "$book.log")"; finish; }

# The rest comes in while the backup is made.
tail -n +$((lines / 3 + 1)) "$work/day.jsonl" >"$work/rest.jsonl"
play "$work/plant.json" "$work/rest.jsonl" &
sender=$!
children+=("$sender")
wait_for 60 half_way || not_ok readings_come "$(tail -n 2 "$book.log")"
check a_backup_is_made_under_load backup "$kept" --share 20
check readings_came_meanwhile kill -0 "$sender"
wait "$sender"
ends_equal the_daemon_was_not_disturbed "$book" "$work/whole.dump"
check a_backup_has_snapshots test -n "$(one_of 'snapshots/*.snap')"

check a_backup_is_brought_back restore "$kept" "$again"
check it_says_of_which_moment_it_is grep -q "stands at position $(position "$kept") " "$work/restore.log"
check it_says_what_is_lost_and_what_to_do grep -q 'except what the broker still keeps' "$work/restore.log"
check its_plant_is_the_one_in_force cmp "$work/plant.json" "$again/plant.json"
check it_is_of_a_moment_on_the_way differs_from_the_whole_day
check its_ledger_is_a_replay_of_its_journal "$heatledger" verify -d "$again"

# A replay of the whole recording has what came before the backup, and more.
"$heatledger" dump --history -d "$again" >"$work/again.dump"
cp -r "$again" "$work/from_journal"
rm -rf "$work/from_journal/ledger.db" "$work/from_journal/snapshots"
: >"$work/nothing.jsonl"
"$heatledger" replay -c "$again/plant.json" -d "$again" "$work/nothing.jsonl" >"$work/replay.log" 2>&1 &&
    "$heatledger" replay -c "$again/plant.json" -d "$work/from_journal" "$work/nothing.jsonl" >>"$work/replay.log" 2>&1 ||
    not_ok the_restored_journal_replays "$(cat "$work/replay.log")"
for which in again from_journal; do
    "$heatledger" dump --history -d "$work/$which" >"$work/$which.dump"
done
check the_restored_ledger_is_what_its_journal_gives cmp "$work/again.dump" "$work/from_journal.dump"

# A daemon goes on from there: the whole day comes again, and what is known already counts once.
stop_process "$daemon_pid"
live_start "$again/plant.json" "$again" || finish
play "$again/plant.json" "$work/rest.jsonl" || not_ok the_rest_is_played_again "$(cat "$work/play.log")"
ends_equal a_daemon_goes_on_from_a_backup "$again" "$work/whole.dump"
stop_process "$daemon_pid"
check and_its_ledger_verifies "$heatledger" verify -d "$again"

# What is refused.
check a_flipped_byte_of_the_ledger_is_named refuses_another_byte_in ledger.db "$(middle_of ledger.db)"
snapshot=$(one_of 'snapshots/*.snap')
check a_flipped_byte_of_a_snapshot_is_named refuses_another_byte_in "$snapshot" "$(middle_of "$snapshot")"
plain=$(one_of 'journal/*.journal')
check a_flipped_byte_of_a_segment_is_named refuses_another_byte_in "$plain" 5000
packed=$(one_of 'journal/*.zst')
check there_is_a_packed_segment test -n "$packed"
[ -z "$packed" ] || check a_flipped_byte_of_a_packed_segment_is_named \
    refuses_another_byte_in "$packed" "$(middle_of "$packed")"
check a_flipped_byte_of_the_plant_is_named refuses_another_byte_in plant.json "$(middle_of plant.json)"
check a_flipped_byte_of_the_manifest_is_named refuses_another_byte_in manifest "$(middle_of manifest)"
rm -rf "$work/flipped" "$work/nowhere"
cp -r "$kept" "$work/flipped"
rm "$work/flipped/$plain"
check a_missing_file_is_named fails_with 3 "$plain: cannot be read" restore "$work/flipped" -d "$work/nowhere"
rm "$work/flipped/manifest"
check what_was_not_finished_is_no_backup fails_with 3 'was not finished' restore "$work/flipped" -d "$work/nowhere"
check a_directory_that_holds_something_is_spared fails_with 2 'is not empty' restore "$kept" -d "$book"
check a_target_that_holds_something_is_spared fails_with 2 'is not empty' backup -d "$book" "$kept"
check a_directory_without_a_ledger_is_not_backed_up fails_with 3 'no ledger here' backup -d "$work/nowhere" "$work/target"
check and_no_target_is_made test ! -e "$work/target"

# A disk that is too small says so before anything is written, and stays as it was.
mkdir "$work/disk"
if mount -t tmpfs -o size=3m tmpfs "$work/disk" 2>/dev/null; then
    check a_disk_that_is_too_small_is_named fails_with 3 "$work/disk/target: the backup takes [0-9]+ MiB, and [0-9]+ MiB are free" \
        backup -d "$book" "$work/disk/target"
    check and_nothing_stays_on_it test ! -e "$work/disk/target"
    check a_full_disk_is_named_by_restore fails_with 3 "No space left" restore "$kept" -d "$work/disk/again"
    check and_nothing_stays_there_either test ! -e "$work/disk/again"
    umount "$work/disk"
else
    skipped a_disk_that_is_too_small "no file system may be mounted here"
fi
finish
