#include "handover_names.h"

#include <string.h>

enum name_column { NAME_OF, NAME_ID, NAME_ZH, NAME_EN, NAME_COLUMNS };

static const struct table_column name_columns[NAME_COLUMNS] = {
    {"of", TABLE_TEXT},
    {"id", TABLE_TEXT},
    {"name_zh", TABLE_TEXT},
    {"name_en", TABLE_TEXT},
};

static bool add_row(void *context, const struct reader_row *row)
{
    table_add(context, row->values);
    return true;
}

struct table *handover_names_read(struct reader *reader, struct failure *failure)
{
    struct table *names = table_create(name_columns, NAME_COLUMNS);

    if (!reader_query(reader,
                      "SELECT 'crew', id, name_zh, name_en FROM crew WHERE no <> 0"
                      " UNION ALL SELECT 'item', id, name_zh, name_en FROM item"
                      " UNION ALL SELECT 'station', id, name_zh, name_en FROM station"
                      " UNION ALL SELECT 'quota', id, name_zh, name_en FROM quota"
                      " UNION ALL SELECT 'meter', id, name_zh, name_en FROM meter",
                      NULL, 0, add_row, names, failure)) {
        table_free(names);
        return NULL;
    }
    return names;
}

const char *handover_names_find(const struct table *names, const char *column, const char *id,
                                enum handover_language language)
{
    for (size_t row = 0; names != NULL && row < table_row_count(names); row++) {
        if (strcmp(table_cell(names, row, NAME_OF), column) == 0 &&
            strcmp(table_cell(names, row, NAME_ID), id) == 0) {
            const char *name =
                table_cell(names, row, language == HANDOVER_CHINESE ? NAME_ZH : NAME_EN);
            return name == NULL || *name == '\0' ? id : name;
        }
    }
    return id;
}
