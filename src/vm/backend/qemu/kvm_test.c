// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/backend/qemu/kvm_test.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/doc.h"
#include "base/alloc.h"
#include "base/clock.h"
#include "base/fd.h"
#include "base/log.h"
#include "base/uuid.h"
#include "vm/backend/qemu/host.h"
#include "vm/backend/qemu/monitor.h"
#include "vm/backend/qemu/process.h"
#include "vm/run_dir.h"

#define ANSWER_FILE  "kvm.json"
#define DEADLINE_MS  20000
#define SECTOR       512
#define ANSWER       0x2a
#define EXIT_STATUS  (ANSWER << 1 | 1) /* what isa-debug-exit makes of it */
#define MAX_LAST_LOG 4096

/* mov al, ANSWER; out 0xf4, al; hlt; jmp $ */
static const unsigned char boot_code[] = {0xb0, ANSWER, 0xe6, 0xf4, 0xf4, 0xeb, 0xfe};

enum answer { ANSWER_NO, ANSWER_YES, ANSWER_LATE };

/* ---- the answer kept ---- */

/* The QEMU that was tried: another one is tried again. */
static struct val describe(const char *program)
{
    struct val v = val_map(4);
    struct stat st = {0};

    if (stat(program, &st) < 0)
        st.st_size = 0;
    val_put_str(&v, "boot", val_str(uuid_of_boot().text));
    val_put_str(&v, "program", val_str(program));
    val_put_str(&v, "size", val_int(st.st_size));
    val_put_str(&v, "changed", val_int(st.st_mtim.tv_sec));
    return v;
}

static bool recall(int dir_fd, const struct val *wanted, bool *ret_works)
{
    autoval struct val kept = val_void();
    autoval struct val rest = val_void();

    if (doc_read(dir_fd, ANSWER_FILE, &kept) < 0 || doc_bool(&kept, "works", ret_works) < 0)
        return false;
    rest = val_map_without(&kept, "works");
    return val_equal(&rest, wanted);
}

static void keep(int dir_fd, const struct val *wanted, bool works)
{
    autoval struct val whole = val_map_with(wanted, "works", val_bool(works));
    int r = run_dir_write(dir_fd, ANSWER_FILE, &whole);

    if (r < 0)
        log_warn(VM, "keeping what became of the test of KVM: %s", strerror(-r));
}

/* ---- the test ---- */

static int make_disk(void)
{
    unsigned char sector[SECTOR] = {0};
    autoclose int fd = memfd_create("boot-sector", MFD_CLOEXEC);
    int r = fd < 0 ? -errno : 0;

    memcpy(sector, boot_code, sizeof(boot_code));
    sector[SECTOR - 2] = 0x55;
    sector[SECTOR - 1] = 0xaa;
    if (r == 0)
        r = fd_write_all(fd, sector, sizeof(sector));
    return r < 0 ? r : take_fd(fd);
}

/* As VMs are started, as far as it matters to KVM. */
static void make_argv(const char *program, int disk_fd, int qmp_fd, struct qemu_argv *argv)
{
    static const char *const words[] = {
        "-nodefaults",
        "-no-user-config",
        "-S",
        "-machine",
        "q35,usb=off,smm=off",
        "-accel",
        "kvm",
        "-cpu",
        "host,vmx=off,svm=off",
        "-m",
        "size=32M",
        "-display",
        "none",
        "-sandbox",
        "on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny",
        "-add-fd",
        "fd=3,set=1",
        "-blockdev",
        "{\"driver\":\"file\",\"filename\":\"/dev/fdset/1\",\"node-name\":\"f\","
        "\"locking\":\"off\"}",
        "-blockdev",
        "{\"driver\":\"raw\",\"file\":\"f\",\"node-name\":\"d\"}",
        "-device",
        "virtio-blk-pci,drive=d,bootindex=0",
        "-device",
        "isa-debug-exit,iobase=0xf4,iosize=4",
        "-chardev",
        "socket,id=qmp,fd=4",
        "-mon",
        "chardev=qmp,mode=control"};

    *VEC_PUSH(&argv->args) = xstrdup(program);
    for (size_t i = 0; i < ARRAY_SIZE(words); i++)
        *VEC_PUSH(&argv->args) = xstrdup(words[i]);
    *VEC_PUSH(&argv->args) = NULL;
    *VEC_PUSH(&argv->fds) = disk_fd;
    *VEC_PUSH(&argv->fds) = qmp_fd;
}

