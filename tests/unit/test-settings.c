// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/settings.h"

#include <stdlib.h>

#include "lib/scratch.h"
#include "lib/test.h"

static struct settings settings;
static struct args args;

static struct err *parse(const char *extra, const char *rc_file, char **argv)
{
    int argc = 0;

    while (argv[argc])
        argc++;
    settings_fini(&settings);
    args_fini(&args);
    args_init(&args);
    return settings_parse(argc, argv, extra, rc_file, &settings, &args);
}
#define PARSE(extra, rc_file, ...)                                                         \
    parse(extra, rc_file, (char *[]){(char *)"xe", __VA_ARGS__, NULL})

static const char *write_file(const char *name, const char *text)
{
    const char *path = scratch_path(name);
    FILE *f = fopen(path, "w");

    CHECK(f);
    fputs(text, f);
    fclose(f);
    return path;
}

TEST(options_stand_anywhere_between_the_words)
{
    CHECK_OK(PARSE(NULL, NULL, "-s", "host", "vm-list", "-p", "8443", "uuid=1", "-u",
                   "root", "-pw", "a=b", "--minimal", "--nossl"));
    CHECK_STR(settings.server, "host");
    CHECK_STR(settings.port, "8443");
    CHECK_STR(settings.user, "root");
    CHECK_STR(settings.password, "a=b");
    CHECK(settings.no_tls);
    CHECK_STR(args.command, "vm-list");
    CHECK_STR(args_get(&args, "uuid"), "1");
    CHECK(args_true(&args, "minimal"));
}

TEST(an_option_at_the_end_misses_its_value)
{
    autoptr(err) e = PARSE(NULL, NULL, "vm-list", "-s");

    CHECK(e);
    CHECK(strstr(err_sentence(e), "-s"));
}

TEST(a_value_keeps_its_equals_signs)
{
    CHECK_OK(PARSE(NULL, NULL, "x", "PV-args=a=b=c", "other-config:k=v=w", "empty="));
    CHECK_STR(args_get(&args, "pv-args"), "a=b=c");
    CHECK_STR(args_get(&args, "other-config:k"), "v=w");
    CHECK_STR(args_get(&args, "empty"), "");
    CHECK(!args_get(&args, "other-config"));
}

TEST(maps_are_gathered_by_their_prefix_and_the_last_of_a_key_wins)
{
    struct val map;

    CHECK_OK(PARSE(NULL, NULL, "x", "device-config:a=1", "device-config:b=2",
                   "device-config:a=3", "device-configs:c=4"));
    map = args_map(&args, "device-config:");
    CHECK_INT(val_count(&map), ==, 2);
    CHECK_STR(val_find_text(&map, "a", NULL), "3");
    CHECK_STR(val_find_text(&map, "b", NULL), "2");
    val_unref(&map);
}

TEST(a_flag_before_the_command_is_no_command)
{
    CHECK_OK(PARSE(NULL, NULL, "--minimal", "--force", "vm-list"));
    CHECK_STR(args.command, "vm-list");
    CHECK(args_true(&args, "force"));
}

TEST(a_password_file_holds_a_password_or_a_user_and_a_password)
{
    CHECK_OK(
        PARSE(NULL, NULL, "x", "-u", "me", "-pwf", (char *)write_file("one", "geheim")));
    CHECK_STR(settings.user, "me");
    CHECK_STR(settings.password, "geheim");
    CHECK_OK(PARSE(NULL, NULL, "x", "-pwf", (char *)write_file("line", "geheim\n")));
    CHECK(!settings.user);
    CHECK_STR(settings.password, "geheim");
    CHECK_OK(PARSE(NULL, NULL, "x", "-pwf", (char *)write_file("two", "you\ngeheim\n")));
    CHECK_STR(settings.user, "you");
    CHECK_STR(settings.password, "geheim");
    CHECK_OK(PARSE(NULL, NULL, "x", "-pwf", (char *)write_file("none", "")));
    CHECK_STR(settings.password, "");
}

TEST(a_password_file_that_cannot_be_read_is_named)
{
    autoptr(err) e = PARSE(NULL, NULL, "x", "-pwf", "/nonexistent/pw");

    CHECK(e);
    CHECK(strstr(err_sentence(e), "/nonexistent/pw"));
}

TEST(the_command_line_comes_before_the_environment_and_that_before_the_file)
{
    const char *rc = write_file("rc", "server=c\nport=3\n# a comment\nusername=u3\n"
                                      "nossl=false\nmultiple=true\n");

    CHECK_OK(PARSE("server=b,port=2,debug=true", rc, "x", "-s", "a"));
    CHECK_STR(settings.server, "a");
    CHECK_STR(settings.port, "2");
    CHECK_STR(settings.user, "u3");
    CHECK(settings.debug);
    CHECK(!settings.no_tls);
    CHECK(args_true(&args, "multiple"));
}

TEST(extra_arguments_escape_commas)
{
    CHECK_OK(PARSE("password=a\\,b\\\\c,,name=x", NULL, "x", "name=mine"));
    CHECK_STR(settings.password, "a,b\\c");
    CHECK_STR(args_get(&args, "name"), "mine");
}

TEST(a_missing_file_of_settings_is_no_fault)
{
    CHECK_OK(PARSE(NULL, "/nonexistent/.xe", "x"));
}

TEST(yes_and_no_have_many_spellings)
{
    bool b = false;

    CHECK_INT(args_parse_bool("Yes", &b), ==, 0);
    CHECK(b);
    CHECK_INT(args_parse_bool("0", &b), ==, 0);
    CHECK(!b);
    CHECK_INT(args_parse_bool("maybe", &b), <, 0);
    CHECK_INT(args_parse_bool("", &b), <, 0);
}

TEST_MAIN
