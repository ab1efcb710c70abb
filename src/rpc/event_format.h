// SPDX-License-Identifier: GPL-2.0-or-later
/* Subscriptions from their texts, events as clients see them.  No state; any thread. */
#pragma once

#include <stdbool.h>

#include "db/db.h"
#include "rpc/reply.h"

/* "*", "class" or "class/ref", the class in any case; one the datamodel does not know is
 * allowed and never matches.  Adds to what 'sub' has: EVENT_SUBSCRIPTION_PARSE_FAILURE. */
struct err *subscription_add(struct db_subscription *sub,
                             const struct val *texts) MUST_CHECK;
/* Takes the same texts away again. */
struct err *subscription_remove(struct db_subscription *sub,
                                const struct val *texts) MUST_CHECK;
void subscription_fini(struct db_subscription *sub);
bool subscription_matches(const struct db_subscription *sub, int cls, const char *ref);
bool subscription_is_empty(const struct db_subscription *sub);
/* Nothing but tasks: somebody waits for a result. */
bool subscription_is_task_only(const struct db_subscription *sub);

/* One event; 'row' NULL: without its record. */
struct event_view {
    int64_t id;
    const char *timestamp;
    enum db_event_kind kind;
    int cls;
    const char *ref;
    struct row *row;
};
void event_write(const struct event_view *event, struct reply *reply);

/* The whole answer of event.from. */
void event_batch_write(const struct db_events *events, struct reply *reply);
