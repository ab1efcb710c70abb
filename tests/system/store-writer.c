// SPDX-License-Identifier: GPL-2.0-or-later
/* Opens the database as the daemon does, says what is in it, then commits by several
 * threads until it is ended: for tests that take the disk or the power away meanwhile.
 *
 * usage: store-writer DATABASE full|off THREADS TOKEN
 *
 * What it says, a line each: "token TEXT" when it is open; "event KIND REF" for what
 * changed since TOKEN ("-": not asked); "row CLASS REF VALUE" for each row; "go"; "refused
 * CODE SENTENCE" when it comes to no such thing; "done THREAD N TOKEN" for a transaction
 * that was confirmed; "failed THREAD N CODE SENTENCE" for one that was not, which is tried
 * again after a look at what can be read: "read THREAD".
 *
 * Transaction N of a thread counts its counter up, makes a group and a secret that belong
 * together, deletes the pair made KEPT transactions ago, and moves an amount between two
 * accounts that all threads share.  "off" says PRAGMA synchronous = OFF on the store's own
 * handle: the daemon has no such mode. */
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/log.h"
#include "base/str.h"
#include "db/db.h"
#include "db/store.h"

#define KEPT           12
#define N_ACCOUNTS     4
#define START_AMOUNT   1000
#define MAX_THREADS    32
#define RETRY_AFTER_MS 5
#define BIG_EVERY      16 /* a transaction's text has some pages then */

static sqlite3 *handle;

struct writer {
    pthread_t thread;
    struct db *db;
    int number;
    unsigned n;
};

/* A whole line at once: the pipe keeps such together. */
static void say(char *line)
{
    size_t len = strlen(line);

    if (write(STDOUT_FILENO, line, len) != (ssize_t)len)
        _exit(EXIT_FAILURE);
    free(line);
}

/* ---- the transactions ---- */

static char *text_of(int thread, unsigned n)
{
    size_t len = n % BIG_EVERY ? 40 + n * 37 % 400 : 9000 + n * 101 % 9000;
    char *text = xasprintf("%d %u %*s", thread, n, (int)len, "");

    for (size_t i = strlen(text) - len; i < strlen(text); i++)
        text[i] = (char)('a' + (n + i) % 26);
    return text;
}

static char *ref_of(const char *what, int thread, unsigned n)
{
    return xasprintf("OpaqueRef:%s-%d-%u", what, thread, n);
}

static int64_t amount_at(const struct row *row)
{
    return strtoll(row_text(row, F_VM_GROUP_NAME_DESCRIPTION), NULL, 10);
}

static void set_amount(struct txn *t, const char *ref, int64_t amount)
{
    autofree char *text = xasprintf("%lld", (long long)amount);

    txn_set(t, CLASS_VM_GROUP, ref, F_VM_GROUP_NAME_DESCRIPTION, val_str(text));
}

static struct err *add_to(struct txn *t, const char *ref, int64_t amount)
{
    const struct row *row;
    struct err *e = txn_need(t, CLASS_VM_GROUP, ref, &row);

    if (!e)
        set_amount(t, ref, amount_at(row) + amount);
    return e;
}

static struct err *move(struct txn *t, unsigned n)
{
    autofree char *from = ref_of("account", 0, n % N_ACCOUNTS);
    autofree char *to = ref_of("account", 0, (n / N_ACCOUNTS + 1 + n) % N_ACCOUNTS);
    struct err *e = add_to(t, from, -(int64_t)(n % 7));

    return e ? e : add_to(t, to, n % 7);
}

static void make_pair(struct txn *t, int thread, unsigned n)
{
    autofree char *group = ref_of("group", thread, n),
                  *secret = ref_of("secret", thread, n);
    autofree char *text = text_of(thread, n);

    txn_create_as(t, CLASS_VM_GROUP, group, NULL);
    txn_set(t, CLASS_VM_GROUP, group, F_VM_GROUP_NAME_LABEL, val_str(text));
    txn_create_as(t, CLASS_SECRET, secret, NULL);
    txn_set(t, CLASS_SECRET, secret, F_SECRET_VALUE, val_str(text));
}

