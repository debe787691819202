#include "topic_pattern.h"

#include "failure.h"

#include <string.h>

static bool same(struct topic_slice slice, const char *text, size_t length)
{
    return slice.length == length && memcmp(slice.start, text, length) == 0;
}

/* Adds a segment whose text already stands at the end of pattern->text. */
static bool add_segment(struct topic_pattern *pattern, enum topic_segment_kind kind, size_t start,
                        size_t length)
{
    if (pattern->segment_count == TOPIC_PATTERN_SEGMENTS_MAX) {
        return false;
    }
    struct topic_segment *segment = &pattern->segments[pattern->segment_count++];
    segment->kind = kind;
    segment->start = (uint16_t)start;
    segment->length = (uint16_t)length;
    return true;
}

static const char *parse_segment(struct topic_pattern *pattern, size_t start, size_t length)
{
    const char *text = pattern->text + start;
    bool many = false;
    if (length > 0 && text[0] == '{') {
        if (length < 3 || text[length - 1] != '}') {
            return "a capture is a whole level: {name} or {name...}";
        }
        size_t name_length = length - 2;
        many = name_length > 3 && memcmp(text + 1 + name_length - 3, "...", 3) == 0;
        if (many) {
            if (pattern->many != UINT32_MAX) {
                return "only one {name...} may stand in a pattern";
            }
            pattern->many = pattern->segment_count;
            name_length -= 3;
        }
        if (memchr(text + 1, '{', name_length) != NULL ||
            memchr(text + 1, '.', name_length) != NULL) {
            return "a capture's name holds letters, digits and _";
        }
        return add_segment(pattern, many ? TOPIC_CAPTURE_MANY : TOPIC_CAPTURE_ONE, start + 1,
                           name_length)
                   ? NULL
                   : "more than 16 levels";
    }
    if (memchr(text, '+', length) != NULL || memchr(text, '#', length) != NULL) {
        return "+ and # are not used here: name what a level holds, {name} or {name...}";
    }
    if (memchr(text, '{', length) != NULL || memchr(text, '}', length) != NULL) {
        return "a capture is a whole level: {name} or {name...}";
    }
    return add_segment(pattern, TOPIC_LITERAL, start, length) ? NULL : "more than 16 levels";
}

const char *topic_pattern_parse(const char *text, struct topic_pattern *pattern)
{
    size_t length = strlen(text);
    memset(pattern, 0, sizeof *pattern);
    if (length == 0) {
        return "a topic is needed";
    }
    if (length > TOPIC_PATTERN_TEXT_MAX) {
        return "longer than 255 bytes";
    }
    memcpy(pattern->text, text, length + 1);
    pattern->many = UINT32_MAX;
    size_t start = 0;
    for (size_t i = 0; i <= length; i++) {
        if (i < length && text[i] != '/') {
            continue;
        }
        const char *wrong = parse_segment(pattern, start, i - start);
        if (wrong != NULL) {
            return wrong;
        }
        start = i + 1;
    }
    for (uint32_t i = 0; i < pattern->segment_count; i++) {
        const struct topic_segment *segment = &pattern->segments[i];
        for (uint32_t j = 0; segment->kind != TOPIC_LITERAL && j < i; j++) {
            struct topic_slice other = {pattern->text + pattern->segments[j].start,
                                        pattern->segments[j].length};
            if (pattern->segments[j].kind != TOPIC_LITERAL &&
                same(other, pattern->text + segment->start, segment->length)) {
                return "two captures have the same name";
            }
        }
    }
    if (pattern->many == UINT32_MAX) {
        pattern->many = pattern->segment_count;
    }
    return NULL;
}

bool topic_pattern_append_literal(struct topic_pattern *pattern, const char *text)
{
    size_t used = strlen(pattern->text), length = strlen(text);
    size_t slash = pattern->segment_count > 0 ? 1 : 0;
    if (used + slash + length > TOPIC_PATTERN_TEXT_MAX) {
        return false;
    }
    bool has_many = pattern->many < pattern->segment_count;
    if (!add_segment(pattern, TOPIC_LITERAL, used + slash, length)) {
        return false;
    }
    if (slash == 1) {
        pattern->text[used] = '/';
    }
    memcpy(pattern->text + used + slash, text, length + 1);
    if (!has_many) {
        pattern->many = pattern->segment_count;
    }
    return true;
}

