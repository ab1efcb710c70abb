# SPDX-License-Identifier: GPL-2.0-or-later
"""SR, PBD, VDI and VBD."""
from walk import assert_equal, assert_in, recipe
from world import MIB, NULL_REF


# ---- SR ----

@recipe("SR.create", "SR.destroy")
def _(w):
    sr = w.make_sr()
    record = w.api.call("SR.get_record", sr)
    assert_equal((record["type"], record["content_type"]), ("file", "user"))
    assert_equal(w.api.call("PBD.get_currently_attached", w.pbd(sr)), True)
    w.api.refuses("SR_UNKNOWN_DRIVER", "SR.create", w.host, {}, 0, "x", "", "walk", "user", False, {})
    w.api.call("PBD.unplug", w.pbd(sr))
    w.api.call("SR.destroy", sr)
    w.api.refuses("HANDLE_INVALID", "SR.get_record", sr)


@recipe("SR.forget", "SR.introduce")
def _(w):
    sr = w.make_sr()
    uuid, config = w.api.call("SR.get_uuid", sr), w.api.call("PBD.get_device_config", w.pbd(sr))
    w.api.call("PBD.unplug", w.pbd(sr))
    w.api.call("SR.forget", sr)
    w.api.refuses("UUID_INVALID", "SR.get_by_uuid", uuid)
    sr = w.api.call("SR.introduce", uuid, "back", "", "file", "user", False, {})
    assert_equal(w.api.call("SR.get_uuid", sr), uuid)
    pbd = w.api.call("PBD.create", {"host": w.host, "SR": sr, "device_config": config})
    w.api.call("PBD.plug", pbd)
    w.api.refuses("SR_UUID_EXISTS", "SR.introduce", uuid, "again", "", "file", "user", False, {})


@recipe("SR.scan", "SR.update")
def _(w):
    vdi = w.vdi()
    uuid = w.api.call("VDI.get_uuid", vdi)
    w.api.call("VDI.forget", vdi)
    for message in ("SR.scan", "SR.update"):
        w.api.call(message, w.sr)
        found = w.api.call("VDI.get_by_uuid", uuid)
        assert_equal(w.api.call("VDI.get_SR", found), w.sr)
        w.api.call("VDI.forget", found)


@recipe("SR.get_supported_types")
def _(w):
    assert_equal(sorted(w.api.call("SR.get_supported_types")),
                 sorted(record["type"] for record in w.api.call("SM.get_all_records").values()))


@recipe("SR.set_name_label", "SR.set_name_description", "SR.set_shared")
def _(w):
    sr = w.make_sr()
    w.api.call("SR.set_name_label", sr, "ü label")
    w.api.call("SR.set_name_description", sr, "said")
    w.api.call("SR.set_shared", sr, True)
    record = w.api.call("SR.get_record", sr)
    assert_equal((record["name_label"], record["name_description"], record["shared"]), ("ü label", "said", True))


@recipe("SR.make")
def _(w):
    w.api.declares("MESSAGE_DEPRECATED", "the API answers so since SR.create replaced it",
                   "SR.make", w.host, {}, 0, "x", "", "file", "user", {})


# ---- PBD ----

@recipe("PBD.create", "PBD.plug", "PBD.unplug", "PBD.destroy")
def _(w):
    sr = w.make_sr()
    pbd = w.pbd(sr)
    given = {"host": w.host, "SR": sr, "device_config": w.api.call("PBD.get_device_config", pbd)}
    w.api.refuses("PBD_EXISTS", "PBD.create", given)
    w.api.refuses("OPERATION_NOT_ALLOWED", "PBD.destroy", pbd)
    w.api.call("PBD.unplug", pbd)
    assert_equal(w.api.call("PBD.get_currently_attached", pbd), False)
    w.api.call("PBD.destroy", pbd)
    assert_equal(w.api.call("SR.get_PBDs", sr), [])
    pbd = w.api.call("PBD.create", given)
    w.api.call("PBD.plug", pbd)
    assert_equal(w.api.call("PBD.get_currently_attached", pbd), True)


# ---- VDI ----

