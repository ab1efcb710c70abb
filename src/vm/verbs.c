// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/verbs.h"

#include <string.h>

#include "base/alloc.h"
#include "vm/config.h"
#include "vm/devices.h"
#include "vm/disk_verbs.h"
#include "vm/flash.h"
#include "vm/life.h"
#include "vm/tune.h"
#include "vm/vms.h"

#define WORD_SIZE  32
#define MAX_DISK   (INT64_C(1) << 55)
#define MAX_RATE   (INT64_C(1) << 40) /* QEMU knows none above 1e15 */
#define MAX_MEMORY (INT64_C(64) << 40)

static const char *vm_of(const struct verb_call *call)
{
    return call_text(call, "vm");
}

/* The place of a word argument in 'words' (NULL at the end). */
static struct err *choose(const struct verb_call *call, const char *name,
                          const char *const *words, int *ret_index)
{
    const char *word = call_text(call, name);

    for (int i = 0; words[i]; i++) {
        if (STREQ(words[i], word)) {
            *ret_index = i;
            return NULL;
        }
    }
    return err_params(ERR_INVALID_VALUE, name, word, NULL);
}

static struct err *run_create(struct verb_call *call, struct val *ret_result)
{
    CLEANUP(vm_config_fini) struct vm_config config = {0};
    struct vm_status status;
    struct err *e =
        vm_config_parse(call_arg(call, "config"), call->fds, call->n_fds, &config);

    if (!e)
        e = life_create(call->state, vm_of(call), &config, &status);
    if (e)
        return err_context(e, "creating VM %s", vm_of(call));
    *ret_result = val_map(2);
    val_put_str(ret_result, "domid", val_int(status.domid));
    val_put_str(ret_result, "accel", val_str(status.accel));
    return NULL;
}

static struct err *run_destroy(struct verb_call *call, struct val *ret_result)
{
    return life_destroy(call->state, vm_of(call));
}

static struct err *run_unpause(struct verb_call *call, struct val *ret_result)
{
    return life_unpause(call->state, vm_of(call));
}

static struct err *run_pause(struct verb_call *call, struct val *ret_result)
{
    return life_pause(call->state, vm_of(call));
}

static struct err *run_suspend(struct verb_call *call, struct val *ret_result)
{
    struct vm_layer image;
    struct err *e =
        vm_layer_parse(call_arg(call, "image"), "image", call->fds, call->n_fds, &image);

    if (!e && image.format != VM_IMAGE_RAW)
        e = err_params(ERR_INVALID_VALUE, "image.format", "qcow2", NULL);
    return e ? e : life_suspend(call->state, vm_of(call), &image);
}

static struct err *run_reset(struct verb_call *call, struct val *ret_result)
{
    return life_reset(call->state, vm_of(call));
}

static struct err *run_shutdown(struct verb_call *call, struct val *ret_result)
{
    static const char *const modes[] = {
        [VM_SHUTDOWN_POWEROFF] = "poweroff", [VM_SHUTDOWN_REBOOT] = "reboot", NULL};
    int mode = 0;
    struct err *e = choose(call, "mode", modes, &mode);

    return e ? e : life_shutdown(call->state, vm_of(call), (enum vm_shutdown_mode)mode);
}

static struct err *run_list(struct verb_call *call, struct val *ret_result)
{
    *ret_result = vms_list(call->state);
    return NULL;
}

static struct err *run_console(struct verb_call *call, struct val *ret_result)
{
    static const char *const protocols[] = {
        [VM_CONSOLE_RFB] = "rfb", [VM_CONSOLE_VT100] = "vt100", NULL};
    int protocol = 0, fd = -1;
    struct err *e = choose(call, "protocol", protocols, &protocol);

    if (!e)
        e = life_console(call->state, vm_of(call), (enum vm_console)protocol, &fd);
    if (e)
        return e;
    *ret_result = val_map(1);
    val_put_str(ret_result, "fd", val_int(call_return_fd(call, fd)));
    return NULL;
}

static struct err *run_cd(struct verb_call *call, struct val *ret_result)
{
    autofree struct vm_layer *layers = NULL;
    size_t n = 0;
    struct err *e =
        vm_layers_parse(call_arg(call, "layers"), call->fds, call->n_fds, &layers, &n);

    return e ? e
             : life_set_cd(call->state, vm_of(call), (unsigned)call_int(call, "device", 0),
                           layers, n);
}

