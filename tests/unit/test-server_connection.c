// SPDX-License-Identifier: GPL-2.0-or-later
#include "server_fixture.h"

#include <errno.h>

#include "io/address.h"

/* ---- who comes too late ---- */

/* The usual limits but one. */
#define START_WITH(member, value)                                                          \
    do {                                                                                   \
        struct server_limits limits_ = server_default_limits;                              \
        limits_.linger_ms = 200;                                                           \
        limits_.member = (value);                                                          \
        server_start_at("127.0.0.1", &limits_);                                            \
    } while (0)

TEST(a_head_that_takes_too_long_ends_in_408)
{
    START_WITH(head_ms, 300);
    for (int i = 0; i < N_LISTENERS; i++) {
        autoptr(stream) s = connect_to(i);

        send_text(s, "POST /echo HTTP/1.1\r\nHo");
        CHECK_INT(read_answer(s, NULL), ==, 408);
        CHECK_ENDED(s);
    }
    server_stop();
}

/* Drops bytes in, slowly, until the server has had enough. */
TEST(a_head_that_drips_ends_in_408_all_the_same)
{
    autoptr(stream) s = NULL;
    uint64_t began = clock_monotonic_ms();

    START_WITH(head_ms, 300);
    s = connect_to(PLAIN);
    send_text(s, "GET /show HTTP/1.1\r\nX: ");
    while (stream_write(s, "a", 1, DEADLINE) == 0 && n_connections() == 1 &&
           clock_monotonic_ms() < began + 20000)
        poll(NULL, 0, 20);
    wait_for_connections(0);
    CHECK_INT(clock_monotonic_ms() - began, <, 20000);
    server_stop();
}

TEST(a_body_that_takes_too_long_ends_in_408)
{
    START_WITH(body_ms, 300);
    for (int i = 0; i < N_LISTENERS; i++) {
        autoptr(stream) s = connect_to(i);

        send_text(s, ECHO("5", "hel"));
        CHECK_INT(read_answer(s, NULL), ==, 408);
        CHECK_ENDED(s);
    }
    CHECK_INT(fixture.n_handled, ==, 0);
    server_stop();
}

TEST(who_says_nothing_is_closed_without_a_word)
{
    autoptr(stream) first = NULL;
    autoptr(stream) idle = NULL;

    START_WITH(head_ms, 300);
    first = connect_to(PLAIN);
    CHECK_ENDED(first);
    START_WITH(idle_ms, 300);
    idle = connect_to(PLAIN);
    send_text(idle, ECHO("5", "hello"));
    CHECK_ANSWER(idle, 200, "hello");
    CHECK_ENDED(idle);
    server_stop();
}

