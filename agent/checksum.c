/* SPDX-License-Identifier: MIT */
#include "checksum.h"

/* The remainders of all 4-bit values: a table of 64 bytes is fast enough for what is kept here. */
static uint32_t remainder_of(uint32_t nibble)
{
    for (int bit = 0; bit < 4; bit++)
        nibble = (nibble & 1) != 0 ? nibble >> 1 ^ UINT32_C(0xEDB88320) : nibble >> 1;
    return nibble;
}

uint32_t checksum_crc32(struct slice bytes)
{
    uint32_t table[16], crc = UINT32_MAX;
    for (uint32_t nibble = 0; nibble < 16; nibble++)
        table[nibble] = remainder_of(nibble);
    for (size_t i = 0; i < bytes.len; i++) {
        crc ^= (uint8_t)bytes.at[i];
        crc = crc >> 4 ^ table[crc & 15];
        crc = crc >> 4 ^ table[crc & 15];
    }
    return ~crc;
}
