// SPDX-License-Identifier: GPL-2.0-or-later
/* latchkeyd: the manager.  Here is only how its parts are put together. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <systemd/sd-daemon.h>
#include <systemd/sd-event.h>
#include <time.h>
#include <unistd.h>

#include "api/bodies.h"
#include "api/certificate.h"
#include "api/console.h"
#include "api/first_contents.h"
#include "api/first_rows.h"
#include "api/http_door.h"
#include "api/journal.h"
#include "api/merges.h"
#include "api/schedule.h"
#include "api/startup.h"
#include "base/alloc.h"
#include "base/clock.h"
#include "base/crash.h"
#include "base/fd.h"
#include "base/log.h"
#include "base/vec.h"
#include "db/backup.h"
#include "db/db.h"
#include "db/store.h"
#include "io/loop.h"
#include "io/pool.h"
#include "io/tls.h"
#include "io/tls_certificate.h"
#include "rpc/agents.h"
#include "rpc/callers.h"
#include "rpc/confine.h"
#include "rpc/dispatch.h"
#include "rpc/endpoints.h"
#include "rpc/events.h"
#include "rpc/manager.h"
#include "rpc/server.h"
#include "rpc/session.h"
#include "task/task.h"

#define SWEEP_EVERY_S 30

#define DEFAULT_STATE_DIR "/var/lib/latchkey"
#define DEFAULT_RUN_DIR   "/run/latchkey"

struct listener {
    enum listener_kind kind;
    const char *address;
};

struct daemon {
    struct manager_config config;
    VEC(struct listener) listeners;
    struct manager manager;
    struct server *server;
    struct http_route *routes; /* calls, then 'n_places' others */
    struct http_route *places;
    size_t n_places;
    sd_event_source *sweep;
    /* Instead of serving: */
    const char *dump_to, *restore_from;
    enum db_restore how;
    bool is_confined;
    bool start_again; /* instead of ending */
    _Atomic bool https_only;
};

/* ---- options ---- */

enum {
    OPT_STATE_DIR = 256,
    OPT_RUN_DIR,
    OPT_LISTEN_TLS,
    OPT_LISTEN_PLAIN,
    OPT_LISTEN_UNIX,
    OPT_PASSWORD_FILE,
    OPT_AUTH_SOCKET,
    OPT_LAB,
    OPT_UNCONFINED,
    OPT_DEBUG,
    OPT_DUMP,
    OPT_RESTORE,
    OPT_DRY_RUN,
    OPT_VERSION,
    OPT_HELP,
};

static const struct option options[] = {
    {"state-dir", required_argument, NULL, OPT_STATE_DIR},
    {"run-dir", required_argument, NULL, OPT_RUN_DIR},
    {"listen-tls", required_argument, NULL, OPT_LISTEN_TLS},
    {"listen-plain", required_argument, NULL, OPT_LISTEN_PLAIN},
    {"listen-unix", required_argument, NULL, OPT_LISTEN_UNIX},
    {"password-file", required_argument, NULL, OPT_PASSWORD_FILE},
    {"auth-socket", required_argument, NULL, OPT_AUTH_SOCKET},
    {"lab", no_argument, NULL, OPT_LAB},
    {"unconfined", no_argument, NULL, OPT_UNCONFINED},
    {"debug", required_argument, NULL, OPT_DEBUG},
    {"dump-database", required_argument, NULL, OPT_DUMP},
    {"restore-database", required_argument, NULL, OPT_RESTORE},
    {"dry-run", no_argument, NULL, OPT_DRY_RUN},
    {"version", no_argument, NULL, OPT_VERSION},
    {"help", no_argument, NULL, OPT_HELP},
    {NULL, 0, NULL, 0},
};

static const char help[] =
    "usage: latchkeyd [OPTION]...\n"
    "The manager of a Latchkey host: serves the XenAPI.\n"
    "\n"
    "  --state-dir DIR       database, certificate, host's uuid (" DEFAULT_STATE_DIR ")\n"
    "  --run-dir DIR         sockets of the agents (" DEFAULT_RUN_DIR ")\n"
    "  --listen-tls ADDR     serve HTTPS at ADDR, such as 127.0.0.1:8443 or [::]:443\n"
    "  --listen-plain ADDR   serve HTTP at ADDR\n"
    "  --listen-unix PATH    serve HTTP on a Unix socket\n"
    "  --password-file FILE  check passwords against FILE instead of asking PAM\n"
    "  --auth-socket PATH    where lk-auth asks PAM (auth.sock in the run folder)\n"
    "  --lab                 run as a lab: one directory, no rights needed\n"
    "  --unconfined          in a lab: keep rights and system calls, for a debugger\n"
    "  --debug TOPICS        log more: comma-separated topics, or all\n"
    "  --version, --help\n"
    "\n"
    "Instead of serving, whether or not a daemon serves:\n"
    "  --dump-database FILE     write what the database holds to FILE\n"
    "  --restore-database FILE  check FILE; the next start finds the database as it is "
    "there\n"
    "  --dry-run                with it: check only\n"
    "\n"
    "Each --listen option may be given more than once.\n";

