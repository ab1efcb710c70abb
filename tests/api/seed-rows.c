// SPDX-License-Identifier: GPL-2.0-or-later
/* Puts one row of each named class into a manager's database while no daemon runs: for
 * tests of the messages of classes that no call makes an object of on this machine.
 *
 * usage: seed-rows DATABASE CLASS...     prints "CLASS REFERENCE" lines */
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "db/db.h"
#include "db/store.h"

struct seeds {
    char **names;
    int n;
};

static int class_by_exact_name(const char *name)
{
    for (int i = 0; i < N_CLASSES; i++)
        if (STREQ(classes[i].name, name) && classes[i].in_database)
            return i;
    return -1;
}

static struct err *seed_txn(struct txn *t, void *arg)
{
    const struct seeds *seeds = arg;

    for (int i = 0; i < seeds->n; i++) {
        int cls = class_by_exact_name(seeds->names[i]);

        if (cls < 0)
            return err_params(ERR_INVALID_VALUE, "class", seeds->names[i], NULL);
        printf("%s %s\n", seeds->names[i], txn_create(t, cls));
    }
    return NULL;
}

int main(int argc, char **argv)
{
    struct seeds seeds = {argv + 2, argc - 2};
    struct store *store;
    struct db *db = NULL;
    struct err *e;

    if (argc < 2)
        return EXIT_FAILURE;
    e = store_sqlite_open(argv[1], &store);
    if (!e)
        e = db_open(store, &db);
    if (!e)
        e = db_run(db, seed_txn, &seeds);
    if (e)
        fprintf(stderr, "seed-rows: %s\n", err_sentence(e));
    if (db)
        db_close(db);
    err_free(e);
    return e ? EXIT_FAILURE : EXIT_SUCCESS;
}
