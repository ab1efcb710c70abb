// SPDX-License-Identifier: GPL-2.0-or-later
#include "rpc/dispatch.h"

#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/log.h"
#include "io/loop.h"
#include "io/pool.h"
#include "rpc/backoff.h"
#include "rpc/callers.h"
#include "rpc/error_objects.h"
#include "rpc/events.h"
#include "rpc/generated.h"
#include "rpc/job.h"
#include "rpc/manager.h"
#include "rpc/rbac.h"
#include "rpc/usage.h"

#define MAX_NAME 128 /* the longest name of a call is 55 */

/* ---- binding ---- */

static struct bound *bound_of(const struct rpc *rpc, const struct method_def *method)
{
    return &rpc->bound[method - methods];
}

static void die_unbound(const char *name, const char *why)
{
    log_error(RPC, "the body of %s: %s", name, why);
    assert_msg(false, "a method body does not fit the datamodel");
}

static void bind_body(struct rpc *rpc, const struct body_def *body)
{
    const struct method_def *method = method_by_name(body->wire_name);
    struct bound *bound;

    if (!method || (method->flags & METHOD_REMOVED))
        die_unbound(body->wire_name, "the datamodel has no such message");
    bound = bound_of(rpc, method);
    if (bound->park || (bound->run && !bound->is_generated))
        die_unbound(body->wire_name, "bound twice");
    bound->run = body->run;
    bound->body = body;
    bound->pool = body->pool;
    bound->is_generated = false;
}

/* The field that a message called set_x writes whole, if its map keys have rules. */
static int16_t find_ruled_field(const struct method_def *method)
{
    const struct class_def *cls = &classes[method->cls];
    const struct field_def *field;

    if (strncmp(method->name, "set_", 4) != 0 || method->n_params != 2)
        return -1;
    field = field_by_name(cls, method->name + 4);
    return field && field->n_key_rules && method->params[1].type->kind == TYPE_MAP
               ? (int16_t)field_index(cls, field)
               : -1;
}

static void bind_generated(struct rpc *rpc)
{
    for (size_t i = 0; i < n_methods; i++) {
        struct bound *bound = &rpc->bound[i];

        bound->ruled_field = find_ruled_field(&methods[i]);
        if (methods[i].kind == METHOD_CUSTOM || generated_reads(&methods[i]))
            continue;
        bound->run = generated_write;
        bound->pool = BODY_PRIORITY;
        bound->is_generated = true;
    }
}

struct rpc *rpc_new(struct manager *manager, const struct body_def *const *tables)
{
    struct rpc *rpc = xcalloc(1, sizeof(*rpc));

    rpc->manager = manager;
    rpc->bound = xcalloc(n_methods, sizeof(rpc->bound[0]));
    rpc->logins = backoff_new();
    rpc->usage = usage_new();
    rpc->callers = callers_new();
    bind_generated(rpc);
    bound_of(rpc, method_by_name("event.from"))->park = events_from;
    bound_of(rpc, method_by_name("event.next"))->park = events_next;
    for (; *tables; tables++) {
        for (const struct body_def *body = *tables; body->wire_name; body++)
            bind_body(rpc, body);
    }
    return rpc;
}

void rpc_free(struct rpc *rpc)
{
    if (!rpc)
        return;
    jobs_end_waiting(rpc);
    backoff_free(rpc->logins);
    usage_free(rpc->usage);
    callers_free(rpc->callers);
    free(rpc->bound);
    free(rpc);
}

bool rpc_has_body(const struct rpc *rpc, const struct method_def *method)
{
    const struct bound *bound = bound_of(rpc, method);

    return bound->park || (bound->run && !bound->is_generated);
}

/* ---- what is called ---- */

/* "VM_guest_metrics_get_all": any of its underscores may stand for the dot. */
static const struct method_def *method_by_folded_name(const char *name)
{
    char folded[MAX_NAME];

    if (strlen(name) >= sizeof(folded))
        return NULL;
    snprintf(folded, sizeof(folded), "%s", name);
    for (char *at = strchr(folded, '_'); at; at = strchr(at + 1, '_')) {
        const struct method_def *method;

        *at = '.';
        method = method_by_name(folded);
        if (method)
            return method;
        *at = '_';
    }
    return NULL;
}

static struct err *unknown_method(const char *name)
{
    return err_params(ERR_MESSAGE_METHOD_UNKNOWN, name, NULL);
}

static struct err *not_async(const struct method_def *method)
{
    struct err *e = err_foreign("Fault", "calling without an asynchronous form");

    return err_paramf(e, "%s has no asynchronous form", method->wire_name);
}

static struct err *find_method(struct job *job)
{
    const char *name = job->envelope.method;
    const struct method_def *method;

