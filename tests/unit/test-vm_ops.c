// SPDX-License-Identifier: GPL-2.0-or-later
#include "api/ops.h"

#include "db/store.h"
#include "lib/test.h"

struct fixture {
    struct store_memory_keep *keep;
    struct db *db;
    char vm[64];
};

static struct err *make_vm(struct txn *t, void *arg)
{
    struct fixture *f = arg;
    const char *ref = txn_create(t, CLASS_VM);

    txn_set(t, CLASS_VM, ref, F_VM_POWER_STATE, val_int(E_VM_POWER_STATE_HALTED));
    op_refresh(t, &vm_op_rules, ref);
    snprintf(f->vm, sizeof(f->vm), "%s", ref);
    return NULL;
}

static void setup(struct fixture *f)
{
    struct store_faults none = {0};

    f->keep = store_memory_keep_new();
    CHECK_OK(db_open(store_memory_open(f->keep, &none), &f->db));
    CHECK_OK(db_run(f->db, make_vm, f));
}

static void teardown(struct fixture *f)
{
    db_close(f->db);
    store_memory_keep_free(f->keep);
}

struct question {
    const char *vm;
    int op, state;
    bool template, blocked;
    int running; /* an operation already under way, or -1 */
};

static struct err *ask(struct txn *t, void *arg)
{
    const struct question *q = arg;
    struct val blocked = val_map(1);

    txn_set(t, CLASS_VM, q->vm, F_VM_POWER_STATE, val_int(q->state));
    txn_set(t, CLASS_VM, q->vm, F_VM_IS_A_TEMPLATE, val_bool(q->template));
    if (q->blocked)
        val_put(&blocked, val_int(q->op), val_str("not today"));
    txn_set(t, CLASS_VM, q->vm, F_VM_BLOCKED_OPERATIONS, blocked);
    if (q->running >= 0)
        op_mark(t, &vm_op_rules, q->vm, "OpaqueRef:task", q->running);
    return op_check(t, &vm_op_rules, q->vm, q->op);
}

static struct err *answer(struct fixture *f, int op, int state, int running)
{
    struct question q = {.vm = f->vm, .op = op, .state = state, .running = running};

    return db_run(f->db, ask, &q);
}

TEST(a_halted_vm_starts_and_a_running_one_does_not)
{
    struct fixture f;
    struct err *e;

    setup(&f);
    CHECK_OK(answer(&f, E_VM_OPERATIONS_START, E_VM_POWER_STATE_HALTED, -1));
    e = answer(&f, E_VM_OPERATIONS_START, E_VM_POWER_STATE_RUNNING, -1);
    CHECK(e && err_code(e) == ERR_VM_BAD_POWER_STATE);
    CHECK_STR(err_param_at(e, 1), "halted");
    CHECK_STR(err_param_at(e, 2), "running");
    err_free(e);
    teardown(&f);
}

TEST(a_hard_shutdown_overtakes_a_clean_one_but_not_another_hard_one)
{
    struct fixture f;

    setup(&f);
    CHECK_OK(answer(&f, E_VM_OPERATIONS_HARD_SHUTDOWN, E_VM_POWER_STATE_RUNNING,
                    E_VM_OPERATIONS_CLEAN_SHUTDOWN));
    CHECK_ERR(answer(&f, E_VM_OPERATIONS_HARD_SHUTDOWN, E_VM_POWER_STATE_RUNNING,
                     E_VM_OPERATIONS_HARD_SHUTDOWN),
              ERR_OTHER_OPERATION_IN_PROGRESS);
    CHECK_ERR(answer(&f, E_VM_OPERATIONS_PAUSE, E_VM_POWER_STATE_RUNNING,
                     E_VM_OPERATIONS_CLEAN_SHUTDOWN),
              ERR_OTHER_OPERATION_IN_PROGRESS);
    teardown(&f);
}

TEST(a_template_is_cloned_but_not_started)
{
    struct fixture f;
    struct question q;

    setup(&f);
    q = (struct question){
        .vm = f.vm, .op = E_VM_OPERATIONS_CLONE, .template = true, .running = -1};
    CHECK_OK(db_run(f.db, ask, &q));
    q.op = E_VM_OPERATIONS_START;
    CHECK_ERR(db_run(f.db, ask, &q), ERR_VM_IS_TEMPLATE);
    teardown(&f);
}

TEST(a_blocked_operation_is_refused_before_anything_else_is_looked_at)
{
    struct fixture f;
    struct question q;

    setup(&f);
    q = (struct question){
        .vm = f.vm, .op = E_VM_OPERATIONS_PAUSE, .blocked = true, .running = -1};
    CHECK_ERR(db_run(f.db, ask, &q), ERR_OPERATION_BLOCKED);
    teardown(&f);
}

TEST(what_is_listed_as_allowed_is_what_a_check_allows)
{
    struct fixture f;
    struct row *vm;
    const struct val *allowed;

    setup(&f);
    vm = db_get(f.db, CLASS_VM, f.vm);
    allowed = row_get(vm, F_VM_ALLOWED_OPERATIONS);
    CHECK_INT(val_count(allowed), >, 0);
    for (size_t i = 0; i < val_count(allowed); i++)
        CHECK_OK(answer(&f, (int)val_at(allowed, i)->i, E_VM_POWER_STATE_HALTED, -1));
    row_release(vm);
    teardown(&f);
}

TEST_MAIN
