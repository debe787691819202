# meters: what a reading and a meter cost with few meters and with many.

# The least of some rounds; where a round takes long, of one.
reading_with() { # METERS READINGS ROUNDS
    local round cost=() line own=() files
    say "meters: $1 meters, $2 readings"
    journal_made meters "$1" busy 100 10 "$2" || return
    for round in $(seq "$(pick 1 "$3")"); do
        line=$(replayed meters)
        cost+=("$(value cpu_ns "$line")") own+=("$(value own_kib "$line")")
        files=$(value files_kib "$line")
    done
    [ "$(readings_booked "$work/meters")" = "$made_readings" ] ||
        broken "$1 meters: $(readings_booked "$work/meters") readings booked of $made_readings"
    reading_us=$(calc "$(printf '%s\n' "${cost[@]}" | least) / $made_readings / 1000" 3)
    own_mib=$(calc "$(printf '%s\n' "${own[@]}" | least) / 1024" 1)
    figure meters "$1 meters: replay, CPU a reading ($made_readings of them)" "$reading_us" us
    figure meters "$1 meters at 10 s: memory" "$own_mib" MiB "$([ "$1" = 10000 ] && echo 64)"
    figure meters "$1 meters at 10 s: mapped files beside it" "$(calc "$files / 1024" 1)" MiB
    rm -rf "$work/meters"
}

part_meters() {
    # Within one shift, so that no handover, which costs the same with few meters, is among them.
    reading_with 100 "$(pick 100000 280000)" 3
    local few_us=$reading_us most_us=$reading_us count
    for count in $(pick "1000" "1000 10000 100000"); do
        case $count in
        1000) reading_with 1000 "$(pick 200000 2000000)" 3 ;;
        10000) reading_with 10000 3600000 2 ;;
        100000) reading_with 100000 18000000 1 ;;
        esac
        most_us=$(calc "$most_us > $reading_us ? $most_us : $reading_us" 3)
    done
    figure meters "most / 100 meters, a reading" "$(calc "$most_us / $few_us")" x 1.5
}
