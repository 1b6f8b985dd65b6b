/* SPDX-License-Identifier: MIT */
/* Tells damaged bytes from whole ones. No defence against somebody who means to deceive. */
#ifndef GATEPOST_CHECKSUM_H
#define GATEPOST_CHECKSUM_H

#include "text.h"

#include <stdint.h>

/* CRC-32 with the polynomial of Ethernet and zlib (RFC 1952 section 8). */
uint32_t checksum_crc32(struct slice bytes);

#endif
