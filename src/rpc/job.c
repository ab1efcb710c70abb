// SPDX-License-Identifier: GPL-2.0-or-later
#include "rpc/job.h"

#include <string.h>
#include <systemd/sd-event.h>
#include <time.h>

#include "base/alloc.h"
#include "base/log.h"
#include "io/loop.h"
#include "rpc/manager.h"
#include "wire/http_write.h"

/* What every answer carries beside the usual fields: any page may read it. */
#define HEADERS                                                                            \
    "Access-Control-Allow-Origin: *\r\n"                                                   \
    "Access-Control-Allow-Headers: X-Requested-With\r\n"

struct job *job_new(struct manager *manager, const struct rpc_request *request)
{
    struct job *job = xcalloc(1, sizeof(*job));

    job->request = *request;
    job->call.manager = manager;
    job->call.db = manager->db;
    job->call.caller = &job->caller;
    reply_init(&job->reply, request->endpoint == RPC_XML ? ENCODING_XML : ENCODING_JSON);
    return job;
}

void job_free(struct job *job)
{
    size_t n_args = job->args ? job->call.method->n_params : 0;

    for (size_t i = 0; i < n_args; i++)
        val_unref(&job->args[i]);
    free(job->args);
    task_free(job->call.task);
    if (job->session)
        sessions_release(job->call.manager->sessions, job->session);
    envelope_fini(&job->envelope);
    reply_fini(&job->reply);
    free(job);
}

static const char *content_type(const struct job *job)
{
    return job->request.endpoint == RPC_XML ? "text/xml" : "application/json";
}

static void send_and_free(struct job *job)
{
    struct http_answer answer = reply_finish(&job->reply, 200, content_type(job), HEADERS);

    job->request.answer(&answer, job->request.arg);
    job_free(job);
}

static void send_when_due(struct job *job)
{
    if (job->call.hold_answer_ms)
        job_later(job, job->call.hold_answer_ms, send_and_free);
    else
        send_and_free(job);
}

void job_begin_value(struct job *job)
{
    envelope_begin(&job->envelope, &job->reply.text);
}

void job_begin_bare_value(struct job *job)
{
    job->bare = true;
    envelope_begin_bare(&job->envelope, &job->reply.text);
}

static void end_value(struct job *job)
{
    if (job->bare)
        envelope_end_bare(&job->envelope, &job->reply.text);
    else
        envelope_end(&job->envelope, &job->reply.text);
}

void job_succeed(struct job *job)
{
    end_value(job);
    job_audit(job, NULL);
    send_when_due(job);
}

void job_succeed_with(struct job *job, const struct type *type, const struct val *value)
{
    static const struct val nothing = {.kind = VAL_VOID};

    job_begin_value(job);
    reply_value(&job->reply, type, value ? value : &nothing);
    job_succeed(job);
}

void job_answer_early(struct job *job, const struct type *type, const struct val *value)
{
    struct http_answer answer;

    job_begin_value(job);
    reply_value(&job->reply, type, value);
    end_value(job);
    answer = reply_finish(&job->reply, 200, content_type(job), HEADERS);
    job->request.answer(&answer, job->request.arg);
    job->request.peer = "a task";
}

void job_fail(struct job *job, struct err *e)
{
    reply_clear(&job->reply);
    envelope_add_failure(&job->envelope, e, &job->reply.text);
    job_audit(job, e);
    log_debug(RPC, "%s: %s", job->envelope.method, err_sentence(e));
    err_free(e);
    send_when_due(job);
}

void job_fail_http(struct job *job, const char *text)
{
    struct http_answer answer;

    reply_clear(&job->reply);
    http_add_error_page(&job->reply.text, 500, text);
    answer = reply_finish(&job->reply, 500, "text/html", NULL);
    job->request.answer(&answer, job->request.arg);
    job_free(job);
}

/* ---- waiting without a thread ---- */

struct later {
    struct job *job;
    uint64_t delay_ms;
    void (*fn)(struct job *job);
    sd_event_source *timer;
    struct later **at, *next; /* of rpc->waiting */
};

static void later_end(struct later *later)
{
    struct job *job = later->job;
    void (*fn)(struct job *) = later->fn;

    *later->at = later->next;
    if (later->next)
        later->next->at = later->at;
    sd_event_source_unref(later->timer);
    free(later);
    fn(job);
}

static int later_due(sd_event_source *source UNUSED, uint64_t usec UNUSED, void *arg)
{
    later_end(arg);
    return 0;
}

static void later_start(void *arg)
{
    struct later *later = arg;
    const struct manager *manager = later->job->call.manager;
    struct later **first = &manager->rpc->waiting;
    int r = sd_event_add_time_relative(manager->loop, &later->timer, CLOCK_MONOTONIC,
                                       later->delay_ms * 1000, 1000, later_due, later);

    later->next = *first;
    if (later->next)
        later->next->at = &later->next;
    later->at = first;
    *first = later;
    if (r < 0) {
        log_warn(RPC, "no timer for a call that should wait (%s): going on at once",
                 strerror(-r));
        later_end(later);
    }
}

void job_later(struct job *job, uint64_t delay_ms, void (*fn)(struct job *job))
{
    struct later *later = xcalloc(1, sizeof(*later));

    later->job = job;
    later->delay_ms = delay_ms;
    later->fn = fn;
    loop_post(job->call.manager->mailbox, later_start, later);
}

void jobs_end_waiting(struct rpc *rpc)
{
    while (rpc->waiting)
        later_end(rpc->waiting);
}

void job_audit(const struct job *job, const struct err *e)
{
    const struct method_def *method = job->call.method;
    bool refused = e && err_code(e) == ERR_RBAC_PERMISSION_DENIED;

    if (!method || (!(method->flags & METHOD_EFFECT) && !refused))
        return;
    log_info(RPC, "audit: %s%s by %s from %s: %s", job->async ? "Async." : "",
             method->wire_name, job->caller.user_name[0] ? job->caller.user_name : "nobody",
             job->request.peer, e ? err_code_text(e) : "done");
}
