// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/guest_line.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "lib/test.h"
#include "wire/json.h"

static const struct guest_nics nics = {
    2, {{0, {"52:54:00:12:34:56"}}, {3, {"52:54:00:12:34:57"}}}};

/* The report in 'text', as JSON; valid until the next call. */
static const char *report_of(const char *text)
{
    static struct buf json;
    struct guest_line line;

    guest_line_read(text, strlen(text), &nics, &line);
    buf_clear(&json);
    if (line.kind == GUEST_LINE_REPORT)
        json_add(&json, &line.report);
    val_unref(&line.report);
    return buf_str(&json);
}

static enum guest_line_kind kind_of(const char *text)
{
    struct guest_line line;

    guest_line_read(text, strlen(text), &nics, &line);
    val_unref(&line.report);
    return line.kind;
}

TEST(a_full_report_keeps_what_is_documented)
{
    CHECK_STR(
        report_of("{\"type\":\"report\",\"agent\":\"0.1.0\",\"os\":{\"name\":\"Debian\","
                  "\"uname\":\"6.1\",\"distro\":\"debian\",\"major\":\"12\"},"
                  "\"host_name\":\"tiny\",\"networks\":{\"0/ip\":\"10.0.2.15\","
                  "\"0/ipv4/0\":\"10.0.2.15\",\"0/ipv6/0\":\"FE80:0::1\"},"
                  "\"macs\":{\"0\":\"52:54:00:12:34:56\"},"
                  "\"other\":{\"feature-shutdown\":\"1\"},"
                  "\"memory\":{\"total_kib\":157840,\"free_kib\":131472}}"),
        "{\"agent\":\"0.1.0\",\"host_name\":\"tiny\","
        "\"drivers\":{\"major\":\"0\",\"minor\":\"1\",\"micro\":\"0\"},"
        "\"os\":{\"name\":\"Debian\",\"uname\":\"6.1\",\"distro\":\"debian\","
        "\"major\":\"12\"},\"other\":{\"feature-shutdown\":\"1\"},"
        "\"memory\":{\"total_kib\":157840,\"free_kib\":131472},"
        "\"networks\":{\"0/ip\":\"10.0.2.15\",\"0/ipv4/0\":\"10.0.2.15\","
        "\"0/ipv6/0\":\"fe80::1\"}}");
}

TEST(networks_get_the_vifs_numbers_by_their_macs)
{
    CHECK_STR(
        report_of("{\"type\":\"report\",\"networks\":{\"1/ip\":\"10.0.0.1\","
                  "\"0/ip\":\"10.0.0.2\",\"2/ip\":\"10.0.0.3\",\"4/ip\":\"10.0.0.4\"},"
                  "\"macs\":{\"0\":\"52:54:00:12:34:57\",\"1\":\"52:54:00:12:34:56\","
                  "\"2\":\"52:54:00:99:99:99\"}}"),
        "{\"networks\":{\"0/ip\":\"10.0.0.1\",\"3/ip\":\"10.0.0.2\"}}");
    CHECK_STR(report_of("{\"type\":\"report\",\"networks\":{\"0/ip\":\"10.0.0.1\"}}"),
              "{\"networks\":{}}");
}

TEST(what_is_no_address_or_no_key_is_left_out)
{
    CHECK_STR(
        report_of("{\"type\":\"report\",\"networks\":{\"0/ip\":\"10.0.2.15; rm\","
                  "\"0/ipv4/0\":\"fe80::1\",\"0/ipv6/0\":\"10.0.0.1\",\"0/ipv4/64\":"
                  "\"10.0.0.1\",\"00/ip\":\"10.0.0.1\",\"0/ipv4/1x\":\"10.0.0.1\","
                  "\"/ip\":\"10.0.0.1\",\"0\":\"10.0.0.1\",\"0/ipv4/1\":7,"
                  "\"0/ipv4/2\":\"10.0.0.7\"},\"macs\":{\"0\":\"52:54:00:12:34:56\"}}"),
        "{\"networks\":{\"0/ipv4/2\":\"10.0.0.7\"}}");
}

TEST(members_of_another_kind_and_unknown_ones_are_left_out)
{
    CHECK_STR(report_of("{\"type\":\"report\",\"agent\":7,\"host_name\":[],\"os\":\"x\","
                        "\"networks\":[],\"other\":1,\"memory\":null,\"extra\":{}}"),
              "{}");
    CHECK_STR(
        report_of("{\"type\":\"report\",\"os\":{\"name\":1,\"shell\":\"x\"},"
                  "\"other\":{\"feature-x\":\"1\",\"is-root\":\"1\",\"feature-\\u0000\":"
                  "\"1\",\"feature-y\":\"a b\"},"
                  "\"memory\":{\"total_kib\":-1,\"free_kib\":1.5,\"x\":1}}"),
        "");
    CHECK_STR(
        report_of("{\"type\":\"report\",\"os\":{\"name\":1,\"shell\":\"x\"},"
                  "\"other\":{\"feature-x\":\"1\",\"is-root\":\"1\",\"feature-y\":\"a "
                  "b\"},\"memory\":{\"total_kib\":-1,\"free_kib\":1.5,\"x\":1}}"),
        "{\"os\":{},\"other\":{\"feature-x\":\"1\"},\"memory\":{}}");
}

