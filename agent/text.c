/* SPDX-License-Identifier: MIT */
#include "text.h"

#include "arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char hexadecimal[] = "0123456789ABCDEF";

void text_begin(struct text *text, char *buffer, size_t size)
{
    *text = (struct text){ .at = buffer, .size = size };
    buffer[0] = '\0';
}

void text_add(struct text *text, struct slice slice)
{
    if (text->overflow)
        return;
    if (slice.len >= text->size - text->len) {
        text->overflow = true;
        return;
    }
    if (slice.len > 0)
        memcpy(text->at + text->len, slice.at, slice.len);
    text->len += slice.len;
    text->at[text->len] = '\0';
}

void text_add_string(struct text *text, const char *string)
{
    text_add(text, slice_of(string));
}

static void add_byte(struct text *text, char byte)
{
    text_add(text, (struct slice){ &byte, 1 });
}

/* Half of an encoded value would be another value: on overflow it goes as a whole. */
static void keep_whole(struct text *text, size_t len_before)
{
    if (!text->overflow)
        return;
    text->len = len_before;
    text->at[len_before] = '\0';
}

void text_add_format(struct text *text, const char *format, ...)
{
    if (text->overflow)
        return;
    size_t room = text->size - text->len;
    va_list arguments;
    va_start(arguments, format);
    int wanted = vsnprintf(text->at + text->len, room, format, arguments);
    va_end(arguments);
    if (wanted < 0 || (size_t)wanted >= room) {
        text->overflow = true;
        keep_whole(text, text->len);
        return;
    }
    text->len += (size_t)wanted;
}

void text_add_hex(struct text *text, const void *bytes, size_t size)
{
    const uint8_t *byte = bytes;
    for (size_t i = 0; i < size; i++)
        text_add_format(text, "%02x", byte[i]);
}

