// SPDX-License-Identifier: GPL-2.0-or-later
/* Expressions of get_all_records_where.  One that was understood can be asked of a row.
 * The first byte chooses the class. */
#include "model/filter.h"

#include "base/alloc.h"
#include "base/vec.h"
#include "fuzz.h"
#include "model/codec.h"

static bool match_default(const struct class_def *cls, const struct filter *filter)
{
    VEC(struct val) cells = VEC_INIT;
    bool matches;

    for (size_t i = 0; i < cls->n_fields; i++)
        *VEC_PUSH(&cells) = val_ref(field_default(&cls->fields[i]));
    matches = filter_match(filter, NULL_REF, cells.at);
    for (size_t i = 0; i < cells.n; i++)
        val_unref(&cells.at[i]);
    VEC_FINI(&cells);
    return matches;
}

/* What holds for a row does not hold for "not" of the same. */
static void check_opposite(const struct class_def *cls, const char *text, bool matches)
{
    autofree char *opposite = xasprintf("not (%s)", text);
    autoptr(filter) filter = NULL;
    autoptr(err) e = filter_parse(cls, opposite, &filter);

    if (!e)
        FUZZ_CLAIM(match_default(cls, filter) == !matches);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct class_def *cls = &classes[fuzz_choice(&data, &size) % N_CLASSES];
    char *text = strndup((const char *)data, size);
    autoptr(filter) filter = NULL;
    autoptr(err) e = filter_parse(cls, text, &filter);

    FUZZ_CLAIM(!e == !!filter);
    if (e)
        FUZZ_CLAIM(err_code(e) == ERR_INVALID_VALUE && err_n_params(e) == 2);
    else
        check_opposite(cls, text, match_default(cls, filter));
    free(text);
    return 0;
}
