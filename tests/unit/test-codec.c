// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/codec.h"

#include <math.h>

#include "base/alloc.h"
#include "lib/test.h"
#include "wire/json.h"
#include "wire/xml.h"

static const struct type *field_type(const char *class_name, const char *name)
{
    const struct class_def *cls = class_by_name(class_name);

    return field_by_name(cls, name)->type;
}

static struct err *decode(const struct type *type, const char *json, struct val *ret_value)
{
    autoval struct val untyped = val_void();

    if (json_parse(json, strlen(json), JSON_KEEP_DUPLICATES, &untyped, NULL) < 0)
        TEST_FAIL("%s is no JSON", json);
    return codec_decode(type, &untyped, "arg", ret_value);
}

/* What JSON becomes through a type, in the other encoding's or the same letters. */
static const char *through(enum encoding encoding, const struct type *type,
                           const char *json)
{
    static struct buf out;
    autoval struct val v = val_void();
    struct err *e = decode(type, json, &v);

    if (e) {
        err_free(e);
        return "refused";
    }
    buf_clear(&out);
    codec_encode(encoding, type, &v, &out);
    return buf_str(&out);
}

static uint64_t seed = 88172645463325252;
static uint64_t any(uint64_t limit)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed % limit;
}

static struct val any_text(void)
{
    static const char *const pieces[] = {"a",
                                         "Z9",
                                         " ",
                                         "\"",
                                         "\\",
                                         "<",
                                         "&",
                                         "\n",
                                         "\r",
                                         "\t",
                                         "\xc3\xa9",
                                         "\xe2\x82\xac",
                                         "\xf0\x9f\x98\x80",
                                         "'"};
    autobuf text = BUF_INIT;

    for (uint64_t n = any(6); n; n--)
        buf_add_str(&text, pieces[any(ARRAY_SIZE(pieces))]);
    return val_str_n(buf_str(&text), text.size);
}

static struct val any_value(const struct type *type)
{
    struct val v = val_void();

    switch (type->kind) {
    case TYPE_VOID:
        return v;
    case TYPE_STRING:
    case TYPE_SECRET:
    case TYPE_REF:
        return any_text();
    case TYPE_INT:
        return val_int((int64_t)seed);
    case TYPE_FLOAT:
        return val_float((double)(int64_t)(any(2000000) - 1000000) / 64);
    case TYPE_BOOL:
        return val_bool(any(2));
    case TYPE_DATETIME:
        return val_int((int64_t)any(4000000000));
    case TYPE_ENUM:
        return val_int((int64_t)any(type->enm->n_values));
    case TYPE_SET:
    case TYPE_OPTION:
        v = val_set(0);
        for (uint64_t n = any(type->kind == TYPE_SET ? 4 : 2); n; n--)
            val_push(&v, any_value(type->elem));
        return v;
    case TYPE_MAP:
        v = val_map(0);
        for (uint64_t n = any(4); n; n--) {
            val_put(&v, any_value(type->key), any_value(type->elem));
            if (!val_map_duplicate(&v))
                continue;
            val_unref(&v);
            v = val_map(0);
        }
        return v;
    case TYPE_RECORD:
        if (type->cls < 0)
            return val_map(0);
        v = val_set(0);
        for (size_t i = 0; i < classes[type->cls].n_fields; i++)
            val_push(&v, any_value(classes[type->cls].fields[i].type));
        return v;
    }
    return v;
}

static int untyped_of(enum encoding encoding, const struct buf *text, struct val *ret_value)
{
    return encoding == ENCODING_JSON
               ? json_parse(text->data, text->size, 0, ret_value, NULL)
               : xml_parse_value(text->data, text->size, ret_value, NULL);
}

static void check_round_trip(enum encoding encoding, const struct field_def *field)
{
    autoval struct val v = any_value(field->type), untyped = val_void(), back = val_void();
    autobuf text = BUF_INIT;

    codec_encode(encoding, field->type, &v, &text);
    CHECK_INT(untyped_of(encoding, &text, &untyped), ==, 0);
    CHECK_OK(codec_decode(field->type, &untyped, field->name, &back));
    if (!val_equal(&v, &back))
        TEST_FAIL("%s comes back different: %s", field->name, buf_str(&text));
}

