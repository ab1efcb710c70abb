// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/backend/sim/sim_script.h"

#include "base/clock.h"
#include "lib/scratch.h"
#include "lib/test.h"

static struct sim_script *script_of(const char *text)
{
    const char *path = scratch_path("script");
    struct sim_script *script = NULL;
    FILE *file = fopen(path, "we");

    CHECK(file);
    fputs(text, file);
    fclose(file);
    CHECK_OK(sim_script_read(path, &script));
    return script;
}

static enum err_code run(struct sim_script *script, const char *place, const char *name)
{
    bool dies = false;
    struct err *e = sim_script_run(script, place, name, &dies);
    enum err_code code = e ? err_code(e) : ERR_UNKNOWN;

    err_free(e);
    return code;
}

TEST(no_script_does_nothing)
{
    struct sim_script *script = NULL;

    CHECK_OK(sim_script_read(NULL, &script));
    CHECK_INT(run(script, "create", "a"), ==, ERR_UNKNOWN);
    CHECK(!sim_script_guest(script, SIM_GUEST_NONE, "a", NULL));
    sim_script_free(script);
}

TEST(a_failure_is_for_its_place_and_its_names_and_has_its_parameters)
{
    struct sim_script *script =
        script_of("# a comment\n\n  create fail HOST_NOT_ENOUGH_FREE_MEMORY 7 \"a b\" vm "
                  "big-*  # more\n");
    bool dies = false;
    struct err *e = sim_script_run(script, "create", "big-1", &dies);

    CHECK(e);
    CHECK_INT(err_code(e), ==, ERR_HOST_NOT_ENOUGH_FREE_MEMORY);
    CHECK_INT(err_n_params(e), ==, 2);
    CHECK_STR(err_param_at(e, 1), "a b");
    err_free(e);
    CHECK_INT(run(script, "create", "small"), ==, ERR_UNKNOWN);
    CHECK_INT(run(script, "destroy", "big-1"), ==, ERR_UNKNOWN);
    sim_script_free(script);
}

TEST(after_and_times_count_matching_calls)
{
    struct sim_script *script =
        script_of("pause fail INTERNAL_ERROR vm a after 1 times 2\n");

    CHECK_INT(run(script, "pause", "b"), ==, ERR_UNKNOWN);
    CHECK_INT(run(script, "pause", "a"), ==, ERR_UNKNOWN);
    CHECK_INT(run(script, "pause", "a"), ==, ERR_INTERNAL_ERROR);
    CHECK_INT(run(script, "pause", "a"), ==, ERR_INTERNAL_ERROR);
    CHECK_INT(run(script, "pause", "a"), ==, ERR_UNKNOWN);
    sim_script_free(script);
}

TEST(delays_add_up_and_come_before_a_failure_below_them)
{
    struct sim_script *script = script_of(
        "stat delay 30\nstat delay 30\nstat fail INTERNAL_ERROR\nstat delay 60000\n");
    uint64_t since = clock_monotonic_ms();

    CHECK_INT(run(script, "stat", "a"), ==, ERR_INTERNAL_ERROR);
    CHECK_INT(clock_monotonic_ms() - since, >=, 59);
    CHECK_INT(clock_monotonic_ms() - since, <, 30000);
    sim_script_free(script);
}

TEST(guests_have_habits)
{
    struct sim_script *script = script_of("guest none vm a*\nguest poweroff 250 vm b\n");
    uint64_t ms = 0;

    CHECK(sim_script_guest(script, SIM_GUEST_NONE, "ab", NULL));
    CHECK(!sim_script_guest(script, SIM_GUEST_NONE, "b", NULL));
    CHECK(sim_script_guest(script, SIM_GUEST_POWEROFF, "b", &ms));
    CHECK_INT(ms, ==, 250);
    sim_script_free(script);
}

TEST_MAIN
