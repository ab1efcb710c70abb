// SPDX-License-Identifier: GPL-2.0-or-later
#include "api/trust.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "api/pem.h"
#include "base/alloc.h"
#include "base/fd.h"
#include "base/str.h"
#include "rpc/manager.h"

#define SUFFIX    ".pem"
#define MAX_NAME  128
#define MAX_FILES 4096

static const char *const folders[] = {
    [TRUST_CA] = "ca", [TRUST_PINNED] = "pinned", [TRUST_CRL] = "crl"};

bool trust_name_is_good(const char *name)
{
    if (!*name || *name == '.' || *name == '-' || strlen(name) > MAX_NAME)
        return false;
    for (; *name; name++)
        if (!isascii(*name) || (!isalnum((unsigned char)*name) && !strchr("._-:", *name)))
            return false;
    return true;
}

static int open_folder(const struct manager_config *config, const char *folder)
{
    autofree char *path =
        xasprintf("%s/trust%s%s", config->state_dir, *folder ? "/" : "", folder);

    return fd_open_dir(path, 0700);
}

static char *file_name(const char *name)
{
    return xasprintf("%s" SUFFIX, name);
}

struct err *trust_write(const struct manager_config *config, enum trust_kind kind,
                        const char *name, const char *pem)
{
    autoclose int dir = open_folder(config, folders[kind]);
    autofree char *file = file_name(name);
    int r = dir < 0 ? dir : fd_replace_file(dir, file, pem, strlen(pem), 0600);

    return r < 0 ? err_errno(-r, "keeping %s %s", folders[kind], name) : NULL;
}

struct err *trust_remove(const struct manager_config *config, enum trust_kind kind,
                         const char *name)
{
    autoclose int dir = open_folder(config, folders[kind]);
    autofree char *file = file_name(name);

    if (dir < 0)
        return err_errno(-dir, "opening the folder of %s", folders[kind]);
    if (unlinkat(dir, file, 0) < 0 && errno != ENOENT)
        return err_errno(errno, "removing %s %s", folders[kind], name);
    return NULL;
}

bool trust_read(const struct manager_config *config, enum trust_kind kind, const char *name,
                struct buf *ret_pem)
{
    autoclose int dir = open_folder(config, folders[kind]);
    autofree char *file = file_name(name);

    return dir >= 0 && fd_read_file(dir, file, PEM_MAX_SIZE, ret_pem) >= 0;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

struct val trust_list(const struct manager_config *config, enum trust_kind kind)
{
    int fd = open_folder(config, folders[kind]);
    DIR *dir = fd < 0 ? NULL : fdopendir(fd);
    const struct dirent *entry;
    struct val list;
    char **names;
    size_t n = 0;

    if (!dir) {
        cleanup_close(&fd);
        return val_set(0);
    }
    names = xcalloc(MAX_FILES, sizeof(*names));
    while (n < MAX_FILES && (entry = readdir(dir)))
        if (str_has_suffix(entry->d_name, SUFFIX) && entry->d_name[0] != '.')
            names[n++] = xstrndup(entry->d_name, strlen(entry->d_name) - strlen(SUFFIX));
    closedir(dir);
    qsort(names, n, sizeof(*names), by_text);
    list = val_set(n);
    for (size_t i = 0; i < n; i++) {
        val_push(&list, val_str(names[i]));
        free(names[i]);
    }
    free(names);
    return list;
}

struct err *trust_bundle(const struct manager_config *config)
{
    autoval struct val names = trust_list(config, TRUST_CA);
    autoclose int dir = open_folder(config, "");
    autobuf bundle = BUF_INIT;
    int r;

    for (size_t i = 0; i < val_count(&names); i++) {
        autobuf pem = BUF_INIT;

        if (!trust_read(config, TRUST_CA, val_text(val_at(&names, i)), &pem))
            continue;
        buf_add(&bundle, pem.data, pem.size);
        buf_add_char(&bundle, '\n');
    }
    r = dir < 0 ? dir
                : fd_replace_file(dir, "bundle.pem", buf_str(&bundle), bundle.size, 0600);
    return r < 0 ? err_errno(-r, "making the bundle of trusted certificates") : NULL;
}
