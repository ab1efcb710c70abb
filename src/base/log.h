// SPDX-License-Identifier: GPL-2.0-or-later
/* The log: one line per event on standard error, with the journal's "<priority>" prefix, a
 * topic, the text and the fields of the current thread (TASK=, VM=, SESSION=).  Any thread.
 * Whoever handles an error logs it; whoever returns it does not.  Never pass a secret. */
#pragma once

#include <stdbool.h>

#include "base/cleanup.h"

enum log_topic {
#define LOG_TOPIC(name, help) LOG_##name,
#include "base/log.def"
#undef LOG_TOPIC
    N_LOG_TOPICS
};

enum log_level {
    LOG_LEVEL_ERROR = 3,
    LOG_LEVEL_WARN = 4,
    LOG_LEVEL_INFO = 6,
    LOG_LEVEL_DEBUG = 7
};

#define log_error(topic, ...) log_write(LOG_LEVEL_ERROR, LOG_##topic, __VA_ARGS__)
#define log_warn(topic, ...)  log_write(LOG_LEVEL_WARN, LOG_##topic, __VA_ARGS__)
#define log_info(topic, ...)  log_write(LOG_LEVEL_INFO, LOG_##topic, __VA_ARGS__)
#define log_debug(topic, ...)                                                              \
    do {                                                                                   \
        if (log_debug_enabled(LOG_##topic))                                                \
            log_write(LOG_LEVEL_DEBUG, LOG_##topic, __VA_ARGS__);                          \
    } while (0)

/* Writes one line; control characters in it are escaped, over-long lines cut at 4 KiB. */
void log_write(enum log_level level, enum log_topic topic, const char *fmt, ...)
    PRINTF(3, 4);

/* Debug topics: a comma-separated list of names, or "all".  False for an unknown name. */
bool log_set_debug(const char *topics);
bool log_debug_enabled(enum log_topic topic);

/* A field of this thread's lines until it is set to NULL; names are constants.  At most 4
 * at once. */
void log_set_field(const char *name, const char *value);
