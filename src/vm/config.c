// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/config.h"

#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/mac.h"
#include "base/uuid.h"
#include "vm/flash.h"
#include "vm/text.h"
#include "wire/json.h"

#define MIB              (UINT64_C(1) << 20)
#define MAX_MEMORY       (UINT64_C(64) << 40)
#define MAX_VCPUS        512
#define MAX_NAME         255
#define MAX_PLATFORM     256 /* entries */
#define MAX_PLATFORM_LEN 4096
#define MAX_FDS          256
#define MAX_KERNEL_NAME  1023
#define MAX_KERNEL_ARGS  2047 /* Linux takes no more on x86 */
#define MAX_SHOWN        200  /* bytes of a refused value in its error */

/* An object being read, and where in the config it stands: "" or "disks[1].". */
struct reader {
    const struct val *object;
    char path[64];
    const int *fds;
    size_t n_fds;
    bool *used_fds; /* MAX_FDS of them */
};

static struct err *refuse(const struct reader *r, const char *member,
                          const struct val *value, const char *why) MUST_CHECK;

static struct err *refuse(const struct reader *r, const char *member,
                          const struct val *value, const char *why)
{
    autobuf shown = BUF_INIT;
    struct err *e = err_new(ERR_INVALID_VALUE, "reading what the VM is made of: %s%s is %s",
                            r->path, member, why);

    if (value && value->kind == VAL_STR)
        buf_add(&shown, val_text(value), val_len(value));
    else if (value)
        json_add(&shown, value);
    return err_param(err_paramf(e, "%s%s", r->path, member),
                     shown.size > MAX_SHOWN ? "..." : buf_str(&shown));
}

static struct err *check_members(const struct reader *r, const char *const *known)
{
    for (size_t i = 0; i < val_count(r->object); i++) {
        const char *name = val_text(val_key_at(r->object, i));
        const char *const *k = known;

        while (*k && !STREQ(*k, name))
            k++;
        if (!*k)
            return refuse(r, name, val_value_at(r->object, i), "not known");
    }
    return NULL;
}

static struct err *need(const struct reader *r, const char *member, enum val_kind kind,
                        const struct val **ret_value)
{
    const struct val *value = val_find(r->object, member);

    if (!value)
        return refuse(r, member, NULL, "missing");
    if (value->kind != kind)
        return refuse(r, member, value, "of the wrong kind");
    *ret_value = value;
    return NULL;
}

static struct err *need_int(const struct reader *r, const char *member, uint64_t min,
                            uint64_t max, uint64_t *ret_number)
{
    const struct val *value = NULL;
    struct err *e = need(r, member, VAL_INT, &value);

    if (e)
        return e;
    if (value->i < 0 || (uint64_t)value->i < min || (uint64_t)value->i > max)
        return refuse(r, member, value, "out of range");
    *ret_number = (uint64_t)value->i;
    return NULL;
}

static struct err *need_small(const struct reader *r, const char *member, unsigned min,
                              unsigned max, unsigned *ret_number)
{
    uint64_t number = 0;
    struct err *e = need_int(r, member, min, max, &number);

    if (!e)
        *ret_number = (unsigned)number;
    return e;
}

static struct err *need_bool(const struct reader *r, const char *member, bool *ret_bool)
{
    const struct val *value = NULL;
    struct err *e = need(r, member, VAL_BOOL, &value);

    if (!e)
        *ret_bool = value->b;
    return e;
}

/* One of 'words' (NULL at the end): its index. */
static struct err *need_choice(const struct reader *r, const char *member,
                               const char *const *words, int *ret_index)
{
    const struct val *value = NULL;
    struct err *e = need(r, member, VAL_STR, &value);

    if (e)
        return e;
    for (int i = 0; words[i]; i++) {
        if (STREQ(words[i], val_text(value))) {
            *ret_index = i;
            return NULL;
        }
    }
    return refuse(r, member, value, "none of its words");
}

