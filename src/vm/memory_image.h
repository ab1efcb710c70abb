// SPDX-License-Identifier: GPL-2.0-or-later
/* The memory of a suspended VM in its image: a header of MEMORY_HEADER_SIZE bytes, JSON and
 * NULs, then the stream of whoever ran it, from there on.  The header is written last, so
 * that an image cut off is none.  Any thread. */
#pragma once

#include <stddef.h>

#define MEMORY_HEADER_SIZE 4096

struct memory_header {
    char machine[64]; /* what the VM was, in its backend's words: "pc-q35-7.2" */
    char accel[16];   /* "kvm", "tcg", "sim" */
};

/* 0 or a negative errno. */
int memory_header_write(int fd, const struct memory_header *header);
/* The same; -EBADMSG when there is none. */
int memory_header_read(int fd, struct memory_header *ret_header);
/* The same of a header's bytes. */
int memory_header_parse(const char *data, size_t size, struct memory_header *ret_header);
