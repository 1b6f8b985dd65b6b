/* SPDX-License-Identifier: MIT */
/* Mbed TLS as a processor of 32 bits has it that it knows no instructions of. */
#undef MBEDTLS_AESNI_C
#undef MBEDTLS_HAVE_ASM
#define MBEDTLS_HAVE_INT32
