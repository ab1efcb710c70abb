// SPDX-License-Identifier: GPL-2.0-or-later
/* src/vm/backend/xen/kernel.c */
#include "vm/backend/xen/kernel.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "base/fd.h"
#include "lib/scratch.h"
#include "lib/test.h"

#define CHECK_REFUSED(name)                                                                \
    do {                                                                                   \
        int fd_ = -1;                                                                      \
        struct err *refusal_ = kernel_open(dir(), "PV_kernel", name, &fd_);                \
        CHECK(refusal_);                                                                   \
        CHECK_STR(err_code_text(refusal_), "INVALID_VALUE");                               \
        CHECK_STR(err_param_at(refusal_, 0), "PV_kernel");                                 \
        CHECK_STR(err_param_at(refusal_, 1), name);                                        \
        CHECK_INT(fd_, ==, -1);                                                            \
        err_free(refusal_);                                                                \
    } while (0)

/* A directory with a kernel in it, as an administrator would leave it. */
static const char *dir(void)
{
    static char path[128];

    if (!path[0]) {
        snprintf(path, sizeof(path), "%s", scratch_path("kernels"));
        CHECK_INT(mkdir(path, 0755), ==, 0);
        CHECK_INT(fd_replace_file(AT_FDCWD, scratch_path("kernels/linux"), "K", 1, 0644),
                  ==, 0);
        CHECK_INT(fd_replace_file(AT_FDCWD, scratch_path("secret"), "S", 1, 0600), ==, 0);
    }
    return path;
}

TEST(a_kernel_is_found_by_its_name_and_by_its_path)
{
    autofree char *path = xasprintf("%s/linux", dir());
    const char *names[] = {"linux", path};

    for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
        autoclose int fd = -1;
        char byte = 0;

        CHECK_OK(kernel_open(dir(), "PV_kernel", names[i], &fd));
        CHECK_INT(read(fd, &byte, 1), ==, 1);
        CHECK_INT(byte, ==, 'K');
    }
}

TEST(no_file_outside_the_directory_is_opened)
{
    CHECK_INT(symlink("../secret", scratch_path("kernels/link")), ==, 0);
    CHECK_REFUSED("../secret");
    CHECK_REFUSED("/etc/hostname");
    CHECK_REFUSED("link");
    CHECK_REFUSED("absent");
    CHECK_REFUSED("");
}

TEST(what_others_may_write_is_no_kernel)
{
    CHECK_INT(fd_replace_file(AT_FDCWD, scratch_path("kernels/open"), "K", 1, 0644), ==, 0);
    CHECK_INT(chmod(scratch_path("kernels/open"), 0666), ==, 0);
    CHECK_REFUSED("open");
    CHECK_INT(chmod(dir(), 0777), ==, 0);
    CHECK_REFUSED("linux");
    CHECK_INT(chmod(dir(), 0755), ==, 0);
}

TEST(a_pipe_or_a_directory_is_no_kernel_and_nothing_waits_for_it)
{
    CHECK_INT(mkfifo(scratch_path("kernels/pipe"), 0600), ==, 0);
    CHECK_INT(mkdir(scratch_path("kernels/deeper"), 0700), ==, 0);
    CHECK_REFUSED("pipe");
    CHECK_REFUSED("deeper");
}

TEST_MAIN
