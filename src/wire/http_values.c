// SPDX-License-Identifier: GPL-2.0-or-later
#include "wire/http_values.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "base/str.h"
#include "wire/base64.h"
#include "wire/http.h"

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Appends 'text' with each %XX decoded, and '+' as a space when 'plus' is one. */
static int percent_decode(const char *text, size_t len, char plus, struct buf *out)
{
    for (size_t i = 0; i < len; i++) {
        char c = text[i];

        if (c == '%') {
            int high = i + 2 < len ? hex_digit(text[i + 1]) : -1;
            int low = high >= 0 ? hex_digit(text[i + 2]) : -1;

            if (low < 0)
                return -EINVAL;
            c = (char)(high << 4 | low);
            i += 2;
        } else if (c == '+') {
            c = plus;
        }
        buf_add_char(out, c);
    }
    return 0;
}

/* UTF-8 without control characters but those in 'allowed'. */
static bool is_clean(const char *text, size_t len, const char *allowed)
{
    if (!str_is_utf8(text, len))
        return false;
    for (size_t i = 0; i < len; i++)
        if (((unsigned char)text[i] < ' ' && !strchr(allowed, text[i])) || text[i] == 0x7f)
            return false;
    return true;
}

static bool has_dot_segment(const char *path)
{
    while (path) {
        size_t n = strcspn(path, "/");

        if ((n == 1 && path[0] == '.') || (n == 2 && path[0] == '.' && path[1] == '.'))
            return true;
        path = path[n] ? path + n + 1 : NULL;
    }
    return false;
}

int http_decode_path(const char *path, struct buf *out)
{
    autobuf decoded = BUF_INIT;

    for (const char *p = strchr(path, '%'); p; p = strchr(p + 1, '%'))
        if (strncasecmp(p, "%2f", 3) == 0 || strncasecmp(p, "%5c", 3) == 0)
            return -EINVAL;
    if (percent_decode(path, strlen(path), '+', &decoded) < 0 ||
        !is_clean(buf_str(&decoded), decoded.size, "") ||
        has_dot_segment(buf_str(&decoded)))
        return -EINVAL;
    buf_add(out, buf_str(&decoded), decoded.size);
    return 0;
}

static bool name_is(const char *text, size_t len, const char *name, char plus)
{
    autobuf decoded = BUF_INIT;

    return percent_decode(text, len, plus, &decoded) == 0 && decoded.size == strlen(name) &&
           memcmp(buf_str(&decoded), name, decoded.size) == 0;
}

int http_query_get(const char *query, const char *name, struct buf *out)
{
    while (*query) {
        size_t len = strcspn(query, "&"), n = strcspn(query, "&=");
        const char *value = query + n + (query[n] == '=');
        autobuf decoded = BUF_INIT;

        if (name_is(query, n, name, ' ')) {
            if (percent_decode(value, (size_t)(query + len - value), ' ', &decoded) < 0 ||
                !is_clean(buf_str(&decoded), decoded.size, "\t\r\n"))
                return -EINVAL;
            buf_add(out, buf_str(&decoded), decoded.size);
            return 1;
        }
        query += len + (query[len] == '&');
    }
    return 0;
}

/* One "name=value" of a Cookie field. */
static int read_cookie(const char *pair, size_t len, const char *name, struct buf *out)
{
    const char *equals = memchr(pair, '=', len), *value;
    autobuf decoded = BUF_INIT;

    if (!equals || !name_is(pair, (size_t)(equals - pair), name, '+'))
        return 0;
    value = equals + 1;
    len -= (size_t)(value - pair);
    if (len >= 2 && value[0] == '"' && value[len - 1] == '"') {
        value++;
        len -= 2;
    }
    if (percent_decode(value, len, '+', &decoded) < 0 ||
        !is_clean(buf_str(&decoded), decoded.size, ""))
        return -EINVAL;
    buf_add(out, buf_str(&decoded), decoded.size);
    return 1;
}

int http_cookie_get(const struct http_head *head, const char *name, struct buf *out)
{
    for (size_t i = 0; i < head->n_fields; i++) {
        const char *pair = head->fields[i].value;

        if (strcasecmp(head->fields[i].name, "cookie") != 0)
            continue;
        while (*pair) {
            size_t len = strcspn(pair, "; ");
            int r = read_cookie(pair, len, name, out);

            if (r != 0)
                return r;
            pair += len + strspn(pair + len, "; ");
        }
    }
    return 0;
}

int http_basic_auth(const struct http_head *head, struct buf *user, struct buf *password)
{
    const char *text = http_head_field(head, "authorization"), *colon;
    autobuf decoded = BUF_INIT;
    int r = 1;

    if (!text || strncasecmp(text, "basic ", 6) != 0)
        return 0;
    text += 6 + strspn(text + 6, " ");
    if (base64_decode(text, strlen(text), &decoded) < 0 ||
        !is_clean(buf_str(&decoded), decoded.size, "") ||
        !(colon = strchr(buf_str(&decoded), ':'))) {
        r = -EINVAL;
    } else {
        buf_add(user, buf_str(&decoded), (size_t)(colon - buf_str(&decoded)));
        buf_add_str(password, colon + 1);
    }
    str_wipe(decoded.data, decoded.size);
    return r;
}
