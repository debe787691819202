/* The scanner of config_text: goes over JSON text once, refuses what is not JSON, and notes where
 * every value stands. */
#ifndef HEATLEDGER_CONFIG_SCAN_H
#define HEATLEDGER_CONFIG_SCAN_H

#include "failure.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CONFIG_SCAN_ROOT UINT32_MAX

struct config_place {
    size_t offset, length; /* bytes of the value */
    uint32_t line;         /* of its key, or of the value in a list */
    uint32_t parent;       /* index of the value that holds it; CONFIG_SCAN_ROOT: none */
};

/* Scans `text` (comments already blanked). Gives the places of all values in the order of the text,
 * a container before what it holds; the caller frees them. False with FAILURE_INPUT, see
 * config_text_parse. */
bool config_scan(const char *name, const char *text, struct config_place **places, size_t *count,
                 struct failure *failure);

#endif
