// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/agent.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/uuid.h"
#include "io/address.h"
#include "io/frame.h"
#include "lib/scratch.h"
#include "lib/test.h"
#include "wire/json.h"

#define DEADLINE (clock_monotonic_ms() + 20000)
#define KEY_A    "a3b5cbd1-62f0-4ca1-9b0f-6d6f1a3c0001"
#define KEY_B    "a3b5cbd1-62f0-4ca1-9b0f-6d6f1a3c0002"

/* The agent under test: a process of its own. */

static struct err *run_echo(struct verb_call *call, struct val *ret_result)
{
    *ret_result = val_ref(&call->args);
    return NULL;
}

/* Waits for a byte from 'gate'. */
static struct err *run_hold(struct verb_call *call, struct val *ret_result)
{
    static atomic_int n;
    autoclose int gate = call_take_fd(call, "gate");
    char c;

    if (read(gate, &c, 1) < 0)
        return err_errno(errno, "reading the gate");
    *ret_result = val_map(1);
    val_put_str(ret_result, "number", val_int(n++));
    return NULL;
}

/* Sends back what it got, and a pipe's reading end with "piped" in it. */
static struct err *run_swap(struct verb_call *call, struct val *ret_result)
{
    int ends[2];

    if (pipe2(ends, O_CLOEXEC) < 0 || write(ends[1], "piped", 5) != 5)
        return err_errno(errno, "making a pipe");
    close(ends[1]);
    *ret_result = val_map(2);
    val_put_str(ret_result, "back",
                val_int(call_return_fd(call, call_take_fd(call, "fd"))));
    val_put_str(ret_result, "pipe", val_int(call_return_fd(call, ends[0])));
    return NULL;
}

static struct err *run_fail(struct verb_call *call, struct val *ret_result)
{
    return err_params(ERR_VM_BAD_POWER_STATE, "ref", "halted", "running", NULL);
}

static struct err *run_notify(struct verb_call *call, struct val *ret_result)
{
    struct val params = val_map(1);
    size_t size = (size_t)call_int(call, "size", 1);
    autofree char *text = xcalloc(1, size + 1);

    memset(text, 'n', size);
    val_put_str(&params, "text", val_str(text));
    agent_notify(call->agent, "test.note", params);
    return NULL;
}

static void note_job(void *arg)
{
    agent_notify(arg, "test.job", val_map(0));
}

static struct err *run_job(struct verb_call *call, struct val *ret_result)
{
    agent_job(call->agent, call_text(call, "key"), note_job, call->agent);
    return NULL;
}

static const struct verb_arg job_args[] = {{"key", ARG_UUID}};
static const struct verb_arg echo_args[] = {
    {"uuid", ARG_UUID, .optional = true},
    {"text", ARG_TEXT, .optional = true, .max = 5},
    {"word", ARG_WORD, .optional = true, .max = 8},
    {"int", ARG_INT, .optional = true, .min = -1, .max = 10},
    {"bool", ARG_BOOL, .optional = true},
    {"map", ARG_MAP, .optional = true},
    {"list", ARG_LIST, .optional = true},
    {"object", ARG_OBJECT, .optional = true},
    {"fd", ARG_FD, .optional = true},
};
static const struct verb_arg hold_args[] = {
    {"key", ARG_UUID, .optional = true},
    {"gate", ARG_FD},
};
static const struct verb_arg swap_args[] = {{"fd", ARG_FD}};
static const struct verb_arg notify_args[] = {
    {"size", ARG_INT, .optional = true, .min = 1, .max = 16 << 20}};

static const struct verb verbs[] = {
    {"test.echo", echo_args, ARRAY_SIZE(echo_args), NULL, run_echo,
     "answers its arguments"},
    {"test.hold", hold_args, ARRAY_SIZE(hold_args), "key", run_hold, "waits"},
    {"test.swap", swap_args, ARRAY_SIZE(swap_args), NULL, run_swap, "passes descriptors"},
    {"test.fail", NULL, 0, NULL, run_fail, "fails"},
    {"test.job", job_args, ARRAY_SIZE(job_args), NULL, run_job, "posts a job"},
    {"test.notify", notify_args, ARRAY_SIZE(notify_args), NULL, run_notify, "notifies"},
};

