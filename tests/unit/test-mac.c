// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/mac.h"

#include "lib/test.h"

TEST(an_address_is_taken_in_lower_case)
{
    struct mac mac;

    CHECK(mac_parse("52:54:00:AB:cd:0F", &mac));
    CHECK_STR(mac.text, "52:54:00:ab:cd:0f");
}

TEST(what_is_no_address_is_refused_and_the_result_untouched)
{
    static const char *const wrong[] = {
        "",
        "52:54:00:ab:cd",
        "52:54:00:ab:cd:0",
        "52:54:00:ab:cd:0f:",
        "52:54:00:ab:cd:0f0",
        "52-54-00-ab-cd-0f",
        "52:54:00:ab:cd:0g",
        " 2:54:00:ab:cd:0f",
        "525400abcd0f",
        "52:54:00:ab:cd:\xc3\xa9",
    };
    struct mac mac = {"untouched"};

    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        if (mac_parse(wrong[i], &mac))
            TEST_FAIL("\"%s\" is taken", wrong[i]);
    CHECK_STR(mac.text, "untouched");
}

TEST_MAIN
