# What must be the same after the kills as without them.

# books DIR FILE: what stands there, as FILE.net, FILE.history and FILE.meters. An effect is named
# by the position of its record, which another record before it changes that came twice: in
# FILE.history it is named by the number of its message instead (FILE.numbers, of crash_journal).
# What came again is left out, and how often; FILE.meters counts readings without it.
books() {
    "$heatledger" dump -d "$1" >"$2.net" &&
        "$heatledger" report meters -d "$1" --csv |
        columns meter,last_ts,last_value,readings,duplicates,booked |
            awk -F , -v OFS=, '{ $4 -= $5; $5 = ""; print }' >"$2.meters" &&
        "$heatledger" dump -d "$1" --history |
        awk -F '\t' -v OFS='\t' '
            function named(position) { return position in number ? number[position] : "at " position }
            NR == FNR { split($0, of, " "); number[of[1]] = of[2]; next }
            $1 == "outcome" && $2 ~ /^(duplicate|redelivered)$/ { next }
            $1 == "reject" && $6 == "redelivered" { next }
            $1 ~ /^(posting|alert|reject|quota-entry|paper)$/ { $2 = named($2) }
            $1 == "posting" && $15 != "" { $15 = named($15) }
            { print }' "$2.numbers" - >"$2.history"
}

same() { # NAME WHAT
    check "$1" diff "$work/reference.$2" "$book.$2" >"$work/said" && { cat "$work/said"; return; }
    head -c 600 "$work/said"
    echo
    return 1
}

told_ids() { # the ids of messages that say that an alert has risen
    grep -F '"state":"raised"' "$book.told" | sed -E 's/^[^ ]+ \{"id":"([^"]*)".*/\1/' | sort -u
}
crossings() { # "TOPIC TIME" of each such message, once for each id
    grep -F '"state":"raised"' "$book.told" |
        sed -E 's/^([^ ]+) \{"id":"([^"]*)".*"raised_at":"([^"]*)".*/\2 \1 \3/' | sort -u |
        cut -d ' ' -f 2-
}
one_message_a_crossing() {
    [ -n "$(told_ids)" ] || { echo "nobody was told of any alert"; return 1; }
    local twice
    twice=$(crossings | sort | uniq -d | head -n 3)
    [ -z "$twice" ] || { echo "told as two alerts: $twice"; return 1; }
    # The same id is the same message, byte for byte.
    twice=$(sort -u "$book.told" | grep -oE '^[^ ]+ \{"id":"[^"]*"' | sort | uniq -d | head -n 3)
    [ -z "$twice" ] || { echo "one id, two messages: $twice"; return 1; }
}
# Alerts of late truth are nobody's news (retro).
raised() { "$heatledger" dump -d "$book" --history | awk -F '\t' '$1 == "alert" && $11 == "raised" && $15 == 0' | wc -l; }
every_crossing_told() { [ "$(told_ids | wc -l)" -eq "$(raised)" ]; }

tally_of() { sed "s/.*\b$1=\([0-9]*\).*/\1/" "$book.tally"; }
cut_bytes() { awk 'match($0, /cut_bytes=[0-9]+/) { sum += substr($0, RSTART + 10, RLENGTH - 10) } END { print sum + 0 }' "$book.log"; }

# row WHAT TIMES FAILURES-BEFORE: into the table.
row() {
    local result=same
    [ "$failures" -eq "$3" ] || result=DIFFERENT
    rows+=("$(printf '%-34s %6s %9s %12s %11s %10s  %s' "$1" "$2" "$(tally_of messages)" \
        "$(tally_of redelivered)" "$(tally_of duplicates)" "$(cut_bytes)" "$result")")
}
# part WHAT TIMES: of the row above, whose books it shares.
part() { rows+=("$(printf '%-34s %6s' "$1" "$2")"); }
