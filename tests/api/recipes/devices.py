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
