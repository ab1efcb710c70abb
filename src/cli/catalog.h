// SPDX-License-Identifier: GPL-2.0-or-later
/* The objects a command has read from its server: each record once, and as few calls as can
 * be.  Records are untyped maps (wire/json.h).  One thread. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/value.h"
#include "base/vec.h"

struct client;

struct catalog;
typedef VEC(const char *) ref_list; /* borrowed texts */

/* 'client' is borrowed. */
struct catalog *catalog_new(struct client *client);
void catalog_free(struct catalog *catalog);
DEFINE_AUTOPTR(catalog, catalog_free)
struct client *catalog_client(struct catalog *catalog);

/* Reads the objects of class 'cls' that 'expression' (model/filter.h; NULL: all) is true
 * of, in the order of the server's answer.  The references live as long as the catalog. */
struct err *catalog_query(struct catalog *catalog, int cls, const char *expression,
                          ref_list *ret_refs) MUST_CHECK;

/* Makes sure the objects 'refs' are known, as far as they exist. */
struct err *catalog_want(struct catalog *catalog, int cls, const ref_list *refs) MUST_CHECK;
/* True when the object was read, or asked for in vain. */
bool catalog_knows(const struct catalog *catalog, int cls, const char *ref);
/* Its record, or NULL when there is none. */
const struct val *catalog_record(const struct catalog *catalog, int cls, const char *ref);
/* Forgets a record that a call has changed. */
void catalog_forget(struct catalog *catalog, int cls, const char *ref);

/* Forgets all records: time has passed. */
void catalog_forget_all(struct catalog *catalog);

/* One field of an object, read now when it is not known; NULL when there is no such. */
struct err *catalog_field(struct catalog *catalog, int cls, const char *ref,
                          const char *field, const struct val **ret_value) MUST_CHECK;
/* The reference of the object with 'uuid': the server's UUID_INVALID when there is none. */
struct err *catalog_by_uuid(struct catalog *catalog, int cls, const char *uuid,
                            const char **ret_ref) MUST_CHECK;

/* "<uuid> (<name>)" of a reference of any class, 'hint' first; NULL when it is unknown. */
char *catalog_describe(struct catalog *catalog, const char *hint, const char *ref);
