// SPDX-License-Identifier: GPL-2.0-or-later
/* Untyped values read as the datamodel's types.  What was accepted comes back the same from
 * JSON and from the store, and is accepted from XML.  The first two bytes choose a field's
 * type or, with the highest bit, one of a message's parameters; the rest is JSON. */
#include "model/codec.h"

#include "fuzz.h"
#include "wire/json.h"
#include "wire/xml.h"

static const struct type *type_of_field(unsigned number)
{
    size_t n = 0;

    for (int i = 0; i < N_CLASSES; i++)
        n += classes[i].n_fields;
    number %= (unsigned)n;
    for (int i = 0; i < N_CLASSES; i++) {
        if (number < classes[i].n_fields)
            return classes[i].fields[number].type;
        number -= classes[i].n_fields;
    }
    return NULL;
}

static const struct type *type_of_param(unsigned number)
{
    const struct method_def *method = &methods[number % n_methods];

    return method->n_params ? method->params[number / n_methods % method->n_params].type
                            : method->result;
}

/* Neither NaN, which equals nothing, nor text for which encodings differ. */
static bool is_plain(const struct val *v)
{
    switch (v->kind) {
    case VAL_FLOAT:
        return v->d == v->d;
    case VAL_SET:
        for (size_t i = 0; i < val_count(v); i++)
            if (!is_plain(val_at(v, i)))
                return false;
        return true;
    case VAL_MAP:
        for (size_t i = 0; i < val_count(v); i++)
            if (!is_plain(val_key_at(v, i)) || !is_plain(val_value_at(v, i)))
                return false;
        return true;
    default:
        return true;
    }
}

static void through_json(const struct type *type, const struct val *value)
{
    autoval struct val untyped = val_void(), again = val_void();
    autobuf text = BUF_INIT;
    autoptr(err) e = NULL;

    codec_json(type, value, &text);
    FUZZ_CLAIM(json_parse(text.data, text.size, JSON_KEEP_DUPLICATES, &untyped, NULL) == 0);
    e = codec_decode(type, &untyped, "x", &again);
    FUZZ_CLAIM(!e);
    FUZZ_CLAIM(!is_plain(value) || val_equal(value, &again));
}

static void through_xml(const struct type *type, const struct val *value)
{
    autoval struct val untyped = val_void(), again = val_void();
    autobuf text = BUF_INIT;
    autoptr(err) e = NULL;

    codec_xml(type, value, &text);
    FUZZ_CLAIM(xml_parse_value(text.data, text.size, &untyped, NULL) == 0);
    e = codec_decode(type, &untyped, "x", &again);
    /* Keys that differ in control characters only are the same in XML. */
    FUZZ_CLAIM(!e || err_code(e) == ERR_MAP_DUPLICATE_KEY);
}

static void through_store(const struct type *type, const struct val *value)
{
    autoval struct val again = val_void();
    autobuf text = BUF_INIT;
    autoptr(err) e = NULL;

    codec_to_store(type, value, &text);
    e = codec_from_store(type, text.data, text.size, &again);
    FUZZ_CLAIM(!e);
    FUZZ_CLAIM(!is_plain(value) || val_equal(value, &again));
}

static void check_error(const struct err *e)
{
    enum err_code code = err_code(e);

    FUZZ_CLAIM(code == ERR_FIELD_TYPE_ERROR || code == ERR_INVALID_VALUE ||
               code == ERR_MAP_DUPLICATE_KEY);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    unsigned high = fuzz_choice(&data, &size), low = fuzz_choice(&data, &size);
    unsigned number = (high & 0x7f) << 8 | low;
    const struct type *type = high & 0x80 ? type_of_param(number) : type_of_field(number);
    autoval struct val untyped = val_void(), value = val_void(), stored = val_void();
    autoptr(err) e = NULL;
    UNUSED autoptr(err) store_error =
        codec_from_store(type, (const char *)data, size, &stored);

    if (json_parse((const char *)data, size, JSON_KEEP_DUPLICATES, &untyped, NULL) < 0)
        return 0;
    e = codec_decode(type, &untyped, "x", &value);
    if (e) {
        check_error(e);
        return 0;
    }
    through_json(type, &value);
    through_xml(type, &value);
    through_store(type, &value);
    return 0;
}
