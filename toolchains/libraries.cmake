# SPDX-License-Identifier: MIT
# Libraries that are built with the program, from Debian's source packages in /usr/src (toolchains/debian13 puts them there):
# Mbed TLS as config/mbedtls_config.h tailors it, and cJSON, of which Debian has no static library.
# Defines the targets tailored_mbedtls and cjson where the sources are there.

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
