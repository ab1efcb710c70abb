// SPDX-License-Identifier: GPL-2.0-or-later
/* The devices of a VM, for the commands that work on them.  One thread. */
#pragma once

#include "cli/run.h"

/* Reads the objects of class 'of' that the set 'field' of an object names. */
struct err *device_set(struct run *run, int cls, const char *ref, const char *field, int of,
                       ref_list *ret_refs) MUST_CHECK;
/* A field of an object that was read: text, or "" when it is not there. */
const char *device_text(struct run *run, int cls, const char *ref, const char *field);
bool device_true(struct run *run, int cls, const char *ref, const char *field);

/* The VBDs of a VM of 'type': "Disk" or "CD". */
struct err *device_vbds(struct run *run, const char *vm, const char *type,
                        ref_list *ret_vbds) MUST_CHECK;
/* The one CD drive of a VM that is empty, or is not. */
struct err *device_cd(struct run *run, const char *vm, bool empty,
                      const char **ret_vbd) MUST_CHECK;
/* The CD image or drive of that name, on a storage repository of such. */
struct err *device_cd_image(struct run *run, const char *name,
                            const char **ret_vdi) MUST_CHECK;
