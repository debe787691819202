#!/bin/bash
# Runs every test: units under ASan and UBSan, then the end-to-end suites with the release binary.
set -u
cd "$(dirname "$0")/.." || exit 3

usage() {
    cat <<'TEXT'
usage: tests/run.sh [--quick] [--help]

Installs the packages that tests need and the machine lacks (as root, or through sudo), builds the
presets `dev` (ASan and UBSan) and `release`, runs the unit tests and the end-to-end suites, and
prints the counts of each; the last line is "N passed, M failed, K skipped". Exit status 0 only
where nothing failed.

  --quick   unit tests of the `dev` build only
  --help    this text

HEATLEDGER_DATA=DIR names the directory of the recordings of real plants (default: ../shared/data
beside the repository); suites that need them report themselves as skipped where it is absent.
KEEP=1 keeps the working directories of the end-to-end suites.
TEXT
}

quick=0
for argument in "$@"; do
    case $argument in
    --quick) quick=1 ;;
    --help | -h) usage; exit 0 ;;
    *) echo "tests/run.sh: unknown option $argument" >&2; usage >&2; exit 2 ;;
    esac
done

passed=0 failed=0 skipped=0
skipped_names=() failed_names=()
logs=$(mktemp -d "${TMPDIR:-/tmp}/heatledger-run-XXXXXX")
trap 'rm -rf "$logs"' EXIT
trap 'exit 130' INT TERM HUP

step() { printf '\n== %s\n' "$*"; }

# tally LABEL FILE: counts lines "ok NAME", "not ok NAME: why", "skipped NAME: why".
tally() {
    local label=$1 file=$2 good bad gone line
    good=$(grep -c '^ok ' "$file")
    bad=$(grep -c '^not ok ' "$file")
    gone=$(grep -c '^skipped ' "$file")
    passed=$((passed + good)) failed=$((failed + bad)) skipped=$((skipped + gone))
    printf '%-36s %5d passed %3d failed %3d skipped\n' "$label" "$good" "$bad" "$gone"
    while IFS= read -r line; do
        failed_names+=("$label: ${line#not ok }")
    done < <(grep '^not ok ' "$file")
    while IFS= read -r line; do
        skipped_names+=("$label: ${line#skipped }")
    done < <(grep '^skipped ' "$file")
}

# A CMocka program's output as such lines. A test that began and never ended took the program with
# it; one whose tests all passed but whose status is not 0 failed at its end (a leak).
cmocka_lines() {
    awk -v status="$1" -v program="$2" '
        /^\[ RUN      \] /   { if (running != "") lost(); running = $4; next }
        running != "" && index($0, "[       OK ] " running) { print "ok " running; running = ""; next }
        /^\[  FAILED  \] /   { if (running != "" && $4 == running) { print "not ok " $4 ": see above"; bad++; running = "" } next }
        /^\[  SKIPPED \] /   { if (running != "" && $4 == running) { print "skipped " $4 ": see its source"; running = "" } next }
        function lost() { print "not ok " running ": the program ended in it"; bad++; running = "" }
        END {
            if (running != "") lost()
            if (status != 0 && !bad) print "not ok " program ": exit status " status " although no test failed"
        }'
}

run_units() {
    local program name log status
    step "unit tests (build-dev, ASan and UBSan)"
    # ctest knows which programs there are now; the directory may hold some of yesterday.
    for name in $(ctest --test-dir build-dev -N | awk '$1 == "Test" && $2 ~ /^#[0-9]+:$/ { print $3 }'); do
        program=build-dev/tests/$name
        log=$logs/$name.log
        # Through a pipe: a test that limits the size of files must not cut the log.
        CMOCKA_MESSAGE_OUTPUT=STDOUT timeout 300 "$program" 2>&1 | cat >"$log"
        status=${PIPESTATUS[0]}
        cmocka_lines "$status" "$name" <"$log" >"$logs/lines"
        [ "$status" -eq 0 ] || tail -n 60 "$log"
        tally "$name" "$logs/lines"
    done
    [ "$passed" -gt 0 ] || { echo "not ok units: no unit test ran" >"$logs/lines"; tally units "$logs/lines"; }
}

run_suites() {
    local suite name status
    step "end-to-end suites (build, release)"
    for suite in tests/e2e/*.sh tests/bench/short.sh; do
        name=$(basename "$suite")
        timeout 600 bash "$suite" >"$logs/lines" 2>"$logs/said"
        status=$?
        if [ "$status" -ne 0 ] && ! grep -q '^not ok ' "$logs/lines"; then
            echo "not ok $name: exit status $status: $(tail -n 2 "$logs/said" | tr '\n' ' ')" >>"$logs/lines"
        fi
        grep '^not ok ' "$logs/lines"
        tally "$name" "$logs/lines"
    done
}

build() {
    local preset=$1
    step "build: preset $preset"
    # The units run with the sanitizers; of the release build only what the suites start is built.
    local targets=(all)
    [ "$preset" = dev ] || targets=(suite_parts)
    cmake --preset "$preset" -DHEATLEDGER_TESTS=ON \
        >"$logs/configure" 2>&1 || { cat "$logs/configure"; return 1; }
    cmake --build --preset "$preset" --target "${targets[@]}" >"$logs/build" 2>&1 ||
        { tail -n 60 "$logs/build"; return 1; }
    tail -n 1 "$logs/build"
}

step "packages"
./deploy/packages.sh tests || exit 3
for preset in dev $([ "$quick" = 1 ] || echo release); do
    if ! build "$preset"; then
        echo "not ok build-$preset: see above" >"$logs/lines"
        tally "build $preset" "$logs/lines"
        echo
        echo "$passed passed, $failed failed, $skipped skipped"
        exit 1
    fi
done
run_units
[ "$quick" = 1 ] || run_suites

step "all"
for name in "${skipped_names[@]:-}"; do [ -n "$name" ] && echo "skipped: $name"; done
for name in "${failed_names[@]:-}"; do [ -n "$name" ] && echo "failed: $name"; done
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
