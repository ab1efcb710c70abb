// SPDX-License-Identifier: GPL-2.0-or-later
/* The contract of transactions, on each store. */
#include <pthread.h>

#include "test-db.h"

/* ---- one row ---- */

DB_TEST(a_new_row_has_a_uuid_and_its_defaults)
{
    struct ref ref = made_vm(fx->db, "one");
    autoptr(row) row = db_get(fx->db, CLASS_VM, ref.text);

    CHECK(row);
    CHECK_STR(row_ref(row), ref.text);
    CHECK_STR(row_class(row)->name, "VM");
    CHECK_STR(row_name_label(row), "one");
    CHECK(uuid_is_valid(row_uuid(row)));
    CHECK_INT(row_int(row, F_VM_MEMORY_TARGET), ==, 0);
    CHECK_STR(row_text(row, F_VM_NAME_DESCRIPTION), "");
    CHECK_INT(val_count(row_get(row, F_VM_VBDS)), ==, 0);
    CHECK_INT(db_count(fx->db, CLASS_VM), ==, 1);
}

DB_TEST(a_row_is_found_by_uuid_and_by_name)
{
    struct ref a = made_vm(fx->db, "twin"), b = made_vm(fx->db, "twin");
    autoptr(row) row = db_get(fx->db, CLASS_VM, a.text);
    struct row *found;
    autorows rows = {0}, none = {0};

    CHECK_OK(db_need_uuid(fx->db, CLASS_VM, row_uuid(row), &found));
    CHECK_STR(row_ref(found), a.text);
    row_release(found);
    db_list_by_name_label(fx->db, CLASS_VM, "twin", &rows);
    CHECK_INT(rows.n, ==, 2);
    CHECK_STR(row_ref(rows.at[0]), a.text);
    CHECK_STR(row_ref(rows.at[1]), b.text);
    db_list_by_name_label(fx->db, CLASS_VM, "other", &none);
    CHECK_INT(none.n, ==, 0);
}

DB_TEST(indexes_follow_changes_and_deletions)
{
    struct ref a = made_vm(fx->db, "before");
    autoptr(row) old = db_get(fx->db, CLASS_VM, a.text);
    autorows before = {0}, after = {0}, gone = {0};
    struct row *found = NULL;

    CHECK_OK(db_set(fx->db, CLASS_VM, a.text, F_VM_NAME_LABEL, val_str("after")));
    CHECK_OK(db_set(fx->db, CLASS_VM, a.text, F_VM_UUID,
                    val_str("11111111-2222-4333-8444-555555555555")));
    db_list_by_name_label(fx->db, CLASS_VM, "before", &before);
    db_list_by_name_label(fx->db, CLASS_VM, "after", &after);
    CHECK_INT(before.n, ==, 0);
    CHECK_INT(after.n, ==, 1);
    CHECK_ERR(db_need_uuid(fx->db, CLASS_VM, row_uuid(old), &found), ERR_UUID_INVALID);
    CHECK_OK(
        db_need_uuid(fx->db, CLASS_VM, "11111111-2222-4333-8444-555555555555", &found));
    row_release(found);
    delete_one(fx->db, CLASS_VM, a.text);
    CHECK_ERR(
        db_need_uuid(fx->db, CLASS_VM, "11111111-2222-4333-8444-555555555555", &found),
        ERR_UUID_INVALID);
    db_list_by_name_label(fx->db, CLASS_VM, "after", &gone);
    CHECK_INT(gone.n, ==, 0);
}

