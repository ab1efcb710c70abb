// SPDX-License-Identifier: GPL-2.0-or-later
#include "server_fixture.h"

#include <errno.h>
#include <fcntl.h>

#include "wire/websocket.h"

#define MASK      "\x01\x02\x03\x04"
#define MOST_KEPT (8u << 20) /* by sockets and the server, of bytes nobody takes */

/* A client and the other end of its tunnel. */
struct ends {
    struct stream *client;
    int peer;
};

static void ends_fini(struct ends *ends)
{
    stream_free(ends->client);
    if (ends->peer >= 0)
        close(ends->peer);
}
#define auto_ends CLEANUP(ends_fini) struct ends

static void open_with(struct ends *ends, int listener, enum http_framing framing,
                      const char *ahead)
{
    autofree char *request = xasprintf(GET("/park") "%s", ahead);

    ends->client = connect_to(listener);
    send_text(ends->client, request);
    ends->peer = make_tunnel(take_parked(), framing);
    CHECK_INT(read_answer(ends->client, NULL), ==, 200);
}

static void open_raw(struct ends *ends, int listener)
{
    open_with(ends, listener, TUNNEL_RAW, "");
}

/* What the peer reads next: exactly 'text'. */
#define CHECK_PEER(ends, text)                                                             \
    do {                                                                                   \
        char got_[64] = "";                                                                \
        CHECK_INT(recv((ends)->peer, got_, strlen(text), MSG_WAITALL), ==, strlen(text));  \
        CHECK_STR(got_, (text));                                                           \
    } while (0)

#define CHECK_CLIENT(ends, text)                                                           \
    do {                                                                                   \
        char got_[64] = "";                                                                \
        read_exactly((ends)->client, got_, strlen(text));                                  \
        CHECK_STR(got_, (text));                                                           \
    } while (0)

static void read_exactly(struct stream *stream, char *data, size_t size)
{
    while (size) {
        ssize_t n = stream_read(stream, data, size, DEADLINE);

        if (n <= 0)
            TEST_FAIL("the stream ended %zu bytes too early", size);
        data += n;
        size -= (size_t)n;
    }
}

static void wait_ended(int n)
{
    wait_for_connections(0);
    CHECK_INT(fixture.n_tunnels_ended, ==, n);
}

/* ---- raw ---- */

TEST(bytes_go_both_ways_and_those_sent_ahead_first)
{
    server_start();
    for (int i = 0; i < N_LISTENERS; i++) {
        auto_ends e = {NULL, -1};

        open_with(&e, i, TUNNEL_RAW, "ahead");
        CHECK_PEER(&e, "ahead");
        send_text(e.client, "to");
        CHECK_PEER(&e, "to");
        CHECK_INT(write(e.peer, "back", 4), ==, 4);
        CHECK_CLIENT(&e, "back");
    }
    wait_ended(N_LISTENERS);
    server_stop();
}

TEST(what_the_peer_wrote_last_still_comes)
{
    server_start();
    for (int i = 0; i < N_LISTENERS; i++) {
        auto_ends e = {NULL, -1};

        open_raw(&e, i);
        CHECK_INT(write(e.peer, "last", 4), ==, 4);
        close(take_fd(e.peer));
        CHECK_CLIENT(&e, "last");
        CHECK_ENDED(e.client);
    }
    wait_ended(N_LISTENERS);
    server_stop();
}

TEST(what_the_client_sent_last_still_comes)
{
    server_start();
    for (int i = 0; i < N_LISTENERS; i++) {
        auto_ends e = {NULL, -1};
        char byte;

        open_raw(&e, i);
        send_text(e.client, "last");
        stream_free(take_ptr(e.client));
        CHECK_PEER(&e, "last");
        CHECK_INT(recv(e.peer, &byte, 1, 0), ==, 0);
    }
    wait_ended(N_LISTENERS);
    server_stop();
}

