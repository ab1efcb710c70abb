// SPDX-License-Identifier: GPL-2.0-or-later
/* What the files of backend 'xen' share that see Xen's headers. */
#pragma once

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "vm/backend.h"

struct console;
struct libxl__ctx;
struct loop_mailbox;
struct sd_event_source;
struct xentoollog_logger;
struct xs_handle;

struct xen_backend {
    struct libxl__ctx *ctx; /* any thread; never starts a process */
    struct xentoollog_logger *logger;
    const char *kernel_dir;
    struct sd_event *loop;
    struct loop_mailbox *mailbox;

    struct xs_handle *store; /* loop thread: says when a domain ends */
    struct sd_event_source *store_source;

    pthread_mutex_t lock; /* held while an end is reported */
    struct xen_vm *vms;   /* GUARDED_BY(lock) */
};

struct xen_vm {
    struct xen_backend *backend;
    struct vm *handle;
    const struct vm_identity *id;
    uint32_t domid;
    struct console *console; /* NULL: it has no terminal */
    bool has_ended;          /* as was reported; GUARDED_BY(backend->lock) */
    struct xen_vm *next;     /* GUARDED_BY(backend->lock) */
};

/* An error for what libxl answered ('rc'), with the gerund of what it was to do. */
struct err *xen_error(int rc, const char *fmt, ...) PRINTF(2, 3) MUST_CHECK;
