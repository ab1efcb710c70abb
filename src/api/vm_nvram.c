// SPDX-License-Identifier: GPL-2.0-or-later
#include "api/vm_nvram.h"

#include <stdio.h>
#include <string.h>

#include "api/vm_turn.h"
#include "base/alloc.h"
#include "base/log.h"
#include "io/pool.h"
#include "model/map_key.h"
#include "rpc/agents.h"

/* ---- saving ---- */

static bool has_uefi(const struct row *vm)
{
    return STREQ(
        map_key_text(row_get(vm, F_VM_HVM_BOOT_PARAMS), KEY_VM_HVM_BOOT_PARAMS_FIRMWARE),
        "uefi");
}

struct kept {
    const char *vm_ref, *text;
};

static struct err *kept_txn(struct txn *t, void *arg)
{
    const struct kept *kept = arg;
    const struct row *vm = txn_get(t, CLASS_VM, kept->vm_ref);

    if (vm)
        txn_set(t, CLASS_VM, kept->vm_ref, F_VM_NVRAM,
                map_key_with(row_get(vm, F_VM_NVRAM), KEY_VM_NVRAM_OVMF_FLASH,
                             val_str(kept->text)));
    return NULL;
}

static struct err *save(struct manager *m, const char *vm_ref)
{
    autoptr(row) vm = db_get(m->db, CLASS_VM, vm_ref);
    autoval struct val answer = val_void();
    struct kept kept = {.vm_ref = vm_ref};
    struct val params;
    struct err *e;

    if (!vm || row_int(vm, F_VM_POWER_STATE) == E_VM_POWER_STATE_HALTED || !has_uefi(vm))
        return NULL;
    params = val_map(1);
    val_put_str(&params, "vm", val_str(row_uuid(vm)));
    e = agents_call(m->agents, AGENT_VMD, "vm.nvram", params, NULL, 0, 0, &answer, NULL,
                    NULL);
    if (e &&
        (err_code(e) == ERR_VM_BAD_POWER_STATE || err_code(e) == ERR_NOT_IMPLEMENTED)) {
        err_ignore(e, "it has no domain, or one without firmware that keeps anything");
        return NULL;
    }
    if (e)
        return e;
    kept.text = val_find_text(&answer, "nvram", "");
    if (!*kept.text || strcmp(kept.text, map_key_text(row_get(vm, F_VM_NVRAM),
                                                      KEY_VM_NVRAM_OVMF_FLASH)) == 0)
        return NULL;
    return db_run(m->db, kept_txn, &kept);
}

void vm_nvram_save(struct manager *m, const char *vm_ref)
{
    struct err *e;

    /* What was asked for first is not written last. */
    vm_turn_take(VM_TURN_NVRAM, vm_ref);
    e = save(m, vm_ref);
    vm_turn_give(VM_TURN_NVRAM, vm_ref);
    if (e)
        log_warn(API, "keeping the variables of the firmware of VM %s: %s", vm_ref,
                 err_sentence(e));
    err_free(e);
}

/* ---- lk-vmd tells ---- */

struct changed {
    struct manager *m;
    char ref[64];
};

static void follow(void *arg)
{
    autofree struct changed *changed = arg;

    vm_nvram_save(changed->m, changed->ref);
}

void vm_nvram_notice(struct manager *m, const struct val *params)
{
    autoptr(row) vm = NULL;
    struct changed *changed;
    struct err *e = db_need_uuid(m->db, CLASS_VM, val_find_text(params, "vm", ""), &vm);

    if (e) {
        err_ignore(e, "a domain this database does not know is left alone");
        return;
    }
    changed = xcalloc(1, sizeof(*changed));
    changed->m = m;
    snprintf(changed->ref, sizeof(changed->ref), "%s", row_ref(vm));
    if (!pool_submit(m->priority, follow, changed))
        free(changed); /* the VM's end saves it at the latest */
}

void vm_nvram_add(const struct row *vm, struct val *config)
{
    const char *text = map_key_text(row_get(vm, F_VM_NVRAM), KEY_VM_NVRAM_OVMF_FLASH);

    if (*text && has_uefi(vm))
        val_put_str(config, "nvram", val_str(text));
}
