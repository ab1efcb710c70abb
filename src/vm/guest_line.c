// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/guest_line.h"

#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/str.h"
#include "vm/text.h"
#include "wire/json.h"

#define MAX_TEXT     128
#define MAX_NETWORKS 64
#define MAX_OTHER    32
#define MAX_INDEX    63    /* of a device, or of an address on one */
#define MAX_FROZEN   65536 /* file systems */
#define MAX_KIB      (INT64_C(1) << 40)

/* ---- lines ---- */

void guest_line_add(struct guest_line_cutter *cutter, const void *data, size_t size)
{
    buf_add(&cutter->pending, data, size);
}

bool guest_line_next(struct guest_line_cutter *cutter, struct buf *line)
{
    struct buf *pending = &cutter->pending;

    buf_clear(line);
    while (cutter->start < pending->size) {
        const char *start = pending->data + cutter->start;
        size_t left = pending->size - cutter->start;
        const char *end = memchr(start, '\n', left);
        size_t len = end ? (size_t)(end - start) : left;
        bool is_too_long = cutter->is_skipping || len >= GUEST_LINE_MAX_IN;

        if (!end && !is_too_long) {
            buf_consume(pending, cutter->start);
            cutter->start = 0;
            return false;
        }
        if (!is_too_long)
            buf_add(line, start, len);
        cutter->start += end ? len + 1 : len;
        cutter->is_skipping = !end;
        if (!is_too_long && len > 0)
            return true;
    }
    guest_line_cutter_fini(cutter);
    return false;
}

void guest_line_cutter_fini(struct guest_line_cutter *cutter)
{
    buf_fini(&cutter->pending);
    cutter->start = 0;
}

/* ---- a report's parts ---- */

/* Adds member 'name' of 'in' if it is text that says something. */
static void put_text(struct val *out, const struct val *in, const char *name)
{
    const struct val *text = val_find(in, name);

    if (text && text->kind == VAL_STR && val_len(text) > 0) {
        autofree char *clean = text_clean(val_text(text), MAX_TEXT);

        val_put_str(out, name, val_str(clean));
    }
}

static struct val read_os(const struct val *in, const struct guest_nics *nics)
{
    static const char *const members[] = {"name", "uname", "distro", "major", "minor"};
    struct val out = val_map(ARRAY_SIZE(members));

    for (size_t i = 0; i < ARRAY_SIZE(members); i++)
        put_text(&out, in, members[i]);
    return out;
}

/* A decimal number without leading zeros at '*at', which moves behind it. */
static bool read_index(const char **at, unsigned *ret_index)
{
    unsigned n = 0, digits = 0;

    for (; **at >= '0' && **at <= '9' && digits < 2; (*at)++, digits++)
        n = n * 10 + (unsigned)(**at - '0');
    if (digits == 0 || n > MAX_INDEX || (digits == 2 && n < 10))
        return false;
    *ret_index = n;
    return true;
}

/* "0/ip", "0/ipv4/1", "0/ipv6/0". */
struct network_key {
    unsigned number, index;
    int family;
    bool is_first; /* "ip" */
};

static bool read_network_key(const char *key, struct network_key *ret_key)
{
    struct network_key k = {.family = AF_INET};

    if (!read_index(&key, &k.number))
        return false;
    if (STREQ(key, "/ip")) {
        k.is_first = true;
        *ret_key = k;
        return true;
    }
    if (str_has_prefix(key, "/ipv6/"))
        k.family = AF_INET6;
    else if (!str_has_prefix(key, "/ipv4/"))
        return false;
    key += strlen("/ipv4/");
    if (!read_index(&key, &k.index) || *key)
        return false;
    *ret_key = k;
    return true;
}

/* The VIF's number of the guest's interface 'number', -1 when its address is none of ours.
 */
static int device_of(const struct val *macs, unsigned number, const struct guest_nics *nics)
{
    char key[12];
    struct mac mac;

    snprintf(key, sizeof(key), "%u", number);
    if (!macs || macs->kind != VAL_MAP || !val_find(macs, key) ||
        val_find(macs, key)->kind != VAL_STR ||
        !mac_parse(val_text(val_find(macs, key)), &mac))
        return -1;
    for (size_t i = 0; i < nics->n; i++)
        if (STREQ(nics->at[i].mac.text, mac.text))
            return (int)nics->at[i].device;
    return -1;
}

