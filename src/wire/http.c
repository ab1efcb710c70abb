// SPDX-License-Identifier: GPL-2.0-or-later
#include "wire/http.h"

#include <string.h>
#include <strings.h>

#include "base/alloc.h"
#include "base/str.h"
#include "wire/http_values.h"

static enum http_result read_line(struct http_head *head);

void http_head_init(struct http_head *head, enum http_kind kind)
{
    *head = (struct http_head){.kind = kind, .minor = 1};
}

void http_head_fini(struct http_head *head)
{
    free(head->path);
    buf_fini(&head->text);
    *head = (struct http_head){0};
}

static enum http_result bad(struct http_head *head, int status, const char *why)
{
    head->error = status;
    head->why = why;
    return HTTP_BAD;
}

/* Refuses a head that grew beyond its limits by 'more' bytes. */
static enum http_result check_size(struct http_head *head, size_t more)
{
    size_t size = head->text.size + more;

    if (head->at == HTTP_AT_START && size - head->line > HTTP_MAX_LINE)
        return bad(head, 414, "the first line is too long");
    if (head->at == HTTP_AT_FIELDS && size - head->fields_at > HTTP_MAX_FIELDS_SIZE)
        return bad(head, 431, "the fields are too large");
    return HTTP_MORE;
}

enum http_result http_head_feed(struct http_head *head, const char *data, size_t size,
                                size_t *ret_used)
{
    size_t used = 0;

    /* Fields point into the text, so it never moves; pages that stay unused cost nothing.
     */
    if (!head->text.data)
        buf_reserve(&head->text, 2 + HTTP_MAX_LINE + HTTP_MAX_FIELDS_SIZE);
    while (used < size) {
        const char *end = memchr(data + used, '\n', size - used);
        size_t n = end ? (size_t)(end + 1 - (data + used)) : size - used;
        enum http_result result = check_size(head, n);

        if (result == HTTP_BAD)
            return result;
        buf_add(&head->text, data + used, n);
        used += n;
        if (end)
            result = read_line(head);
        if (result != HTTP_MORE) {
            *ret_used = used;
            return result;
        }
    }
    *ret_used = used;
    return HTTP_MORE;
}

/* ---- the first line ---- */

static bool is_token(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        char c = text[i];

        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) &&
            (!c || !strchr("!#$%&'*+-.^_`|~", c)))
            return false;
    }
    return len > 0;
}

/* "HTTP/1.1": any other well-formed version is one we do not speak. */
static enum http_result read_version(struct http_head *head, const char *text)
{
    if (strlen(text) != 8 || strncmp(text, "HTTP/", 5) != 0 || text[6] != '.' ||
        text[5] < '0' || text[5] > '9' || text[7] < '0' || text[7] > '9')
        return bad(head, 400, "the version is malformed");
    if (text[5] != '1' || text[7] > '1')
        return bad(head, 505, "the version is neither HTTP/1.0 nor HTTP/1.1");
    head->minor = (unsigned)(text[7] - '0');
    return HTTP_MORE;
}

/* The path and query within a target, or NULL when it has another form than RFC 9112 §3.2's
 * origin-form, absolute-form or (for OPTIONS) asterisk-form. */
static const char *within_target(const char *method, const char *target)
{
    if (*target == '/' || (STREQ(target, "*") && STREQ(method, "OPTIONS")))
        return target;
    if (strncasecmp(target, "http://", 7) != 0 && strncasecmp(target, "https://", 8) != 0)
        return NULL;
    target = strstr(target, "//") + 2;
    return target[strcspn(target, "/?")] == '/' ? strchr(target, '/') : NULL;
}

static enum http_result read_target(struct http_head *head, char *target)
{
    autobuf path = BUF_INIT;
    const char *from = within_target(head->method, target);
    char *query;

