// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/manage.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/fd.h"
#include "base/str.h"
#include "host/now.h"
#include "io/subprocess.h"

#define SYSTEMCTL_MS 90000 /* its own limit for a unit that starts */
#define MAX_NAME     64    /* of a host: the kernel's limit */
#define MAX_LABEL    63
#define MAX_SERVER   255
#define MAX_SERVERS  16
#define NEW_LINK     ".localtime.latchkey"

static const char header[] = "# Written by lk-hostd; changes are lost.\n";

static struct err *check_may(const struct host *host)
{
    return host->systemctl
               ? NULL
               : err_params(ERR_PERMISSION_DENIED,
                            "lk-hostd may not change this machine: it was started without "
                            "--systemctl",
                            NULL);
}

/* ---- means ---- */

/* 'args' end with NULL. */
static struct err *systemctl(const struct host *host, const char *const *args)
{
    const char *argv[8] = {host->systemctl};
    CLEANUP(subprocess_result_fini) struct subprocess_result result = {0};
    struct subprocess_config config = {
        .argv = argv,
        .deadline_ms = clock_monotonic_ms() + SYSTEMCTL_MS,
    };
    struct err *e;

    for (size_t i = 0; args[i]; i++) {
        assert_msg(i + 2 < ARRAY_SIZE(argv), "too many words for systemctl");
        argv[i + 1] = args[i];
    }
    e = subprocess_run(&config, &result);
    return e ? e : subprocess_check(&config, &result);
}
#define SYSTEMCTL(host, ...) systemctl(host, (const char *const[]){__VA_ARGS__, NULL})

/* Folder 'dir' of the machine, made when its parent is there. */
static struct err *open_dir(const struct host *host, const char *dir, int *ret_fd)
{
    if (mkdirat(host->root_fd, dir, 0755) < 0 && errno != EEXIST)
        return err_errno(errno, "making /%s", dir);
    *ret_fd = openat(host->root_fd, dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return *ret_fd < 0 ? err_errno(errno, "opening /%s", dir) : NULL;
}

/* File 'name' in 'dir' has this text; "": there is none. */
static struct err *write_file(const struct host *host, const char *dir, const char *name,
                              const char *text)
{
    autoclose int fd = -1;
    struct err *e = open_dir(host, dir, &fd);
    int r;

    if (e)
        return e;
    r = *text ? fd_replace_file(fd, name, text, strlen(text), 0644)
        : unlinkat(fd, name, 0) < 0 && errno != ENOENT ? -errno
                                                       : 0;
    return r < 0 ? err_errno(-r, "writing /%s/%s", dir, name) : NULL;
}

/* ---- power ---- */

struct err *manage_power(const struct host *host, const char *mode)
{
    struct err *e = check_may(host);

    if (!e && !STREQ(mode, "reboot") && !STREQ(mode, "poweroff"))
        e = err_params(ERR_INVALID_VALUE, "mode", mode, NULL);
    return e ? e : SYSTEMCTL(host, "--no-block", mode);
}

/* ---- name ---- */

/* Labels of letters, digits and inner hyphens, with dots between (RFC 1123). */
static const char *why_no_name(const char *name)
{
    size_t label = 0;

    if (!*name || strlen(name) > MAX_NAME)
        return "it is empty or longer than 64 characters";
    for (const char *at = name; *at; at++) {
        bool ends = at[1] == '.' || !at[1];

        if (*at == '.') {
            label = 0;
            continue;
        }
        if (!isalnum((unsigned char)*at) && *at != '-')
            return "it has something else than letters, digits, hyphens and dots";
        if (++label > MAX_LABEL || (*at == '-' && (label == 1 || ends)))
            return "a part of it begins or ends with a hyphen or is too long";
    }
    if (*name == '.' || name[strlen(name) - 1] == '.' || strstr(name, ".."))
        return "a part of it is empty";
    return NULL;
}

struct err *manage_hostname(const struct host *host, const char *name)
{
    const char *why = why_no_name(name);
    char line[MAX_NAME + 2];
    struct err *e = check_may(host);

    if (!e && why)
        e = err_params(ERR_HOST_NAME_INVALID, why, NULL);
    if (e)
        return e;
    snprintf(line, sizeof(line), "%s\n", name);
    e = write_file(host, "etc", "hostname", line);
    if (!e) {
        autoclose int fd = openat(host->root_fd, "proc/sys/kernel/hostname",
                                  O_WRONLY | O_TRUNC | O_CLOEXEC);
        int r = fd < 0 ? -errno : fd_write_all(fd, line, strlen(line));

        if (r < 0)
            e = err_errno(-r, "giving the kernel its name");
    }
    return e;
}

/* ---- clock ---- */

static int replace_link(int dir_fd, const char *target)
{
    if (unlinkat(dir_fd, NEW_LINK, 0) < 0 && errno != ENOENT)
        return -errno;
    if (symlinkat(target, dir_fd, NEW_LINK) < 0 ||
        renameat(dir_fd, NEW_LINK, dir_fd, "localtime") < 0 || fsync(dir_fd) < 0)
        return -errno;
    return 0;
}

struct err *manage_timezone(const struct host *host, const char *zone)
{
    autoval struct val zones = host_timezones(host->root_fd);
    char target[256], line[256];
    autoclose int fd = -1;
    struct err *e = check_may(host);
    int r;

