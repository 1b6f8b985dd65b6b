# SPDX-License-Identifier: MIT
# Compares a committed document with what the tables say, or with WRITE=ON rewrites it.
#   PRINT    the program that prints (print.c), with its ARGUMENTS, separated by commas
#   FILE     the document
#   SECTION  the part of FILE between its two marks; empty: the whole of FILE
string(REPLACE "," ";" ARGUMENTS "${ARGUMENTS}")
execute_process(COMMAND ${PRINT} ${ARGUMENTS} OUTPUT_VARIABLE wanted RESULT_VARIABLE result)
if(NOT result EQUAL 0)
    message(FATAL_ERROR "${PRINT} ${ARGUMENTS} ended with ${result}")
endif()

set(found "")
if(EXISTS "${FILE}")
    file(READ "${FILE}" found)
endif()

if(SECTION)
    set(begin "<!-- generated: ${SECTION} -->\n")
    set(end "<!-- /generated -->")
    string(FIND "${found}" "${begin}" at)
    if(at EQUAL -1)
        message(FATAL_ERROR "${FILE} has no line <!-- generated: ${SECTION} -->")
    endif()
    string(LENGTH "${begin}" length)
    math(EXPR at "${at} + ${length}")
    string(SUBSTRING "${found}" 0 ${at} before)
    string(SUBSTRING "${found}" ${at} -1 after)
    string(FIND "${after}" "${end}" at)
    if(at EQUAL -1)
        message(FATAL_ERROR "${FILE} has no line ${end} after its section ${SECTION}")
    endif()
    string(SUBSTRING "${after}" ${at} -1 after)
    set(wanted "${before}${wanted}${after}")
endif()

if(found STREQUAL wanted)
    return()
endif()
if(WRITE)
    file(WRITE "${FILE}" "${wanted}")
    message(STATUS "rewrote ${FILE} ${SECTION}")
else()
    message(FATAL_ERROR "${FILE} ${SECTION} differs from the tables. To mend it: cmake --build ${BUILD} --target documents")
endif()
