/* SPDX-License-Identifier: MIT */
/* The whole platform contract. port/linux implements it for the product, tests/fake for tests. The
   functions are linked, not looked up. Nothing above port/ sees errno, a socket type or a system
   header. */
#ifndef GATEPOST_PORT_H
#define GATEPOST_PORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PORT_MUST_USE __attribute__((warn_unused_result))

/* ---- start ---- */

/* Called first in main, once. Forbids core files and tracing of this process, so that no secret
   leaves by them; opens /dev/null in place of a standard descriptor that is closed; ignores
   SIGPIPE; makes SIGINT and SIGTERM set port_asked_to_stop. Stops the program where the system has
   no room even for that. */
void port_start(void);

/* ---- time ---- */

/* Monotonic milliseconds since some fixed moment. Never goes back. */
int64_t port_now_ms(void);

/* Wall clock, milliseconds since 1970-01-01T00:00:00Z. May be wrong: see port_wall_trusted. */
int64_t port_wall_ms(void);

/* False when the wall clock is before the program was built: unset, so no certificate date can be
   judged. */
bool port_wall_trusted(void);

/* ---- randomness ---- */

/* Fills size bytes from the system's generator, or stops the program: there is no weaker source. */
void port_random(void *into, size_t size);

/* ---- addresses and sockets ---- */

enum family { FAMILY_V4, FAMILY_V6 };
#define FAMILIES 2

struct address {
    enum family family;
    uint8_t bytes[16]; /* network order; the first 4 for FAMILY_V4 */
    uint16_t port;     /* host order */
};

#define ADDRESS_TEXT_MAX 46 /* terminator included */

/* The address without its port, as text ("192.0.2.1", "2001:db8::1"). */
void port_address_text(const struct address *address, char into[ADDRESS_TEXT_MAX]);

/* Reads an address of either family; the port is left 0. False when the text is none. */
bool port_address_read(const char *text, struct address *into_address);

enum socket_result {
    SOCKET_DONE,
    SOCKET_WAIT,        /* would block: wait for readable or writable and call again */
    SOCKET_CLOSED,      /* the peer closed its side in order */
    SOCKET_REFUSED,     /* RST to our SYN */
    SOCKET_UNREACHABLE, /* no route, network or host unreachable, no address of this family */
    SOCKET_RESET,       /* RST later, or the kernel gave up on the connection */
    SOCKET_FAILED,      /* this device: out of descriptors or memory */
};

/* Begins a TCP connection without blocking and gives its descriptor, which the caller closes with
   port_socket_close. DONE or WAIT with a descriptor; anything else without one. */
enum socket_result port_socket_connect(const struct address *to,
                                       int *into_descriptor) PORT_MUST_USE;

/* What became of a connect that had to WAIT; call when writable. */
enum socket_result port_socket_connected(int descriptor) PORT_MUST_USE;

/* Sends or receives at least one byte, or says why not. Never raises SIGPIPE. size is at least 1.
 */
enum socket_result port_socket_send(int descriptor, const void *bytes, size_t size,
                                    size_t *into_sent) PORT_MUST_USE;
enum socket_result port_socket_receive(int descriptor, void *into, size_t size,
                                       size_t *into_got) PORT_MUST_USE;

void port_socket_close(int descriptor);

/* Listens on 127.0.0.1, at a free port that it tells. DONE with a descriptor, or FAILED. */
enum socket_result port_socket_listen(uint16_t *into_port, int *into_descriptor) PORT_MUST_USE;

/* Takes one caller of a listening descriptor. DONE with a descriptor, WAIT when nobody calls,
   FAILED. */
enum socket_result port_socket_accept(int listener, int *into_descriptor) PORT_MUST_USE;

/* True when the other end of an accepted connection is a socket of this very process. */
bool port_socket_is_own(int descriptor);

/* ---- notes from other threads ---- */

/* The threads of a library leave notes for ours: a queue that the kernel keeps. */
#define PORT_NOTE_MAX 512 /* bytes of a note; all notes of a queue have one size */

struct port_notes {
    int out, in; /* out: to be watched, readable while there are notes; -1 when closed */
};

