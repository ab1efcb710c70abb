// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/nics.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/fd.h"
#include "base/mac.h"
#include "base/str.h"
#include "host/read.h"

#define NETWORKS  "sys/class/net"
#define MAX_CARDS 1024
#define ETHERNET  1 /* ARPHRD_ETHER */

static int64_t number_of(int root_fd, const char *name, const char *file, int64_t otherwise)
{
    autofree char *path = xasprintf(NETWORKS "/%s/%s", name, file);

    return host_read_number(root_fd, path, otherwise);
}

static struct val text_of(int root_fd, const char *name, const char *file)
{
    autofree char *path = xasprintf(NETWORKS "/%s/%s", name, file);

    return host_read_line(root_fd, path);
}

/* Where it is plugged in: the last part of what 'device' points to. */
static struct val place_of(int root_fd, const char *name)
{
    autofree char *path = xasprintf(NETWORKS "/%s/device", name);
    char target[PATH_MAX];
    ssize_t len = readlinkat(root_fd, path, target, sizeof(target) - 1);
    const char *last;

    if (len <= 0)
        return val_str("");
    target[len] = '\0';
    last = strrchr(target, '/');
    last = last ? last + 1 : target;
    return str_is_utf8(last, strlen(last)) ? val_str(last) : val_str("");
}

static bool is_card(int root_fd, const char *name)
{
    autofree char *path = xasprintf(NETWORKS "/%s/device", name);

    return strlen(name) < IFNAMSIZ && faccessat(root_fd, path, F_OK, 0) == 0 &&
           number_of(root_fd, name, "type", 0) == ETHERNET;
}

static void add_card(int root_fd, const char *name, struct val *cards)
{
    autoval struct val address = text_of(root_fd, name, "address"),
                       duplex = text_of(root_fd, name, "duplex");
    int64_t speed = number_of(root_fd, name, "speed", 0);
    struct val card;
    struct mac mac;

    if (!mac_parse(val_text(&address), &mac))
        return;
    card = val_map(9);
    val_put_str(&card, "device", val_str(name));
    val_put_str(&card, "mac", val_str(mac.text));
    val_put_str(&card, "mtu", val_int(number_of(root_fd, name, "mtu", 1500)));
    val_put_str(&card, "carrier", val_bool(number_of(root_fd, name, "carrier", 0) == 1));
    val_put_str(&card, "speed", val_int(speed > 0 ? speed : 0));
    val_put_str(&card, "duplex", val_bool(STREQ(val_text(&duplex), "full")));
    val_put_str(&card, "vendor_id", text_of(root_fd, name, "device/vendor"));
    val_put_str(&card, "device_id", text_of(root_fd, name, "device/device"));
    val_put_str(&card, "pci_bus_path", place_of(root_fd, name));
    val_push(cards, card);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

struct val host_nics(int root_fd)
{
    struct val cards = val_set(8);
    int fd = openat(root_fd, NETWORKS, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *dir = fd < 0 ? NULL : fdopendir(fd);
    const struct dirent *entry;
    char *names[MAX_CARDS];
    size_t n = 0;

    if (!dir)
        return cards;
    while (n < MAX_CARDS && (entry = readdir(dir)))
        if (entry->d_name[0] != '.' && is_card(root_fd, entry->d_name))
            names[n++] = xstrdup(entry->d_name);
    closedir(dir);
    qsort(names, n, sizeof(*names), by_name);
    for (size_t i = 0; i < n; i++) {
        add_card(root_fd, names[i], &cards);
        free(names[i]);
    }
    return cards;
}
