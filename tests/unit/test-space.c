// SPDX-License-Identifier: GPL-2.0-or-later
#include "storage/space.h"

#include "lib/test.h"

#define MIB (1ull << 20)
#define GIB (1ull << 30)

static struct space judged(uint64_t total, uint64_t free, uint64_t pace,
                           enum space_state before)
{
    struct space space = {.total = total, .free = free, .pace = pace};

    space_judge(&space, before);
    return space;
}

TEST(the_reserve_is_a_hundredth_between_two_bounds)
{
    CHECK_INT(judged(100 * GIB, 50 * GIB, 0, SPACE_OK).pause_at, ==, GIB);
    CHECK_INT(judged(20 * GIB, 10 * GIB, 0, SPACE_OK).pause_at, ==, 20 * GIB / 100);
    CHECK_INT(judged(GIB, GIB, 0, SPACE_OK).pause_at, ==, 32 * MIB);
    CHECK_INT(judged(1000 * GIB, GIB, 0, SPACE_OK).pause_at, ==, GIB);
    CHECK_INT(judged(64 * MIB, MIB, 0, SPACE_OK).pause_at, ==, 8 * MIB);
}

TEST(a_second_of_the_present_pace_is_kept_too)
{
    CHECK_INT(judged(100 * GIB, 50 * GIB, 500 * MIB, SPACE_OK).pause_at, ==,
              GIB + 500 * MIB);
    CHECK_INT(judged(64 * MIB, 50 * MIB, GIB, SPACE_OK).pause_at, ==, 16 * MIB);
}

TEST(writers_stop_at_the_reserve_and_go_on_at_twice_it)
{
    uint64_t total = 100 * GIB;

    CHECK_INT(judged(total, GIB + 1, 0, SPACE_LOW).state, ==, SPACE_LOW);
    CHECK_INT(judged(total, GIB, 0, SPACE_LOW).state, ==, SPACE_FULL);
    CHECK_INT(judged(total, 2 * GIB - 1, 0, SPACE_FULL).state, ==, SPACE_FULL);
    CHECK_INT(judged(total, 2 * GIB, 0, SPACE_FULL).state, ==, SPACE_LOW);
    CHECK_INT(judged(total, 0, 0, SPACE_OK).state, ==, SPACE_FULL);
}

TEST(people_are_told_at_a_tenth_or_ten_minutes_before_the_end)
{
    uint64_t total = 100 * GIB;

    CHECK_INT(judged(total, 10 * GIB, 0, SPACE_OK).state, ==, SPACE_OK);
    CHECK_INT(judged(total, 10 * GIB - 1, 0, SPACE_OK).state, ==, SPACE_LOW);
    CHECK_INT(judged(total, 50 * GIB, 100 * MIB, SPACE_OK).state, ==, SPACE_LOW);
    CHECK_INT(judged(total, 70 * GIB, 100 * MIB, SPACE_OK).state, ==, SPACE_OK);
}

TEST(the_time_left_is_until_writers_are_stopped)
{
    CHECK_INT(judged(100 * GIB, 50 * GIB, 0, SPACE_OK).seconds_left, ==, -1);
    CHECK_INT(judged(100 * GIB, 11 * GIB, GIB, SPACE_OK).seconds_left, ==, 9);
    CHECK_INT(judged(100 * GIB, GIB, GIB, SPACE_OK).seconds_left, ==, 0);
}

TEST(a_size_that_is_not_known_stops_nobody)
{
    CHECK_INT(judged(0, 0, 0, SPACE_OK).state, ==, SPACE_OK);
    CHECK_INT(judged(0, 0, GIB, SPACE_FULL).state, ==, SPACE_OK);
}

TEST(it_is_looked_at_more_often_the_nearer_the_end)
{
    struct space far = judged(1000 * GIB, 900 * GIB, 0, SPACE_OK);
    struct space near = judged(1000 * GIB, 2 * GIB, 0, SPACE_OK);
    struct space full = judged(1000 * GIB, GIB / 2, 0, SPACE_OK);

    CHECK_INT(space_rest_ms(&far, false), ==, 10000);
    CHECK_INT(space_rest_ms(&far, true), ==, 5000);
    CHECK(space_rest_ms(&near, true) < 1000);
    CHECK_INT(space_rest_ms(&full, true), ==, 50);
    CHECK_INT(space_rest_ms(&full, false), ==, 50);
    /* However fast the disk: half of what is left cannot be used up meanwhile. */
    CHECK(space_rest_ms(&near, true) * (2 * GIB / 1000) <= near.free - near.pause_at);
}

TEST_MAIN
