// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>

#include "agent/doc.h"
#include "base/alloc.h"
#include "storage/driver/file_private.h"

#define MARKER         "sr.json"
#define NAME_MAX_BYTES 16384

void file_marker_fini(struct file_marker *marker)
{
    free(marker->name_label);
    free(marker->name_description);
    *marker = (struct file_marker){0};
}

int file_marker_read(int root_fd, struct file_marker *ret_marker)
{
    autoval struct val object = val_void();
    const char *type, *name_label, *name_description;
    struct uuid uuid;
    uint64_t version;
    int r = doc_read(root_fd, MARKER, &object);

    if (r < 0)
        return r;
    if (doc_size(&object, "latchkey_sr", INT32_MAX, &version) < 0 || version == 0)
        return -EBADMSG;
    if (version > FILE_FORMAT_VERSION)
        return -EPROTO;
    if (doc_text(&object, "type", 64, &type) < 0 || !STREQ(type, "file") ||
        doc_uuid(&object, "uuid", &uuid) < 0 ||
        doc_text(&object, "name_label", NAME_MAX_BYTES, &name_label) < 0 ||
        doc_text(&object, "name_description", NAME_MAX_BYTES, &name_description) < 0)
        return -EBADMSG;
    *ret_marker = (struct file_marker){
        .uuid = uuid,
        .name_label = xstrdup(name_label),
        .name_description = xstrdup(name_description),
    };
    return 0;
}

int file_marker_write(int root_fd, const struct file_marker *marker)
{
    autoval struct val object = val_map(5);

    val_put_str(&object, "latchkey_sr", val_int(FILE_FORMAT_VERSION));
    val_put_str(&object, "type", val_str("file"));
    val_put_str(&object, "uuid", val_str(marker->uuid.text));
    val_put_str(&object, "name_label", val_str(marker->name_label));
    val_put_str(&object, "name_description", val_str(marker->name_description));
    return doc_write(root_fd, MARKER, &object);
}

struct err *file_marker_check(const struct file_sr *sr)
{
    CLEANUP(file_marker_fini) struct file_marker marker = {0};
    int r = file_marker_read(sr->root_fd, &marker);

    if (r == 0 && STREQ(marker.uuid.text, sr->uuid.text))
        return NULL;
    return err_context(err_params(ERR_SR_UNHEALTHY, sr->uuid.text, "unreachable",
                                  "its sr.json cannot be read: see that the SR's directory "
                                  "is there",
                                  NULL),
                       "looking for the marker of SR %s (%s)", sr->uuid.text,
                       r < 0 ? strerrordesc_np(-r) : "another SR lies there");
}