static int ready[2];

static struct err *started(struct agent *agent, void *state)
{
    if (write(ready[1], "r", 1) != 1)
        return err_errno(errno, "saying so");
    return NULL;
}

static pid_t start_agent(void)
{
    struct agent_config config = {
        .name = "lk-test",
        .socket_path = scratch_path("agent.sock"),
        .verbs = verbs,
        .n_verbs = ARRAY_SIZE(verbs),
        .n_workers = 4,
        .started = started,
    };
    pid_t pid;
    char c;

    CHECK_INT(pipe2(ready, O_CLOEXEC), ==, 0);
    fflush(stdout);
    pid = fork();
    CHECK_INT(pid, >=, 0);
    if (pid == 0) {
        struct err *e = agent_run(&config);

        scratch_dir[0] = '\0'; /* the parent's to remove */
        if (e)
            fprintf(stderr, "%s\n", err_sentence(e));
        err_free(e);
        exit(e ? 1 : 0);
    }
    close(ready[1]);
    CHECK_INT(read(ready[0], &c, 1), ==, 1);
    close(ready[0]);
    return pid;
}

static void stop_agent(pid_t pid)
{
    int status;

    CHECK_INT(kill(pid, SIGTERM), ==, 0);
    CHECK_INT(waitpid(pid, &status, 0), ==, pid);
    CHECK_INT(status, ==, 0);
}

/* A client of raw frames. */

static int connect_agent(void)
{
    struct address address;
    int sock = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    CHECK_INT(address_parse(scratch_path("agent.sock"), &address), ==, 0);
    CHECK_INT(connect(sock, &address.any, address.size), ==, 0);
    return sock;
}

static void send_call(int sock, int id, const char *verb, const char *params,
                      const int *fds, size_t n_fds)
{
    autofree char *text =
        xasprintf("{\"jsonrpc\":\"2.0\",\"id\":%d,\"method\":\"%s\",\"params\":%s}", id,
                  verb, params);

    CHECK_INT(frame_send(sock, text, strlen(text), fds, n_fds, DEADLINE), ==, 0);
}

static struct frame answer;

static const char *receive(int sock)
{
    frame_fini(&answer);
    CHECK_INT(frame_receive(sock, &answer, DEADLINE), ==, 1);
    return buf_str(&answer.data);
}

static const char *call(int sock, const char *verb, const char *params)
{
    send_call(sock, 1, verb, params, NULL, 0);
    return receive(sock);
}

/* "CODE param param" of an error answer, else the whole answer. */
static const char *refusal(const char *text)
{
    static struct buf shown;
    autoval struct val message = val_void();
    const struct val *error, *data;

    CHECK_INT(json_parse(text, strlen(text), 0, &message, NULL), ==, 0);
    error = val_find(&message, "error");
    if (!error)
        return text;
    buf_clear(&shown);
    buf_add_str(&shown, val_find_text(error, "message", ""));
    data = val_find(error, "data");
    for (size_t i = 0; i < val_count(data); i++)
        buf_addf(&shown, " %s", val_text(val_at(data, i)));
    return shown.data;
}

TEST(good_arguments_arrive_with_uuids_in_lower_case)
{
    pid_t pid = start_agent();
    int sock = connect_agent();

    CHECK_STR(
        call(sock, "test.echo",
             "{\"uuid\":\"A3B5CBD1-62F0-4CA1-9B0F-6D6F1A3C0001\",\"text\":\"\xc3\xa9\","
             "\"word\":\"a-b_c.1\",\"int\":-1,\"bool\":true,\"map\":{\"a\":\"b\"},"
             "\"list\":[1],\"object\":{\"x\":[]}}"),
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"uuid\":\"" KEY_A "\","
        "\"text\":\"\xc3\xa9\",\"word\":\"a-b_c.1\",\"int\":-1,\"bool\":true,"
        "\"map\":{\"a\":\"b\"},\"list\":[1],\"object\":{\"x\":[]}}}");
    CHECK_STR(call(sock, "test.echo", "{}"),
              "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}");
    close(sock);
    stop_agent(pid);
}

