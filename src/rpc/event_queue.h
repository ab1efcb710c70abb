// SPDX-License-Identifier: GPL-2.0-or-later
/* What event.next serves: one bounded queue of events for all who registered.
 *
 * It is fed only while somebody is registered.  A session that fell behind what is kept
 * gets EVENTS_LOST and must register again.  Any thread. */
#pragma once

#include "base/err.h"
#include "base/value.h"

struct db;
struct event_queue;
struct reply;

struct event_queue *event_queue_new(struct db *db);
void event_queue_free(struct event_queue *queue);

struct err *event_queue_register(struct event_queue *queue, const char *session_ref,
                                 const struct val *subscriptions) MUST_CHECK;
struct err *event_queue_unregister(struct event_queue *queue, const char *session_ref,
                                   const struct val *subscriptions) MUST_CHECK;
void event_queue_forget(struct event_queue *queue, const char *session_ref);
int64_t event_queue_current_id(struct event_queue *queue);

/* Takes in what happened since the last time. */
void event_queue_feed(struct event_queue *queue);
/* Puts in a change of 'row' (borrowed) that did not happen. */
struct row;
void event_queue_heartbeat(struct event_queue *queue, struct row *row);

/* Writes what the session has not seen yet as an array, and counts it as seen; *ret_n 0 and
 * nothing written when there is none.  SESSION_NOT_REGISTERED, EVENTS_LOST. */
struct err *event_queue_take(struct event_queue *queue, const char *session_ref,
                             struct reply *reply, size_t *ret_n) MUST_CHECK;
