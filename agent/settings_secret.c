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

/* A file whose faults are told. */
struct secret_file {
    const char *path;
    size_t most; /* bytes of the secret */
    struct arena *arena;
    struct settings_trouble *trouble;
};

/* found: words, or NULL; mend: a format, whose %s is the path as it is pasted. */
static bool tell(const struct secret_file *file, const char *found, const char *wanted,
                 const char *mend)
{
    *file->trouble = (struct settings_trouble){
        .file = file->path,
        .key = "",
        .found = told(found),
        .wanted = wanted,
        .mend = told(text_format(file->arena, mend, shell_word(file->arena, file->path))),
    };
    return false;
}

/* The same, with a format for the path as `found`. */
static bool fault(const struct secret_file *file, const char *found, const char *wanted,
                  const char *mend)
{
    return tell(file, text_format(file->arena, found, file->path), wanted, mend);
}

static bool read_well(const struct secret_file *file, enum file_result result)
{
    switch (result) {
    case FILE_DONE:
        return true;
    case FILE_MISSING:
        return fault(file, "no file %s", "a file that holds the password, on one line",
                     "install -m 600 /dev/null %s, then write the password into it with an editor");
    case FILE_DENIED:
        return fault(file, "%s, which this user may not read",
                     "a file of the user that runs gatepost",
                     "run gatepost as the user whom `ls -l %s` names");
    case FILE_TOO_LONG:
        return tell(file,
                    text_format(file->arena, "more than %zu bytes in %s", file->most, file->path),
                    "the password alone, on one line", "remove all but the password from %s");
    case FILE_FULL:
    case FILE_TROUBLE:
        break;
    }
    return tell(file, text_format(file->arena, "%s cannot be read: %s", file->path, port_trouble()),
                "a file that can be read", "look at it: ls -l %s");
}

/* True where no other than the owner has access to it. */
static bool is_private(const struct secret_file *file, const struct file_facts *facts,
                       const char *wanted)
{
    if ((facts->mode & LOOSE_BITS) == 0)
        return true;
    return tell(file,
                text_format(file->arena,
                            "mode %04" PRIo32 " of %s: others than its owner have access",
                            facts->mode, file->path),
                wanted, "chmod 600 %s");
}

static bool judge_facts(const struct secret_file *file, const struct file_facts *facts)
{
    if (!facts->regular)
        return fault(file,
                     facts->directory ? "%s, which is a directory" : "%s, which is no regular file",
                     "a file that holds the password, on one line", "name the file itself");
    return is_private(file, facts, "a file that only its owner can read, mode 0600");
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

static bool judge_line(const struct secret_file *file, struct slice line)
{
    if (line.len == 0)
        return fault(file, "nothing in %s", "a password, on one line",
                     "write the password into %s");
    if (line.len > file->most)
        return read_well(file, FILE_TOO_LONG);
    if (has_control(line))
        return fault(file, "a second line, or a control character, in %s",
                     "the password alone, on one line", "remove all but the password from %s");
    /* An editor's doing, invisible to the person: it would be refused as a wrong password. */
    if (slice_starts(line, "\xEF\xBB\xBF"))
        return fault(file, "a byte order mark before the password in %s",
                     "the password alone, on one line", "sed -i '1s/^\\xEF\\xBB\\xBF//' %s");
    return true;
}

/* One line; room is for two bytes more than the secret may have. What was read is at the room's
   start, and its length 0 where it is not to be used. */
static size_t read_line(const struct secret_file *file, char *room)
{
    struct file_facts facts;
    size_t size = 0;
    if (!read_well(file, port_file_facts(file->path, &facts)) || !judge_facts(file, &facts))
        return 0;
    bool good = read_well(file, port_file_read(file->path, room, file->most + 2, &size));
    struct slice line = without_newline((struct slice){ room, size });
    return good && judge_line(file, line) ? line.len : 0;
}

bool settings_secret(const char *path, struct arena *arena, struct secret *into_secret,
                     struct settings_trouble *into_trouble)
{
    const struct secret_file file = { path, SECRET_MAX, arena, into_trouble };
    char room[SECRET_MAX + 2]; /* CR LF at the end */
    text_wipe(into_secret, sizeof *into_secret);
    into_secret->len = read_line(&file, room);
    memcpy(into_secret->bytes, room, into_secret->len);
    text_wipe(room, sizeof room);
    return into_secret->len > 0;
}

bool settings_token(const char *path, struct arena *arena, struct secret *into_token,
                    struct settings_trouble *into_trouble)
{
    const struct secret_file file = { path, TOKEN_MAX, arena, into_trouble };
    char room[TOKEN_MAX + 2]; /* as above */
    text_wipe(into_token, sizeof *into_token);
    into_token->len = read_line(&file, room);
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

bool settings_api_key(const char *path, struct arena *arena, struct api_key *into_key,
                      struct settings_trouble *into_trouble)
{
    const struct secret_file file = { path, SECRET_MAX, arena, into_trouble };
    text_wipe(into_key, sizeof *into_key);
    struct file_facts facts;
    if (!read_well(&file, port_file_facts(path, &facts)) || !judge_facts(&file, &facts))
        return false;
    char bytes[3 * (API_KEY_MAX + 2) + 2];
    size_t size = 0;
    bool read = port_file_read(path, bytes, sizeof bytes, &size) == FILE_DONE;
    bool good = read && cut_key((struct slice){ bytes, size }, into_key);
    text_wipe(bytes, sizeof bytes);
    if (good)
        return true;
    text_wipe(into_key, sizeof *into_key);
    return fault(&file, "something else in %s",
                 "application key, application secret and consumer key, one on each line",
                 "write these three lines into %s, with an editor");
}

bool settings_key(const char *path, struct arena *arena, struct settings_trouble *into_trouble)
{
    static const char wanted[] = "a PEM file of the private key, mode 0600";
    const struct secret_file file = { path, 0, arena, into_trouble };
    struct file_facts facts;
    enum file_result result = port_file_facts(path, &facts);
    if (result != FILE_DONE)
        return fault(&file, result == FILE_MISSING ? "no file %s" : "%s, out of reach", wanted,
                     "look at it: ls -l %s");
    if (!facts.regular)
        return fault(&file, "%s, which is no regular file", wanted, "name the file itself");
    return is_private(&file, &facts, wanted);
}
