// SPDX-License-Identifier: GPL-2.0-or-later
/* src/net/forward.c */
#include "net/forward.h"

#include "base/alloc.h"
#include "lib/test.h"

TEST(forwards_read_back_as_they_were_written)
{
    static const char *const texts[] = {"", "tcp:2222:22", "udp:1:65535,tcp:80:8080"};

    for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
        struct net_forwards forwards;
        autofree char *text = NULL;

        CHECK_OK(net_forwards_parse(texts[i], &forwards));
        text = net_forwards_text(&forwards);
        CHECK_STR(text, texts[i]);
    }
}

TEST(what_is_no_forward_is_refused)
{
    static const char *const texts[] = {
        "tcp",          "tcp:22",        "tcp:2222:22,",     ",tcp:1:2",  "tcp:0:22",
        "tcp:65536:22", "tcp:+1:22",     "sctp:1:2",         "tcp:1:2:3", "tcp:1:2 ",
        "tcp::22",      "tcp:1:2,tcp:3", "tcp:1:2,,tcp:3:4", "tcp:1:",    "TCP:1:2",
        "tcp:1:2\n",
    };

    for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
        struct net_forwards forwards;

        CHECK_ERR(net_forwards_parse(texts[i], &forwards), ERR_VALUE_NOT_SUPPORTED);
    }
}

TEST(there_is_an_end_to_them)
{
    struct net_forwards forwards;

    CHECK_OK(net_forwards_parse("tcp:1:1,tcp:2:2,tcp:3:3,tcp:4:4,tcp:5:5,tcp:6:6,tcp:7:7,"
                                "tcp:8:8",
                                &forwards));
    CHECK_INT(forwards.n, ==, NET_MAX_FORWARDS);
    CHECK_ERR(net_forwards_parse("tcp:1:1,tcp:2:2,tcp:3:3,tcp:4:4,tcp:5:5,tcp:6:6,"
                                 "tcp:7:7,tcp:8:8,tcp:9:9",
                                 &forwards),
              ERR_VALUE_NOT_SUPPORTED);
}

TEST_MAIN
