#include "mqtt_reason.h"

#include <MQTTAsync.h>
#include <stddef.h>

static const struct {
    int code;
    const char *text;
} reasons[] = {
    {1, "the broker does not speak this MQTT version: set mqtt.version to 4 or 5"},
    {2, "the broker rejects the client id"},
    {3, "the broker is not available"},
    {4, "user or password are wrong"},
    {5, "not authorised"},
    {0x84, "the broker does not speak this MQTT version: set mqtt.version to 4 or 5"},
    {0x85, "the broker rejects the client id"},
    {0x86, "user or password are wrong"},
    {0x87, "not authorised"},
    {0x88, "the broker is not available"},
    {0x89, "the broker is busy"},
    {0x8a, "the broker has banned this client"},
    {0x8b, "the broker is shutting down"},
    {0x8d, "the broker heard nothing within the keep-alive time"},
    {0x8e, "another client connected with the same client id"},
    {0x8f, "the topic filter is invalid"},
    {0x90, "the topic is invalid"},
    {0x93, "more messages under way than the broker allows"},
    {0x95, "the packet is too large for the broker"},
    {0x97, "a quota of the broker is used up"},
    {0x99, "the payload format is invalid"},
    {0x9a, "the broker does not keep retained messages"},
    {0x9b, "the broker does not support this QoS"},
    {0xa2, "the broker does not support wildcard subscriptions"},
    {MQTTASYNC_FAILURE, "the connection cannot be made"},
    {MQTTASYNC_DISCONNECTED, "not connected"},
    {MQTTASYNC_BAD_UTF8_STRING, "a text is not UTF-8"},
    {MQTTASYNC_BAD_QOS, "no such QoS"},
    {MQTTASYNC_NO_MORE_MSGIDS, "too many messages under way"},
    {MQTTASYNC_OPERATION_INCOMPLETE, "the connection ended before it was done"},
    {MQTTASYNC_SSL_NOT_SUPPORTED, "the library was built without TLS"},
    {MQTTASYNC_BAD_PROTOCOL, "the URL must start with mqtt:// or mqtts://"},
    {MQTTASYNC_WRONG_MQTT_VERSION, "the MQTT version does not fit"},
};

const char *mqtt_reason(int code)
{
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++) {
        if (reasons[i].code == code) {
            return reasons[i].text;
        }
    }
    return code > 0 ? "refused for another reason" : "the library failed";
}
