// SPDX-License-Identifier: GPL-2.0-or-later
/* A directory of the test's own, removed with all in it when the program ends. */
#pragma once

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char scratch_dir[64];

static inline int scratch_remove_one(const char *path, const struct stat *info, int type,
                                     struct FTW *at)
{
    return remove(path);
}

static inline void scratch_remove(void)
{
    nftw(scratch_dir, scratch_remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* The directory, made at the first call. */
static inline const char *scratch(void)
{
    if (!scratch_dir[0]) {
        snprintf(scratch_dir, sizeof(scratch_dir), "/tmp/latchkey-test-XXXXXX");
        if (!mkdtemp(scratch_dir))
            abort();
        atexit(scratch_remove);
    }
    return scratch_dir;
}

/* "<directory>/<name>": valid until the eighth call after. */
static inline const char *scratch_path(const char *name)
{
    static char paths[8][256];
    static unsigned next;
    char *path = paths[next++ % 8];

    snprintf(path, sizeof(paths[0]), "%s/%s", scratch(), name);
    return path;
}
