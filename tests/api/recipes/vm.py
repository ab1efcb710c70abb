# SPDX-License-Identifier: GPL-2.0-or-later
"""VMs: records, settings, and their life where an agent runs them."""
from walk import assert_equal, assert_in, recipe
from world import MIB

GIB = 1024 * MIB


# ---- making ----

@recipe("VM.create", "VM.destroy")
def _(w):
    given = w.api.call("VM.get_record", w.template)
    given.update(name_label=w.name("VM"), is_a_template=False, is_default_template=False, other_config={"a": "b"})
    vm = w.api.call("VM.create", given)
    assert_equal(w.api.call("VM.get_memory_static_max", vm), given["memory_static_max"])
    assert_equal(w.api.call("VM.get_power_state", vm), "Halted")
    w.api.call("VM.destroy", vm)
    w.api.refuses("HANDLE_INVALID", "VM.get_record", vm)


@recipe("VM.clone", "VM.provision")
def _(w):
    template = w.vm_template()
    assert_equal(w.api.call("VM.get_is_a_template", template), True)
    w.api.call("VM.provision", template)
    assert_equal(w.api.call("VM.get_is_a_template", template), False)
    clone = w.api.call("VM.clone", template, "ü clone")
    assert_equal(w.api.call("VM.get_name_label", clone), "ü clone")
    w.api.refuses("PROVISION_ONLY_ALLOWED_ON_TEMPLATE", "VM.provision", clone)


@recipe("VM.copy")
def _(w):
    vm = w.vm()
    disk = w.api.call("VBD.get_VDI", w.vbd(vm))
    copy = w.api.call("VM.copy", vm, "copy", w.sr)
    copied = w.api.call("VBD.get_VDI", w.api.call("VM.get_VBDs", copy)[0])
    assert_equal(copied == disk, False)
    assert_equal(w.api.call("VDI.get_SR", copied), w.sr)


# ---- settings ----

@recipe("VM.set_memory", "VM.set_memory_limits", "VM.set_memory_static_range", "VM.set_memory_static_min",
        "VM.set_memory_static_max", "VM.set_memory_dynamic_range", "VM.set_memory_dynamic_min",
        "VM.set_memory_dynamic_max")
def _(w):
    vm = w.vm()

    def check(static_min, dynamic_min, dynamic_max, static_max):
        record = w.api.call("VM.get_record", vm)
        assert_equal([record["memory_" + name] // MIB for name in
                      ("static_min", "dynamic_min", "dynamic_max", "static_max")],
                     [static_min, dynamic_min, dynamic_max, static_max])

    w.api.call("VM.set_memory_limits", vm, 128 * MIB, 512 * MIB, 256 * MIB, 256 * MIB)
    check(128, 256, 256, 512)
    w.api.call("VM.set_memory", vm, 384 * MIB)
    check(128, 384, 384, 384)
    w.api.call("VM.set_memory_static_range", vm, 64 * MIB, 1024 * MIB)
    check(64, 384, 384, 1024)
    w.api.call("VM.set_memory_static_min", vm, 96 * MIB)
    w.api.call("VM.set_memory_static_max", vm, 768 * MIB)
    w.api.call("VM.set_memory_dynamic_range", vm, 200 * MIB, 600 * MIB)
    check(96, 200, 600, 768)
    w.api.call("VM.set_memory_dynamic_min", vm, 300 * MIB)
    w.api.call("VM.set_memory_dynamic_max", vm, 500 * MIB)
    check(96, 300, 500, 768)
    w.api.refuses("MEMORY_CONSTRAINT_VIOLATION_ORDER", "VM.set_memory_static_max", vm, 100 * MIB)


@recipe("VM.compute_memory_overhead")
def _(w):
    vm = w.vm()
    assert_equal(w.api.call("VM.compute_memory_overhead", vm), w.api.call("VM.get_memory_overhead", vm))


@recipe("VM.set_VCPUs_max", "VM.set_VCPUs_at_startup")
def _(w):
    vm = w.vm()
    w.api.refuses("INVALID_VALUE", "VM.set_VCPUs_at_startup", vm, 4)
    w.api.call("VM.set_VCPUs_max", vm, 4)
    w.api.call("VM.set_VCPUs_at_startup", vm, 3)
    assert_equal((w.api.call("VM.get_VCPUs_max", vm), w.api.call("VM.get_VCPUs_at_startup", vm)), (4, 3))


