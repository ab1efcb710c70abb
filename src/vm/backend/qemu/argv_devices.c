// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/backend/qemu/argv_devices.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"

/* Where things stand on the first PCI bus.  Fixed, so that a guest finds each device where
 * it was at its last boot whatever else was added. */
enum slot {
    SLOT_VGA = 1,
    SLOT_SCSI,
    SLOT_SERIAL,
    SLOT_BALLOON,
    SLOT_RNG,
    SLOT_USB,
    SLOT_SATA, /* further controllers, as its functions */
    SLOT_BRIDGE = 0x1e,
};

#define MAX_NICS_THERE 31 /* behind the bridge, interface N in slot N + 1 */
#define SATA_PORTS     6u
#define MAX_SATA       (SATA_PORTS * 9u) /* the chip set's controller and a slot's functions */

#define VGA_MIB        16u
#define CIRRUS_MIN_MIB 4u /* there are cards of 4, 8 and 16 MiB */
#define CIRRUS_MAX_MIB 16u

#define MAX_QUEUES    16u
#define NO_BOOT_INDEX (-1)

/* ---- the order of booting ---- */

static bool has_bootable_disk(const struct vm_config *config)
{
    for (size_t i = 0; i < config->n_disks; i++)
        if (!config->disks[i].is_cdrom && config->disks[i].is_bootable)
            return true;
    return false;
}

/* Whether the firmware is to try the disk.  The flag counts only where some disk has it. */
static bool boots_from(const struct vm_config *config, const struct vm_disk *disk)
{
    return disk->is_cdrom || disk->is_bootable || !has_bootable_disk(config);
}

/* Each letter's devices come one after the other, by device number. */
static int boot_index(const struct vm_config *config, char letter, unsigned device)
{
    const char *place = strchr(config->boot_order, letter);

    return place ? (int)(place - config->boot_order) * 256 + (int)device : NO_BOOT_INDEX;
}

static const char *boot_option(int index, char text[32])
{
    text[0] = '\0';
    if (index != NO_BOOT_INDEX)
        snprintf(text, 32, ",bootindex=%d", index);
    return text;
}

/* ---- disks and drives ---- */

/* The nodes of a disk, the lowest layer first.  '*ret_root' is what the device gets. */
static void add_nodes(struct qemu_args *a, const struct vm_disk *disk,
                      char ret_root[QEMU_NODE_NAME_SIZE])
{
    for (size_t i = disk->n_layers; i-- > 0;) {
        const struct vm_layer *layer = &disk->layers[i];
        struct qemu_layer_mode mode = {.device = disk->device,
                                       .is_writable = i == 0 && disk->is_writable,
                                       .aio = a->machine->aio,
                                       .fdset = a->next_fdset++};
        char node[QEMU_NODE_NAME_SIZE];

        a->machine->inspect(layer->fd, &mode);
        qemu_node_name('l', disk->device, layer->id, node);
        qemu_arg_layer_fd(a, layer->fd, mode.fdset, node);
        qemu_arg_json(a, "-blockdev", qemu_file_node(layer, &mode));
        qemu_arg_json(
            a, "-blockdev",
            qemu_format_node(layer, i + 1 < disk->n_layers ? layer + 1 : NULL, &mode));
    }
    if (disk->n_layers)
        qemu_node_name('l', disk->device, disk->layers[0].id, ret_root);
}

/* The next free SATA port; its bus is "ide.N" or "sataC.N". */
static struct err *take_sata_port(struct qemu_args *a, unsigned *n_ports, char bus[16])
{
    unsigned controller = *n_ports / SATA_PORTS, port = *n_ports % SATA_PORTS;

    if (*n_ports == MAX_SATA)
        return err_new(ERR_INTERNAL_ERROR, "giving SATA ports to more than %u drives",
                       MAX_SATA);
    (*n_ports)++;
    if (controller == 0) {
        snprintf(bus, 16, "ide.%u", port);
        return NULL;
    }
    snprintf(bus, 16, "sata%u.%u", controller, port);
    if (port == 0)
        qemu_arg_pair(a, "-device", "ich9-ahci,id=sata%u,addr=0x%x.0x%x,multifunction=on",
                      controller, SLOT_SATA, controller - 1);
    return NULL;
}

static struct err *add_drive(struct qemu_args *a, const struct vm_disk *disk,
                             unsigned *n_ports)
{
    const struct vm_config *config = a->machine->config;
    char bus[16], root[QEMU_NODE_NAME_SIZE] = "", boot[32], id[QEMU_DEVICE_ID_SIZE];
    struct err *e = take_sata_port(a, n_ports, bus);

    if (e)
        return e;
    qemu_device_id("cd", disk->device, id);
    add_nodes(a, disk, root);
    boot_option(boot_index(config, 'd', disk->device), boot);
    qemu_arg_pair(a, "-device", "ide-cd,bus=%s,id=%s%s%s%s", bus, id,
                  *root ? ",drive=" : "", root, boot);
    return NULL;
}

