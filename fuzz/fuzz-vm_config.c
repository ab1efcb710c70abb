// SPDX-License-Identifier: GPL-2.0-or-later
/* What a VM is made of, as the manager sends it. */
#include "vm/config.h"

#include "base/mac.h"
#include "base/str.h"
#include "base/uuid.h"
#include "fuzz.h"
#include "wire/json.h"

static const int fds[] = {1000, 1001, 1002, 1003};

static void check_disk(const struct vm_disk *disk)
{
    FUZZ_CLAIM(disk->device <= 255);
    FUZZ_CLAIM(!(disk->is_cdrom && disk->is_writable));
    FUZZ_CLAIM(disk->is_cdrom || disk->n_layers > 0);
    for (size_t i = 0; i < disk->n_layers; i++) {
        FUZZ_CLAIM(disk->layers[i].fd >= 1000 && disk->layers[i].fd <= 1003);
        FUZZ_CLAIM(uuid_is_valid(disk->layers[i].id));
    }
}

static void check(const struct vm_config *config)
{
    size_t n_layers = 0;
    struct mac mac;

    FUZZ_CLAIM(strlen(config->name) <= 255);
    FUZZ_CLAIM(str_is_utf8(config->name, strlen(config->name)));
    FUZZ_CLAIM(config->memory >= 1u << 20 && config->memory % (1u << 20) == 0);
    FUZZ_CLAIM(config->vcpus >= 1 && config->vcpus <= config->vcpus_max);
    FUZZ_CLAIM(strspn(config->boot_order, "cdn") == strlen(config->boot_order));
    for (size_t i = 0; i < config->n_disks; i++) {
        check_disk(&config->disks[i]);
        n_layers += config->disks[i].n_layers;
    }
    FUZZ_CLAIM(n_layers <= ARRAY_SIZE(fds));
    for (size_t i = 0; i < config->n_nics; i++) {
        FUZZ_CLAIM(config->nics[i].device <= 63);
        FUZZ_CLAIM(mac_parse(config->nics[i].mac, &mac));
        FUZZ_CLAIM(!strpbrk(config->nics[i].mode, ", ="));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    autoval struct val text = val_void();
    struct vm_config config;
    struct err *e;

    if (json_parse((const char *)data, size, 0, &text, NULL) < 0)
        return 0;
    e = vm_config_parse(&text, fds, ARRAY_SIZE(fds), &config);
    if (e) {
        FUZZ_CLAIM(err_code(e) == ERR_INVALID_VALUE && err_n_params(e) == 2);
        err_free(e);
        return 0;
    }
    check(&config);
    vm_config_fini(&config);
    return 0;
}
