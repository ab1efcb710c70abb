// SPDX-License-Identifier: GPL-2.0-or-later
/* A merge at rest: lk-stored's job, shown as a task. */
#include <string.h>

#include "api/disk_agents.h"
#include "api/merges.h"
#include "base/log.h"
#include "rpc/manager.h"
#include "task/task.h"

static struct err *ask(const struct merge_task *one, struct val *ret_job)
{
    autoval struct val answer = val_void();
    struct err *e = disk_agents_call(one->m, AGENT_STORED, "job.list", val_map(0), &answer);
    const struct val *jobs = e ? NULL : val_find(&answer, "jobs");

    for (size_t i = 0; jobs && i < val_count(jobs); i++) {
        if (strcmp(val_find_text(val_at(jobs, i), "job", ""), one->job.text) != 0)
            continue;
        *ret_job = val_ref(val_at(jobs, i));
        return NULL;
    }
    return e ? e : err_params(ERR_INTERNAL_ERROR, "lk-stored does not know the job", NULL);
}

static struct err *tell(const struct merge_task *one, const char *verb, int64_t rate)
{
    struct val params = val_map(2);

    val_put_str(&params, "job", val_str(one->job.text));
    if (rate >= 0)
        val_put_str(&params, "rate", val_int(rate));
    return disk_agents_call(one->m, AGENT_STORED, verb, params, NULL);
}

static struct err *read_failure(const struct val *job)
{
    const struct val *error = val_find(job, "error");

    if (!error || error->kind != VAL_MAP)
        return err_params(ERR_INTERNAL_ERROR, "The merge failed", NULL);
    return err_foreign(val_find_text(error, "code", "INTERNAL_ERROR"),
                       val_find_text(error, "sentence", "the merge failed"));
}

static double progress_of(const struct val *job)
{
    const struct val *progress = val_find(job, "progress");

    return progress && progress->kind == VAL_FLOAT ? progress->d : 0;
}

/* Whether it has ended, and how. */
static bool has_ended(struct task *task, const struct val *job, struct err **ret_error)
{
    const char *state = val_find_text(job, "state", "");

    if (strcmp(state, "failed") == 0)
        *ret_error = read_failure(job);
    else if (strcmp(state, "cancelled") == 0)
        *ret_error = err_params(ERR_TASK_CANCELLED, task_ref(task), NULL);
    else if (strcmp(state, "done") != 0)
        return false;
    return true;
}

/* Those who have its layers open may run for months, and can merge by themselves. */
static bool waits_for_holders(const struct val *job)
{
    const struct val *holders = val_find(job, "holders");

    return strcmp(val_find_text(job, "state", ""), "waiting") == 0 && holders &&
           holders->kind == VAL_SET && val_count(holders) > 0;
}

struct err *merge_rest(struct merge_task *one, struct task *task)
{
    uint64_t rate = merges_rate(one), now;
    struct err *e = NULL;

    while (!merges_wait(one)) {
        autoval struct val job = val_void();

        e = ask(one, &job);
        if (e || has_ended(task, &job, &e))
            return e;
        task_progress(task, progress_of(&job));
        now = merges_rate(one);
        if (now != rate)
            e = tell(one, "job.rate", (int64_t)now);
        rate = now;
        if (!e && (task_cancel_requested(task) || waits_for_holders(&job)))
            e = tell(one, "job.cancel", -1);
        if (e)
            return e;
    }
    return NULL;
}
