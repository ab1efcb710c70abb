// SPDX-License-Identifier: GPL-2.0-or-later
/* Sessions: rows of class session, which do not outlive the daemon, and an index in memory
 * that every call is checked against.  Any thread.
 *
 * A session's reference is a secret of 128 random bits: it is never logged. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/uuid.h"

struct manager;
struct caller;
struct session;
struct sessions;

struct sessions *sessions_new(const struct manager *manager);
void sessions_free(struct sessions *sessions);

/* Who a new session is for.  Texts are copied; too long ones are cut. */
struct session_spec {
    const char *user_name, *user_sid, *originator, *source;
    const char *subject_ref; /* NULL: none */
    uint16_t roles;          /* bits of enum role_bit */
    bool is_local_superuser;
    bool is_pool_internal;
};

/* Makes a session.  When a limit is reached, the session of that originator, user or kind
 * that is longest unused and runs nothing is closed for it. */
struct err *sessions_open(struct sessions *sessions, const struct session_spec *spec,
                          char ret_ref[REF_LEN + 1]) MUST_CHECK;
/* Ends a session: its calls that wait for events answer SESSION_INVALID.  False when there
 * is none. */
bool sessions_close(struct sessions *sessions, const char *ref);
/* Ends all sessions of a user of the directory, but one ("": none). */
void sessions_close_user(struct sessions *sessions, const char *user_sid, const char *but);
/* The identifiers of the users of the directory who have a session, as a set of text. */
struct val sessions_user_sids(struct sessions *sessions);

/* Holds a session for one call and notes that it was used; NULL when there is none (it was
 * closed, or ran out). */
struct session *sessions_hold(struct sessions *sessions, const char *ref);
void sessions_release(struct sessions *sessions, struct session *session);
const struct caller *session_caller(const struct session *session);
/* When the session was last given events (monotonic, 0: never).  The loop's thread alone.
 */
uint64_t session_last_events(const struct session *session);
void session_set_last_events(struct session *session, uint64_t now_ms);

/* Closes what was idle for 24 hours and notes last use in the rows.  Blocks: from a worker,
 * by a timer. */
void sessions_sweep(struct sessions *sessions);

size_t sessions_count(struct sessions *sessions);
