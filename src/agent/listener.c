// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/listener.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pwd.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/log.h"
#include "io/address.h"

#define BACKLOG      64
#define LOCK_WAIT_MS 5000
#define LOCK_STEP_MS 20

static struct err *take_lock(struct listener *listener);
static struct err *find_manager(const char *name, uid_t *ret_uid, gid_t *ret_gid);
static struct err *listen_on(const char *path, int *ret_sock);
static struct err *remove_stale(const char *path);

struct err *listener_open(struct listener *listener, const char *path,
                          const char *manager_user)
{
    gid_t gid = (gid_t)-1;
    struct err *e;

    listener->sock = listener->lock_fd = -1;
    listener->path = xstrdup(path);
    listener->manager_uid = geteuid();
    e = take_lock(listener);
    if (!e && manager_user)
        e = find_manager(manager_user, &listener->manager_uid, &gid);
    if (!e)
        e = remove_stale(path);
    if (!e)
        e = listen_on(path, &listener->sock);
    if (!e && manager_user && (chown(path, (uid_t)-1, gid) < 0 || chmod(path, 0660) < 0))
        e = err_errno(errno, "giving %s to the group of %s", path, manager_user);
    return e;
}

void listener_close(struct listener *listener)
{
    if (listener->sock >= 0) {
        unlink(listener->path);
        close(take_fd(listener->sock));
    }
    cleanup_close(&listener->lock_fd);
    free(take_ptr(listener->path));
}

int listener_accept(struct listener *listener, pid_t *ret_pid)
{
    autoclose int sock = accept4(listener->sock, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    struct ucred peer;
    socklen_t size = sizeof(peer);

    if (sock < 0) {
        if (errno != EAGAIN && errno != ECONNABORTED)
            log_warn(AGENT, "accepting a connection: %m; trying again");
        return -EAGAIN;
    }
    if (getsockopt(sock, SOL_SOCKET, SO_PEERCRED, &peer, &size) < 0) {
        log_warn(AGENT, "asking who connects: %m; refused");
        return -EAGAIN;
    }
    if (peer.uid != 0 && peer.uid != geteuid() && peer.uid != listener->manager_uid) {
        log_warn(AGENT, "refusing process %d of user %u", peer.pid, peer.uid);
        return -EAGAIN;
    }
    *ret_pid = peer.pid;
    return take_fd(sock);
}

/* A predecessor that was killed holds the lock until the last of its threads is gone. */
static struct err *take_lock(struct listener *listener)
{
    autofree char *path = xasprintf("%s.lock", listener->path);
    uint64_t deadline_ms = clock_monotonic_ms() + LOCK_WAIT_MS;

    listener->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (listener->lock_fd < 0)
        return err_errno(errno, "opening %s", path);
    while (flock(listener->lock_fd, LOCK_EX | LOCK_NB) < 0) {
        if (errno != EWOULDBLOCK || clock_monotonic_ms() > deadline_ms)
            return err_errno(errno, "locking %s: another instance runs", path);
        poll(NULL, 0, LOCK_STEP_MS);
    }
    return NULL;
}

static struct err *find_manager(const char *name, uid_t *ret_uid, gid_t *ret_gid)
{
    struct passwd entry, *found;
    char strings[4096];
    int errnum = getpwnam_r(name, &entry, strings, sizeof(strings), &found);

    if (errnum || !found)
        return err_errno(errnum ? errnum : ENOENT, "looking up the user %s", name);
    *ret_uid = entry.pw_uid;
    *ret_gid = entry.pw_gid;
    return NULL;
}

/* Under the lock a socket that lies there belongs to nobody. */
static struct err *remove_stale(const char *path)
{
    struct stat info;

    if (lstat(path, &info) < 0)
        return errno == ENOENT ? NULL : err_errno(errno, "looking at %s", path);
    if (!S_ISSOCK(info.st_mode))
        return err_errno(EEXIST, "replacing %s, which is no socket", path);
    return unlink(path) < 0 ? err_errno(errno, "removing %s", path) : NULL;
}

static struct err *listen_on(const char *path, int *ret_sock)
{
    autoclose int sock = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    struct address address;
    mode_t before;
    int r;

    if (sock < 0)
        return err_errno(errno, "making a socket");
    r = address_is_path(path) ? address_parse(path, &address) : -EINVAL;
    if (r < 0)
        return err_errno(-r, "listening on %s", path);
    before = umask(0177);
    r = bind(sock, &address.any, address.size) < 0 ? -errno : 0;
    umask(before);
    if (r == 0 && listen(sock, BACKLOG) < 0)
        r = -errno;
    if (r < 0)
        return err_errno(-r, "listening on %s", path);
    *ret_sock = take_fd(sock);
    return NULL;
}
