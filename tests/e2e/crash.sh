#!/bin/bash
# The daemon, its publisher and the broker are killed at any moment, a few times each; by hand
# tests/crash/run.sh does it hundreds of times.
exec "$(dirname "$0")/../crash/run.sh" --kills 20 --broker-kills 3 "$@"
