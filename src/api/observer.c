// SPDX-License-Identifier: GPL-2.0-or-later
/* What would be traced, and where to.  No program here traces: an observer can be
 * described, not enabled. */
#include <string.h>

#include "api/bodies.h"
#include "api/setter.h"
#include "base/str.h"

static const char *const programs[] = {"xapi", "xenopsd", "xapi-clusterd", "smapi"};

static struct err *known_programs(struct txn *t UNUSED, const struct row *observer UNUSED,
                                  const struct call *call)
{
    const struct val *given = &call->args[1];

    for (size_t i = 0; i < val_count(given); i++) {
        const char *name = val_text(val_at(given, i));
        bool known = false;

        for (size_t j = 0; j < ARRAY_SIZE(programs); j++)
            known = known || STREQ(programs[j], name);
        if (!known)
            return invalid_text("components", name);
    }
    return NULL;
}

/* "bugtool" is the file that a bug report takes along. */
static struct err *good_endpoints(struct txn *t UNUSED, const struct row *observer UNUSED,
                                  const struct call *call)
{
    const struct val *given = &call->args[1];

    for (size_t i = 0; i < val_count(given); i++) {
        const char *endpoint = val_text(val_at(given, i));

        if (!STREQ(endpoint, "bugtool") && !str_has_prefix(endpoint, "http://") &&
            !str_has_prefix(endpoint, "https://"))
            return invalid_text("endpoints", endpoint);
    }
    return NULL;
}

static struct err *named_attributes(struct txn *t UNUSED, const struct row *observer UNUSED,
                                    const struct call *call)
{
    const struct val *given = &call->args[1];

    for (size_t i = 0; i < val_count(given); i++)
        if (!val_len(val_key_at(given, i)))
            return invalid_text("attributes", "");
    return NULL;
}

static struct err *only_off(struct txn *t UNUSED, const struct row *observer UNUSED,
                            const struct call *call)
{
    return arg_bool(call, 1) ? err_params(ERR_LICENCE_RESTRICTION, "Tracing", NULL) : NULL;
}

const struct body_def observer_bodies[] = {
    {"Observer.set_hosts", SETTER(setter_set)},
    {"Observer.set_attributes", SETTER(setter_set, .check = named_attributes)},
    {"Observer.set_components", SETTER(setter_set, .check = known_programs)},
    {"Observer.set_endpoints", SETTER(setter_set, .check = good_endpoints)},
    {"Observer.set_enabled", SETTER(setter_set, .check = only_off)},
    {0},
};
