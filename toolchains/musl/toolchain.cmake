# SPDX-License-Identifier: MIT
# Compiles against musl, the C library of OpenWrt: the program comes out with 0.1 MB of it instead of the 1.0 MB of glibc.
# What is linked with it: our own code, Mbed TLS and cJSON compiled here; c-ares, Paho and Expat as Debian has compiled them,
# against glibc (glibc_names.c says how that goes together, tests/package proves it).
set(CMAKE_C_COMPILER musl-gcc)
set(triplet ${CMAKE_HOST_SYSTEM_PROCESSOR}-linux-gnu)
set(CMAKE_LIBRARY_PATH /usr/lib/${triplet})

# Headers of those libraries and of the kernel, after musl's own.
set(CMAKE_C_FLAGS_INIT "-idirafter /usr/include -idirafter /usr/include/${triplet}")
set(CMAKE_EXE_LINKER_FLAGS_INIT "-L/usr/lib/${CMAKE_HOST_SYSTEM_PROCESSOR}-linux-musl")
set(GATEPOST_MUSL ON)
