// SPDX-License-Identifier: GPL-2.0-or-later
/* From a VM's rows to what lk-vmd is told (docs/design/agent-protocol.md, "config"). */
#include "api/vm_life.h"

#include <string.h>
#include <unistd.h>

#include "api/cloud_init.h"
#include "api/vm_checks.h"
#include "api/vm_nvram.h"
#include "base/log.h"
#include "base/str.h"
#include "io/frame.h"
#include "model/map_key.h"
#include "rpc/agents.h"

int vbd_device_number(const char *userdevice)
{
    static const char *const prefixes[] = {"xvd", "hd", "sd"};
    uint64_t number;
    int value = 0;

    if (str_to_uint64(userdevice, &number) == 0)
        return number <= 255 ? (int)number : -1;
    for (size_t i = 0; i < ARRAY_SIZE(prefixes); i++) {
        const char *letters = userdevice + strlen(prefixes[i]);

        if (!str_has_prefix(userdevice, prefixes[i]) || !*letters || strlen(letters) > 2)
            continue;
        for (; *letters >= 'a' && *letters <= 'z'; letters++)
            value = value * 26 + (*letters - 'a' + 1);
        return *letters || value > 256 ? -1 : value - 1;
    }
    return -1;
}

/* Moves the descriptors of an answer behind those already there; the answer's layers count
 * from 0. */
static struct val take_layers(const struct val *answer, size_t first_fd)
{
    const struct val *layers = val_find(answer, "layers");
    struct val out = val_set(layers ? val_count(layers) : 0);

    for (size_t i = 0; layers && i < val_count(layers); i++) {
        const struct val *layer = val_at(layers, i), *fd = val_find(layer, "fd");

        val_push(&out,
                 val_map_with(layer, "fd", val_int((fd ? fd->i : 0) + (int64_t)first_fd)));
    }
    return out;
}

static struct err *open_disk(struct manager *m, const struct row *vm, const struct row *vbd,
                             struct val *ret_layers, int *fds, size_t *n_fds)
{
    bool writable = row_int(vbd, F_VBD_MODE) == E_VBD_MODE_RW;
    autoval struct val answer = val_void();
    struct val params = val_map(4);
    int got[FRAME_MAX_FDS];
    size_t n_got = 0;
    autoptr(row) vdi = NULL;
    autoptr(row) sr = NULL;
    struct err *e = db_need(m->db, CLASS_VDI, row_text(vbd, F_VBD_VDI), &vdi);

    if (!e)
        e = db_need(m->db, CLASS_SR, row_text(vdi, F_VDI_SR), &sr);
    if (e) {
        val_unref(&params);
        return e;
    }
    val_put_str(&params, "sr", val_str(row_uuid(sr)));
    val_put_str(&params, "vdi", val_str(row_uuid(vdi)));
    val_put_str(&params, "mode", val_str(writable ? "rw" : "ro"));
    val_put_str(&params, "holder", val_str(row_uuid(vm)));
    e = agents_call(m->agents, AGENT_STORED, "vdi.open", params, NULL, 0, 0, &answer, got,
                    &n_got);
    if (e)
        return err_context(e, "opening disk %s", row_uuid(vdi));
    *ret_layers = take_layers(&answer, *n_fds);
    for (size_t i = 0; i < n_got; i++) {
        if (*n_fds < FRAME_MAX_FDS)
            fds[(*n_fds)++] = got[i];
        else
            close(got[i]);
    }
    if (*n_fds == FRAME_MAX_FDS)
        return err_params(ERR_INTERNAL_ERROR,
                          "The disks of this VM have too many layers in all", NULL);
    return NULL;
}

struct err *vm_config_add_disk(struct manager *m, const struct row *vm, const char *vbd_ref,
                               struct val *disks, int *fds, size_t *n_fds)
{
    autoval struct val layers = val_set(0);
    struct val disk = val_map(5);
    autoptr(row) vbd = NULL;
    bool is_cd;
    int device;
    struct err *e = db_need(m->db, CLASS_VBD, vbd_ref, &vbd);

