/* The text of a field's source → the source: one syntax for the native rows and for plant.json. */
#ifndef HEATLEDGER_MAPPING_SOURCE_H
#define HEATLEDGER_MAPPING_SOURCE_H

#include "mapping.h"

/* Returns NULL, or what is wrong with `text` as a constant text. */
const char *mapping_source_parse(const char *text, const struct topic_pattern *topic,
                                 struct mapping_source *source);

#endif
