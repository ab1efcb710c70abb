// SPDX-License-Identifier: GPL-2.0-or-later
/* What latchkeyd cannot do any more, tried from inside: each attempt is made in a process
 * of its own which took from itself what latchkeyd takes (rpc/confine.h), and once more
 * without that, where it must succeed; or the test would prove nothing. */
#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "db/db.h"
#include "db/store.h"
#include "io/landlock.h"
#include "lib/scratch.h"
#include "lib/test.h"
#include "rpc/confine.h"
#include "rpc/manager.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define IS_WATCHED true
#else
#define IS_WATCHED false
#endif

enum how { FREE, CONFINED, CONFINED_IN_LAB };

struct attempt {
    const char *what;
    int (*make)(void); /* 0, or a negative errno; LEFT_OUT */
};

#define LEFT_OUT   1000 /* cannot be tried on this machine, or by this user */
#define BY_SIGNAL  (-1000)
#define MAX_STATUS 127

static uint16_t own_port, other_port; /* the manager's, and somebody's who listens */
static pid_t test_pid;
static const char *device; /* a disk's, where the test may open one */

/* ---- where it happens ---- */

static int listen_somewhere(uint16_t *ret_port)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof(address);
    int sock = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (sock < 0 || bind(sock, (struct sockaddr *)&address, size) < 0 ||
        listen(sock, 16) < 0 || getsockname(sock, (struct sockaddr *)&address, &size) < 0)
        abort();
    *ret_port = ntohs(address.sin_port);
    return sock;
}

static void write_file(const char *path)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

    if (fd < 0 || write(fd, "text", 4) != 4)
        abort();
    close(fd);
}

static void find_device(void)
{
    static const char *const devices[] = {"/dev/vda", "/dev/sda", "/dev/nvme0n1",
                                          "/dev/loop0", "/dev/zero"};
    int fd = -1;

    for (size_t i = 0; i < ARRAY_SIZE(devices) && fd < 0; i++) {
        device = devices[i];
        fd = open(device, O_RDONLY | O_CLOEXEC);
    }
    close(fd);
}

static void set_up(void)
{
    static bool is_done;
    int sock;

    if (is_done)
        return;
    is_done = true;
    test_pid = getpid();
    mkdir(scratch_path("state"), 0700);
    mkdir(scratch_path("run"), 0700);
    mkdir(scratch_path("elsewhere"), 0700);
    write_file(scratch_path("elsewhere/file"));
    write_file(scratch_path("elsewhere/gone"));
    write_file(scratch_path("state/file"));
    if (symlink(scratch_path("elsewhere/file"), scratch_path("state/link")) < 0)
        abort();
    find_device();
    (void)listen_somewhere(&other_port);
    sock = listen_somewhere(&own_port);
    close(sock); /* free again, for the manager */
}

static void confine_as(enum how how)
{
    char address[32];
    const char *const addresses[] = {address, scratch_path("run/api.sock")};
    const struct manager_config manager = {
        .state_dir = scratch_path("state"), .run_dir = scratch_path("run"), .lab = true};
    struct err *e;

    if (how == FREE)
        return;
    snprintf(address, sizeof(address), "127.0.0.1:%u", own_port);
    e = confine(&(struct confine_config){.manager = &manager,
                                         .addresses = addresses,
                                         .n_addresses = ARRAY_SIZE(addresses),
                                         .executes_itself = how == CONFINED_IN_LAB});
    if (e) {
        printf("# confining: %s\n", err_sentence(e));
        _exit(MAX_STATUS);
    }
}