    if (strncmp(name, "Async.", 6) == 0)
        name += 6;
    else if (strncmp(name, "InternalAsync.", 14) == 0)
        name += 14;
    job->async = name != job->envelope.method;
    method = method_by_name(name);
    if (!method && !job->async)
        method = method_by_folded_name(name);
    if (!method)
        return unknown_method(job->envelope.method);
    if (method->flags & METHOD_REMOVED)
        return err_params(ERR_MESSAGE_REMOVED, NULL);
    if (job->async && !(method->flags & METHOD_ASYNC))
        return not_async(method);
    job->call.method = method;
    job->bound = bound_of(job->call.manager->rpc, method);
    job->call.body = job->bound->body;
    return NULL;
}

/* ---- who calls, and with what ---- */

static size_t n_session_params(const struct job *job)
{
    return job->call.method->flags & METHOD_SESSION ? 1 : 0;
}

static struct err *check_arity(const struct job *job)
{
    const struct method_def *method = job->call.method;
    size_t n_given = val_count(&job->envelope.params), n_session = n_session_params(job);
    size_t n = n_given > n_session ? n_given - n_session : 0;
    struct err *e;

    if (n_given >= n_session && n >= method->n_required && n <= method->n_params)
        return NULL;
    e = err_new(ERR_MESSAGE_PARAMETER_COUNT_MISMATCH, "calling %s with %zu parameters",
                method->wire_name, n);
    e = err_param(e, job->envelope.method);
    e = err_paramf(e, "%u", (unsigned)method->n_params);
    return err_paramf(e, "%zu", n);
}

static struct err *find_session(struct job *job)
{
    const struct val *ref;

    if (!n_session_params(job)) {
        snprintf(job->caller.source, sizeof(job->caller.source), "%s", job->request.peer);
        job->caller.is_local_superuser = job->request.is_local_root;
        return NULL;
    }
    ref = val_at(&job->envelope.params, 0);
    if (ref->kind != VAL_STR)
        return err_params(ERR_FIELD_TYPE_ERROR, "session_id", NULL);
    job->session = sessions_hold(job->call.manager->sessions, val_text(ref));
    if (!job->session)
        return err_params(ERR_SESSION_INVALID, val_text(ref), NULL);
    job->caller = *session_caller(job->session);
    return NULL;
}

static struct err *decode_arguments(struct job *job)
{
    const struct method_def *method = job->call.method;
    const struct val *given = &job->envelope.params;
    size_t first = n_session_params(job), n_given = val_count(given);

    job->args = xcalloc(method->n_params + 1u, sizeof(job->args[0]));
    job->call.args = job->args;
    for (size_t i = 0; i < method->n_params; i++) {
        const struct param_def *param = &method->params[i];
        struct err *e;

        if (first + i >= n_given) {
            job->args[i] = param_default(param);
            continue;
        }
        e = codec_decode(param->type, val_at(given, first + i), param->name, &job->args[i]);
        if (e)
            return e;
    }
    return NULL;
}

/* A record may bring whole maps whose keys have rules. */
static struct err *check_record(const struct job *job, const struct class_def *cls,
                                const struct val *record)
{
    autoval struct val nothing = val_map(0);

    for (size_t i = 0; i < cls->n_fields; i++) {
        const struct field_def *field = &cls->fields[i];
        struct err *e;

        if (!field->n_key_rules || field->qualifier == FIELD_DYNAMIC_RO)
            continue;
        e = rbac_check_map(&job->caller, job->call.method, field, &nothing,
                           val_at(record, i));
        if (e)
            return e;
    }
    return NULL;
}

/* What add_to_x may not write, set_x and create may not either: key by key. */
static struct err *check_whole_maps(const struct job *job)
{
    const struct method_def *method = job->call.method;
    autoptr(row) row = NULL;
    struct err *e = NULL;

    for (size_t i = 0; i < method->n_params && !e; i++) {
        const struct type *type = method->params[i].type;

        if (type->kind == TYPE_RECORD && type->cls >= 0)
            e = check_record(job, &classes[type->cls], &job->args[i]);
    }
    if (e || job->bound->ruled_field < 0)
        return e;
    e = db_need(job->call.db, method->cls, val_text(&job->args[0]), &row);
    if (e)
        return e;
    return rbac_check_map(&job->caller, method,
                          &classes[method->cls].fields[job->bound->ruled_field],
                          row_get(row, job->bound->ruled_field), &job->args[1]);
}

/* The role comes before the arguments: whoever may not call is told nothing of them.  Where
 * it depends on a map's key, that is read as it came, and looked at again as what it was
 * taken for. */
