// SPDX-License-Identifier: GPL-2.0-or-later
/* UEFI: the firmware from Debian's package ovmf, and the flash of each VM that holds its
 * variables, a file of the VM's folder which QEMU writes to.  Its bytes are the guest's:
 * they are moved and compared, never looked into. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/fd.h"
#include "vm/backend/qemu/domain.h"
#include "vm/config.h"
#include "vm/flash.h"

#define FIRMWARE_DIR "/usr/share/OVMF"
#define MAX_READS    20 /* until two in a row say the same */

/* The first pair that is there. */
static const struct {
    const char *code, *vars;
} kinds[] = {
    {"OVMF_CODE_4M.fd", "OVMF_VARS_4M.fd"},
    {"OVMF_CODE.fd", "OVMF_VARS.fd"}, /* of 2 MiB: Debian 12 only */
};

/* ---- the package's files ---- */

static struct err *not_supported(const char *key, const char *value, const char *why)
{
    struct err *e =
        err_new(ERR_VALUE_NOT_SUPPORTED, "looking for %s=%s: %s", key, value, why);

    return err_param(err_param(err_param(e, key), value), why);
}

static struct err *open_package(int *ret_code_fd, struct buf *template)
{
    const char *chosen = getenv("LATCHKEY_OVMF_DIR");
    autoclose int dir = open(chosen && *chosen == '/' ? chosen : FIRMWARE_DIR,
                             O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    for (size_t i = 0; dir >= 0 && i < ARRAY_SIZE(kinds); i++) {
        autoclose int code = openat(dir, kinds[i].code, O_RDONLY | O_CLOEXEC);

        if (code < 0 || fd_read_file(dir, kinds[i].vars, FLASH_MAX_SIZE, template) < 0 ||
            template->size == 0)
            continue;
        *ret_code_fd = take_fd(code);
        return NULL;
    }
    return not_supported("VM.HVM_boot_params:firmware", "uefi",
                         "this host has no firmware for UEFI: the package ovmf is not "
                         "installed");
}

/* ---- the VM's own ---- */

static int make_file(struct qemu_vm *vm, const struct buf *bytes, int *ret_fd)
{
    autoclose int fd = openat(vm->id->dir_fd, QEMU_VARS_FILE,
                              O_RDWR | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
    struct stat st;
    int r = fd < 0 ? -errno : fd_write_all(fd, bytes->data, bytes->size);

    if (r == 0 && fstat(fd, &st) < 0)
        r = -errno;
    if (r < 0)
        return r;
    vm->flash_told = st.st_mtim;
    *ret_fd = take_fd(fd);
    return 0;
}

struct err *qemu_firmware_open(struct qemu_vm *vm, const struct vm_config *config,
                               bool secure_boot, int *ret_code_fd, int *ret_vars_fd)
{
    const struct buf *flash = &config->flash;
    autobuf template = BUF_INIT;
    autoclose int code = -1;
    struct err *e;
    int r;

    if (config->firmware != VM_FIRMWARE_UEFI)
        return NULL;
    if (secure_boot)
        return not_supported("VM.platform:secureboot", "true",
                             "Secure Boot is not there yet: set it to false");
    e = open_package(&code, &template);
    if (e)
        return e;
    if (flash->size && flash->size != template.size)
        return err_paramf(err_params(ERR_INVALID_VALUE, "VM.NVRAM:OVMF-flash", NULL),
                          "%zu bytes, of another firmware than this host's, which keeps "
                          "%zu: remove the key",
                          flash->size, template.size);
    r = make_file(vm, flash->size ? flash : &template, ret_vars_fd);
    if (r < 0)
        return err_errno(-r, "making the flash of VM %s", vm->id->uuid);
    *ret_code_fd = take_fd(code);
    return NULL;
}

static int read_once(const struct qemu_vm *vm, struct buf *bytes)
{
    buf_clear(bytes);
    return fd_read_file(vm->id->dir_fd, QEMU_VARS_FILE, FLASH_MAX_SIZE, bytes);
}

/* The firmware orders its writes so that one cut off harms nothing; but a copy taken while
 * it writes could have a later one without an earlier.  So it is read until it stands
 * still. */
struct err *qemu_flash(void *arg, struct buf *ret_bytes)
{
    const struct qemu_vm *vm = arg;
    autobuf before = BUF_INIT;
    int r = read_once(vm, ret_bytes);

    if (r == -ENOENT) {
        buf_clear(ret_bytes);
        return NULL;
    }
    for (int i = 0; r == 0 && i < MAX_READS; i++) {
        struct buf other = before;

        before = *ret_bytes;
        *ret_bytes = other;
        r = read_once(vm, ret_bytes);
        if (r == 0 && before.size == ret_bytes->size &&
            memcmp(before.data, ret_bytes->data, before.size) == 0)
            return NULL;
    }
    return err_errno(r < 0 ? -r : EBUSY, "reading the flash of VM %s", vm->id->uuid);
}

void qemu_flash_look(struct qemu_vm *vm)
{
    struct stat st;

    if (fstatat(vm->id->dir_fd, QEMU_VARS_FILE, &st, AT_SYMLINK_NOFOLLOW) < 0 ||
        (st.st_mtim.tv_sec == vm->flash_told.tv_sec &&
         st.st_mtim.tv_nsec == vm->flash_told.tv_nsec))
        return;
    vm->flash_told = st.st_mtim;
    vm_report_flash(vm->handle);
}
