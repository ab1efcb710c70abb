// SPDX-License-Identifier: GPL-2.0-or-later
#include "rpc/agent_link.h"

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"
#include "io/address.h"
#include "wire/json.h"

#define RETRY_MIN_MS 20
#define RETRY_MAX_MS 1000
#define ABSENT_MS    2000 /* how long a call waits for an agent to come back */
/* What befell a call, after the agent's name. */
#define ABSENT     "is not running"
#define BUSY       "takes no calls"
#define CUT_BEFORE "ended before the call"
#define CUT_DURING "ended during the call"
#define SILENT     "does not answer"

#define MAX_REQUEST_SIZE (1u << 20)

/* A call waiting for its answer; lives in the caller's frame. */
struct waiter {
    struct waiter *next;
    int64_t id;
    pthread_cond_t wake;
    enum { WAITING, ANSWERED, CUT } state; /* cut: the connection broke first */
    struct val message;
    struct frame frame;
};

struct agent_link {
    struct agent_link_config config;
    struct address address;
    pthread_t reader, greeter;

    pthread_mutex_t send_lock; /* around a whole frame; taken before 'lock' */
    pthread_mutex_t lock;      /* of all that follows */
    int sock;               /* -1: not connected; changed by the reader under both locks */
    unsigned n_connections; /* so far */
    bool is_wanted;         /* a call waits for a connection */
    bool is_stopping;
    int64_t last_id;
    struct waiter *waiters;
    pthread_cond_t connected; /* n_connections or is_stopping changed */
    pthread_cond_t wanted;    /* is_wanted or is_stopping changed */
};

static void cond_init(pthread_cond_t *cond);
static void cond_wait(pthread_cond_t *cond, pthread_mutex_t *lock, uint64_t deadline_ms);
static struct err *enter(struct agent_link *link, struct waiter *waiter,
                         uint64_t deadline_ms);
static struct err *send_call(struct agent_link *link, const struct waiter *waiter,
                             const struct buf *text, const int *fds, size_t n_fds,
                             uint64_t deadline_ms);
static struct err *wait_for_answer(struct agent_link *link, struct waiter *waiter,
                                   uint64_t deadline_ms);
static void leave(struct agent_link *link, struct waiter *waiter);
static struct err *failure(struct agent_link *link, const char *what) MUST_CHECK;
static void *read_link(void *arg);
static bool open_link(struct agent_link *link);
static void serve_link(struct agent_link *link);
static void close_link(struct agent_link *link);
static bool pause_reader(struct agent_link *link, unsigned ms);
static bool take_message(struct agent_link *link, struct frame *frame);
static bool give_answer(struct agent_link *link, int64_t id, struct val *message,
                        struct frame *frame);
static void *greet(void *arg);

struct err *agent_link_new(const struct agent_link_config *config,
                           struct agent_link **ret_link)
{
    struct agent_link *link = xcalloc(1, sizeof(*link));
    sigset_t all, before;
    int r;

    r = address_is_path(config->path) ? address_parse(config->path, &link->address)
                                      : -EINVAL;
    if (r < 0) {
        free(link);
        return err_errno(-r, "using the socket %s", config->path);
    }
    link->config = *config;
    link->sock = -1;
    pthread_mutex_init(&link->send_lock, NULL);
    pthread_mutex_init(&link->lock, NULL);
    cond_init(&link->connected);
    cond_init(&link->wanted);

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    r = pthread_create(&link->reader, NULL, read_link, link);
    assert_msg(r == 0, "a thread could not be started");
    r = pthread_create(&link->greeter, NULL, greet, link);
    assert_msg(r == 0, "a thread could not be started");
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    *ret_link = link;
    return NULL;
}

void agent_link_stop(struct agent_link *link)
{
    pthread_mutex_lock(&link->lock);
    link->is_stopping = true;
    if (link->sock >= 0)
        shutdown(link->sock, SHUT_RDWR);
    pthread_cond_broadcast(&link->connected);
    pthread_cond_broadcast(&link->wanted);
    pthread_mutex_unlock(&link->lock);

    pthread_join(link->reader, NULL);
    pthread_join(link->greeter, NULL);
}

void agent_link_free(struct agent_link *link)
{
    if (!link)
        return;
    pthread_cond_destroy(&link->connected);
    pthread_cond_destroy(&link->wanted);
    pthread_mutex_destroy(&link->send_lock);
    pthread_mutex_destroy(&link->lock);
    free(link);
}

struct err *agent_link_call(struct agent_link *link, const char *verb,
                            const struct val *params, const int *fds, size_t n_fds,
                            uint64_t deadline_ms, struct val *ret_message,
                            struct frame *ret_frame)
{
    struct waiter waiter = {.id = 0};
    autobuf text = BUF_INIT;
    struct err *e = enter(link, &waiter, deadline_ms);

    if (e)
        return err_context(e, "calling %s", verb);
    buf_addf(&text, "{\"jsonrpc\":\"2.0\",\"id\":%" PRId64 ",\"method\":", waiter.id);
    json_add_text(&text, verb, strlen(verb));
    buf_add_str(&text, ",\"params\":");
    json_add(&text, params);
    buf_add_char(&text, '}');

