#include "text_arena.h"

#include "memory.h"

#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

#define CHUNK_BYTES ((size_t)16 << 10)

struct chunk {
    struct chunk *next;
    size_t size;
    max_align_t bytes[];
};

struct text_arena {
    struct chunk *first, *present;
    size_t used; /* of the present chunk */
};

static struct chunk *chunk_create(size_t size)
{
    struct chunk *chunk = memory_zeroed(1, sizeof *chunk + size);
    chunk->size = size;
    return chunk;
}

struct text_arena *text_arena_create(void)
{
    struct text_arena *arena = memory_zeroed(1, sizeof *arena);
    arena->first = arena->present = chunk_create(CHUNK_BYTES);
    return arena;
}

static void free_behind(struct chunk *chunk)
{
    for (struct chunk *next = chunk->next; next != NULL;) {
        struct chunk *behind = next->next;
        free(next);
        next = behind;
    }
    chunk->next = NULL;
}

void text_arena_destroy(struct text_arena *arena)
{
    free_behind(arena->first);
    free(arena->first);
    free(arena);
}

void text_arena_reset(struct text_arena *arena)
{
    /* What a large message took goes back: most are small. */
    free_behind(arena->first);
    arena->present = arena->first;
    arena->used = 0;
}

void *text_arena_take(struct text_arena *arena, size_t size)
{
    size = (size + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
    if (arena->present->size - arena->used < size) {
        size_t grown = arena->present->size * 2;
        struct chunk *chunk = chunk_create(size > grown ? size : grown);
        arena->present->next = chunk;
        arena->present = chunk;
        arena->used = 0;
    }
    void *memory = (char *)arena->present->bytes + arena->used;
    arena->used += size;
    return memory;
}

char *text_arena_copy(struct text_arena *arena, const char *text, size_t length)
{
    char *copy = text_arena_take(arena, length + 1);
    memcpy(copy, text, length);
    copy[length] = '\0';
    return copy;
}