static void delete_pair(struct txn *t, int thread, unsigned n)
{
    autofree char *group = ref_of("group", thread, n),
                  *secret = ref_of("secret", thread, n);

    txn_delete(t, CLASS_VM_GROUP, group);
    txn_delete(t, CLASS_SECRET, secret);
}

static struct err *step(struct txn *t, void *arg)
{
    const struct writer *w = arg;
    autofree char *counter = ref_of("counter", 0, (unsigned)w->number);
    struct err *e = add_to(t, counter, 1);

    if (!e)
        e = move(t, w->n);
    if (e)
        return e;
    make_pair(t, w->number, w->n);
    if (w->n > KEPT)
        delete_pair(t, w->number, w->n - KEPT);
    return NULL;
}

/* Writes as step() does and then thinks better of it. */
static struct err *refuse(struct txn *t, void *arg)
{
    const struct writer *w = arg;
    struct err *e = move(t, w->n);

    make_pair(t, 1000 + w->number, w->n);
    return e ? e : err_params(ERR_OPERATION_NOT_ALLOWED, "on purpose", NULL);
}

static struct err *make_first(struct txn *t, void *arg)
{
    static const char *const kinds[] = {"account", "counter", "anchor"};
    const unsigned n[] = {N_ACCOUNTS, MAX_THREADS, 1};

    for (size_t what = 0; what < ARRAY_SIZE(n); what++) {
        for (unsigned i = 0; i < n[what]; i++) {
            autofree char *ref = ref_of(kinds[what], 0, i);

            if (txn_get(t, CLASS_VM_GROUP, ref))
                return NULL;
            txn_create_as(t, CLASS_VM_GROUP, ref, NULL);
            set_amount(t, ref, what == 0 ? START_AMOUNT : 0);
        }
    }
    return NULL;
}

static bool is_as_made(const char *ref, const char *text)
{
    autofree char *wanted = NULL;
    unsigned n;
    int thread;

    if (sscanf(ref, "OpaqueRef:%*[a-z]-%d-%u", &thread, &n) != 2)
        return false;
    wanted = text_of(thread, n);
    return STREQ(text, wanted);
}

/* What was read must be what was written. */
static void read_back(const struct writer *w)
{
    autofree char *ref = ref_of("group", w->number, w->n - 1);
    autoptr(row) row = db_get(w->db, CLASS_VM_GROUP, ref);
    const struct timespec moment = {.tv_nsec = RETRY_AFTER_MS * 1000000};

    if (w->n == 1 || (row && is_as_made(ref, row_text(row, F_VM_GROUP_NAME_LABEL))))
        say(xasprintf("read %d\n", w->number));
    nanosleep(&moment, NULL);
}

static void *write_on(void *arg)
{
    struct writer *w = arg;

    for (;; w->n++) {
        char token[DB_TOKEN_LEN + 1];
        struct db_token now;
        struct err *e;

        if (w->n % 8 == 0)
            err_ignore(db_run(w->db, refuse, w), "it was to fail");
        while ((e = db_run(w->db, step, w))) {
            say(xasprintf("failed %d %u %s %s\n", w->number, w->n, err_code_text(e),
                          err_sentence(e)));
            err_free(e);
            read_back(w);
        }
        now = db_now(w->db);
        db_token_text(&now, token);
        say(xasprintf("done %d %u %s\n", w->number, w->n, token));
    }
    return NULL;
}

/* ---- what is there ---- */

static void tell_rows(struct db *db)
{
    autorows groups = {0}, secrets = {0};

    db_list(db, CLASS_VM_GROUP, &groups);
    db_list(db, CLASS_SECRET, &secrets);
    for (size_t i = 0; i < groups.n; i++) {
        const char *ref = row_ref(groups.at[i]);
        bool is_item = str_has_prefix(ref, "OpaqueRef:group-");
        bool is_right = is_as_made(ref, row_text(groups.at[i], F_VM_GROUP_NAME_LABEL));

        say(xasprintf("row VM_group %s %s\n", ref,
                      !is_item   ? row_text(groups.at[i], F_VM_GROUP_NAME_DESCRIPTION)
                      : is_right ? "right"
                                 : "wrong"));
    }
    for (size_t i = 0; i < secrets.n; i++) {
        const char *ref = row_ref(secrets.at[i]);
        bool is_right = is_as_made(ref, row_text(secrets.at[i], F_SECRET_VALUE));

        say(xasprintf("row secret %s %s\n", ref, is_right ? "right" : "wrong"));
    }
}

