# The daemon is killed at any moment: while it reads the journal after its start, under load once it has
# connected, while it writes a snapshot, while it stops. What an interrupted append may leave behind
# the journal's end is left there. Now and then the publisher is killed, or another client has taken
# the daemon's session.

# What is written of a snapshot has another name until all of it is on the disk. A new one: since
# snapshots_seen.
snapshots_begun() { compgen -G "$book/snapshots/*.new"; }
snapshots_seen() { begun=$(snapshots_begun); }
snapshot_begun() { [ "$(snapshots_begun)" != "$begun" ]; }

# Until a snapshot is being written, for a second at most.
await_snapshot() {
    local until=$((${EPOCHREALTIME/[.,]/} + 1000000))
    until snapshot_begun; do
        [ "${EPOCHREALTIME/[.,]/}" -lt $until ] || return
    done
}

# How kill NUMBER comes: one of ten in turn.
at_some_moment() { below 300; pause_ms "$REPLY"; }
kills_of=(any reading any snapshot any stopping any torn any publisher)

before_kill_any() { at_some_moment; }
before_kill_torn() { at_some_moment; }
before_kill_snapshot() { # it takes one soon after its start
    kill_now daemon
    daemon_up
    await_snapshot
}
before_kill_stopping() { # it takes one at its end
    at_some_moment
    kill -TERM "$daemon_pid"
    await_snapshot
}
before_kill_reading() { # all of the journal, as nothing is there to go on from
    kill_now daemon
    rm -rf "$book/snapshots"
    snapshots_seen
    before=$(starts)
    daemon_up
    below 100
    pause_ms "$REPLY"
}
before_kill_publisher() {
    below 150
    pause_ms "$REPLY"
    kill_now sender
    publish "$1" 100
    at_some_moment
}

starts() { grep -c event=started "$book.log"; }

# What the kill met.
after_kill() { # WAY STARTS-BEFORE
    count_of[$1]=$((${count_of[$1]:-0} + 1))
    ! snapshot_begun || count_of[half_snapshot]=$((${count_of[half_snapshot]:-0} + 1))
    [ "$1" != reading ] || [ "$(starts)" -gt "$2" ] ||
        count_of[half_read]=$((${count_of[half_read]:-0} + 1))
    [ "$1" != torn ] || torn_bytes=$((torn_bytes + $("$tools/crash_tear" "$book/journal" $((seed + number)))))
}

one_kill() { # NUMBER
    local number=$1 way=${kills_of[$(($1 % ${#kills_of[@]}))]} until=$((total * $1 / (kills + 1))) before
    publish "$until" 200
    if [ $((number % 20)) -eq 10 ]; then
        "$tools/crash_takeover" "$broker_port" "$client_id" 100 2>>"$book.log" &&
            takeovers=$((takeovers + 1))
    fi
    before=$(starts)
    snapshots_seen
    "before_kill_$way" "$until"
    kill_now daemon
    after_kill "$way" "$before"
    daemon_up
    if [ $((number % 2)) -eq 0 ]; then
        daemon_ready
    fi
    published
}

torn_is_cut() {
    [ "$torn_bytes" -le "$(cut_bytes)" ] ||
        { echo "$torn_bytes bytes were put behind the end, and the log tells of $(cut_bytes)"; return 1; }
}

of_daemon() {
    local kill before=$failures takeovers=0 torn_bytes=0 begun=
    local -A count_of=()
    book=$work/of-daemon
    broker_new || return
    daemon_up
    check the_daemon_starts daemon_ready || return
    listener_up
    for ((kill = 1; kill <= kills; kill++)); do
        one_kill "$kill" || { not_ok the_publisher_goes_on "$(tail -n 2 "$book.sent")"; return; }
    done
    publish "$total" 0
    published || { not_ok the_day_is_published "$(tail -n 2 "$book.sent")"; return; }
    check edge_33_kill_9_loses_no_message all_is_held
    stop_now daemon
    check the_daemon_stops_in_order grep -q event=stopped "$book.log"
    check edge_33_a_torn_tail_is_cut_and_told torn_is_cut
    check alerts_are_told_after_kills wait_for 10 every_crossing_told
    stop_now listener
    "$tools/crash_journal" "$list" "$book/journal" "$book.numbers" >"$book.tally"
    check what_comes_again_comes_in_order test "$(tally_of foreign),$(tally_of unordered)" = 0,0
    books "$book" "$book"
    same edge_33_kill_9_leaves_the_books_as_they_were net
    same edge_33_kill_9_leaves_the_history_as_it_was history
    same edge_10_what_comes_again_after_kill_9_counts_once meters
    check edge_33_the_ledger_verifies_after_kill_9 "$heatledger" verify -d "$book"
    check one_alert_a_crossing_over_all_kills one_message_a_crossing
    row daemon "$kills" "$before"
    part "  before it had read its journal" "${count_of[half_read]:-0}"
    part "  while it wrote a snapshot" "${count_of[half_snapshot]:-0}"
    part "  while it stopped" "${count_of[stopping]:-0}"
    part "  and its journal's tail torn" "${count_of[torn]:-0}"
    part "  and its publisher" "${count_of[publisher]:-0}"
    part "  and its session taken over" "$takeovers"
}
