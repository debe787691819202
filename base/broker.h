/* How to reach the broker: the `mqtt` part of plant.json. */
#ifndef HEATLEDGER_BROKER_H
#define HEATLEDGER_BROKER_H

#include <stdbool.h>
#include <stdint.h>

#define BROKER_TEXT_MAX 255

struct broker {
    char url[BROKER_TEXT_MAX + 1];       /* "mqtt://host:1883" or "mqtts://host:8883" */
    char client_id[BROKER_TEXT_MAX + 1]; /* the collector's; other clients add a suffix */
    char user[BROKER_TEXT_MAX + 1];      /* empty: none */
    char password[BROKER_TEXT_MAX + 1];
    char ca_file[BROKER_TEXT_MAX + 1];   /* empty: the system's authorities */
    char cert_file[BROKER_TEXT_MAX + 1]; /* client certificate; empty: none */
    char key_file[BROKER_TEXT_MAX + 1];
    char root[BROKER_TEXT_MAX + 1]; /* of topics out: "heatledger/BOF1" */
    uint8_t version;                /* 4: MQTT 3.1.1, 5: MQTT 5 */
    uint16_t keep_alive_s;
    uint16_t receive_maximum;  /* unacknowledged messages the broker may send; MQTT 5 */
    uint32_t session_expiry_s; /* how long the broker keeps our session; MQTT 5 */
    uint32_t payload_max;      /* bytes; a larger message is an outcome */
};

#endif