/* A reader of element 'i' of list 'member'. */
static struct err *enter(const struct reader *r, const char *member, const struct val *list,
                         size_t i, struct reader *ret_reader)
{
    char place[48];

    *ret_reader = *r;
    snprintf(place, sizeof(place), "%s[%zu]", member, i);
    ret_reader->object = val_at(list, i);
    if (ret_reader->object->kind != VAL_MAP)
        return refuse(r, place, ret_reader->object, "not an object");
    snprintf(ret_reader->path, sizeof(ret_reader->path), "%.12s%.20s.", r->path, place);
    return NULL;
}

/* The descriptor that 'fd' names, each once. */
static struct err *need_fd(const struct reader *r, int *ret_fd)
{
    unsigned fd = 0;
    struct err *e = need_small(r, "fd", 0, MAX_FDS - 1, &fd);

    if (!e && fd >= r->n_fds)
        e = refuse(r, "fd", val_find(r->object, "fd"), "no descriptor of the message");
    if (!e && r->used_fds[fd])
        e = refuse(r, "fd", val_find(r->object, "fd"), "the descriptor of another layer");
    if (e)
        return e;
    r->used_fds[fd] = true;
    *ret_fd = r->fds[fd];
    return NULL;
}

/* ---- disks ---- */

static struct err *read_layer(const struct reader *r, struct vm_layer *layer)
{
    static const char *const members[] = {"fd", "format", "id", NULL};
    static const char *const formats[] = {
        [VM_IMAGE_QCOW2] = "qcow2", [VM_IMAGE_RAW] = "raw", NULL};
    const struct val *id = NULL;
    int format = 0, fd = -1;
    struct err *e = check_members(r, members);

    if (!e)
        e = need_fd(r, &fd);
    if (!e)
        e = need_choice(r, "format", formats, &format);
    if (!e)
        e = need(r, "id", VAL_STR, &id);
    if (!e && !uuid_is_valid(val_text(id)))
        e = refuse(r, "id", id, "not a UUID");
    if (e)
        return e;
    layer->fd = fd;
    layer->format = (enum vm_image_format)format;
    snprintf(layer->id, sizeof(layer->id), "%s", uuid_lower(val_text(id)).text);
    return NULL;
}

struct err *vm_layer_parse(const struct val *layer, const char *where, const int *fds,
                           size_t n_fds, struct vm_layer *ret_layer)
{
    bool used_fds[MAX_FDS] = {0};
    struct reader r = {.object = layer, .fds = fds, .n_fds = n_fds, .used_fds = used_fds};

    snprintf(r.path, sizeof(r.path), "%.30s.", where);
    return read_layer(&r, ret_layer);
}

static struct err *read_layers(const struct reader *r, const struct val *list,
                               struct vm_layer **ret_layers, size_t *ret_n)
{
    struct vm_layer *layers = xcalloc(val_count(list) + 1, sizeof(layers[0]));
    struct err *e = NULL;

    for (size_t i = 0; !e && i < val_count(list); i++) {
        struct reader element;

        e = enter(r, "layers", list, i, &element);
        if (!e)
            e = read_layer(&element, &layers[i]);
    }
    if (e) {
        free(layers);
        return e;
    }
    *ret_layers = layers;
    *ret_n = val_count(list);
    return NULL;
}

struct err *vm_layers_parse(const struct val *list, const int *fds, size_t n_fds,
                            struct vm_layer **ret_layers, size_t *ret_n)
{
    bool used_fds[MAX_FDS] = {0};
    struct reader r = {.fds = fds, .n_fds = n_fds, .used_fds = used_fds};

    return read_layers(&r, list, ret_layers, ret_n);
}

static struct err *read_disk(const struct reader *r, struct vm_disk *disk)
{
    static const char *const members[] = {"device",   "type",   "mode",
                                          "bootable", "layers", NULL};
    static const char *const types[] = {"disk", "cdrom", NULL}, *const modes[] = {
                                                                    "ro", "rw", NULL};
    const struct val *layers = NULL;
    int type = 0, mode = 0;
    struct err *e = check_members(r, members);

