#!/bin/bash
# What heatledger costs, beside what the libraries cost that it rests on: tests/bench/README.md.
usage() {
    cat <<'TEXT'
usage: tests/bench/run.sh [--short] [--only PART]... [--json FILE] [--help]

Builds heatledger and the parts of the benchmark (release, in build-bench), measures, and prints a
table; each target of the table stands beside the figure. Exit status 1 where something did not come
out as it must whatever the machine (a message that was not booked), never because of a time.

  --short      little of everything, in about a minute: whether it works, not how fast
  --only PART  live, replay, latency, meters, scale or peers; may be given several times
  --json FILE  the figures as JSON, too
  --help       this text

BENCH_BUILD=DIR takes the programs from this build directory and builds nothing.
BENCH_TMP=DIR is where the journals and ledgers go (default: TMPDIR or /tmp; about 8 GB).
BENCH_DAYS=N is how many days the year of `scale` has (default 365).
TEXT
}

short=0 only=() json=
while [ $# -gt 0 ]; do
    case $1 in
    --short) short=1 ;;
    --only | --json)
        [ $# -ge 2 ] && [ -n "$2" ] || { echo "run.sh: $1 needs a value" >&2; usage >&2; exit 2; }
        if [ "$1" = --only ]; then only+=("$2"); else json=$2; fi
        shift
        ;;
    --help | -h) usage; exit 0 ;;
    *) echo "run.sh: unknown option $1" >&2; usage >&2; exit 2 ;;
    esac
    shift
done
parts=(live replay latency meters scale peers)
[ ${#only[@]} -gt 0 ] || only=("${parts[@]}")
for part in "${only[@]}"; do
    [[ " ${parts[*]} " == *" $part "* ]] ||
        { echo "run.sh: --only $part: there is ${parts[*]}" >&2; exit 2; }
done
if [ -n "$json" ]; then
    case $json in /*) ;; *) json=$PWD/$json ;; esac
    : >>"$json" || exit 2 # now, not in an hour
fi
for program in mosquitto sqlite3; do
    command -v "$program" >/dev/null ||
        { echo "run.sh: $program is not here; deploy/packages.sh tests installs it" >&2; exit 3; }
done

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
export TMPDIR=${BENCH_TMP:-${TMPDIR:-/tmp}}
build=${BENCH_BUILD:-$here/../../build-bench}
export HEATLEDGER=$build/heatledger
. "$here/../support/harness.sh"
. "$here/figures.sh"
for part in "${parts[@]}"; do
    . "$here/part_$part.sh"
done

if [ -z "${BENCH_BUILD:-}" ]; then
    say "building in $build"
    cmake -S "$root" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release \
        -DCMAKE_C_FLAGS_RELEASE="-O2 -g" >"$work/build.log" 2>&1 &&
        ninja -C "$build" heatledger bench_{publisher,subscriber,parse,generate,process,latency} \
            >>"$work/build.log" 2>&1 || { tail -n 20 "$work/build.log" >&2; exit 3; }
fi
[ -x "$build/tests/bench_process" ] ||
    { echo "run.sh: $build holds no build of the benchmark's programs" >&2; exit 3; }
build=$(cd "$build" && pwd) heatledger=$build/heatledger
: >"$work/figures"
for part in "${only[@]}"; do
    say "$part"
    "part_$part"
done
[ -z "$json" ] || figures_json >"$json" || broken "$json is not written"
figures_table
finish
