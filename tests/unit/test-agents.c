// SPDX-License-Identifier: GPL-2.0-or-later
#include "rpc/agents.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "io/address.h"
#include "io/frame.h"
#include "io/wait.h"
#include "lib/scratch.h"
#include "lib/test.h"

#define DEADLINE (clock_monotonic_ms() + 20000)

/* A scripted lk-vmd, played by the test's own thread: calls are made by another. */

static int listener = -1, peer = -1;
static struct frame request;

static void agent_listen(void)
{
    struct address address;

    CHECK_INT(address_parse(scratch_path("vmd.sock"), &address), ==, 0);
    unlink(scratch_path("vmd.sock"));
    listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    CHECK_INT(bind(listener, &address.any, address.size), ==, 0);
    CHECK_INT(listen(listener, 4), ==, 0);
}

static void agent_accept(void)
{
    CHECK_INT(wait_for_fd(listener, POLLIN, DEADLINE), ==, 0);
    peer = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    CHECK_INT(peer, >=, 0);
}

static void agent_close(void)
{
    cleanup_close(&peer);
    cleanup_close(&listener);
    peer = listener = -1;
}

static const char *agent_receive(void)
{
    frame_fini(&request);
    CHECK_INT(frame_receive(peer, &request, DEADLINE), ==, 1);
    return buf_str(&request.data);
}

static void agent_send(const char *text, const int *fds, size_t n_fds)
{
    CHECK_INT(frame_send(peer, text, strlen(text), fds, n_fds, DEADLINE), ==, 0);
}

/* The manager's side. */

static struct agents *agents;
static sem_t connected, noticed;
static char notice[100];

static void on_notice(enum agent_id agent, const char *name, const struct val *params,
                      void *arg)
{
    snprintf(notice, sizeof(notice), "%d %s %s", agent, name,
             val_find_text(params, "vm", "none"));
    sem_post(&noticed);
}

static void on_connected(enum agent_id agent, void *arg)
{
    if (agent == AGENT_VMD)
        sem_post(&connected);
}

static void start(void)
{
    sem_init(&connected, 0, 0);
    sem_init(&noticed, 0, 0);
    CHECK_OK(agents_new(scratch(), on_notice, on_connected, NULL, &agents));
}

static void stop(void)
{
    agents_free(agents);
    agent_close();
    frame_fini(&request);
    unlink(scratch_path("vmd.sock"));
}

struct asked {
    pthread_t thread;
    int fd;
    uint64_t timeout_ms;
    struct err *e;
    struct val result;
    int fds[FRAME_MAX_FDS];
    size_t n_fds;
};

static void *ask_thread(void *arg)
{
    struct asked *asked = arg;
    struct val params = val_map(1);

    val_put_str(&params, "vm", val_str("x"));
    asked->e = agents_call(agents, AGENT_VMD, "vm.stat", params, &asked->fd,
                           asked->fd >= 0 ? 1 : 0, asked->timeout_ms, &asked->result,
                           asked->fds, &asked->n_fds);
    return NULL;
}

static void ask(struct asked *asked, int fd, uint64_t timeout_ms)
{
    *asked = (struct asked){.fd = fd, .timeout_ms = timeout_ms};
    pthread_create(&asked->thread, NULL, ask_thread, asked);
}

static void asked_end(struct asked *asked)
{
    pthread_join(asked->thread, NULL);
}

TEST(a_call_is_sent_and_its_answer_returned)
{
    struct asked asked;

    agent_listen();
    start();
    agent_accept();
    ask(&asked, -1, 0);
    CHECK_STR(
        agent_receive(),
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"vm.stat\",\"params\":{\"vm\":\"x\"}}");
    agent_send("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"vcpus\":2}}", NULL, 0);
    asked_end(&asked);
    CHECK_OK(asked.e);
    CHECK_INT(val_find(&asked.result, "vcpus")->i, ==, 2);
    val_unref(&asked.result);
    stop();
}

TEST(descriptors_go_with_the_call_and_come_with_the_answer)
{
    int null = open("/dev/null", O_RDWR | O_CLOEXEC),
        zero = open("/dev/zero", O_RDONLY | O_CLOEXEC);
    struct stat expected, got;
    struct asked asked;

    agent_listen();
    start();
    agent_accept();
    ask(&asked, null, 0);
    agent_receive();
    CHECK_INT(request.n_fds, ==, 1);
    CHECK(fstat(null, &expected) == 0 && fstat(request.fds[0], &got) == 0);
    CHECK_INT(expected.st_rdev, ==, got.st_rdev);
    agent_send("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}", &zero, 1);
    asked_end(&asked);
    CHECK_OK(asked.e);
    CHECK_INT(asked.n_fds, ==, 1);
    CHECK(fstat(zero, &expected) == 0 && fstat(asked.fds[0], &got) == 0);
    CHECK_INT(expected.st_rdev, ==, got.st_rdev);
    close(asked.fds[0]);
    val_unref(&asked.result);
    close(null);
    close(zero);
    stop();
}

