// SPDX-License-Identifier: GPL-2.0-or-later
#include "api/vm_checks.h"

#include <stdio.h>
#include <string.h>

#include "api/bios.h"
#include "api/ops.h"
#include "base/rand.h"
#include "base/str.h"
#include "base/uuid.h"
#include "model/map_key.h"

#define MIB (INT64_C(1) << 20)
/* Beyond any VM: keeps sums within 64 bits whatever a record says. */
#define MANY_VCPUS (INT64_C(1) << 20)

static int64_t ceil_mib(int64_t bytes)
{
    return (bytes + MIB - 1) / MIB;
}

int64_t vm_memory_overhead_with(const struct row *vm, int64_t vcpus, int64_t static_max)
{
    const struct val *multiplier = row_get(vm, F_VM_HVM_SHADOW_MULTIPLIER);
    bool pv = row_int(vm, F_VM_DOMAIN_TYPE) == E_DOMAIN_TYPE_PV;
    double shadow;
    int64_t shadow_mib;

    vcpus = vcpus < MANY_VCPUS ? vcpus : MANY_VCPUS;
    /* A page of tables for each of these 4 KiB pages: 256 per vCPU, 2 per MiB. */
    shadow =
        multiplier->d * (double)ceil_mib((256 * vcpus + 2 * (static_max / MIB)) * 4096);
    shadow_mib = shadow < 1 ? 1 : shadow > 1e9 ? 1000000000 : (int64_t)shadow;
    return ((pv ? 0 : 1) + 1 + shadow_mib + ceil_mib(38 * vcpus * 4096)) * MIB;
}

int64_t vm_memory_overhead(const struct row *vm)
{
    return vm_memory_overhead_with(vm, row_int(vm, F_VM_VCPUS_MAX),
                                   row_int(vm, F_VM_MEMORY_STATIC_MAX));
}

struct err *vm_check_memory_order(int64_t static_min, int64_t dynamic_min,
                                  int64_t dynamic_max, int64_t static_max)
{
    if (static_min <= dynamic_min && dynamic_min <= dynamic_max &&
        dynamic_max <= static_max)
        return NULL;
    return err_params(ERR_MEMORY_CONSTRAINT_VIOLATION_ORDER, NULL);
}

int vm_domain_type(const struct row *vm)
{
    int type = (int)row_int(vm, F_VM_DOMAIN_TYPE);

    if (type != E_DOMAIN_TYPE_UNSPECIFIED)
        return type;
    return *row_text(vm, F_VM_HVM_BOOT_POLICY) ? E_DOMAIN_TYPE_HVM : E_DOMAIN_TYPE_PV;
}

static struct err *invalid(const char *name, int64_t value)
{
    return err_paramf(err_params(ERR_INVALID_VALUE, name, NULL), "%lld", (long long)value);
}

static struct err *check_vcpus(const struct row *vm)
{
    int64_t max = row_int(vm, F_VM_VCPUS_MAX),
            at_startup = row_int(vm, F_VM_VCPUS_AT_STARTUP);
    const char *per_socket =
        map_key_text(row_get(vm, F_VM_PLATFORM), KEY_VM_PLATFORM_CORES_PER_SOCKET);
    int64_t cores;

    if (max < 1)
        return invalid("VCPUs_max", max);
    if (at_startup < 1)
        return invalid("VCPUs-at-startup", at_startup);
    if (at_startup > max)
        return err_param(
            err_paramf(err_params(ERR_VALUE_NOT_SUPPORTED, "VCPUs-at-startup", NULL),
                       "%lld", (long long)at_startup),
            "More vCPUs at startup than VCPUs_max allows");
    if (!per_socket)
        return NULL;
    if (str_to_int64(per_socket, &cores) < 0)
        return err_params(ERR_INVALID_VALUE, "platform:cores-per-socket", per_socket, NULL);
    if (cores < 1 || max % cores)
        return err_paramf(
            err_paramf(err_params(ERR_VCPU_MAX_NOT_CORES_PER_SOCKET_MULTIPLE, NULL), "%lld",
                       (long long)max),
            "%lld", (long long)cores);
    return NULL;
}

static struct err *check_memory(const struct row *vm)
{
    if (row_int(vm, F_VM_MEMORY_STATIC_MAX) >= row_int(vm, F_VM_MEMORY_STATIC_MIN) &&
        row_int(vm, F_VM_MEMORY_DYNAMIC_MAX) >= row_int(vm, F_VM_MEMORY_DYNAMIC_MIN))
        return NULL;
    return err_params(ERR_MEMORY_CONSTRAINT_VIOLATION, NULL);
}

/* Disks, discs and networks: c, d and n, each once. */
static struct err *check_firmware(const struct row *vm)
{
    const struct val *boot = row_get(vm, F_VM_HVM_BOOT_PARAMS);
    const char *firmware = map_key_text(boot, KEY_VM_HVM_BOOT_PARAMS_FIRMWARE),
               *order = map_key_text(boot, KEY_VM_HVM_BOOT_PARAMS_ORDER);

    if (strcmp(firmware, "bios") != 0 && strcmp(firmware, "uefi") != 0)
        return err_params(ERR_INVALID_VALUE, "HVM-boot-params['firmware']", firmware, NULL);
    for (const char *c = order; *c; c++)
        if (!strchr("cdn", *c) || strchr(c + 1, *c))
            return err_params(ERR_INVALID_VALUE, "HVM-boot-params['order']", order, NULL);
    return NULL;
}

