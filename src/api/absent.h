// SPDX-License-Identifier: GPL-2.0-or-later
/* Messages whose answer on a host of this kind is an error of the model: the feature is not
 * there, or is not on.  References are looked at first, so that a dead one is told as such.
 */
#pragma once

#include "rpc/call.h"

/* LICENCE_RESTRICTION [feature]. */
struct absent {
    const char *feature; /* as errors spell it; NULL: by 'code' */
    enum err_code code;  /* without parameters */
};

/* A step for call_in_txn; the row's 'arg' is a struct absent. */
struct err *absent_answer(struct txn *t, struct call *call, struct val *ret_result);

#define NO_FEATURE(name)                                                                   \
    call_in_txn, BODY_NORMAL, absent_answer, &(const struct absent)                        \
    {                                                                                      \
        .feature = name                                                                    \
    }
#define NOT_ON(error)                                                                      \
    call_in_txn, BODY_NORMAL, absent_answer, &(const struct absent)                        \
    {                                                                                      \
        .code = error                                                                      \
    }
