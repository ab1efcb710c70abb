// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/guest_channel.h"

#include <errno.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <systemd/sd-event.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/fd.h"
#include "base/log.h"

#define FACTS_EVERY_MS  500
#define MEMORY_EVERY_MS 9000  /* an agent reports every 10 s, give or take */
#define ALIVE_MS        35000 /* three reports missed: nobody is there */
#define ANSWER_MS       10000 /* an emulated guest on a busy machine is slow */
#define WINDOW_MS       1000
#define WINDOW_BYTES    65536 /* more within a window is read in the next */
#define PIECE           4096

struct guest_channel {
    const struct guest_channel_events *events;
    void *arg;
    sd_event *loop;
    int fd;
    sd_event_source *source;
    struct guest_line_cutter cutter;
    struct buf unsent;

    uint64_t window_since_ms;
    size_t window_bytes;
    sd_event_source *window_timer;

    struct val said, told; /* the latest report; that of the last event */
    uint64_t heard_ms, told_ms;
    sd_event_source *told_timer;

    enum { NOTHING, SHUTDOWN, FREEZE } asked; /* and not yet answered */
    sd_event_source *answer_timer;
};

static int on_stream(sd_event_source *source, int fd, uint32_t events, void *arg);
static bool read_pieces(struct guest_channel *c);
static void take_line(struct guest_channel *c, const struct buf *line);
static void consider_report(struct guest_channel *c);
static int on_told_timer(sd_event_source *source, uint64_t now_us, void *arg);
static void tell(struct guest_channel *c);
static void answer(struct guest_channel *c, int what, int result);
static int on_answer_timer(sd_event_source *source, uint64_t now_us, void *arg);
static int on_window_timer(sd_event_source *source, uint64_t now_us, void *arg);
static bool write_line(struct guest_channel *c, const char *line);
static int flush(struct guest_channel *c);
static void watch(struct guest_channel *c);
static void start_timer(struct guest_channel *c, sd_event_source **timer, uint64_t ms,
                        sd_event_time_handler_t fn);

int guest_channel_new(struct sd_event *loop, int fd,
                      const struct guest_channel_events *events, void *arg,
                      struct guest_channel **ret_channel)
{
    struct guest_channel *c = xcalloc(1, sizeof(*c));
    int r;

    c->events = events;
    c->arg = arg;
    c->loop = sd_event_ref(loop);
    c->fd = fd;
    r = fd_set_nonblocking(fd, true);
    if (r == 0)
        r = sd_event_add_io(loop, &c->source, fd, EPOLLIN, on_stream, c);
    if (r < 0) {
        guest_channel_free(c);
        return r;
    }
    /* The empty line ends what an earlier host may have left half written. */
    write_line(c, "\n{\"type\":\"report\"}\n");
    watch(c);
    *ret_channel = c;
    return 0;
}

void guest_channel_free(struct guest_channel *channel)
{
    if (!channel)
        return;
    sd_event_source_disable_unref(channel->source);
    sd_event_source_disable_unref(channel->window_timer);
    sd_event_source_disable_unref(channel->told_timer);
    sd_event_source_disable_unref(channel->answer_timer);
    sd_event_unref(channel->loop);
    guest_line_cutter_fini(&channel->cutter);
    buf_fini(&channel->unsent);
    val_unref(&channel->said);
    val_unref(&channel->told);
    close(channel->fd);
    free(channel);
}

static bool ask(struct guest_channel *c, int what, const char *line)
{
    if (c->asked != NOTHING || c->heard_ms == 0 ||
        clock_monotonic_ms() - c->heard_ms > ALIVE_MS || !write_line(c, line))
        return false;
    watch(c);
    c->asked = what;
    start_timer(c, &c->answer_timer, ANSWER_MS, on_answer_timer);
    return true;
}

bool guest_channel_shutdown(struct guest_channel *channel, const char *mode)
{
    char line[64];

    snprintf(line, sizeof(line), "{\"type\":\"shutdown\",\"mode\":\"%.16s\"}\n", mode);
    return ask(channel, SHUTDOWN, line);
}

bool guest_channel_freeze(struct guest_channel *channel, bool freeze)
{
    return ask(channel, FREEZE,
               freeze ? "{\"type\":\"freeze\"}\n" : "{\"type\":\"thaw\"}\n");
}

static int on_stream(sd_event_source *source, int fd, uint32_t events, void *arg)
{
    struct guest_channel *c = arg;
    bool ended = false;

    if (events & EPOLLOUT)
        ended = flush(c) < 0;
    if (!ended && events & (EPOLLIN | EPOLLHUP | EPOLLERR))
        ended = !read_pieces(c);
    if (!ended) {
        watch(c);
        return 0;
    }
    answer(c, NOTHING, -ECONNRESET);
    sd_event_source_set_enabled(c->source, SD_EVENT_OFF);
    c->events->ended(c->arg);
    return 0;
}

/* Reads what is there, within the window's bound.  False at the end of the stream. */
static bool read_pieces(struct guest_channel *c)
{
    uint64_t now = clock_monotonic_ms();
    autobuf line = BUF_INIT;
    char piece[PIECE];
    ssize_t r;

    if (now - c->window_since_ms >= WINDOW_MS) {
        c->window_since_ms = now;
        c->window_bytes = 0;
    }
    if (c->window_bytes >= WINDOW_BYTES)
        return true;
    r = read(c->fd, piece, sizeof(piece));
    if (r <= 0)
        return r < 0 && (errno == EAGAIN || errno == EINTR);
    c->window_bytes += (size_t)r;
    guest_line_add(&c->cutter, piece, (size_t)r);
    while (guest_line_next(&c->cutter, &line))
        take_line(c, &line);
    return true;
}

