// SPDX-License-Identifier: GPL-2.0-or-later
#include "db/row.h"

#include <limits.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "model/codec.h"

/* JSON texts that all rows keep together: those of 10,000 VMs are 25 MB.  Beyond it they
 * are made anew each time. */
#define TEXTS_KEPT_MAX (32u << 20)

static atomic_size_t texts_kept;
static struct val *defaults[N_CLASSES];
static pthread_once_t defaults_once = PTHREAD_ONCE_INIT;

static void make_defaults(void)
{
    for (int cls = 0; cls < N_CLASSES; cls++) {
        const struct class_def *def = &classes[cls];

        defaults[cls] = xcalloc(def->n_fields, sizeof(*defaults[cls]));
        for (int i = 0; i < def->n_fields; i++)
            defaults[cls][i] = val_ref(field_default(&def->fields[i]));
    }
}

void row_defaults_init(void)
{
    pthread_once(&defaults_once, make_defaults);
}

static struct row *make(int cls, const struct val *ref, const struct val *cells)
{
    size_t n = classes[cls].n_fields;
    struct row *row = xmalloc(sizeof(*row) + n * sizeof(row->cells[0]));

    *row = (struct row){.cls = (int16_t)cls, .ref = val_ref(ref), .unknown = val_void()};
    atomic_init(&row->refs, 1);
    atomic_init(&row->json, NULL);
    atomic_init(&row->sizes[ENCODING_JSON], 0);
    atomic_init(&row->sizes[ENCODING_XML], 0);
    for (size_t i = 0; i < n; i++)
        row->cells[i] = val_ref(&cells[i]);
    return row;
}

struct row *row_new(int cls, const struct val *ref)
{
    return make(cls, ref, defaults[cls]);
}

struct row *row_copy(const struct row *row)
{
    struct row *copy = make(row->cls, &row->ref, row->cells);

    copy->unknown = val_ref(&row->unknown);
    copy->created = row->created;
    copy->changed = row->changed;
    return copy;
}

struct row *row_hold(struct row *row)
{
    atomic_fetch_add_explicit(&row->refs, 1, memory_order_relaxed);
    return row;
}

static void drop_json(struct row *row);

void row_release(struct row *row)
{
    size_t n;

    if (!row || atomic_fetch_sub_explicit(&row->refs, 1, memory_order_acq_rel) != 1)
        return;
    n = classes[row->cls].n_fields;
    for (size_t i = 0; i < n; i++)
        val_unref(&row->cells[i]);
    val_unref(&row->ref);
    val_unref(&row->unknown);
    drop_json(row);
    free(row);
}

void row_list_fini(struct row_list *list)
{
    for (size_t i = 0; i < list->n; i++)
        row_release(list->at[i]);
    free(list->at);
    *list = (struct row_list){0};
}

const char *row_ref(const struct row *row)
{
    return val_text(&row->ref);
}

const struct class_def *row_class(const struct row *row)
{
    return &classes[row->cls];
}

const struct val *row_get(const struct row *row, int field)
{
    assert_msg(field >= 0 && field < classes[row->cls].n_fields, "no such field");
    return &row->cells[field];
}

const char *row_text(const struct row *row, int field)
{
    return val_text(row_get(row, field));
}

int64_t row_int(const struct row *row, int field)
{
    const struct val *v = row_get(row, field);

    assert_msg(v->kind == VAL_INT, "not a number");
    return v->i;
}

bool row_bool(const struct row *row, int field)
{
    const struct val *v = row_get(row, field);

    assert_msg(v->kind == VAL_BOOL, "not a boolean");
    return v->b;
}

static const char *text_or_empty(const struct row *row, int field)
{
    return field < 0 ? "" : row_text(row, field);
}

const char *row_uuid(const struct row *row)
{
    return text_or_empty(row, classes[row->cls].uuid_field);
}

const char *row_name_label(const struct row *row)
{
    return text_or_empty(row, classes[row->cls].name_label_field);
}

void row_write(const struct row *row, enum encoding encoding, struct buf *out)
{
    codec_record(encoding, row_class(row), row->cells, out);
}

size_t row_text_size(const struct row *row, enum encoding encoding)
{
    atomic_uint *place = &((struct row *)row)->sizes[encoding];
    size_t size = atomic_load_explicit(place, memory_order_relaxed);
    autobuf out = BUF_INIT;

    if (size)
        return size;
    row_write(row, encoding, &out);
    assert_msg(out.size < UINT_MAX, "a record is too long");
    atomic_store_explicit(place, (unsigned)out.size, memory_order_relaxed);
    return out.size;
}

static struct json_text *make_json(const struct row *row)
{
    autobuf out = BUF_INIT;
    struct json_text *text;

    row_write(row, ENCODING_JSON, &out);
    text = xmalloc(sizeof(*text) + out.size + 1);
    text->len = out.size;
    memcpy(text->bytes, buf_str(&out), out.size + 1);
    return text;
}

/* Two readers may both make the text; the second to publish drops its own. */
const char *row_json(const struct row *row, size_t *ret_len)
{
    _Atomic(struct json_text *) *place = &((struct row *)row)->json;
    struct json_text *text = atomic_load_explicit(place, memory_order_acquire), *mine;

    if (!text && atomic_load_explicit(&texts_kept, memory_order_relaxed) >= TEXTS_KEPT_MAX)
        return NULL;
    if (!text) {
        mine = make_json(row);
        if (atomic_compare_exchange_strong_explicit(
                place, &text, mine, memory_order_acq_rel, memory_order_acquire)) {
            text = mine;
            atomic_fetch_add_explicit(&texts_kept, text->len, memory_order_relaxed);
        } else {
            free(mine);
        }
    }
    *ret_len = text->len;
    return text->bytes;
}

static void drop_json(struct row *row)
{
    struct json_text *text = atomic_load_explicit(&row->json, memory_order_relaxed);

    if (text)
        atomic_fetch_sub_explicit(&texts_kept, text->len, memory_order_relaxed);
    free(text);
}

bool field_is_stored(int cls, int field)
{
    const struct field_def *f = &classes[cls].fields[field];

    return classes[cls].persist && f->persist && f->relation != REL_DERIVED;
}

bool field_is_derived_durably(int cls, int field)
{
    const struct field_def *f = &classes[cls].fields[field];

    return classes[cls].persist && field_is_stored(f->rel_class, f->rel_field);
}

static unsigned difference_of(int cls, int field)
{
    if (classes[cls].fields[field].relation == REL_DERIVED)
        return field_is_derived_durably(cls, field) ? ROW_DERIVED_DURABLE
                                                    : ROW_DERIVED_VOLATILE;
    return field_is_stored(cls, field) ? ROW_DURABLE : ROW_VOLATILE;
}

unsigned row_compare(const struct row *a, const struct row *b)
{
    int n = classes[a->cls].n_fields;
    unsigned found = 0;

    for (int i = 0; i < n; i++)
        if (!val_equal(&a->cells[i], &b->cells[i]))
            found |= difference_of(a->cls, i);
    return found;
}
