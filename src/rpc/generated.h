// SPDX-License-Identifier: GPL-2.0-or-later
/* The messages that follow from the datamodel by rule: getters, setters, lists, records,
 * constructors and destructors.  One engine for all classes; any thread. */
#pragma once

#include "rpc/call.h"
#include "rpc/reply.h"

/* True for the kinds that only read: their value goes straight into a reply. */
bool generated_reads(const struct method_def *method);
/* True when answering may take longer than the loop's thread can spare. */
bool generated_read_is_long(const struct call *call);
/* Appends the value to 'reply'.  An error may leave a part of it there. */
struct err *generated_read(const struct call *call, struct reply *reply) MUST_CHECK;

/* The body of the kinds that write. */
struct err *generated_write(struct call *call, struct val *ret_result);

/* Every reference in 'value' must be null or a row of its class: HANDLE_INVALID. */
struct err *generated_check_refs(struct txn *t, const struct type *type,
                                 const struct val *value) MUST_CHECK;

/* The value under 'key', text or number; NULL when absent. */
const struct val *generated_find_key(const struct val *map, const struct val *key);
/* A copy of the set or map without 'gone' (an element, or a key; NULL: all stay), with room
 * for one more. */
struct val generated_copy_without(const struct val *old, const struct val *gone);
