// SPDX-License-Identifier: GPL-2.0-or-later
#include "guest/guest_freeze.h"

#include "lib/test.h"

TEST(mounts_of_block_devices_are_found_and_others_passed_over)
{
    const char *text =
        "22 28 0:20 / /proc rw,nosuid - proc proc rw\n"
        "28 1 254:1 / / rw,relatime shared:1 - ext4 /dev/vda1 rw\n"
        "30 28 254:2 / /data rw,noatime shared:2 master:3 - ext4 /dev/vda2 rw\n"
        "31 28 254:3 / /mnt/with\\040a\\040blank rw - xfs /dev/vdb rw\n"
        "32 28 254:4 / /ro ro,relatime - iso9660 /dev/sr0 ro\n"
        "33 28 0:44 / /net rw - nfs4 server:/dev/x rw\n"
        "no mount at all\n"
        "34 28 254:2 /sub /bind rw - ext4 /dev/vda2 rw";
    static const struct {
        const char *path;
        uint64_t device;
    } expected[] = {
        {"/", 254ull << 32 | 1},
        {"/data", 254ull << 32 | 2},
        {"/mnt/with a blank", 254ull << 32 | 3},
        {"/bind", 254ull << 32 | 2},
    };
    struct guest_mount mount;

    for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
        CHECK(guest_mount_next(&text, &mount));
        CHECK_STR(mount.path, expected[i].path);
        CHECK(mount.device == expected[i].device);
    }
    CHECK(!guest_mount_next(&text, &mount));
}

TEST(a_line_without_end_or_source_is_passed_over)
{
    static const char *const texts[] = {"",
                                        "\n\n",
                                        "1 2 3:4 / /a rw",
                                        "1 2 3:4 / /a rw - ext4",
                                        "1 2 x / /a rw - ext4 /dev/a rw",
                                        "- - - - - - - - -"};
    struct guest_mount mount;

    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        const char *text = texts[i];

        CHECK(!guest_mount_next(&text, &mount));
    }
}

TEST(thawing_what_is_not_frozen_says_so)
{
    struct guest_freeze freeze = {.n = 0};

    CHECK_INT(guest_freeze_end(&freeze), ==, 0);
}

TEST_MAIN