    if (!e)
        e = need_small(r, "device", 0, 255, &disk->device);
    if (!e)
        e = need_choice(r, "type", types, &type);
    if (!e)
        e = need_choice(r, "mode", modes, &mode);
    if (!e)
        e = need_bool(r, "bootable", &disk->is_bootable);
    if (!e)
        e = need(r, "layers", VAL_SET, &layers);
    if (e)
        return e;
    disk->is_cdrom = type == 1;
    disk->is_writable = mode == 1;
    if (disk->is_cdrom && disk->is_writable)
        return refuse(r, "mode", val_find(r->object, "mode"), "not a drive's");
    if (!disk->is_cdrom && val_count(layers) == 0)
        return refuse(r, "layers", layers, "empty, and only a drive can be that");
    return read_layers(r, layers, &disk->layers, &disk->n_layers);
}

struct err *vm_disk_parse(const struct val *disk, const int *fds, size_t n_fds,
                          struct vm_disk *ret_disk)
{
    bool used_fds[MAX_FDS] = {0};
    struct reader r = {disk, "disk.", fds, n_fds, used_fds};

    *ret_disk = (struct vm_disk){0};
    return read_disk(&r, ret_disk);
}

void vm_disk_fini(struct vm_disk *disk)
{
    free(disk->layers);
    *disk = (struct vm_disk){0};
}

static struct err *read_disks(const struct reader *r, struct vm_config *config)
{
    bool taken[256] = {0};
    const struct val *list = NULL;
    struct err *e = need(r, "disks", VAL_SET, &list);

    if (!e && val_count(list) > ARRAY_SIZE(taken))
        e = refuse(r, "disks", NULL, "too long");
    if (e)
        return e;
    config->disks = xcalloc(val_count(list) + 1, sizeof(config->disks[0]));
    for (size_t i = 0; i < val_count(list); i++) {
        struct vm_disk *disk = &config->disks[i];
        struct reader element;

        e = enter(r, "disks", list, i, &element);
        if (!e)
            e = read_disk(&element, disk);
        if (e)
            return e;
        config->n_disks++;
        if (taken[disk->device])
            return refuse(&element, "device", val_find(element.object, "device"),
                          "another disk's");
        taken[disk->device] = true;
    }
    return NULL;
}

/* ---- interfaces ---- */

/* The address of one device: no group's. */
static bool is_unicast(const struct mac *mac)
{
    return !strchr("13579bdf", mac->text[1]) && !STREQ(mac->text, "00:00:00:00:00:00");
}

static struct err *read_nic(const struct reader *r, struct vm_nic *nic)
{
    const struct val *text = NULL, *mode = NULL;
    struct mac mac;
    struct err *e = need_small(r, "device", 0, 63, &nic->device);

    if (!e)
        e = need(r, "mac", VAL_STR, &text);
    if (!e && (!mac_parse(val_text(text), &mac) || !is_unicast(&mac)))
        e = refuse(r, "mac", text, "not the address of one device");
    if (!e)
        e = need(r, "mode", VAL_STR, &mode);
    if (!e && (val_len(mode) == 0 || val_len(mode) >= sizeof(nic->mode) ||
               strspn(val_text(mode), "abcdefghijklmnopqrstuvwxyz-") != val_len(mode)))
        e = refuse(r, "mode", mode, "not a word");
    if (e)
        return e;
    snprintf(nic->mac, sizeof(nic->mac), "%s", mac.text);
    snprintf(nic->mode, sizeof(nic->mode), "%s", val_text(mode));
    nic->attachment = val_ref(r->object);
    return NULL;
}

struct err *vm_nic_parse(const struct val *nic, struct vm_nic *ret_nic)
{
    struct reader r = {.object = nic, .path = "nic."};

    *ret_nic = (struct vm_nic){0};
    return read_nic(&r, ret_nic);
}

void vm_nic_fini(struct vm_nic *nic)
{
    val_unref(&nic->attachment);
    *nic = (struct vm_nic){0};
}

static struct err *read_nics(const struct reader *r, struct vm_config *config)
{
    bool taken[64] = {0};
    const struct val *list = NULL;
    struct err *e = need(r, "nics", VAL_SET, &list);

