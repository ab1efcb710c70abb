// SPDX-License-Identifier: GPL-2.0-or-later
/* Roles and their references: "OpaqueRef:" and the role's uuid, the same in every pool. */
#pragma once

#include "rpc/call.h"

/* Index of enum role_bit's bit; -1 for no role. */
int role_by_ref(const char *ref);
struct val role_ref(int role);
