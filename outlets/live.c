#include "live.h"

#include "json_text.h"
#include "message_topic.h"
#include "report.h"
#include "sender.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Every station, and the heats that are there now; without one, the station alone. */
static const char present_sql[] =
    "SELECT st.id, h.id, local_time(y.start_us) FROM station st"
    " LEFT JOIN stay y ON y.station = st.no AND y.end_us IS NULL"
    " LEFT JOIN heat h ON h.no = y.heat ORDER BY st.id, y.start_us, h.id";

struct live {
    struct reader *reader;
    struct sender *sender;
    const char *root;
    uint64_t position;
    char station[64]; /* whose message is being written; empty: none */
    FILE *out;
    char *text;
    size_t length, heats;
    struct failure *failure;
    bool good;
};

static void live_begin(struct live *live, const char *station)
{
    snprintf(live->station, sizeof live->station, "%s", station);
    live->heats = 0;
    live->out = open_memstream(&live->text, &live->length);
    REQUIRE(live->out != NULL);
    char id[128];
    snprintf(id, sizeof id, "live-%" PRIu64 "-%s", live->position, station);
    fputs("{\"id\":", live->out);
    json_text_write(live->out, id);
    fputs(",\"station\":", live->out);
    json_text_write(live->out, station);
    fputs(",\"heats\":[", live->out);
}

static void live_end(struct live *live)
{
    if (live->station[0] == '\0') {
        return;
    }
    char topic[MESSAGE_TOPIC_MAX];
    fputs("]}", live->out);
    fclose(live->out);
    message_topic_begin(topic, live->root);
    message_topic_add(topic, "live");
    message_topic_add(topic, live->station);
    sender_live(live->sender, topic, live->text);
    free(live->text);
    live->station[0] = '\0';
}

/* Writes one report of a heat as a member of its object. */
static bool live_report(struct live *live, const char *member, const char *name,
                        const struct report_filters *filters)
{
    struct report report;
    if (!report_run(live->reader, name, filters, &report, live->failure)) {
        return false;
    }
    fprintf(live->out, ",\"%s\":", member);
    table_write_json(report.table, live->out);
    report_clear(&report);
    return true;
}

/* A heat that is there: what it used at this station, and every quota that judges it. */
static bool live_heat(struct live *live, const char *heat, const char *since)
{
    struct report_filters here = {.heat = heat, .station = live->station};
    struct report_filters everywhere = {.heat = heat};
    fputs(live->heats++ > 0 ? ",{\"heat\":" : "{\"heat\":", live->out);
    json_text_write(live->out, heat);
    fputs(",\"since\":", live->out);
    json_text_write(live->out, since);
    bool good = live_report(live, "items", "heats", &here) &&
                live_report(live, "quotas", "quotas", &everywhere);
    fputs("}", live->out);
    return good;
}

static bool live_row(void *context, const struct reader_row *row)
{
    struct live *live = context;
    if (strcmp(live->station, row->values[0]) != 0) {
        live_end(live);
        live_begin(live, row->values[0]);
    }
    if (row->values[1] != NULL) {
        live->good = live_heat(live, row->values[1], row->values[2]);
    }
    return live->good;
}

bool live_publish(struct reader *reader, struct sender *sender, const char *root,
                  struct failure *failure)
{
    struct live live = {
        .reader = reader, .sender = sender, .root = root, .failure = failure, .good = true};
    if (!reader_position(reader, &live.position, failure)) {
        return false;
    }
    bool read = reader_query(reader, present_sql, NULL, 0, live_row, &live, failure);
    live_end(&live);
    return read && live.good;
}
