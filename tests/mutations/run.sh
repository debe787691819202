#!/bin/bash
# Changes one line of the product at a time and expects the tests to notice: see README.md.
set -u
cd "$(dirname "$0")/../.." || exit 3
here=tests/mutations

usage() {
    cat <<'TEXT'
usage: tests/mutations/run.sh [--list NAME] [NUMBER…]

Copies the tree, then for each mutation in NAME.txt (or those with the numbers given): changes the
line, builds, runs the tests that the list names for it, and changes it back. A mutation is
"killed" where a test fails, "survived" where none does, "stale" where the line is not there any
more or its change does not compile, "unsound" where its tests fail already, "untried" where they
are skipped on this machine. Exit status 0 where all others were killed.

  --list NAME   mutations (default: of the aggregator and the rules) or faults (handling of faults)

TESTS="TEST…" runs other tests than those that the list names.
TEXT
}

name=mutations
while [ $# -gt 0 ]; do
    case $1 in
    --help | -h) usage; exit 0 ;;
    --list) shift; name=${1:-} ;;
    *[!0-9]* | '') echo "run.sh: unknown argument $1" >&2; usage >&2; exit 2 ;;
    *) break ;;
    esac
    shift
done
list=$here/$name.txt
[ -r "$list" ] || { echo "run.sh: there is no $list" >&2; exit 2; }
case " $* " in *[!0-9\ ]*) usage >&2; exit 2 ;; esac

work=$(mktemp -d "${TMPDIR:-/tmp}/heatledger-mutations-XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM HUP
mkdir "$work/tree"
git ls-files -z --cached --others --exclude-standard | xargs -0 cp --parents -t "$work/tree"
cmake -S "$work/tree" -B "$work/build" -G Ninja -DCMAKE_BUILD_TYPE=Debug >"$work/log" 2>&1 ||
    { tail -20 "$work/log" >&2; exit 3; }

# Tests are named as "e2e/NAME" (a suite), or by a regular expression for ctest's names.
units() { # TESTS
    local test
    for test in $1; do
        [ "${test#e2e/}" != "$test" ] || printf '%s|' "$test"
    done | sed 's/|$//'
}

targets() { # TESTS: what must be built for them
    local matching
    matching=$(units "$1")
    [ -z "$matching" ] ||
        ctest --test-dir "$work/build" -N -R "$matching" | awk '$1 == "Test" && $2 ~ /^#/ { print $3 }'
    case $1 in *e2e/*) echo suite_parts ;; esac
}

there() { # TESTS
    local test
    for test in $1; do
        if [ "${test#e2e/}" != "$test" ]; then
            [ -r "$work/tree/tests/$test.sh" ] || return
        else
            [ -n "$(targets "$test")" ] || return
        fi
    done
}

build() { # TESTS
    # shellcheck disable=SC2046 # one word a target
    ninja -C "$work/build" $(targets "$1") >"$work/log" 2>&1
}

# suite TESTS: 0 where all pass, 1 where one does not, 2 where a suite is skipped as a whole.
suite() {
    local matching test
    matching=$(units "$1")
    [ -z "$matching" ] || timeout 400 ctest --test-dir "$work/build" -R "$matching" --stop-on-failure \
        --output-on-failure >"$work/log" 2>&1 || return 1
    for test in $1; do
        [ "${test#e2e/}" != "$test" ] || continue
        HEATLEDGER=$work/build/heatledger timeout 400 bash "$work/tree/tests/$test.sh" \
            >"$work/log" 2>&1 || return 1
        grep -q '^ok ' "$work/log" || return 2
    done
}

# Replaces the line $2 by $3 in file $1, leading blanks aside; it must stand there exactly once.
replace_line() {
    OLD=$2 NEW=$3 perl -i -ne '
        BEGIN { $found = 0 }
        if (/^(\s*)\Q$ENV{OLD}\E\s*$/) { $found++; $_ = "$1$ENV{NEW}\n" }
        print;
        END { exit($found == 1 ? 0 : 1) }' "$1"
}

noticed() { # the test that failed
    local by
    by=$(grep -oE '^not ok [^:]+|\[  FAILED  \] [a-z_0-9]+: ' "$work/log" | head -1)
    by=${by:-$(grep -oE '[0-9]+ - [a-z_0-9]+' "$work/log" | head -1)}
    by=$(sed -E 's/^(not ok |\[  FAILED  \] |[0-9]+ - )//; s/[: ]+$//' <<<"$by")
    echo "${by:-did not end}"
}

# The tests pass as the tree is: asked once for each set of them. 0, 1, 2 as suite.
declare -A sound
is_sound() { # TESTS
    if [ -z "${sound[$1]:-}" ]; then
        there "$1" || { echo "not all of these tests are there: $1" >&2; exit 3; }
        build "$1" || { tail -20 "$work/log" >&2; exit 3; }
        suite "$1"
        sound[$1]=$?
        [ "${sound[$1]}" -ne 1 ] ||
            echo "without a mutation $1 fails: $(noticed): $(grep -m 1 '^not ok' "$work/log")" >&2
    fi
    return "${sound[$1]}"
}

number=0 killed=0 survived=0 stale=0 untried=0
report() { # WORD COUNTER TEXT
    local -n counter=$2
    counter=$((counter + 1))
    echo "$number $1 $3"
}

mutate() { # FILE WHY OLD NEW TESTS
    local sane
    is_sound "$5"
    sane=$?
    cp "$work/tree/$1" "$work/whole"
    if [ $sane -eq 1 ]; then
        report unsound stale "$1: $2 ($5 fails already)"
    elif [ $sane -eq 2 ]; then
        report untried untried "$1: $2 ($5 is skipped here)"
    elif ! replace_line "$work/tree/$1" "$3" "$4"; then
        report stale stale "$1 has not exactly one line \"$3\""
    elif ! build "$5"; then
        report stale stale "$1 does not compile with \"$4\""
    elif suite "$5"; then
        report SURVIVED survived "$1: $2"
    else
        report killed killed "$1: $2 ($(noticed))"
    fi
    mv "$work/whole" "$work/tree/$1"
    touch "$work/tree/$1" # newer than what was built of its change
}

tests=
while IFS= read -r line; do
    case $line in
    '= '*) tests=${line#= } ;;
    '@ '*) file=${line#@ } ;;
    '? '*) why=${line#? } ;;
    '- '*) old=${line#- } ;;
    '+'*)
        new=${line#+} new=${new# } number=$((number + 1))
        if [ $# -gt 0 ] && [[ " $* " != *" $number "* ]]; then continue; fi
        mutate "$file" "$why" "$old" "$new" "${TESTS:-$tests}" </dev/null
        ;;
    esac
done <"$list"
echo "$killed killed, $survived survived, $stale stale, $untried untried"
[ "$survived" -eq 0 ] && [ "$stale" -eq 0 ]
