/* SPDX-License-Identifier: MIT */
#include "talk.h"

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    talk_begin(TALKS "/talk_token.txt");
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return talk_run(data, size);
}