static struct err *add_disk(struct qemu_args *a, const struct vm_disk *disk,
                            unsigned *n_ports)
{
    const struct vm_config *config = a->machine->config;
    char bus[16], root[QEMU_NODE_NAME_SIZE] = "", boot[32], id[QEMU_DEVICE_ID_SIZE];
    struct err *e = NULL;
    int index =
        boots_from(config, disk) ? boot_index(config, 'c', disk->device) : NO_BOOT_INDEX;

    qemu_device_id("disk", disk->device, id);
    boot_option(index, boot);
    if (a->machine->platform->disk_bus == QEMU_DISK_SATA) {
        e = take_sata_port(a, n_ports, bus);
        if (e)
            return e;
        add_nodes(a, disk, root);
        qemu_arg_pair(a, "-device", "ide-hd,bus=%s,drive=%s,id=%s,serial=lk-%u%s", bus,
                      root, id, disk->device, boot);
        return NULL;
    }
    add_nodes(a, disk, root);
    qemu_arg_pair(a, "-device",
                  "scsi-hd,bus=scsi0.0,channel=0,scsi-id=%u,lun=0,drive=%s,id=%s,"
                  "serial=lk-%u%s",
                  disk->device, root, id, disk->device, boot);
    return NULL;
}

/* What the guest's cloud-init is to do, in a drive of its own: none of the VM's. */
static struct err *add_seed(struct qemu_args *a, unsigned *n_ports)
{
    struct val node;
    unsigned set;
    char bus[16];
    struct err *e;

    if (!a->machine->config->has_seed)
        return NULL;
    e = take_sata_port(a, n_ports, bus);
    if (e)
        return e;
    set = a->next_fdset++;
    node = val_map(4);
    val_put_str(&node, "driver", val_str("file"));
    val_put_str(&node, "node-name", val_str("seed"));
    val_put_str(&node, "filename", val_strf("/dev/fdset/%u", set));
    val_put_str(&node, "read-only", val_bool(true));
    qemu_arg_fdset(a, a->machine->config->seed_fd, set);
    qemu_arg_json(a, "-blockdev", node);
    qemu_arg_pair(a, "-device", "ide-cd,bus=%s,id=seed,drive=seed", bus);
    return NULL;
}

static struct err *add_disks(struct qemu_args *a)
{
    const struct vm_config *config = a->machine->config;
    unsigned n_ports = 0;
    struct err *e = NULL;

    /* By itself QEMU takes a queue for each vCPU there is at the start, and a VM that goes
     * on with one more would have another controller. */
    qemu_arg_pair(a, "-device", "virtio-scsi-pci,id=scsi0,addr=0x%x,num_queues=%u",
                  SLOT_SCSI,
                  config->vcpus_max < MAX_QUEUES ? config->vcpus_max : MAX_QUEUES);
    for (size_t i = 0; !e && i < config->n_disks; i++)
        e = (config->disks[i].is_cdrom ? add_drive : add_disk)(a, &config->disks[i],
                                                               &n_ports);
    return e ? e : add_seed(a, &n_ports);
}

/* ---- interfaces ---- */

static unsigned port_of(const struct val *forward, const char *member)
{
    const struct val *port = forward->kind == VAL_MAP ? val_find(forward, member) : NULL;

    return port && port->kind == VAL_INT && port->i > 0 && port->i <= UINT16_MAX
               ? (unsigned)port->i
               : 0;
}

struct err *qemu_nic_forwards(const struct vm_nic *nic, struct val *ret_rules)
{
    const struct val *list = val_find(&nic->attachment, "forward");
    autoval struct val rules = val_set(0);

    if (list && list->kind != VAL_SET)
        return err_params(ERR_INVALID_VALUE, "forward", "not a list", NULL);
    for (size_t i = 0; list && i < val_count(list); i++) {
        const struct val *one = val_at(list, i);
        unsigned host = port_of(one, "host_port"), guest = port_of(one, "guest_port");

        if (!host || !guest)
            return err_params(ERR_INVALID_VALUE, "forward", "not a port", NULL);
        val_push(&rules,
                 val_strf("%s:127.0.0.1:%u-:%u",
                          STREQ(val_find_text(one, "protocol", ""), "udp") ? "udp" : "tcp",
                          host, guest));
    }
    *ret_rules = take_val(rules);
    return NULL;
}

bool qemu_nic_is_restricted(const struct vm_nic *nic)
{
    const struct val *isolated = val_find(&nic->attachment, "restrict");

    return isolated && isolated->kind == VAL_BOOL && isolated->b;
}

struct err *qemu_nic_check(const struct vm_nic *nic)
{
    if (nic->device >= MAX_NICS_THERE)
        return err_paramf(
            err_new(ERR_INVALID_DEVICE,
                    "placing interface %u: QEMU's machine has room for 0 to %d",
                    nic->device, MAX_NICS_THERE - 1),
            "%u", nic->device);
    if (!STREQ(nic->mode, "none") && !STREQ(nic->mode, "user"))
        return err_params(ERR_NOT_IMPLEMENTED, "interfaces of this kind on QEMU", nic->mode,
                          NULL);
    return NULL;
}