@recipe("VM.set_start_delay", "VM.set_shutdown_delay", "VM.set_order", "VM.set_actions_after_crash",
        "VM.set_has_vendor_device")
def _(w):
    vm = w.vm()
    for name, value in (("start_delay", 5), ("shutdown_delay", 6), ("order", 7), ("actions_after_crash", "preserve"),
                        ("has_vendor_device", True)):
        w.api.call(f"VM.set_{name}", vm, value)
        assert_equal(w.api.call(f"VM.get_{name}", vm), value)
    w.api.refuses("INVALID_VALUE", "VM.set_order", vm, -1)


@recipe("VM.set_other_config", "VM.add_to_other_config", "VM.remove_from_other_config")
def _(w):
    vm = w.vm()
    w.api.call("VM.set_other_config", vm, {"a": "1"})
    w.api.call("VM.add_to_other_config", vm, "b", "2")
    w.api.refuses("MAP_DUPLICATE_KEY", "VM.add_to_other_config", vm, "b", "3")
    w.api.call("VM.remove_from_other_config", vm, "a")
    assert_equal(w.api.call("VM.get_other_config", vm), {"b": "2"})


@recipe("VM.set_platform", "VM.add_to_platform", "VM.remove_from_platform")
def _(w):
    vm = w.vm()
    w.api.call("VM.set_platform", vm, {"acpi": "1"})
    w.api.call("VM.add_to_platform", vm, "nx", "true")
    w.api.refuses("MAP_DUPLICATE_KEY", "VM.add_to_platform", vm, "nx", "false")
    w.api.call("VM.remove_from_platform", vm, "acpi")
    assert_equal(w.api.call("VM.get_platform", vm), {"nx": "true"})


@recipe("VM.set_blocked_operations", "VM.add_to_blocked_operations", "VM.remove_from_blocked_operations")
def _(w):
    vm = w.vm()
    w.api.call("VM.set_blocked_operations", vm, {"destroy": "no"})
    w.api.refuses("OPERATION_BLOCKED", "VM.destroy", vm)
    w.api.call("VM.add_to_blocked_operations", vm, "start", "never")
    w.api.call("VM.remove_from_blocked_operations", vm, "destroy")
    assert_equal(w.api.call("VM.get_blocked_operations", vm), {"start": "never"})
    assert_equal("start" in w.api.call("VM.get_allowed_operations", vm), False)


@recipe("VM.set_NVRAM", "VM.add_to_NVRAM", "VM.remove_from_NVRAM", "VM.set_NVRAM_EFI_variables")
def _(w):
    vm = w.vm()
    w.api.call("VM.set_NVRAM", vm, {"a": "1", "c": "3"})
    w.api.call("VM.add_to_NVRAM", vm, "b", "2")
    w.api.refuses("MAP_DUPLICATE_KEY", "VM.add_to_NVRAM", vm, "b", "3")
    w.api.call("VM.remove_from_NVRAM", vm, "a")
    assert_equal(w.api.call("VM.get_NVRAM", vm), {"b": "2", "c": "3"})
    w.started(vm)
    w.api.refuses("VM_BAD_POWER_STATE", "VM.set_NVRAM", vm, {})
    w.api.call("VM.set_NVRAM_EFI_variables", vm, "bytes", "yes")
    assert_equal((w.api.call("VM.get_NVRAM", vm), w.api.call("VM.get_secureboot_certificates_state", vm)),
                 ({"b": "2", "c": "3", "EFI-variables": "bytes"}, "update_available"))


@recipe("VM.query_services")
def _(w):
    w.api.declares("NOT_SYSTEM_DOMAIN", "no VM serves storage or networks to others here", "VM.query_services",
                   w.started())


@recipe("VM.sysprep")
def _(w):
    w.api.declares("SYSPREP", "the guest's agent does not offer it", "VM.sysprep", w.started(), "<unattend/>", 1.0)


@recipe("VM.set_is_a_template")
def _(w):
    vm = w.vm()
    w.api.call("VM.set_is_a_template", vm, True)
    assert_equal(w.api.call("VM.get_is_a_template", vm), True)
    w.api.call("VM.set_is_a_template", vm, False)
    assert_equal(w.api.call("VM.get_is_a_template", vm), False)


