// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/subprocess.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "lib/test.h"

#define ARGV(...)                                                                          \
    (const char *const[])                                                                  \
    {                                                                                      \
        __VA_ARGS__, NULL                                                                  \
    }
/* A shell as the program under test, never as a means. */
#define SCRIPT(text) ARGV("sh", "-c", text)

static struct subprocess_result result;

TEST(output_errors_and_status_come_back)
{
    struct subprocess_config config = {.argv = SCRIPT("echo out; echo err >&2; exit 3"),
                                       .max_output = 100};

    CHECK_OK(subprocess_run(&config, &result));
    CHECK_INT(result.status, ==, 3);
    CHECK_STR(buf_str(&result.out), "out\n");
    CHECK_STR(buf_str(&result.errors), "err\n");
    subprocess_result_fini(&result);
}

static void collect(void *arg, const char *data, size_t size)
{
    buf_add(arg, data, size);
}

TEST(output_can_be_had_while_the_program_runs)
{
    autobuf got = BUF_INIT;
    struct subprocess_config config = {.argv = SCRIPT("echo 1; echo 2"),
                                       .max_output = 100,
                                       .on_output = collect,
                                       .output_arg = &got};

    CHECK_OK(subprocess_run(&config, &result));
    CHECK_STR(buf_str(&got), "1\n2\n");
    CHECK_INT(result.out.size, ==, 0);
    subprocess_result_fini(&result);

    config.argv = SCRIPT("yes");
    CHECK_ERR(subprocess_run(&config, &result), ERR_INTERNAL_ERROR);
}

TEST(the_environment_is_clean)
{
    struct subprocess_config config = {
        .argv = ARGV("env"), .env = ARGV("NAME=value"), .max_output = 1000};

    setenv("SECRET", "1", 1);
    CHECK_OK(subprocess_run(&config, &result));
    CHECK_STR(buf_str(&result.out),
              "PATH=" SUBPROCESS_PATH "\nLC_ALL=C.UTF-8\nNAME=value\n");
    subprocess_result_fini(&result);
}

TEST(only_the_given_descriptors_are_open_and_in_their_places)
{
    int kept_open = dup(0); /* without close-on-exec, as a careless library would */
    int ends[2], fds[2];
    struct subprocess_config config = {
        .argv = SCRIPT("ls /proc/self/fd | tr '\\n' ' '; read x <&3; echo $x; echo y >&4"),
        .fds = fds,
        .n_fds = 2,
        .max_output = 1000};
    char got[8] = "";

    CHECK_INT(pipe(ends), ==, 0);
    CHECK_INT(write(ends[1], "hi\n", 3), ==, 3);
    fds[0] = ends[0];
    fds[1] = ends[1];
    CHECK_OK(subprocess_run(&config, &result));
    CHECK_STR(buf_str(&result.out), "0 1 2 3 4 5 hi\n"); /* 5: ls's own */
    CHECK_INT(read(ends[0], got, sizeof(got)), ==, 2);
    CHECK_STR(got, "y\n");
    subprocess_result_fini(&result);
    close(ends[0]);
    close(ends[1]);
    close(kept_open);
}

TEST(descriptors_may_swap_places)
{
    int first = open("/dev/null", O_RDONLY), second = open("/dev/zero", O_RDONLY);
    int fds[2] = {4, 3}, saved[2] = {dup(3), dup(4)};
    struct subprocess_config config = {
        .argv = SCRIPT("readlink /proc/self/fd/3 /proc/self/fd/4"),
        .fds = fds,
        .n_fds = 2,
        .max_output = 1000};

    dup2(first, 3);
    dup2(second, 4);
    CHECK_OK(subprocess_run(&config, &result));
    CHECK_STR(buf_str(&result.out), "/dev/zero\n/dev/null\n");
    subprocess_result_fini(&result);
    for (int i = 0; i < 2; i++) {
        if (saved[i] >= 0)
            dup2(saved[i], 3 + i);
        close(saved[i]);
    }
    close(first);
    close(second);
}

TEST(input_reaches_the_program_whole)
{
    static char input[300000];
    struct subprocess_config config = {.argv = ARGV("cat"),
                                       .input = input,
                                       .input_size = sizeof(input),
                                       .max_output = 1 << 20};

    memset(input, 'i', sizeof(input));
    CHECK_OK(subprocess_run(&config, &result));
    CHECK_INT(result.status, ==, 0);
    CHECK_INT(result.out.size, ==, sizeof(input));
    CHECK(memcmp(result.out.data, input, sizeof(input)) == 0);
    subprocess_result_fini(&result);
}

TEST(too_much_output_ends_it)
{
    struct subprocess_config config = {.argv = ARGV("yes"), .max_output = 100000};
    struct err *e = subprocess_run(&config, &result);

    CHECK(e && err_errnum(e) == EFBIG);
    err_free(e);
}

TEST(endless_errors_neither_fill_memory_nor_outlast_the_deadline)
{
    struct subprocess_config config = {.argv = SCRIPT("yes >&2"),
                                       .deadline_ms = clock_monotonic_ms() + 100};
    struct err *e = subprocess_run(&config, &result);

    CHECK(e && err_errnum(e) == ETIMEDOUT);
    err_free(e);
}

