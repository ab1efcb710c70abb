// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/backend/xen/console.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <systemd/sd-event.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/fd.h"
#include "base/log.h"
#include "io/loop.h"

#define STEP        4096
#define LOG_MAX     (1u << 20)
#define LOG_NAME    "console.log"
#define MAX_VIEWERS 32

struct viewer {
    struct console *console;
    int fd;
    sd_event_source *source;
    struct viewer *next;
};

struct console {
    struct sd_event *loop;
    struct loop_mailbox *mailbox;
    int dir_fd;

    /* Loop thread. */
    int tty, log;
    sd_event_source *tty_source;
    struct viewer *viewers;
    unsigned n_viewers;
    off_t log_size;
    char typed[STEP]; /* by viewers, and not yet taken by the terminal */
    size_t n_typed;
};

static void start(void *arg);
static void stop(void *arg);
static void open_log(struct console *console);
static void add_viewer(void *arg);
static void drop_viewer(struct viewer *viewer);
static int on_tty(sd_event_source *source, int fd, uint32_t events, void *arg);
static void hear(struct console *console);
static void write_log(struct console *console, const char *data, size_t size);
static int on_viewer(sd_event_source *source, int fd, uint32_t events, void *arg);
static void flush_typed(struct console *console);

struct console *console_new(struct sd_event *loop, struct loop_mailbox *mailbox, int tty,
                            int dir_fd)
{
    struct console *console = xcalloc(1, sizeof(*console));

    console->loop = loop;
    console->mailbox = mailbox;
    console->tty = tty;
    console->log = -1;
    console->dir_fd = fcntl(dir_fd, F_DUPFD_CLOEXEC, 3);
    loop_post(mailbox, start, console);
    return console;
}

void console_free(struct console *console)
{
    if (console)
        loop_post(console->mailbox, stop, console);
}

struct err *console_connect(struct console *console, int *ret_fd)
{
    struct viewer *viewer;
    int ends[2];

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) < 0)
        return err_errno(errno, "making a stream to a console");
    viewer = xcalloc(1, sizeof(*viewer));
    viewer->console = console;
    viewer->fd = ends[0];
    loop_post(console->mailbox, add_viewer, viewer);
    *ret_fd = ends[1];
    return NULL;
}

/* ---- loop thread ---- */

static void start(void *arg)
{
    struct console *console = arg;
    int r;

    open_log(console);
    r = sd_event_add_io(console->loop, &console->tty_source, console->tty, EPOLLIN, on_tty,
                        console);
    if (r < 0)
        log_warn(VM, "a console stays silent: %s", strerror(-r));
}

static void stop(void *arg)
{
    struct console *console = arg;

    if (console->tty_source)
        hear(console); /* its last words */
    while (console->viewers)
        drop_viewer(console->viewers);
    sd_event_source_disable_unref(console->tty_source);
    cleanup_close(&console->tty);
    cleanup_close(&console->log);
    cleanup_close(&console->dir_fd);
    free(console);
}

static void open_log(struct console *console)
{
    struct stat st;

    cleanup_close(&console->log);
    console->log = openat(console->dir_fd, LOG_NAME,
                          O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (console->log < 0)
        log_warn(VM, "a console is not logged: %m");
    console->log_size = console->log >= 0 && fstat(console->log, &st) == 0 ? st.st_size : 0;
}

static void add_viewer(void *arg)
{
    struct viewer *viewer = arg;
    struct console *console = viewer->console;
    int r = -ENOSPC;

    if (console->tty >= 0 && console->n_viewers < MAX_VIEWERS)
        r = sd_event_add_io(console->loop, &viewer->source, viewer->fd, EPOLLIN, on_viewer,
                            viewer);
    if (r < 0) {
        close(viewer->fd);
        free(viewer);
        return;
    }
    viewer->next = console->viewers;
    console->viewers = viewer;
    console->n_viewers++;
}

static void drop_viewer(struct viewer *viewer)
{
    struct viewer **at = &viewer->console->viewers;

    while (*at != viewer)
        at = &(*at)->next;
    *at = viewer->next;
    viewer->console->n_viewers--;
    sd_event_source_disable_unref(viewer->source);
    close(viewer->fd);
    free(viewer);
}

static int on_tty(sd_event_source *source, int fd, uint32_t events, void *arg)
{
    struct console *console = arg;

    if (events & (EPOLLIN | EPOLLHUP | EPOLLERR))
        hear(console);
    if (console->tty >= 0 && (events & EPOLLOUT))
        flush_typed(console);
    return 0;
}

/* One step of what the guest says, to the log and to all viewers. */
static void hear(struct console *console)
{
    char data[STEP];
    ssize_t n = read(console->tty, data, sizeof(data));

    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (n <= 0) { /* the other end is closed: the domain is gone */
        console->tty_source = sd_event_source_disable_unref(console->tty_source);
        close(take_fd(console->tty));
        while (console->viewers)
            drop_viewer(console->viewers);
        return;
    }
    write_log(console, data, (size_t)n);
    for (struct viewer *viewer = console->viewers, *next; viewer; viewer = next) {
        next = viewer->next;
        if (send(viewer->fd, data, (size_t)n, MSG_NOSIGNAL | MSG_DONTWAIT) != n)
            drop_viewer(viewer);
    }
}

static void write_log(struct console *console, const char *data, size_t size)
{
    int r;

    if (console->log < 0)
        return;
    if (console->log_size > LOG_MAX) {
        if (renameat(console->dir_fd, LOG_NAME, console->dir_fd, LOG_NAME ".1") < 0)
            log_warn(VM, "a console's log grows on: %m");
        open_log(console);
    }
    r = console->log < 0 ? -EBADF : fd_write_all(console->log, data, size);
    if (r < 0) {
        log_warn(VM, "a console is not logged any more: %s", strerror(-r));
        cleanup_close(&console->log);
        return;
    }
    console->log_size += (off_t)size;
}

static int on_viewer(sd_event_source *source, int fd, uint32_t events, void *arg)
{
    struct viewer *viewer = arg;
    struct console *console = viewer->console;
    ssize_t n;

    if (console->n_typed) /* the terminal is full: nobody types on */
        return sd_event_source_set_enabled(source, SD_EVENT_OFF);
    n = read(fd, console->typed, sizeof(console->typed));
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return 0;
    if (n <= 0) {
        drop_viewer(viewer);
        return 0;
    }
    console->n_typed = (size_t)n;
    flush_typed(console);
    return 0;
}

static void flush_typed(struct console *console)
{
    ssize_t n = write(console->tty, console->typed, console->n_typed);

    if (n < 0 && errno != EAGAIN && errno != EINTR)
        n = (ssize_t)console->n_typed; /* nobody is there to read it */
    if (n > 0) {
        console->n_typed -= (size_t)n;
        memmove(console->typed, console->typed + n, console->n_typed);
    }
    sd_event_source_set_io_events(console->tty_source,
                                  console->n_typed ? EPOLLIN | EPOLLOUT : EPOLLIN);
    if (console->n_typed)
        return;
    for (struct viewer *viewer = console->viewers; viewer; viewer = viewer->next)
        sd_event_source_set_enabled(viewer->source, SD_EVENT_ON);
}
