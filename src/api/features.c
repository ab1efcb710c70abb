// SPDX-License-Identifier: GPL-2.0-or-later
#include "api/features.h"

#include "base/alloc.h"

static const struct {
    const char *key;  /* of "restrict_<key>" in license_params */
    const char *name; /* in LICENCE_RESTRICTION */
    bool is_here;
} features[] = {
    {"vlan", "VLAN", true},
    {"qos", "QoS", true},
    {"pool_attached_storage", "Shared_storage", true},
    {"netapp", "Netapp", true},
    {"equalogic", "Equalogic", true},
    {"pooling", "Pooling", true},
    {"marathon", "Marathon", true},
    {"email_alerting", "Email", true},
    {"historical_performance", "Performance", true},
    {"wlb", "WLB", false},
    {"rbac", "RBAC", true},
    {"dmc", "DMC", true},
    {"checkpoint", "Checkpoint", true},
    {"cpu_masking", "CPU_masking", false},
    {"connection", "Connection", true},
    {"vmpr", "VMPR", false},
    {"vmss", "VMSS", true},
    {"intellicache", "IntelliCache", false},
    {"gpu", "GPU", false},
    {"dr", "DR", false},
    {"vif_locking", "VIF_locking", false},
    {"storage_xen_motion", "Storage_motion", false},
    {"vgpu", "VGPU", false},
    {"integrated_gpu_passthrough", "Integrated_GPU", false},
    {"vss", "VSS", false},
    {"guest_agent_auto_update", "Guest_agent_auto_update", true},
    {"pci_device_for_auto_update", "PCI_device_for_auto_update", true},
    {"xen_motion", "Xen_motion", false},
    {"guest_ip_setting", "Guest_ip_setting", false},
    {"ad", "AD", false},
    {"nested_virt", "Nested_virt", false},
    {"live_patching", "Live_patching", false},
    {"set_vcpus_number_live", "Live_set_vcpus", true},
    {"pvs_proxy", "PVS_proxy", false},
    {"igmp_snooping", "IGMP_snooping", true},
    {"rpu", "RPU", false},
    {"pool_size", "Pool_size", true},
    {"cbt", "CBT", false},
    {"usb_passthrough", "USB_passthrough", false},
    {"network_sriov", "Network_sriov", false},
    {"corosync", "Corosync", false},
    {"cluster_address", "Cluster_address", false},
    {"zstd_export", "Zstd_export", true},
    {"pool_secret_rotation", "Pool_secret_rotation", false},
    {"certificate_verification", "Certificate_verification", true},
    {"updates", "Updates", true},
    {"internal_repo_access", "Internal_repo_access", false},
    {"vtpm", "VTPM", false},
    {"vm_groups", "VM_groups", true},
    {"vm_start", "VM_start", true},
    {"vm_appliance_start", "VM_appliance_start", true},
};

static struct val truth(bool is_true)
{
    return val_str(is_true ? "true" : "false");
}

struct val features_license_params(void)
{
    struct val params = val_map(ARRAY_SIZE(features) + 3);

    for (size_t i = 0; i < ARRAY_SIZE(features); i++)
        val_put(&params, val_strf("restrict_%s", features[i].key),
                truth(!features[i].is_here));
    val_put_str(&params, "enable_xha", truth(false)); /* no HA */
    val_put_str(&params, "platform_filter", truth(false));
    val_put_str(&params, "regular_nag_dialog", truth(false));
    return params;
}

struct err *feature_check(const char *name)
{
    for (size_t i = 0; i < ARRAY_SIZE(features); i++)
        if (STREQ(features[i].name, name))
            return features[i].is_here ? NULL
                                       : err_params(ERR_LICENCE_RESTRICTION, name, NULL);
    assert_msg(STREQ(name, "HA"), "a feature nobody knows is asked for");
    return err_params(ERR_LICENCE_RESTRICTION, name, NULL);
}
