// SPDX-License-Identifier: GPL-2.0-or-later
/* Which SRs are attached, in memory and in the state directory.  Private to storage. */
#pragma once

#include "storage/sr_private.h"

/* Finds the driver, has it attach the SR, and puts it among the attached ones. */
struct err *attached_add(struct storage *storage, const struct uuid *uuid, const char *type,
                         const struct val *device_config) MUST_CHECK;
/* So that it is attached again when the daemon starts in this boot; and not. */
struct err *attached_remember(struct storage *storage, const struct sr *sr) MUST_CHECK;
void attached_forget(struct storage *storage, const struct uuid *uuid);
/* Takes it out, so that nobody finds it any more; SR_NOT_ATTACHED, VDI_IN_USE. */
struct err *attached_take_out(struct storage *storage, const struct uuid *uuid,
                              const char *operation, struct sr **ret_sr) MUST_CHECK;
void attached_put_back(struct storage *storage, struct sr *sr);
/* Those of the state directory. */
void attached_again(struct storage *storage);
void attached_free(struct sr *sr);
