/* SPDX-License-Identifier: MIT */
#include "arena.h"

#include <stdalign.h>
#include <string.h>

void arena_begin(struct arena *arena, void *base, size_t size)
{
    *arena = (struct arena){ .base = base, .size = size };
}

void *arena_take(struct arena *arena, size_t size)
{
    arena->takes++;
    if (arena->takes == arena->fail_at)
        return NULL;
    const size_t alignment = alignof(max_align_t);
    size_t padding = (alignment - arena->used % alignment) % alignment;
    size_t room = arena->size - arena->used;
    if (padding > room || size > room - padding)
        return NULL;
    void *memory = arena->base + arena->used + padding;
    arena->used += padding + size;
    if (arena->peak < arena->used)
        arena->peak = arena->used;
    memset(memory, 0, size);
    return memory;
}

void arena_reset(struct arena *arena)
{
    arena->used = 0;
}
