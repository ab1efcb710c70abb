// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/options.h"

#include <getopt.h>

#include "base/cleanup.h"
#include "lib/test.h"

static const char *state_dir;
static struct agent_texts roots;
static struct agent_options options;
static int status;

static bool parse(int argc, char **argv)
{
    const struct agent_option own[] = {
        {"state-dir", "DIR", "what outlives it", .ret_text = &state_dir},
        {"sr-root", "DIR", "a root", .is_path = true, .ret_texts = &roots},
    };
    const struct agent_program program = {"lk-testd", "an agent", own, ARRAY_SIZE(own)};

    agent_texts_fini(&roots);
    state_dir = "/the/default";
    status = -1;
    optind = 0;
    return agent_options_parse(argc, argv, &program, &options, &status);
}
#define PARSE(...)                                                                         \
    ({                                                                                     \
        char *argv_[] = {(char *)"lk-testd", __VA_ARGS__ __VA_OPT__(, ) NULL};             \
        parse((int)ARRAY_SIZE(argv_) - 1, argv_);                                          \
    })

TEST(without_options_the_defaults_hold)
{
    CHECK(PARSE());
    CHECK_STR(options.run_dir, "/run/latchkey");
    CHECK(!options.manager_user);
    CHECK_STR(state_dir, "/the/default");
    CHECK_INT(roots.n, ==, 0);
    CHECK(roots.at && !roots.at[0]);
}

TEST(shared_and_own_options_are_taken_the_last_one_counts)
{
    CHECK(PARSE((char *)"--run-dir", (char *)"/a", (char *)"--state-dir=/b",
                (char *)"--state-dir=/c", (char *)"--manager-user", (char *)"nobody"));
    CHECK_STR(options.run_dir, "/a");
    CHECK_STR(state_dir, "/c");
    CHECK_STR(options.manager_user, "nobody");
}

TEST(a_repeated_option_keeps_all_values_in_order)
{
    CHECK(PARSE((char *)"--sr-root=/a", (char *)"--sr-root=/b"));
    CHECK_INT(roots.n, ==, 2);
    CHECK_STR(roots.at[0], "/a");
    CHECK_STR(roots.at[1], "/b");
    CHECK(!roots.at[2]);
}

TEST(what_is_wrong_or_unknown_ends_the_program_with_status_2)
{
    CHECK(!PARSE((char *)"--sr-root=relative"));
    CHECK_INT(status, ==, 2);
    CHECK(!PARSE((char *)"--debug=no-such-topic"));
    CHECK_INT(status, ==, 2);
    CHECK(!PARSE((char *)"--no-such-option"));
    CHECK_INT(status, ==, 2);
    CHECK(!PARSE((char *)"--run-dir"));
    CHECK_INT(status, ==, 2);
    CHECK(!PARSE((char *)"stray"));
    CHECK_INT(status, ==, 2);
    agent_texts_fini(&roots);
}

TEST_MAIN
