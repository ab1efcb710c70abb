// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/backend/qemu/domain.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/fd.h"
#include "base/log.h"
#include "vm/backend/qemu/argv.h"
#include "vm/backend/qemu/scope.h"
#include "vm/backend/qemu/sock.h"
#include "vm/memory_image.h"

#define START_MS      60000 /* for QEMU to answer first; a loaded host is slow */
#define SCOPE_MS      30000
#define MAX_LAST_LOG  16384
#define MAX_LAST_WORD 512

/* Descriptors made for a start, all closed afterwards: QEMU has its own by then. */
struct start {
    struct qemu_vm *vm;
    const struct vm_config *config;
    int qmp, serial, agent;
    int code, vars;
    struct memory_header memory; /* of a VM that goes on */
};

static void start_fini(struct start *start)
{
    cleanup_close(&start->qmp);
    cleanup_close(&start->serial);
    cleanup_close(&start->agent);
    cleanup_close(&start->code);
    cleanup_close(&start->vars);
}

/* ---- preparing ---- */

static struct err *listen_all(struct start *start)
{
    const struct {
        const char *name;
        int *fd;
    } sockets[] = {{QEMU_MONITOR_SOCK, &start->qmp},
                   {QEMU_SERIAL_SOCK, &start->serial},
                   {QEMU_AGENT_SOCK, &start->agent}};

    for (size_t i = 0; i < ARRAY_SIZE(sockets); i++) {
        int fd = sock_listen(start->vm->id->dir_fd, sockets[i].name);

        if (fd < 0)
            return err_errno(-fd, "making the socket %s", sockets[i].name);
        *sockets[i].fd = fd;
    }
    return NULL;
}

static struct err *open_log(struct qemu_vm *vm, const char *name, int *ret_fd)
{
    int fd = openat(vm->id->dir_fd, name,
                    O_RDWR | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0600);

    if (fd < 0)
        return err_errno(errno, "opening %s", name);
    *ret_fd = fd;
    return NULL;
}

/* QEMU gives its log's descriptor O_WRONLY only, so that is what it is handed. */
static struct err *open_console_writer(struct qemu_vm *vm, int *ret_fd)
{
    int fd = openat(vm->id->dir_fd, QEMU_CONSOLE_FILE,
                    O_WRONLY | O_APPEND | O_NOFOLLOW | O_CLOEXEC);

    if (fd < 0)
        return err_errno(errno, "opening %s", QEMU_CONSOLE_FILE);
    *ret_fd = fd;
    return NULL;
}

static unsigned take_domid(struct qemu_backend *backend)
{
    unsigned domid;
    bool is_taken;

    pthread_mutex_lock(&backend->lock);
    do {
        domid = backend->last_domid = backend->last_domid % QEMU_MAX_DOMID + 1;
        is_taken = false;
        for (const struct qemu_vm *vm = backend->vms; vm && !is_taken; vm = vm->next)
            is_taken = vm->domid == domid;
    } while (is_taken);
    pthread_mutex_unlock(&backend->lock);
    return domid;
}

/* ---- running ---- */

static struct err *launch(struct start *start, const struct qemu_platform *platform,
                          int console_writer)
{
    struct qemu_vm *vm = start->vm;
    struct qemu_host *host = vm->backend->host;
    const struct qemu_machine machine = {
        .program = qemu_host_program(host),
        .uuid = vm->id->uuid,
        .type = start->config->is_resumed ? start->memory.machine : "q35",
        .config = start->config,
        .platform = platform,
        .has_kvm = vm->has_kvm,
        .aio = qemu_host_aio(host),
        .now_s = clock_wall_seconds(),
        .qmp_fd = start->qmp,
        .serial_fd = start->serial,
        .agent_fd = start->agent,
        .console_fd = console_writer,
        .code_fd = start->code,
        .vars_fd = start->vars,
        .inspect = qemu_host_inspect,
    };
    autoargv argv = {0};
    struct err *e = qemu_argv_build(&machine, &argv);
    int r;

    vm->has_sata_disks = platform->disk_bus == QEMU_DISK_SATA;
    if (!e)
        e = qemu_process_start(&argv, geteuid() == 0 ? QEMU_FIRST_UID + vm->domid : 0,
                               qemu_host_kvm_group(host), vm->log_fd, &vm->process);
    if (e)
        return e;
    r = qemu_state_write(vm);
    return r < 0 ? err_errno(-r, "noting the process of VM %s", vm->id->uuid) : NULL;
}

static struct err *prepare(struct start *start)
{
    struct qemu_vm *vm = start->vm;
    struct qemu_platform platform;
    autoclose int console_writer = -1;
    struct err *e = qemu_platform_parse(&start->config->platform, &platform);

