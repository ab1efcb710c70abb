// SPDX-License-Identifier: GPL-2.0-or-later
/* Small JSON objects kept in files: what lies on an SR, in a state or a run directory.  The
 * bytes are taken as an outsider's: bounded, and every member checked for its kind.  No
 * state; any thread.  0 or a negative errno; -EBADMSG for a text that is not as it must
 * be. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/uuid.h"
#include "base/value.h"

#define DOC_MAX_SIZE (256u << 10)

/* Reads the regular file 'name' strictly below 'dir_fd', never through a symbolic link. */
int doc_read(int dir_fd, const char *name, struct val *ret_object);
/* Replaces it as fd_replace_file does: whole, or not at all, and durable. */
int doc_write(int dir_fd, const char *name, const struct val *object);

/* Members of an object.  Texts are borrowed from it and at most 'max' bytes long. */
int doc_text(const struct val *object, const char *key, size_t max, const char **ret_text);
int doc_uuid(const struct val *object, const char *key, struct uuid *ret_uuid);
/* "" or null are none: '*ret_uuid' is then empty. */
int doc_uuid_or_none(const struct val *object, const char *key, struct uuid *ret_uuid);
int doc_size(const struct val *object, const char *key, uint64_t max, uint64_t *ret_size);
int doc_bool(const struct val *object, const char *key, bool *ret_bool);
