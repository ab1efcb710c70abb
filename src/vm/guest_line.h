// SPDX-License-Identifier: GPL-2.0-or-later
/* What the agent in a guest says (docs/design/guest-agent.md): bytes cut into lines, lines
 * read.  A guest may be hostile: every size is bounded, and only known members of the right
 * kind are kept.  Bytes in, values out; one thread at a time. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/mac.h"
#include "base/value.h"

#define GUEST_LINE_MAX_IN 16384 /* with its newline */
#define GUEST_NICS        64

/* The VM's interfaces, by which the guest's own numbers become device numbers. */
struct guest_nics {
    size_t n;
    struct {
        unsigned device;
        struct mac mac;
    } at[GUEST_NICS];
};

/* Zeroed is empty.  Holds no memory between lines. */
struct guest_line_cutter {
    struct buf pending;
    size_t start;     /* what comes before was handed out */
    bool is_skipping; /* the rest of a line that was too long */
};

enum guest_line_kind {
    GUEST_LINE_REPORT,
    GUEST_LINE_ACCEPTED, /* a shutdown was begun */
    GUEST_LINE_FROZEN,   /* 'n' file systems are held back, or were until now */
    GUEST_LINE_REFUSED,  /* "error" */
    GUEST_LINE_OTHER,    /* nothing this host asked for, or nonsense */
};

struct guest_line {
    enum guest_line_kind kind;
    /* REPORT: {"agent", "host_name": text; "os", "networks", "other", "drivers": text to
     * text; "memory": {"total_kib", "free_kib": int}}, each only if the guest said it. */
    struct val report;
    unsigned n;
};

void guest_line_add(struct guest_line_cutter *cutter, const void *data, size_t size);
/* The next whole line without its newline, moved into 'line' (emptied before).  False when
 * there is none yet. */
bool guest_line_next(struct guest_line_cutter *cutter, struct buf *line);
void guest_line_cutter_fini(struct guest_line_cutter *cutter);

/* Reads one line.  The report is the caller's. */
void guest_line_read(const char *text, size_t len, const struct guest_nics *nics,
                     struct guest_line *ret_line);
