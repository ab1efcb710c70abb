// SPDX-License-Identifier: GPL-2.0-or-later
#include "net/forward.h"

#include <string.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/str.h"

static bool parse_port(const char *text, size_t len, uint16_t *ret_port)
{
    autofree char *word = xstrndup(text, len);
    uint64_t port;

    if (strspn(word, "0123456789") != len || str_to_uint64(word, &port) < 0 || port < 1 ||
        port > UINT16_MAX)
        return false;
    *ret_port = (uint16_t)port;
    return true;
}

/* "tcp:2222:22" */
static bool parse_one(const char *text, size_t len, struct net_forward *ret_forward)
{
    const char *colon = memchr(text, ':', len), *end = text + len, *second;

    if (!colon || colon - text != 3 ||
        (memcmp(text, "tcp", 3) != 0 && memcmp(text, "udp", 3) != 0))
        return false;
    ret_forward->is_udp = *text == 'u';
    second = memchr(colon + 1, ':', (size_t)(end - colon - 1));
    return second &&
           parse_port(colon + 1, (size_t)(second - colon - 1), &ret_forward->host_port) &&
           parse_port(second + 1, (size_t)(end - second - 1), &ret_forward->guest_port);
}

static struct err *refuse(const char *text, const char *why)
{
    return err_params(ERR_VALUE_NOT_SUPPORTED, "forward", text, why, NULL);
}

struct err *net_forwards_parse(const char *text, struct net_forwards *ret_forwards)
{
    struct net_forwards made = {0};

    for (const char *at = text; *text; at += strcspn(at, ",") + 1) {
        size_t len = strcspn(at, ",");

        if (made.n == NET_MAX_FORWARDS)
            return refuse(text, "too many");
        if (!parse_one(at, len, &made.at[made.n++]))
            return refuse(text, "not tcp:PORT:PORT or udp:PORT:PORT, with commas between");
        if (!at[len])
            break;
    }
    *ret_forwards = made;
    return NULL;
}

struct err *net_forwards_refuse(const struct net_forwards *forwards, const char *why)
{
    autofree char *text = net_forwards_text(forwards);

    return refuse(text, why);
}

static const char *protocol_of(const struct net_forward *forward)
{
    return forward->is_udp ? "udp" : "tcp";
}

char *net_forwards_text(const struct net_forwards *forwards)
{
    autobuf text = BUF_INIT;

    for (size_t i = 0; i < forwards->n; i++)
        buf_addf(&text, "%s%s:%u:%u", i ? "," : "", protocol_of(&forwards->at[i]),
                 forwards->at[i].host_port, forwards->at[i].guest_port);
    return buf_take(&text);
}

struct val net_forwards_to_val(const struct net_forwards *forwards)
{
    struct val list = val_set(forwards->n);

    for (size_t i = 0; i < forwards->n; i++) {
        struct val one = val_map(3);

        val_put_str(&one, "protocol", val_str(protocol_of(&forwards->at[i])));
        val_put_str(&one, "host_port", val_int(forwards->at[i].host_port));
        val_put_str(&one, "guest_port", val_int(forwards->at[i].guest_port));
        val_push(&list, one);
    }
    return list;
}

bool net_forwards_equal(const struct net_forwards *a, const struct net_forwards *b)
{
    autofree char *a_text = net_forwards_text(a), *b_text = net_forwards_text(b);

    return STREQ(a_text, b_text);
}
