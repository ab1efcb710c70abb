// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/backend/xen/build.h"

#include <inttypes.h>
#include <libxl.h>
#include <libxl_utils.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/vec.h"
#include "io/wait.h"
#include "model/map_key.h"
#include "vm/backend/xen/job.h"
#include "vm/backend/xen/kernel.h"
#include "vm/backend/xen/loop_device.h"
#include "vm/backend/xen/xen_private.h"
#include "vm/config.h"

#define GRUB_DIR      "/usr/lib/grub-xen" /* of package grub-xen-host */
#define GRUB_PV       "grub-x86_64-xen.bin"
#define GRUB_PVH      "grub-i386-xen_pvh.bin"
#define FIRST_JOB_FD  3
#define TAKEN_MS      10000 /* the block backend's worker opens a device a moment later */
#define TAKEN_STEP_MS 10

_Static_assert(LIBXL_TSC_MODE_NATIVE == 2 && LIBXL_TSC_MODE_NATIVE_PARAVIRT == 3,
               "libxl counts as Xen does");

/* A domain being described. */
struct build {
    struct xen_backend *backend;
    const struct vm_config *config;
    libxl_domain_config xl;
    int fds[3]; /* kernel, ramdisk, the VM's lock: become the job's 3, 4, 5 */
    size_t n_fds;
    VEC(int) devices; /* loop devices, open until the kernel has them */
};

static struct err *describe(struct build *build, const char *uuid);
static libxl_tsc_mode tsc_mode(const struct val *platform);
static struct err *add_kernel(struct build *build);
static struct err *add_boot_file(struct build *build, const char *dir, const char *what,
                                 const char *name, char **ret_path);
static struct err *add_disks(struct build *build);
static struct err *add_disk(struct build *build, const struct vm_disk *disk);
static struct err *refuse_nics(const struct vm_config *config);
static struct err *check_memory(struct build *build);
static struct err *wait_taken(const struct build *build, uint32_t domid);

static void build_fini(struct build *build)
{
    for (size_t i = 0; i < build->n_fds; i++)
        close(build->fds[i]);
    for (size_t i = 0; i < build->devices.n; i++)
        close(build->devices.at[i]);
    VEC_FINI(&build->devices);
    libxl_domain_config_dispose(&build->xl);
}

struct err *xen_build(struct xen_backend *backend, const struct vm_identity *id,
                      const struct vm_config *config, uint32_t *ret_domid)
{
    CLEANUP(build_fini) struct build build = {.backend = backend, .config = config};
    autofree char *json = NULL;
    uint32_t domid = 0;
    struct err *e;

    libxl_domain_config_init(&build.xl);
    e = describe(&build, id->uuid);
    if (!e)
        e = add_kernel(&build);
    if (!e)
        e = check_memory(&build);
    if (!e)
        e = refuse_nics(config);
    if (!e)
        e = add_disks(&build);
    if (e)
        return e;
    json = libxl_domain_config_to_json(backend->ctx, &build.xl);
    if (!json)
        return err_new(ERR_INTERNAL_ERROR, "describing the domain for libxl");
    e = job_lock(id, &build.fds[build.n_fds]);
    if (e)
        return e;
    build.n_fds++;
    e = job_create(json, build.fds, build.n_fds, &domid);
    if (!e)
        e = wait_taken(&build, domid);
    if (!e)
        *ret_domid = domid;
    return e;
}

static struct err *describe(struct build *build, const char *uuid)
{
    const struct vm_config *config = build->config;
    libxl_domain_create_info *create = &build->xl.c_info;
    libxl_domain_build_info *info = &build->xl.b_info;
    int rc;

    create->type =
        config->type == VM_TYPE_PVH ? LIBXL_DOMAIN_TYPE_PVH : LIBXL_DOMAIN_TYPE_PV;
    /* libxl wants names to be unique; a VM's need not be. */
    create->name = xstrdup(uuid);
    rc = libxl_uuid_from_string(&create->uuid, uuid);
    if (rc)
        return xen_error(rc, "reading the uuid %s", uuid);

    libxl_domain_build_info_init_type(info, create->type);
    info->max_memkb = info->target_memkb = config->memory / 1024;
    info->max_vcpus = (int)config->vcpus_max;
    rc = libxl_cpu_bitmap_alloc(build->backend->ctx, &info->avail_vcpus,
                                (int)config->vcpus_max);
    if (rc)
        return xen_error(rc, "listing vCPUs");
    for (unsigned i = 0; i < config->vcpus; i++)
        libxl_bitmap_set(&info->avail_vcpus, (int)i);
    info->tsc_mode = tsc_mode(&config->platform);
    return NULL;
}

/* VM.platform:tsc_mode has Xen's own numbers; another value is as good as none. */
static libxl_tsc_mode tsc_mode(const struct val *platform)
{
    int64_t mode;

    if (map_key_number(platform, KEY_VM_PLATFORM_TSC_MODE, &mode) < 0)
        return LIBXL_TSC_MODE_DEFAULT;
    return (libxl_tsc_mode)mode;
}

/* Without a kernel of its own the guest starts what its disk says: by GRUB as the guest's
 * kernel, so that nothing of a guest's disk is read out here. */
static struct err *add_kernel(struct build *build)
{
    const struct vm_config *config = build->config;
    libxl_domain_build_info *info = &build->xl.b_info;
    const char *dir = build->backend->kernel_dir, *name = config->kernel;
    struct err *e;

