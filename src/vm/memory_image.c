// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/memory_image.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "agent/doc.h"
#include "base/str.h"
#include "wire/json.h"

#define VERSION 1

/* A word that may stand in a command line. */
static int take_word(const struct val *object, const char *key, char *ret_word, size_t size)
{
    const char *text;

    if (doc_text(object, key, size - 1, &text) < 0 || !*text ||
        text[strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-._")])
        return -EBADMSG;
    snprintf(ret_word, size, "%s", text);
    return 0;
}

int memory_header_parse(const char *data, size_t size, struct memory_header *ret_header)
{
    autoval struct val object = val_void();
    struct memory_header header = {0};
    struct json_error error;
    uint64_t version;

    if (json_parse(data, strnlen(data, size), 0, &object, &error) < 0 ||
        object.kind != VAL_MAP ||
        doc_size(&object, "latchkey_memory", UINT32_MAX, &version) < 0 ||
        version != VERSION ||
        take_word(&object, "machine", header.machine, sizeof(header.machine)) < 0 ||
        take_word(&object, "accel", header.accel, sizeof(header.accel)) < 0)
        return -EBADMSG;
    *ret_header = header;
    return 0;
}

int memory_header_read(int fd, struct memory_header *ret_header)
{
    char data[MEMORY_HEADER_SIZE];
    ssize_t n = pread(fd, data, sizeof(data), 0);

    if (n < 0)
        return -errno;
    return memory_header_parse(data, (size_t)n, ret_header);
}

int memory_header_write(int fd, const struct memory_header *header)
{
    autoval struct val object = val_map(3);
    char data[MEMORY_HEADER_SIZE] = {0};
    autobuf text = BUF_INIT;
    ssize_t n;

    val_put_str(&object, "latchkey_memory", val_int(VERSION));
    val_put_str(&object, "machine", val_str(header->machine));
    val_put_str(&object, "accel", val_str(header->accel));
    json_add(&text, &object);
    if (text.size >= sizeof(data))
        return -EMSGSIZE;
    memcpy(data, buf_str(&text), text.size);
    if (fdatasync(fd) < 0)
        return -errno;
    n = pwrite(fd, data, sizeof(data), 0);
    if (n < 0 || fdatasync(fd) < 0)
        return -errno;
    return n == (ssize_t)sizeof(data) ? 0 : -ENOSPC;
}
