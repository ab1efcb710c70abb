// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/transfer.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/fd.h"
#include "base/str.h"
#include "cli/client.h"
#include "cli/fail.h"
#include "cli/http.h"
#include "wire/http_write.h"

#define WAIT_S       30.0
#define MAX_FORWARDS 3 /* from host to host of a pool */

void transfer_add(struct transfer *transfer, const char *name, const char *value)
{
    buf_addf(&transfer->query, "&%s=", name);
    http_add_escaped(&transfer->query, value);
}

void transfer_fini(struct transfer *transfer)
{
    buf_fini(&transfer->query);
}

/* ---- the file ---- */

static struct err *open_file(struct run *run, const struct transfer *transfer, int *ret_fd)
{
    int fd;

    if (transfer->is_upload)
        fd = open(transfer->file, O_RDONLY | O_CLOEXEC);
    else if (*transfer->file)
        fd = open(transfer->file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    else
        fd = fflush(run->out) == 0 ? dup(fileno(run->out)) : -1;
    if (fd < 0)
        return fail("%s: %s", transfer->file, strerrordesc_np(errno));
    *ret_fd = fd;
    return NULL;
}

static uint64_t size_of(int fd)
{
    struct stat st;

    return fstat(fd, &st) == 0 && S_ISREG(st.st_mode) ? (uint64_t)st.st_size
                                                      : HTTP_NO_LENGTH;
}

/* ---- the way there ---- */

/* Takes "https://host:port/path" apart: the host into 'settings', the path behind it. */
static struct err *follow(struct settings *settings, const char *location, char **ret_path)
{
    const char *host, *path, *colon;
    bool is_plain = str_has_prefix(location, "http://");

    if (*location == '/') {
        *ret_path = xstrdup(location);
        return NULL;
    }
    host = strstr(location, "://");
    path = host ? strchr(host + 3, '/') : NULL;
    if (!path || (is_plain && !settings->no_tls))
        return fail("The server sends xe on to %s, where it does not go", location);
    host += 3;
    free(settings->server);
    settings->server = xstrndup(host, (size_t)(path - host));
    colon = strrchr(settings->server, ':');
    if (colon && !strchr(colon, ']')) {
        free(settings->port);
        settings->port = xstrdup(colon + 1);
        settings->server[colon - settings->server] = '\0';
    }
    *ret_path = xstrdup(path);
    return NULL;
}

static struct err *send_once(const struct settings *settings,
                             const struct transfer *transfer, const char *path, int fd,
                             struct buf *location)
{
    autoptr(http) http = http_new(settings);

    return transfer->is_upload ? http_put(http, path, fd, size_of(fd), location)
                               : http_get(http, path, fd, location);
}

/* From host to host, until one takes it. */
static struct err *send_to(const struct settings *known, const struct transfer *transfer,
                           char *path, int fd)
{
    struct settings settings = *known;
    autofree char *at = path;
    struct err *e = NULL;
    bool done = false;

    settings.server = known->server ? xstrdup(known->server) : NULL;
    settings.port = known->port ? xstrdup(known->port) : NULL;
    for (unsigned i = 0; !e && !done && i <= MAX_FORWARDS; i++) {
        autobuf location = BUF_INIT;
        char *next = NULL;

        e = send_once(&settings, transfer, at, fd, &location);
        done = location.size == 0;
        if (!e && !done)
            e = follow(&settings, buf_str(&location), &next);
        if (next) {
            free(at);
            at = next;
        }
    }
    free(settings.server);
    free(settings.port);
    return e || done ? e : fail("The server sends xe in circles");
}

/* ---- the task ---- */

/* Waits until the task has ended; 'ret_record' is its record. */
static struct err *wait_for(struct run *run, const char *task, struct val *ret_record)
{
    autofree char *name = xasprintf("task/%s", task);
    autoval struct val token = val_str("");
    struct err *e = NULL;

