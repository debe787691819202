# replay: the ledger from an uncompressed journal, everything on and committed, against cJSON_Parse
# alone over the same payloads. Processor time of all threads.

replay_against_parse() { # LABEL NAME BATCH READINGS TARGET-A-SECOND
    local round whole=() parse=() whole_ns parse_ns
    journal_made "$2" 1000 busy "$3" 10 "$4" || return
    for round in $(seq "$(pick 1 5)"); do
        parse+=("$(value cpu_ns "$(tool parse "$work/$2/journal" 1)")")
        whole+=("$(value cpu_ns "$(replayed "$2")")")
    done
    [ "$(readings_booked "$work/$2")" = "$made_readings" ] ||
        broken "$1: $(readings_booked "$work/$2") readings booked of $made_readings"
    whole_ns=$(printf '%s\n' "${whole[@]}" | least)
    parse_ns=$(printf '%s\n' "${parse[@]}" | least)
    figure replay "$1: cJSON alone, CPU a reading" "$(calc "$parse_ns / $made_readings / 1000" 3)" us
    figure replay "$1: heatledger, CPU a reading" "$(calc "$whole_ns / $made_readings / 1000" 3)" us
    figure replay "$1: heatledger / cJSON alone" "$(calc "$whole_ns / $parse_ns")" x 2.5
    figure replay "$1: readings a second of CPU" "$(calc "$made_readings / ($whole_ns / 1e9)" 0)" "1/s"
    rm -rf "${work:?}/$2"
}

part_replay() {
    replay_against_parse "1 reading a message" ones 1 "$(pick 100000 1000000)"
    replay_against_parse "100 readings a message" hundreds 100 "$(pick 500000 4000000)"
}
