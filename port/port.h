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

/* ---- waiting ---- */

struct port_poll {
    int descriptor;
    bool want_read, want_write;
    bool can_read,
        can_write; /* set by port_poll; an error or hang-up sets those that were wanted */
};

#define PORT_POLLS_MAX 64

/* Waits until one of count descriptors (at most PORT_POLLS_MAX; one that is -1 or not wanted is
   passed over) is ready or timeout_ms has passed (negative: for ever), or a signal came. Returns
   false when nothing was ready. */
bool port_poll(struct port_poll *polls, size_t count, int64_t timeout_ms);

/* True once SIGINT or SIGTERM has come; from then on port_poll waits no more. */
bool port_asked_to_stop(void);

/* ---- link facts ---- */

/* True when an interface that is up has an address of the family with which the internet can be
   reached, and there is a default route. Private IPv4 addresses count (there is NAT); unique local
   IPv6 addresses do not. */
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
   as in 0600. */
enum file_result port_file_replace(const char *path, const void *bytes, size_t size,
                                   uint32_t mode) PORT_MUST_USE;

/* Makes the directory (mode 0700) and its parents where they are missing. */
enum file_result port_directory_make(const char *path) PORT_MUST_USE;

/* Holds the lock of path until the program ends (path is made, mode 0600), waiting at most wait_ms
   for another holder. DENIED when that one keeps it. */
enum file_result port_lock(const char *path, int64_t wait_ms) PORT_MUST_USE;

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

bool port_is_root(void);

/* ---- the process itself ---- */

/* Writes one finished line of log, without its newline, to standard error. */
void port_log_line(const char *line);

/* The largest resident set of this process so far, in kB. */
long port_peak_kb(void);

#endif
