// SPDX-License-Identifier: GPL-2.0-or-later
#include "storage/vdi.h"

#include <stdlib.h>

#include "base/clock.h"

void vdi_fini(struct vdi *vdi)
{
    free(vdi->name_label);
    free(vdi->name_description);
    free(vdi->kind);
    free(vdi->location);
    free(vdi->damaged);
    *vdi = (struct vdi){0};
}

void vdi_list_fini(struct vdi_list *list)
{
    for (size_t i = 0; i < list->n; i++)
        vdi_fini(&list->at[i]);
    free(list->at);
    *list = (struct vdi_list){0};
}

static struct val text(const char *s)
{
    return val_str(s ? s : "");
}

struct val vdi_to_val(const struct vdi *vdi, struct val holders)
{
    char snapshot_time[CLOCK_TEXT_LEN + 1];
    struct val v = val_map(16);

    clock_to_text(vdi->snapshot_time, snapshot_time);
    val_put_str(&v, "uuid", val_str(vdi->uuid.text));
    val_put_str(&v, "name_label", text(vdi->name_label));
    val_put_str(&v, "name_description", text(vdi->name_description));
    val_put_str(&v, "kind", text(vdi->kind));
    val_put_str(&v, "location", text(vdi->location));
    val_put_str(&v, "virtual_size", val_int((int64_t)vdi->virtual_size));
    val_put_str(&v, "physical_utilisation", val_int((int64_t)vdi->physical_utilisation));
    val_put_str(&v, "read_only", val_bool(vdi->read_only));
    val_put_str(&v, "is_a_snapshot", val_bool(vdi->is_a_snapshot));
    val_put_str(&v, "snapshot_of", val_str(vdi->snapshot_of.text));
    val_put_str(&v, "snapshot_time", val_str(snapshot_time));
    val_put_str(&v, "sm_config", val_map(0));
    val_put_str(&v, "holders", holders);
    if (vdi->snapshotting.text[0])
        val_put_str(&v, "snapshotting", val_str(vdi->snapshotting.text));
    if (vdi->resizing_to)
        val_put_str(&v, "resizing_to", val_int((int64_t)vdi->resizing_to));
    if (vdi->damaged)
        val_put_str(&v, "damaged", val_str(vdi->damaged));
    return v;
}