    if (!e && val_count(list) > ARRAY_SIZE(taken))
        e = refuse(r, "nics", NULL, "too long");
    if (e)
        return e;
    config->nics = xcalloc(val_count(list) + 1, sizeof(config->nics[0]));
    for (size_t i = 0; i < val_count(list); i++) {
        struct vm_nic *nic = &config->nics[i];
        struct reader element;

        e = enter(r, "nics", list, i, &element);
        if (!e)
            e = read_nic(&element, nic);
        if (e)
            return e;
        config->n_nics++;
        if (taken[nic->device])
            return refuse(&element, "device", val_find(element.object, "device"),
                          "another interface's");
        taken[nic->device] = true;
    }
    return NULL;
}

/* ---- the rest ---- */

static struct err *read_boot_order(const struct reader *r, struct vm_config *config)
{
    const struct val *value = NULL;
    struct err *e = need(r, "boot_order", VAL_STR, &value);
    const char *order = e ? "" : val_text(value);

    if (e)
        return e;
    for (size_t i = 0; order[i]; i++)
        if (!strchr("cdn", order[i]) || strchr(order + i + 1, order[i]))
            return refuse(r, "boot_order", value,
                          "not of the letters c, d and n, each once");
    snprintf(config->boot_order, sizeof(config->boot_order), "%s", order);
    return NULL;
}

/* Need not be there. */
static struct err *read_nvram(const struct reader *r, struct vm_config *config)
{
    const struct val *text = NULL;
    struct err *e;

    if (!val_find(r->object, "nvram"))
        return NULL;
    e = need(r, "nvram", VAL_STR, &text);
    if (!e && flash_unpack(val_text(text), val_len(text), &config->flash) < 0)
        e = refuse(r, "nvram", text, "not what a firmware kept");
    return e;
}

static struct err *read_platform(const struct reader *r, struct vm_config *config)
{
    const struct val *map = NULL;
    struct err *e = need(r, "platform", VAL_MAP, &map);

    if (!e && val_count(map) > MAX_PLATFORM)
        e = refuse(r, "platform", NULL, "too long");
    for (size_t i = 0; !e && i < val_count(map); i++)
        if (val_value_at(map, i)->kind != VAL_STR ||
            val_len(val_value_at(map, i)) > MAX_PLATFORM_LEN ||
            val_len(val_key_at(map, i)) > MAX_PLATFORM_LEN)
            e = refuse(r, "platform", val_key_at(map, i), "not a map of short texts");
    if (!e)
        config->platform = val_ref(map);
    return e;
}

/* A text that may be absent, then empty; of printable characters. */
static struct err *read_optional_text(const struct reader *r, const char *member,
                                      size_t max, char **ret_text)
{
    const struct val *value = NULL;
    struct err *e = NULL;

    if (val_find(r->object, member))
        e = need(r, member, VAL_STR, &value);
    if (e)
        return e;
    for (const char *c = value ? val_text(value) : ""; *c; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7f)
            return refuse(r, member, value, "not printable");
    if (value && val_len(value) > max)
        return refuse(r, member, value, "too long");
    *ret_text = xstrdup(value ? val_text(value) : "");
    return NULL;
}

static struct err *read_type(const struct reader *r, struct vm_config *config)
{
    static const char *const types[] = {
        [VM_TYPE_HVM] = "hvm", [VM_TYPE_PV] = "pv", [VM_TYPE_PVH] = "pvh", NULL};
    int type = VM_TYPE_HVM;
    struct err *e = NULL;

    if (val_find(r->object, "type"))
        e = need_choice(r, "type", types, &type);
    config->type = (enum vm_type)type;
    if (!e)
        e = read_optional_text(r, "kernel", MAX_KERNEL_NAME, &config->kernel);
    if (!e)
        e = read_optional_text(r, "ramdisk", MAX_KERNEL_NAME, &config->ramdisk);
    if (!e)
        e = read_optional_text(r, "kernel_args", MAX_KERNEL_ARGS, &config->kernel_args);
    return e;
}

/* Need not be there. */
static struct err *read_seed(const struct reader *r, struct vm_config *config)
{
    static const char *const members[] = {"fd", NULL};
    const struct val *seed = val_find(r->object, "seed");
    struct reader inside = *r;
    struct err *e;

