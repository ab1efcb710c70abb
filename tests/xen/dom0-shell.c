// SPDX-License-Identifier: GPL-2.0-or-later
/* The tests' way into dom0: what is sent over a TCP connection is run by bash, which
 * answers there.  It listens in a virtual machine whose only network is QEMU's user
 * network. */
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static void serve(int connection)
{
    for (int fd = 0; fd < 3; fd++)
        dup2(connection, fd);
    close(connection);
    setsid();
    signal(SIGCHLD, SIG_DFL);
    execl("/usr/bin/bash", "bash", "-s", (char *)NULL);
    _exit(127);
}

int main(int argc, char **argv)
{
    int yes = 1, door = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_port = htons(argc > 1 ? (unsigned short)strtoul(argv[1], NULL, 10) : 0),
    };

    setsockopt(door, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
    if (bind(door, (const struct sockaddr *)&address, sizeof(address)) < 0 ||
        listen(door, 16) < 0) {
        perror("dom0-shell");
        return EXIT_FAILURE;
    }
    signal(SIGCHLD, SIG_IGN); /* nobody waits for them */
    for (;;) {
        int connection = accept(door, NULL, NULL);

        if (connection >= 0 && fork() == 0)
            serve(connection);
        if (connection >= 0)
            close(connection);
    }
}
