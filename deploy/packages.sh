#!/bin/sh
# packages.sh build|tests: installs, on Debian, what the machine lacks for building and trying
# heatledger, or besides for its tests. Installs nothing where all is there; needs root or sudo
# otherwise.
set -eu

build="gcc libc6-dev cmake ninja-build libpaho-mqtt-dev libcjson-dev libsqlite3-dev uthash-dev
libgmp-dev libssl-dev libsystemd-dev libxxhash-dev libzstd-dev mosquitto tzdata"
tests="libcmocka-dev mosquitto-clients openssl sqlite3"

case ${1:-} in
build) wanted=$build ;;
tests) wanted="$build $tests" ;;
*)
    echo "usage: packages.sh build|tests" >&2
    exit 2
    ;;
esac
if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    echo "packages.sh: this is no Debian; install by hand what these are called here: $wanted" >&2
    exit 0
fi

missing=
for package in $wanted; do
    state=$(dpkg-query -W -f '${Status}' "$package" 2>/dev/null || true)
    [ "$state" = "install ok installed" ] || missing="$missing $package"
done
if [ -z "$missing" ]; then
    echo "packages: all there"
    exit 0
fi

as_root=
if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
        echo "packages.sh: as root, please: apt-get install --no-install-recommends$missing" >&2
        exit 3
    fi
    as_root=sudo
fi
echo "packages: installing$missing"
# A broker that is installed for the demo must not start as a service of its own.
policy=/usr/sbin/policy-rc.d
made_policy=0
if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' | $as_root tee "$policy" >/dev/null
    $as_root chmod +x "$policy"
    made_policy=1
fi
forget_policy() { [ "$made_policy" -eq 0 ] || $as_root rm -f "$policy"; }
trap forget_policy EXIT
install="$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends"
# shellcheck disable=SC2086
if ! $install $missing >/dev/null 2>&1; then
    $as_root apt-get update -q
    $install $missing
fi
