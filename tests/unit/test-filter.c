// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/filter.h"

#include "base/buf.h"
#include "base/err.h"
#include "lib/test.h"
#include "model/codec.h"

static struct val cells_of(const struct class_def *cls)
{
    struct val cells = val_set(cls->n_fields);

    for (size_t i = 0; i < cls->n_fields; i++)
        val_push(&cells, val_ref(field_default(&cls->fields[i])));
    return cells;
}

/* 1 or 0 for a VM named "a" with default fields otherwise; -1 when the filter is refused.
 */
static int match(const char *text)
{
    const struct class_def *cls = class_by_name("VM");
    autoval struct val defaults = cells_of(cls), cells = val_set(cls->n_fields);
    autoptr(filter) filter = NULL;
    struct err *e = filter_parse(cls, text, &filter);

    if (e) {
        CHECK_INT(err_code(e), ==, ERR_INVALID_VALUE);
        CHECK_STR(err_param_at(e, 0), text);
        err_free(e);
        return -1;
    }
    for (size_t i = 0; i < cls->n_fields; i++) {
        const char *name = cls->fields[i].name;
        struct val v = val_ref(val_at(&defaults, i));

        if (STREQ(name, "name_label"))
            v = val_str("a");
        if (STREQ(name, "VCPUs_max"))
            v = val_int(2);
        if (STREQ(name, "tags")) {
            v = val_set(2);
            val_push(&v, val_str("x"));
            val_push(&v, val_str("it's"));
        }
        if (STREQ(name, "other_config")) {
            v = val_map(1);
            val_put_str(&v, "k", val_str("v"));
        }
        val_push(&cells, v);
    }
    return filter_match(filter, "OpaqueRef:1", val_at(&cells, 0));
}

TEST(fields_are_compared_as_the_text_of_the_database)
{
    static const struct {
        const char *text;
        int matches;
    } cases[] = {
        {"field \"name__label\" = \"a\"", 1},
        {"field \"name_label\" = \"a\"", 1},
        {"field \"name__label\" = \"A\"", 0},
        {"\"a\" = field \"name__label\"", 1},
        {"\"a\" = \"a\"", 1},
        {"field \"name__label\" = field \"name__label\"", 1},
        {"field \"name__label\" = field \"name__description\"", 0},
        {"field \"_ref\" = \"OpaqueRef:1\"", 1},
        {"field \"VCPUs__max\" = \"2\"", 1},
        {"field \"is_control_domain\" = \"false\"", 1},
        {"field \"is_a_template\"=\"true\"", 0},
        {"field \"power_state\" = \"Halted\"", 1},
        {"field \"power_state\" = \"halted\"", 0},
        {"field \"tags\" = \"('x' 'it\\'s')\"", 1},
        {"field \"other_config\" = \"(('k' 'v'))\"", 1},
        {"field \"snapshots\" = \"()\"", 1},
        {"field \"snapshot_time\" = \"19700101T00:00:00Z\"", 1},
        {"field \"affinity\" = \"OpaqueRef:NULL\"", 1},
    };

    for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
        if (match(cases[i].text) != cases[i].matches)
            TEST_FAIL("%s gives %d", cases[i].text, match(cases[i].text));
}

TEST(and_and_or_bind_alike_and_not_takes_what_follows)
{
    CHECK_INT(match("true"), ==, 1);
    CHECK_INT(match(" false\n"), ==, 0);
    CHECK_INT(match("not false"), ==, 1);
    CHECK_INT(match("not not true"), ==, 1);
    CHECK_INT(match("true or true and false"), ==, 0);
    CHECK_INT(match("true or (true and false)"), ==, 1);
    CHECK_INT(match("false and true or true"), ==, 1);
    CHECK_INT(match("not false and false"), ==, 1);
    CHECK_INT(match("(not false) and false"), ==, 0);
    CHECK_INT(match("true and not false or true"), ==, 0);
    CHECK_INT(match("((true))"), ==, 1);
    CHECK_INT(match("not(field\"name__label\"=\"a\")or false"), ==, 0);
}

TEST(what_is_no_expression_is_refused)
{
    static const char *const texts[] = {
        "",
        " ",
        "bad expr (",
        "(",
        ")",
        "()",
        "(true",
        "true)",
        "true true",
        "true and",
        "and true",
        "not",
        "field",
        "field \"name__label\"",
        "field name__label = \"a\"",
        "field \"name__label\" =",
        "field \"name__label\" = a",
        "\"a\"",
        "\"a\" =",
        "\"a",
        "field \"nope\" = \"a\"",
        "field \"\" = \"a\"",
        "\"a\" == \"a\"",
        "true & true",
        "field \"name__label\" = \"a\\\"b\"",
        "trueish",
        "'a' = 'a'",
    };

    for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
        if (match(texts[i]) != -1)
            TEST_FAIL("%s is not refused", texts[i]);
}

TEST(hidden_fields_cannot_be_asked_for)
{
    for (size_t i = 0; i < N_CLASSES; i++)
        for (size_t j = 0; j < classes[i].n_fields; j++) {
            autobuf text = BUF_INIT;
            autoptr(filter) filter = NULL;
            autoptr(err) e = NULL;

            buf_addf(&text, "field \"%s\" = \"\"", classes[i].fields[j].db_name);
            e = filter_parse(&classes[i], buf_str(&text), &filter);
            CHECK_INT(e != NULL, ==, classes[i].fields[j].internal_only);
        }
}

static int match_repeated(const char *start, const char *piece, size_t n,
                          const char *middle, const char *end)
{
    autobuf text = BUF_INIT;

    buf_add_str(&text, start);
    for (size_t i = 0; i < n; i++)
        buf_add_str(&text, piece);
    buf_add_str(&text, middle);
    for (size_t i = 0; i < n; i++)
        buf_add_str(&text, end);
    return match(buf_str(&text));
}

TEST(depth_and_length_are_bounded)
{
    size_t depth = FILTER_MAX_DEPTH, length = FILTER_MAX_COMPARISONS;

    CHECK_INT(match_repeated("", "(", depth, "true", ")"), ==, 1);
    CHECK_INT(match_repeated("", "(", depth + 1, "true", ")"), ==, -1);
    CHECK_INT(match_repeated("", "true and (", depth, "true and true", ")"), ==, 1);
    CHECK_INT(match_repeated("", "true and not ", depth, "false", ""), >=, 0);
    CHECK_INT(match_repeated("", "not ", 100000, "true", ""), ==, -1);
    CHECK_INT(match_repeated("true", " and true", length - 1, "", ""), ==, 1);
    CHECK_INT(match_repeated("true", " and true", length, "", ""), ==, -1);
}

TEST_MAIN
