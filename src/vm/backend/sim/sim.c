// SPDX-License-Identifier: GPL-2.0-or-later
/* The backend 'sim': simulated domains. */
#include "vm/backend.h"

const struct vm_backend vm_backend_sim = {
    .name = "sim",
};
