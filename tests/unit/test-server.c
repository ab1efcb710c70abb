// SPDX-License-Identifier: GPL-2.0-or-later
#include "server_fixture.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "io/address.h"

/* ---- many ---- */

TEST(many_connections_are_served_side_by_side)
{
    static struct stream *s[300];

    server_start();
    for (size_t i = 0; i < ARRAY_SIZE(s); i++)
        s[i] = connect_to((int)(i % 10 == 0 ? TLS : i % 2 ? UNIX : PLAIN));
    wait_for_connections(ARRAY_SIZE(s));
    for (int n = 0; n < 3; n++) {
        for (size_t i = 0; i < ARRAY_SIZE(s); i++)
            send_text(s[i], ECHO("2", "ok"));
        for (size_t i = 0; i < ARRAY_SIZE(s); i++)
            CHECK_ANSWER(s[i], 200, "ok");
    }
    for (size_t i = 0; i < ARRAY_SIZE(s); i++)
        stream_free(s[i]);
    wait_for_connections(0);
    server_stop();
}

TEST(a_full_server_closes_idle_connections_and_refuses_when_none_is_idle)
{
    struct server_limits limits = server_default_limits;
    autoptr(stream) idle = NULL;
    autoptr(stream) parked_1 = NULL;
    autoptr(stream) parked_2 = NULL;
    autoptr(stream) late = NULL;
    struct http_request *request_1, *request_2;

    limits.n_connections = limits.n_reserved = 1;
    server_start_at("127.0.0.1", &limits);
    idle = connect_to(PLAIN);
    parked_1 = connect_to(PLAIN);
    send_text(parked_1, GET("/park"));
    request_1 = take_parked();
    parked_2 = connect_to(PLAIN);
    send_text(parked_2, GET("/park"));
    request_2 = take_parked();
    CHECK_ENDED(idle);
    late = connect_to(PLAIN);
    CHECK_ENDED(late);
    answer_text(request_1, "one");
    answer_text(request_2, "two");
    CHECK_ANSWER(parked_1, 200, "one");
    CHECK_ANSWER(parked_2, 200, "two");
    server_stop();
}

/* ---- listening ---- */

static struct err *listen_at(enum listener_kind kind, const char *address)
{
    return server_listen(fixture.server, kind, address, NULL, NULL);
}

static int errnum_of(struct err *e)
{
    int errnum = e ? err_errnum(e) : 0;

    err_free(e);
    return errnum;
}

TEST(an_address_that_cannot_be_had_is_an_error)
{
    autofree char *taken = NULL;

    server_start();
    taken = xstrdup(server_address(fixture.server, PLAIN));
    CHECK_INT(errnum_of(listen_at(LISTEN_PLAIN, taken)), ==, EADDRINUSE);
    CHECK_INT(errnum_of(listen_at(LISTEN_UNIX, scratch_path("socket"))), ==, EADDRINUSE);
    CHECK_INT(errnum_of(listen_at(LISTEN_UNIX, scratch_path("cert.pem"))), ==, EEXIST);
    CHECK_INT(errnum_of(listen_at(LISTEN_UNIX, taken)), ==, EINVAL);
    CHECK_INT(errnum_of(listen_at(LISTEN_PLAIN, "localhost:0")), ==, EINVAL);
    CHECK(access(scratch_path("cert.pem"), F_OK) == 0);
    CHECK_ERR(server_listen(fixture.server, LISTEN_TLS, "127.0.0.1:0",
                            scratch_path("nothing.pem"), scratch_path("key.pem")),
              ERR_INTERNAL_ERROR);
    server_stop();
}

TEST(a_socket_left_over_from_a_crash_is_replaced_and_removed_at_the_end)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    autoclose int sock = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    snprintf(address.sun_path, sizeof(address.sun_path), "%s", scratch_path("stale"));
    CHECK_INT(bind(sock, (struct sockaddr *)&address, sizeof(address)), ==, 0);
    server_start();
    CHECK_OK(listen_at(LISTEN_UNIX, address.sun_path));
    server_stop();
    CHECK(access(address.sun_path, F_OK) < 0);
}

