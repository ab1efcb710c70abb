// SPDX-License-Identifier: GPL-2.0-or-later
#include "wire/websocket.h"

#include <errno.h>
#include <openssl/evp.h>
#include <string.h>

#include "wire/base64.h"

#define ACCEPT_GUID "258EAFA5-E914-47DA-95CA-C5AB0DC85B11" /* of RFC 6455 */

#define BIT_FIN     0x80
#define BITS_RSV    0x70
#define BIT_MASK    0x80
#define BIT_CONTROL 0x08
#define LENGTH_16   126
#define LENGTH_64   127
#define BITS_LENGTH 0x7f
#define BITS_OPCODE 0x0f
#define KEY_SIZE    16
#define SHA1_SIZE   20

static enum ws_result bad(struct ws_reader *r, uint16_t code, const char *why)
{
    r->code = code;
    r->why = why;
    return WS_BAD;
}

/* ---- the head of a frame ---- */

/* How many bytes the head has, as far as that is known from those that are here. */
static size_t head_size(const struct ws_reader *r)
{
    unsigned length = r->n_head < 2 ? 0 : r->head[1] & BITS_LENGTH;

    return 2 + (length == LENGTH_64 ? 8 : length == LENGTH_16 ? 2 : 0) + sizeof(r->mask);
}

/* False when it could have been told in fewer bytes, or has the bit that none may have. */
static bool read_length(const struct ws_reader *r, uint64_t *ret_length)
{
    unsigned told = r->head[1] & BITS_LENGTH;
    size_t n = told == LENGTH_64 ? 8 : told == LENGTH_16 ? 2 : 0;
    uint64_t length = n ? 0 : told;

    for (size_t i = 0; i < n; i++)
        length = length << 8 | r->head[2 + i];
    *ret_length = length;
    return !n || (n == 2 ? length >= LENGTH_16 : length > UINT16_MAX && !(length >> 63));
}

/* The first two bytes; the later ones may never come. */
static enum ws_result check_start(struct ws_reader *r)
{
    unsigned opcode = r->head[0] & BITS_OPCODE;
    bool control = opcode & BIT_CONTROL;

    if (r->head[0] & BITS_RSV)
        return bad(r, WS_CODE_PROTOCOL_ERROR, "a reserved bit is set");
    if (opcode == WS_TEXT)
        return bad(r, WS_CODE_UNSUPPORTED, "a text message");
    if (control ? opcode > WS_PONG : opcode > WS_BINARY)
        return bad(r, WS_CODE_PROTOCOL_ERROR, "an unknown kind of frame");
    if (!(r->head[1] & BIT_MASK))
        return bad(r, WS_CODE_PROTOCOL_ERROR, "a frame without a mask");
    if (control && (!(r->head[0] & BIT_FIN) || (r->head[1] & BITS_LENGTH) > WS_MAX_CONTROL))
        return bad(r, WS_CODE_PROTOCOL_ERROR, "a control frame in parts or too long");
    if (!control && (opcode == WS_CONTINUATION) != r->in_message)
        return bad(r, WS_CODE_PROTOCOL_ERROR,
                   r->in_message ? "a message within another"
                                 : "a continuation of nothing");
    return WS_MORE;
}

static enum ws_result end_head(struct ws_reader *r)
{
    size_t n = head_size(r);

    if (!read_length(r, &r->left))
        return bad(r, WS_CODE_PROTOCOL_ERROR, "a length that is not the shortest");
    memcpy(r->mask, r->head + n - sizeof(r->mask), sizeof(r->mask));
    r->masked = 0;
    r->frame = r->head[0] & BITS_OPCODE;
    r->n_payload = 0;
    r->in_frame = true;
    return WS_MORE;
}

/* Takes a byte of the head. */
static enum ws_result feed_head(struct ws_reader *r, char byte)
{
    enum ws_result result = WS_MORE;

    r->head[r->n_head++] = (uint8_t)byte;
    if (r->n_head == 2)
        result = check_start(r);
    if (result == WS_MORE && r->n_head >= 2 && r->n_head == head_size(r))
        result = end_head(r);
    return result;
}

