// SPDX-License-Identifier: GPL-2.0-or-later
#include "storage/locks.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/doc.h"
#include "base/alloc.h"
#include "base/fd.h"
#include "base/log.h"
#include "base/str.h"
#include "base/vec.h"
#include "storage/fault.h"

struct lock_table {
    int dir_fd;
    char *boot_id;
    pthread_mutex_t lock;
    struct hold_list holds; /* guarded by lock */
};

static struct err *load(struct lock_table *table);
static struct err *load_hold(struct lock_table *table, const char *name);
static struct hold *find(struct lock_table *table, const struct uuid *sr,
                         const struct uuid *vdi, const struct uuid *holder);
static struct err *check_merges(struct lock_table *table, const struct hold *wanted);
static void forget(struct lock_table *table, struct hold *hold);
static struct err *in_use(const struct uuid *vdi, const char *operation);
static struct err *check(struct lock_table *table, const struct uuid *sr,
                         const struct uuid *vdi, enum lock_need need,
                         const char *operation);

static bool same(const struct uuid *a, const struct uuid *b)
{
    return STREQ(a->text, b->text);
}

struct err *locks_new(int state_dir_fd, const char *boot_id, struct lock_table **ret_table)
{
    struct lock_table *table = xcalloc(1, sizeof(*table));
    struct err *e;

    table->boot_id = xstrdup(boot_id);
    pthread_mutex_init(&table->lock, NULL);
    if (mkdirat(state_dir_fd, "locks", 0700) < 0 && errno != EEXIST)
        e = storage_errno(errno, "making the directory of locks");
    else
        e = NULL;
    table->dir_fd = fd_open_beneath(state_dir_fd, "locks", O_RDONLY | O_DIRECTORY, 0);
    if (!e && table->dir_fd < 0)
        e = storage_errno(table->dir_fd, "opening the directory of locks");
    if (!e)
        e = load(table);
    if (e) {
        locks_free(table);
        return e;
    }
    *ret_table = table;
    return NULL;
}

void locks_free(struct lock_table *table)
{
    if (!table)
        return;
    cleanup_close(&table->dir_fd);
    hold_list_fini(&table->holds);
    pthread_mutex_destroy(&table->lock);
    free(table->boot_id);
    free(table);
}

struct err *locks_take(struct lock_table *table, const struct uuid *sr,
                       const struct uuid *vdi, const struct uuid *holder,
                       enum open_mode mode, const struct layers *layers)
{
    autohold hold = {.sr = *sr, .vdi = *vdi, .holder = *holder, .mode = mode};
    struct uuid ids[LAYERS_MAX];
    struct err *e = NULL;
    bool known = false;
    int r;

    for (size_t i = 0; i < layers->n; i++)
        ids[i] = layers->at[i].id;
    hold_set_layers(&hold, ids, layers->n);

    pthread_mutex_lock(&table->lock);
    for (size_t i = 0; i < table->holds.n && !e && !known; i++) {
        const struct hold *other = &table->holds.at[i];

        if (!same(&other->sr, sr) || !same(&other->vdi, vdi))
            continue;
        known = same(&other->holder, holder) && other->mode == mode;
        if (known) {
            hold.lower = other->lower;
            hold.upper = other->upper;
        } else if (other->mode == OPEN_RW || mode == OPEN_RW ||
                   same(&other->holder, holder)) {
            e = in_use(vdi, "attach");
        }
    }
    if (!e && !known)
        e = check_merges(table, &hold);
    if (!e && !known)
        *VEC_PUSH(&table->holds) = hold_copy(&hold);
    pthread_mutex_unlock(&table->lock);
    if (e)
        return e;
    if (known)
        return locks_change(table, &hold);

    r = hold_write(table->dir_fd, table->boot_id, &hold);
    if (r < 0) {
        pthread_mutex_lock(&table->lock);
        forget(table, find(table, sr, vdi, holder));
        pthread_mutex_unlock(&table->lock);
    }
    return r < 0 ? storage_errno(r, "recording who holds VDI %s", vdi->text) : NULL;
}

struct err *locks_drop(struct lock_table *table, const struct uuid *sr,
                       const struct uuid *vdi, const struct uuid *holder)
{
    const struct hold hold = {.sr = *sr, .vdi = *vdi, .holder = *holder};
    autofree char *name = hold_name(&hold);

    /* The file first: a hold must not come back to life after a restart. */
    if (unlinkat(table->dir_fd, name, 0) < 0 && errno != ENOENT)
        return storage_errno(errno, "removing the hold on VDI %s", vdi->text);
    if (fsync(table->dir_fd) < 0)
        return storage_errno(errno, "removing the hold on VDI %s", vdi->text);
    crash_point("close.hold");

    pthread_mutex_lock(&table->lock);
    forget(table, find(table, sr, vdi, holder));
    pthread_mutex_unlock(&table->lock);
    return NULL;
}