@recipe("VDI.create", "VDI.destroy")
def _(w):
    vdi = w.vdi(8 * MIB, other_config={"a": "b"})
    record = w.api.call("VDI.get_record", vdi)
    assert_equal((record["virtual_size"], record["SR"], record["other_config"]), (8 * MIB, w.sr, {"a": "b"}))
    assert_in(vdi, w.api.call("SR.get_VDIs", w.sr))
    w.api.call("VDI.destroy", vdi)
    w.api.refuses("HANDLE_INVALID", "VDI.get_record", vdi)


@recipe("VDI.clone", "VDI.snapshot", "VDI.copy")
def _(w):
    vdi = w.vdi()
    copy = w.api.call("VDI.copy", vdi, w.sr)
    clone, snapshot = w.api.call("VDI.clone", vdi), w.api.call("VDI.snapshot", vdi)
    assert_equal(w.api.call("VDI.get_snapshot_of", snapshot), vdi)
    assert_equal(w.api.call("VDI.get_is_a_snapshot", snapshot), True)
    for other in (clone, copy):
        assert_equal(w.api.call("VDI.get_virtual_size", other), 4 * MIB)
        assert_equal(w.api.call("VDI.get_is_a_snapshot", other), False)


@recipe("VDI.pool_migrate")
def _(w):
    vm, vdi, other = w.vm(), w.vdi(other_config={"a": "b"}), w.make_sr()
    vbd, label = w.vbd(vm, vdi), w.api.call("VDI.get_name_label", vdi)
    w.api.refuses("VDI_NEEDS_VM_FOR_MIGRATE", "VDI.pool_migrate", w.vdi(), other, {})
    w.started(vm)
    w.api.refuses("VM_BAD_POWER_STATE", "VDI.pool_migrate", vdi, other, {})
    w.api.call("VM.hard_shutdown", vm)
    moved = w.api.call("VDI.pool_migrate", vdi, other, {})
    record = w.api.call("VDI.get_record", moved)
    assert_equal((record["SR"], record["VBDs"], record["name_label"], record["other_config"]),
                 (other, [vbd], label, {"a": "b"}))
    w.api.refuses("HANDLE_INVALID", "VDI.get_record", vdi)
    w.started(vm)
    assert_equal(w.api.call("VBD.get_currently_attached", vbd), True)
    w.api.call("VM.hard_shutdown", vm)


@recipe("VDI.resize", "VDI.resize_online")
def _(w):
    vdi = w.vdi()
    w.api.call("VDI.resize", vdi, 16 * MIB)
    assert_equal(w.api.call("VDI.get_virtual_size", vdi), 16 * MIB)
    w.api.call("VDI.resize_online", vdi, 24 * MIB)
    assert_equal(w.api.call("VDI.get_virtual_size", vdi), 24 * MIB)


@recipe("VDI.forget")
def _(w):
    vdi = w.vdi()
    w.api.call("VDI.forget", vdi)
    w.api.refuses("HANDLE_INVALID", "VDI.get_record", vdi)


@recipe("VDI.set_name_label", "VDI.set_name_description", "VDI.set_sharable", "VDI.set_read_only")
def _(w):
    vdi = w.vdi()
    w.api.call("VDI.set_name_label", vdi, "ü label")
    w.api.call("VDI.set_name_description", vdi, "said")
    w.api.call("VDI.set_sharable", vdi, True)
    w.api.call("VDI.set_read_only", vdi, True)
    record = w.api.call("VDI.get_record", vdi)
    assert_equal([record[name] for name in ("name_label", "name_description", "sharable", "read_only")],
                 ["ü label", "said", True, True])


@recipe("VDI.force_unlock")
def _(w):
    w.api.declares("MESSAGE_DEPRECATED", "the API answers so: locks are the storage's own",
                   "VDI.force_unlock", w.vdi())


# ---- VBD ----

