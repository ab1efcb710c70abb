// SPDX-License-Identifier: GPL-2.0-or-later
#include "wire/http_write.h"

#include <inttypes.h>
#include <string.h>

#include "wire/xml.h"

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
    {401, "Unauthorized"},
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
    {500, "Internal Server Error"},
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

/* What requests and responses have in common. */
static void add_body_fields(struct buf *out, const char *content_type,
                            uint64_t content_length, bool keep_alive)
{
    if (content_length != HTTP_NO_LENGTH)
        buf_addf(out, "content-length: %" PRIu64 "\r\n", content_length);
    http_add_field(out, "connection", keep_alive ? "keep-alive" : "close");
    if (content_type)
        http_add_field(out, "content-type", content_type);
}

void http_add_response(struct buf *out, int status, const char *content_type,
                       uint64_t content_length, bool keep_alive)
{
    buf_addf(out, "HTTP/1.1 %d %s\r\n", status, http_status_text(status));
    add_body_fields(out, content_type, content_length, keep_alive);
    http_add_field(out, "cache-control", "no-cache, no-store");
}

void http_add_request(struct buf *out, const char *method, const char *path,
                      const char *host, const char *content_type, uint64_t content_length,
                      bool keep_alive)
{
    buf_addf(out, "%s %s HTTP/1.1\r\n", method, path);
    http_add_field(out, "host", host);
    add_body_fields(out, content_type, content_length, keep_alive);
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

void http_add_error_page(struct buf *out, int status, const char *detail)
{
    buf_addf(out, "<html><body><h1>HTTP %d %s</h1>", status, http_status_text(status));
    if (detail)
        xml_add_text(out, detail, strlen(detail));
    buf_add_str(out, "</body></html>");
}
