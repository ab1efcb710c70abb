// SPDX-License-Identifier: GPL-2.0-or-later
#include "wire/json.h"

#include <errno.h>
#include <jansson.h>
#include <math.h>

#include "base/alloc.h"
#include "base/err.h"
#include "lib/test.h"

static int parse(const char *text, struct val *ret_value)
{
    return json_parse(text, strlen(text), 0, ret_value, NULL);
}

/* What 'text' becomes when read and written again. */
static const char *rewritten(const char *text)
{
    static struct buf out;
    autoval struct val v = val_void();

    buf_clear(&out);
    if (parse(text, &v) < 0)
        return "refused";
    json_add(&out, &v);
    return buf_str(&out);
}

TEST(a_value_survives_reading_and_writing)
{
    static const char *const texts[] = {
        "null",
        "true",
        "false",
        "0",
        "-1",
        "9223372036854775807",
        "-9223372036854775808",
        "1.5",
        "\"\"",
        "[]",
        "{}",
        "[1,[2,[]],{}]",
        "{\"a\":1,\"b\":[null]}",
        "\"\\u0001\\u007f\"",
        "\"\\\"\\\\\\b\\f\\n\\r\\t\"",
        "\"h\xc3\xa9\xf0\x9f\x98\x80\"",
        "\"/\"",
    };

    for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
        CHECK_STR(rewritten(texts[i]), texts[i]);
}

TEST(escapes_and_space_are_understood)
{
    CHECK_STR(rewritten(" \t\r\n[ 1 , 2 ] "), "[1,2]");
    CHECK_STR(rewritten("{ \"a\" : 1 }"), "{\"a\":1}");
    CHECK_STR(rewritten("\"\\u00e9\\ud83d\\uDE00\\/\""), "\"\xc3\xa9\xf0\x9f\x98\x80/\"");
    CHECK_STR(rewritten("\"a\\u000ab\\tc\""), "\"a\\nb\\tc\"");
}

TEST(numbers_are_ints_when_they_can_be)
{
    autoval struct val v = val_void();

    CHECK_INT(parse("-0", &v), ==, 0);
    CHECK_INT(v.kind, ==, VAL_INT);
    CHECK_INT(parse("1e2", &v), ==, 0);
    CHECK_INT(v.kind, ==, VAL_FLOAT);
    CHECK(v.d == 100.0);
    CHECK_INT(parse("9223372036854775808", &v), ==, 0);
    CHECK_INT(v.kind, ==, VAL_FLOAT);
}

TEST(floats_read_back_as_they_were)
{
    static const double numbers[] = {1.0, 0.1, 1.0 / 3, 1e300, 5e-324, -0.0, 123456789.25};

    for (size_t i = 0; i < ARRAY_SIZE(numbers); i++) {
        autobuf out = BUF_INIT;
        autoval struct val v = val_void();

        json_add_float(&out, numbers[i]);
        CHECK_INT(json_parse(out.data, out.size, 0, &v, NULL), ==, 0);
        CHECK_INT(v.kind, ==, VAL_FLOAT);
        CHECK(memcmp(&v.d, &numbers[i], sizeof(v.d)) == 0);
    }
    CHECK_STR(rewritten("1.0"), "1.0");
}

TEST(what_is_not_json_is_refused)
{
    static const char *const texts[] = {
        "",
        " ",
        "nul",
        "truex",
        "01",
        "-",
        "+1",
        "1.",
        ".5",
        "1e",
        "0x1",
        "NaN",
        "Infinity",
        "1e999",
        "[",
        "[1",
        "[1,",
        "[1,]",
        "[,1]",
        "[1 2]",
        "]",
        "{",
        "{\"a\"",
        "{\"a\":",
        "{\"a\":1",
        "{\"a\":1,",
        "{\"a\":1,}",
        "{a:1}",
        "{1:1}",
        "{\"a\" 1}",
        "'a'",
        "\"",
        "\"\\\"",
        "\"\\x\"",
        "\"\\u12\"",
        "\"\\u12g4\"",
        "\"\\u0000\"",
        "\"\\ud800\"",
        "\"\\udc00\"",
        "\"\\ud800\\u0041\"",
        "\"\\ud800\\n\"",
        "\"\n\"",
        "\"\x01\"",
        "\"\xff\"",
        "\"\xc3\"",
        "\"\xed\xa0\x80\"",
        "\"\xc0\x80\"",
        "\xef\xbb\xbf"
        "1",
        "1 1",
        "{} x",
        "/* */ 1",
        "[1}",
        "{\"a\":1]",
    };

    for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
        autoval struct val v = val_void();

        if (parse(texts[i], &v) != -EINVAL)
            TEST_FAIL("%s is not refused", texts[i]);
    }
}

