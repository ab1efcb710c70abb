// SPDX-License-Identifier: GPL-2.0-or-later
#include "server_fixture.h"

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
    CHECK(strncmp(buf_str(&answer), "HTTP/1.0 200 OK\r\n", 17) == 0);
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

TEST(a_request_without_a_route_ends_the_connection)
{
    static const struct {
        const char *request;
        int status, plain_status;
    } cases[] = {
        {GET("/nowhere"), 404, 403},
        {GET("/show/"), 404, 403},
        {GET("/echo"), 405, 403},
        {"POST /nowhere HTTP/1.1\r\nHost: x\r\n\r\n", 404, 404},
    };
    autoptr(stream) s = NULL;
    autobuf answer = BUF_INIT;

    server_start();
    for (size_t i = 0; i < N_LISTENERS * ARRAY_SIZE(cases); i++) {
        int listener = (int)(i % N_LISTENERS);
        autoptr(stream) one = connect_to(listener);

        send_text(one, cases[i / N_LISTENERS].request);
        CHECK_INT(read_answer(one, NULL), ==,
                  listener == PLAIN ? cases[i / N_LISTENERS].plain_status
                                    : cases[i / N_LISTENERS].status);
        CHECK_ENDED(one);
    }
    s = connect_to(PLAIN);
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
        autofree char *status = xasprintf(" %d ", refused[i].status);
        autobuf answer = BUF_INIT;

        send_text(s, refused[i].request);
        read_all(s, &answer);
        if (strncmp(buf_str(&answer), "HTTP/1.", 7) != 0 || answer.size < 8 ||
            strncmp(answer.data + 8, status, strlen(status)) != 0 ||
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

TEST_MAIN
