// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/backend/qemu/scope.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <systemd/sd-bus.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"

#define MANAGER      "org.freedesktop.systemd1"
#define MANAGER_PATH "/org/freedesktop/systemd1"
#define MANAGER_API  "org.freedesktop.systemd1.Manager"

struct qemu_scope {
    sd_bus *bus;
    char *job;     /* its path, once it was accepted */
    char *result;  /* how the job ended */
    char *refusal; /* what was answered instead of a job */
};

/* ---- the bus ---- */

/* Root asks the system's manager, others their own, if they have one. */
static int open_bus(sd_bus **ret_bus)
{
    const char *address = getenv("LATCHKEY_SYSTEMD_BUS"); /* tests have one of their own */
    sd_bus *bus = NULL;
    int r;

    if (!address) {
        if (sd_booted() <= 0)
            return -ENOENT;
        return geteuid() == 0 ? sd_bus_open_system(ret_bus) : sd_bus_open_user(ret_bus);
    }
    r = sd_bus_new(&bus);
    if (r >= 0)
        r = sd_bus_set_address(bus, address);
    if (r >= 0)
        r = sd_bus_set_bus_client(bus, 1);
    if (r >= 0)
        r = sd_bus_start(bus);
    if (r < 0) {
        sd_bus_unref(bus);
        return r;
    }
    *ret_bus = bus;
    return 0;
}

static int on_job_removed(sd_bus_message *message, void *arg, sd_bus_error *error)
{
    struct qemu_scope *scope = arg;
    const char *path, *unit, *result;
    uint32_t id;

    if (sd_bus_message_read(message, "uoss", &id, &path, &unit, &result) < 0)
        return 0;
    /* The job may be over before its path has come. */
    if (!scope->result && (!scope->job || STREQ(scope->job, path)) &&
        strstr(unit, "latchkey-vm-"))
        scope->result = xasprintf("%s %s", path, result);
    return 0;
}

static int on_answer(sd_bus_message *message, void *arg, sd_bus_error *error)
{
    struct qemu_scope *scope = arg;
    const sd_bus_error *refusal = sd_bus_message_get_error(message);
    const char *path;

    if (refusal)
        scope->refusal = xstrdup(refusal->message ? refusal->message : refusal->name);
    else if (sd_bus_message_read(message, "o", &path) >= 0)
        scope->job = xstrdup(path);
    else
        scope->refusal = xstrdup("it answered without a job");
    return 0;
}

static int add_properties(sd_bus_message *call, const char *uuid, pid_t pid)
{
    autofree char *description = xasprintf("Virtual machine %s", uuid);
    int r = sd_bus_message_open_container(call, 'a', "(sv)");

    if (r >= 0)
        r = sd_bus_message_append(call, "(sv)", "Description", "s", description);
    if (r >= 0)
        r = sd_bus_message_append(call, "(sv)", "PIDs", "au", 1, (uint32_t)pid);
    /* A failed scope is not kept: the next start may want its name. */
    if (r >= 0)
        r = sd_bus_message_append(call, "(sv)", "CollectMode", "s", "inactive-or-failed");
    if (r >= 0 && geteuid() == 0)
        r = sd_bus_message_append(call, "(sv)", "Slice", "s", "machine.slice");
    if (r >= 0)
        r = sd_bus_message_close_container(call);
    return r < 0 ? r : sd_bus_message_append(call, "a(sa(sv))", 0);
}

static int ask(struct qemu_scope *scope, const char *uuid, pid_t pid)
{
    autofree char *name = xasprintf("latchkey-vm-%s-%d.scope", uuid, pid);
    sd_bus_message *call = NULL;
    int r = sd_bus_match_signal_async(scope->bus, NULL, MANAGER, MANAGER_PATH, MANAGER_API,
                                      "JobRemoved", on_job_removed, NULL, scope);

    if (r >= 0)
        r = sd_bus_message_new_method_call(scope->bus, &call, MANAGER, MANAGER_PATH,
                                           MANAGER_API, "StartTransientUnit");
    if (r >= 0)
        r = sd_bus_message_append(call, "ss", name, "fail");
    if (r >= 0)
        r = add_properties(call, uuid, pid);
    if (r >= 0)
        r = sd_bus_call_async(scope->bus, NULL, call, on_answer, scope, 0);
    sd_bus_message_unref(call);
    return r < 0 ? r : sd_bus_flush(scope->bus);
}

struct err *qemu_scope_begin(const char *uuid, pid_t pid, struct qemu_scope **ret_scope)
{
    struct qemu_scope *scope = xcalloc(1, sizeof(*scope));
    int r = open_bus(&scope->bus);

    /* A user without a manager of their own has none to ask; root's must answer. */
    if (r < 0 && (r == -ENOENT || geteuid() != 0)) {
        qemu_scope_free(scope);
        *ret_scope = NULL;
        return NULL;
    }
    if (r >= 0)
        r = ask(scope, uuid, pid);
    if (r < 0) {
        qemu_scope_free(scope);
        return err_errno(-r, "asking systemd for a scope for VM %s", uuid);
    }
    *ret_scope = scope;
    return NULL;
}

/* ---- the answer ---- */

static bool is_over(const struct qemu_scope *scope)
{
    return scope->refusal || (scope->job && scope->result);
}

static struct err *judge(const struct qemu_scope *scope)
{
    const char *why = scope->refusal;

    if (!why && !strstr(scope->result, " done"))
        why = scope->result;
    if (!why)
        return NULL;
    return err_paramf(
        err_new(ERR_INTERNAL_ERROR, "making a scope: systemd answers: %s", why),
        "systemd: %s", why);
}

struct err *qemu_scope_finish(struct qemu_scope *scope, uint64_t deadline_ms)
{
    while (scope && !is_over(scope)) {
        uint64_t now = clock_monotonic_ms();
        int r = sd_bus_process(scope->bus, NULL);

        if (r == 0 && now >= deadline_ms)
            r = -ETIMEDOUT;
        if (r == 0)
            r = sd_bus_wait(scope->bus, (deadline_ms - now) * 1000);
        if (r < 0)
            return err_errno(-r, "waiting for systemd to make a scope");
    }
    return scope ? judge(scope) : NULL;
}

void qemu_scope_free(struct qemu_scope *scope)
{
    if (!scope)
        return;
    sd_bus_close_unref(scope->bus);
    free(scope->job);
    free(scope->result);
    free(scope->refusal);
    free(scope);
}
