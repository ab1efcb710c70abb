// SPDX-License-Identifier: GPL-2.0-or-later
#include "guest/guest_message.h"

#include <errno.h>

#include "lib/test.h"

static int parse(const char *line)
{
    enum guest_command command;
    int r = guest_command_parse(line, strlen(line), &command);

    return r < 0 ? r : (int)command;
}

TEST(commands_are_known_by_type_and_mode)
{
    CHECK_INT(parse("{\"type\":\"ping\"}"), ==, GUEST_COMMAND_PING);
    CHECK_INT(parse("{\"type\":\"report\"}"), ==, GUEST_COMMAND_REPORT);
    CHECK_INT(parse("{\"type\":\"shutdown\",\"mode\":\"poweroff\"}"), ==,
              GUEST_COMMAND_POWEROFF);
    CHECK_INT(parse(" { \"mode\" : \"reboot\" , \"type\" : \"shutdown\" } \r"), ==,
              GUEST_COMMAND_REBOOT);
    CHECK_INT(parse("{\"type\":\"freeze\"}"), ==, GUEST_COMMAND_FREEZE);
    CHECK_INT(parse("{\"type\":\"thaw\"}"), ==, GUEST_COMMAND_THAW);
}

TEST(members_it_does_not_know_are_passed_over)
{
    CHECK_INT(
        parse("{\"id\":[1,-2.5e3,{\"type\":\"x\"},null,[]],\"type\":\"ping\",\"z\":{}}"),
        ==, GUEST_COMMAND_PING);
    CHECK_INT(parse("{\"a\\\"b\":\"\\\\\",\"type\":\"ping\"}"), ==, GUEST_COMMAND_PING);
}

TEST(other_types_and_modes_are_not_supported)
{
    CHECK_INT(parse("{\"type\":\"dance\"}"), ==, -EOPNOTSUPP);
    CHECK_INT(parse("{\"type\":\"shutdown\"}"), ==, -EOPNOTSUPP);
    CHECK_INT(parse("{\"type\":\"shutdown\",\"mode\":\"power\"}"), ==, -EOPNOTSUPP);
    CHECK_INT(parse("{\"type\":\"\"}"), ==, -EOPNOTSUPP);
}

TEST(what_is_not_one_object_with_a_type_is_refused)
{
    static const char *const lines[] = {
        "",
        "{}",
        "[]",
        "null",
        "{",
        "{\"type\"",
        "{\"type\":",
        "{\"type\":\"ping\"",
        "{\"type\":\"ping",
        "{\"type\":\"ping\\",
        "{\"type\":\"ping\"}x",
        "{\"type\":\"ping\"}{}",
        "{\"type\":\"ping\",}",
        "{,\"type\":\"ping\"}",
        "{\"type\":1}",
        "{\"type\":{\"type\":\"ping\"}}",
        "{\"type\":\"ping\",\"type\":\"ping\"}",
        "{\"type\":\"pi\tng\"}",
        "{\"a\":[1,2},\"type\":\"ping\"}",
        "{\"a\":,\"type\":\"ping\"}",
        "{\"a\":[[[[[[[[[[1]]]]]]]]]],\"type\":\"ping\"}",
    };

    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        printf("# %s\n", lines[i]);
        CHECK_INT(parse(lines[i]), ==, -EBADMSG);
    }
}

/* Puts 's' into 'lines' in pieces of at most 'piece' bytes, and writes what comes out: each
 * line and a bar, an exclamation mark for one that is too long. */
static void feed(struct guest_lines *lines, const char *s, size_t n, size_t piece,
                 char *out)
{
    for (size_t done = 0; done < n;) {
        const char *line;
        size_t size, len;
        char *room = guest_lines_room(lines, &size);
        int r;

        size = size < piece ? size : piece;
        size = size < n - done ? size : n - done;
        memcpy(room, s + done, size);
        guest_lines_add(lines, size);
        done += size;
        while ((r = guest_lines_next(lines, &line, &len)) != 0) {
            if (r > 0 && len <= 8)
                out = (char *)memcpy(out, line, len) + len;
            *out++ = r < 0 ? '!' : '|';
        }
    }
    *out = '\0';
}

TEST(lines_are_cut_wherever_the_pieces_end)
{
    static const char bytes[] = "one\n\n\ntwo\nthree\nrest";

    for (size_t piece = 1; piece < sizeof(bytes); piece++) {
        struct guest_lines lines = {0};
        char out[64];

        feed(&lines, bytes, strlen(bytes), piece, out);
        CHECK_STR(out, "one|two|three|");
    }
}

TEST(a_line_that_is_too_long_is_told_once_and_dropped_whole)
{
    static const size_t pieces[] = {1, 7, 1000, GUEST_LINE_MAX, 5000};
    char bytes[3 * GUEST_LINE_MAX + 64];
    size_t n = 0;

    memcpy(bytes, "one\n", 4);
    n += 4;
    memset(bytes + n, 'x', 3 * GUEST_LINE_MAX);
    n += 3 * GUEST_LINE_MAX;
    memcpy(bytes + n, "\ntwo\n", 5);
    n += 5;
    for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
        struct guest_lines lines = {0};
        char out[64];

        feed(&lines, bytes, n, pieces[i], out);
        CHECK_STR(out, "one|!two|");
    }
}

TEST(the_longest_line_passes_and_one_byte_more_does_not)
{
    char bytes[GUEST_LINE_MAX + 2];
    struct guest_lines lines = {0};
    char out[8];

    memset(bytes, 'x', sizeof(bytes));
    bytes[GUEST_LINE_MAX] = '\n';
    feed(&lines, bytes, GUEST_LINE_MAX + 1, 100, out);
    CHECK_STR(out, "|");
    bytes[GUEST_LINE_MAX] = 'x';
    bytes[GUEST_LINE_MAX + 1] = '\n';
    feed(&lines, bytes, GUEST_LINE_MAX + 2, 100, out);
    CHECK_STR(out, "!");
}

TEST(strings_are_quoted_whatever_they_hold)
{
    struct guest_text text = {0};

    guest_text_put_string(&text, "a\"b\\c\nd\x7f\xc3\xa4");
    CHECK_STR(text.data, "\"a\\\"b\\\\c d ??\"");
    CHECK(!text.full);
}

TEST(a_full_text_says_so_and_is_not_overrun)
{
    static struct guest_text text;

    for (int i = 0; i < GUEST_TEXT_MAX / 10 + 2; i++)
        guest_text_putf(&text, "%s", "0123456789");
    CHECK(text.full);
    CHECK_INT(text.len, ==, (GUEST_TEXT_MAX - 1) / 10 * 10);
    CHECK_INT(strlen(text.data), ==, text.len);
}

TEST_MAIN