/* Opens a queue, with room for at least 4096 bytes of notes. False when there is no descriptor
   left. */
bool port_notes_open(struct port_notes *into_notes) PORT_MUST_USE;

/* Leaves a note, whole or not at all, without waiting; from any thread. False when there is no
   room. */
bool port_note_leave(const struct port_notes *notes, const void *note, size_t size) PORT_MUST_USE;

/* Takes the oldest note. False when there is none. */
bool port_note_take(const struct port_notes *notes, void *into, size_t size) PORT_MUST_USE;

void port_notes_close(struct port_notes *notes);

/* ---- waiting ---- */

struct port_poll {
    int descriptor;
    bool want_read, want_write;
    bool can_read,
        can_write; /* set by port_poll; an error or hang-up sets those that were wanted */
};

#define PORT_POLLS_MAX 96

/* Waits until one of count descriptors (at most PORT_POLLS_MAX; one that is -1 or not wanted is
   passed over) is ready or timeout_ms has passed (negative: for ever), or a signal came. Returns
   false when nothing was ready. */
bool port_poll(struct port_poll *polls, size_t count, int64_t timeout_ms);

/* True once SIGINT or SIGTERM has come; from then on port_poll waits no more. */
bool port_asked_to_stop(void);

/* Takes note of the wish to end, so that what is done to end in order can wait for descriptors
   again. The next SIGINT or SIGTERM counts anew. */
void port_stop_noted(void);

/* From now on SIGHUP does not end the program: it ends port_poll's waiting, and
   port_asked_to_reload is true once after it. */
void port_catch_reload(void);
bool port_asked_to_reload(void);

/* ---- link facts ---- */

struct link_facts {
    bool up;      /* an interface beside loopback is up and has a carrier */
    bool address; /* one that is up has an address of the family with which the internet can be
                     reached: private IPv4 addresses count (there is NAT), unique local IPv6
                     addresses do not */
    bool route;   /* the main routing table has a default route that leads somewhere */
};

void port_link_facts(enum family family, struct link_facts *into_facts);

/* True when there are such an address and such a route. */
bool port_family_usable(enum family family);

/* The system's resolvers (in its order, port 53), at most room of them; returns how many. */
size_t port_resolvers(struct address *into, size_t room);

/* The host's name, cut to fit. */
void port_host_name(char *into, size_t size);

/* ---- files ---- */

enum file_result {
    FILE_DONE,
    FILE_MISSING,  /* it, or a directory of its path, does not exist */
    FILE_DENIED,   /* permissions, or a read-only file system */
    FILE_TOO_LONG, /* more bytes than there is room for; nothing was read */
    FILE_FULL,     /* no space left */
    FILE_TROUBLE,  /* anything else; port_trouble() has the words */
};

struct file_facts {
    uint32_t mode; /* permission bits */
    bool owned;    /* by the user that this process runs as, or by root */
    bool regular;
    bool directory;
    uint64_t size; /* bytes */
};

/* Facts of what path names, links followed. */
enum file_result port_file_facts(const char *path, struct file_facts *into_facts) PORT_MUST_USE;

/* Reads a whole file of at most room bytes. */
enum file_result port_file_read(const char *path, void *into, size_t room,
                                size_t *into_size) PORT_MUST_USE;

/* Reads up to room bytes at offset; *into_size is 0 at the end. */
enum file_result port_file_read_at(const char *path, uint64_t offset, void *into, size_t room,
                                   size_t *into_size) PORT_MUST_USE;

/* Replaces a regular file as a whole: after a power cut there is the old one or the new one. mode
   as in 0600. A file that root makes in another user's directory is that user's. */
enum file_result port_file_replace(const char *path, const void *bytes, size_t size,
                                   uint32_t mode) PORT_MUST_USE;

/* Appends to a regular file, which is made with that mode where it is missing. sync: when the call
   returns, all that was ever appended to it is on disk, and so is its name. Otherwise the system
   writes it when it likes, and after a power cut its end may be missing or hold other bytes. A call
   that fails may have appended a part. */
enum file_result port_file_append(const char *path, const void *bytes, size_t size, uint32_t mode,
                                  bool sync) PORT_MUST_USE;

