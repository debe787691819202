/* Topics of messages out: ids in them are percent-encoded where MQTT reserves a character. */
#ifndef HEATLEDGER_MESSAGE_TOPIC_H
#define HEATLEDGER_MESSAGE_TOPIC_H

#define MESSAGE_TOPIC_MAX 1024

/* Begins a topic with the plant's root ("heatledger/BOF1"), which is taken as it is. */
void message_topic_begin(char topic[MESSAGE_TOPIC_MAX], const char *root);

/* Appends '/' and one level: "%", "+", "#" and "/" in it become "%25", "%2B", "%23", "%2F". What
 * does not fit is cut. */
void message_topic_add(char topic[MESSAGE_TOPIC_MAX], const char *level);

#endif
