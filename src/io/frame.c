// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/frame.h"

#include <endian.h>
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "io/wait.h"

#define READ_STEP (64u << 10)

union rights {
    struct cmsghdr align;
    char bytes[CMSG_SPACE(FRAME_BYTE_FDS * sizeof(int))];
};

static int read_head(int sock, struct frame_reader *reader);
static int read_data(int sock, struct frame_reader *reader);
static int keep_fds(struct msghdr *msg, struct frame *f);

void frame_fini(struct frame *f)
{
    for (size_t i = 0; i < f->n_fds; i++)
        if (f->fds[i] >= 0)
            close(f->fds[i]);
    f->n_fds = 0;
    buf_fini(&f->data);
}

void frame_reader_fini(struct frame_reader *reader)
{
    frame_fini(&reader->frame);
    reader->n_head = 0;
}

int frame_send(int sock, const void *data, size_t size, const int *fds, size_t n_fds,
               uint64_t deadline_ms)
{
    size_t sent = 0;

    for (;;) {
        int r = frame_write(sock, data, size, fds, n_fds, &sent);

        if (r != -EAGAIN)
            return r;
        r = wait_for_fd(sock, POLLOUT, deadline_ms);
        if (r < 0)
            return r;
    }
}

int frame_receive(int sock, struct frame *ret_frame, uint64_t deadline_ms)
{
    CLEANUP(frame_reader_fini) struct frame_reader reader = {0};

    for (;;) {
        int r = frame_read(sock, &reader, ret_frame);

        if (r != -EAGAIN)
            return r;
        r = wait_for_fd(sock, POLLIN, deadline_ms);
        if (r < 0)
            return r;
    }
}

/* Those that ride on byte 'at' of a frame. */
static size_t fds_on(size_t at, size_t n_fds)
{
    size_t before = at * FRAME_BYTE_FDS;

    if (at >= FRAME_HEAD_SIZE || n_fds <= before)
        return 0;
    return n_fds - before < FRAME_BYTE_FDS ? n_fds - before : FRAME_BYTE_FDS;
}

static void put_fds(struct msghdr *msg, union rights *rights, const int *fds, size_t n)
{
    struct cmsghdr *c = &rights->align;

    memset(rights, 0, CMSG_SPACE(n * sizeof(int)));
    c->cmsg_level = SOL_SOCKET;
    c->cmsg_type = SCM_RIGHTS;
    c->cmsg_len = CMSG_LEN(n * sizeof(int));
    memcpy(CMSG_DATA(c), fds, n * sizeof(int));
    msg->msg_control = rights;
    msg->msg_controllen = CMSG_SPACE(n * sizeof(int));
}

int frame_write(int sock, const void *data, size_t size, const int *fds, size_t n_fds,
                size_t *sent)
{
    uint32_t head = htobe32((uint32_t)size);
    union rights rights;

    if (size > FRAME_MAX_SIZE || n_fds > FRAME_MAX_FDS)
        return -EMSGSIZE;
    while (*sent < sizeof(head) + size) {
        size_t n_head = *sent < sizeof(head) ? sizeof(head) - *sent : 0;
        size_t n_data = n_head ? 0 : *sent - sizeof(head);
        struct iovec parts[2] = {
            {(char *)&head + sizeof(head) - n_head, n_head},
            {(char *)data + n_data, size - n_data},
        };
        struct msghdr msg = {.msg_iov = parts, .msg_iovlen = 2};
        ssize_t n;

        if (fds_on(*sent, n_fds))
            put_fds(&msg, &rights, fds + *sent * FRAME_BYTE_FDS, fds_on(*sent, n_fds));
        if (fds_on(*sent + 1, n_fds)) { /* the next byte goes with its own */
            parts[0].iov_len = 1;
            msg.msg_iovlen = 1;
        }
        n = sendmsg(sock, &msg, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -errno;
        *sent += (size_t)n;
    }
    return 0;
}

int frame_read(int sock, struct frame_reader *reader, struct frame *ret_frame)
{
    int r = read_head(sock, reader);

    if (r <= 0)
        return r;
    r = read_data(sock, reader);
    if (r < 0)
        return r;
    *ret_frame = reader->frame;
    *reader = (struct frame_reader){.max_size = reader->max_size};
    return 1;
}

/* 1 when the head is whole, 0 at the end of the stream before it. */
static int read_head(int sock, struct frame_reader *reader)
{
    while (reader->n_head < FRAME_HEAD_SIZE) {
        union rights rights;
        struct iovec part = {reader->head + reader->n_head,
                             FRAME_HEAD_SIZE - reader->n_head};
        struct msghdr msg = {.msg_iov = &part, .msg_iovlen = 1};
        uint32_t size;
        ssize_t n;

        /* Descriptors count on these bytes only; the kernel closes all others. */
        msg.msg_control = &rights;
        msg.msg_controllen = sizeof(rights);
        n = recvmsg(sock, &msg, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -errno;
        if (n == 0)
            return reader->n_head ? -EPROTO : 0;
        if (keep_fds(&msg, &reader->frame) < 0)
            return -EPROTO;
        reader->n_head += (size_t)n;
        memcpy(&size, reader->head, sizeof(size));
        reader->size = be32toh(size);
    }
    if (reader->size > (reader->max_size ? reader->max_size : FRAME_MAX_SIZE))
        return -EPROTO;
    return 1;
}

static int read_data(int sock, struct frame_reader *reader)
{
    struct buf *data = &reader->frame.data;

    while (data->size < reader->size) {
        size_t left = reader->size - data->size;
        ssize_t n;

        if (left > READ_STEP)
            left = READ_STEP;
        buf_reserve(data, left);
        n = recv(sock, data->data + data->size, left, MSG_DONTWAIT);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -errno;
        if (n == 0)
            return -EPROTO;
        data->size += (size_t)n;
        data->data[data->size] = '\0';
    }
    return 0;
}

/* Descriptors already received are closed with the reader, also when the list was cut. */
static int keep_fds(struct msghdr *msg, struct frame *f)
{
    for (struct cmsghdr *c = CMSG_FIRSTHDR(msg); c; c = CMSG_NXTHDR(msg, c)) {
        size_t n;

        if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
            continue;
        n = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        memcpy(f->fds + f->n_fds, CMSG_DATA(c), n * sizeof(int));
        f->n_fds += n;
    }
    return msg->msg_flags & MSG_CTRUNC ? -EPROTO : 0;
}
