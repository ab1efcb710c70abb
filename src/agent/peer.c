// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/peer.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <systemd/sd-event.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/log.h"

struct peer_message {
    struct peer_message *next;
    struct buf data;
    size_t sent;
    size_t n_fds;
    int fds[]; /* duplicates */
};

static int write_first(struct peer *peer);
static struct peer_message *message_new(struct buf *data, const int *fds, size_t n_fds);
static void message_free(struct peer_message *message);
static void break_off(struct peer *peer, const char *why);

struct peer *peer_new(struct agent *agent, int sock, pid_t pid)
{
    struct peer *peer = xcalloc(1, sizeof(*peer));

    pthread_mutex_init(&peer->lock, NULL);
    peer->agent = agent;
    peer->sock = sock;
    peer->pid = pid;
    peer->last = &peer->first;
    return peer;
}

void peer_free(struct peer *peer)
{
    if (!peer)
        return;
    sd_event_source_disable_unref(peer->source);
    frame_reader_fini(&peer->reader);
    while (peer->first) {
        struct peer_message *message = peer->first;

        peer->first = message->next;
        message_free(message);
    }
    pthread_mutex_destroy(&peer->lock);
    cleanup_close(&peer->sock);
    free(peer);
}

bool peer_send(struct peer *peer, struct buf *data, const int *fds, size_t n_fds)
{
    size_t sent = 0;
    bool waits;
    int r = -EAGAIN;

    pthread_mutex_lock(&peer->lock);
    if (!peer->is_broken && !peer->first)
        r = frame_write(peer->sock, data->data, data->size, fds, n_fds, &sent);
    if (peer->is_broken) {
        r = 0;
    } else if (r < 0 && r != -EAGAIN) {
        errno = -r;
        break_off(peer, strerrordesc_np(errno));
    } else if (r < 0 && peer->backlog + data->size > PEER_MAX_BACKLOG) {
        break_off(peer, "it does not read");
    } else if (r < 0) {
        /* Descriptors ride on the first byte: once that is out, they are. */
        struct peer_message *message = message_new(data, fds, sent ? 0 : n_fds);

        message->sent = sent;
        peer->backlog += message->data.size;
        *peer->last = message;
        peer->last = &message->next;
    }
    waits = peer->first != NULL;
    pthread_mutex_unlock(&peer->lock);
    buf_fini(data);
    return waits;
}

bool peer_flush(struct peer *peer)
{
    bool waits;
    int r = 0;

    pthread_mutex_lock(&peer->lock);
    while (peer->first && !peer->is_broken && r == 0)
        r = write_first(peer);
    if (r < 0 && r != -EAGAIN)
        break_off(peer, strerrordesc_np(-r));
    waits = peer->first && !peer->is_broken;
    pthread_mutex_unlock(&peer->lock);
    return waits;
}

bool peer_has_backlog(struct peer *peer)
{
    bool waits;

    pthread_mutex_lock(&peer->lock);
    waits = peer->first && !peer->is_broken;
    pthread_mutex_unlock(&peer->lock);
    return waits;
}

void peer_cut(struct peer *peer)
{
    pthread_mutex_lock(&peer->lock);
    peer->is_broken = true;
    shutdown(peer->sock, SHUT_RDWR);
    pthread_mutex_unlock(&peer->lock);
}

static int write_first(struct peer *peer)
{
    struct peer_message *message = peer->first;
    int r = frame_write(peer->sock, message->data.data, message->data.size, message->fds,
                        message->n_fds, &message->sent);

    if (r < 0)
        return r;
    peer->first = message->next;
    if (!peer->first)
        peer->last = &peer->first;
    peer->backlog -= message->data.size;
    message_free(message);
    return 0;
}

/* Takes the bytes of 'data', and duplicates of 'fds': those of a reply are closed when the
 * call ends. */
static struct peer_message *message_new(struct buf *data, const int *fds, size_t n_fds)
{
    struct peer_message *message =
        xcalloc(1, sizeof(*message) + n_fds * sizeof(message->fds[0]));

    message->data = *data;
    *data = (struct buf)BUF_INIT;
    message->n_fds = n_fds;
    for (size_t i = 0; i < n_fds; i++) {
        message->fds[i] = fcntl(fds[i], F_DUPFD_CLOEXEC, 0);
        if (message->fds[i] < 0)
            log_error(AGENT, "keeping a descriptor to be sent: %m");
    }
    return message;
}

static void message_free(struct peer_message *message)
{
    for (size_t i = 0; i < message->n_fds; i++)
        cleanup_close(&message->fds[i]);
    buf_fini(&message->data);
    free(message);
}

static void break_off(struct peer *peer, const char *why)
{
    log_warn(AGENT, "leaving the manager of process %d: %s", peer->pid, why);
    peer->is_broken = true;
    shutdown(peer->sock, SHUT_RDWR);
}
