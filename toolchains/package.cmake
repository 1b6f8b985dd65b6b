# SPDX-License-Identifier: MIT
# What a package holds, and the .deb of the release build: cpack --config build/release/CPackConfig.cmake
set(GATEPOST_MAINTAINER "The gatepost authors <gatepost@example.org>" CACHE STRING "Who maintains the package: name <address>")
set(deb ${PROJECT_SOURCE_DIR}/toolchains/deb)
set(documentation ${CMAKE_INSTALL_DATAROOTDIR}/doc/gatepost)

# Debian wants manuals and changelog packed, without a name or a time inside.
find_program(GZIP gzip REQUIRED)
function(packed source destination name)
    set(made ${PROJECT_BINARY_DIR}/packed/${name}.gz)
    add_custom_command(OUTPUT ${made} COMMAND ${GZIP} -9nc ${source} > ${made} DEPENDS ${source} VERBATIM)
    set_property(GLOBAL APPEND PROPERTY packed_files ${made})
    install(FILES ${made} DESTINATION ${destination})
endfunction()
file(MAKE_DIRECTORY ${PROJECT_BINARY_DIR}/packed)
packed(${PROJECT_SOURCE_DIR}/config/man/gatepost.1 ${CMAKE_INSTALL_MANDIR}/man1 gatepost.1)
packed(${PROJECT_SOURCE_DIR}/config/man/gatepost.json.5 ${CMAKE_INSTALL_MANDIR}/man5 gatepost.json.5)
packed(${deb}/changelog ${documentation} changelog)
get_property(packed_files GLOBAL PROPERTY packed_files)
add_custom_target(packed ALL DEPENDS ${packed_files})

# README.md names files of config/ by their path in the tree.
file(GLOB contract ${PROJECT_SOURCE_DIR}/config/*.json)
install(FILES ${PROJECT_SOURCE_DIR}/README.md ${deb}/copyright DESTINATION ${documentation})
install(FILES ${contract} DESTINATION ${documentation}/config)
install(FILES ${PROJECT_SOURCE_DIR}/config/profiles/README.md DESTINATION ${documentation}/config/profiles)
install(FILES ${PROJECT_SOURCE_DIR}/config/mosquitto/acl.example DESTINATION ${documentation}/config/mosquitto)
install(FILES ${PROJECT_SOURCE_DIR}/config/gatepost.service DESTINATION lib/systemd/system)

# Not by `cmake --install`, which would write over an office's own configuration.
install(FILES ${deb}/gatepost.json DESTINATION /etc/gatepost COMPONENT debian EXCLUDE_FROM_ALL)
install(FILES ${deb}/lintian-overrides DESTINATION ${CMAKE_INSTALL_DATAROOTDIR}/lintian/overrides RENAME gatepost
    COMPONENT debian EXCLUDE_FROM_ALL)

set(CPACK_GENERATOR DEB)
set(CPACK_SET_DESTDIR ON) # for what goes to /etc
set(CPACK_INSTALL_PREFIX /usr)
set(CPACK_COMPONENTS_ALL Unspecified debian)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_GROUPING ALL_COMPONENTS_IN_ONE)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_PACKAGE_NAME gatepost)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_CONTACT ${GATEPOST_MAINTAINER})
set(CPACK_PROJECT_CONFIG_FILE ${PROJECT_BINARY_DIR}/package_time.cmake)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
execute_process(COMMAND ${CMAKE_C_COMPILER} -dumpmachine OUTPUT_VARIABLE machine OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND dpkg-architecture -f -t ${machine} -q DEB_HOST_ARCH OUTPUT_VARIABLE architecture OUTPUT_STRIP_TRAILING_WHITESPACE
    COMMAND_ERROR_IS_FATAL ANY)
set(CPACK_DEBIAN_PACKAGE_ARCHITECTURE ${architecture})
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "adduser, ca-certificates")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION "diagnoses hosted Exchange mailboxes from the office's own line
gatepost runs on an office's gateway and finds out what is wrong with the
office's hosted mailboxes: whether the account is blocked, expired or locked,
whether webmail, IMAP and submission let it in, whether MX and SRV records are
right, whether a test mail leaves and arrives, and everything below that can
make these fail.

It names the one true cause, who can mend it and what to do, in English and
French: on the terminal, as JSON, or as a service that reports to an MQTT
broker.")
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA ${deb}/postinst ${deb}/prerm ${deb}/postrm ${deb}/conffiles)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)

# The same files make the same package: it bears the time of the changelog's newest entry.
file(STRINGS ${deb}/changelog released REGEX "^ -- " LIMIT_COUNT 1)
string(REGEX REPLACE "^ -- .*>  " "" released "${released}")
execute_process(COMMAND date -u -d "${released}" +%s OUTPUT_VARIABLE epoch OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
file(WRITE ${PROJECT_BINARY_DIR}/package_time.cmake "set(ENV{SOURCE_DATE_EPOCH} ${epoch})\n")

include(CPack)
