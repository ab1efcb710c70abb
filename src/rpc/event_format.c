// SPDX-License-Identifier: GPL-2.0-or-later
#include "rpc/event_format.h"

#include <stdio.h>
#include <string.h>

#include "base/alloc.h"

/* ---- subscriptions ---- */

static void set_class(struct db_subscription *sub, int cls, bool wanted)
{
    uint8_t bit = (uint8_t)(1u << (cls % 8));

    if (wanted)
        sub->classes[cls / 8] |= bit;
    else
        sub->classes[cls / 8] &= (uint8_t)~bit;
}

static bool has_class(const struct db_subscription *sub, int cls)
{
    return sub->classes[cls / 8] & (1u << (cls % 8));
}

static size_t find_row(const struct db_subscription *sub, int cls, const char *ref)
{
    for (size_t i = 0; i < sub->n_rows; i++) {
        if (sub->rows[i].cls == cls && strcmp(sub->rows[i].ref, ref) == 0)
            return i;
    }
    return sub->n_rows;
}

static void set_row(struct db_subscription *sub, int cls, const char *ref, bool wanted)
{
    size_t at = find_row(sub, cls, ref);

    if (wanted && at == sub->n_rows) {
        sub->rows = xreallocarray(sub->rows, sub->n_rows + 1, sizeof(sub->rows[0]));
        sub->rows[sub->n_rows].cls = cls;
        sub->rows[sub->n_rows++].ref = xstrdup(ref);
    } else if (!wanted && at < sub->n_rows) {
        free(sub->rows[at].ref);
        sub->rows[at] = sub->rows[--sub->n_rows];
    }
}

#define MAX_ROWS 2000 /* of one subscription: finding one is linear */

/* One text; false when it is none of the three forms. */
static bool apply(struct db_subscription *sub, const char *text, bool wanted)
{
    const char *slash = strchr(text, '/');
    size_t len = slash ? (size_t)(slash - text) : strlen(text);
    const struct class_def *cls;
    char name[64];

    if (strcmp(text, "*") == 0) {
        for (int i = 0; i < N_CLASSES; i++)
            set_class(sub, i, wanted && classes[i].has_events);
        return true;
    }
    if (len == 0 || (slash && (slash[1] == '\0' || strchr(slash + 1, '/'))))
        return false;
    if (len >= sizeof(name))
        return true; /* the name of no class */
    memcpy(name, text, len);
    name[len] = '\0';
    cls = class_by_lower(name);
    if (!cls || !cls->has_events)
        return true;
    if (wanted && slash && sub->n_rows >= MAX_ROWS)
        return false;
    if (slash)
        set_row(sub, class_index(cls), slash + 1, wanted);
    else
        set_class(sub, class_index(cls), wanted);
    return true;
}

static struct err *apply_all(struct db_subscription *sub, const struct val *texts,
                             bool wanted)
{
    for (size_t i = 0; i < val_count(texts); i++) {
        const char *text = val_text(val_at(texts, i));

        if (!apply(sub, text, wanted))
            return err_params(ERR_EVENT_SUBSCRIPTION_PARSE_FAILURE, text, NULL);
    }
    return NULL;
}

struct err *subscription_add(struct db_subscription *sub, const struct val *texts)
{
    return apply_all(sub, texts, true);
}

struct err *subscription_remove(struct db_subscription *sub, const struct val *texts)
{
    return apply_all(sub, texts, false);
}

void subscription_fini(struct db_subscription *sub)
{
    for (size_t i = 0; i < sub->n_rows; i++)
        free(sub->rows[i].ref);
    free(sub->rows);
    memset(sub, 0, sizeof(*sub));
}

bool subscription_matches(const struct db_subscription *sub, int cls, const char *ref)
{
    return has_class(sub, cls) || find_row(sub, cls, ref) < sub->n_rows;
}

bool subscription_is_empty(const struct db_subscription *sub)
{
    for (size_t i = 0; i < sizeof(sub->classes); i++) {
        if (sub->classes[i])
            return false;
    }
    return sub->n_rows == 0;
}

bool subscription_is_task_only(const struct db_subscription *sub)
{
    for (int i = 0; i < N_CLASSES; i++) {
        if (i != CLASS_TASK && has_class(sub, i))
            return false;
    }
    for (size_t i = 0; i < sub->n_rows; i++) {
        if (sub->rows[i].cls != CLASS_TASK)
            return false;
    }
    return !subscription_is_empty(sub);
}

/* ---- events ---- */

static const struct type text_type = {.kind = TYPE_STRING, .text = "string", .cls = -1};

static void write_text(struct reply *reply, const char *name, const char *text)
{
    autoval struct val value = val_str(text);

    reply_member(reply, name);
    reply_value(reply, &text_type, &value);
    reply_end_member(reply);
}

static const char *operation_name(enum db_event_kind kind)
{
    switch (kind) {
    case DB_ADD:
        return "add";
    case DB_MOD:
        return "mod";
    default:
        return "del";
    }
}

void event_write(const struct event_view *event, struct reply *reply)
{
    char id[24];

    snprintf(id, sizeof(id), "%lld", (long long)event->id);
    reply_begin_struct(reply);
    write_text(reply, "id", id);
    write_text(reply, "timestamp", event->timestamp);
    write_text(reply, "class", classes[event->cls].lower);
    write_text(reply, "operation", operation_name(event->kind));
    write_text(reply, "ref", event->ref);
    if (event->row && event->kind != DB_DEL) {
        reply_member(reply, "snapshot");
        reply_record(reply, event->row);
        reply_end_member(reply);
    }
    reply_end_struct(reply);
}

/* Rows without a message belong to Latchkey alone: no client may ask for them. */
static bool is_public(const struct class_def *cls)
{
    return !cls->in_database || cls->n_methods > 0;
}

static void write_counts(const struct db_events *events, struct reply *reply)
{
    bool xml = reply->encoding == ENCODING_XML;

    reply_begin_struct(reply);
    for (int i = 0; i < N_CLASSES; i++) {
        if (!is_public(&classes[i]))
            continue;
        reply_member(reply, classes[i].lower);
        buf_addf(&reply->text, xml ? "<value><i4>%zu</i4></value>" : "%zu",
                 events->counts[i]);
        reply_end_member(reply);
    }
    reply_end_struct(reply);
}

void event_batch_write(const struct db_events *events, struct reply *reply)
{
    char token[DB_TOKEN_LEN + 1];

    reply_begin_struct(reply);
    reply_member(reply, "events");
    reply_begin_array(reply);
    for (size_t i = 0; i < events->n; i++) {
        const struct db_event *e = &events->at[i];
        struct event_view view = {
            (int64_t)e->generation, "0.0", e->kind, e->cls, e->ref, e->row};

        reply_element(reply);
        event_write(&view, reply);
    }
    reply_end_array(reply);
    reply_end_member(reply);
    reply_member(reply, "valid_ref_counts");
    write_counts(events, reply);
    reply_end_member(reply);
    db_token_text(&events->token, token);
    write_text(reply, "token", token);
    reply_end_struct(reply);
}
