// SPDX-License-Identifier: GPL-2.0-or-later
/* /pool/xmldbdump: the whole database, downloaded as a file that db/backup.h makes, and put
 * back from one.  Its name is XAPI's; the file is SQLite's, not XML. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "api/http_door.h"
#include "base/alloc.h"
#include "base/fd.h"
#include "base/log.h"
#include "db/backup.h"
#include "db/db.h"
#include "rpc/manager.h"

/* The body lies in memory; larger dumps are restored on the host (latchkeyd(8)). */
#define MAX_DUMP (48u << 20)

/* One file at a time passes, so that one that a power cut leaves is the next one's place.
 * In the state folder, whose files only this user may read. */
#define PASSING "db.sqlite.passing"

static char *path_of(const struct manager *m, const char *name)
{
    return xasprintf("%s/%s", m->config->state_dir, name);
}

/* The task that a client made for this request, and watches. */
static void end_task(const struct http_call *call)
{
    const char *ref = http_request_query(call->request, "task_id");
    struct db *db = call->manager->db;

    if (!ref || !*ref)
        return;
    err_ignore(db_set(db, CLASS_TASK, ref, F_TASK_PROGRESS, val_float(1)),
               "the client has its answer");
    err_ignore(
        db_set(db, CLASS_TASK, ref, F_TASK_STATUS, val_int(E_TASK_STATUS_TYPE_SUCCESS)),
        "the client has its answer");
}

/* A page of another site may not have a browser do it. */
static struct err *begin(const struct http_call *call, const char *database, int *ret_lock)
{
    return call->is_ambient && http_request_header(call->request, "origin")
               ? err_params(ERR_RBAC_PERMISSION_DENIED, call->place->permission,
                            "asked by a web page", NULL)
               : db_backup_begin(database, ret_lock);
}

/* ---- download ---- */

struct mapping {
    void *at;
    size_t size;
};

static void unmap(void *arg)
{
    struct mapping *mapping = arg;

    munmap(mapping->at, mapping->size);
    free(mapping);
}

static struct err *map(const char *path, struct mapping *ret_mapping)
{
    autoclose int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    struct stat st;
    void *at;

    if (fd < 0 || fstat(fd, &st) < 0)
        return err_errno(errno, "opening %s", path);
    at = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (at == MAP_FAILED)
        return err_errno(errno, "mapping %s", path);
    *ret_mapping = (struct mapping){at, (size_t)st.st_size};
    return NULL;
}

static struct err *download(struct http_call *call)
{
    autofree char *database = path_of(call->manager, "db.sqlite");
    autofree char *file = path_of(call->manager, PASSING);
    struct http_answer answer = {.status = 200, .content_type = "application/octet-stream"};
    struct mapping *mapping = xcalloc(1, sizeof(*mapping));
    autoclose int lock = -1;
    struct err *e = begin(call, database, &lock);

    if (!e)
        e = db_dump(database, file);
    if (!e)
        e = map(file, mapping);
    if (lock >= 0)
        unlink(file);
    if (e) {
        free(mapping);
        return e;
    }
    end_task(call);
    answer.chunks = xcalloc(1, sizeof(*answer.chunks));
    answer.n_chunks = 1;
    answer.chunks[0] = (struct http_chunk){
        .data = mapping->at, .size = mapping->size, .release = unmap, .arg = mapping};
    http_request_answer(call->request, &answer);
    return NULL;
}

/* ---- upload ---- */

static struct err *keep_body(const struct http_call *call, const char *path)
{
    size_t size;
    const void *body = http_request_body(call->request, &size);
    int r = fd_replace_file(AT_FDCWD, path, body, size, 0600);

    return r < 0 ? err_errno(-r, "writing %s", path) : NULL;
}

/* COULD_NOT_IMPORT_DATABASE [why]. */
static struct err *restore(const char *database, const char *file, enum db_restore how)
{
    struct err *e = db_restore(database, file, how), *why;

    if (!e)
        return NULL;
    log_warn(DB, "no dump was restored: %s", err_sentence(e));
    why = err_params(ERR_COULD_NOT_IMPORT_DATABASE,
                     err_n_params(e) ? err_param_at(e, 0) : "", NULL);
    err_free(e);
    return why;
}

static struct err *upload(struct http_call *call)
{
    const char *dry_run = http_request_query(call->request, "dry_run");
    bool is_dry = dry_run && STREQ(dry_run, "true");
    struct manager *m = call->manager;
    autofree char *database = path_of(m, "db.sqlite");
    autofree char *file = path_of(m, PASSING);
    struct http_answer answer;
    struct buf nothing = BUF_INIT;
    autoclose int lock = -1;
    struct err *e = begin(call, database, &lock);

    if (!e && !is_dry && !m->process.end)
        e = err_params(ERR_NOT_IMPLEMENTED, call->place->permission, NULL);
    if (!e)
        e = keep_body(call, file);
    if (!e)
        e = restore(database, file, is_dry ? RESTORE_TRY : RESTORE);
    if (lock >= 0)
        unlink(file);
    if (e)
        return e;
    end_task(call);
    answer = http_answer_buf(200, "text/plain", &nothing);
    http_request_answer(call->request, &answer);
    if (!is_dry)
        m->process.end(m->process.arg, true);
    return NULL;
}

const struct http_place database_places[] = {
    {"GET", "/pool/xmldbdump", "http/get_pool_xml_db_sync", 0, download},
    {"PUT", "/pool/xmldbdump", "http/put_pool_xml_db_sync", MAX_DUMP, upload},
    {0},
};