/* In a process of its own: 0, a negative errno, BY_SIGNAL or LEFT_OUT. */
static int try(const struct attempt *attempt, enum how how)
{
    int status, answer[2], r = 0;
    pid_t pid;

    set_up();
    if (pipe2(answer, O_CLOEXEC) < 0)
        abort();
    pid = fork();
    if (pid == 0) {
        int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

        dup2(null, STDERR_FILENO); /* what it says of itself */
        confine_as(how);
        r = attempt->make();
        if (write(answer[1], &r, sizeof(r)) != sizeof(r))
            _exit(MAX_STATUS);
        _exit(0);
    }
    close(answer[1]);
    /* What was executed has no answer: its status is one. */
    if (read(answer[0], &r, sizeof(r)) != sizeof(r))
        r = 0;
    close(answer[0]);
    if (pid < 0 || waitpid(pid, &status, 0) != pid)
        abort();
    if (WIFSIGNALED(status))
        return WTERMSIG(status) == SIGSYS ? BY_SIGNAL : -EINTR;
    return WEXITSTATUS(status) == MAX_STATUS ? -EUCLEAN : r;
}

static int result(long r)
{
    return r < 0 ? -errno : 0;
}

/* ---- attempts ---- */

static int open_named(const char *path, int flags)
{
    return result(open(path, flags | O_CLOEXEC, 0600));
}

static int open_shadow(void)
{
    return geteuid() == 0 ? open_named("/etc/shadow", O_RDONLY) : LEFT_OUT;
}

static int open_passwd(void)
{
    return open_named("/etc/passwd", O_RDONLY);
}

static int open_elsewhere(void)
{
    return open_named(scratch_path("elsewhere/file"), O_RDONLY);
}

static int follow_link(void)
{
    return open_named(scratch_path("state/link"), O_RDONLY);
}

static int climb(void)
{
    return open_named(scratch_path("state/../elsewhere/file"), O_RDONLY);
}

static int list_root(void)
{
    return open_named("/", O_RDONLY | O_DIRECTORY);
}

static int read_parents_memory(void)
{
    char path[64];

    snprintf(path, sizeof(path), "/proc/%d/environ", test_pid);
    return open_named(path, O_RDONLY);
}

static int make_file(void)
{
    char path[64];

    snprintf(path, sizeof(path), "elsewhere/made-%d", getpid());
    return open_named(scratch_path(path), O_WRONLY | O_CREAT);
}

static int make_file_in_run(void)
{
    char path[64];

    snprintf(path, sizeof(path), "run/made-%d", getpid());
    return open_named(scratch_path(path), O_WRONLY | O_CREAT);
}

static int remove_elsewhere(void)
{
    int r = result(unlink(scratch_path("elsewhere/gone")));

    if (r == 0)
        write_file(scratch_path("elsewhere/gone"));
    return r;
}

static int move_out(void)
{
    return result(rename(scratch_path("state/file"), scratch_path("elsewhere/moved"))) ||
                   rename(scratch_path("elsewhere/moved"), scratch_path("state/file"))
               ? -errno
               : 0;
}

static int make_device(void)
{
    if (geteuid() != 0)
        return LEFT_OUT;
    unlink(scratch_path("state/disk"));
    return result(mknod(scratch_path("state/disk"), S_IFBLK | 0600, makedev(7, 0)));
}

static int open_device(void)
{
    return open_named(device, O_RDONLY);
}

static int execute(void)
{
    char *argv[] = {"true", NULL}, *env[] = {NULL};

    return result(execve("/bin/true", argv, env));
}

static int execute_from_memory(void)
{
    char *argv[] = {"x", NULL}, *env[] = {NULL};
    int from = open("/lib64/ld-linux-x86-64.so.2", O_RDONLY | O_CLOEXEC);
    int fd = (int)syscall(SYS_memfd_create, "x", 0);
    char bytes[65536];
    ssize_t n;

    if (from < 0 || fd < 0)
        return LEFT_OUT;
    while ((n = read(from, bytes, sizeof(bytes))) > 0)
        if (write(fd, bytes, (size_t)n) != n)
            return LEFT_OUT;
    return result(syscall(SYS_execveat, fd, "", argv, env, AT_EMPTY_PATH));
}

static int make_process(void)
{
    pid_t pid = fork();

    if (pid == 0)
        _exit(0);
    return result(pid);
}

static int trace_parent(void)
{
    int r = result(ptrace(PTRACE_SEIZE, test_pid, NULL, NULL));

    if (r == 0)
        ptrace(PTRACE_DETACH, test_pid, NULL, NULL);
    return geteuid() == 0 ? r : LEFT_OUT;
}

