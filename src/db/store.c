// SPDX-License-Identifier: GPL-2.0-or-later
#include "db/store.h"

#include "base/clock.h"

#define YEAR_2026 INT64_C(1767225600)

enum store_outcome store_check_after(const struct store_txn *txn,
                                     const enum store_outcome *outcomes)
{
    for (size_t i = 0; i < txn->n_after; i++)
        if (outcomes[txn->after[i]] != STORE_DONE)
            return STORE_CONFLICT;
    return STORE_DONE;
}

/* Milliseconds: far more of them pass than there are transactions, so that a store that was
 * deleted and made again starts where the old one has never been, and its tokens are known
 * for foreign. */
uint64_t store_first_generation(void)
{
    int64_t seconds = clock_wall_seconds() - YEAR_2026;

    return seconds > 0 ? (uint64_t)seconds * 1000 : 1;
}
