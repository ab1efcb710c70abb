# SPDX-License-Identifier: GPL-2.0-or-later
"""Messages that answer an error of the model by nature: what they are for is not there."""
from model import MODEL
from walk import recipe
from world import DEAD_REF

ABSENT = [
    ("LICENCE_RESTRICTION", "no clustering here",
     ["Cluster.create", "Cluster.pool_create", "Cluster_host.create", "Cluster_host.enable"]),
    ("LICENCE_RESTRICTION", "no graphics card is shared or passed through here", ["VGPU.create"]),
    ("LICENCE_RESTRICTION", "no USB device is passed through here", ["VUSB.create", "PUSB.set_passthrough_enabled"]),
    ("LICENCE_RESTRICTION", "no SR-IOV here", ["network_sriov.create"]),
    ("LICENCE_RESTRICTION", "no TPM for VMs here", ["VTPM.create"]),
    ("LICENCE_RESTRICTION", "no PVS accelerator here",
     ["PVS_site.introduce", "PVS_server.introduce", "PVS_proxy.create"]),
    ("LICENCE_RESTRICTION", "no disaster recovery here", ["DR_task.create"]),
    ("LICENCE_RESTRICTION", "guests choose their addresses themselves", ["VIF.configure_ipv4", "VIF.configure_ipv6"]),
    ("LICENCE_RESTRICTION", "no workload balancing here", ["pool.initialize_wlb"]),
    ("WLB_NOT_INITIALIZED", "no workload balancing here",
     ["pool.send_wlb_configuration", "pool.retrieve_wlb_configuration", "pool.retrieve_wlb_recommendations",
      "host.retrieve_wlb_evacuate_recommendations", "VM.retrieve_wlb_recommendations"]),
    ("LICENCE_RESTRICTION", "no high availability here", ["pool.enable_ha"]),
    ("HA_NOT_ENABLED", "no high availability here",
     ["pool.disable_ha", "pool.ha_prevent_restarts_for", "host.emergency_ha_disable"]),
    ("OPENVSWITCH_NOT_ACTIVE", "no Open vSwitch here",
     ["SDN_controller.introduce", "tunnel.create", "pool.set_igmp_snooping_enabled", "pool.set_vswitch_controller",
      "VIF.set_trunks", "VIF.add_trunks", "VIF.remove_trunks"]),
    ("LICENCE_RESTRICTION", "no directory of users here", ["host.enable_external_auth", "pool.enable_external_auth"]),
    ("AUTH_IS_DISABLED", "no directory of users here",
     ["host.external_auth_set_ldaps", "pool.external_auth_set_ldaps", "auth.get_subject_identifier",
      "auth.get_subject_information_from_identifier", "auth.get_group_membership"]),
    ("LICENSE_FILE_DEPRECATED", "no licence file opens anything here", ["host.license_add"]),
    ("LICENCE_RESTRICTION", "no secret is shared by one host with itself", ["pool.rotate_secret"]),
    ("LICENCE_RESTRICTION", "no repository of another pool is read here", ["Repository.introduce_remote_pool"]),
    ("BUNDLE_REPO_NOT_ENABLED", "no repository comes in a bundle here", ["Repository.introduce_bundle"]),
]


def has_refs(kind):
    return kind.kind == "ref" or any(has_refs(part) for part in (kind.key, kind.of) if part is not None)


def try_one(code, why, name):
    @recipe(name)
    def _(w):
        params = MODEL.messages[name].params
        if any(has_refs(param.type) for param in params):
            w.api.refuses("HANDLE_INVALID", name, *[w.value(param.type, 1, lambda cls: DEAD_REF) for param in params])
        w.api.declares(code, why, name, *[w.value(param.type, 1, w.fresh) for param in params])


for error, reason, messages in ABSENT:
    for message in messages:
        try_one(error, reason, message)


@recipe("host.get_license_params")
def _(w):
    """The features that the errors name are the ones told as restricted."""
    params = w.api.call("host.get_license_params", w.host)
    for feature in ("corosync", "vgpu", "usb_passthrough", "network_sriov", "vtpm", "pvs_proxy", "dr", "wlb", "ad"):
        assert params["restrict_" + feature] == "true", feature
    assert (params["enable_xha"], params["restrict_vmss"]) == ("false", "false")
