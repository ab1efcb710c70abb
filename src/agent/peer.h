// SPDX-License-Identifier: GPL-2.0-or-later
/* A manager's connection to this agent: messages out from any thread, and the lock that
 * guards them.  Private to agent. */
#pragma once

#include <pthread.h>
#include <stdbool.h>
#include <sys/types.h>

#include "base/buf.h"
#include "io/frame.h"

/* A peer that lets this much pile up is cut off. */
#define PEER_MAX_BACKLOG (48u << 20)

struct agent;
struct sd_event_source;
struct peer_message;

struct peer {
    struct agent *agent;
    struct peer *next;
    int sock;
    pid_t pid; /* for logs */

    /* Loop thread. */
    struct sd_event_source *source;
    struct frame_reader reader;
    size_t n_calls; /* being served; the peer is kept until they ended */
    size_t n_bytes; /* of their requests */
    bool is_gone;   /* no longer listed */

    pthread_mutex_t lock;
    struct peer_message *first, **last; /* GUARDED_BY(lock) */
    size_t backlog;                     /* GUARDED_BY(lock): bytes in them */
    bool is_broken;                     /* GUARDED_BY(lock): send nothing more */
};

struct peer *peer_new(struct agent *agent, int sock, pid_t pid); /* takes 'sock' */
void peer_free(struct peer *peer);

/* Sends 'data' (emptied) and 'fds' (borrowed) now or, when the socket is full, later. Never
 * waits.  True when something waits for the socket: see peer_flush.  Any thread. */
bool peer_send(struct peer *peer, struct buf *data, const int *fds, size_t n_fds);
/* Sends what waits.  True when something still does. */
bool peer_flush(struct peer *peer);
bool peer_has_backlog(struct peer *peer);
/* Nothing goes out any more; the loop will see the end of the stream. */
void peer_cut(struct peer *peer);
