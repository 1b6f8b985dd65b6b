# SPDX-License-Identifier: MIT
# For a target whose packages are not there: cJSON and Mbed TLS come from their sources (toolchains/libraries.cmake), cmocka and
# Expat are stood in for by a file each, and c-ares and Paho are left out, with what needs them. The headers are this machine's:
# they are the same for every target.
set(headers ${PROJECT_BINARY_DIR}/headers)
configure_file(/usr/include/cmocka.h ${headers}/cmocka.h COPYONLY)
configure_file(/usr/include/expat.h ${headers}/expat.h COPYONLY)
configure_file(/usr/include/expat_external.h ${headers}/expat_external.h COPYONLY)
configure_file(/usr/include/cjson/cJSON.h ${headers}/cjson/cJSON.h COPYONLY)

foreach(name cmocka expat)
    add_library(${name}_stand_in STATIC ${CMAKE_CURRENT_LIST_DIR}/${name}.c)
    target_include_directories(${name}_stand_in SYSTEM PUBLIC ${headers})
endforeach()