TEST(bad_arguments_are_refused_by_name)
{
    static const struct {
        const char *params, *refusal;
    } cases[] = {
        {"{\"uuid\":\"x\"}", "INVALID_VALUE uuid x"},
        {"{\"uuid\":\"../../etc\"}", "INVALID_VALUE uuid ../../etc"},
        {"{\"uuid\":7}", "INVALID_VALUE uuid 7"},
        {"{\"text\":\"sixsix\"}", "INVALID_VALUE text sixsix"},
        {"{\"text\":null}", "INVALID_VALUE text null"},
        {"{\"word\":\"\"}", "INVALID_VALUE word "},
        {"{\"word\":\"-rf\"}", "INVALID_VALUE word -rf"},
        {"{\"word\":\"..\"}", "INVALID_VALUE word .."},
        {"{\"word\":\"a b\"}", "INVALID_VALUE word a b"},
        {"{\"word\":\"a/b\"}", "INVALID_VALUE word a/b"},
        {"{\"word\":\"123456789\"}", "INVALID_VALUE word 123456789"},
        {"{\"int\":11}", "INVALID_VALUE int 11"},
        {"{\"int\":-2}", "INVALID_VALUE int -2"},
        {"{\"int\":1.5}", "INVALID_VALUE int 1.5"},
        {"{\"int\":\"1\"}", "INVALID_VALUE int 1"},
        {"{\"bool\":1}", "INVALID_VALUE bool 1"},
        {"{\"map\":{\"a\":1}}", "INVALID_VALUE map {\"a\":1}"},
        {"{\"map\":[]}", "INVALID_VALUE map []"},
        {"{\"list\":{}}", "INVALID_VALUE list {}"},
        {"{\"object\":[]}", "INVALID_VALUE object []"},
        {"{\"fd\":0}", "INVALID_VALUE fd 0"},
        {"{\"fd\":-1}", "INVALID_VALUE fd -1"},
        {"{\"nonsense\":1}", "INVALID_VALUE nonsense 1"},
        {"[]", "INVALID_VALUE params []"},
    };
    pid_t pid = start_agent();
    int sock = connect_agent();

    for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
        CHECK_STR(refusal(call(sock, "test.echo", cases[i].params)), cases[i].refusal);
    CHECK_STR(refusal(call(sock, "test.hold", "{}")), "INVALID_VALUE gate ");
    CHECK_STR(refusal(call(sock, "test.no", "{}")), "MESSAGE_METHOD_UNKNOWN test.no");
    CHECK_STR(refusal(call(sock, "test.fail", "{}")),
              "VM_BAD_POWER_STATE ref halted running");
    close(sock);
    stop_agent(pid);
}

TEST(what_is_no_call_ends_the_connection_and_not_the_agent)
{
    static const char *const cases[] = {
        "",
        "{",
        "[]",
        "\xff",
        "{\"jsonrpc\":\"2.0\",\"method\":\"test.echo\"}",
        "{\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"test.echo\"}",
        "{\"jsonrpc\":\"2.0\",\"id\":\"1\",\"method\":\"test.echo\"}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"id\":2,\"method\":\"test.echo\"}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":7}",
    };
    pid_t pid = start_agent();
    int sock;
    struct frame f;

    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        sock = connect_agent();
        CHECK_INT(frame_send(sock, cases[i], strlen(cases[i]), NULL, 0, DEADLINE), ==, 0);
        CHECK_INT(frame_receive(sock, &f, DEADLINE), ==, 0);
        close(sock);
    }
    sock = connect_agent();
    CHECK_INT(write(sock, "\0\x20\0\0", 4), ==, 4); /* 2 MiB to come */
    CHECK_INT(frame_receive(sock, &f, DEADLINE), ==, 0);
    close(sock);
    sock = connect_agent();
    call(sock, "test.echo", "{}");
    close(sock);
    stop_agent(pid);
}

