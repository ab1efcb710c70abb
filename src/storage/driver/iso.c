// SPDX-License-Identifier: GPL-2.0-or-later
/* SR type "iso": a directory of .iso and .img files, each a read-only volume.  Nothing is
 * ever written there.  A volume's uuid is made of the SR's and the file's name, so it is
 * the same on every host and after every scan. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/fd.h"
#include "base/log.h"
#include "base/str.h"
#include "base/vec.h"
#include "model/map_key.h"
#include "storage/driver.h"
#include "storage/fault.h"
#include "storage/host.h"

#define IMAGES_MAX 10000 /* of one directory */

struct iso_sr {
    struct uuid uuid;
    int dir_fd;
};

typedef struct err *(*image_fn)(const struct iso_sr *sr, const char *name,
                                const struct stat *st, void *arg);

static struct err *open_place(const struct sr_request *request, bool make, int *ret_fd);
static struct err *walk(const struct iso_sr *sr, image_fn fn, void *arg);
static bool is_image_name(const char *name);
static struct uuid image_uuid(const struct uuid *sr, const char *name);
static char *image_label(const char *name);
static struct err *missing(const struct iso_sr *sr, const struct uuid *uuid);

static struct err *iso_create(const struct sr_request *request, struct sr_space *ret_space)
{
    struct iso_sr sr = {.uuid = request->sr};
    autoclose int dir = -1;
    struct statvfs st;
    struct err *e = open_place(request, true, &dir);

    if (e)
        return e;
    sr.dir_fd = dir;
    if (fstatvfs(sr.dir_fd, &st) < 0)
        return storage_errno(errno, "asking for the space of SR %s", sr.uuid.text);
    *ret_space = (struct sr_space){
        .total = (uint64_t)st.f_blocks * st.f_frsize,
        .free = (uint64_t)st.f_bavail * st.f_frsize,
    };
    return NULL;
}

static struct err *iso_attach(const struct sr_request *request, void **ret_state)
{
    autofree struct iso_sr *sr = xcalloc(1, sizeof(*sr));
    struct err *e = open_place(request, false, &sr->dir_fd);

    if (e)
        return e;
    sr->uuid = request->sr;
    *ret_state = take_ptr(sr);
    return NULL;
}

static void iso_detach(void *state)
{
    struct iso_sr *sr = state;

    close(sr->dir_fd);
    free(sr);
}

/* The directory is somebody else's: nothing of it is removed, nor has it to be empty. */
static struct err *iso_destroy(void *state)
{
    return NULL;
}

static struct err *add_size(const struct iso_sr *sr, const char *name,
                            const struct stat *st, void *arg)
{
    struct sr_space *space = arg;

    space->used += (uint64_t)st->st_size;
    return NULL;
}

static struct err *iso_stat(void *state, struct sr_space *ret_space)
{
    const struct iso_sr *sr = state;
    struct sr_space space = {0};
    struct statvfs st;
    struct err *e;

    if (fstatvfs(sr->dir_fd, &st) < 0)
        return storage_errno(errno, "asking for the space of SR %s", sr->uuid.text);
    space.total = (uint64_t)st.f_blocks * st.f_frsize;
    space.free = (uint64_t)st.f_bavail * st.f_frsize;
    e = walk(sr, add_size, &space);
    if (e)
        return e;
    *ret_space = space;
    return NULL;
}

static struct vdi describe(const struct iso_sr *sr, const char *name, const struct stat *st)
{
    return (struct vdi){
        .uuid = image_uuid(&sr->uuid, name),
        .name_label = image_label(name),
        .name_description = xstrdup(""),
        .kind = xstrdup("user"),
        .location = image_label(name),
        .virtual_size = (uint64_t)st->st_size,
        .physical_utilisation = (uint64_t)st->st_size,
        .read_only = true,
    };
}

static struct err *add_vdi(const struct iso_sr *sr, const char *name, const struct stat *st,
                           void *arg)
{
    struct vdi_list *list = arg;

    *VEC_PUSH(list) = describe(sr, name, st);
    return NULL;
}

static struct err *iso_scan(void *state, struct vdi_list *ret_vdis)
{
    autovdilist list = {0};
    struct err *e = walk(state, add_vdi, &list);

    if (e)
        return e;
    *ret_vdis = list;
    list = (struct vdi_list){0};
    return NULL;
}

struct search {
    const struct uuid *wanted;
    char *name; /* found */
    struct stat st;
};

static void search_fini(struct search *search)
{
    free(search->name);
}

static struct err *match(const struct iso_sr *sr, const char *name, const struct stat *st,
                         void *arg)
{
    struct search *search = arg;

    if (!search->name && STREQ(image_uuid(&sr->uuid, name).text, search->wanted->text)) {
        search->name = xstrdup(name);
        search->st = *st;
    }
    return NULL;
}

static struct err *find(const struct iso_sr *sr, const struct uuid *uuid,
                        struct search *search)
{
    struct err *e;

    search->wanted = uuid;
    e = walk(sr, match, search);
    return e || search->name ? e : missing(sr, uuid);
}

static struct err *iso_volume_get(void *state, const struct uuid *uuid, struct vdi *ret_vdi)
{
    CLEANUP(search_fini) struct search search = {0};
    struct err *e = find(state, uuid, &search);

    if (e)
        return e;
    *ret_vdi = describe(state, search.name, &search.st);
    return NULL;
}

static struct err *iso_volume_open(void *state, const struct uuid *uuid,
                                   enum open_mode mode, struct layers *ret_layers)
{
    const struct iso_sr *sr = state;
    CLEANUP(search_fini) struct search search = {0};
    autoclose int fd = -1;
    struct stat st;
    struct err *e;