static struct val read_networks(const struct val *in, const struct val *macs,
                                const struct guest_nics *nics)
{
    struct val out = val_map(8);

    for (size_t i = 0; i < val_count(in) && val_count(&out) < MAX_NETWORKS; i++) {
        const struct val *value = val_value_at(in, i);
        char name[32], text[INET6_ADDRSTRLEN];
        unsigned char address[16];
        struct network_key key;
        int device;

        if (value->kind != VAL_STR ||
            !read_network_key(val_text(val_key_at(in, i)), &key) ||
            inet_pton(key.family, val_text(value), address) != 1)
            continue;
        device = device_of(macs, key.number, nics);
        inet_ntop(key.family, address, text, sizeof(text));
        if (key.is_first)
            snprintf(name, sizeof(name), "%d/ip", device);
        else
            snprintf(name, sizeof(name), "%d/ipv%c/%u", device,
                     key.family == AF_INET ? '4' : '6', key.index);
        if (device >= 0 && !val_find(&out, name))
            val_put_str(&out, name, val_str(text));
    }
    return out;
}

/* What the agent says it can do: "feature-...", a flag or a short word each. */
static struct val read_other(const struct val *in, const struct guest_nics *nics)
{
    struct val out = val_map(4);

    for (size_t i = 0; i < val_count(in) && val_count(&out) < MAX_OTHER; i++) {
        const char *key = val_text(val_key_at(in, i));
        const struct val *value = val_value_at(in, i);
        size_t len = strspn(key, "abcdefghijklmnopqrstuvwxyz0123456789-");

        if (str_has_prefix(key, "feature-") && key[len] == '\0' && len <= 48 &&
            value->kind == VAL_STR && val_len(value) <= 16 &&
            strspn(val_text(value), "abcdefghijklmnopqrstuvwxyz0123456789.-") ==
                val_len(value))
            val_put_str(&out, key, val_ref(value));
    }
    return out;
}

static struct val read_memory(const struct val *in, const struct guest_nics *nics)
{
    static const char *const members[] = {"total_kib", "free_kib"};
    struct val out = val_map(ARRAY_SIZE(members));

    for (size_t i = 0; i < ARRAY_SIZE(members); i++) {
        const struct val *number = val_find(in, members[i]);

        if (number && number->kind == VAL_INT && number->i >= 0 && number->i <= MAX_KIB)
            val_put_str(&out, members[i], val_ref(number));
    }
    return out;
}

/* "1.2.3" as {major: 1, minor: 2, micro: 3}, as PV_drivers_version has it. */
static struct val read_version(const char *text)
{
    static const char *const parts[] = {"major", "minor", "micro", "build"};
    struct val out = val_map(ARRAY_SIZE(parts));

    for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
        size_t len = strspn(text, "0123456789");

        if (len == 0 || len > 9)
            break;
        val_put_str(&out, parts[i], val_str_n(text, len));
        text += len;
        if (*text != '.' && *text != '-')
            break;
        text++;
    }
    return out;
}

static struct val read_report(const struct val *in, const struct guest_nics *nics)
{
    static const struct {
        const char *name;
        struct val (*read)(const struct val *in, const struct guest_nics *nics);
    } parts[] = {{"os", read_os}, {"other", read_other}, {"memory", read_memory}};
    const struct val *networks = val_find(in, "networks");
    struct val out = val_map(8);

    put_text(&out, in, "agent");
    put_text(&out, in, "host_name");
    if (val_find(&out, "agent"))
        val_put_str(&out, "drivers", read_version(val_find_text(&out, "agent", "")));
    for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
        const struct val *part = val_find(in, parts[i].name);

        if (part && part->kind == VAL_MAP)
            val_put_str(&out, parts[i].name, parts[i].read(part, nics));
    }
    if (networks && networks->kind == VAL_MAP)
        val_put_str(&out, "networks", read_networks(networks, val_find(in, "macs"), nics));
    return out;
}

static void read_frozen(const struct val *in, struct guest_line *line)
{
    const struct val *n = val_find(in, "frozen");

    if (!n || n->kind != VAL_INT || n->i < 0 || n->i > MAX_FROZEN)
        return;
    line->kind = GUEST_LINE_FROZEN;
    line->n = (unsigned)n->i;
}

void guest_line_read(const char *text, size_t len, const struct guest_nics *nics,
                     struct guest_line *ret_line)
{
    autoval struct val object = val_void();
    const struct val *type = NULL;

    *ret_line = (struct guest_line){.kind = GUEST_LINE_OTHER, .report = val_void()};
    if (json_parse(text, len, 0, &object, NULL) == 0 && object.kind == VAL_MAP)
        type = val_find(&object, "type");
    if (!type || type->kind != VAL_STR)
        return;
    if (STREQ(val_text(type), "report")) {
        ret_line->kind = GUEST_LINE_REPORT;
        ret_line->report = read_report(&object, nics);
    } else if (STREQ(val_text(type), "shutdown")) {
        ret_line->kind = GUEST_LINE_ACCEPTED;
    } else if (STREQ(val_text(type), "freeze") || STREQ(val_text(type), "thaw")) {
        read_frozen(&object, ret_line);
    } else if (STREQ(val_text(type), "error")) {
        ret_line->kind = GUEST_LINE_REFUSED;
    }
}
