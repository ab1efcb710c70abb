// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/record.h"

#include <errno.h>
#include <string.h>

#include "agent/doc.h"
#include "vm/run_dir.h"

#define FILE_NAME "core.json"

struct val record_of_config(const struct vm_config *config)
{
    struct val record = val_map(3), nics = val_set(config->n_nics),
               disks = val_set(config->n_disks);

    for (size_t i = 0; i < config->n_nics; i++) {
        struct val nic = val_map(2);

        val_put_str(&nic, "device", val_int(config->nics[i].device));
        val_put_str(&nic, "mac", val_str(config->nics[i].mac));
        val_push(&nics, nic);
    }
    for (size_t i = 0; i < config->n_disks; i++) {
        struct val disk = val_map(2);

        val_put_str(&disk, "device", val_int(config->disks[i].device));
        val_put_str(&disk, "is_cdrom", val_bool(config->disks[i].is_cdrom));
        val_push(&disks, disk);
    }
    val_put_str(&record, "name", val_str(config->name));
    val_put_str(&record, "nics", nics);
    val_put_str(&record, "disks", disks);
    return record;
}

/* A list of at most 'max' objects, each with a device number below 'max'. */
static bool is_device_list(const struct val *list, size_t max)
{
    uint64_t device;

    if (!list || list->kind != VAL_SET || val_count(list) > max)
        return false;
    for (size_t i = 0; i < val_count(list); i++)
        if (val_at(list, i)->kind != VAL_MAP ||
            doc_size(val_at(list, i), "device", max - 1, &device) < 0)
            return false;
    return true;
}

int record_read(int dir_fd, struct val *ret_record)
{
    autoval struct val record = val_void();
    int r = doc_read(dir_fd, FILE_NAME, &record);

    if (r < 0)
        return r;
    if (!is_device_list(val_find(&record, "nics"), GUEST_NICS) ||
        !is_device_list(val_find(&record, "disks"), 256))
        return -EBADMSG;
    *ret_record = take_val(record);
    return 0;
}

int record_write(int dir_fd, const struct val *record)
{
    return run_dir_write(dir_fd, FILE_NAME, record);
}

void record_nics(const struct val *record, struct guest_nics *ret_nics)
{
    const struct val *list = record->kind == VAL_MAP ? val_find(record, "nics") : NULL;

    ret_nics->n = 0;
    for (size_t i = 0; list && i < val_count(list); i++) {
        const struct val *nic = val_at(list, i);

        ret_nics->at[ret_nics->n].device = (unsigned)val_find(nic, "device")->i;
        if (mac_parse(val_find_text(nic, "mac", ""), &ret_nics->at[ret_nics->n].mac))
            ret_nics->n++;
    }
}

bool record_disk(const struct val *record, unsigned device, bool *ret_is_cdrom)
{
    const struct val *list = record->kind == VAL_MAP ? val_find(record, "disks") : NULL;

    for (size_t i = 0; list && i < val_count(list); i++) {
        const struct val *disk = val_at(list, i);

        if (val_find(disk, "device")->i != (int64_t)device)
            continue;
        *ret_is_cdrom = false;
        (void)doc_bool(disk, "is_cdrom", ret_is_cdrom);
        return true;
    }
    return false;
}
