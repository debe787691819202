#include "sim_state.h"

static const char *const tables[] = {
    "heat_balance", "crew_balance", "slot", "open_segment", "meter_state",
    "held_reading", "heat",         "stay", "heat_review",
};
#define TABLES (sizeof tables / sizeof tables[0])

struct writing {
    const char *table;
    FILE *out;
};

static bool write_row(void *context, const struct reader_row *row)
{
    const struct writing *writing = context;
    fprintf(writing->out, "state %s", writing->table);
    for (int i = 0; i < row->column_count; i++) {
        const char *value = row->values[i];
        fprintf(writing->out, " %s=%s", row->names[i], value == NULL ? "" : value);
    }
    fputc('\n', writing->out);
    return true;
}

bool sim_state_write(struct reader *reader, FILE *out, struct failure *failure)
{
    bool good = true;
    for (size_t i = 0; good && i < TABLES; i++) {
        char sql[64];
        struct writing writing = {tables[i], out};
        snprintf(sql, sizeof sql, "SELECT * FROM %s ORDER BY 1, 2, 3, 4", tables[i]);
        good = reader_query(reader, sql, NULL, 0, write_row, &writing, failure);
    }
    return good;
}
