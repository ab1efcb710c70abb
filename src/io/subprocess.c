// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/subprocess.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/fd.h"
#include "io/subprocess_child.h"
#include "io/wait.h"

#define READ_STEP (64u << 10) /* a pipe's size */

/* A program being waited for: our ends of its output streams (-1 once they ended). */
struct run {
    const struct subprocess_config *config;
    struct subprocess_result *result;
    int pidfd, out, errors;
    size_t n_handed_on; /* bytes given to on_output */
};

static struct err *start(const struct subprocess_config *config, const int std[3],
                         bool outlives, pid_t *ret_pid, int *ret_pidfd);
static struct err *make_streams(struct run *run, int ret_theirs[3]);
static struct err *make_input(const void *data, size_t size, int *ret_fd);
static struct err *make_pipe(int *ret_ours, int *ret_theirs);
static struct err *serve(struct run *run);
static struct err *drain(int *fd, struct buf *to, size_t max, bool drop_rest);
static struct err *hand_on(struct run *run);
static const char *last_line(const struct buf *errors, int *ret_len);
static int reap(pid_t pid);

static void run_fini(struct run *run)
{
    cleanup_close(&run->pidfd);
    cleanup_close(&run->out);
    cleanup_close(&run->errors);
}

struct err *subprocess_run(const struct subprocess_config *config,
                           struct subprocess_result *ret_result)
{
    CLEANUP(subprocess_result_fini) struct subprocess_result result = {0};
    CLEANUP(run_fini) struct run run = {config, &result, -1, -1, -1, 0};
    int theirs[3] = {-1, -1, -1};
    struct err *e;
    pid_t pid;

    e = make_streams(&run, theirs);
    if (!e)
        e = start(config, theirs, false, &pid, &run.pidfd);
    for (int i = 0; i < 3; i++)
        cleanup_close(&theirs[i]);
    if (!e) {
        e = serve(&run);
        /* What it started and left behind goes with it; its number is ours until reaped. */
        kill(-pid, SIGKILL);
        result.status = reap(pid);
    }
    if (e)
        return err_context(e, "running %s", config->argv[0]);

    *ret_result = result;
    memset(&result, 0, sizeof(result));
    return NULL;
}

struct err *subprocess_start(const struct subprocess_config *config, const int std[3],
                             pid_t *ret_pid, int *ret_pidfd)
{
    return err_context(start(config, std, true, ret_pid, ret_pidfd), "starting %s",
                       config->argv[0]);
}

struct err *subprocess_check(const struct subprocess_config *config,
                             const struct subprocess_result *result)
{
    const char *name = config->argv[0];
    const char *slash = strrchr(name, '/');
    autofree char *how = NULL;
    int len;
    const char *last = last_line(&result->errors, &len);

    if (result->status == 0)
        return NULL;
    if (result->status < 0)
        how = xasprintf("killed by signal %d", -result->status);
    else
        how = xasprintf("exit status %d", result->status);
    return err_paramf(
        err_new(ERR_INTERNAL_ERROR, "running %s: %s: %.*s", name, how, len, last), "%s: %s",
        slash ? slash + 1 : name, how);
}

void subprocess_result_fini(struct subprocess_result *result)
{
    buf_fini(&result->out);
    buf_fini(&result->errors);
}

static struct err *start(const struct subprocess_config *config, const int std[3],
                         bool outlives, pid_t *ret_pid, int *ret_pidfd)
{
    autoclose int null = open("/dev/null", O_RDWR | O_CLOEXEC), pidfd = -1;
    struct subprocess_child child = {
        .config = config, .outlives = outlives, .parent = getpid()};
    pid_t pid;
    int r;

    if (null < 0)
        return err_errno(errno, "opening /dev/null");
    if (config->n_fds > SUBPROCESS_MAX_FDS)
        return err_new(ERR_INTERNAL_ERROR, "passing %zu descriptors", config->n_fds);
    for (int i = 0; i < 3; i++)
        child.fds[i] = std[i] < 0 ? null : std[i];
    for (size_t i = 0; i < config->n_fds; i++)
        child.fds[3 + i] = config->fds[i];
    child.n_fds = 3 + config->n_fds;

    r = subprocess_child_spawn(&child, &pid);
    if (r < 0)
        return err_errno(-r, "%s", child.step);
    pidfd = pidfd_open(pid, 0);
    if (pidfd < 0) {
        struct err *e = err_errno(errno, "opening a descriptor of process %d", pid);

        kill(-pid, SIGKILL);
        reap(pid);
        return e;
    }
    *ret_pid = pid;
    *ret_pidfd = take_fd(pidfd);
    return NULL;
}

