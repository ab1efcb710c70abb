// SPDX-License-Identifier: GPL-2.0-or-later
#include "rpc/reply.h"

#include "db/db.h"

/* A row shorter than this is cheaper to copy than to send as a piece of its own. */
#define COPY_BELOW 512
/* From this length of the text on a record whose text is not at hand is made when it is
 * sent: a list of records may be 100 MB. */
#define LATER_FROM (64u << 10)

void reply_init(struct reply *reply, enum encoding encoding)
{
    *reply = (struct reply){.encoding = encoding};
}

void reply_clear(struct reply *reply)
{
    for (size_t i = 0; i < reply->parts.n; i++)
        row_release(reply->parts.at[i].row);
    reply->parts.n = 0;
    reply->text_done = 0;
    buf_clear(&reply->text);
}

void reply_fini(struct reply *reply)
{
    reply_clear(reply);
    VEC_FINI(&reply->parts);
    buf_fini(&reply->text);
}

void reply_value(struct reply *reply, const struct type *type, const struct val *value)
{
    codec_encode(reply->encoding, type, value, &reply->text);
}

void reply_text(struct reply *reply, const char *text)
{
    buf_add_str(&reply->text, text);
}

/* What was written to the text since the last part becomes a part. */
static void close_text(struct reply *reply)
{
    if (reply->text.size == reply->text_done)
        return;
    *VEC_PUSH(&reply->parts) = (struct reply_part){
        .offset = reply->text_done, .size = reply->text.size - reply->text_done};
    reply->text_done = reply->text.size;
}

void reply_record(struct reply *reply, struct row *row)
{
    size_t len = 0;
    const char *json = reply->encoding == ENCODING_JSON ? row_json(row, &len) : NULL;

    if (json && len < COPY_BELOW) {
        buf_add(&reply->text, json, len);
        return;
    }
    if (!json && reply->text.size < LATER_FROM) {
        row_write(row, reply->encoding, &reply->text);
        return;
    }
    close_text(reply);
    *VEC_PUSH(&reply->parts) = (struct reply_part){.row = row_hold(row), .later = !json};
}

static void add_comma(struct reply *reply)
{
    char last = reply->text.size ? reply->text.data[reply->text.size - 1] : '\0';

    /* The text's last byte is an opening bracket only before the first element: a record
     * that was sent as a part of its own leaves a comma's place behind it. */
    if (reply->text_done == reply->text.size || (last != '[' && last != '{'))
        buf_add_char(&reply->text, ',');
}

void reply_begin_array(struct reply *reply)
{
    reply_text(reply, reply->encoding == ENCODING_XML ? "<value><array><data>" : "[");
}

void reply_element(struct reply *reply)
{
    if (reply->encoding == ENCODING_JSON)
        add_comma(reply);
}

void reply_end_array(struct reply *reply)
{
    reply_text(reply, reply->encoding == ENCODING_XML ? "</data></array></value>" : "]");
}

void reply_begin_struct(struct reply *reply)
{
    reply_text(reply, reply->encoding == ENCODING_XML ? "<value><struct>" : "{");
}

void reply_member(struct reply *reply, const char *name)
{
    if (reply->encoding == ENCODING_XML) {
        buf_addf(&reply->text, "<member><name>%s</name>", name);
        return;
    }
    add_comma(reply);
    buf_addf(&reply->text, "\"%s\":", name);
}

void reply_end_member(struct reply *reply)
{
    if (reply->encoding == ENCODING_XML)
        reply_text(reply, "</member>");
}

void reply_end_struct(struct reply *reply)
{
    reply_text(reply, reply->encoding == ENCODING_XML ? "</struct></value>" : "}");
}

static void release_row(void *row)
{
    row_release(row);
}

static void make_json(void *row, struct buf *out)
{
    row_write(row, ENCODING_JSON, out);
}

static void make_xml(void *row, struct buf *out)
{
    row_write(row, ENCODING_XML, out);
}

static struct http_chunk chunk_of_row(const struct reply *reply,
                                      const struct reply_part *part)
{
    struct http_chunk chunk = {.release = release_row, .arg = part->row};

    if (part->later) {
        chunk.size = row_text_size(part->row, reply->encoding);
        chunk.make = reply->encoding == ENCODING_XML ? make_xml : make_json;
    } else {
        chunk.data = row_json(part->row, &chunk.size);
    }
    return chunk;
}

struct http_answer reply_finish(struct reply *reply, int status, const char *content_type,
                                const char *extra_headers)
{
    struct http_answer answer = {
        .status = status, .content_type = content_type, .extra_headers = extra_headers};
    char *text;

    close_text(reply);
    text = buf_take(&reply->text);
    answer.n_chunks = reply->parts.n + 1;
    answer.chunks = xreallocarray(NULL, answer.n_chunks, sizeof(answer.chunks[0]));
    for (size_t i = 0; i < reply->parts.n; i++) {
        const struct reply_part *part = &reply->parts.at[i];

        answer.chunks[i] = part->row ? chunk_of_row(reply, part)
                                     : (struct http_chunk){.data = text + part->offset,
                                                           .size = part->size};
    }
    /* The empty last one gives the text back, after all that point into it were sent. */
    answer.chunks[reply->parts.n] =
        (struct http_chunk){.data = text, .release = free, .arg = text};
    reply->parts.n = 0;
    reply->text_done = 0;
    return answer;
}
