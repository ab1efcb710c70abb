// SPDX-License-Identifier: GPL-2.0-or-later
/* Which operations a host allows.  The order of the checks is part of the API. */
#include "api/ops.h"

#include <string.h>

#define OP(name) E_HOST_ALLOWED_OPERATIONS_##name
#define BIT(op)  (1u << (op))

/* VMs come, and everything goes: neither begins while the other is on. */
#define ARRIVALS   (BIT(OP(PROVISION)) | BIT(OP(VM_RESUME)) | BIT(OP(VM_MIGRATE)))
#define DEPARTURES (BIT(OP(EVACUATE)) | BIT(OP(REBOOT)) | BIT(OP(SHUTDOWN)))
#define ENDS       (BIT(OP(REBOOT)) | BIT(OP(SHUTDOWN)) | BIT(OP(APPLY_UPDATES)))

/* By operation: those that must not be on when it begins. */
static const unsigned excluded[] = {
    [OP(PROVISION)] = DEPARTURES | BIT(OP(PROVISION)),
    [OP(VM_RESUME)] = DEPARTURES,
    [OP(VM_MIGRATE)] = DEPARTURES,
    [OP(EVACUATE)] = ARRIVALS | BIT(OP(EVACUATE)),
    [OP(REBOOT)] = ARRIVALS | ENDS,
    [OP(SHUTDOWN)] = ARRIVALS | ENDS,
    [OP(APPLY_UPDATES)] = ENDS,
    [OP(ENABLE)] = BIT(OP(APPLY_UPDATES)),
    [OP(POWER_ON)] = BIT(OP(POWER_ON)),
    [OP(VM_START)] = 0,
};

static struct err *check_current(const struct row *host, int op)
{
    const struct val *current = row_get(host, F_HOST_CURRENT_OPERATIONS);

    for (size_t i = 0; i < val_count(current); i++) {
        int other = (int)val_value_at(current, i)->i;

        if (excluded[op] & BIT(other))
            return err_params(ERR_OTHER_OPERATION_IN_PROGRESS, "host", row_ref(host),
                              enum_text(op_names(&host_op_rules), other),
                              val_text(val_key_at(current, i)), NULL);
    }
    return NULL;
}

bool host_is_live(struct txn *t, const struct row *host)
{
    const struct row *metrics =
        txn_get(t, CLASS_HOST_METRICS, row_text(host, F_HOST_METRICS));

    return metrics && row_bool(metrics, F_HOST_METRICS_LIVE);
}

static struct err *host_check(struct txn *t, const struct row *host, int op)
{
    struct err *e = check_current(host, op);

    if (e)
        return e;
    if ((BIT(op) & ENDS) && row_bool(host, F_HOST_ENABLED))
        return err_params(ERR_HOST_NOT_DISABLED, NULL);
    if (op == OP(POWER_ON) && host_is_live(t, host))
        return err_params(ERR_HOST_IS_LIVE, row_ref(host), NULL);
    return NULL;
}

/* Those that the daemon can do now. */
static bool host_listed(int op)
{
    return BIT(op) & (BIT(OP(PROVISION)) | BIT(OP(EVACUATE)) | BIT(OP(VM_START)) |
                      BIT(OP(ENABLE)) | BIT(OP(REBOOT)) | BIT(OP(SHUTDOWN)));
}

const struct op_rules host_op_rules = {
    .cls = CLASS_HOST,
    .allowed_field = F_HOST_ALLOWED_OPERATIONS,
    .current_field = F_HOST_CURRENT_OPERATIONS,
    .listed = host_listed,
    .check = host_check,
};
