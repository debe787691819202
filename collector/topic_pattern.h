/* A topic pattern: literal segments and named captures, matched against a whole topic.
 *
 * "plant/BOF1/{station}/{item}/{meter}": `{name}` takes one level, `{name...}` one or more. There
 * is at most one of the latter in a pattern, so that a topic matches in one way only. */
#ifndef HEATLEDGER_TOPIC_PATTERN_H
#define HEATLEDGER_TOPIC_PATTERN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TOPIC_PATTERN_SEGMENTS_MAX 16
#define TOPIC_PATTERN_TEXT_MAX 255
#define TOPIC_FILTER_MAX TOPIC_PATTERN_TEXT_MAX

enum topic_segment_kind { TOPIC_LITERAL, TOPIC_CAPTURE_ONE, TOPIC_CAPTURE_MANY };

struct topic_segment {
    enum topic_segment_kind kind;
    uint16_t start, length; /* of the literal or of the capture's name in `text` */
};

struct topic_pattern {
    char text[TOPIC_PATTERN_TEXT_MAX + 1];
    uint32_t segment_count;
    uint32_t many; /* index of the one CAPTURE_MANY; segment_count: none */
    struct topic_segment segments[TOPIC_PATTERN_SEGMENTS_MAX];
};

/* A part of a topic, not ended with NUL. */
struct topic_slice {
    const char *start;
    size_t length;
};

/* What a match captured: [i] belongs to segment i, empty for literals. */
struct topic_match {
    struct topic_slice captures[TOPIC_PATTERN_SEGMENTS_MAX];
};

/* Reads a pattern. Returns NULL, or what is wrong with it as a constant text. */
const char *topic_pattern_parse(const char *text, struct topic_pattern *pattern);

/* Appends a segment that is taken as it stands, braces included; false where it does not fit. */
bool topic_pattern_append_literal(struct topic_pattern *pattern, const char *text);

/* Index of the capture of that name, or -1. */
int topic_pattern_capture(const struct topic_pattern *pattern, const char *name);

bool topic_pattern_match(const struct topic_pattern *pattern, const char *topic, size_t length,
                         struct topic_match *match);

/* The MQTT filter that receives every topic the pattern matches; what stands behind a capture of
 * many levels is left to the matching. */
void topic_pattern_filter(const struct topic_pattern *pattern, char filter[TOPIC_FILTER_MAX + 1]);

/* True where every topic that `narrow` receives is received by `wide` too. Both are MQTT filters.
 */
bool topic_filter_covers(const char *wide, const char *narrow);

#endif