@recipe("VM.set_is_default_template")
def _(w):
    vm = w.vm()
    w.api.call("VM.set_is_default_template", vm, True)
    record = w.api.call("VM.get_record", vm)
    assert_equal((record["is_a_template"], record["is_default_template"]), (True, True))
    w.api.call("VM.set_is_default_template", vm, False)
    assert_equal(w.api.call("VM.get_is_default_template", vm), False)


@recipe("VM.set_domain_type", "VM.set_HVM_boot_policy")
def _(w):
    vm = w.vm()
    w.api.call("VM.set_domain_type", vm, "pvh")
    assert_equal(w.api.call("VM.get_HVM_boot_policy", vm), "")
    w.api.call("VM.set_HVM_boot_policy", vm, "BIOS order")
    assert_equal(w.api.call("VM.get_domain_type", vm), "hvm")
    w.api.refuses("INVALID_VALUE", "VM.set_domain_type", vm, "unspecified")


# ---- questions ----

@recipe("VM.assert_operation_valid", "VM.update_allowed_operations")
def _(w):
    vm = w.vm()
    w.api.call("VM.assert_operation_valid", vm, "start")
    w.api.refuses("VM_BAD_POWER_STATE", "VM.assert_operation_valid", vm, "pause")
    w.api.call("VM.update_allowed_operations", vm)
    assert_in("start", w.api.call("VM.get_allowed_operations", vm))


@recipe("VM.get_possible_hosts")
def _(w):
    assert_equal(w.api.call("VM.get_possible_hosts", w.vm()), [w.host])


@recipe("VM.assert_can_boot_here", "VM.assert_agile", "VM.assert_can_be_recovered", "VM.get_SRs_required_for_recovery",
        "VM.get_cooperative", "VM.get_secureboot_readiness")
def _(w):
    vm = w.vm()
    w.api.call("VM.assert_can_boot_here", vm, w.host)
    w.api.call("host.disable", w.host)
    w.api.refuses("HOST_DISABLED", "VM.assert_can_boot_here", vm, w.host)
    w.api.call("host.enable", w.host)
    w.api.call("VM.assert_agile", vm)
    assert_equal(w.api.call("VM.get_cooperative", vm), True)
    assert_equal(w.api.call("VM.get_secureboot_readiness", vm), "not_supported")
    w.vbd(vm)
    w.api.refuses("HA_CONSTRAINT_VIOLATION_SR_NOT_SHARED", "VM.assert_agile", vm)
    session = w.api.session
    w.api.call("VM.assert_can_be_recovered", vm, session)
    assert_equal(w.api.call("VM.get_SRs_required_for_recovery", vm, session), [w.sr])
    w.api.call("PBD.unplug", w.pbd())
    w.api.refuses("VM_REQUIRES_SR", "VM.assert_can_be_recovered", vm, session)
    w.api.call("PBD.plug", w.pbd())


@recipe("VM.maximise_memory")
def _(w):
    vm = w.vm()
    total = 512 * MIB
    most = w.api.call("VM.maximise_memory", vm, total, True)
    assert_equal(0 < most < total, True)


@recipe("VM.get_boot_record")
def _(w):
    vm = w.started()
    label = w.api.call("VM.get_name_label", vm)
    w.api.call("VM.set_name_description", vm, "later")
    record = w.api.call("VM.get_boot_record", vm)
    assert_equal((record["name_label"], record["power_state"]), (label, "Running"))


# ---- more settings ----

@recipe("VM.set_HVM_shadow_multiplier", "VM.set_ha_restart_priority", "VM.set_ha_always_run", "VM.set_bios_strings")
def _(w):
    vm = w.vm()
    w.api.call("VM.set_HVM_shadow_multiplier", vm, 2.0)
    w.api.call("VM.set_ha_restart_priority", vm, "restart")
    w.api.call("VM.set_bios_strings", vm, {"bios-vendor": "Walk"})
    record = w.api.call("VM.get_record", vm)
    assert_equal((record["HVM_shadow_multiplier"], record["ha_restart_priority"]), (2.0, "restart"))
    assert_equal(record["bios_strings"]["bios-vendor"], "Walk")
    w.api.call("VM.set_ha_always_run", vm, True)
    assert_equal(w.api.call("VM.get_ha_always_run", vm), True)
    w.api.call("VM.set_ha_always_run", vm, False)
    assert_equal(w.api.call("VM.get_ha_always_run", vm), False)


