/* SPDX-License-Identifier: MIT */
/* Between our addresses and the system's, shared by the files of this folder. */
#ifndef GATEPOST_PORT_LINUX_ADDRESS_H
#define GATEPOST_PORT_LINUX_ADDRESS_H

#include "../port.h"

#include <sys/socket.h>

/* Fills in the system's form and returns how many bytes of it are used. */
socklen_t address_to_system(const struct address *address, struct sockaddr_storage *into_system);

#endif