/* ---- what it carries ---- */

static void unmask(struct ws_reader *r, char *data, size_t size)
{
    for (size_t i = 0; i < size; i++)
        data[i] = (char)(data[i] ^ r->mask[(r->masked + i) % 4]);
    r->masked = (unsigned)((r->masked + size) % 4);
    r->left -= size;
}

static bool code_is_good(uint16_t code)
{
    return (code >= 1000 && code <= 1014 && (code < 1004 || code > 1006)) ||
           (code >= 3000 && code <= 4999);
}

static enum ws_result end_control(struct ws_reader *r)
{
    r->control = r->frame;
    if (r->control != WS_CLOSE)
        return WS_CONTROL;
    if (r->n_payload == 0) {
        r->code = WS_CODE_NONE;
        return WS_CONTROL;
    }
    if (r->n_payload < 2)
        return bad(r, WS_CODE_PROTOCOL_ERROR, "half a code in a close frame");
    r->code = (uint16_t)(r->payload[0] << 8 | r->payload[1]);
    return code_is_good(r->code) ? WS_CONTROL
                                 : bad(r, WS_CODE_PROTOCOL_ERROR, "a code nobody may send");
}

/* The frame is over when nothing of it is left. */
static enum ws_result end_frame(struct ws_reader *r)
{
    bool control = r->frame & BIT_CONTROL;

    r->in_frame = false;
    r->n_head = 0;
    if (control)
        return end_control(r);
    r->in_message = !(r->head[0] & BIT_FIN);
    return WS_MORE;
}

enum ws_result ws_feed(struct ws_reader *r, char *data, size_t size, size_t *ret_used,
                       const char **ret_run, size_t *ret_run_size)
{
    enum ws_result result = WS_MORE;
    size_t used = 0;

    while (result == WS_MORE && used < size) {
        size_t n = size - used < r->left ? size - used : (size_t)r->left;
        char *run = data + used;

        if (!r->in_frame) {
            result = feed_head(r, data[used++]);
        } else {
            unmask(r, run, n);
            used += n;
            if (r->frame & BIT_CONTROL) {
                memcpy(r->payload + r->n_payload, run, n);
                r->n_payload += n;
            } else {
                *ret_run = run;
                *ret_run_size = n;
                result = WS_DATA;
            }
        }
        /* A frame that carries nothing ends with its head. */
        if (r->in_frame && !r->left && result != WS_BAD) {
            enum ws_result ended = end_frame(r);

            result = result == WS_DATA ? WS_DATA : ended;
        }
    }
    *ret_used = used;
    return result;
}

/* ---- writing ---- */

void ws_add_frame(struct buf *out, enum ws_opcode opcode, const void *data, size_t size)
{
    int n = size > UINT16_MAX ? 8 : size >= LENGTH_16 ? 2 : 0;
    unsigned told = n == 8 ? LENGTH_64 : n == 2 ? LENGTH_16 : (unsigned)size;

    buf_add_char(out, (char)(BIT_FIN | opcode));
    buf_add_char(out, (char)told);
    while (n-- > 0)
        buf_add_char(out, (char)(size >> 8 * n));
    buf_add(out, data, size);
}

void ws_add_close(struct buf *out, uint16_t code)
{
    const char bytes[2] = {(char)(code >> 8), (char)code};

    ws_add_frame(out, WS_CLOSE, bytes, code == WS_CODE_NONE ? 0 : sizeof(bytes));
}

int ws_add_accept(struct buf *out, const char *key)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned n = 0;
    autobuf bytes = BUF_INIT;
    autobuf text = BUF_INIT;

    if (base64_decode(key, strlen(key), &bytes) < 0 || bytes.size != KEY_SIZE)
        return -EINVAL;
    buf_add_str(&text, key);
    buf_add_str(&text, ACCEPT_GUID);
    if (!EVP_Digest(text.data, text.size, digest, &n, EVP_sha1(), NULL) || n != SHA1_SIZE)
        return -EINVAL;
    base64_add(out, digest, n);
    return 0;
}
