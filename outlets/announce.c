#include "announce.h"

#include "json_text.h"
#include "message_topic.h"
#include "report.h"
#include "timestamp.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* A message in the making: {"id":…, then members the caller writes, then }. */
struct message {
    FILE *out;
    char *text;
    size_t length;
};

static void message_begin(struct message *message, struct effect_id id)
{
    message->out = open_memstream(&message->text, &message->length);
    REQUIRE(message->out != NULL);
    fprintf(message->out, "{\"id\":\"%" PRIu64 "-%" PRIu32 "\"", id.position, id.ordinal);
}

/* A trouble is told before the ledger has heard of it, and so before it has a position: its message
 * is named by what and when. */
static void message_begin_trouble(struct message *message, enum trouble_kind trouble,
                                  int64_t since_us)
{
    message->out = open_memstream(&message->text, &message->length);
    REQUIRE(message->out != NULL);
    fprintf(message->out, "{\"id\":\"system-%s-%" PRId64 "\"", trouble_kind_name(trouble),
            since_us);
}

/* Behind the alert itself, which is a row of a report. */
static void message_write_why(struct message *message, const char *text)
{
    fputs(",\"text\":", message->out);
    json_text_write(message->out, text);
}

static void message_send(struct message *message, struct book *book, struct effect_id id,
                         const char *topic, bool retain)
{
    fputs("}", message->out);
    fclose(message->out);
    book_outbox(book, id, topic, message->text, retain);
    free(message->text);
}

/* The cell of a report's first row, by the column's name; "" where unknown. */
static const char *first(const struct report *report, const char *column)
{
    const char *cell = table_cell(report->table, 0, table_find(report->table, column));
    return cell != NULL ? cell : "";
}

char *announce_trouble(enum trouble_kind trouble, int64_t since_us, int32_t offset_s,
                       const char *text)
{
    char since[TIMESTAMP_TEXT_MAX];
    const char *name = trouble_kind_name(trouble);
    struct message message;
    message_begin_trouble(&message, trouble, since_us);
    fprintf(message.out,
            ",\"alert\":{\"id\":\"system/plant/%s/limit\",\"quota\":\"system\","
            "\"level\":\"limit\",\"state\":\"raised\",\"raised_at\":\"%s\","
            "\"cleared_at\":null,\"closed_at\":null,\"acked_by\":null,\"scope\":\"plant\","
            "\"period\":\"%s\",\"heat\":null,\"crew\":null,\"used\":null,\"allowed\":null,"
            "\"responsible\":\"\",\"retro\":false}",
            name, timestamp_format(since_us, offset_s, since), name);
    message_write_why(&message, text);
    fputs("}", message.out);
    fclose(message.out);
    return message.text;
}

bool announce_alert(struct book *book, struct effect_id id, struct effect_id transition,
                    const struct alert_transition *step, const char *root, struct failure *failure)
{
    char of_transition[48];
    snprintf(of_transition, sizeof of_transition, "%" PRIu64 "-%" PRIu32, transition.position,
             transition.ordinal);
    struct report_filters filters = {.transition = of_transition};
    struct report report;
    /* Of what could not be written nothing is told. */
    if (!book_good(book, failure) ||
        !report_run(book_reader(book), "alerts", &filters, &report, failure)) {
        return false;
    }
    REQUIRE(table_row_count(report.table) == 1);
    char topic[MESSAGE_TOPIC_MAX];
    message_topic_begin(topic, root);
    message_topic_add(topic, "alerts");
    message_topic_add(topic, first(&report, "quota"));
    message_topic_add(topic, first(&report, "scope"));
    message_topic_add(topic, first(&report, "period"));
    message_topic_add(topic, first(&report, "level"));
    if (strcmp(first(&report, "state"), "closed") == 0) {
        book_outbox(book, id, topic, "", true); /* takes the retained one from the board */
    } else {
        struct message message;
        bool begun = step->scope == BALANCE_PLANT && step->state == ALERT_RAISED && !step->again;
        if (begun) {
            message_begin_trouble(&message, step->trouble, step->at_us);
        } else {
            message_begin(&message, id);
        }
        fputs(",\"alert\":", message.out);
        table_write_json_row(report.table, 0, message.out);
        if (begun) {
            message_write_why(&message, step->reason);
        }
        message_send(&message, book, id, topic, true);
    }
    report_clear(&report);
    return true;
}

bool announce_heat(struct book *book, struct effect_id id, const char *root,
                   const struct heat *heat, struct failure *failure)
{
    struct report_filters filters = {.heat = heat->id};
    struct report report;
    if (!book_good(book, failure) ||
        !report_run(book_reader(book), "heats", &filters, &report, failure)) {
        return false;
    }
    char topic[MESSAGE_TOPIC_MAX];
    message_topic_begin(topic, root);
    message_topic_add(topic, "heats");
    message_topic_add(topic, heat->id);
    struct message message;
    message_begin(&message, id);
    fputs(",\"heat\":", message.out);
    json_text_write(message.out, heat->id);
    fprintf(message.out, ",\"ended\":%s,\"items\":", heat_ended(heat) ? "true" : "false");
    table_write_json(report.table, message.out);
    report_clear(&report);
    fputs(",\"quotas\":", message.out);
    if (report_run(book_reader(book), "quotas", &filters, &report, failure)) {
        table_write_json(report.table, message.out);
        report_clear(&report);
    } else {
        fputs("null", message.out);
    }
    message_send(&message, book, id, topic, false);
    return failure->code == FAILURE_NONE;
}

void announce_handover(struct book *book, struct effect_id id, const char *root, int32_t day,
                       const char *shift, const char *json)
{
    char day_text[TIMESTAMP_TEXT_MAX];
    char topic[MESSAGE_TOPIC_MAX];
    message_topic_begin(topic, root);
    message_topic_add(topic, "handover");
    message_topic_add(topic, timestamp_format_day(day, day_text));
    message_topic_add(topic, shift);
    struct message message;
    message_begin(&message, id);
    fprintf(message.out, ",\"handover\":%s", json);
    message_send(&message, book, id, topic, true);
}

void announce_period(struct book *book, struct effect_id id, const char *root, struct period period,
                     const char *json)
{
    char text[PERIOD_TEXT_MAX];
    char topic[MESSAGE_TOPIC_MAX];
    message_topic_begin(topic, root);
    message_topic_add(topic, "period");
    message_topic_add(topic, period_format(period, text));
    struct message message;
    message_begin(&message, id);
    fprintf(message.out, ",\"period\":%s", json);
    message_send(&message, book, id, topic, true);
}
