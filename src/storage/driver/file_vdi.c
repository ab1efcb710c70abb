// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/doc.h"
#include "base/alloc.h"
#include "base/clock.h"
#include "storage/driver/file_private.h"
#include "storage/fault.h"

#define TEXT_MAX 16384

static char *pointer_name(const struct uuid *uuid)
{
    return xasprintf("%s.json", uuid->text);
}

void file_vdi_fini(struct file_vdi *vdi)
{
    free(vdi->name_label);
    free(vdi->name_description);
    free(vdi->kind);
    free(vdi->begun.name_label);
    free(vdi->begun.name_description);
    *vdi = (struct file_vdi){0};
}

struct err *file_vdi_read(const struct file_sr *sr, const struct uuid *uuid,
                          struct file_vdi *ret_vdi)
{
    autofree char *name = pointer_name(uuid);
    autoval struct val object = val_void();
    autofilevdi vdi = {0};
    int r = doc_read(sr->vdis_fd, name, &object);

    if (r == -ENOENT)
        return err_params(ERR_VDI_MISSING, sr->uuid.text, uuid->text, NULL);
    if (r == 0)
        r = file_vdi_parse(&object, &vdi);
    if (r == 0 && !STREQ(vdi.uuid.text, uuid->text))
        r = -EBADMSG;
    if (r < 0)
        return storage_failure("the pointer of VDI %s cannot be read: %s", uuid->text,
                               strerrordesc_np(-r));
    *ret_vdi = vdi;
    vdi = (struct file_vdi){0};
    return NULL;
}

static int parse_begun(const struct val *object, struct file_vdi *vdi)
{
    const struct val *begun = val_find(object, "snapshotting");
    const char *name_label, *name_description, *time;

    if (!begun || begun->kind == VAL_VOID)
        return 0;
    if (begun->kind != VAL_MAP || doc_uuid(begun, "new", &vdi->begun.new) < 0 ||
        doc_uuid(begun, "before", &vdi->begun.before) < 0 ||
        doc_text(begun, "name_label", TEXT_MAX, &name_label) < 0 ||
        doc_text(begun, "name_description", TEXT_MAX, &name_description) < 0 ||
        doc_text(begun, "time", 64, &time) < 0 ||
        clock_from_text(time, &vdi->begun.time) < 0)
        return -EBADMSG;
    vdi->begun.name_label = xstrdup(name_label);
    vdi->begun.name_description = xstrdup(name_description);
    return 0;
}

static struct val begun_to_val(const struct file_vdi *vdi)
{
    char time[CLOCK_TEXT_LEN + 1];
    struct val begun = val_map(5);

    clock_to_text(vdi->begun.time, time);
    val_put_str(&begun, "new", val_str(vdi->begun.new.text));
    val_put_str(&begun, "before", val_str(vdi->begun.before.text));
    val_put_str(&begun, "name_label", val_str(vdi->begun.name_label));
    val_put_str(&begun, "name_description", val_str(vdi->begun.name_description));
    val_put_str(&begun, "time", val_str(time));
    return begun;
}

int file_vdi_parse(const struct val *object, struct file_vdi *ret_vdi)
{
    const char *name_label, *name_description, *kind, *snapshot_time;
    struct file_vdi vdi = {0};

    if (doc_uuid(object, "uuid", &vdi.uuid) < 0 ||
        doc_uuid(object, "leaf", &vdi.leaf) < 0 ||
        doc_text(object, "name_label", TEXT_MAX, &name_label) < 0 ||
        doc_text(object, "name_description", TEXT_MAX, &name_description) < 0 ||
        doc_text(object, "kind", 64, &kind) < 0 ||
        doc_size(object, "virtual_size", FILE_MAX_SIZE, &vdi.virtual_size) < 0 ||
        doc_size(object, "resizing_to", FILE_MAX_SIZE, &vdi.resizing_to) < 0 ||
        doc_bool(object, "is_a_snapshot", &vdi.is_a_snapshot) < 0 ||
        doc_uuid_or_none(object, "snapshot_of", &vdi.snapshot_of) < 0 ||
        doc_text(object, "snapshot_time", 64, &snapshot_time) < 0 ||
        clock_from_text(snapshot_time, &vdi.snapshot_time) < 0 ||
        parse_begun(object, &vdi) < 0)
        return -EBADMSG;
    vdi.name_label = xstrdup(name_label);
    vdi.name_description = xstrdup(name_description);
    vdi.kind = xstrdup(kind);
    *ret_vdi = vdi;
    return 0;
}

