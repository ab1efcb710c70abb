// SPDX-License-Identifier: GPL-2.0-or-later
/* What a VM's owner writes for cloud-init: a key's letter and its value.  What is taken
 * becomes meta-data that is JSON, on a disc of whole sectors; what is refused makes none.
 */
#include "api/cloud_init.h"

#include "fuzz.h"
#include "wire/json.h"

#define UUID "a3b5cbd1-62f0-4ca1-9b0f-6d6f1a3c0001"

/* The first file's bytes, up to the zeros that fill its sector. */
static void check_meta_data(const struct buf *image)
{
    const char *start = memmem(image->data, image->size, "{\"instance-id\"", 14);
    autoval struct val meta = val_void();
    size_t len;

    FUZZ_CLAIM(start);
    len = strcspn(start, "\n");
    FUZZ_CLAIM(json_parse(start, len, 0, &meta, NULL) == 0);
    FUZZ_CLAIM(meta.kind == VAL_MAP && val_count(&meta) <= 3);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const keys[] = {
        "cloud-init",           "cloud-init-hostname",       "cloud-init-ssh-keys",
        "cloud-init-user-data", "cloud-init-network-config",
    };
    autoval struct val config = val_map(1);
    autobuf image = BUF_INIT;
    struct err *e;
    char *text;

    if (size == 0)
        return 0;
    text = strndup((const char *)data + 1, size - 1);
    val_put_str(&config, keys[data[0] % 5], val_str(text));
    e = cloud_init_seed(&config, UUID, text, &image);
    if (e) {
        FUZZ_CLAIM(err_code(e) == ERR_VALUE_NOT_SUPPORTED && image.size == 0);
        err_free(e);
    } else {
        FUZZ_CLAIM(image.size % 2048 == 0);
        check_meta_data(&image);
    }
    free(text);
    return 0;
}
