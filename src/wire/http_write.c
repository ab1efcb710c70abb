// SPDX-License-Identifier: GPL-2.0-or-later
#include "wire/http_write.h"

#include <inttypes.h>
#include <string.h>

#include "wire/xml.h"

/* XAPI's words, where it has one for the status. */
static const struct {
    int status;
    const char *text;
} statuses[] = {
    {100, "Continue"},
    {101, "Switching Protocols"},
    {200, "OK"},
    {204, "No Content"},
    {206, "Partial Content"},
    {301, "Moved Permanently"},
    {302, "Found"},
    {304, "Not Modified"},
    {400, "Bad Request"},
    {401, "Unauthorised"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {408, "Request Timeout"},
    {411, "Length Required"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {416, "Range Not Satisfiable"},
    {417, "Expectation Failed"},
    {426, "Upgrade Required"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Error"},
    {501, "Not Implemented"},
    {503, "Service Unavailable"},
    {505, "HTTP Version Not Supported"},
};

const char *http_status_text(int status)
{
    for (size_t i = 0; i < ARRAY_SIZE(statuses); i++)
        if (statuses[i].status == status)
            return statuses[i].text;
    return "Error";
}

void http_add_field(struct buf *out, const char *name, const char *value)
{
    buf_add_str(out, name);
    buf_add_str(out, ": ");
    for (; *value; value++)
        buf_add_char(out, (unsigned char)*value < ' ' || *value == 0x7f ? ' ' : *value);
    buf_add_str(out, "\r\n");
}

static void add_length(struct buf *out, uint64_t content_length)
{
    if (content_length != HTTP_NO_LENGTH)
        buf_addf(out, "content-length: %" PRIu64 "\r\n", content_length);
}

static void add_connection(struct buf *out, bool keep_alive)
{
    http_add_field(out, "connection", keep_alive ? "keep-alive" : "close");
}

static void add_content_type(struct buf *out, const char *content_type)
{
    if (content_type)
        http_add_field(out, "content-type", content_type);
}

/* The order is XAPI's: of an error the type comes first, of anything else last. */
void http_add_response(struct buf *out, unsigned minor, int status,
                       const char *content_type, uint64_t content_length, bool keep_alive)
{
    bool is_error = status >= 400;

    buf_addf(out, "HTTP/1.%u %d %s\r\n", minor, status, http_status_text(status));
    add_length(out, content_length);
    if (is_error)
        add_content_type(out, content_type);
    add_connection(out, keep_alive);
    http_add_field(out, "cache-control", "no-cache, no-store");
    if (!is_error)
        add_content_type(out, content_type);
}

void http_add_request(struct buf *out, const char *method, const char *path,
                      const char *host, const char *content_type, uint64_t content_length,
                      bool keep_alive)
{
    buf_addf(out, "%s %s HTTP/1.1\r\n", method, path);
    http_add_field(out, "host", host);
    add_length(out, content_length);
    add_connection(out, keep_alive);
    add_content_type(out, content_type);
}

void http_end_head(struct buf *out)
{
    buf_add_str(out, "\r\n");
}

void http_add_escaped(struct buf *out, const char *text)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                "0123456789-._~";

    for (; *text; text++) {
        if (strchr(plain, *text))
            buf_add_char(out, *text);
        else
            buf_addf(out, "%%%02X", (unsigned char)*text);
    }
}

static void add_heading(struct buf *out, int status)
{
    const char *text = status == 500 ? "internal server error" : http_status_text(status);

    buf_addf(out, "<h1>HTTP %d ", status);
    for (; *text; text++)
        buf_add_char(out, *text >= 'A' && *text <= 'Z' ? (char)(*text + 'a' - 'A') : *text);
    buf_add_str(out, "</h1>");
}

void http_add_error_page(struct buf *out, int status, const char *detail)
{
    buf_add_str(out, "<html><body>");
    add_heading(out, status);
    buf_add_str(out, "The request was not carried out.");
    if (detail) {
        buf_add_str(out, "<h1>Reason</h1>");
        xml_add_text(out, detail, strlen(detail));
    }
    buf_add_str(out, "</body></html>");
}
