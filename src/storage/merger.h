// SPDX-License-Identifier: GPL-2.0-or-later
/* Merging layers at rest: the steps of a job (job.h), each begun and ended in its SR's
 * queue, with the copying between them in a thread of its own.  A job goes on until its
 * layer is no longer hidden, or is shared; it gives way to whoever opens its layers. */
#pragma once

#include <stdint.h>

#include "base/err.h"
#include "base/uuid.h"
#include "base/value.h"

#define MERGER_SOFT_DEPTH 30 /* a chain deeper than this is merged without being asked */

struct merger;
struct sr;
struct storage;

struct merger *merger_new(void);
/* Waits for the copying to end: after jobs_stop. */
void merger_stop(struct merger *merger);
void merger_free(struct merger *merger);

/* In the SR's queue: begins to merge what is above 'lower' into it.  OPERATION_NOT_ALLOWED
 * when nothing is to be merged there. */
struct err *merger_start(struct storage *storage, struct sr *sr, const struct uuid *lower,
                         uint64_t rate, struct uuid *ret_job) MUST_CHECK;
/* {merges} of docs/design/agent-protocol.md. */
struct err *merger_list(struct storage *storage, struct sr *sr,
                        struct val *ret_merges) MUST_CHECK;
/* In the SR's queue, after something changed there: tells what can be merged now, and
 * begins it where a chain is too deep. */
void merger_look(struct storage *storage, struct sr *sr);
/* Has the waiting jobs of an SR (NULL: of all) look again.  Any thread. */
void merger_kick(struct storage *storage, const struct uuid *sr);
/* Ends the jobs of an SR that is gone. */
void merger_forget(struct storage *storage, const struct uuid *sr);
/* In the SR's queue, before a volume is opened, grown or dropped: no merge has its layers
 * open when this returns. */
struct err *merger_make_way(struct storage *storage, struct sr *sr,
                            const struct uuid *vdi) MUST_CHECK;
