/* The text of a configuration: JSON with comments, read strictly, and where each value stands.
 *
 * cJSON knows neither comments nor positions and accepts more than JSON, so a small scanner goes
 * over the text first: it blanks the comments in place, refuses what is not JSON with the line and
 * the words of a person, and notes where every value is. The values of the cJSON tree come in the
 * same order, which joins the two. */
#ifndef HEATLEDGER_CONFIG_TEXT_H
#define HEATLEDGER_CONFIG_TEXT_H

#include "failure.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CONFIG_NESTING_MAX 32 /* objects and lists inside each other */
#define CONFIG_PATH_MAX 256   /* longest text of a key path, NUL included */

struct cJSON;
struct config_text;

/* Overwrites comments with spaces (line breaks stay, so that lines keep their numbers). What stands
 * in a string is no comment. Returns 0, or the line at which a comment begins that has no end. */
uint32_t config_text_blank_comments(char *text);

/* Reads a text; `name` is the file's name for messages and must outlive the result, `text` is
 * copied. NULL with FAILURE_INPUT "NAME:LINE: KEY: what is wrong, what would be right", where KEY
 * is the last key before the place. Keys that are given twice are no failure here (see
 * config_text_duplicate). */
struct config_text *config_text_parse(const char *name, const char *text, struct failure *failure);

void config_text_free(struct config_text *config);

/* The outermost value. It and all below belong to the config_text. */
const struct cJSON *config_text_root(const struct config_text *config);

/* The line, from 1, of a value's key, or of the value itself where it stands in a list. */
uint32_t config_text_line(const struct config_text *config, const struct cJSON *value);

/* The value as it is written (not ended with NUL): for a number its exact digits. */
const char *config_text_source(const struct config_text *config, const struct cJSON *value,
                               size_t *length);

/* The path of a value: "meters[E02].scale"; an object in a list is named by its "id" where it has
 * one, by its place from 0 otherwise. `key` (may be NULL) is a further step behind it. Too long a
 * path is cut. Returns `path`. */
char *config_text_path(const struct config_text *config, const struct cJSON *value, const char *key,
                       char path[CONFIG_PATH_MAX]);

/* How many values the text has, and the `index`th in the order of the text. */
size_t config_text_count(const struct config_text *config);
const struct cJSON *config_text_value(const struct config_text *config, size_t index);

/* Whether an earlier member of the same object has the same key; that one, or NULL. */
const struct cJSON *config_text_duplicate(const struct config_text *config,
                                          const struct cJSON *value);

#endif
