// SPDX-License-Identifier: GPL-2.0-or-later
#include "api/bios.h"

#include <fcntl.h>
#include <string.h>

#include "api/bodies.h"
#include "api/setter.h"
#include "base/fd.h"

#define MAX_STRING 512
#define DMI_FOLDER "/sys/class/dmi/id"

/* Strings that may be set; where the host's lies; what a VM has by itself. */
static const struct string {
    const char *key, *file, *generic;
} strings[] = {
    {"bios-vendor", "bios_vendor", "Xen"},
    {"bios-version", "bios_version", ""},
    {"system-manufacturer", "sys_vendor", "Xen"},
    {"system-product-name", "product_name", "HVM domU"},
    {"system-version", "product_version", ""},
    {"system-serial-number", "product_serial", ""},
    {"baseboard-manufacturer", "board_vendor", ""},
    {"baseboard-product-name", "board_name", ""},
    {"baseboard-version", "board_version", ""},
    {"baseboard-serial-number", "board_serial", ""},
    {"baseboard-asset-tag", "board_asset_tag", ""},
    {"baseboard-location-in-chassis", NULL, ""},
    {"enclosure-asset-tag", "chassis_asset_tag", ""},
};
/* The same everywhere; guests' licences look for them. */
static const struct string fixed[] = {
    {"hp-rombios", NULL, ""},
    {"oem-1", NULL, "Xen"},
    {"oem-2", NULL, "MS_VM_CERT/SHA1/bdbeb6e0a816d43fa6d3fe8aaef04c2bad9d3e3d"},
};

static void add_fixed(struct val *map)
{
    for (size_t i = 0; i < ARRAY_SIZE(fixed); i++)
        val_put_str(map, fixed[i].key, val_str(fixed[i].generic));
}

static bool is_printable(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (text[i] < ' ' || text[i] > '~')
            return false;
    return true;
}

/* The file's first line; "" when it is absent, secret or odd. */
static struct val read_string(int dir, const char *file)
{
    autobuf text = BUF_INIT;
    size_t len;

    if (dir < 0 || !file || fd_read_file(dir, file, MAX_STRING, &text) < 0)
        return val_str("");
    len = strcspn(buf_str(&text), "\n");
    return is_printable(buf_str(&text), len) ? val_str_n(buf_str(&text), len) : val_str("");
}

struct val bios_strings_of_host(void)
{
    autoclose int dir = open(DMI_FOLDER, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    struct val map = val_map(ARRAY_SIZE(strings) + ARRAY_SIZE(fixed));

    for (size_t i = 0; i < ARRAY_SIZE(strings); i++)
        val_put_str(&map, strings[i].key, read_string(dir, strings[i].file));
    add_fixed(&map);
    return map;
}

struct val bios_strings_generic(void)
{
    struct val map = val_map(ARRAY_SIZE(strings) + ARRAY_SIZE(fixed));

    for (size_t i = 0; i < ARRAY_SIZE(strings); i++)
        val_put_str(&map, strings[i].key, val_str(strings[i].generic));
    add_fixed(&map);
    return map;
}

/* ---- VM.set_bios_strings, VM.copy_bios_strings ---- */

static struct err *need_none_yet(struct txn *t, const char *vm_ref)
{
    const struct row *vm;
    struct err *e = txn_need(t, CLASS_VM, vm_ref, &vm);

    if (!e && val_count(row_get(vm, F_VM_BIOS_STRINGS)))
        e = err_params(ERR_VM_BIOS_STRINGS_ALREADY_SET, NULL);
    return e;
}

static bool is_known(const char *key)
{
    for (size_t i = 0; i < ARRAY_SIZE(strings); i++)
        if (strcmp(strings[i].key, key) == 0)
            return true;
    return false;
}

static struct err *check_string(const struct val *key, const struct val *value)
{
    const char *name = val_text(key);

    if (!is_known(name))
        return invalid_text(name, "There is no BIOS string of this name");
    if (val_len(value) < 1 || val_len(value) > MAX_STRING)
        return invalid_text(name, "A BIOS string has 1 to 512 characters");
    if (!is_printable(val_text(value), val_len(value)))
        return invalid_text(name, "A BIOS string is made of printable ASCII characters");
    return NULL;
}

static struct err *set_bios_strings(struct txn *t, struct call *call,
                                    struct val *ret_result UNUSED)
{
    const struct val *given = &call->args[1];
    autoval struct val strings_now = bios_strings_generic();
    struct err *e = need_none_yet(t, arg_text(call, 0));

    for (size_t i = 0; !e && i < val_count(given); i++) {
        struct val with;

        e = check_string(val_key_at(given, i), val_value_at(given, i));
        if (e)
            return e;
        with = val_map_with(&strings_now, val_text(val_key_at(given, i)),
                            val_ref(val_value_at(given, i)));
        val_unref(&strings_now);
        strings_now = with;
    }
    if (!e)
        txn_set(t, CLASS_VM, arg_text(call, 0), F_VM_BIOS_STRINGS, take_val(strings_now));
    return e;
}

static struct err *copy_bios_strings(struct txn *t, struct call *call,
                                     struct val *ret_result UNUSED)
{
    const char *vm = arg_text(call, 0);
    const struct row *host;
    struct err *e = need_none_yet(t, vm);

    if (!e)
        e = txn_need(t, CLASS_HOST, arg_text(call, 1), &host);
    if (e)
        return e;
    txn_set(t, CLASS_VM, vm, F_VM_BIOS_STRINGS,
            val_ref(row_get(host, F_HOST_BIOS_STRINGS)));
    txn_set(t, CLASS_VM, vm, F_VM_AFFINITY, val_str(row_ref(host)));
    return NULL;
}

const struct body_def bios_bodies[] = {
    {"VM.set_bios_strings", IN_TXN(set_bios_strings)},
    {"VM.copy_bios_strings", IN_TXN(copy_bios_strings)},
    {0},
};