/* The SR of every disk must be plugged on the host. */
static struct err *check_storage(struct txn *t, const struct row *vm, const struct row *vbd,
                                 const char *host_ref)
{
    const struct row *vdi, *sr;
    const struct val *pbds;

    if (row_bool(vbd, F_VBD_EMPTY))
        return NULL;
    vdi = txn_get(t, CLASS_VDI, row_text(vbd, F_VBD_VDI));
    if (!vdi)
        return err_params(ERR_HANDLE_INVALID, "VDI", row_text(vbd, F_VBD_VDI), NULL);
    sr = txn_get(t, CLASS_SR, row_text(vdi, F_VDI_SR));
    pbds = sr ? row_get(sr, F_SR_PBDS) : NULL;
    for (size_t i = 0; pbds && i < val_count(pbds); i++) {
        const struct row *pbd = txn_get(t, CLASS_PBD, val_text(val_at(pbds, i)));

        if (pbd && strcmp(row_text(pbd, F_PBD_HOST), host_ref) == 0 &&
            row_bool(pbd, F_PBD_CURRENTLY_ATTACHED))
            return NULL;
    }
    return err_params(ERR_VM_REQUIRES_SR, row_ref(vm), row_text(vdi, F_VDI_SR), NULL);
}

static struct err *check_disks(struct txn *t, const struct row *vm, const char *host_ref)
{
    const struct val *vbds = row_get(vm, F_VM_VBDS);
    struct err *e = NULL;

    for (size_t i = 0; !e && i < val_count(vbds); i++) {
        const struct row *vbd;

        e = txn_need(t, CLASS_VBD, val_text(val_at(vbds, i)), &vbd);
        if (!e)
            e = vbd_check_vdi(t, vbd);
        if (!e)
            e = check_storage(t, vm, vbd, host_ref);
    }
    return e;
}

/* Memory that running VMs were promised, at most. */
static int64_t promised_memory(struct txn *t)
{
    size_t n;
    const struct row *const *vms = txn_list(t, CLASS_VM, &n);
    int64_t sum = 0;

    for (size_t i = 0; i < n; i++)
        if (!row_bool(vms[i], F_VM_IS_CONTROL_DOMAIN) &&
            row_int(vms[i], F_VM_POWER_STATE) != E_VM_POWER_STATE_HALTED &&
            row_int(vms[i], F_VM_POWER_STATE) != E_VM_POWER_STATE_SUSPENDED)
            sum += row_int(vms[i], F_VM_MEMORY_STATIC_MAX) + vm_memory_overhead(vms[i]);
    return sum;
}

int64_t host_free_memory(struct txn *t, const struct row *host)
{
    const struct row *metrics =
        txn_get(t, CLASS_HOST_METRICS, row_text(host, F_HOST_METRICS));
    int64_t total = metrics ? row_int(metrics, F_HOST_METRICS_MEMORY_TOTAL) : 0, left;

    if (!total)
        return INT64_MAX; /* lk-hostd has not told yet */
    left = total - row_int(host, F_HOST_MEMORY_OVERHEAD) - promised_memory(t);
    return left > 0 ? left : 0;
}

static struct err *check_host(struct txn *t, const struct row *vm, const char *host_ref)
{
    int64_t need = row_int(vm, F_VM_MEMORY_STATIC_MAX) + vm_memory_overhead(vm), left,
            n_cpus;
    const struct row *host;
    struct err *e = txn_need(t, CLASS_HOST, host_ref, &host);

    if (e)
        return e;
    if (!row_bool(host, F_HOST_ENABLED))
        return err_params(ERR_HOST_DISABLED, host_ref, NULL);
    e = check_disks(t, vm, host_ref);
    if (e)
        return e;
    left = host_free_memory(t, host);
    if (need > left)
        return err_paramf(err_paramf(err_params(ERR_HOST_NOT_ENOUGH_FREE_MEMORY, NULL),
                                     "%lld", (long long)need),
                          "%lld", (long long)left);
    n_cpus = (int64_t)val_count(row_get(host, F_HOST_HOST_CPUS));
    if (n_cpus && row_int(vm, F_VM_VCPUS_MAX) > n_cpus &&
        !map_key_is_on(row_get(vm, F_VM_PLATFORM), KEY_VM_PLATFORM_VCPU_UNRESTRICTED))
        return err_paramf(err_paramf(err_params(ERR_HOST_NOT_ENOUGH_PCPUS, NULL), "%lld",
                                     (long long)row_int(vm, F_VM_VCPUS_MAX)),
                          "%lld", (long long)n_cpus);
    return NULL;
}

struct err *vm_check_can_boot(struct txn *t, const struct row *vm, const char *host_ref)
{
    struct err *e = check_memory(vm);

    if (!e)
        e = check_vcpus(vm);
    if (!e)
        e = check_firmware(vm);
    if (!e)
        e = check_host(t, vm, host_ref);
    return e;
}

void vm_fix_before_start(struct txn *t, const struct row *vm)
{
    const char *ref = row_ref(vm);

    if (row_int(vm, F_VM_DOMAIN_TYPE) == E_DOMAIN_TYPE_UNSPECIFIED)
        txn_set(t, CLASS_VM, ref, F_VM_DOMAIN_TYPE, val_int(vm_domain_type(vm)));
    txn_set(t, CLASS_VM, ref, F_VM_MEMORY_OVERHEAD, val_int(vm_memory_overhead(vm)));
    if (!val_count(row_get(vm, F_VM_BIOS_STRINGS)))
        txn_set(t, CLASS_VM, ref, F_VM_BIOS_STRINGS, bios_strings_generic());
    /* "0:0" asks for a fresh generation id; "" for none. */
    if (strcmp(row_text(vm, F_VM_GENERATION_ID), "0:0") == 0)
        txn_set(t, CLASS_VM, ref, F_VM_GENERATION_ID,
                val_strf("%lld:%lld", (long long)(rand_u64() >> 1),
                         (long long)(rand_u64() >> 1)));
}