    if (!from)
        return bad(head, 400, "the target is no path");
    for (const char *p = target; *p; p++)
        if (*p <= ' ' || *p >= 0x7f || *p == '#')
            return bad(head, 400, "the target holds a character no URI has");
    query = strchr(from, '?');
    if (query)
        *query = '\0';
    head->query = query ? query + 1 : "";
    if (http_decode_path(from, &path) < 0)
        return bad(head, 400, "the path is malformed");
    head->path = buf_take(&path);
    return HTTP_MORE;
}

static enum http_result read_request_line(struct http_head *head, char *line)
{
    char *target = strchr(line, ' '), *version = target ? strchr(target + 1, ' ') : NULL;
    enum http_result result;

    if (!version)
        return bad(head, 400, "the request line has not three parts");
    *target++ = '\0';
    *version++ = '\0';
    if (!is_token(line, strlen(line)))
        return bad(head, 400, "the method is no token");
    head->method = line;
    result = read_version(head, version);
    return result == HTTP_MORE ? read_target(head, target) : result;
}

static enum http_result read_status_line(struct http_head *head, char *line)
{
    char *status = strchr(line, ' ');
    enum http_result result;

    if (!status)
        return bad(head, 400, "the status line has not three parts");
    *status++ = '\0';
    result = read_version(head, line);
    if (result == HTTP_BAD)
        return result;
    if (strspn(status, "0123456789") != 3 || (status[3] && status[3] != ' ') ||
        status[0] < '1' || status[0] > '5')
        return bad(head, 400, "the status is malformed");
    head->status = (status[0] - '0') * 100 + (status[1] - '0') * 10 + status[2] - '0';
    return HTTP_MORE;
}

/* ---- fields ---- */

/* Printable, a space, a tab or beyond ASCII. */
static bool is_field_text(const char *text)
{
    for (; *text; text++)
        if (((unsigned char)*text < ' ' && *text != '\t') || *text == 0x7f)
            return false;
    return true;
}

static enum http_result read_field(struct http_head *head, char *line)
{
    char *colon = strchr(line, ':'), *value, *end;

    if (*line == ' ' || *line == '\t')
        return bad(head, 400, "a field is folded");
    if (!colon || !is_token(line, (size_t)(colon - line)))
        return bad(head, 400, "a field's name is no token");
    if (head->n_fields == HTTP_MAX_FIELDS)
        return bad(head, 431, "there are too many fields");
    *colon = '\0';
    value = colon + 1 + strspn(colon + 1, " \t");
    if (!is_field_text(value))
        return bad(head, 400, "a field holds a control character");
    for (end = value + strlen(value); end > value && strchr(" \t", end[-1]); end--)
        end[-1] = '\0';
    head->fields[head->n_fields++] = (struct http_field){.name = line, .value = value};
    return HTTP_MORE;
}

const char *http_head_field(const struct http_head *head, const char *name)
{
    for (size_t i = 0; i < head->n_fields; i++)
        if (strcasecmp(head->fields[i].name, name) == 0)
            return head->fields[i].value;
    return NULL;
}

static size_t count_fields(const struct http_head *head, const char *name)
{
    size_t n = 0;

    for (size_t i = 0; i < head->n_fields; i++)
        n += strcasecmp(head->fields[i].name, name) == 0;
    return n;
}

static bool list_has(const char *list, const char *token)
{
    size_t len = strlen(token);

    while (*list) {
        size_t n;

        list += strspn(list, ", \t");
        n = strcspn(list, ", \t");
        if (n == len && strncasecmp(list, token, len) == 0)
            return true;
        list += n;
    }
    return false;
}

bool http_head_has_token(const struct http_head *head, const char *name, const char *token)
{
    for (size_t i = 0; i < head->n_fields; i++)
        if (strcasecmp(head->fields[i].name, name) == 0 &&
            list_has(head->fields[i].value, token))
            return true;
    return false;
}

/* ---- what the fields mean together ---- */

/* RFC 9112 §6: the two ways to say where the body ends, of which there may be one. */
static enum http_result read_framing(struct http_head *head)
{
    const char *length = http_head_field(head, "content-length"),
               *coding = http_head_field(head, "transfer-encoding");