/* A plain connection to the TLS listener. */
static int connect_raw(int listener)
{
    struct address address;
    int sock;

    CHECK_INT(address_parse(server_address(fixture.server, (size_t)listener), &address), ==,
              0);
    sock = socket(address.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (sock < 0 || connect(sock, &address.any, address.size) < 0) {
        cleanup_close(&sock);
        TEST_FAIL("connecting: %s", strerror(errno));
    }
    return sock;
}

TEST(a_handshake_that_does_not_begin_is_ended)
{
    autoclose int sock = -1;
    char byte;

    START_WITH(handshake_ms, 300);
    sock = connect_raw(TLS);
    CHECK_INT(wait_for_fd(sock, POLLIN, DEADLINE), ==, 0);
    CHECK_INT(read(sock, &byte, 1), ==, 0);
    wait_for_connections(0);
    server_stop();
}

TEST(plain_http_to_the_tls_port_is_closed)
{
    autoclose int sock = -1;
    char data[256];
    ssize_t n;

    server_start();
    sock = connect_raw(TLS);
    CHECK_INT(write(sock, GET("/show"), strlen(GET("/show"))), >, 0);
    do {
        CHECK_INT(wait_for_fd(sock, POLLIN, DEADLINE), ==, 0);
        n = read(sock, data, sizeof(data));
    } while (n > 0); /* an alert may come first */
    wait_for_connections(0);
    server_stop();
}

/* ---- large answers ---- */

static void check_big(const struct buf *body)
{
    CHECK_INT(body->size, ==, BIG_SIZE);
    for (size_t i = 0; i < body->size; i++) {
        char want = (char)('a' + (int)(i / (BIG_SIZE / BIG_CHUNKS) % 26));

        if (body->data[i] != want)
            TEST_FAIL("byte %zu is %c, not %c", i, body->data[i], want);
    }
}

TEST(a_large_answer_arrives_whole_and_gives_its_chunks_back)
{
    server_start();
    for (int i = 0; i < N_LISTENERS; i++) {
        autoptr(stream) s = connect_to(i);
        autobuf body = BUF_INIT;

        send_text(s, GET("/big"));
        CHECK_INT(read_answer(s, &body), ==, 200);
        check_big(&body);
        send_text(s, ECHO("2", "ok"));
        CHECK_ANSWER(s, 200, "ok");
    }
    CHECK_INT(fixture.n_released, ==, N_LISTENERS * BIG_CHUNKS);
    server_stop();
}

TEST(a_slow_reader_holds_nobody_up)
{
    autoptr(stream) slow = NULL;
    autoptr(stream) quick = NULL;
    autobuf body = BUF_INIT;

    server_start();
    slow = connect_to(TLS);
    send_text(slow, GET("/big"));
    quick = connect_to(TLS);
    for (int i = 0; i < 20; i++) {
        send_text(quick, ECHO("2", "ok"));
        CHECK_ANSWER(quick, 200, "ok");
    }
    CHECK_INT(read_answer(slow, &body), ==, 200);
    check_big(&body);
    server_stop();
}

TEST(who_does_not_read_is_closed_and_the_chunks_are_given_back)
{
    START_WITH(stall_ms, 300);
    for (int i = 0; i < N_LISTENERS; i++) {
        autoptr(stream) s = connect_to(i);

        send_text(s, GET("/big"));
        wait_for_connections(1);
        wait_for_connections(0);
    }
    CHECK_INT(fixture.n_released, ==, fixture.n_borrowed);
    CHECK_INT(fixture.n_released, ==, N_LISTENERS * BIG_CHUNKS);
    server_stop();
}

TEST(who_leaves_within_an_answer_gives_the_chunks_back)
{
    server_start();
    for (int i = 0; i < N_LISTENERS; i++) {
        struct stream *s = connect_to(i);
        char byte;

        send_text(s, GET("/big"));
        CHECK_INT(stream_read(s, &byte, 1, DEADLINE), ==, 1);
        stream_free(s);
        wait_for_connections(0);
    }
    CHECK_INT(fixture.n_released, ==, N_LISTENERS * BIG_CHUNKS);
    server_stop();
}

/* ---- requests that wait ---- */

TEST(another_thread_may_answer)
{
    server_start();
    for (int i = 0; i < N_LISTENERS; i++) {
        autoptr(stream) s = connect_to(i);

        for (int n = 0; n < 100; n++) {
            send_text(s, GET("/worker"));
            CHECK_ANSWER(s, 200, "from a worker");
        }
    }
    server_stop();
}

TEST(what_is_sent_behind_a_waiting_request_waits_too)
{
    server_start();
    for (int i = 0; i < N_LISTENERS; i++) {
        autoptr(stream) s = connect_to(i);
        struct http_request *parked;

        send_text(s, GET("/watch"));
        parked = take_parked();
        send_text(s, ECHO("4", "next"));
        CHECK_INT(n_connections(), ==, 1);
        CHECK_INT(fixture.n_handled, ==, i);
        answer_text(parked, "at last");
        CHECK_ANSWER(s, 200, "at last");
        CHECK_ANSWER(s, 200, "next");
    }
    CHECK_INT(fixture.n_gone, ==, 0);
    server_stop();
}

TEST(a_client_that_leaves_while_it_waits_is_noticed)
{
    server_start();
    for (int i = 0; i < N_LISTENERS; i++) {
        struct stream *s = connect_to(i);

        send_text(s, GET("/watch"));
        take_parked();
        stream_free(s);
        wait_for_connections(0);
        CHECK_INT(fixture.n_gone, ==, i + 1);
    }
    server_stop();
}

TEST(who_leaves_and_sent_ahead_is_noticed_too)
{
    struct stream *s;

    server_start();
    s = connect_to(PLAIN);
    send_text(s, GET("/watch"));
    take_parked();
    send_text(s, GET("/show"));
    stream_free(s);
    wait_for_connections(0);
    CHECK_INT(fixture.n_gone, ==, 1);
    server_stop();
}

TEST(a_request_nobody_watches_is_answered_to_nobody)
{
    server_start();
    for (int i = 0; i < N_LISTENERS; i++) {
        struct stream *s = connect_to(i);
        struct http_request *parked;

        send_text(s, GET("/park"));
        parked = take_parked();
        stream_free(s);
        if (i == UNIX) /* others cannot tell a close from an end of sending */
            wait_for_connections(0);
        answer_text(parked, "to nobody");
        wait_for_connections(0);
    }
    server_stop();
}

TEST(who_only_ends_sending_still_gets_the_answer)
{
    autoclose int sock = -1;
    char answer[1024] = "";
    ssize_t n, size = 0;

    server_start();
    sock = connect_raw(PLAIN);
    CHECK_INT(write(sock, GET("/watch"), strlen(GET("/watch"))), >, 0);
    shutdown(sock, SHUT_WR);
    while ((n = read(sock, answer + size, sizeof(answer) - 1 - (size_t)size)) > 0)
        size += n;
    CHECK_INT(n, ==, 0);
    CHECK(strstr(answer, "\r\n\r\nyou were gone"));
    CHECK_INT(fixture.n_gone, ==, 1);
    server_stop();
}

TEST(a_server_may_end_with_all_kinds_of_connections_open)
{
    autoptr(stream) idle = NULL;
    autoptr(stream) half = NULL;
    autoptr(stream) big = NULL;
    autoptr(stream) parked = NULL;
    struct http_request *request;

    server_start();
    idle = connect_to(TLS);
    half = connect_to(PLAIN);
    send_text(half, ECHO("5", "he"));
    big = connect_to(PLAIN);
    send_text(big, GET("/big"));
    parked = connect_to(TLS);
    send_text(parked, GET("/park"));
    request = take_parked();
    wait_for_connections(4);
    fixture.is_running = false;
    loop_post(fixture.mailbox, leave_loop, NULL);
    pthread_join(fixture.thread, NULL);
    answer_text(request, "goodbye");
    fixture.is_running = true;
    pthread_create(&fixture.thread, NULL, run_loop, NULL);
    server_stop();
    CHECK_ANSWER(parked, 200, "goodbye");
    CHECK_ENDED(parked);
    CHECK_INT(fixture.n_released, ==, BIG_CHUNKS);
}

TEST_MAIN