    if (!e) {
        device = vbd_device_number(row_text(vbd, F_VBD_USERDEVICE));
        if (device < 0)
            e = err_params(ERR_INVALID_DEVICE, row_text(vbd, F_VBD_USERDEVICE), NULL);
    }
    if (!e && !row_bool(vbd, F_VBD_EMPTY))
        e = open_disk(m, vm, vbd, &layers, fds, n_fds);
    if (e) {
        val_unref(&disk);
        return e;
    }
    is_cd = row_int(vbd, F_VBD_TYPE) == E_VBD_TYPE_CD;
    val_put_str(&disk, "device", val_int(device));
    val_put_str(&disk, "type", val_str(is_cd ? "cdrom" : "disk"));
    val_put_str(&disk, "mode",
                val_str(row_int(vbd, F_VBD_MODE) == E_VBD_MODE_RW ? "rw" : "ro"));
    val_put_str(&disk, "bootable", val_bool(row_bool(vbd, F_VBD_BOOTABLE)));
    val_put_str(&disk, "layers", take_val(layers));
    val_push(disks, disk);
    return NULL;
}

struct err *vm_config_add_nic(struct manager *m, const struct row *vm, const char *vif_ref,
                              struct val *nics)
{
    struct val params = val_map(5), answer = val_void();
    autoptr(row) vif = NULL;
    autoptr(row) network = NULL;
    const char *forward;
    int64_t device = 0;
    struct err *e = db_need(m->db, CLASS_VIF, vif_ref, &vif);

    if (!e)
        e = db_need(m->db, CLASS_NETWORK, row_text(vif, F_VIF_NETWORK), &network);
    if (!e && (str_to_int64(row_text(vif, F_VIF_DEVICE), &device) < 0 || device > 63))
        e = err_params(ERR_INVALID_DEVICE, row_text(vif, F_VIF_DEVICE), NULL);
    if (e) {
        val_unref(&params);
        return e;
    }
    val_put_str(&params, "vm", val_str(row_uuid(vm)));
    val_put_str(&params, "device", val_int(device));
    val_put_str(&params, "network", val_str(row_uuid(network)));
    val_put_str(&params, "mac", val_str(row_text(vif, F_VIF_MAC)));
    forward = map_key_text(row_get(vif, F_VIF_OTHER_CONFIG), KEY_VIF_OTHER_CONFIG_FORWARD);
    if (*forward)
        val_put_str(&params, "forward", val_str(forward));
    e = agents_call(m->agents, AGENT_NETD, "net.attach", params, NULL, 0, 0, &answer, NULL,
                    NULL);
    if (e)
        return err_context(e, "attaching interface %s", row_uuid(vif));
    val_push(nics, answer);
    return NULL;
}

/* A boot loader of the host's would read the guest's disk in its place: with one named, the
 * guest is given no kernel, and starts what its disk says by itself. */
static struct err *add_type(const struct row *vm, struct val *config)
{
    static const char *const types[] = {[E_DOMAIN_TYPE_HVM] = "hvm",
                                        [E_DOMAIN_TYPE_PV] = "pv",
                                        [E_DOMAIN_TYPE_PVH] = "pvh"};
    int type = vm_domain_type(vm);

    if (type >= (int)ARRAY_SIZE(types) || !types[type])
        return err_params(ERR_NOT_IMPLEMENTED, "a PV guest inside a PVH domain", NULL);
    val_put_str(config, "type", val_str(types[type]));
    if (type == E_DOMAIN_TYPE_HVM || *row_text(vm, F_VM_PV_BOOTLOADER))
        return NULL;
    val_put_str(config, "kernel", val_str(row_text(vm, F_VM_PV_KERNEL)));
    val_put_str(config, "ramdisk", val_str(row_text(vm, F_VM_PV_RAMDISK)));
    val_put_str(config, "kernel_args", val_str(row_text(vm, F_VM_PV_ARGS)));
    return NULL;
}

static struct val platform_of(const struct row *vm)
{
    return val_ref(row_get(vm, F_VM_PLATFORM));
}

