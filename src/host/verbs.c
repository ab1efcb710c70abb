// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/verbs.h"

#include <string.h>

#include "host/facts.h"
#include "host/nics.h"
#include "host/now.h"
#include "host/plugin.h"

#define MAX_NAME 128
#define MAX_CALL (100 << 10) /* the kernel passes no longer argument on */

static struct err *run_info(struct verb_call *call, struct val *ret_result)
{
    const struct host *host = call->state;

    *ret_result = host_facts(host->root_fd);
    return NULL;
}

static struct err *run_memory(struct verb_call *call, struct val *ret_result)
{
    const struct host *host = call->state;
    struct host_memory memory = host_memory_read(host->root_fd);

    if (!memory.total)
        return err_params(ERR_INTERNAL_ERROR, "reading /proc/meminfo", NULL);
    *ret_result = val_map(2);
    val_put_str(ret_result, "total", val_int(memory.total));
    val_put_str(ret_result, "free", val_int(memory.free));
    return NULL;
}

static struct err *run_stat(struct verb_call *call, struct val *ret_result)
{
    const struct host *host = call->state;
    struct host_memory memory = host_memory_read(host->root_fd);

    *ret_result = val_map(4);
    val_put_str(ret_result, "total", val_int(memory.total));
    val_put_str(ret_result, "free", val_int(memory.free));
    val_put_str(ret_result, "load", val_float(host_load(host->root_fd)));
    val_put_str(ret_result, "clock_synchronized", val_bool(host_clock_is_synchronized()));
    return NULL;
}

static struct err *run_nics(struct verb_call *call, struct val *ret_result)
{
    const struct host *host = call->state;

    *ret_result = val_map(1);
    val_put_str(ret_result, "nics", host_nics(host->root_fd));
    return NULL;
}

static struct err *run_timezones(struct verb_call *call, struct val *ret_result)
{
    const struct host *host = call->state;

    *ret_result = val_map(1);
    val_put_str(ret_result, "zones", host_timezones(host->root_fd));
    return NULL;
}

static struct err *run_kernel_log(struct verb_call *call, struct val *ret_result)
{
    const struct host *host = call->state;
    struct val text;
    struct err *e = host_kernel_log(host->root_fd, &text);

    if (e)
        return e;
    *ret_result = val_map(1);
    val_put_str(ret_result, "text", text);
    return NULL;
}

/* Folder and form by kind; false for another kind. */
static bool choose_kind(const struct verb_call *call, const char **ret_dir,
                        enum plugin_input *ret_input)
{
    const struct host *host = call->state;
    bool is_plugin = STREQ(call_text(call, "kind"), "plugin");

    *ret_dir = is_plugin ? host->plugins : host->extensions;
    *ret_input = is_plugin ? PLUGIN_ARGUMENT : PLUGIN_STDIN;
    return is_plugin || STREQ(call_text(call, "kind"), "extension");
}

static struct err *run_has_program(struct verb_call *call, struct val *ret_result)
{
    enum plugin_input input;
    const char *dir;

    if (!choose_kind(call, &dir, &input))
        return err_params(ERR_INVALID_VALUE, "kind", call_text(call, "kind"), NULL);
    *ret_result = val_map(1);
    val_put_str(ret_result, "exists",
                val_bool(plugin_exists(dir, call_text(call, "name"))));
    return NULL;
}

static struct err *run_program(struct verb_call *call, struct val *ret_result)
{
    enum plugin_input input;
    const char *dir;

    if (!choose_kind(call, &dir, &input))
        return err_params(ERR_INVALID_VALUE, "kind", call_text(call, "kind"), NULL);
    return plugin_run(dir, call_text(call, "name"), input, call_text(call, "call"),
                      ret_result);
}

static const struct verb_arg args_program[] = {
    {"kind", ARG_WORD, .max = MAX_NAME},
    {"name", ARG_WORD, .max = MAX_NAME},
    {"call", ARG_TEXT, .max = MAX_CALL},
};

const struct verb host_verbs[] = {
    {"host.info", NULL, 0, NULL, run_info, "what the machine is"},
    {"host.memory", NULL, 0, NULL, run_memory, "its memory now"},
    {"host.stat", NULL, 0, NULL, run_stat, "its memory, load and clock now"},
    {"host.nics", NULL, 0, NULL, run_nics, "its network cards"},
    {"host.timezones", NULL, 0, NULL, run_timezones, "the time zones it knows"},
    {"host.has_program", args_program, 2, NULL, run_has_program,
     "is there such a plugin or extension?"},
    {"host.run_program", args_program, 3, NULL, run_program, "runs it"},
    {"host.kernel_log", NULL, 0, NULL, run_kernel_log, "its kernel's messages"},
};
const size_t n_host_verbs = ARRAY_SIZE(host_verbs);
