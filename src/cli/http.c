// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/http.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "cli/fail.h"
#include "io/stream.h"
#include "io/tls.h"
#include "wire/http.h"
#include "wire/http_chunked.h"
#include "wire/http_write.h"

#define MAX_ANSWER (512u << 20) /* the records of a very large pool */
#define READ_SIZE  65536u

/* Where a server on this host listens, first to last. */
static const char *const local_sockets[] = {"/run/latchkey/api.sock", "/var/lib/xcp/xapi"};

struct http {
    const struct settings *settings;
    struct tls_context *tls;
    struct stream *stream; /* NULL: not connected */
    bool is_local;
};

struct http *http_new(const struct settings *settings)
{
    struct http *http = xcalloc(1, sizeof(*http));

    http->settings = settings;
    return http;
}

void http_free(struct http *http)
{
    if (!http)
        return;
    stream_free(http->stream);
    tls_context_free(http->tls);
    free(http);
}

bool http_is_local(const struct http *http)
{
    return http->is_local;
}

/* ---- connecting ---- */

static bool names_this_host(const char *server)
{
    return !server || STREQ(server, "127.0.0.1") || STREQ(server, "localhost") ||
           STREQ(server, "::1");
}

/* The Unix socket is for those who did not say how to connect. */
static bool try_local(struct http *http)
{
    const struct settings *o = http->settings;

    if (!names_this_host(o->server) || o->port || o->ca_file || o->no_tls)
        return false;
    for (size_t i = 0; i < ARRAY_SIZE(local_sockets); i++) {
        struct err *e;

        if (access(local_sockets[i], F_OK) != 0)
            continue;
        e = stream_connect(local_sockets[i], NULL, NULL, 0, &http->stream);
        if (!e) {
            http->is_local = true;
            return true;
        }
        err_free(e);
    }
    return false;
}

static struct err *connection_failure(struct err *e, const char *address)
{
    struct err *shown;

    if (err_errnum(e) == ECONNREFUSED)
        shown = fail("Connection refused (calling connect %s)", address);
    else
        shown = fail("%s", err_sentence(e));
    err_free(e);
    return shown;
}

static struct err *connect_now(struct http *http)
{
    const struct settings *o = http->settings;
    const char *server = o->server ? o->server : "127.0.0.1";
    bool use_tls = !o->no_tls;
    const char *port = o->port ? o->port : use_tls ? "443" : "80";
    autofree char *address = NULL;
    struct err *e;

    if (try_local(http))
        return NULL;
    address = xasprintf(strchr(server, ':') && *server != '[' ? "[%s]:%s" : "%s:%s", server,
                        port);
    if (use_tls && !http->tls) {
        e = tls_context_new_client(o->ca_file, &http->tls);
        if (e)
            return connection_failure(e, address);
    }
    e = stream_connect(address, use_tls ? http->tls : NULL, NULL, 0, &http->stream);
    return e ? connection_failure(e, address) : NULL;
}

static void disconnect(struct http *http)
{
    stream_free(http->stream);
    http->stream = NULL;
}

/* ---- an answer ---- */

static struct err *lost(void)
{
    return fail("Lost connection to the server.");
}

static struct err *not_understood(const char *why)
{
    return fail("The server's answer is no HTTP: %s", why);
}

struct answer {
    struct http_head head;
    struct http_chunked chunked;
    uint64_t left; /* of a body of known length */
    bool done;
};

/* Takes bytes of the body. */
static struct err *take_body(struct answer *answer, const char *data, size_t size,
                             struct buf *out)
{
    if (size > MAX_ANSWER || out->size > MAX_ANSWER - size)
        return fail("The server's answer is longer than %u MiB", MAX_ANSWER >> 20);
    if (answer->head.body == HTTP_BODY_LENGTH) {
        size_t n = size < answer->left ? size : (size_t)answer->left;

        buf_add(out, data, n);
        answer->left -= n;
        answer->done = answer->left == 0;
        return NULL;
    }
    if (answer->head.body != HTTP_BODY_CHUNKED) {
        buf_add(out, data, size);
        return NULL;
    }
    while (size > 0 && !answer->done) {
        const char *run;
        size_t used, run_size;
        enum http_result r =
            http_chunked_feed(&answer->chunked, data, size, &used, &run, &run_size);

        if (r == HTTP_BAD)
            return not_understood(answer->chunked.why);
        buf_add(out, run, run_size);
        answer->done = r == HTTP_DONE;
        data += used;
        size -= used;
    }
    return NULL;
}

static struct err *begin_body(struct answer *answer)
{
    switch (answer->head.body) {
    case HTTP_BODY_LENGTH:
        answer->left = answer->head.content_length;
        answer->done = answer->left == 0;
        break;
    case HTTP_BODY_CHUNKED:
        http_chunked_init(&answer->chunked, MAX_ANSWER);
        break;
    case HTTP_BODY_NONE:
        answer->done = true;
        break;
    case HTTP_BODY_UNTIL_CLOSE:
        break;
    }
    return NULL;
}

static struct err *read_head(struct http *http, struct answer *answer, struct buf *out)
{
    char data[4096];
    enum http_result result = HTTP_MORE;
    size_t used = 0;
    ssize_t n = 0;
    struct err *e;

    while (result == HTTP_MORE) {
        n = stream_read(http->stream, data, sizeof(data), 0);
        if (n <= 0)
            return lost();
        result = http_head_feed(&answer->head, data, (size_t)n, &used);
    }
    if (result == HTTP_BAD)
        return not_understood(answer->head.why);
    e = begin_body(answer);
    if (!e && !answer->done && used < (size_t)n)
        e = take_body(answer, data + used, (size_t)n - used, out);
    return e;
}

static struct err *read_body(struct http *http, struct answer *answer, struct buf *out)
{
    autofree char *data = xmalloc(READ_SIZE);

    while (!answer->done) {
        ssize_t n = stream_read(http->stream, data, READ_SIZE, 0);
        struct err *e;

        if (n == 0 && answer->head.body == HTTP_BODY_UNTIL_CLOSE)
            return NULL;
        if (n <= 0)
            return lost();
        e = take_body(answer, data, (size_t)n, out);
        if (e)
            return e;
    }
    return NULL;
}

static struct err *read_answer(struct http *http, struct buf *ret_answer)
{
    struct answer answer = {0};
    struct err *e;

    http_head_init(&answer.head, HTTP_RESPONSE);
    e = read_head(http, &answer, ret_answer);
    if (!e)
        e = read_body(http, &answer, ret_answer);
    if (!e && answer.head.status != 200)
        e = fail("The server answered HTTP status %d (%s)", answer.head.status,
                 http_status_text(answer.head.status));
    if (e || !answer.head.keep_alive || answer.head.body == HTTP_BODY_UNTIL_CLOSE)
        disconnect(http);
    http_head_fini(&answer.head);
    return e;
}

struct err *http_post(struct http *http, const char *path, const char *content_type,
                      const struct buf *body, struct buf *ret_answer)
{
    const char *server = http->settings->server ? http->settings->server : "localhost";
    autobuf head = BUF_INIT;
    struct err *e;
    int r;

    if (!http->stream) {
        e = connect_now(http);
        if (e)
            return e;
    }
    http_add_request(&head, "POST", path, server, content_type, body->size, true);
    http_add_field(&head, "User-Agent", "latchkey-xe/" LATCHKEY_VERSION);
    http_end_head(&head);
    buf_add(&head, body->data, body->size);
    r = stream_write(http->stream, head.data, head.size, 0);
    if (r < 0) {
        disconnect(http);
        return lost();
    }
    return read_answer(http, ret_answer);
}
