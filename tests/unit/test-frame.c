// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/frame.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/fd.h"
#include "lib/test.h"

static int pair[2];

static void make_pair(void)
{
    CHECK_INT(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), ==, 0);
}

static void close_pair(void)
{
    close(pair[0]);
    close(pair[1]);
}

TEST(frames_come_out_as_they_went_in)
{
    struct frame f;

    make_pair();
    CHECK_INT(frame_send(pair[0], "hello", 5, NULL, 0, 0), ==, 0);
    CHECK_INT(frame_send(pair[0], "", 0, NULL, 0, 0), ==, 0);
    CHECK_INT(frame_receive(pair[1], &f, 0), ==, 1);
    CHECK_STR(buf_str(&f.data), "hello");
    CHECK_INT(f.n_fds, ==, 0);
    frame_fini(&f);
    CHECK_INT(frame_receive(pair[1], &f, 0), ==, 1);
    CHECK_INT(f.data.size, ==, 0);
    frame_fini(&f);
    close_pair();
}

TEST(descriptors_ride_with_their_frame_and_are_close_on_exec)
{
    int null = open("/dev/null", O_RDWR | O_CLOEXEC), fds[2];
    struct stat ours, theirs;
    struct frame f;

    make_pair();
    fds[0] = null;
    fds[1] = pair[0];
    CHECK_INT(frame_send(pair[0], "a", 1, fds, 2, 0), ==, 0);
    CHECK_INT(frame_send(pair[0], "b", 1, fds, 1, 0), ==, 0);

    CHECK_INT(frame_receive(pair[1], &f, 0), ==, 1);
    CHECK_INT(f.n_fds, ==, 2);
    CHECK_INT(fcntl(f.fds[1], F_GETFD), ==, FD_CLOEXEC);
    CHECK(fstat(null, &ours) == 0 && fstat(f.fds[0], &theirs) == 0);
    CHECK_INT(ours.st_ino, ==, theirs.st_ino);
    frame_fini(&f);
    CHECK_INT(frame_receive(pair[1], &f, 0), ==, 1);
    CHECK_INT(f.n_fds, ==, 1);
    frame_fini(&f);
    close(null);
    close_pair();
}

TEST(the_largest_set_of_descriptors_passes_and_a_larger_one_is_refused)
{
    int fds[FRAME_MAX_FDS + 1], null = open("/dev/null", O_RDONLY | O_CLOEXEC);
    struct frame f;
    struct stat st;

    make_pair();
    for (size_t i = 0; i < ARRAY_SIZE(fds); i++)
        fds[i] = i % FRAME_BYTE_FDS ? pair[0] : null;
    CHECK_INT(frame_send(pair[0], "x", 1, fds, FRAME_MAX_FDS + 1, 0), ==, -EMSGSIZE);
    CHECK_INT(frame_send(pair[0], "x", 1, fds, FRAME_MAX_FDS, 0), ==, 0);
    CHECK_INT(frame_receive(pair[1], &f, 0), ==, 1);
    CHECK_INT(f.n_fds, ==, FRAME_MAX_FDS);
    for (size_t i = 0; i < f.n_fds; i++)
        CHECK(fstat(f.fds[i], &st) == 0 && S_ISCHR(st.st_mode) == !(i % FRAME_BYTE_FDS));
    CHECK_INT(f.data.size, ==, 1);
    frame_fini(&f);
    close(null);
    close_pair();
}

TEST(more_descriptors_than_a_byte_may_have_are_a_protocol_error)
{
    union {
        struct cmsghdr align;
        char bytes[CMSG_SPACE((FRAME_BYTE_FDS + 3) * sizeof(int))];
    } rights = {0};
    struct iovec part = {"\0\0\0\1x", 5};
    struct msghdr msg = {.msg_iov = &part,
                         .msg_iovlen = 1,
                         .msg_control = &rights,
                         .msg_controllen = sizeof(rights)};
    struct frame f;
    int before, after;

    make_pair();
    rights.align.cmsg_level = SOL_SOCKET;
    rights.align.cmsg_type = SCM_RIGHTS;
    rights.align.cmsg_len = CMSG_LEN((FRAME_BYTE_FDS + 3) * sizeof(int));
    for (int i = 0; i < FRAME_BYTE_FDS + 3; i++)
        memcpy(CMSG_DATA(&rights.align) + i * sizeof(int), &pair[0], sizeof(int));
    CHECK_INT(sendmsg(pair[0], &msg, 0), ==, 5);
    before = dup(0);
    close(before);
    CHECK_INT(frame_receive(pair[1], &f, 0), ==, -EPROTO);
    after = dup(0);
    close(after);
    CHECK_INT(before, ==, after); /* none of them stayed open */
    close_pair();
}

