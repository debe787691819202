/* What was kept of papers as bytes of a snapshot, and back; for rules_snapshot.c alone. */
#ifndef HEATLEDGER_RULES_PAPERS_SNAPSHOT_H
#define HEATLEDGER_RULES_PAPERS_SNAPSHOT_H

#include "papers.h"
#include "snapshot.h"

void papers_save(const struct papers *papers, struct snapshot_writer *writer);

/* Into papers that hold nothing. Ids are checked against the catalog and the count of quotas. */
void papers_load(struct papers *papers, const struct catalog *catalog, uint32_t quota_count,
                 struct snapshot_reader *reader);

#endif
