// SPDX-License-Identifier: GPL-2.0-or-later
/* lk-auth: asks PAM, service "latchkey", whether a password is right, and ends.
 *
 * Its standard input is a connection of the manager's, which systemd took: a user's name
 * and a password, each ended by a NUL, and the end.  The answer goes the same way
 * (rpc/auth_answer.h); why PAM could not be asked is on standard error.  Exit status 0:
 * right; 1: wrong; 2: not asked.  A process of its own, because PAM's modules block, are
 * made for one thread and want root. */
#include <security/pam_appl.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "rpc/auth_answer.h"

#define SERVICE "latchkey"

enum { RIGHT = 0, WRONG = 1, NOT_ASKED = 2 };

static char input[2048];

/* Both texts of the input: false when it is not made of them. */
static bool read_input(const char **ret_user, const char **ret_password)
{
    size_t size = 0;
    ssize_t n;
    const char *end;

    while ((n = read(STDIN_FILENO, input + size, sizeof(input) - size)) > 0)
        size += (size_t)n;
    if (n < 0 || size == sizeof(input))
        return false;
    end = memchr(input, '\0', size);
    if (!end || end == input)
        return false;
    *ret_user = input;
    *ret_password = end + 1;
    return memchr(end + 1, '\0', size - (size_t)(end + 1 - input)) != NULL;
}

/* PAM asks; the password answers every question that is not shown, and no other. */
static int converse(int n, const struct pam_message **messages,
                    struct pam_response **ret_answers, void *password)
{
    struct pam_response *answers = calloc((size_t)n, sizeof(*answers));

    if (!answers)
        return PAM_BUF_ERR;
    for (int i = 0; i < n; i++) {
        if (messages[i]->msg_style == PAM_PROMPT_ECHO_OFF)
            answers[i].resp = strdup(password);
    }
    *ret_answers = answers;
    return PAM_SUCCESS;
}

/* Nothing of this process may be read or kept by others. */
static void harden(void)
{
    const struct rlimit none = {0, 0};

    prctl(PR_SET_DUMPABLE, 0);
    prctl(PR_SET_PDEATHSIG, 9);
    setrlimit(RLIMIT_CORE, &none);
}

static int ask(const char *user, const char *password)
{
    const struct pam_conv conversation = {converse, (void *)password};
    pam_handle_t *pam = NULL;
    int r = pam_start(SERVICE, user, &conversation, &pam), status = RIGHT;

    if (r == PAM_SUCCESS)
        r = pam_authenticate(pam, PAM_SILENT | PAM_DISALLOW_NULL_AUTHTOK);
    if (r == PAM_SUCCESS)
        r = pam_acct_mgmt(pam, PAM_SILENT);
    switch (r) {
    case PAM_SUCCESS:
        break;
    case PAM_AUTH_ERR:
    case PAM_USER_UNKNOWN:
    case PAM_MAXTRIES:
    case PAM_ACCT_EXPIRED:
    case PAM_NEW_AUTHTOK_REQD:
    case PAM_PERM_DENIED:
    case PAM_CRED_INSUFFICIENT:
        status = WRONG;
        break;
    default:
        fprintf(stderr, "asking PAM: %s\n", pam_strerror(pam, r));
        status = NOT_ASKED;
    }
    if (pam)
        pam_end(pam, r);
    return status;
}

/* Who asks must be root, the user this runs as, or the manager's: this is no place to try
 * passwords. */
static bool may_ask(const char *manager_user)
{
    const struct passwd *manager = manager_user ? getpwnam(manager_user) : NULL;
    struct ucred peer;
    socklen_t size = sizeof(peer);

    if (getsockopt(STDIN_FILENO, SOL_SOCKET, SO_PEERCRED, &peer, &size) < 0) {
        perror("asking who asks");
        return false;
    }
    if (peer.uid == 0 || peer.uid == geteuid() || (manager && peer.uid == manager->pw_uid))
        return true;
    fprintf(stderr, "refusing process %d of user %u\n", peer.pid, peer.uid);
    return false;
}

int main(int argc, char **argv)
{
    static const char *const answers[] = {AUTH_RIGHT, AUTH_WRONG, ""};
    const char *user, *password;
    int status = NOT_ASKED;

    harden();
    if (argc != 1 && (argc != 3 || strcmp(argv[1], "--manager-user") != 0)) {
        fputs("usage: lk-auth [--manager-user USER], its standard input a socket\n",
              stderr);
        return NOT_ASKED;
    }
    if (!may_ask(argc == 3 ? argv[2] : NULL))
        return NOT_ASKED;
    if (read_input(&user, &password))
        status = ask(user, password);
    else
        fputs("reading the user and the password: no such pair\n", stderr);
    str_wipe(input, sizeof(input));
    if (send(STDIN_FILENO, answers[status], strlen(answers[status]), MSG_NOSIGNAL) < 0)
        perror("answering");
    return status;
}
