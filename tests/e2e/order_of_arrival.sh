#!/bin/bash
# The order in which messages come, and how often, does not matter: a recording whose messages are
# permuted within ten minutes (the arrival times stay with the positions), every tenth sent twice,
# gives the same dump, byte for byte.
. "$(dirname "$0")/../support/harness.sh"
recording=sidenor_reset
plant=$root/tests/real/$recording.plant.json

# permuted SEED: the recording's lines by time of day plus up to ten minutes, in the places of the
# old ones.
permuted() {
    awk -v seed="$1" 'BEGIN { srand(seed) }
        { at = substr($0, 8, 25)
          printf "%.3f\t%s\t%s\n", substr(at, 12, 2) * 3600 + substr(at, 15, 2) * 60 + substr(at, 18, 2) + rand() * 600, at, $0 }' \
        "$data/$recording.jsonl" >"$work/keyed"
    cut -f2 "$work/keyed" >"$work/places"
    sort -s -n -k1,1 "$work/keyed" | cut -f3- | paste "$work/places" - | awk -F '\t' '
        { line = "{\"at\":\"" $1 "\"" substr($2, 34); print line }
        NR % 10 == 0 { print line }'
}

dump_of() { # NAME RECORDING
    "$heatledger" replay -c "$plant" -d "$work/$1" "$2" >>"$work/replay.log" 2>&1 &&
        "$heatledger" dump -d "$work/$1" >"$work/$1.dump" &&
        test "$("$heatledger" report rejects -d "$work/$1" --csv | wc -l)" -eq 1 && rm -rf "${work:?}/$1"
}

one_seed() { # SEED
    permuted "$1" >"$work/permuted.jsonl" &&
        test "$(wc -l <"$work/permuted.jsonl")" -eq 5428 &&
        ! cmp -s "$work/permuted.jsonl" "$data/$recording.jsonl" &&
        dump_of "seed-$1" "$work/permuted.jsonl" && cmp "$work/seed-$1.dump" "$work/ordered.dump"
}

if [ ! -r "$data/$recording.jsonl" ]; then
    skipped permuted_within_ten_minutes "$data/$recording.jsonl is not there; set HEATLEDGER_DATA"
    finish
fi
check in_order dump_of ordered "$data/$recording.jsonl" || finish
for seed in 1 2 3 4 5 6 7 8; do
    check "permuted_within_ten_minutes_seed_$seed" one_seed "$seed"
done
finish
