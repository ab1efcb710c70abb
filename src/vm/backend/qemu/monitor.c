// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/backend/qemu/monitor.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <systemd/sd-event.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/log.h"
#include "io/wait.h"
#include "vm/backend/qemu/thread.h"

#define READ_STEP  (64u << 10)
#define MAX_UNSENT (1u << 20)
#define FIRST_ID   1

/* A call that waits, on its caller's stack. */
struct waiter {
    struct waiter *next;
    int64_t id;
    bool is_answered;
    struct qmp_message answer;
};

struct monitor {
    int sock;
    struct qmp_reader reader; /* the greeting thread's, then the hearing one's */
    struct monitor_events events;
    struct qemu_thread *thread; /* NULL until it listens */
    sd_event_source *source;    /* hearing thread */

    pthread_mutex_t lock;
    pthread_cond_t changed;
    int64_t next_id;        /* GUARDED_BY(lock) */
    struct waiter *waiters; /* GUARDED_BY(lock) */
    struct buf unsent;      /* GUARDED_BY(lock): what the socket had no room for */
    bool is_closed;         /* GUARDED_BY(lock) */
};

static struct err *greet(struct monitor *m, int pidfd, uint64_t deadline_ms,
                         struct monitor_hello *hello);
static int on_socket(sd_event_source *source, int fd, uint32_t revents, void *arg);
static int receive(struct monitor *m);
static int dispatch(struct monitor *m);
static void close_now(struct monitor *m);
static struct err *send_command(struct monitor *m, const struct buf *line, int fd,
                                uint64_t deadline_ms);
static int flush(struct monitor *m);

/* ---- life ---- */

struct err *monitor_new(int sock, int pidfd, uint64_t deadline_ms,
                        struct monitor **ret_monitor, struct monitor_hello *ret_hello)
{
    struct monitor *m = xcalloc(1, sizeof(*m));
    pthread_condattr_t monotonic;
    struct err *e;

    m->sock = sock;
    m->next_id = FIRST_ID;
    pthread_mutex_init(&m->lock, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&m->changed, &monotonic);
    pthread_condattr_destroy(&monotonic);
    e = greet(m, pidfd, deadline_ms, ret_hello);
    if (e) {
        monitor_free(m);
        return e;
    }
    *ret_monitor = m;
    return NULL;
}

static void start_listening(void *arg)
{
    struct monitor *m = arg;
    int r = sd_event_add_io(qemu_thread_loop(m->thread), &m->source, m->sock, EPOLLIN,
                            on_socket, m);

    if (r < 0) {
        log_error(VM, "listening to QEMU: %s", strerror(-r));
        close_now(m);
        return;
    }
    /* What came behind the greeting. */
    if (dispatch(m) < 0)
        close_now(m);
}

struct err *monitor_listen(struct monitor *m, struct qemu_thread *thread,
                           const struct monitor_events *events)
{
    bool is_closed;

    m->events = *events;
    m->thread = thread;
    qemu_thread_run(thread, start_listening, m);
    pthread_mutex_lock(&m->lock);
    is_closed = m->is_closed;
    pthread_mutex_unlock(&m->lock);
    return is_closed ? err_errno(ECONNRESET, "listening to QEMU") : NULL;
}

static void stop_listening(void *arg)
{
    struct monitor *m = arg;

    m->source = sd_event_source_disable_unref(m->source);
}

void monitor_free(struct monitor *m)
{
    if (!m)
        return;
    if (m->thread)
        qemu_thread_run(m->thread, stop_listening, m);
    assert_msg(!m->waiters, "a monitor is freed under a call");
    cleanup_close(&m->sock);
    qmp_reader_fini(&m->reader);
    buf_fini(&m->unsent);
    pthread_cond_destroy(&m->changed);
    pthread_mutex_destroy(&m->lock);
    free(m);
}

/* ---- the greeting ---- */

