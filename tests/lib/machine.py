# SPDX-License-Identifier: GPL-2.0-or-later
"""A root for lk-hostd that is this machine's but for its network cards and kernel messages."""
import os

CARDS = {"eth0": "52:54:00:aa:00:00", "eth1": "52:54:00:aa:00:01", "enp3s0": "52:54:00:aa:00:02"}
KERNEL_LOG = "6,1,0,-;Linux version\n SUBSYSTEM=none\n4,2,1500000,-;a card came\n"
# For Manager's 'agent_args'.
AGENT_ARGS = {"hostd": ["--root", "{directory}/machine"]}


def plug_in(directory, device, mac, **more):
    """A card, or other facts of one that is there."""
    files = {"address": mac, "type": "1", "mtu": "1500", "carrier": "1", "speed": "1000", "duplex": "full",
             "device/vendor": "0x8086", "device/device": "0x100e", **more}
    for name, text in files.items():
        path = os.path.join(directory, "machine/sys/class/net", device, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="ascii") as out:
            out.write(text + "\n")


def prepare(directory):
    """The machine, with CARDS plugged in."""
    root = os.path.join(directory, "machine")
    os.makedirs(root)
    for name in ("proc", "etc", "usr"):
        os.symlink("/" + name, os.path.join(root, name))
    os.mkdir(os.path.join(root, "dev"))
    with open(os.path.join(root, "dev", "kmsg"), "w", encoding="ascii") as messages:
        messages.write(KERNEL_LOG)
    for device, mac in CARDS.items():
        plug_in(directory, device, mac)