static struct err *make_streams(struct run *run, int ret_theirs[3])
{
    const struct subprocess_config *config = run->config;
    struct err *e = NULL;

    if (config->input)
        e = make_input(config->input, config->input_size, &ret_theirs[0]);
    if (!e && config->max_output)
        e = make_pipe(&run->out, &ret_theirs[1]);
    if (!e)
        e = make_pipe(&run->errors, &ret_theirs[2]);
    return e;
}

/* The input as a file in memory: nothing to feed while the program runs. */
static struct err *make_input(const void *data, size_t size, int *ret_fd)
{
    autoclose int fd = memfd_create("input", MFD_CLOEXEC);
    int r = fd < 0 ? -errno : fd_write_all(fd, data, size);

    if (r == 0 && lseek(fd, 0, SEEK_SET) < 0)
        r = -errno;
    if (r < 0)
        return err_errno(-r, "making its standard input");
    *ret_fd = take_fd(fd);
    return NULL;
}

static struct err *make_pipe(int *ret_ours, int *ret_theirs)
{
    int ends[2], r;

    if (pipe2(ends, O_CLOEXEC) < 0)
        return err_errno(errno, "making a pipe");
    *ret_ours = ends[0];
    *ret_theirs = ends[1];
    r = fd_set_nonblocking(ends[0], true);
    return r < 0 ? err_errno(-r, "making a pipe") : NULL;
}

/* Reads its output until the program has ended. */
static struct err *serve(struct run *run)
{
    const struct subprocess_config *config = run->config;

    for (;;) {
        struct pollfd polls[4] = {
            {run->out, POLLIN, 0},
            {run->errors, POLLIN, 0},
            {run->pidfd, POLLIN, 0},
            {config->cancel_fd > 0 ? config->cancel_fd : -1, POLLIN, 0},
        };
        int n = poll(polls, ARRAY_SIZE(polls), wait_ms_left(config->deadline_ms));
        bool ended = polls[2].revents;
        struct err *e = NULL;

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return err_errno(errno, "waiting for it");
        if (n == 0)
            return err_errno(ETIMEDOUT, "waiting for it to end");
        if (polls[3].revents && !ended)
            return err_new(ERR_TASK_CANCELLED, "waiting for it to end: cancelled");
        /* Its last words may have come after their pipe was looked at. */
        if (run->out >= 0 && (polls[0].revents || ended))
            e = config->on_output
                    ? hand_on(run)
                    : drain(&run->out, &run->result->out, config->max_output, false);
        if (!e && run->errors >= 0 && (polls[1].revents || ended))
            e = drain(&run->errors, &run->result->errors, SUBPROCESS_MAX_ERRORS, true);
        if (e || ended)
            return e;
    }
}

/* Reads once: a pipe holds no more than READ_STEP.  At the end of the stream '*fd' is
 * closed. */
static struct err *drain(int *fd, struct buf *to, size_t max, bool drop_rest)
{
    ssize_t n;

    buf_reserve(to, READ_STEP);
    n = read(*fd, to->data + to->size, READ_STEP);
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return NULL;
    if (n < 0)
        return err_errno(errno, "reading its output");
    if (n == 0)
        close(take_fd(*fd));
    to->size += (size_t)n;
    if (to->size > max && !drop_rest)
        return err_errno(EFBIG, "reading more than %zu bytes of output", max);
    if (to->size > max)
        to->size = max;
    to->data[to->size] = '\0';
    return NULL;
}

/* Reads once, and keeps nothing. */
static struct err *hand_on(struct run *run)
{
    autobuf data = BUF_INIT;
    struct err *e = drain(&run->out, &data, SIZE_MAX, false);

    run->n_handed_on += data.size;
    if (!e && run->n_handed_on > run->config->max_output)
        e = err_errno(EFBIG, "reading more than %zu bytes of output",
                      run->config->max_output);
    if (!e && data.size)
        run->config->on_output(run->config->output_arg, data.data, data.size);
    return e;
}

/* The last line of what it said, without its end, cut to 512 bytes. */
static const char *last_line(const struct buf *errors, int *ret_len)
{
    const char *text = buf_str(errors), *line;
    size_t len = errors->size;

    while (len && (text[len - 1] == '\n' || text[len - 1] == '\r'))
        len--;
    line = memrchr(text, '\n', len);
    line = line ? line + 1 : text;
    len -= (size_t)(line - text);
    *ret_len = len > 512 ? 512 : (int)len;
    return line;
}

static int reap(pid_t pid)
{
    int status = 0;

    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}
