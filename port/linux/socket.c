/* SPDX-License-Identifier: MIT */
#include "../port.h"
#include "address.h"
#include "trouble.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#define DESCRIPTORS_MAX 1024 /* that this process ever has open at once */

static enum socket_result result_of(int error)
{
    switch (error) {
    case 0:
        return SOCKET_DONE;
    case EAGAIN:
    case EINTR:
    case EINPROGRESS:
        return SOCKET_WAIT;
    case ECONNREFUSED:
        return SOCKET_REFUSED;
    case ENETUNREACH:
    case EHOSTUNREACH:
    case ENETDOWN:
    case EHOSTDOWN:
    case ENONET:
    case EADDRNOTAVAIL:
    case EAFNOSUPPORT:
    case EACCES: /* a route of type prohibit, an answer "administratively prohibited" */
    case EPERM:  /* a packet filter of this device */
        return SOCKET_UNREACHABLE;
    case ECONNRESET:
    case ECONNABORTED:
    case EPIPE:
    case ETIMEDOUT:
        return SOCKET_RESET;
    default:
        trouble_note(error);
        return SOCKET_FAILED;
    }
}

/* connect() has causes of its own for what is known by other names later. */
static enum socket_result result_of_connect(int error)
{
    switch (error) {
    case EAGAIN: /* no local port is left; it is not a reason to wait for this descriptor */
        trouble_note(error);
        return SOCKET_FAILED;
    case EINVAL: /* a route of type blackhole; a link-local address, which needs to name its link */
        return SOCKET_UNREACHABLE;
    default:
        return result_of(error);
    }
}

enum socket_result port_socket_connect(const struct address *to, int *into_descriptor)
{
    struct sockaddr_storage peer;
    socklen_t size = address_to_system(to, &peer);
    int type = SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC;
    int descriptor = socket(peer.ss_family, type, 0);
    if (descriptor < 0)
        return result_of(errno);
    /* Without it only slower: a conversation of short lines would wait for acknowledgements. */
    (void)setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &(int){ 1 }, sizeof(int));
    int failed = connect(descriptor, (const struct sockaddr *)&peer, size);
    enum socket_result result = failed ? result_of_connect(errno) : SOCKET_DONE;
    if (result == SOCKET_DONE || result == SOCKET_WAIT)
        *into_descriptor = descriptor;
    else
        port_socket_close(descriptor);
    return result;
}

enum socket_result port_socket_connected(int descriptor)
{
    /* SO_ERROR is 0 too while the connect is still under way. */
    struct pollfd progress = { .fd = descriptor, .events = POLLOUT };
    if (poll(&progress, 1, 0) == 0)
        return SOCKET_WAIT;
    int error = 0;
    socklen_t size = sizeof error;
    if (getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &size) != 0)
        return result_of(errno);
    return result_of_connect(error);
}

enum socket_result port_socket_send(int descriptor, const void *bytes, size_t size,
                                    size_t *into_sent)
{
    ssize_t sent = send(descriptor, bytes, size, MSG_NOSIGNAL);
    if (sent < 0)
        return result_of(errno);
    *into_sent = (size_t)sent;
    return SOCKET_DONE;
}

enum socket_result port_socket_receive(int descriptor, void *into, size_t size, size_t *into_got)
{
    ssize_t got = recv(descriptor, into, size, 0);
    if (got < 0)
        return result_of(errno);
    if (got == 0)
        return SOCKET_CLOSED;
    /* Many servers send a session ticket and keep back the reply to our next line until that is
       acknowledged. The system does so with our line after that, or in 40 ms. */
    (void)setsockopt(descriptor, IPPROTO_TCP, TCP_QUICKACK, &(int){ 1 }, sizeof(int));
    *into_got = (size_t)got;
    return SOCKET_DONE;
}

static int bind_local(int descriptor, uint16_t *into_port)
{
    struct sockaddr_in here = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t size = sizeof here;
    if (bind(descriptor, (const struct sockaddr *)&here, size) != 0 ||
        listen(descriptor, SOMAXCONN) != 0 ||
        getsockname(descriptor, (struct sockaddr *)&here, &size) != 0)
        return errno;
    *into_port = ntohs(here.sin_port);
    return 0;
}

enum socket_result port_socket_listen(uint16_t *into_port, int *into_descriptor)
{
    int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    int error = descriptor < 0 ? errno : bind_local(descriptor, into_port);
    if (error == 0) {
        *into_descriptor = descriptor;
        return SOCKET_DONE;
    }
    if (descriptor >= 0)
        port_socket_close(descriptor);
    trouble_note(error);
    return SOCKET_FAILED;
}

enum socket_result port_socket_accept(int listener, int *into_descriptor)
{
    int descriptor = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (descriptor < 0 && errno == ECONNABORTED)
        return SOCKET_WAIT; /* who called has gone: the next one is told anew */
    if (descriptor < 0)
        return result_of(errno);
    (void)setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &(int){ 1 }, sizeof(int));
    *into_descriptor = descriptor;
    return SOCKET_DONE;
}

static bool same_end(const struct sockaddr_in *a, const struct sockaddr_in *b)
{
    return a->sin_family == AF_INET && b->sin_family == AF_INET && a->sin_port == b->sin_port &&
           a->sin_addr.s_addr == b->sin_addr.s_addr;
}

/* Both addresses of a connection have one owner each: if some descriptor of ours has the caller's
   address for its own and this one's for its peer, the caller is us. */
bool port_socket_is_own(int descriptor)
{
    struct sockaddr_in here, there, own, peer;
    socklen_t size = sizeof here;
    if (getsockname(descriptor, (struct sockaddr *)&here, &size) != 0)
        return false;
    size = sizeof there;
    if (getpeername(descriptor, (struct sockaddr *)&there, &size) != 0)
        return false;
    for (int other = 0; other < DESCRIPTORS_MAX; other++) {
        socklen_t own_size = sizeof own, peer_size = sizeof peer;
        if (getsockname(other, (struct sockaddr *)&own, &own_size) == 0 && same_end(&own, &there) &&
            getpeername(other, (struct sockaddr *)&peer, &peer_size) == 0 && same_end(&peer, &here))
            return true;
    }
    return false;
}

void port_socket_close(int descriptor)
{
    (void)close(descriptor); /* the descriptor is free whatever close says */
}
