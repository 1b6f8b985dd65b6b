/* SPDX-License-Identifier: MIT */
#include "json.h"

#include "outline.h"

#include <cjson/cJSON.h>
#include <string.h>

#define WHOLE_MAX                                                                                  \
    9007199254740991.0 /* beyond it a double skips whole numbers: RFC 8259 section 6 */

bool json_begin(struct json *json, struct slice text)
{
    struct outline_fault fault;
    if (!outline_check(text, &fault) || slice_has_nocase(text, "\\u0000"))
        return false; /* cJSON would end a text at an escaped NUL, without a word */
    cJSON *root = cJSON_ParseWithLength(text.at, text.len);
    if (!cJSON_IsObject(root)) {
        cJSON_Delete(root);
        return false;
    }
    json->root = root;
    return true;
}

/* As deep as outline.h allows. */
static void wipe(cJSON *item)
{
    for (; item != NULL; item = item->next) {
        if (cJSON_IsString(item))
            text_wipe(item->valuestring, strlen(item->valuestring));
        wipe(item->child);
    }
}

void json_end(struct json *json)
{
    cJSON *root = json->root;
    wipe(root);
    cJSON_Delete(root);
    json->root = NULL;
}

static const cJSON *find(const struct json *json, const char *path)
{
    const cJSON *item = json->root;
    struct slice rest = slice_of(path), name;
    while (item != NULL && slice_cut(&rest, '/', &name)) {
        char key[64];
        uint64_t index = 0;
        text_put(key, sizeof key, name);
        if (cJSON_IsArray(item) && slice_number(name, OUTLINE_VALUES_MAX, &index))
            item = cJSON_GetArrayItem(item, (int)index);
        else
            item = cJSON_GetObjectItemCaseSensitive(item, key);
    }
    return item;
}

struct slice json_text(const struct json *json, const char *path)
{
    return slice_of(cJSON_GetStringValue(find(json, path)));
}

bool json_number(const struct json *json, const char *path, int64_t *into_number)
{
    const cJSON *item = find(json, path);
    double number = cJSON_IsNumber(item) ? item->valuedouble : WHOLE_MAX + 1;
    bool whole = number >= -WHOLE_MAX && number <= WHOLE_MAX && (double)(int64_t)number >= number &&
                 (double)(int64_t)number <= number;
    if (whole)
        *into_number = (int64_t)number;
    return whole;
}

bool json_flag(const struct json *json, const char *path, bool *into_flag)
{
    const cJSON *item = find(json, path);
    if (cJSON_IsBool(item))
        *into_flag = cJSON_IsTrue(item);
    return cJSON_IsBool(item);
}
