// SPDX-License-Identifier: GPL-2.0-or-later
/* src/vm/backend/xen/job.c: the lock; runs of lk-xl need Xen (tests/xen). */
#include "vm/backend/xen/job.h"

#include <fcntl.h>

#include "base/cleanup.h"
#include "lib/scratch.h"
#include "lib/test.h"

static struct vm_identity id = {.uuid = "a3b5cbd1-62f0-4ca1-9b0f-6d6f1a3c0001",
                                .dir_fd = -1};

static void open_dir(void)
{
    if (id.dir_fd < 0)
        id.dir_fd = open(scratch(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

TEST(a_lock_is_held_until_all_who_have_it_are_gone)
{
    autoclose int first = -1, second = -1, copy = -1;

    open_dir();
    CHECK_OK(job_lock(&id, &first));
    copy = fcntl(first, F_DUPFD_CLOEXEC, 3); /* as lk-xl gets it */
    CHECK_ERR(job_lock(&id, &second), ERR_INTERNAL_ERROR);
    cleanup_close(&first);
    CHECK_ERR(job_lock(&id, &second), ERR_INTERNAL_ERROR);
    cleanup_close(&copy);
    CHECK_OK(job_lock(&id, &second));
}

TEST_MAIN
