// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/verbs.h"

#include <string.h>

#include "base/cleanup.h"
#include "cli/verb_console.h"
#include "cli/verb_device.h"
#include "cli/verb_diagnostic.h"
#include "cli/verb_event.h"
#include "cli/verb_host.h"
#include "cli/verb_misc.h"
#include "cli/verb_transfer.h"
#include "cli/verb_vm.h"

static const struct {
    const char *name;
    verb_fn fn;
} rows[] = {
    {"audit-log-get", verb_transfer},
    {"blob-get", verb_transfer},
    {"blob-put", verb_transfer},
    {"caller-query-usage", verb_caller_query_usage},
    {"cd-list", verb_cd_list},
    {"console", verb_console},
    {"diagnostic-license-status", verb_diagnostic_license_status},
    {"diagnostic-timing-stats", verb_diagnostic_timing_stats},
    {"diagnostic-vdi-status", verb_diagnostic_vdi_status},
    {"diagnostic-vm-status", verb_diagnostic_vm_status},
    {"event-wait", verb_event_wait},
    {"host-apply-edition", verb_host_apply_edition},
    {"host-backup", verb_transfer},
    {"host-cpu-info", verb_host_cpu_info},
    {"host-declare-dead", verb_host_declare_dead},
    {"host-forget", verb_host_forget},
    {"host-get-cpu-features", verb_host_get_cpu_features},
    {"host-get-system-status", verb_transfer},
    {"host-license-view", verb_host_license_view},
    {"host-logs-download", verb_transfer},
    {"host-restore", verb_transfer},
    {"hostdriver-select", verb_hostdriver_select},
    {"pool-apply-edition", verb_pool_apply_edition},
    {"pool-disable-ssl-legacy", verb_pool_disable_ssl_legacy},
    {"pool-dump-database", verb_transfer},
    {"pool-eject", verb_pool_eject},
    {"pool-get-cpu-features", verb_pool_get_cpu_features},
    {"pool-ha-compute-hypothetical-max-host-failures-to-tolerate",
     verb_ha_compute_hypothetical},
    {"pool-ha-compute-vm-failover-plan", verb_ha_compute_failover_plan},
    {"pool-restore-database", verb_transfer},
    {"pool-sync-bundle", verb_transfer},
    {"rate-limit-create", verb_rate_limit_create},
    {"session-subject-identifier-logout-all", verb_logout_all_subjects},
    {"snapshot-disk-list", verb_snapshot_disk_list},
    {"snapshot-export-to-template", verb_snapshot_export},
    {"snapshot-reset-powerstate", verb_snapshot_reset_powerstate},
    {"snapshot-uninstall", verb_snapshot_uninstall},
    {"subject-add", verb_subject_add},
    {"template-export", verb_template_export},
    {"template-uninstall", verb_template_uninstall},
    {"vbd-unplug", verb_vbd_unplug},
    {"vdi-export", verb_vdi_export},
    {"vdi-import", verb_vdi_import},
    {"vif-create", verb_vif_create},
    {"vlan-destroy", verb_vlan_destroy},
    {"vm-cd-add", verb_vm_cd_add},
    {"vm-cd-eject", verb_vm_cd_eject},
    {"vm-cd-insert", verb_vm_cd_insert},
    {"vm-cd-list", verb_vm_cd_list},
    {"vm-cd-remove", verb_vm_cd_remove},
    {"vm-crashdump-list", verb_vm_crashdump_list},
    {"vm-disk-add", verb_vm_disk_add},
    {"vm-disk-list", verb_vm_disk_list},
    {"vm-disk-remove", verb_vm_disk_remove},
    {"vm-export", verb_vm_export},
    {"vm-import", verb_vm_import},
    {"vm-install", verb_vm_install},
    {"vm-is-bios-customized", verb_vm_is_bios_customized},
    {"vm-migrate", verb_vm_migrate},
    {"vm-uninstall", verb_vm_uninstall},
    {"vm-vif-list", verb_vm_vif_list},
};

verb_fn verb_by_name(const char *command)
{
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
        if (STREQ(rows[i].name, command))
            return rows[i].fn;
    return NULL;
}
