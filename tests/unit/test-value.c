// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/value.h"

#include "base/err.h"
#include "lib/test.h"

TEST(a_map_with_a_key_replaced_leaves_the_old_map_alone)
{
    autoval struct val old = val_map(1), new = val_void();

    val_put_str(&old, "k", val_str("1"));
    new = val_map_with(&old, "k", val_str("2"));
    CHECK_STR(val_find_text(&old, "k", ""), "1");
    CHECK_STR(val_find_text(&new, "k", ""), "2");
    CHECK_INT(val_count(&new), ==, 1);
}

TEST(maps_are_equal_whatever_their_order)
{
    autoval struct val a = val_map(2), b = val_map(2);

    val_put_str(&a, "x", val_int(1));
    val_put_str(&a, "y", val_int(2));
    val_put_str(&b, "y", val_int(2));
    val_put_str(&b, "x", val_int(1));
    CHECK(val_equal(&a, &b));
}

TEST(a_set_takes_a_text_once)
{
    autoval struct val a = val_set(0), b = val_void(), c = val_void();

    b = val_set_with(&a, val_str("t"));
    c = val_set_with(&b, val_str("t"));
    CHECK_INT(val_count(&a), ==, 0);
    CHECK_INT(val_count(&c), ==, 1);
}

TEST_MAIN