/* Fills a way until nobody takes more: how many bytes that was. */
static size_t fill_way(int sock, char *next)
{
    size_t total = 0;
    char piece[10000];
    int quiet = 0;

    while (quiet < 20) {
        ssize_t n;

        for (size_t i = 0; i < sizeof(piece); i++)
            piece[i] = (char)(*next + (char)(i % 251));
        n = send(sock, piece, sizeof(piece), MSG_DONTWAIT | MSG_NOSIGNAL);
        if (n < 0 && errno == EAGAIN) {
            quiet++;
            poll(NULL, 0, 10);
            continue;
        }
        CHECK_INT(n, >, 0);
        quiet = 0;
        *next = (char)(piece[n - 1] + 1);
        total += (size_t)n;
        CHECK_INT(total, <, MOST_KEPT);
    }
    return total;
}

TEST(a_client_that_does_not_read_stops_the_peer_and_loses_nothing)
{
    server_start();
    for (int i = 0; i < N_LISTENERS; i++) {
        auto_ends e = {NULL, -1};
        size_t total, seen = 0;
        char next = 0;

        open_raw(&e, i);
        total = fill_way(e.peer, &next);
        close(take_fd(e.peer));
        while (seen < total) {
            char piece[16384];
            ssize_t n = stream_read(e.client, piece, sizeof(piece), DEADLINE);

            CHECK_INT(n, >, 0);
            seen += (size_t)n;
        }
        CHECK_INT(seen, ==, total);
        CHECK_ENDED(e.client);
    }
    server_stop();
}

TEST(a_peer_that_does_not_read_stops_the_client)
{
    auto_ends e = {NULL, -1};
    char next = 0;
    size_t total, seen = 0;

    server_start();
    open_raw(&e, PLAIN);
    total = fill_way(stream_fd(e.client), &next);
    while (seen < total) {
        char piece[16384];
        ssize_t n = recv(e.peer, piece, sizeof(piece), 0);

        CHECK_INT(n, >, 0);
        seen += (size_t)n;
    }
    CHECK_INT(seen, ==, total);
    send_text(e.client, "more");
    CHECK_PEER(&e, "more");
    server_stop();
}

TEST(a_client_that_takes_nothing_for_too_long_is_cut)
{
    struct server_limits limits = server_default_limits;
    auto_ends e = {NULL, -1};
    static const char piece[16384];

    limits.stall_ms = 300;
    server_start_at("127.0.0.1", &limits);
    open_raw(&e, PLAIN);
    CHECK_INT(write(e.peer, "x", 1), ==, 1);
    CHECK_CLIENT(&e, "x");
    poll(NULL, 0, 600); /* silence is no stall */
    CHECK_INT(write(e.peer, "y", 1), ==, 1);
    CHECK_CLIENT(&e, "y");
    fcntl(e.peer, F_SETFL, O_NONBLOCK);
    while (n_connections() == 1)
        if (send(e.peer, piece, sizeof(piece), MSG_NOSIGNAL) < 0)
            poll(NULL, 0, 10);
    wait_ended(1);
    server_stop();
}

TEST(tunnels_are_counted)
{
    struct server_limits limits = server_default_limits;
    auto_ends first = {NULL, -1};
    auto_ends second = {NULL, -1};
    auto_ends third = {NULL, -1};

    limits.n_tunnels = 1;
    server_start_at("127.0.0.1", &limits);
    open_raw(&first, PLAIN);
    second.client = connect_to(PLAIN);
    send_text(second.client, GET("/park"));
    second.peer = make_tunnel(take_parked(), TUNNEL_RAW);
    CHECK_INT(read_answer(second.client, NULL), ==, 503);
    CHECK_INT(fixture.n_tunnels_ended, ==, 1);
    close(take_fd(first.peer));
    CHECK_ENDED(first.client);
    open_raw(&third, PLAIN);
    server_stop();
    CHECK_INT(fixture.n_tunnels_ended, ==, 3);
}

TEST(who_left_before_the_tunnel_began_gets_none)
{
    auto_ends e = {NULL, -1};
    struct http_request *request;
    char byte;

    server_start();
    e.client = connect_to(UNIX);
    send_text(e.client, GET("/park"));
    request = take_parked();
    stream_free(take_ptr(e.client));
    wait_for_connections(0);
    e.peer = make_tunnel(request, TUNNEL_RAW);
    CHECK_INT(recv(e.peer, &byte, 1, 0), ==, 0);
    wait_ended(1);
    server_stop();
}

/* ---- WebSocket ---- */

