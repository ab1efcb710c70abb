// SPDX-License-Identifier: GPL-2.0-or-later
/* src/vm/backend/xen/console.c: a pseudo-terminal plays xenconsoled, its other end the
 * terminal of a guest. */
#include "vm/backend/xen/console.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <systemd/sd-event.h>
#include <termios.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/fd.h"
#include "io/loop.h"
#include "lib/scratch.h"
#include "lib/test.h"

#define PATIENCE_MS 10000

static sd_event *loop;
static struct loop_mailbox *mailbox;
static int guest = -1, dir_fd = -1;
static struct console *console;

static void open_console(void)
{
    struct termios raw;
    int tty;

    CHECK_INT(sd_event_new(&loop), >=, 0);
    CHECK_INT(loop_mailbox_new(loop, &mailbox), ==, 0);
    unlink(scratch_path("console.log"));
    dir_fd = open(scratch(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    guest = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    CHECK(guest >= 0 && grantpt(guest) == 0 && unlockpt(guest) == 0);
    tty = open(ptsname(guest), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    CHECK_INT(tcgetattr(tty, &raw), ==, 0);
    cfmakeraw(&raw);
    CHECK_INT(tcsetattr(tty, TCSANOW, &raw), ==, 0);
    console = console_new(loop, mailbox, tty, dir_fd);
}

static void close_console(void)
{
    console_free(console);
    loop_mailbox_free(mailbox);
    sd_event_unref(loop);
    cleanup_close(&dir_fd);
    cleanup_close(&guest);
}

/* Lets the loop do all it has to do. */
static void turn(void)
{
    while (sd_event_run(loop, 20000) > 0)
        ;
}

/* Runs the loop until 'fd' has given 'size' bytes or its end. */
static void gather(int fd, struct buf *text, size_t size)
{
    for (int waited = 0; text->size < size && waited < PATIENCE_MS; waited += 20) {
        char data[4096];
        ssize_t n;

        turn();
        while ((n = read(fd, data, sizeof(data))) > 0)
            buf_add(text, data, (size_t)n);
        if (n == 0)
            return;
    }
}

static void check_heard(int fd, const char *wanted)
{
    autobuf text = BUF_INIT;

    gather(fd, &text, strlen(wanted));
    CHECK_STR(buf_str(&text), wanted);
}

TEST(all_viewers_see_what_the_guest_says_and_it_is_kept)
{
    autoclose int one = -1, two = -1;
    autobuf log = BUF_INIT;

    open_console();
    CHECK_OK(console_connect(console, &one));
    CHECK_OK(console_connect(console, &two));
    turn();
    CHECK_INT(write(guest, "hello\n", 6), ==, 6);
    check_heard(one, "hello\n");
    check_heard(two, "hello\n");
    CHECK_INT(fd_read_file(dir_fd, "console.log", 100, &log), ==, 0);
    CHECK_STR(buf_str(&log), "hello\n");
    close_console();
}

TEST(what_a_viewer_types_reaches_the_guest)
{
    autoclose int viewer = -1;

    open_console();
    CHECK_OK(console_connect(console, &viewer));
    CHECK_INT(write(viewer, "ls\r", 3), ==, 3);
    check_heard(guest, "ls\r");
    close_console();
}

TEST(more_than_the_terminal_takes_waits_and_is_not_lost)
{
    enum { SIZE = 100000 };
    autofree char *typed = xcalloc(1, SIZE);
    autoclose int viewer = -1;
    autobuf heard = BUF_INIT;
    size_t sent = 0;

    open_console();
    for (size_t i = 0; i < SIZE; i++)
        typed[i] = (char)('a' + i % 26);
    CHECK_OK(console_connect(console, &viewer));
    while (sent < SIZE) {
        ssize_t n = write(viewer, typed + sent, SIZE - sent);

        if (n > 0)
            sent += (size_t)n;
        turn();
        gather(guest, &heard, heard.size + 1);
    }
    gather(guest, &heard, SIZE);
    CHECK_INT(heard.size, ==, SIZE);
    CHECK(memcmp(heard.data, typed, SIZE) == 0);
    close_console();
}

TEST(a_viewer_that_does_not_read_is_let_go_and_the_others_see_on)
{
    static char line[4096];
    autoclose int lazy = -1, keen = -1;
    autobuf seen = BUF_INIT, left = BUF_INIT;

    open_console();
    memset(line, 'x', sizeof(line));
    CHECK_OK(console_connect(console, &lazy));
    CHECK_OK(console_connect(console, &keen));
    turn();
    for (size_t sent = 0; sent < 2u << 20;) {
        ssize_t n = write(guest, line, sizeof(line));

        if (n > 0)
            sent += (size_t)n;
        gather(keen, &seen, seen.size + 1);
    }
    gather(lazy, &left, SIZE_MAX);
    CHECK_INT(left.size, <, 2u << 20); /* it met the end of its stream */
    CHECK_INT(write(guest, "still here", 10), ==, 10);
    buf_clear(&seen);
    gather(keen, &seen, 10);
    CHECK(seen.size >= 10);
    CHECK(memcmp(seen.data + seen.size - 10, "still here", 10) == 0);
    close_console();
}

TEST(the_log_keeps_the_last_megabyte_or_two)
{
    static char line[4096];
    struct stat st;

    open_console();
    memset(line, 'x', sizeof(line));
    for (size_t sent = 0; sent < 3u << 20;) {
        ssize_t n = write(guest, line, sizeof(line));

        if (n > 0)
            sent += (size_t)n;
        else
            turn();
    }
    turn();
    CHECK_INT(fstatat(dir_fd, "console.log", &st, 0), ==, 0);
    CHECK_INT(st.st_size, <, (1 << 20) + 8192);
    CHECK_INT(fstatat(dir_fd, "console.log.1", &st, 0), ==, 0);
    CHECK_INT(st.st_size, >=, 1 << 20);
    close_console();
}

TEST(viewers_end_with_the_terminal)
{
    autoclose int viewer = -1, late = -1;
    char byte;

    open_console();
    CHECK_OK(console_connect(console, &viewer));
    turn();
    CHECK_INT(write(guest, "bye", 3), ==, 3);
    check_heard(viewer, "bye");
    cleanup_close(&guest);
    for (int i = 0; i < 500 && read(viewer, &byte, 1) != 0; i++)
        turn();
    CHECK_INT(read(viewer, &byte, 1), ==, 0);
    CHECK_OK(console_connect(console, &late));
    turn();
    CHECK_INT(read(late, &byte, 1), ==, 0);
    close_console();
}

TEST_MAIN