/* A suspended VM goes on with the devices it had, whatever it was given meanwhile. */
static bool is_part(struct manager *m, const struct row *vm, int cls, int reserved,
                    const char *ref)
{
    autoptr(row) device = NULL;

    if (row_int(vm, F_VM_POWER_STATE) != E_VM_POWER_STATE_SUSPENDED)
        return true;
    device = db_get(m->db, cls, ref);
    return device && row_bool(device, reserved);
}

/* The same for what was changed while it ran. */
static int64_t vcpus_of(struct manager *m, const struct row *vm)
{
    autoptr(row) metrics = db_get(m->db, CLASS_VM_METRICS, row_text(vm, F_VM_METRICS));
    int64_t n = metrics ? row_int(metrics, F_VM_METRICS_VCPUS_NUMBER) : 0;

    return row_int(vm, F_VM_POWER_STATE) == E_VM_POWER_STATE_SUSPENDED && n > 0
               ? n
               : row_int(vm, F_VM_VCPUS_AT_STARTUP);
}

static struct err *add_devices(struct manager *m, const struct row *vm, struct val *disks,
                               struct val *nics, int *fds, size_t *n_fds)
{
    const struct val *vbds = row_get(vm, F_VM_VBDS), *vifs = row_get(vm, F_VM_VIFS);
    struct err *e = NULL;

    for (size_t i = 0; !e && i < val_count(vbds); i++)
        if (is_part(m, vm, CLASS_VBD, F_VBD_RESERVED, val_text(val_at(vbds, i))))
            e = vm_config_add_disk(m, vm, val_text(val_at(vbds, i)), disks, fds, n_fds);
    for (size_t i = 0; !e && i < val_count(vifs); i++)
        if (is_part(m, vm, CLASS_VIF, F_VIF_RESERVED, val_text(val_at(vifs, i))))
            e = vm_config_add_nic(m, vm, val_text(val_at(vifs, i)), nics);
    return e;
}

/* The disc for the guest's cloud-init, where the VM has one. */
static struct err *add_seed(const struct row *vm, struct val *ret_seed, int *fds,
                            size_t *n_fds)
{
    struct err *e;

    if (!cloud_init_is_wanted(row_get(vm, F_VM_OTHER_CONFIG)))
        return NULL;
    e = cloud_init_open_seed(vm, &fds[*n_fds]);
    if (e)
        return e;
    *ret_seed = val_map(1);
    val_put_str(ret_seed, "fd", val_int((int64_t)(*n_fds)++));
    return NULL;
}

struct err *vm_config_build(struct manager *m, const struct row *vm, struct val *ret_config,
                            int *fds, size_t *n_fds)
{
    const struct val *boot = row_get(vm, F_VM_HVM_BOOT_PARAMS);
    struct val disks = val_set(0), nics = val_set(0), seed = val_void();
    struct val config = val_map(15);
    struct err *e = add_type(vm, &config);

    if (!e)
        e = add_seed(vm, &seed, fds, n_fds);
    if (!e)
        e = add_devices(m, vm, &disks, &nics, fds, n_fds);
    if (e) {
        val_unref(&config);
        val_unref(&disks);
        val_unref(&nics);
        val_unref(&seed);
        return e;
    }
    val_put_str(&config, "name", val_str(row_name_label(vm)));
    val_put_str(&config, "memory", val_int(row_int(vm, F_VM_MEMORY_STATIC_MAX)));
    val_put_str(&config, "vcpus", val_int(vcpus_of(m, vm)));
    val_put_str(&config, "vcpus_max", val_int(row_int(vm, F_VM_VCPUS_MAX)));
    val_put_str(&config, "firmware",
                val_str(map_key_text(boot, KEY_VM_HVM_BOOT_PARAMS_FIRMWARE)));
    val_put_str(&config, "boot_order",
                val_str(map_key_text(boot, KEY_VM_HVM_BOOT_PARAMS_ORDER)));
    val_put_str(&config, "platform", platform_of(vm));
    vm_nvram_add(vm, &config);
    val_put_str(&config, "disks", disks);
    val_put_str(&config, "nics", nics);
    if (seed.kind == VAL_MAP)
        val_put_str(&config, "seed", seed);
    *ret_config = config;
    return NULL;
}