TEST(calls_of_one_queue_follow_each_other_and_others_do_not_wait)
{
    pid_t pid = start_agent();
    int sock = connect_agent(), gate_a[2], open_gate[2];

    CHECK_INT(pipe2(gate_a, O_CLOEXEC), ==, 0);
    CHECK_INT(pipe2(open_gate, O_CLOEXEC), ==, 0);
    close(open_gate[1]); /* the end of the stream lets everyone through */
    send_call(sock, 1, "test.hold", "{\"key\":\"" KEY_A "\",\"gate\":0}", gate_a, 1);
    send_call(sock, 2, "test.hold", "{\"key\":\"" KEY_A "\",\"gate\":0}", open_gate, 1);
    send_call(sock, 3, "test.hold", "{\"key\":\"" KEY_A "\",\"gate\":0}", open_gate, 1);
    send_call(sock, 4, "test.hold", "{\"key\":\"" KEY_B "\",\"gate\":0}", open_gate, 1);
    CHECK(strstr(receive(sock), "\"id\":4,\"result\":{\"number\":0}"));
    send_call(sock, 5, "test.hold", "{\"gate\":0}", open_gate, 1);
    CHECK(strstr(receive(sock), "\"id\":5,\"result\":{\"number\":1}"));
    CHECK_INT(write(gate_a[1], "g", 1), ==, 1);
    CHECK(strstr(receive(sock), "\"id\":1,\"result\":{\"number\":2}"));
    CHECK(strstr(receive(sock), "\"id\":2,\"result\":{\"number\":3}"));
    CHECK(strstr(receive(sock), "\"id\":3,\"result\":{\"number\":4}"));
    for (int i = 0; i < 2; i++)
        close(gate_a[i]);
    close(open_gate[0]);
    close(sock);
    stop_agent(pid);
}

/* The next two messages, in any order. */
static bool receive_both(int sock, const char *one, const char *other)
{
    int n_one = 0, n_other = 0;

    for (int i = 0; i < 2; i++) {
        const char *text = receive(sock);

        n_one += strstr(text, one) != NULL;
        n_other += strstr(text, other) != NULL;
    }
    return n_one == 1 && n_other == 1;
}

TEST(a_job_of_the_daemon_waits_in_the_queue_it_names)
{
    pid_t pid = start_agent();
    int sock = connect_agent(), gate[2];

    CHECK_INT(pipe2(gate, O_CLOEXEC), ==, 0);
    send_call(sock, 1, "test.hold", "{\"key\":\"" KEY_A "\",\"gate\":0}", gate, 1);
    send_call(sock, 2, "test.job", "{\"key\":\"" KEY_A "\"}", NULL, 0);
    CHECK(strstr(receive(sock), "\"id\":2,"));
    send_call(sock, 3, "test.job", "{\"key\":\"" KEY_B "\"}", NULL, 0);
    CHECK(receive_both(sock, "\"id\":3,", "\"method\":\"test.job\""));
    CHECK_INT(write(gate[1], "g", 1), ==, 1);
    CHECK(strstr(receive(sock), "\"id\":1,"));
    CHECK(strstr(receive(sock), "\"method\":\"test.job\""));
    for (int i = 0; i < 2; i++)
        close(gate[i]);
    close(sock);
    stop_agent(pid);
}

TEST(jobs_are_finished_before_a_clean_stop)
{
    pid_t pid = start_agent();
    int sock = connect_agent(), gate[2], status;

    CHECK_INT(pipe2(gate, O_CLOEXEC), ==, 0);
    send_call(sock, 1, "test.hold", "{\"key\":\"" KEY_A "\",\"gate\":0}", gate, 1);
    send_call(sock, 2, "test.job", "{\"key\":\"" KEY_A "\"}", NULL, 0);
    CHECK(strstr(receive(sock), "\"id\":2,"));
    CHECK_INT(kill(pid, SIGTERM), ==, 0);
    CHECK_INT(write(gate[1], "g", 1), ==, 1);
    CHECK(strstr(receive(sock), "\"id\":1,"));
    CHECK(strstr(receive(sock), "\"method\":\"test.job\""));
    CHECK_INT(waitpid(pid, &status, 0), ==, pid);
    CHECK_INT(status, ==, 0);
    for (int i = 0; i < 2; i++)
        close(gate[i]);
    close(sock);
}

