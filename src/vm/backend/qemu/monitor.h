// SPDX-License-Identifier: GPL-2.0-or-later
/* A connection to QEMU's monitor: calls that wait for their answer, from any thread but the
 * one that hears (thread.h), and events handed on there.
 *
 * Answers are matched by id, so one that comes after its caller gave up disturbs nobody.
 * The connection ends with QEMU, or when it says what is not QMP. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/value.h"
#include "wire/qmp.h"

struct monitor;
struct qemu_thread;

/* What QEMU said when it was greeted. */
struct monitor_hello {
    unsigned version[3];
    char run_state[32]; /* of query-status */
};

struct monitor_events {
    void *arg;
    void (*event)(void *arg, const struct qmp_message *event); /* the hearing thread */
    void (*closed)(void *arg);                                 /* once; the same thread */
};

/* Greets QEMU on the connected socket 'sock' (taken) and waits for its answer, not beyond
 * the deadline nor the end of the process of 'pidfd'.  Events are kept until
 * monitor_listen. */
struct err *monitor_new(int sock, int pidfd, uint64_t deadline_ms,
                        struct monitor **ret_monitor,
                        struct monitor_hello *ret_hello) MUST_CHECK;
/* From now on 'thread' hears. */
struct err *monitor_listen(struct monitor *monitor, struct qemu_thread *thread,
                           const struct monitor_events *events) MUST_CHECK;
/* No event comes after it returned.  Not while a call is under way. */
void monitor_free(struct monitor *monitor);
DEFINE_AUTOPTR(monitor, monitor_free)

/* Executes a command.  'arguments' (taken) is a map or VAL_VOID; 'ret_value' may be NULL.
 * Errors: what QEMU answered as INTERNAL_ERROR ["qemu", its description]; a deadline passed
 * and a lost connection likewise, with an errno. */
struct err *monitor_call(struct monitor *monitor, const char *command, struct val arguments,
                         uint64_t deadline_ms, struct val *ret_value) MUST_CHECK;
/* The same with a descriptor (borrowed) beside the command. */
struct err *monitor_call_fd(struct monitor *monitor, const char *command,
                            struct val arguments, int fd, uint64_t deadline_ms,
                            struct val *ret_value) MUST_CHECK;

/* Sends a command without waiting for its answer; any thread. */
void monitor_tell(struct monitor *monitor, const char *command, struct val arguments);