DB_TEST(what_is_not_there_is_a_typed_error)
{
    struct target target = {CLASS_VM, "OpaqueRef:none"};
    struct row *row = NULL;

    CHECK(!exists(fx->db, CLASS_VM, "OpaqueRef:none"));
    CHECK_ERR(db_need(fx->db, CLASS_VM, "OpaqueRef:none", &row), ERR_HANDLE_INVALID);
    CHECK_ERR(db_need(fx->db, CLASS_VM, NULL_REF, &row), ERR_HANDLE_INVALID);
    CHECK_ERR(db_set(fx->db, CLASS_VM, "OpaqueRef:none", F_VM_NAME_LABEL, val_str("x")),
              ERR_HANDLE_INVALID);
    CHECK_ERR(db_run(fx->db, delete_row, &target), ERR_HANDLE_INVALID);
    CHECK_ERR(db_run(fx->db, touch_row, &target), ERR_HANDLE_INVALID);
}

DB_TEST(a_held_row_never_changes)
{
    struct ref ref = made_vm(fx->db, "old");
    autoptr(row) row = db_get(fx->db, CLASS_VM, ref.text);

    CHECK_OK(db_set(fx->db, CLASS_VM, ref.text, F_VM_NAME_LABEL, val_str("new")));
    delete_one(fx->db, CLASS_VM, ref.text);
    CHECK_STR(row_name_label(row), "old");
}

DB_TEST(json_is_made_once_and_follows_changes)
{
    struct ref ref = made_vm(fx->db, "first name");
    autoptr(row) a = db_get(fx->db, CLASS_VM, ref.text);
    size_t len = 0, again = 0;
    const char *text = row_json(a, &len);

    CHECK(strstr(text, "\"first name\""));
    CHECK_INT(strlen(text), ==, len);
    CHECK(row_json(a, &again) == text);
    CHECK_OK(db_set(fx->db, CLASS_VM, ref.text, F_VM_NAME_LABEL, val_str("second name")));
    autoptr(row) b = db_get(fx->db, CLASS_VM, ref.text);
    CHECK(strstr(row_json(b, &len), "\"second name\""));
}

/* ---- atomicity ---- */

static struct err *write_two_and_fail(struct txn *t, void *arg)
{
    txn_create(t, CLASS_VM);
    txn_set(t, CLASS_VM, arg, F_VM_NAME_LABEL, val_str("changed"));
    return err_params(ERR_OUT_OF_SPACE, "here", NULL);
}

static struct err *write_one_and_one_absent(struct txn *t, void *arg)
{
    txn_set(t, CLASS_VM, arg, F_VM_NAME_LABEL, val_str("changed"));
    txn_set(t, CLASS_VM, "OpaqueRef:none", F_VM_NAME_LABEL, val_str("changed"));
    return NULL;
}

DB_TEST(an_error_leaves_nothing_behind)
{
    struct ref ref = made_vm(fx->db, "kept");
    struct db_token before = db_now(fx->db), after;

    CHECK_ERR(db_run(fx->db, write_two_and_fail, ref.text), ERR_OUT_OF_SPACE);
    CHECK_ERR(db_run(fx->db, write_one_and_one_absent, ref.text), ERR_HANDLE_INVALID);
    after = db_now(fx->db);
    CHECK_INT(db_count(fx->db, CLASS_VM), ==, 1);
    CHECK_INT(after.generation, ==, before.generation);
    fixture_reopen(fx);
    autoptr(row) row = db_get(fx->db, CLASS_VM, ref.text);
    CHECK_STR(row_name_label(row), "kept");
    CHECK_INT(db_count(fx->db, CLASS_VM), ==, 1);
}

static struct err *set_what_it_has(struct txn *t, void *arg)
{
    txn_set(t, CLASS_VM, arg, F_VM_NAME_LABEL, val_str("other"));
    txn_set(t, CLASS_VM, arg, F_VM_NAME_LABEL, val_str("same"));
    return NULL;
}

DB_TEST(setting_an_equal_value_is_no_change)
{
    struct ref ref = made_vm(fx->db, "same");
    struct db_token before = db_now(fx->db), after;

    CHECK_OK(db_set(fx->db, CLASS_VM, ref.text, F_VM_NAME_LABEL, val_str("same")));
    CHECK_OK(db_run(fx->db, set_what_it_has, ref.text));
    after = db_now(fx->db);
    CHECK_INT(after.generation, ==, before.generation);
    CHECK_INT(after.volatile_generation, ==, before.volatile_generation);
}