TEST(texts_are_cut_and_shown_without_control_characters)
{
    autobuf text = BUF_INIT;

    buf_add_str(&text, "{\"type\":\"report\",\"host_name\":\"\\u001b[31m");
    for (int i = 0; i < 200; i++)
        buf_add_char(&text, 'x');
    buf_add_str(&text, "\"}");
    CHECK_INT(strlen(report_of(buf_str(&text))), ==, strlen("{\"host_name\":\"\"}") + 128);
    CHECK(strstr(report_of(buf_str(&text)), "\" [31mxx"));
}

TEST(a_version_may_be_anything)
{
    static const char *const rows[][2] = {
        {"1", "{\"major\":\"1\"}"},
        {"1.2.3.4.5", "{\"major\":\"1\",\"minor\":\"2\",\"micro\":\"3\",\"build\":\"4\"}"},
        {"1.2.3-4", "{\"major\":\"1\",\"minor\":\"2\",\"micro\":\"3\",\"build\":\"4\"}"},
        {"1.", "{\"major\":\"1\"}"},
        {"v1", "{}"},
        {"9999999999", "{}"},
    };

    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        char text[128], expected[128];

        snprintf(text, sizeof(text), "{\"type\":\"report\",\"agent\":\"%s\"}", rows[i][0]);
        snprintf(expected, sizeof(expected), "{\"agent\":\"%s\",\"drivers\":%s}",
                 rows[i][0], rows[i][1]);
        CHECK_STR(report_of(text), expected);
    }
}

TEST(answers_are_told_apart_from_nonsense)
{
    CHECK_INT(kind_of("{\"type\":\"shutdown\",\"mode\":\"poweroff\"}"), ==,
              GUEST_LINE_ACCEPTED);
    CHECK_INT(kind_of("{\"type\":\"error\",\"reason\":\"EIO\"}"), ==, GUEST_LINE_REFUSED);
    CHECK_INT(kind_of("{\"type\":\"freeze\",\"frozen\":2}"), ==, GUEST_LINE_FROZEN);
    CHECK_INT(kind_of("{\"type\":\"thaw\",\"frozen\":0}"), ==, GUEST_LINE_FROZEN);
    CHECK_INT(kind_of("{\"type\":\"thaw\",\"frozen\":-1}"), ==, GUEST_LINE_OTHER);
    CHECK_INT(kind_of("{\"type\":\"thaw\"}"), ==, GUEST_LINE_OTHER);
    CHECK_INT(kind_of("{\"type\":\"pong\"}"), ==, GUEST_LINE_OTHER);
    CHECK_INT(kind_of("{\"type\":7}"), ==, GUEST_LINE_OTHER);
    CHECK_INT(kind_of("[\"report\"]"), ==, GUEST_LINE_OTHER);
    CHECK_INT(kind_of("{\"type\":\"report\""), ==, GUEST_LINE_OTHER);
    CHECK_INT(kind_of("{\"type\":\"report\",\"type\":\"error\"}"), ==, GUEST_LINE_OTHER);
}

TEST(lines_are_whole_whatever_pieces_come)
{
    static const char stream[] = "\n\none\ntwo\n\nthree\nfour";

    for (size_t piece = 1; piece <= sizeof(stream); piece++) {
        struct guest_line_cutter cutter = {0};
        autobuf line = BUF_INIT;
        autobuf all = BUF_INIT;

        for (size_t at = 0; at < sizeof(stream) - 1; at += piece) {
            size_t left = sizeof(stream) - 1 - at;

            guest_line_add(&cutter, stream + at, left < piece ? left : piece);
            while (guest_line_next(&cutter, &line))
                buf_addf(&all, "%s|", buf_str(&line));
        }
        CHECK_STR(buf_str(&all), "one|two|three|");
        guest_line_cutter_fini(&cutter);
    }
}

TEST(a_line_that_is_too_long_is_passed_over_and_holds_no_memory)
{
    struct guest_line_cutter cutter = {0};
    autobuf line = BUF_INIT;
    autofree char *much = xmalloc(GUEST_LINE_MAX_IN);

    memset(much, 'x', GUEST_LINE_MAX_IN);
    for (int i = 0; i < 100; i++) {
        guest_line_add(&cutter, much, GUEST_LINE_MAX_IN);
        CHECK(!guest_line_next(&cutter, &line));
        CHECK_INT(cutter.pending.size, ==, 0);
    }
    guest_line_add(&cutter, "tail\nnext\n", 10);
    CHECK(guest_line_next(&cutter, &line));
    CHECK_STR(buf_str(&line), "next");
    much[GUEST_LINE_MAX_IN - 1] = '\n';
    guest_line_add(&cutter, much, GUEST_LINE_MAX_IN);
    CHECK(guest_line_next(&cutter, &line));
    CHECK_INT(line.size, ==, GUEST_LINE_MAX_IN - 1);
    CHECK(!guest_line_next(&cutter, &line));
    CHECK(!cutter.pending.data);
}

TEST_MAIN