@recipe("VM.copy_bios_strings")
def _(w):
    vm = w.vm()
    assert_equal(w.api.call("VM.get_bios_strings", vm), {})
    w.api.call("VM.copy_bios_strings", vm, w.host)
    assert_equal(w.api.call("VM.get_bios_strings", vm)["bios-vendor"], "Walk")
    assert_equal(w.api.call("VM.get_bios_strings", vm), w.api.call("host.get_bios_strings", w.host))


@recipe("VM.set_groups")
def _(w):
    vm, group = w.vm(), w.create("VM_group")
    w.api.call("VM.set_groups", vm, [group])
    assert_equal(w.api.call("VM_group.get_VMs", group), [vm])


# ---- snapshots ----

@recipe("VM.snapshot", "VM.revert", "VM.update_snapshot_metadata")
def _(w):
    vm = w.vm()
    w.vbd(vm)
    label = w.api.call("VM.get_name_label", vm)
    snapshot = w.api.call("VM.snapshot", vm, "before")
    assert_equal(w.api.call("VM.get_snapshots", vm), [snapshot])
    assert_equal(w.api.call("VM.get_is_a_snapshot", snapshot), True)
    w.api.call("VM.set_name_label", vm, "changed")
    w.api.call("VM.revert", snapshot)
    assert_equal(w.api.call("VM.get_name_label", vm), label)
    w.api.call("VM.update_snapshot_metadata", snapshot, vm, "20260102T03:04:05Z", "")
    assert_equal(w.api.call("VM.get_snapshot_time", snapshot), "20260102T03:04:05Z")


@recipe("VMSS.create", "VMSS.destroy", "VMSS.set_retained_snapshots", "VMSS.set_frequency", "VMSS.set_schedule",
        "VMSS.add_to_schedule", "VMSS.remove_from_schedule", "VMSS.set_last_run_time", "VMSS.set_type")
def _(w):
    schedule = w.schedule(frequency="daily", schedule={"hour": "3"})
    w.api.call("VMSS.set_retained_snapshots", schedule, 2)
    w.api.call("VMSS.set_schedule", schedule, {"hour": "4"})
    w.api.call("VMSS.add_to_schedule", schedule, "min", "30")
    assert_equal(w.api.call("VMSS.get_schedule", schedule), {"hour": "4", "min": "30"})
    w.api.call("VMSS.remove_from_schedule", schedule, "min")
    w.api.call("VMSS.set_frequency", schedule, "hourly")
    w.api.call("VMSS.set_last_run_time", schedule, "20260102T03:04:05Z")
    w.api.call("VMSS.set_type", schedule, "checkpoint")
    record = w.api.call("VMSS.get_record", schedule)
    assert_equal([record[name] for name in ("retained_snapshots", "schedule", "frequency", "last_run_time", "type")],
                 [2, {"min": "0"}, "hourly", "20260102T03:04:05Z", "checkpoint"])
    w.api.refuses("INVALID_VALUE", "VMSS.set_schedule", schedule, {"min": "x"})
    w.api.call("VMSS.destroy", schedule)
    w.api.refuses("HANDLE_INVALID", "VMSS.get_record", schedule)


@recipe("VMSS.snapshot_now", "VM.set_snapshot_schedule")
def _(w):
    vm, schedule = w.vm(), w.schedule()
    w.api.call("VM.set_snapshot_schedule", vm, schedule)
    w.api.call("VMSS.snapshot_now", schedule)
    assert_equal(len(w.api.call("VM.get_snapshots", vm)), 1)


# ---- life ----

def power_state(w, vm):
    return w.api.call("VM.get_power_state", vm)


@recipe("VM.start", "VM.hard_shutdown", "VM.start_on", "VM.pause", "VM.unpause", "VM.hard_reboot")
def _(w):
    vm = w.vm()
    w.api.call("VM.start", vm, True, False)
    assert_equal(power_state(w, vm), "Paused")
    w.api.call("VM.unpause", vm)
    assert_equal(power_state(w, vm), "Running")
    w.api.call("VM.pause", vm)
    assert_equal(power_state(w, vm), "Paused")
    w.api.call("VM.hard_reboot", vm)
    assert_equal(power_state(w, vm), "Running")
    w.api.refuses("VM_BAD_POWER_STATE", "VM.start", vm, False, False)
    w.api.call("VM.hard_shutdown", vm)
    assert_equal(power_state(w, vm), "Halted")
    w.api.call("VM.start_on", vm, w.host, False, False)
    assert_equal((power_state(w, vm), w.api.call("VM.get_resident_on", vm)), ("Running", w.host))


