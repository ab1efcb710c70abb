// SPDX-License-Identifier: GPL-2.0-or-later
/* QMP, the protocol of QEMU's monitor: lines of JSON cut out of a stream, read as messages,
 * and commands written.  What QEMU says is not trusted: a guest may have taken it over.
 * One thread at a time; no I/O. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/value.h"

#define QMP_MAX_LINE                                                                       \
    (4u << 20) /* the answer of query-named-block-nodes grows with disks                   \
                */

enum qmp_kind { QMP_GREETING, QMP_RETURN, QMP_ERROR, QMP_EVENT };

struct qmp_message {
    enum qmp_kind kind;
    int64_t id;          /* RETURN, ERROR: of the command; -1 for none of ours */
    unsigned version[3]; /* GREETING: major, minor, micro */
    const char *name;    /* EVENT: which; ERROR: its class */
    const char *text;    /* ERROR: the description */
    struct val value;    /* RETURN: what came; EVENT: its data, always a map */
    struct val whole;    /* what 'name' and 'text' point into */
};

/* A line without its end.  0; -EINVAL for one that is no message, -E2BIG beyond the limits
 * of JSON. */
int qmp_parse(const char *line, size_t len, struct qmp_message *ret_message) MUST_CHECK;
void qmp_message_fini(struct qmp_message *message);
#define autoqmp CLEANUP(qmp_message_fini) struct qmp_message

/* Bytes as they come, taken out line by line.  Zeroed is empty. */
struct qmp_reader {
    struct buf held;
    size_t taken;    /* bytes at the start given out already */
    size_t searched; /* bytes after them known to hold no line end */
};

void qmp_reader_fini(struct qmp_reader *reader);
void qmp_reader_add(struct qmp_reader *reader, const char *data, size_t size);
/* 1 and a line (valid until more is added), 0 when none is whole, -EMSGSIZE for one beyond
 * QMP_MAX_LINE. */
int qmp_reader_next(struct qmp_reader *reader, const char **ret_line, size_t *ret_len);

/* Appends a command line.  'arguments' is a map, or NULL for none. */
void qmp_add_command(struct buf *out, int64_t id, const char *name,
                     const struct val *arguments);

/* Members of an object that came: what is absent or of another kind gives the default.
 * 'v' may be of any kind, and NULL. */
const struct val *qmp_get(const struct val *v, const char *key); /* NULL when absent */
const char *qmp_text(const struct val *v, const char *key, const char *otherwise);
int64_t qmp_int(const struct val *v, const char *key, int64_t otherwise);
bool qmp_bool(const struct val *v, const char *key, bool otherwise);
/* The elements of an array; 0 for anything else. */
size_t qmp_count(const struct val *v);
