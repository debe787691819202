#include "trouble.h"

#include "json_text.h"
#include "log.h"
#include "timestamp.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const struct {
    const char *name, *next;
} others[TROUBLE_KINDS - BOOK_TROUBLES] = {
    [TROUBLE_JOURNAL_ROOM - BOOK_TROUBLES] = {"journal_room",
                                              "make room on the disk: acknowledgements stop when "
                                              "the present segment is full"},
    [TROUBLE_JOURNAL_BLOCKED - BOOK_TROUBLES] = {"journal_blocked",
                                                 "make room on the disk: until then the broker "
                                                 "gets no acknowledgement and keeps the rest"},
    [TROUBLE_JOURNAL_BROKEN - BOOK_TROUBLES] = {"journal_broken",
                                                "look after the disk, then start the daemon again: "
                                                "until then nothing is taken or booked"},
};

const char *trouble_name(int kind)
{
    REQUIRE(kind > BOOK_SOUND && kind < TROUBLE_KINDS);
    return kind < BOOK_TROUBLES ? book_trouble_name((enum book_trouble)kind)
                                : others[kind - BOOK_TROUBLES].name;
}

static const char *next_step(int kind)
{
    return kind < BOOK_TROUBLES ? book_trouble_next((enum book_trouble)kind)
                                : others[kind - BOOK_TROUBLES].next;
}

void trouble_begin(struct troubles *troubles, int kind, const char *text, int64_t now_us)
{
    const char *name = trouble_name(kind);
    struct trouble *trouble = &troubles->of[kind];
    if (trouble->stands) {
        return;
    }
    trouble->stands = true;
    trouble->since_us = now_us;
    snprintf(trouble->text, sizeof trouble->text, "%s", text);
    troubles->changes++;
    log_line(LOG_LEVEL_ERROR, "trouble", "what=%s why=\"%s\" next=\"%s\"", name, trouble->text,
             next_step(kind));
}

void trouble_end(struct troubles *troubles, int kind, int64_t now_us)
{
    const char *name = trouble_name(kind);
    struct trouble *trouble = &troubles->of[kind];
    if (!trouble->stands) {
        return;
    }
    trouble->stands = false;
    troubles->changes++;
    log_line(LOG_LEVEL_WARNING, "trouble_over", "what=%s seconds=%" PRId64, name,
             (now_us - trouble->since_us) / TIMESTAMP_SECOND_US);
}

void trouble_set(struct troubles *troubles, int kind, bool stands, const char *text, int64_t now_us)
{
    if (stands) {
        trouble_begin(troubles, kind, text, now_us);
    } else {
        trouble_end(troubles, kind, now_us);
    }
}

void trouble_of_book(struct troubles *troubles, enum book_trouble kind, const char *text,
                     int64_t now_us)
{
    for (int i = BOOK_SOUND + 1; i < BOOK_TROUBLES; i++) {
        trouble_set(troubles, i, i == (int)kind, text, now_us);
    }
}

char *trouble_status(const struct troubles *troubles, int32_t offset_s)
{
    char *text = NULL;
    size_t length = 0;
    const char *before = ",\"trouble\":[";
    FILE *out = open_memstream(&text, &length);
    REQUIRE(out != NULL);
    for (int kind = BOOK_SOUND + 1; kind < TROUBLE_KINDS; kind++) {
        const struct trouble *trouble = &troubles->of[kind];
        char since[TIMESTAMP_TEXT_MAX];
        if (trouble->stands) {
            fprintf(out, "%s{\"what\":\"%s\",\"since\":\"%s\",\"text\":", before,
                    trouble_name(kind), timestamp_format(trouble->since_us, offset_s, since));
            json_text_write(out, trouble->text);
            fputs("}", out);
            before = ",";
        }
    }
    fputs(before[1] == '\0' ? "]" : "", out);
    fclose(out);
    return text;
}

char *trouble_alert(const struct troubles *troubles, int kind, int32_t offset_s)
{
    char *text = NULL;
    size_t length = 0;
    char since[TIMESTAMP_TEXT_MAX];
    const char *name = trouble_name(kind);
    const struct trouble *trouble = &troubles->of[kind];
    FILE *out = open_memstream(&text, &length);
    REQUIRE(out != NULL);
    if (trouble->stands) {
        fprintf(out,
                "{\"id\":\"trouble-%s-%" PRId64 "\",\"alert\":{\"id\":\"system/plant/%s/limit\","
                "\"quota\":\"system\",\"level\":\"limit\",\"state\":\"raised\","
                "\"raised_at\":\"%s\",\"cleared_at\":null,\"closed_at\":null,"
                "\"acked_by\":null,\"scope\":\"plant\",\"period\":\"%s\",\"heat\":null,"
                "\"crew\":null,\"used\":null,\"allowed\":null,\"responsible\":\"\","
                "\"retro\":false,\"text\":",
                name, trouble->since_us, name, timestamp_format(trouble->since_us, offset_s, since),
                name);
        json_text_write(out, trouble->text);
        fputs("}}", out);
    }
    fclose(out);
    return text;
}
