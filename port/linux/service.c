/* SPDX-License-Identifier: MIT */
#include "../port.h"
#include "trouble.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/* ---- leaving root ---- */

/* Links are not followed: whoever could write there before must not be given what they lead to. */
static int give_files(int directory, const struct passwd *user)
{
    DIR *listed = fdopendir(directory);
    if (listed == NULL) {
        int error = errno;
        (void)close(directory); /* it was only read */
        return error;
    }
    int error = fchown(directory, user->pw_uid, user->pw_gid) == 0 ? 0 : errno;
    const struct dirent *entry;
    while (error == 0 && (entry = readdir(listed)) != NULL) {
        struct stat facts;
        if (fstatat(directory, entry->d_name, &facts, AT_SYMLINK_NOFOLLOW) != 0 ||
            !S_ISREG(facts.st_mode) || facts.st_nlink != 1)
            continue;
        if (fchownat(directory, entry->d_name, user->pw_uid, user->pw_gid, AT_SYMLINK_NOFOLLOW) !=
            0)
            error = errno;
    }
    (void)closedir(listed); /* closes directory, too */
    return error;
}

static int give_directory(const char *path, const struct passwd *user)
{
    int directory = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    return directory < 0 ? errno : give_files(directory, user);
}

/* The user last: without root the group could not be changed any more. Linux may allow core files
   again when the user changes. */
static int take_identity(const struct passwd *user)
{
    if (setgroups(0, NULL) != 0 || setgid(user->pw_gid) != 0 || setuid(user->pw_uid) != 0 ||
        prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
        return errno;
    return geteuid() == user->pw_uid && (user->pw_uid == 0 || setuid(0) != 0) ? 0 : EPERM;
}

/* In the file itself: a program that is linked statically cannot ask the name service switch. */
static const struct passwd *find_user(const char *name)
{
    FILE *file = fopen("/etc/passwd", "re");
    const struct passwd *user = NULL;
    if (file == NULL)
        return NULL;
    while ((user = fgetpwent(file)) != NULL)
        if (strcmp(user->pw_name, name) == 0)
            break;
    (void)fclose(file); /* it was only read */
    return user;
}

enum become port_become(const char *name, const char *directory)
{
    if (geteuid() != 0)
        return BECOME_DONE;
    const struct passwd *user = find_user(name);
    if (user == NULL)
        return BECOME_UNKNOWN;
    if (port_directory_make(directory) != FILE_DONE)
        return BECOME_FAILED;
    int error = give_directory(directory, user);
    if (error == 0)
        error = take_identity(user);
    if (error == 0)
        return BECOME_DONE;
    trouble_note(error);
    return BECOME_FAILED;
}

void port_settle(void)
{
    (void)umask(077);
    if (chdir("/") != 0)
        trouble_fatal("error: cannot start: there is no root directory");
}

/* ---- the service manager ---- */

/* A path, or a name of the abstract kind, which begins with '@' for a NUL. */
static socklen_t manager_address(struct sockaddr_un *into_address)
{
    const char *name = getenv("NOTIFY_SOCKET");
    if (name == NULL || (name[0] != '/' && name[0] != '@'))
        return 0;
    size_t length = strlen(name);
    if (length >= sizeof into_address->sun_path)
        return 0;
    *into_address = (struct sockaddr_un){ .sun_family = AF_UNIX };
    memcpy(into_address->sun_path, name, length);
    if (name[0] == '@')
        into_address->sun_path[0] = '\0';
    return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length);
}

void port_notify(const char *words)
{
    struct sockaddr_un manager;
    socklen_t size = manager_address(&manager);
    if (size == 0)
        return;
    int sender = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (sender < 0)
        return;
    /* One that was not heard shows: the manager takes the service for hung. */
    (void)sendto(sender, words, strlen(words), MSG_NOSIGNAL, (const struct sockaddr *)&manager,
                 size);
    (void)close(sender); /* the datagram is sent or lost */
}

static long long environment_number(const char *name, long long otherwise)
{
    const char *text = getenv(name);
    return text == NULL || text[0] == '\0' ? otherwise : strtoll(text, NULL, 10);
}

int64_t port_watchdog_ms(void)
{
    if (environment_number("WATCHDOG_PID", getpid()) != getpid())
        return 0; /* meant for another process of the service */
    long long period_us = environment_number("WATCHDOG_USEC", 0);
    return period_us < 0 ? 0 : period_us / 1000;
}