/* Waits for bytes; the process's end counts as the stream's once all was read. */
static int wait_for_bytes(struct monitor *m, int pidfd, uint64_t deadline_ms)
{
    for (;;) {
        struct pollfd polls[2] = {{m->sock, POLLIN, 0}, {pidfd, POLLIN, 0}};
        int n = poll(polls, ARRAY_SIZE(polls), wait_ms_left(deadline_ms));

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -errno;
        if (n == 0)
            return -ETIMEDOUT;
        return polls[0].revents ? 0 : -ECONNRESET;
    }
}

/* Takes the answers to what greet() asked: 1 when the last was there, 0 for more to come.
 */
static int take_greeting(struct monitor *m, struct monitor_hello *hello,
                         struct err **ret_error)
{
    const char *line;
    size_t len;
    int r;

    while ((r = qmp_reader_next(&m->reader, &line, &len)) > 0) {
        autoqmp message = {0};

        r = qmp_parse(line, len, &message);
        if (r < 0)
            return r;
        if (message.kind == QMP_GREETING)
            memcpy(hello->version, message.version, sizeof(hello->version));
        if (message.kind == QMP_ERROR)
            *ret_error =
                err_paramf(err_new(ERR_INTERNAL_ERROR, "QEMU answers: %s", message.text),
                           "qemu: %s", message.text);
        if (*ret_error)
            return 1;
        if (message.kind != QMP_RETURN || message.id != FIRST_ID + 1)
            continue;
        snprintf(hello->run_state, sizeof(hello->run_state), "%s",
                 qmp_text(&message.value, "status", ""));
        return 1;
    }
    return r;
}

/* Both commands go out at once: QEMU reads them when it is ready. */
static struct err *greet(struct monitor *m, int pidfd, uint64_t deadline_ms,
                         struct monitor_hello *hello)
{
    autobuf lines = BUF_INIT;
    struct err *e;
    int r = 0;

    memset(hello, 0, sizeof(*hello));
    qmp_add_command(&lines, m->next_id++, "qmp_capabilities", NULL);
    qmp_add_command(&lines, m->next_id++, "query-status", NULL);
    e = send_command(m, &lines, -1, deadline_ms);
    while (!e && r == 0) {
        r = wait_for_bytes(m, pidfd, deadline_ms);
        if (r == 0)
            r = receive(m);
        if (r == 0)
            r = take_greeting(m, hello, &e);
        if (r < 0)
            e = err_errno(-r, "waiting for QEMU to answer");
    }
    return e;
}

/* ---- hearing ---- */

/* Reads what is there, once. */
static int receive(struct monitor *m)
{
    char *room = xmalloc(READ_STEP);
    ssize_t n = recv(m->sock, room, READ_STEP, MSG_DONTWAIT);
    int r = 0;

    if (n > 0)
        qmp_reader_add(&m->reader, room, (size_t)n);
    else if (n == 0)
        r = -ECONNRESET;
    else if (errno != EAGAIN && errno != EINTR)
        r = -errno;
    free(room);
    return r;
}

static void take_answer(struct monitor *m, struct qmp_message *message)
{
    pthread_mutex_lock(&m->lock);
    for (struct waiter *w = m->waiters; w; w = w->next) {
        if (w->id != message->id || w->is_answered)
            continue;
        w->answer = *message;
        *message = (struct qmp_message){0};
        w->is_answered = true;
        pthread_cond_broadcast(&m->changed);
        break;
    }
    pthread_mutex_unlock(&m->lock);
}

static int dispatch(struct monitor *m)
{
    const char *line;
    size_t len;
    int r;

    while ((r = qmp_reader_next(&m->reader, &line, &len)) > 0) {
        autoqmp message = {0};

        r = qmp_parse(line, len, &message);
        if (r < 0)
            return r;
        if (message.kind == QMP_EVENT)
            m->events.event(m->events.arg, &message);
        else if (message.kind == QMP_RETURN || message.kind == QMP_ERROR)
            take_answer(m, &message);
    }
    return r;
}

