// SPDX-License-Identifier: GPL-2.0-or-later
#include "rpc/auth.h"

#include <crypt.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/fd.h"
#include "base/log.h"
#include "base/rand.h"
#include "base/str.h"
#include "io/address.h"
#include "io/wait.h"
#include "model/model.h"
#include "rpc/auth_answer.h"
#include "rpc/manager.h"

#define MAX_FILE      (256u << 10)
#define MAX_TEXT      512 /* of a user name or a password */
#define AUTH_LIMIT_MS 30000

/* A hash no password has, so that an unknown user takes as long as a known one. */
#define NOBODYS_HASH                                                                       \
    "$6$rounds=5000$latchkeylatchkey$"                                                     \
    "ZqXV0Jq8pBqS8xkN6cX0mT3u5Yl1b7dQ9fW2hR4jK6nP8sV0xA3cE5gI7kM9oQ1tU4wZ6bD8fH0jL2nR5vX7" \
    "y."

static struct err *refused(const char *user)
{
    struct err *e =
        err_new(ERR_SESSION_AUTHENTICATION_FAILED, "checking a password of %s", user);

    e = err_param(e, user);
    return err_param(e, "The user name or the password is wrong.");
}

/* ---- the lab's file ---- */

struct entry {
    char user[MAX_TEXT], hash[MAX_TEXT], role[64];
};

/* Reads one line without its end: false for a comment or nonsense. */
static bool parse_line(const char *line, size_t len, struct entry *ret_entry)
{
    const char *colon = memchr(line, ':', len), *second;
    size_t user_len, hash_len;

    if (!colon || line[0] == '#')
        return false;
    user_len = (size_t)(colon - line);
    second = memchr(colon + 1, ':', len - user_len - 1);
    hash_len = second ? (size_t)(second - colon - 1) : len - user_len - 1;
    if (user_len >= MAX_TEXT || hash_len >= MAX_TEXT)
        return false;
    snprintf(ret_entry->user, MAX_TEXT, "%.*s", (int)user_len, line);
    snprintf(ret_entry->hash, MAX_TEXT, "%.*s", (int)hash_len, colon + 1);
    snprintf(ret_entry->role, sizeof(ret_entry->role), "%.*s",
             second ? (int)(line + len - second - 1) : 0, second ? second + 1 : "");
    return true;
}

/* The line at '*at' and the place of the next; NULL at the end. */
static const char *next_line(const struct buf *file, size_t *at, size_t *ret_len)
{
    const char *line = file->data + *at, *end;

    if (*at >= file->size)
        return NULL;
    end = memchr(line, '\n', file->size - *at);
    *ret_len = end ? (size_t)(end - line) : file->size - *at;
    *at += *ret_len + 1;
    return line;
}

static bool find_entry(const struct buf *file, const char *user, struct entry *ret_entry)
{
    const char *line;
    size_t at = 0, len;

    while ((line = next_line(file, &at, &len))) {
        if (parse_line(line, len, ret_entry) && strcmp(ret_entry->user, user) == 0)
            return true;
    }
    return false;
}

static bool hash_matches(const char *password, const char *hash)
{
    struct crypt_data *data = xcalloc(1, sizeof(*data));
    const char *made = crypt_r(password, hash, data);
    bool same = made && made[0] != '*' && str_equal_secret(made, hash);

    str_wipe(data, sizeof(*data));
    free(data);
    return same;
}

/* The bit of a role, by its name; 0 for none of that name. */
static uint16_t role_bit(const char *name)
{
    for (size_t i = 0; i < N_ROLES; i++) {
        if (strcmp(role_names[i], name) == 0)
            return (uint16_t)(1u << i);
    }
    return 0;
}

static struct err *check_file(const char *path, const char *user, const char *password,
                              struct auth_result *ret_result)
{
    autobuf file = BUF_INIT;
    struct entry entry;
    bool known;
    int r = fd_read_file(AT_FDCWD, path, MAX_FILE, &file);

    if (r < 0)
        return err_errno(-r, "reading the password file %s", path);
    known = find_entry(&file, user, &entry);
    if (!hash_matches(password, known ? entry.hash : NOBODYS_HASH) || !known)
        return refused(user);
    ret_result->is_local_superuser = entry.role[0] == '\0';
    ret_result->roles = role_bit(entry.role);
    return NULL;
}

/* ---- PAM, through lk-auth ---- */

static int send_question(int sock, const char *user, const char *password,
                         uint64_t deadline_ms)
{
    autobuf input = BUF_INIT;
    size_t sent = 0;
    int r = 0;

    buf_add(&input, user, strlen(user) + 1);
    buf_add(&input, password, strlen(password) + 1);
    while (sent < input.size && r == 0) {
        ssize_t n =
            send(sock, input.data + sent, input.size - sent, MSG_NOSIGNAL | MSG_DONTWAIT);

        if (n >= 0)
            sent += (size_t)n;
        else
            r = errno == EAGAIN ? wait_for_fd(sock, POLLOUT, deadline_ms) : -errno;
    }
    str_wipe(input.data, input.size);
    if (r == 0 && shutdown(sock, SHUT_WR) < 0)
        r = -errno;
    return r;
}

