// SPDX-License-Identifier: GPL-2.0-or-later
/* The server's side of a WebSocket (RFC 6455) that carries a stream of bytes: frames of the
 * client read as they arrive, frames for it written.
 *
 * Where a message ends is of no meaning to a stream: its bytes are given on as they come,
 * so that no frame is too long and none is kept.  Messages are binary; a text message is an
 * error.  No extension is spoken.  After an error the connection is of no further use: say
 * so and close.  One thread at a time. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

#define WS_MAX_CONTROL 125 /* bytes a control frame carries */

enum ws_opcode {
    WS_CONTINUATION = 0,
    WS_TEXT = 1,
    WS_BINARY = 2,
    WS_CLOSE = 8,
    WS_PING = 9,
    WS_PONG = 10,
};

/* Why a connection is closed. */
enum ws_code {
    WS_CODE_NORMAL = 1000,
    WS_CODE_PROTOCOL_ERROR = 1002,
    WS_CODE_UNSUPPORTED = 1003,
    WS_CODE_NONE = 1005, /* never sent: the peer gave none */
};

enum ws_result {
    WS_MORE,    /* all bytes were used */
    WS_DATA,    /* a run of the stream */
    WS_CONTROL, /* a whole control frame: 'control', 'payload' */
    WS_BAD,     /* 'code' and 'why' */
};

struct ws_reader {
    enum ws_opcode control;
    uint8_t payload[WS_MAX_CONTROL];
    size_t n_payload;
    uint16_t code; /* after WS_BAD and after WS_CLOSE */
    const char *why;

    /* The reader's own. */
    uint8_t head[14];
    size_t n_head;
    uint64_t left; /* of the frame's payload; while !in_head */
    uint8_t mask[4];
    unsigned masked;      /* bytes of the payload so far, modulo 4 */
    enum ws_opcode frame; /* what the frame is, while !in_head */
    bool in_frame, in_message;
};

/* All zero is a reader at the start. */

/* Takes the next bytes of the connection, and unmasks them where they are.  '*ret_used' of
 * them were used; a run of data lies within them.  Call again with what is behind. */
enum ws_result ws_feed(struct ws_reader *reader, char *data, size_t size, size_t *ret_used,
                       const char **ret_run, size_t *ret_run_size);

/* Appends a whole frame, unmasked as a server's is. */
void ws_add_frame(struct buf *out, enum ws_opcode opcode, const void *data, size_t size);
/* Appends a close frame; WS_CODE_NONE: one without a code. */
void ws_add_close(struct buf *out, uint16_t code);

/* Appends the value of Sec-WebSocket-Accept for that of Sec-WebSocket-Key.  -EINVAL when
 * that is not 16 bytes in base64. */
int ws_add_accept(struct buf *out, const char *key) MUST_CHECK;