TEST(any_value_of_every_field_survives_both_encodings)
{
    for (size_t i = 0; i < N_CLASSES; i++)
        for (size_t j = 0; j < classes[i].n_fields; j++)
            for (int n = 0; n < 5; n++) {
                check_round_trip(ENCODING_JSON, &classes[i].fields[j]);
                check_round_trip(ENCODING_XML, &classes[i].fields[j]);
            }
}

static struct val default_record(const struct class_def *cls)
{
    struct val record = val_set(cls->n_fields);

    for (size_t i = 0; i < cls->n_fields; i++)
        val_push(&record, val_ref(field_default(&cls->fields[i])));
    return record;
}

TEST(every_record_of_defaults_survives_both_encodings)
{
    for (int encoding = ENCODING_JSON; encoding <= ENCODING_XML; encoding++)
        for (int i = 0; i < N_CLASSES; i++) {
            struct type type = {TYPE_RECORD, "record", NULL, NULL, NULL, (int16_t)i};
            autoval struct val record = val_void(), untyped = val_void(), back = val_void();
            autobuf text = BUF_INIT;

            if (classes[i].n_fields == 0)
                continue;
            record = default_record(&classes[i]);
            codec_record(encoding, &classes[i], val_at(&record, 0), &text);
            CHECK_INT(untyped_of(encoding, &text, &untyped), ==, 0);
            CHECK_OK(codec_decode(&type, &untyped, "record", &back));
            CHECK(val_equal(&record, &back));
        }
}

TEST(every_parameter_default_is_of_its_type)
{
    size_t n = 0;

    for (size_t i = 0; i < n_methods; i++)
        for (size_t j = 0; j < methods[i].n_params; j++)
            if (methods[i].params[j].default_json) {
                autoval struct val v = param_default(&methods[i].params[j]);
                autobuf text = BUF_INIT;

                codec_json(methods[i].params[j].type, &v, &text);
                CHECK(text.size);
                n++;
            }
    CHECK_INT(n, >, 0);
}

TEST(ints_are_numbers_in_json_and_bare_text_in_xml)
{
    const struct type *type = field_type("VM", "VCPUs_max");

    CHECK_STR(through(ENCODING_JSON, type, "5"), "5");
    CHECK_STR(through(ENCODING_JSON, type, "\"5\""), "5");
    CHECK_STR(through(ENCODING_JSON, type, "5.0"), "5");
    CHECK_STR(through(ENCODING_XML, type, "-5"), "<value>-5</value>");
    CHECK_STR(through(ENCODING_JSON, type, "\"9223372036854775807\""),
              "9223372036854775807");
}

TEST(the_other_scalars_have_their_forms)
{
    const struct type *f = field_type("task", "progress"),
                      *b = field_type("VM", "is_a_template"),
                      *d = field_type("task", "created"),
                      *e = field_type("VM", "power_state");

    CHECK_STR(through(ENCODING_JSON, f, "1"), "1.0");
    CHECK_STR(through(ENCODING_JSON, f, "\"0.5\""), "0.5");
    CHECK_STR(through(ENCODING_XML, f, "1.0"), "<value><double>1</double></value>");
    CHECK_STR(through(ENCODING_XML, f, "0.1"), "<value><double>0.1</double></value>");
    CHECK_STR(through(ENCODING_JSON, b, "true"), "true");
    CHECK_STR(through(ENCODING_XML, b, "true"), "<value><boolean>1</boolean></value>");
    CHECK_STR(through(ENCODING_JSON, d, "\"2026-11-22T10:08:05Z\""),
              "\"20261122T10:08:05Z\"");
    CHECK_STR(through(ENCODING_XML, d, "\"20261122T10:08:05Z\""),
              "<value><dateTime.iso8601>20261122T10:08:05Z</dateTime.iso8601></value>");
    CHECK_STR(through(ENCODING_JSON, e, "\"rUNNING\""), "\"Running\"");
    CHECK_STR(through(ENCODING_XML, e, "\"Halted\""), "<value>Halted</value>");
}

