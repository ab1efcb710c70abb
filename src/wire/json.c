// SPDX-License-Identifier: GPL-2.0-or-later
#include "wire/json.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/str.h"

/* More characters than any number needs: exact doubles have at most 767 digits, but nobody
 * writes them. */
#define MAX_NUMBER 128

struct reader {
    const char *start, *at, *end;
    unsigned flags, depth;
    struct buf scratch; /* a string with escapes, decoded */
    int r;              /* the error, once there is one */
    const char *what;
};

static int read_value(struct reader *in, struct val *ret_value);

/* What a byte needs inside a string: nothing, or a look. */
enum { PLAIN, STOP, HIGH };
static const uint8_t in_string[256] = {
    [0 ... 0x1f] = STOP, ['"'] = STOP, ['\\'] = STOP, [0x80 ... 0xff] = HIGH};

static int fail(struct reader *in, int r, const char *what)
{
    in->r = r;
    in->what = what;
    return r;
}

static void skip_space(struct reader *in)
{
    while (in->at < in->end &&
           (*in->at == ' ' || *in->at == '\n' || *in->at == '\r' || *in->at == '\t'))
        in->at++;
}

/* The next byte that is not space, or '\0' at the end (which is never a valid byte). */
static char peek(struct reader *in)
{
    skip_space(in);
    return in->at < in->end ? *in->at : '\0';
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/* The four digits of \uXXXX. */
static int read_hex4(struct reader *in, uint32_t *ret_code)
{
    uint32_t code = 0;

    if (in->end - in->at < 4)
        return fail(in, -EINVAL, "a \\u escape has no end");
    for (int i = 0; i < 4; i++) {
        int digit = hex_digit(in->at[i]);

        if (digit < 0)
            return fail(in, -EINVAL, "a \\u escape has four hexadecimal digits");
        code = code << 4 | (uint32_t)digit;
    }
    in->at += 4;
    *ret_code = code;
    return 0;
}

static void add_utf8(struct buf *out, uint32_t code)
{
    char bytes[4];
    size_t n = 0;

    if (code < 0x80) {
        bytes[n++] = (char)code;
    } else if (code < 0x800) {
        bytes[n++] = (char)(0xc0 | code >> 6);
    } else if (code < 0x10000) {
        bytes[n++] = (char)(0xe0 | code >> 12);
        bytes[n++] = (char)(0x80 | (code >> 6 & 0x3f));
    } else {
        bytes[n++] = (char)(0xf0 | code >> 18);
        bytes[n++] = (char)(0x80 | (code >> 12 & 0x3f));
        bytes[n++] = (char)(0x80 | (code >> 6 & 0x3f));
    }
    if (code >= 0x80)
        bytes[n++] = (char)(0x80 | (code & 0x3f));
    buf_add(out, bytes, n);
}

static int read_unicode_escape(struct reader *in)
{
    uint32_t code, low;
    int r = read_hex4(in, &code);

    if (r < 0)
        return r;
    if (code == 0)
        return fail(in, -EINVAL, "a string holds a NUL");
    if (code >= 0xdc00 && code < 0xe000)
        return fail(in, -EINVAL, "a low surrogate stands alone");
    if (code >= 0xd800 && code < 0xdc00) {
        if (in->end - in->at < 6 || in->at[0] != '\\' || in->at[1] != 'u')
            return fail(in, -EINVAL, "a high surrogate stands alone");
        in->at += 2;
        r = read_hex4(in, &low);
        if (r < 0)
            return r;
        if (low < 0xdc00 || low >= 0xe000)
            return fail(in, -EINVAL, "a high surrogate stands alone");
        code = 0x10000 + ((code - 0xd800) << 10 | (low - 0xdc00));
    }
    add_utf8(&in->scratch, code);
    return 0;
}

/* 'in->at' stands behind a backslash. */
static int read_escape(struct reader *in)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    const char *which;
    char c;

    if (in->at == in->end)
        return fail(in, -EINVAL, "a string has no end");
    c = *in->at++;
    if (c == 'u')
        return read_unicode_escape(in);
    which = c ? strchr(from, c) : NULL;
    if (!which)
        return fail(in, -EINVAL, "an escape JSON does not have");
    buf_add_char(&in->scratch, to[which - from]);
    return 0;
}

/* Moves 'in->at' over the plain characters of a string, to a quote, backslash or error. */
static int skip_plain(struct reader *in)
{
    for (;;) {
        size_t n;

        while (in->at < in->end && in_string[(uint8_t)*in->at] == PLAIN)
            in->at++;
        if (in->at == in->end)
            return fail(in, -EINVAL, "a string has no end");
        if (in_string[(uint8_t)*in->at] == STOP)
            break;
        n = str_utf8_sequence(in->at, (size_t)(in->end - in->at));
        if (n == 0)
            return fail(in, -EINVAL, "a string is not UTF-8");
        in->at += n;
    }
    if (*in->at != '"' && *in->at != '\\')
        return fail(in, -EINVAL, "a string holds a control character");
    return 0;
}

