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

/* Takes the marks of the entry off. */
void journal_unmark(struct txn *t, const struct row *entry);
/* Set while a call is made again: it needs no entry that says so. */
extern _Thread_local bool journal_repeats;
