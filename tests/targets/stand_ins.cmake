# SPDX-License-Identifier: MIT
# For a target whose packages are not there. cJSON and Mbed TLS come from their sources (toolchains/libraries.cmake), cmocka and, where
# it is to be had, Expat from those that tests/targets/run.sh lays out in build/sources. The C library's resolver stands in for
# c-ares, and nothing for Paho. Headers of cJSON and of an Expat that is not there are this machine's: they are the same everywhere.
set(sources ${PROJECT_SOURCE_DIR}/build/sources)
set(headers ${PROJECT_BINARY_DIR}/headers)

add_library(cmocka_source STATIC ${sources}/cmocka/src/cmocka.c)
target_include_directories(cmocka_source SYSTEM PUBLIC ${sources}/cmocka/include)
target_compile_definitions(cmocka_source PRIVATE _GNU_SOURCE HAVE_INTTYPES_H HAVE_SIGNAL_H HAVE_STRINGS_H HAVE_STRSIGNAL
    HAVE_STRUCT_TIMESPEC HAVE_CLOCK_REALTIME HAVE_SIGLONGJMP HAVE_GCC_THREAD_LOCAL_STORAGE)
target_compile_options(cmocka_source PRIVATE -w)

add_library(expat_of_target INTERFACE)
if(EXISTS ${sources}/expat/expat/CMakeLists.txt)
    foreach(part SHARED_LIBS BUILD_TOOLS BUILD_EXAMPLES BUILD_TESTS BUILD_DOCS BUILD_PKGCONFIG ENABLE_INSTALL)
        set(EXPAT_${part} OFF CACHE BOOL "" FORCE)
    endforeach()
    add_subdirectory(${sources}/expat/expat ${PROJECT_BINARY_DIR}/expat EXCLUDE_FROM_ALL SYSTEM)
    target_link_libraries(expat_of_target INTERFACE expat)
else()
    configure_file(/usr/include/expat.h ${headers}/expat.h COPYONLY)
    configure_file(/usr/include/expat_external.h ${headers}/expat_external.h COPYONLY)
    add_library(expat_stand_in STATIC ${CMAKE_CURRENT_LIST_DIR}/expat.c)
    target_include_directories(expat_stand_in SYSTEM PUBLIC ${headers})
    target_link_libraries(expat_of_target INTERFACE expat_stand_in)
endif()
configure_file(/usr/include/cjson/cJSON.h ${headers}/cjson/cJSON.h COPYONLY)
target_include_directories(expat_of_target SYSTEM INTERFACE ${headers})
