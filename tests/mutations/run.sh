#!/bin/bash
# Changes one line of the product at a time and expects the tests to notice: see README.md.
set -u
cd "$(dirname "$0")/../.." || exit 3
list=tests/mutations/mutations.txt

usage() {
    cat <<'TEXT'
usage: tests/mutations/run.sh [NUMBER…]

Copies the tree, builds it once, then for each mutation in mutations.txt (or those with the numbers
given): changes the line, builds, runs the unit tests of the aggregator and the rules and the
simulation, and changes it back. A mutation is "killed" where a test fails, "survived" where none
does, "stale" where the line is not there any more or its change does not compile. Exit status 0
where all were killed. Takes about 10 s a mutation. TESTS=REGEX chooses other tests (of ctest).
TEXT
}
case ${1:-} in --help | -h) usage; exit 0 ;; esac

work=$(mktemp -d "${TMPDIR:-/tmp}/heatledger-mutations-XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM HUP
mkdir "$work/tree"
git ls-files -z --cached --others --exclude-standard | xargs -0 cp --parents -t "$work/tree"
cmake -S "$work/tree" -B "$work/build" -G Ninja -DCMAKE_BUILD_TYPE=Debug >"$work/log" 2>&1 &&
    ninja -C "$work/build" >>"$work/log" 2>&1 || { tail -20 "$work/log" >&2; exit 3; }

build() { ninja -C "$work/build" >"$work/log" 2>&1; }

suite() {
    (cd "$work/build" && timeout 120 ctest -R "${TESTS:-aggregator|rules|test_sim$}" --stop-on-failure) >"$work/log" 2>&1
}
suite || { echo "the tests fail already without a mutation:" >&2; tail -20 "$work/log" >&2; exit 3; }

# Replaces the line $2 by $3 in file $1, leading blanks aside; it must stand there exactly once.
replace_line() {
    OLD=$2 NEW=$3 perl -i -ne '
        BEGIN { $found = 0 }
        if (/^(\s*)\Q$ENV{OLD}\E\s*$/) { $found++; $_ = "$1$ENV{NEW}\n" }
        print;
        END { exit($found == 1 ? 0 : 1) }' "$1"
}

number=0 killed=0 survived=0 stale=0
while IFS= read -r line; do
    case $line in
    '@ '*) file=${line#@ } ;;
    '? '*) why=${line#? } ;;
    '- '*) old=${line#- } ;;
    '+ '*)
        new=${line#+ } number=$((number + 1))
        if [ $# -gt 0 ] && [[ " $* " != *" $number "* ]]; then continue; fi
        cp "$work/tree/$file" "$work/whole"
        if ! replace_line "$work/tree/$file" "$old" "$new"; then
            echo "$number stale: $file has not exactly one line \"$old\""
            stale=$((stale + 1))
        elif ! build; then
            echo "$number stale: $file does not compile with \"$new\""
            stale=$((stale + 1))
        elif suite; then
            echo "$number SURVIVED $file: $why"
            survived=$((survived + 1))
        else
            noticed=$(grep -oE '[0-9]+ - [a-z_]+' "$work/log" | head -1)
            noticed=${noticed:-did not end}
            echo "$number killed $file: $why (${noticed#* - })"
            killed=$((killed + 1))
        fi
        mv "$work/whole" "$work/tree/$file"
        touch "$work/tree/$file" # newer than what was built of its change
        ;;
    esac
done <"$list"
echo "$killed killed, $survived survived, $stale stale"
[ "$survived" -eq 0 ] && [ "$stale" -eq 0 ]
