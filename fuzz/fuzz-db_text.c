// SPDX-License-Identifier: GPL-2.0-or-later
/* Values as the text of XAPI's database, which snapshots carry and imports bring.  What is
 * read of a field's type, or as a row, is written and read again as the same.  The first
 * byte chooses the class, the second the field or, with the highest bit, a row. */
#include "model/db_text.h"

#include "fuzz.h"
#include "model/model.h"

static void try_field(const struct type *type, const char *text, size_t len)
{
    autoval struct val value = val_void(), again = val_void();
    autobuf written = BUF_INIT, second = BUF_INIT;

    if (db_text_parse(type, text, len, &value) < 0)
        return;
    db_text_add(&written, type, &value);
    FUZZ_CLAIM(db_text_parse(type, buf_str(&written), written.size, &again) == 0);
    db_text_add(&second, type, &again);
    FUZZ_CLAIM(STREQ(buf_str(&written), buf_str(&second)));
}

/* As VM.revert does: each field the class has is read by its type. */
static void try_row(const struct class_def *cls, const char *text, size_t len)
{
    autoval struct val fields = val_void();

    if (db_text_parse_row(text, len, &fields) < 0)
        return;
    for (size_t i = 0; i < cls->n_fields; i++) {
        const struct val *value = val_find(&fields, cls->fields[i].db_name);

        if (value)
            try_field(cls->fields[i].type, val_text(value), val_len(value));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct class_def *cls = &classes[fuzz_choice(&data, &size) % N_CLASSES];
    uint8_t choice = fuzz_choice(&data, &size);

    if (choice & 0x80 || !cls->n_fields)
        try_row(cls, (const char *)data, size);
    else
        try_field(cls->fields[choice % cls->n_fields].type, (const char *)data, size);
    return 0;
}
