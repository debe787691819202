# scale: a year of a shop: start-up, handover and reports. (Few meters and many: part_meters.sh.)

# How far the ledger of the year is, every half minute, until it is stopped.
tell_progress() {
    local whole at
    whole=$(du -sm "$work/year/journal" | cut -f 1)
    while sleep 30; do
        at=$(sqlite3 -readonly "$work/year/ledger.db" 'SELECT position >> 20 FROM progress' 2>/dev/null)
        say "scale: $at of $whole MiB of the year's journal booked"
    done
}

# A year that does not come to its end in this time is left out, and said so.
year_limit_s=600 verify_limit_s=180

# A year's readings do not fit: a meter is read every half hour instead of every 10 s (with 10,000
# meters twice a day). Heats, shifts, postings, quotas, alerts and summaries are those of the whole
# year. 1 where it was not made.
year_of() { # METERS HEATS CADENCE_S
    local days=${BENCH_DAYS:-$(pick 3 365)} line label telling started
    label="$1 meters, $days days"
    if [ "$(df -Pm "$work" | awk 'NR == 2 { print $4 }')" -lt 6000 ]; then
        echo "run.sh: less than 6 GB at $work: no year of $1 meters" >&2
        return 1
    fi
    say "scale: $label: the journal, then the ledger of it"
    journal_made year "$1" "$2" 100 "$3" $((days * 86400 / $3 * $1)) || return 1
    find "$work/year" -mindepth 1 -maxdepth 1 ! -name journal -exec rm -rf {} +
    tell_progress &
    telling=$!
    children+=("$telling")
    line=$(timeout "$year_limit_s" "$build/tests/bench_process" run "$heatledger" replay \
        -c "$work/year.json" -d "$work/year" 2>"$work/year.replay")
    kill "$telling" 2>/dev/null
    wait "$telling" 2>/dev/null
    if [ -z "$line" ]; then
        echo "run.sh: the year of $1 meters was not booked in $year_limit_s s, and is left out" >&2
        return 1
    fi
    [ "$(value status "$line")" = 0 ] || broken "replay of $label: $(tail -n 1 "$work/year.replay")"
    figure scale "$label: ledger made from the journal, CPU" "$(calc "$(value cpu_ns "$line") / 1e9" 1)" s
    figure scale "$label: memory while it was made" "$(calc "$(value own_kib "$line") / 1024" 1)" MiB
    figure scale "$label: postings" \
        "$(sqlite3 -readonly "$work/year/ledger.db" 'SELECT count(*) FROM entry_posting')" ""
    figure scale "$label: ledger" "$(du -sm "$work/year/ledger.db" | cut -f 1)" MiB
    figure scale "$label: journal" "$(du -sm "$work/year/journal" | cut -f 1)" MiB
    figure scale "$label: snapshots" "$(du -sm "$work/year/snapshots" | cut -f 1)" MiB
    [ "$(readings_booked "$work/year")" = "$made_readings" ] ||
        broken "$label: $(readings_booked "$work/year") readings booked of $made_readings"
    started=$(for _ in 1 2 3; do
        line=$(tool process run "$heatledger" replay -c "$work/year.json" -d "$work/year" 2>/dev/null)
        echo "$(value wall_ns "$line") $(value own_kib "$line")"
    done | sort -n | head -n 1)
    figure scale "$label: start-up" "$(calc "${started% *} / 1e9" 2)" s 2
    figure scale "$label: memory after start-up" "$(calc "${started#* } / 1024" 1)" MiB
}

# The best of some rounds, as anybody has it who asks twice: sets wall_ms and cpu_ms.
command_ms() { # ROUNDS ARGUMENTS...
    local round line wall=() cpu=() rounds=$1
    shift
    for round in $(seq "$rounds"); do
        line=$(tool process run "$heatledger" "$@" -d "$work/year" 2>/dev/null) ||
            broken "heatledger $*: status $(value status "$line")"
        wall+=("$(value wall_ns "$line")") cpu+=("$(value cpu_ns "$line")")
    done
    wall_ms=$(calc "$(printf '%s\n' "${wall[@]}" | least) / 1e6" 1)
    cpu_ms=$(calc "$(printf '%s\n' "${cpu[@]}" | least) / 1e6" 1)
}

reported_ms() { # ROUNDS LABEL ARGUMENTS...
    command_ms "$1" report "${@:3}"
    figure scale "report $3, $2" "$wall_ms" ms
}

handed_over_ms() { # DAY LABEL
    command_ms 5 handover --day "$1" --shift day
    figure scale "handover of $2" "$wall_ms" ms 50
    figure scale "handover of $2, CPU" "$cpu_ms" ms
}

# The last whole day but one, whose summaries are made, and the first; the month before that day.
asked_of_a_year() {
    local days=${BENCH_DAYS:-$(pick 3 365)} first=2026-03-10 day next month what
    day=$(date -u -d "$first + $((days - 2)) days" +%F)
    next=$(date -u -d "$day + 1 day" +%F)
    month=$(date -u -d "$day - 30 days" +%F)
    say "scale: what is asked of the year"
    handed_over_ms "$day" "the last day but one"
    handed_over_ms "$first" "the first day"
    for what in heats crews quotas balance alerts rejects; do
        reported_ms 3 "one day" $what --from "$day" --to "$next"
    done
    for what in heats crews quotas balance alerts rejects; do
        reported_ms 1 "30 days" $what --from "$month" --to "$day"
    done
    for what in heats crews quotas balance alerts rejects meters; do
        reported_ms 1 "all of it" $what
    done
}

# The sums of a year, and its journal replayed beside it.
verified_year() {
    local line
    say "scale: verify"
    line=$(timeout "$verify_limit_s" "$build/tests/bench_process" run "$heatledger" verify \
        -d "$work/year" 2>"$work/verified")
    if [ -z "$line" ]; then
        figure scale "verify: not at its end after so long" "$verify_limit_s" s
        ! grep -q '^OFF' "$work/verified" || broken "verify: $(grep -m 1 '^OFF' "$work/verified")"
        return
    fi
    figure scale "verify" "$(calc "$(value wall_ns "$line") / 1e9" 1)" s
    figure scale "verify: memory" "$(calc "$(value own_kib "$line") / 1024" 1)" MiB
    [ "$(value status "$line")" = 0 ] || broken "verify: $(grep -m 1 '^OFF' "$work/verified")"
}

part_scale() {
    if year_of 1000 line 1800; then
        asked_of_a_year
        verified_year
    fi
    rm -rf "$work/year"
    [ "$short" = 1 ] && return
    # One shift a day instead of three keeps it below 4 GB.
    year_of 10000 long 43200
    rm -rf "$work/year"
}
