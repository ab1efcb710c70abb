// SPDX-License-Identifier: GPL-2.0-or-later
/* "/console": a VM's screen (RFB) or serial line, as bytes behind the answer to CONNECT or
 * GET, or in a WebSocket.  lk-vmd gives the descriptor; the server carries the bytes. */
#include <string.h>
#include <unistd.h>

#include "api/http_door.h"
#include "base/alloc.h"
#include "base/fd.h"
#include "base/str.h"
#include "io/frame.h"
#include "rpc/agents.h"
#include "rpc/manager.h"
#include "rpc/rbac.h"
#include "wire/http_write.h"
#include "wire/websocket.h"

#define WS_VERSION  "13"
#define SUBPROTOCOL "binary"
#define RAW_HEAD                                                                           \
    "HTTP/1.1 200 OK\r\nConnection: close\r\nCache-Control: no-cache, no-store\r\n\r\n"

/* ---- which console ---- */

/* Of a VM its screen, or what else it has. */
static struct err *console_of_vm(struct http_call *call, const struct row *vm,
                                 struct row **ret_console)
{
    const struct val *consoles = row_get(vm, F_VM_CONSOLES);
    struct row *found = NULL;

    for (size_t i = 0; i < val_count(consoles); i++) {
        struct row *row =
            db_get(call->manager->db, CLASS_CONSOLE, val_text(val_at(consoles, i)));
        bool is_screen = row && row_int(row, F_CONSOLE_PROTOCOL) == E_CONSOLE_PROTOCOL_RFB;

        if (row && (!found || is_screen)) {
            row_release(found);
            found = row;
        } else {
            row_release(row);
        }
    }
    if (!found)
        return err_params(ERR_HANDLE_INVALID, "console", row_ref(vm), NULL);
    *ret_console = found;
    return NULL;
}

static struct err *check_dom0(const struct http_call *call, const struct row *vm)
{
    bool by_get = STREQ(call->place->method, "GET");

    if (!row_bool(vm, F_VM_IS_CONTROL_DOMAIN))
        return NULL;
    return rbac_check_permission(&call->caller,
                                 by_get ? "http/connect_console_ws/host_console_ws"
                                        : "http/connect_console/host_console");
}

static struct err *find(struct http_call *call, struct row **ret_vm,
                        struct row **ret_console)
{
    static const int among[] = {CLASS_CONSOLE, CLASS_VM};
    autoptr(row) named = NULL;
    autoptr(row) vm = NULL;
    autoptr(row) console = NULL;
    struct err *e = http_door_find(call, among, ARRAY_SIZE(among), &named);

    if (e)
        return e;
    if (row_class(named) == &classes[CLASS_CONSOLE]) {
        console = row_hold(named);
        e = db_need(call->manager->db, CLASS_VM, row_text(named, F_CONSOLE_VM), &vm);
    } else {
        vm = row_hold(named);
    }
    if (!e)
        e = check_dom0(call, vm);
    if (!e && !console)
        e = console_of_vm(call, vm, &console);
    if (e)
        return e;
    *ret_vm = take_ptr(vm);
    *ret_console = take_ptr(console);
    return NULL;
}

/* ---- the stream ---- */

static struct err *open_stream(struct http_call *call, const struct row *vm,
                               const struct row *console, int *ret_fd)
{
    bool is_screen = row_int(console, F_CONSOLE_PROTOCOL) == E_CONSOLE_PROTOCOL_RFB;
    struct val params = val_map(2);
    int fds[FRAME_MAX_FDS];
    size_t n_fds = 0;
    struct err *e;

    val_put_str(&params, "vm", val_str(row_uuid(vm)));
    val_put_str(&params, "protocol", val_str(is_screen ? "rfb" : "vt100"));
    e = agents_call(call->manager->agents, AGENT_VMD, "vm.console", params, NULL, 0, 0,
                    NULL, fds, &n_fds);
    if (e)
        return e;
    for (size_t i = 1; i < n_fds; i++)
        close(fds[i]);
    if (n_fds < 1)
        return err_new(ERR_INTERNAL_ERROR, "opening a console: lk-vmd gave no descriptor");
    *ret_fd = fds[0];
    return NULL;
}

/* ---- the answer ---- */

/* What another site's page may not do: use what the browser sends by itself. */
static bool is_foreign(const struct http_call *call)
{
    const char *origin = http_request_header(call->request, "origin"),
               *host = http_request_header(call->request, "host"),
               *from = origin ? strstr(origin, "://") : NULL;

    return call->is_ambient && origin && (!from || !host || !STREQ(from + 3, host));
}

static struct err *refuse_header(const char *name, const char *value)
{
    return err_params(ERR_INVALID_VALUE, name, value ? value : "", NULL);
}

static struct err *websocket_head(const struct http_call *call, struct buf *head)
{
    const struct http_request *request = call->request;
    const char *version = http_request_header(request, "sec-websocket-version"),
               *key = http_request_header(request, "sec-websocket-key"),
               *offered = http_request_header(request, "sec-websocket-protocol");

    if (!version || !STREQ(version, WS_VERSION))
        return refuse_header("sec-websocket-version", version);
    if (offered && !http_request_has_token(request, "sec-websocket-protocol", SUBPROTOCOL))
        return refuse_header("sec-websocket-protocol", offered);
    buf_add_str(head, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                      "Connection: Upgrade\r\nSec-WebSocket-Accept: ");
    if (!key || ws_add_accept(head, key) < 0)
        return refuse_header("sec-websocket-key", key);
    buf_add_str(head, "\r\n");
    if (offered)
        http_add_field(head, "Sec-WebSocket-Protocol", SUBPROTOCOL);
    http_end_head(head);
    return NULL;
}

static struct err *make_head(const struct http_call *call, struct http_tunnel *tunnel)
{
    bool upgrades = STREQ(call->place->method, "GET") &&
                    http_request_has_token(call->request, "upgrade", "websocket") &&
                    http_request_has_token(call->request, "connection", "upgrade");

    if (is_foreign(call))
        return err_params(ERR_RBAC_PERMISSION_DENIED, call->place->permission,
                          "A page of another site asks", NULL);
    tunnel->framing = upgrades ? TUNNEL_WEBSOCKET : TUNNEL_RAW;
    if (upgrades)
        return websocket_head(call, &tunnel->head);
    buf_add_str(&tunnel->head, RAW_HEAD);
    return NULL;
}

static struct err *run(struct http_call *call)
{
    struct http_tunnel tunnel = {.peer_fd = -1};
    autoptr(row) vm = NULL;
    autoptr(row) console = NULL;
    struct err *e = make_head(call, &tunnel);

    if (!e)
        e = find(call, &vm, &console);
    if (!e)
        e = open_stream(call, vm, console, &tunnel.peer_fd);
    if (e) {
        buf_fini(&tunnel.head);
        return e;
    }
    http_request_tunnel(call->request, &tunnel);
    return NULL;
}

const struct http_place console_places[] = {
    {"CONNECT", "/console", "http/connect_console", 0, run},
    {"GET", "/console", "http/connect_console_ws", 0, run},
    {0},
};
