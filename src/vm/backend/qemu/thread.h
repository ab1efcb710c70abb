// SPDX-License-Identifier: GPL-2.0-or-later
/* The thread that hears from all QEMU processes: their monitors, their deaths, timers.  One
 * for the backend, apart from the agent's loop, so that whoever waits for a QEMU's answer
 * may be any other thread. */
#pragma once

#include "base/err.h"

struct qemu_thread;
struct sd_event;

struct err *qemu_thread_new(struct qemu_thread **ret_thread) MUST_CHECK;
void qemu_thread_free(struct qemu_thread *thread); /* waits for its end */

struct sd_event *qemu_thread_loop(struct qemu_thread *thread); /* for that thread only */
/* Runs 'fn' there and waits until it has run; on the thread itself, at once. */
void qemu_thread_run(struct qemu_thread *thread, void (*fn)(void *arg), void *arg);
