// SPDX-License-Identifier: GPL-2.0-or-later
#include "storage/hold.h"

#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "base/vec.h"
#include "agent/doc.h"

#define BOOT_ID_MAX 64

static int read_layers(const struct val *object, struct hold *hold);

void hold_fini(struct hold *hold)
{
    free(hold->layers);
    *hold = (struct hold){0};
}

void hold_list_fini(struct hold_list *list)
{
    for (size_t i = 0; i < list->n; i++)
        hold_fini(&list->at[i]);
    VEC_FINI(list);
}

struct hold hold_copy(const struct hold *hold)
{
    struct hold copy = *hold;

    copy.layers = NULL;
    if (hold->layers)
        hold_set_layers(&copy, hold->layers, hold->n_layers);
    return copy;
}

void hold_set_layers(struct hold *hold, const struct uuid *layers, size_t n)
{
    struct uuid *copy = xcalloc(n, sizeof(copy[0]));

    memcpy(copy, layers, n * sizeof(copy[0]));
    free(hold->layers);
    hold->layers = copy;
    hold->n_layers = n;
}

bool hold_has(const struct hold *hold, const struct uuid *layers, size_t n)
{
    if (hold->holder.text[0] && !hold->layers)
        return true;
    for (size_t i = 0; i < hold->n_layers; i++)
        for (size_t j = 0; j < n; j++)
            if (STREQ(hold->layers[i].text, layers[j].text))
                return true;
    return false;
}

struct val holds_to_val(const struct hold_list *holds)
{
    struct val list = val_set(holds->n);

    for (size_t i = 0; i < holds->n; i++) {
        struct val row = val_map(3);

        val_put_str(&row, "vdi", val_str(holds->at[i].vdi.text));
        val_put_str(&row, "holder", val_str(holds->at[i].holder.text));
        val_put_str(&row, "mode", val_str(open_mode_name(holds->at[i].mode)));
        val_push(&list, row);
    }
    return list;
}

char *hold_name(const struct hold *hold)
{
    return xasprintf("%s.%s.%s.json", hold->sr.text, hold->vdi.text, hold->holder.text);
}

bool hold_from_name(const char *name, struct hold *ret_hold)
{
    struct uuid *parts[] = {&ret_hold->sr, &ret_hold->vdi, &ret_hold->holder};
    const char *at = name;

    for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
        char part[UUID_LEN + 1] = "";

        if (strnlen(at, UUID_LEN + 1) <= UUID_LEN || at[UUID_LEN] != '.')
            return false;
        memcpy(part, at, UUID_LEN);
        if (!uuid_is_valid(part))
            return false;
        *parts[i] = uuid_lower(part);
        at += UUID_LEN + 1;
    }
    return STREQ(at, "json");
}

int hold_write(int dir_fd, const char *boot_id, const struct hold *hold)
{
    autoval struct val object = val_map(5);
    autofree char *name = hold_name(hold);
    struct val ids = val_set(hold->n_layers);

    for (size_t i = 0; i < hold->n_layers; i++)
        val_push(&ids, val_str(hold->layers[i].text));
    val_put_str(&object, "boot_id", val_str(boot_id));
    val_put_str(&object, "mode", val_str(open_mode_name(hold->mode)));
    val_put_str(&object, "layers", ids);
    val_put_str(&object, "lower", val_str(hold->lower.text));
    val_put_str(&object, "upper", val_str(hold->upper.text));
    return doc_write(dir_fd, name, &object);
}

int hold_read(int dir_fd, const char *name, const char *boot_id, struct hold *hold)
{
    autoval struct val object = val_void();
    const char *of_boot, *mode;
    int r = doc_read(dir_fd, name, &object);

    if (r < 0 || doc_text(&object, "boot_id", BOOT_ID_MAX, &of_boot) < 0)
        return -EBADMSG;
    if (!STREQ(of_boot, boot_id))
        return -ESTALE;
    if (doc_text(&object, "mode", 2, &mode) < 0)
        return -EBADMSG;
    hold->mode = STREQ(mode, "ro") ? OPEN_RO : OPEN_RW;
    return read_layers(&object, hold);
}

static int read_layers(const struct val *object, struct hold *hold)
{
    const struct val *ids = val_find(object, "layers");
    struct uuid layers[LAYERS_MAX];

    if (!ids || ids->kind != VAL_SET || val_count(ids) > LAYERS_MAX ||
        doc_uuid_or_none(object, "lower", &hold->lower) < 0 ||
        doc_uuid_or_none(object, "upper", &hold->upper) < 0)
        return -EBADMSG;
    for (size_t i = 0; i < val_count(ids); i++) {
        const struct val *id = val_at(ids, i);

        if (id->kind != VAL_STR || !uuid_is_valid(val_text(id)))
            return -EBADMSG;
        layers[i] = uuid_lower(val_text(id));
    }
    hold_set_layers(hold, layers, val_count(ids));
    return 0;
}