static void tell_events(struct db *db, const struct db_token *since)
{
    static const char *const kinds[] = {
        [DB_ADD] = "add", [DB_MOD] = "mod", [DB_DEL] = "del"};
    struct db_subscription sub = {0};
    struct db_events events;

    sub.classes[CLASS_VM_GROUP / 8] |= (uint8_t)(1u << CLASS_VM_GROUP % 8);
    db_events_since(db, &sub, since, &events);
    for (size_t i = 0; i < events.n; i++)
        say(xasprintf("event %s %s\n", kinds[events.at[i].kind], events.at[i].ref));
    db_events_fini(&events);
}

static void tell_token(struct db *db)
{
    char text[DB_TOKEN_LEN + 1];
    struct db_token now = db_now(db);

    db_token_text(&now, text);
    say(xasprintf("token %s\n", text));
}

/* ---- opening ---- */

static int note_handle(sqlite3 *opened, const char **error, const void *api)
{
    handle = opened;
    return SQLITE_OK;
}

static int synchronous_level(void)
{
    sqlite3_stmt *statement;
    int level = -1;

    if (sqlite3_prepare_v2(handle, "PRAGMA synchronous", -1, &statement, NULL) != SQLITE_OK)
        return -1;
    if (sqlite3_step(statement) == SQLITE_ROW)
        level = sqlite3_column_int(statement, 0);
    sqlite3_finalize(statement);
    return level;
}

static struct err *open_database(const char *path, bool is_off, struct db **ret_db)
{
    struct store *store;
    struct err *e;

    sqlite3_auto_extension((void (*)(void))note_handle);
    e = store_sqlite_open(path, &store);
    if (e)
        return e;
    if (is_off)
        sqlite3_exec(handle, "PRAGMA synchronous = OFF", NULL, NULL, NULL);
    assert_msg(synchronous_level() == (is_off ? 0 : 2),
               "synchronous is not as it is to be");
    return db_open(store, ret_db);
}

/* Where its counter stands. */
static void start_writer(struct writer *w)
{
    autofree char *ref = ref_of("counter", 0, (unsigned)w->number);
    autoptr(row) row = db_get(w->db, CLASS_VM_GROUP, ref);

    w->n = (unsigned)amount_at(row) + 1;
    if (pthread_create(&w->thread, NULL, write_on, w) != 0)
        _exit(EXIT_FAILURE);
}

static int refused(struct err *e)
{
    say(xasprintf("refused %s %s\n", err_code_text(e), err_sentence(e)));
    err_free(e);
    return EXIT_FAILURE;
}

int main(int argc, char **argv)
{
    static struct writer writers[MAX_THREADS];
    struct db_token since;
    struct db *db = NULL;
    struct err *e;
    int n;

    if (argc != 5)
        return EXIT_FAILURE;
    n = (int)strtol(argv[3], NULL, 10);
    if (n < 1 || n > MAX_THREADS)
        return EXIT_FAILURE;
    e = open_database(argv[1], STREQ(argv[2], "off"), &db);
    if (e)
        return refused(e);
    tell_token(db);
    if (!STREQ(argv[4], "-") && db_token_parse(argv[4], &since) == 0)
        tell_events(db, &since);
    tell_rows(db);
    e = db_run(db, make_first, NULL);
    if (e)
        return refused(e);
    say(xstrdup("go\n"));
    for (int i = 0; i < n; i++) {
        writers[i] = (struct writer){.db = db, .number = i};
        start_writer(&writers[i]);
    }
    for (int i = 0; i < n; i++)
        pthread_join(writers[i].thread, NULL);
    db_close(db);
    return EXIT_SUCCESS;
}
