// SPDX-License-Identifier: GPL-2.0-or-later
/* The row of the certificate that this host shows its clients. */
#pragma once

#include "base/err.h"

struct manager;

/* At start: the row says what the file in the state folder says; no file, no row. */
struct err *certificate_tell_own(struct manager *m) MUST_CHECK;