int topic_pattern_capture(const struct topic_pattern *pattern, const char *name)
{
    size_t length = strlen(name);
    for (uint32_t i = 0; i < pattern->segment_count; i++) {
        const struct topic_segment *segment = &pattern->segments[i];
        if (segment->kind != TOPIC_LITERAL && segment->length == length &&
            memcmp(pattern->text + segment->start, name, length) == 0) {
            return (int)i;
        }
    }
    return -1;
}

/* Cuts the first (`from_end`: the last) level off `rest`; false where nothing is left. `*more`
 * tells whether levels remain. */
static bool cut_level(struct topic_slice *rest, bool *more, bool from_end,
                      struct topic_slice *level)
{
    if (!*more) {
        return false;
    }
    const char *slash =
        from_end ? memrchr(rest->start, '/', rest->length) : memchr(rest->start, '/', rest->length);
    *more = slash != NULL;
    if (slash == NULL) {
        *level = *rest;
        rest->length = 0;
        return true;
    }
    size_t before = (size_t)(slash - rest->start);
    size_t behind = rest->length - before - 1;
    if (from_end) {
        *level = (struct topic_slice){slash + 1, behind};
        rest->length = before;
    } else {
        *level = (struct topic_slice){rest->start, before};
        *rest = (struct topic_slice){slash + 1, behind};
    }
    return true;
}

static bool match_level(const struct topic_pattern *pattern, uint32_t index,
                        struct topic_slice level, struct topic_match *match)
{
    const struct topic_segment *segment = &pattern->segments[index];
    if (segment->kind == TOPIC_LITERAL) {
        return same(level, pattern->text + segment->start, segment->length);
    }
    match->captures[index] = level;
    return true;
}

bool topic_pattern_match(const struct topic_pattern *pattern, const char *topic, size_t length,
                         struct topic_match *match)
{
    struct topic_slice rest = {topic, length}, level;
    bool more = true;
    for (uint32_t i = 0; i < pattern->many; i++) {
        if (!cut_level(&rest, &more, false, &level) || !match_level(pattern, i, level, match)) {
            return false;
        }
    }
    if (pattern->many == pattern->segment_count) {
        return !more;
    }
    for (uint32_t i = pattern->segment_count - 1; i > pattern->many; i--) {
        if (!cut_level(&rest, &more, true, &level) || !match_level(pattern, i, level, match)) {
            return false;
        }
    }
    match->captures[pattern->many] = rest;
    return more;
}

void topic_pattern_filter(const struct topic_pattern *pattern, char filter[TOPIC_FILTER_MAX + 1])
{
    size_t used = 0;
    for (uint32_t i = 0; i < pattern->segment_count; i++) {
        const struct topic_segment *segment = &pattern->segments[i];
        if (i > 0) {
            filter[used++] = '/';
        }
        if (segment->kind == TOPIC_LITERAL) {
            memcpy(filter + used, pattern->text + segment->start, segment->length);
            used += segment->length;
        } else {
            filter[used++] = segment->kind == TOPIC_CAPTURE_ONE ? '+' : '#';
        }
        if (segment->kind == TOPIC_CAPTURE_MANY) {
            break;
        }
    }
    REQUIRE(used <= TOPIC_FILTER_MAX);
    filter[used] = '\0';
}

bool topic_filter_covers(const char *wide, const char *narrow)
{
    for (;;) {
        size_t wide_length = strcspn(wide, "/"), narrow_length = strcspn(narrow, "/");
        bool wide_last = wide[wide_length] == '\0', narrow_last = narrow[narrow_length] == '\0';
        if (wide_length == 1 && wide[0] == '#') {
            return true;
        }
        if (narrow_length == 1 && narrow[0] == '#') {
            return false;
        }
        bool plus = wide_length == 1 && wide[0] == '+';
        if (!plus && (wide_length != narrow_length || memcmp(wide, narrow, wide_length) != 0)) {
            return false;
        }
        if (narrow_last) {
            /* "a/#" receives "a" too */
            return wide_last || strcmp(wide + wide_length, "/#") == 0;
        }
        if (wide_last) {
            return false;
        }
        wide += wide_length + 1;
        narrow += narrow_length + 1;
    }
}