/* 'in->at' stands on the opening quote. */
static int read_string(struct reader *in, struct val *ret_value)
{
    const char *run = ++in->at;
    int r = skip_plain(in);

    if (r < 0)
        return r;
    if (*in->at == '"') {
        *ret_value = val_str_n(run, (size_t)(in->at - run));
        in->at++;
        return 0;
    }
    buf_clear(&in->scratch);
    while (*in->at != '"') {
        buf_add(&in->scratch, run, (size_t)(in->at - run));
        in->at++;
        r = read_escape(in);
        if (r < 0)
            return r;
        run = in->at;
        r = skip_plain(in);
        if (r < 0)
            return r;
    }
    buf_add(&in->scratch, run, (size_t)(in->at - run));
    in->at++;
    *ret_value = val_str_n(buf_str(&in->scratch), in->scratch.size);
    return 0;
}

static size_t skip_digits(struct reader *in)
{
    const char *from = in->at;

    while (in->at < in->end && *in->at >= '0' && *in->at <= '9')
        in->at++;
    return (size_t)(in->at - from);
}

static int read_number(struct reader *in, struct val *ret_value)
{
    const char *from = in->at;
    bool whole = true;
    char text[MAX_NUMBER + 1];
    size_t n_digits, len;
    int64_t i;
    double d;

    if (*in->at == '-')
        in->at++;
    n_digits = skip_digits(in);
    if (n_digits == 0 || (n_digits > 1 && in->at[-(ptrdiff_t)n_digits] == '0'))
        return fail(in, -EINVAL, "a number starts with one digit, or not with 0");
    if (in->at < in->end && *in->at == '.') {
        whole = false;
        in->at++;
        if (skip_digits(in) == 0)
            return fail(in, -EINVAL, "a number has no digit behind its point");
    }
    if (in->at < in->end && (*in->at == 'e' || *in->at == 'E')) {
        whole = false;
        in->at++;
        if (in->at < in->end && (*in->at == '+' || *in->at == '-'))
            in->at++;
        if (skip_digits(in) == 0)
            return fail(in, -EINVAL, "a number has no digit in its exponent");
    }
    len = (size_t)(in->at - from);
    if (len > MAX_NUMBER)
        return fail(in, -E2BIG, "a number is too long");
    memcpy(text, from, len);
    text[len] = '\0';
    if (whole && str_to_int64(text, &i) == 0) {
        *ret_value = val_int(i);
        return 0;
    }
    if (str_to_double(text, &d) < 0 || !isfinite(d))
        return fail(in, -EINVAL, "a number is too large");
    *ret_value = val_float(d);
    return 0;
}

static int read_word(struct reader *in, const char *word, struct val value,
                     struct val *ret_value)
{
    size_t len = strlen(word);

    if ((size_t)(in->end - in->at) < len || memcmp(in->at, word, len) != 0)
        return fail(in, -EINVAL, "a word JSON does not have");
    in->at += len;
    *ret_value = value;
    return 0;
}

static int read_array(struct reader *in, struct val *ret_value)
{
    autoval struct val set = val_set(0);

    in->at++;
    if (peek(in) == ']') {
        in->at++;
        *ret_value = take_val(set);
        return 0;
    }
    for (;;) {
        struct val elem;
        int r = read_value(in, &elem);

        if (r < 0)
            return r;
        val_push(&set, elem);
        if (peek(in) == ']')
            break;
        if (peek(in) != ',')
            return fail(in, -EINVAL, "an array goes on with a comma or ends");
        in->at++;
    }
    in->at++;
    *ret_value = take_val(set);
    return 0;
}

static int read_member(struct reader *in, struct val *map)
{
    autoval struct val key = val_void();
    struct val value;
    int r;

    if (peek(in) != '"')
        return fail(in, -EINVAL, "an object's member starts with a string");
    r = read_string(in, &key);
    if (r < 0)
        return r;
    if (peek(in) != ':')
        return fail(in, -EINVAL, "a colon stands between name and value");
    in->at++;
    r = read_value(in, &value);
    if (r < 0)
        return r;
    val_put(map, take_val(key), value);
    return 0;
}

static int read_object(struct reader *in, struct val *ret_value)
{
    autoval struct val map = val_map(0);

    in->at++;
    if (peek(in) == '}') {
        in->at++;
        *ret_value = take_val(map);
        return 0;
    }
    for (;;) {
        int r = read_member(in, &map);

        if (r < 0)
            return r;
        if (peek(in) == '}')
            break;
        if (peek(in) != ',')
            return fail(in, -EINVAL, "an object goes on with a comma or ends");
        in->at++;
    }
    if (!(in->flags & JSON_KEEP_DUPLICATES) && val_map_duplicate(&map))
        return fail(in, -EEXIST, "an object has a key twice");
    in->at++;
    *ret_value = take_val(map);
    return 0;
}