/* ---- clients of other machines: in a network of the test's own ---- */

static bool have_own_network(void)
{
    struct ifreq request = {.ifr_name = "lo"};
    struct sockaddr_in *in = (struct sockaddr_in *)&request.ifr_addr;
    autoclose int sock = -1;

    if (unshare(CLONE_NEWNET) < 0 && unshare(CLONE_NEWUSER | CLONE_NEWNET) < 0)
        return false;
    sock = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    request.ifr_flags = IFF_UP | IFF_LOOPBACK | IFF_RUNNING;
    if (sock < 0 || ioctl(sock, SIOCSIFFLAGS, &request) < 0)
        return false;
    snprintf(request.ifr_name, sizeof(request.ifr_name), "lo:1");
    in->sin_family = AF_INET;
    in->sin_addr.s_addr = htonl(0xc0000201); /* 192.0.2.1 */
    return ioctl(sock, SIOCSIFADDR, &request) == 0;
}

TEST(clients_of_other_machines_leave_room_for_this_one)
{
    struct server_limits limits = server_default_limits;
    autoptr(stream) far_1 = NULL;
    autoptr(stream) far_2 = NULL;
    autoptr(stream) far_3 = NULL;
    autoptr(stream) near = NULL;
    autoptr(stream) late = NULL;
    struct http_request *parked_1, *parked_2;

    server_stop();
    if (!have_own_network())
        TEST_SKIP("no network namespace may be made");
    limits.n_connections = 3;
    limits.n_from_one = 2;
    server_start_at("192.0.2.1", &limits);
    far_1 = connect_to(PLAIN);
    send_text(far_1, GET("/park"));
    parked_1 = take_parked();
    far_2 = connect_to(PLAIN);
    send_text(far_2, GET("/park"));
    parked_2 = take_parked();
    late = connect_to(PLAIN); /* the third from one address */
    CHECK_ENDED(late);
    near = connect_to(UNIX);
    send_text(near, ECHO("2", "ok"));
    CHECK_ANSWER(near, 200, "ok");
    answer_text(parked_1, "one");
    CHECK_ANSWER(far_1, 200, "one");
    answer_text(parked_2, "two");
    CHECK_ANSWER(far_2, 200, "two");
    /* A third from one address takes the place of one that is idle. */
    far_3 = connect_to(PLAIN);
    send_text(far_3, GET("/show"));
    CHECK_ANSWER(far_3, 200, "GET /show a=(none) x=(none) 192.0.2.1");
    CHECK_ENDED(far_1);
    server_stop();
}

TEST(bodies_that_arrive_may_not_fill_the_memory)
{
    struct server_limits limits = server_default_limits;
    autoptr(stream) a = NULL;
    autoptr(stream) b = NULL;
    autoptr(stream) near = NULL;
    char half[600];

    server_stop();
    if (!have_own_network())
        TEST_SKIP("no network namespace may be made");
    memset(half, 'x', sizeof(half));
    limits.body_memory = 1000;
    limits.linger_ms = 200;
    server_start_at("192.0.2.1", &limits);
    a = connect_to(PLAIN);
    send_text(a, ECHO("700", ""));
    send_bytes(a, half, sizeof(half));
    near = connect_to(UNIX); /* this machine's clients are exempt */
    send_text(near, ECHO("600", ""));
    send_bytes(near, half, sizeof(half));
    CHECK_INT(read_answer(near, NULL), ==, 200);
    b = connect_to(PLAIN);
    send_text(b, ECHO("600", ""));
    send_bytes(b, half, sizeof(half));
    CHECK_INT(read_answer(b, NULL), ==, 503);
    CHECK_ENDED(b);
    send_bytes(a, half, 100);
    CHECK_INT(read_answer(a, NULL), ==, 200);
    for (int i = 0; i < 5; i++) { /* what was counted is given back */
        send_text(a, ECHO("600", ""));
        send_bytes(a, half, sizeof(half));
        CHECK_INT(read_answer(a, NULL), ==, 200);
    }
    server_stop();
}

TEST_MAIN
