// SPDX-License-Identifier: GPL-2.0-or-later
/* The arguments of a verb, as an agent gets them.  What passes is what the table allows. */
#include "agent/args.h"

#include "base/cleanup.h"
#include "base/uuid.h"
#include "fuzz.h"
#include "wire/json.h"

#define N_FDS 3

static const struct verb_arg known[] = {
    {"uuid", ARG_UUID},
    {"text", ARG_TEXT, true, .max = 16},
    {"word", ARG_WORD, true, .max = 8},
    {"int", ARG_INT, true, .min = -5, .max = 1000},
    {"bool", ARG_BOOL, true},
    {"map", ARG_MAP, true},
    {"list", ARG_LIST, true},
    {"object", ARG_OBJECT, true},
    {"fd", ARG_FD, true},
};
static const struct verb verb = {"fuzz.verb", known, ARRAY_SIZE(known), NULL, NULL, ""};

static void check_map(const struct val *map)
{
    for (size_t i = 0; map && i < val_count(map); i++)
        FUZZ_CLAIM(val_value_at(map, i)->kind == VAL_STR);
}

static void check_args(const struct val *args)
{
    struct verb_call call = {.verb = &verb, .args = *args};
    const char *word = call_text(&call, "word");
    const struct val *fd = call_arg(&call, "fd");
    int64_t number = call_int(&call, "int", 0);

    FUZZ_CLAIM(uuid_is_valid(call_text(&call, "uuid")));
    FUZZ_CLAIM(STREQ(uuid_lower(call_text(&call, "uuid")).text, call_text(&call, "uuid")));
    FUZZ_CLAIM(strlen(call_text(&call, "text")) <= 16);
    FUZZ_CLAIM(strlen(word) <= 8 && word[0] != '-' && word[0] != '.' && !strchr(word, '/'));
    FUZZ_CLAIM(number >= -5 && number <= 1000);
    FUZZ_CLAIM(!fd || (fd->i >= 0 && fd->i < N_FDS));
    check_map(call_arg(&call, "map"));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    autoval struct val params = val_void(), args = val_void();
    autoptr(err) e = NULL;

    if (json_parse((const char *)data, size, 0, &params, NULL) < 0)
        return 0;
    e = args_check(&verb, &params, N_FDS, &args);
    if (e)
        FUZZ_CLAIM(err_code(e) == ERR_INVALID_VALUE && err_n_params(e) == 2);
    else
        check_args(&args);
    return 0;
}
