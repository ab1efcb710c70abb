// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/plugin.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/str.h"
#include "io/subprocess.h"

#define MAX_OUTPUT  (8u << 20)
#define DEADLINE_MS (UINT64_C(30) * 60 * 1000)

bool plugin_exists(const char *dir, const char *name)
{
    autofree char *path = xasprintf("%s/%s", dir, name);
    struct stat st;

    return stat(path, &st) == 0 && S_ISREG(st.st_mode) && (st.st_mode & S_IXUSR) &&
           !(st.st_mode & (S_IWGRP | S_IWOTH)) &&
           (st.st_uid == 0 || st.st_uid == geteuid());
}

static struct val text_of(struct buf *text)
{
    for (size_t i = 0; i < text->size;) {
        size_t n = text->data[i] ? str_utf8_sequence(text->data + i, text->size - i) : 0;

        if (!n)
            text->data[i] = '?';
        i += n ? n : 1;
    }
    return val_str_n(buf_str(text), text->size);
}

struct err *plugin_run(const char *dir, const char *name, enum plugin_input input,
                       const char *call, struct val *ret_result)
{
    autofree char *path = xasprintf("%s/%s", dir, name);
    const char *const argv[] = {path, input == PLUGIN_ARGUMENT ? call : NULL, NULL};
    CLEANUP(subprocess_result_fini) struct subprocess_result result = {0};
    struct subprocess_config config = {
        .argv = argv,
        .max_output = MAX_OUTPUT,
        .deadline_ms = clock_monotonic_ms() + DEADLINE_MS,
    };
    struct err *e;

    if (!plugin_exists(dir, name))
        return err_params(ERR_XENAPI_MISSING_PLUGIN, name, NULL);
    if (input == PLUGIN_STDIN) {
        config.input = call;
        config.input_size = strlen(call);
    }
    e = subprocess_run(&config, &result);
    if (e)
        return e;
    *ret_result = val_map(3);
    val_put_str(ret_result, "status", val_int(result.status));
    val_put_str(ret_result, "out", text_of(&result.out));
    val_put_str(ret_result, "errors", text_of(&result.errors));
    return NULL;
}
