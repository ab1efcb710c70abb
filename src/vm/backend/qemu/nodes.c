// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/backend/qemu/nodes.h"

#include <stdio.h>
#include <string.h>

#include "base/str.h"

#define ID_BITS   128
#define ID_DIGITS ((ID_BITS + 5) / 6)

/* RFC 4648's digits for names: QEMU takes letters, digits, '-' and '_'. */
static const char digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static unsigned hex_value(char c)
{
    return c <= '9' ? (unsigned)(c - '0') : (unsigned)((c | 0x20) - 'a') + 10;
}

void qemu_node_name(char kind, unsigned device, const char *layer_id,
                    char ret_name[QEMU_NODE_NAME_SIZE])
{
    char text[ID_DIGITS + 1] = "";
    unsigned bits = 0, n_bits = 0;
    size_t n = 0;

    for (; *layer_id; layer_id++) {
        if (*layer_id == '-')
            continue;
        bits = (bits << 4 | hex_value(*layer_id)) & 0xfff;
        n_bits += 4;
        if (n_bits < 6 || n == ID_DIGITS - 1)
            continue;
        n_bits -= 6;
        text[n++] = digits[bits >> n_bits & 0x3f];
    }
    text[n++] = digits[bits << (6 - n_bits) & 0x3f];
    snprintf(ret_name, QEMU_NODE_NAME_SIZE, "%c%u-%s", kind, device & 0xff, text);
}

bool qemu_node_parse(const char *name, char kind, unsigned device,
                     struct uuid *ret_layer_id)
{
    static const char hex[] = "0123456789abcdef";
    char prefix[8];
    unsigned bits = 0, n_bits = 0;
    size_t n = 0;

    snprintf(prefix, sizeof(prefix), "%c%u-", kind, device & 0xff);
    if (!str_has_prefix(name, prefix) || strlen(name += strlen(prefix)) != ID_DIGITS)
        return false;
    for (; *name; name++) {
        const char *digit = strchr(digits, *name);

        if (!digit)
            return false;
        bits = (bits << 6 | (unsigned)(digit - digits)) & 0xfff;
        for (n_bits += 6; n_bits >= 4 && n < UUID_LEN; n_bits -= 4) {
            if (n == 8 || n == 13 || n == 18 || n == 23)
                ret_layer_id->text[n++] = '-';
            ret_layer_id->text[n++] = hex[bits >> (n_bits - 4) & 0xf];
        }
    }
    ret_layer_id->text[n] = '\0';
    return n == UUID_LEN;
}

static void put_name(struct val *node, const char *key, char kind,
                     const struct vm_layer *layer, const struct qemu_layer_mode *mode)
{
    char name[QEMU_NODE_NAME_SIZE];

    qemu_node_name(kind, mode->device, layer->id, name);
    val_put_str(node, key, val_str(name));
}

static void put_cache(struct val *node, const struct qemu_layer_mode *mode)
{
    struct val cache = val_map(1);

    val_put_str(&cache, "direct", val_bool(mode->is_direct));
    val_put_str(node, "cache", cache);
}

struct val qemu_file_node(const struct vm_layer *layer, const struct qemu_layer_mode *mode)
{
    struct val node = val_map(8);

    val_put_str(&node, "driver", val_str(mode->is_block_device ? "host_device" : "file"));
    put_name(&node, "node-name", 'f', layer, mode);
    val_put_str(&node, "filename", val_strf("/dev/fdset/%u", mode->fdset));
    /* A lower layer is opened for reading; when a commit wants to write to it, QEMU looks
     * in the set for a descriptor that may. */
    if (!mode->is_writable)
        val_put_str(&node, "auto-read-only", val_bool(true));
    val_put_str(&node, "aio",
                val_str(mode->aio == QEMU_AIO_URING ? "io_uring" : "threads"));
    val_put_str(&node, "discard", val_str("unmap"));
    put_cache(&node, mode);
    return node;
}

struct val qemu_format_node(const struct vm_layer *layer, const struct vm_layer *backing,
                            const struct qemu_layer_mode *mode)
{
    bool is_qcow2 = layer->format == VM_IMAGE_QCOW2;
    struct val node = val_map(8);

    val_put_str(&node, "driver", val_str(is_qcow2 ? "qcow2" : "raw"));
    put_name(&node, "node-name", 'l', layer, mode);
    put_name(&node, "file", 'f', layer, mode);
    val_put_str(&node, "read-only", val_bool(!mode->is_writable));
    val_put_str(&node, "discard", val_str("unmap"));
    put_cache(&node, mode);
    if (is_qcow2 && backing)
        put_name(&node, "backing", 'l', backing, mode);
    else if (is_qcow2)
        val_put_str(&node, "backing", val_void());
    return node;
}
