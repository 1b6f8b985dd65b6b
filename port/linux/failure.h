/* SPDX-License-Identifier: MIT */
#ifndef GATEPOST_PORT_LINUX_FAILURE_H
#define GATEPOST_PORT_LINUX_FAILURE_H

#include "../port.h"

/* The file_result of an errno value; keeps the words where it is FILE_TROUBLE. */
enum file_result failure_of(int error);

#endif
