// SPDX-License-Identifier: GPL-2.0-or-later
#include "api/journal.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "api/journal_private.h"
#include "api/vm_watch.h"
#include "base/alloc.h"
#include "base/clock.h"
#include "base/crash.h"
#include "base/log.h"
#include "base/map.h"
#include "base/str.h"
#include "base/uuid.h"
#include "base/vec.h"
#include "io/pool.h"

#define TEXT_SIZE 256
#define MARK_SIZE 256

struct mark {
    const struct op_rules *rules;
    char ref[64];
    int op;
};

/* A call's part of it. */
struct journal {
    char ref[64];           /* of the entry; "": none yet */
    VEC(struct mark) marks; /* on the objects now, oldest first */
};

_Thread_local bool journal_repeats;

static const struct op_rules *const all_rules[] = {
    &vm_op_rules, &vbd_op_rules,          &vif_op_rules,  &vdi_op_rules,
    &sr_op_rules, &vm_appliance_op_rules, &host_op_rules,
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct map live;  /* entries that a call of ours works at; under 'lock' */
static struct map tasks; /* of an earlier manager, by reference; under 'lock' */
static pthread_mutex_t recovering = PTHREAD_MUTEX_INITIALIZER;
static atomic_uint_fast64_t n_disk_changes;

static struct err *settle_call(struct call *call, struct err *e);

/* ---- entries ---- */

static void set_live(const char *ref, bool is_live)
{
    static char here;

    pthread_mutex_lock(&lock);
    if (is_live)
        map_put(&live, ref, &here);
    else
        map_remove(&live, ref);
    pthread_mutex_unlock(&lock);
}

static bool is_live(const char *ref)
{
    bool found;

    pthread_mutex_lock(&lock);
    found = map_get(&live, ref) != NULL;
    pthread_mutex_unlock(&lock);
    return found;
}

static struct journal *journal_of(struct call *call)
{
    if (!call->journal) {
        call->journal = xcalloc(1, sizeof(*call->journal));
        call->settle = settle_call;
    }
    return call->journal;
}

struct stepping {
    struct call *call;
    const char *step;
};

static struct val mark_text(const struct mark *mark)
{
    return val_strf("%s %s %s", classes[mark->rules->cls].name, mark->ref,
                    enum_text(op_names(mark->rules), mark->op));
}

static struct err *step_txn(struct txn *t, void *arg)
{
    const struct stepping *s = arg;
    const struct journal *j = s->call->journal;
    const struct row *entry = txn_get(t, CLASS_JOURNAL, j->ref);
    struct val marks = val_set(j->marks.n);

    if (!entry) {
        txn_create_as(t, CLASS_JOURNAL, j->ref, NULL);
        txn_set(t, CLASS_JOURNAL, j->ref, F_JOURNAL_METHOD,
                val_str(s->call->method->wire_name));
        txn_set(t, CLASS_JOURNAL, j->ref, F_JOURNAL_TASK, val_str(task_ref(s->call->task)));
        txn_set(t, CLASS_JOURNAL, j->ref, F_JOURNAL_CREATED, val_int(clock_wall_seconds()));
        entry = txn_get(t, CLASS_JOURNAL, j->ref);
    }
    for (size_t i = 0; i < j->marks.n; i++)
        val_push(&marks, mark_text(&j->marks.at[i]));
    txn_set(t, CLASS_JOURNAL, j->ref, F_JOURNAL_MARKS, marks);
    txn_set(t, CLASS_JOURNAL, j->ref, F_JOURNAL_STEPS,
            val_set_with(row_get(entry, F_JOURNAL_STEPS), val_str(s->step)));
    return NULL;
}

struct err *journal_step(struct call *call, enum journal_step step, ...)
{
    struct journal *j = journal_of(call);
    char text[TEXT_SIZE];
    struct stepping s = {call, text};
    int len = snprintf(text, sizeof(text), "%s", journal_steps[step].name);
    const char *word;
    struct err *e;
    va_list args;

    if (step == JOURNAL_AGAIN && journal_repeats)
        return NULL;
    va_start(args, step);
    while ((word = va_arg(args, const char *)) && len < TEXT_SIZE)
        len += snprintf(text + len, sizeof(text) - (size_t)len, " %s", word);
    va_end(args);
    assert_msg(len < TEXT_SIZE, "a step of the journal has too long words");
    if (!*j->ref) {
        snprintf(j->ref, sizeof(j->ref), "%s", ref_new().text);
        set_live(j->ref, true);
    }
    if (step == JOURNAL_VDI_MADE || step == JOURNAL_SNAPSHOT || step == JOURNAL_VDI_GOING)
        atomic_fetch_add(&n_disk_changes, 1);
    e = db_run(call->db, step_txn, &s);
    return err_context(e, "writing step %s", text);
}

/* An entry that is not there any more is fine. */
static void remove_entry(struct txn *t, const char *ref)
{
    const struct row *entry = txn_get(t, CLASS_JOURNAL, ref);
    const struct val *steps = entry ? row_get(entry, F_JOURNAL_STEPS) : NULL;
    bool of_disks = false;

    for (size_t i = 0; entry && i < val_count(steps); i++)
        of_disks = of_disks || str_has_prefix(val_text(val_at(steps, i)), "vdi.");
    if (of_disks)
        atomic_fetch_add(&n_disk_changes, 1);
    if (entry)
        txn_delete(t, CLASS_JOURNAL, ref);
}

struct committing {
    struct call *call;
    txn_fn fn;
    void *arg;
};

static struct err *commit_txn(struct txn *t, void *arg)
{
    const struct committing *c = arg;
    struct err *e = c->fn(t, c->arg);

    if (!e && c->call->journal)
        remove_entry(t, c->call->journal->ref);
    return e;
}

struct err *journal_commit(struct call *call, txn_fn fn, void *arg)
{
    struct committing c = {call, fn, arg};

    return db_run(call->db, commit_txn, &c);
}

/* ---- marks ---- */

void journal_marked(struct call *call, const struct op_rules *rules, const char *ref,
                    int op)
{
    struct mark *mark = VEC_PUSH(&journal_of(call)->marks);

    *mark = (struct mark){.rules = rules, .op = op};
    snprintf(mark->ref, sizeof(mark->ref), "%s", ref);
}

static bool is_open(struct call *call)
{
    autoptr(row) entry =
        *call->journal->ref ? db_get(call->db, CLASS_JOURNAL, call->journal->ref) : NULL;

    return entry;
}

bool journal_keeps_mark(struct call *call, const struct op_rules *rules, const char *ref)
{
    struct journal *j = call->journal;

    for (size_t i = 0; j && i < j->marks.n; i++) {
        if (j->marks.at[i].rules != rules || strcmp(j->marks.at[i].ref, ref) != 0)
            continue;
        if (j->marks.n == 1 && is_open(call))
            return true;
        memmove(&j->marks.at[i], &j->marks.at[i + 1],
                (j->marks.n - i - 1) * sizeof(j->marks.at[0]));
        j->marks.n--;
        break;
    }
    return false;
}

/* The mark that such a text means; false when this version knows no such thing. */
static bool read_mark(const char *text, struct mark *ret_mark)
{
    char cls[MARK_SIZE], op[MARK_SIZE];

    *ret_mark = (struct mark){0};
    if (strlen(text) >= MARK_SIZE ||
        sscanf(text, "%255s %63s %255s", cls, ret_mark->ref, op) != 3)
        return false;
    for (size_t i = 0; i < ARRAY_SIZE(all_rules); i++)
        if (strcmp(classes[all_rules[i]->cls].name, cls) == 0)
            ret_mark->rules = all_rules[i];
    ret_mark->op = ret_mark->rules ? enum_parse(op_names(ret_mark->rules), op) : -1;
    return ret_mark->op >= 0;
}

void journal_mark(struct txn *t, const struct row *entry)
{
    const struct val *marks = row_get(entry, F_JOURNAL_MARKS);
    struct mark mark;

    for (size_t i = 0; i < val_count(marks); i++)
        if (read_mark(val_text(val_at(marks, i)), &mark))
            op_mark(t, mark.rules, mark.ref, row_text(entry, F_JOURNAL_TASK), mark.op);
}

void journal_unmark(struct txn *t, const struct row *entry)
{
    const struct val *marks = row_get(entry, F_JOURNAL_MARKS);
    struct mark mark;

    for (size_t i = 0; i < val_count(marks); i++)
        if (read_mark(val_text(val_at(marks, i)), &mark))
            op_unmark(t, mark.rules, mark.ref, row_text(entry, F_JOURNAL_TASK));
}

/* ---- settling ---- */

static struct err *remove_txn(struct txn *t, void *arg)
{
    const struct row *entry = arg;

    journal_unmark(t, entry);
    remove_entry(t, row_ref(entry));
    return NULL;
}

static const struct journal_step_def *read_step(char *text, const char **words)
{
    char *rest = NULL;
    const char *name = strtok_r(text, " ", &rest);
    const struct journal_step_def *def = NULL;

    for (size_t i = 0; name && i < N_JOURNAL_STEPS; i++)
        if (strcmp(journal_steps[i].name, name) == 0)
            def = &journal_steps[i];
    for (size_t i = 0; def && i < def->n_words; i++) {
        words[i] = strtok_r(NULL, " ", &rest);
        if (!words[i])
            return NULL;
    }
    return def;
}

/* Settles the entry's steps, the newest first.  'why': how its call failed; NULL: cut off.
 */
static struct err *settle(struct manager *m, struct row *entry, const struct err *why,
                          enum journal_end *ret_end)
{
    const struct val *steps = row_get(entry, F_JOURNAL_STEPS);
    struct err *e = NULL;

    *ret_end = JOURNAL_UNDONE;
    for (size_t i = val_count(steps); !e && i > 0; i--) {
        autofree char *text = xstrdup(val_text(val_at(steps, i - 1)));
        struct journal_settling s = {
            .m = m, .entry = entry, .was_refused = why && journal_is_refusal(why)};
        const struct journal_step_def *def = read_step(text, s.words);
        enum journal_end end;

        if (!def) {
            log_error(TASK, "the journal has a step that is none of this version: %s",
                      val_text(val_at(steps, i - 1)));
            continue;
        }
        end = def->is_aside ? *ret_end : JOURNAL_UNDONE;
        e = err_context(def->settle(&s, &end), "settling %s", def->name);
        /* What the call is about comes first. */
        *ret_end = end;
    }
    if (!e)
        e = db_run(m->db, remove_txn, entry);
    if (!e)
        op_wake();
    return e;
}

static void recover_later(void *arg)
{
    journal_recover(arg);
}

/* Nobody waits for it any more: whoever comes by settles it. */
static void leave_behind(struct manager *m, const char *ref, struct err *e)
{
    log_warn(TASK, "an operation stays unsettled for now: %s", err_sentence(e));
    err_free(e);
    set_live(ref, false);
    if (!pool_submit(m->priority, recover_later, m))
        log_warn(TASK, "no worker is free to settle it: the next time");
}

static struct err *settle_entry(struct call *call, struct row *entry, struct err *e)
{
    enum journal_end end = JOURNAL_UNDONE;
    struct err *unsettled = NULL;

    if (!e)
        e = db_run(call->db, remove_txn, entry);
    else
        unsettled = settle(call->manager, entry, e, &end);
    if (unsettled) {
        leave_behind(call->manager, row_ref(entry), unsettled);
        return e;
    }
    set_live(row_ref(entry), false);
    if (!e || end == JOURNAL_UNDONE)
        return e;
    err_ignore(e, "it was finished all the same");
    return NULL;
}

static struct err *unmark_txn(struct txn *t, void *arg)
{
    const struct call *call = arg;

    for (size_t i = 0; i < call->journal->marks.n; i++)
        op_unmark(t, call->journal->marks.at[i].rules, call->journal->marks.at[i].ref,
                  task_ref(call->task));
    return NULL;
}

/* The end of a call, for struct call. */
static struct err *settle_call(struct call *call, struct err *e)
{
    struct journal *j = call->journal;
    autoptr(row) entry = *j->ref ? db_get(call->db, CLASS_JOURNAL, j->ref) : NULL;

    if (entry)
        e = settle_entry(call, entry, e);
    else if (j->marks.n)
        err_ignore(db_run(call->db, unmark_txn, call), "marks of what is gone");
    if (!entry && *j->ref)
        set_live(j->ref, false);
    op_wake();
    call->journal = NULL;
    VEC_FINI(&j->marks);
    free(j);
    return e;
}

/* ---- what an earlier manager left ---- */

static struct err *mark_again_txn(struct txn *t, void *arg)
{
    journal_mark(t, arg);
    return NULL;
}

static struct err *load_entry(struct manager *m, struct row *entry)
{
    const char *ref = row_text(entry, F_JOURNAL_TASK);
    struct task *task = NULL;
    struct err *e = db_run(m->db, mark_again_txn, entry);

    log_info(TASK, "%s was cut off: to be settled", row_text(entry, F_JOURNAL_METHOD));
    if (e || strncmp(ref, "OpaqueRef:", 10) != 0)
        return e;
    e = task_revive(m->db, ref, row_text(entry, F_JOURNAL_METHOD),
                    row_int(entry, F_JOURNAL_CREATED), &task);
    if (e)
        return e;
    pthread_mutex_lock(&lock);
    map_put(&tasks, row_ref(entry), task);
    pthread_mutex_unlock(&lock);
    return NULL;
}

struct err *journal_load(struct manager *m)
{
    autorows entries = {0};
    struct err *e = NULL;

    db_list(m->db, CLASS_JOURNAL, &entries);
    for (size_t i = 0; !e && i < entries.n; i++)
        e = load_entry(m, entries.at[i]);
    return err_context(e, "reading the journal");
}

/* The truth for whoever waits for the task. */
static void end_task(const struct row *entry, enum journal_end end)
{
    autoptr(err) why = NULL;
    struct task *task;

    pthread_mutex_lock(&lock);
    task = map_remove(&tasks, row_ref(entry));
    pthread_mutex_unlock(&lock);
    if (!task)
        return;
    if (end == JOURNAL_UNDONE) {
        why = err_new(ERR_INTERNAL_ERROR, "ending a task of an earlier manager");
        why = err_paramf(why, "%s was cut off by the end of latchkeyd: it was undone",
                         row_text(entry, F_JOURNAL_METHOD));
    }
    task_end(task, NULL, NULL, why);
    task_free(task);
}

static bool is_about(const struct row *entry, const char *step, const char *vm_ref)
{
    const struct val *steps = row_get(entry, F_JOURNAL_STEPS);
    autofree char *start = xasprintf("%s %s", step, vm_ref);

    for (size_t i = 0; i < val_count(steps); i++)
        if (str_has_prefix(val_text(val_at(steps, i)), start))
            return true;
    return false;
}

struct err *journal_withdraw(struct call *call, enum journal_step step, const char *vm_ref)
{
    autorows entries = {0};
    struct err *e = NULL;

    db_list(call->db, CLASS_JOURNAL, &entries);
    for (size_t i = 0; !e && i < entries.n; i++) {
        if (strcmp(row_ref(entries.at[i]), call->journal->ref) == 0 ||
            !is_about(entries.at[i], journal_steps[step].name, vm_ref))
            continue;
        e = db_run(call->db, remove_txn, entries.at[i]);
        if (!e)
            end_task(entries.at[i], JOURNAL_UNDONE);
    }
    op_wake();
    return e;
}

static void recover_entry(struct manager *m, const char *ref)
{
    autoptr(row) entry = is_live(ref) ? NULL : db_get(m->db, CLASS_JOURNAL, ref);
    enum journal_end end;
    struct err *e;

    if (!entry)
        return;
    e = settle(m, entry, NULL, &end);
    if (e) {
        log_warn(TASK, "%s stays unsettled for now: %s", row_text(entry, F_JOURNAL_METHOD),
                 err_sentence(e));
        err_free(e);
        return;
    }
    log_info(TASK, "%s was cut off: %s", row_text(entry, F_JOURNAL_METHOD),
             end == JOURNAL_UNDONE ? "undone" : "finished");
    end_task(entry, end);
}

static bool is_settled(struct manager *m, const struct row *entry)
{
    autoptr(row) now = db_get(m->db, CLASS_JOURNAL, row_ref(entry));

    return !now;
}

void journal_recover(struct manager *m)
{
    const char *outer = crash_scope("journal");
    autorows entries = {0};
    bool any = false;

    pthread_mutex_lock(&recovering);
    db_list(m->db, CLASS_JOURNAL, &entries);
    for (size_t i = 0; i < entries.n; i++) {
        recover_entry(m, row_ref(entries.at[i]));
        any = any || is_settled(m, entries.at[i]);
    }
    pthread_mutex_unlock(&recovering);
    if (any)
        vm_watch_reconcile(m); /* a VM that was being worked on was not looked at before */
    crash_scope(outer);
}

/* ---- scans ---- */

bool journal_names(struct txn *t, const char *uuid)
{
    size_t n;
    const struct row *const *entries = txn_list(t, CLASS_JOURNAL, &n);

    for (size_t i = 0; i < n; i++) {
        const struct val *steps = row_get(entries[i], F_JOURNAL_STEPS);

        for (size_t j = 0; j < val_count(steps); j++)
            if (strstr(val_text(val_at(steps, j)), uuid))
                return true;
    }
    return false;
}

uint64_t journal_disk_changes(void)
{
    return atomic_load(&n_disk_changes);
}
