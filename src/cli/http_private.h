// SPDX-License-Identifier: GPL-2.0-or-later
/* What http.c and http_transfer.c share. */
#pragma once

#include "cli/http.h"
#include "wire/http.h"
#include "wire/http_chunked.h"

struct stream;
struct tls_context;

struct http {
    const struct settings *settings;
    struct tls_context *tls;
    struct stream *stream; /* NULL: not connected */
};

/* An answer on its way in. */
struct http_reading {
    struct http_head head;
    struct http_chunked chunked;
    uint64_t left;     /* of a body of known length */
    uint64_t max_size; /* of the body */
    bool done;
};

struct err *http_connect(struct http *http) MUST_CHECK;
void http_disconnect(struct http *http);
/* Sends a request's head. */
struct err *http_send_head(struct http *http, const char *method, const char *path,
                           const char *content_type, uint64_t content_length,
                           bool keep_alive, const struct buf *body) MUST_CHECK;

void http_reading_init(struct http_reading *reading, uint64_t max_size);
void http_reading_fini(struct http_reading *reading);
/* Reads the head; 'out' gets what came of the body with it. */
struct err *http_read_head(struct http *http, struct http_reading *reading,
                           struct buf *out) MUST_CHECK;
/* Reads the body: into 'out', or when 'sink' is no -1 on through it into that file. */
struct err *http_read_body(struct http *http, struct http_reading *reading, int sink,
                           struct buf *out) MUST_CHECK;

struct err *http_lost(void) MUST_CHECK;