static struct err *add_netdev(struct qemu_args *a, const struct vm_nic *nic)
{
    autoval struct val forwards = val_void();
    autobuf options = BUF_INIT;
    struct err *e;

    if (STREQ(nic->mode, "none"))
        return NULL;
    e = qemu_nic_forwards(nic, &forwards);
    if (e)
        return e;
    for (size_t i = 0; i < val_count(&forwards); i++)
        buf_addf(&options, ",hostfwd=%s", val_text(val_at(&forwards, i)));
    qemu_arg_pair(a, "-netdev", "user,id=net%u%s%s", nic->device,
                  qemu_nic_is_restricted(nic) ? ",restrict=on" : "", buf_str(&options));
    return NULL;
}

/* Interfaces can be plugged and unplugged behind a bridge, which costs a guest's boot less
 * than a port for each. */
static void add_bridge(struct qemu_args *a)
{
    qemu_arg_pair(a, "-device", "i82801b11-bridge,id=dmi,addr=0x%x", SLOT_BRIDGE);
    qemu_arg_pair(a, "-device",
                  "pci-bridge,id=" QEMU_NIC_BUS ",bus=dmi,chassis_nr=1,addr=0x1,shpc=off");
}

static struct err *add_nic(struct qemu_args *a, const struct vm_nic *nic)
{
    int index = boot_index(a->machine->config, 'n', nic->device);
    bool is_plugged = !STREQ(nic->mode, "none");
    char boot[32], id[QEMU_DEVICE_ID_SIZE], peer[32] = "";
    struct err *e = qemu_nic_check(nic);

    if (!e)
        e = add_netdev(a, nic);
    if (e)
        return e;
    if (is_plugged)
        snprintf(peer, sizeof(peer), "netdev=net%u,", nic->device);
    qemu_device_id("nic", nic->device, id);
    boot_option(index, boot);
    /* The network's boot program costs a start half a second that only those pay who want
     * it. */
    qemu_arg_pair(a, "-device",
                  "virtio-net-pci,%smac=%s,id=%s,bus=" QEMU_NIC_BUS ",addr=0x%x%s%s", peer,
                  nic->mac, id, nic->device + 1, index == NO_BOOT_INDEX ? ",romfile=" : "",
                  boot);
    return NULL;
}

/* ---- the rest ---- */

static unsigned cirrus_mib(unsigned wanted)
{
    if (wanted < CIRRUS_MIN_MIB)
        return CIRRUS_MIN_MIB;
    return wanted < CIRRUS_MAX_MIB ? wanted : CIRRUS_MAX_MIB;
}

static void add_screen(struct qemu_args *a)
{
    const struct qemu_platform *p = a->machine->platform;

    switch (p->vga) {
    case QEMU_VGA_STD:
        qemu_arg_pair(a, "-device", "VGA,id=vga,addr=0x%x,vgamem_mb=%u", SLOT_VGA,
                      p->video_mib ? p->video_mib : VGA_MIB);
        break;
    case QEMU_VGA_CIRRUS:
        qemu_arg_pair(a, "-device", "cirrus-vga,id=vga,addr=0x%x,vgamem_mb=%u", SLOT_VGA,
                      cirrus_mib(p->video_mib));
        break;
    case QEMU_VGA_VIRTIO:
        qemu_arg_pair(a, "-device", "virtio-vga,id=vga,addr=0x%x", SLOT_VGA);
        break;
    case QEMU_VGA_NONE:
        break;
    }
    if (!p->usb)
        return;
    qemu_arg_pair(a, "-device", "qemu-xhci,id=usb,addr=0x%x,p2=4,p3=4", SLOT_USB);
    /* A mouse that says where it is, so that the console's pointer is the guest's. */
    if (p->usb_tablet)
        qemu_arg_pair(a, "-device", "usb-tablet,bus=usb.0");
}

struct err *qemu_args_add_devices(struct qemu_args *a)
{
    const struct vm_config *config = a->machine->config;
    struct err *e;

    add_screen(a);
    qemu_arg_pair(a, "-device", "virtio-serial-pci,id=vserial,addr=0x%x", SLOT_SERIAL);
    qemu_arg_pair(a, "-device",
                  "virtserialport,bus=vserial.0,nr=1,chardev=" QEMU_AGENT_ID
                  ",id=" QEMU_AGENT_ID ",name=org.latchkey.agent.0");
    qemu_arg_pair(a, "-device",
                  "virtio-balloon-pci,id=balloon0,addr=0x%x,deflate-on-oom=on",
                  SLOT_BALLOON);
    qemu_arg_pair(a, "-object", "rng-builtin,id=rng0");
    qemu_arg_pair(a, "-device", "virtio-rng-pci,rng=rng0,addr=0x%x", SLOT_RNG);
    qemu_arg_pair(a, "-device", "pvpanic");
    add_bridge(a);
    e = add_disks(a);
    for (size_t i = 0; !e && i < config->n_nics; i++)
        e = add_nic(a, &config->nics[i]);
    return e;
}
