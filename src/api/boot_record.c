// SPDX-License-Identifier: GPL-2.0-or-later
#include "api/boot_record.h"

#include "model/codec.h"
#include "wire/json.h"

static const int kept[] = {
    F_VM_MEMORY_STATIC_MAX,     F_VM_MEMORY_STATIC_MIN, F_VM_VCPUS_MAX,
    F_VM_VCPUS_AT_STARTUP,      F_VM_VCPUS_PARAMS,      F_VM_HVM_BOOT_POLICY,
    F_VM_HVM_BOOT_PARAMS,       F_VM_PLATFORM,          F_VM_DOMAIN_TYPE,
    F_VM_BIOS_STRINGS,          F_VM_GENERATION_ID,     F_VM_HARDWARE_PLATFORM_VERSION,
    F_VM_HAS_VENDOR_DEVICE,     F_VM_XENSTORE_DATA,     F_VM_PCI_BUS,
    F_VM_HVM_SHADOW_MULTIPLIER,
};

struct val boot_record_make(const struct row *vm)
{
    autobuf text = BUF_INIT;

    for (size_t i = 0; i < ARRAY_SIZE(kept); i++) {
        const struct field_def *field = &classes[CLASS_VM].fields[kept[i]];

        buf_addf(&text, "%c\"%s\":", i ? ',' : '{', field->name);
        codec_to_store(field->type, row_get(vm, kept[i]), &text);
    }
    buf_add_char(&text, '}');
    return val_str(buf_str(&text));
}

/* The field as it was; as it is when the record does not tell. */
static struct val cell_of(const struct row *vm, int i, const struct val *record)
{
    const struct field_def *field = &classes[CLASS_VM].fields[i];
    const struct val *was = NULL;
    struct val cell;
    struct err *e;

    for (size_t j = 0; record->kind == VAL_MAP && j < ARRAY_SIZE(kept); j++)
        if (kept[j] == i)
            was = val_find(record, field->name);
    if (!was)
        return val_ref(row_get(vm, i));
    e = codec_decode(field->type, was, field->name, &cell);
    if (!e)
        return cell;
    err_ignore(e, "a client may have made the VM with any text there");
    return val_ref(row_get(vm, i));
}

struct val boot_record_read(const struct row *vm)
{
    const struct val *text = row_get(vm, F_VM_LAST_BOOTED_RECORD);
    struct val cells = val_set(classes[CLASS_VM].n_fields);
    autoval struct val record = val_void();

    if (json_parse(val_text(text), val_len(text), 0, &record, NULL) < 0)
        record = val_void();
    for (int i = 0; i < classes[CLASS_VM].n_fields; i++)
        val_push(&cells, cell_of(vm, i, &record));
    return cells;
}
