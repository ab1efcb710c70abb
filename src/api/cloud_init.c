// SPDX-License-Identifier: GPL-2.0-or-later
#include "api/cloud_init.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/fd.h"
#include "base/str.h"
#include "db/fields.h"
#include "model/map_key.h"
#include "wire/iso9660.h"
#include "wire/json.h"

#define LABEL        "cidata" /* by which cloud-init knows the disc */
#define NO_DATA      "#cloud-config\n{}\n"
#define MAX_SWITCH   8
#define MAX_HOSTNAME 253
#define MAX_PART     63  /* of a host name, between dots */
#define MAX_SHOWN    100 /* bytes of a refused value in its error */

#define KEY_WANTED  KEY_VM_OTHER_CONFIG_CLOUD_INIT
#define KEY_USER    KEY_VM_OTHER_CONFIG_CLOUD_INIT_USER_DATA
#define KEY_NETWORK KEY_VM_OTHER_CONFIG_CLOUD_INIT_NETWORK_CONFIG
#define KEY_HOST    KEY_VM_OTHER_CONFIG_CLOUD_INIT_HOSTNAME
#define KEY_SSH     KEY_VM_OTHER_CONFIG_CLOUD_INIT_SSH_KEYS

/* ---- what is refused, and why ---- */

static bool is_part(const char *text, size_t len)
{
    if (len == 0 || len > MAX_PART || text[0] == '-' || text[len - 1] == '-')
        return false;
    for (size_t i = 0; i < len; i++)
        if (!isascii(text[i]) || (!isalnum((unsigned char)text[i]) && text[i] != '-'))
            return false;
    return true;
}

/* RFC 1123. */
static bool is_host_name(const char *text)
{
    if (strlen(text) > MAX_HOSTNAME)
        return false;
    for (;;) {
        size_t len = strcspn(text, ".");

        if (!is_part(text, len))
            return false;
        if (!text[len])
            return true;
        text += len + 1;
    }
}

static const char *fault_of_host_name(const char *text)
{
    return is_host_name(text)
               ? NULL
               : "not a host name: letters, digits and '-', in parts between dots";
}

static const char *fault_of_switch(const char *text)
{
    return STREQ(text, "true") || STREQ(text, "false") ? NULL : "neither true nor false";
}

/* "ssh-ed25519 AAAA... comment" */
static bool is_public_key(const char *line, size_t len)
{
    static const char *const kinds[] = {"ssh-", "ecdsa-", "sk-ssh-", "sk-ecdsa-"};
    const char *space = memchr(line, ' ', len);
    bool known = false;

    for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
        known = known || str_has_prefix(line, kinds[i]);
    if (!known || !space || (size_t)(line + len - space) < 5 ||
        memcmp(space, " AAAA", 5) != 0)
        return false;
    for (size_t i = 0; i < len; i++)
        if (iscntrl((unsigned char)line[i]))
            return false;
    return true;
}

/* The next line of 'text' that is not empty, without its end; NULL after the last. */
static const char *next_line(const char **text, size_t *ret_len)
{
    const char *line = *text + strspn(*text, "\r\n");

    *ret_len = strcspn(line, "\r\n");
    *text = line + *ret_len;
    return *ret_len ? line : NULL;
}

static const char *fault_of_ssh_keys(const char *text)
{
    const char *line;
    size_t len;

    while ((line = next_line(&text, &len)))
        if (!is_public_key(line, len))
            return "not public keys of OpenSSH, one a line";
    return NULL;
}

static const struct key {
    enum map_key_id id;
    const char *(*fault)(const char *text); /* NULL: any text */
} keys[] = {
    {KEY_WANTED, fault_of_switch},
    {KEY_HOST, fault_of_host_name},
    {KEY_NETWORK, NULL},
    {KEY_SSH, fault_of_ssh_keys},
    {KEY_USER, NULL},
};

/* How long its text may be. */
static size_t max_size(const struct key *key)
{
    return key->id == KEY_WANTED ? MAX_SWITCH : (size_t)map_keys[key->id].most;
}

static struct err *refuse(const struct key *key, const char *text, const char *why)
{
    struct err *e =
        err_paramf(err_new(ERR_VALUE_NOT_SUPPORTED, "checking other_config:%s: %s",
                           map_key_name(key->id), why),
                   "other_config:%s", map_key_name(key->id));