    if (!seed)
        return NULL;
    if (seed->kind != VAL_MAP)
        return refuse(r, "seed", seed, "not an object");
    inside.object = seed;
    snprintf(inside.path, sizeof(inside.path), "seed.");
    e = check_members(&inside, members);
    if (!e)
        e = need_fd(&inside, &config->seed_fd);
    config->has_seed = !e;
    return e;
}

static struct err *read_size(const struct reader *r, struct vm_config *config)
{
    uint64_t memory = 0;
    struct err *e = need_int(r, "memory", MIB, MAX_MEMORY, &memory);

    if (!e)
        e = need_small(r, "vcpus_max", 1, MAX_VCPUS, &config->vcpus_max);
    if (!e)
        e = need_small(r, "vcpus", 1, config->vcpus_max, &config->vcpus);
    config->memory = memory & ~(MIB - 1);
    return e;
}

static struct err *read_memory_image(const struct reader *r, struct vm_config *config)
{
    const struct val *image = val_find(r->object, "memory_image");
    struct reader element = *r;
    struct err *e;

    if (!image)
        return NULL;
    if (image->kind != VAL_MAP)
        return refuse(r, "memory_image", image, "not an object");
    element.object = image;
    snprintf(element.path, sizeof(element.path), "memory_image.");
    config->is_resumed = true;
    e = read_layer(&element, &config->memory_image);
    if (!e && config->memory_image.format != VM_IMAGE_RAW)
        e = refuse(&element, "format", val_find(image, "format"), "not raw");
    return e;
}

static struct err *read_config(const struct reader *r, struct vm_config *config)
{
    static const char *const members[] = {
        "name",        "memory",       "vcpus",      "vcpus_max", "firmware", "platform",
        "disks",       "nics",         "boot_order", "type",      "kernel",   "ramdisk",
        "kernel_args", "memory_image", "seed",       "nvram",     NULL};
    static const char *const firmwares[] = {
        [VM_FIRMWARE_BIOS] = "bios", [VM_FIRMWARE_UEFI] = "uefi", NULL};
    const struct val *name = NULL;
    int firmware = 0;
    struct err *e = check_members(r, members);

    if (!e)
        e = need(r, "name", VAL_STR, &name);
    if (!e)
        config->name = text_clean(val_text(name), MAX_NAME);
    if (!e)
        e = read_size(r, config);
    if (!e)
        e = read_type(r, config);
    if (!e)
        e = need_choice(r, "firmware", firmwares, &firmware);
    config->firmware = (enum vm_firmware)firmware;
    if (!e)
        e = read_nvram(r, config);
    if (!e)
        e = read_boot_order(r, config);
    if (!e)
        e = read_platform(r, config);
    if (!e)
        e = read_disks(r, config);
    if (!e)
        e = read_nics(r, config);
    if (!e)
        e = read_seed(r, config);
    return e ? e : read_memory_image(r, config);
}

struct err *vm_config_parse(const struct val *config, const int *fds, size_t n_fds,
                            struct vm_config *ret_config)
{
    bool used_fds[MAX_FDS] = {0};
    struct reader r = {.object = config, .fds = fds, .n_fds = n_fds, .used_fds = used_fds};
    struct vm_config made = {0};
    struct err *e = config->kind == VAL_MAP ? read_config(&r, &made)
                                            : refuse(&r, "config", config, "not an object");

    if (e) {
        vm_config_fini(&made);
        return e;
    }
    *ret_config = made;
    return NULL;
}

void vm_config_fini(struct vm_config *config)
{
    for (size_t i = 0; i < config->n_disks; i++)
        vm_disk_fini(&config->disks[i]);
    for (size_t i = 0; i < config->n_nics; i++)
        vm_nic_fini(&config->nics[i]);
    free(config->name);
    free(config->kernel);
    free(config->ramdisk);
    free(config->kernel_args);
    buf_fini(&config->flash);
    free(config->disks);
    free(config->nics);
    val_unref(&config->platform);
    *config = (struct vm_config){0};
}
