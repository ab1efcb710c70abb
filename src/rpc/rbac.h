// SPDX-License-Identifier: GPL-2.0-or-later
/* May this caller make this call?  The answer follows from the datamodel's rows alone.
 *
 * The local superuser, and a session of another host, pass always.  No state; any thread.
 */
#pragma once

#include "base/err.h"
#include "base/value.h"
#include "model/model.h"

struct call;
struct caller;

/* Role, and the rule of a map key for add_to_x and remove_from_x.  'given' are the values
 * as the client sent them, the message's own from 'first' on; none of them need be of its
 * type. Errors: RBAC_PERMISSION_DENIED [permission, text]; INTERNAL_ERROR for a call of
 * hosts among themselves. */
struct err *rbac_check_method(const struct caller *caller, const struct method_def *method,
                              const struct val *given, size_t first) MUST_CHECK;

/* The key once more, as it was decoded. */
struct err *rbac_check_key(const struct caller *caller, const struct method_def *method,
                           const struct val *args) MUST_CHECK;

/* A right that belongs to no message: "task.destroy/any". */
struct err *rbac_check_permission(const struct caller *caller, const char *name) MUST_CHECK;
bool rbac_has_permission(const struct caller *caller, const char *name);

/* A whole map written at once: each key that is added, removed or changed between 'old' and
 * 'new' must be allowed to the caller by its own rule.  'method' names the permission. */
struct err *rbac_check_map(const struct caller *caller, const struct method_def *method,
                           const struct field_def *field, const struct val *old,
                           const struct val *new) MUST_CHECK;

/* The same inside the transaction that writes it, where 'old' is what is replaced: for
 * set_x; every other message passes. */
struct err *rbac_check_set(const struct call *call, int field,
                           const struct val *old) MUST_CHECK;

/* All permissions of 'roles' as the API's set of names; made once for each combination and
 * shared. */
struct val rbac_permissions(uint16_t roles);