    /* What is long may be secret too. */
    e = strlen(text) > MAX_SHOWN ? err_paramf(e, "%zu bytes", strlen(text))
                                 : err_param(e, text);
    return err_param(e, why);
}

static struct err *check(const struct key *key, const char *text)
{
    char limit[64];
    const char *why = NULL;

    if (strlen(text) > max_size(key)) {
        snprintf(limit, sizeof(limit), "longer than %zu bytes", max_size(key));
        return refuse(key, text, limit);
    }
    if (key->fault)
        why = key->fault(text);
    return why ? refuse(key, text, why) : NULL;
}

struct err *cloud_init_check_key(const char *name, const struct val *value)
{
    for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
        if (STREQ(map_key_name(keys[i].id), name))
            return check(&keys[i], val_text(value));
    return NULL;
}

struct err *cloud_init_check(const struct val *other_config)
{
    struct err *e = NULL;

    for (size_t i = 0; !e && i < val_count(other_config); i++)
        e = cloud_init_check_key(val_text(val_key_at(other_config, i)),
                                 val_value_at(other_config, i));
    return e;
}

/* ---- the seed ---- */

bool cloud_init_is_wanted(const struct val *config)
{
    const char *wanted = map_key_text(config, KEY_WANTED);

    if (wanted)
        return STREQ(wanted, "true");
    for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
        if (map_key_is_set(config, keys[i].id))
            return true;
    return false;
}

static struct val public_keys(const char *text)
{
    struct val list = val_set(1);
    const char *line;
    size_t len;

    while ((line = next_line(&text, &len)))
        val_push(&list, val_str_n(line, len));
    return list;
}

/* YAML's subset JSON, so that no value can be more than a value. */
static void add_meta_data(struct buf *out, const struct val *config, const char *uuid,
                          const char *name)
{
    const char *host = map_key_text(config, KEY_HOST);
    autoval struct val meta = val_map(3);

    if (!host)
        host = name;
    val_put_str(&meta, "instance-id", val_str(uuid));
    if (is_host_name(host))
        val_put_str(&meta, "local-hostname", val_str(host));
    if (map_key_is_set(config, KEY_SSH))
        val_put_str(&meta, "public-keys", public_keys(map_key_text(config, KEY_SSH)));
    json_add(out, &meta);
    buf_add_char(out, '\n');
}

struct err *cloud_init_seed(const struct val *config, const char *uuid, const char *name,
                            struct buf *ret_image)
{
    const char *network = map_key_text(config, KEY_NETWORK);
    const char *user = map_key_text(config, KEY_USER);
    autobuf meta = BUF_INIT;
    struct iso9660_file files[3]; /* by name */
    size_t n = 0;
    struct err *e = cloud_init_check(config);

    if (e)
        return e;
    if (!user)
        user = NO_DATA;
    add_meta_data(&meta, config, uuid, name);
    files[n++] = (struct iso9660_file){"meta-data", meta.data, meta.size};
    if (network)
        files[n++] = (struct iso9660_file){"network-config", network, strlen(network)};
    files[n++] = (struct iso9660_file){"user-data", user, strlen(user)};
    iso9660_add(ret_image, LABEL, files, n);
    return NULL;
}

struct err *cloud_init_open_seed(const struct row *vm, int *ret_fd)
{
    autoclose int fd = memfd_create("cloud-init", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    autobuf image = BUF_INIT;
    char path[64];
    struct err *e = cloud_init_seed(row_get(vm, F_VM_OTHER_CONFIG), row_uuid(vm),
                                    row_name_label(vm), &image);
    int r = fd < 0 ? -errno : 0;

    if (e)
        return e;
    if (r == 0)
        r = fd_write_all(fd, image.data, image.size);
    if (r == 0 && fcntl(fd, F_ADD_SEALS,
                        F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) < 0)
        r = -errno;
    if (r == 0) {
        /* Who reads it opens it for reading, and is given only what was opened so. */
        snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
        *ret_fd = open(path, O_RDONLY | O_CLOEXEC);
        r = *ret_fd < 0 ? -errno : 0;
    }
    return r < 0 ? err_errno(-r, "making the seed of cloud-init") : NULL;
}
