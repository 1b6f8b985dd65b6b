# SPDX-License-Identifier: MIT
# Libraries that are built with the program, from Debian's source packages in /usr/src (toolchains/debian13 puts them there):
# Mbed TLS as config/mbedtls_config.h tailors it, and cJSON, of which Debian has no static library.
# Defines the targets tailored_mbedtls and cjson where the sources are there; and, for a static program, static_cares, static_paho
# and static_expat, from Debian's archives.

file(GLOB cjson_source /usr/src/cjson-*/cJSON.c)
if(cjson_source)
    add_library(cjson STATIC ${cjson_source})
    get_filename_component(cjson_folder ${cjson_source} DIRECTORY)
    target_include_directories(cjson SYSTEM PUBLIC ${cjson_folder})
endif()

file(GLOB mbedtls_folder LIST_DIRECTORIES true /usr/src/mbedtls-3.6*)
list(FILTER mbedtls_folder EXCLUDE REGEX "\\.(xz|bz2|gz|dsc)$")
if(mbedtls_folder)
    file(GLOB mbedtls_sources ${mbedtls_folder}/library/*.c)
    # Files of what the configuration leaves out are empty when they are compiled; these want more than it gives.
    list(FILTER mbedtls_sources EXCLUDE REGEX "/(psa_crypto_se|net_sockets|timing|version_features)\\.c$")
    add_library(tailored_mbedtls STATIC ${mbedtls_sources})
    target_include_directories(tailored_mbedtls SYSTEM PUBLIC ${mbedtls_folder}/include PRIVATE ${mbedtls_folder}/library)
    target_compile_definitions(tailored_mbedtls PUBLIC MBEDTLS_CONFIG_FILE="${PROJECT_SOURCE_DIR}/config/mbedtls_config.h")
    target_compile_options(tailored_mbedtls PRIVATE -w)
endif()

# Nothing here throws or prints a backtrace: the tables for it, 5 % of the program, stay out.
function(static_library target archive)
    find_library(${target}_archive ${archive} REQUIRED)
    set(made ${PROJECT_BINARY_DIR}/${archive})
    add_custom_command(OUTPUT ${made} COMMAND ${CMAKE_OBJCOPY} --remove-section=.eh_frame --remove-section=.rela.eh_frame
        ${${target}_archive} ${made} DEPENDS ${${target}_archive} VERBATIM)
    add_custom_target(${target}_made DEPENDS ${made})
    add_library(${target} STATIC IMPORTED GLOBAL)
    set_target_properties(${target} PROPERTIES IMPORTED_LOCATION ${made})
    add_dependencies(${target} ${target}_made)
endfunction()

if(GATEPOST_STATIC_LIBRARIES)
    static_library(static_cares libcares.a)
    static_library(static_paho libpaho-mqtt3a.a)
    static_library(static_expat libexpat.a)
    if(GATEPOST_MUSL)
        add_library(glibc_names STATIC ${PROJECT_SOURCE_DIR}/toolchains/musl/glibc_names.c)
        target_compile_definitions(glibc_names PRIVATE _GNU_SOURCE)
        foreach(library static_cares static_paho static_expat)
            target_link_libraries(${library} INTERFACE glibc_names)
        endforeach()
    endif()
endif()
