// SPDX-License-Identifier: GPL-2.0-or-later
/* A small CD image (ISO 9660, with Rock Ridge names) out of a few files in memory.  No
 * state; any thread.  The same files always give the same bytes. */
#pragma once

#include <stddef.h>

#include "base/buf.h"

#define ISO9660_MAX_FILES 8
#define ISO9660_MAX_NAME  30 /* bytes: letters of lower case, digits, '-' */
#define ISO9660_MAX_LABEL 32

struct iso9660_file {
    const char *name;
    const void *data;
    size_t size; /* below 4 GiB */
};

/* Appends the image to 'out'.  All files lie in the root; 'files' are sorted by name. */
void iso9660_add(struct buf *out, const char *label, const struct iso9660_file *files,
                 size_t n_files);