    e = send_call(link, &waiter, &text, fds, n_fds, deadline_ms);
    if (!e)
        e = wait_for_answer(link, &waiter, deadline_ms);
    leave(link, &waiter);
    if (e) {
        val_unref(&waiter.message);
        frame_fini(&waiter.frame);
        return err_context(e, "calling %s", verb);
    }
    *ret_message = waiter.message;
    *ret_frame = waiter.frame;
    return NULL;
}

static void cond_init(pthread_cond_t *cond)
{
    pthread_condattr_t attributes;

    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(cond, &attributes);
    pthread_condattr_destroy(&attributes);
}

static struct timespec time_of(uint64_t deadline_ms)
{
    return (struct timespec){(time_t)(deadline_ms / 1000),
                             (long)(deadline_ms % 1000) * 1000000};
}

static void cond_wait(pthread_cond_t *cond, pthread_mutex_t *lock, uint64_t deadline_ms)
{
    struct timespec until = time_of(deadline_ms);

    pthread_cond_timedwait(cond, lock, &until);
}

/* Waits for a connection and puts the call on its list. */
static struct err *enter(struct agent_link *link, struct waiter *waiter,
                         uint64_t deadline_ms)
{
    uint64_t until = clock_monotonic_ms() + ABSENT_MS;
    bool is_there;

    if (until > deadline_ms)
        until = deadline_ms;
    cond_init(&waiter->wake);
    pthread_mutex_lock(&link->lock);
    while (link->sock < 0 && !link->is_stopping && clock_monotonic_ms() < until) {
        link->is_wanted = true;
        pthread_cond_signal(&link->wanted);
        cond_wait(&link->connected, &link->lock, until);
    }
    is_there = link->sock >= 0 && !link->is_stopping;
    if (is_there) {
        waiter->id = ++link->last_id;
        waiter->next = link->waiters;
        link->waiters = waiter;
    }
    pthread_mutex_unlock(&link->lock);
    if (is_there)
        return NULL;
    pthread_cond_destroy(&waiter->wake);
    return failure(link, ABSENT);
}

static struct err *send_call(struct agent_link *link, const struct waiter *waiter,
                             const struct buf *text, const int *fds, size_t n_fds,
                             uint64_t deadline_ms)
{
    struct timespec until = time_of(deadline_ms);
    bool is_cut;
    int r = 0;

    if (text->size > MAX_REQUEST_SIZE)
        return failure(link, "was to be sent too much");
    if (pthread_mutex_clocklock(&link->send_lock, CLOCK_MONOTONIC, &until) != 0)
        return failure(link, BUSY);
    pthread_mutex_lock(&link->lock);
    is_cut = waiter->state == CUT;
    pthread_mutex_unlock(&link->lock);
    if (!is_cut)
        r = frame_send(link->sock, text->data, text->size, fds, n_fds, deadline_ms);
    /* Half a frame may be out: this connection is of no use any more. */
    if (r < 0)
        shutdown(link->sock, SHUT_RDWR);
    pthread_mutex_unlock(&link->send_lock);
    if (r == -ETIMEDOUT)
        return failure(link, BUSY);
    return is_cut || r < 0 ? failure(link, CUT_BEFORE) : NULL;
}

static struct err *wait_for_answer(struct agent_link *link, struct waiter *waiter,
                                   uint64_t deadline_ms)
{
    int state;

    pthread_mutex_lock(&link->lock);
    while (waiter->state == WAITING && clock_monotonic_ms() < deadline_ms)
        cond_wait(&waiter->wake, &link->lock, deadline_ms);
    state = waiter->state;
    pthread_mutex_unlock(&link->lock);
    if (state == WAITING)
        return failure(link, SILENT);
    return state == CUT ? failure(link, CUT_DURING) : NULL;
}

static void leave(struct agent_link *link, struct waiter *waiter)
{
    pthread_mutex_lock(&link->lock);
    for (struct waiter **w = &link->waiters; *w; w = &(*w)->next) {
        if (*w == waiter) {
            *w = waiter->next;
            break;
        }
    }
    pthread_mutex_unlock(&link->lock);
    pthread_cond_destroy(&waiter->wake);
}

static struct err *failure(struct agent_link *link, const char *what)
{
    return err_paramf(err_new(ERR_INTERNAL_ERROR, "%s %s", link->config.name, what),
                      "%s %s", link->config.name, what);
}

bool agent_link_lost(const struct err *e)
{
    static const char *const reasons[] = {ABSENT, BUSY, CUT_BEFORE, CUT_DURING, SILENT};

    if (err_code(e) != ERR_INTERNAL_ERROR || err_n_params(e) != 1)
        return false;
    for (size_t i = 0; i < ARRAY_SIZE(reasons); i++)
        if (str_has_suffix(err_param_at(e, 0), reasons[i]))
            return true;
    return false;
}

