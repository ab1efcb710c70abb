// SPDX-License-Identifier: GPL-2.0-or-later
/* Errors that can reach a client: a XenAPI code with its parameters for the client, and an
 * English sentence with its contexts for the log.  NULL is success.  An error belongs to
 * whoever holds it. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "err_codes.h" /* enum err_code, generated from datamodel/errors.dm */

struct err;

/* A new error.  'fmt' is a gerund phrase with the value that failed: "opening /run/sr/x".
 */
struct err *err_new(enum err_code code, const char *fmt, ...) PRINTF(2, 3) MUST_CHECK;

/* An error with code INTERNAL_ERROR around a system call's errno; its one parameter is the
 * sentence without paths' values: strerror text only. */
struct err *err_errno(int errnum, const char *fmt, ...) PRINTF(2, 3) MUST_CHECK;

/* Appends a parameter for the client; returns 'e'. */
struct err *err_param(struct err *e, const char *value) MUST_CHECK;
struct err *err_paramf(struct err *e, const char *fmt, ...) PRINTF(2, 3) MUST_CHECK;

/* Puts 'value' in the place of a parameter that is there. */
void err_set_param(struct err *e, size_t i, const char *value);

/* err_new with parameters at once: err_params(ERR_HANDLE_INVALID, "VM", ref, NULL).  The
 * sentence is the code and its parameters. */
struct err *err_params(enum err_code code, ...) MUST_CHECK __attribute__((sentinel));

/* The same for a code that is only known as text (an agent's or a plugin's answer).  A code
 * the datamodel does not know is kept as it is. */
struct err *err_foreign(const char *code, const char *sentence) MUST_CHECK;

/* Puts "who wanted it" before the sentence; returns 'e'; NULL stays NULL. */
struct err *err_context(struct err *e, const char *fmt, ...) PRINTF(2, 3) MUST_CHECK;

enum err_code err_code(const struct err *e);
const char *
err_code_text(const struct err *e); /* what clients match: "VM_BAD_POWER_STATE" */
size_t err_n_params(const struct err *e);
const char *err_param_at(const struct err *e, size_t i);
const char *err_sentence(const struct err *e); /* for logs only */
int err_errnum(const struct err *e);           /* 0 when no system call failed */

void err_free(struct err *e);
DEFINE_AUTOPTR(err, err_free)

/* Frees 'e' after logging it at debug together with 'why' it does not matter. */
void err_ignore(struct err *e, const char *why);

/* The text of a code, "VM_BAD_POWER_STATE"; and back (ERR_UNKNOWN when the datamodel has
 * none). */
const char *err_code_name(enum err_code code);
enum err_code err_code_by_name(const char *name);
