# SPDX-License-Identifier: GPL-2.0-or-later
"""A root for lk-hostd that is this machine's but for its network cards, kernel messages and what it may change."""
import contextlib
import os
import sys

CARDS = {"eth0": "52:54:00:aa:00:00", "eth1": "52:54:00:aa:00:01", "enp3s0": "52:54:00:aa:00:02"}
FIRMWARE = {"bios_vendor": "Walk", "bios_version": "1", "sys_vendor": "Walk & Sons"}
KERNEL_LOG = "6,1,0,-;Linux version\n SUBSYSTEM=none\n4,2,1500000,-;a card came\n"
# For Manager's 'agent_args'.
AGENT_ARGS = {"hostd": ["--root", "{directory}/machine", "--systemctl", "{directory}/systemctl", "--plugin-dir", "{directory}/plugins",
                        "--extension-dir", "{directory}/extensions"]}

# Notes what it is called with, and fails while it is told to.
SYSTEMCTL = """#!/bin/sh
echo "$*" >>"$0-calls"
! test -e "$0-fails"
"""

# Answers as a program of this API does; the first line of each is the test's interpreter.
PLUGIN = """
import sys, xmlrpc.client
def answer(**members):
    print(xmlrpc.client.dumps((members,), "", True))
params, name = xmlrpc.client.loads(sys.argv[1] if len(sys.argv) > 1 else sys.stdin.read())
"""
ECHO = PLUGIN + """
session = params[0]
args = params[1] if len(params) > 1 else {}
if name == "fail":
    answer(Status="Failure", ErrorDescription=["MY_CODE", args.get("why", ""), session])
elif name == "crash":
    print("last words")
    sys.exit("it broke")
elif name == "babble":
    print("no answer")
else:
    answer(Status="Success", Value=name + " " + ",".join(f"{k}={v}" for k, v in sorted(args.items())) + " " + session)
"""


def plug_in(directory, device, mac, **more):
    """A card, or other facts of one that is there."""
    files = {"address": mac, "type": "1", "mtu": "1500", "carrier": "1", "speed": "1000", "duplex": "full",
             "device/vendor": "0x8086", "device/device": "0x100e", **more}
    for name, text in files.items():
        path = os.path.join(directory, "machine/sys/class/net", device, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="ascii") as out:
            out.write(text + "\n")


def write_program(directory, kind, name, text=ECHO, mode=0o755):
    """A plugin or an extension ('kind', plural)."""
    path = os.path.join(directory, kind, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as program:
        program.write(f"#!{sys.executable}\n{text}")
    os.chmod(path, mode)


def prepare_changeable(directory, root):
    """/etc and the kernel's settings, and what stands for systemctl."""
    for folder in ("etc/systemd", "etc/rsyslog.d", "etc/profile.d", "proc/sys/kernel"):
        os.makedirs(os.path.join(root, folder))
    for name in ("proc/cpuinfo", "proc/meminfo", "proc/stat", "proc/loadavg", "proc/sys/kernel/osrelease",
                 "etc/os-release"):
        os.symlink("/" + name, os.path.join(root, name))
    for name, text in {"etc/timezone": "Etc/UTC", "etc/hostname": "walk", "proc/sys/kernel/hostname": "walk"}.items():
        with open(os.path.join(root, name), "w", encoding="ascii") as out:
            out.write(text + "\n")
    program = os.path.join(directory, "systemctl")
    with open(program, "w", encoding="ascii") as out:
        out.write(SYSTEMCTL)
    os.chmod(program, 0o755)


def read(directory, name):
    """A file of the machine; "" when there is none."""
    path = os.path.join(directory, "machine", name)
    if not os.path.exists(path):
        return ""
    with open(path, encoding="utf-8") as text:
        return text.read()


def systemctl_calls(directory):
    """What systemctl was last called with, and empties that."""
    path = os.path.join(directory, "systemctl-calls")
    if not os.path.exists(path):
        return []
    with open(path, encoding="utf-8") as text:
        calls = text.read().splitlines()
    os.unlink(path)
    return calls


@contextlib.contextmanager
def failing_systemctl(directory):
    path = os.path.join(directory, "systemctl-fails")
    with open(path, "w", encoding="ascii"):
        pass
    try:
        yield
    finally:
        os.unlink(path)


def prepare(directory):
    """The machine, with CARDS plugged in, and the programs "plugins/echo" and "extensions/Walk.echo"."""
    write_program(directory, "plugins", "echo")
    write_program(directory, "extensions", "Walk.echo")
    root = os.path.join(directory, "machine")
    os.makedirs(root)
    os.symlink("/usr", os.path.join(root, "usr"))
    prepare_changeable(directory, root)
    os.mkdir(os.path.join(root, "dev"))
    with open(os.path.join(root, "dev", "kmsg"), "w", encoding="ascii") as messages:
        messages.write(KERNEL_LOG)
    dmi = os.path.join(root, "sys/class/dmi/id")
    os.makedirs(dmi)
    for name, text in FIRMWARE.items():
        with open(os.path.join(dmi, name), "w", encoding="ascii") as out:
            out.write(text + "\n")
    for device, mac in CARDS.items():
        plug_in(directory, device, mac)
