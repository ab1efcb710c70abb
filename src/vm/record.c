// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/record.h"

#include <errno.h>
#include <string.h>

#include "agent/doc.h"
#include "vm/run_dir.h"

#define FILE_NAME "core.json"

static struct val entry_of_nic(const struct vm_nic *nic)
{
    struct val entry = val_map(2);

    val_put_str(&entry, "device", val_int(nic->device));
    val_put_str(&entry, "mac", val_str(nic->mac));
    return entry;
}

static struct val entry_of_disk(const struct vm_disk *disk)
{
    struct val entry = val_map(2);

    val_put_str(&entry, "device", val_int(disk->device));
    val_put_str(&entry, "is_cdrom", val_bool(disk->is_cdrom));
    return entry;
}

struct val record_of_config(const struct vm_config *config)
{
    struct val record = val_map(3), nics = val_set(config->n_nics),
               disks = val_set(config->n_disks);

    for (size_t i = 0; i < config->n_nics; i++)
        val_push(&nics, entry_of_nic(&config->nics[i]));
    for (size_t i = 0; i < config->n_disks; i++)
        val_push(&disks, entry_of_disk(&config->disks[i]));
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

/* The entry of 'device' in list 'name', or NULL. */
static const struct val *find_device(const struct val *record, const char *name,
                                     unsigned device)
{
    const struct val *list = record->kind == VAL_MAP ? val_find(record, name) : NULL;

    for (size_t i = 0; list && i < val_count(list); i++)
        if (val_find(val_at(list, i), "device")->i == (int64_t)device)
            return val_at(list, i);
    return NULL;
}

bool record_disk(const struct val *record, unsigned device, bool *ret_is_cdrom)
{
    const struct val *disk = find_device(record, "disks", device);

    if (!disk)
        return false;
    *ret_is_cdrom = false;
    (void)doc_bool(disk, "is_cdrom", ret_is_cdrom);
    return true;
}

bool record_nic(const struct val *record, unsigned device)
{
    return find_device(record, "nics", device);
}

/* List 'name' without 'device', and with 'entry' (taken) unless that is VAL_VOID. */
static struct val with_list(const struct val *record, const char *name, unsigned device,
                            struct val entry)
{
    const struct val *old = record->kind == VAL_MAP ? val_find(record, name) : NULL;
    struct val list = val_set(old ? val_count(old) + 1 : 1);

    for (size_t i = 0; old && i < val_count(old); i++)
        if (val_find(val_at(old, i), "device")->i != (int64_t)device)
            val_push(&list, val_ref(val_at(old, i)));
    if (entry.kind != VAL_VOID)
        val_push(&list, entry);
    return val_map_with(record, name, list);
}

struct val record_with_disk(const struct val *record, const struct vm_disk *disk)
{
    return with_list(record, "disks", disk->device, entry_of_disk(disk));
}

struct val record_with_nic(const struct val *record, const struct vm_nic *nic)
{
    return with_list(record, "nics", nic->device, entry_of_nic(nic));
}

struct val record_without_disk(const struct val *record, unsigned device)
{
    return with_list(record, "disks", device, val_void());
}

struct val record_without_nic(const struct val *record, unsigned device)
{
    return with_list(record, "nics", device, val_void());
}
