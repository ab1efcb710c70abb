// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/flash.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "lib/test.h"
#include "wire/base64.h"

#define SIZE ((size_t)540672) /* OVMF's, with 4 MiB of firmware */

static uint8_t bytes[SIZE];

static bool comes_back(size_t size)
{
    autobuf text = BUF_INIT, again = BUF_INIT;

    flash_pack(bytes, size, &text);
    return flash_unpack(buf_str(&text), text.size, &again) == 0 && again.size == size &&
           memcmp(again.data, bytes, size) == 0;
}

TEST(what_is_packed_comes_back)
{
    static const size_t written[] = {0, 1, 17, 18, 35, 4096, 270000, SIZE - 1};

    memset(bytes, 0xff, SIZE);
    CHECK(comes_back(SIZE));
    for (size_t i = 0; i < ARRAY_SIZE(written); i++) {
        bytes[written[i]] = (uint8_t)i;
        CHECK(comes_back(SIZE));
    }
    memset(bytes, 0, SIZE);
    CHECK(comes_back(SIZE));
    CHECK(comes_back(1));
}

TEST(what_is_erased_takes_no_room)
{
    autobuf text = BUF_INIT;

    memset(bytes, 0xff, SIZE);
    memset(bytes, 'x', 300);
    memset(bytes + 100, 0xff, 8); /* a short gap is kept in its piece */
    bytes[SIZE / 2] = 0;
    flash_pack(bytes, SIZE, &text);
    CHECK_INT(text.size, ==, (8 + 8 + 300 + 8 + 1 + 2) / 3 * 4);
}

/* What a text of these bytes unpacks to: a size, or an errno. */
static int unpacked(const char *data, size_t size)
{
    autobuf text = BUF_INIT, out = BUF_INIT;
    int r;

    base64_add(&text, data, size);
    r = flash_unpack(buf_str(&text), text.size, &out);
    CHECK(r == 0 || out.size == 0);
    return r < 0 ? r : (int)out.size;
}

#define UNPACKED(literal) unpacked(literal, sizeof(literal) - 1)

TEST(what_is_no_flash_is_refused)
{
    autobuf out = BUF_INIT;

    CHECK_INT(UNPACKED("LKF1\x04\0\0\0"), ==, 4);
    CHECK_INT(UNPACKED("LKF1\x04\0\0\0\x01\0\0\0\x03\0\0\0abc"), ==, 4);
    CHECK_INT(UNPACKED(""), ==, -EBADMSG);
    CHECK_INT(UNPACKED("LKF2\x04\0\0\0"), ==, -EBADMSG);
    CHECK_INT(UNPACKED("LKF1\0\0\0\0"), ==, -EBADMSG);             /* no size */
    CHECK_INT(UNPACKED("LKF1\x01\0\x10\0"), ==, -EBADMSG);         /* beyond the most */
    CHECK_INT(UNPACKED("LKF1\x04\0\0\0\x01\0\0\0"), ==, -EBADMSG); /* half a head */
    CHECK_INT(UNPACKED("LKF1\x04\0\0\0\x01\0\0\0\x04\0\0\0abcd"), ==, -EBADMSG);
    CHECK_INT(UNPACKED("LKF1\x04\0\0\0\x04\0\0\0\x01\0\0\0a"), ==, -EBADMSG);
    CHECK_INT(UNPACKED("LKF1\x04\0\0\0\x01\0\0\0\x03\0\0\0ab"), ==, -EBADMSG);
    CHECK_INT(UNPACKED("LKF1\x04\0\0\0\x01\0\0\0\xff\xff\xff\xff"), ==, -EBADMSG);
    CHECK_INT(UNPACKED("LKF1\x04\0\0\0\x01\0\0\0\0\0\0\0"), ==, -EBADMSG); /* empty */
    CHECK_INT(UNPACKED("LKF1\x04\0\0\0\x01\0\0\0\x02\0\0\0ab\0\0\0\0\x01\0\0\0c"), ==,
              -EBADMSG); /* backwards */
    CHECK_INT(flash_unpack("no base64", 9, &out), ==, -EBADMSG);
}

TEST_MAIN
