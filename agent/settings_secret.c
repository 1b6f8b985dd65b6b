/* SPDX-License-Identifier: MIT */
#include "settings.h"

#include <inttypes.h>
#include <string.h>

#define API_KEY_MAX 128  /* bytes of one of three keys; 32 are usual */
#define LOOSE_BITS  077u /* of a mode: what group and others may */

static const char *told(const char *words)
{
    return words == NULL ? "" : words; /* the arena is full */
}

static bool is_safe_in_shell(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c != '\0' && strchr("/._-+,:@%=", c) != NULL);
}

/* A path as it is written in a command that a person can paste; it may hold blanks and quotes. */
static const char *shell_word(struct arena *arena, const char *path)
{
    struct slice rest = slice_of(path), part;
    size_t safe = 0;
    while (safe < rest.len && is_safe_in_shell(path[safe]))
        safe++;
    if (safe == rest.len)
        return path;
    size_t size = 4 * rest.len + 3; /* a quote becomes '\'' */
    char *room = arena_take(arena, size);
    if (room == NULL)
        return "";
    struct text word;
    text_begin(&word, room, size);
    text_add_string(&word, "'");
    for (size_t taken = 0; slice_cut(&rest, '\'', &part);) {
        taken += part.len + 1;
        text_add(&word, part);
        if (taken <= strlen(path))
            text_add_string(&word, "'\\''");
    }
    text_add_string(&word, "'");
    return word.at;
}

static bool fault(struct settings_trouble *into_trouble, const char *file, const char *found,
                  const char *wanted, const char *mend)
{
    *into_trouble = (struct settings_trouble){
        .file = file,
        .key = "",
        .found = told(found),
        .wanted = wanted,
        .mend = told(mend),
    };
    return false;
}

static bool read_well(enum file_result result, const char *file, size_t most, struct arena *arena,
                      struct settings_trouble *into_trouble)
{
    const char *word = shell_word(arena, file);
    switch (result) {
    case FILE_DONE:
        return true;
    case FILE_MISSING:
        return fault(into_trouble, file, text_format(arena, "no file %s", file),
                     "a file that holds the password, on one line",
                     text_format(arena,
                                 "install -m 600 /dev/null %s, then write the password into it "
                                 "with an editor",
                                 word));
    case FILE_DENIED:
        return fault(into_trouble, file,
                     text_format(arena, "%s, which this user may not read", file),
                     "a file of the user that runs gatepost",
                     text_format(arena, "run gatepost as the user whom `ls -l %s` names", word));
    case FILE_TOO_LONG:
        return fault(into_trouble, file,
                     text_format(arena, "more than %zu bytes in %s", most, file),
                     "the password alone, on one line",
                     text_format(arena, "remove all but the password from %s", word));
    case FILE_FULL:
    case FILE_TROUBLE:
        break;
    }
    return fault(into_trouble, file,
                 text_format(arena, "%s cannot be read: %s", file, port_trouble()),
                 "a file that can be read", text_format(arena, "look at it: ls -l %s", word));
}

static const char *loose_mode(const struct file_facts *facts, const char *file, struct arena *arena)
{
    return text_format(arena, "mode %04" PRIo32 " of %s: others than its owner have access",
                       facts->mode, file);
}

static bool judge_facts(const struct file_facts *facts, const char *file, struct arena *arena,
                        struct settings_trouble *into_trouble)
{
    if (!facts->regular)
        return fault(into_trouble, file,
                     text_format(arena,
                                 facts->directory ? "%s, which is a directory"
                                                  : "%s, which is no regular file",
                                 file),
                     "a file that holds the password, on one line", "name the file itself");
    if ((facts->mode & LOOSE_BITS) != 0)
        return fault(into_trouble, file, loose_mode(facts, file, arena),
                     "a file that only its owner can read, mode 0600",
                     text_format(arena, "chmod 600 %s", shell_word(arena, file)));
    return true;
}

static struct slice without_newline(struct slice line)
{
    if (line.len > 0 && line.at[line.len - 1] == '\n')
        line.len--;
    else
        return line;
    if (line.len > 0 && line.at[line.len - 1] == '\r')
        line.len--;
    return line;
}

static bool has_control(struct slice line)
{
    for (size_t i = 0; i < line.len; i++)
        if ((unsigned char)line.at[i] < 0x20 || line.at[i] == 0x7F)
            return true;
    return false;
}