static int signal_parent(void)
{
    return result(kill(test_pid, 0));
}

static int signal_parents_thread(void)
{
    return result(syscall(SYS_tgkill, test_pid, test_pid, 0));
}

static int mount_something(void)
{
    long r = syscall(SYS_mount, "none", scratch_path("elsewhere"), "tmpfs", 0, "");

    if (geteuid() != 0)
        return LEFT_OUT;
    if (r == 0)
        syscall(SYS_umount2, scratch_path("elsewhere"), 0);
    return result(r);
}

static int make_namespace(void)
{
    return geteuid() == 0 ? result(unshare(CLONE_NEWNET)) : LEFT_OUT;
}

static int change_user(void)
{
    return result(syscall(SYS_setuid, getuid()));
}

static int make_keys(void)
{
    return result(syscall(SYS_keyctl, 0 /* its ring */, -3 /* of the session */, 1)) ==
                   -ENOSYS
               ? LEFT_OUT
               : 0;
}

static int make_ring(void)
{
    char params[256] = {0};
    int r = result(syscall(SYS_io_uring_setup, 1, params));

    return r == -ENOSYS || r == -EPERM ? LEFT_OUT : r;
}

static int netlink_socket(void)
{
    return result(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE));
}

static int datagram_socket(void)
{
    return result(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
}

static int raw_socket(void)
{
    return geteuid() == 0 ? result(socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMP))
                          : LEFT_OUT;
}

static int to_port(uint16_t port, bool is_bind)
{
    const struct sockaddr_in address = {.sin_family = AF_INET,
                                        .sin_port = htons(port),
                                        .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int sock = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (sock < 0)
        return -errno;
    if (is_bind)
        return result(bind(sock, (const struct sockaddr *)&address, sizeof(address)));
    return result(connect(sock, (const struct sockaddr *)&address, sizeof(address)));
}

static int listen_on_any_port(void)
{
    return to_port(0, true);
}

static int connect_out(void)
{
    return to_port(other_port, false);
}

static int make_code(void)
{
    return mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS,
                -1, 0) == MAP_FAILED
               ? -errno
               : 0;
}

static int make_data_code(void)
{
    void *page =
        mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    return page == MAP_FAILED ? -EIO : result(mprotect(page, 4096, PROT_READ | PROT_EXEC));
}

static int have_core_files(void)
{
    return result(prctl(PR_SET_DUMPABLE, 1));
}

static int raise_limit(void)
{
    const struct rlimit limit = {0, 0};

    return result(setrlimit(RLIMIT_MEMLOCK, &limit));
}

static int change_mode(void)
{
    return result(chmod(scratch_path("state/file"), 04777));
}

static int type_at_terminal(void)
{
    int pair[2];
    unsigned long bytes = 0;

    return pipe(pair) < 0 ? -EIO : result(syscall(SYS_ioctl, pair[0], 0x541b, &bytes));
}

/* ---- what must be refused ---- */

static bool is_refused(const struct attempt *attempt, int r, bool is_deadly)
{
    if (is_deadly ? r == BY_SIGNAL : r == -EPERM || r == -EACCES)
        return true;
    printf("# %s: it %s (%d)\n", attempt->what, r == 0 ? "was done" : "ended otherwise", r);
    return false;
}

/* Every one of them is made without confinement, and not within it. */
static void check_refused(const struct attempt *attempts, size_t n, enum how how,
                          bool is_deadly)
{
    size_t n_wrong = 0;

    for (size_t i = 0; i < n; i++) {
        int r = try(&attempts[i], FREE);

        /* Where it is refused anyhow, by a container say, only a death tells who did. */
        if (r == LEFT_OUT || ((r == -EPERM || r == -EACCES) && !is_deadly)) {
            printf("# %s: cannot be tried here\n", attempts[i].what);
            continue;
        }
        if (r != 0 && !is_deadly) {
            printf("# %s: fails without confinement too (%d)\n", attempts[i].what, r);
            n_wrong++;
        } else if (!is_refused(&attempts[i], try(&attempts[i], how), is_deadly)) {
            n_wrong++;
        }
    }
    CHECK_INT(n_wrong, ==, 0);
}

