/* Why the broker or the library said no, in words. */
#ifndef HEATLEDGER_MQTT_REASON_H
#define HEATLEDGER_MQTT_REASON_H

/* Of a return code of Paho (negative) or of CONNACK (MQTT 3.1.1: 1 to 5; MQTT 5: 128 and up). */
const char *mqtt_reason(int code);

#endif
