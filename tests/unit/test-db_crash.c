// SPDX-License-Identifier: GPL-2.0-or-later
/* Many writers at once, and a writer that is killed: nothing confirmed is lost, nothing is
 * half there. */
#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>

#include "base/str.h"
#include "test-db.h"

#define WRITERS 8
#define ROUNDS  25

/* A counter in a durable field. */
static struct err *count_up(struct txn *t, void *arg)
{
    const struct row *vm;
    struct err *e = txn_need(t, CLASS_VM, arg, &vm);

    if (!e)
        txn_set(t, CLASS_VM, arg, F_VM_MEMORY_STATIC_MAX,
                val_int(row_int(vm, F_VM_MEMORY_STATIC_MAX) + 1));
    return e;
}

struct writer {
    pthread_t thread;
    struct db *db;
    const char *ref;
    unsigned n_done;
};

static void *write_rounds(void *arg)
{
    struct writer *writer = arg;

    for (int i = 0; i < ROUNDS; i++) {
        struct err *e = db_run(writer->db, count_up, (void *)writer->ref);

        writer->n_done += !e;
        err_free(e);
    }
    return NULL;
}

DB_TEST(no_update_is_lost_between_many_writers)
{
    struct ref vm = made_vm(fx->db, "counter");
    struct writer writers[WRITERS];
    int64_t start, done = 0;
    struct row *before = db_get(fx->db, CLASS_VM, vm.text);

    start = row_int(before, F_VM_MEMORY_STATIC_MAX);
    row_release(before);
    for (size_t i = 0; i < WRITERS; i++) {
        writers[i] = (struct writer){.db = fx->db, .ref = vm.text};
        CHECK(pthread_create(&writers[i].thread, NULL, write_rounds, &writers[i]) == 0);
    }
    for (size_t i = 0; i < WRITERS; i++) {
        pthread_join(writers[i].thread, NULL);
        done += writers[i].n_done;
    }
    CHECK_INT(done, ==, WRITERS * ROUNDS);
    fixture_reopen(fx);
    autoptr(row) row = db_get(fx->db, CLASS_VM, vm.text);
    CHECK_INT(row_int(row, F_VM_MEMORY_STATIC_MAX), ==, start + done);
}

/* A VM and its VBD, both or none. */
static struct err *make_pair(struct txn *t, void *arg)
{
    const char *vm = txn_create(t, CLASS_VM), *vbd = txn_create(t, CLASS_VBD);

    txn_set(t, CLASS_VM, vm, F_VM_NAME_LABEL, val_str(arg));
    txn_set(t, CLASS_VBD, vbd, F_VBD_VM, val_str(vm));
    txn_set(t, CLASS_VBD, vbd, F_VBD_USERDEVICE, val_str(arg));
    return NULL;
}

/* Commits pairs numbered from 'first' until it is killed; says each number once confirmed.
 */
static void commit_until_killed(const char *path, unsigned first, int told)
{
    struct store *store;
    struct db *db;

    if (store_sqlite_open(path, &store) || db_open(store, &db))
        _exit(1);
    for (unsigned i = first;; i++) {
        autofree char *name = xasprintf("%u", i);

        if (db_run(db, make_pair, name) || write(told, &i, sizeof(i)) != sizeof(i))
            _exit(1);
    }
}

/* The child's last confirmed number after it was killed 'after' confirmations later. */
static unsigned run_and_kill(const char *path, unsigned first, unsigned after)
{
    unsigned last = first, number;
    int told[2], status;
    pid_t pid;

    CHECK(pipe(told) == 0);
    fflush(stdout);
    pid = fork();
    CHECK(pid >= 0);
    if (pid == 0) {
        close(told[0]);
        commit_until_killed(path, first, told[1]);
    }
    close(told[1]);
    for (unsigned i = 0; i < after; i++) {
        CHECK(read(told[0], &number, sizeof(number)) == sizeof(number));
        last = number;
    }
    kill(pid, SIGKILL);
    while (read(told[0], &number, sizeof(number)) == sizeof(number))
        last = number;
    close(told[0]);
    CHECK(waitpid(pid, &status, 0) == pid && WIFSIGNALED(status));
    return last;
}

TEST(what_was_confirmed_survives_kill_9_whole)
{
    struct fixture fx = {.sqlite = true};
    struct db_token last = {0};
    unsigned confirmed = 0;

    fixture_dir(&fx);
    for (unsigned i = 0; i < 12; i++) {
        autorows vms = {0};
        autorows vbds = {0};

        confirmed = run_and_kill(fx.path, confirmed + 1, 1 + i * 7 % 23);
        fixture_open(&fx);
        CHECK_INT(db_now(fx.db).generation, >, last.generation);
        last = db_now(fx.db);
        db_list(fx.db, CLASS_VM, &vms);
        db_list(fx.db, CLASS_VBD, &vbds);
        CHECK_INT(vms.n, ==, vbds.n);
        /* One more may have become durable without having been confirmed. */
        CHECK(vms.n == confirmed || vms.n == confirmed + 1);
        CHECK(back_references_hold(fx.db));
        confirmed = (unsigned)vms.n;
        fixture_close(&fx);
    }
    remove_files(&fx);
}

TEST_MAIN