DB_TEST(a_derived_field_cannot_be_set)
{
    struct ref ref = made_vm(fx->db, "x");
    struct val set = val_set(1);

    val_push(&set, val_str("OpaqueRef:y"));
    CHECK_ERR(db_set(fx->db, CLASS_VM, ref.text, F_VM_VBDS, set), ERR_INTERNAL_ERROR);
    CHECK_INT(set_size(fx->db, CLASS_VM, ref.text, F_VM_VBDS), ==, 0);
}

static struct err *create_with_uuid(struct txn *t, void *arg)
{
    txn_create_as(t, CLASS_VM, NULL, arg);
    return NULL;
}

static struct err *create_with_ref(struct txn *t, void *arg)
{
    txn_create_as(t, CLASS_VM, arg, NULL);
    return NULL;
}

DB_TEST(refs_and_uuids_are_unique)
{
    char uuid[] = "11111111-2222-4333-8444-555555555555", ref[] = "OpaqueRef:mine";

    CHECK_OK(db_run(fx->db, create_with_uuid, uuid));
    CHECK_ERR(db_run(fx->db, create_with_uuid, uuid),
              ERR_DB_UNIQUENESS_CONSTRAINT_VIOLATION);
    CHECK_OK(db_run(fx->db, create_with_ref, ref));
    CHECK_ERR(db_run(fx->db, create_with_ref, ref), ERR_DB_UNIQUENESS_CONSTRAINT_VIOLATION);
    CHECK_ERR(db_set(fx->db, CLASS_VM, ref, F_VM_UUID, val_str(uuid)),
              ERR_DB_UNIQUENESS_CONSTRAINT_VIOLATION);
    CHECK_INT(db_count(fx->db, CLASS_VM), ==, 2);
}

/* ---- a transaction sees its own writes ---- */

static struct err *read_own_writes(struct txn *t, void *arg)
{
    const char *vm = txn_create(t, CLASS_VM), *vbd = txn_create(t, CLASS_VBD);
    const struct row *before = txn_get(t, CLASS_VM, vm), *after;
    const struct row *const *rows;
    size_t n;

    txn_set(t, CLASS_VM, vm, F_VM_NAME_LABEL, val_str("mine"));
    txn_set(t, CLASS_VBD, vbd, F_VBD_VM, val_str(vm));
    after = txn_get(t, CLASS_VM, vm);
    CHECK_STR(row_name_label(before), "");
    CHECK_STR(row_name_label(after), "mine");
    CHECK(val_set_has(row_get(after, F_VM_VBDS), vbd));
    CHECK(txn_get_by_uuid(t, CLASS_VM, row_uuid(after)) == after);
    rows = txn_list(t, CLASS_VM, &n);
    CHECK_INT(n, ==, 2);
    CHECK(rows[1] == after);
    txn_delete(t, CLASS_VM, arg);
    rows = txn_list(t, CLASS_VM, &n);
    CHECK_INT(n, ==, 1);
    CHECK(!txn_get(t, CLASS_VM, arg));
    CHECK_ERR(txn_need(t, CLASS_VM, arg, &after), ERR_HANDLE_INVALID);
    return NULL;
}

DB_TEST(a_transaction_sees_its_own_writes)
{
    struct ref ref = made_vm(fx->db, "goes");

    CHECK_OK(db_run(fx->db, read_own_writes, ref.text));
    CHECK_INT(db_count(fx->db, CLASS_VM), ==, 1);
    CHECK(back_references_hold(fx->db));
}

static struct err *make_and_delete(struct txn *t, void *arg)
{
    const char *vm = txn_create(t, CLASS_VM), *vbd = txn_create(t, CLASS_VBD);

