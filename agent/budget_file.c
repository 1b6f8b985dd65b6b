/* SPDX-License-Identifier: MIT */
#include "budget_file.h"

#include "../port/port.h"
#include "log.h"

#include <inttypes.h>
#include <string.h>

#define HEADER       "gatepost budget 1"
#define PATH_MAX_LEN 1100
#define SUM_SIZE     8      /* bytes of the HMAC that are written */
#define ADDRESS_MARK '\x01' /* in words: the account's address stood here */
#define REFUSED_KEY  "refused"
#define CLOSED_KEY   "closed"

/* The whole file; too large for the stack. Not in use between two calls. */
static char bytes[BUDGET_FILE_MAX + 1]; /* a newline that the last line may lack */

static bool path_of(const char *directory, char into[PATH_MAX_LEN])
{
    return text_put_format(into, PATH_MAX_LEN, "%s/budget", directory);
}

/* ---- words without the address ---- */

static void hide_address(struct slice said, const char *address, char *into, size_t size)
{
    struct text text;
    text_begin(&text, into, size);
    size_t address_len = strlen(address);
    while (said.len > 0) {
        size_t before = slice_find_nocase(said, address);
        text_add(&text, (struct slice){ said.at, before });
        if (before < said.len)
            text_add(&text, (struct slice){ (const char[]){ ADDRESS_MARK }, 1 });
        said = slice_from(said, before + address_len);
    }
}

static void show_address(struct slice hidden, const char *address, char *into, size_t size)
{
    struct text text; /* what was cut out fitted before */
    text_begin(&text, into, size);
    for (size_t i = 0; i < hidden.len; i++)
        if (hidden.at[i] == ADDRESS_MARK)
            text_add_string(&text, address);
        else
            text_add(&text, (struct slice){ hidden.at + i, 1 });
}

