// SPDX-License-Identifier: GPL-2.0-or-later
/* What stands around a call and its answer: XML-RPC, JSON-RPC 1.0 and 2.0.
 *
 * An answer is written in three parts, so that its value may be megabytes kept elsewhere:
 * envelope_begin(), the value in the protocol's encoding, envelope_end().  No state; any
 * thread. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/value.h"

struct err;

enum protocol { PROTOCOL_XML, PROTOCOL_JSON_1, PROTOCOL_JSON_2 };

struct envelope {
    enum protocol protocol;
    struct val id;     /* JSON: text or an int, to be sent back */
    char *method;      /* as the client wrote it */
    struct val params; /* VAL_SET of untyped values */
};

/* Where and why a body was refused. */
struct envelope_error {
    const char *what;      /* a constant phrase */
    unsigned line, column; /* 0 when no single place is wrong */
};

/* Read a call's body: 0, or -EINVAL or -E2BIG for one that is no call.  'ret_error' may be
 * NULL.  There are no notifications and no batches.  JSON objects keep a key given twice
 * for codec_decode to refuse. */
int envelope_parse_xml(const char *body, size_t size, struct envelope *ret_call,
                       struct envelope_error *ret_error) MUST_CHECK;
int envelope_parse_json(const char *body, size_t size, struct envelope *ret_call,
                        struct envelope_error *ret_error) MUST_CHECK;
void envelope_fini(struct envelope *call);
#define autoenvelope CLEANUP(envelope_fini) struct envelope

/* What stands before and behind the value of a success. */
void envelope_begin(const struct envelope *call, struct buf *out);
void envelope_end(const struct envelope *call, struct buf *out);
/* The same without XML-RPC's Status and Value: system.listMethods is answered so. */
void envelope_begin_bare(const struct envelope *call, struct buf *out);
void envelope_end_bare(const struct envelope *call, struct buf *out);
/* A whole answer of failure: the code and the parameters of 'e'. */
void envelope_add_failure(const struct envelope *call, const struct err *e,
                          struct buf *out);

/* ---- the client's side ---- */

struct envelope_reply {
    bool success;
    struct val value; /* the result; else a VAL_SET of texts: the code and its parameters */
};

/* Writes the body of a call. */
void envelope_add_call(const struct envelope *call, struct buf *out);
/* Reads the answer to a call made in 'protocol'; that it bears the call's id is not
 * checked. 0, -EINVAL or -E2BIG. */
int envelope_parse_reply(enum protocol protocol, const char *body, size_t size,
                         struct envelope_reply *ret_reply,
                         struct envelope_error *ret_error) MUST_CHECK;