static void take_line(struct guest_channel *c, const struct buf *line)
{
    struct guest_nics nics = {0};
    struct guest_line got;

    c->events->nics(c->arg, &nics);
    guest_line_read(line->data, line->size, &nics, &got);
    switch (got.kind) {
    case GUEST_LINE_REPORT:
        val_unref(&c->said);
        c->said = got.report;
        c->heard_ms = clock_monotonic_ms();
        consider_report(c);
        break;
    case GUEST_LINE_ACCEPTED:
        answer(c, SHUTDOWN, 0);
        break;
    case GUEST_LINE_FROZEN:
        answer(c, FREEZE, (int)got.n);
        break;
    case GUEST_LINE_REFUSED:
        answer(c, NOTHING, -EREMOTEIO);
        break;
    case GUEST_LINE_OTHER:
        break;
    }
}

/* Tells the latest report now, in a moment, or not at all. */
static void consider_report(struct guest_channel *c)
{
    uint64_t since_ms = clock_monotonic_ms() - c->told_ms;
    struct val said, told;
    bool same_facts;

    if (c->told.kind == VAL_VOID) {
        tell(c);
        return;
    }
    if (val_equal(&c->said, &c->told))
        return;
    said = val_map_without(&c->said, "memory");
    told = val_map_without(&c->told, "memory");
    same_facts = val_equal(&said, &told);
    val_unref(&said);
    val_unref(&told);
    if (same_facts ? since_ms >= MEMORY_EVERY_MS : since_ms >= FACTS_EVERY_MS)
        tell(c);
    else if (!same_facts && !c->told_timer)
        start_timer(c, &c->told_timer, FACTS_EVERY_MS - since_ms, on_told_timer);
}

static int on_told_timer(sd_event_source *source, uint64_t now_us, void *arg)
{
    struct guest_channel *c = arg;

    c->told_timer = sd_event_source_disable_unref(c->told_timer);
    if (!val_equal(&c->said, &c->told))
        tell(c);
    return 0;
}

static void tell(struct guest_channel *c)
{
    val_unref(&c->told);
    c->told = val_ref(&c->said);
    c->told_ms = clock_monotonic_ms();
    c->events->report(c->arg, &c->told);
}

/* An answer to 'what' (NOTHING: whatever was asked); 'result' is negative when it was not
 * done. */
static void answer(struct guest_channel *c, int what, int result)
{
    int asked = c->asked;

    if (asked == NOTHING || (what != NOTHING && what != asked))
        return;
    c->asked = NOTHING;
    c->answer_timer = sd_event_source_disable_unref(c->answer_timer);
    if (asked == SHUTDOWN)
        c->events->answered(c->arg, result >= 0);
    else
        c->events->frozen(c->arg, result);
}

static int on_answer_timer(sd_event_source *source, uint64_t now_us, void *arg)
{
    answer(arg, NOTHING, -ETIMEDOUT);
    return 0;
}

static int on_window_timer(sd_event_source *source, uint64_t now_us, void *arg)
{
    struct guest_channel *c = arg;

    c->window_timer = sd_event_source_disable_unref(c->window_timer);
    c->window_bytes = 0;
    watch(c);
    return 0;
}

/* False when an earlier line still waits for the guest to read. */
static bool write_line(struct guest_channel *c, const char *line)
{
    if (c->unsent.size > 0)
        return false;
    buf_add_str(&c->unsent, line);
    return flush(c) == 0;
}

/* 0, or a negative errno when the stream is broken. */
static int flush(struct guest_channel *c)
{
    while (c->unsent.size > 0) {
        ssize_t r = send(c->fd, c->unsent.data, c->unsent.size, MSG_NOSIGNAL);

        if (r < 0 && errno == EAGAIN)
            return 0;
        if (r < 0 && errno != EINTR)
            return -errno;
        if (r > 0)
            buf_consume(&c->unsent, (size_t)r);
    }
    buf_fini(&c->unsent);
    return 0;
}

static void watch(struct guest_channel *c)
{
    bool reads = c->window_bytes < WINDOW_BYTES;
    uint32_t events = (reads ? EPOLLIN : 0) | (c->unsent.size > 0 ? EPOLLOUT : 0);

    /* Off rather than without events: the end of the stream shows whatever is asked for. */
    sd_event_source_set_io_events(c->source, events);
    sd_event_source_set_enabled(c->source, events ? SD_EVENT_ON : SD_EVENT_OFF);
    if (!reads && !c->window_timer)
        start_timer(c, &c->window_timer, WINDOW_MS, on_window_timer);
}

static void start_timer(struct guest_channel *c, sd_event_source **timer, uint64_t ms,
                        sd_event_time_handler_t fn)
{
    int r =
        sd_event_add_time_relative(c->loop, timer, CLOCK_MONOTONIC, ms * 1000, 0, fn, c);

    if (r < 0) {
        errno = -r;
        log_error(VM, "starting a timer for a guest's agent: %m; it is not heard on");
    }
}