TEST(containers_have_their_forms)
{
    const struct type *set = field_type("VM", "allowed_operations"),
                      *map = field_type("VM", "other_config"),
                      *by_int = field_type("VM_metrics", "VCPUs_utilisation"),
                      *by_enum = field_type("VM", "blocked_operations");

    CHECK_STR(through(ENCODING_JSON, set, "[\"start\",\"CLONE\"]"),
              "[\"start\",\"clone\"]");
    CHECK_STR(through(ENCODING_XML, set, "[]"),
              "<value><array><data></data></array></value>");
    CHECK_STR(
        through(ENCODING_XML, map, "{\"<\":\"\\u0001&\"}"),
        "<value><struct><member><name>&lt;</name><value>&amp;</value></member></struct>"
        "</value>");
    CHECK_STR(through(ENCODING_JSON, map, "{\"k\":\"\\u0001\"}"), "{\"k\":\"\\u0001\"}");
    CHECK_STR(through(ENCODING_JSON, by_int, "{\"0\":1,\"1\":0.5}"),
              "{\"0\":1.0,\"1\":0.5}");
    CHECK_STR(
        through(ENCODING_XML, by_int, "{\"7\":1}"),
        "<value><struct><member><name>7</name><value><double>1</double></value></member>"
        "</struct></value>");
    CHECK_STR(through(ENCODING_JSON, by_enum, "{\"Start\":\"why\"}"),
              "{\"start\":\"why\"}");
}

static void check_refused(const char *class_name, const char *field, const char *json,
                          enum err_code code)
{
    struct val v;
    struct err *e = decode(field_type(class_name, field), json, &v);

    if (!e || err_code(e) != code)
        TEST_FAIL("%s as %s.%s gives %s, not %s", json, class_name, field,
                  e ? err_code_text(e) : "success", err_code_name(code));
    err_free(e);
}

TEST(a_wrong_shape_is_a_field_type_error)
{
    static const char *const rows[][3] = {
        {"VM", "name_label", "1"},
        {"VM", "name_label", "null"},
        {"VM", "name_label", "[]"},
        {"VM", "VCPUs_max", "true"},
        {"VM", "VCPUs_max", "[1]"},
        {"VM", "VCPUs_max", "null"},
        {"VM", "is_a_template", "1"},
        {"VM", "is_a_template", "\"true\""},
        {"VM", "HVM_shadow_multiplier", "{}"},
        {"task", "created", "0"},
        {"VM", "power_state", "1"},
        {"VM", "tags", "\"a\""},
        {"VM", "tags", "{}"},
        {"VM", "tags", "[\"a\",1]"},
        {"VM", "other_config", "[]"},
        {"VM", "other_config", "{\"a\":1}"},
        {"VM", "affinity", "{}"},
    };

    for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
        check_refused(rows[i][0], rows[i][1], rows[i][2], ERR_FIELD_TYPE_ERROR);
}

TEST(a_bad_text_is_an_invalid_value)
{
    static const char *const rows[][3] = {
        {"VM", "VCPUs_max", "\"\""},
        {"VM", "VCPUs_max", "\"1x\""},
        {"VM", "VCPUs_max", "\" 1\""},
        {"VM", "VCPUs_max", "1.5"},
        {"VM", "VCPUs_max", "1e300"},
        {"VM", "VCPUs_max", "9223372036854775808"},
        {"VM", "VCPUs_max", "\"9223372036854775808\""},
        {"task", "progress", "\"x\""},
        {"task", "progress", "\"\""},
        {"task", "created", "\"\""},
        {"task", "created", "\"yesterday\""},
        {"VM", "power_state", "\"Jogging\""},
        {"VM", "name_label", "\"\\uffff\""},
        {"VM", "other_config", "{\"\\ufffe\":\"\"}"},
        {"VM_metrics", "VCPUs_utilisation", "{\"x\":1}"},
        {"Bond", "mode", "\"LACP\""},
    };

    for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
        check_refused(rows[i][0], rows[i][1], rows[i][2], ERR_INVALID_VALUE);
}

TEST(a_key_given_twice_is_a_typed_error_whatever_its_spelling)
{
    check_refused("VM", "other_config", "{\"a\":\"1\",\"a\":\"2\"}", ERR_MAP_DUPLICATE_KEY);
    check_refused("VM_metrics", "VCPUs_utilisation", "{\"1\":1,\"01\":2}",
                  ERR_MAP_DUPLICATE_KEY);
    check_refused("VM", "blocked_operations", "{\"start\":\"\",\"START\":\"\"}",
                  ERR_MAP_DUPLICATE_KEY);
}

