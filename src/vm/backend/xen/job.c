// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/backend/xen/job.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/fd.h"
#include "base/log.h"
#include "base/str.h"
#include "io/subprocess.h"

#define CREATE_MS  (10 * 60000u) /* large guests on a busy host; a stuck hotplug script */
#define DESTROY_MS (5 * 60000u)
#define MAX_ANSWER 64
#define LOCK_NAME  "lk-xl.lock"

/* Beside this program in a build folder, else where it is installed. */
char *job_program(void)
{
    char self[PATH_MAX];
    ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
    char *slash, *beside;

    if (n > 0) {
        self[n] = '\0';
        slash = strrchr(self, '/');
        beside = xasprintf("%.*s/lk-xl", (int)(slash - self), self);
        if (access(beside, X_OK) == 0)
            return beside;
        free(beside);
    }
    return xstrdup(LATCHKEY_LIBEXEC_DIR "/lk-xl");
}

/* Runs it to its end and takes its one line of output. */
static struct err *run(struct subprocess_config *config, const char *verb, const char *uuid,
                       char ret_line[MAX_ANSWER + 1])
{
    CLEANUP(subprocess_result_fini) struct subprocess_result result = {0};
    autofree char *program = job_program();
    const char *argv[] = {program, verb, uuid, NULL};
    struct err *e;

    config->argv = argv;
    config->max_output = MAX_ANSWER;
    e = subprocess_run(config, &result);
    if (!e)
        e = subprocess_check(config, &result);
    if (result.errors.size)
        log_debug(VM, "lk-xl %s: %s", verb, buf_str(&result.errors));
    if (e)
        return e;
    snprintf(ret_line, MAX_ANSWER + 1, "%s", buf_str(&result.out));
    ret_line[strcspn(ret_line, "\n")] = '\0';
    return NULL;
}

struct err *job_lock(const struct vm_identity *id, int *ret_lock)
{
    autoclose int fd =
        openat(id->dir_fd, LOCK_NAME, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);

    if (fd < 0)
        return err_errno(errno, "opening the lock of VM %s", id->uuid);
    if (flock(fd, LOCK_EX | LOCK_NB) < 0)
        return errno == EWOULDBLOCK
                   ? err_new(ERR_INTERNAL_ERROR,
                             "VM %s: lk-xl, started by an earlier lk-vmd, is still at it",
                             id->uuid)
                   : err_errno(errno, "locking VM %s", id->uuid);
    *ret_lock = take_fd(fd);
    return NULL;
}

struct err *job_create(const char *config, const int *fds, size_t n_fds,
                       uint32_t *ret_domid)
{
    struct subprocess_config run_config = {
        .input = config,
        .input_size = strlen(config),
        .fds = fds,
        .n_fds = n_fds,
        .deadline_ms = clock_monotonic_ms() + CREATE_MS,
    };
    char line[MAX_ANSWER + 1];
    uint64_t domid;
    struct err *e = run(&run_config, "create", NULL, line);

    if (e)
        return e;
    if (str_to_uint64(line, &domid) < 0 || domid == 0 || domid > UINT16_MAX)
        return err_new(ERR_INTERNAL_ERROR, "reading the domain lk-xl made: %s", line);
    *ret_domid = (uint32_t)domid;
    return NULL;
}

struct err *job_destroy(const struct vm_identity *id)
{
    autoclose int lock = -1;
    struct subprocess_config run_config = {
        .fds = &lock,
        .n_fds = 1,
        .deadline_ms = clock_monotonic_ms() + DESTROY_MS,
    };
    char line[MAX_ANSWER + 1];
    struct err *e = job_lock(id, &lock);

    return e ? e : run(&run_config, "destroy", id->uuid, line);
}