    txn_set(t, CLASS_VBD, vbd, F_VBD_VM, val_str(arg));
    txn_delete(t, CLASS_VBD, vbd);
    txn_delete(t, CLASS_VM, vm);
    return NULL;
}

DB_TEST(a_row_made_and_deleted_in_one_transaction_leaves_no_trace)
{
    struct ref ref = made_vm(fx->db, "parent");
    struct db_token before = db_now(fx->db), after;

    CHECK_OK(db_run(fx->db, make_and_delete, ref.text));
    after = db_now(fx->db);
    CHECK_INT(after.generation, ==, before.generation);
    CHECK_INT(db_count(fx->db, CLASS_VM), ==, 1);
}

static struct err *replace_row(struct txn *t, void *arg)
{
    txn_delete(t, CLASS_VM, arg);
    txn_create_as(t, CLASS_VM, arg, NULL);
    txn_set(t, CLASS_VM, arg, F_VM_NAME_LABEL, val_str("second life"));
    return NULL;
}

DB_TEST(a_ref_can_be_used_again)
{
    struct ref ref = made_vm(fx->db, "first life"), vbd = made_vbd(fx->db, ref.text);

    CHECK_OK(db_run(fx->db, replace_row, ref.text));
    CHECK(set_has(fx->db, CLASS_VM, ref.text, F_VM_VBDS, vbd.text));
    delete_one(fx->db, CLASS_VM, ref.text);
    CHECK_OK(db_run(fx->db, create_with_ref, ref.text));
    CHECK(set_has(fx->db, CLASS_VM, ref.text, F_VM_VBDS, vbd.text));
    fixture_reopen(fx);
    CHECK(set_has(fx->db, CLASS_VM, ref.text, F_VM_VBDS, vbd.text));
    CHECK(back_references_hold(fx->db));
}

/* ---- relations ---- */

DB_TEST(back_references_follow_their_children)
{
    struct ref a = made_vm(fx->db, "a"), b = made_vm(fx->db, "b");
    struct ref vbd = made_vbd(fx->db, a.text), other = made_vbd(fx->db, a.text);

    CHECK_INT(set_size(fx->db, CLASS_VM, a.text, F_VM_VBDS), ==, 2);
    CHECK_OK(db_set(fx->db, CLASS_VBD, vbd.text, F_VBD_VM, val_str(b.text)));
    CHECK(!set_has(fx->db, CLASS_VM, a.text, F_VM_VBDS, vbd.text));
    CHECK(set_has(fx->db, CLASS_VM, b.text, F_VM_VBDS, vbd.text));
    CHECK_OK(db_set(fx->db, CLASS_VBD, vbd.text, F_VBD_VM, val_str(NULL_REF)));
    CHECK_INT(set_size(fx->db, CLASS_VM, b.text, F_VM_VBDS), ==, 0);
    delete_one(fx->db, CLASS_VBD, other.text);
    CHECK_INT(set_size(fx->db, CLASS_VM, a.text, F_VM_VBDS), ==, 0);
    CHECK_OK(db_set(fx->db, CLASS_VBD, vbd.text, F_VBD_VM, val_str("OpaqueRef:dangling")));
    delete_one(fx->db, CLASS_VM, a.text);
    CHECK(back_references_hold(fx->db));
}

static struct val set_of(const char *a, const char *b)
{
    struct val set = val_set(2);

    if (a)
        val_push(&set, val_str(a));
    if (b)
        val_push(&set, val_str(b));
    return set;
}

