# The broker is killed while messages pass; in turn alone, together with the daemon, and while the
# daemon is away that is killed before it, and started again before it; once it has forgotten every
# session, too. What it has confirmed to the publisher and neither saved nor passed
# on yet dies with it: no client can know of that, so the publisher goes back by one slice where
# that has happened. Such a slice comes out of order, hence the net books are compared.
slice=200 # messages: five minutes of the day, a third of the exact window
saves=50  # the broker saves after so many changes

# kill_broker WAY: together, away: with the daemon; alone.
kill_broker() {
    [ "$1" = alone ] || kill_now daemon
    if [ "$1" = away ]; then # the broker takes for it what it saves now and then
        below 50
        pause_ms "$REPLY"
    fi
    kill_now broker
}

broker_back() { # WAY
    if [ "$1" = away ]; then # finds nobody at first
        daemon_up
        below 300
        pause_ms "$REPLY"
    fi
    broker_up "$saves" || return
    [ "$1" != together ] || daemon_up
    daemon_ready
}

ways=(alone together away)

one_broker_kill() { # NUMBER
    local from=$((total * $1 / (broker_kills + 1)))
    local way=${ways[$(($1 % ${#ways[@]}))]}
    publish "$from" 0
    published && wait_for 60 holds "$from" || return
    cp "$book.state" "$book.before"
    heard_before
    publish $((from + slice)) 200
    below 200
    pause_ms "$REPLY"
    kill_broker "$way"
    times_of[$way]=$((${times_of[$way]:-0} + 1))
    broker_back "$way" && published || return
    wait_for 3 holds $((from + slice)) && return
    lost=$((lost + from + slice - total + $(missing)))
    cp "$book.before" "$book.state"
    publish $((from + slice)) 0
    published && wait_for 30 holds $((from + slice))
}

# At a quiet moment: what waits for a session dies with it.
session_lost() {
    heard_before
    kill_now broker
    rm -f "$work/broker/mosquitto.db"
    broker_back alone
}

of_broker() {
    local kill before=$failures lost=0
    local -A times_of=()
    book=$work/of-broker
    broker_new "$saves" || return
    daemon_up
    check the_daemon_starts_again daemon_ready || return
    listener_up
    for ((kill = 1; kill <= broker_kills; kill++)); do
        one_broker_kill "$kill" ||
            { not_ok the_publisher_goes_on_after_the_broker "$(tail -qn 2 "$book.sent" "$book.log")"; return; }
    done
    if session_lost; then
        ok a_lost_session_is_subscribed_again
    else
        not_ok a_lost_session_is_subscribed_again "$(tail -n 2 "$book.log")"
    fi
    publish "$total" 0
    published || { not_ok the_day_is_published_over_broker_kills "$(tail -n 2 "$book.sent")"; return; }
    check no_message_is_lost_over_broker_kills all_is_held
    stop_now daemon
    check the_daemon_stops_in_order_after_the_broker grep -q event=stopped "$book.log"
    stop_now listener
    stop_now broker
    "$tools/crash_journal" "$list" "$book/journal" "$book.numbers" >"$book.tally"
    books "$book" "$book"
    same broker_kills_leave_the_books_as_they_were net
    same what_comes_again_after_broker_kills_counts_once meters
    check the_ledger_verifies_after_broker_kills "$heatledger" verify -d "$book"
    check one_alert_a_crossing_over_broker_kills one_message_a_crossing
    row "broker (it lost $lost messages)" "$broker_kills" "$before"
    part "  together with the daemon" "${times_of[together]:-0}"
    part "  while the daemon was away" "${times_of[away]:-0}"
    part "  and its store, with sessions" 1
}
