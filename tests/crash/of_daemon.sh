# The daemon is killed at any moment: within 300 ms of its start, or under load once it has connected;
# now and then the publisher is, or another client has taken the daemon's session.

one_kill() { # NUMBER
    publish $((total * $1 / (kills + 1))) 200
    if [ $(($1 % 10)) -eq 5 ]; then
        below 150
        pause_ms "$REPLY"
        kill_now sender
        publisher_kills=$((publisher_kills + 1))
        publish $((total * $1 / (kills + 1))) 100
    fi
    if [ $(($1 % 20)) -eq 10 ]; then
        "$tools/crash_takeover" "$broker_port" "$client_id" 100 2>>"$book.log" &&
            takeovers=$((takeovers + 1))
    fi
    below 300
    pause_ms "$REPLY"
    kill_now daemon
    daemon_up
    if [ $(($1 % 2)) -eq 0 ]; then
        daemon_ready
    fi
    published
}

of_daemon() {
    local kill before=$failures publisher_kills=0 takeovers=0
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
    row "  and its publisher" "$publisher_kills" "$before"
    row "  and its session taken over" "$takeovers" "$before"
}