struct err *locks_reserve(struct lock_table *table, const struct uuid *sr,
                          const struct uuid *vdi, const char *operation)
{
    const struct hold hold = {.sr = *sr, .vdi = *vdi, .mode = OPEN_RW};
    struct err *e;

    pthread_mutex_lock(&table->lock);
    e = check(table, sr, vdi, LOCK_IDLE, operation);
    if (!e)
        *VEC_PUSH(&table->holds) = hold;
    pthread_mutex_unlock(&table->lock);
    return e;
}

void locks_unreserve(struct lock_table *table, const struct uuid *sr,
                     const struct uuid *vdi)
{
    const struct uuid nobody = {{0}};

    pthread_mutex_lock(&table->lock);
    forget(table, find(table, sr, vdi, &nobody));
    pthread_mutex_unlock(&table->lock);
}

struct err *locks_check(struct lock_table *table, const struct uuid *sr,
                        const struct uuid *vdi, enum lock_need need, const char *operation)
{
    struct err *e;

    pthread_mutex_lock(&table->lock);
    e = check(table, sr, vdi, need, operation);
    pthread_mutex_unlock(&table->lock);
    return e;
}

struct err *locks_check_sr_idle(struct lock_table *table, const struct uuid *sr,
                                const char *operation)
{
    struct err *e = NULL;

    pthread_mutex_lock(&table->lock);
    for (size_t i = 0; i < table->holds.n && !e; i++)
        if (same(&table->holds.at[i].sr, sr))
            e = in_use(&table->holds.at[i].vdi, operation);
    pthread_mutex_unlock(&table->lock);
    return e;
}

bool locks_find(struct lock_table *table, const struct uuid *sr, const struct uuid *vdi,
                const struct uuid *holder, struct hold *ret_hold)
{
    const struct hold *found;

    pthread_mutex_lock(&table->lock);
    found = find(table, sr, vdi, holder);
    if (found)
        *ret_hold = hold_copy(found);
    pthread_mutex_unlock(&table->lock);
    return found;
}

struct err *locks_change(struct lock_table *table, const struct hold *hold)
{
    struct hold *known;
    int r;

    pthread_mutex_lock(&table->lock);
    known = find(table, &hold->sr, &hold->vdi, &hold->holder);
    if (known) {
        hold_fini(known);
        *known = hold_copy(hold);
    }
    pthread_mutex_unlock(&table->lock);
    if (!known)
        return locks_not_held();
    /* Not taken back when it fails: what is said in memory keeps others out. */
    r = hold_write(table->dir_fd, table->boot_id, hold);
    return r < 0 ? storage_errno(r, "recording who holds VDI %s", hold->vdi.text) : NULL;
}

struct err *locks_not_held(void)
{
    return err_params(ERR_OPERATION_NOT_ALLOWED, "The disk is not open by this holder",
                      NULL);
}

void locks_on_layers(struct lock_table *table, const struct uuid *sr,
                     const struct uuid *layers, size_t n, struct hold_list *ret_holds)
{
    pthread_mutex_lock(&table->lock);
    for (size_t i = 0; i < table->holds.n; i++) {
        const struct hold *hold = &table->holds.at[i];

        if (same(&hold->sr, sr) && hold_has(hold, layers, n))
            *VEC_PUSH(ret_holds) = hold_copy(hold);
    }
    pthread_mutex_unlock(&table->lock);
}

void locks_on_sr(struct lock_table *table, const struct uuid *sr,
                 struct hold_list *ret_holds)
{
    pthread_mutex_lock(&table->lock);
    for (size_t i = 0; i < table->holds.n; i++) {
        const struct hold *hold = &table->holds.at[i];

        if (same(&hold->sr, sr) && hold->holder.text[0])
            *VEC_PUSH(ret_holds) = hold_copy(hold);
    }
    pthread_mutex_unlock(&table->lock);
}

bool locks_is_held(struct lock_table *table, const struct uuid *sr, const struct uuid *vdi)
{
    bool held = false;

    pthread_mutex_lock(&table->lock);
    for (size_t i = 0; i < table->holds.n && !held; i++)
        held = same(&table->holds.at[i].sr, sr) && same(&table->holds.at[i].vdi, vdi);
    pthread_mutex_unlock(&table->lock);
    return held;
}