@recipe("VBD.create", "VBD.destroy", "VBD.assert_attachable")
def _(w):
    vm, vdi = w.vm(), w.vdi()
    vbd = w.vbd(vm, vdi)
    assert_equal(w.api.call("VM.get_VBDs", vm), [vbd])
    assert_equal(w.api.call("VDI.get_VBDs", vdi), [vbd])
    w.api.call("VBD.assert_attachable", vbd)
    w.started(vm)
    w.api.refuses("VDI_IN_USE", "VBD.assert_attachable", w.vbd(vdi=vdi))
    w.api.call("VM.hard_shutdown", vm)
    w.api.call("VBD.destroy", vbd)
    assert_equal(w.api.call("VM.get_VBDs", vm), [])


@recipe("VBD.insert", "VBD.eject")
def _(w):
    cd = w.cd()
    w.api.refuses("VBD_IS_EMPTY", "VBD.eject", cd)
    w.api.call("VBD.insert", cd, w.iso)
    record = w.api.call("VBD.get_record", cd)
    assert_equal((record["VDI"], record["empty"]), (w.iso, False))
    w.api.refuses("VBD_NOT_EMPTY", "VBD.insert", cd, w.iso)
    w.api.call("VBD.eject", cd)
    record = w.api.call("VBD.get_record", cd)
    assert_equal((record["VDI"], record["empty"]), (NULL_REF, True))


@recipe("VBD.set_mode")
def _(w):
    vbd = w.vbd()
    w.api.call("VBD.set_mode", vbd, "RO")
    assert_equal(w.api.call("VBD.get_mode", vbd), "RO")


@recipe("VM.get_allowed_VBD_devices")
def _(w):
    vm = w.vm()
    assert_in("0", w.api.call("VM.get_allowed_VBD_devices", vm))
    w.vbd(vm, userdevice="0")
    assert_equal("0" in w.api.call("VM.get_allowed_VBD_devices", vm), False)


@recipe("VDI.revert")
def _(w):
    vdi = w.vdi()
    snapshot = w.api.call("VDI.snapshot", vdi)
    w.api.call("VDI.resize", vdi, 16 * MIB)
    w.api.call("VDI.revert", snapshot)
    assert_equal(w.api.call("VDI.get_virtual_size", vdi), 4 * MIB)


# ---- what drivers write, and what is only a record ----

@recipe("VDI.set_managed", "VDI.set_missing", "VDI.set_is_a_snapshot", "VDI.set_snapshot_of", "VDI.set_snapshot_time",
        "VDI.set_virtual_size", "VDI.set_physical_utilisation", "VDI.set_metadata_of_pool", "VDI.set_cbt_enabled",
        "VDI.set_allow_caching")
def _(w):
    vdi = w.vdi()
    for field, value in (("managed", False), ("missing", True), ("is_a_snapshot", True), ("snapshot_of", w.vdi()),
                         ("snapshot_time", "20260102T03:04:05Z"), ("virtual_size", 8 * MIB),
                         ("physical_utilisation", 4096), ("metadata_of_pool", w.pool), ("cbt_enabled", True),
                         ("allow_caching", True)):
        w.api.call(f"VDI.set_{field}", vdi, value)
        assert_equal(w.api.call(f"VDI.get_{field}", vdi), value, field)


@recipe("VDI.db_introduce", "VDI.pool_introduce", "VDI.db_forget")
def _(w):
    for message in ("VDI.db_introduce", "VDI.pool_introduce"):
        uuid = w.uuid()
        vdi = w.api.call(message, uuid, "told", "", w.sr, "user", False, True, {"a": "b"}, uuid, {}, {}, True, 4096)
        record = w.api.call("VDI.get_record", vdi)
        assert_equal((record["uuid"], record["SR"], record["read_only"], record["location"], record["virtual_size"]),
                     (uuid, w.sr, True, uuid, 4096))
        w.api.refuses("LOCATION_NOT_UNIQUE", "VDI.pool_introduce", w.uuid(), "", "", w.sr, "user", False, True, {}, uuid)
        w.api.call("VDI.db_forget", vdi)
        w.api.refuses("HANDLE_INVALID", "VDI.get_record", vdi)


@recipe("VDI.get_nbd_info")
def _(w):
    assert_equal(w.api.call("VDI.get_nbd_info", w.vdi()), [])


@recipe("VDI.read_database_pool_uuid")
def _(w):
    assert_equal(w.api.call("VDI.read_database_pool_uuid", w.vdi()), "")
    w.api.refuses("HANDLE_INVALID", "VDI.read_database_pool_uuid", "OpaqueRef:gone")