TEST(descriptors_pass_both_ways)
{
    pid_t pid = start_agent();
    int sock = connect_agent(), null = open("/dev/null", O_RDWR | O_CLOEXEC);
    struct stat ours, theirs;
    char got[8] = "";

    send_call(sock, 1, "test.swap", "{\"fd\":0}", &null, 1);
    CHECK_STR(receive(sock),
              "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"back\":0,\"pipe\":1}}");
    CHECK_INT(answer.n_fds, ==, 2);
    CHECK(fstat(null, &ours) == 0 && fstat(answer.fds[0], &theirs) == 0);
    CHECK_INT(ours.st_rdev, ==, theirs.st_rdev);
    CHECK_INT(read(answer.fds[1], got, sizeof(got)), ==, 5);
    CHECK_STR(got, "piped");
    CHECK_INT(read(answer.fds[1], got, sizeof(got)), ==, 0); /* no copy left in the agent */
    close(null);
    close(sock);
    stop_agent(pid);
}

TEST(every_manager_is_notified)
{
    pid_t pid = start_agent();
    int first = connect_agent(), second = connect_agent();
    static const char note[] =
        "{\"jsonrpc\":\"2.0\",\"method\":\"test.note\",\"params\":{\"text\":\"n\"}}";

    call(second, "test.echo", "{}"); /* it was accepted */
    send_call(first, 1, "test.notify", "{}", NULL, 0);
    CHECK_STR(receive(first), note);
    CHECK(strstr(receive(first), "\"id\":1"));
    CHECK_STR(receive(second), note);
    close(first);
    close(second);
    stop_agent(pid);
}

TEST(a_manager_that_does_not_read_is_cut_off_and_the_others_are_not)
{
    pid_t pid = start_agent();
    int reading = connect_agent(), deaf = connect_agent();
    struct frame f;
    int r;

    call(deaf, "test.echo", "{}");
    for (int i = 0; i < 16; i++) {
        send_call(reading, i, "test.notify", "{\"size\":8000000}", NULL, 0);
        CHECK(strstr(receive(reading), "test.note"));
        CHECK(strstr(receive(reading), "\"id\""));
    }
    while ((r = frame_receive(deaf, &f, DEADLINE)) == 1)
        frame_fini(&f);
    CHECK(r == -EPROTO || r == 0);
    call(reading, "test.echo", "{}");
    close(reading);
    close(deaf);
    stop_agent(pid);
}

TEST(a_manager_that_left_does_not_disturb_its_calls)
{
    pid_t pid = start_agent();
    int sock = connect_agent(), gate[2];

    CHECK_INT(pipe2(gate, O_CLOEXEC), ==, 0);
    send_call(sock, 1, "test.hold", "{\"key\":\"" KEY_A "\",\"gate\":0}", gate, 1);
    send_call(sock, 2, "test.hold", "{\"key\":\"" KEY_A "\",\"gate\":0}", gate, 1);
    send_call(sock, 3, "test.echo", "{}", NULL, 0);
    receive(sock);
    close(sock);
    close(gate[0]);
    close(gate[1]); /* both go through now */
    sock = connect_agent();
    call(sock, "test.echo", "{}");
    close(sock);
    stop_agent(pid);
}

TEST(many_calls_at_once_are_all_answered)
{
    pid_t pid = start_agent();
    int sock = connect_agent();
    bool seen[600] = {false};

    for (int i = 0; i < 600; i++)
        send_call(sock, i, "test.echo", "{\"text\":\"x\"}", NULL, 0);
    for (int i = 0; i < 600; i++) {
        int id;

        CHECK_INT(sscanf(receive(sock), "{\"jsonrpc\":\"2.0\",\"id\":%d", &id), ==, 1);
        CHECK(id >= 0 && id < 600 && !seen[id]);
        seen[id] = true;
    }
    close(sock);
    stop_agent(pid);
}