struct val locks_list(struct lock_table *table, const struct uuid *sr,
                      const struct uuid *vdi)
{
    struct val list = val_set(1);

    pthread_mutex_lock(&table->lock);
    for (size_t i = 0; i < table->holds.n; i++) {
        const struct hold *hold = &table->holds.at[i];
        struct val row;

        if (!same(&hold->sr, sr) || !same(&hold->vdi, vdi) || !hold->holder.text[0])
            continue;
        row = val_map(3);
        val_put_str(&row, "holder", val_str(hold->holder.text));
        val_put_str(&row, "mode", val_str(open_mode_name(hold->mode)));
        if (hold->lower.text[0])
            val_put_str(&row, "merging", val_str(hold->lower.text));
        val_push(&list, row);
    }
    pthread_mutex_unlock(&table->lock);
    return list;
}

static struct err *load(struct lock_table *table)
{
    int fd = openat(table->dir_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *dir = fd < 0 ? NULL : fdopendir(fd);
    const struct dirent *entry;
    struct err *e = NULL;

    if (!dir)
        return storage_errno(errno, "reading the directory of locks");
    errno = 0;
    while (!e && (entry = readdir(dir))) {
        if (entry->d_name[0] != '.')
            e = load_hold(table, entry->d_name);
        errno = 0;
    }
    if (!e && errno)
        e = storage_errno(errno, "reading the directory of locks");
    closedir(dir);
    return e;
}

static struct err *load_hold(struct lock_table *table, const char *name)
{
    struct hold hold = {.mode = OPEN_RW};
    int r;

    if (!hold_from_name(name, &hold)) {
        /* Half of a replacement that a crash cut off, or nothing of ours. */
        unlinkat(table->dir_fd, name, 0);
        return NULL;
    }
    r = hold_read(table->dir_fd, name, table->boot_id, &hold);
    if (r == -ESTALE) {
        log_info(STORAGE, "dropping the hold of %s on VDI %s: it is of an earlier boot",
                 hold.holder.text, hold.vdi.text);
        if (unlinkat(table->dir_fd, name, 0) < 0)
            return storage_errno(errno, "removing the hold %s", name);
        return NULL;
    }
    if (r < 0) {
        log_warn(STORAGE, "the hold %s cannot be read; taken as a writer's", name);
        hold.mode = OPEN_RW;
    }
    *VEC_PUSH(&table->holds) = hold;
    return NULL;
}

static struct hold *find(struct lock_table *table, const struct uuid *sr,
                         const struct uuid *vdi, const struct uuid *holder)
{
    for (size_t i = 0; i < table->holds.n; i++) {
        struct hold *hold = &table->holds.at[i];

        if (same(&hold->sr, sr) && same(&hold->vdi, vdi) && same(&hold->holder, holder))
            return hold;
    }
    return NULL;
}

static void forget(struct lock_table *table, struct hold *hold)
{
    if (!hold)
        return;
    hold_fini(hold);
    *hold = table->holds.at[--table->holds.n];
}

/* The layers of a merge are written to by one process, and read by no other. */
static struct err *check_merges(struct lock_table *table, const struct hold *wanted)
{
    for (size_t i = 0; i < table->holds.n; i++) {
        const struct hold *other = &table->holds.at[i];

        if (other->lower.text[0] && same(&other->sr, &wanted->sr) &&
            hold_has(wanted, &other->lower, 1))
            return err_params(ERR_OTHER_OPERATION_IN_PROGRESS, "VDI", other->vdi.text,
                              "merge", other->holder.text, NULL);
    }
    return NULL;
}

static struct err *in_use(const struct uuid *vdi, const char *operation)
{
    return err_params(ERR_VDI_IN_USE, vdi->text, operation, NULL);
}

static struct err *check(struct lock_table *table, const struct uuid *sr,
                         const struct uuid *vdi, enum lock_need need, const char *operation)
{
    for (size_t i = 0; i < table->holds.n; i++) {
        const struct hold *hold = &table->holds.at[i];

        if (!same(&hold->sr, sr) || !same(&hold->vdi, vdi))
            continue;
        if (need == LOCK_IDLE || !hold->holder.text[0] ||
            (need == LOCK_NO_WRITER && hold->mode == OPEN_RW))
            return in_use(vdi, operation);
    }
    return NULL;
}