static int read_value(struct reader *in, struct val *ret_value)
{
    int r;

    switch (peek(in)) {
    case '"':
        return read_string(in, ret_value);
    case '[':
    case '{':
        if (in->depth == JSON_MAX_DEPTH)
            return fail(in, -E2BIG, "values are nested too deep");
        in->depth++;
        r = *in->at == '[' ? read_array(in, ret_value) : read_object(in, ret_value);
        in->depth--;
        return r;
    case 't':
        return read_word(in, "true", val_bool(true), ret_value);
    case 'f':
        return read_word(in, "false", val_bool(false), ret_value);
    case 'n':
        return read_word(in, "null", val_void(), ret_value);
    case '-':
    case '0' ... '9':
        return read_number(in, ret_value);
    default:
        return fail(in, -EINVAL,
                    in->at == in->end ? "a value is missing"
                                      : "a character no value starts with");
    }
}

static void locate(const struct reader *in, struct json_error *ret_error)
{
    struct json_error error = {
        .what = in->what, .offset = (size_t)(in->at - in->start), .line = 1, .column = 1};

    for (const char *p = in->start; p < in->at; p++) {
        error.column++;
        if (*p == '\n') {
            error.line++;
            error.column = 1;
        }
    }
    *ret_error = error;
}

int json_parse(const char *text, size_t size, unsigned flags, struct val *ret_value,
               struct json_error *ret_error)
{
    struct reader in = {.start = text, .at = text, .end = text + size, .flags = flags};
    autoval struct val value = val_void();

    if (size > JSON_MAX_SIZE)
        fail(&in, -E2BIG, "the text is too large");
    else if (read_value(&in, &value) == 0 && (skip_space(&in), in.at < in.end))
        fail(&in, -EINVAL, "something stands behind the value");
    buf_fini(&in.scratch);
    if (in.r < 0) {
        if (ret_error)
            locate(&in, ret_error);
        return in.r;
    }
    *ret_value = take_val(value);
    return 0;
}

/* How a byte is written inside a string: 0 as it is, 'u' as \u00xx, HIGH after a look, else
 * behind a backslash. */
static const uint8_t escapes[256] = {
    [0 ... 7] = 'u',       ['\b'] = 'b', ['\t'] = 't',  ['\n'] = 'n',
    [0x0b] = 'u',          ['\f'] = 'f', ['\r'] = 'r',  ['"'] = '"',
    [0x0e ... 0x1f] = 'u', [0x7f] = 'u', ['\\'] = '\\', [0x80 ... 0xff] = HIGH};

void json_add_text(struct buf *out, const char *text, size_t len)
{
    static const char hex[] = "0123456789abcdef";
    size_t run = 0, i = 0;

    buf_add(out, "\"", 1);
    while (i < len) {
        uint8_t c = (uint8_t)text[i], how = escapes[c];
        size_t n;

        if (how == 0) {
            i++;
            continue;
        }
        n = how == HIGH ? str_utf8_sequence(text + i, len - i) : 0;
        if (n) {
            i += n;
            continue;
        }
        buf_add(out, text + run, i - run);
        run = ++i;
        if (how == HIGH)
            buf_add_str(out, "\xef\xbf\xbd");
        else if (how == 'u')
            buf_add(out, (char[]){'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]}, 6);
        else
            buf_add(out, (char[]){'\\', (char)how}, 2);
    }
    buf_add(out, text + run, len - run);
    buf_add(out, "\"", 1);
}

void json_add_float(struct buf *out, double d)
{
    char text[40];

    if (!isfinite(d)) {
        buf_add_str(out, isnan(d) ? "\"nan\"" : d < 0 ? "\"-inf\"" : "\"inf\"");
        return;
    }
    snprintf(text, sizeof(text), "%.16g", d);
    if (strtod(text, NULL) != d)
        snprintf(text, sizeof(text), "%.17g", d);
    buf_add_str(out, text);
    if (!strpbrk(text, ".e"))
        buf_add(out, ".0", 2);
}

static void add_key(struct buf *out, const struct val *key)
{
    if (key->kind == VAL_STR) {
        json_add_text(out, val_text(key), val_len(key));
        return;
    }
    assert_msg(key->kind == VAL_INT, "a map's keys are text or numbers");
    buf_addf(out, "\"%" PRId64 "\"", key->i);
}

void json_add(struct buf *out, const struct val *v)
{
    switch (v->kind) {
    case VAL_VOID:
        buf_add(out, "null", 4);
        break;
    case VAL_INT:
        buf_add_int(out, v->i);
        break;
    case VAL_BOOL:
        buf_add_str(out, v->b ? "true" : "false");
        break;
    case VAL_FLOAT:
        json_add_float(out, v->d);
        break;
    case VAL_STR:
        json_add_text(out, val_text(v), val_len(v));
        break;
    case VAL_SET:
        buf_add_char(out, '[');
        for (size_t i = 0; i < val_count(v); i++) {
            if (i)
                buf_add_char(out, ',');
            json_add(out, val_at(v, i));
        }
        buf_add_char(out, ']');
        break;
    case VAL_MAP:
        buf_add_char(out, '{');
        for (size_t i = 0; i < val_count(v); i++) {
            if (i)
                buf_add_char(out, ',');
            add_key(out, val_key_at(v, i));
            buf_add_char(out, ':');
            json_add(out, val_value_at(v, i));
        }
        buf_add_char(out, '}');
        break;
    }
}
