// SPDX-License-Identifier: GPL-2.0-or-later
#include "wire/base64.h"

#include <errno.h>

#include "base/err.h"
#include "lib/test.h"

/* The vectors of RFC 4648 section 10. */
static const char *const vectors[][2] = {
    {"", ""},
    {"f", "Zg=="},
    {"fo", "Zm8="},
    {"foo", "Zm9v"},
    {"foob", "Zm9vYg=="},
    {"fooba", "Zm9vYmE="},
    {"foobar", "Zm9vYmFy"},
    {"\xff\xfe", "//4="},
};

TEST(the_vectors_of_the_standard_hold_both_ways)
{
    for (size_t i = 0; i < ARRAY_SIZE(vectors); i++) {
        autobuf encoded = BUF_INIT, decoded = BUF_INIT;

        base64_add(&encoded, vectors[i][0], strlen(vectors[i][0]));
        CHECK_STR(buf_str(&encoded), vectors[i][1]);
        CHECK_INT(base64_decode(vectors[i][1], strlen(vectors[i][1]), &decoded), ==, 0);
        CHECK_STR(buf_str(&decoded), vectors[i][0]);
    }
}

TEST(what_is_not_base64_is_refused_and_leaves_nothing)
{
    static const char *const texts[] = {
        "Z",    "Zg",   "Zg=",    "Zg==Zg==", "Z===",     "====",
        "Zh==", "Zm9=", "Zm9v\n", "Zm-v",     "Zm9vZ===", "=g=="};

    for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
        autobuf out = BUF_INIT;

        buf_add_str(&out, "kept");
        CHECK_INT(base64_decode(texts[i], strlen(texts[i]), &out), ==, -EINVAL);
        CHECK_STR(buf_str(&out), "kept");
    }
}

TEST_MAIN