    if (!e && start->config->is_resumed)
        e = qemu_memory_check(start->config, vm->has_kvm, &start->memory);
    if (!e)
        e = qemu_firmware_open(vm, start->config, platform.secure_boot, &start->code,
                               &start->vars);
    if (!e)
        e = open_log(vm, QEMU_CONSOLE_FILE, &vm->console_fd);
    if (!e)
        e = open_console_writer(vm, &console_writer);
    if (!e)
        e = open_log(vm, QEMU_LOG_FILE, &vm->log_fd);
    if (!e)
        e = listen_all(start);
    return e ? e : launch(start, &platform, console_writer);
}

static struct err *greet(struct qemu_vm *vm, const struct vm_config *config)
{
    autoptr(qemu_scope) scope = NULL;
    struct monitor_hello hello;
    struct err *e;
    int sock = sock_connect(vm->id->dir_fd, QEMU_MONITOR_SOCK);

    if (sock < 0)
        return err_errno(-sock, "connecting to QEMU's monitor");
    e = qemu_scope_begin(vm->id->uuid, vm->process.pid, &scope);
    if (e) {
        close(sock);
        return e;
    }
    e = monitor_new(sock, vm->process.pidfd, clock_monotonic_ms() + START_MS, &vm->monitor,
                    &hello);
    if (!e)
        e = qemu_scope_finish(scope, clock_monotonic_ms() + SCOPE_MS);
    if (!e && !STREQ(hello.run_state, config->is_resumed ? "inmigrate" : "prelaunch"))
        e = err_new(ERR_INTERNAL_ERROR, "starting QEMU: it is '%s' at once",
                    hello.run_state);
    return e;
}

/* ---- failing ---- */

/* QEMU's last line on its standard error, without the time before it; "" for none. */
static void last_words(int log_fd, char words[MAX_LAST_WORD])
{
    autofree char *text = xcalloc(1, MAX_LAST_LOG + 1);
    off_t end = lseek(log_fd, 0, SEEK_END);
    ssize_t n =
        pread(log_fd, text, MAX_LAST_LOG, end > MAX_LAST_LOG ? end - MAX_LAST_LOG : 0);
    const char *line, *colon;

    words[0] = '\0';
    while (n > 0 && (text[n - 1] == '\n' || text[n - 1] == '\0'))
        text[--n] = '\0';
    if (n <= 0)
        return;
    line = strrchr(text, '\n');
    line = line ? line + 1 : text;
    /* "2026-11-27T04:01:55.611019Z qemu-system-x86_64: -device ...: what is wrong" */
    colon = strstr(line, "qemu-system-x86_64: ");
    snprintf(words, MAX_LAST_WORD, "%s",
             colon ? colon + strlen("qemu-system-x86_64: ") : line);
}

/* What a client learns when QEMU did not come up: FAILED_TO_START_EMULATOR with QEMU's own
 * words. */
static struct err *explain(struct qemu_vm *vm, struct err *e)
{
    char words[MAX_LAST_WORD] = "";
    struct err *told;

    if (vm->log_fd >= 0)
        last_words(vm->log_fd, words);
    told = err_new(ERR_FAILED_TO_START_EMULATOR, "%s%s%s", err_sentence(e),
                   *words ? "; QEMU's last words: " : "", words);
    told = err_param(err_param(told, vm->id->uuid), "qemu");
    told = err_param(told, *words ? words : "QEMU did not answer");
    log_error(VM, "starting VM %s: %s", vm->id->uuid, err_sentence(told));
    err_free(e);
    return told;
}

/* Ends what was started; the caller's error stays the one that counts. */
static void undo(struct qemu_vm *vm)
{
    monitor_free(take_ptr(vm->monitor));
    err_ignore(qemu_vm_end(vm), "the VM's start failed, which is told");
    qemu_remove_files(vm->id->dir_fd);
}

struct err *qemu_create(void *backend, struct vm *handle, const struct vm_identity *id,
                        const struct vm_config *config, void **ret_vm,
                        struct vm_status *ret_status)
{
    autoptr(qemu_vm) vm = qemu_vm_new(backend, handle, id);
    CLEANUP(start_fini)
    struct start start = {.vm = vm,
                          .config = config,
                          .qmp = -1,
                          .serial = -1,
                          .agent = -1,
                          .code = -1,
                          .vars = -1};
    struct err *e;

    vm->has_kvm = qemu_host_has_kvm(vm->backend->host);
    vm->domid = take_domid(backend);
    vm->state = VM_STATE_PAUSED;
    e = prepare(&start);
    start_fini(&start); /* QEMU's end must close the last of these */
    if (!e) {
        e = greet(vm, config);
        if (!e)
            e = qemu_vm_listen(vm);
        if (!e && config->is_resumed)
            e = qemu_memory_load(vm, config->memory_image.fd);
        if (e)
            e = explain(vm, e);
    }
    if (e) {
        qemu_vm_deafen(vm);
        undo(vm);
        return err_context(e, "starting VM %s", id->uuid);
    }
    if (config->is_resumed)
        qemu_vm_open_agent(vm); /* its guest opened the port before */
    *ret_status = qemu_status_of(vm, "prelaunch");
    *ret_vm = take_ptr(vm);
    return NULL;
}