TEST(an_error_names_the_field_and_what_it_was_given)
{
    static const struct type secret = {TYPE_SECRET, "secret_string", NULL, NULL, NULL, -1};
    struct val v;
    struct err *e = decode(field_type("VM", "power_state"), "\"Jogging\"", &v);

    CHECK_INT(err_n_params(e), ==, 2);
    CHECK_STR(err_param_at(e, 0), "arg");
    CHECK_STR(err_param_at(e, 1), "Jogging");
    err_free(e);
    e = decode(&secret, "\"hidden\\uffff\"", &v);
    CHECK_INT(err_code(e), ==, ERR_INVALID_VALUE);
    CHECK_STR(err_param_at(e, 1), "(secret)");
    CHECK(!strstr(err_sentence(e), "hidden"));
    err_free(e);
}

TEST(a_record_takes_what_is_absent_from_its_defaults)
{
    const struct class_def *cls = class_by_name("network");
    struct type type = {TYPE_RECORD, "record(network)",        NULL, NULL,
                        NULL,        (int16_t)class_index(cls)};
    autoval struct val v = val_void();

    CHECK_OK(
        decode(&type, "{\"name_label\":\"n\",\"other_config\":{},\"unheard_of\":1}", &v));
    CHECK_INT(val_count(&v), ==, cls->n_fields);
    CHECK_STR(val_text(val_at(&v, (size_t)cls->name_label_field)), "n");
    for (size_t i = 0; i < cls->n_fields; i++)
        if ((int)i != cls->name_label_field)
            CHECK(val_equal(val_at(&v, i), field_default(&cls->fields[i])));
}

TEST(a_record_says_which_field_is_wrong_missing_or_twice)
{
    struct type type = {TYPE_RECORD, "record(VBD)",
                        NULL,        NULL,
                        NULL,        (int16_t)class_index(class_by_name("VBD"))};
    struct val v;
    struct err *e;

    e = decode(&type, "{\"VM\":1}", &v);
    CHECK_INT(err_code(e), ==, ERR_FIELD_TYPE_ERROR);
    CHECK_STR(err_param_at(e, 0), "VM");
    err_free(e);
    CHECK_ERR(decode(&type, "{\"VM\":\"a\",\"VM\":\"a\"}", &v), ERR_MAP_DUPLICATE_KEY);
    CHECK_ERR(decode(&type, "{}", &v), ERR_FIELD_TYPE_ERROR);
    CHECK_ERR(decode(&type, "[]", &v), ERR_FIELD_TYPE_ERROR);
}

TEST(an_empty_option_is_left_out_of_a_record)
{
    const struct class_def *cls = class_by_name("sr_stat");
    int uuid = field_index(cls, field_by_name(cls, "uuid"));
    struct type type = {TYPE_RECORD, "record(sr_stat)",        NULL, NULL,
                        NULL,        (int16_t)class_index(cls)};
    autoval struct val without = default_record(cls), untyped = val_void(),
                       with = val_void();
    autobuf text = BUF_INIT;

    codec_json(&type, &without, &text);
    CHECK(!strstr(buf_str(&text), "\"uuid\""));
    CHECK_INT(json_parse(text.data, text.size, 0, &untyped, NULL), ==, 0);
    val_put_str(&untyped, "uuid", val_str("u"));
    CHECK_OK(codec_decode(&type, &untyped, "record", &with));
    CHECK_STR(val_text(val_at(val_at(&with, (size_t)uuid), 0)), "u");
    buf_clear(&text);
    codec_xml(&type, &with, &text);
    CHECK(strstr(buf_str(&text), "<name>uuid</name><value>u</value>"));
}

TEST(the_store_keeps_every_value_exactly)
{
    static const double numbers[] = {0.1, 1.0 / 3, 1e300, INFINITY};

    for (size_t i = 0; i < ARRAY_SIZE(numbers); i++) {
        struct val v = val_float(numbers[i]), back;
        autobuf text = BUF_INIT;

        codec_to_store(field_type("task", "progress"), &v, &text);
        CHECK_OK(
            codec_from_store(field_type("task", "progress"), text.data, text.size, &back));
        CHECK(val_equal(&v, &back));
    }
    CHECK_ERR(codec_from_store(field_type("task", "progress"), "{", 1, &(struct val){0}),
              ERR_INTERNAL_ERROR);
}

TEST_MAIN
