// SPDX-License-Identifier: GPL-2.0-or-later
/* What lk-auth answers to one user and one password; anything else: PAM was not asked. */
#pragma once

#define AUTH_RIGHT       "right\n"
#define AUTH_WRONG       "wrong\n"
#define AUTH_ANSWER_SIZE 16
