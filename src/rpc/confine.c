// SPDX-License-Identifier: GPL-2.0-or-later
#include "rpc/confine.h"

#include <dirent.h>
#include <errno.h>
#include <libgen.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/fd.h"
#include "base/log.h"
#include "base/vec.h"
#include "io/address.h"
#include "io/landlock.h"
#include "rpc/manager.h"

#define WHOLE_ABI 6 /* of Landlock: what io/landlock.c makes use of */

/* Of the machine, what libraries look at and what messages tell. */
static const char *const readable[] = {
    "/usr/lib",
    "/usr/lib64",
    "/lib",
    "/lib64",
    "/etc/ld.so.cache",
    "/etc/ssl",
    "/usr/share/zoneinfo",
    "/etc/localtime",
    "/dev/urandom",
    "/dev/null",
    "/proc/sys/kernel/random/boot_id",
    "/proc/self", /* which is this process */
    "/sys/devices/system/cpu",
    "/sys/class/dmi/id",
};

/* The kernel's own loader of programs stands between execve and the program. */
static const char *const loaders[] = {"/lib64/ld-linux-x86-64.so.2",
                                      "/lib/ld-linux-aarch64.so.1"};

struct rules {
    VEC(struct landlock_path) paths; /* their names belong to it */
    VEC(uint16_t) ports;
};

static void rules_fini(struct rules *rules)
{
    for (size_t i = 0; i < rules->paths.n; i++)
        free((char *)rules->paths.at[i].name);
    VEC_FINI(&rules->paths);
    VEC_FINI(&rules->ports);
}

static void add(struct rules *rules, const char *name, enum landlock_what what)
{
    *VEC_PUSH(&rules->paths) = (struct landlock_path){xstrdup(name), what};
}

static void add_folder_of(struct rules *rules, const char *path, enum landlock_what what)
{
    autofree char *copy = xstrdup(path);

    add(rules, dirname(copy), what);
}

static void add_address(struct rules *rules, const char *text)
{
    struct address address;

    if (address_is_path(text)) {
        add_folder_of(rules, text, LANDLOCK_SOCKETS);
        return;
    }
    if (address_parse(text, &address) < 0)
        return; /* who listens there will say so */
    *VEC_PUSH(&rules->ports) =
        ntohs(address.any.sa_family == AF_INET6
                  ? ((const struct sockaddr_in6 *)&address.any)->sin6_port
                  : ((const struct sockaddr_in *)&address.any)->sin_port);
}

static int add_own_program(struct rules *rules)
{
    char path[4096];
    ssize_t len = readlink("/proc/self/exe", path, sizeof(path) - 1);

    if (len < 0)
        return -errno;
    path[len] = '\0';
    add_folder_of(rules, path, LANDLOCK_EXECUTE);
    for (size_t i = 0; i < ARRAY_SIZE(loaders); i++)
        add(rules, loaders[i], LANDLOCK_EXECUTE);
    return 0;
}

/* Files and ports. */
static struct err *confine_files(const struct confine_config *config)
{
    const struct manager_config *manager = config->manager;
    CLEANUP(rules_fini) struct rules rules = {VEC_INIT, VEC_INIT};
    long abi = landlock_abi();
    int r = 0;

    if (abi < 1) {
        log_warn(BASE, "this kernel has no Landlock: only the rights of its user keep "
                       "latchkeyd from files that are none of its business");
        return NULL;
    }
    for (size_t i = 0; i < ARRAY_SIZE(readable); i++)
        add(&rules, readable[i], LANDLOCK_READ);
    add(&rules, manager->state_dir, LANDLOCK_CHANGE);
    if (manager->password_file) /* written anew beside it */
        add_folder_of(&rules, manager->password_file, LANDLOCK_CHANGE);
    for (size_t i = 0; i < config->n_addresses; i++)
        add_address(&rules, config->addresses[i]);
    if (config->executes_itself)
        r = add_own_program(&rules);
    if (r == 0)
        r = landlock_confine_paths(rules.paths.at, rules.paths.n, rules.ports.at,
                                   rules.ports.n);
    if (r == -E2BIG && config->executes_itself) {
        log_info(BASE, "started again so often that the confinements before must do");
        r = 0;
    }
    if (r < 0)
        return err_errno(-r, "confining latchkeyd to its files");
    if (abi < WHOLE_ABI)
        log_warn(BASE,
                 "this kernel's Landlock is of version %ld, not %d: it keeps fewer things "
                 "from latchkeyd",
                 abi, WHOLE_ABI);
    return NULL;
}

/* Passwords and sessions are in its memory. */
static struct err *keep_memory_secret(void)
{
    const struct rlimit none = {0, 0};

    if (setrlimit(RLIMIT_CORE, &none) < 0 || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0)
        return err_errno(errno, "keeping latchkeyd's memory from core files");
    return NULL;
}

/* What is taken is taken from this thread and what it makes. */
static size_t count_threads(void)
{
    DIR *dir = opendir("/proc/self/task");
    size_t n = 0;

    while (dir && readdir(dir))
        n++;
    if (dir)
        closedir(dir);
    return n < 2 ? 0 : n - 2; /* without "." and ".." */
}

struct err *confine(const struct confine_config *config)
{
    struct err *e;

    if (geteuid() == 0 && !config->manager->lab)
        return err_new(ERR_INTERNAL_ERROR,
                       "running as root, which only a lab may (--lab): start it as a user "
                       "of its own, as share/systemd/latchkeyd.service does");
#ifndef __SANITIZE_THREAD__ /* which has one of its own */
    assert_msg(count_threads() == 1, "confinement begins before threads do");
#endif
    e = keep_memory_secret();
    if (!e && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
        e = err_errno(errno, "giving up new privileges");
    if (!e)
        e = confine_files(config);
    if (!e)
        e = confine_calls(config->executes_itself);
    if (!e)
        log_info(BASE, "confined to its own files, ports and system calls");
    return e;
}