DB_TEST(many_to_many_keeps_both_sides)
{
    struct ref vm = made_vm(fx->db, "member");
    struct ref a = made(fx->db, CLASS_VM_GROUP, -1, ""),
               b = made(fx->db, CLASS_VM_GROUP, -1, "");

    CHECK_OK(db_set(fx->db, CLASS_VM, vm.text, F_VM_GROUPS, set_of(a.text, b.text)));
    CHECK(set_has(fx->db, CLASS_VM_GROUP, a.text, F_VM_GROUP_VMS, vm.text));
    CHECK(set_has(fx->db, CLASS_VM_GROUP, b.text, F_VM_GROUP_VMS, vm.text));
    CHECK_OK(db_set(fx->db, CLASS_VM, vm.text, F_VM_GROUPS, set_of(b.text, NULL)));
    CHECK_INT(set_size(fx->db, CLASS_VM_GROUP, a.text, F_VM_GROUP_VMS), ==, 0);
    fixture_reopen(fx);
    CHECK(set_has(fx->db, CLASS_VM_GROUP, b.text, F_VM_GROUP_VMS, vm.text));
    delete_one(fx->db, CLASS_VM, vm.text);
    CHECK_INT(set_size(fx->db, CLASS_VM_GROUP, b.text, F_VM_GROUP_VMS), ==, 0);
    CHECK(back_references_hold(fx->db));
}

/* ---- isolation ---- */

/* Two rows of which at least one must stay "on": each transaction checks both and switches
 * one off. */
struct on_call {
    struct ref refs[2];
    struct db *db;
    pthread_barrier_t *start;
    int mine;
};

static struct err *go_off_call(struct txn *t, void *arg)
{
    const struct on_call *c = arg;
    const struct row *mine, *other;
    struct err *e = txn_need(t, CLASS_VM, c->refs[c->mine].text, &mine);

    if (!e)
        e = txn_need(t, CLASS_VM, c->refs[1 - c->mine].text, &other);
    if (!e && STREQ(row_name_label(other), "on"))
        txn_set(t, CLASS_VM, row_ref(mine), F_VM_NAME_LABEL, val_str("off"));
    return e;
}

static void *run_off_call(void *arg)
{
    struct on_call *c = arg;

    pthread_barrier_wait(c->start);
    err_ignore(db_run(c->db, go_off_call, c), "the rows tell");
    return NULL;
}

DB_TEST(write_skew_is_refused)
{
    for (int round = 0; round < 10; round++) {
        struct on_call c[2] = {{.db = fx->db, .mine = 0}};
        pthread_barrier_t start;
        pthread_t threads[2];
        int n_on = 0;

        c[0].refs[0] = made_vm(fx->db, "on");
        c[0].refs[1] = made_vm(fx->db, "on");
        c[0].start = &start;
        c[1] = c[0];
        c[1].mine = 1;
        pthread_barrier_init(&start, NULL, 2);
        for (int i = 0; i < 2; i++)
            pthread_create(&threads[i], NULL, run_off_call, &c[i]);
        for (int i = 0; i < 2; i++)
            pthread_join(threads[i], NULL);
        pthread_barrier_destroy(&start);
        for (int i = 0; i < 2; i++) {
            autoptr(row) row = db_get(fx->db, CLASS_VM, c[0].refs[i].text);

            n_on += STREQ(row_name_label(row), "on");
        }
        CHECK_INT(n_on, ==, 1);
    }
}

/* ---- reopening ---- */

static struct val other_config(void)
{
    struct val map = val_map(2);

    val_put_str(&map, "a key", val_str("a \"value\" with\nlines, é and \\"));
    val_put_str(&map, "}{][,:", val_str(""));
    return map;
}

static struct err *fill_vm(struct txn *t, void *arg)
{
    txn_set(t, CLASS_VM, arg, F_VM_OTHER_CONFIG, other_config());
    txn_set(t, CLASS_VM, arg, F_VM_TAGS, set_of("one", "two"));
    txn_set(t, CLASS_VM, arg, F_VM_USER_VERSION, val_int(INT64_MIN));
    txn_set(t, CLASS_VM, arg, F_VM_HVM_SHADOW_MULTIPLIER, val_float(0.1));
    txn_set(t, CLASS_VM, arg, F_VM_SNAPSHOT_TIME, val_int(1700000000));
    txn_set(t, CLASS_VM, arg, F_VM_POWER_STATE, val_int(2));
    return NULL;
}

