/* SPDX-License-Identifier: MIT */
#include "markup.h"

#include <expat.h>
#include <stdalign.h>
#include <string.h>

#define MEMORY_MAX  98304 /* bytes that expat may take for one document */
#define PORTION_MAX 1024  /* bytes that expat is given at a time: it copies them */

/* ---- expat's memory: taken from one end, given back as a whole ---- */

/* Its hooks carry nothing that would tell one parser from another; there is one at a time. */
static struct {
    alignas(max_align_t) char bytes[MEMORY_MAX];
    size_t used, last; /* last: where the block begins that was taken last */
} memory;

/* Before each block. */
struct block {
    alignas(max_align_t) size_t size;
};

static struct block *block_of(void *at)
{
    return (struct block *)(void *)((char *)at - sizeof(struct block));
}

static size_t rounded(size_t size)
{
    const size_t alignment = alignof(max_align_t);
    return size + (alignment - size % alignment) % alignment;
}

static void *take(size_t size)
{
    size_t room = sizeof memory.bytes - memory.used;
    if (size > MEMORY_MAX || rounded(size) + sizeof(struct block) > room)
        return NULL;
    struct block *block = (struct block *)(void *)(memory.bytes + memory.used);
    block->size = rounded(size);
    memory.last = memory.used;
    memory.used += sizeof *block + block->size;
    return block + 1;
}

static bool is_last(const void *at)
{
    return (const char *)at == memory.bytes + memory.last + sizeof(struct block);
}

static void give_back(void *at)
{
    if (at != NULL && is_last(at) && memory.used > memory.last)
        memory.used = memory.last; /* the others go when the document ends */
}

static void *take_again(void *at, size_t size)
{
    if (at == NULL)
        return take(size);
    size_t before = block_of(at)->size, used = memory.used;
    if (size <= before)
        return at;
    if (is_last(at))
        memory.used = memory.last;
    void *again = take(size);
    if (again != NULL)
        memmove(again, at, before);
    else
        memory.used = used;
    return again;
}

/* ---- where in the document it is ---- */

struct place {
    XML_Parser parser;
    markup_fn *call;
    void *reader;
    char path[MARKUP_PATH_MAX];
    size_t path_len;
    size_t ends[MARKUP_DEPTH_MAX]; /* of the path, at each depth, without the element there */
    size_t depth, elements;
    char text[MARKUP_TEXT_MAX];
    size_t text_len;
    bool refused;
};

static void refuse(struct place *place)
{
    place->refused = true;
    (void)XML_StopParser(place->parser, XML_FALSE); /* it may have been stopped already */
}

/* "soap:Body" as "Body". */
static struct slice local_name(const char *name)
{
    const char *colon = strrchr(name, ':');
    return slice_of(colon == NULL ? name : colon + 1);
}

/* Puts "/mark name" behind the path; false when it does not fit, or the name was only a prefix. */
static bool lengthen(struct place *place, const char *mark, struct slice name)
{
    struct text path;
    text_begin(&path, place->path + place->path_len, sizeof place->path - place->path_len);
    text_add_string(&path, place->path_len > 0 ? "/" : "");
    text_add_string(&path, mark);
    text_add(&path, name);
    place->path_len += path.len;
    return !path.overflow && name.len > 0;
}

static void shorten(struct place *place, size_t len)
{
    place->path_len = len;
    place->path[len] = '\0';
}

static void tell_attributes(struct place *place, const XML_Char **attributes)
{
    size_t len = place->path_len;
    for (; *attributes != NULL && !place->refused; attributes += 2) {
        if (lengthen(place, "@", local_name(attributes[0])))
            place->call(place->reader, place->path, slice_trim(slice_of(attributes[1])));
        else
            refuse(place);
        shorten(place, len);
    }
}

/* expat may call on for what it has read already when it is stopped. */
static void XMLCALL on_start(void *user, const XML_Char *name, const XML_Char **attributes)
{
    struct place *place = user;
    size_t len = place->path_len;
    if (place->refused)
        return;
    if (place->depth == MARKUP_DEPTH_MAX || place->elements == MARKUP_ELEMENTS_MAX ||
        !lengthen(place, "", local_name(name))) {
        refuse(place);
        return;
    }
    place->ends[place->depth++] = len;
    place->elements++;
    place->text_len = 0;
    tell_attributes(place, attributes);
}

static void XMLCALL on_text(void *user, const XML_Char *bytes, int len)
{
    struct place *place = user;
    size_t room = sizeof place->text - place->text_len;
    size_t kept = (size_t)len < room ? (size_t)len : room;
    memcpy(place->text + place->text_len, bytes, kept);
    place->text_len += kept;
}

static void XMLCALL on_end(void *user, const XML_Char *name)
{
    struct place *place = user;
    (void)name; /* expat has seen that it is the one that began */
    if (place->refused)
        return;
    struct slice text = { place->text, place->text_len };
    place->call(place->reader, place->path, slice_trim(text));
    place->text_len = 0;
    shorten(place, place->ends[--place->depth]);
}

static void XMLCALL on_doctype(void *user, const XML_Char *name, const XML_Char *system_id,
                               const XML_Char *public_id, int has_subset)
{
    (void)name;
    (void)system_id;
    (void)public_id;
    (void)has_subset;
    refuse(user);
}

/* ---- the document ---- */

static enum markup_result parse(struct place *place, struct slice bytes)
{
    enum XML_Status status = XML_STATUS_OK;
    while (status == XML_STATUS_OK && bytes.len > 0) {
        size_t portion = bytes.len < PORTION_MAX ? bytes.len : PORTION_MAX;
        status = XML_Parse(place->parser, bytes.at, (int)portion, portion == bytes.len);
        bytes = slice_from(bytes, portion);
    }
    if (place->refused || XML_GetErrorCode(place->parser) == XML_ERROR_NO_MEMORY)
        return MARKUP_REFUSED;
    return status == XML_STATUS_OK ? MARKUP_READ : MARKUP_BROKEN;
}

enum markup_result markup_read(struct slice bytes, markup_fn *call, void *reader)
{
    static const XML_Memory_Handling_Suite hooks = { take, take_again, give_back };
    struct place place = { .call = call, .reader = reader };
    if (bytes.len == 0)
        return MARKUP_BROKEN;
    memory.used = memory.last = 0;
    place.parser = bytes.len > MARKUP_BYTES_MAX ? NULL : XML_ParserCreate_MM(NULL, &hooks, NULL);
    if (place.parser == NULL)
        return MARKUP_REFUSED;
    XML_SetUserData(place.parser, &place);
    XML_SetElementHandler(place.parser, on_start, on_end);
    XML_SetCharacterDataHandler(place.parser, on_text);
    XML_SetStartDoctypeDeclHandler(place.parser, on_doctype);
    enum markup_result result = parse(&place, bytes);
    XML_ParserFree(place.parser);
    return result;
}

/* ---- one element of it ---- */

struct wish {
    const char *path;
    char *into;
    size_t size;
    bool granted;
};

static void on_element(void *reader, const char *path, struct slice text)
{
    struct wish *wish = reader;
    if (wish->granted || strcmp(path, wish->path) != 0)
        return;
    text_put(wish->into, wish->size, text);
    wish->granted = true;
}

bool markup_find(struct slice bytes, const char *path, char *into, size_t size)
{
    struct wish wish = { path, into, size, false };
    into[0] = '\0';
    if (markup_read(bytes, on_element, &wish) != MARKUP_REFUSED)
        return wish.granted; /* what was found before it broke was found */
    into[0] = '\0';
    return false;
}