static void add_listener(struct daemon *d, enum listener_kind kind, const char *address)
{
    *VEC_PUSH(&d->listeners) = (struct listener){kind, address};
}

/* 0: go on; otherwise the program's exit status plus one. */
static int take_option(struct daemon *d, int option)
{
    switch (option) {
    case OPT_STATE_DIR:
        d->config.state_dir = optarg;
        return 0;
    case OPT_RUN_DIR:
        d->config.run_dir = optarg;
        return 0;
    case OPT_LISTEN_TLS:
        add_listener(d, LISTEN_TLS, optarg);
        return 0;
    case OPT_LISTEN_PLAIN:
        add_listener(d, LISTEN_PLAIN, optarg);
        return 0;
    case OPT_LISTEN_UNIX:
        add_listener(d, LISTEN_UNIX, optarg);
        return 0;
    case OPT_PASSWORD_FILE:
        d->config.password_file = optarg;
        return 0;
    case OPT_AUTH_SOCKET:
        d->config.auth_socket = optarg;
        return 0;
    case OPT_LAB:
        d->config.lab = true;
        return 0;
    case OPT_UNCONFINED:
        d->is_confined = false;
        return 0;
    case OPT_DEBUG:
        if (log_set_debug(optarg))
            return 0;
        fprintf(stderr, "latchkeyd: no such debug topic: %s\n", optarg);
        return 1 + EXIT_FAILURE;
    case OPT_DUMP:
        d->dump_to = optarg;
        return 0;
    case OPT_RESTORE:
        d->restore_from = optarg;
        return 0;
    case OPT_DRY_RUN:
        d->how = RESTORE_TRY;
        return 0;
    case OPT_VERSION:
        printf("latchkeyd %s\n", LATCHKEY_VERSION);
        return 1 + EXIT_SUCCESS;
    case OPT_HELP:
        fputs(help, stdout);
        return 1 + EXIT_SUCCESS;
    default:
        fputs("Try latchkeyd --help.\n", stderr);
        return 1 + EXIT_FAILURE;
    }
}

static int read_options(struct daemon *d, int argc, char **argv)
{
    int option, stop = 0;

    while (!stop && (option = getopt_long(argc, argv, "", options, NULL)) != -1)
        stop = take_option(d, option);
    if (!stop && optind < argc) {
        fprintf(stderr, "latchkeyd: unexpected argument %s\n", argv[optind]);
        stop = 1 + EXIT_FAILURE;
    }
    if (!stop && !d->is_confined && !d->config.lab) {
        fputs("latchkeyd: --unconfined is for a lab (--lab)\n", stderr);
        stop = 1 + EXIT_FAILURE;
    }
    if (!stop && d->how == RESTORE_TRY && !d->restore_from) {
        fputs("latchkeyd: --dry-run goes with --restore-database\n", stderr);
        stop = 1 + EXIT_FAILURE;
    }
    if (!stop && d->listeners.n == 0 && !d->dump_to && !d->restore_from) {
        fputs("latchkeyd: nothing to listen on: give --listen-tls, --listen-plain or "
              "--listen-unix\n",
              stderr);
        stop = 1 + EXIT_FAILURE;
    }
    return stop;
}

/* ---- parts, in the order they start ---- */

/* Nothing from outside has reached it yet, and no thread was made. */
static struct err *confine_self(struct daemon *d)
{
    VEC(const char *) addresses = VEC_INIT;
    autoclose int state = fd_open_dir(d->config.state_dir, 0700);
    struct err *e = NULL;

