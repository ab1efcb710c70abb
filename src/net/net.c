// SPDX-License-Identifier: GPL-2.0-or-later
#include "net/net.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>

#include "agent/doc.h"
#include "base/alloc.h"
#include "base/fd.h"
#include "base/log.h"
#include "base/vec.h"

struct net {
    const struct net_backend *backend;
    void *state; /* the backend's */
    int dir_fd;  /* <run>/net */
    struct uuid boot;
    pthread_mutex_t lock;
    VEC(struct net_interface) attached; /* GUARDED_BY(lock) */
};

static struct err *attach(struct net *net, const struct net_interface *interface,
                          struct val *ret_entry);
static struct err *detach(struct net *net, const struct net_interface *interface);
static bool find(struct net *net, const struct uuid *vm, unsigned device,
                 struct net_interface *ret_interface);
static void remember(struct net *net, const struct net_interface *interface);
static void forget(struct net *net, const struct net_interface *interface);
static struct err *write_record(struct net *net, const struct net_interface *interface);
static struct err *remove_record(struct net *net, const struct net_interface *interface);
static struct err *resume_one(struct net *net, const char *name);
static bool read_record(struct net *net, const char *name,
                        struct net_interface *ret_interface);
static char *record_name(const struct net_interface *interface);
static struct val interface_to_val(const struct net_interface *interface);

struct err *net_new(const struct net_backend *backend, const char *run_dir,
                    struct net **ret_net)
{
    const struct net_backend_config config = {run_dir};
    autofree char *path = xasprintf("%s/net", run_dir);
    struct net *net = xcalloc(1, sizeof(*net));
    struct err *e = NULL;

    net->boot = uuid_of_boot();
    pthread_mutex_init(&net->lock, NULL);
    net->dir_fd = fd_open_dir(path, 0700);
    if (net->dir_fd < 0)
        e = err_errno(-net->dir_fd, "opening %s", path);
    if (!e && backend->open)
        e = backend->open(&config, &net->state);
    if (e) {
        net_free(net);
        return err_context(e, "starting the network backend %s", backend->name);
    }
    net->backend = backend;
    *ret_net = net;
    return NULL;
}

void net_free(struct net *net)
{
    if (!net)
        return;
    if (net->backend && net->backend->close)
        net->backend->close(net->state);
    cleanup_close(&net->dir_fd);
    VEC_FINI(&net->attached);
    pthread_mutex_destroy(&net->lock);
    free(net);
}

struct err *net_resume(struct net *net)
{
    int fd = openat(net->dir_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *dir = fd < 0 ? NULL : fdopendir(fd);
    const struct dirent *entry;
    struct err *e = NULL;

    if (!dir)
        return err_errno(errno, "reading the directory of attached interfaces");
    errno = 0;
    while (!e && (entry = readdir(dir))) {
        if (entry->d_name[0] != '.')
            e = resume_one(net, entry->d_name);
        errno = 0;
    }
    if (!e && errno)
        e = err_errno(errno, "reading the directory of attached interfaces");
    closedir(dir);
    return e;
}

const char *net_backend_name(const struct net *net)
{
    return net->backend->name;
}

struct err *net_attach(struct net *net, const struct net_interface *interface,
                       struct val *ret_entry)
{
    struct net_interface old;
    struct err *e = NULL;

    if (interface->forwards.n && !net->backend->can_forward)
        return net_forwards_refuse(&interface->forwards,
                                   "the networks of this host forward no ports");
    if (find(net, &interface->vm, interface->device, &old) &&
        (!STREQ(old.network.text, interface->network.text) ||
         !STREQ(old.mac.text, interface->mac.text) ||
         !net_forwards_equal(&old.forwards, &interface->forwards)))
        e = detach(net, &old);
    if (!e)
        e = attach(net, interface, ret_entry);
    return err_context(e, "attaching interface %u of VM %s", interface->device,
                       interface->vm.text);
}

struct err *net_detach(struct net *net, const struct uuid *vm, unsigned device)
{
    struct net_interface old;

    if (!find(net, vm, device, &old))
        return NULL;
    return err_context(detach(net, &old), "detaching interface %u of VM %s", device,
                       vm->text);
}

struct val net_list(struct net *net)
{
    struct val list;

    pthread_mutex_lock(&net->lock);
    list = val_set(net->attached.n);
    for (size_t i = 0; i < net->attached.n; i++)
        val_push(&list, interface_to_val(&net->attached.at[i]));
    pthread_mutex_unlock(&net->lock);
    return list;
}

static struct err *attach(struct net *net, const struct net_interface *interface,
                          struct val *ret_entry)
{
    autoval struct val entry = val_map(4);
    struct err *e = write_record(net, interface);

    if (e)
        return e;
    val_put_str(&entry, "device", val_int(interface->device));
    val_put_str(&entry, "mac", val_str(interface->mac.text));
    e = net->backend->attach(net->state, interface, &entry);
    if (e) {
        err_ignore(remove_record(net, interface), "the record of nothing does no harm");
        forget(net, interface);
        return e;
    }
    remember(net, interface);
    *ret_entry = take_val(entry);
    return NULL;
}

static struct err *detach(struct net *net, const struct net_interface *interface)
{
    struct err *e = NULL;