    while (!e) {
        autoval struct val record = val_void(), answer = val_void();
        struct val params, names;

        e = client_ask(run->client, &record, "task.get_record", task, NULL);
        if (e)
            return e;
        if (!STREQ(val_find_text(&record, "status", "pending"), "pending")) {
            *ret_record = take_val(record);
            return NULL;
        }
        params = val_set(3);
        names = val_set(1);
        val_push(&names, val_str(name));
        val_push(&params, names);
        val_push(&params, val_ref(&token));
        val_push(&params, val_float(WAIT_S));
        e = client_call(run->client, "event.from", params, &answer);
        if (!e && (answer.kind != VAL_MAP || !val_find(&answer, "token")))
            e = fail("The server's answer to event.from has no token");
        if (!e) {
            val_unref(&token);
            token = val_ref(val_find(&answer, "token"));
        }
    }
    return e;
}

/* What the task says of itself. */
static struct err *outcome_of(const struct val *record)
{
    const struct val *info = val_find(record, "error_info");
    struct err *e;

    if (STREQ(val_find_text(record, "status", ""), "success"))
        return NULL;
    if (!info || info->kind != VAL_SET || val_count(info) == 0)
        return fail("The task ended as %s", val_find_text(record, "status", ""));
    e = err_foreign(val_text(val_at(info, 0)), val_text(val_at(info, 0)));
    for (size_t i = 1; i < val_count(info); i++)
        e = err_param(e, val_text(val_at(info, i)));
    return e;
}

/* A transfer that went wrong: where the task says why, that is the reason. */
static struct err *reason_of(struct run *run, const char *task, struct err *e)
{
    autoval struct val record = val_void();
    struct err *why = client_ask(run->client, &record, "task.get_record", task, NULL);

    if (why) {
        err_ignore(why, "the transfer's own error is reported");
        return e;
    }
    if (STREQ(val_find_text(&record, "status", ""), "pending")) {
        autoval struct val nothing = val_void();

        /* Else it would wait for its end before it goes. */
        err_ignore(
            client_ask(run->client, &nothing, "task.set_status", task, "failure", NULL),
            "the transfer's own error is reported");
    }
    if (!STREQ(val_find_text(&record, "status", ""), "failure"))
        return e;
    err_free(e);
    return outcome_of(&record);
}

static struct err *run_task(struct run *run, const struct transfer *transfer,
                            const char *task, int fd, struct buf *ret_result)
{
    autoval struct val record = val_void();
    const char *session;
    struct err *e = client_session(run->client, &session);

    if (!e)
        e = send_to(client_settings(run->client), transfer,
                    xasprintf("%s?session_id=%s&task_id=%s%s", transfer->path, session,
                              task, buf_str(&transfer->query)),
                    fd);
    if (e)
        return reason_of(run, task, e);
    e = wait_for(run, task, &record);
    if (!e)
        e = outcome_of(&record);
    if (!e)
        buf_add_str(ret_result, val_find_text(&record, "result", ""));
    return e;
}

static struct err *run_as_task(struct run *run, const struct transfer *transfer, int fd,
                               struct buf *ret_result)
{
    autoval struct val task = val_void(), nothing = val_void();
    struct err *e =
        client_ask(run->client, &task, "task.create", transfer->label, "", NULL);

    if (e)
        return e;
    e = run_task(run, transfer, val_text(&task), fd, ret_result);
    err_ignore(client_ask(run->client, &nothing, "task.destroy", val_text(&task), NULL),
               "what the task was for is over");
    return e;
}

struct err *transfer_run(struct run *run, const struct transfer *transfer,
                         struct buf *ret_result)
{
    autoclose int fd = -1;
    struct err *e = open_file(run, transfer, &fd);

    if (e)
        return e;
    e = run_as_task(run, transfer, fd, ret_result);
    if (e && !transfer->is_upload && *transfer->file)
        unlink(transfer->file);
    return e;
}