TEST(a_stream_that_ends_inside_a_frame_is_a_protocol_error)
{
    struct frame f;

    for (size_t n = 0; n < 8; n++) {
        make_pair();
        CHECK_INT(write(pair[0], "\0\0\0\4data", n), ==, n);
        shutdown(pair[0], SHUT_WR);
        CHECK_INT(frame_receive(pair[1], &f, 0), ==, n ? -EPROTO : 0);
        close_pair();
    }
}

TEST(an_oversized_frame_is_refused_by_both_sides)
{
    struct frame f;

    make_pair();
    CHECK_INT(frame_send(pair[0], "", FRAME_MAX_SIZE + 1, NULL, 0, 0), ==, -EMSGSIZE);
    CHECK_INT(write(pair[0], "\1\0\0\1", 4), ==, 4);
    CHECK_INT(frame_receive(pair[1], &f, 0), ==, -EPROTO);
    close_pair();
}

TEST(memory_follows_the_bytes_and_not_the_claimed_length)
{
    struct frame_reader reader = {0};
    struct frame f;

    make_pair();
    CHECK_INT(write(pair[0],
                    "\0\xff\xff\xff"
                    "abc",
                    7),
              ==, 7);
    CHECK_INT(frame_read(pair[1], &reader, &f), ==, -EAGAIN);
    CHECK_INT(reader.frame.data.size, ==, 3);
    CHECK_INT(reader.frame.data.room, <, 1 << 20);
    frame_reader_fini(&reader);
    close_pair();
}

TEST(a_reader_takes_a_frame_byte_by_byte)
{
    const char bytes[] = "\0\0\0\3abc\0\0\0\1d";
    struct frame_reader reader = {0};
    struct frame f;

    make_pair();
    for (size_t i = 0; i < sizeof(bytes) - 1; i++) {
        CHECK_INT(write(pair[0], bytes + i, 1), ==, 1);
        CHECK_INT(frame_read(pair[1], &reader, &f), ==, i == 6 || i == 11 ? 1 : -EAGAIN);
        if (i == 6)
            CHECK_STR(buf_str(&f.data), "abc");
        if (i == 6 || i == 11)
            frame_fini(&f);
    }
    close_pair();
}

static void *send_large(void *arg)
{
    autofree char *data = xcalloc(1, FRAME_MAX_SIZE);

    data[FRAME_MAX_SIZE - 1] = 'z';
    *(int *)arg = frame_send(pair[0], data, FRAME_MAX_SIZE, &pair[0], 1, 0);
    return NULL;
}

TEST(the_largest_frame_passes_through_a_small_socket)
{
    pthread_t thread;
    struct frame f;
    int sent = 1;

    make_pair();
    fd_set_nonblocking(pair[0], true);
    pthread_create(&thread, NULL, send_large, &sent);
    CHECK_INT(frame_receive(pair[1], &f, 0), ==, 1);
    pthread_join(thread, NULL);
    CHECK_INT(sent, ==, 0);
    CHECK_INT(f.data.size, ==, FRAME_MAX_SIZE);
    CHECK_INT(f.data.data[FRAME_MAX_SIZE - 1], ==, 'z');
    CHECK_INT(f.n_fds, ==, 1);
    frame_fini(&f);
    close_pair();
}

TEST(waiting_ends_at_the_deadline)
{
    autofree char *data = xcalloc(1, FRAME_MAX_SIZE);
    struct frame f;

    make_pair();
    CHECK_INT(frame_receive(pair[1], &f, clock_monotonic_ms() + 5), ==, -ETIMEDOUT);
    CHECK_INT(frame_send(pair[0], data, FRAME_MAX_SIZE, NULL, 0, clock_monotonic_ms() + 5),
              ==, -ETIMEDOUT);
    close_pair();
}

TEST(a_peer_that_is_gone_is_an_error_and_no_signal)
{
    make_pair();
    close(pair[1]);
    CHECK_INT(frame_send(pair[0], "x", 1, NULL, 0, 0), ==, -EPIPE);
    close(pair[0]);
}

TEST_MAIN
