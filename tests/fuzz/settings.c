/* SPDX-License-Identifier: MIT */
/* A configuration file that holds anything. */
#include "../../agent/settings.h"
#include "../fake/fake.h"

#include "target.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char memory[1048576];
    static struct settings_troubles troubles;
    struct settings settings;
    struct arena arena;
    if (size > FAKE_FILE_MAX)
        return 0;
    fake_clear();
    HOLDS(port_file_replace("/gatepost.json", data, size, 0600) == FILE_DONE);
    arena_begin(&arena, memory, sizeof memory);
    if (settings_read("/gatepost.json", &arena, &settings, &troubles)) {
        HOLDS(troubles.count == 0 && settings.account_count <= SETTINGS_ACCOUNTS_MAX);
        for (size_t i = 0; i < settings.account_count; i++)
            HOLDS(settings_account(&settings, settings.accounts[i].address) != NULL);
    } else {
        HOLDS(troubles.count > 0);
    }
    return 0;
}
