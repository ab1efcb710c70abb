// SPDX-License-Identifier: GPL-2.0-or-later
#include "api/absent.h"

#include "api/bodies.h"
#include "api/features.h"
#include "rpc/generated.h"

struct err *absent_answer(struct txn *t, struct call *call, struct val *ret_result UNUSED)
{
    const struct absent *absent = call->body->arg;

    for (size_t i = 0; i < call->method->n_params; i++) {
        struct err *e =
            generated_check_refs(t, call->method->params[i].type, &call->args[i]);

        if (e)
            return e;
    }
    if (absent->feature)
        return feature_check(absent->feature);
    return err_params(absent->code, NULL);
}

const struct body_def absent_bodies[] = {
    /* Clustering */
    {"Cluster.create", NO_FEATURE("Corosync")},
    {"Cluster.pool_create", NO_FEATURE("Corosync")},
    {"Cluster_host.create", NO_FEATURE("Corosync")},
    {"Cluster_host.enable", NO_FEATURE("Corosync")},
    /* Graphics and devices given to VMs */
    {"VGPU.create", NO_FEATURE("VGPU")},
    {"VUSB.create", NO_FEATURE("USB_passthrough")},
    {"PUSB.set_passthrough_enabled", NO_FEATURE("USB_passthrough")},
    {"network_sriov.create", NO_FEATURE("Network_sriov")},
    {"VTPM.create", NO_FEATURE("VTPM")},
    /* Provisioning by PVS */
    {"PVS_site.introduce", NO_FEATURE("PVS_proxy")},
    {"PVS_server.introduce", NO_FEATURE("PVS_proxy")},
    {"PVS_proxy.create", NO_FEATURE("PVS_proxy")},
    /* Networks without Open vSwitch */
    {"SDN_controller.introduce", NOT_ON(ERR_OPENVSWITCH_NOT_ACTIVE)},
    {"tunnel.create", NOT_ON(ERR_OPENVSWITCH_NOT_ACTIVE)},
    {"pool.set_igmp_snooping_enabled", NOT_ON(ERR_OPENVSWITCH_NOT_ACTIVE)},
    {"pool.set_vswitch_controller", NOT_ON(ERR_OPENVSWITCH_NOT_ACTIVE)},
    {"VIF.set_trunks", NOT_ON(ERR_OPENVSWITCH_NOT_ACTIVE)},
    {"VIF.add_trunks", NOT_ON(ERR_OPENVSWITCH_NOT_ACTIVE)},
    {"VIF.remove_trunks", NOT_ON(ERR_OPENVSWITCH_NOT_ACTIVE)},
    /* Disaster recovery */
    {"DR_task.create", NO_FEATURE("DR")},
    /* Addresses of guests are theirs to choose */
    {"VIF.configure_ipv4", NO_FEATURE("Guest_ip_setting")},
    {"VIF.configure_ipv6", NO_FEATURE("Guest_ip_setting")},
    /* Workload balancing */
    {"pool.initialize_wlb", NO_FEATURE("WLB")},
    {"pool.send_wlb_configuration", NOT_ON(ERR_WLB_NOT_INITIALIZED)},
    {"pool.retrieve_wlb_configuration", NOT_ON(ERR_WLB_NOT_INITIALIZED)},
    {"pool.retrieve_wlb_recommendations", NOT_ON(ERR_WLB_NOT_INITIALIZED)},
    {"host.retrieve_wlb_evacuate_recommendations", NOT_ON(ERR_WLB_NOT_INITIALIZED)},
    {"VM.retrieve_wlb_recommendations", NOT_ON(ERR_WLB_NOT_INITIALIZED)},
    /* High availability */
    {"pool.enable_ha", NO_FEATURE("HA")},
    {"pool.disable_ha", NOT_ON(ERR_HA_NOT_ENABLED)},
    {"pool.ha_prevent_restarts_for", NOT_ON(ERR_HA_NOT_ENABLED)},
    {"host.emergency_ha_disable", NOT_ON(ERR_HA_NOT_ENABLED)},
    /* Directories of users */
    {"host.enable_external_auth", NO_FEATURE("AD")},
    {"pool.enable_external_auth", NO_FEATURE("AD")},
    {"host.external_auth_set_ldaps", NOT_ON(ERR_AUTH_IS_DISABLED)},
    {"pool.external_auth_set_ldaps", NOT_ON(ERR_AUTH_IS_DISABLED)},
    {"auth.get_subject_identifier", NOT_ON(ERR_AUTH_IS_DISABLED)},
    {"auth.get_subject_information_from_identifier", NOT_ON(ERR_AUTH_IS_DISABLED)},
    {"auth.get_group_membership", NOT_ON(ERR_AUTH_IS_DISABLED)},
    /* Licences are not what decides here */
    {"host.license_add", NOT_ON(ERR_LICENSE_FILE_DEPRECATED)},
    {"pool.rotate_secret", NO_FEATURE("Pool_secret_rotation")},
    {"Repository.introduce_remote_pool", NO_FEATURE("Internal_repo_access")},
    {"Repository.introduce_bundle", NOT_ON(ERR_BUNDLE_REPO_NOT_ENABLED)},
    {0},
};