static struct err *run_stat(struct verb_call *call, struct val *ret_result)
{
    struct vm_stat stat = {0};
    struct err *e = life_stat(call->state, vm_of(call), &stat);

    if (e)
        return e;
    *ret_result = val_map(3);
    val_put_str(ret_result, "memory_actual", val_int((int64_t)stat.memory_actual));
    val_put_str(ret_result, "vcpus", val_int(stat.vcpus));
    val_put_str(ret_result, "cpu_us", val_int((int64_t)stat.cpu_us));
    return NULL;
}

static struct err *run_nvram(struct verb_call *call, struct val *ret_result)
{
    autobuf bytes = BUF_INIT, text = BUF_INIT;
    struct err *e = life_flash(call->state, vm_of(call), &bytes);

    if (e)
        return e;
    if (bytes.size)
        flash_pack(bytes.data, bytes.size, &text);
    *ret_result = val_map(1);
    val_put_str(ret_result, "nvram", val_str_n(buf_str(&text), text.size));
    return NULL;
}

static struct err *run_disk_plug(struct verb_call *call, struct val *ret_result)
{
    CLEANUP(vm_disk_fini) struct vm_disk disk = {0};
    struct err *e = vm_disk_parse(call_arg(call, "disk"), call->fds, call->n_fds, &disk);

    return e ? e : devices_plug_disk(call->state, vm_of(call), &disk);
}

static struct err *run_disk_unplug(struct verb_call *call, struct val *ret_result)
{
    return devices_unplug_disk(call->state, vm_of(call),
                               (unsigned)call_int(call, "device", 0));
}

static struct err *run_nic_plug(struct verb_call *call, struct val *ret_result)
{
    CLEANUP(vm_nic_fini) struct vm_nic nic = {0};
    struct err *e = vm_nic_parse(call_arg(call, "nic"), &nic);

    return e ? e : devices_plug_nic(call->state, vm_of(call), &nic);
}

static struct err *run_nic_unplug(struct verb_call *call, struct val *ret_result)
{
    return devices_unplug_nic(call->state, vm_of(call),
                              (unsigned)call_int(call, "device", 0));
}

static struct err *run_disk_resize(struct verb_call *call, struct val *ret_result)
{
    return tune_disk_size(call->state, vm_of(call), (unsigned)call_int(call, "device", 0),
                          (uint64_t)call_int(call, "size", 0));
}

static struct err *run_disk_limit(struct verb_call *call, struct val *ret_result)
{
    const struct vm_limit limit = {(uint64_t)call_int(call, "bytes", 0),
                                   (uint64_t)call_int(call, "operations", 0)};

    return tune_disk_limit(call->state, vm_of(call), (unsigned)call_int(call, "device", 0),
                           &limit);
}

static struct err *run_memory(struct verb_call *call, struct val *ret_result)
{
    return tune_memory(call->state, vm_of(call), (uint64_t)call_int(call, "target", 0));
}

static struct err *run_vcpus(struct verb_call *call, struct val *ret_result)
{
    return tune_vcpus(call->state, vm_of(call), (unsigned)call_int(call, "number", 1));
}

#define VM                                                                                 \
    {                                                                                      \
        "vm", ARG_UUID                                                                     \
    }

static const struct verb_arg args_vm[] = {VM};
static const struct verb_arg args_suspend[] = {VM, {"image", ARG_OBJECT}};
static const struct verb_arg args_create[] = {VM, {"config", ARG_OBJECT}};
static const struct verb_arg args_shutdown[] = {VM, {"mode", ARG_WORD, .max = WORD_SIZE}};
static const struct verb_arg args_console[] = {VM,
                                               {"protocol", ARG_WORD, .max = WORD_SIZE}};
static const struct verb_arg args_cd[] = {
    VM, {"device", ARG_INT, .min = 0, .max = 255}, {"layers", ARG_LIST}};

static const struct verb_arg args_disk_plug[] = {VM, {"disk", ARG_OBJECT}};
static const struct verb_arg args_nic_plug[] = {VM, {"nic", ARG_OBJECT}};
static const struct verb_arg args_device[] = {VM,
                                              {"device", ARG_INT, .min = 0, .max = 255}};

