/* SPDX-License-Identifier: MIT */
#include "changes_file.h"

#include "../port/port.h"
#include "checksum.h"
#include "log.h"

#include <inttypes.h>
#include <string.h>

#define HEADER     "gatepost changes 1 "
#define HEADER_LEN (sizeof HEADER + 8) /* 8 hex digits and a newline, no terminator */
#define CHECKS_MAX 3                   /* written of one finding */

/* The whole file; too large for the stack. Not in use between two calls. */
static char bytes[CHANGES_FILE_MAX + 1];

/* ---- writing ---- */

/* A finding that more checks had is cleared by these alone after a restart. */
static void add_checks(struct text *text, check_set checks)
{
    int written = 0;
    for (enum check check = 0; check < CHECK_COUNT && written < CHECKS_MAX; check++)
        if (checks & CHECK_BIT(check))
            text_add_format(text, "%s%s", written++ > 0 ? "+" : "", check_row(check)->slug);
}

static void add_account(struct text *text, const struct changes_account *account)
{
    text_add_format(text, "%s\t%s\t%" PRId64 "\t%s", account->address,
                    status_name(account->verdict), account->since_ms,
                    cost_name(account->unknown_cost));
    text_add_format(text, "\t=%" PRId64, account->mark_ms);
    for (size_t i = 0; i < account->raised_count; i++) {
        const struct changes_raised *raised = &account->raised[i];
        text_add_format(text, "\t%s@%" PRId64 ":", finding_row(raised->finding)->slug,
                        raised->since_ms);
        add_checks(text, raised->checks);
    }
    text_add_string(text, "\n");
}

/* The first line, with the sum of those below it. */
static void write_header(struct slice lines, char into[HEADER_LEN + 1])
{
    text_put_format(into, HEADER_LEN + 1, HEADER "%08" PRIx32 "\n", checksum_crc32(lines));
}

bool changes_file_write(const struct changes *changes)
{
    struct text text;
    text_begin(&text, bytes + HEADER_LEN, sizeof bytes - HEADER_LEN);
    for (size_t i = 0; i < SETTINGS_ACCOUNTS_MAX; i++)
        if (changes->accounts[i].address[0] != '\0')
            add_account(&text, &changes->accounts[i]);
    if (text.overflow)
        return false;
    char line[HEADER_LEN + 1];
    write_header(text_slice(&text), line);
    memcpy(bytes, line, HEADER_LEN);
    return port_file_replace(changes->path, bytes, HEADER_LEN + text.len, 0600) == FILE_DONE;
}

/* ---- reading ---- */

static bool read_status(struct slice name, enum status *into_status)
{
    static const enum status verdicts[] = { STATUS_PENDING, STATUS_OK, STATUS_WARNING,
                                            STATUS_FAILED, STATUS_UNKNOWN };
    for (size_t i = 0; i < sizeof verdicts / sizeof *verdicts; i++)
        if (slice_is(name, status_name(verdicts[i]))) {
            *into_status = verdicts[i];
            return true;
        }
    return false;
}

static enum cost read_cost(struct slice name)
{
    for (enum cost cost = COST_LIGHT; cost < COST_LOOP; cost++)
        if (slice_is(name, cost_name(cost)))
            return cost;
    return COST_LOOP;
}

static bool read_mark(struct slice field, struct changes_account *account)
{
    return slice_starts(field, "=") && slice_milliseconds(slice_from(field, 1), &account->mark_ms);
}

/* A finding or check that this version does not have is left out. */
static void read_raised(struct slice field, struct changes_account *account)
{
    struct slice rest = field, slug, time, name;
    struct changes_raised raised = { .finding = NO_FINDING };
    if (!slice_cut(&rest, '@', &slug) || !slice_cut(&rest, ':', &time) ||
        !slice_milliseconds(time, &raised.since_ms) || account->raised_count == CHANGES_RAISED_MAX)
        return;
    raised.finding = finding_find(slug);
    while (slice_cut(&rest, '+', &name)) {
        enum check check = check_find(name);
        raised.checks |= check < CHECK_COUNT ? CHECK_BIT(check) : 0;
    }
    if (raised.finding != NO_FINDING && raised.checks != 0)
        account->raised[account->raised_count++] = raised;
}

static bool read_account(struct slice line, struct changes_account *into_account)
{
    struct slice rest = line, address, verdict, since, cost, field;
    struct changes_account account = { .raised_count = 0 };
    if (!slice_cut(&rest, '\t', &address) || !slice_cut(&rest, '\t', &verdict) ||
        !slice_cut(&rest, '\t', &since) || !slice_cut(&rest, '\t', &cost))
        return false;
    if (address.len == 0 || address.len >= sizeof account.address ||
        !read_status(verdict, &account.verdict) || !slice_milliseconds(since, &account.since_ms))
        return false;
    text_put(account.address, sizeof account.address, address);
    account.unknown_cost = read_cost(cost);
    account.unknown_runs = account.verdict == STATUS_UNKNOWN ? CHANGES_UNKNOWN_RUNS : 0;
    while (slice_cut(&rest, '\t', &field))
        if (!read_mark(field, &account))
            read_raised(field, &account);
    *into_account = account;
    return true;
}

static bool is_whole(struct slice file)
{
    char line[HEADER_LEN + 1];
    write_header(slice_from(file, HEADER_LEN), line);
    return slice_starts(file, line);
}

void changes_file_read(struct changes *changes)
{
    size_t size = 0, count = 0;
    enum file_result result = port_file_read(changes->path, bytes, CHANGES_FILE_MAX, &size);
    struct slice file = { bytes, size }, line;
    if (result == FILE_MISSING)
        return;
    if (result != FILE_DONE || !is_whole(file)) {
        log_warn("changes", "%s cannot be read or is damaged; findings are told anew",
                 changes->path);
        return;
    }
    struct slice rest = slice_from(file, HEADER_LEN);
    while (count < SETTINGS_ACCOUNTS_MAX && slice_line(&rest, &line))
        if (read_account(line, &changes->accounts[count]))
            count++;
}