TEST(an_agents_error_keeps_its_code_and_parameters)
{
    struct asked asked;

    agent_listen();
    start();
    agent_accept();
    ask(&asked, -1, 0);
    agent_receive();
    agent_send(
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":1,\"message\":"
        "\"VM_BAD_POWER_STATE\",\"data\":[\"a\",\"b\"],\"sentence\":\"stopping it\"}}",
        NULL, 0);
    asked_end(&asked);
    CHECK(asked.e && err_code(asked.e) == ERR_VM_BAD_POWER_STATE);
    CHECK_INT(err_n_params(asked.e), ==, 2);
    CHECK_STR(err_param_at(asked.e, 1), "b");
    CHECK(strstr(err_sentence(asked.e), "stopping it"));
    err_free(asked.e);
    stop();
}

TEST(answers_may_come_in_any_order)
{
    struct asked first, second;

    agent_listen();
    start();
    agent_accept();
    ask(&first, -1, 0);
    CHECK(strstr(agent_receive(), "\"id\":1"));
    ask(&second, -1, 0);
    agent_receive();
    agent_send("{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{\"n\":2}}", NULL, 0);
    asked_end(&second);
    agent_send("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"n\":1}}", NULL, 0);
    asked_end(&first);
    CHECK_INT(val_find(&first.result, "n")->i, ==, 1);
    CHECK_INT(val_find(&second.result, "n")->i, ==, 2);
    val_unref(&first.result);
    val_unref(&second.result);
    stop();
}

TEST(a_late_answer_is_dropped_with_its_descriptors)
{
    int ends[2];
    struct asked asked;
    char c;

    agent_listen();
    start();
    agent_accept();
    ask(&asked, -1, 30);
    agent_receive();
    asked_end(&asked);
    CHECK(asked.e && strstr(err_sentence(asked.e), "does not answer"));
    err_free(asked.e);
    CHECK_INT(pipe2(ends, O_CLOEXEC), ==, 0);
    agent_send("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}", &ends[1], 1);
    close(ends[1]);
    CHECK_INT(read(ends[0], &c, 1), ==, 0); /* waits until the manager closed its copy */
    close(ends[0]);
    ask(&asked, -1, 0);
    agent_receive();
    agent_send("{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{}}", NULL, 0);
    asked_end(&asked);
    CHECK_OK(asked.e);
    val_unref(&asked.result);
    stop();
}

TEST(notifications_reach_the_handler)
{
    agent_listen();
    start();
    agent_accept();
    agent_send("{\"jsonrpc\":\"2.0\",\"method\":\"vm.state\",\"params\":{\"vm\":\"y\"}}",
               NULL, 0);
    sem_wait(&noticed);
    CHECK_STR(notice, "0 vm.state y");
    stop();
}

TEST(a_restarted_agent_is_found_again_and_greeted_again)
{
    struct asked cut, after;

    agent_listen();
    start();
    agent_accept();
    sem_wait(&connected);
    ask(&cut, -1, 0);
    agent_receive();
    agent_close();
    asked_end(&cut);
    CHECK(cut.e && err_code(cut.e) == ERR_INTERNAL_ERROR);
    CHECK(strstr(err_sentence(cut.e), "lk-vmd ended during the call"));
    err_free(cut.e);

    ask(&after, -1, 0); /* waits for the agent to come back */
    agent_listen();
    agent_accept();
    sem_wait(&connected);
    agent_receive();
    agent_send("{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{}}", NULL, 0);
    asked_end(&after);
    CHECK_OK(after.e);
    val_unref(&after.result);
    stop();
}

TEST(an_agent_that_is_not_there_is_named)
{
    struct asked asked;

    start();
    ask(&asked, -1, 50);
    asked_end(&asked);
    CHECK(asked.e && err_code(asked.e) == ERR_INTERNAL_ERROR);
    CHECK_STR(err_param_at(asked.e, 0), "lk-vmd is not running");
    err_free(asked.e);
    stop();
}

TEST(an_agent_that_breaks_the_protocol_is_left)
{
    static const char *const cases[] = {
        "",
        "[]",
        "{\"id\":\"1\",\"result\":{}}",
        "{\"id\":77,\"result\":{}}",
    };
    struct frame f;

    agent_listen();
    start();
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        agent_accept();
        agent_send(cases[i], NULL, 0);
        CHECK_INT(frame_receive(peer, &f, DEADLINE), ==, 0);
        close(take_fd(peer));
    }
    stop();
}

TEST_MAIN
