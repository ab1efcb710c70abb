// SPDX-License-Identifier: GPL-2.0-or-later
/* An answer while it is being put together: text, and rows whose records lie elsewhere as
 * JSON, or are only made when they are sent.  One thread at a time. */
#pragma once

#include "base/buf.h"
#include "base/vec.h"
#include "model/codec.h"
#include "rpc/server.h"

struct row;

struct reply_part {
    struct row *row;     /* held; NULL: a piece of the text */
    bool later;          /* its record is made when it is sent */
    size_t offset, size; /* of the text */
};

struct reply {
    enum encoding encoding;
    struct buf text;
    size_t text_done; /* bytes of the text that parts already cover */
    VEC(struct reply_part) parts;
};

void reply_init(struct reply *reply, enum encoding encoding);
void reply_fini(struct reply *reply);
/* Empties it, to begin again. */
void reply_clear(struct reply *reply);

void reply_value(struct reply *reply, const struct type *type, const struct val *value);
void reply_text(struct reply *reply, const char *text);
/* The record of 'row' (borrowed) in the reply's encoding. */
void reply_record(struct reply *reply, struct row *row);

/* Containers, whatever the encoding: begin, then for each element or member its place and
 * its value, then end.  A member is closed after its value. */
void reply_begin_array(struct reply *reply);
void reply_element(struct reply *reply);
void reply_end_array(struct reply *reply);
void reply_begin_struct(struct reply *reply);
/* 'name' needs no escaping: a reference or a name of the API. */
void reply_member(struct reply *reply, const char *name);
void reply_end_member(struct reply *reply);
void reply_end_struct(struct reply *reply);

/* Moves everything into an answer; the reply is empty afterwards. */
struct http_answer reply_finish(struct reply *reply, int status, const char *content_type,
                                const char *extra_headers);
