// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/doc.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/fd.h"
#include "wire/json.h"

static int read_all(int fd, struct buf *ret_data)
{
    autobuf data = BUF_INIT;
    ssize_t r;

    buf_reserve(&data, DOC_MAX_SIZE + 1);
    do {
        r = read(fd, data.data + data.size, DOC_MAX_SIZE + 1 - data.size);
        if (r < 0 && errno != EINTR)
            return -errno;
        if (r > 0)
            data.size += (size_t)r;
    } while (r != 0 && data.size <= DOC_MAX_SIZE);
    if (data.size > DOC_MAX_SIZE)
        return -EFBIG;
    data.data[data.size] = '\0';
    *ret_data = data;
    data = (struct buf)BUF_INIT;
    return 0;
}

int doc_read(int dir_fd, const char *name, struct val *ret_object)
{
    autoclose int fd = fd_open_beneath(dir_fd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK, 0);
    autobuf data = BUF_INIT;
    autoval struct val object = val_void();
    struct stat st;
    int r;

    if (fd < 0)
        return fd;
    if (fstat(fd, &st) < 0)
        return -errno;
    if (!S_ISREG(st.st_mode))
        return -EBADMSG;
    r = read_all(fd, &data);
    if (r < 0)
        return r;
    r = json_parse(data.data, data.size, 0, &object, NULL);
    if (r < 0 || object.kind != VAL_MAP)
        return -EBADMSG;
    *ret_object = take_val(object);
    return 0;
}

int doc_write(int dir_fd, const char *name, const struct val *object)
{
    autobuf text = BUF_INIT;

    json_add(&text, object);
    buf_add_char(&text, '\n');
    if (text.size > DOC_MAX_SIZE)
        return -EFBIG; /* it could not be read back */
    return fd_replace_file(dir_fd, name, text.data, text.size, 0600);
}

int doc_text(const struct val *object, const char *key, size_t max, const char **ret_text)
{
    const struct val *v = val_find(object, key);

    if (!v || v->kind != VAL_STR || val_len(v) > max)
        return -EBADMSG;
    *ret_text = val_text(v);
    return 0;
}

int doc_uuid(const struct val *object, const char *key, struct uuid *ret_uuid)
{
    const char *text;

    if (doc_text(object, key, UUID_LEN, &text) < 0 || !uuid_is_valid(text))
        return -EBADMSG;
    *ret_uuid = uuid_lower(text);
    return 0;
}

int doc_uuid_or_none(const struct val *object, const char *key, struct uuid *ret_uuid)
{
    const struct val *v = val_find(object, key);

    if (!v || v->kind == VAL_VOID || (v->kind == VAL_STR && val_len(v) == 0)) {
        *ret_uuid = (struct uuid){{0}};
        return 0;
    }
    return doc_uuid(object, key, ret_uuid);
}

int doc_size(const struct val *object, const char *key, uint64_t max, uint64_t *ret_size)
{
    const struct val *v = val_find(object, key);

    if (!v || v->kind != VAL_INT || v->i < 0 || (uint64_t)v->i > max)
        return -EBADMSG;
    *ret_size = (uint64_t)v->i;
    return 0;
}

int doc_bool(const struct val *object, const char *key, bool *ret_bool)
{
    const struct val *v = val_find(object, key);

    if (!v || v->kind != VAL_BOOL)
        return -EBADMSG;
    *ret_bool = v->b;
    return 0;
}
