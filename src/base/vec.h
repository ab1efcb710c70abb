// SPDX-License-Identifier: GPL-2.0-or-later
/* A growing array of any element type: VEC(struct row *) rows = VEC_INIT; one thread at a
 * time. */
#pragma once

#include "base/alloc.h"

#define VEC(type)                                                                          \
    struct {                                                                               \
        type *at;                                                                          \
        size_t n, room;                                                                    \
    }
#define VEC_INIT                                                                           \
    {                                                                                      \
        NULL, 0, 0                                                                         \
    }

/* Room for one more, then the place of it: *VEC_PUSH(&v) = x. */
#define VEC_PUSH(v)                                                                        \
    ({                                                                                     \
        if ((v)->n == (v)->room) {                                                         \
            (v)->room = (v)->room ? (v)->room * 2 : 8;                                     \
            (v)->at = xreallocarray((v)->at, (v)->room, sizeof(*(v)->at));                 \
        }                                                                                  \
        &(v)->at[(v)->n++];                                                                \
    })
#define VEC_FINI(v)                                                                        \
    do {                                                                                   \
        free((v)->at);                                                                     \
        (v)->at = NULL;                                                                    \
        (v)->n = (v)->room = 0;                                                            \
    } while (0)
