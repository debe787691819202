# scale: what a reading and a meter cost with few meters and with many; a year of a shop: start-up,
# handover and reports.

reading_with() { # METERS READINGS
    local round cost=() line own=() files
    journal_made scale "$1" busy 100 10 "$2" || return
    for round in $(seq "$(pick 1 3)"); do
        line=$(replayed scale)
        cost+=("$(value cpu_ns "$line")") own+=("$(value own_kib "$line")")
        files=$(value files_kib "$line")
    done
    [ "$(readings_booked "$work/scale")" = "$made_readings" ] ||
        broken "$1 meters: $(readings_booked "$work/scale") readings booked of $made_readings"
    reading_us=$(calc "$(printf '%s\n' "${cost[@]}" | least) / $made_readings / 1000" 3)
    own_mib=$(calc "$(printf '%s\n' "${own[@]}" | least) / 1024" 1)
    figure scale "$1 meters: replay, CPU a reading ($made_readings of them)" "$reading_us" us
    figure scale "$1 meters at 10 s: memory" "$own_mib" MiB "$([ "$1" = 10000 ] && echo 64)"
    figure scale "$1 meters at 10 s: mapped files beside it" "$(calc "$files / 1024" 1)" MiB
    rm -rf "$work/scale"
}

# A year's readings do not fit: a meter is read every half hour instead of every 10 s (with 10,000
# meters every 6 h). Heats, shifts, postings, quotas and summaries are those of the whole year.
year_of() { # METERS CADENCE_S LABEL TARGET-OF-STARTING-S
    local days=${BENCH_DAYS:-$(pick 3 365)} line label
    label="$1 meters, $days days"
    journal_made year "$1" line 100 "$2" $((days * 86400 / $2 * $1)) || return
    line=$(replayed year)
    figure scale "$label: ledger made from the journal, CPU" "$(calc "$(value cpu_ns "$line") / 1e9" 1)" s
    figure scale "$label: postings" \
        "$(sqlite3 -readonly "$work/year/ledger.db" 'SELECT count(*) FROM entry_posting')" ""
    figure scale "$label: ledger" "$(du -sm "$work/year/ledger.db" | cut -f 1)" MiB
    figure scale "$label: journal" "$(du -sm "$work/year/journal" | cut -f 1)" MiB
    line=$(tool process run "$heatledger" replay -c "$work/year.json" -d "$work/year" 2>/dev/null)
    figure scale "$label: start-up" "$(calc "$(value wall_ns "$line") / 1e9" 2)" s 2
    figure scale "$label: memory after start-up" "$(calc "$(value own_kib "$line") / 1024" 1)" MiB
}

# The best of some, as anybody has it who asks twice.
command_ms() { # ARGUMENTS...
    local round line ms=()
    for round in 1 2 3; do
        line=$(tool process run "$heatledger" "$@" -d "$work/year" 2>/dev/null) ||
            broken "heatledger $*: status $(value status "$line")"
        ms+=("$(calc "$(value wall_ns "$line") / 1e6" 1)")
    done
    printf '%s\n' "${ms[@]}" | least
}

# The last whole day but one: its summaries are made.
asked_of_a_year() {
    local days=${BENCH_DAYS:-$(pick 3 365)} day from what
    day=$(date -u -d "2026-03-10 + $((days - 2)) days" +%F)
    from=$(date -u -d "2026-03-10 + $((days - 1)) days" +%F)
    figure scale "handover --day $day --shift day" \
        "$(command_ms handover --day "$day" --shift day)" ms 50
    for what in heats crews quotas balance alerts; do
        case $what in
        balance) figure scale "report $what, one day" "$(command_ms report $what --day "$day")" ms ;;
        *) figure scale "report $what, one day" \
            "$(command_ms report $what --from "$day" --to "$from")" ms ;;
        esac
    done
    for what in heats crews quotas meters; do
        figure scale "report $what, all of it" "$(command_ms report $what)" ms
    done
}

part_scale() {
    # Within one shift, so that no handover, which costs the same with few meters, is among them.
    reading_with 100 "$(pick 100000 280000)"
    local few_us=$reading_us most_us=$reading_us count
    for count in $(pick "1000" "1000 10000 100000"); do
        case $count in
        1000) reading_with 1000 "$(pick 200000 2000000)" ;;
        10000) reading_with 10000 3600000 ;;
        100000) reading_with 100000 18000000 ;;
        esac
        most_us=$(calc "$most_us > $reading_us ? $most_us : $reading_us" 3)
    done
    figure scale "most / 100 meters, a reading" "$(calc "$most_us / $few_us")" x 1.5
    year_of 1000 1800
    asked_of_a_year
    rm -rf "$work/year"
    [ "$short" = 1 ] || { year_of 10000 21600 && rm -rf "$work/year"; }
}