/* Gives a file the name of another one of the same directory, which it replaces: after a power cut
   that name means the one or the other. On disk when the call returns. */
enum file_result port_file_rename(const char *from, const char *to) PORT_MUST_USE;

/* Removes a file. MISSING when it was not there. */
enum file_result port_file_remove(const char *path);

/* Makes the directory (mode 0700) and its parents where they are missing. */
enum file_result port_directory_make(const char *path) PORT_MUST_USE;

#define PORT_LOCKS_MAX 4 /* held at once */

/* Holds the lock of path until port_unlock or the program's end (path is made, mode 0600), waiting
   at most wait_ms for another holder. DENIED when that one keeps it. */
enum file_result port_lock(const char *path, int64_t wait_ms) PORT_MUST_USE;

/* Gives the lock of path back; one that is not held is left alone. */
void port_unlock(const char *path);

/* The path as it is from the root directory on, links followed. */
enum file_result port_path_absolute(const char *path, char *into, size_t size) PORT_MUST_USE;

/* The system's words for the last FILE_TROUBLE or SOCKET_FAILED; the next call overwrites them. */
const char *port_trouble(void);

#define PORT_NAME_MAX 64 /* of a file in a listed directory, terminator included */

/* The names of the regular files in a directory, in the order of their bytes, at most room of them;
   returns how many. Longer names are passed over; 0 also for a directory that cannot be read. */
size_t port_directory_list(const char *path, char (*into)[PORT_NAME_MAX], size_t room);

/* ---- the person at the terminal ---- */

bool port_is_terminal(int descriptor); /* 0 standard input, 1 output, 2 error */

/* The terminal's width in columns, or 80. */
int port_terminal_columns(void);

/* Asks on the terminal, not on standard output, and reads a line without echo. False when there is
   no terminal, the line is empty or longer than the room (terminator included), or the person gave
   up; then into is wiped. The echo is on again afterwards, also after SIGINT or SIGTERM. */
bool port_ask_secret(const char *prompt, char *into, size_t size);

/* The value of an environment variable or NULL. Used for HOME, XDG_STATE_HOME, LANG, LC_ALL,
   LC_MESSAGES, NO_COLOR and TERM only, never for a secret. */
const char *port_environment(const char *name);

/* Takes a variable out of the environment, so that no library is led by it. Call before the
   process has a second thread. */
void port_environment_forget(const char *name);

bool port_is_root(void);

/* ---- the process itself ---- */

/* Writes one finished line of log, without its newline, to standard error. */
void port_log_line(const char *line);

/* How much a line matters, as syslog numbers it (RFC 5424 section 6.2.1). */
enum severity { SEVERITY_ERROR = 3, SEVERITY_WARNING = 4, SEVERITY_INFO = 6, SEVERITY_DEBUG = 7 };

/* Writes one finished line of log to standard error, where systemd reads that with the severity in
   the form it knows; or to the system's log after port_log_to_system(true). */
void port_log(enum severity severity, const char *line);
void port_log_to_system(bool wanted);

/* ---- a service ---- */

enum become {
    BECOME_DONE,    /* also where the process was not root's to begin with */
    BECOME_UNKNOWN, /* there is no such user */
    BECOME_FAILED,  /* port_trouble() has the words */
};

/* Leaves root for good: gives the directory (made where it is missing) and the files in it to the
   user, then takes the user's id, group and nothing else. */
enum become port_become(const char *user, const char *directory) PORT_MUST_USE;

/* What a service does once: files that it makes are nobody else's to read, and no directory is kept
   from being unmounted. */
void port_settle(void);

/* Tells the service manager (sd_notify(3): "READY=1"), where there is one. */
void port_notify(const char *words);

/* How often the service manager wants to hear "WATCHDOG=1"; 0: never. */
int64_t port_watchdog_ms(void);

/* Gives the whole pages within this memory back to the system until they are used again. What they
   held is lost; it reads as nothing in particular. */
void port_give_back(void *memory, size_t size);

/* The same for the program's own code and constants, which come back from its file by themselves:
   before a long rest. */
void port_give_back_program(void);

/* The largest resident set of this process so far, in kB. */
long port_peak_kb(void);

#endif