    if (state < 0)
        return err_errno(-state, "opening the state folder %s", d->config.state_dir);
    for (size_t i = 0; i < d->listeners.n; i++)
        *VEC_PUSH(&addresses) = d->listeners.at[i].address;
    crash_init();
    if (d->is_confined)
        e = confine(&(struct confine_config){
            .manager = &d->config,
            .addresses = addresses.at,
            .n_addresses = addresses.n,
            .executes_itself = d->config.lab,
        });
    VEC_FINI(&addresses);
    return e;
}

static void raise_fd_limit(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
        return;
    limit.rlim_cur = limit.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &limit) < 0)
        log_warn(BASE, "keeping the limit of %llu open files: %s",
                 (unsigned long long)limit.rlim_cur, strerror(errno));
}

static int on_signal(sd_event_source *source, const struct signalfd_siginfo *si UNUSED,
                     void *arg UNUSED)
{
    return sd_event_exit(sd_event_source_get_event(source), 0);
}

static struct err *start_loop(struct daemon *d)
{
    struct manager *m = &d->manager;
    sigset_t mask;
    int r;

    sigemptyset(&mask);
    sigaddset(&mask, SIGTERM);
    sigaddset(&mask, SIGINT);
    sigprocmask(SIG_BLOCK, &mask, NULL); /* before any thread is made */
    signal(SIGPIPE, SIG_IGN);
    r = sd_event_default(&m->loop);
    if (r >= 0)
        r = sd_event_add_signal(m->loop, NULL, SIGTERM, on_signal, NULL);
    if (r >= 0)
        r = sd_event_add_signal(m->loop, NULL, SIGINT, on_signal, NULL);
    if (r >= 0)
        r = loop_mailbox_new(m->loop, &m->mailbox);
    if (r >= 0)
        sd_event_set_watchdog(m->loop, true);
    return r < 0 ? err_errno(-r, "making the event loop") : NULL;
}

static struct err *open_database(struct daemon *d)
{
    autofree char *path = xasprintf("%s/db.sqlite", d->config.state_dir);
    autoclose int dir = fd_open_dir(d->config.state_dir, 0700);
    struct store *store;
    struct err *e;

    if (dir < 0)
        return err_errno(-dir, "opening the state folder %s", d->config.state_dir);
    e = store_sqlite_open(path, &store);
    return e ? e : db_open(store, &d->manager.db);
}

static void start_workers(struct manager *m)
{
    m->normal = pool_new("worker", 16, 1024);
    m->priority = pool_new("priority", 8, 4096);
    m->login = pool_new("login", 2, 64);
    m->merges = merges_new(m);
}

static void sweep(void *arg)
{
    const struct manager *m = arg;

    sessions_sweep(m->sessions);
    task_sweep(m->db);
    callers_sweep(rpc_callers(m->rpc), m->db);
    events_heartbeat(m->events);
}

static void run_schedule(void *arg)
{
    schedule_run(arg, clock_wall_seconds());
    journal_recover(arg);
}

static int on_sweep(sd_event_source *source, uint64_t usec UNUSED, void *arg)
{
    struct daemon *d = arg;

    if (!pool_submit(d->manager.priority, sweep, &d->manager))
        log_warn(BASE, "no worker is free to sweep: the next time");
    if (!pool_submit(d->manager.normal, run_schedule, &d->manager))
        log_warn(BASE, "no worker is free for what is due: the next time");
    sd_event_source_set_time_relative(source, SWEEP_EVERY_S * 1000000ull);
    sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
    return 0;
}

static struct err *start_rpc(struct daemon *d)
{
    struct manager *m = &d->manager;
    int r;

    m->sessions = sessions_new(m);
    m->events = events_new(m);
    m->rpc = rpc_new(m, body_tables);
    r = sd_event_add_time_relative(m->loop, &d->sweep, CLOCK_MONOTONIC,
                                   SWEEP_EVERY_S * 1000000ull, 0, on_sweep, d);
    return r < 0 ? err_errno(-r, "making the timer of the sweep") : NULL;
}

static struct err *make_certificate(const char *state_dir)
{
    autoclose int dir = fd_open_dir(state_dir, 0700);
    char hostname[256] = "localhost";

    if (dir < 0)
        return err_errno(-dir, "opening the state folder %s", state_dir);
    gethostname(hostname, sizeof(hostname) - 1);
    return tls_certificate_make(dir, hostname);
}

static struct err *listen_on(struct daemon *d, const struct listener *listener)
{
    const char *dir = d->config.state_dir;
    autofree char *certificate = xasprintf("%s/" TLS_CERTIFICATE_NAME, dir);
    autofree char *key = xasprintf("%s/" TLS_KEY_NAME, dir);
    struct err *e = NULL;

