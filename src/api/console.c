// SPDX-License-Identifier: GPL-2.0-or-later
#include "api/console.h"

#include "base/alloc.h"
#include "rpc/manager.h"

#define USUAL_PORT 443

/* Where the door is (http_console.c). */
static struct val location_of(struct txn *t, const struct manager *m, const char *ref)
{
    const struct row *host = txn_get(t, CLASS_HOST, m->self.host_ref);
    const char *address = host ? row_text(host, F_HOST_ADDRESS) : "";
    unsigned port = m->self.https_port;
    autofree char *suffix = port && port != USUAL_PORT ? xasprintf(":%u", port) : NULL;

    return val_strf("https://%s%s/console?ref=%s", *address ? address : "127.0.0.1",
                    suffix ? suffix : "", ref);
}

void console_create(struct txn *t, const struct manager *m, const char *vm_ref,
                    int protocol)
{
    const char *ref = txn_create(t, CLASS_CONSOLE);

    txn_set(t, CLASS_CONSOLE, ref, F_CONSOLE_VM, val_str(vm_ref));
    txn_set(t, CLASS_CONSOLE, ref, F_CONSOLE_PROTOCOL, val_int(protocol));
    txn_set(t, CLASS_CONSOLE, ref, F_CONSOLE_LOCATION, location_of(t, m, ref));
    txn_set(t, CLASS_CONSOLE, ref, F_CONSOLE_PORT, val_int(-1));
}

static struct err *tell_txn(struct txn *t, void *arg)
{
    const struct manager *m = arg;
    size_t n;
    const struct row *const *consoles = txn_list(t, CLASS_CONSOLE, &n);

    for (size_t i = 0; i < n; i++) {
        const struct row *vm = txn_get(t, CLASS_VM, row_text(consoles[i], F_CONSOLE_VM));

        if (vm && STREQ(row_text(vm, F_VM_RESIDENT_ON), m->self.host_ref))
            txn_set(t, CLASS_CONSOLE, row_ref(consoles[i]), F_CONSOLE_LOCATION,
                    location_of(t, m, row_ref(consoles[i])));
    }
    return NULL;
}

struct err *consoles_tell_address(struct manager *m)
{
    return db_run(m->db, tell_txn, m);
}