@recipe("VDI.update")
def _(w):
    vdi = w.vdi()
    w.api.call("VDI.update", vdi)
    w.api.call("VDI.forget", vdi)
    w.api.refuses("HANDLE_INVALID", "VDI.update", vdi)


def declare(name, code, why, arguments):
    @recipe(name)
    def _(w):
        w.api.declares(code, why, name, *arguments(w))


UNSUPPORTED = "no storage type here can"
declare("VDI.introduce", "SR_OPERATION_NOT_SUPPORTED", UNSUPPORTED,
        lambda w: (w.uuid(), "", "", w.sr, "user", False, False, {}, "x"))
declare("VDI.set_on_boot", "SR_OPERATION_NOT_SUPPORTED", UNSUPPORTED, lambda w: (w.vdi(), "reset"))
declare("VDI.generate_config", "SR_OPERATION_NOT_SUPPORTED", UNSUPPORTED, lambda w: (w.host, w.vdi()))
declare("VDI.enable_cbt", "SR_OPERATION_NOT_SUPPORTED", UNSUPPORTED, lambda w: (w.vdi(),))
declare("VDI.disable_cbt", "SR_OPERATION_NOT_SUPPORTED", UNSUPPORTED, lambda w: (w.vdi(),))
declare("VDI.data_destroy", "SR_OPERATION_NOT_SUPPORTED", UNSUPPORTED, lambda w: (w.vdi(),))
declare("VDI.list_changed_blocks", "SR_OPERATION_NOT_SUPPORTED", UNSUPPORTED, lambda w: (w.vdi(), w.vdi()))
declare("VDI.open_database", "VDI_INCOMPATIBLE_TYPE", "no pool writes its database to a disk here",
        lambda w: (w.vdi(),))
for one in ("SR.assert_can_host_ha_statefile", "SR.assert_supports_database_replication",
            "SR.enable_database_replication"):
    declare(one, "SR_OPERATION_NOT_SUPPORTED", UNSUPPORTED, lambda w: (w.sr,))


@recipe("SR.disable_database_replication")
def _(w):
    w.api.call("SR.disable_database_replication", w.sr)
    w.api.refuses("HANDLE_INVALID", "SR.disable_database_replication", "OpaqueRef:gone")


@recipe("SR.set_physical_size", "SR.set_physical_utilisation", "SR.set_virtual_allocation")
def _(w):
    sr = w.make_sr()
    for number, field in enumerate(("physical_size", "physical_utilisation", "virtual_allocation"), 1):
        w.api.call(f"SR.set_{field}", sr, number)
        assert_equal(w.api.call(f"SR.get_{field}", sr), number)
        w.api.refuses("INVALID_VALUE", f"SR.set_{field}", sr, -2)


@recipe("SR.get_live_hosts")
def _(w):
    sr = w.make_sr()
    assert_equal(w.api.call("SR.get_live_hosts", sr), [w.host])
    w.api.call("PBD.unplug", w.pbd(sr))
    assert_equal(w.api.call("SR.get_live_hosts", sr), [])


@recipe("SR.probe", "SR.probe_ext")
def _(w):
    uuid = w.api.call("SR.get_uuid", w.sr)
    config = w.api.call("PBD.get_device_config", w.pbd())
    assert_in(f"<UUID>{uuid}</UUID>", w.api.call("SR.probe", w.host, config, "file"))
    assert_in(uuid, [found["sr"]["uuid"] for found in w.api.call("SR.probe_ext", w.host, config, "file")])
    w.api.refuses("SR_UNKNOWN_DRIVER", "SR.probe", w.host, {}, "tape")


@recipe("PBD.set_device_config")
def _(w):
    pbd = w.pbd(w.make_sr())
    w.api.refuses("OPERATION_NOT_ALLOWED", "PBD.set_device_config", pbd, {"a": "b"})
    w.api.call("PBD.unplug", pbd)
    w.api.call("PBD.set_device_config", pbd, {"a": "b"})
    assert_equal(w.api.call("PBD.get_device_config", pbd), {"a": "b"})
