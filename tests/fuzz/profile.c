/* SPDX-License-Identifier: MIT */
/* A provider profile that holds anything. */
#include "../../agent/profile.h"
#include "../fake/fake.h"

#include "target.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char memory[262144];
    struct settings settings;
    struct account_settings account;
    struct settings_trouble trouble = { 0 };
    struct profile profile;
    struct arena arena;
    if (size > FAKE_FILE_MAX)
        return 0;
    fake_clear();
    arena_begin(&arena, memory, sizeof memory);
    settings_defaults(&settings, &arena);
    settings.profile_directory = "/profiles";
    HOLDS(port_file_replace("/profiles/any.json", data, size, 0644) == FILE_DONE);
    HOLDS(settings_bare_account(&account, &arena, "anna@example.com"));
    account.profile = "any";
    account.host = "ex4.mail.ovh.net";
    if (!profile_load(&settings, &account, &arena, &profile, &trouble)) {
        HOLDS(trouble.found != NULL && trouble.wanted != NULL);
        return 0;
    }
    HOLDS(profile.mx_count <= PROFILE_MX_MAX && profile.reply_count <= PROFILE_REPLIES_MAX);
    (void)profile_mx_kind(&profile, "mx0.mail.ovh.net");
    for (enum stage stage = STAGE_GREETING; stage <= STAGE_BOUNCE; stage++)
        (void)profile_reply_means(&profile, SERVICE_SUBMISSION, stage, SLICE("550 5.7.1 no"));
    return 0;
}
