// SPDX-License-Identifier: GPL-2.0-or-later
#include "api/vm_devices.h"

#include "lib/test.h"

#define SEED "5b1ce9a0-0000-4000-8000-000000000001"

/* The three addresses are what XAPI gives for this seed. */
TEST(a_seed_gives_the_addresses_other_implementations_give)
{
    CHECK_STR(vif_mac_from_seed(SEED, 0).text, "56:70:05:75:55:95");
    CHECK_STR(vif_mac_from_seed(SEED, 1).text, "ce:62:7d:c4:03:ad");
    CHECK_STR(vif_mac_from_seed(SEED, 2).text, "66:99:21:63:cd:52");
}

TEST_MAIN
