// SPDX-License-Identifier: GPL-2.0-or-later
/* lk-xl: one long operation of libxl in a process of its own: libxl holds a lock over the
 * seconds these take, and starts scripts whose ends it must be told of.
 *
 * "lk-xl create" makes the domain described on standard input (libxl's JSON), paused, and
 * prints its number.  "lk-xl destroy UUID" ends every domain that bears the uuid.  "add"
 * and "remove" are libxl's to call: it is the hotplug script of disks, too.
 *
 * Descriptors from 3 on are the caller's: files the description names, and a lock that says
 * for how long this runs.  Exit status 0, or 1 with the reason as the last line of standard
 * error. */
#include <errno.h>
#include <libxl.h>
#include <libxl_utils.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>
#include <xenstore.h>
#include <xentoollog.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/clock.h"
#include "io/wait.h"

#define CONSOLE_MS 10000

/* The first that libxl had to say of what failed; what follows are its consequences. */
static char *first_error;

static int fail(const char *what, int rc)
{
    fprintf(stderr, "%s: libxl says %s\n", what,
            first_error ? first_error : libxl_error_to_string(rc));
    return EXIT_FAILURE;
}

static void log_message(struct xentoollog_logger *logger, xentoollog_level level,
                        int errnoval, const char *context, const char *format, va_list args)
{
    autofree char *text = NULL;

    if (level < XTL_WARN || vasprintf(&text, format, args) < 0)
        return;
    fprintf(stderr, "%s: %s%s%s\n", context ? context : "xen", text,
            errnoval >= 0 ? ": " : "", errnoval >= 0 ? strerror(errnoval) : "");
    if (level >= XTL_ERROR && !first_error)
        first_error = take_ptr(text);
}

static void free_logger(struct xentoollog_logger *logger)
{
}

static struct xentoollog_logger logger = {.vmessage = log_message, .destroy = free_logger};

static int read_input(struct buf *text)
{
    ssize_t n;

    do {
        buf_reserve(text, 65536);
        n = read(STDIN_FILENO, text->data + text->size, 65536);
        if (n > 0)
            text->size += (size_t)n;
    } while (n > 0 || (n < 0 && errno == EINTR));
    text->data[text->size] = '\0';
    return n < 0 ? -errno : 0;
}

/* xenconsoled gives a new domain its terminal a moment later. */
static void wait_console(uint32_t domid)
{
    struct xs_handle *store = xs_open(0);
    uint64_t deadline = clock_monotonic_ms() + CONSOLE_MS;
    char path[64];
    bool is_there = false;

    snprintf(path, sizeof(path), "/local/domain/%u/console/tty", domid);
    if (store && xs_watch(store, path, "tty")) {
        while (!is_there && wait_for_fd(xs_fileno(store), POLLIN, deadline) == 0) {
            char **event = xs_check_watch(store), *tty = xs_read(store, 0, path, NULL);

            is_there = tty && *tty;
            free(tty);
            free(event);
        }
    }
    if (!is_there)
        fprintf(stderr, "domain %u has no console: does xenconsoled run?\n", domid);
    if (store)
        xs_close(store);
}

static int create(libxl_ctx *ctx)
{
    autobuf text = BUF_INIT;
    libxl_domain_config config;
    uint32_t domid = INVALID_DOMID;
    int rc = ERROR_INVAL;

    libxl_domain_config_init(&config);
    if (read_input(&text) == 0)
        rc = libxl_domain_config_from_json(ctx, &config, buf_str(&text));
    if (rc)
        return fail("reading the description of the domain", rc);
    rc = libxl_domain_create_new(ctx, &config, &domid, NULL, NULL);
    libxl_domain_config_dispose(&config);
    if (rc)
        return fail("making the domain", rc);
    wait_console(domid);
    printf("%u\n", domid);
    return EXIT_SUCCESS;
}

static int destroy(libxl_ctx *ctx, const char *uuid)
{
    libxl_uuid wanted;
    libxl_dominfo *domains;
    int n = 0, rc = libxl_uuid_from_string(&wanted, uuid);

    if (rc)
        return fail("reading the uuid", rc);
    domains = libxl_list_domain(ctx, &n);
    if (!domains)
        return fail("listing the domains", ERROR_FAIL);
    for (int i = 0; i < n; i++)
        if (!rc && libxl_uuid_compare(&domains[i].uuid, &wanted) == 0)
            rc = libxl_domain_destroy(ctx, domains[i].domid, NULL);
    libxl_dominfo_list_free(domains, n);
    return rc ? fail("ending the domain", rc) : EXIT_SUCCESS;
}

/* ---- as the hotplug script of a disk: XENBUS_PATH names its backend in xenstore ---- */

static bool store_write(struct xs_handle *store, const char *node, const char *text)
{
    char path[256];

    snprintf(path, sizeof(path), "%s/%s", getenv("XENBUS_PATH"), node);
    return xs_write(store, 0, path, text, (unsigned)strlen(text));
}

/* Tells the kernel's backend which device it is, as the script "block" of Xen's does.  Who
 * may use it was settled by lk-stored. */
static bool add_disk(struct xs_handle *store)
{
    autofree char *device = NULL;
    char path[256], number[32];
    struct stat st;

    snprintf(path, sizeof(path), "%s/params", getenv("XENBUS_PATH"));
    device = xs_read(store, 0, path, NULL);
    if (!device || stat(device, &st) < 0 || !S_ISBLK(st.st_mode)) {
        store_write(store, "hotplug-error", "its block device is not there");
        return false;
    }
    snprintf(number, sizeof(number), "%x:%x", major(st.st_rdev), minor(st.st_rdev));
    return store_write(store, "physical-device-path", device) &&
           store_write(store, "physical-device", number) &&
           store_write(store, "hotplug-status", "connected");
}

static int hotplug(bool is_add)
{
    struct xs_handle *store = getenv("XENBUS_PATH") ? xs_open(0) : NULL;
    bool done;

    if (!store) {
        fprintf(stderr, "lk-xl: xenstored or XENBUS_PATH is not there\n");
        return EXIT_FAILURE;
    }
    done = !is_add || add_disk(store);
    xs_close(store);
    return done ? EXIT_SUCCESS : EXIT_FAILURE;
}

int main(int argc, char **argv)
{
    libxl_ctx *ctx = NULL;
    int rc, status;

    signal(SIGPIPE, SIG_IGN);
    if (argc == 2 && (STREQ(argv[1], "add") || STREQ(argv[1], "remove")))
        return hotplug(STREQ(argv[1], "add"));
    /* Scripts and device models started from here must not keep the lock. */
    close_range(3, ~0u, CLOSE_RANGE_CLOEXEC);
    rc = libxl_ctx_alloc(&ctx, LIBXL_VERSION, 0, &logger);
    if (rc)
        return fail("looking for the Xen hypervisor", rc);
    if (argc == 2 && STREQ(argv[1], "create")) {
        status = create(ctx);
    } else if (argc == 3 && STREQ(argv[1], "destroy")) {
        status = destroy(ctx, argv[2]);
    } else {
        fprintf(stderr, "usage: lk-xl create | destroy UUID\n");
        status = 2;
    }
    libxl_ctx_free(ctx);
    free(first_error);
    return status;
}