void text_add_base64(struct text *text, struct slice slice)
{
    static const char digits[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=";
    const uint32_t padding = 64;
    size_t before = text->len;
    for (size_t i = 0; i < slice.len; i += 3) {
        size_t left = slice.len - i;
        uint32_t group = (uint32_t)(unsigned char)slice.at[i] << 16;
        if (left > 1)
            group |= (uint32_t)(unsigned char)slice.at[i + 1] << 8;
        if (left > 2)
            group |= (uint32_t)(unsigned char)slice.at[i + 2];
        add_byte(text, digits[group >> 18]);
        add_byte(text, digits[group >> 12 & 63]);
        add_byte(text, digits[left > 1 ? group >> 6 & 63 : padding]);
        add_byte(text, digits[left > 2 ? group & 63 : padding]);
    }
    keep_whole(text, before);
}

static void add_hexadecimal(struct text *text, const char *mark, char byte)
{
    text_add_string(text, mark);
    add_byte(text, hexadecimal[(unsigned char)byte >> 4]);
    add_byte(text, hexadecimal[(unsigned char)byte & 15]);
}

static bool is_plain_in_form(char c)
{
    if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'))
        return true;
    return c == '*' || c == '-' || c == '.' || c == '_';
}

void text_add_form(struct text *text, struct slice slice)
{
    size_t before = text->len;
    for (size_t i = 0; i < slice.len; i++) {
        if (is_plain_in_form(slice.at[i]))
            add_byte(text, slice.at[i]);
        else if (slice.at[i] == ' ')
            add_byte(text, '+');
        else
            add_hexadecimal(text, "%", slice.at[i]);
    }
    keep_whole(text, before);
}

void text_add_quoted(struct text *text, struct slice slice)
{
    size_t before = text->len;
    add_byte(text, '"');
    for (size_t i = 0; i < slice.len; i++) {
        char c = slice.at[i];
        if (c == '\0' || c == '\r' || c == '\n')
            text->overflow = true;
        if (c == '"' || c == '\\')
            add_byte(text, '\\');
        add_byte(text, c);
    }
    add_byte(text, '"');
    keep_whole(text, before);
}

/* The bytes of the UTF-8 character at the front, or 0 where there is none (RFC 3629 section 4). */
static size_t utf8_length(struct slice a)
{
    const unsigned char *byte = (const unsigned char *)a.at;
    if (byte[0] < 0x80)
        return 1;
    if (byte[0] < 0xC2 || byte[0] > 0xF4)
        return 0;
    size_t length = byte[0] < 0xE0 ? 2 : byte[0] < 0xF0 ? 3 : 4;
    if (a.len < length)
        return 0;
    for (size_t i = 1; i < length; i++)
        if ((byte[i] & 0xC0) != 0x80)
            return 0;
    bool overlong = (byte[0] == 0xE0 && byte[1] < 0xA0) || (byte[0] == 0xF0 && byte[1] < 0x90);
    bool surrogate = byte[0] == 0xED && byte[1] > 0x9F;
    bool above_unicode = byte[0] == 0xF4 && byte[1] > 0x8F;
    return overlong || surrogate || above_unicode ? 0 : length;
}

/* C0, DEL, C1, the line separators U+2028 and U+2029 and the marks of direction U+202A to U+202E
   and U+2066 to U+2069: a terminal or a page would obey them. */
static bool is_control(struct slice character)
{
    const unsigned char *byte = (const unsigned char *)character.at;
    if (character.len == 1)
        return byte[0] < 0x20 || byte[0] == 0x7F;
    if (character.len == 2)
        return byte[0] == 0xC2 && byte[1] < 0xA0;
    if (byte[0] != 0xE2)
        return false;
    return (byte[1] == 0x80 && byte[2] >= 0xA8 && byte[2] <= 0xAE) ||
           (byte[1] == 0x81 && byte[2] >= 0xA6 && byte[2] <= 0xA9);
}

void text_add_printable(struct text *text, struct slice slice)
{
    size_t before = text->len;
    while (slice.len > 0) {
        size_t length = utf8_length(slice);
        struct slice character = { slice.at, length > 0 ? length : 1 };
        if (length > 0 && !is_control(character))
            text_add(text, character);
        else
            for (size_t i = 0; i < character.len; i++)
                add_hexadecimal(text, "\\x", character.at[i]);
        slice = slice_from(slice, character.len);
    }
    keep_whole(text, before);
}

struct slice text_slice(const struct text *text)
{
    return (struct slice){ text->at, text->len };
}

const char *text_copy(struct arena *arena, struct slice slice)
{
    char *copy = arena_take(arena, slice.len + 1);
    if (copy == NULL)
        return NULL;
    text_put(copy, slice.len + 1, slice);
    return copy;
}

const char *text_copy_string(struct arena *arena, const char *string)
{
    return text_copy(arena, slice_of(string));
}

const char *text_format(struct arena *arena, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int wanted = vsnprintf(NULL, 0, format, arguments);
    char *text = wanted < 0 ? NULL : arena_take(arena, (size_t)wanted + 1);
    if (text != NULL)
        (void)vsnprintf(text, (size_t)wanted + 1, format, again); /* its length is known by now */
    va_end(again);
    va_end(arguments);
    return text;
}

static bool continues_character(char byte)
{
    return ((unsigned char)byte & 0xC0) == 0x80;
}

void text_put(char *into, size_t size, struct slice slice)
{
    if (size == 0)
        return;
    size_t len = slice.len;
    if (len > size - 1) {
        len = size - 1;
        for (int i = 0; i < 3 && len > 0 && continues_character(slice.at[len]); i++)
            len--;
    }
    if (len > 0)
        memcpy(into, slice.at, len);
    into[len] = '\0';
}

void text_put_string(char *into, size_t size, const char *string)
{
    text_put(into, size, slice_of(string));
}

bool text_put_format(char *into, size_t size, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int wanted = vsnprintf(into, size, format, arguments);
    va_end(arguments);
    if (wanted >= 0 && (size_t)wanted < size)
        return true;
    into[0] = '\0';
    return false;
}

void text_wipe(void *memory, size_t size)
{
    volatile unsigned char *byte = memory;
    for (size_t i = 0; i < size; i++)
        byte[i] = 0;
}
