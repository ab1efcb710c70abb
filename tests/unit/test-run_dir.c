// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/run_dir.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "agent/doc.h"
#include "base/alloc.h"
#include "base/fd.h"
#include "lib/scratch.h"
#include "lib/test.h"

#define A "a3b5cbd1-62f0-4ca1-9b0f-6d6f1a3c0001"
#define B "a3b5cbd1-62f0-4ca1-9b0f-6d6f1a3c0002"

static int vms_fd = -1;

static void open_vms(void)
{
    if (vms_fd < 0)
        CHECK_OK(run_dir_open(scratch(), &vms_fd));
}

TEST(folders_are_for_their_owner_alone)
{
    struct stat st;
    int fd = -1;

    open_vms();
    CHECK_OK(run_dir_make(vms_fd, A, &fd));
    CHECK_INT(fstat(fd, &st), ==, 0);
    CHECK_INT(st.st_mode & 07777, ==, 0700);
    CHECK_INT(fstat(vms_fd, &st), ==, 0);
    CHECK_INT(st.st_mode & 07777, ==, 0700);
    close(fd);
}

TEST(a_new_folder_is_empty_whatever_was_there)
{
    struct stat st;
    int fd = -1;

    open_vms();
    CHECK_OK(run_dir_make(vms_fd, A, &fd));
    CHECK_INT(mkdirat(fd, "deep", 0700), ==, 0);
    CHECK_INT(symlinkat("/etc/hostname", fd, "deep/link"), ==, 0);
    CHECK_INT(symlinkat("..", fd, "up"), ==, 0);
    close(fd);
    CHECK_OK(run_dir_make(vms_fd, A, &fd));
    CHECK_INT(fstatat(fd, "deep", &st, 0), <, 0);
    CHECK_INT(fstatat(fd, "up", &st, AT_SYMLINK_NOFOLLOW), <, 0);
    close(fd);
    CHECK_OK(run_dir_remove(vms_fd, A));
    CHECK_OK(run_dir_remove(vms_fd, A));
    CHECK_INT(access("/etc/hostname", F_OK), ==, 0);
}

TEST(a_link_in_place_of_a_folder_is_not_followed)
{
    struct stat st;
    int fd = -1;

    open_vms();
    CHECK_INT(mkdirat(vms_fd, "elsewhere", 0700), ==, 0);
    CHECK_INT(mkdirat(vms_fd, "elsewhere/kept", 0700), ==, 0);
    CHECK_INT(symlinkat("elsewhere", vms_fd, B), ==, 0);
    CHECK_ERR(run_dir_enter(vms_fd, B, &fd), ERR_INTERNAL_ERROR);
    CHECK_OK(run_dir_remove(vms_fd, B));
    CHECK_INT(fstatat(vms_fd, "elsewhere/kept", &st, 0), ==, 0);
}

TEST(the_list_names_vms_only)
{
    struct uuid *uuids = NULL;
    size_t n = 0;
    int fd = -1;

    open_vms();
    CHECK_OK(run_dir_make(vms_fd, B, &fd));
    close(fd);
    CHECK_INT(mkdirat(vms_fd, "A3B5CBD1-62F0-4CA1-9B0F-6D6F1A3C0003", 0700), ==, 0);
    CHECK_INT(mkdirat(vms_fd, "lost+found", 0700), ==, 0);
    CHECK_OK(run_dir_list(vms_fd, &uuids, &n));
    CHECK_INT(n, ==, 1);
    CHECK_STR(uuids[0].text, B);
    free(uuids);
}

TEST(a_file_is_replaced_whole)
{
    struct val object = val_map(1);
    autoval struct val read = val_void();
    int fd = -1;

    open_vms();
    CHECK_OK(run_dir_make(vms_fd, A, &fd));
    for (int i = 0; i < 3; i++) {
        val_unref(&object);
        object = val_map(1);
        val_put_str(&object, "n", val_int(i));
        CHECK_INT(run_dir_write(fd, "x.json", &object), ==, 0);
    }
    CHECK_INT(doc_read(fd, "x.json", &read), ==, 0);
    CHECK(val_equal(&read, &object));
    CHECK_INT(symlinkat("/dev/null", fd, ".y.json.new"), ==, 0);
    CHECK_INT(run_dir_write(fd, "y.json", &object), <, 0);
    val_unref(&object);
    close(fd);
}

TEST_MAIN
