// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>

#include "agent/doc.h"
#include "base/alloc.h"
#include "vm/backend/sim/sim.h"
#include "vm/run_dir.h"

#define MAX_NAME 255

static const char *const states[] = {
    [VM_STATE_PAUSED] = "paused",
    [VM_STATE_RUNNING] = "running",
    [VM_STATE_SHUTDOWN] = "shutdown",
    [VM_STATE_CRASHED] = "crashed",
};
static const char *const reasons[] = {
    [VM_REASON_NONE] = "",       [VM_REASON_POWEROFF] = "poweroff",
    [VM_REASON_HALT] = "halt",   [VM_REASON_REBOOT] = "reboot",
    [VM_REASON_CRASH] = "crash",
};

static int find_word(const struct val *object, const char *key, const char *const *words,
                     size_t n)
{
    const char *word = val_find_text(object, key, "?");

    for (size_t i = 0; i < n; i++)
        if (words[i] && STREQ(words[i], word))
            return (int)i;
    return -1;
}

struct err *sim_state_write(const struct sim_vm *vm)
{
    autoval struct val object = val_map(12);
    struct val nics = val_set(vm->nics.n);
    int r;

    for (size_t i = 0; i < vm->nics.n; i++) {
        struct val nic = val_map(2);

        val_put_str(&nic, "device", val_int(vm->nics.at[i].device));
        val_put_str(&nic, "mac", val_str(vm->nics.at[i].mac.text));
        val_push(&nics, nic);
    }
    val_put_str(&object, "boot", val_str(vm->sim->boot.text));
    val_put_str(&object, "name", val_str(vm->name));
    val_put_str(&object, "state", val_str(states[vm->state]));
    val_put_str(&object, "reason", val_str(reasons[vm->reason]));
    val_put_str(&object, "domid", val_int(vm->domid));
    val_put_str(&object, "memory", val_int((int64_t)vm->memory));
    val_put_str(&object, "vcpus", val_int(vm->vcpus));
    val_put_str(&object, "booted_ms", val_int((int64_t)vm->booted_ms));
    val_put_str(&object, "nics", nics);
    if (vm->next >= 0) {
        val_put_str(&object, "next",
                    val_str(sim_guest_habit_word((enum sim_guest_habit)vm->next)));
        val_put_str(&object, "next_ms", val_int((int64_t)vm->next_ms));
    }
    r = run_dir_write(vm->id->dir_fd, STATE_FILE, &object);
    return r < 0 ? err_errno(-r, "keeping the simulated domain %s", vm->id->uuid) : NULL;
}

static void read_nics(struct sim_vm *vm, const struct val *object)
{
    const struct val *list = val_find(object, "nics");

    vm->nics.n = 0;
    for (size_t i = 0; list && list->kind == VAL_SET && i < val_count(list); i++) {
        const struct val *nic = val_at(list, i);
        uint64_t device;

        if (vm->nics.n < GUEST_NICS && nic->kind == VAL_MAP &&
            doc_size(nic, "device", GUEST_NICS - 1, &device) == 0 &&
            mac_parse(val_find_text(nic, "mac", ""), &vm->nics.at[vm->nics.n].mac))
            vm->nics.at[vm->nics.n++].device = (unsigned)device;
    }
}

bool sim_state_read(struct sim_vm *vm)
{
    autoval struct val object = val_void();
    uint64_t domid, vcpus;
    const char *name;
    int state, reason;

    if (doc_read(vm->id->dir_fd, STATE_FILE, &object) < 0 ||
        !STREQ(val_find_text(&object, "boot", "?"), vm->sim->boot.text) ||
        doc_text(&object, "name", MAX_NAME, &name) < 0 ||
        doc_size(&object, "domid", INT32_MAX, &domid) < 0 ||
        doc_size(&object, "memory", INT64_MAX, &vm->memory) < 0 ||
        doc_size(&object, "vcpus", INT32_MAX, &vcpus) < 0 ||
        doc_size(&object, "booted_ms", INT64_MAX, &vm->booted_ms) < 0)
        return false;
    state = find_word(&object, "state", states, ARRAY_SIZE(states));
    reason = find_word(&object, "reason", reasons, ARRAY_SIZE(reasons));
    if (state < 0 || reason < 0)
        return false;
    vm->state = (enum vm_state)state;
    vm->reason = (enum vm_reason)reason;
    vm->name = xstrdup(name);
    vm->domid = (int64_t)domid;
    vm->vcpus = (unsigned)vcpus;
    vm->next = sim_guest_habit_by_word(val_find_text(&object, "next", ""));
    if (doc_size(&object, "next_ms", INT64_MAX, &vm->next_ms) < 0)
        vm->next = -1;
    read_nics(vm, &object);
    return true;
}
