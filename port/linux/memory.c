/* SPDX-License-Identifier: MIT */
#include "../port.h"

#include <link.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

void port_give_back(void *memory, size_t size)
{
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    uintptr_t begin = ((uintptr_t)memory + page - 1) / page * page;
    uintptr_t end = ((uintptr_t)memory + size) / page * page;
    if (begin < end)
        (void)madvise((void *)begin, end - begin,
                      MADV_DONTNEED); /* failed: it stays, that is all */
}

/* The program itself is the first object; what is never written holds nothing but the file's bytes.
 */
static int give_back_segments(struct dl_phdr_info *object, size_t size, void *unused)
{
    (void)size;
    (void)unused;
    for (size_t i = 0; i < object->dlpi_phnum; i++) {
        const ElfW(Phdr) *segment = &object->dlpi_phdr[i];
        if (segment->p_type == PT_LOAD && (segment->p_flags & PF_W) == 0)
            port_give_back((void *)(object->dlpi_addr + segment->p_vaddr), segment->p_memsz);
    }
    return 1;
}

void port_give_back_program(void)
{
    (void)dl_iterate_phdr(give_back_segments, NULL);
}