    if (net->backend->detach)
        e = net->backend->detach(net->state, interface);
    if (!e)
        e = remove_record(net, interface);
    if (!e)
        forget(net, interface);
    return e;
}

/* Where it is in 'attached', or NULL.  Called with the lock held. */
static struct net_interface *place_of(struct net *net, const struct uuid *vm,
                                      unsigned device)
{
    for (size_t i = 0; i < net->attached.n; i++) {
        struct net_interface *interface = &net->attached.at[i];

        if (interface->device == device && STREQ(interface->vm.text, vm->text))
            return interface;
    }
    return NULL;
}

static bool find(struct net *net, const struct uuid *vm, unsigned device,
                 struct net_interface *ret_interface)
{
    const struct net_interface *found;

    pthread_mutex_lock(&net->lock);
    found = place_of(net, vm, device);
    if (found)
        *ret_interface = *found;
    pthread_mutex_unlock(&net->lock);
    return found;
}

static void remember(struct net *net, const struct net_interface *interface)
{
    struct net_interface *place;

    pthread_mutex_lock(&net->lock);
    place = place_of(net, &interface->vm, interface->device);
    if (!place)
        place = VEC_PUSH(&net->attached);
    *place = *interface;
    pthread_mutex_unlock(&net->lock);
}

static void forget(struct net *net, const struct net_interface *interface)
{
    struct net_interface *place;

    pthread_mutex_lock(&net->lock);
    place = place_of(net, &interface->vm, interface->device);
    if (place)
        *place = net->attached.at[--net->attached.n];
    pthread_mutex_unlock(&net->lock);
}

static struct err *write_record(struct net *net, const struct net_interface *interface)
{
    autofree char *name = record_name(interface);
    autoval struct val record = interface_to_val(interface);
    int r;

    val_put_str(&record, "boot_id", val_str(net->boot.text));
    r = doc_write(net->dir_fd, name, &record);
    return r < 0 ? err_errno(-r, "recording %s", name) : NULL;
}

static struct err *remove_record(struct net *net, const struct net_interface *interface)
{
    autofree char *name = record_name(interface);

    if (unlinkat(net->dir_fd, name, 0) < 0 && errno != ENOENT)
        return err_errno(errno, "removing the record %s", name);
    return NULL;
}

static struct err *resume_one(struct net *net, const char *name)
{
    struct net_interface interface;
    autoval struct val entry = val_map(4);
    struct err *e;

    if (!read_record(net, name, &interface)) {
        /* Of an earlier boot, half of a replacement that a crash cut off, or not ours. */
        log_info(NET, "dropping the record %s", name);
        if (unlinkat(net->dir_fd, name, 0) < 0)
            return err_errno(errno, "removing the record %s", name);
        return NULL;
    }
    e = net->backend->attach(net->state, &interface, &entry);
    if (e)
        log_error(NET, "attaching interface %u of VM %s again: %s", interface.device,
                  interface.vm.text, err_sentence(e));
    err_free(e);
    remember(net, &interface);
    return NULL;
}

static bool read_record(struct net *net, const char *name,
                        struct net_interface *ret_interface)
{
    struct net_interface interface = {0};
    autoval struct val record = val_void();
    autofree char *right_name = NULL;
    const char *mac, *forward = "";
    struct err *e;
    struct uuid boot;
    uint64_t device;

    if (doc_read(net->dir_fd, name, &record) < 0 ||
        doc_uuid(&record, "boot_id", &boot) < 0 || !STREQ(boot.text, net->boot.text) ||
        doc_uuid(&record, "vm", &interface.vm) < 0 ||
        doc_size(&record, "device", NET_MAX_DEVICE, &device) < 0 ||
        doc_uuid(&record, "network", &interface.network) < 0 ||
        doc_text(&record, "mac", sizeof(interface.mac.text) - 1, &mac) < 0 ||
        !mac_parse(mac, &interface.mac))
        return false;
    if (val_find(&record, "forward") && doc_text(&record, "forward", 256, &forward) < 0)
        return false;
    e = net_forwards_parse(forward, &interface.forwards);
    if (e) {
        err_ignore(e, "the record is not ours");
        return false;
    }
    interface.device = (unsigned)device;
    right_name = record_name(&interface);
    if (!STREQ(name, right_name))
        return false;
    *ret_interface = interface;
    return true;
}

static char *record_name(const struct net_interface *interface)
{
    return xasprintf("%s.%u.json", interface->vm.text, interface->device);
}

static struct val interface_to_val(const struct net_interface *interface)
{
    autofree char *forward = net_forwards_text(&interface->forwards);
    struct val v = val_map(5);

    val_put_str(&v, "vm", val_str(interface->vm.text));
    val_put_str(&v, "device", val_int(interface->device));
    val_put_str(&v, "network", val_str(interface->network.text));
    val_put_str(&v, "mac", val_str(interface->mac.text));
    if (interface->forwards.n)
        val_put_str(&v, "forward", val_str(forward));
    return v;
}
