/* Memory for one message: cJSON's nodes and the texts of facts, all given back at once.
 *
 * cJSON's allocation hooks are process-wide; they are set once and look at the thread: between
 * json_arena_enter and json_arena_leave they take from that thread's arena, else from malloc. */
#ifndef HEATLEDGER_JSON_ARENA_H
#define HEATLEDGER_JSON_ARENA_H

#include <stddef.h>

struct json_arena;

/* Call before other threads use cJSON. */
struct json_arena *json_arena_create(void);
void json_arena_destroy(struct json_arena *arena);

/* Forgets everything taken so far. */
void json_arena_reset(struct json_arena *arena);

/* `size` bytes, aligned for any type; valid until the next reset. */
void *json_arena_take(struct json_arena *arena, size_t size);

/* A copy of `length` bytes, ended with NUL. */
char *json_arena_text(struct json_arena *arena, const char *text, size_t length);

void json_arena_enter(struct json_arena *arena);
void json_arena_leave(void);

#endif
