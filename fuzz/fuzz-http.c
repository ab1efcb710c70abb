// SPDX-License-Identifier: GPL-2.0-or-later
/* HTTP heads of requests and responses.  However the bytes are cut, the head is the same.
 * The first byte: lowest bit request or response, the others the size of the pieces. */
#include "wire/http.h"

#include "base/str.h"
#include "fuzz.h"

struct outcome {
    struct http_head head;
    enum http_result result;
    size_t n_used;
};

static void feed(const char *data, size_t size, enum http_kind kind, size_t piece,
                 struct outcome *o)
{
    size_t n_used;

    http_head_init(&o->head, kind);
    o->result = HTTP_MORE;
    o->n_used = 0;
    while (o->result == HTTP_MORE && o->n_used < size) {
        size_t n = size - o->n_used < piece ? size - o->n_used : piece;

        o->result = http_head_feed(&o->head, data + o->n_used, n, &n_used);
        FUZZ_CLAIM(n_used <= n);
        FUZZ_CLAIM(o->result != HTTP_MORE || n_used == n);
        o->n_used += n_used;
    }
}

static void check_request(const struct http_head *head)
{
    FUZZ_CLAIM(head->method && head->method[0]);
    FUZZ_CLAIM(head->path[0] == '/' || STREQ(head->path, "*"));
    FUZZ_CLAIM(str_is_utf8(head->path, strlen(head->path)));
    FUZZ_CLAIM(head->query && head->body != HTTP_BODY_UNTIL_CLOSE);
}

static void check_done(const struct http_head *head)
{
    if (head->kind == HTTP_REQUEST)
        check_request(head);
    else
        FUZZ_CLAIM(head->status >= 100 && head->status <= 599);
    FUZZ_CLAIM(head->minor <= 1 && head->n_fields <= HTTP_MAX_FIELDS);
    for (size_t i = 0; i < head->n_fields; i++) {
        const struct http_field *field = &head->fields[i];

        FUZZ_CLAIM(field->name[0]);
        FUZZ_CLAIM(http_head_field(head, field->name));
        FUZZ_CLAIM(!strpbrk(field->value, "\r\n"));
        http_head_has_token(head, field->name, "upgrade");
    }
}

static void check_same(const struct outcome *a, const struct outcome *b)
{
    FUZZ_CLAIM(a->result == b->result);
    if (a->result == HTTP_BAD) {
        FUZZ_CLAIM(a->head.error == b->head.error);
        FUZZ_CLAIM(STREQ(a->head.why, b->head.why));
    }
    if (a->result != HTTP_DONE)
        return;
    FUZZ_CLAIM(a->n_used == b->n_used);
    FUZZ_CLAIM(a->head.n_fields == b->head.n_fields);
    FUZZ_CLAIM(a->head.body == b->head.body);
    FUZZ_CLAIM(a->head.content_length == b->head.content_length);
    FUZZ_CLAIM(a->head.keep_alive == b->head.keep_alive);
    for (size_t i = 0; i < a->head.n_fields; i++) {
        FUZZ_CLAIM(STREQ(a->head.fields[i].name, b->head.fields[i].name));
        FUZZ_CLAIM(STREQ(a->head.fields[i].value, b->head.fields[i].value));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t choice = fuzz_choice(&data, &size);
    enum http_kind kind = choice & 1 ? HTTP_RESPONSE : HTTP_REQUEST;
    struct outcome whole, pieces;

    feed((const char *)data, size, kind, size, &whole);
    feed((const char *)data, size, kind, (choice >> 1) + 1u, &pieces);
    if (whole.result == HTTP_DONE)
        check_done(&whole.head);
    if (whole.result == HTTP_BAD)
        FUZZ_CLAIM(whole.head.error >= 400 && whole.head.error <= 505 && whole.head.why);
    check_same(&whole, &pieces);
    http_head_fini(&whole.head);
    http_head_fini(&pieces.head);
    return 0;
}
