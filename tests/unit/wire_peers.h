/* SPDX-License-Identifier: MIT */
/* Peers for the wire: openssl's own server, or the test itself; and the loop that drives a wire. */
#ifndef GATEPOST_WIRE_PEERS_H
#define GATEPOST_WIRE_PEERS_H

#include "authority.h"
#include "wire.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define PATIENCE_MS 20000 /* after that a peer counts as stuck and the test as failed */

static struct trust trust;

/* For a group of tests: certificates, and a trust in their root. */
static int begin_wires(void **state)
{
    (void)state;
    static char bundle[128];
    if (!wire_start() || make_certificates() != 0)
        return -1;
    (void)snprintf(bundle, sizeof bundle, "%s", path_of("root"));
    return trust_begin(&trust, bundle) ? 0 : -1;
}

static int finish_wires(void **state)
{
    (void)state;
    wire_finish();
    return remove_certificates();
}

struct server {
    pid_t pid;
    int words; /* what it prints */
    int keyboard;
    struct address address;
};

static struct address loopback(unsigned port)
{
    struct address address = { .family = FAMILY_V4, .bytes = { 127, 0, 0, 1 } };
    address.port = (uint16_t)port;
    return address;
}

/* Reads what the server prints until the line that tells its port. */
static void await_port(struct server *server)
{
    char said[4096] = "";
    size_t count = 0;
    ssize_t got;
    while ((got = read(server->words, said + count, sizeof said - 1 - count)) > 0) {
        count += (size_t)got;
        said[count] = '\0';
        const char *line = strstr(said, "ACCEPT 127.0.0.1:");
        if (line == NULL || strchr(line, '\n') == NULL)
            continue;
        server->address = loopback((unsigned)strtoul(line + strlen("ACCEPT 127.0.0.1:"), NULL, 10));
        return;
    }
    fail_msg("openssl s_server does not start: %s", said);
}

/* Starts openssl s_server with NAME.pem or NAME-chain.pem and more options, ended by NULL. */
static struct server serve(const char *name, ...)
{
    char certificate[64], chain[64], key[64];
    (void)snprintf(certificate, sizeof certificate, "%s.pem", name);
    (void)snprintf(chain, sizeof chain, "%s-chain.pem", name);
    (void)snprintf(key, sizeof key, "%s.key", name);
    const char *command[24] = { "openssl", "s_server",  "-accept", "127.0.0.1:0",
                                "-cert",   certificate, "-key",    key };
    size_t count = 8;
    char path[256];
    (void)snprintf(path, sizeof path, "%s/%s", directory, chain);
    if (access(path, R_OK) == 0) {
        command[count++] = "-cert_chain";
        command[count++] = chain;
    }
    va_list options;
    va_start(options, name);
    do
        command[count] = va_arg(options, const char *);
    while (command[count++] != NULL);
    va_end(options);

    int words[2], keyboard[2];
    assert_int_equal(pipe(words), 0);
    assert_int_equal(pipe(keyboard), 0);
    struct server server = { .pid = fork(), .words = words[0], .keyboard = keyboard[1] };
    assert_true(server.pid >= 0);
    if (server.pid == 0) {
        if (chdir(directory) != 0 || dup2(keyboard[0], 0) < 0 || dup2(words[1], 1) < 0 ||
            dup2(words[1], 2) < 0)
            _exit(1);
        (void)close(words[0]);
        (void)close(keyboard[1]);
        (void)execvp(command[0], (char *const *)command);
        _exit(1);
    }
    (void)close(words[1]);
    (void)close(keyboard[0]);
    await_port(&server);
    return server;
}

static void end(struct server *server)
{
    (void)kill(server->pid, SIGKILL);
    (void)waitpid(server->pid, NULL, 0);
    (void)close(server->words);
    (void)close(server->keyboard);
}

static void await(const struct wire *wire, enum io io)
{
    struct port_poll poll = { .descriptor = wire->descriptor,
                              .want_read = io == IO_READ,
                              .want_write = io == IO_WRITE };
    assert_true(port_poll(&poll, 1, PATIENCE_MS));
}

static bool is_waiting(enum io io)
{
    return io == IO_READ || io == IO_WRITE;
}

static enum io dial(struct wire *wire, const struct address *to)
{
    wire_begin(wire);
    enum io io;
    while (is_waiting(io = wire_dial(wire, to)))
        await(wire, io);
    return io;
}

static enum io secure(struct wire *wire, const char *host)
{
    enum io io;
    while (is_waiting(io = wire_secure(wire, host, &trust)))
        await(wire, io);
    return io;
}

/* Receives until the room is full or the stream ends. */
static size_t receive_all(struct wire *wire, char *into, size_t room)
{
    size_t count = 0;
    while (count < room) {
        size_t got;
        enum io io = wire_receive(wire, into + count, room - count, &got);
        if (io == IO_FAILED)
            return count;
        count += got;
        if (io != IO_DONE)
            await(wire, io);
    }
    return count;
}

#endif
