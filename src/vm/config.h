// SPDX-License-Identifier: GPL-2.0-or-later
/* What a VM is made of, as the manager describes it ("config" in
 * docs/design/agent-protocol.md), checked and typed.  Plain data; built once, then
 * constant. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/value.h"

/* How the guest sees the machine: as a whole one with firmware; or as one made for guests
 * of a hypervisor, with Xen's interfaces only (PV) or with the processor's help (PVH). */
enum vm_type { VM_TYPE_HVM, VM_TYPE_PV, VM_TYPE_PVH };
enum vm_firmware { VM_FIRMWARE_BIOS, VM_FIRMWARE_UEFI };
enum vm_image_format { VM_IMAGE_QCOW2, VM_IMAGE_RAW };

/* One layer of a disk: a descriptor opened for what the disk may do with it. */
struct vm_layer {
    int fd; /* borrowed from the call */
    enum vm_image_format format;
    char id[40];
};

/* The layer a disk is to write to, and a merge in a running VM. */
struct vm_top {
    unsigned device;
    struct vm_layer layer;
};
struct vm_commit {
    unsigned device;
    struct vm_layer lower;   /* for writing: gets the bytes of those above it */
    char upper[40];          /* the uppermost of these */
    struct vm_layer overlay; /* for writing: what is over 'upper'; fd -1: nothing is */
    uint64_t rate;           /* bytes a second, 0: as fast as it can */
};

struct vm_disk {
    unsigned device; /* 0 to 255, unique in a VM over disks and drives */
    bool is_cdrom, is_writable, is_bootable;
    struct vm_layer *layers; /* the top first; none: an empty drive */
    size_t n_layers;
};

struct vm_nic {
    unsigned device;       /* 0 to 63, unique */
    char mac[18];          /* lower case, colons */
    char mode[16];         /* how lk-netd connected it: "user", "none", ... */
    struct val attachment; /* all that lk-netd answered, a map */
};

struct vm_config {
    /* For people: UTF-8, control characters replaced, at most 255 bytes; may begin with
     * anything, so never a path or an option. */
    char *name;
    uint64_t memory; /* bytes, rounded down to a multiple of 1 MiB */
    unsigned vcpus, vcpus_max;
    enum vm_type type;
    /* PV and PVH: files of the administrator's directory of kernels, and what the kernel is
     * told; "" for none.  Without a kernel the guest starts what its disk says. */
    char *kernel, *ramdisk, *kernel_args;
    enum vm_firmware firmware;
    struct buf flash;    /* what the firmware kept before (vm/flash.h); empty: nothing */
    char boot_order[8];  /* of the letters c d n, each once at most; may be empty */
    struct val platform; /* XenAPI's VM.platform: text to text */
    struct vm_disk *disks;
    size_t n_disks;
    struct vm_nic *nics;
    size_t n_nics;
    bool is_resumed; /* the VM goes on from 'memory_image' (vm/memory_image.h) */
    struct vm_layer memory_image;
    /* A disc for the guest alone that is in no drive the VM's owner knows: what its
     * cloud-init is to do. */
    bool has_seed;
    int seed_fd; /* raw; borrowed from the call */
};

/* Checks and types the object 'config' of vm.create; the layers' "fd" are indices into
 * 'fds', which stay the caller's.  Errors: INVALID_VALUE [field, value] with the path of
 * the field ("disks[1].mode"). */
struct err *vm_config_parse(const struct val *config, const int *fds, size_t n_fds,
                            struct vm_config *ret_config) MUST_CHECK;
void vm_config_fini(struct vm_config *config);

/* One element of 'disks' or 'nics' alone. */
struct err *vm_disk_parse(const struct val *disk, const int *fds, size_t n_fds,
                          struct vm_disk *ret_disk) MUST_CHECK;
void vm_disk_fini(struct vm_disk *disk);
struct err *vm_nic_parse(const struct val *nic, struct vm_nic *ret_nic) MUST_CHECK;
void vm_nic_fini(struct vm_nic *nic);

/* One layer; 'where' for errors. */
struct err *vm_layer_parse(const struct val *layer, const char *where, const int *fds,
                           size_t n_fds, struct vm_layer *ret_layer) MUST_CHECK;
/* A list of layers alone, as in 'disks'.  '*ret_layers' is the caller's to free. */
struct err *vm_layers_parse(const struct val *list, const int *fds, size_t n_fds,
                            struct vm_layer **ret_layers, size_t *ret_n) MUST_CHECK;