/* The reader's thread: connects, serves, and again. */
static void *read_link(void *arg)
{
    struct agent_link *link = arg;
    unsigned retry_ms = RETRY_MIN_MS;

    pthread_setname_np(pthread_self(), link->config.name);
    do {
        uint64_t opened = clock_monotonic_ms();

        if (retry_ms < RETRY_MAX_MS)
            retry_ms *= 2;
        if (!open_link(link))
            continue;
        serve_link(link);
        close_link(link);
        /* One that ends at once (a refusal, a crash at start) is not tried too often. */
        if (clock_monotonic_ms() > opened + RETRY_MAX_MS)
            retry_ms = RETRY_MIN_MS;
    } while (pause_reader(link, retry_ms));
    return NULL;
}

static bool open_link(struct agent_link *link)
{
    autoclose int sock = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (sock < 0 || connect(sock, &link->address.any, link->address.size) < 0) {
        log_debug(AGENT, "connecting to %s: %m", link->config.name);
        return false;
    }
    log_info(AGENT, "connected to %s", link->config.name);
    pthread_mutex_lock(&link->send_lock);
    pthread_mutex_lock(&link->lock);
    link->sock = take_fd(sock);
    link->is_wanted = false;
    link->n_connections++;
    if (link->is_stopping)
        shutdown(link->sock, SHUT_RDWR);
    pthread_cond_broadcast(&link->connected);
    pthread_mutex_unlock(&link->lock);
    pthread_mutex_unlock(&link->send_lock);
    return true;
}

static void serve_link(struct agent_link *link)
{
    for (;;) {
        CLEANUP(frame_fini) struct frame frame = {0};
        int r = frame_receive(link->sock, &frame, 0);

        if (r < 0) {
            errno = -r;
            log_warn(AGENT, "reading from %s: %m", link->config.name);
        }
        if (r <= 0)
            return;
        if (!take_message(link, &frame)) {
            log_error(AGENT, "%s does not keep to the protocol", link->config.name);
            return;
        }
    }
}

static void close_link(struct agent_link *link)
{
    /* A sender stuck in this socket is set free first: it holds the lock. */
    shutdown(link->sock, SHUT_RDWR);
    pthread_mutex_lock(&link->send_lock);
    pthread_mutex_lock(&link->lock);
    close(take_fd(link->sock));
    for (struct waiter *w = link->waiters; w; w = w->next) {
        if (w->state == WAITING)
            w->state = CUT;
        pthread_cond_signal(&w->wake);
    }
    if (!link->is_stopping)
        log_warn(AGENT, "lost %s; trying again", link->config.name);
    pthread_mutex_unlock(&link->lock);
    pthread_mutex_unlock(&link->send_lock);
}

/* Waits a while before the next try: the shortest when a call wants the agent.  False when
 * there is none. */
static bool pause_reader(struct agent_link *link, unsigned ms)
{
    uint64_t now = clock_monotonic_ms();
    bool goes_on;

    pthread_mutex_lock(&link->lock);
    while (!link->is_stopping &&
           clock_monotonic_ms() < now + (link->is_wanted ? RETRY_MIN_MS : ms))
        cond_wait(&link->wanted, &link->lock, now + (link->is_wanted ? RETRY_MIN_MS : ms));
    link->is_wanted = false;
    goes_on = !link->is_stopping;
    pthread_mutex_unlock(&link->lock);
    return goes_on;
}

static bool take_message(struct agent_link *link, struct frame *frame)
{
    autoval struct val message = val_void();
    const struct val *id;

    if (json_parse(buf_str(&frame->data), frame->data.size, 0, &message, NULL) < 0 ||
        message.kind != VAL_MAP)
        return false;
    id = val_find(&message, "id");
    if (id && id->kind != VAL_INT)
        return false;
    if (id)
        return give_answer(link, id->i, &message, frame);
    link->config.on_notice(&message, link->config.arg);
    return true;
}

/* False for an answer to nothing that was ever asked. */
static bool give_answer(struct agent_link *link, int64_t id, struct val *message,
                        struct frame *frame)
{
    struct waiter *w;
    bool is_known;

    pthread_mutex_lock(&link->lock);
    is_known = id > 0 && id <= link->last_id;
    for (w = link->waiters; w && w->id != id; w = w->next)
        ;
    if (w && w->state == WAITING) {
        w->state = ANSWERED;
        w->message = take_val(*message);
        w->frame = *frame;
        memset(frame, 0, sizeof(*frame));
        pthread_cond_signal(&w->wake);
    }
    pthread_mutex_unlock(&link->lock);
    return is_known;
}

/* The greeter's thread: one greeting for each connection, or for several that came while it
 * was busy. */
static void *greet(void *arg)
{
    struct agent_link *link = arg;
    unsigned n_greeted = 0;

    pthread_mutex_lock(&link->lock);
    while (!link->is_stopping) {
        if (n_greeted == link->n_connections) {
            pthread_cond_wait(&link->connected, &link->lock);
            continue;
        }
        n_greeted = link->n_connections;
        pthread_mutex_unlock(&link->lock);
        link->config.on_connected(link->config.arg);
        pthread_mutex_lock(&link->lock);
    }
    pthread_mutex_unlock(&link->lock);
    return NULL;
}