static void close_now(struct monitor *m)
{
    m->source = sd_event_source_disable_unref(m->source);
    pthread_mutex_lock(&m->lock);
    m->is_closed = true;
    pthread_cond_broadcast(&m->changed);
    pthread_mutex_unlock(&m->lock);
    m->events.closed(m->events.arg);
}

static int on_socket(sd_event_source *source, int fd, uint32_t revents, void *arg)
{
    struct monitor *m = arg;
    int r = 0;

    if (revents & EPOLLOUT) {
        pthread_mutex_lock(&m->lock);
        r = flush(m);
        if (r == 0 && m->unsent.size == 0)
            sd_event_source_set_io_events(source, EPOLLIN);
        pthread_mutex_unlock(&m->lock);
    }
    if (r == 0 && (revents & (EPOLLIN | EPOLLHUP | EPOLLERR))) {
        r = receive(m);
        if (r == 0)
            r = dispatch(m);
    }
    if (r < 0) {
        if (r != -ECONNRESET && r != -EPIPE)
            log_warn(VM, "a QEMU says what is not QMP, and is no longer listened to: %s",
                     strerror(-r));
        close_now(m);
    }
    return 0;
}

/* ---- sending ---- */

/* Under the lock. */
static int flush(struct monitor *m)
{
    while (m->unsent.size) {
        ssize_t n =
            send(m->sock, m->unsent.data, m->unsent.size, MSG_NOSIGNAL | MSG_DONTWAIT);

        if (n < 0)
            return errno == EAGAIN || errno == EINTR ? 0 : -errno;
        buf_consume(&m->unsent, (size_t)n);
    }
    return 0;
}

/* Sends on what an earlier command left behind when the socket has room again. */
static void want_room(void *arg)
{
    struct monitor *m = arg;

    if (m->source)
        sd_event_source_set_io_events(m->source, EPOLLIN | EPOLLOUT);
}