static const struct attempt files[] = {
    {"open /etc/shadow", open_shadow},
    {"open /etc/passwd", open_passwd},
    {"open another folder's file", open_elsewhere},
    {"follow a link out of the state folder", follow_link},
    {"go up from the state folder", climb},
    {"list /", list_root},
    {"read another process's environment", read_parents_memory},
    {"make a file in another folder", make_file},
    {"make a file among the sockets", make_file_in_run},
    {"remove another folder's file", remove_elsewhere},
    {"move a file out of the state folder", move_out},
    {"open a device", open_device},
};

static const struct attempt ports[] = {
    {"listen on a port that is not the manager's", listen_on_any_port},
    {"connect by TCP", connect_out},
};

static const struct attempt plain[] = {
    {"a netlink socket", netlink_socket},
    {"a datagram socket", datagram_socket},
    {"a raw socket", raw_socket},
    {"change a file's mode by name", change_mode},
    {"a signal to a thread of another process", signal_parents_thread},
};

/* A sanitizer's own doings. */
static const struct attempt plain_unwatched[] = {
    {"a signal to another process", signal_parent},
    {"another process", make_process},
    {"ioctl", type_at_terminal},
};

static const struct attempt sealed[] = {
    {"memory that is written to and executed", make_code},
    {"data that becomes code", make_data_code},
    {"core files", have_core_files},
    {"a limit", raise_limit},
};

static const struct attempt deadly[] = {
    {"mount", mount_something},       {"a namespace", make_namespace},
    {"another user", change_user},    {"a device's node", make_device},
    {"the kernel's keys", make_keys}, {"io_uring", make_ring},
};

static const struct attempt deadly_unwatched[] = {{"trace another process", trace_parent}};

static const struct attempt deadly_sealed[] = {
    {"execute /bin/true", execute},
    {"execute what lies in memory", execute_from_memory},
};

TEST(files_that_are_not_its_own_are_out_of_reach)
{
    if (landlock_abi() < 1)
        TEST_SKIP("this kernel has no Landlock");
    check_refused(files, ARRAY_SIZE(files), CONFINED, false);
    check_refused(files, ARRAY_SIZE(files), CONFINED_IN_LAB, false);
}

TEST(ports_but_its_own_are_out_of_reach_and_nothing_goes_out_by_tcp)
{
    if (landlock_abi() < 4)
        TEST_SKIP("this kernel's Landlock knows no ports");
    check_refused(ports, ARRAY_SIZE(ports), CONFINED, false);
    check_refused(ports, ARRAY_SIZE(ports), CONFINED_IN_LAB, false);
}

TEST(sockets_signals_and_modes_it_does_not_need_are_refused)
{
    check_refused(plain, ARRAY_SIZE(plain), CONFINED, false);
    check_refused(plain, ARRAY_SIZE(plain), CONFINED_IN_LAB, false);
    if (IS_WATCHED)
        return;
    check_refused(plain_unwatched, ARRAY_SIZE(plain_unwatched), CONFINED, false);
    check_refused(plain_unwatched, ARRAY_SIZE(plain_unwatched), CONFINED_IN_LAB, false);
}

TEST(nothing_becomes_code_and_no_limit_or_core_file_comes_back)
{
    if (IS_WATCHED)
        TEST_SKIP("a sanitizer wants all of it");
    check_refused(sealed, ARRAY_SIZE(sealed), CONFINED, false);
}

TEST(what_it_never_calls_ends_it)
{
    check_refused(deadly, ARRAY_SIZE(deadly), CONFINED, true);
    check_refused(deadly, ARRAY_SIZE(deadly), CONFINED_IN_LAB, true);
    if (IS_WATCHED)
        return;
    check_refused(deadly_unwatched, ARRAY_SIZE(deadly_unwatched), CONFINED, true);
    check_refused(deadly_unwatched, ARRAY_SIZE(deadly_unwatched), CONFINED_IN_LAB, true);
    check_refused(deadly_sealed, ARRAY_SIZE(deadly_sealed), CONFINED, true);
}