    if (length && coding)
        return bad(head, 400, "both Content-Length and Transfer-Encoding are given");
    if (count_fields(head, "content-length") > 1 ||
        count_fields(head, "transfer-encoding") > 1)
        return bad(head, 400, "the body's length is given twice");
    if (coding && head->minor == 0)
        return bad(head, 400, "HTTP/1.0 has no Transfer-Encoding");
    if (coding && strcasecmp(coding, "chunked") != 0)
        return bad(head, 501, "a Transfer-Encoding other than chunked");
    if (length && (str_to_uint64(length, &head->content_length) < 0 ||
                   head->content_length > INT64_MAX))
        return bad(head, 400, "the Content-Length is no number");
    head->body = coding ? HTTP_BODY_CHUNKED : length ? HTTP_BODY_LENGTH : HTTP_BODY_NONE;
    return HTTP_MORE;
}

static void read_persistence(struct http_head *head)
{
    if (http_head_has_token(head, "connection", "close"))
        head->keep_alive = false;
    else
        head->keep_alive =
            head->minor == 1 || http_head_has_token(head, "connection", "keep-alive");
}

/* RFC 9112 §3.2: HTTP/1.1 requires one Host; two of them are an attack. */
static enum http_result check_host(struct http_head *head)
{
    const char *host = http_head_field(head, "host");

    if (count_fields(head, "host") > 1 || (!host && head->minor == 1))
        return bad(head, 400, "there is not one Host");
    if (host && strpbrk(host, " \t,/@?#\\"))
        return bad(head, 400, "the Host is malformed");
    return HTTP_MORE;
}

static enum http_result finish_request(struct http_head *head)
{
    const char *expect = http_head_field(head, "expect");
    enum http_result result = check_host(head);

    if (result == HTTP_BAD)
        return result;
    result = read_framing(head);
    if (result == HTTP_BAD)
        return result;
    if (expect && head->minor == 1 && strcasecmp(expect, "100-continue") != 0)
        return bad(head, 417, "an expectation other than 100-continue");
    head->expect_continue = expect && head->minor == 1;
    return HTTP_DONE;
}

static enum http_result finish_response(struct http_head *head)
{
    enum http_result result = read_framing(head);

    if (result == HTTP_BAD)
        return result;
    if (head->status < 200 || head->status == 204 || head->status == 304)
        head->body = HTTP_BODY_NONE;
    else if (head->body == HTTP_BODY_NONE)
        head->body = HTTP_BODY_UNTIL_CLOSE;
    return HTTP_DONE;
}

/* ---- lines ---- */

static enum http_result finish(struct http_head *head)
{
    head->at = HTTP_AT_END;
    read_persistence(head);
    return head->kind == HTTP_REQUEST ? finish_request(head) : finish_response(head);
}

/* Cuts the complete line at head->line to a C string and moves on behind it. */
static char *take_line(struct http_head *head)
{
    char *line = head->text.data + head->line;
    size_t size = head->text.size - head->line;

    head->line = head->text.size;
    if (size < 2 || line[size - 2] != '\r' || memchr(line, '\r', size - 2) ||
        memchr(line, '\0', size))
        return NULL;
    line[size - 2] = '\0';
    return line;
}

/* The last line in 'text' is complete. */
static enum http_result read_line(struct http_head *head)
{
    bool first = head->at == HTTP_AT_START && head->line == 0;
    char *line = take_line(head);

    if (!line)
        return bad(head, 400, "a line does not end in CRLF, or holds CR or NUL");
    if (head->at == HTTP_AT_FIELDS)
        return *line ? read_field(head, line) : finish(head);
    /* RFC 9112 §2.2: some clients send an empty line behind the body before. */
    if (!*line && first && head->kind == HTTP_REQUEST)
        return HTTP_MORE;
    head->at = HTTP_AT_FIELDS;
    head->fields_at = head->text.size;
    return head->kind == HTTP_REQUEST ? read_request_line(head, line)
                                      : read_status_line(head, line);
}
