#!/bin/bash
# Kills everything at any moment, and then asks whether the books are those of the undisturbed day:
# tests/crash/README.md.
usage() {
    cat <<'TEXT'
usage: tests/crash/run.sh [--kills N] [--broker-kills N] [--seed S] [--help]

Publishes a day of the demo plant through a broker of its own while the daemon, the publisher and
the broker are killed (kill -9) at moments chosen by the seed, and compares the books with those of
an undisturbed replay. Prints one line a check, a table and the seed. Exit status 1 where a check
fails; what the run has written is kept then.

  --kills N         of the daemon (default 200; the publisher's and takeovers go with them)
  --broker-kills N  of the broker, two of three together with the daemon (default 20)
  --seed S          other moments (default 1)

HEATLEDGER=FILE is the program; the parts of this test are in tests/ beside it. KEEP=1 keeps what
any run has written.
TEXT
}

kills=200 broker_kills=20 seed=1
while [ $# -gt 0 ]; do
    case $1 in
    --kills) shift; kills=${1:-} ;;
    --broker-kills) shift; broker_kills=${1:-} ;;
    --seed) shift; seed=${1:-} ;;
    --help | -h) usage; exit 0 ;;
    *) echo "run.sh: unknown option $1" >&2; usage >&2; exit 2 ;;
    esac
    shift
done
[[ "$kills,$broker_kills,$seed" =~ ^[1-9][0-9]*,[1-9][0-9]*,[0-9]+$ ]] || { usage >&2; exit 2; }

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/../support/harness.sh"
. "$here/day.sh"
. "$here/parties.sh"
. "$here/compare.sh"
. "$here/of_daemon.sh"
. "$here/of_broker.sh"
RANDOM=$seed
rows=()

day_make || { KEEP=1; finish; }
of_daemon
of_broker
printf '%-34s %6s %9s %12s %11s %10s  %s\n' killed times messages redelivered duplicates 'cut bytes' result
printf '%s\n' "${rows[@]}"
echo "seed $seed, $SECONDS s"
[ "$failures" -eq 0 ] || KEEP=1
finish
