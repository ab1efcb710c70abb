// SPDX-License-Identifier: GPL-2.0-or-later
/* The agent inside a VM: reports facts over a virtio-serial port and obeys the host's few
 * commands (docs/design/guest-agent.md).  One thread, one poll loop; runs until it is
 * killed, and waits for the port if there is none. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "guest/guest_freeze.h"
#include "guest/guest_message.h"
#include "guest/guest_report.h"

#define PORT_NAME          "org.latchkey.agent.0"
#define PORTS_DIR          "/sys/class/virtio-ports"
#define REPORT_INTERVAL_MS 10000
#define PORT_INTERVAL_MS   3000 /* between looks for a port that is not there */
#define HOST_INTERVAL_MS   250  /* between looks whether the host has opened its end */

struct agent {
    int port_fd; /* -1: no port */
    int netlink_fd;
    bool host_there;      /* the host has its end open */
    bool cut_needed;      /* the host may hold half a line of ours */
    int64_t report_at_ms; /* when the next one is due */
    struct guest_facts facts;
    struct guest_lines lines;
    struct guest_freeze freeze;
};

static int64_t now_ms(void)
{
    struct timespec ts;

    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* True when the port 'entry' (such as vport0p1) bears our name. */
static bool port_is_ours(const char *entry)
{
    char path[sizeof(PORTS_DIR) + 64], name[64] = "";
    FILE *file;

    snprintf(path, sizeof(path), PORTS_DIR "/%.32s/name", entry);
    file = fopen(path, "re");
    if (!file)
        return false;
    if (!fgets(name, sizeof(name), file))
        name[0] = '\0';
    fclose(file);
    name[strcspn(name, "\n")] = '\0';
    return strcmp(name, PORT_NAME) == 0;
}

static int port_open(void)
{
    DIR *dir = opendir(PORTS_DIR);
    struct dirent *entry;
    int fd = -1;

    if (!dir)
        return -1;
    while (fd < 0 && (entry = readdir(dir))) {
        char path[64];

        if (!port_is_ours(entry->d_name))
            continue;
        snprintf(path, sizeof(path), "/dev/%.32s", entry->d_name);
        fd = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
    }
    closedir(dir);
    return fd;
}

static void port_close(struct agent *agent)
{
    close(agent->port_fd);
    agent->port_fd = -1;
    agent->host_there = false;
}

/* A socket that becomes readable when a link or an address changes. */
static int netlink_open(void)
{
    struct sockaddr_nl self = {
        .nl_family = AF_NETLINK,
        .nl_groups = RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR,
    };
    int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);

    if (fd >= 0 && bind(fd, (const struct sockaddr *)&self, sizeof(self)) < 0) {
        close(fd);
        fd = -1;
    }
    return fd;
}

/* The messages only say that something changed; the facts are read afresh. */
static void netlink_drain(int fd)
{
    char bytes[4096];

    while (recv(fd, bytes, sizeof(bytes), 0) > 0 || errno == ENOBUFS)
        continue;
}

/* Sends whole lines.  A host that does not read loses them: the next report says all again.
 */
static void port_send(struct agent *agent, const char *data, size_t size)
{
    if (agent->cut_needed && write(agent->port_fd, "\n", 1) != 1)
        return;
    agent->cut_needed = write(agent->port_fd, data, size) != (ssize_t)size;
}

static void report_send(struct agent *agent)
{
    struct guest_text text = {0};
    struct guest_memory memory;

    guest_memory_read(&memory);
    guest_report_put(&text, &agent->facts, &memory);
    if (!text.full)
        port_send(agent, text.data, text.len);
    agent->report_at_ms = now_ms() + REPORT_INTERVAL_MS;
}

/* Reports when it is time, or at once when a fact has changed. */
static void report_if_due(struct agent *agent, bool look)
{
    bool due = now_ms() >= agent->report_at_ms;

    if (due || look) {
        struct guest_facts facts;

        guest_facts_read(&facts);
        due |= memcmp(&facts, &agent->facts, sizeof(facts)) != 0;
        agent->facts = facts;
    }
    if (due)
        report_send(agent);
}

/* Runs the system's own command, which tells init; the answer does not wait for it. */
static int power_command_start(const char *path)
{
    pid_t pid = fork();

    if (pid == 0) {
        execl(path, path, (char *)NULL);
        _exit(127);
    }
    return pid < 0 ? -errno : 0;
}

/* Does what was asked, and writes the answer: nothing for a report, which comes by itself.
 */
static int command_run(struct agent *agent, enum guest_command command,
                       struct guest_text *text)
{
    unsigned n_thawed;
    int r = 0;

