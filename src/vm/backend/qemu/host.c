// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/backend/qemu/host.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <linux/magic.h>
#include <pthread.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/fd.h"
#include "base/log.h"
#include "io/subprocess.h"
#include "vm/backend/qemu/kvm_test.h"

#define PROGRAM_NAME "qemu-system-x86_64"

struct qemu_host {
    char *program; /* absolute */
    char *run_dir;
    struct qemu_thread *thread;
    enum qemu_aio aio;
    gid_t kvm_group;

    pthread_t tester;
    bool has_tester;
    pthread_mutex_t lock;
    pthread_cond_t tested;
    bool is_tested, has_kvm; /* GUARDED_BY(lock) */
};

/* ---- the program ---- */

static char *find_program(void)
{
    const char *chosen = getenv("LATCHKEY_QEMU");

    if (chosen && *chosen == '/')
        return xstrdup(chosen);
    for (const char *dir = SUBPROCESS_PATH, *end; *dir; dir = *end ? end + 1 : end) {
        autofree char *path = NULL;

        end = strchrnul(dir, ':');
        path = xasprintf("%.*s/%s", (int)(end - dir), dir, PROGRAM_NAME);
        if (access(path, X_OK) == 0)
            return take_ptr(path);
    }
    return NULL;
}

/* ---- I/O ---- */

/* io_uring, where the kernel lets everybody have it: a QEMU with a user of its own is not
 * asked again. */
static enum qemu_aio find_aio(void)
{
    struct io_uring_params params = {0};
    autobuf disabled = BUF_INIT;
    int fd;

    if (fd_read_file(AT_FDCWD, "/proc/sys/kernel/io_uring_disabled", 16, &disabled) == 0 &&
        buf_str(&disabled)[0] != '0')
        return QEMU_AIO_THREADS;
    fd = (int)syscall(SYS_io_uring_setup, 4, &params);
    if (fd < 0)
        return QEMU_AIO_THREADS;
    close(fd);
    return QEMU_AIO_URING;
}

/* Direct I/O keeps a guest's writes out of the host's memory.  Not on btrfs, whose
 * checksums it breaks when a guest changes a page being written. */
static bool make_direct(int fd, bool is_block_device)
{
    int flags = fcntl(fd, F_GETFL);
    struct statfs fs;

    if (flags < 0 ||
        (!is_block_device &&
         (fstatfs(fd, &fs) < 0 || fs.f_type == (typeof(fs.f_type))BTRFS_SUPER_MAGIC)))
        return false;
    return (flags & O_DIRECT) || fcntl(fd, F_SETFL, flags | O_DIRECT) == 0;
}

void qemu_host_inspect(int fd, struct qemu_layer_mode *mode)
{
    struct stat st;

    mode->is_block_device = fstat(fd, &st) == 0 && S_ISBLK(st.st_mode);
    mode->is_direct = make_direct(fd, mode->is_block_device);
}

/* ---- KVM ---- */

static void *test_kvm(void *arg)
{
    struct qemu_host *host = arg;
    bool works = kvm_test(host->program, host->run_dir, host->kvm_group, host->thread);

    pthread_mutex_lock(&host->lock);
    host->has_kvm = works;
    host->is_tested = true;
    pthread_cond_broadcast(&host->tested);
    pthread_mutex_unlock(&host->lock);
    return NULL;
}

static void start_test(struct qemu_host *host)
{
    struct stat st;

    host->is_tested = true;
    if (stat("/dev/kvm", &st) < 0 || access("/dev/kvm", R_OK | W_OK) < 0)
        return;
    host->kvm_group = st.st_mode & S_IWGRP ? st.st_gid : 0;
    if (geteuid() == 0 && !(st.st_mode & (S_IWGRP | S_IWOTH))) {
        log_warn(VM, "/dev/kvm is root's alone, and VMs run as users of their own: they "
                     "are emulated");
        return;
    }
    host->is_tested = false;
    if (pthread_create(&host->tester, NULL, test_kvm, host) == 0)
        host->has_tester = true;
    else
        host->is_tested = true;
}

/* ---- life ---- */

struct err *qemu_host_new(const char *run_dir, struct qemu_thread *thread,
                          struct qemu_host **ret_host)
{
    autofree char *program = find_program();
    struct qemu_host *host;

    if (!program)
        return err_param(err_new(ERR_INTERNAL_ERROR,
                                 "looking for " PROGRAM_NAME " in " SUBPROCESS_PATH
                                 ": not there; Debian's package is qemu-system-x86"),
                         PROGRAM_NAME " is not installed");
    host = xcalloc(1, sizeof(*host));
    host->program = take_ptr(program);
    host->run_dir = xstrdup(run_dir);
    host->thread = thread;
    host->aio = find_aio();
    pthread_mutex_init(&host->lock, NULL);
    pthread_cond_init(&host->tested, NULL);
    start_test(host);
    *ret_host = host;
    return NULL;
}

void qemu_host_free(struct qemu_host *host)
{
    if (!host)
        return;
    if (host->has_tester)
        pthread_join(host->tester, NULL);
    pthread_cond_destroy(&host->tested);
    pthread_mutex_destroy(&host->lock);
    free(host->program);
    free(host->run_dir);
    free(host);
}

const char *qemu_host_program(const struct qemu_host *host)
{
    return host->program;
}

bool qemu_host_has_kvm(struct qemu_host *host)
{
    bool has_kvm;

    pthread_mutex_lock(&host->lock);
    while (!host->is_tested)
        pthread_cond_wait(&host->tested, &host->lock);
    has_kvm = host->has_kvm;
    pthread_mutex_unlock(&host->lock);
    return has_kvm;
}

enum qemu_aio qemu_host_aio(const struct qemu_host *host)
{
    return host->aio;
}

gid_t qemu_host_kvm_group(const struct qemu_host *host)
{
    return host->kvm_group;
}
