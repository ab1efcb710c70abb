// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/guest_channel.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <systemd/sd-event.h>
#include <unistd.h>

#include "base/clock.h"
#include "lib/test.h"

#define REPORT(fact, free_kib)                                                             \
    "{\"type\":\"report\",\"host_name\":\"" fact "\",\"memory\":{\"free_kib\":" free_kib   \
    "}}\n"

/* What the channel told. */
struct seen {
    struct guest_channel *channel;
    sd_event *loop;
    int guest; /* the guest's end of the stream */
    unsigned n_reports, n_answers, n_ends;
    bool accepted;
    unsigned n_frozen_answers;
    int frozen;
    char host_name[32];
    int64_t free_kib;
};

static void on_nics(void *arg, struct guest_nics *ret_nics)
{
    ret_nics->n = 0;
}

static void on_report(void *arg, const struct val *report)
{
    struct seen *seen = arg;
    const struct val *memory = val_find(report, "memory");

    seen->n_reports++;
    snprintf(seen->host_name, sizeof(seen->host_name), "%s",
             val_find_text(report, "host_name", ""));
    if (memory && val_find(memory, "free_kib"))
        seen->free_kib = val_find(memory, "free_kib")->i;
}

static void on_answered(void *arg, bool accepted)
{
    struct seen *seen = arg;

    seen->n_answers++;
    seen->accepted = accepted;
}

static void on_frozen(void *arg, int n)
{
    struct seen *seen = arg;

    seen->n_frozen_answers++;
    seen->frozen = n;
}

static void on_ended(void *arg)
{
    struct seen *seen = arg;

    seen->n_ends++;
    guest_channel_free(seen->channel);
    seen->channel = NULL;
}

static const struct guest_channel_events events = {on_nics, on_report, on_answered,
                                                   on_frozen, on_ended};

static void begin(struct seen *seen)
{
    int ends[2];

    *seen = (struct seen){.guest = -1};
    CHECK_INT(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), ==, 0);
    CHECK_INT(fcntl(ends[1], F_SETFL, O_NONBLOCK), ==, 0);
    seen->guest = ends[1];
    CHECK_INT(sd_event_new(&seen->loop), >=, 0);
    CHECK_INT(guest_channel_new(seen->loop, ends[0], &events, seen, &seen->channel), ==, 0);
}

static void end(struct seen *seen)
{
    guest_channel_free(seen->channel);
    if (seen->guest >= 0)
        close(seen->guest);
    sd_event_unref(seen->loop);
}

/* Lets the channel work for 'ms', or until nothing is left to do when 0. */
static void run(struct seen *seen, uint64_t ms)
{
    uint64_t until = clock_monotonic_ms() + ms;
    uint64_t now;

    do {
        now = clock_monotonic_ms();
        while (sd_event_run(seen->loop, now < until ? (until - now) * 1000 : 0) > 0)
            if (ms > 0)
                break;
    } while (clock_monotonic_ms() < until);
}

static void say(const struct seen *seen, const char *text)
{
    CHECK_INT(write(seen->guest, text, strlen(text)), ==, strlen(text));
}

/* What the guest finds on its port; valid until the next call. */
static const char *hear(const struct seen *seen)
{
    static char text[4096];
    ssize_t n = read(seen->guest, text, sizeof(text) - 1);

    text[n > 0 ? n : 0] = '\0';
    return text;
}

TEST(a_report_is_asked_for_when_the_stream_opens)
{
    struct seen seen;

    begin(&seen);
    run(&seen, 0);
    CHECK_STR(hear(&seen), "\n{\"type\":\"report\"}\n");
    end(&seen);
}

TEST(the_first_report_is_told_at_once_and_the_same_again_is_not)
{
    struct seen seen;

    begin(&seen);
    say(&seen, "\n" REPORT("one", "7"));
    run(&seen, 0);
    CHECK_INT(seen.n_reports, ==, 1);
    CHECK_STR(seen.host_name, "one");
    say(&seen, REPORT("one", "7"));
    run(&seen, 700);
    CHECK_INT(seen.n_reports, ==, 1);
    end(&seen);
}

TEST(facts_that_change_quickly_are_told_twice_a_second_and_the_last_one_is_told)
{
    uint64_t since = clock_monotonic_ms();
    struct seen seen;

    begin(&seen);
    say(&seen, REPORT("zero", "7"));
    for (int i = 0; i < 50; i++) {
        say(&seen, REPORT("a", "7") REPORT("b", "7"));
        run(&seen, 0);
    }
    say(&seen, REPORT("last", "7"));
    run(&seen, 700);
    CHECK_INT(seen.n_reports, <=, 1 + (clock_monotonic_ms() - since) / 500);
    CHECK_STR(seen.host_name, "last");
    end(&seen);
}

TEST(memory_alone_is_not_told_at_once_and_rides_along_with_a_fact)
{
    struct seen seen;

    begin(&seen);
    say(&seen, REPORT("one", "7"));
    run(&seen, 0);
    say(&seen, REPORT("one", "8"));
    run(&seen, 700);
    CHECK_INT(seen.n_reports, ==, 1);
    say(&seen, REPORT("two", "9"));
    run(&seen, 700);
    CHECK_INT(seen.n_reports, ==, 2);
    CHECK_INT(seen.free_kib, ==, 9);
    end(&seen);
}