DB_TEST(a_reopened_store_equals_memory)
{
    struct ref a = made_vm(fx->db, "full"), b = made_vm(fx->db, "plain");
    struct ref vbd = made_vbd(fx->db, a.text);
    struct row *before_a, *before_b, *before_vbd;
    const char *one, *two;
    size_t len;

    CHECK_OK(db_run(fx->db, fill_vm, a.text));
    before_a = db_get(fx->db, CLASS_VM, a.text);
    before_b = db_get(fx->db, CLASS_VM, b.text);
    before_vbd = db_get(fx->db, CLASS_VBD, vbd.text);
    fixture_reopen(fx);
    autoptr(row) after_a = db_get(fx->db, CLASS_VM, a.text);
    autoptr(row) after_b = db_get(fx->db, CLASS_VM, b.text);
    autoptr(row) after_vbd = db_get(fx->db, CLASS_VBD, vbd.text);
    for (int i = 0; i < classes[CLASS_VM].n_fields; i++) {
        CHECK(val_equal(row_get(before_a, i), row_get(after_a, i)));
        CHECK(val_equal(row_get(before_b, i), row_get(after_b, i)));
    }
    one = row_json(before_vbd, &len);
    two = row_json(after_vbd, &len);
    CHECK_STR(one, two);
    CHECK(back_references_hold(fx->db));
    row_release(before_a);
    row_release(before_b);
    row_release(before_vbd);
}

DB_TEST(rows_are_listed_in_the_order_they_were_made)
{
    struct ref refs[5];

    for (size_t i = 0; i < ARRAY_SIZE(refs); i++)
        refs[i] = made_vm(fx->db, "n");
    CHECK_OK(db_set(fx->db, CLASS_VM, refs[1].text, F_VM_NAME_LABEL, val_str("changed")));
    for (int pass = 0; pass < 2; pass++) {
        autorows rows = {0};

        db_list(fx->db, CLASS_VM, &rows);
        CHECK_INT(rows.n, ==, ARRAY_SIZE(refs));
        for (size_t i = 0; i < rows.n; i++)
            CHECK_STR(row_ref(rows.at[i]), refs[i].text);
        fixture_reopen(fx);
    }
}

DB_TEST(volatile_rows_and_fields_start_anew)
{
    struct ref vm = made_vm(fx->db, "kept");
    struct ref session = made(fx->db, CLASS_SESSION, -1, "");
    struct ref task = made(fx->db, CLASS_TASK, F_TASK_SESSION, session.text);
    struct db_token before = db_now(fx->db), after;
    struct val operations = val_set(1);

    val_push(&operations, val_int(1));
    CHECK_OK(db_set(fx->db, CLASS_VM, vm.text, F_VM_ALLOWED_OPERATIONS, operations));
    after = db_now(fx->db);
    CHECK_INT(after.generation, ==, before.generation);
    CHECK_INT(after.volatile_generation, ==, before.volatile_generation + 1);
    CHECK(set_has(fx->db, CLASS_SESSION, session.text, F_SESSION_TASKS, task.text));
    CHECK_INT(set_size(fx->db, CLASS_VM, vm.text, F_VM_ALLOWED_OPERATIONS), ==, 1);
    fixture_reopen(fx);
    CHECK_INT(set_size(fx->db, CLASS_VM, vm.text, F_VM_ALLOWED_OPERATIONS), ==, 0);
    CHECK_INT(db_count(fx->db, CLASS_SESSION), ==, 0);
    CHECK_INT(db_count(fx->db, CLASS_TASK), ==, 0);
    CHECK_INT(db_count(fx->db, CLASS_VM), ==, 1);
}

TEST_MAIN
