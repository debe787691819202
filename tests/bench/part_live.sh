# live: the daemon against a subscriber that drops each message, at the same broker, with the same
# messages. Processor time of the subscriber alone; publisher and broker have the rest.

# daemon_cost DURABILITY BATCH MESSAGES RATE: sets cost_ns, sent (the publisher's line).
daemon_cost() {
    local before after
    tool generate plant 1000 busy "$1" >"$work/live.json"
    live_daemon "$work/live.json" "$work/live" || return
    before=$(tool process cpu "$daemon_pid")
    started=$(date +%s%N)
    sent=$(tool publisher "$broker_port" 1000 "$2" "$3" "$4") || broken "the publisher ended"
    expect_booked "$work/live" "$(value readings "$sent")"
    after=$(tool process cpu "$daemon_pid")
    took_ns=$(($(date +%s%N) - started))
    cost_ns=$(($(value cpu_ns "$after") - $(value cpu_ns "$before")))
    stop_process "$daemon_pid"
    return 0
}

# bare_cost BATCH MESSAGES RATE: sets cost_ns, sent.
bare_cost() {
    broker_renew || { broken "the broker does not start"; return 1; }
    rm -f "$work/bare"
    tool subscriber "$broker_port" "$2" >"$work/bare" &
    local bare=$!
    children+=("$bare")
    wait_for 20 grep -qs ready "$work/bare" || { broken "the bare subscriber does not start"; return 1; }
    sent=$(tool publisher "$broker_port" 1000 "$1" "$2" "$3") || broken "the publisher ended"
    wait "$bare" || { broken "the bare subscriber did not get all"; return 1; }
    cost_ns=$(value cpu_ns "$(grep cpu_ns "$work/bare")")
}

# In turn, so that what the machine does beside hits both; the least of each, for noise only adds.
saturated() { # LABEL BATCH MESSAGES
    local round daemon=() bare=() daemon_ns bare_ns messages=$3 readings
    for round in $(seq "$(pick 1 3)"); do
        bare_cost "$2" "$3" 0 && bare+=("$cost_ns")
        daemon_cost group "$2" "$3" 0 && daemon+=("$cost_ns")
    done
    [ ${#bare[@]} -gt 0 ] && [ ${#daemon[@]} -gt 0 ] || return
    readings=$(value readings "$sent")
    daemon_ns=$(printf '%s\n' "${daemon[@]}" | least)
    bare_ns=$(printf '%s\n' "${bare[@]}" | least)
    figure live "$1: bare subscriber, CPU a message" "$(calc "$bare_ns / $messages / 1000")" us
    figure live "$1: heatledger, CPU a message" "$(calc "$daemon_ns / $messages / 1000")" us
    if [ "$2" = 1 ]; then
        figure live "$1: heatledger / bare subscriber" "$(calc "$daemon_ns / $bare_ns")" x 1.3
    else
        figure live "$1: heatledger / bare subscriber" "$(calc "$daemon_ns / $bare_ns")" x
        figure live "$1: heatledger, CPU a reading" "$(calc "$daemon_ns / $readings / 1000" 3)" us 0.5
        figure live "$1: heatledger less bare, CPU a reading" \
            "$(calc "($daemon_ns - $bare_ns) / $readings / 1000" 3)" us
    fi
    figure live "$1: sent and booked" \
        "$(calc "$(value messages "$sent") / ($took_ns / 1e9)" 0)" messages/s
}

at_a_rate() { # RATE SECONDS
    local daemon_part bare_part count=$(($1 * $2))
    bare_cost 1 "$count" "$1" || return
    bare_part=$(calc "$cost_ns / $2 / 1e7")
    daemon_cost group 1 "$count" "$1" || return
    daemon_part=$(calc "$cost_ns / ($took_ns / 1e9) / 1e7")
    figure live "$1 messages/s: bare subscriber" "$bare_part" "% core"
    figure live "$1 messages/s: heatledger" "$daemon_part" "% core"
    figure live "$1 messages/s: heatledger less bare" "$(calc "$daemon_part - $bare_part")" "% core" 4
}

part_live() {
    saturated "1 reading a message" 1 "$(pick 20000 300000)"
    saturated "100 readings a message" 100 "$(pick 1000 20000)"
    at_a_rate 1000 "$(pick 4 30)"
    daemon_cost power 1 "$(pick 1000 20000)" 0 || return
    figure live "durability power: sent and booked" \
        "$(calc "$(value messages "$sent") / ($took_ns / 1e9)" 0)" messages/s
}
