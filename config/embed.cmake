# SPDX-License-Identifier: MIT
# Writes OUT, a C table of the files in PROFILES: name (without .json) and bytes, those that break and indent lines left out.
set(table "")
set(bodies "")
foreach(path IN LISTS PROFILES)
    get_filename_component(name "${path}" NAME_WE)
    string(MAKE_C_IDENTIFIER "profile_${name}" symbol)
    file(READ "${path}" hex HEX)
    string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
    string(REGEX REPLACE "0x0a,(0x20,)*" "" bytes "${bytes}") # JSON's strings hold no line break
    string(APPEND bodies "static const unsigned char ${symbol}[] = {${bytes}};\n")
    string(APPEND table "    { \"${name}\", (const char *)${symbol}, sizeof ${symbol} },\n")
endforeach()
file(WRITE "${OUT}" "#include \"profile.h\"\n\n${bodies}\nconst struct profile_file profiles_embedded[] = {\n${table}    { 0, 0, 0 },\n};\n")