/* A guest that KVM cannot run stops; it is ended then, and its exit status tells. */
static void on_event(void *arg, const struct qmp_message *event)
{
    if (STREQ(event->name, "STOP"))
        qemu_process_kill(arg);
}

static void on_closed(void *arg)
{
}

static enum answer run(struct qemu_process *process, int sock, struct qemu_thread *thread)
{
    const struct monitor_events events = {process, on_event, on_closed};
    uint64_t deadline_ms = clock_monotonic_ms() + DEADLINE_MS;
    autoptr(monitor) monitor = NULL;
    struct monitor_hello hello;
    struct err *e = monitor_new(sock, process->pidfd, deadline_ms, &monitor, &hello);
    bool is_late = e && err_errnum(e) == ETIMEDOUT;

    if (!e)
        e = monitor_listen(monitor, thread, &events);
    if (!e)
        e = monitor_call(monitor, "cont", val_void(), deadline_ms, NULL);
    err_free(e); /* it may end before it answers: the status tells */
    if (is_late || qemu_process_wait(process, deadline_ms) < 0) {
        qemu_process_kill(process);
        (void)qemu_process_wait(process, 0);
        is_late = true;
    }
    monitor_free(take_ptr(monitor)); /* no event may find the process gone */
    if (qemu_process_fini(process) == EXIT_STATUS)
        return ANSWER_YES;
    return is_late ? ANSWER_LATE : ANSWER_NO;
}

static void log_words(int log_fd)
{
    char text[MAX_LAST_LOG + 1];
    ssize_t n = pread(log_fd, text, MAX_LAST_LOG, 0);

    if (n <= 0)
        return;
    text[n] = '\0';
    text[strcspn(text, "\n")] = '\0';
    log_info(VM, "what QEMU said of it first: %s", text);
}

static enum answer test(const char *program, gid_t group, struct qemu_thread *thread)
{
    autoclose int disk = make_disk(), log = memfd_create("log", MFD_CLOEXEC);
    autoargv argv = {0};
    int ends[2];
    struct qemu_process process;
    enum answer answer;
    struct err *e;

    if (disk < 0 || log < 0 || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
        return ANSWER_LATE;
    make_argv(program, disk, ends[1], &argv);
    e = qemu_process_start(&argv, geteuid() == 0 ? QEMU_FIRST_UID : 0, group, log,
                           &process);
    close(ends[1]);
    if (e) {
        log_warn(VM, "testing KVM: %s", err_sentence(e));
        err_free(e);
        close(ends[0]);
        return ANSWER_LATE;
    }
    answer = run(&process, ends[0], thread);
    if (answer == ANSWER_NO)
        log_words(log);
    return answer;
}

bool kvm_test(const char *program, const char *run_dir, gid_t group,
              struct qemu_thread *thread)
{
    autoclose int dir = open(run_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    autoval struct val wanted = describe(program);
    enum answer answer;
    bool works = false;

    if (recall(dir, &wanted, &works))
        return works;
    answer = test(program, group, thread);
    if (answer != ANSWER_LATE)
        keep(dir, &wanted, answer == ANSWER_YES);
    if (answer == ANSWER_NO)
        log_warn(VM, "/dev/kvm is here but does not run a guest: VMs are emulated");
    if (answer == ANSWER_LATE)
        log_warn(VM,
                 "KVM ran no guest within %d s: VMs are emulated until lk-vmd starts "
                 "again",
                 DEADLINE_MS / 1000);
    return answer == ANSWER_YES;
}
