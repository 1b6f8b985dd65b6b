/* SPDX-License-Identifier: MIT */
/* Addresses that people type: of a host, and of a mailbox. On the real port. */
#include "../../agent/settings.h"
#include "../../port/port.h"

#include "target.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char memory[65536];
    struct account_settings account;
    struct arena arena;
    struct address address, again;
    char text[ADDRESS_TEXT_MAX];
    char *copy = malloc(size + 1);
    HOLDS(copy != NULL);
    memcpy(copy, data, size);
    copy[size] = '\0';
    if (port_address_read(copy, &address)) {
        port_address_text(&address, text);
        HOLDS(port_address_read(text, &again));
        HOLDS(again.family == address.family);
        HOLDS(memcmp(again.bytes, address.bytes, address.family == FAMILY_V4 ? 4 : 16) == 0);
    }
    arena_begin(&arena, memory, sizeof memory);
    if (settings_bare_account(&account, &arena, copy)) {
        HOLDS(strchr(account.address, '@') != NULL);
        HOLDS(strpbrk(account.address, "\r\n <>") == NULL);
    }
    free(copy);
    return 0;
}
