// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#define LINE_MAX_BYTES 4096
#define MAX_FIELDS     4
#define MAX_VALUE      64

struct field {
    const char *name; /* NULL: free */
    char value[MAX_VALUE];
};

static const char *const topic_names[N_LOG_TOPICS] = {
#define LOG_TOPIC(name, help) #name,
#include "base/log.def"
#undef LOG_TOPIC
};

static atomic_uint debug_topics;
static _Thread_local struct field fields[MAX_FIELDS];

static size_t append(char *line, size_t at, const char *text)
{
    for (; *text && at < LINE_MAX_BYTES - 2; text++)
        line[at++] = (unsigned char)*text < 0x20 || *text == 0x7f ? ' ' : *text;
    return at;
}

void log_write(enum log_level level, enum log_topic topic, const char *fmt, ...)
{
    char text[LINE_MAX_BYTES], line[LINE_MAX_BYTES], prefix[4];
    int saved_errno = errno;
    size_t at = 0;
    va_list args;

    va_start(args, fmt);
    vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);

    snprintf(prefix, sizeof(prefix), "<%d>", level);
    at = append(line, at, prefix);
    for (const char *c = topic_names[topic]; *c; c++)
        line[at++] = *c >= 'A' && *c <= 'Z' ? (char)(*c - 'A' + 'a') : *c;
    at = append(line, at, ": ");
    at = append(line, at, text);
    for (size_t i = 0; i < MAX_FIELDS; i++) {
        if (!fields[i].name)
            continue;
        at = append(line, at, " ");
        at = append(line, at, fields[i].name);
        at = append(line, at, "=");
        at = append(line, at, fields[i].value);
    }
    line[at++] = '\n';
    /* One write, so that lines of threads and processes do not mix; a log that cannot be
     * written has nowhere to complain. */
    while (write(STDERR_FILENO, line, at) < 0 && errno == EINTR)
        ;
    errno = saved_errno;
}

bool log_set_debug(const char *topics)
{
    unsigned bits = 0;

    if (strcmp(topics, "all") == 0) {
        atomic_store(&debug_topics, ~0u);
        return true;
    }
    while (*topics) {
        size_t len = strcspn(topics, ","), i = 0;

        while (i < N_LOG_TOPICS && (strlen(topic_names[i]) != len ||
                                    strncasecmp(topic_names[i], topics, len) != 0))
            i++;
        if (i == N_LOG_TOPICS)
            return false;
        bits |= 1u << i;
        topics += len;
        topics += *topics == ',';
    }
    atomic_store(&debug_topics, bits);
    return true;
}

bool log_debug_enabled(enum log_topic topic)
{
    return atomic_load_explicit(&debug_topics, memory_order_relaxed) & (1u << topic);
}

void log_set_field(const char *name, const char *value)
{
    struct field *spare = NULL;

    for (size_t i = 0; i < MAX_FIELDS; i++) {
        if (fields[i].name && strcmp(fields[i].name, name) == 0) {
            spare = &fields[i];
            break;
        }
        if (!fields[i].name && !spare)
            spare = &fields[i];
    }
    if (!spare)
        return;
    spare->name = value ? name : NULL;
    if (value)
        snprintf(spare->value, sizeof(spare->value), "%s", value);
}