    if (!*name) {
        dir = GRUB_DIR;
        name = config->type == VM_TYPE_PVH ? GRUB_PVH : GRUB_PV;
        if (access(GRUB_DIR, F_OK) < 0)
            return err_params(ERR_INVALID_VALUE, "PV_kernel",
                              "empty, and package grub-xen-host is not installed", NULL);
    }
    e = add_boot_file(build, dir, "PV_kernel", name, &info->kernel);
    if (!e && *config->ramdisk)
        e = add_boot_file(build, build->backend->kernel_dir, "PV_ramdisk", config->ramdisk,
                          &info->ramdisk);
    if (!e && *config->kernel_args)
        info->cmdline = xstrdup(config->kernel_args);
    return e;
}

static struct err *add_boot_file(struct build *build, const char *dir, const char *what,
                                 const char *name, char **ret_path)
{
    struct err *e = kernel_open(dir, what, name, &build->fds[build->n_fds]);

    if (e)
        return e;
    *ret_path = xasprintf("/proc/self/fd/%zu", FIRST_JOB_FD + build->n_fds);
    build->n_fds++;
    return NULL;
}

static struct err *add_disks(struct build *build)
{
    const struct vm_config *config = build->config;
    struct err *e = NULL;

    if (config->has_seed)
        return err_params(ERR_NOT_IMPLEMENTED, "a disc for cloud-init on Xen", NULL);
    for (size_t i = 0; !e && i < config->n_disks; i++) {
        e = add_disk(build, &config->disks[i]);
        if (e)
            e = err_context(e, "attaching disk %u", config->disks[i].device);
    }
    return e;
}

/* As Linux names them: xvda to xvdz, then xvdaa. */
static char *device_name(unsigned number)
{
    if (number < 26)
        return xasprintf("xvd%c", 'a' + (char)number);
    return xasprintf("xvd%c%c", 'a' + (char)(number / 26 - 1), 'a' + (char)(number % 26));
}

static struct err *add_disk(struct build *build, const struct vm_disk *disk)
{
    char path[LOOP_DEVICE_PATH_SIZE];
    libxl_device_disk *xl;
    struct err *e;
    int fd;

    if (disk->n_layers == 0)
        return NULL; /* a drive without a disc is of no use to a guest without firmware */
    if (disk->n_layers > 1 || disk->layers[0].format != VM_IMAGE_RAW)
        return err_params(ERR_NOT_IMPLEMENTED, "a disk that is not one raw image, on Xen",
                          NULL);
    e = loop_device_open(disk->layers[0].fd, disk->is_writable, path, &fd);
    if (e)
        return e;
    *VEC_PUSH(&build->devices) = fd;

    build->xl.disks = xreallocarray(build->xl.disks, (size_t)build->xl.num_disks + 1,
                                    sizeof(build->xl.disks[0]));
    xl = &build->xl.disks[build->xl.num_disks++];
    libxl_device_disk_init(xl);
    xl->pdev_path = xstrdup(path);
    xl->script = job_program();
    xl->vdev = device_name(disk->device);
    xl->backend = LIBXL_DISK_BACKEND_PHY;
    xl->format = LIBXL_DISK_FORMAT_RAW;
    xl->readwrite = disk->is_writable;
    xl->is_cdrom = disk->is_cdrom;
    return NULL;
}

static struct err *refuse_nics(const struct vm_config *config)
{
    for (size_t i = 0; i < config->n_nics; i++)
        if (!STREQ(config->nics[i].mode, "none"))
            return err_paramf(err_new(ERR_NOT_IMPLEMENTED, "attaching interface %u",
                                      config->nics[i].device),
                              "an interface of mode %s, on Xen", config->nics[i].mode);
    return NULL;
}

/* Before anything is made; two VMs at once may both pass, and one then fails in libxl. */
static struct err *check_memory(struct build *build)
{
    uint64_t need_kib, free_kib;
    int rc =
        libxl_domain_need_memory(build->backend->ctx, &build->xl, INVALID_DOMID, &need_kib);

    if (!rc)
        rc = libxl_get_free_memory(build->backend->ctx, &free_kib);
    if (rc)
        return xen_error(rc, "asking how much memory is free");
    if (need_kib <= free_kib)
        return NULL;
    return err_paramf(
        err_paramf(err_new(ERR_HOST_NOT_ENOUGH_FREE_MEMORY,
                           "finding %" PRIu64 " KiB of memory, %" PRIu64 " are free",
                           need_kib, free_kib),
                   "%" PRIu64, need_kib * 1024),
        "%" PRIu64, free_kib * 1024);
}

/* The number the block backend knows a disk by: io/blkif.h's "virtual-device". */
static unsigned device_number(unsigned device)
{
    return device < 16 ? 202u << 8 | device << 4 : 1u << 28 | device << 8;
}

/* A loop device closed by all goes away: waits until the kernel's backend has it open,
 * which it shows by these files. */
static struct err *wait_taken(const struct build *build, uint32_t domid)
{
    uint64_t deadline = clock_monotonic_ms() + TAKEN_MS;

    for (size_t i = 0; i < build->config->n_disks; i++) {
        const struct vm_disk *disk = &build->config->disks[i];
        char path[96];

        if (disk->n_layers == 0)
            continue;
        snprintf(path, sizeof(path),
                 "/sys/bus/xen-backend/devices/vbd-%u-%u/physical_device", domid,
                 device_number(disk->device));
        while (access(path, F_OK) < 0) {
            if (wait_ms_left(deadline) == 0)
                return err_new(ERR_INTERNAL_ERROR,
                               "waiting for the block backend to open disk %u",
                               disk->device);
            poll(NULL, 0, TAKEN_STEP_MS);
        }
    }
    return NULL;
}