/* Under the lock; nothing is unsent.  How much of the line went out, or -errno. */
static ssize_t send_some(struct monitor *m, const struct buf *line, int fd)
{
    struct iovec iov = {line->data, line->size};
    union {
        char room[CMSG_SPACE(sizeof(int))];
        struct cmsghdr align;
    } rights = {0};
    struct msghdr message = {.msg_iov = &iov, .msg_iovlen = 1};
    ssize_t n;

    if (fd >= 0) {
        struct cmsghdr *head;

        message.msg_control = rights.room;
        message.msg_controllen = sizeof(rights.room);
        head = CMSG_FIRSTHDR(&message);
        head->cmsg_level = SOL_SOCKET;
        head->cmsg_type = SCM_RIGHTS;
        head->cmsg_len = CMSG_LEN(sizeof(int));
        memcpy(CMSG_DATA(head), &fd, sizeof(int));
    }
    n = sendmsg(m->sock, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    return n < 0 ? -errno : n;
}

/* One attempt: 0 when the line is out or queued, -EAGAIN when it must wait, or -errno. */
static int try_send(struct monitor *m, const struct buf *line, int fd)
{
    ssize_t n = 0;

    if (m->is_closed)
        return -EPIPE;
    if (m->unsent.size == 0) {
        n = send_some(m, line, fd);
        if (n == -EINTR || (n == -EAGAIN && fd >= 0))
            return -EAGAIN;
        if (n == -EAGAIN)
            n = 0;
        if (n < 0)
            return (int)n;
    } else if (fd >= 0 || m->unsent.size + line->size > MAX_UNSENT) {
        return -EAGAIN; /* a descriptor rides on the first byte of its own command */
    }
    buf_add(&m->unsent, line->data + n, line->size - (size_t)n);
    return 0;
}

static struct err *send_command(struct monitor *m, const struct buf *line, int fd,
                                uint64_t deadline_ms)
{
    int r;

    do {
        bool has_rest;

        pthread_mutex_lock(&m->lock);
        r = try_send(m, line, fd);
        has_rest = r == 0 && m->unsent.size;
        pthread_mutex_unlock(&m->lock);
        if (has_rest && m->thread)
            qemu_thread_run(m->thread, want_room, m);
        if (r == -EAGAIN)
            r = wait_for_fd(m->sock, POLLOUT, deadline_ms) < 0 ? -ETIMEDOUT : -EAGAIN;
    } while (r == -EAGAIN);
    return r < 0 ? err_errno(-r, "sending QEMU a command") : NULL;
}

/* ---- calls ---- */

static void add_waiter(struct monitor *m, struct waiter *w)
{
    pthread_mutex_lock(&m->lock);
    w->id = m->next_id++;
    w->next = m->waiters;
    m->waiters = w;
    pthread_mutex_unlock(&m->lock);
}

static void remove_waiter(struct monitor *m, struct waiter *w)
{
    pthread_mutex_lock(&m->lock);
    for (struct waiter **at = &m->waiters; *at; at = &(*at)->next) {
        if (*at == w) {
            *at = w->next;
            break;
        }
    }
    pthread_mutex_unlock(&m->lock);
}

/* 0, -ETIMEDOUT or -ECONNRESET. */
static int wait_for_answer(struct monitor *m, struct waiter *w, uint64_t deadline_ms)
{
    struct timespec until = {(time_t)(deadline_ms / 1000),
                             (long)(deadline_ms % 1000) * 1000000};
    int r = 0;

    pthread_mutex_lock(&m->lock);
    while (!w->is_answered && !m->is_closed && r == 0)
        r = -pthread_cond_timedwait(&m->changed, &m->lock, &until);
    if (w->is_answered)
        r = 0;
    else if (m->is_closed)
        r = -ECONNRESET;
    pthread_mutex_unlock(&m->lock);
    return r;
}

static struct err *take_result(struct qmp_message *answer, struct val *ret_value)
{
    if (answer->kind == QMP_ERROR)
        return err_paramf(err_new(ERR_INTERNAL_ERROR, "QEMU answers: %s", answer->text),
                          "qemu: %s", answer->text);
    if (ret_value)
        *ret_value = take_val(answer->value);
    return NULL;
}

struct err *monitor_call_fd(struct monitor *m, const char *command, struct val arguments,
                            int fd, uint64_t deadline_ms, struct val *ret_value)
{
    autoval struct val owned = arguments;
    autobuf line = BUF_INIT;
    struct waiter w = {0};
    struct err *e;
    int r;

    add_waiter(m, &w);
    qmp_add_command(&line, w.id, command, owned.kind == VAL_MAP ? &owned : NULL);
    e = send_command(m, &line, fd, deadline_ms);
    if (!e) {
        r = wait_for_answer(m, &w, deadline_ms);
        if (r < 0)
            e = err_errno(-r, "waiting for QEMU's answer");
    }
    remove_waiter(m, &w);
    if (!e)
        e = take_result(&w.answer, ret_value);
    qmp_message_fini(&w.answer);
    return err_context(e, "executing %s", command);
}

struct err *monitor_call(struct monitor *m, const char *command, struct val arguments,
                         uint64_t deadline_ms, struct val *ret_value)
{
    return monitor_call_fd(m, command, arguments, -1, deadline_ms, ret_value);
}

void monitor_tell(struct monitor *m, const char *command, struct val arguments)
{
    autoval struct val owned = arguments;
    autobuf line = BUF_INIT;
    int64_t id;
    int r;

    pthread_mutex_lock(&m->lock);
    id = m->next_id++;
    qmp_add_command(&line, id, command, owned.kind == VAL_MAP ? &owned : NULL);
    r = try_send(m, &line, -1);
    pthread_mutex_unlock(&m->lock);
    if (r < 0)
        log_debug(VM, "telling QEMU %s: %s", command, strerror(-r));
}
