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

#define BOOT_ID_MAX 64

struct hold {
    struct uuid sr, vdi, holder; /* no holder: a reservation of this daemon */
    enum open_mode mode;
};

struct lock_table {
    int dir_fd;
    char *boot_id;
    pthread_mutex_t lock;
    VEC(struct hold) holds; /* guarded by lock */
};

static struct err *load(struct lock_table *table);
static struct err *load_hold(struct lock_table *table, const char *name);
static bool hold_from_name(const char *name, struct hold *ret_hold);
static char *hold_name(const struct hold *hold);
static int hold_write(struct lock_table *table, const struct hold *hold,
                      const struct layers *layers);
static struct hold *find(struct lock_table *table, const struct uuid *sr,
                         const struct uuid *vdi, const struct uuid *holder);
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

    table->boot_id = xstrndup(boot_id, BOOT_ID_MAX);
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
    VEC_FINI(&table->holds);
    pthread_mutex_destroy(&table->lock);
    free(table->boot_id);
    free(table);
}

struct err *locks_take(struct lock_table *table, const struct uuid *sr,
                       const struct uuid *vdi, const struct uuid *holder,
                       enum open_mode mode, const struct layers *layers)
{
    struct hold hold = {*sr, *vdi, *holder, mode};
    bool known = false;
    int r;

    pthread_mutex_lock(&table->lock);
    for (size_t i = 0; i < table->holds.n; i++) {
        const struct hold *other = &table->holds.at[i];

        if (!same(&other->sr, sr) || !same(&other->vdi, vdi))
            continue;
        known = same(&other->holder, holder) && other->mode == mode;
        if (!known &&
            (other->mode == OPEN_RW || mode == OPEN_RW || same(&other->holder, holder))) {
            pthread_mutex_unlock(&table->lock);
            return in_use(vdi, "attach");
        }
        if (known)
            break;
    }
    if (!known)
        *VEC_PUSH(&table->holds) = hold;
    pthread_mutex_unlock(&table->lock);

    r = hold_write(table, &hold, layers);
    if (r < 0 && !known) {
        pthread_mutex_lock(&table->lock);
        forget(table, find(table, sr, vdi, holder));
        pthread_mutex_unlock(&table->lock);
    }
    return r < 0 ? storage_errno(r, "recording who holds VDI %s", vdi->text) : NULL;
}

struct err *locks_drop(struct lock_table *table, const struct uuid *sr,
                       const struct uuid *vdi, const struct uuid *holder)
{
    const struct hold hold = {*sr, *vdi, *holder, OPEN_RO};
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
    const struct hold hold = {*sr, *vdi, {{0}}, OPEN_RW};
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
        row = val_map(2);
        val_put_str(&row, "holder", val_str(hold->holder.text));
        val_put_str(&row, "mode", val_str(open_mode_name(hold->mode)));
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
    autoval struct val object = val_void();
    const char *boot_id, *mode;
    struct hold hold;
    int r;

    if (!hold_from_name(name, &hold)) {
        /* Half of a replacement that a crash cut off, or nothing of ours. */
        unlinkat(table->dir_fd, name, 0);
        return NULL;
    }
    hold.mode = OPEN_RW;
    r = doc_read(table->dir_fd, name, &object);
    if (r < 0 || doc_text(&object, "boot_id", BOOT_ID_MAX, &boot_id) < 0 ||
        doc_text(&object, "mode", 2, &mode) < 0) {
        log_warn(STORAGE, "the hold %s cannot be read; taken as a writer's", name);
    } else if (!STREQ(boot_id, table->boot_id)) {
        log_info(STORAGE, "dropping the hold of %s on VDI %s: it is of an earlier boot",
                 hold.holder.text, hold.vdi.text);
        if (unlinkat(table->dir_fd, name, 0) < 0)
            return storage_errno(errno, "removing the hold %s", name);
        return NULL;
    } else if (STREQ(mode, "ro")) {
        hold.mode = OPEN_RO;
    }
    *VEC_PUSH(&table->holds) = hold;
    return NULL;
}

/* <sr>.<vdi>.<holder>.json */
static bool hold_from_name(const char *name, struct hold *ret_hold)
{
    struct uuid *parts[] = {&ret_hold->sr, &ret_hold->vdi, &ret_hold->holder};
    const char *at = name;

    for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
        char part[UUID_LEN + 1] = "";

        if (strnlen(at, UUID_LEN + 1) <= UUID_LEN || at[UUID_LEN] != '.')
            return false;
        memcpy(part, at, UUID_LEN);
        if (!uuid_is_valid(part))
            return false;
        *parts[i] = uuid_lower(part);
        at += UUID_LEN + 1;
    }
    return STREQ(at, "json");
}

static char *hold_name(const struct hold *hold)
{
    return xasprintf("%s.%s.%s.json", hold->sr.text, hold->vdi.text, hold->holder.text);
}

static int hold_write(struct lock_table *table, const struct hold *hold,
                      const struct layers *layers)
{
    autoval struct val object = val_map(3);
    autofree char *name = hold_name(hold);
    struct val ids = val_set(layers->n);

    for (size_t i = 0; i < layers->n; i++)
        val_push(&ids, val_str(layers->at[i].id.text));
    val_put_str(&object, "boot_id", val_str(table->boot_id));
    val_put_str(&object, "mode", val_str(open_mode_name(hold->mode)));
    val_put_str(&object, "layers", ids);
    return doc_write(table->dir_fd, name, &object);
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
    if (hold)
        *hold = table->holds.at[--table->holds.n];
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