TEST(a_nul_byte_is_refused_wherever_it_stands)
{
    autoval struct val v = val_void();

    CHECK_INT(json_parse("\0", 1, 0, &v, NULL), ==, -EINVAL);
    CHECK_INT(json_parse("1\0", 2, 0, &v, NULL), ==, -EINVAL);
    CHECK_INT(json_parse("\"a\0\"", 4, 0, &v, NULL), ==, -EINVAL);
}

TEST(a_key_given_twice_is_refused_or_kept)
{
    static const char text[] = "{\"a\":1,\"b\":2,\"\\u0061\":3}";
    autoval struct val v = val_void();

    CHECK_INT(json_parse(text, strlen(text), 0, &v, NULL), ==, -EEXIST);
    CHECK_INT(json_parse(text, strlen(text), JSON_KEEP_DUPLICATES, &v, NULL), ==, 0);
    CHECK_INT(val_count(&v), ==, 3);
    CHECK_STR(val_text(val_map_duplicate(&v)), "a");
}

TEST(nesting_ends_at_the_limit)
{
    char text[4 * JSON_MAX_DEPTH];
    autoval struct val v = val_void(), w = val_void();

    memset(text, '[', JSON_MAX_DEPTH + 1);
    memset(text + JSON_MAX_DEPTH + 1, ']', JSON_MAX_DEPTH + 1);
    CHECK_INT(json_parse(text + 1, 2 * JSON_MAX_DEPTH, 0, &v, NULL), ==, 0);
    CHECK_INT(json_parse(text, 2 * JSON_MAX_DEPTH + 2, 0, &w, NULL), ==, -E2BIG);
    memset(text, '[', sizeof(text));
    CHECK_INT(json_parse(text, sizeof(text), 0, &w, NULL), ==, -E2BIG);
}

TEST(an_error_has_its_place)
{
    static const char text[] = "{\"a\": 1,\n \"b\": x}";
    struct json_error error;
    autoval struct val v = val_void();

    CHECK_INT(json_parse(text, strlen(text), 0, &v, &error), ==, -EINVAL);
    CHECK_INT(error.line, ==, 2);
    CHECK_INT(error.column, ==, 7);
    CHECK_INT(error.offset, ==, 15);
    CHECK_STR(error.what, "a character no value starts with");
}

TEST(text_that_is_not_utf8_is_written_as_json_all_the_same)
{
    autobuf out = BUF_INIT;

    json_add_text(&out, "a\xff\xc3(\xed\xa0\x80", 7);
    CHECK_STR(buf_str(&out),
              "\"a\xef\xbf\xbd\xef\xbf\xbd(\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"");
}

TEST(floats_json_has_no_number_for_are_strings)
{
    autobuf out = BUF_INIT;

    json_add_float(&out, INFINITY);
    json_add_float(&out, -INFINITY);
    json_add_float(&out, NAN);
    CHECK_STR(buf_str(&out), "\"inf\"\"-inf\"\"nan\"");
}

TEST(another_json_library_reads_every_byte_of_text_the_same)
{
    for (unsigned c = 1; c < 0x800; c++) {
        char text[3] = {(char)c, 0, 0};
        autobuf out = BUF_INIT;
        json_t *theirs;

        if (c >= 0x80) {
            text[0] = (char)(0xc0 | c >> 6);
            text[1] = (char)(0x80 | (c & 0x3f));
        }
        json_add_text(&out, text, strlen(text));
        theirs = json_loadb(out.data, out.size, JSON_DECODE_ANY, NULL);
        CHECK(theirs);
        CHECK_STR(json_string_value(theirs), text);
        json_decref(theirs);
    }
}

TEST_MAIN
