/* SPDX-License-Identifier: MIT */
#ifndef GATEPOST_IO_H
#define GATEPOST_IO_H

/* Every function that can fail carries this: its result must be looked at. */
#define MUST_USE __attribute__((warn_unused_result))

/* Lets the compiler check a printf format. */
#define PRINTF_LIKE(position, first) __attribute__((format(printf, position, first)))

/* An enumeration in as few bytes as its values need: for those that fill tables. */
#define COMPACT __attribute__((packed))

/* How far a call got, which is also what to wait for before calling it again with the same
   arguments. */
enum io {
    IO_DONE,   /* finished */
    IO_READ,   /* call again when the descriptor can be read */
    IO_WRITE,  /* call again when the descriptor can be written */
    IO_FAILED, /* over; the module that failed says why */
};

#endif
