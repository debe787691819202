#!/bin/bash
# The collector's way to the broker: TLS with our own authority, host name, client certificate, user
# and password, under MQTT 3.1.1 and 5. Each key that is wrong keeps the door shut.
. "$(dirname "$0")/../support/harness.sh"
pki=$work/pki
mkdir -p "$pki" "$work/broker"

authority() { # NAME
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=$1" -keyout "$pki/$1.key" \
        -out "$pki/$1.crt" 2>>"$work/openssl.log"
}

certificate() { # NAME AUTHORITY SUBJECT-ALTERNATIVE-NAME
    openssl req -newkey rsa:2048 -nodes -subj "/CN=$1" -keyout "$pki/$1.key" -out "$pki/$1.csr" \
        2>>"$work/openssl.log" &&
        printf 'subjectAltName=%s\n' "$3" >"$pki/$1.ext" &&
        openssl x509 -req -days 2 -in "$pki/$1.csr" -CA "$pki/$2.crt" -CAkey "$pki/$2.key" \
            -CAcreateserial -extfile "$pki/$1.ext" -out "$pki/$1.crt" 2>>"$work/openssl.log"
}

tls_broker() { # SERVER-CERTIFICATE: sets broker_pid
    broker_port=$(free_port)
    cat >"$work/broker.conf" <<CONF
listener $broker_port 127.0.0.1
cafile $pki/ours.crt
certfile $pki/$1.crt
keyfile $pki/$1.key
require_certificate true
allow_anonymous false
password_file $work/passwords
persistence false
CONF
    [ "$(id -u)" -ne 0 ] || echo "user root" >>"$work/broker.conf"
    mosquitto -c "$work/broker.conf" >>"$work/broker.log" 2>&1 &
    broker_pid=$!
    children+=("$broker_pid")
    wait_for 10 broker_ready "$broker_pid" "$broker_port"
}

# plant FILE VERSION MEMBERS: a small plant whose mqtt part is MEMBERS besides url and version.
plant() {
    cat >"$1" <<JSON
{
  "shop": "TLS", "zone": "UTC", "production_day_start": "00:00", "owner_at": "tap",
  "mqtt": {"url": "mqtts://127.0.0.1:$broker_port", "version": $2, $3},
  "items": [{"id": "electricity", "unit": "kWh", "resolution": "1", "division": "1"}],
  "stations": [{"id": "LF", "last": true}],
  "meters": [{"id": "E02", "item": "electricity", "station": "LF", "kind": "register"}],
  "shifts": [{"id": "all", "start": "00:00"}], "crews": [{"id": "A"}],
  "roster": {"epoch": "2026-01-01", "cycle": ["all"], "offsets": {"A": 0}}
}
JSON
}

publish() {
    mosquitto_pub -h 127.0.0.1 -p "$broker_port" --cafile "$pki/ours.crt" --cert "$pki/client.crt" \
        --key "$pki/client.key" -u plant -P secret -q 1 -t plant/TLS/LF/electricity/E02 \
        -m '{"value":7}' 2>>"$work/publish.log"
}

booked() { "$heatledger" report meters -d "$1" --csv | grep -q '^E02,.*,7,1,'; }

# opens NAME VERSION MEMBERS: a reading that is published arrives in the books.
opens() {
    plant "$work/$1.json" "$2" "$3"
    "$heatledger" run -c "$work/$1.json" -d "$work/$1" >"$work/$1.log" 2>&1 &
    daemon_pid=$!
    children+=("$daemon_pid")
    if wait_for 20 daemon_connected "$daemon_pid" "$work/$1.log" 2 && publish &&
        wait_for 20 booked "$work/$1"; then
        ok "$1"
    else
        not_ok "$1" "$(tail -n 3 "$work/$1.log" "$work/broker.log" | tr '\n' '|')"
    fi
    stop_process "$daemon_pid"
}

# stays_shut NAME WHY MEMBERS [URL]: the daemon goes on without a connection, and says why.
stays_shut() {
    plant "$work/$1.json" 5 "$3"
    "$heatledger" run -c "$work/$1.json" -d "$work/$1" ${4:+--broker "$4"} >"$work/$1.log" 2>&1 &
    daemon_pid=$!
    children+=("$daemon_pid")
    if wait_for 20 grep -q 'event=broker_away' "$work/$1.log" &&
        kill -0 "$daemon_pid" && [ "$(daemon_connections "$work/$1.log")" = 0 ] &&
        grep -F 'event=broker_away' "$work/$1.log" | grep -Fq -- "$2"; then
        ok "$1"
    else
        not_ok "$1" "$(tail -n 3 "$work/$1.log" | tr '\n' '|')"
    fi
    stop_process "$daemon_pid"
}

authority ours && authority theirs && certificate server ours IP:127.0.0.1 &&
    certificate stranger ours DNS:elsewhere.example && certificate client ours DNS:client &&
    certificate foreign theirs DNS:client &&
    : >"$work/passwords" && mosquitto_passwd -b "$work/passwords" plant secret ||
    { not_ok certificates "$(tail -n 3 "$work/openssl.log")"; finish; }

keys="\"ca_file\": \"$pki/ours.crt\", \"cert_file\": \"$pki/client.crt\", \"key_file\": \"$pki/client.key\""
user='"user": "plant", "password": "secret"'
if tls_broker server; then
    opens tls_with_client_certificate_and_password_mqtt_5 5 "$keys, $user"
    opens tls_with_client_certificate_and_password_mqtt_3_1_1 4 "$keys, $user"
    stays_shut an_unknown_authority_stays_shut "certificate is not trusted" \
        "\"ca_file\": \"$pki/theirs.crt\", \"cert_file\": \"$pki/client.crt\", \"key_file\": \"$pki/client.key\", $user"
    stays_shut no_client_certificate_stays_shut "asks for a client certificate" \
        "\"ca_file\": \"$pki/ours.crt\", $user"
    stays_shut a_client_certificate_of_another_authority_stays_shut \
        "does not accept our client certificate" \
        "\"ca_file\": \"$pki/ours.crt\", \"cert_file\": \"$pki/foreign.crt\", \"key_file\": \"$pki/foreign.key\", $user"
    stays_shut a_wrong_password_stays_shut "the broker refuses user 'plant' with this password" \
        "$keys, \"user\": \"plant\", \"password\": \"guess\""
    stays_shut no_user_stays_shut "mqtt.user and mqtt.password_file are missing" "$keys"
    stays_shut a_host_that_is_not_there_stays_shut "host 'no-such-host.invalid' of mqtt.url cannot be found" \
        "$keys, $user" "mqtts://no-such-host.invalid:$broker_port"
    stays_shut a_closed_port_stays_shut "nobody listens there" "$keys, $user" \
        "mqtts://127.0.0.1:$(free_port)"
    stays_shut no_tls_where_there_must_be_stays_shut "mqtts:// would be right" "$keys, $user" \
        "mqtt://127.0.0.1:$broker_port"
    stop_process "$broker_pid"
else
    not_ok tls_broker "$(tail -n 2 "$work/broker.log")"
fi
if tls_broker stranger; then
    stays_shut a_server_of_another_name_stays_shut "certificate is not for the host '127.0.0.1'" \
        "$keys, $user"
    stop_process "$broker_pid"
else
    not_ok tls_broker_of_another_name "$(tail -n 2 "$work/broker.log")"
fi
unset broker_port
if broker_start; then
    stays_shut tls_where_there_is_none_stays_shut "does not speak TLS" "$keys, $user"
else
    not_ok broker "$(tail -n 2 "$work/broker.log")"
fi
finish
