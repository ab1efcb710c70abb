# SPDX-License-Identifier: GPL-2.0-or-later
"""Groups of devices, crash dumps."""
from walk import assert_equal, recipe


@recipe("GPU_group.create", "GPU_group.destroy", "USB_group.create", "USB_group.destroy")
def _(w):
    for cls in ("GPU_group", "USB_group"):
        group = w.api.call(f"{cls}.create", "name", "said", {"a": "b"})
        record = w.api.call(f"{cls}.get_record", group)
        assert_equal((record["name_label"], record["name_description"], record["other_config"]),
                     ("name", "said", {"a": "b"}))
        w.api.call(f"{cls}.destroy", group)
        w.api.refuses("HANDLE_INVALID", f"{cls}.get_record", group)


@recipe("crashdump.destroy")
def _(w):
    w.api.refuses("HANDLE_INVALID", "crashdump.destroy", "OpaqueRef:gone")
    w.api.declares("HANDLE_INVALID", "no dump is written on this machine", "crashdump.destroy", "OpaqueRef:gone")


@recipe("VBD.plug", "VBD.unplug", "VBD.unplug_force", "VBD.unplug_force_no_safety_check")
def _(w):
    vbd = w.vbd(w.started())
    for unplug in ("unplug", "unplug_force", "unplug_force_no_safety_check"):
        w.api.call("VBD.plug", vbd)
        assert_equal(w.api.call("VBD.get_currently_attached", vbd), True)
        w.api.call(f"VBD.{unplug}", vbd)
        assert_equal(w.api.call("VBD.get_currently_attached", vbd), False)


@recipe("VIF.plug", "VIF.unplug", "VIF.unplug_force")
def _(w):
    vif = w.vif(w.started())
    for unplug in ("unplug", "unplug_force"):
        w.api.call("VIF.plug", vif)
        assert_equal(w.api.call("VIF.get_currently_attached", vif), True)
        w.api.call(f"VIF.{unplug}", vif)
        assert_equal(w.api.call("VIF.get_currently_attached", vif), False)
