// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/http_private.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/fd.h"
#include "cli/fail.h"
#include "io/stream.h"
#include "wire/http_write.h"

#define PIECE_SIZE (256u << 10)
#define CTRL_CLOSE 0x1d /* Ctrl-] */

/* Connects, asks, and reads the head of the answer.  For a redirection '*ret_location' is
 * filled; any other status than 200 is a failure. */
static struct err *ask(struct http *http, const char *method, const char *path,
                       uint64_t size, struct http_reading *reading, struct buf *rest,
                       struct buf *ret_location)
{
    struct err *e = http_connect(http);
    const char *location;

    if (!e)
        e = http_send_head(http, method, path, NULL, size, false, NULL);
    if (!e)
        e = http_read_head(http, reading, rest);
    if (e || reading->head.status == 200)
        return e;
    location = http_head_field(&reading->head, "location");
    if (reading->head.status != 302 || !location)
        return fail("The server answered HTTP status %d (%s) to %s %.*s",
                    reading->head.status, http_status_text(reading->head.status), method,
                    (int)strcspn(path, "?"), path);
    buf_add_str(ret_location, location);
    return NULL;
}

struct err *http_get(struct http *http, const char *path, int sink,
                     struct buf *ret_location)
{
    struct http_reading reading;
    autobuf rest = BUF_INIT;
    struct err *e;

    http_reading_init(&reading, UINT64_MAX);
    e = ask(http, "GET", path, HTTP_NO_LENGTH, &reading, &rest, ret_location);
    if (!e && ret_location->size == 0)
        e = http_read_body(http, &reading, sink, &rest);
    http_reading_fini(&reading);
    http_disconnect(http);
    return e;
}

static struct err *send_file(struct http *http, int source, uint64_t size)
{
    autofree char *data = xmalloc(PIECE_SIZE);

    while (size > 0) {
        size_t wanted = size < PIECE_SIZE ? (size_t)size : PIECE_SIZE;
        ssize_t n = read(source, data, wanted);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return fail("reading the file: %s", strerrordesc_np(errno));
        if (n == 0)
            return size == HTTP_NO_LENGTH ? NULL : fail("The file has become shorter");
        if (stream_write(http->stream, data, (size_t)n, 0) < 0)
            return http_lost();
        if (size != HTTP_NO_LENGTH)
            size -= (uint64_t)n;
    }
    return NULL;
}

struct err *http_put(struct http *http, const char *path, int source, uint64_t size,
                     struct buf *ret_location)
{
    struct http_reading reading;
    autobuf rest = BUF_INIT;
    struct err *e;

    http_reading_init(&reading, UINT64_MAX);
    e = ask(http, "PUT", path, size, &reading, &rest, ret_location);
    if (!e && ret_location->size == 0)
        e = send_file(http, source, size);
    http_reading_fini(&reading);
    http_disconnect(http);
    return e;
}

/* ---- consoles ---- */

/* What the user typed: true at the end of it. */
static bool from_user(struct http *http, int in, struct err **ret_error)
{
    char data[1024];
    ssize_t n = read(in, data, sizeof(data));
    const char *close;

    if (n <= 0)
        return n == 0 || errno != EINTR;
    close = memchr(data, CTRL_CLOSE, (size_t)n);
    if (close)
        n = close - data;
    if (n > 0 && stream_write(http->stream, data, (size_t)n, 0) < 0)
        *ret_error = http_lost();
    return close || *ret_error;
}

/* What the console wrote: true at the end of it. */
static bool to_user(struct http *http, int out)
{
    char data[4096];
    ssize_t n = stream_read(http->stream, data, sizeof(data), 0);

    return n <= 0 || fd_write_all(out, data, (size_t)n) < 0;
}

static struct err *relay(struct http *http, int in, int out)
{
    struct pollfd fds[] = {{.fd = in, .events = POLLIN},
                           {.fd = stream_fd(http->stream), .events = POLLIN}};
    struct err *e = NULL;
    bool ended = false;

    while (!ended) {
        if (!stream_has_buffered(http->stream) && poll(fds, 2, -1) < 0 && errno != EINTR)
            return fail("waiting for the console: %s", strerrordesc_np(errno));
        if (fds[0].revents)
            ended = from_user(http, in, &e);
        if (!ended && (fds[1].revents || stream_has_buffered(http->stream)))
            ended = to_user(http, out);
    }
    return e;
}

struct err *http_relay(struct http *http, const char *path, int in, int out,
                       struct buf *ret_location)
{
    struct http_reading reading;
    autobuf rest = BUF_INIT;
    struct err *e;

    http_reading_init(&reading, UINT64_MAX);
    e = ask(http, "CONNECT", path, 0, &reading, &rest, ret_location);
    if (!e && ret_location->size == 0 && fd_write_all(out, rest.data, rest.size) < 0)
        e = fail("writing to the terminal failed");
    if (!e && ret_location->size == 0)
        e = relay(http, in, out);
    http_reading_fini(&reading);
    http_disconnect(http);
    return e;
}
