// SPDX-License-Identifier: GPL-2.0-or-later
/* Preloaded into a daemon under test: its writes to, syncs and reads of the files named
 * db.sqlite* fail when the test says so.  The file LATCHKEY_DISK_FAULTS begins with a
 * struct faults, which the test and this share. */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <unistd.h>

/* A call: the 'countdown'-th from now and all after it fail with 'code'; 0: none does. */
struct fault {
    _Atomic int32_t countdown, code;
    _Atomic int32_t n_calls, n_failed;
};
struct faults {
    struct fault sync, write, read;
};

int fsync(int fd);
int fdatasync(int fd);
ssize_t pwrite(int fd, const void *data, size_t size, off_t at);
ssize_t pread(int fd, void *data, size_t size, off_t at);

static struct faults *faults;

static void __attribute__((constructor)) open_faults(void)
{
    const char *path = getenv("LATCHKEY_DISK_FAULTS");
    int fd = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    void *at;

    if (fd < 0)
        return;
    at = mmap(NULL, sizeof(*faults), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    if (at != MAP_FAILED)
        faults = at;
}

static int is_the_database(int fd)
{
    char name[64], target[4096];
    ssize_t len;

    snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
    len = readlink(name, target, sizeof(target) - 1);
    if (len <= 0)
        return 0;
    target[len] = '\0';
    return strstr(target, "/db.sqlite") != NULL;
}

/* The errno to fail with, or 0. */
static int fails(struct fault *fault, int fd)
{
    int32_t countdown;

    if (!faults || !is_the_database(fd))
        return 0;
    fault->n_calls++;
    countdown = fault->countdown;
    if (countdown == 0)
        return 0;
    if (countdown > 1) {
        fault->countdown--;
        return 0;
    }
    fault->n_failed++;
    return fault->code;
}

int fsync(int fd)
{
    static int (*real)(int);
    int code = fails(&faults->sync, fd);

    if (!real)
        real = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
    errno = code;
    return code ? -1 : real(fd);
}

int fdatasync(int fd)
{
    static int (*real)(int);
    int code = fails(&faults->sync, fd);

    if (!real)
        real = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
    errno = code;
    return code ? -1 : real(fd);
}

/* With 64-bit offsets, as here and in SQLite, its name is pwrite64, the next one's pread64.
 */
ssize_t pwrite(int fd, const void *data, size_t size, off_t at)
{
    static ssize_t (*real)(int, const void *, size_t, off_t);
    int code = fails(&faults->write, fd);

    if (!real)
        real = (ssize_t(*)(int, const void *, size_t, off_t))dlsym(RTLD_NEXT, "pwrite64");
    errno = code;
    return code ? -1 : real(fd, data, size, at);
}

ssize_t pread(int fd, void *data, size_t size, off_t at)
{
    static ssize_t (*real)(int, void *, size_t, off_t);
    int code = fails(&faults->read, fd);

    if (!real)
        real = (ssize_t(*)(int, void *, size_t, off_t))dlsym(RTLD_NEXT, "pread64");
    errno = code;
    return code ? -1 : real(fd, data, size, at);
}
