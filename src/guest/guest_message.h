// SPDX-License-Identifier: GPL-2.0-or-later
/* The agent's half of the protocol of docs/design/guest-agent.md: lines in, commands out;
 * text built in a bounded buffer.  No I/O, no heap; the bytes that come in are not trusted.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#define GUEST_LINE_MAX 1024  /* a line from the host, without its newline */
#define GUEST_TEXT_MAX 16384 /* a line to the host, with its newline */

enum guest_command {
    GUEST_COMMAND_PING,
    GUEST_COMMAND_REPORT,
    GUEST_COMMAND_POWEROFF,
    GUEST_COMMAND_REBOOT,
    GUEST_COMMAND_FREEZE,
    GUEST_COMMAND_THAW,
};

/* The command in one line.  0, or -EBADMSG (not one JSON object with a text "type"), or
 * -EOPNOTSUPP (a type or mode this agent does not know). */
int guest_command_parse(const char *line, size_t len, enum guest_command *ret_command);

/* Cuts a stream of bytes into lines.  All zeros is a good start. */
struct guest_lines {
    char data[GUEST_LINE_MAX + 1];
    size_t n_held; /* bytes of 'data' in use */
    size_t n_done; /* of these, bytes of lines given out already */
    bool skipping; /* dropping the rest of a line that was too long */
};

/* Where the next bytes go, and how many fit: at least one. */
char *guest_lines_room(struct guest_lines *lines, size_t *ret_size);

/* 'n' bytes were put there. */
void guest_lines_add(struct guest_lines *lines, size_t n);

/* The next whole line: 1 and the line (valid until room is asked for), 0 when there is none
 * yet, -EMSGSIZE once for each line that is too long.  Empty lines are passed over. */
int guest_lines_next(struct guest_lines *lines, const char **ret_line, size_t *ret_len);

/* A line for the host.  What does not fit sets 'full' and leaves the text as it was. */
struct guest_text {
    char data[GUEST_TEXT_MAX];
    size_t len;
    bool full;
};

void guest_text_putf(struct guest_text *text, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Appends 's' as a JSON string.  Control characters become spaces; bytes outside ASCII
 * become question marks, so that the line is valid UTF-8 whatever the guest's files hold.
 */
void guest_text_put_string(struct guest_text *text, const char *s);