TEST(a_guest_nobody_heard_of_is_not_asked_to_end)
{
    struct seen seen;

    begin(&seen);
    CHECK(!guest_channel_shutdown(seen.channel, "poweroff"));
    say(&seen, "{\"type\":\"pong\"}\nnonsense\n");
    run(&seen, 0);
    CHECK(!guest_channel_shutdown(seen.channel, "poweroff"));
    CHECK_INT(seen.n_answers, ==, 0);
    end(&seen);
}

TEST(a_shutdown_is_accepted_or_refused_once)
{
    struct seen seen;

    begin(&seen);
    say(&seen, REPORT("one", "7"));
    run(&seen, 0);
    hear(&seen);
    CHECK(guest_channel_shutdown(seen.channel, "reboot"));
    CHECK(!guest_channel_shutdown(seen.channel, "poweroff")); /* one at a time */
    run(&seen, 0);
    CHECK_STR(hear(&seen), "{\"type\":\"shutdown\",\"mode\":\"reboot\"}\n");
    CHECK_INT(seen.n_answers, ==, 0);
    say(&seen, "{\"type\":\"shutdown\",\"mode\":\"reboot\"}\n");
    run(&seen, 0);
    CHECK_INT(seen.n_answers, ==, 1);
    CHECK(seen.accepted);
    say(&seen, "{\"type\":\"shutdown\",\"mode\":\"reboot\"}\n{\"type\":\"error\"}\n");
    run(&seen, 0);
    CHECK_INT(seen.n_answers, ==, 1);
    CHECK(guest_channel_shutdown(seen.channel, "poweroff"));
    say(&seen, "{\"type\":\"error\",\"reason\":\"ENOENT\"}\n");
    run(&seen, 0);
    CHECK_INT(seen.n_answers, ==, 2);
    CHECK(!seen.accepted);
    end(&seen);
}

TEST(a_freeze_is_answered_by_its_own_kind_only)
{
    struct seen seen;

    begin(&seen);
    say(&seen, REPORT("one", "7"));
    run(&seen, 0);
    hear(&seen);
    CHECK(guest_channel_freeze(seen.channel, true));
    CHECK(!guest_channel_shutdown(seen.channel, "poweroff")); /* one thing at a time */
    run(&seen, 0);
    CHECK_STR(hear(&seen), "{\"type\":\"freeze\"}\n");
    say(&seen, "{\"type\":\"shutdown\",\"mode\":\"poweroff\"}\n{\"type\":\"freeze\"}\n");
    run(&seen, 0);
    CHECK_INT(seen.n_frozen_answers, ==, 0);
    say(&seen, "{\"type\":\"freeze\",\"frozen\":2}\n{\"type\":\"thaw\",\"frozen\":1}\n");
    run(&seen, 0);
    CHECK_INT(seen.n_frozen_answers, ==, 1);
    CHECK_INT(seen.frozen, ==, 2);
    CHECK(guest_channel_freeze(seen.channel, false));
    say(&seen, "{\"type\":\"error\",\"reason\":\"EBUSY\"}\n");
    run(&seen, 0);
    CHECK_INT(seen.frozen, ==, -EREMOTEIO);
    CHECK(guest_channel_freeze(seen.channel, true));
    close(seen.guest);
    seen.guest = -1;
    run(&seen, 0);
    CHECK_INT(seen.n_frozen_answers, ==, 3);
    CHECK_INT(seen.frozen, ==, -ECONNRESET);
    CHECK_INT(seen.n_answers, ==, 0);
    end(&seen);
}

TEST(the_end_of_the_stream_answers_what_was_asked)
{
    struct seen seen;

    begin(&seen);
    say(&seen, REPORT("one", "7"));
    run(&seen, 0);
    CHECK(guest_channel_shutdown(seen.channel, "poweroff"));
    close(seen.guest);
    seen.guest = -1;
    run(&seen, 0);
    CHECK_INT(seen.n_answers, ==, 1);
    CHECK(!seen.accepted);
    CHECK_INT(seen.n_ends, ==, 1);
    end(&seen);
}

TEST(a_guest_that_does_not_read_is_not_waited_for)
{
    struct seen seen;
    unsigned n = 0;

    begin(&seen);
    say(&seen, REPORT("one", "7"));
    run(&seen, 0);
    while (n < 100000 && guest_channel_shutdown(seen.channel, "poweroff")) {
        say(&seen, "{\"type\":\"error\"}\n");
        run(&seen, 0);
        n++;
    }
    CHECK_INT(n, >, 10);
    CHECK_INT(n, <, 100000);
    CHECK_INT(seen.n_answers, ==, n);
    end(&seen);
}

TEST(a_flood_is_read_slowly_and_a_report_in_it_is_still_heard)
{
    static char junk[4096];
    uint64_t since = clock_monotonic_ms();
    struct seen seen;
    size_t n = 0;

    begin(&seen);
    memset(junk, 'x', sizeof(junk));
    while (clock_monotonic_ms() - since < 500) {
        ssize_t r = write(seen.guest, junk, sizeof(junk));

        n += r > 0 ? (size_t)r : 0;
        run(&seen, 0);
    }
    /* A window's worth was read, the rest waits in the socket. */
    CHECK_INT(n, <, 1 << 20);
    while (write(seen.guest, "\n", 1) < 0)
        run(&seen, 100);
    while (write(seen.guest, REPORT("late", "7"), sizeof(REPORT("late", "7")) - 1) < 0)
        run(&seen, 100);
    while (seen.n_reports == 0 && clock_monotonic_ms() - since < 60000)
        run(&seen, 100);
    CHECK_STR(seen.host_name, "late");
    end(&seen);
}

TEST_MAIN
