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

#define ECHO(length, body)                                                                 \
    "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: " length "\r\n\r\n" body
#define GET(path) "GET " path " HTTP/1.1\r\nHost: x\r\n\r\n"

TEST(a_request_is_answered_on_every_kind_of_listener_and_the_connection_kept)
{
    server_start();
    for (int i = 0; i < N_LISTENERS; i++) {
        autoptr(stream) s = connect_to(i);

        for (int n = 0; n < 3; n++) {
            send_text(s, ECHO("5", "hello"));
            CHECK_ANSWER(s, 200, "hello");
        }
    }
    wait_for_connections(0);
    server_stop();
}

TEST(a_handler_sees_the_request_and_who_sent_it)
{
    autofree char *as_me =
        xasprintf("GET /show a=ä&b x=seen unix:%u root", (unsigned)geteuid());

    server_start();
    for (int i = 0; i < N_LISTENERS; i++) {
        autoptr(stream) s = connect_to(i);

        send_text(s, "GET /show?b=1&a=%c3%a4%26b HTTP/1.1\r\nHost: x\r\nX-Test:  seen "
                     "\r\n\r\n");
        CHECK_ANSWER(s, 200, i == UNIX ? as_me : "GET /show a=ä&b x=seen 127.0.0.1");
    }
    server_stop();
}

TEST(a_request_may_come_byte_by_byte)
{
    static const char request[] = ECHO("5", "hello");

    server_start();
    for (int i = 0; i < N_LISTENERS; i++) {
        autoptr(stream) s = connect_to(i);

        for (const char *at = request; *at; at++)
            send_bytes(s, at, 1);
        CHECK_ANSWER(s, 200, "hello");
    }
    server_stop();
}

TEST(requests_sent_ahead_are_answered_in_order)
{
    autobuf ahead = BUF_INIT;

    server_start();
    for (int i = 0; i < 500; i++)
        buf_addf(&ahead,
                 i % 3 ? ECHO("3", "%03d") : "GET /show?a=%d HTTP/1.1\r\nHost: x\r\n\r\n",
                 i);
    for (int kind = 0; kind < N_LISTENERS; kind++) {
        autoptr(stream) s = connect_to(kind);

        send_bytes(s, ahead.data, ahead.size);
        for (int i = 0; i < 500; i++) {
            autofree char *number = xasprintf(i % 3 ? "%03d" : "a=%d x", i);
            autobuf body = BUF_INIT;

            CHECK_INT(read_answer(s, &body), ==, 200);
            if (!strstr(buf_str(&body), number))
                TEST_FAIL("answer %d is %s", i, buf_str(&body));
        }
    }
    server_stop();
}

