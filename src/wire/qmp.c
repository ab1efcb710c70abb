// SPDX-License-Identifier: GPL-2.0-or-later
#include "wire/qmp.h"

#include <errno.h>
#include <string.h>

#include "wire/json.h"

static int read_greeting(const struct val *qmp, struct qmp_message *message);
static int read_error(const struct val *error, struct qmp_message *message);
static int read_event(const struct val *whole, struct qmp_message *message);

int qmp_parse(const char *line, size_t len, struct qmp_message *ret_message)
{
    autoqmp message = {.id = -1};
    const struct val *member;
    int r = json_parse(line, len, 0, &message.whole, NULL);

    if (r < 0)
        return r == -E2BIG ? r : -EINVAL;
    message.id = qmp_int(&message.whole, "id", -1);
    if ((member = qmp_get(&message.whole, "return"))) {
        message.kind = QMP_RETURN;
        message.value = val_ref(member);
    } else if ((member = qmp_get(&message.whole, "error"))) {
        r = read_error(member, &message);
    } else if ((member = qmp_get(&message.whole, "QMP"))) {
        r = read_greeting(member, &message);
    } else {
        r = read_event(&message.whole, &message);
    }
    if (r < 0)
        return r;
    *ret_message = message;
    message = (struct qmp_message){0};
    return 0;
}

void qmp_message_fini(struct qmp_message *message)
{
    val_unref(&message->value);
    val_unref(&message->whole);
}

static int read_greeting(const struct val *qmp, struct qmp_message *message)
{
    static const char *const parts[] = {"major", "minor", "micro"};
    const struct val *version = qmp_get(qmp_get(qmp, "version"), "qemu");

    message->kind = QMP_GREETING;
    for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
        int64_t number = qmp_int(version, parts[i], -1);

        if (number < 0 || number > 9999)
            return -EINVAL;
        message->version[i] = (unsigned)number;
    }
    return 0;
}

static int read_error(const struct val *error, struct qmp_message *message)
{
    message->kind = QMP_ERROR;
    message->name = qmp_text(error, "class", NULL);
    message->text = qmp_text(error, "desc", NULL);
    return message->name && message->text ? 0 : -EINVAL;
}

static int read_event(const struct val *whole, struct qmp_message *message)
{
    const struct val *data = qmp_get(whole, "data");

    message->kind = QMP_EVENT;
    message->name = qmp_text(whole, "event", NULL);
    if (!message->name || (data && data->kind != VAL_MAP))
        return -EINVAL;
    message->value = data ? val_ref(data) : val_map(0);
    return 0;
}

void qmp_reader_fini(struct qmp_reader *reader)
{
    buf_fini(&reader->held);
    *reader = (struct qmp_reader){0};
}

void qmp_reader_add(struct qmp_reader *reader, const char *data, size_t size)
{
    buf_consume(&reader->held, reader->taken);
    reader->taken = 0;
    buf_add(&reader->held, data, size);
}

int qmp_reader_next(struct qmp_reader *reader, const char **ret_line, size_t *ret_len)
{
    for (;;) {
        const char *start = buf_str(&reader->held) + reader->taken, *end;
        size_t left = reader->held.size - reader->taken, len;

        end = memchr(start + reader->searched, '\n', left - reader->searched);
        if (!end) {
            reader->searched = left;
            return left > QMP_MAX_LINE ? -EMSGSIZE : 0;
        }
        len = (size_t)(end - start);
        reader->taken += len + 1;
        reader->searched = 0;
        if (len > QMP_MAX_LINE)
            return -EMSGSIZE;
        if (len && start[len - 1] == '\r')
            len--;
        if (len == 0)
            continue;
        *ret_line = start;
        *ret_len = len;
        return 1;
    }
}

void qmp_add_command(struct buf *out, int64_t id, const char *name,
                     const struct val *arguments)
{
    buf_add_str(out, "{\"execute\":");
    json_add_text(out, name, strlen(name));
    if (arguments) {
        buf_add_str(out, ",\"arguments\":");
        json_add(out, arguments);
    }
    buf_add_str(out, ",\"id\":");
    buf_add_int(out, id);
    buf_add_str(out, "}\n");
}

const struct val *qmp_get(const struct val *v, const char *key)
{
    return v && v->kind == VAL_MAP ? val_find(v, key) : NULL;
}

const char *qmp_text(const struct val *v, const char *key, const char *otherwise)
{
    const struct val *member = qmp_get(v, key);

    return member && member->kind == VAL_STR ? val_text(member) : otherwise;
}

int64_t qmp_int(const struct val *v, const char *key, int64_t otherwise)
{
    const struct val *member = qmp_get(v, key);

    return member && member->kind == VAL_INT ? member->i : otherwise;
}

bool qmp_bool(const struct val *v, const char *key, bool otherwise)
{
    const struct val *member = qmp_get(v, key);

    return member && member->kind == VAL_BOOL ? member->b : otherwise;
}

size_t qmp_count(const struct val *v)
{
    return v && v->kind == VAL_SET ? val_count(v) : 0;
}
