# latency: from when the reading that overruns a quota is to be sent to receiving its alert, while
# messages of 1,000 meters come at a rate. Publisher, broker and daemon share the machine.

latency_at() { # RATE SECONDS PROBES
    local line status
    tool generate plant 1000 busy group "$3" >"$work/latency.json"
    live_daemon "$work/latency.json" "$work/latency" || return
    line=$(tool latency "$broker_port" 1000 "$3" "$1" "$2")
    status=$?
    [ "$status" = 0 ] || broken "$1 messages/s: alerts are missing: $line"
    expect_booked "$work/latency" "$(value readings "$line")"
    figure latency "$1 messages/s: rate that was held" "$(value per_second "$line")" messages/s
    figure latency "$1 messages/s: reading to alert, p50 of $3" "$(value p50_ms "$line")" ms
    figure latency "$1 messages/s: reading to alert, p99" "$(value p99_ms "$line")" ms 100
    figure latency "$1 messages/s: reading to alert, p99.9" "$(value p999_ms "$line")" ms
    figure latency "$1 messages/s: reading to alert, most" "$(value max_ms "$line")" ms
    stop_process "$daemon_pid"
}

part_latency() {
    local rate
    for rate in $(pick 1000 "1000 10000 20000"); do
        latency_at "$rate" "$(pick 4 30)" "$(pick 50 1000)"
    done
}