    if (mode == OPEN_RW)
        return err_params(ERR_VDI_READONLY, uuid->text, NULL);
    e = find(sr, uuid, &search);
    if (e)
        return e;
    fd = fd_open_beneath(sr->dir_fd, search.name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK, 0);
    if (fd == -ENOENT || fd == -ELOOP)
        return missing(sr, uuid); /* replaced since it was found */
    if (fd < 0)
        return storage_errno(fd, "opening image %s", search.name);
    if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
        return missing(sr, uuid);
    if (fd_set_nonblocking(fd, false) < 0)
        return storage_errno(errno, "opening image %s", search.name);
    ret_layers->n = 1;
    ret_layers->at[0] = (struct layer){take_fd(fd), *uuid, "raw"};
    return NULL;
}

/* The location itself is the SR; without one it is <state>/sr/<uuid>, ours to make. */
static struct err *open_place(const struct sr_request *request, bool make, int *ret_fd)
{
    autoclose int location = -1;
    autofree char *path = NULL;
    struct err *e =
        sr_host_open_location(request->host, request->device_config, &location, &path);
    int fd;

    if (e)
        return e;
    if (map_key_text(request->device_config, KEY_PBD_DEVICE_CONFIG_LOCATION)[0]) {
        *ret_fd = take_fd(location);
        return NULL;
    }
    if (make && mkdirat(location, request->sr.text, 0755) < 0 && errno != EEXIST)
        return storage_errno(errno, "making SR %s", request->sr.text);
    fd =
        fd_open_beneath(location, request->sr.text, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0);
    if (fd < 0)
        return storage_failure("the directory of SR %s cannot be opened: %s",
                               request->sr.text, strerrordesc_np(-fd));
    *ret_fd = fd;
    return NULL;
}

/* Calls 'fn' for each image file; links, directories and pipes are none. */
static struct err *walk(const struct iso_sr *sr, image_fn fn, void *arg)
{
    int fd = openat(sr->dir_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *dir = fd < 0 ? NULL : fdopendir(fd);
    const struct dirent *entry;
    struct err *e = NULL;
    struct stat st;
    size_t n = 0;

    if (!dir) {
        e = storage_errno(errno, "reading SR %s", sr->uuid.text);
        cleanup_close(&fd);
        return e;
    }
    errno = 0;
    while (!e && n < IMAGES_MAX && (entry = readdir(dir))) {
        if (is_image_name(entry->d_name) &&
            fstatat(sr->dir_fd, entry->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
            S_ISREG(st.st_mode)) {
            e = fn(sr, entry->d_name, &st, arg);
            n++;
        }
        errno = 0;
    }
    if (!e && errno)
        e = storage_errno(errno, "reading SR %s", sr->uuid.text);
    if (n == IMAGES_MAX)
        log_warn(STORAGE, "SR %s: only its first %d images are seen", sr->uuid.text,
                 IMAGES_MAX);
    closedir(dir);
    return e;
}

static bool is_image_name(const char *name)
{
    size_t len = strlen(name);

    return name[0] != '.' && len > 4 &&
           (strcasecmp(name + len - 4, ".iso") == 0 ||
            strcasecmp(name + len - 4, ".img") == 0);
}

/* RFC 4122, version 5, with the SR as the name space. */
static struct uuid image_uuid(const struct uuid *sr, const char *name)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    autobuf data = BUF_INIT;
    struct uuid uuid;
    size_t n = 0;

    buf_add(&data, sr->text, UUID_LEN);
    buf_add_str(&data, name);
    assert_msg(EVP_Digest(data.data, data.size, digest, NULL, EVP_sha1(), NULL) == 1,
               "no SHA-1 in the crypto library");
    digest[6] = (unsigned char)((digest[6] & 0x0f) | 0x50);
    digest[8] = (unsigned char)((digest[8] & 0x3f) | 0x80);
    for (size_t i = 0; i < 16; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            uuid.text[n++] = '-';
        n += (size_t)snprintf(uuid.text + n, sizeof(uuid.text) - n, "%02x", digest[i]);
    }
    return uuid;
}

/* The name as text that any client can read: bytes that are no UTF-8, and control
 * characters, become \xNN. */
static char *image_label(const char *name)
{
    bool utf8 = str_is_utf8(name, strlen(name));
    autobuf label = BUF_INIT;

    for (const char *at = name; *at; at++) {
        unsigned char c = (unsigned char)*at;

        if (c < 0x20 || c == 0x7f || c == '\\' || (c >= 0x80 && !utf8))
            buf_addf(&label, "\\x%02x", c);
        else
            buf_add_char(&label, (char)c);
    }
    return buf_take(&label);
}

static struct err *missing(const struct iso_sr *sr, const struct uuid *uuid)
{
    return err_params(ERR_VDI_MISSING, sr->uuid.text, uuid->text, NULL);
}

const struct sr_driver sr_driver_iso = {
    .type = "iso",
    .name = "ISO images",
    .description = "CD images in a directory of this host, read-only",
    .keys =
        (const struct sr_config_key[]){
            {"location", "directory of .iso and .img files; absent: the daemon's own"},
            {NULL, NULL},
        },
    .formats = (const char *const[]){"raw", NULL},
    .create = iso_create,
    .attach = iso_attach,
    .detach = iso_detach,
    .destroy = iso_destroy,
    .stat = iso_stat,
    .scan = iso_scan,
    .volume_get = iso_volume_get,
    .volume_open = iso_volume_open,
};
