// SPDX-License-Identifier: GPL-2.0-or-later
#include "api/bodies.h"

const struct body_def *const body_tables[] = {
    event_bodies, role_bodies, session_bodies, subject_bodies, task_bodies, NULL,
};
