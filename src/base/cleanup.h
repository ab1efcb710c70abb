// SPDX-License-Identifier: GPL-2.0-or-later
/* Attributes and scope-bound clean-up, used everywhere.  No state; any thread. */
#pragma once

#include <stdlib.h>

#define CLEANUP(fn)       __attribute__((cleanup(fn)))
#define MUST_CHECK        __attribute__((warn_unused_result))
#define PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#define NORETURN          __attribute__((noreturn))
#define UNUSED            __attribute__((unused))

/* Clang's thread-safety analysis; nothing for gcc. */
#ifdef __clang__
#define THREAD_ATTR(x) __attribute__((x))
#else
#define THREAD_ATTR(x)
#endif
#define CAPABILITY       THREAD_ATTR(capability("mutex"))
#define GUARDED_BY(lock) THREAD_ATTR(guarded_by(lock))
#define REQUIRES(lock)   THREAD_ATTR(requires_capability(lock))

static inline void cleanup_free(void *p)
{
    free(*(void **)p);
}

void cleanup_close(int *fd); /* leaves -1: twice is harmless */

#define autofree  CLEANUP(cleanup_free)
#define autoclose CLEANUP(cleanup_close)

/* Moves a pointer or descriptor out of its owner: the source is left empty. */
#define take_ptr(p)                                                                        \
    ({                                                                                     \
        __typeof__(p) took_ = (p);                                                         \
        (p) = NULL;                                                                        \
        took_;                                                                             \
    })
#define take_fd(fd)                                                                        \
    ({                                                                                     \
        int took_ = (fd);                                                                  \
        (fd) = -1;                                                                         \
        took_;                                                                             \
    })

/* DEFINE_AUTOPTR(buf, buf_free) allows: autoptr(buf) b = NULL; */
#define DEFINE_AUTOPTR(type, destroy)                                                      \
    static inline void autoptr_##type(struct type **p)                                     \
    {                                                                                      \
        destroy(*p);                                                                       \
    }
#define autoptr(type) CLEANUP(autoptr_##type) struct type *

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define STREQ(a, b)   (strcmp((a), (b)) == 0)
