// SPDX-License-Identifier: GPL-2.0-or-later
#include "wire/qmp.h"

#include <errno.h>
#include <stdlib.h>

#include "lib/test.h"

static int parse(const char *line, struct qmp_message *ret_message)
{
    return qmp_parse(line, strlen(line), ret_message);
}

TEST(a_greeting_tells_the_version)
{
    autoqmp m = {0};

    CHECK_INT(parse("{\"QMP\": {\"version\": {\"qemu\": {\"micro\": 22, \"minor\": 2, "
                    "\"major\": 7},"
                    " \"package\": \"Debian\"}, \"capabilities\": [\"oob\"]}}",
                    &m),
              ==, 0);
    CHECK_INT(m.kind, ==, QMP_GREETING);
    CHECK_INT(m.version[0], ==, 7);
    CHECK_INT(m.version[1], ==, 2);
    CHECK_INT(m.version[2], ==, 22);
}

TEST(an_answer_carries_its_id_and_value)
{
    autoqmp m = {0};

    CHECK_INT(
        parse("{\"return\": {\"status\": \"running\", \"n\": 3, \"is\": true}, \"id\": 12}",
              &m),
        ==, 0);
    CHECK_INT(m.kind, ==, QMP_RETURN);
    CHECK_INT(m.id, ==, 12);
    CHECK_STR(qmp_text(&m.value, "status", ""), "running");
    CHECK_INT(qmp_int(&m.value, "n", 0), ==, 3);
    CHECK(qmp_bool(&m.value, "is", false));
}

TEST(an_error_carries_class_and_description)
{
    autoqmp m = {0};

    CHECK_INT(
        parse("{\"id\":1,\"error\":{\"class\":\"GenericError\",\"desc\":\"no such\"}}", &m),
        ==, 0);
    CHECK_INT(m.kind, ==, QMP_ERROR);
    CHECK_STR(m.name, "GenericError");
    CHECK_STR(m.text, "no such");
}

TEST(an_event_has_data_even_when_none_came)
{
    autoqmp with = {0}, without = {0};

    CHECK_INT(parse("{\"timestamp\":{\"seconds\":1,\"microseconds\":2},\"event\":\"RESET\","
                    "\"data\":{\"guest\":true,\"reason\":\"guest-reset\"}}",
                    &with),
              ==, 0);
    CHECK_INT(with.kind, ==, QMP_EVENT);
    CHECK_STR(with.name, "RESET");
    CHECK(qmp_bool(&with.value, "guest", false));
    CHECK_INT(parse("{\"event\":\"STOP\"}", &without), ==, 0);
    CHECK_INT(without.value.kind, ==, VAL_MAP);
    CHECK_INT(without.id, ==, -1);
}

TEST(what_is_no_message_is_refused)
{
    static const char *const lines[] = {
        "",
        "{",
        "[]",
        "1",
        "{}",
        "{\"id\":1}",
        "{\"event\":7}",
        "{\"event\":\"X\",\"data\":[]}",
        "{\"error\":{}}",
        "{\"error\":\"x\"}",
        "{\"error\":{\"class\":\"a\",\"desc\":1}}",
        "{\"QMP\":{}}",
        "{\"QMP\":{\"version\":{\"qemu\":{\"major\":-1,\"minor\":0,\"micro\":0}}}}",
        "{\"return\":{}} x",
    };

    for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
        struct qmp_message m = {0};

        if (parse(lines[i], &m) != -EINVAL)
            TEST_FAIL("taken for a message: %s", lines[i]);
    }
}

TEST(members_of_the_wrong_kind_give_the_default)
{
    autoqmp m = {0};

    CHECK_INT(parse("{\"return\":[{\"a\":1}],\"id\":\"x\"}", &m), ==, 0);
    CHECK_INT(m.id, ==, -1);
    CHECK_INT(qmp_count(&m.value), ==, 1);
    CHECK_STR(qmp_text(val_at(&m.value, 0), "a", "other"), "other");
    CHECK_INT(qmp_int(&m.value, "a", 9), ==, 9);
    CHECK(!qmp_bool(NULL, "a", false));
    CHECK_INT(qmp_count(NULL), ==, 0);
    CHECK(!qmp_get(val_at(&m.value, 0), "b"));
}

TEST(lines_are_cut_wherever_the_pieces_end)
{
    static const char stream[] = "{\"a\":1}\r\n\n\r\n{\"b\":2}\n{\"c";

    for (size_t piece = 1; piece <= sizeof(stream); piece++) {
        struct qmp_reader reader = {0};
        autobuf got = BUF_INIT;
        const char *line;
        size_t len;
        int r = 0;

        for (size_t at = 0; at < strlen(stream); at += piece) {
            size_t n = strlen(stream) - at < piece ? strlen(stream) - at : piece;

            qmp_reader_add(&reader, stream + at, n);
            while ((r = qmp_reader_next(&reader, &line, &len)) > 0) {
                buf_add(&got, line, len);
                buf_add_char(&got, '|');
            }
        }
        CHECK_INT(r, ==, 0);
        CHECK_STR(buf_str(&got), "{\"a\":1}|{\"b\":2}|");
        qmp_reader_fini(&reader);
    }
}

TEST(a_line_without_an_end_is_given_up)
{
    struct qmp_reader reader = {0};
    autofree char *piece = calloc(1, QMP_MAX_LINE / 4);
    const char *line;
    size_t len;
    int r = 0;

    memset(piece, 'x', QMP_MAX_LINE / 4);
    for (int i = 0; i < 5 && r == 0; i++) {
        qmp_reader_add(&reader, piece, QMP_MAX_LINE / 4);
        r = qmp_reader_next(&reader, &line, &len);
    }
    CHECK_INT(r, ==, -EMSGSIZE);
    qmp_reader_fini(&reader);
}

TEST(a_command_is_one_line)
{
    autobuf out = BUF_INIT;
    autoval struct val arguments = val_map(1);

    qmp_add_command(&out, 1, "cont", NULL);
    CHECK_STR(buf_str(&out), "{\"execute\":\"cont\",\"id\":1}\n");
    val_put_str(&arguments, "text", val_str("a\n\"b\""));
    buf_clear(&out);
    qmp_add_command(&out, 2, "x", &arguments);
    CHECK_STR(buf_str(&out),
              "{\"execute\":\"x\",\"arguments\":{\"text\":\"a\\n\\\"b\\\"\"},\"id\":2}\n");
}

TEST_MAIN