struct err *file_vdi_write(const struct file_sr *sr, const struct file_vdi *vdi)
{
    autofree char *name = pointer_name(&vdi->uuid);
    autoval struct val object = val_map(10);
    char snapshot_time[CLOCK_TEXT_LEN + 1];
    int r;

    clock_to_text(vdi->snapshot_time, snapshot_time);
    val_put_str(&object, "uuid", val_str(vdi->uuid.text));
    val_put_str(&object, "leaf", val_str(vdi->leaf.text));
    val_put_str(&object, "name_label", val_str(vdi->name_label));
    val_put_str(&object, "name_description", val_str(vdi->name_description));
    val_put_str(&object, "kind", val_str(vdi->kind));
    val_put_str(&object, "virtual_size", val_int((int64_t)vdi->virtual_size));
    val_put_str(&object, "resizing_to", val_int((int64_t)vdi->resizing_to));
    val_put_str(&object, "is_a_snapshot", val_bool(vdi->is_a_snapshot));
    val_put_str(&object, "snapshot_of", val_str(vdi->snapshot_of.text));
    val_put_str(&object, "snapshot_time", val_str(snapshot_time));
    if (vdi->begun.new.text[0])
        val_put_str(&object, "snapshotting", begun_to_val(vdi));
    r = doc_write(sr->vdis_fd, name, &object);
    return r < 0 ? storage_errno(r, "writing the pointer of VDI %s", vdi->uuid.text) : NULL;
}

struct err *file_vdi_remove(const struct file_sr *sr, const struct uuid *uuid)
{
    autofree char *name = pointer_name(uuid);

    if (unlinkat(sr->vdis_fd, name, 0) < 0 || fsync(sr->vdis_fd) < 0)
        return storage_errno(errno, "removing the pointer of VDI %s", uuid->text);
    return NULL;
}

struct err *file_vdi_check_new(const struct file_sr *sr, const struct uuid *uuid)
{
    autofree char *name = pointer_name(uuid);
    struct stat st;

    if (fstatat(sr->vdis_fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0)
        return err_params(ERR_LOCATION_NOT_UNIQUE, sr->uuid.text, uuid->text, NULL);
    return errno == ENOENT ? NULL : storage_errno(errno, "looking for VDI %s", uuid->text);
}

void file_vdi_describe(const struct file_sr *sr, const struct file_vdi *vdi,
                       const struct file_layer *leaf, struct vdi *ret_vdi)
{
    *ret_vdi = (struct vdi){
        .uuid = vdi->uuid,
        .name_label = xstrdup(vdi->name_label),
        .name_description = xstrdup(vdi->name_description),
        .kind = xstrdup(vdi->kind),
        .location = xstrdup(vdi->uuid.text),
        .virtual_size = vdi->virtual_size,
        .physical_utilisation = leaf ? file_layer_allocated(sr, leaf) : 0,
        .read_only = vdi->is_a_snapshot || !leaf || leaf->frozen,
        .is_a_snapshot = vdi->is_a_snapshot,
        .snapshot_of = vdi->snapshot_of,
        .snapshot_time = vdi->snapshot_time,
        .snapshotting = vdi->begun.new,
        .resizing_to = vdi->resizing_to,
    };
}
