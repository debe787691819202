/* The reader and its SQL functions. Private to reader*.c. */
#ifndef HEATLEDGER_READER_PRIVATE_H
#define HEATLEDGER_READER_PRIVATE_H

#include "reader.h"
#include "zone.h"

#include <sqlite3.h>

/* Statements that are kept, since preparing one of the reports' costs more than running it. */
#define READER_STATEMENTS 24

struct reader {
    sqlite3 *database;
    char *path;
    bool borrowed;    /* the writer's own connection */
    int zone_version; /* of the configuration that `zone` belongs to */
    struct zone zone;
    sqlite3_stmt *statements[READER_STATEMENTS];
    unsigned oldest; /* of the statements: the next one to be given up */
};

/* Teaches the connection the functions of reader.h. */
void reader_functions_add(struct reader *reader);

/* A reader on the writer's connection; closing it leaves the connection open. */
struct reader *reader_borrow(sqlite3 *database, const char *path);

#endif
