# SPDX-License-Identifier: MIT
# Builds for another machine with Debian's cross compiler, and runs what was built under qemu-user.
# -DGATEPOST_TARGET=TRIPLET names the machine, as Debian does: s390x-linux-gnu. The presets do.
# -DGATEPOST_TARGET_PACKAGES=FOLDER: where the target's -dev packages are laid out (tests/targets/run.sh fetches them).
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES GATEPOST_TARGET GATEPOST_TARGET_PACKAGES)

string(REGEX REPLACE "-.*" "" CMAKE_SYSTEM_PROCESSOR ${GATEPOST_TARGET})
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_LIBRARY_ARCHITECTURE ${GATEPOST_TARGET})
set(CMAKE_C_COMPILER ${GATEPOST_TARGET}-gcc)
set(CMAKE_CROSSCOMPILING_EMULATOR qemu-${CMAKE_SYSTEM_PROCESSOR};-L;/usr/${GATEPOST_TARGET})

# Nothing of the machine that builds: its headers and libraries are another processor's.
set(CMAKE_FIND_ROOT_PATH /usr/${GATEPOST_TARGET} ${GATEPOST_TARGET_PACKAGES})
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
if(GATEPOST_TARGET_PACKAGES)
    set(ENV{PKG_CONFIG_SYSROOT_DIR} ${GATEPOST_TARGET_PACKAGES})
    set(ENV{PKG_CONFIG_LIBDIR} ${GATEPOST_TARGET_PACKAGES}/usr/lib/${GATEPOST_TARGET}/pkgconfig)
    set(CMAKE_C_FLAGS_INIT "-isystem ${GATEPOST_TARGET_PACKAGES}/usr/include")
    set(CMAKE_EXE_LINKER_FLAGS_INIT "-L${GATEPOST_TARGET_PACKAGES}/usr/lib/${GATEPOST_TARGET}")
endif()
