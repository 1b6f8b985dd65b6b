/* SPDX-License-Identifier: MIT */
/* Why a TLS handshake failed, in words. */
#ifndef GATEPOST_HANDSHAKE_H
#define GATEPOST_HANDSHAKE_H

#include <stddef.h>
#include <stdint.h>

/* What a fatal alert of the peer says: RFC 8446 section 6. */
void handshake_tell_alert(uint8_t alert, char *into, size_t size);

/* What Mbed TLS ended with; its number stands behind, to be searched for. */
void handshake_tell_code(int code, char *into, size_t size);

#endif