    switch (command) {
    case GUEST_COMMAND_PING:
        guest_text_putf(text, "{\"type\":\"pong\"}\n");
        return 0;
    case GUEST_COMMAND_REPORT:
        return 0;
    case GUEST_COMMAND_POWEROFF:
        guest_freeze_end(&agent->freeze); /* its last words go to disk */
        r = power_command_start("/sbin/poweroff");
        guest_text_putf(text, "{\"type\":\"shutdown\",\"mode\":\"poweroff\"}\n");
        return r;
    case GUEST_COMMAND_REBOOT:
        guest_freeze_end(&agent->freeze);
        r = power_command_start("/sbin/reboot");
        guest_text_putf(text, "{\"type\":\"shutdown\",\"mode\":\"reboot\"}\n");
        return r;
    case GUEST_COMMAND_FREEZE:
        r = guest_freeze_begin(&agent->freeze, now_ms());
        guest_text_putf(text, "{\"type\":\"freeze\",\"frozen\":%u}\n", agent->freeze.n);
        return r;
    case GUEST_COMMAND_THAW:
        n_thawed = guest_freeze_end(&agent->freeze);
        guest_text_putf(text, "{\"type\":\"thaw\",\"frozen\":%u}\n", n_thawed);
        return 0;
    }
    return -EOPNOTSUPP;
}

/* A conversation begins with a clean line and a report. */
static void conversation_begin(struct agent *agent)
{
    agent->cut_needed = true;
    agent->report_at_ms = 0;
}

static void line_answer(struct agent *agent, int r, const char *line, size_t len)
{
    enum guest_command command = GUEST_COMMAND_PING;
    struct guest_text text = {0};

    if (r == 0)
        r = guest_command_parse(line, len, &command);
    if (r == 0)
        r = command_run(agent, command, &text);
    if (r == 0 && command == GUEST_COMMAND_REPORT) {
        conversation_begin(agent);
        return;
    }
    if (r < 0) {
        text = (struct guest_text){0};
        guest_text_putf(&text, "{\"type\":\"error\",\"reason\":\"%s\"}\n",
                        strerrorname_np(-r));
    }
    port_send(agent, text.data, text.len);
}

static void port_read(struct agent *agent)
{
    const char *line = NULL;
    size_t size, len = 0;
    char *room = guest_lines_room(&agent->lines, &size);
    ssize_t n = read(agent->port_fd, room, size);
    int r;

    if (n < 0 && errno != EAGAIN && errno != EINTR)
        port_close(agent);
    if (n <= 0)
        return;
    guest_lines_add(&agent->lines, (size_t)n);
    while ((r = guest_lines_next(&agent->lines, &line, &len)) != 0)
        line_answer(agent, r < 0 ? r : 0, line, len);
}

/* The host opened or closed its end.  One that does both between two looks is not noticed,
 * which is why it asks for a report. */
static void host_set_there(struct agent *agent, bool there)
{
    if (agent->host_there == there)
        return;
    agent->host_there = there;
    conversation_begin(agent);
    memset(&agent->lines, 0, sizeof(agent->lines));
}

static int wait_ms(const struct agent *agent)
{
    int64_t now = now_ms(), left_ms = agent->report_at_ms - now;

    if (agent->freeze.n > 0 && agent->freeze.until_ms - now < left_ms)
        left_ms = agent->freeze.until_ms - now;

    if (agent->port_fd < 0)
        return PORT_INTERVAL_MS;
    if (!agent->host_there)
        return HOST_INTERVAL_MS;
    return left_ms < 0 ? 0 : (int)left_ms;
}

static void agent_step(struct agent *agent)
{
    /* While the host's end is closed poll() returns POLLHUP at once, so it is asked only
     * each HOST_INTERVAL_MS. */
    struct pollfd fds[] = {
        {.fd = agent->netlink_fd, .events = POLLIN},
        {.fd = agent->host_there ? agent->port_fd : -1, .events = POLLIN},
    };
    struct pollfd port;
    bool changed;

    poll(fds, 2, wait_ms(agent));
    changed = fds[0].revents & POLLIN;
    if (changed)
        netlink_drain(agent->netlink_fd);
    while (waitpid(-1, NULL, WNOHANG) > 0)
        continue;
    if (agent->freeze.n > 0 && now_ms() >= agent->freeze.until_ms)
        guest_freeze_end(&agent->freeze);

    if (agent->port_fd < 0)
        agent->port_fd = port_open();
    if (agent->port_fd < 0)
        return;
    port = (struct pollfd){.fd = agent->port_fd, .events = POLLIN};
    if (poll(&port, 1, 0) < 0)
        return;
    host_set_there(agent, !(port.revents & POLLHUP));
    if (port.revents)
        port_read(agent);
    if (agent->port_fd >= 0 && agent->host_there)
        report_if_due(agent, changed);
}

int main(void)
{
    static struct agent agent = {.port_fd = -1};

    agent.netlink_fd = netlink_open();
    for (;;)
        agent_step(&agent);
}