TEST(in_the_lab_it_executes_what_lies_beside_it_and_nothing_else)
{
    if (landlock_abi() < 1)
        TEST_SKIP("this kernel has no Landlock");
    CHECK(is_refused(&deadly_sealed[0], try(&deadly_sealed[0], CONFINED_IN_LAB), false));
    CHECK(is_refused(&deadly_sealed[1], try(&deadly_sealed[1], CONFINED_IN_LAB), false));
}

/* ---- what must still work ---- */

static int listen_on_own_port(void)
{
    return to_port(own_port, true);
}

static int use_unix_sockets(void)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int door = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int guest = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    snprintf(address.sun_path, sizeof(address.sun_path), "%s",
             scratch_path("run/api.sock"));
    unlink(address.sun_path);
    if (door < 0 || guest < 0 ||
        bind(door, (struct sockaddr *)&address, sizeof(address)) < 0 || listen(door, 1) < 0)
        return -errno;
    return result(connect(guest, (struct sockaddr *)&address, sizeof(address)));
}

static void *do_nothing(void *arg)
{
    return arg;
}

static int make_thread(void)
{
    pthread_t thread;
    int errnum = pthread_create(&thread, NULL, do_nothing, NULL);

    return errnum ? -errnum : -pthread_join(thread, NULL);
}

static int keep_database(void)
{
    struct store *store;
    struct db *db = NULL;
    struct err *e = store_sqlite_open(scratch_path("state/db.sqlite"), &store);

    if (!e)
        e = db_open(store, &db);
    if (e)
        return -EIO;
    db_close(db);
    return 0;
}

static int reopen_memory(void)
{
    int fd = (int)syscall(SYS_memfd_create, "seed", MFD_CLOEXEC);
    char path[64];

    snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
    return open_named(path, O_RDONLY);
}

TEST(what_the_manager_does_goes_on)
{
    static const struct attempt needed[] = {
        {"listen on its port", listen_on_own_port},
        {"Unix sockets", use_unix_sockets},
        {"threads", make_thread},
        {"the database", keep_database},
        {"memory opened anew", reopen_memory},
    };

    for (size_t i = 0; i < ARRAY_SIZE(needed); i++) {
        for (enum how how = FREE; how <= CONFINED_IN_LAB; how++) {
            int r = try(&needed[i], how);

            if (r != 0)
                TEST_FAIL("%s: %d when confined as %d", needed[i].what, r, how);
        }
    }
}

static int count_confinements(void)
{
    struct err *e = NULL;

    for (int i = 0; i < 20 && !e; i++)
        confine_as(CONFINED_IN_LAB);
    return to_port(own_port, true);
}

TEST(a_lab_may_start_again_more_often_than_landlock_counts)
{
    const struct attempt often = {"confined 20 times more", count_confinements};

    CHECK_INT(try(&often, CONFINED_IN_LAB), ==, 0);
}

static int is_in_core_files(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_CORE, &limit) < 0)
        return -errno;
    return prctl(PR_GET_DUMPABLE) == 0 && limit.rlim_max == 0 ? -ENOENT : 0;
}

TEST(its_memory_gets_into_no_core_file)
{
    const struct attempt core = {"its memory", is_in_core_files};

    CHECK_INT(try(&core, FREE), ==, 0);
    CHECK_INT(try(&core, CONFINED), ==, -ENOENT);
    CHECK_INT(try(&core, CONFINED_IN_LAB), ==, -ENOENT);
}

static int confine_root(void)
{
    const struct manager_config manager = {.state_dir = scratch_path("state"),
                                           .run_dir = scratch_path("run")};
    struct err *e = confine(&(struct confine_config){.manager = &manager});

    return e ? -EPERM : 0;
}

TEST(root_is_refused_but_in_a_lab)
{
    const struct attempt as_root = {"root", confine_root};

    if (geteuid() != 0)
        TEST_SKIP("this is not root");
    CHECK_INT(try(&as_root, FREE), ==, -EPERM);
}

TEST_MAIN