TEST(a_running_call_is_finished_and_answered_before_a_clean_stop)
{
    pid_t pid = start_agent();
    int sock = connect_agent(), gate[2], status;
    struct stat info;

    CHECK_INT(pipe2(gate, O_CLOEXEC), ==, 0);
    send_call(sock, 1, "test.hold", "{\"gate\":0}", gate, 1);
    send_call(sock, 2, "test.echo", "{}", NULL, 0);
    CHECK(strstr(receive(sock), "\"id\":2")); /* so the first one runs */
    CHECK_INT(kill(pid, SIGTERM), ==, 0);
    CHECK_INT(write(gate[1], "g", 1), ==, 1);
    CHECK(strstr(receive(sock), "\"id\":1"));
    CHECK_INT(waitpid(pid, &status, 0), ==, pid);
    CHECK_INT(status, ==, 0);
    CHECK_INT(stat(scratch_path("agent.sock"), &info), ==, -1);
    close(sock);
    close(gate[0]);
    close(gate[1]);
}

TEST(the_socket_of_a_killed_agent_is_replaced_and_that_of_a_living_one_is_not)
{
    pid_t pid = start_agent();
    struct agent_config config = {.name = "lk-test",
                                  .socket_path = scratch_path("agent.sock"),
                                  .verbs = verbs,
                                  .n_verbs = ARRAY_SIZE(verbs),
                                  .n_workers = 1};
    struct stat info;
    struct err *e = agent_run(&config);
    int sock;

    CHECK(e && err_errnum(e) == EWOULDBLOCK);
    err_free(e);
    CHECK_INT(kill(pid, SIGKILL), ==, 0);
    CHECK_INT(waitpid(pid, NULL, 0), ==, pid);
    CHECK_INT(stat(scratch_path("agent.sock"), &info), ==, 0);
    CHECK_INT(info.st_mode & 07777, ==, 0600);
    pid = start_agent();
    sock = connect_agent();
    call(sock, "test.echo", "{}");
    close(sock);
    stop_agent(pid);
    frame_fini(&answer);
}

/* A process that has the agent's lock, and takes 'ms' to end. */
static pid_t start_dying(int ms)
{
    int held[2];
    pid_t pid;
    char c;

    CHECK_INT(pipe2(held, O_CLOEXEC), ==, 0);
    fflush(stdout);
    pid = fork();
    if (pid == 0) {
        int fd = open(scratch_path("agent.sock.lock"), O_RDWR | O_CREAT | O_CLOEXEC, 0600);

        if (flock(fd, LOCK_EX) < 0 || write(held[1], "h", 1) != 1)
            _exit(1);
        poll(NULL, 0, ms);
        _exit(0);
    }
    close(held[1]);
    CHECK_INT(read(held[0], &c, 1), ==, 1);
    close(held[0]);
    return pid;
}

TEST(a_predecessor_that_is_still_dying_is_waited_for)
{
    pid_t dying = start_dying(300), pid = start_agent();
    int status, sock = connect_agent();

    call(sock, "test.echo", "{}");
    close(sock);
    CHECK_INT(waitpid(dying, &status, 0), ==, dying);
    CHECK_INT(status, ==, 0);
    stop_agent(pid);
    frame_fini(&answer);
}

TEST(another_user_is_refused)
{
    pid_t pid, child;
    int status;

    if (geteuid() != 0)
        TEST_SKIP("only root can become another user");
    pid = start_agent();
    chmod(scratch(), 0755);
    chmod(scratch_path("agent.sock"), 0666); /* as if the file's mode did not protect it */
    fflush(stdout);
    child = fork();
    if (child == 0) {
        struct frame f;
        int sock;

        if (setresuid(65534, 65534, 65534) < 0)
            _exit(2);
        sock = connect_agent();
        _exit(frame_receive(sock, &f, DEADLINE) == 0 ? 0 : 1);
    }
    CHECK_INT(waitpid(child, &status, 0), ==, child);
    CHECK_INT(status, ==, 0);
    stop_agent(pid);
}

TEST_MAIN
