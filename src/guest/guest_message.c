// SPDX-License-Identifier: GPL-2.0-or-later
#include "guest/guest_message.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define DEPTH_MAX 8 /* of values inside values */

/* A cursor over one line. */
struct scan {
    const char *at, *end;
};

/* A string's bytes between its quotes, escapes as they stand: none of the words the
 * protocol knows has one. */
struct word {
    const char *text;
    size_t len;
};

static int scan_value(struct scan *s, int depth);
static int scan_member(struct scan *s, int depth, struct word *ret_key);

static bool word_is(const struct word *w, const char *text)
{
    return w->text && w->len == strlen(text) && memcmp(w->text, text, w->len) == 0;
}

static char scan_peek(struct scan *s)
{
    while (s->at < s->end && memchr(" \t\r\n", *s->at, 4))
        s->at++;
    return s->at < s->end ? *s->at : '\0';
}

static bool scan_take(struct scan *s, char c)
{
    if (scan_peek(s) != c || s->at == s->end)
        return false;
    s->at++;
    return true;
}

static int scan_string(struct scan *s, struct word *ret_word)
{
    const char *start;

    if (!scan_take(s, '"'))
        return -EBADMSG;
    start = s->at;
    for (; s->at < s->end && *s->at != '"'; s->at++) {
        if ((unsigned char)*s->at < ' ')
            return -EBADMSG;
        if (*s->at == '\\' && ++s->at == s->end)
            return -EBADMSG;
    }
    if (s->at == s->end)
        return -EBADMSG;
    *ret_word = (struct word){start, (size_t)(s->at - start)};
    s->at++;
    return 0;
}

/* Numbers, true, false and null: any run of their characters, since none is looked at. */
static int scan_bare(struct scan *s)
{
    const char *start = s->at;

    while (s->at < s->end && strchr("+-.0123456789Eaeflnrstu", *s->at) && *s->at)
        s->at++;
    return s->at > start ? 0 : -EBADMSG;
}

/* The rest of an object or array whose opening bracket has been taken. */
static int scan_rest(struct scan *s, char close, int depth)
{
    struct word key;
    int r;

    if (depth >= DEPTH_MAX)
        return -EBADMSG;
    if (scan_take(s, close))
        return 0;
    do {
        r = close == '}' ? scan_member(s, depth + 1, &key) : 0;
        if (r == 0)
            r = scan_value(s, depth + 1);
        if (r < 0)
            return r;
    } while (scan_take(s, ','));
    return scan_take(s, close) ? 0 : -EBADMSG;
}

static int scan_value(struct scan *s, int depth)
{
    struct word unused;

    switch (scan_peek(s)) {
    case '"':
        return scan_string(s, &unused);
    case '{':
        s->at++;
        return scan_rest(s, '}', depth);
    case '[':
        s->at++;
        return scan_rest(s, ']', depth);
    default:
        return scan_bare(s);
    }
}

/* A member's key and the colon after it. */
static int scan_member(struct scan *s, int depth, struct word *ret_key)
{
    int r = scan_string(s, ret_key);

    if (r < 0)
        return r;
    return scan_take(s, ':') ? 0 : -EBADMSG;
}

static int scan_command(struct scan *s, struct word *ret_type, struct word *ret_mode)
{
    struct word key;
    int r;

    if (!scan_take(s, '{'))
        return -EBADMSG;
    if (!scan_take(s, '}')) {
        do {
            struct word *value = NULL;

            r = scan_member(s, 0, &key);
            if (r < 0)
                return r;
            if (word_is(&key, "type"))
                value = ret_type;
            else if (word_is(&key, "mode"))
                value = ret_mode;
            if (value && value->text)
                return -EBADMSG; /* twice */
            r = value ? scan_string(s, value) : scan_value(s, 0);
            if (r < 0)
                return r;
        } while (scan_take(s, ','));
        if (!scan_take(s, '}'))
            return -EBADMSG;
    }
    scan_peek(s);
    return s->at == s->end && ret_type->text ? 0 : -EBADMSG;
}

int guest_command_parse(const char *line, size_t len, enum guest_command *ret_command)
{
    static const struct {
        const char *type, *mode;
        enum guest_command command;
    } commands[] = {
        {"ping", NULL, GUEST_COMMAND_PING},
        {"report", NULL, GUEST_COMMAND_REPORT},
        {"shutdown", "poweroff", GUEST_COMMAND_POWEROFF},
        {"shutdown", "reboot", GUEST_COMMAND_REBOOT},
        {"freeze", NULL, GUEST_COMMAND_FREEZE},
        {"thaw", NULL, GUEST_COMMAND_THAW},
    };
    struct scan s = {line, line + len};
    struct word type = {0}, mode = {0};
    int r;

    r = scan_command(&s, &type, &mode);
    if (r < 0)
        return r;
    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
        if (!word_is(&type, commands[i].type) ||
            (commands[i].mode && !word_is(&mode, commands[i].mode)))
            continue;
        *ret_command = commands[i].command;
        return 0;
    }
    return -EOPNOTSUPP;
}

char *guest_lines_room(struct guest_lines *lines, size_t *ret_size)
{
    memmove(lines->data, lines->data + lines->n_done, lines->n_held - lines->n_done);
    lines->n_held -= lines->n_done;
    lines->n_done = 0;
    *ret_size = sizeof(lines->data) - lines->n_held;
    return lines->data + lines->n_held;
}

void guest_lines_add(struct guest_lines *lines, size_t n)
{
    lines->n_held += n;
}

int guest_lines_next(struct guest_lines *lines, const char **ret_line, size_t *ret_len)
{
    while (lines->n_done < lines->n_held) {
        const char *start = lines->data + lines->n_done;
        size_t n_left = lines->n_held - lines->n_done;
        const char *newline = memchr(start, '\n', n_left);
        bool skipped = lines->skipping;

        if (!newline && n_left < sizeof(lines->data) && !skipped)
            return 0;
        if (!newline) { /* no room for the end of this line: drop what there is */
            lines->n_done = lines->n_held;
            lines->skipping = true;
            return skipped ? 0 : -EMSGSIZE;
        }
        lines->n_done += (size_t)(newline - start) + 1;
        lines->skipping = false;
        if (skipped || newline == start)
            continue;
        *ret_line = start;
        *ret_len = (size_t)(newline - start);
        return 1;
    }
    return 0;
}

void guest_text_putf(struct guest_text *text, const char *fmt, ...)
{
    size_t room = sizeof(text->data) - text->len;
    va_list args;
    int n;

    va_start(args, fmt);
    n = vsnprintf(text->data + text->len, room, fmt, args);
    va_end(args);
    if (n < 0 || (size_t)n >= room) {
        text->data[text->len] = '\0';
        text->full = true;
        return;
    }
    text->len += (size_t)n;
}

void guest_text_put_string(struct guest_text *text, const char *s)
{
    guest_text_putf(text, "\"");
    for (; *s; s++) {
        unsigned char c = (unsigned char)*s;

        if (c == '"' || c == '\\')
            guest_text_putf(text, "\\%c", c);
        else if (c < ' ' || c == 0x7f)
            guest_text_putf(text, " ");
        else
            guest_text_putf(text, "%c", c < 0x80 ? c : '?');
    }
    guest_text_putf(text, "\"");
}
