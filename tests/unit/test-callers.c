// SPDX-License-Identifier: GPL-2.0-or-later
#include "rpc/callers.h"

#include <stdio.h>
#include <string.h>

#include "db/store.h"
#include "lib/test.h"

struct fixture {
    struct store_memory_keep *keep;
    struct db *db;
    struct callers *callers;
    char any[64], family[64], exact[64], limit[64];
};

static void make_caller(struct txn *t, const char *agent, const char *source,
                        char ret_ref[64])
{
    const char *ref = txn_create(t, CLASS_CALLER);

    txn_set(t, CLASS_CALLER, ref, F_CALLER_USER_AGENT, val_str(agent));
    txn_set(t, CLASS_CALLER, ref, F_CALLER_CLIENT_IP, val_str(source));
    snprintf(ret_ref, 64, "%s", ref);
}

static struct err *make_rows(struct txn *t, void *arg)
{
    struct fixture *f = arg;
    const char *limit = txn_create(t, CLASS_RATE_LIMIT);

    txn_set(t, CLASS_RATE_LIMIT, limit, F_RATE_LIMIT_BURST_SIZE, val_float(2));
    txn_set(t, CLASS_RATE_LIMIT, limit, F_RATE_LIMIT_FILL_RATE, val_float(0.5));
    snprintf(f->limit, sizeof(f->limit), "%s", limit);
    make_caller(t, "", "192.0.2.1", f->any);
    make_caller(t, "robot*", "", f->family);
    make_caller(t, "robot/1", "192.0.2.1", f->exact);
    return NULL;
}

static void setup(struct fixture *f)
{
    struct store_faults none = {0};

    f->keep = store_memory_keep_new();
    f->callers = callers_new();
    CHECK_OK(db_open(store_memory_open(f->keep, &none), &f->db));
    CHECK_OK(db_run(f->db, make_rows, f));
}

static void teardown(struct fixture *f)
{
    callers_free(f->callers);
    db_close(f->db);
    store_memory_keep_free(f->keep);
}

static void put_under_limit(struct fixture *f, const char *caller)
{
    CHECK_OK(db_set(f->db, CLASS_CALLER, caller, F_CALLER_RATE_LIMIT, val_str(f->limit)));
}

static uint64_t enter(struct fixture *f, const char *agent, const char *source,
                      uint64_t now_ms)
{
    return callers_enter(f->callers, f->db,
                         &(struct visit){
                             .user_agent = agent,
                             .source = source,
                             .tokens = 1,
                             .now_ms = now_ms,
                         });
}

TEST(a_call_counts_for_each_row_that_matches)
{
    struct fixture fixture, *f = &fixture;

    setup(f);
    CHECK_INT(enter(f, "robot/1", "192.0.2.1", 0), ==, 0);
    CHECK_INT(enter(f, "robot/2", "192.0.2.9", 0), ==, 0);
    CHECK_INT(enter(f, NULL, "192.0.2.1", 0), ==, 0);
    CHECK_INT(enter(f, "rob", "192.0.2.10", 0), ==, 0);
    CHECK_INT(callers_use(f->callers, f->any).n_calls, ==, 2);
    CHECK_INT(callers_use(f->callers, f->family).n_calls, ==, 2);
    CHECK_INT(callers_use(f->callers, f->exact).n_calls, ==, 1);
    CHECK(callers_use(f->callers, f->exact).tokens == 1);
    CHECK_INT(callers_use(f->callers, "OpaqueRef:nobody").n_calls, ==, 0);
    teardown(f);
}

TEST(who_has_no_token_left_waits_until_it_comes_back)
{
    struct fixture fixture, *f = &fixture;

    setup(f);
    put_under_limit(f, f->family);
    CHECK_INT(enter(f, "robot/2", "192.0.2.9", 0), ==, 0);
    CHECK_INT(enter(f, "robot/2", "192.0.2.9", 0), ==, 0);
    CHECK_INT(enter(f, "robot/2", "192.0.2.9", 0), ==, 2000);
    CHECK_INT(enter(f, "robot/2", "192.0.2.9", 1000), ==, 3000);
    CHECK_INT(enter(f, "other", "192.0.2.9", 1000), ==, 0);
    CHECK_INT(enter(f, "robot/2", "192.0.2.9", 100000), ==, 0);
    teardown(f);
}

TEST(a_wait_of_more_than_a_minute_is_refused_and_costs_nothing)
{
    uint64_t wait_ms = 0;
    int n = 0;
    struct fixture fixture, *f = &fixture;

    setup(f);
    put_under_limit(f, f->family);
    while (wait_ms != CALLERS_REFUSE && n++ < 100)
        wait_ms = enter(f, "robot", "192.0.2.9", 0);
    CHECK_INT(n, ==, 33); /* two at once, thirty within a minute */
    CHECK_INT(enter(f, "robot", "192.0.2.9", 2000), ==, 60000);
    teardown(f);
}

TEST(the_row_that_says_most_decides)
{
    struct fixture fixture, *f = &fixture;

    setup(f);
    put_under_limit(f, f->any);
    CHECK_OK(
        db_set(f->db, CLASS_RATE_LIMIT, f->limit, F_RATE_LIMIT_BURST_SIZE, val_float(1)));
    CHECK_INT(enter(f, "robot/1", "192.0.2.1", 0), ==, 0);
    CHECK_INT(enter(f, "robot/1", "192.0.2.1", 0), ==, 2000); /* the exact one has none */
    CHECK_OK(db_set(f->db, CLASS_CALLER, f->exact, F_CALLER_RATE_LIMIT, val_str(NULL_REF)));
    put_under_limit(f, f->exact);
    CHECK_INT(enter(f, "robot/1", "192.0.2.1", 100000), ==, 0);
    teardown(f);
}

TEST(root_on_this_machine_is_counted_and_never_waits)
{
    struct visit visit = {"robot/1", "unix:0", 100, true, 0};
    struct fixture fixture, *f = &fixture;

    setup(f);
    put_under_limit(f, f->family);
    CHECK_INT(callers_enter(f->callers, f->db, &visit), ==, 0);
    CHECK_INT(callers_use(f->callers, f->family).n_calls, ==, 1);
    CHECK_INT(enter(f, "robot", "192.0.2.9", 0), ==, 0);
    teardown(f);
}

static struct err *delete_exact(struct txn *t, void *arg)
{
    const struct fixture *f = arg;

    txn_delete(t, CLASS_CALLER, f->exact);
    return NULL;
}

TEST(the_sweep_says_when_they_called_and_forgets_who_is_gone)
{
    autoptr(row) row = NULL;
    struct fixture fixture, *f = &fixture;

    setup(f);
    CHECK_INT(enter(f, "robot/1", "192.0.2.1", 0), ==, 0);
    CHECK_OK(db_run(f->db, delete_exact, f));
    callers_sweep(f->callers, f->db);
    CHECK_INT(callers_use(f->callers, f->exact).n_calls, ==, 0);
    CHECK_INT(callers_use(f->callers, f->any).n_calls, ==, 1);
    row = db_get(f->db, CLASS_CALLER, f->any);
    CHECK(row_int(row, F_CALLER_LAST_ACCESS) > 0);
    teardown(f);
}

TEST_MAIN