TEST(a_body_may_be_chunked)
{
    server_start();
    for (int i = 0; i < N_LISTENERS; i++) {
        autoptr(stream) s = connect_to(i);

        send_text(s, "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                     "3\r\nabc\r\n");
        send_text(s, "A;x=y\r\n0123456789\r\n0\r\nTrailer: t\r\n\r\n" ECHO("2", "ok"));
        CHECK_ANSWER(s, 200, "abc0123456789");
        CHECK_ANSWER(s, 200, "ok");
    }
    server_stop();
}

TEST(an_empty_body_is_a_body)
{
    autoptr(stream) s = NULL;

    server_start();
    s = connect_to(PLAIN);
    send_text(s, ECHO("0", ""));
    CHECK_ANSWER(s, 200, "");
    server_stop();
}

TEST(who_asks_first_is_told_to_continue)
{
    server_start();
    for (int i = 0; i < N_LISTENERS; i++) {
        autoptr(stream) s = connect_to(i);

        send_text(s, "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n"
                     "Expect: 100-continue\r\n\r\n");
        CHECK_INT(read_answer(s, NULL), ==, 100);
        send_text(s, "hi");
        CHECK_ANSWER(s, 200, "hi");
    }
    server_stop();
}

TEST(who_asks_first_and_wants_too_much_is_told_so_at_once)
{
    autoptr(stream) s = NULL;

    server_start();
    s = connect_to(PLAIN);
    send_text(s, "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1001\r\n"
                 "Expect: 100-continue\r\n\r\n");
    CHECK_INT(read_answer(s, NULL), ==, 413);
    CHECK_ENDED(s);
    server_stop();
}

TEST(http_1_0_closes_unless_asked_to_keep)
{
    autoptr(stream) s = NULL;
    autoptr(stream) kept = NULL;
    autobuf answer = BUF_INIT;

    server_start();
    s = connect_to(PLAIN);
    send_text(s, "POST /echo HTTP/1.0\r\nContent-Length: 2\r\n\r\nhi");
    read_all(s, &answer);
    CHECK(strstr(buf_str(&answer), "connection: close\r\n"));
    CHECK(strstr(buf_str(&answer), "\r\n\r\nhi"));
    kept = connect_to(PLAIN);
    for (int i = 0; i < 2; i++) {
        send_text(kept, "POST /echo HTTP/1.0\r\nContent-Length: 2\r\n"
                        "Connection: keep-alive\r\n\r\nhi");
        CHECK_ANSWER(kept, 200, "hi");
    }
    server_stop();
}

TEST(a_client_may_ask_to_close)
{
    server_start();
    for (int i = 0; i < N_LISTENERS; i++) {
        autoptr(stream) s = connect_to(i);

        send_text(s, "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n"
                     "Connection: close\r\n\r\nhi");
        CHECK_ANSWER(s, 200, "hi");
        CHECK_ENDED(s);
    }
    server_stop();
}

TEST(a_request_without_a_route_keeps_the_connection_if_it_has_no_body)
{
    autoptr(stream) s = NULL;
    autobuf answer = BUF_INIT;

    server_start();
    s = connect_to(PLAIN);
    send_text(s, GET("/nowhere"));
    CHECK_INT(read_answer(s, NULL), ==, 404);
    send_text(s, GET("/show/"));
    CHECK_INT(read_answer(s, NULL), ==, 404);
    send_text(s, GET("/echo"));
    CHECK_INT(read_answer(s, NULL), ==, 405);
    send_text(
        s, "DELETE /show HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nx" GET("/show"));
    read_all(s, &answer);
    CHECK(strncmp(buf_str(&answer), "HTTP/1.1 405 ", 13) == 0);
    CHECK(strstr(buf_str(&answer), "allow: GET, POST\r\n"));
    CHECK(!strstr(buf_str(&answer), "GET /show"));
    server_stop();
}

/* What two programs could read differently, or nobody should send: the status, and that the
 * connection ends with nothing behind it handled. */
static const struct {
    const char *claim, *request;
    int status;
} refused[] = {
#define HOST  "Host: x\r\n"
#define AFTER ECHO("1", "s") /* the smuggled one */
    {"CL and TE",
     "POST /echo HTTP/1.1\r\n" HOST "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n"
     "\r\n0\r\n\r\n" AFTER,
     400},
    {"TE and CL",
     "POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n"
     "\r\n0\r\n\r\n" AFTER,
     400},
    {"two lengths",
     "POST /echo HTTP/1.1\r\n" HOST "Content-Length: 0\r\nContent-Length: 3\r\n\r\n" AFTER,
     400},
    {"the same length twice",
     "POST /echo HTTP/1.1\r\n" HOST "Content-Length: 0\r\nContent-Length: 0\r\n\r\n" AFTER,
     400},
    {"a list of lengths",
     "POST /echo HTTP/1.1\r\n" HOST "Content-Length: 0, 0\r\n\r\n" AFTER, 400},
    {"a signed length", "POST /echo HTTP/1.1\r\n" HOST "Content-Length: +1\r\n\r\ns", 400},
    {"a negative length", "POST /echo HTTP/1.1\r\n" HOST "Content-Length: -1\r\n\r\ns",
     400},
    {"a length in hex", "POST /echo HTTP/1.1\r\n" HOST "Content-Length: 0x1\r\n\r\ns", 400},
    {"a length beyond 64 bits",
     "POST /echo HTTP/1.1\r\n" HOST "Content-Length: 18446744073709551617\r\n\r\ns", 400},
    {"an unknown coding",
     "POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: gzip, chunked\r\n\r\n" AFTER, 501},
    {"a disguised coding",
     "POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: xchunked\r\n\r\n" AFTER, 501},
    {"two codings",
     "POST /echo HTTP/1.1\r\n" HOST
     "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n" AFTER,
     400},
    {"chunked in HTTP/1.0",
     "POST /echo HTTP/1.0\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" AFTER,
     400},
    {"a space before the colon",
     "POST /echo HTTP/1.1\r\n" HOST "Content-Length : 0\r\n\r\n" AFTER, 400},
    {"a folded line",
     "POST /echo HTTP/1.1\r\n" HOST "X: a\r\n b\r\nContent-Length: 0\r\n\r\n" AFTER, 400},
    {"a folded first line",
     "POST /echo HTTP/1.1\r\n Content-Length: 0\r\n" HOST "\r\n" AFTER, 400},
    {"a bare LF in the request line", "POST /echo HTTP/1.1\n" HOST "\r\n", 400},
    {"a bare LF behind a field",
     "POST /echo HTTP/1.1\r\nHost: x\nContent-Length: 0\r\n\r\n" AFTER, 400},
    {"a bare CR in a field", "POST /echo HTTP/1.1\r\nHost: x\rX: y\r\n\r\n" AFTER, 400},
    {"no Host", "POST /echo HTTP/1.1\r\nContent-Length: 0\r\n\r\n" AFTER, 400},
    {"two Hosts",
     "POST /echo HTTP/1.1\r\nHost: x\r\nHost: y\r\nContent-Length: 0\r\n\r\n" AFTER, 400},
    {"a chunk size with a sign",
     "POST /echo HTTP/1.1\r\n" HOST
     "Transfer-Encoding: chunked\r\n\r\n+1\r\ns\r\n0\r\n\r\n" AFTER,
     400},
    {"a chunk size with 0x",
     "POST /echo HTTP/1.1\r\n" HOST
     "Transfer-Encoding: chunked\r\n\r\n0x1\r\ns\r\n0\r\n\r\n" AFTER,
     400},
    {"a chunk size that overflows",
     "POST /echo HTTP/1.1\r\n" HOST
     "Transfer-Encoding: chunked\r\n\r\n10000000000000001\r\ns\r\n0\r\n\r\n" AFTER,
     400},
    {"a bare LF behind a chunk's size",
     "POST /echo HTTP/1.1\r\n" HOST
     "Transfer-Encoding: chunked\r\n\r\n1\ns\r\n0\r\n\r\n" AFTER,
     400},
    {"a chunk longer than its size",
     "POST /echo HTTP/1.1\r\n" HOST
     "Transfer-Encoding: chunked\r\n\r\n1\r\nss\r\n0\r\n\r\n" AFTER,
     400},
    {"chunks of more than the route takes",
     "POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n3e9\r\n" AFTER, 413},
    {"a body of more than the route takes",
     "POST /echo HTTP/1.1\r\n" HOST "Content-Length: 1001\r\n\r\n" AFTER, 413},
    {"a body for a route without one",
     "GET /show HTTP/1.1\r\n" HOST "Content-Length: 5\r\n\r\nhello" AFTER, 413},
    {"a POST without a length", "POST /echo HTTP/1.1\r\n" HOST "\r\n" AFTER, 411},
    {"a version to come", "POST /echo HTTP/2.0\r\n" HOST "\r\n", 505},
    {"no version", "POST /echo\r\n" HOST "\r\n", 400},
    {"the start of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
    {"a path that climbs", "GET /show/../show HTTP/1.1\r\n" HOST "\r\n", 400},
    {"an escaped slash", "GET /show%2f HTTP/1.1\r\n" HOST "\r\n", 400},
    {"a NUL in a path", "GET /show%00 HTTP/1.1\r\n" HOST "\r\n", 400},
    {"an authority as target", "CONNECT x:1 HTTP/1.1\r\n" HOST "\r\n", 400},
    {"an unknown expectation",
     "POST /echo HTTP/1.1\r\n" HOST "Content-Length: 1\r\nExpect: gold\r\n\r\ns", 417},
    {"TLS to a plain port", "\x16\x03\x01\x02\x01\x01\x01\n\n", 400},
#undef HOST
#undef AFTER
};

TEST(a_request_that_could_be_misread_is_refused_and_the_connection_closed)
{
    server_start();
    for (size_t i = 0; i < ARRAY_SIZE(refused); i++) {
        autoptr(stream) s = connect_to(i % 2 ? PLAIN : TLS);
        autofree char *line = xasprintf("HTTP/1.1 %d ", refused[i].status);
        autobuf answer = BUF_INIT;

        send_text(s, refused[i].request);
        read_all(s, &answer);
        if (strncmp(buf_str(&answer), line, strlen(line)) != 0 ||
            !strstr(buf_str(&answer), "connection: close\r\n"))
            TEST_FAIL("%s: %s", refused[i].claim, buf_str(&answer));
        if (strstr(buf_str(&answer) + 5, "HTTP/1.1 ") || fixture.n_handled)
            TEST_FAIL("%s: something was handled", refused[i].claim);
    }
    server_stop();
}

TEST(a_head_has_limits)
{
    static char line[HTTP_MAX_LINE + 1000], fields[HTTP_MAX_FIELDS_SIZE + 1000];
    autoptr(stream) a = NULL;
    autoptr(stream) b = NULL;
    autoptr(stream) c = NULL;
    autobuf many = BUF_INIT;

    server_start();
    memset(line, 'a', sizeof(line));
    a = connect_to(PLAIN);
    send_text(a, "GET /");
    send_bytes(a, line, sizeof(line));
    CHECK_INT(read_answer(a, NULL), ==, 414);
    CHECK_ENDED(a);
    memset(fields, 'a', sizeof(fields));
    b = connect_to(PLAIN);
    send_text(b, "GET /show HTTP/1.1\r\nX: ");
    send_bytes(b, fields, sizeof(fields));
    CHECK_INT(read_answer(b, NULL), ==, 431);
    CHECK_ENDED(b);
    c = connect_to(PLAIN);
    buf_add_str(&many, "GET /show HTTP/1.1\r\n");
    for (int i = 0; i < 101; i++)
        buf_addf(&many, "x-%d: y\r\n", i);
    send_bytes(c, many.data, many.size);
    CHECK_INT(read_answer(c, NULL), ==, 431);
    CHECK_ENDED(c);
    server_stop();
}

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

/* Sends a stream of requests cut at random places. */
TEST(it_does_not_matter_where_the_stream_is_cut)
{
    static const char stream[] =
        ECHO("5", "first") "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked"
                           "\r\n\r\n4\r\nse\r\n\r\n2\r\nco\r\n0\r\n\r\n"
                           "\r\n" ECHO("5", "third");
    uint32_t random = 12345;

    server_start();
    for (int round = 0; round < 200; round++) {
        autoptr(stream) s = connect_to(round % N_LISTENERS);
        size_t at = 0;

        while (at < sizeof(stream) - 1) {
            size_t n, left = sizeof(stream) - 1 - at;

            random = random * 1664525 + 1013904223;
            n = 1 + (random >> 16) % 60;
            n = n < left ? n : left;
            send_bytes(s, stream + at, n);
            at += n;
        }
        CHECK_ANSWER(s, 200, "first");
        CHECK_ANSWER(s, 200, "se\r\nco");
        CHECK_ANSWER(s, 200, "third");
    }
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