    if (!e && !val_set_has(&zones, zone))
        e = err_params(ERR_INVALID_VALUE, "timezone", zone, NULL);
    if (!e)
        e = open_dir(host, "etc", &fd);
    if (e)
        return e;
    snprintf(target, sizeof(target), "/usr/share/zoneinfo/%s", zone);
    r = replace_link(fd, target);
    if (r < 0)
        return err_errno(-r, "replacing /etc/localtime");
    if (faccessat(fd, "timezone", F_OK, 0) < 0)
        return NULL; /* Debian 13 has that file no more */
    snprintf(line, sizeof(line), "%s\n", zone);
    return write_file(host, "etc", "timezone", line);
}

/* A name or an address; what stands in a file's line cannot end it. */
static bool is_server(const char *text)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                  "0123456789.-:[]";
    size_t len = strlen(text);

    return len > 0 && len <= MAX_SERVER && strspn(text, allowed) == len && *text != '-';
}

static struct err *list_servers(const struct val *servers, struct buf *text)
{
    size_t n = val_count(servers);

    if (n == 0 || n > MAX_SERVERS)
        return err_params(ERR_INVALID_NTP_CONFIG, "Custom wants 1 to 16 servers", NULL);
    for (size_t i = 0; i < n; i++) {
        const struct val *server = val_at(servers, i);

        if (server->kind != VAL_STR || !is_server(val_text(server)))
            return err_params(ERR_INVALID_NTP_CONFIG,
                              "A server is neither a name nor an address", NULL);
        buf_addf(text, "%s%s", i ? " " : "NTP=", val_text(server));
    }
    buf_add_str(text, "\n");
    return NULL;
}

/* An empty NTP= drops what drop-ins before it named: DHCP clients write one. */
struct err *manage_ntp(const struct host *host, const char *mode, const struct val *servers)
{
    autobuf text = BUF_INIT;
    struct err *e = check_may(host);

    buf_addf(&text, "%s[Time]\n", header);
    if (!STREQ(mode, "DHCP"))
        buf_add_str(&text, "NTP=\n");
    if (!e && STREQ(mode, "Custom"))
        e = list_servers(servers, &text);
    if (!STREQ(mode, "Factory"))
        buf_add_str(&text, "FallbackNTP=\n");
    if (!e)
        e = write_file(host, "etc/systemd/timesyncd.conf.d", "latchkey.conf",
                       buf_str(&text));
    return e ? e : SYSTEMCTL(host, "restart", "systemd-timesyncd.service");
}

/* ---- logs ---- */

struct err *manage_syslog(const struct host *host, const char *destination)
{
    autobuf text = BUF_INIT;
    struct err *e = check_may(host);

    if (!e && *destination && !is_server(destination))
        e = err_params(ERR_INVALID_VALUE, "syslog_destination", destination, NULL);
    if (*destination)
        buf_addf(&text, "%s*.* @%s\n", header, destination);
    if (!e)
        e = write_file(host, "etc/rsyslog.d", "60-latchkey.conf", buf_str(&text));
    /* One that does not run needs not start to send nothing. */
    return e ? e
             : SYSTEMCTL(host, *destination ? "restart" : "try-restart", "rsyslog.service");
}

/* ---- logins ---- */

struct err *manage_ssh(const struct host *host, bool enabled)
{
    struct err *e = check_may(host);

    return e ? e : SYSTEMCTL(host, enabled ? "enable" : "disable", "--now", "ssh.service");
}

/* Shells that log in read it: those on a terminal of the machine itself end when idle. */
struct err *manage_console_timeout(const struct host *host, int64_t seconds)
{
    autobuf text = BUF_INIT;
    struct err *e = check_may(host);

    if (seconds)
        buf_addf(&text,
                 "%s"
                 "case $(tty) in\n"
                 "/dev/console | /dev/tty[0-9]* | /dev/tty[A-Z]*[0-9] | /dev/hvc*)\n"
                 "    TMOUT=%lld\n"
                 "    readonly TMOUT\n"
                 "    export TMOUT\n"
                 "    ;;\n"
                 "esac\n",
                 header, (long long)seconds);
    return e ? e : write_file(host, "etc/profile.d", "latchkey-console.sh", buf_str(&text));
}
