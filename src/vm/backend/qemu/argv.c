// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/backend/qemu/argv.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/alloc.h"
#include "io/subprocess.h"
#include "vm/backend/qemu/argv_devices.h"
#include "wire/json.h"

#define MIB          (UINT64_C(1) << 20)
#define TCG_CODE_MIB 256 /* translated code at most; touched as it fills */
#define VM_NAME_MAX  64  /* bytes of the VM's name shown in process lists */

enum fdset { FDSET_CONSOLE = 1, FDSET_CODE, FDSET_VARS, FDSET_LAYERS };

static void add_machine(struct qemu_args *a);
static struct err *add_processor(struct qemu_args *a);
static void add_clock(struct qemu_args *a);
static void add_firmware(struct qemu_args *a);
static void add_channels(struct qemu_args *a);

/* ---- words ---- */

void qemu_arg(struct qemu_args *a, const char *text)
{
    *VEC_PUSH(&a->argv->args) = xstrdup(text);
}

void qemu_arg_pair(struct qemu_args *a, const char *option, const char *fmt, ...)
{
    va_list args;
    char *text;
    int len;

    va_start(args, fmt);
    len = vasprintf(&text, fmt, args);
    va_end(args);
    assert_msg(len >= 0, "out of memory");
    qemu_arg(a, option);
    *VEC_PUSH(&a->argv->args) = text;
}

void qemu_arg_json(struct qemu_args *a, const char *option, struct val value)
{
    autobuf text = BUF_INIT;

    json_add(&text, &value);
    val_unref(&value);
    qemu_arg(a, option);
    qemu_arg(a, buf_str(&text));
}

int qemu_arg_fd(struct qemu_args *a, int fd)
{
    *VEC_PUSH(&a->argv->fds) = fd;
    return QEMU_FIRST_FD + (int)a->argv->fds.n - 1;
}

void qemu_arg_fdset(struct qemu_args *a, int fd, unsigned set)
{
    qemu_arg_pair(a, "-add-fd", "fd=%d,set=%u", qemu_arg_fd(a, fd), set);
}

void qemu_arg_layer_fd(struct qemu_args *a, int fd, unsigned set, const char *node)
{
    qemu_arg_pair(a, "-add-fd", "fd=%d,set=%u,opaque=%s", qemu_arg_fd(a, fd), set, node);
}

void qemu_argv_fini(struct qemu_argv *argv)
{
    for (size_t i = 0; i < argv->args.n; i++)
        free(argv->args.at[i]);
    VEC_FINI(&argv->args);
    VEC_FINI(&argv->fds);
}

void qemu_device_id(const char *kind, unsigned device, char ret_id[QEMU_DEVICE_ID_SIZE])
{
    snprintf(ret_id, QEMU_DEVICE_ID_SIZE, "%.8s%u", kind, device & 0xffff);
}

/* ---- the whole ---- */

struct err *qemu_argv_build(const struct qemu_machine *machine, struct qemu_argv *ret_argv)
{
    autoargv argv = {0};
    struct qemu_args a = {machine, &argv, FDSET_LAYERS};
    struct err *e;

    qemu_arg(&a, machine->program);
    add_machine(&a);
    e = add_processor(&a);
    if (!e) {
        add_clock(&a);
        add_channels(&a);
        add_firmware(&a);
        e = qemu_args_add_devices(&a);
    }
    if (!e && argv.fds.n > SUBPROCESS_MAX_FDS)
        e = err_new(ERR_INTERNAL_ERROR, "passing %zu descriptors, %d are possible",
                    argv.fds.n, SUBPROCESS_MAX_FDS);
    if (e)
        return e;
    *VEC_PUSH(&argv.args) = NULL;
    *ret_argv = argv;
    argv = (struct qemu_argv){0};
    return NULL;
}

/* The VM's name as a value among commas: they are doubled. */
static void add_name(struct qemu_args *a)
{
    const char *name = a->machine->config->name;
    autobuf text = BUF_INIT;
    size_t len = strnlen(name, VM_NAME_MAX);

    while (name[len] && len > 0 && ((unsigned char)name[len] & 0xc0) == 0x80)
        len--; /* not within a character */
    for (size_t i = 0; i < len; i++) {
        buf_add_char(&text, name[i]);
        if (name[i] == ',')
            buf_add_char(&text, ',');
    }
    qemu_arg_pair(a, "-name", "guest=%s,debug-threads=on", buf_str(&text));
}

static void add_machine(struct qemu_args *a)
{
    const struct qemu_machine *m = a->machine;
    const struct qemu_platform *p = m->platform;
    bool has_uefi = m->config->firmware == VM_FIRMWARE_UEFI;

    add_name(a);
    qemu_arg_pair(a, "-uuid", "%s", m->uuid);
    qemu_arg(a, "-nodefaults");
    qemu_arg(a, "-no-user-config");
    qemu_arg(a, "-S");
    if (m->config->is_resumed)
        qemu_arg_pair(a, "-incoming", "defer");
    qemu_arg_pair(a, "-machine",
                  "%s,usb=off,vmport=off,dump-guest-core=off,mem-merge=off,smm=off,acpi=%s,"
                  "hpet=%s%s",
                  m->type, p->acpi ? "on" : "off", p->hpet ? "on" : "off",
                  has_uefi ? ",pflash0=code,pflash1=vars" : "");
    if (m->has_kvm)
        qemu_arg_pair(a, "-accel", "kvm");
    else
        qemu_arg_pair(a, "-accel", "tcg,thread=multi,tb-size=%d", TCG_CODE_MIB);
    qemu_arg_pair(a, "-m", "size=%" PRIu64 "M", m->config->memory / MIB);
    qemu_arg_pair(
        a, "-sandbox",
        "on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny");
    qemu_arg_pair(a, "-action", "panic=pause,shutdown=pause,reboot=reset");
    qemu_arg_pair(a, "-msg", "timestamp=on");
    qemu_arg_pair(a, "-boot", "menu=off,strict=%s", *m->config->boot_order ? "on" : "off");
}

