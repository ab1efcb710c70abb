// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/verbs.h"

#include <string.h>

#include "host/facts.h"
#include "host/manage.h"
#include "host/nics.h"
#include "host/now.h"
#include "host/plugin.h"

#define MAX_NAME 128
#define MAX_CALL (100 << 10) /* the kernel passes no longer argument on */
#define MAX_TEXT 256
#define MAX_IDLE (24 * 3600 * 30)

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

/* ---- changing the machine ---- */

static struct err *run_power(struct verb_call *call, struct val *ret_result)
{
    return manage_power(call->state, call_text(call, "mode"));
}

static struct err *run_set_hostname(struct verb_call *call, struct val *ret_result)
{
    return manage_hostname(call->state, call_text(call, "name"));
}

static struct err *run_set_timezone(struct verb_call *call, struct val *ret_result)
{
    return manage_timezone(call->state, call_text(call, "zone"));
}

static struct err *run_set_syslog(struct verb_call *call, struct val *ret_result)
{
    return manage_syslog(call->state, call_text(call, "destination"));
}

static struct err *run_set_ssh(struct verb_call *call, struct val *ret_result)
{
    return manage_ssh(call->state, call_bool(call, "enabled", false));
}

static struct err *run_set_console_timeout(struct verb_call *call, struct val *ret_result)
{
    return manage_console_timeout(call->state, call_int(call, "seconds", 0));
}

static struct err *run_set_ntp(struct verb_call *call, struct val *ret_result)
{
    return manage_ntp(call->state, call_text(call, "mode"), call_arg(call, "servers"));
}

static const struct verb_arg args_power[] = {{"mode", ARG_WORD, .max = MAX_NAME}};
static const struct verb_arg args_hostname[] = {{"name", ARG_TEXT, .max = MAX_TEXT}};
static const struct verb_arg args_timezone[] = {{"zone", ARG_TEXT, .max = MAX_TEXT}};
static const struct verb_arg args_syslog[] = {{"destination", ARG_TEXT, .max = MAX_TEXT}};
static const struct verb_arg args_ssh[] = {{"enabled", ARG_BOOL}};
static const struct verb_arg args_timeout[] = {
    {"seconds", ARG_INT, .min = 0, .max = MAX_IDLE}};
static const struct verb_arg args_ntp[] = {{"mode", ARG_WORD, .max = MAX_NAME},
                                           {"servers", ARG_LIST}};

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
    {"host.power", args_power, 1, NULL, run_power, "reboots it or turns it off"},
    {"host.set_hostname", args_hostname, 1, NULL, run_set_hostname, "renames it"},
    {"host.set_timezone", args_timezone, 1, NULL, run_set_timezone, "its local time"},
    {"host.set_syslog", args_syslog, 1, NULL, run_set_syslog, "where logs go, too"},
    {"host.set_ssh", args_ssh, 1, NULL, run_set_ssh, "SSH logins or none"},
    {"host.set_console_timeout", args_timeout, 1, NULL, run_set_console_timeout,
     "ends idle logins at its console"},
    {"host.set_ntp", args_ntp, 2, NULL, run_set_ntp, "whose clock it follows"},
};
const size_t n_host_verbs = ARRAY_SIZE(host_verbs);
