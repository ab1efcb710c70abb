// SPDX-License-Identifier: GPL-2.0-or-later
/* A guest's text console: one terminal, a log, and any number of viewers that all see the
 * same.  The guest never waits for a viewer: one that does not read is let go.
 *
 * The terminal is read on the loop's thread; the functions may be called from any. */
#pragma once

#include "base/err.h"

struct console;
struct loop_mailbox;
struct sd_event;

/* Takes 'tty' (non-blocking).  What it says is kept in "console.log" below 'dir_fd', the
 * last megabyte or two (the older one in "console.log.1"). */
struct console *console_new(struct sd_event *loop, struct loop_mailbox *mailbox, int tty,
                            int dir_fd);
/* A stream for one viewer, who owns it. */
struct err *console_connect(struct console *console, int *ret_fd) MUST_CHECK;
/* Ends all viewers.  NULL-safe. */
void console_free(struct console *console);
