/* SPDX-License-Identifier: MIT */
/* No Expat for this target: a test that reads XML says so and ends as skipped. The program, which
   says in its environment that it is none, goes on as where memory is short. */
#include <expat.h>

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#define SKIPPED 77 /* SKIP_RETURN_CODE of the tests */

XML_Parser XML_ParserCreate_MM(const XML_Char *encoding, const XML_Memory_Handling_Suite *memory,
                               const XML_Char *separator)
{
    (void)encoding;
    (void)memory;
    (void)separator;
    if (getenv("GATEPOST_WITHOUT_EXPAT") != NULL)
        return NULL;
    (void)fputs("this target has no Expat: skipped\n", stderr);
    exit(SKIPPED);
}

void XML_ParserFree(XML_Parser parser)
{
    (void)parser;
}

enum XML_Status XML_StopParser(XML_Parser parser, XML_Bool resumable)
{
    (void)parser;
    (void)resumable;
    return XML_STATUS_ERROR;
}

enum XML_Status XML_Parse(XML_Parser parser, const char *bytes, int len, int final)
{
    (void)parser;
    (void)bytes;
    (void)len;
    (void) final;
    return XML_STATUS_ERROR;
}

enum XML_Error XML_GetErrorCode(XML_Parser parser)
{
    (void)parser;
    return XML_ERROR_NO_MEMORY;
}

void XML_SetUserData(XML_Parser parser, void *user)
{
    (void)parser;
    (void)user;
}

void XML_SetElementHandler(XML_Parser parser, XML_StartElementHandler start,
                           XML_EndElementHandler end)
{
    (void)parser;
    (void)start;
    (void)end;
}

void XML_SetCharacterDataHandler(XML_Parser parser, XML_CharacterDataHandler handler)
{
    (void)parser;
    (void)handler;
}

void XML_SetStartDoctypeDeclHandler(XML_Parser parser, XML_StartDoctypeDeclHandler handler)
{
    (void)parser;
    (void)handler;
}