static struct err *check_role_and_decode(struct job *job)
{
    const struct method_def *method = job->call.method;
    struct err *e;

    if (!n_session_params(job))
        return decode_arguments(job);
    e = rbac_check_method(&job->caller, method, &job->envelope.params, 1);
    if (!e)
        e = decode_arguments(job);
    if (!e && method->n_key_rules)
        e = rbac_check_key(&job->caller, method, job->args);
    return e ? e : check_whole_maps(job);
}

static struct err *prepare(struct job *job)
{
    struct err *e = find_method(job);

    if (!e)
        e = check_arity(job);
    if (!e)
        e = find_session(job);
    return e ? e : check_role_and_decode(job);
}

/* ---- running ---- */

static void run_read(void *arg)
{
    struct job *job = arg;
    struct err *e;

    job_begin_value(job);
    e = generated_read(&job->call, &job->reply);
    if (e)
        job_fail(job, e);
    else
        job_succeed(job);
}

static struct err *call_body(struct job *job, struct val *ret_result)
{
    struct usage *usage = job->call.manager->rpc->usage;
    uint64_t began = clock_monotonic_us();
    struct err *e;

    log_set_field("METHOD", job->call.method->wire_name);
    log_set_field("TASK", task_ref(job->call.task));
    e = call_run(&job->call, job->bound->run, ret_result);
    usage_note_call(usage, job->call.method, clock_monotonic_us() - began);
    if (!e && job->bound->pool == BODY_LOGIN)
        usage_note_client(usage, job->request.user_agent);
    log_set_field("TASK", NULL);
    log_set_field("METHOD", NULL);
    if (e)
        error_objects_to_refs(job->call.db, e);
    return e;
}

/* Does a synchronous call show as a task while it runs? */
static bool shows_as_task(const struct method_def *method)
{
    return method->kind == METHOD_CUSTOM && (method->flags & METHOD_ASYNC) &&
           classes[method->cls].calls_have_tasks;
}

static struct err *make_task(struct job *job)
{
    const struct rpc_request *request = &job->request;
    const struct method_def *method = job->call.method;

    if (job->bound->pool == BODY_INLINE && !job->async) {
        job->call.task = task_dummy(method->wire_name); /* the loop cannot wait for a row */
        return NULL;
    }
    if (request->task_id && !job->async)
        return task_adopt(job->call.db, request->task_id, &job->call.task);
    if (job->async || request->subtask_of ||
        (shows_as_task(method) && job->bound->pool == BODY_NORMAL))
        return task_create(job->call.db, job->envelope.method, "", job->caller.session_ref,
                           request->subtask_of, method->flags & METHOD_ASYNC,
                           &job->call.task);
    job->call.task = task_dummy(method->wire_name);
    return NULL;
}

static void run_body(void *arg)
{
    struct job *job = arg;
    autoval struct val result = val_void();
    struct err *e = make_task(job);

    if (!e) {
        e = call_body(job, &result);
        task_end_and_remove(job->call.task);
    }
    if (e)
        job_fail(job, e);
    else
        job_succeed_with(job, job->call.method->result, &result);
}

/* An asynchronous call, its task's reference answered. */
static void run_async_body(void *arg)
{
    struct job *job = arg;
    autoval struct val result = val_void();
    struct err *e = task_check_cancel(job->call.task);

    if (!e)
        e = call_body(job, &result);
    if (e)
        log_debug(RPC, "%s: %s", job->envelope.method, err_sentence(e));
    task_end(job->call.task, job->call.method->result, &result, e);
    job_audit(job, e);
    err_free(e);
    job_free(job);
}

static struct pool *pool_of(const struct job *job)
{
    const struct manager *manager = job->call.manager;

    switch (job->bound->pool) {
    case BODY_LOGIN:
        return manager->login;
    case BODY_NORMAL:
        return manager->normal;
    default:
        return manager->priority;
    }
}

static struct err *too_busy(void)
{
    return err_params(ERR_TOO_BUSY, NULL);
}

/* Makes the task and answers its reference, then queues the work itself: whoever waits
 * behind slow work has its reference already. */
static void start_async(void *arg)
{
    struct job *job = arg;
    struct err *e = make_task(job);
    autoval struct val ref = val_void();
    struct type type = {.kind = TYPE_REF, .text = "ref(task)", .cls = CLASS_TASK};

    if (e) {
        job_fail(job, e);
        return;
    }
    ref = val_str(task_ref(job->call.task));
    job_answer_early(job, &type, &ref);
    if (pool_submit(pool_of(job), run_async_body, job))
        return;
    e = too_busy();
    task_end(job->call.task, NULL, NULL, e);
    err_free(e);
    job_free(job);
}

