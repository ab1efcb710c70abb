// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/http.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/fd.h"
#include "cli/fail.h"
#include "cli/http_private.h"
#include "io/address.h"
#include "io/stream.h"
#include "io/tls.h"
#include "wire/http_write.h"

#define MAX_ANSWER (512u << 20) /* the records of a very large pool */
#define READ_SIZE  65536u

/* Where a server on this host listens, first to last. */
static const char *const local_sockets[] = {"/run/latchkey/api.sock", "/var/lib/xcp/xapi"};

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
        if (!e)
            return true;
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

struct err *http_connect(struct http *http)
{
    const struct settings *o = http->settings;
    const char *server = o->server ? o->server : "127.0.0.1";
    bool use_tls = !o->no_tls;
    const char *port = o->port ? o->port : use_tls ? "443" : "80";
    autofree char *address = NULL;
    struct err *e;

    if (http->stream || try_local(http))
        return NULL;
    if (address_is_path(server)) {
        e = stream_connect(server, NULL, NULL, 0, &http->stream);
        return e ? connection_failure(e, server) : NULL;
    }
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

void http_disconnect(struct http *http)
{
    stream_free(http->stream);
    http->stream = NULL;
}

/* ---- an answer ---- */

struct err *http_lost(void)
{
    return fail("Lost connection to the server.");
}

static struct err *not_understood(const char *why)
{
    return fail("The server's answer is no HTTP: %s", why);
}

void http_reading_init(struct http_reading *reading, uint64_t max_size)
{
    memset(reading, 0, sizeof(*reading));
    http_head_init(&reading->head, HTTP_RESPONSE);
    reading->max_size = max_size;
}

void http_reading_fini(struct http_reading *reading)
{
    http_head_fini(&reading->head);
}

static struct err *bad_status(const struct http_reading *reading)
{
    return fail("The server answered HTTP status %d (%s)", reading->head.status,
                http_status_text(reading->head.status));
}

/* Takes bytes of the body. */
static struct err *take_body(struct http_reading *reading, const char *data, size_t size,
                             struct buf *out)
{
    if (reading->head.body == HTTP_BODY_LENGTH) {
        size_t n = size < reading->left ? size : (size_t)reading->left;

        buf_add(out, data, n);
        reading->left -= n;
        reading->done = reading->left == 0;
        return NULL;
    }
    if (reading->head.body != HTTP_BODY_CHUNKED) {
        buf_add(out, data, size);
        return NULL;
    }
    while (size > 0 && !reading->done) {
        const char *run;
        size_t used, run_size;
        enum http_result r =
            http_chunked_feed(&reading->chunked, data, size, &used, &run, &run_size);

        if (r == HTTP_BAD)
            return not_understood(reading->chunked.why);
        buf_add(out, run, run_size);
        reading->done = r == HTTP_DONE;
        data += used;
        size -= used;
    }
    return NULL;
}

static struct err *begin_body(struct http_reading *reading)
{
    switch (reading->head.body) {
    case HTTP_BODY_LENGTH:
        reading->left = reading->head.content_length;
        reading->done = reading->left == 0;
        break;
    case HTTP_BODY_CHUNKED:
        http_chunked_init(&reading->chunked, reading->max_size);
        break;
    case HTTP_BODY_NONE:
        reading->done = true;
        break;
    case HTTP_BODY_UNTIL_CLOSE:
        break;
    }
    return NULL;
}

struct err *http_read_head(struct http *http, struct http_reading *reading, struct buf *out)
{
    char data[4096];
    enum http_result result = HTTP_MORE;
    size_t used = 0;
    ssize_t n = 0;
    struct err *e;

    while (result == HTTP_MORE) {
        n = stream_read(http->stream, data, sizeof(data), 0);
        if (n <= 0)
            return http_lost();
        result = http_head_feed(&reading->head, data, (size_t)n, &used);
    }
    if (result == HTTP_BAD)
        return not_understood(reading->head.why);
    e = begin_body(reading);
    if (!e && !reading->done && used < (size_t)n)
        e = take_body(reading, data + used, (size_t)n - used, out);
    return e;
}

/* Checks the size, and hands on what has come. */
static struct err *pass_on(struct http_reading *reading, int sink, struct buf *out)
{
    int r;

    if (out->size > reading->max_size)
        return fail("The server's answer is longer than %u MiB", MAX_ANSWER >> 20);
    if (sink < 0)
        return NULL;
    r = fd_write_all(sink, out->data, out->size);
    buf_clear(out);
    return r < 0 ? fail("writing the file: %s", strerrordesc_np(-r)) : NULL;
}

struct err *http_read_body(struct http *http, struct http_reading *reading, int sink,
                           struct buf *out)
{
    autofree char *data = xmalloc(READ_SIZE);
    struct err *e = pass_on(reading, sink, out);

    while (!reading->done && !e) {
        ssize_t n = stream_read(http->stream, data, READ_SIZE, 0);

        if (n == 0 && reading->head.body == HTTP_BODY_UNTIL_CLOSE)
            return NULL;
        if (n <= 0)
            return http_lost();
        e = take_body(reading, data, (size_t)n, out);
        if (!e)
            e = pass_on(reading, sink, out);
    }
    return e;
}

struct err *http_send_head(struct http *http, const char *method, const char *path,
                           const char *content_type, uint64_t content_length,
                           bool keep_alive, const struct buf *body)
{
    const char *server = http->settings->server;
    autobuf head = BUF_INIT;

    if (!server || address_is_path(server))
        server = "localhost";
    http_add_request(&head, method, path, server, content_type, content_length, keep_alive);
    http_add_field(&head, "User-Agent", "latchkey-xe/" LATCHKEY_VERSION);
    http_end_head(&head);
    if (body)
        buf_add(&head, body->data, body->size);
    if (stream_write(http->stream, head.data, head.size, 0) < 0) {
        http_disconnect(http);
        return http_lost();
    }
    return NULL;
}

static struct err *read_answer(struct http *http, struct buf *ret_answer)
{
    struct http_reading reading;
    struct err *e;

    http_reading_init(&reading, MAX_ANSWER);
    e = http_read_head(http, &reading, ret_answer);
    if (!e)
        e = http_read_body(http, &reading, -1, ret_answer);
    if (!e && reading.head.status != 200)
        e = bad_status(&reading);
    if (e || !reading.head.keep_alive || reading.head.body == HTTP_BODY_UNTIL_CLOSE)
        http_disconnect(http);
    http_reading_fini(&reading);
    return e;
}

struct err *http_post(struct http *http, const char *path, const char *content_type,
                      const struct buf *body, struct buf *ret_answer)
{
    struct err *e = http_connect(http);

    if (!e)
        e = http_send_head(http, "POST", path, content_type, body->size, true, body);
    return e ? e : read_answer(http, ret_answer);
}
