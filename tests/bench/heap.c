/* SPDX-License-Identifier: MIT */
/* Counts the heap of a program that is linked with it (-Wl,--wrap=malloc and so on): bytes that
 * are held now, and the most that ever were, as the allocator rounds them. They are kept in the
 * file that GATEPOST_HEAP names, where another process can read them at any time. */
#include <fcntl.h>
#include <malloc.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

struct heap {
    atomic_ullong held, peak;
};

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *at, size_t size);
void __real_free(void *at);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *at, size_t size);
void __wrap_free(void *at);

static struct heap before; /* where no file is named */
static struct heap *heap = &before;

__attribute__((constructor)) static void begin(void)
{
    const char *path = getenv("GATEPOST_HEAP");
    int file = path != NULL ? open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600) : -1;
    if (file < 0 || ftruncate(file, sizeof *heap) != 0)
        return;
    void *at = mmap(NULL, sizeof *heap, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file);
    if (at != MAP_FAILED)
        heap = at;
}

static _Thread_local bool within; /* an allocator may do one of these by means of another */

static void *take(void *at)
{
    unsigned long long size = at != NULL ? malloc_usable_size(at) : 0;
    unsigned long long held = atomic_fetch_add(&heap->held, size) + size;
    unsigned long long peak = atomic_load(&heap->peak);
    while (held > peak && !atomic_compare_exchange_weak(&heap->peak, &peak, held))
        continue;
    return at;
}

void *__wrap_malloc(size_t size)
{
    void *at = __real_malloc(size);
    return within ? at : take(at);
}

void *__wrap_calloc(size_t count, size_t size)
{
    within = true;
    void *at = __real_calloc(count, size);
    within = false;
    return take(at);
}

void *__wrap_realloc(void *at, size_t size)
{
    size_t old = at != NULL ? malloc_usable_size(at) : 0;
    within = true;
    void *moved = __real_realloc(at, size);
    within = false;
    if (moved == NULL)
        return NULL;
    atomic_fetch_sub(&heap->held, old);
    return take(moved);
}

void __wrap_free(void *at)
{
    if (at != NULL && !within)
        atomic_fetch_sub(&heap->held, malloc_usable_size(at));
    __real_free(at);
}