static void submit(struct job *job, struct pool *pool, void (*fn)(void *arg))
{
    if (!pool_submit(pool, fn, job))
        job_fail(job, too_busy());
}

static void start_login(struct job *job)
{
    submit(job, job->call.manager->login, run_body);
}

static void queue_login(struct job *job)
{
    uint64_t wait_ms = backoff_enter(job->call.manager->rpc->logins, job->request.peer,
                                     clock_monotonic_ms());

    if (wait_ms == BACKOFF_REFUSE)
        job_fail(job, too_busy());
    else if (wait_ms)
        job_later(job, wait_ms, start_login);
    else
        start_login(job);
}

struct usage *rpc_usage(struct rpc *rpc)
{
    return rpc->usage;
}

struct callers *rpc_callers(struct rpc *rpc)
{
    return rpc->callers;
}

void rpc_login_failed(struct call *call, const char *user)
{
    call->hold_answer_ms = backoff_failed(call->manager->rpc->logins, call->caller->source,
                                          user, clock_monotonic_ms());
}

void rpc_login_succeeded(struct call *call, const char *user)
{
    backoff_succeeded(call->manager->rpc->logins, user);
}

static void start(struct job *job)
{
    const struct bound *bound = job->bound;
    const struct manager *manager = job->call.manager;

    if (bound->park) {
        bound->park(job);
    } else if (!bound->run && generated_reads(job->call.method)) {
        if (generated_read_is_long(&job->call))
            submit(job, manager->priority, run_read);
        else
            run_read(job);
    } else if (!bound->run) {
        job_fail(job, err_params(ERR_NOT_IMPLEMENTED, job->call.method->wire_name, NULL));
    } else if (job->async) {
        submit(job, manager->priority, start_async);
    } else if (bound->pool == BODY_LOGIN) {
        queue_login(job);
    } else if (bound->pool == BODY_INLINE) {
        run_body(job);
    } else {
        submit(job, pool_of(job), run_body);
    }
}

/* What is read from memory is cheap. */
static double cost_of(const struct job *job)
{
    const struct bound *bound = job->bound;
    bool is_read = !bound->run && !generated_read_is_long(&job->call);

    return is_read || bound->pool == BODY_INLINE ? 1 : 10;
}

/* Starts it when the caller's limit lets it. */
static void enter(struct job *job)
{
    const struct rpc_request *request = &job->request;
    struct visit visit = {
        .user_agent = request->user_agent,
        .source = request->peer,
        .tokens = cost_of(job),
        .is_exempt = request->is_local_root,
        .now_ms = clock_monotonic_ms(),
    };
    uint64_t wait_ms = callers_enter(job->call.manager->rpc->callers, job->call.db, &visit);

    if (wait_ms == CALLERS_REFUSE)
        job_fail(job, too_busy());
    else if (wait_ms)
        job_later(job, wait_ms, start);
    else
        start(job);
}

/* ---- calls that are no messages of a class ---- */

static void list_methods(struct job *job)
{
    static const struct type text = {.kind = TYPE_STRING, .text = "string", .cls = -1};

    job_begin_bare_value(job);
    reply_begin_array(&job->reply);
    for (size_t i = 0; i < n_methods; i++) {
        autoval struct val name = val_str(methods[i].wire_name);

        reply_element(&job->reply);
        reply_value(&job->reply, &text, &name);
    }
    reply_end_array(&job->reply);
    job_succeed(job);
}

/* The names that belong to no class; false for any other. */
static bool handle_system(struct job *job)
{
    static const struct type boolean = {.kind = TYPE_BOOL, .text = "bool", .cls = -1};
    const char *name = job->envelope.method;

    if (strcmp(name, "system.listMethods") == 0) {
        list_methods(job);
        return true;
    }
    if (strcmp(name, "system.isAlive") == 0) {
        autoval struct val yes = val_bool(true);

        job_succeed_with(job, &boolean, &yes);
        return true;
    }
    return false;
}

static int parse(struct job *job, struct envelope_error *ret_error)
{
    const struct rpc_request *r = &job->request;

    return r->endpoint == RPC_XML
               ? envelope_parse_xml(r->body, r->size, &job->envelope, ret_error)
               : envelope_parse_json(r->body, r->size, &job->envelope, ret_error);
}

void rpc_handle(struct rpc *rpc, const struct rpc_request *request)
{
    uint64_t entered = loop_enter();
    struct job *job = job_new(rpc->manager, request);
    struct envelope_error error = {0};
    struct err *e;

    if (parse(job, &error) < 0) {
        job_fail_http(job, error.what);
    } else if (!handle_system(job)) {
        e = prepare(job);
        if (e)
            job_fail(job, e);
        else
            enter(job);
    }
    loop_leave(entered, "a call");
}
