# What the parts of the benchmark share; sourced by run.sh behind tests/support/harness.sh.

say() { printf '== %s\n' "$*" >&2; }
tool() { local name=$1; shift; "$build/tests/bench_$name" "$@"; }
calc() { awk "BEGIN { printf \"%.${2:-2}f\", ($1) }"; }
pick() { [ "$short" = 1 ] && echo "$1" || echo "$2"; } # SHORT FULL

# value KEY LINE: of a line "KEY=VALUE KEY=VALUE".
value() {
    local word
    for word in $2; do
        [ "${word%%=*}" != "$1" ] || { echo "${word#*=}"; return; }
    done
    echo "run.sh: no $1 in: $2" >&2
    return 1
}

# figure PART NAME VALUE UNIT [TARGET]: one row; with a target the value should not be above it.
figure() { printf '%s\t%s\t%s\t%s\t%s\n' "$1" "$2" "$3" "$4" "${5:-}" >>"$work/figures"; }

# broken WHAT: something that must hold on any machine does not.
broken() {
    echo "run.sh: $*" >&2
    figure "$part" "broken: $*" 1 "" 0
    failures=$((failures + 1))
}

least() { sort -n | head -n 1; }

figures_table() {
    printf '\n%s\n' "$(machine)"
    awk -F '\t' '
        { verdict = $5 == "" ? "" : ($3 + 0 <= $5 + 0 ? "met" : "NOT MET")
          printf "%-8s %-62s %12s %-9s %10s %s\n", $1, $2, $3, $4, $5, verdict }' \
        <(printf 'part\twhat\tvalue\tunit\t\n') "$work/figures" | sed '1s/met$//;1s/$/target/'
}

machine() {
    printf '%s; %s cores of %s; %s MiB; %s; mosquitto %s; heatledger %s' \
        "$(date -u +%Y-%m-%dT%H:%MZ)" "$(nproc)" \
        "$(awk -F ': ' '/^model name/ { print $2; exit }' /proc/cpuinfo)" \
        "$(awk '/^MemTotal/ { print int($2 / 1024) }' /proc/meminfo)" "$(uname -sr)" \
        "$(mosquitto -h | awk 'NR == 1 { print $3 }')" \
        "$(git -C "$root" rev-parse --short HEAD 2>/dev/null || echo '(no repository)')"
}

figures_json() {
    printf '{"machine":"%s","short":%s,"figures":[' "$(machine)" "$(pick true false)"
    awk -F '\t' '
        function quoted(text) { gsub(/[\\"]/, "\\\\&", text); return "\"" text "\"" }
        { printf "%s\n{\"part\":%s,\"what\":%s,\"value\":%s,\"unit\":%s", (NR > 1 ? "," : ""),
                 quoted($1), quoted($2), $3, quoted($4)
          if ($5 != "")
              printf ",\"target\":%s,\"met\":%s", $5, ($3 + 0 <= $5 + 0 ? "true" : "false")
          printf "}" }' "$work/figures" || return 1
    printf '\n]}\n'
}

# live_daemon PLANT DIR: a daemon on the wall clock, and a broker that knows nothing. Sets daemon_pid.
live_daemon() {
    broker_renew || { broken "the broker does not start"; return 1; }
    rm -rf "$2" "$2.log"
    "$heatledger" run -c "$1" -d "$2" --broker "$broker_url" >"$2.log" 2>&1 &
    daemon_pid=$!
    children+=("$daemon_pid")
    wait_for 60 daemon_connected "$daemon_pid" "$2.log" 2 && kill -0 "$daemon_pid" 2>/dev/null ||
        { broken "the daemon does not start: $(tail -n 1 "$2.log")"; return 1; }
}

# readings_booked DIR: what the ledger has counted as read, and not refused.
readings_booked() {
    "$heatledger" report meters -d "$1" --csv |
        awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "readings") k = i; next }
                 { sum += $k } END { print sum + 0 }'
}
all_booked() { [ "$(readings_booked "$1")" -ge "$2" ]; }

# expect_booked DIR READINGS: waits until a ledger has them; broken where it does not come to it, or
# has more.
expect_booked() {
    wait_for 120 all_booked "$1" "$2"
    [ "$(readings_booked "$1")" = "$2" ] ||
        broken "$(readings_booked "$1") readings booked of $2 that were sent"
}

# journal_made NAME METERS HEATS BATCH CADENCE READINGS: $work/NAME, a journal without a ledger, and
# NAME.json; sets made_messages, made_readings.
journal_made() {
    local line
    tool generate plant "$2" "$3" group >"$work/$1.json" &&
        line=$(tool generate journal "$2" "$3" "$4" "$5" "$6" "$work/$1.json" "$work/$1") ||
        { broken "no journal $1"; return 1; }
    made_messages=$(value messages "$line") made_readings=$(value readings "$line")
}

# replayed NAME: the ledger of $work/NAME made from the journal, whatever lay there; what it cost.
replayed() {
    find "$work/$1" -mindepth 1 -maxdepth 1 ! -name journal -exec rm -rf {} +
    tool process run "$heatledger" replay -c "$work/$1.json" -d "$work/$1" 2>"$work/$1.replay" ||
        broken "replay of $1: $(tail -n 1 "$work/$1.replay")"
}