@recipe("VM.set_memory_target_live", "VM.wait_memory_target_live", "VM.set_VCPUs_number_live")
def _(w):
    vm = w.vm()
    w.api.call("VM.set_VCPUs_max", vm, 2)
    w.api.refuses("VM_BAD_POWER_STATE", "VM.wait_memory_target_live", vm)
    w.started(vm)
    w.api.call("VM.set_memory_target_live", vm, 64 * MIB)
    w.api.call("VM.wait_memory_target_live", vm)
    w.api.call("VM.set_VCPUs_number_live", vm, 2)
    assert_equal(int(w.api.call("VM_metrics.get_VCPUs_number", w.api.call("VM.get_metrics", vm))), 2)


@recipe("VM.suspend", "VM.resume", "VM.resume_on")
def _(w):
    vm = w.started()
    w.api.call("VM.set_suspend_SR", vm, w.sr)
    for resume in (("VM.resume", vm, False, False), ("VM.resume_on", vm, w.host, False, False)):
        w.api.call("VM.suspend", vm)
        assert_equal(power_state(w, vm), "Suspended")
        w.api.refuses("VM_BAD_POWER_STATE", "VM.unpause", vm)
        w.api.call(*resume)
        assert_equal(power_state(w, vm), "Running")


@recipe("VM.checkpoint")
def _(w):
    vm = w.started()
    w.api.call("VM.set_suspend_SR", vm, w.sr)
    checkpoint = w.api.call("VM.checkpoint", vm, "then")
    assert_equal((power_state(w, vm), power_state(w, checkpoint)), ("Running", "Suspended"))
    w.api.call("VM.revert", checkpoint)
    w.api.call("VM.resume", vm, False, False)
    assert_equal(power_state(w, vm), "Running")


@recipe("VM.clean_shutdown", "VM.shutdown", "VM.clean_reboot")
def _(w):
    vm = w.started()
    w.api.call("VM.clean_reboot", vm)
    assert_equal(power_state(w, vm), "Running")
    assert_in(f"VM {w.api.call('VM.get_uuid', vm)}: running reboot", w.manager.agent_log("vmd"))
    w.api.call("VM.clean_shutdown", vm)
    assert_equal(power_state(w, vm), "Halted")
    w.started(vm)
    w.api.call("VM.shutdown", vm)
    assert_equal(power_state(w, vm), "Halted")


@recipe("VM.power_state_reset")
def _(w):
    w.api.refuses("CANNOT_RESET_CONTROL_DOMAIN", "VM.power_state_reset", w.dom0)
    vm = w.started()
    w.api.call("VM.power_state_reset", vm)
    assert_equal(power_state(w, vm), "Halted")


# ---- appliances ----

@recipe("VM.set_appliance", "VM_appliance.destroy")
def _(w):
    appliance, (vm,) = w.appliance()
    assert_equal(w.api.call("VM_appliance.get_VMs", appliance), [vm])
    w.api.call("VM_appliance.destroy", appliance)
    w.api.refuses("HANDLE_INVALID", "VM_appliance.get_record", appliance)


@recipe("VM_appliance.start", "VM_appliance.hard_shutdown", "VM_appliance.clean_shutdown", "VM_appliance.shutdown")
def _(w):
    appliance, vms = w.appliance(2)

    def states():
        return [power_state(w, vm) for vm in vms]

    for message in ("hard_shutdown", "clean_shutdown", "shutdown"):
        w.api.call("VM_appliance.start", appliance, False)
        assert_equal(states(), ["Running"] * 2)
        w.api.call(f"VM_appliance.{message}", appliance)
        assert_equal(states(), ["Halted"] * 2)


@recipe("VM_appliance.assert_can_be_recovered", "VM_appliance.get_SRs_required_for_recovery")
def _(w):
    appliance, (vm,) = w.appliance()
    w.vbd(vm)
    w.api.call("VM_appliance.assert_can_be_recovered", appliance, w.api.session)
    w.api.call("PBD.unplug", w.pbd())
    w.api.refuses("VM_REQUIRES_SR", "VM_appliance.assert_can_be_recovered", appliance, w.api.session)
    w.api.call("PBD.plug", w.pbd())
    assert_equal(w.api.call("VM_appliance.get_SRs_required_for_recovery", appliance, w.api.session), [w.sr])
