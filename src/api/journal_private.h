// SPDX-License-Identifier: GPL-2.0-or-later
/* How the steps of the journal are settled: a row a step.  Internal to the journal. */
#pragma once

#include "api/journal.h"

#define JOURNAL_WORDS 3

enum journal_end { JOURNAL_UNDONE, JOURNAL_FINISHED };

struct journal_settling {
    struct manager *m;
    const struct row *entry;
    const char *words[JOURNAL_WORDS]; /* NULL where there are fewer */
    bool was_refused; /* the call failed for a reason, not because it was cut off */
};

/* Settles a step that may have been begun, done, or settled before.  An error: not now. */
typedef struct err *(*journal_settle_fn)(const struct journal_settling *s,
                                         enum journal_end *ret_end);

extern const struct journal_step_def {
    const char *name;
    size_t n_words;
    journal_settle_fn settle;
    bool is_aside; /* tells nothing of how the call ended */
} journal_steps[N_JOURNAL_STEPS];

/* Puts the marks of the entry on its objects, and takes them off. */
void journal_mark(struct txn *t, const struct row *entry);
void journal_unmark(struct txn *t, const struct row *entry);
/* Is 'e' an agent's refusal, after which nothing was begun?  Else it is not known. */
bool journal_is_refusal(const struct err *e);
/* Set while a call is made again: it needs no entry that says so. */
extern _Thread_local bool journal_repeats;