    if (listener->kind == LISTEN_TLS)
        e = make_certificate(dir);
    if (!e && listener->kind == LISTEN_TLS)
        e = certificate_tell_own(&d->manager);
    if (!e)
        e = server_listen(d->server, listener->kind, listener->address, certificate, key);
    return e;
}

/* The port of the first listener with TLS, which addresses in records name. */
static void note_port(struct daemon *d)
{
    for (size_t i = 0; i < d->listeners.n; i++) {
        const char *colon = strrchr(server_address(d->server, i), ':');

        if (d->listeners.at[i].kind != LISTEN_TLS || !colon)
            continue;
        d->manager.self.https_port = (unsigned)strtoul(colon + 1, NULL, 10);
        return;
    }
}

/* As it was chosen before. */
static bool is_https_only(struct manager *m)
{
    autoptr(row) host = db_get(m->db, CLASS_HOST, m->self.host_ref);

    return host && row_bool(host, F_HOST_HTTPS_ONLY);
}

static struct err *start_server(struct daemon *d)
{
    size_t n_routes;
    struct err *e;

    d->routes = endpoints_routes(d->manager.rpc, &n_routes);
    d->places = http_door_routes(&d->manager, &d->n_places);
    d->routes = xreallocarray(d->routes, n_routes + d->n_places, sizeof(d->routes[0]));
    memcpy(d->routes + n_routes, d->places, d->n_places * sizeof(d->places[0]));
    e = server_new(d->manager.loop, d->routes, n_routes + d->n_places, &d->server);
    for (size_t i = 0; i < d->listeners.n && !e; i++)
        e = listen_on(d, &d->listeners.at[i]);
    if (e)
        return e;
    note_port(d);
    d->https_only = is_https_only(&d->manager);
    server_set_https_only(d->server, d->https_only);
    return consoles_tell_address(&d->manager);
}

/* ---- what messages ask of the program itself ---- */

#define ANSWERS_GO_OUT_US 500000

static int on_end(sd_event_source *source, uint64_t usec UNUSED, void *arg UNUSED)
{
    return sd_event_exit(sd_event_source_get_event(source), 0);
}

static void end_soon(void *arg)
{
    struct daemon *d = arg;

    if (sd_event_add_time_relative(d->manager.loop, NULL, CLOCK_MONOTONIC,
                                   ANSWERS_GO_OUT_US, 0, on_end, d) < 0)
        sd_event_exit(d->manager.loop, 0);
}

static void process_end(void *arg, bool start_again)
{
    struct daemon *d = arg;

    d->start_again = start_again;
    loop_post(d->manager.mailbox, end_soon, d);
}

static struct err *load_certificate(struct daemon *d, struct tls_context **ret_tls)
{
    const char *dir = d->config.state_dir;
    autofree char *certificate = xasprintf("%s/" TLS_CERTIFICATE_NAME, dir);
    autofree char *key = xasprintf("%s/" TLS_KEY_NAME, dir);

    return tls_context_new_server(certificate, key, ret_tls);
}

static void show_on_loop(void *arg)
{
    struct daemon *d = arg;
    const char *dir = d->config.state_dir;
    autofree char *certificate = xasprintf("%s/" TLS_CERTIFICATE_NAME, dir);
    autofree char *key = xasprintf("%s/" TLS_KEY_NAME, dir);
    struct err *e = server_show_certificate(d->server, certificate, key);

    if (e)
        log_error(HTTP, "showing the new certificate: %s", err_sentence(e));
    err_free(e);
}

/* The loop may be at its end and wait for the caller's thread, so that this does not wait
 * for the loop; what is posted runs there before the call's answer goes out. */
static struct err *process_show_certificate(void *arg)
{
    struct daemon *d = arg;
    autoptr(tls_context) tls = NULL;
    struct err *e = load_certificate(d, &tls);

    if (!e)
        loop_post(d->manager.mailbox, show_on_loop, d);
    return e;
}

static void https_only_on_loop(void *arg)
{
    struct daemon *d = arg;

    server_set_https_only(d->server, d->https_only);
}

static void process_set_https_only(void *arg, bool value)
{
    struct daemon *d = arg;

    d->https_only = value;
    loop_post(d->manager.mailbox, https_only_on_loop, d);
}