TEST(a_deadline_ends_all_of_its_process_group)
{
    int ends[2];
    struct subprocess_config config = {
        .argv = SCRIPT("sleep 1000 & sleep 1000"), .fds = &ends[1], .n_fds = 1};
    struct err *e;
    char c;

    CHECK_INT(pipe2(ends, O_CLOEXEC), ==, 0);
    config.deadline_ms = clock_monotonic_ms() + 50;
    e = subprocess_run(&config, &result);
    CHECK(e && err_errnum(e) == ETIMEDOUT);
    err_free(e);
    close(ends[1]);
    CHECK_INT(read(ends[0], &c, 1), ==, 0); /* the last holder of the other end is gone */
    close(ends[0]);
}

TEST(cancelling_ends_it)
{
    struct subprocess_config config = {.argv = ARGV("sleep", "1000"),
                                       .cancel_fd = eventfd(1, EFD_CLOEXEC)};

    CHECK_ERR(subprocess_run(&config, &result), ERR_TASK_CANCELLED);
    close(config.cancel_fd);
}

TEST(a_program_that_is_not_there_is_an_error_saying_so)
{
    struct subprocess_config config = {.argv = ARGV("no-such-program")};
    struct err *e = subprocess_run(&config, &result);

    CHECK(e && err_errnum(e) == ENOENT);
    CHECK(strstr(err_sentence(e), "no-such-program"));
    err_free(e);
}

TEST(a_failed_program_gives_its_last_words)
{
    struct subprocess_config config = {
        .argv = SCRIPT("echo a >&2; echo 'bad disk' >&2; exit 1")};
    struct err *e;

    CHECK_OK(subprocess_run(&config, &result));
    e = subprocess_check(&config, &result);
    CHECK(e && strstr(err_sentence(e), "bad disk"));
    err_free(e);
    subprocess_result_fini(&result);

    config.argv = SCRIPT("kill -TERM $$");
    CHECK_OK(subprocess_run(&config, &result));
    CHECK_INT(result.status, ==, -SIGTERM);
    e = subprocess_check(&config, &result);
    CHECK(e && strstr(err_sentence(e), "signal 15"));
    err_free(e);
    subprocess_result_fini(&result);
}

/* 32 and 33, which the C library keeps from everybody: as whoever started us left them. */
#define LIBC_OWN (UINT64_C(3) << 31)

TEST(signals_are_at_their_defaults_inside)
{
    uint64_t is_blocked, is_ignored;
    struct subprocess_config config = {
        .argv = ARGV("grep", "^Sig[IB]", "/proc/self/status"), .max_output = 1000};
    sigset_t blocked, before;

    sigemptyset(&blocked);
    sigaddset(&blocked, SIGTERM);
    sigprocmask(SIG_BLOCK, &blocked, &before);
    signal(SIGPIPE, SIG_IGN);
    CHECK_OK(subprocess_run(&config, &result));
    CHECK_INT(sscanf(buf_str(&result.out), "SigBlk: %" SCNx64 " SigIgn: %" SCNx64,
                     &is_blocked, &is_ignored),
              ==, 2);
    CHECK_INT(is_blocked, ==, 0);
    CHECK_INT(is_ignored & ~LIBC_OWN, ==, 0);
    subprocess_result_fini(&result);
    signal(SIGPIPE, SIG_DFL);
    sigprocmask(SIG_SETMASK, &before, NULL);
}

TEST(a_sandboxed_child_is_nobody_without_groups_or_new_privileges)
{
    struct subprocess_sandbox sandbox = {.uid = 65534, .gid = 65534, .max_file = 4096};
    struct subprocess_config config = {
        .argv = SCRIPT("id -u; id -G; grep NoNewPrivs /proc/self/status; grep CapEff "
                       "/proc/self/status; ulimit -c; ulimit -f"),
        .max_output = 1000,
        .sandbox = &sandbox};

    if (geteuid() != 0)
        TEST_SKIP("only root can change the user");
    CHECK_OK(subprocess_run(&config, &result));
    CHECK_STR(buf_str(&result.out), "65534\n65534\nNoNewPrivs:\t1\n"
                                    "CapEff:\t0000000000000000\n0\n8\n");
    CHECK_INT(geteuid(), ==, 0);
    subprocess_result_fini(&result);
}

TEST(a_started_program_is_in_a_session_of_its_own_and_reaped_by_the_caller)
{
    int ends[2], std[3] = {-1, -1, -1}, pidfd;
    struct subprocess_config config = {.argv = SCRIPT("read x; ps -o sid= -p $$; exit 4")};
    struct pollfd p = {.events = POLLIN};
    siginfo_t info = {0};
    pid_t pid;

    CHECK_INT(pipe2(ends, O_CLOEXEC), ==, 0);
    std[0] = ends[0];
    CHECK_OK(subprocess_start(&config, std, &pid, &pidfd));
    CHECK_INT(getsid(pid), ==, pid);
    close(ends[0]);
    close(ends[1]);
    p.fd = pidfd;
    CHECK_INT(poll(&p, 1, 10000), ==, 1);
    CHECK_INT(waitid(P_PIDFD, (id_t)pidfd, &info, WEXITED), ==, 0);
    CHECK_INT(info.si_status, ==, 4);
    close(pidfd);
}

TEST_MAIN
