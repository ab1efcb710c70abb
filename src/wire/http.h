// SPDX-License-Identifier: GPL-2.0-or-later
/* Heads of HTTP/1.0 and HTTP/1.1 messages, read strictly as they arrive.
 *
 * Whatever two programs could understand differently is refused: a bare LF or CR, folded
 * lines, space around names, any Transfer-Encoding but "chunked", lengths given twice or in
 * two ways (RFC 9112; tests/unit/test-http.c has the table).  After an error the connection
 * is of no further use: answer and close.  One thread at a time. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

#define HTTP_MAX_LINE        8192  /* of the request or status line */
#define HTTP_MAX_FIELDS_SIZE 32768 /* of all field lines */
#define HTTP_MAX_FIELDS      100

enum http_kind { HTTP_REQUEST, HTTP_RESPONSE };
enum http_result { HTTP_MORE, HTTP_DONE, HTTP_BAD };

/* How the end of the body is known. */
enum http_body {
    HTTP_BODY_NONE, /* no length given.  An upload by PUT may still come, until the client
                     * closes its side: XenAPI clients do that */
    HTTP_BODY_LENGTH,
    HTTP_BODY_CHUNKED,
    HTTP_BODY_UNTIL_CLOSE, /* responses only */
};

struct http_field {
    const char *name, *value; /* the value without space around it */
};

struct http_head {
    /* Known after HTTP_DONE. */
    const char *method; /* request: a token, as sent */
    char *path;         /* request: decoded UTF-8, begins with '/' or is "*" */
    const char *query;  /* request: as sent, without the '?'; "" when absent */
    int status;         /* response: 100 to 599 */
    unsigned minor;     /* HTTP/1.minor: 0 or 1; 1 while unknown */
    struct http_field fields[HTTP_MAX_FIELDS];
    size_t n_fields;
    enum http_body body;
    uint64_t content_length; /* HTTP_BODY_LENGTH */
    bool keep_alive;         /* the peer is willing */
    bool expect_continue;    /* request: answer "100 Continue" before the body */

    /* Known after HTTP_BAD. */
    int error;       /* status to answer: 400, 414, 417, 431, 501 or 505 */
    const char *why; /* a constant phrase for the log */

    /* The parser's own. */
    enum http_kind kind;
    enum { HTTP_AT_START, HTTP_AT_FIELDS, HTTP_AT_END } at;
    struct buf text;  /* the head so far */
    size_t line;      /* where its last, unfinished line begins */
    size_t fields_at; /* where its first field line begins */
};

void http_head_init(struct http_head *head, enum http_kind kind);
void http_head_fini(struct http_head *head);

/* Takes the next 'size' bytes of the connection.  HTTP_DONE: the head is complete and
 * '*ret_used' bytes belonged to it; the others are the body's.  HTTP_MORE: all were used.
 */
enum http_result http_head_feed(struct http_head *head, const char *data, size_t size,
                                size_t *ret_used);

/* The value of the first field of that name (any case), or NULL. */
const char *http_head_field(const struct http_head *head, const char *name);
/* True when a list-valued field ("connection", "upgrade") names 'token', in any case. */
bool http_head_has_token(const struct http_head *head, const char *name, const char *token);
