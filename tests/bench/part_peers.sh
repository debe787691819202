# peers: what others need for receiving the same messages at QoS 1, and for less work on them. Their
# processor time from the first message to the last.

peer_messages() { pick 5000 100000; }

peer_figures() { # WHO CPU-NS READINGS-A-MESSAGE MESSAGES
    figure peers "$1, $3 a message: CPU a message" "$(calc "$2 / $4 / 1000")" us
}

peer_mosquitto_sub() { # BATCH MESSAGES
    broker_renew || return
    tool process run sh -c "exec mosquitto_sub -p $broker_port -q 1 -t 'plant/BENCH/#' -C $2 >/dev/null" \
        >"$work/sub" 2>/dev/null &
    local peer=$!
    children+=("$peer")
    sleep 1
    tool publisher "$broker_port" 1000 "$1" "$2" 0 >/dev/null || broken "the publisher ended"
    wait_for 120 test -s "$work/sub" || { stop_process "$peer"; broken "mosquitto_sub hangs"; return; }
    peer_figures "mosquitto_sub to /dev/null" "$(value cpu_ns "$(cat "$work/sub")")" "$1" "$2"
    rm -f "$work/sub"
}

# The distribution's Python, with its paho-mqtt, which is unpacked into a folder of our own where it
# is not installed.
python_ready() {
    python=/usr/bin/python3
    [ -x "$python" ] || python=python3
    "$python" -c 'import paho.mqtt' 2>/dev/null && return
    export PYTHONPATH=$work/python/usr/lib/python3/dist-packages
    mkdir -p "$work/python"
    (cd "$work/python" && timeout 60 apt-get download python3-paho-mqtt && dpkg -x ./*.deb .) \
        >"$work/python.log" 2>&1
    "$python" -c 'import paho.mqtt' 2>/dev/null
}

peer_python() { # BATCH MESSAGES
    broker_renew || return
    rm -f "$work/peer.db" "$work/peer"
    "$python" "$here/peer.py" "$broker_port" "$2" "$work/peer.db" >"$work/peer" 2>"$work/peer.log" &
    local peer=$!
    children+=("$peer")
    wait_for 20 grep -qs ready "$work/peer" || { skipped peer_python "$(tail -n 1 "$work/peer.log")"; return; }
    tool publisher "$broker_port" 1000 "$1" "$2" 0 >/dev/null || broken "the publisher ended"
    wait_for 120 grep -q cpu_ns "$work/peer" || { broken "the Python peer hangs"; return; }
    peer_figures "Python and SQLite" "$(value cpu_ns "$(grep cpu_ns "$work/peer")")" "$1" "$2"
}

node_red_ready() {
    command -v npm >/dev/null && mkdir -p "$work/red" || return 1
    (cd "$work/red" && npm init -y && timeout 240 npm install --no-audit --no-fund node-red@4) \
        >"$work/npm.log" 2>&1 || return 1
    red_database=$work/red.db
    (cd "$work/red" && timeout 240 npm install --no-audit --no-fund node-red-node-sqlite) \
        >>"$work/npm.log" 2>&1 || red_database=
    [ -x "$work/red/node_modules/.bin/node-red" ]
}

red_is_idle() { # ends where two looks a second apart show next to no work
    local first second
    first=$(value cpu_ns "$(tool process cpu "$1")")
    sleep 1
    second=$(value cpu_ns "$(tool process cpu "$1")")
    [ $((second - first)) -lt 50000000 ]
}

peer_node_red() { # BATCH MESSAGES
    local port pid before after
    broker_renew || return
    port=$(free_port)
    node "$here/peer_flow.js" "$broker_port" "$red_database" >"$work/red/flows.json"
    node "$work/red/node_modules/node-red/red.js" -u "$work/red" -p "$port" "$work/red/flows.json" \
        >"$work/red.log" 2>&1 &
    pid=$!
    children+=("$pid")
    wait_for 60 grep -qs 'Connected to broker' "$work/red.log" ||
        { skipped peer_node_red "$(tail -n 1 "$work/red.log")"; stop_process "$pid"; return; }
    wait_for 20 red_is_idle "$pid"
    before=$(value cpu_ns "$(tool process cpu "$pid")")
    tool publisher "$broker_port" 1000 "$1" "$2" 0 >/dev/null || broken "the publisher ended"
    wait_for 180 red_is_idle "$pid"
    after=$(value cpu_ns "$(tool process cpu "$pid")")
    [ -z "$red_database" ] || sqlite3 -readonly "$red_database" 'SELECT 1 FROM state' | grep -q 1 ||
        broken "the Node-RED flow has stored nothing"
    peer_figures "Node-RED$([ -n "$red_database" ] && echo ' and SQLite' || echo ', nothing stored')" \
        $((after - before)) "$1" "$2"
    stop_process "$pid"
}

part_peers() {
    local count batch
    for batch in 1 100; do
        count=$(($(peer_messages) / (batch == 1 ? 1 : 20)))
        peer_mosquitto_sub "$batch" "$count"
        if python_ready; then
            peer_python "$batch" "$count"
        else
            skipped peer_python "no paho-mqtt here, and none to be had"
        fi
    done
    if [ "$short" = 1 ]; then
        skipped peer_node_red "--short"
    elif node_red_ready; then
        peer_node_red 1 "$(peer_messages)"
        peer_node_red 100 $(($(peer_messages) / 20))
    else
        skipped peer_node_red "npm cannot install it: $(tail -n 1 "$work/npm.log" 2>/dev/null)"
    fi
}