/* A line: what it begins with counts. */
static int read_answer(int sock, uint64_t deadline_ms, bool *ret_right)
{
    char answer[AUTH_ANSWER_SIZE];
    size_t size = 0;
    ssize_t n;
    int r;

    do {
        r = wait_for_fd(sock, POLLIN, deadline_ms);
        if (r < 0)
            return r;
        n = recv(sock, answer + size, sizeof(answer) - size, MSG_DONTWAIT);
        if (n > 0)
            size += (size_t)n;
    } while ((n > 0 && size < sizeof(answer)) || (n < 0 && errno == EAGAIN));
    if (n < 0)
        return -errno;
    *ret_right = size == strlen(AUTH_RIGHT) && memcmp(answer, AUTH_RIGHT, size) == 0;
    if (*ret_right || (size == strlen(AUTH_WRONG) && memcmp(answer, AUTH_WRONG, size) == 0))
        return 0;
    return -EPROTO; /* why is in its log */
}

static struct err *ask_pam(const struct manager_config *config, const char *user,
                           const char *password)
{
    autofree char *path = config->auth_socket ? xstrdup(config->auth_socket)
                                              : xasprintf("%s/auth.sock", config->run_dir);
    autoclose int sock = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    uint64_t deadline_ms = clock_monotonic_ms() + AUTH_LIMIT_MS;
    struct address address;
    bool is_right = false;
    int r = sock < 0                ? -errno
            : address_is_path(path) ? address_parse(path, &address)
                                    : -EINVAL;

    if (r == 0 && connect(sock, &address.any, address.size) < 0)
        r = -errno;
    if (r == 0)
        r = send_question(sock, user, password, deadline_ms);
    if (r == 0)
        r = read_answer(sock, deadline_ms, &is_right);
    if (r < 0)
        return err_errno(-r, "asking PAM about %s at %s", user, path);
    return is_right ? NULL : refused(user);
}

struct err *auth_check(const struct manager_config *config, const char *user,
                       const char *password, struct auth_result *ret_result)
{
    *ret_result = (struct auth_result){.is_local_superuser = true};
    if (strlen(user) >= MAX_TEXT || strlen(password) >= MAX_TEXT || !user[0])
        return refused(user);
    if (config->password_file)
        return check_file(config->password_file, user, password, ret_result);
    return ask_pam(config, user, password);
}

/* ---- a new password ---- */

static struct err *make_hash(const char *password, char ret_hash[CRYPT_OUTPUT_SIZE])
{
    struct crypt_data *data;
    char setting[CRYPT_GENSALT_OUTPUT_SIZE], salt[32];
    const char *made;

    rand_bytes(salt, sizeof(salt));
    if (!crypt_gensalt_rn("$y$", 0, salt, sizeof(salt), setting, sizeof(setting)))
        return err_errno(errno, "choosing a salt");
    data = xcalloc(1, sizeof(*data));
    made = crypt_r(password, setting, data);
    if (made && made[0] != '*')
        snprintf(ret_hash, CRYPT_OUTPUT_SIZE, "%s", made);
    else
        made = NULL;
    str_wipe(data, sizeof(*data));
    free(data);
    return made ? NULL : err_errno(EINVAL, "hashing a password");
}

static void rewrite(const struct buf *file, const char *user, const char *hash,
                    struct buf *out)
{
    const char *line;
    size_t at = 0, len;

    while ((line = next_line(file, &at, &len))) {
        struct entry entry;

        if (parse_line(line, len, &entry) && strcmp(entry.user, user) == 0)
            buf_addf(out, "%s:%s%s%s\n", user, hash, entry.role[0] ? ":" : "", entry.role);
        else
            buf_addf(out, "%.*s\n", (int)len, line);
    }
}

static struct err *replace_file(const char *path, const struct buf *data)
{
    autofree char *copy = xstrdup(path), *copy2 = xstrdup(path);
    autoclose int dir = fd_open_dir(dirname(copy), 0700);
    int r;

    if (dir < 0)
        return err_errno(-dir, "opening the folder of %s", path);
    r = fd_replace_file(dir, basename(copy2), data->data, data->size, 0600);
    return r < 0 ? err_errno(-r, "writing %s", path) : NULL;
}

struct err *auth_change(const struct manager_config *config, const char *user,
                        const char *password)
{
    autobuf file = BUF_INIT, out = BUF_INIT;
    char hash[CRYPT_OUTPUT_SIZE];
    struct entry entry;
    struct err *e;
    int r;

    if (!config->password_file)
        return err_params(ERR_NOT_IMPLEMENTED, "session.change_password", NULL);
    if (strlen(password) >= MAX_TEXT || strpbrk(password, "\n"))
        return err_params(ERR_CHANGE_PASSWORD_REJECTED, "The password is too long.", NULL);
    r = fd_read_file(AT_FDCWD, config->password_file, MAX_FILE, &file);
    if (r < 0)
        return err_errno(-r, "reading the password file %s", config->password_file);
    if (!find_entry(&file, user, &entry))
        return refused(user);
    e = make_hash(password, hash);
    if (e)
        return e;
    rewrite(&file, user, hash, &out);
    return replace_file(config->password_file, &out);
}
