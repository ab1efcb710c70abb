// SPDX-License-Identifier: GPL-2.0-or-later
/* event.from and event.next: calls that wait for changes and hold no thread meanwhile.
 *
 * They are parked in a list that the loop's thread owns.  A change wakes it; a worker then
 * looks for each call what happened since its token, and calls with something to tell are
 * answered.  A client that just got events waits 50 ms for the next ones, so that a burst
 * of changes makes few answers; one that waits longer gets a change at once. */
#pragma once

#include "base/err.h"
#include "base/value.h"

struct job;
struct manager;
struct events;

struct events *events_new(struct manager *manager);
/* Answers all that wait.  Loop thread, with the workers still running. */
void events_stop(struct events *events);
/* After db_close, whose last changes still reach it. */
void events_free(struct events *events);

/* Take the job; loop thread. */
void events_from(struct job *job);
void events_next(struct job *job);

/* event.register and unregister: EVENT_SUBSCRIPTION_PARSE_FAILURE,
 * SESSION_NOT_REGISTERED.  Any thread. */
struct err *events_register(struct events *events, const char *session_ref,
                            const struct val *subscriptions) MUST_CHECK;
struct err *events_unregister(struct events *events, const char *session_ref,
                              const struct val *subscriptions) MUST_CHECK;
/* The id of the latest event that event.next knows. */
int64_t events_current_id(struct events *events);

/* Its calls answer SESSION_INVALID, its registration ends.  Any thread. */
void events_session_closed(struct events *events, const char *session_ref);

/* For clients of event.next that watch for signs of life: as if the pool had changed.  By a
 * timer; any thread. */
void events_heartbeat(struct events *events);
