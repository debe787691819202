#!/bin/sh
# broker.sh PORT DIR: writes a mosquitto configuration to standard output that listens on a loopback
# port alone and keeps its store in DIR, with everything else as in mosquitto.conf beside this file.
# The demo and the tests start their own brokers with it.
set -eu

if [ $# -ne 2 ]; then
    echo "usage: broker.sh PORT DIR >FILE; then: mosquitto -c FILE" >&2
    exit 2
fi
here=$(cd "$(dirname "$0")" && pwd)

sed -E '/^[[:space:]]*(listener|port|bind_address|socket_domain|persistence_location|persistence_file|pid_file|log_dest|allow_anonymous|password_file|acl_file|include_dir|cafile|certfile|keyfile|require_certificate|user)([[:space:]]|$)/d' \
    "$here/mosquitto.conf"
cat <<CONF

listener $1 127.0.0.1
allow_anonymous true
persistence_location $2/
log_dest stderr
CONF
# Started as root, mosquitto would become a user who cannot write to DIR.
if [ "$(id -u)" -eq 0 ]; then
    echo "user root"
fi