static bool judge_line(struct slice line, const char *file, size_t most, struct arena *arena,
                       struct settings_trouble *into_trouble)
{
    const char *word = shell_word(arena, file);
    if (line.len == 0)
        return fault(into_trouble, file, text_format(arena, "nothing in %s", file),
                     "a password, on one line",
                     text_format(arena, "write the password into %s", word));
    if (line.len > most)
        return read_well(FILE_TOO_LONG, file, most, arena, into_trouble);
    if (has_control(line))
        return fault(into_trouble, file,
                     text_format(arena, "a second line, or a control character, in %s", file),
                     "the password alone, on one line",
                     text_format(arena, "remove all but the password from %s", word));
    /* An editor's doing, invisible to the person: it would be refused as a wrong password. */
    if (slice_starts(line, "\xEF\xBB\xBF"))
        return fault(into_trouble, file,
                     text_format(arena, "a byte order mark before the password in %s", file),
                     "the password alone, on one line",
                     text_format(arena, "sed -i '1s/^\\xEF\\xBB\\xBF//' %s", word));
    return true;
}

/* One line of at most `most` bytes; room is for two more. What was read is at the room's start, and
   its length 0 where it is not to be used. */
static size_t read_line(const char *file, char *room, size_t most, struct arena *arena,
                        struct settings_trouble *into_trouble)
{
    struct file_facts facts;
    size_t size = 0;
    if (!read_well(port_file_facts(file, &facts), file, most, arena, into_trouble) ||
        !judge_facts(&facts, file, arena, into_trouble))
        return 0;
    bool good =
        read_well(port_file_read(file, room, most + 2, &size), file, most, arena, into_trouble);
    struct slice line = without_newline((struct slice){ room, size });
    return good && judge_line(line, file, most, arena, into_trouble) ? line.len : 0;
}

bool settings_secret(const char *file, struct arena *arena, struct secret *into_secret,
                     struct settings_trouble *into_trouble)
{
    char room[SECRET_MAX + 2]; /* CR LF at the end */
    text_wipe(into_secret, sizeof *into_secret);
    into_secret->len = read_line(file, room, SECRET_MAX, arena, into_trouble);
    memcpy(into_secret->bytes, room, into_secret->len);
    text_wipe(room, sizeof room);
    return into_secret->len > 0;
}

bool settings_token(const char *file, struct arena *arena, struct secret *into_token,
                    struct settings_trouble *into_trouble)
{
    char room[TOKEN_MAX + 2]; /* as above */
    text_wipe(into_token, sizeof *into_token);
    into_token->len = read_line(file, room, TOKEN_MAX, arena, into_trouble);
    memcpy(into_token->bytes, room, into_token->len);
    text_wipe(room, sizeof room);
    return into_token->len > 0;
}

settings_secret_fn *settings_secret_reader(const struct account_settings *account)
{
    return account->auth == AUTH_OAUTH_REFRESH ? settings_token : settings_secret;
}

/* Three lines and nothing else; an empty one at the end is an editor's. */
static bool cut_key(struct slice rest, struct api_key *into_key)
{
    struct secret *const parts[] = { &into_key->application, &into_key->secret,
                                     &into_key->consumer };
    struct slice line;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (!slice_line(&rest, &line) || line.len == 0 || line.len > API_KEY_MAX ||
            has_control(line))
            return false;
        memcpy(parts[i]->bytes, line.at, line.len);
        parts[i]->len = line.len;
    }
    return slice_trim(rest).len == 0;
}

bool settings_api_key(const char *file, struct arena *arena, struct api_key *into_key,
                      struct settings_trouble *into_trouble)
{
    text_wipe(into_key, sizeof *into_key);
    struct file_facts facts;
    if (!read_well(port_file_facts(file, &facts), file, SECRET_MAX, arena, into_trouble) ||
        !judge_facts(&facts, file, arena, into_trouble))
        return false;
    char bytes[3 * (API_KEY_MAX + 2) + 2];
    size_t size = 0;
    bool read = port_file_read(file, bytes, sizeof bytes, &size) == FILE_DONE;
    bool good = read && cut_key((struct slice){ bytes, size }, into_key);
    text_wipe(bytes, sizeof bytes);
    if (good)
        return true;
    text_wipe(into_key, sizeof *into_key);
    return fault(into_trouble, file, text_format(arena, "something else in %s", file),
                 "application key, application secret and consumer key, one on each line",
                 text_format(arena, "write these three lines into %s, with an editor",
                             shell_word(arena, file)));
}

bool settings_key(const char *file, struct arena *arena, struct settings_trouble *into_trouble)
{
    static const char wanted[] = "a PEM file of the private key, mode 0600";
    struct file_facts facts;
    const char *word = shell_word(arena, file);
    enum file_result result = port_file_facts(file, &facts);
    if (result != FILE_DONE)
        return fault(
            into_trouble, file,
            text_format(arena, result == FILE_MISSING ? "no file %s" : "%s, out of reach", file),
            wanted, text_format(arena, "look at it: ls -l %s", word));
    if (!facts.regular)
        return fault(into_trouble, file, text_format(arena, "%s, which is no regular file", file),
                     wanted, "name the file itself");
    if ((facts.mode & LOOSE_BITS) != 0)
        return fault(into_trouble, file, loose_mode(&facts, file, arena), wanted,
                     text_format(arena, "chmod 600 %s", word));
    return true;
}
