// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/verb_console.h"

#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/alloc.h"
#include "cli/client.h"
#include "cli/device.h"
#include "cli/fail.h"
#include "cli/http.h"
#include "cli/target.h"
#include "model/model.h"

/* The path of the VM's text console at the server, with the session. */
static struct err *find_console(struct run *run, const char *vm, char **ret_path)
{
    ref_list consoles = VEC_INIT;
    const char *found = NULL, *session;
    struct err *e = device_set(run, CLASS_VM, vm, "consoles", CLASS_CONSOLE, &consoles);

    for (size_t i = 0; i < consoles.n && !e && !found; i++)
        if (STREQ(device_text(run, CLASS_CONSOLE, consoles.at[i], "protocol"), "vt100"))
            found = consoles.at[i];
    VEC_FINI(&consoles);
    if (!e && !found)
        e = fail("The VM has no text console: it is not running, or shows a screen only");
    if (!e)
        e = client_session(run->client, &session);
    if (!e)
        *ret_path = xasprintf("/console?ref=%s&session_id=%s", found, session);
    return e;
}

/* Keys go to the guest as they are typed, Ctrl-C among them. */
static bool make_raw(int fd, struct termios *ret_before)
{
    struct termios raw;

    if (tcgetattr(fd, ret_before) != 0)
        return false;
    raw = *ret_before;
    cfmakeraw(&raw);
    return tcsetattr(fd, TCSANOW, &raw) == 0;
}

static struct err *connect_console(struct run *run, const char *vm)
{
    autoptr(http) http = http_new(client_settings(run->client));
    autofree char *path = NULL;
    autobuf location = BUF_INIT;
    int in = fileno(run->in), out = fileno(run->out);
    struct termios before;
    bool is_raw;
    struct err *e = find_console(run, vm, &path);

    if (e)
        return e;
    run_say(run, "Connecting; Ctrl-] ends.");
    fflush(run->out);
    is_raw = make_raw(in, &before);
    e = http_relay(http, path, in, out, &location);
    if (is_raw)
        tcsetattr(in, TCSANOW, &before);
    if (!e && location.size > 0)
        e = fail("The console is on another host: name it with -s (%s)",
                 buf_str(&location));
    return e;
}

struct err *verb_console(struct run *run)
{
    ref_list vms = VEC_INIT;
    struct err *e = target_select(run, &vms);

    if (!e && vms.n > 1)
        e = fail("One terminal shows one console: name one VM");
    if (!e)
        e = connect_console(run, vms.at[0]);
    VEC_FINI(&vms);
    return e;
}