/* In a lab, in the place of this process: the program as it lies there now, with the same
 * words.  Elsewhere systemd starts it again, as it failed. */
static void run_again(char **argv)
{
    execv(strchr(argv[0], '/') ? argv[0] : "/proc/self/exe", argv);
    log_error(BASE, "starting again: %s", strerror(errno));
}

static struct err *start(struct daemon *d)
{
    struct manager *m = &d->manager;
    struct err *e = confine_self(d);

    if (!e)
        e = start_loop(d);
    m->process.end = process_end;
    m->process.show_certificate = process_show_certificate;
    m->process.set_https_only = process_set_https_only;
    m->process.arg = d;
    if (!e)
        e = open_database(d);
    if (!e)
        e = first_rows(m);
    if (!e)
        e = first_contents(m);
    if (e)
        return e;
    task_set_host(m->self.host_ref);
    e = journal_load(m);
    if (e)
        return e;
    start_workers(m);
    e = start_rpc(d);
    if (!e)
        e = agents_new(d->config.run_dir, startup_agent_notice, startup_agent_connected, m,
                       &m->agents);
    return e ? e : start_server(d);
}

/* Nothing new comes in, what runs ends, then the parts go in the order nobody needs them
 * any more. */
static void stop(struct daemon *d)
{
    struct manager *m = &d->manager;

    sd_event_source_disable_unref(d->sweep);
    if (m->events)
        events_stop(m->events);
    agents_hush(m->agents); /* what they tell makes work for the pools */
    merges_stop(m->merges);
    pool_free(m->login);
    pool_free(m->normal);
    pool_free(m->priority);
    m->login = m->normal = m->priority = NULL; /* what is posted finds none */
    merges_free(m->merges);
    agents_free(m->agents);
    loop_mailbox_free(m->mailbox); /* runs what the workers left there */
    rpc_free(m->rpc);
    server_free(d->server);
    sessions_free(m->sessions);
    db_close(m->db);
    events_free(m->events);
    sd_event_unref(m->loop);
    free(d->routes);
    http_door_free(d->places, d->n_places);
    VEC_FINI(&d->listeners);
}

/* What an answer of some MB takes for a moment is kept for the next one: memory the kernel
 * gave back costs a page fault each 4 KiB.  Few arenas, for rows that are made by any of 24
 * workers and live long. */
static void set_memory_limits(void)
{
    mallopt(M_MMAP_THRESHOLD, 1 << 20);
    mallopt(M_TRIM_THRESHOLD, 4 << 20);
    mallopt(M_ARENA_MAX, 4);
}

/* The program's exit status. */
static int dump_or_restore(const struct daemon *d)
{
    autofree char *path = xasprintf("%s/db.sqlite", d->config.state_dir);
    autoclose int lock = -1;
    struct err *e = db_backup_begin(path, &lock);
    int status;

    if (!e && d->dump_to)
        e = db_dump(path, d->dump_to);
    if (!e && d->restore_from)
        e = db_restore(path, d->restore_from, d->how);
    if (e)
        fprintf(stderr, "latchkeyd: %s\n", err_sentence(e));
    else if (d->restore_from)
        printf(d->how == RESTORE ? "The next start of latchkeyd finds it restored.\n"
                                 : "It could be restored.\n");
    status = e ? EXIT_FAILURE : EXIT_SUCCESS;
    err_free(e);
    return status;
}

int main(int argc, char **argv)
{
    static struct daemon d = {
        .config = {.state_dir = DEFAULT_STATE_DIR, .run_dir = DEFAULT_RUN_DIR},
        .how = RESTORE,
        .is_confined = true};
    int stop_now = read_options(&d, argc, argv);
    struct err *e;

    if (stop_now)
        return stop_now - 1;
    if (d.dump_to || d.restore_from)
        return dump_or_restore(&d);
    d.manager.config = &d.config;
    raise_fd_limit();
    set_memory_limits();
    e = start(&d);
    if (!e) {
        log_info(BASE, "ready");
        sd_notify(0, "READY=1");
        sd_event_loop(d.manager.loop);
        sd_notify(0, "STOPPING=1");
        log_info(BASE, "stopping");
    } else {
        log_error(BASE, "cannot start: %s", err_sentence(e));
    }
    stop(&d);
    stop_now = e || d.start_again ? EXIT_FAILURE : EXIT_SUCCESS;
    err_free(e);
    if (d.start_again && d.config.lab)
        run_again(argv);
    return stop_now;
}
