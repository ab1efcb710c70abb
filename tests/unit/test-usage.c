// SPDX-License-Identifier: GPL-2.0-or-later
#include "rpc/usage.h"

#include <stdio.h>

#include "lib/test.h"

static const char *version_of(const struct val *clients, const char *name)
{
    const struct val *version = val_find(clients, name);

    return version ? val_text(version) : "(none)";
}

TEST(times_are_told_by_message)
{
    const struct method_def *method = method_by_name("VM.start");
    struct usage *usage = usage_new();
    autoval struct val times = val_void(), counted = val_void();

    usage_note_call(usage, method, 1000);
    usage_note_call(usage, method, 4000);
    times = usage_times(usage, false);
    counted = usage_times(usage, true);
    CHECK_INT(val_count(&times), ==, 1);
    CHECK_STR(version_of(&times, "VM.start"), "mean 2.500 ms, longest 4.000 ms");
    CHECK_STR(version_of(&counted, "VM.start"), "mean 2.500 ms, longest 4.000 ms, 2 calls");
    usage_free(usage);
}

TEST(programs_are_told_by_name_whatever_they_call_themselves)
{
    struct usage *usage = usage_new();
    autoval struct val clients = val_void();

    usage_note_client(usage, "xo-server/5.1 (x64)");
    usage_note_client(usage, "xo-server/5.2");
    usage_note_client(usage, "bare");
    usage_note_client(usage, "");
    usage_note_client(usage, " odd/1");
    usage_note_client(usage, NULL);
    clients = usage_clients(usage);
    CHECK_INT(val_count(&clients), ==, 2);
    CHECK_STR(version_of(&clients, "xo-server"), "5.2");
    CHECK_STR(version_of(&clients, "bare"), "");
    usage_free(usage);
}

TEST(the_program_that_came_longest_ago_makes_room)
{
    struct usage *usage = usage_new();
    autoval struct val clients = val_void();

    for (int i = 0; i <= USAGE_MAX_CLIENTS; i++) {
        char name[32];

        snprintf(name, sizeof(name), "program-%d/%d", i, i);
        usage_note_client(usage, name);
        usage_note_client(usage, "program-0/again");
    }
    clients = usage_clients(usage);
    CHECK_INT(val_count(&clients), ==, USAGE_MAX_CLIENTS);
    CHECK_STR(version_of(&clients, "program-0"), "again");
    CHECK_STR(version_of(&clients, "program-1"), "(none)");
    usage_free(usage);
}

TEST_MAIN