static void send_frame(struct ends *e, unsigned first, const char *data, size_t size)
{
    autobuf frame = BUF_INIT;

    buf_add_char(&frame, (char)first);
    buf_add_char(&frame, (char)(0x80 | size));
    buf_add(&frame, MASK, 4);
    for (size_t i = 0; i < size; i++)
        buf_add_char(&frame, (char)(data[i] ^ MASK[i % 4]));
    send_bytes(e->client, frame.data, frame.size);
}

/* The next frame has this first byte and carries this. */
#define CHECK_FRAME(ends, first, data, size)                                               \
    do {                                                                                   \
        char got_[128] = "";                                                               \
        read_exactly((ends)->client, got_, 2);                                             \
        CHECK_INT((unsigned char)got_[0], ==, (first));                                    \
        CHECK_INT((unsigned char)got_[1], ==, (size));                                     \
        read_exactly((ends)->client, got_, (size));                                        \
        CHECK(memcmp(got_, (data), (size)) == 0);                                          \
    } while (0)

TEST(a_websocket_carries_the_same_bytes_in_frames)
{
    server_start();
    for (int i = 0; i < N_LISTENERS; i++) {
        auto_ends e = {NULL, -1};

        open_with(&e, i, TUNNEL_WEBSOCKET, "");
        send_frame(&e, 0x82, "RFB 003.008\n", 12);
        send_frame(&e, 0x02, " in ", 4);
        send_frame(&e, 0x89, "ping", 4);
        send_frame(&e, 0x80, "parts", 5);
        CHECK_PEER(&e, "RFB 003.008\n in parts");
        CHECK_FRAME(&e, 0x8a, "ping", 4);
        CHECK_INT(write(e.peer, "back", 4), ==, 4);
        CHECK_FRAME(&e, 0x82, "back", 4);
    }
    server_stop();
}

TEST(a_websocket_ends_with_a_close_that_says_why)
{
    auto_ends by_client = {NULL, -1};
    auto_ends by_peer = {NULL, -1};
    auto_ends by_fault = {NULL, -1};

    server_start();
    open_with(&by_client, TLS, TUNNEL_WEBSOCKET, "");
    send_frame(&by_client, 0x88, "\x03\xe9", 2);
    CHECK_FRAME(&by_client, 0x88, "\x03\xe9", 2);
    CHECK_ENDED(by_client.client);

    open_with(&by_peer, TLS, TUNNEL_WEBSOCKET, "");
    CHECK_INT(write(by_peer.peer, "last", 4), ==, 4);
    close(take_fd(by_peer.peer));
    CHECK_FRAME(&by_peer, 0x82, "last", 4);
    CHECK_FRAME(&by_peer, 0x88, "\x03\xe8", 2);
    CHECK_ENDED(by_peer.client);

    open_with(&by_fault, TLS, TUNNEL_WEBSOCKET, "");
    send_frame(&by_fault, 0x82, "good", 4);
    send_frame(&by_fault, 0x81, "text", 4);
    CHECK_PEER(&by_fault, "good");
    CHECK_FRAME(&by_fault, 0x88, "\x03\xeb", 2);
    CHECK_ENDED(by_fault.client);
    stream_free(take_ptr(by_client.client));
    stream_free(take_ptr(by_peer.client));
    stream_free(take_ptr(by_fault.client));
    wait_ended(3);
    server_stop();
}

TEST(a_silent_websocket_is_asked_and_cut_when_it_gives_no_sign)
{
    struct server_limits limits = server_default_limits;
    auto_ends e = {NULL, -1};
    uint64_t began;

    limits.ping_ms = 100;
    server_start_at("127.0.0.1", &limits);
    open_with(&e, PLAIN, TUNNEL_WEBSOCKET, "");
    began = clock_monotonic_ms();
    for (int i = 0; i < 5; i++) {
        CHECK_FRAME(&e, 0x89, "", 0);
        send_frame(&e, 0x8a, "", 0);
    }
    CHECK_INT(clock_monotonic_ms() - began, >=, 400);
    CHECK_FRAME(&e, 0x89, "", 0);
    CHECK_FRAME(&e, 0x89, "", 0);
    CHECK_ENDED(e.client);
    wait_ended(1);
    server_stop();
}

TEST_MAIN