/* QEMU of Debian 12 miscompiles guests under emulation once svm is switched off, so there
 * it stays as "max" has it. */
static void add_cpu_model(struct qemu_args *a)
{
    const struct qemu_platform *p = a->machine->platform;
    autobuf model = BUF_INIT;

    buf_add_str(&model, a->machine->has_kvm ? "host" : "max");
    if (a->machine->has_kvm && !p->nested)
        buf_add_str(&model, ",vmx=off,svm=off");
    if (!p->apic)
        buf_add_str(&model, ",apic=off");
    if (!p->pae)
        buf_add_str(&model, ",pae=off");
    if (!p->nx)
        buf_add_str(&model, ",nx=off");
    if (a->machine->has_kvm && p->viridian)
        buf_add_str(&model, ",hv-relaxed=on,hv-vapic=on,hv-spinlocks=0x1fff,hv-vpindex=on,"
                            "hv-runtime=on,hv-time=on,hv-synic=on,hv-stimer=on,"
                            "hv-frequencies=on,hv-reset=on,hv-tlbflush=on,hv-ipi=on");
    qemu_arg_pair(a, "-cpu", "%s", buf_str(&model));
}

static struct err *add_processor(struct qemu_args *a)
{
    const struct vm_config *config = a->machine->config;
    unsigned cores = a->machine->platform->cores_per_socket;

    if (cores == 0)
        cores = 1;
    if (config->vcpus_max % cores != 0)
        return err_paramf(err_paramf(err_new(ERR_VCPU_MAX_NOT_CORES_PER_SOCKET_MULTIPLE,
                                             "laying out %u vCPUs in sockets of %u",
                                             config->vcpus_max, cores),
                                     "%u", config->vcpus_max),
                          "%u", cores);
    add_cpu_model(a);
    qemu_arg_pair(a, "-smp", "cpus=%u,maxcpus=%u,sockets=%u,cores=%u,threads=1",
                  config->vcpus, config->vcpus_max, config->vcpus_max / cores, cores);
    return NULL;
}

static void add_clock(struct qemu_args *a)
{
    time_t at = (time_t)(a->machine->now_s + a->machine->platform->time_offset_s);
    char text[32] = "utc";
    struct tm tm;

    if (a->machine->platform->time_offset_s != 0 && gmtime_r(&at, &tm))
        strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &tm);
    qemu_arg_pair(a, "-rtc", "base=%s,clock=host,driftfix=slew", text);
}

static void add_firmware(struct qemu_args *a)
{
    static const struct {
        const char *node;
        unsigned set;
        bool is_writable;
    } parts[] = {{"code", FDSET_CODE, false}, {"vars", FDSET_VARS, true}};

    if (a->machine->config->firmware != VM_FIRMWARE_UEFI)
        return;
    for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
        struct val node = val_map(4);

        qemu_arg_fdset(a, i == 0 ? a->machine->code_fd : a->machine->vars_fd, parts[i].set);
        val_put_str(&node, "driver", val_str("file"));
        val_put_str(&node, "node-name", val_str(parts[i].node));
        val_put_str(&node, "filename", val_strf("/dev/fdset/%u", parts[i].set));
        val_put_str(&node, "read-only", val_bool(!parts[i].is_writable));
        qemu_arg_json(a, "-blockdev", node);
    }
}

/* The ways in and out: monitor, serial console with its log, the guest's agent.  The screen
 * has no address: clients are handed to it over the monitor. */
static void add_channels(struct qemu_args *a)
{
    const struct qemu_machine *m = a->machine;

    qemu_arg_pair(a, "-chardev", "socket,id=qmp,fd=%d,server=on,wait=off",
                  qemu_arg_fd(a, m->qmp_fd));
    qemu_arg_pair(a, "-mon", "chardev=qmp,mode=control");
    qemu_arg_fdset(a, m->console_fd, FDSET_CONSOLE);
    qemu_arg_pair(a, "-chardev",
                  "socket,id=serial0,fd=%d,server=on,wait=off,logfile=/dev/fdset/%d,"
                  "logappend=on",
                  qemu_arg_fd(a, m->serial_fd), FDSET_CONSOLE);
    qemu_arg_pair(a, "-device", "isa-serial,id=com1,chardev=serial0");
    qemu_arg_pair(a, "-chardev", "socket,id=" QEMU_AGENT_ID ",fd=%d,server=on,wait=off",
                  qemu_arg_fd(a, m->agent_fd));
    qemu_arg_pair(a, "-vnc", "none");
}
