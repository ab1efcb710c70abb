// SPDX-License-Identifier: GPL-2.0-or-later
/* The API's downloads that Latchkey does not serve: whoever may ask reads 501 and
 * NOT_IMPLEMENTED with the name of the right, so that none takes one for a mistyped path.
 * Uploads are no places: their bodies would have to be read first. */
#include "api/http_door.h"

static struct err *run(struct http_call *call)
{
    return err_params(ERR_NOT_IMPLEMENTED, call->place->permission, NULL);
}

#define ABSENT(path, name)                                                                 \
    {                                                                                      \
        "GET", path, "http/" name, 0, run                                                  \
    }

const struct http_place absent_places[] = {
    ABSENT("/audit_log", "get_audit_log"),
    ABSENT("/blob", "get_blob"),
    ABSENT("/export", "get_export"),
    ABSENT("/export_metadata", "get_export_metadata"),
    ABSENT("/export_raw_vdi", "get_export_raw_vdi"),
    ABSENT("/host_backup", "get_host_backup"),
    ABSENT("/host_logs_download", "get_host_logs_download"),
    ABSENT("/host_rrd", "host_rrd"),
    ABSENT("/host_rrds", "get_host_rrds"),
    ABSENT("/host_updates", "get_host_updates"),
    ABSENT("/rrd_updates", "rrd_updates"),
    ABSENT("/sr_rrd", "sr_rrd"),
    ABSENT("/system-status", "get_system_status"),
    ABSENT("/updates", "get_updates"),
    ABSENT("/vm_rrd", "vm_rrd"),
    ABSENT("/vm_rrds", "get_vm_rrds"),
    ABSENT("/vncsnapshot", "get_vncsnapshot"),
    ABSENT("/wlb_diagnostics", "get_wlb_diagnostics"),
    ABSENT("/wlb_report", "get_wlb_report"),
    {0},
};
