/* SPDX-License-Identifier: MIT */
/* Prints what c-ares, Paho and Expat, which Debian compiled against glibc, share with the C
 * library: the layout of structures, the numbers behind names, the bits of character classes.
 * test_layout.py compiles this against both libraries. A type that only the C library looks into
 * may be smaller in musl, never larger: those lines begin with "at most". */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/inotify.h>
#include <sys/random.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>

#define SIZE(type) printf(#type " %zu\n", sizeof(type))
#define MEMBER(type, member)                                                                       \
    printf(#type "." #member " %zu+%zu\n", offsetof(type, member), sizeof(((type *)0)->member))
#define OPAQUE(type) printf("at most " #type " %zu\n", sizeof(type))
#define NUMBER(name) printf(#name " %lld\n", (long long)(name))

static void structures(void)
{
    SIZE(struct addrinfo);
    MEMBER(struct addrinfo, ai_flags);
    MEMBER(struct addrinfo, ai_family);
    MEMBER(struct addrinfo, ai_socktype);
    MEMBER(struct addrinfo, ai_protocol);
    MEMBER(struct addrinfo, ai_addrlen);
    MEMBER(struct addrinfo, ai_addr);
    MEMBER(struct addrinfo, ai_canonname);
    MEMBER(struct addrinfo, ai_next);
    SIZE(struct sockaddr_in);
    MEMBER(struct sockaddr_in, sin_family);
    MEMBER(struct sockaddr_in, sin_port);
    MEMBER(struct sockaddr_in, sin_addr);
    SIZE(struct sockaddr_in6);
    MEMBER(struct sockaddr_in6, sin6_port);
    MEMBER(struct sockaddr_in6, sin6_addr);
    MEMBER(struct sockaddr_in6, sin6_scope_id);
    SIZE(struct sockaddr_storage);
    MEMBER(struct sockaddr_storage, ss_family);
    SIZE(struct servent);
    MEMBER(struct servent, s_name);
    MEMBER(struct servent, s_port);
    MEMBER(struct servent, s_proto);
    SIZE(struct ifaddrs);
    MEMBER(struct ifaddrs, ifa_next);
    MEMBER(struct ifaddrs, ifa_name);
    MEMBER(struct ifaddrs, ifa_flags);
    MEMBER(struct ifaddrs, ifa_addr);
    SIZE(struct dirent);
    MEMBER(struct dirent, d_type);
    MEMBER(struct dirent, d_name);
    SIZE(struct stat);
    MEMBER(struct stat, st_mode);
    MEMBER(struct stat, st_size);
    MEMBER(struct stat, st_mtim);
    SIZE(struct timeval);
    MEMBER(struct timeval, tv_usec);
    SIZE(struct timespec);
    MEMBER(struct timespec, tv_nsec);
    SIZE(struct tm);
    MEMBER(struct tm, tm_sec);
    MEMBER(struct tm, tm_year);
    MEMBER(struct tm, tm_isdst);
    SIZE(struct iovec);
    MEMBER(struct iovec, iov_len);
    SIZE(struct pollfd);
    MEMBER(struct pollfd, events);
    MEMBER(struct pollfd, revents);
    SIZE(struct epoll_event);
    MEMBER(struct epoll_event, data);
    SIZE(struct inotify_event);
    MEMBER(struct inotify_event, mask);
    MEMBER(struct inotify_event, len);
    SIZE(fd_set);
    SIZE(struct sigaction);
    MEMBER(struct sigaction, sa_handler);
    MEMBER(struct sigaction, sa_mask);
    MEMBER(struct sigaction, sa_flags);
    SIZE(socklen_t);
    SIZE(time_t);
    SIZE(off_t);
    SIZE(mode_t);
    SIZE(nfds_t);
    SIZE(pthread_t);
    SIZE(clockid_t);
    SIZE(wchar_t);
    OPAQUE(pthread_mutex_t);
    OPAQUE(pthread_mutexattr_t);
    OPAQUE(pthread_cond_t);
    OPAQUE(pthread_condattr_t);
    OPAQUE(pthread_attr_t);
    OPAQUE(sem_t);
}

static void numbers(void)
{
    NUMBER(AF_UNSPEC), NUMBER(AF_INET), NUMBER(AF_INET6), NUMBER(SOCK_STREAM), NUMBER(SOCK_DGRAM);
    NUMBER(SOCK_CLOEXEC), NUMBER(SOCK_NONBLOCK), NUMBER(IPPROTO_TCP), NUMBER(IPPROTO_UDP);
    NUMBER(SOL_SOCKET), NUMBER(SO_ERROR), NUMBER(SO_REUSEADDR), NUMBER(SO_SNDBUF),
        NUMBER(SO_RCVBUF);
    NUMBER(TCP_NODELAY), NUMBER(TCP_FASTOPEN_CONNECT);
    NUMBER(MSG_NOSIGNAL), NUMBER(MSG_FASTOPEN), NUMBER(MSG_DONTWAIT), NUMBER(SHUT_WR),
        NUMBER(SHUT_RDWR);
    NUMBER(SO_BINDTODEVICE), NUMBER(IPV6_V6ONLY), NUMBER(IFNAMSIZ), NUMBER(NI_NUMERICHOST);
    NUMBER(AI_PASSIVE), NUMBER(AI_ADDRCONFIG), NUMBER(AI_NUMERICHOST), NUMBER(EAI_NONAME),
        NUMBER(EAI_AGAIN);
    NUMBER(F_GETFL), NUMBER(F_SETFL), NUMBER(F_GETFD), NUMBER(F_SETFD), NUMBER(FD_CLOEXEC);
    NUMBER(O_RDONLY), NUMBER(O_NONBLOCK), NUMBER(O_CLOEXEC), NUMBER(O_CREAT), NUMBER(O_TRUNC);
    NUMBER(EAGAIN), NUMBER(EINPROGRESS), NUMBER(EINTR), NUMBER(ENOMEM), NUMBER(ECONNRESET),
        NUMBER(ETIMEDOUT);
    NUMBER(EADDRNOTAVAIL), NUMBER(ENETUNREACH), NUMBER(ENOENT), NUMBER(EINVAL), NUMBER(ENOTCONN),
        NUMBER(EEXIST);
    NUMBER(POLLIN), NUMBER(POLLOUT), NUMBER(POLLERR), NUMBER(POLLHUP), NUMBER(POLLNVAL);
    NUMBER(EPOLLIN), NUMBER(EPOLLOUT), NUMBER(EPOLL_CTL_ADD), NUMBER(EPOLL_CTL_DEL),
        NUMBER(EPOLL_CLOEXEC);
    NUMBER(IN_CREATE), NUMBER(IN_MODIFY), NUMBER(IN_MOVED_TO), NUMBER(IN_ONLYDIR),
        NUMBER(IN_CLOEXEC);
    NUMBER(IN_NONBLOCK);
    NUMBER(CLOCK_REALTIME), NUMBER(CLOCK_MONOTONIC), NUMBER(SIGPIPE), NUMBER(SEEK_SET),
        NUMBER(SEEK_END);
    NUMBER(PTHREAD_MUTEX_NORMAL), NUMBER(PTHREAD_MUTEX_RECURSIVE), NUMBER(PTHREAD_CREATE_DETACHED);
    NUMBER(DT_DIR), NUMBER(DT_REG), NUMBER(S_IFDIR), NUMBER(GRND_NONBLOCK), NUMBER(_IONBF),
        NUMBER(_IOFBF);
    NUMBER(FD_SETSIZE), NUMBER(EOF), NUMBER(RAND_MAX), NUMBER(SIG_IGN == (void (*)(int))1);
}

/* A lock that is only declared is used as it lies. */
static void initialisers(void)
{
    pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
    static const unsigned char zeroes[sizeof mutex + sizeof condition];
    printf("mutex of zeroes %d\n", memcmp(&mutex, zeroes, sizeof mutex) == 0);
    printf("condition of zeroes %d\n", memcmp(&condition, zeroes, sizeof condition) == 0);
}

/* glibc's <ctype.h> looks into a table itself: bit by bit it must say what the functions say. */
static void characters(void)
{
    extern const unsigned short **__ctype_b_loc(void);
    for (int byte = 0; byte < 128; byte++)
        printf("character %d %04x\n", byte, (unsigned)(*__ctype_b_loc())[byte]);
}

int main(void)
{
    structures();
    numbers();
    initialisers();
    characters();
    return 0;
}
