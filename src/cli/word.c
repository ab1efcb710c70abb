// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/word.h"

#include <fcntl.h>
#include <string.h>

#include "base/fd.h"
#include "base/str.h"
#include "cli/convert.h"
#include "cli/fail.h"
#include "cli/target.h"
#include "model/model.h"

#define MAX_FILE_SIZE (32u << 20)

static struct err *by_default(const struct scene *scene, const struct xe_word *word,
                              const struct type *type, struct val *ret_value)
{
    const char *ref;
    struct err *e;

    if (!*word->otherwise) {
        *ret_value = convert_empty(type);
        return NULL;
    }
    if (*word->otherwise != '@')
        return convert_text(scene->run->catalog, type, word->text, word->otherwise,
                            ret_value);
    e = STREQ(word->otherwise, "@host") ? target_host(scene->run, &ref)
                                        : target_pool(scene->run, &ref);
    if (!e)
        *ret_value = val_str(ref);
    return e;
}

static struct err *argument(const struct scene *scene, const struct xe_word *word,
                            const struct type *type, struct val *ret_value)
{
    const char *text = args_get(scene->run->args, word->text);
    struct err *e = NULL;

    if (!text && word->otherwise)
        return by_default(scene, word, type, ret_value);
    if (!text)
        e = args_require(scene->run->args, word->text, &text);
    return e ? e : convert_text(scene->run->catalog, type, word->text, text, ret_value);
}

static struct err *read_file(const char *path, struct val *ret_value)
{
    autobuf text = BUF_INIT;
    int r = fd_read_file(AT_FDCWD, path, MAX_FILE_SIZE, &text);

    if (r < 0)
        return fail("reading %s: %s", path, strerrordesc_np(-r));
    *ret_value = val_str_n(buf_str(&text), text.size);
    return NULL;
}

static struct err *file(const struct scene *scene, const struct xe_word *word,
                        struct val *ret_value)
{
    const char *path;
    struct err *e = args_require(scene->run->args, word->text, &path);

    return e ? e : read_file(path, ret_value);
}

/* "key:file" stands for "key" with what is in the file. */
static struct err *read_files(const struct val *texts, struct val *ret_texts)
{
    static const char suffix[] = ":file";
    autoval struct val out = val_map(val_count(texts));

    for (size_t i = 0; i < val_count(texts); i++) {
        const struct val *key = val_key_at(texts, i), *value = val_value_at(texts, i);
        struct val contents;
        struct err *e;

        if (!str_has_suffix(val_text(key), suffix)) {
            val_put(&out, val_ref(key), val_ref(value));
            continue;
        }
        e = read_file(val_text(value), &contents);
        if (e)
            return e;
        val_put(&out, val_str_n(val_text(key), val_len(key) - strlen(suffix)), contents);
    }
    *ret_texts = take_val(out);
    return NULL;
}

static struct err *prefix(const struct scene *scene, const struct xe_word *word,
                          const struct type *type, struct val *ret_value)
{
    autoval struct val given = args_map(scene->run->args, word->text);
    autoval struct val texts = val_void();
    struct err *e = read_files(&given, &texts);

    return e ? e : convert_map(scene->run->catalog, type, word->text, &texts, ret_value);
}

static struct err *record(const struct scene *scene, const struct xe_word *word,
                          const struct type *type, struct val *ret_value)
{
    autoval struct val out = val_map(word->n_words);
    bool is_map = type->kind == TYPE_MAP;

    for (size_t i = 0; i < word->n_words; i++) {
        const struct xe_word *one = &word->words[i];
        struct val value;
        struct err *e;

        if (is_map && one->kind == XE_WORD_ARGUMENT &&
            !args_get(scene->run->args, one->text))
            continue;
        e = word_value(scene, one,
                       is_map ? type->elem
                              : field_by_name(&classes[type->cls], one->member)->type,
                       &value);
        if (e)
            return e;
        val_put_str(&out, one->member, value);
    }
    if (!is_map)
        word_add_required(&classes[type->cls], &out);
    *ret_value = take_val(out);
    return NULL;
}

static struct err *object(const struct scene *scene, const struct xe_word *word,
                          struct val *ret_value)
{
    const char *ref = scene->selected;
    struct err *e = NULL;

    if (word->kind == XE_WORD_POOL)
        e = target_pool(scene->run, &ref);
    if (word->kind == XE_WORD_HOST)
        e = target_host(scene->run, &ref);
    if (!e)
        *ret_value = val_str(ref);
    return e;
}

struct err *word_value(const struct scene *scene, const struct xe_word *word,
                       const struct type *type, struct val *ret_value)
{
    switch (word->kind) {
    case XE_WORD_RESULT:
        *ret_value = val_ref(scene->result);
        return NULL;
    case XE_WORD_LITERAL:
        if (*word->text)
            return convert_text(scene->run->catalog, type, word->text, word->text,
                                ret_value);
        *ret_value = convert_empty(type);
        return NULL;
    case XE_WORD_ARGUMENT:
        return argument(scene, word, type, ret_value);
    case XE_WORD_FILE:
        return file(scene, word, ret_value);
    case XE_WORD_ABSENT:
        *ret_value = val_bool(!args_get(scene->run->args, word->text));
        return NULL;
    case XE_WORD_PREFIX:
        return prefix(scene, word, type, ret_value);
    case XE_WORD_RECORD:
        return record(scene, word, type, ret_value);
    default:
        return object(scene, word, ret_value);
    }
}

bool word_is_there(const struct args *args, const struct xe_word *word)
{
    if (word->kind == XE_WORD_PREFIX)
        return args_has_prefix(args, word->text);
    if (word->kind != XE_WORD_ARGUMENT || word->otherwise)
        return true;
    return args_get(args, word->text) != NULL;
}

void word_add_required(const struct class_def *cls, struct val *record)
{
    for (unsigned i = 0; i < cls->n_fields; i++)
        if (cls->fields[i].required && !val_find(record, cls->fields[i].name))
            val_put_str(record, cls->fields[i].name, convert_empty(cls->fields[i].type));
}
