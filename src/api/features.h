// SPDX-License-Identifier: GPL-2.0-or-later
/* Features of the API that this server does not have: told in the license parameters
 * ("restrict_x"), in the pool's restrictions, and by LICENCE_RESTRICTION from each message
 * that would need one.  No state; any thread. */
#pragma once

#include "base/value.h"
#include "rpc/call.h"

/* host.license_params: every feature, restricted or not. */
struct val features_license_params(void);

/* LICENCE_RESTRICTION [name] when the feature of that name (as errors spell it) is absent.
 */
struct err *feature_check(const char *name) MUST_CHECK;
