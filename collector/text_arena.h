/* Memory for the texts of one message's facts, all given back at once. */
#ifndef HEATLEDGER_TEXT_ARENA_H
#define HEATLEDGER_TEXT_ARENA_H

#include <stddef.h>

struct text_arena;

struct text_arena *text_arena_create(void);
void text_arena_destroy(struct text_arena *arena);

/* Forgets everything taken so far. */
void text_arena_reset(struct text_arena *arena);

/* `size` bytes, aligned for any type; valid until the next reset. */
void *text_arena_take(struct text_arena *arena, size_t size);

/* A copy of `length` bytes, ended with NUL. */
char *text_arena_copy(struct text_arena *arena, const char *text, size_t length);

#endif
