#include "json_arena.h"

#include "memory.h"

#include <cjson/cJSON.h>
#include <pthread.h>
#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

#define CHUNK_BYTES ((size_t)64 << 10)

struct chunk {
    struct chunk *next;
    size_t size;
    max_align_t bytes[];
};

struct json_arena {
    struct chunk *first, *present;
    size_t used; /* of the present chunk */
};

static _Thread_local struct json_arena *entered;

static void *hook_allocate(size_t size)
{
    return entered != NULL ? json_arena_take(entered, size) : malloc(size);
}

static void hook_free(void *memory)
{
    if (entered == NULL) {
        free(memory);
    }
}

static void set_hooks(void)
{
    cJSON_Hooks hooks = {.malloc_fn = hook_allocate, .free_fn = hook_free};
    cJSON_InitHooks(&hooks);
}

static struct chunk *chunk_create(size_t size)
{
    struct chunk *chunk = memory_zeroed(1, sizeof *chunk + size);
    chunk->size = size;
    return chunk;
}

struct json_arena *json_arena_create(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, set_hooks);
    struct json_arena *arena = memory_zeroed(1, sizeof *arena);
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

void json_arena_destroy(struct json_arena *arena)
{
    free_behind(arena->first);
    free(arena->first);
    free(arena);
}

void json_arena_reset(struct json_arena *arena)
{
    /* What a large message took goes back: most are small. */
    free_behind(arena->first);
    arena->present = arena->first;
    arena->used = 0;
}

void *json_arena_take(struct json_arena *arena, size_t size)
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

char *json_arena_text(struct json_arena *arena, const char *text, size_t length)
{
    char *copy = json_arena_take(arena, length + 1);
    memcpy(copy, text, length);
    copy[length] = '\0';
    return copy;
}

void json_arena_enter(struct json_arena *arena)
{
    entered = arena;
}

void json_arena_leave(void)
{
    entered = NULL;
}