static const struct verb_arg args_disk_resize[] = {
    VM,
    {"device", ARG_INT, .min = 0, .max = 255},
    {"size", ARG_INT, .min = 1, .max = MAX_DISK}};
static const struct verb_arg args_disk_limit[] = {
    VM,
    {"device", ARG_INT, .min = 0, .max = 255},
    {"bytes", ARG_INT, .min = 0, .max = MAX_RATE},
    {"operations", ARG_INT, .min = 0, .max = MAX_RATE}};
static const struct verb_arg args_memory[] = {
    VM, {"target", ARG_INT, .min = 1 << 20, .max = MAX_MEMORY}};
static const struct verb_arg args_vcpus[] = {VM, {"number", ARG_INT, .min = 1, .max = 512}};
static const struct verb_arg args_disk_snapshot[] = {
    VM, {"disks", ARG_LIST}, {"quiesce", ARG_BOOL, .optional = true}};
static const struct verb_arg args_disk_commit[] = {
    VM,
    {"device", ARG_INT, .min = 0, .max = 255},
    {"lower", ARG_OBJECT},
    {"upper", ARG_UUID},
    {"overlay", ARG_OBJECT, .optional = true},
    {"rate", ARG_INT, .optional = true, .min = 0, .max = INT64_MAX}};
static const struct verb_arg args_disk_rate[] = {
    VM,
    {"device", ARG_INT, .min = 0, .max = 255},
    {"rate", ARG_INT, .min = 0, .max = INT64_MAX}};

#define VERB(name, args, run, help)                                                        \
    {                                                                                      \
        name, args, ARRAY_SIZE(args), "vm", run, help                                      \
    }

const struct verb vm_verbs[] = {
    VERB("vm.create", args_create, run_create, "makes a VM, paused"),
    VERB("vm.unpause", args_vm, run_unpause, "lets a paused VM run"),
    VERB("vm.pause", args_vm, run_pause, "stops its vCPUs"),
    VERB("vm.suspend", args_suspend, run_suspend, "writes its memory; it stays paused"),
    VERB("vm.shutdown", args_shutdown, run_shutdown, "asks the guest to end or restart"),
    VERB("vm.reset", args_vm, run_reset, "restarts it as its reset button would"),
    VERB("vm.destroy", args_vm, run_destroy, "ends it now, and removes what it left"),
    {"vm.list", NULL, 0, NULL, run_list, "all VMs here"},
    VERB("vm.console", args_console, run_console, "a stream to its console"),
    VERB("vm.cd", args_cd, run_cd, "changes the disc in a drive"),
    VERB("vm.stat", args_vm, run_stat, "what it uses"),
    VERB("vm.nvram", args_vm, run_nvram, "what its firmware keeps"),
    VERB("vm.disk_plug", args_disk_plug, run_disk_plug, "puts a disk into a running VM"),
    VERB("vm.disk_unplug", args_device, run_disk_unplug, "takes a disk out"),
    VERB("vm.nic_plug", args_nic_plug, run_nic_plug, "puts an interface in"),
    VERB("vm.nic_unplug", args_device, run_nic_unplug, "takes an interface out"),
    VERB("vm.disk_resize", args_disk_resize, run_disk_resize, "the guest sees the size"),
    VERB("vm.disk_limit", args_disk_limit, run_disk_limit, "bounds what a disk does"),
    VERB("vm.memory", args_memory, run_memory, "asks the guest for memory, or returns it"),
    VERB("vm.vcpus", args_vcpus, run_vcpus, "changes how many vCPUs there are"),
    VERB("vm.disk_snapshot", args_disk_snapshot, run_disk_snapshot,
         "moves disks to new layers at one moment"),
    VERB("vm.disk_layers", args_device, run_disk_layers, "the layers a disk has now"),
    VERB("vm.disk_commit", args_disk_commit, run_disk_commit, "begins to merge layers"),
    VERB("vm.disk_commit_rate", args_disk_rate, run_disk_commit_rate, "how fast it may"),
    VERB("vm.disk_commit_cancel", args_device, run_disk_commit_cancel, "ends a merge"),
    VERB("vm.disk_pivot", args_device, run_disk_pivot,
         "changes over to the merged layer; the vCPUs stop"),
    VERB("vm.disk_resume", args_vm, run_disk_resume, "the vCPUs go on"),
};
const size_t n_vm_verbs = ARRAY_SIZE(vm_verbs);
