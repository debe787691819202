#!/bin/bash
# EDGE_CASES 34: the disk fills up while the daemon works, and is freed again. The daemon stays; it
# goes on by itself, and its ledger is that of an undisturbed replay. On a small file system of its
# own: it takes a machine on which one may be mounted.
. "$(dirname "$0")/../support/harness.sh"
demo=$root/deploy/demo
disk=$work/disk
book=$disk/book
log=$work/daemon.log

mkdir "$disk"
mount -t tmpfs -o size=48m tmpfs "$disk" 2>/dev/null || {
    skipped full_disk "no file system may be mounted here"
    finish
}
unmount() { mountpoint -q "$disk" && umount "$disk"; }
trap 'clean_up_disk' EXIT
clean_up_disk() {
    local pid
    for pid in "${children[@]:-}"; do
        [ -n "$pid" ] && stop_process "$pid"
    done
    children=()
    unmount
    clean_up
}

alive() { kill -0 "$daemon_pid" 2>/dev/null; }
said() { grep -q "$1" "$log"; }
fill() { dd if=/dev/zero of="$disk/ballast" bs=4k status=none 2>/dev/null; [ -s "$disk/ballast" ]; }
begins_on_disk() { # as daemon_start, but the log lies elsewhere
    "$heatledger" run -c "$work/plant.json" -d "$book" --clock message --broker "$broker_url" \
        >>"$log" 2>&1 &
    daemon_pid=$!
    children+=("$daemon_pid")
    wait_for 60 daemon_connected "$daemon_pid" "$log" 2
}
booked() { "$heatledger" dump -d "$book" 2>/dev/null | grep -q "$1"; }
heard_last() { [ "$(grep "^$1 " "$work/heard" | tail -n 1)" = "$1 $2" ]; } # TOPIC PAYLOAD
heard() { grep -q "$1" "$work/heard"; }
stands_last() { grep "^$1 " "$work/heard" | tail -n 1 | grep -q '"state":"raised"'; }

sed 's/"segment_mib": [0-9]*/"segment_mib": 1/' "$demo/plant.json" >"$work/plant.json"
"$heatledger" simulate -c "$demo/plant.json" "$demo/day.csv" --record "$work/whole.jsonl" \
    >"$work/simulate.log" 2>&1 && head -n 60000 "$work/whole.jsonl" >"$work/day.jsonl" &&
    "$heatledger" replay -c "$work/plant.json" -d "$work/undisturbed" "$work/day.jsonl" \
        >"$work/replay.log" 2>&1 || { not_ok simulate "$(tail -n 2 "$work"/*.log)"; finish; }
"$heatledger" dump -d "$work/undisturbed" >"$work/undisturbed.dump"

broker_renew && begins_on_disk || { not_ok the_daemon_starts "$(tail -n 2 "$log")"; finish; }
mosquitto_sub -h 127.0.0.1 -p "$broker_port" -t 'heatledger/+/status' -t 'heatledger/+/alerts/system/#' \
    -F '%t %p' >"$work/heard" 2>/dev/null &
children+=($!)

# Not as fast as it goes: once the journal is full, too, Paho lets nothing out of the process, and
# the ledger's alert must be told before.
"$heatledger" play -c "$work/plant.json" --broker "$broker_url" --speed 1000 "$work/day.jsonl" \
    >"$work/play.log" 2>&1 &
sender=$!
children+=("$sender")
wait_for 60 booked 12602484 || not_ok the_day_begins "$(tail -n 2 "$log")"
check "the_disk_is_filled" fill
check "edge_34_the_log_says_that_the_ledger_has_no_room" wait_for 30 said 'event=trouble what=ledger_full'
check "edge_34_the_status_says_so" wait_for 10 heard 'status .*"what":"ledger_full"'
check "edge_34_an_alert_says_so" wait_for 10 \
    heard 'alerts/system/plant/ledger_full/limit .*"state":"raised"'
check "edge_34_the_log_says_that_nothing_more_is_acknowledged" wait_for 30 \
    said 'event=trouble what=journal_blocked'
sleep 2
check "edge_34_the_daemon_stays" alive
rm "$disk/ballast"
check "edge_34_booking_goes_on_by_itself" wait_for 60 said 'event=trouble_over what=ledger_full'
check "edge_34_messages_are_taken_again" wait_for 60 said 'event=trouble_over what=journal_blocked'
check "edge_34_the_status_is_well_again" wait_for 10 heard '"online-[0-9]*-[2-9]","online":true,"version":"[^"]*"}$'
check "edge_34_the_alert_is_taken_away" wait_for 10 heard_last heatledger/BOF1/alerts/system/plant/ledger_full/limit ''
wait "$sender" || not_ok the_day_is_played "$(tail -n 2 "$work/play.log")"
if wait_for 120 same_dump "$book" "$work/undisturbed.dump"; then
    ok "edge_34_the_ledger_is_that_of_an_undisturbed_disk"
else
    not_ok "edge_34_the_ledger_is_that_of_an_undisturbed_disk" \
        "$(diff "$work/undisturbed.dump" "$work/live.dump" | head -n 6 | tr '\n' '|') $(tail -n 2 "$log")"
fi
stop_process "$daemon_pid"
check "edge_34_the_ledger_verifies" "$heatledger" verify -d "$book"
recorded() { "$heatledger" report alerts -d "$book" --csv | columns id,state,retro | grep -Fxq "$1"; }
check "edge_34_it_is_on_record" recorded system/plant/ledger_full/limit,closed,false

# ---- the disk is full when the daemon starts, and the ledger is to be made again ----

rm -rf "$book"/ledger.db* "$book/snapshots"
check "the_disk_is_filled_again" fill
"$heatledger" run -c "$work/plant.json" -d "$book" --clock message --broker "$broker_url" >>"$log" 2>&1 &
daemon_pid=$!
children+=("$daemon_pid")
twice() { [ "$(grep -c 'event=trouble what=ledger_full' "$log")" -ge 2 ]; }
check "edge_34_a_start_says_that_there_is_no_room" wait_for 30 twice
check "edge_34_so_does_an_alert" wait_for 10 stands_last heatledger/BOF1/alerts/system/plant/ledger_full/limit
sleep 2
check "edge_34_the_start_waits" alive
rm "$disk/ballast"
if wait_for 120 same_dump "$book" "$work/undisturbed.dump"; then
    ok "edge_34_the_start_goes_on_by_itself"
else
    not_ok "edge_34_the_start_goes_on_by_itself" "$(tail -n 2 "$log")"
fi
check "edge_34_its_alert_is_taken_away" wait_for 20 heard_last heatledger/BOF1/alerts/system/plant/ledger_full/limit ''
stop_process "$daemon_pid"
check "edge_34_it_verifies_then" "$heatledger" verify -d "$book"
finish