/* ---- fields ---- */

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Exactly size bytes. */
static bool read_hex(struct slice hex, void *into, size_t size)
{
    uint8_t *byte = into;
    if (hex.len != 2 * size)
        return false;
    for (size_t i = 0; i < size; i++) {
        int high = hex_digit(hex.at[2 * i]), low = hex_digit(hex.at[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        byte[i] = (uint8_t)(high * 16 + low);
    }
    return true;
}

static bool account_mac(const uint8_t salt[16], const char *address, uint8_t into[DIGEST_SIZE])
{
    char lower[sizeof((struct budget *)0)->address];
    text_put_string(lower, sizeof lower, address);
    for (char *c = lower; *c != '\0'; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c - 'A' + 'a');
    return digest_mac((struct slice){ (const char *)salt, 16 }, slice_of(lower), into);
}

static bool sum_of(struct slice line, uint8_t into[DIGEST_SIZE])
{
    return digest_mac(SLICE(HEADER), line, into);
}

/* ---- one line ---- */

/* "refused=webmail.login/login.password-expired@1764000000000:3533...", the finding where it is
   known */
static void add_refusal(struct text *line, const char *key, const struct refusal *refusal,
                        const char *address)
{
    char said[BUDGET_SAID_MAX];
    if (refusal->check == CHECK_COUNT)
        return;
    hide_address(slice_of(refusal->said), address, said, sizeof said);
    text_add_format(line, " %s=%s", key, check_row(refusal->check)->slug);
    if (refusal->finding != NO_FINDING)
        text_add_format(line, "/%s", finding_row(refusal->finding)->slug);
    text_add_format(line, "@%" PRId64 ":", refusal->at_ms);
    text_add_hex(line, said, strlen(said));
}

static bool add_line(struct text *text, const char *address, const struct budget_record *record)
{
    uint8_t account[DIGEST_SIZE], sum[DIGEST_SIZE];
    size_t begin = text->len;
    if (!account_mac(record->salt, address, account))
        return false;
    text_add_hex(text, account, sizeof account);
    text_add_string(text, " ");
    text_add_hex(text, record->salt, sizeof record->salt);
    text_add_string(text, " ");
    text_add_hex(text, record->fingerprint, sizeof record->fingerprint);
    text_add_format(text, " %" PRId64, record->accepted_ms);
    add_refusal(text, REFUSED_KEY, &record->refusal, address);
    for (enum check check = 0; check < CHECK_COUNT; check++)
        add_refusal(text, CLOSED_KEY, &record->closed[check], address);
    if (text->overflow || text->len - begin > BUDGET_LINE_MAX - 2 * SUM_SIZE - 2)
        return false;
    if (!sum_of((struct slice){ text->at + begin, text->len - begin }, sum))
        return false;
    text_add_string(text, " ");
    text_add_hex(text, sum, SUM_SIZE);
    text_add_string(text, "\n");
    return !text->overflow;
}

static bool read_refusal(struct slice field, const char *address, struct budget_record *record)
{
    struct slice rest = field, key, what, slug, time;
    char hidden[BUDGET_SAID_MAX];
    int64_t at_ms;
    if (!slice_cut(&rest, '=', &key) || !slice_cut(&rest, '@', &what) ||
        !slice_cut(&rest, ':', &time) || !slice_milliseconds(time, &at_ms) ||
        !slice_cut(&what, '/', &slug))
        return false;
    size_t len = rest.len / 2;
    enum check check = check_find(slug);
    enum finding finding = what.len > 0 ? finding_find(what) : NO_FINDING;
    if (check == CHECK_COUNT || len >= sizeof hidden || !read_hex(rest, hidden, len))
        return false;
    struct refusal *refusal = NULL;
    if (slice_is(key, REFUSED_KEY))
        refusal = &record->refusal;
    if (slice_is(key, CLOSED_KEY))
        refusal = &record->closed[check];
    if (refusal == NULL || refusal->check != CHECK_COUNT)
        return false;
    *refusal = (struct refusal){ .kept = true, .check = check, .finding = finding, .at_ms = at_ms };
    show_address((struct slice){ hidden, len }, address, refusal->said, sizeof refusal->said);
    return true;
}

/* Takes the sum off the end of the line; false when it is wrong. */
static bool take_sum(struct slice *line)
{
    uint8_t read[SUM_SIZE], sum[DIGEST_SIZE];
    const size_t tail = 2 * SUM_SIZE + 1;
    if (line->len <= tail || line->at[line->len - tail] != ' ' ||
        !read_hex(slice_from(*line, line->len - 2 * SUM_SIZE), read, sizeof read))
        return false;
    line->len -= tail;
    return sum_of(*line, sum) && memcmp(read, sum, sizeof read) == 0;
}

/* False when the line is damaged. The address only fills the gaps of words. */
static bool read_line(struct slice line, const char *address, struct budget_record *into_record,
                      uint8_t into_account[DIGEST_SIZE])
{
    struct slice part;
    budget_record_clear(into_record);
    if (!take_sum(&line))
        return false;
    if (!slice_cut(&line, ' ', &part) || !read_hex(part, into_account, DIGEST_SIZE) ||
        !slice_cut(&line, ' ', &part) ||
        !read_hex(part, into_record->salt, sizeof into_record->salt) ||
        !slice_cut(&line, ' ', &part) || !read_hex(part, into_record->fingerprint, DIGEST_SIZE) ||
        !slice_cut(&line, ' ', &part) || !slice_milliseconds(part, &into_record->accepted_ms))
        return false;
    while (slice_cut(&line, ' ', &part))
        if (!read_refusal(part, address, into_record))
            return false;
    return true;
}

/* ---- the file ---- */

void budget_record_clear(struct budget_record *record)
{
    *record = (struct budget_record){ .refusal = { .check = CHECK_COUNT } };
    for (enum check check = 0; check < CHECK_COUNT; check++)
        record->closed[check].check = CHECK_COUNT;
}

bool budget_record_refuses(const struct budget_record *record)
{
    for (enum check check = 0; check < CHECK_COUNT; check++)
        if (record->closed[check].check != CHECK_COUNT)
            return true;
    return record->refusal.check != CHECK_COUNT;
}

/* The lines below the header. False when there may be some that cannot be read. */
static bool load(const char *directory, struct slice *into_lines)
{
    char path[PATH_MAX_LEN];
    size_t size = 0;
    *into_lines = (struct slice){ NULL, 0 };
    if (!path_of(directory, path))
        return false;
    enum file_result result = port_file_read(path, bytes, BUDGET_FILE_MAX, &size);
    if (result == FILE_MISSING)
        return true;
    struct slice rest = { bytes, size }, header = { NULL, 0 };
    if (result == FILE_DONE && (!slice_line(&rest, &header) || slice_is(header, HEADER))) {
        *into_lines = rest;
        return true;
    }
    if (result == FILE_DONE)
        log_error("budget",
                  "%s was written by another version; no password is spoken while it is there",
                  path);
    else
        log_error("budget", "%s cannot be read; no password is spoken until it can", path);
    return false;
}

static bool is_accounts(const struct budget_record *record, const uint8_t account[DIGEST_SIZE],
                        const char *address)
{
    uint8_t mac[DIGEST_SIZE];
    return account_mac(record->salt, address, mac) && digest_equal(mac, account);
}

enum budget_search budget_file_find(const char *directory, const char *address,
                                    struct budget_record *into_record)
{
    struct slice rest, line;
    enum budget_search search = BUDGET_RECORD_NONE;
    if (!load(directory, &rest))
        return BUDGET_FILE_UNREADABLE;
    while (slice_line(&rest, &line)) {
        struct budget_record record;
        uint8_t account[DIGEST_SIZE];
        if (!read_line(line, address, &record, account)) {
            log_warn("budget",
                     "a damaged line of %s/budget is dropped: nothing is known of its account",
                     directory);
        } else if (is_accounts(&record, account, address)) {
            *into_record = record;
            search = BUDGET_RECORD_FOUND;
        }
    }
    return search;
}

/* Which of the other accounts' lines has to go: none (SIZE_MAX) while there is room. */
static size_t victim(struct slice rest, const char *address)
{
    size_t others = 0, harmless = SIZE_MAX;
    struct budget_record record;
    uint8_t account[DIGEST_SIZE];
    struct slice line;
    while (slice_line(&rest, &line)) {
        if (!read_line(line, address, &record, account) || is_accounts(&record, account, address))
            continue;
        if (harmless == SIZE_MAX && !budget_record_refuses(&record))
            harmless = others;
        others++;
    }
    if (others < BUDGET_ACCOUNTS_MAX)
        return SIZE_MAX;
    return harmless == SIZE_MAX ? 0 : harmless;
}

/* Moves what stays to the front of `bytes`, below the header. */
static struct text keep_others(struct slice rest, const char *address)
{
    struct budget_record record;
    uint8_t account[DIGEST_SIZE];
    struct slice line;
    size_t other = 0, gone = victim(rest, address);
    const size_t header_len = sizeof HEADER; /* the newline in the place of the terminator */
    struct text text = { .at = bytes, .size = sizeof bytes, .len = header_len };
    memcpy(bytes, HEADER "\n", header_len);
    while (slice_line(&rest, &line)) {
        if (!read_line(line, address, &record, account) || is_accounts(&record, account, address))
            continue;
        if (other++ == gone)
            continue;
        memmove(bytes + text.len, line.at, line.len);
        text.len += line.len;
        bytes[text.len++] = '\n';
    }
    return text;
}

bool budget_file_store(const char *directory, const char *address,
                       const struct budget_record *record)
{
    char path[PATH_MAX_LEN];
    struct slice rest;
    if (!load(directory, &rest) || !path_of(directory, path))
        return false;
    struct text text = keep_others(rest, address);
    if (!add_line(&text, address, record))
        return false;
    return port_file_replace(path, text.at, text.len, 0600) == FILE_DONE;
}
