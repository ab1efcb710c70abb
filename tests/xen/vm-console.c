// SPDX-License-Identifier: GPL-2.0-or-later
/* One viewer of a guest's console, as the manager would be: asks lk-vmd for the stream,
 * types a line, and prints what comes until it has seen what it waits for.
 *
 * usage: vm-console SOCKET VM-UUID TEXT WAITED-FOR */
#include <arpa/inet.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define PATIENCE_MS 120000

static void fail(const char *what)
{
    perror(what);
    exit(EXIT_FAILURE);
}

static int dial(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
    if (connect(fd, (const struct sockaddr *)&address, sizeof(address)) < 0)
        fail(path);
    return fd;
}

/* docs/design/agent-protocol.md: a length, then JSON; the descriptor rides on the answer.
 */
static int ask_console(int agent, const char *uuid)
{
    char request[256], answer[4096], control[CMSG_SPACE(sizeof(int))];
    struct iovec part = {answer, sizeof(answer) - 1};
    struct msghdr message = {
        .msg_iov = &part,
        .msg_iovlen = 1,
        .msg_control = control,
        .msg_controllen = sizeof(control),
    };
    const struct cmsghdr *rights;
    uint32_t size;
    ssize_t n;
    int fd;

    snprintf(request + 4, sizeof(request) - 4,
             "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"vm.console\",\"params\":"
             "{\"vm\":\"%s\",\"protocol\":\"vt100\"}}",
             uuid);
    size = htonl((uint32_t)strlen(request + 4));
    memcpy(request, &size, sizeof(size));
    if (write(agent, request, 4 + strlen(request + 4)) < 0)
        fail("asking lk-vmd");
    n = recvmsg(agent, &message, MSG_CMSG_CLOEXEC);
    rights = n > 0 ? CMSG_FIRSTHDR(&message) : NULL;
    if (!rights || rights->cmsg_type != SCM_RIGHTS) {
        fprintf(stderr, "lk-vmd gave no console: %.*s\n", n > 4 ? (int)n - 4 : 0,
                answer + 4);
        exit(EXIT_FAILURE);
    }
    memcpy(&fd, CMSG_DATA(rights), sizeof(fd));
    return fd;
}

static int watch(int console, const char *wanted)
{
    static char seen[65536];
    struct pollfd poller = {.fd = console, .events = POLLIN};
    size_t size = 0;

    while (!strstr(seen, wanted)) {
        ssize_t n = 0;

        if (poll(&poller, 1, PATIENCE_MS) == 1)
            n = read(console, seen + size, sizeof(seen) - 1 - size);
        if (n <= 0) {
            fprintf(stderr, "'%s' did not come\n", wanted);
            return EXIT_FAILURE;
        }
        fwrite(seen + size, 1, (size_t)n, stdout);
        size += (size_t)n;
    }
    return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
    int console;

    if (argc != 5) {
        fprintf(stderr, "usage: vm-console SOCKET VM-UUID TEXT WAITED-FOR\n");
        return 2;
    }
    console = ask_console(dial(argv[1]), argv[2]);
    if (dprintf(console, "%s\n", argv[3]) < 0)
        fail("typing");
    return watch(console, argv[4]);
}
