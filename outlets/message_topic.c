#include "message_topic.h"

#include <stdio.h>
#include <string.h>

void message_topic_begin(char topic[MESSAGE_TOPIC_MAX], const char *root)
{
    snprintf(topic, MESSAGE_TOPIC_MAX, "%s", root);
}

void message_topic_add(char topic[MESSAGE_TOPIC_MAX], const char *level)
{
    size_t used = strlen(topic);
    if (used + 1 < MESSAGE_TOPIC_MAX) {
        topic[used++] = '/';
    }
    for (; *level != '\0' && used + 4 < MESSAGE_TOPIC_MAX; level++) {
        if (strchr("%+#/", *level) != NULL) {
            used += (size_t)snprintf(topic + used, MESSAGE_TOPIC_MAX - used, "%%%02X",
                                     (unsigned)(unsigned char)*level);
        } else {
            topic[used++] = *level;
        }
    }
    topic[used] = '\0';
}
